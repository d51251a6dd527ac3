//! The demo application: a stranger beside the floors, a relying party that happens to share the binary.
//! It imports the renderer and the clock and nothing else of ours; what it knows about a sign-in it learned over HTTP
//! like any application, through a client library of its own.
//!
//! It stands on 127.0.0.1 while the server is `localhost`, and its cookie has a name of its own: cookies ignore ports,
//! so two host names keep ours from reaching it.

mod answer;
mod facts;
mod handlers;
mod provider;
mod server;
#[cfg(test)]
#[path = "tests.rs"]
mod service_tests;
mod state;
pub mod view;
mod visitors;
mod wire;

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use secrecy::SecretString;

use crate::kernel::time::Clock;
use crate::platform::render::Renderer;

/// The port that is tried first when none was named.
const FIRST_PORT: u16 = 8081;

/// How many ports after the first are tried.
const MORE_PORTS: u16 = 20;

/// What the demo was registered with, and whom it asks.
#[derive(Clone, Debug)]
pub struct DemoSettings {
    /// The service it asks who someone is, such as `http://localhost:8080`.
    pub issuer: String,
    /// Its name in the protocol.
    pub client_id: String,
    /// Its secret.
    pub secret: SecretString,
    /// The name of the service, for people.
    pub organisation: String,
}

/// Takes the address the demo listens on and says which port it is: the named address or none, otherwise
/// `127.0.0.1:8081` or the next free port.
///
/// # Errors
/// When the named address, or every port that was tried, is taken.
pub fn bind(listen: Option<SocketAddr>) -> io::Result<(TcpListener, u16)> {
    let listener = match listen {
        Some(address) => TcpListener::bind(address)?,
        None => next_free(FIRST_PORT)?,
    };
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

fn next_free(first: u16) -> io::Result<TcpListener> {
    let mut last = io::Error::from(ErrorKind::AddrInUse);
    for port in first..=first.saturating_add(MORE_PORTS) {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Starts the demo on `listener`. It runs while the answer is awaited and listens to no signal of its own; anyone who
/// drops it ends the process too.
///
/// # Errors
/// When the listener cannot be used.
pub fn run(
    settings: DemoSettings,
    listener: TcpListener,
    renderer: Arc<Renderer>,
    clock: Arc<dyn Clock>,
) -> io::Result<impl Future<Output = io::Result<()>> + Send + 'static> {
    server::server(settings, listener, renderer, clock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_leads_to_the_next_free_one() {
        let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = held.local_addr().unwrap().port();
        let found = next_free(port.min(u16::MAX - MORE_PORTS)).unwrap();
        assert_ne!(found.local_addr().unwrap().port(), port);
        assert!(found.local_addr().unwrap().ip().is_loopback());
    }

    #[test]
    fn a_named_address_is_taken_or_nothing_is() {
        let (held, port) = bind(Some("127.0.0.1:0".parse().unwrap())).unwrap();
        let again = bind(Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))).unwrap_err();
        assert_eq!(again.kind(), ErrorKind::AddrInUse);
        drop(held);
    }

    #[test]
    fn the_secret_is_not_printed() {
        // LG-06
        let settings = DemoSettings {
            issuer: "http://localhost:8080".into(),
            client_id: "demo".into(),
            secret: "vsk_secret".into(),
            organisation: "Acme".into(),
        };
        assert!(!format!("{settings:?}").contains("vsk_secret"));
    }
}
