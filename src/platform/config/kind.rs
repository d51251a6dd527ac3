//! The kinds of values a setting can have: how each is read, shown, and described.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::duration;
use super::given::Found;
use super::key_bytes::KeyBytes;
use super::listen::Listen;
use super::network::IpNet;
use crate::kernel::address::{AddressProblem, Origin};
use crate::kernel::text::{EmailAddress, one_line};
use crate::platform::secret_url;

/// What a setting may be.
#[derive(Clone, Copy, Debug)]
pub enum SettingKind {
    /// One line of text with at most so many characters.
    Text(usize),
    /// Where browsers reach us.
    PublicUrl,
    /// A host and port to listen on.
    Listen,
    /// A list of networks.
    Networks,
    /// A list of host names, each with or without a port.
    Hosts,
    /// A file or folder.
    Path,
    /// The address of a database; a secret, because it can hold a password.
    DatabaseUrl,
    /// The address of a Redis; a secret, because it can hold a password.
    RedisUrl,
    /// The address of a mail server; a secret, because it can hold a password.
    MailUrl,
    /// An email address.
    MailAddress,
    /// The address of a page.
    WebAddress,
    /// The address of a page, or an email address.
    Contact,
    /// A key of 32 bytes; a secret.
    Key,
    /// A whole number between two others.
    Whole(u64, u64),
    /// A length of time between two others, in seconds.
    Span(u64, u64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Switch,
}

/// A value that was read and checked.
#[derive(Clone)]
pub enum Value {
    /// See [`SettingKind::Text`].
    Text(String),
    /// See [`SettingKind::PublicUrl`].
    Origin(Origin),
    /// See [`SettingKind::Listen`].
    Listen(Listen),
    /// See [`SettingKind::Networks`].
    Networks(Vec<IpNet>),
    /// See [`SettingKind::Hosts`].
    Hosts(Vec<String>),
    /// See [`SettingKind::Path`].
    Path(PathBuf),
    /// See [`SettingKind::DatabaseUrl`].
    Secret(SecretString),
    /// See [`SettingKind::Key`].
    Key(KeyBytes),
    /// See [`SettingKind::Whole`].
    Whole(u64),
    /// See [`SettingKind::Span`].
    Span(Duration),
    /// See [`SettingKind::Choice`].
    Choice(&'static str),
    /// See [`SettingKind::Switch`].
    Switch(bool),
}

/// Why a value was not taken, when there is more to say than what is allowed.
pub type WhyNot = Option<&'static str>;

impl SettingKind {
    /// Whether values are hidden when shown, and can be given as a file.
    pub fn is_secret(&self) -> bool {
        matches!(self, SettingKind::DatabaseUrl | SettingKind::RedisUrl | SettingKind::MailUrl | SettingKind::Key)
    }

    /// What is allowed, in words.
    pub fn allowed(&self) -> String {
        match self {
            SettingKind::Text(most) => format!("one line of text, at most {most} characters"),
            SettingKind::PublicUrl => "https:// and a host name, or http://localhost, with a port if needed and no path".into(),
            SettingKind::Listen => "localhost:PORT, ADDRESS:PORT or [IPV6]:PORT; port 0 takes a free one".into(),
            SettingKind::Networks => "a list of IP addresses or networks such as 10.0.0.0/8 or fd00::/8".into(),
            SettingKind::Hosts => "a list of host names, each with a port if needed, such as auth or auth.internal:8080".into(),
            SettingKind::Path => "a path".into(),
            SettingKind::DatabaseUrl => "sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE".into(),
            SettingKind::RedisUrl => "redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss:// for TLS".into(),
            SettingKind::MailUrl => "smtp://USER:PASSWORD@HOST:PORT (STARTTLS), or smtps:// (TLS from the start)".into(),
            SettingKind::MailAddress => "an email address".into(),
            SettingKind::WebAddress => "an https:// address".into(),
            SettingKind::Contact => "an https:// address, or an email address".into(),
            SettingKind::Key => "32 bytes as base64url or hexadecimal".into(),
            SettingKind::Whole(least, most) => format!("a whole number from {least} to {most}"),
            SettingKind::Span(least, most) => {
                let [least, most] = [least, most].map(|seconds| duration::show(Duration::from_secs(*seconds)));
                format!("a time from {least} to {most}, written with s, m, h or d")
            }
            SettingKind::Choice(words) => words.join(", "),
            SettingKind::Switch => "true or false".into(),
        }
    }

    /// Reads and checks a value.
    pub fn read(&self, found: &Found) -> Result<Value, WhyNot> {
        let text = match (self, found) {
            (SettingKind::Networks, Found::List(items)) => return networks(items.iter().map(String::as_str)),
            (SettingKind::Hosts, Found::List(items)) => return hosts(items.iter().map(String::as_str)),
            (SettingKind::Whole(..) | SettingKind::Switch, Found::Bare(text)) | (_, Found::Text(text)) => text.as_str(),
            (SettingKind::Span(..), Found::Bare(_)) => return Err(Some("the unit is missing")),
            (SettingKind::Networks | SettingKind::Hosts, _) => return Err(None),
            (_, Found::Bare(_)) => return Err(Some("it must be text in quotes")),
            _ => return Err(None),
        };
        match *self {
            SettingKind::Text(most) if !text.trim().is_empty() && one_line(text, most) == text => Ok(Value::Text(text.trim().to_owned())),
            SettingKind::Text(_) => Err(None),
            SettingKind::PublicUrl => Origin::parse_public(text).map(Value::Origin).map_err(|problem| Some(why_no_address(problem))),
            SettingKind::Listen => Listen::parse(text).map(Value::Listen).ok_or(None),
            SettingKind::Networks => networks(text.split(',').map(str::trim).filter(|item| !item.is_empty())),
            SettingKind::Hosts => hosts(text.split(',').map(str::trim).filter(|item| !item.is_empty())),
            SettingKind::Path if text.trim().is_empty() || text.contains('\0') => Err(None),
            SettingKind::Path => Ok(Value::Path(PathBuf::from(text))),
            SettingKind::DatabaseUrl => database_url(text),
            SettingKind::RedisUrl => redis_url(text),
            SettingKind::MailUrl => mail_url(text),
            SettingKind::MailAddress => EmailAddress::parse(text).map(|_| Value::Text(text.to_owned())).map_err(|_| None),
            SettingKind::WebAddress => web_address(text).ok_or(None),
            SettingKind::Contact => match EmailAddress::parse(text) {
                Ok(_) => Ok(Value::Text(format!("mailto:{text}"))),
                Err(_) => web_address(text).ok_or(None),
            },
            SettingKind::Key => KeyBytes::parse(text).map(Value::Key).ok_or(None),
            SettingKind::Whole(least, most) => {
                text.parse().ok().filter(|number| (least..=most).contains(number)).map(Value::Whole).ok_or(None)
            }
            SettingKind::Span(least, most) => match duration::parse(text) {
                Some(time) if (least..=most).contains(&time.as_secs()) => Ok(Value::Span(time)),
                Some(time) if time.as_secs() > most => Err(Some("that is too long")),
                Some(_) => Err(Some("that is too short")),
                None => Err(None),
            },
            SettingKind::Choice(words) => words.iter().find(|word| **word == text).map(|word| Value::Choice(word)).ok_or(None),
            SettingKind::Switch => match text {
                "true" => Ok(Value::Switch(true)),
                "false" => Ok(Value::Switch(false)),
                _ => Err(None),
            },
        }
    }

    /// A found value as it may be shown: short, on one line, secrets hidden (LG-06, LG-07).
    pub fn show_found(&self, found: &Found) -> String {
        match (self, found) {
            (SettingKind::DatabaseUrl | SettingKind::RedisUrl | SettingKind::MailUrl, Found::Text(text)) => masked(text),
            (SettingKind::Key, Found::Text(text)) => format!("a secret of {} characters (hidden)", text.chars().count()),
            (_, Found::Other(what)) => (*what).to_owned(),
            _ if self.is_secret() => "a value (hidden)".into(),
            (_, Found::Text(text)) => quoted(text),
            (_, Found::Bare(text)) => text.clone(),
            (_, Found::List(items)) => format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", ")),
        }
    }
}

/// An https address as browsers write it.
fn web_address(text: &str) -> Option<Value> {
    let url = Url::parse(text).ok().filter(|url| url.scheme() == "https" && url.username().is_empty() && url.password().is_none())?;
    Some(Value::Text(url.into()))
}

impl Value {
    /// The value as it may be shown, secrets hidden.
    pub fn show(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Origin(origin) => origin.as_str().to_owned(),
            Value::Listen(listen) => listen.to_string(),
            Value::Networks(networks) => networks.iter().map(IpNet::to_string).collect::<Vec<_>>().join(", "),
            Value::Hosts(hosts) => hosts.join(", "),
            Value::Path(path) => path.display().to_string(),
            Value::Secret(url) => masked(secrecy::ExposeSecret::expose_secret(url)),
            Value::Key(_) => "(hidden)".into(),
            Value::Whole(number) => number.to_string(),
            Value::Span(time) => duration::show(*time),
            Value::Choice(word) => (*word).to_owned(),
            Value::Switch(on) => on.to_string(),
        }
    }
}

fn quoted(text: &str) -> String {
    // An address with a user in it, in a place where none belongs: its password is one all the same.
    if text.contains('@') && text.contains(':') {
        return secret_url::HIDDEN.into();
    }
    let short: String = text.chars().take(80).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("{short:?}{more}")
}

fn networks<'a>(items: impl Iterator<Item = &'a str>) -> Result<Value, WhyNot> {
    let mut networks = Vec::new();
    for item in items {
        networks.push(IpNet::parse(item).map_err(Some)?);
    }
    Ok(Value::Networks(networks))
}

fn hosts<'a>(items: impl Iterator<Item = &'a str>) -> Result<Value, WhyNot> {
    let is_host = |item: &str| {
        let url = Url::parse(&format!("http://{item}/")).ok();
        url.is_some_and(|url| url.path() == "/" && url.host_str().is_some_and(|host| item.to_ascii_lowercase().starts_with(host)))
    };
    let items: Vec<String> = items.map(str::to_owned).collect();
    if items.iter().all(|item| is_host(item)) {
        Ok(Value::Hosts(items))
    } else {
        Err(Some("there must be host names only, without https:// and path"))
    }
}

fn mail_url(text: &str) -> Result<Value, WhyNot> {
    let url = secret_url::parse(text).ok_or(Some(secret_url::SPELLING))?;
    let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) || !bare {
        return Err(None);
    }
    Ok(Value::Secret(text.to_owned().into()))
}

fn redis_url(text: &str) -> Result<Value, WhyNot> {
    let url = secret_url::parse(text).ok_or(Some(secret_url::SPELLING))?;
    if !matches!(url.scheme(), "redis" | "rediss") || url.host_str().is_none_or(str::is_empty) {
        return Err(None);
    }
    if url.fragment().is_some() {
        return Err(Some("certificates are always checked; nothing after # is allowed"));
    }
    let number = url.path().trim_start_matches('/');
    if !number.is_empty() && number.parse::<u16>().is_err() {
        return Err(Some("after the host comes the number of a database"));
    }
    Ok(Value::Secret(text.to_owned().into()))
}

fn database_url(text: &str) -> Result<Value, WhyNot> {
    let (scheme, rest) = text.split_once("://").ok_or(None)?;
    match scheme {
        "sqlite" if rest.is_empty() || rest.contains('?') || rest.contains('\0') => Err(Some("it must name a file")),
        "sqlite" if rest.starts_with(":memory:") => Err(Some("a database in memory would be gone at the next start")),
        "sqlite" => Ok(Value::Secret(text.into())),
        "postgres" | "postgresql" if !cfg!(feature = "postgres-tls") && wants_tls(text) => Err(Some(
            "this program was built without TLS to Postgres. Build it with `cargo build --release --features postgres-tls`, \
             or leave sslmode out where the way to the database is private",
        )),
        "postgres" | "postgresql" if secret_url::parse(text).is_some_and(|url| url.fragment().is_none()) => Ok(Value::Secret(text.into())),
        "postgres" | "postgresql" => Err(Some(secret_url::SPELLING)),
        _ => Err(Some("only SQLite and Postgres are known")),
    }
}

/// Whether an address of Postgres insists on an encrypted connection. `prefer` and `allow` take one or none.
fn wants_tls(text: &str) -> bool {
    let insists = |name: &str, value: &str| match name {
        "sslmode" => matches!(value, "require" | "verify-ca" | "verify-full"),
        "ssl" => value == "true",
        _ => false,
    };
    Url::parse(text).is_ok_and(|url| url.query_pairs().any(|(name, value)| insists(&name, &value)))
}

/// An address without its passwords. The path of a SQLite file holds none.
fn masked(text: &str) -> String {
    if text.starts_with("sqlite://") { text.escape_debug().to_string() } else { secret_url::masked(text) }
}

fn why_no_address(problem: AddressProblem) -> &'static str {
    match problem {
        AddressProblem::NeedsHttps => "plain http works on localhost only: elsewhere browsers refuse passkeys",
        AddressProblem::IpAddress => "passkeys need a host name, not an IP address",
        AddressProblem::Path => "it must end after host and port",
        AddressProblem::UserInfo => "it must not contain a username or password",
        AddressProblem::Scheme => "it must start with https://",
        _ => "it is not a complete address",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_database_addresses_are_hidden() {
        // LG-06
        for (text, shown) in [
            ("postgres://ana:hunter2@db.example/vouchsafe", "postgres://ana:****@db.example/vouchsafe"),
            ("postgres://db.example/vouchsafe", "postgres://db.example/vouchsafe"),
            ("postgres://db/v?user=a&password=hunter2", "postgres://db/v?(hidden)"),
            ("mysql://ana:hunter2@db/x", "the value (hidden)"),
            ("postgres//ana:hunter2@db", "the value (hidden)"),
            ("sqlite://data/v.sqlite", "sqlite://data/v.sqlite"),
        ] {
            assert_eq!(SettingKind::DatabaseUrl.show_found(&Found::Text(text.into())), shown);
        }
        assert!(!SettingKind::Key.show_found(&Found::Text("hunter2".into())).contains("hunter2"));
        assert!(!SettingKind::Key.show_found(&Found::Bare("1234567".into())).contains("1234567"));
    }

    #[test]
    fn a_redis_is_named_with_its_certificates_checked() {
        // CR-09
        let read = |text: &str| SettingKind::RedisUrl.read(&Found::Text(text.into()));
        for good in ["redis://localhost", "redis://:secret@10.0.0.1:6380/3", "rediss://user:secret@cache.example/0"] {
            assert!(read(good).is_ok(), "{good}");
        }
        for bad in ["", "localhost:6379", "http://h", "redis://", "redis+unix:///x", "rediss://h/0#insecure", "redis://h/zero"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_two_databases_are_known() {
        let read = |text: &str| SettingKind::DatabaseUrl.read(&Found::Text(text.into()));
        for good in [
            "sqlite://data/v.sqlite",
            "sqlite:///srv/v.sqlite",
            "postgres://a:b@h/d",
            "postgresql:///d?host=/run/pg",
            "postgres://%2Frun%2Fpg/d",
        ] {
            assert!(read(good).is_ok(), "{good}");
        }
        for bad in ["", "data.sqlite", "sqlite://", "sqlite://:memory:", "sqlite://x?mode=memory", "mysql://h/d", "file:x", "postgres"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn tls_to_postgres_is_refused_by_a_program_that_has_none() {
        // WB-15: never in the clear where the address says otherwise.
        for (query, insists) in [
            ("", false),
            ("?sslmode=disable", false),
            ("?sslmode=prefer", false),
            ("?sslmode=require", true),
            ("?application_name=v&sslmode=verify-ca", true),
            ("?sslmode=verify%2Dfull&sslrootcert=system", true),
            ("?ssl=true", true),
        ] {
            let read = database_url(&format!("postgres://a:b@h/d{query}"));
            let refused = matches!(read, Err(Some(why)) if why.contains("--features postgres-tls"));
            assert_eq!(refused, insists && !cfg!(feature = "postgres-tls"), "{query}");
        }
    }

    #[test]
    fn what_is_shown_stays_on_one_line() {
        // LG-07
        let shown = SettingKind::Text(60).show_found(&Found::Text("a\nb\u{1b}[31m\u{202e}".into()));
        assert_eq!(shown, r#""a\nb\u{1b}[31m\u{202e}""#);
        assert!(SettingKind::Text(60).show_found(&Found::Text("x".repeat(500))).chars().count() < 90);
    }
}
