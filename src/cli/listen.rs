//! Taking the addresses we listen on; all of them or none, and when one is taken, by whom.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

use crate::kernel::address::Origin;
use crate::platform::config::Listen;

/// Listens on every address of the setting and returns the port. With port 0 the first address decides.
///
/// # Errors
/// A sentence naming the address, the process that holds it if that can be seen, and what to do.
pub(super) fn listen(setting: &Listen) -> Result<(Vec<TcpListener>, u16), String> {
    let mut listeners = Vec::new();
    let mut port = setting.port;
    for mut address in setting.addresses() {
        address.set_port(port);
        match bind(address) {
            Ok(listener) => {
                port = listener.local_addr().map_err(|error| error.to_string())?.port();
                listeners.push(listener);
            }
            // A machine without IPv6 has no ::1 to protect.
            Err(error) if !listeners.is_empty() && address.is_ipv6() && no_such_address(&error) => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                let holder = holder_of(address.port()).map(|name| format!(" by {name}")).unwrap_or_default();
                return Err(format!(
                    "Port {} on {} is taken{holder}.\nStop that program, or choose another port: --listen localhost:0 takes a free one.",
                    address.port(),
                    address.ip(),
                ));
            }
            Err(error) => return Err(format!("Cannot listen on {address}: {error}")),
        }
    }
    Ok((listeners, port))
}

/// Whether nothing answers at an address on this machine. Of others we say nothing: they may be meant for others.
pub(super) fn is_silent(origin: &Origin) -> bool {
    let here = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)].map(|host| SocketAddr::new(host, origin.port()));
    !origin.is_https() && !here.iter().any(|address| TcpStream::connect_timeout(address, Duration::from_millis(500)).is_ok())
}

fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart must not wait for old connections to fade.
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(1024)?;
    Ok(socket.into())
}

fn no_such_address(error: &std::io::Error) -> bool {
    // EAFNOSUPPORT and EADDRNOTAVAIL.
    error.kind() == ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(97)
}

/// The name and number of the process that listens on a port, as far as the system shows it.
fn holder_of(port: u16) -> Option<String> {
    let inodes: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .flat_map(|table| listening_inodes(&table, port))
        .collect();
    let processes = std::fs::read_dir("/proc").ok()?;
    for process in processes.flatten() {
        let name = process.file_name().into_string().unwrap_or_default();
        if name.bytes().all(|b| b.is_ascii_digit()) && holds(&process.path(), &inodes) {
            let command = std::fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (process {name})", command.trim()));
        }
    }
    None
}

/// Inodes of sockets that listen (state 0A) on `port` in a table of the kernel.
fn listening_inodes(table: &str, port: u16) -> Vec<String> {
    let ending = format!(":{port:04X}");
    table
        .lines()
        .filter_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            match columns.as_slice() {
                [_, local, _, "0A", _, _, _, _, _, inode, ..] if local.ends_with(&ending) => Some((*inode).to_owned()),
                _ => None,
            }
        })
        .collect()
}

fn holds(process: &Path, inodes: &[String]) -> bool {
    let Ok(files) = std::fs::read_dir(process.join("fd")) else { return false };
    files.flatten().any(|file| {
        let target = std::fs::read_link(file.path()).unwrap_or_default();
        let target = target.to_string_lossy();
        inodes.iter().any(|inode| target == format!("socket:[{inode}]"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_names_its_holder() {
        let (held, port) = listen(&Listen::parse("127.0.0.1:0").unwrap()).unwrap();
        let refused = listen(&Listen::parse(&format!("127.0.0.1:{port}")).unwrap()).unwrap_err();
        assert!(refused.contains(&format!("Port {port}")), "{refused}");
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        drop(held);
    }

    #[test]
    fn localhost_means_both_loopback_addresses() {
        let (listeners, port) = listen(&Listen::parse("localhost:0").unwrap()).unwrap();
        assert!(listeners.iter().all(|l| l.local_addr().unwrap().port() == port && l.local_addr().unwrap().ip().is_loopback()));
    }
}
