//! What a command shows once: a secret or a link that is kept nowhere. Where it cannot be printed (a full disk, a reader
//! that has gone) nobody has it, so what it opens is taken back.

use super::{CommandFailure, say};
use crate::app::App;
use crate::flows::ActingAdmin;
use crate::flows::{apps, people};
use crate::kernel::ids::{ClientId, PersonId, SecretId};
use crate::kernel::text::Reason;

/// What a command has to print.
pub(super) struct Printed {
    pub(super) text: String,
    pub(super) made: PrintedSecret,
}

/// What was created that only the printed text opens.
pub(super) enum PrintedSecret {
    /// Nothing, or what the same command gives again.
    Nothing,
    Application(ClientId),
    Secret(ClientId, SecretId),
    Invitation(PersonId),
}

impl From<String> for Printed {
    fn from(text: String) -> Self {
        Self { text, made: PrintedSecret::Nothing }
    }
}

/// Prints it, or takes back what was created.
pub(super) async fn show(app: &App, printed: Printed) -> Result<(), CommandFailure> {
    let Err(CommandFailure(why)) = say(&printed.text) else { return Ok(()) };
    let host = ActingAdmin::at_the_host();
    let taken_back = match printed.made {
        PrintedSecret::Nothing => return Err(CommandFailure(why)),
        PrintedSecret::Application(id) => {
            let reason = Reason::parse("Its secret could not be printed").map_err(|_| CommandFailure(why.clone()))?;
            apps::delete(app, &host, id, reason).await?;
            "the application was deleted"
        }
        PrintedSecret::Secret(client, id) => {
            apps::revoke_secret(app, &host, client, id).await?;
            "the new secret was revoked"
        }
        PrintedSecret::Invitation(person) => {
            people::withdraw(app, &host, person).await?;
            "the link was cancelled; run the same command with --again to create another"
        }
    };
    Err(CommandFailure(format!("What is shown once could not be printed ({why}), so {taken_back}.")))
}
