//! A whole `App` for tests of flows: a fresh database of each kind, a clock the test moves, no listener.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crate::app::{App, CommandTexts};
use crate::flows::Caller;
use crate::kernel::time::FixedClock;
use crate::platform::config::Settings;
use crate::platform::crypto::OsEntropy;
use crate::platform::crypto::token::{AttemptCookie, Token};
use crate::platform::db::testing::{NOW, each_url};

/// An app and its clock.
pub struct Stage {
    /// The app.
    pub app: Arc<App>,
    /// Its clock.
    pub clock: Arc<FixedClock>,
}

/// Runs a test on both databases.
pub fn on_each<F: Future<Output = ()>>(body: impl Fn(Stage) -> F) {
    each_url(|url| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = std::env::temp_dir().join(format!("vouchsafe_{}", Token::<AttemptCookie>::make(&OsEntropy).expose()));
            let data = folder.to_string_lossy().into_owned();
            let settings = Settings::from_pairs(&[("database.url", url), ("data.folder", &data), ("password.queue", "256")]).unwrap();
            let clock = Arc::new(FixedClock::at(NOW));
            let words = CommandTexts {
                setup_link: "vouchsafe setup-link".into(),
                serve_public: "vouchsafe serve".into(),
                reset: "vouchsafe admin reset NAME --reason \"...\"".into(),
            };
            let opened = App::open(settings, clock.clone(), Arc::new(OsEntropy), words).await.unwrap();
            body(Stage { app: opened.app, clock }).await;
            let _ = std::fs::remove_dir_all(folder);
        });
    });
}

/// Someone's browser, never seen before.
pub fn browser() -> Caller {
    Caller {
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        user_agent: "Firefox on Linux".into(),
        binding: Token::<AttemptCookie>::make(&OsEntropy).hash(),
        session: None,
        device: None,
    }
}
