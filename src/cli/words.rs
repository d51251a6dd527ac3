//! How our commands are written so that they can be typed where we were started.

use std::ffi::OsString;
use std::path::Path;

use super::args::Options;
use crate::app;
use crate::platform::config::Settings;

/// Writes commands as they can be typed: in the way this process was started, with the flags it was given.
#[derive(Clone, Debug)]
pub struct CommandWriter {
    start: String,
    place: String,
    listen: String,
    public_url: String,
}

/// What started this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Launcher {
    Cargo,
    Shell,
}

impl CommandWriter {
    /// Looks at how this process was started.
    pub fn from_machine(options: &Options) -> Self {
        let program = std::env::current_exe().unwrap_or_default();
        let launcher = if std::env::var_os("CARGO").is_some() { Launcher::Cargo } else { Launcher::Shell };
        Self::new(launcher, &program, std::env::args_os().next(), options)
    }

    fn new(launcher: Launcher, program: &Path, typed: Option<OsString>, options: &Options) -> Self {
        let folder = |up: usize| program.ancestors().nth(up).and_then(Path::file_name).and_then(|name| name.to_str());
        let built_here = folder(2) == Some("target");
        let typed = typed.map(|typed| typed.to_string_lossy().into_owned()).filter(|typed| typed.contains('/'));
        let start = match (launcher == Launcher::Cargo || built_here, folder(1), typed) {
            (true, Some("debug"), _) => "cargo run --".to_owned(),
            (true, ..) => "cargo run --release --".to_owned(),
            (false, _, Some(typed)) => quoted(&typed),
            (false, _, None) => BARE.to_owned(),
        };
        let flag = |flag: &str, value: Option<&String>| value.map(|value| format!(" {flag} {}", quoted(value))).unwrap_or_default();
        let config = options.config.as_ref().map(|config| config.display().to_string());
        let database = options.database_url.as_ref().filter(|address| !holds_password(address));
        Self {
            start,
            place: flag("--config", config.as_ref()) + &flag("--data", options.data.as_ref()) + &flag("--database-url", database),
            listen: flag("--listen", options.listen.as_ref()),
            public_url: flag("--public-url", options.public_url.as_ref()),
        }
    }

    /// A command beside the server, such as `cargo run --release -- setup-link --data there`. It needs no port: the
    /// server has written down where it is.
    pub fn command(&self, command: &str) -> String {
        format!("{} {command}{}{}", self.start, self.place, self.public_url)
    }

    /// Starting the server as it was, or would have been, started here.
    pub fn serve(&self) -> String {
        format!("{} serve{}{}{}", self.start, self.place, self.public_url, self.listen)
    }

    /// The commands that pages name. A folder is named only where nobody but this machine can read the page.
    pub fn for_pages(&self, settings: &Settings) -> app::CommandTexts {
        let private = settings.server.listen.is_loopback() && settings.server.public_url.is_none();
        app::CommandTexts {
            setup_link: if private { self.command("setup-link") } else { self.command_without_paths("setup-link") },
            reset: if private { self.command(RESET) } else { self.command_without_paths(RESET) },
            serve_public: self.command_without_paths("serve --public-url https://auth.example.org"),
        }
    }

    /// The command for pages that anybody may read: without folders of this machine.
    pub fn command_without_paths(&self, command: &str) -> String {
        let start = if self.start.starts_with("cargo ") { &self.start } else { BARE };
        format!("{start} {command}")
    }
}

/// Letting someone back in, with what its typist fills in.
pub(super) const RESET: &str = "admin reset NAME --reason \"...\"";

/// Our name where it is installed.
const BARE: &str = "vouchsafe";

/// Whether the address of a database may hold a password, which must not be printed.
fn holds_password(address: &str) -> bool {
    !address.starts_with("sqlite:")
        && url::Url::parse(address).map_or(true, |url| url.password().is_some() || url.query().is_some_and(|query| query.contains("pass")))
}

/// As a shell takes it: in single quotes where there is anything a shell would read.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_./:@%+=,".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(launcher: Launcher, program: &str, typed: &str, options: &Options) -> String {
        CommandWriter::new(launcher, Path::new(program), Some(typed.into()), options).command("setup-link")
    }

    #[test]
    fn commands_are_written_as_the_server_was_started() {
        let none = Options::default();
        for (launcher, program, typed, written) in [
            (Launcher::Cargo, "/src/target/release/vouchsafe", "target/release/vouchsafe", "cargo run --release -- setup-link"),
            (Launcher::Cargo, "/elsewhere/debug/vouchsafe", "vouchsafe", "cargo run -- setup-link"),
            (Launcher::Cargo, "/elsewhere/vouchsafe", "vouchsafe", "cargo run --release -- setup-link"),
            (Launcher::Shell, "/src/target/release/vouchsafe", "./target/release/vouchsafe", "cargo run --release -- setup-link"),
            (Launcher::Shell, "/src/target/debug/vouchsafe", "./target/debug/vouchsafe", "cargo run -- setup-link"),
            (Launcher::Shell, "/usr/bin/vouchsafe", "vouchsafe", "vouchsafe setup-link"),
            (Launcher::Shell, "/opt/my apps/vouchsafe", "/opt/my apps/vouchsafe", "'/opt/my apps/vouchsafe' setup-link"),
        ] {
            assert_eq!(words(launcher, program, typed, &none), written);
        }
    }

    #[test]
    fn the_flags_that_find_the_data_are_repeated_and_secrets_are_not() {
        // LG-06
        let options = Options {
            data: Some("it's here".into()),
            config: Some("/etc/v.toml".into()),
            listen: Some("localhost:1".into()),
            public_url: Some("https://auth.example.org".into()),
            database_url: Some("postgres://ana:hunter2@db/v".into()),
        };
        let words = CommandWriter::new(Launcher::Shell, Path::new("/usr/bin/vouchsafe"), Some("/opt/v/vouchsafe".into()), &options);
        let flags = r"--config /etc/v.toml --data 'it'\''s here' --public-url https://auth.example.org";
        assert_eq!(words.command("setup-link"), format!("/opt/v/vouchsafe setup-link {flags}"));
        assert_eq!(words.serve(), format!("/opt/v/vouchsafe serve {flags} --listen localhost:1"));
        assert_eq!(words.command_without_paths("setup-link"), "vouchsafe setup-link");
        assert_eq!(words.command(RESET), format!("/opt/v/vouchsafe admin reset NAME --reason \"...\" {flags}"));
    }

    #[test]
    fn the_address_of_a_database_is_repeated_unless_it_may_hold_a_password() {
        // LG-06
        for (address, repeated) in [
            ("sqlite:///srv/v.sqlite", true),
            ("postgres://ana@db/v", true),
            ("postgres://ana:hunter2@db/v", false),
            ("postgres://db/v?password=hunter2", false),
            ("postgres://db/v?sslpassword=hunter2", false),
            ("nonsense hunter2", false),
        ] {
            let options = Options { database_url: Some(address.into()), ..Options::default() };
            assert_eq!(words(Launcher::Shell, "/usr/bin/vouchsafe", "vouchsafe", &options).contains(address), repeated, "{address}");
        }
    }
}
