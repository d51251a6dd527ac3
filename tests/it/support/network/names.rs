//! Where names lead. Clients of other people's making are told of a proxy, as in a company's network, and it connects
//! them to this machine; Chromium is told the same in a flag. So the names of the README work, with the ports that
//! https implies, and nothing is written into the system's table of names.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::local;

/// Names, each with where it leads, and the proxy that knows them.
pub struct Names {
    known: BTreeMap<String, SocketAddr>,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Names {
    /// Begins to lead names to ports of this machine.
    pub async fn leading(pairs: &[(&str, u16)]) -> Self {
        let known: BTreeMap<String, SocketAddr> = pairs.iter().map(|(name, port)| ((*name).to_owned(), local(*port))).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let own = known.clone();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let known = own.clone();
                tokio::spawn(async move { drop(connect(stream, &known).await) });
            }
        });
        Self { known, address, serving }
    }

    /// The proxy's address and port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
    /// What Chromium is told.
    pub fn for_chromium(&self) -> String {
        let rules: Vec<String> = self.known.iter().map(|(name, to)| format!("MAP {name} {to}")).collect();
        format!("--host-resolver-rules={}", rules.join(", "))
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Answers `CONNECT name:443` (RFC 9110, section 9.3.6) and carries bytes both ways; anything else is refused.
async fn connect(mut client: TcpStream, known: &BTreeMap<String, SocketAddr>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let name = head.strip_prefix("CONNECT ").and_then(|rest| rest.split_once(":443 ")).map(|(name, _)| name);
    let Some(to) = name.and_then(|name| known.get(name)) else {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await;
    };
    let mut server = TcpStream::connect(to).await?;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await.map(drop)
}
