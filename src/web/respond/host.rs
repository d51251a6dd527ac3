//! Under which name we were opened. Every page works under the one public address only: passkeys, cookies and
//! links belong to it. Health checks answer under any name.

use actix_web::HttpRequest;
use actix_web::http::header::HOST;

use crate::app::App;

/// The request came under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostProblem {
    /// Under an IP address of this machine while the public address is http://localhost: a redirect mends it.
    Loopback,
    /// Under another name; `given` is what the browser asked for.
    OtherName {
        /// The name, cut and cleaned for showing.
        given: String,
    },
}

/// Checks the name a request came under.
pub fn check_host(app: &App, request: &HttpRequest) -> Result<(), HostProblem> {
    let ours = app.settings.origin();
    let mut hosts = request.headers().get_all(HOST);
    let given = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default().to_owned(),
        // HTTP/2 carries the name in the request line.
        (None, _) => request.uri().authority().map(ToString::to_string).unwrap_or_default(),
        (Some(_), Some(_)) => String::new(),
    };
    if given.eq_ignore_ascii_case(ours.authority()) {
        return Ok(());
    }
    // A proxy may or may not add the port that https implies.
    if ours.is_https() && given.eq_ignore_ascii_case(&format!("{}:{}", ours.host(), ours.port())) {
        return Ok(());
    }
    let name = given.rsplit_once(':').map_or(given.as_str(), |(name, _)| name);
    if ours.host() == "localhost" && matches!(name, "127.0.0.1" | "[::1]") {
        return Err(HostProblem::Loopback);
    }
    Err(HostProblem::OtherName { given: crate::kernel::text::one_line(&given, 100) })
}
