//! Settings: one table (each section's file holds its part), four layers, all mistakes listed together.
//!
//! Defaults < `vouchsafe.toml` < environment < flags. What nobody can mean - an unknown key, a value out of its
//! bounds, two settings that contradict each other - stops the start, with file and line, what was found and what is allowed.

mod brand;
mod data;
mod database;
mod demo;
mod duration;
mod ephemeral;
mod file;
mod given;
mod key_bytes;
mod keys;
mod kind;
mod links;
mod listen;
mod load;
mod log;
mod mail;
mod nearest;
mod network;
mod oidc;
mod password;
mod problem;
mod record;
mod reference;
mod server;
mod session;
mod setting;
mod sign_in;
mod sources;
mod table;
#[cfg(test)]
mod tests;
mod values;

pub use brand::Brand;
pub use data::Data;
pub use database::Database;
pub use demo::Demo;
pub use ephemeral::Ephemeral;
pub use key_bytes::KeyBytes;
pub use keys::Keys;
pub use links::Links;
pub use listen::{Listen, ListenHost};
pub use log::{Format, Level, Log};
pub use mail::Mail;
pub use network::IpNet;
pub use oidc::Oidc;
pub use password::Password;
pub use problem::{SettingPlace, SettingProblem};
pub use record::Record;
pub use reference::{Effective, as_columns, as_file, as_markdown};
pub use server::Server;
pub use session::Session;
pub use setting::FLAGS;
pub use sign_in::SignIn;
pub use sources::Sources;

use crate::kernel::address::Origin;
use kind::Value;
use values::Values;

/// Everything that can be set, checked and in its type.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where we listen and what we are called.
    pub server: Server,
    /// Links at the foot of every page.
    pub brand: Brand,
    /// The folder we write to.
    pub data: Data,
    /// Which database.
    pub database: Database,
    /// Where what lives for minutes is kept.
    pub ephemeral: Ephemeral,
    /// The master key, when it is not kept in the data folder.
    pub keys: Keys,
    /// Rules for passwords.
    pub password: Password,
    /// Limits of signing in.
    pub sign_in: SignIn,
    /// Limits of sessions.
    pub session: Session,
    /// Lifetimes of one-use links.
    pub links: Links,
    /// Lifetimes of codes and tokens.
    pub oidc: Oidc,
    /// How messages go out.
    pub mail: Mail,
    /// Retention of the audit log and the ledger.
    pub record: Record,
    /// The demonstration application.
    pub demo: Demo,
    /// The log.
    pub log: Log,
    origin: Origin,
    address_is_given: bool,
    effective: Vec<Effective>,
    warnings: Vec<SettingProblem>,
}

/// Settles all settings.
///
/// # Errors
/// Everything that is wrong, in the order of the layers and lines.
pub fn load(sources: Sources) -> Result<Settings, Vec<SettingProblem>> {
    let (settings, problems) = settle(sources);
    if problems.is_empty() { Ok(settings) } else { Err(problems) }
}

fn settle(sources: Sources) -> (Settings, Vec<SettingProblem>) {
    let (values, mut problems) = load::settle(sources);
    let settings = Settings::read(&values);
    problems.extend(
        values.mistaken().into_iter().map(|key| SettingProblem::new(SettingPlace::Default, format!("{key} does not fit its field"))),
    );
    problems.sort();
    (settings, problems)
}

impl Settings {
    /// What holds when nobody sets anything.
    pub fn defaults() -> Self {
        settle(Sources::default()).0
    }

    /// The defaults with some settings changed, as flags would.
    ///
    /// # Errors
    /// As [`load`].
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Result<Self, Vec<SettingProblem>> {
        let flags = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        load(Sources { flags, ..Sources::default() })
    }

    /// Our address as browsers see it: `server.public_url`, else `http://localhost` with the port.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The same settings once the port is known, which port 0 leaves to the system.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.server.listen.port = port;
        self.origin = origin_of(&self.server);
        self
    }

    /// Whether our address was set: `server.public_url` anywhere, or a port in a flag. Where `server.listen`
    /// stands in a file or a variable, the server may have been started with flags that beat it.
    pub fn address_is_given(&self) -> bool {
        self.address_is_given
    }

    /// The same settings, for a command beside a server that is reached at `origin`.
    #[must_use]
    pub fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// Whether the demonstration application runs beside the server.
    pub fn demo_runs(&self) -> bool {
        self.demo.enabled.unwrap_or(self.server.public_url.is_none())
    }

    /// Each setting with the value in force and who said so, secrets hidden.
    pub fn effective(&self) -> &[Effective] {
        &self.effective
    }

    /// What is not as it should be and was accepted by a setting, for the log.
    pub fn warnings(&self) -> &[SettingProblem] {
        &self.warnings
    }

    fn read(values: &Values) -> Self {
        let server = Server::read(values);
        let origin = origin_of(&server);
        Self {
            effective: table::settings().map(|setting| effective(setting, values, &origin)).collect(),
            warnings: values.warnings.clone(),
            origin,
            address_is_given: server.public_url.is_some() || (server.listen.port != 0 && by_flag(values, "server.listen")),
            server,
            brand: Brand::read(values),
            data: Data::read(values),
            database: Database::read(values),
            ephemeral: Ephemeral::read(values),
            keys: Keys::read(values),
            password: Password::read(values),
            sign_in: SignIn::read(values),
            session: Session::read(values),
            links: Links::read(values),
            oidc: Oidc::read(values),
            mail: Mail::read(values),
            record: Record::read(values),
            demo: Demo::read(values),
            log: Log::read(values),
        }
    }
}

fn origin_of(server: &Server) -> Origin {
    server.public_url.clone().unwrap_or_else(|| Origin::localhost(server.listen.port))
}

fn by_flag(values: &Values, key: &str) -> bool {
    values.settled(key).is_some_and(|settled| matches!(settled.place, SettingPlace::Flag(_)))
}

fn effective(setting: &setting::Setting, values: &Values, origin: &Origin) -> Effective {
    let settled = values.settled(setting.key);
    let shown = match (settled.and_then(|settled| settled.value.as_ref()).map(Value::show), setting.preset) {
        (Some(shown), _) => shown,
        // With port 0 it is not known before the start.
        (None, _) if setting.key == "server.public_url" && origin.port() != 0 => origin.as_str().to_owned(),
        (None, setting::Preset::Unset(words)) => format!("({words})"),
        (None, _) => String::new(),
    };
    Effective { key: setting.key, shown, source: settled.map_or(SettingPlace::Default, |settled| settled.place.clone()).to_string() }
}
