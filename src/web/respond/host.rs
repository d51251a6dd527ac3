//! Under which name we were opened. Every page works under the one public address only: passkeys, cookies and
//! links belong to it. Health checks answer under any name, and so do the style
//! and scripts of pages; what applications call answers under further names that the settings give.

use actix_web::HttpRequest;
use actix_web::http::header::HOST;

use super::PathClass;
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

/// Checks the name a request came under. What applications call answers under the inner names too (`server.inner_hosts`).
pub fn check_host(app: &App, request: &HttpRequest, class: PathClass) -> Result<(), HostProblem> {
    if matches!(class, PathClass::Health | PathClass::Asset) {
        return Ok(());
    }
    let ours = app.settings.origin();
    let mut hosts = request.headers().get_all(HOST);
    let given = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default().to_owned(),
        // HTTP/2 carries the name in the request line.
        (None, _) => request.uri().authority().map(ToString::to_string).unwrap_or_default(),
        (Some(_), Some(_)) => String::new(),
    };
    let (name, port) = parted(&given);
    let is = |host: &str| parted(host).0.eq_ignore_ascii_case(name) && parted(host).1 == port;
    // A proxy may or may not add the port that https implies.
    if is(ours.authority()) || (ours.is_https() && is(&format!("{}:{}", ours.host(), ours.port()))) {
        return Ok(());
    }
    // An inner name without a port stands for every port.
    let inner = |host: &String| is(host) || (parted(host).1.is_none() && host.eq_ignore_ascii_case(name));
    if class.is_for_machines() && app.settings.server.inner_hosts.iter().any(inner) {
        return Ok(());
    }
    if ours.host() == "localhost" && matches!(name, "127.0.0.1" | "[::1]") {
        return Err(HostProblem::Loopback);
    }
    Err(HostProblem::OtherName { given: crate::kernel::text::one_line(&given, 100) })
}

/// A name and its port. The dot that ends a fully qualified name changes nothing about it (RFC 3986 section 3.2.2).
fn parted(host: &str) -> (&str, Option<&str>) {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => (name, Some(port)),
        _ => (host, None),
    };
    (name.strip_suffix('.').unwrap_or(name), port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_and_a_port() {
        for (host, name, port) in [
            ("auth.example.org", "auth.example.org", None),
            ("auth.example.org.", "auth.example.org", None),
            ("auth.example.org.:8443", "auth.example.org", Some("8443")),
            ("[::1]:8080", "[::1]", Some("8080")),
            ("[::1]", "[::1]", None),
            ("a..", "a.", None),
            ("a:", "a:", None),
            ("", "", None),
        ] {
            assert_eq!(parted(host), (name, port), "{host}");
        }
    }
}
