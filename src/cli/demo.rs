//! The demo application: beside the server while nobody else can reach it, or alone by `vouchsafe demo`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use tokio::task::JoinHandle;

use super::words::CommandWriter;
use super::{CommandFailure, open_existing, say};
use crate::app::App;
use crate::demo;
use crate::flows::demo_app::{self, Demo};
use crate::platform::config::{ListenHost, Settings};

/// Starts the demo beside the server and says where it is; or removes its registration, when there is a public address.
/// No free port is no reason not to serve, unless the port was named.
pub(super) async fn beside(app: &App) -> Result<Option<JoinHandle<()>>, CommandFailure> {
    if !app.settings.demo_runs() {
        // Without a public address it may be running alone.
        if app.settings.server.public_url.is_some() {
            demo_app::remove(app).await?;
        }
        return Ok(None);
    }
    let listener = match listen(&app.settings) {
        Ok(listener) => listener,
        Err(CommandFailure(problem)) if app.settings.demo.listen.is_none() => {
            tracing::warn!(problem, "the demo application was not started");
            return Ok(None);
        }
        Err(stop) => return Err(stop),
    };
    let url = url_of(&listener)?;
    let running = demo::run(register(app, Demo::Beside, &url).await?, listener, app.renderer.clone(), app.clock.clone())?;
    app.set_demo_url(url);
    Ok(Some(tokio::spawn(async move {
        if let Err(error) = running.await {
            tracing::error!(%error, "the demo application stopped");
        }
    })))
}

/// `vouchsafe demo`: another demo, by itself, for a server on this machine.
pub(super) async fn alone(settings: Settings, words: &CommandWriter) -> Result<(), CommandFailure> {
    let app = open_existing(settings, words).await?;
    let origin = app.settings.origin();
    if origin.is_https() {
        return Err(CommandFailure(format!(
            "The demo application is for this machine only, and the public address is {}.\nStart it against a server without a public address.",
            origin.as_str()
        )));
    }
    if origin.port() == 0 {
        return Err(CommandFailure("Tell the demo application where the server is: --public-url http://localhost:PORT".to_owned()));
    }
    let listener = listen(&app.settings)?;
    let url = url_of(&listener)?;
    let demo = Demo::Alone { port: listener.local_addr()?.port() };
    let settings = register(&app, demo, &url).await?;
    let issuer = &settings.issuer;
    let silent = if super::listen::is_silent(origin) {
        " Nothing is running there now. If it is elsewhere, use --public-url http://localhost:PORT"
    } else {
        ""
    };
    say(&format!("The demo application is at {url}\nIt asks {issuer} who you are.{silent}\nStop with Ctrl-C.\n"))?;
    let run = demo::run(settings, listener, app.renderer.clone(), app.clock.clone())?;
    tokio::select! {
        outcome = run => Ok(outcome?),
        outcome = told_to_stop() => Ok(outcome?),
    }
}

async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}

fn listen(settings: &Settings) -> Result<TcpListener, CommandFailure> {
    let named = settings.demo.listen.map(|listen| {
        let host = match listen.host {
            // The other name of this machine, so that cookies of the server stay with the server.
            ListenHost::Localhost => IpAddr::V4(Ipv4Addr::LOCALHOST),
            ListenHost::Address(address) => address,
        };
        SocketAddr::new(host, listen.port)
    });
    if let Some(address) = named.filter(|address| !address.ip().is_loopback()) {
        return Err(CommandFailure(format!("demo.listen is {address}, but the demo application is for this machine only: use 127.0.0.1.")));
    }
    match (demo::bind(named), named) {
        (Ok((listener, _)), _) => Ok(listener),
        (Err(error), Some(address)) => Err(CommandFailure(format!("The demo application cannot listen on {address}: {error}"))),
        (Err(error), None) => Err(CommandFailure(format!("The demo application found no free port from 8081 on: {error}"))),
    }
}

fn url_of(listener: &TcpListener) -> Result<String, CommandFailure> {
    Ok(format!("http://{}", listener.local_addr()?))
}

async fn register(app: &App, demo: Demo, url: &str) -> Result<demo::DemoSettings, CommandFailure> {
    let registration = demo_app::register(app, demo, url).await?;
    Ok(demo::DemoSettings {
        issuer: app.settings.origin().as_str().to_owned(),
        client_id: registration.client_id,
        secret: registration.secret,
        organisation: app.settings.server.organisation.clone(),
    })
}
