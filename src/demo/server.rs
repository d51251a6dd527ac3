//! The demo's own HTTP server: its listener, its addresses, its headers.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, HttpResponse, HttpServer, web};

use super::provider::Provider;
use super::state::DemoState;
use super::visitors::Visitors;
use super::{DemoSettings, handlers};
use crate::kernel::time::Clock;
use crate::platform::render::Renderer;

/// A server that serves while it is awaited.
pub(super) fn server(settings: DemoSettings, listener: TcpListener, renderer: Arc<Renderer>, clock: Arc<dyn Clock>) -> io::Result<Server> {
    let address = listener.local_addr()?;
    let authority = address.to_string();
    let organisation = settings.organisation.clone();
    let provider = Provider::new(settings, &format!("http://{authority}"), clock.clone()).map_err(io::Error::other)?;
    let demo = web::Data::new(DemoState {
        provider,
        visitors: Visitors::default(),
        renderer,
        clock,
        organisation,
        authority,
        cookie_name: format!("vouchsafe-demo-{}", address.port()),
    });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(demo.clone())
            .wrap(from_fn(around))
            .route("/", web::get().to(handlers::home))
            .route("/login", web::get().to(handlers::login))
            .route("/callback", web::get().to(handlers::callback))
            .route("/result", web::get().to(handlers::result))
            .route("/logout", web::get().to(handlers::logout))
            .route("/static/{path:.*}", web::get().to(handlers::asset))
            .route("/favicon.ico", web::get().to(handlers::favicon))
            .default_service(web::to(handlers::nothing))
    })
    .workers(1)
    .disable_signals()
    .shutdown_timeout(2)
    .max_connections(256)
    .client_request_timeout(Duration::from_secs(10))
    .listen(listener)?
    .run();
    Ok(server)
}

/// Around every request: only under our own name (a foreign name that leads here is someone's trick or a slip), and
/// with the headers every answer has.
async fn around(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let own = request.app_data::<web::Data<DemoState>>().map(|demo| demo.authority.clone()).unwrap_or_default();
    let mut hosts = request.headers().get_all(header::HOST);
    let ours = hosts.next().is_some_and(|host| host.as_bytes() == own.as_bytes()) && hosts.next().is_none();
    let mut response = if ours {
        next.call(request).await?.map_into_boxed_body()
    } else {
        let answer = HttpResponse::SeeOther().insert_header((header::LOCATION, format!("http://{own}/"))).finish();
        request.into_response(answer)
    };
    secure(response.headers_mut());
    Ok(response)
}

/// The security headers (WB-03, WB-04). No form of the demo leads anywhere, so none may.
fn secure(headers: &mut HeaderMap) {
    let all = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; \
             frame-ancestors 'none'; form-action 'none'",
        ),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in all {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
