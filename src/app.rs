//! `App`: the one bundle of handles that flows and handlers are given. Everything in it is cheap to clone.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::domain::passkey::RelyingParty;
use crate::domain::signing::{Published, SigningKeys};
use crate::domain::{grant, group, session, setting};
use crate::kernel::address::Origin;
use crate::kernel::fault::FaultKind;
use crate::kernel::{Clock, Entropy, Fault, Timestamp};
use crate::platform::config::Settings;
use crate::platform::crypto::envelope::SealingKey;
use crate::platform::crypto::hkdf_sha256;
use crate::platform::crypto::password_hash::{HashCost, Hasher, decoy};
use crate::platform::db::{Db, DbLimits, DbTarget, JobContext, Work};
use crate::platform::ephemeral::{Ephemeral, StoreLimits, StoreState};
use crate::platform::mail::Mailer;
use crate::platform::proxy_watch::ProxyWatch;
use crate::platform::render::Renderer;
use crate::platform::supervise::JobFailures;
use crate::platform::vault::{MasterKeyProblem, MasterKeySource, Vault, find_or_make_master};

/// The handles of a running server.
pub struct App {
    /// The settings.
    pub settings: Arc<Settings>,
    /// The database.
    pub db: Db,
    /// The keys.
    pub vault: Vault,
    /// Short-lived state: attempts, ceremonies, counters.
    pub ephemeral: Ephemeral,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The way to the mail server, if one is set.
    pub mailer: Option<Mailer>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The pool that hashes passwords.
    pub hasher: Hasher,
    /// The pages.
    pub renderer: Arc<Renderer>,
    /// The passkey ceremonies.
    pub relying_party: Arc<RelyingParty>,
    /// The keys that sign tokens, opened.
    pub signing: SigningKeys,
    /// What is published about ourselves.
    pub published: Published,
    /// How commands are written where this server was started, for pages that name one.
    pub words: CommandTexts,
    /// What proxies forward in vain.
    pub proxy_watch: ProxyWatch,
    /// Which background jobs ended by a panic.
    pub job_failures: JobFailures,
    hashing: RwLock<CurrentHashing>,
    store_state: RwLock<StoreState>,
    form_key: [u8; 32],
    request_key: SealingKey,
    demo_url: OnceLock<String>,
}

/// Commands as they can be typed.
#[derive(Clone, Debug)]
pub struct CommandTexts {
    /// Prints a new set-up link.
    pub setup_link: String,
    /// Starts the server under a public address.
    pub serve_public: String,
    /// Lets someone in who has lost every sign-in method.
    pub reset: String,
}

struct CurrentHashing {
    cost: HashCost,
    decoy: SecretString,
}

/// What starting found or made, for the first screen.
pub struct OpenedApp {
    /// The server.
    pub app: Arc<App>,
    /// Whether the master key was made now.
    pub key_made: bool,
}

/// Which public address holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PublicAddress {
    /// The one of the settings.
    OfSettings,
    /// The one that the server wrote down.
    AsRecorded,
}

/// What the machine gives: time, randomness, and how commands are typed on it.
struct Means {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    words: CommandTexts,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartProblem {
    /// The master key is missing, wrong or unreadable.
    #[error("{0}")]
    MasterKey(#[from] MasterKeyProblem),
    /// The data folder cannot be made.
    #[error("The folder {folder} cannot be used: {error}")]
    Folder {
        /// The folder.
        folder: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// Nobody has started a server there.
    #[error("There is nothing at {place} yet.")]
    NothingThere {
        /// The file or kind of the database.
        place: String,
    },
    /// Something else.
    #[error("{}", plain(.0))]
    Fault(#[from] Fault),
}

/// A fault as anyone who starts us reads it.
fn plain(fault: &Fault) -> String {
    match fault.kind {
        FaultKind::DatabaseAway => format!("The database does not answer. Is it running, and is database.url right?\n{}", fault.what()),
        FaultKind::Database => fault.what().to_owned(),
        _ => fault.to_string(),
    }
}

impl App {
    /// Opens everything a server needs, and makes what is not there: folder, key, database. Blocks while it does.
    ///
    /// # Errors
    /// When something is missing or wrong; each says what to do.
    pub async fn open(
        settings: Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        words: CommandTexts,
    ) -> Result<OpenedApp, StartProblem> {
        let folder = &settings.data.folder;
        settings.data.make_folder().map_err(|error| StartProblem::Folder { folder: folder.display().to_string(), error })?;
        let target = target_of(&settings)?;
        Self::assemble(target, settings, PublicAddress::OfSettings, Means { clock, entropy, words }).await
    }

    /// Opens what a server has made before, for a command beside it, and makes nothing. The address is the server's,
    /// unless this command was told another.
    ///
    /// # Errors
    /// As [`App::open`], and when there is nothing.
    pub async fn open_existing(
        settings: Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        words: CommandTexts,
    ) -> Result<Arc<Self>, StartProblem> {
        let target = target_of(&settings)?;
        if !Db::is_begun(&target)? {
            let place = match &target {
                DbTarget::Sqlite(file) => file.display().to_string(),
                DbTarget::Postgres(_) => "the Postgres database of database.url".to_owned(),
            };
            return Err(StartProblem::NothingThere { place });
        }
        let address = if settings.address_is_given() { PublicAddress::OfSettings } else { PublicAddress::AsRecorded };
        Ok(Self::assemble(target, settings, address, Means { clock, entropy, words }).await?.app)
    }

    async fn assemble(target: DbTarget, settings: Settings, address: PublicAddress, means: Means) -> Result<OpenedApp, StartProblem> {
        let Means { clock, entropy, words } = means;
        let source = MasterKeySource {
            value: settings.keys.master.as_ref().map(|key| key.to_text()),
            file: settings.data.master_key_file(),
            trust: settings.keys.files,
        };
        let limits = DbLimits { connections: settings.database.connections, queue: settings.database.queue };
        let (db, (master, key_made)) = Db::open(target, limits, |conn| find_or_make_master(conn, &source, &*entropy))?;
        let vault = Vault::new(master);
        let context = || JobContext { vault: vault.clone(), now: clock.now(), entropy: entropy.clone() };
        db.write(context(), |w| w.found_vault()).await?;
        db.write(context(), group::refresh_names).await?;
        let service: Zeroizing<[u8; 32]> = db.read(context(), |w| Ok(Zeroizing::new(*w.service_key()?.bytes()))).await?;
        let cost = db.read(context(), |w| setting::find::<HashCost>(w, HASH_COST)).await?.unwrap_or(HashCost::FLOOR);
        let recorded =
            db.read(context(), |w| setting::find::<String>(w, PUBLIC_ADDRESS)).await?.filter(|_| address == PublicAddress::AsRecorded);
        let settings = match recorded.and_then(|address| Origin::parse_public(&address).ok()) {
            Some(origin) => settings.with_origin(origin),
            None => settings,
        };
        let relying_party = Arc::new(RelyingParty::new(settings.origin(), &settings.server.organisation, settings.sign_in.ceremony)?);
        let app = Self {
            ephemeral: match &settings.ephemeral.url {
                None => Ephemeral::memory(clock.clone(), StoreLimits::of(&settings)),
                Some(url) => Ephemeral::redis(clock.clone(), StoreLimits::of(&settings), url.expose_secret(), &service)?,
            },
            mailer: match &settings.mail.server {
                None => None,
                Some(url) => {
                    let (from, name) = (&settings.mail.from, &settings.server.organisation);
                    Some(Mailer::new(url.expose_secret(), from, name, settings.origin().host())?)
                }
            },
            hasher: Hasher::start(settings.password.threads, settings.password.queue),
            renderer: Arc::new(Renderer::new()?),
            relying_party,
            signing: SigningKeys::default(),
            published: Published::default(),
            words,
            proxy_watch: ProxyWatch::default(),
            job_failures: JobFailures::default(),
            hashing: RwLock::new(CurrentHashing { cost, decoy: decoy(cost, &*entropy) }),
            store_state: RwLock::new(StoreState::Fine),
            form_key: hkdf_sha256(&service, &[], b"form token"),
            request_key: SealingKey::new(uuid::Uuid::nil(), hkdf_sha256(&service, &[], b"request cookie")),
            demo_url: OnceLock::new(),
            settings: Arc::new(settings),
            db,
            vault,
            clock,
            entropy,
        };
        Ok(OpenedApp { app: Arc::new(app), key_made })
    }

    /// Writes down where this server is reached, for commands that are given beside it.
    pub async fn record_public_address(&self) -> Result<(), Fault> {
        let address = self.settings.origin().as_str().to_owned();
        self.write(move |w| setting::put(w, PUBLIC_ADDRESS, &address)).await
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs statements that change nothing.
    pub async fn read<R: Send + 'static>(&self, work: impl FnOnce(&mut Work<'_>) -> Result<R, Fault> + Send + 'static) -> Result<R, Fault> {
        self.db.read(self.context(), work).await
    }

    /// Whether the database takes writes.
    ///
    /// # Errors
    /// When it is away or takes none.
    pub async fn check_writes(&self) -> Result<(), Fault> {
        self.db.check_writes(self.context()).await
    }

    /// Runs statements in one transaction: `Ok` commits, a fault rolls everything back.
    pub async fn write<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Work<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        self.db.write(self.context(), work).await
    }

    fn context(&self) -> JobContext {
        JobContext { vault: self.vault.clone(), now: self.clock.now(), entropy: self.entropy.clone() }
    }

    /// What a password hash costs now; the floor until it has been measured.
    pub fn hash_cost(&self) -> HashCost {
        self.hashing.read().unwrap_or_else(PoisonError::into_inner).cost
    }

    /// A hash that no password matches, as costly as a real one: what names nobody has are checked against (TH-08).
    pub fn decoy(&self) -> SecretString {
        self.hashing.read().unwrap_or_else(PoisonError::into_inner).decoy.clone()
    }

    /// Uses another cost from now on.
    pub fn set_hash_cost(&self, cost: HashCost) {
        let decoy = decoy(cost, &*self.entropy);
        *self.hashing.write().unwrap_or_else(PoisonError::into_inner) = CurrentHashing { cost, decoy };
    }

    /// How the short-lived store was when it was last looked at.
    pub fn store_state(&self) -> StoreState {
        self.store_state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps how it is now, and says how it was before.
    pub fn set_store_state(&self, state: StoreState) -> StoreState {
        std::mem::replace(&mut *self.store_state.write().unwrap_or_else(PoisonError::into_inner), state)
    }

    /// The key of form tokens; the same on every node.
    pub fn form_key(&self) -> &[u8; 32] {
        &self.form_key
    }

    /// The key of requests that browsers keep; the same on every node.
    pub fn request_key(&self) -> &SealingKey {
        &self.request_key
    }

    /// Where the demo application is, while it runs.
    pub fn demo_url(&self) -> Option<&str> {
        self.demo_url.get().map(String::as_str)
    }

    /// Says where the demo application is.
    pub fn set_demo_url(&self, url: String) {
        let _ = self.demo_url.set(url);
    }

    /// How long sessions last, by the settings of this moment.
    pub fn session_limits(&self) -> session::Limits {
        session::Limits { lifetime: self.settings.session.lifetime, idle: self.settings.session.idle }
    }

    /// The same limits as grants ask for them now.
    pub fn live_since(&self) -> grant::Since {
        let limits = self.session_limits();
        grant::Since { opened: self.now().minus(limits.lifetime), used: self.now().minus(limits.idle) }
    }
}

/// The name under which all nodes find the cost of a password hash.
pub const HASH_COST: &str = "hash_cost";

/// The name under which a server writes down where it is reached.
const PUBLIC_ADDRESS: &str = "public_address";

fn target_of(settings: &Settings) -> Result<DbTarget, Fault> {
    DbTarget::parse(settings.database.url.expose_secret())
        .map(|target| target.behind(settings.database.pooler))
        .ok_or_else(|| Fault::internal("database.url passed the settings and is not a database"))
}
