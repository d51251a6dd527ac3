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
    let to = EmailAddress::parse(&typed.to).map_err(|_| CommandFailure("--to is not an email address.".to_owned()))?;
    let Some(server) = &settings.mail.server else {
        return Err(CommandFailure("No mail server is set, so no email is sent. Set mail.server (see: vouchsafe settings).".to_owned()));
    };
    let mailer = Mailer::new(server.expose_secret(), &settings.mail.from, &settings.server.organisation, settings.origin().host())?;
    match try_out(settings, &mailer, to.as_str()).await? {
        ProbeOutcome::Taken(said) => Ok(format!(
            "The mail server accepted the email: {said}\nIt is from {} to {}. Check that it arrives and is not marked as spam.\n",
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
        ProbeOutcome::Taken(said) => format!("The mail server accepted the email: {said}"),
        ProbeOutcome::Refused(said) => format!(
            "The mail server refused the email: {said}\nIt may not know the address, or may not let this account send as {from} (mail.from)."
        ),
        ProbeOutcome::Later(said) => {
            format!("The mail server does not accept the email now: {said}\nThe server would try again, for about two days.")
        }
        ProbeOutcome::NotLetIn(said) => {
            format!(
                "The mail server refused the login: {said}\nCheck the username and password in mail.server. Write special characters as %XX."
            )
        }
        ProbeOutcome::NoTls(said) => format!(
            "The connection to the mail server cannot be trusted: {said}\nsmtp:// needs STARTTLS (usually port 587), smtps:// speaks TLS from the start (usually port 465); the certificate must be valid for the host name."
        ),
        ProbeOutcome::Silent => {
            "The mail server did not answer in time. Check host and port in mail.server, and any firewalls in between.".to_owned()
        }
        ProbeOutcome::Unreachable(said) => format!("The mail server cannot be reached: {said}\nCheck host and port in mail.server."),
        ProbeOutcome::Unsendable(why) => format!("The email cannot be created: {why}"),
    }
}
