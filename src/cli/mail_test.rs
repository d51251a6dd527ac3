//! `mail test`: sends one message through the mail server of the settings, and says in plain words what came of it. It asks
//! neither for the database nor for a running server.

use super::CommandFailure;
use super::args::MailTest;
use crate::flows::notifications;
use crate::kernel::ids::MailId;
use crate::kernel::text::EmailAddress;
use crate::kernel::time::SystemClock;
use crate::kernel::{Clock, Fault};
use crate::platform::config::Settings;
use crate::platform::crypto::OsEntropy;
use crate::platform::mail::{Mailer, Outgoing, ProbeOutcome};
use crate::platform::render::Renderer;
use secrecy::ExposeSecret;

pub(super) async fn run(settings: &Settings, typed: &MailTest) -> Result<String, CommandFailure> {
    let to = EmailAddress::parse(&typed.to).map_err(|_| CommandFailure("--to is not an e-mail address.".to_owned()))?;
    let Some(server) = &settings.mail.server else {
        return Err(CommandFailure("No mail server is set, so no mail is sent. Set mail.server; vouchsafe settings says how.".to_owned()));
    };
    let mailer = Mailer::new(server.expose_secret(), &settings.mail.from, &settings.server.organisation, settings.origin().host())?;
    match try_out(settings, &mailer, to.as_str()).await? {
        ProbeOutcome::Taken(said) => Ok(format!(
            "The mail server took the mail: {said}\nIt is from {} to {}. Look whether it arrives, and whether it is taken for spam.\n",
            settings.mail.from,
            to.as_str()
        )),
        other => Err(CommandFailure(trouble(&other, &settings.mail.from))),
    }
}

async fn try_out(settings: &Settings, mailer: &Mailer, to: &str) -> Result<ProbeOutcome, Fault> {
    let written = Renderer::new()?.mail("en", &settings.server.organisation, &notifications::test_letter(settings))?;
    let now = SystemClock.now();
    let id = MailId::make(now, &OsEntropy).to_string();
    let outgoing = Outgoing { id: &id, at: now, to, subject: written.subject, text: written.text, html: written.html };
    Ok(mailer.try_out(outgoing).await)
}

/// What went wrong, what the server said, and what to look at.
fn trouble(answer: &ProbeOutcome, from: &str) -> String {
    match answer {
        ProbeOutcome::Taken(said) => format!("The mail server took the mail: {said}"),
        ProbeOutcome::Refused(said) => format!(
            "The mail server refused the mail: {said}\nIt may not know the address, or may not let this account send as {from} (mail.from)."
        ),
        ProbeOutcome::Later(said) => {
            format!("The mail server does not take the mail now: {said}\nThe server would try again, for about two days.")
        }
        ProbeOutcome::NotLetIn(said) => {
            format!(
                "The mail server does not let us in: {said}\nLook at the user name and the password in mail.server; special characters in them are written as %XX."
            )
        }
        ProbeOutcome::NoTls(said) => format!(
            "There is no encryption with the mail server that can be trusted: {said}\nsmtp:// needs STARTTLS (usually port 587), smtps:// speaks TLS from the start (usually port 465); the certificate must be good for the host name."
        ),
        ProbeOutcome::Silent => {
            "The mail server did not answer in time. Look at host and port in mail.server, and at firewalls between here and there."
                .to_owned()
        }
        ProbeOutcome::Unreachable(said) => format!("The mail server cannot be reached: {said}\nLook at host and port in mail.server."),
        ProbeOutcome::Unsendable(why) => format!("The mail cannot be made: {why}"),
    }
}
