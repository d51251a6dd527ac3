//! Starting the server: listeners first, then the data, then the first screen; whatever can wait happens after.

use std::io::Write;

use super::screen::Screen;
use super::words::CommandWriter;
use super::{CommandFailure, demo, listen, only_one, open};
use crate::app::OpenedApp;
use crate::flows::{jobs, setup_link, signing_keys};
use crate::platform::config::Settings;
use crate::platform::{descriptors, proxy_watch};
use crate::web;

/// Starts the server and, while no public address is set, the demo beside it; returns when it is told to stop.
pub(super) async fn run(settings: Settings, words: CommandWriter) -> Result<(), CommandFailure> {
    let raised = descriptors::raise();
    if raised.now > raised.before {
        tracing::info!(before = raised.before, now = raised.now, "the limit of open files was raised");
    }
    let (listeners, port) = listen::listen(&settings.server.listen).map_err(CommandFailure)?;
    let loopback_only = settings.server.listen.is_loopback();
    let settings = settings.with_port(port);
    // What is wrong with the folder is told by what opens it.
    let _ = settings.data.make_folder();
    let _only_one = only_one::claim(&settings)?;
    let OpenedApp { app, key_made } = open(settings, &words).await?;
    if let Some(unusable) = app.ephemeral.unusable().await {
        return Err(CommandFailure(unusable.to_string()));
    }
    app.record_public_address().await?;
    signing_keys::make_quick(&app).await?;
    let demo = demo::beside(&app).await?;
    // A new link on each start, until there is an administrator.
    let link = setup_link::issue(&app, setup_link::SetupLinkFor::System).await?;
    match &link {
        Some(link) => app.settings.data.keep_setup_link(&link.address)?,
        None => app.settings.data.forget_setup_link()?,
    }
    let redis = if app.settings.ephemeral.url.is_some() { Some(jobs::look(&app).await) } else { None };
    let screen = Screen {
        app: &app,
        first_start: key_made,
        key_made,
        link: link.as_ref(),
        setup_command: words.command("setup-link"),
        loopback_only,
        demo: app.demo_url().map(str::to_owned),
        redis,
    };
    // Nobody may read it, and the server is there for others: the set-up link stands in the data folder too.
    let mut out = std::io::stdout();
    if let Err(error) = out.write_all(screen.text().as_bytes()).and_then(|()| out.flush()) {
        tracing::warn!(%error, "the first screen could not be printed");
    }
    proxy_watch::warn_at_start(&app.settings);
    let server = web::server::start(app.clone(), listeners)?;
    let jobs = jobs::start(&app);
    let outcome = server.await;
    jobs.abort();
    if let Some(demo) = demo {
        demo.abort();
    }
    Ok(outcome?)
}
