//! Starting the server: listeners first, then the data, then the first screen; whatever can wait happens after.

use std::io::Write;
use std::sync::Arc;

use super::screen::{Screen, forget_setup_link, keep_setup_link};
use super::words::Words;
use super::{Stop, listen, open};
use crate::app::{App, Opened};
use crate::flows::{demo_app, jobs, setup_link};
use crate::platform::config::Settings;
use crate::{demo, web};

/// Starts the server and, while no public address is set, the demo beside it; returns when it is told to stop.
pub(super) async fn run(settings: Settings, words: Words) -> Result<(), Stop> {
    let (listeners, port) = listen::listen(&settings.server.listen).map_err(Stop)?;
    let loopback_only = settings.server.listen.is_loopback();
    let Opened { app, key_made } = open(settings.with_port(port), &words).await?;
    let demo = start_demo(&app).await?;
    // A new link on each start, until there is an administrator.
    let link = setup_link::issue(&app, setup_link::Asker::System).await?;
    match &link {
        Some(link) => keep_setup_link(&app, &link.address)?,
        None => forget_setup_link(&app)?,
    }
    let screen = Screen {
        app: &app,
        first_start: key_made,
        key_made,
        link: link.as_ref(),
        setup_command: words.command("setup-link"),
        loopback_only,
        demo: app.demo_url().map(str::to_owned),
    };
    let mut out = std::io::stdout();
    out.write_all(screen.text().as_bytes())?;
    out.flush()?;
    let server = web::server::run(app.clone(), listeners);
    let jobs = jobs::start(&app);
    let outcome = server.await;
    jobs.abort();
    if let Some(demo) = demo {
        demo.abort();
    }
    Ok(outcome?)
}

/// Registers the demo and serves it in the background, or removes its registration when there is a public address.
async fn start_demo(app: &Arc<App>) -> Result<Option<tokio::task::JoinHandle<()>>, Stop> {
    if !app.settings.demo_runs() {
        demo_app::remove(app).await?;
        return Ok(None);
    }
    let (settings, listener, url) = prepare_demo(app).await?;
    app.set_demo_url(url);
    let renderer = app.renderer.clone();
    Ok(Some(tokio::spawn(async move {
        if let Err(error) = demo::run(settings, listener, renderer).await {
            tracing::error!(%error, "the demo stopped");
        }
    })))
}

async fn prepare_demo(app: &Arc<App>) -> Result<(demo::Settings, std::net::TcpListener, String), Stop> {
    let wanted = app.settings.demo.listen.as_ref().and_then(|listen| listen.addresses().first().copied());
    let (listener, port) = demo::bind(wanted)?;
    let url = format!("http://127.0.0.1:{port}");
    let registered = demo_app::register(app, &url).await?;
    let settings = demo::Settings {
        issuer: app.settings.origin().as_str().to_owned(),
        client_id: registered.client_id,
        secret: registered.secret,
        organisation: app.settings.server.organisation.clone(),
    };
    Ok((settings, listener, url))
}

/// `vouchsafe demo`: the demo alone, beside a server that runs without it.
pub(super) async fn demo_alone(settings: Settings, words: Words) -> Result<(), Stop> {
    let app = open(settings, &words).await?.app;
    let (settings, listener, url) = prepare_demo(&app).await?;
    writeln!(std::io::stdout(), "demo      {url}\nsigns in  {}\nStop with Ctrl-C.", app.settings.origin().as_str())?;
    tokio::select! {
        outcome = demo::run(settings, listener, app.renderer.clone()) => Ok(outcome?),
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}
