//! The HTTP server: workers, limits, and the order of what every request passes through.

mod bounded_stream;

use std::future::ready;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol, Request};
use actix_server::GracefulShutdownSignal;
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::{AppConfig, Server};
use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, web};
use tokio::net::TcpStream;

use super::{respond, routes};
use crate::app::App;
use crate::platform::config::Settings;
use crate::platform::descriptors;
use bounded_stream::{BoundedStream, Deadlines};

/// The most connections of one worker.
const CONNECTIONS_OF_WORKER: usize = 4_096;
/// Descriptors kept for everything but visitors: files, listeners, mail, Redis, and some for each database connection.
const RESERVED: usize = 64;
const OF_DATABASE_CONNECTION: usize = 4;
/// For the head of a first request; the library has a timer for that one alone (TH-15).
const HEAD: Duration = Duration::from_secs(10);
/// Longer than the library keeps an idle connection.
const IDLE: Duration = Duration::from_secs(75);

/// Starts serving. Awaiting the server serves until SIGTERM or Ctrl-C and then lets open requests finish for ten
/// seconds.
///
/// # Errors
/// When a listener cannot be used.
pub fn start(app: Arc<App>, listeners: Vec<TcpListener>) -> std::io::Result<Server> {
    let workers = app.settings.server.workers;
    let builder = Server::build();
    let ending = builder.graceful_shutdown_signal();
    let mut builder = builder
        .workers(workers)
        .shutdown_timeout(10)
        .max_concurrent_connections(connections_of_worker(&app.settings, descriptors::soft_limit()))
        .backlog(1024);
    for listener in listeners {
        let (app, ending) = (app.clone(), ending.clone());
        builder = builder.listen("http", listener, move || connections(app.clone(), ending.clone()))?;
    }
    Ok(builder.run())
}

/// How many visitors' connections a worker takes, so that all together leave descriptors for the rest.
fn connections_of_worker(settings: &Settings, descriptors: u64) -> usize {
    let reserved = RESERVED + OF_DATABASE_CONNECTION * settings.database.connections;
    let left = usize::try_from(descriptors).unwrap_or(usize::MAX).saturating_sub(reserved);
    (left / settings.server.workers.max(1)).clamp(1, CONNECTIONS_OF_WORKER)
}

/// What one worker does with each connection.
fn connections(
    app: Arc<App>,
    ending: GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> {
    let settings = &app.settings.server;
    let deadlines = Deadlines { request: settings.request_timeout, write: settings.write_timeout, idle: IDLE };
    let head = HEAD.min(settings.request_timeout);
    let requests = ActixApp::new()
        .app_data(web::Data::new(app))
        .wrap(from_fn(respond::finish))
        .configure(routes::configure)
        .default_service(web::to(routes::not_found));
    let requests = IntoServiceFactory::<_, Request>::into_factory(requests).map_err(|error| error.error_response());
    let http = HttpService::build()
        .graceful_shutdown_signal(move || {
            let ending = ending.clone();
            async move { ending.notified().await }
        })
        .client_request_timeout(head)
        .finish(map_config(requests, |()| AppConfig::default()));
    fn_service(move |stream: TcpStream| {
        let peer = stream.peer_addr().ok();
        ready(Ok((BoundedStream::new(stream, deadlines), Protocol::Http1, peer)))
    })
    .and_then(http)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_rest() {
        // TH-15
        for workers in ["1", "2", "64"] {
            let settings = Settings::from_pairs(&[("server.workers", workers), ("database.connections", "16")]).unwrap();
            for descriptors in [256, 1_024, 65_536, 1 << 20] {
                let all = connections_of_worker(&settings, descriptors) * settings.server.workers;
                assert!(all > 0 && all + 100 < usize::try_from(descriptors).unwrap(), "{workers} {descriptors}: {all}");
            }
        }
    }
}
