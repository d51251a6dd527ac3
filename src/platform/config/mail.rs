//! `[mail]`: how messages go out.

use secrecy::SecretString;

use super::kind::{SettingKind, Value};
use super::setting::{Preset, section};
use super::values::Values;

section! {
    /// Which mail server, and who we are there.
    Mail = "mail" {
        server: Option<SecretString> = SettingKind::MailUrl, Preset::Unset("no email is sent"),
            "The SMTP server that sends our email. TLS is required unless it is on this machine.";
        from: String = SettingKind::MailAddress, Preset::Made("`vouchsafe@` and our host name", at_our_host),
            "The address our email comes from.";
    }
}

fn at_our_host(values: &Values) -> String {
    let host = match values.settled("server.public_url").and_then(|settled| settled.value.as_ref()) {
        Some(Value::Origin(origin)) => origin.host().to_owned(),
        _ => "localhost".to_owned(),
    };
    format!("vouchsafe@{host}")
}
