//! Ports for programs that must be told theirs.

use std::net::TcpListener;

/// A port nothing uses, by IPv4 and by IPv6. It is below those that the system gives out by itself, so that nothing takes it
/// before the program that is told to.
pub fn free_port() -> u16 {
    loop {
        let [high, low] = super::authenticator::random::<2>();
        let port = 10_000 + u16::from_be_bytes([high, low]) % 10_000;
        let free =
            |address: &str| TcpListener::bind((address, port)).err().is_none_or(|error| error.kind() != std::io::ErrorKind::AddrInUse);
        if free("127.0.0.1") && free("::1") {
            return port;
        }
    }
}
