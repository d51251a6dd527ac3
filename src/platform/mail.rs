//! Sending mail: one letter at a time to one SMTP server, over TLS whose certificate is checked. Only a server on this
//! machine may be spoken to without.

use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Tls;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::{Host, Url};

use crate::kernel::{Fault, Timestamp};

const PATIENCE: Duration = Duration::from_secs(30);

/// A letter ready to go.
pub struct Outgoing<'a> {
    /// An id that is the same at each try, so that a reader's mailbox can tell copies.
    pub id: &'a str,
    /// When what it tells happened.
    pub at: Timestamp,
    /// The address.
    pub to: &'a str,
    /// One line.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The same words as HTML.
    pub html: String,
}

/// What became of handing a letter over. The words are the server's, without the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server took it.
    Sent,
    /// The server will never take it.
    Refused(String),
    /// Not now.
    Later(String),
}

/// The way to a mail server. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl Mailer {
    /// A way to the server at `url`, checked by the settings: `smtps://` speaks TLS from the first byte, `smtp://` by
    /// STARTTLS, which is required unless the server is on this machine.
    ///
    /// # Errors
    /// When an address is not one.
    pub fn new(url: &str, from: &str, name: &str, host: &str) -> Result<Self, Fault> {
        let url = Url::parse(url).map_err(|_| Fault::internal("mail.server passed the settings and is no address"))?;
        let server = url.host_str().unwrap_or_default();
        let builder = match (url.scheme(), is_here(&url)) {
            ("smtps", _) => AsyncSmtpTransport::<Tokio1Executor>::relay(server),
            (_, false) => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(server),
            (_, true) => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server).port(25).tls(Tls::None)),
        };
        let mut builder = builder.map_err(Fault::internal)?.timeout(Some(PATIENCE)).hello_name(ClientId::Domain(host.to_owned()));
        if let Some(port) = url.port() {
            builder = builder.port(port);
        }
        if !url.username().is_empty() {
            let plain = |text: &str| form_urlencoded::parse(text.replace('+', "%2B").as_bytes()).map(|(key, _)| key.into_owned()).next();
            let (user, password) = (plain(url.username()), plain(url.password().unwrap_or_default()));
            builder = builder.credentials(Credentials::new(user.unwrap_or_default(), password.unwrap_or_default()));
        }
        let address = from.parse().map_err(|_| Fault::internal("mail.from passed the settings and is no address"))?;
        Ok(Self { transport: builder.build(), from: Mailbox::new(Some(name.to_owned()), address), host: host.to_owned() })
    }

    /// Hands a letter to the server.
    pub async fn send(&self, letter: Outgoing<'_>) -> Delivery {
        let Ok(to) = letter.to.parse() else { return Delivery::Refused("not an address".to_owned()) };
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            .date(std::time::UNIX_EPOCH + Duration::from_micros(u64::try_from(letter.at.micros()).unwrap_or(0)))
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(letter.text, letter.html));
        let message = match message {
            Ok(message) => message,
            Err(error) => return Delivery::Refused(error.to_string()),
        };
        match self.transport.send(message).await {
            Ok(_) => Delivery::Sent,
            Err(error) if error.is_permanent() && !is_about_us(&error) => Delivery::Refused(said(&error)),
            Err(error) => Delivery::Later(said(&error)),
        }
    }
}

/// Whether the server refuses us and not the letter: a wrong password in the settings loses nothing (RFC 4954 section 6).
fn is_about_us(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| ["530", "534", "535", "538"].contains(&code.to_string().as_str()))
}

/// The kind of failure, without what the server said: that often repeats the address.
fn said(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the server answered {code}"),
        None if error.is_tls() => "no TLS with the server, or its certificate is not trusted".to_owned(),
        None if error.is_timeout() => "the server did not answer in time".to_owned(),
        None => "the server cannot be reached".to_owned(),
    }
}

/// Whether a mail server is on this machine.
pub fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        // Schemes that are not the web's keep addresses as names.
        Some(Host::Domain(name)) => name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

/// Says to other machines that a machine wrote this, so that they do not answer (RFC 3834 section 5).
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }
    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
