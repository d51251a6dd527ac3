//! The HTTP server: workers, limits, and the order of what every request passes through.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App as ActixApp, HttpServer, web};

use super::{respond, routes};
use crate::app::App;

/// Starts serving. Awaiting the server serves until SIGTERM or Ctrl-C and then lets open requests finish for ten
/// seconds.
///
/// # Errors
/// When a listener cannot be used.
pub fn start(app: Arc<App>, listeners: Vec<TcpListener>) -> std::io::Result<Server> {
    let workers = app.settings.server.workers;
    let mut server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(web::Data::new(app.clone()))
            .wrap(from_fn(respond::finish))
            .configure(routes::configure)
            .default_service(web::to(routes::not_found))
    })
    .workers(workers)
    .shutdown_timeout(10)
    // A client that sends its headers slowly is cut off (TH-15).
    .client_request_timeout(Duration::from_secs(10))
    .max_connections(4096)
    .backlog(1024);
    for listener in listeners {
        server = server.listen(listener)?;
    }
    Ok(server.run())
}
