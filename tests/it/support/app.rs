//! The server inside the test's own process: the same `App` and the same routes on a free port, with a clock the test
//! moves. For everything that takes time (sessions that end, codes that pass, pauses) and for looking into the
//! database behind the server's back. The shipped binary has no switch for this.

use std::net::TcpListener;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use vouchsafe::app::{App, CommandTexts};
use vouchsafe::domain::access::AdminActor;
use vouchsafe::domain::client::{Access, AddressReasons, ClaimDelivery, ClientAuth, ClientKind, NewClient};
use vouchsafe::flows::{apps, setup_link, signing_keys};
use vouchsafe::kernel::address::RedirectUri;
use vouchsafe::kernel::claim::ClaimRules;
use vouchsafe::kernel::text::ClientName;
use vouchsafe::kernel::time::FixedClock;
use vouchsafe::kernel::{Clock, Timestamp};
use vouchsafe::platform::config::Settings;
use vouchsafe::platform::crypto::OsEntropy;
use vouchsafe::platform::crypto::jws::Algorithm;

use super::postgres::Database;
use super::relying_party::Application;
use super::{Backend, Folder, required};

/// Monday 23 November 2026, 12:00:00 UTC: when these tests begin.
pub const BEGIN: Timestamp = Timestamp::from_seconds(1_795_435_200);

/// A server in this process; stops with the test.
pub struct Inside {
    app: Arc<App>,
    clock: Arc<FixedClock>,
    listener: TcpListener,
    handle: ServerHandle,
    serving: tokio::task::JoinHandle<()>,
    folder: Option<Folder>,
    database: Option<Database>,
    /// Its address, such as `http://localhost:40123`.
    pub address: String,
}

impl Deref for Inside {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Inside {
    /// A first start with default settings.
    pub async fn start(backend: Backend) -> Self {
        Self::with(backend, &[]).await
    }

    /// A first start with some settings.
    pub async fn with(backend: Backend, settings: &[(&str, &str)]) -> Self {
        let (folder, database) = (Folder::new(), (backend == Backend::Postgres).then(Database::fresh));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let data = folder.path().join("data").display().to_string();
        let mut pairs = vec![("data.folder", data.as_str()), ("server.workers", "2")];
        let url = database.as_ref().map(|database| database.url().to_owned());
        pairs.extend(url.as_deref().map(|url| ("database.url", url)));
        // Each database has a key of its own, and so its own part of the one Redis.
        let redis = database.as_ref().map(|_| required("TEST_REDIS_URL"));
        pairs.extend(redis.as_deref().map(|url| ("ephemeral.url", url)));
        // What the test says counts more.
        pairs.retain(|(key, _)| !settings.iter().any(|(other, _)| other == key));
        pairs.extend_from_slice(settings);
        let settings = Settings::from_pairs(&pairs).unwrap().with_port(port);
        Self::serve(settings, Arc::new(FixedClock::at(BEGIN)), listener, folder, database).await
    }

    async fn serve(settings: Settings, clock: Arc<FixedClock>, listener: TcpListener, folder: Folder, database: Option<Database>) -> Self {
        let words = CommandTexts {
            setup_link: "vouchsafe setup-link".into(),
            serve_public: "vouchsafe serve".into(),
            reset: "vouchsafe admin reset NAME --reason \"...\"".into(),
        };
        let opened = App::open(settings, clock.clone(), Arc::new(OsEntropy), words).await.unwrap();
        let app = opened.app;
        signing_keys::make_quick(&app).await.unwrap();
        let address = app.settings.origin().as_str().to_owned();
        let server = vouchsafe::web::server::start(app.clone(), vec![listener.try_clone().unwrap()]).unwrap();
        let handle = server.handle();
        let serving = tokio::spawn(async move { server.await.unwrap() });
        Self { app, clock, listener, handle, serving, folder: Some(folder), database, address }
    }

    /// Ends this server as a crash would, and starts another with the same settings and stores at the same address.
    pub async fn replaced(mut self) -> Self {
        self.handle.stop(false).await;
        let (settings, clock, listener) = ((*self.app.settings).clone(), self.clock.clone(), self.listener.try_clone().unwrap());
        let (folder, database) = (self.folder.take().unwrap(), self.database.take());
        drop(self);
        Self::serve(settings, clock, listener, folder, database).await
    }

    /// Its handles, for what runs beside it.
    pub fn app(&self) -> Arc<App> {
        self.app.clone()
    }
    /// Another node: the same settings, stores and clock, and nothing it knows only by itself.
    pub async fn another_node(&self) -> Arc<App> {
        let settings = (*self.app.settings).clone();
        App::open(settings, self.clock.clone(), Arc::new(OsEntropy), self.app.words.clone()).await.unwrap().app
    }

    /// Moves the clock ahead.
    pub fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
    /// What time it is here.
    pub fn time(&self) -> Timestamp {
        self.clock.now()
    }
    /// A new set-up link, as a path.
    pub async fn setup_path(&self) -> String {
        let link = setup_link::issue(&self.app, setup_link::SetupLinkFor::Host).await.unwrap().unwrap();
        link.address.strip_prefix(&self.address).unwrap().to_owned()
    }

    /// Registers an application with defaults, but for ES256, which is there immediately.
    pub async fn register(&self, name: &str) -> Application {
        self.register_with(name, |_| ()).await
    }

    /// Registers an application, changed before.
    pub async fn register_with(&self, name: &str, change: impl FnOnce(&mut NewClient)) -> Application {
        let redirect = format!("https://{}.example/callback", name.to_lowercase());
        let mut new = NewClient {
            client_id: None,
            name: ClientName::parse(name).unwrap(),
            run_by: "Acme IT".into(),
            kind: ClientKind::Confidential,
            auth: ClientAuth::SecretBasic,
            native: false,
            algorithm: Algorithm::Es256,
            claim_delivery: ClaimDelivery::IdTokenAndUserinfo,
            claim_rules: ClaimRules::OF_OTHERS,
            own: None,
            redirect_uris: vec![RedirectUri::parse(&redirect).unwrap()],
            post_logout_redirect_uris: vec![RedirectUri::parse(&format!("https://{}.example/bye", name.to_lowercase())).unwrap()],
            address_reasons: AddressReasons::default(),
            access: Access::Everyone,
            scopes: ["openid", "profile", "email"].map(str::to_owned).to_vec(),
            hardened: false,
            demo: false,
        };
        change(&mut new);
        let registered = apps::register(&self.app, &AdminActor::at_the_host(), new).await.unwrap().unwrap();
        let secret = registered.secret.map(|secret| secret.expose().to_owned());
        Application::discover(&self.address, &registered.client.client_id, secret.as_deref(), &redirect).await
    }
}
