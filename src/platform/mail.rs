//! Sending mail: one message at a time to one SMTP server, over TLS whose certificate is checked. Only a server on this
//! machine may be spoken to without.

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Tls;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::kernel::text::one_line;
use crate::kernel::{Fault, Timestamp};

const PATIENCE: Duration = Duration::from_secs(30);
/// The most characters that are repeated of what a server says.
const MOST_SAID: usize = 500;

/// A message ready to go.
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

/// The result of handing a message over. The words are the server's, without the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server took it.
    Sent,
    /// The server will never take it.
    Refused(String),
    /// Not now.
    Later(String),
}

/// What came of trying a server out, with its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeOutcome {
    /// It took the mail.
    Taken(String),
    /// It will never take this message.
    Refused(String),
    /// It does not take it now.
    Later(String),
    /// It does not let us send: name, password, or none of the ways to give them.
    NotLetIn(String),
    /// No TLS, or a certificate that is not trusted.
    NoTls(String),
    /// It did not answer in time.
    Silent,
    /// Nothing answers there.
    Unreachable(String),
    /// The mail cannot be made.
    Unsendable(String),
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
        // An IPv6 address stands in brackets in an address of the web and without them everywhere else.
        let server = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
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
            let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
            let (user, password) = (plain(url.username()), plain(url.password().unwrap_or_default()));
            builder = builder.credentials(Credentials::new(user, password));
        }
        let address = from.parse().map_err(|_| Fault::internal("mail.from passed the settings and is no address"))?;
        Ok(Self { transport: builder.build(), from: Mailbox::new(Some(name.to_owned()), address), host: host.to_owned() })
    }

    /// Hands a message to the server.
    pub async fn send(&self, mail: Outgoing<'_>) -> Delivery {
        let message = match self.message(mail) {
            Ok(message) => message,
            Err(why) => return Delivery::Refused(why),
        };
        match self.transport.send(message).await {
            Ok(_) => Delivery::Sent,
            Err(error) if error.is_permanent() && !is_about_us(&error) => Delivery::Refused(said(&error)),
            Err(error) => Delivery::Later(said(&error)),
        }
    }

    /// Hands a message to the server and says in full what came of it, for anyone who sets the server up.
    pub async fn try_out(&self, mail: Outgoing<'_>) -> ProbeOutcome {
        let message = match self.message(mail) {
            Ok(message) => message,
            Err(why) => return ProbeOutcome::Unsendable(why),
        };
        let error = match self.transport.send(message).await {
            Ok(response) => {
                let text: Vec<&str> = response.message().collect();
                return ProbeOutcome::Taken(one_line(&format!("{} {}", response.code(), text.join(" ")), MOST_SAID));
            }
            Err(error) => error,
        };
        let text = one_line(&chain(&error), MOST_SAID);
        match error.status() {
            Some(_) if is_about_us(&error) => ProbeOutcome::NotLetIn(text),
            Some(_) if error.is_permanent() => ProbeOutcome::Refused(text),
            Some(_) => ProbeOutcome::Later(text),
            None if is_about_tls(&error) => ProbeOutcome::NoTls(text),
            None if error.is_timeout() => ProbeOutcome::Silent,
            None if error.is_client() => ProbeOutcome::NotLetIn(text),
            None => ProbeOutcome::Unreachable(text),
        }
    }

    fn message(&self, mail: Outgoing<'_>) -> Result<Message, String> {
        let to = mail.to.parse().map_err(|_| "not an address".to_owned())?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject)
            .date(std::time::UNIX_EPOCH + Duration::from_micros(u64::try_from(mail.at.micros()).unwrap_or(0)))
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            // A machine wrote this, so that others do not answer (RFC 3834 section 5), and all of it can be sorted (RFC 2919).
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("List-Id"), format!("<account.{}>", self.host)))
            .multipart(MultiPart::alternative_plain_html(mail.text, mail.html));
        message.map_err(|error| error.to_string())
    }
}

/// An error with everything under it. Names the address a message was for, so it is for a terminal and no log.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut under = error.source();
    while let Some(source) = under {
        let more = source.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        under = source.source();
    }
    text
}

/// Whether it failed at encryption. Most of what TLS says comes as data that makes no sense.
fn is_about_tls(error: &lettre::transport::smtp::Error) -> bool {
    let mut under = std::error::Error::source(error);
    while let Some(source) = under {
        let io = source.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| matches!(io.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof)) {
            return true;
        }
        under = source.source();
    }
    error.is_tls() || error.to_string().contains("STARTTLS")
}

/// Whether the server refuses us and not the mail: a wrong password in the settings loses nothing (RFC 4954 section 6).
fn is_about_us(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| ["530", "534", "535", "538"].contains(&code.to_string().as_str()))
}

/// The kind of failure, without what the server said: that often repeats the address.
fn said(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the server answered {code}"),
        None if is_about_tls(error) => "no TLS with the server, or its certificate is not trusted".to_owned(),
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
