//! The TLS of a browser, for the tests' own HTTP client: bytes go in plain on a port of this machine and come out
//! encrypted at a server whose certificate was checked. So a test still says exactly what is sent.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;

use super::{Certificates, local};

/// A way to a name at a port, from one address.
pub struct Tunnel {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Tunnel {
    /// Opens one that anyone who listens on `port` sees coming from the address `from`.
    pub async fn open(name: &str, port: u16, certificates: &Certificates, from: IpAddr) -> Self {
        let mut trusted = RootCertStore::empty();
        trusted.add(CertificateDer::from_pem_file(certificates.authority()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(trusted)
            .with_no_client_auth();
        let (connector, name) = (TlsConnector::from(Arc::new(config)), ServerName::try_from(name.to_owned()).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (connector, name) = (connector.clone(), name.clone());
                tokio::spawn(async move { drop(carry(stream, &connector, name, local(port), from).await) });
            }
        });
        Self { address, serving }
    }

    /// Where the plain bytes go in.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn carry(
    mut plain: TcpStream,
    connector: &TlsConnector,
    name: ServerName<'static>,
    to: SocketAddr,
    from: IpAddr,
) -> std::io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(from, 0))?;
    let mut sealed = connector.connect(name, socket.connect(to).await?).await?;
    tokio::io::copy_bidirectional(&mut plain, &mut sealed).await.map(drop)
}
