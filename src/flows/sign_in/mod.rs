//! Signing in: one attempt on the server, one pure decider of the next step, one finish. Confirming a signed-in
//! person again goes the same way with the same checks (TH-05).

mod attempt;
mod finish;
mod next_step;
mod passkey;
mod password;
mod recovery_code;
mod totp;

pub use attempt::{Attempt, Loaded, Purpose, State, load};
pub use finish::{Signed, complete, finish_with};
pub use next_step::{Enrolled, Step, next_step, recovery_helps};
pub use passkey::{Answered, Place, finish as finish_passkey, start_for_attempt, start_for_confirmation, start_username_less};
pub use password::{PasswordOutcome, begin as begin_with_password};
pub use recovery_code::{Helper, RecoveryOutcome, RecoveryProblem, helper, recovery_switched_off, submit as submit_recovery};
pub use totp::{TotpOutcome, TotpProblem, codes_switched_off, submit as submit_totp};

use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::policy::{self, Need};
use crate::domain::session::Session;
use crate::domain::{access, group, identity, passkey as passkeys, password as passwords, recovery as codes, totp as totps};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::proof::Acr;
use crate::platform::db::Work;

use super::{Caller, notifications};

/// What a person must reach: what is asked for, and at least what the rules say. More than two factors may mean that a
/// passkey is added on the way; for that a recovery code is no proof of whoever has a role (AA-09, EN-15).
fn need(w: &mut Work<'_>, person: PersonId, asked: Need) -> Result<Need, Fault> {
    let groups: Vec<_> = group::list_of(w, person)?.into_iter().map(|(id, _)| id).collect();
    let whole = asked.at_least(policy::for_sign_in(Some(person), &groups, None).acr);
    let only_unaided = whole.acr > Acr::Two && !access::roles(w, person)?.is_empty();
    Ok(if only_unaided { whole.without_recovery_code() } else { whole })
}

/// The ways to sign in a person has.
pub fn enrolled(w: &mut Work<'_>, person: PersonId) -> Result<Enrolled, Fault> {
    Ok(Enrolled {
        password: passwords::exists(w, person)?,
        totp: !totps::list(w, person)?.is_empty(),
        passkey: !passkeys::list(w, person)?.is_empty(),
        recovery: codes::status(w, person)?.is_some_and(|status| status.left > 0),
    })
}

/// What the person of a session types to sign in.
///
/// # Errors
/// When the database is away.
pub async fn login_name(app: &App, session: &Session) -> Result<String, Fault> {
    let person = session.person;
    Ok(app.read(move |w| identity::profile(w, person)).await?.login().to_owned())
}

/// Writes down that a way to sign in was tried and refused (LG-03), and tells its owner when it happens often (TH-13).
/// The typed name is never kept.
fn refused(w: &mut Work<'_>, caller: &Caller, person: Option<PersonId>, way: &str, reason: &str) -> Result<(), Fault> {
    let mut entry = Entry::new(Kind::SignInRefused, person.map_or(Actor::Unknown, Actor::Person))
        .fact("way", way)
        .fact("reason", reason)
        .personal(person, caller.audit_origin());
    if let Some(person) = person {
        entry = entry.about(person);
    }
    audit::append(w, &entry)?;
    notifications::many_failures(w, person, caller)
}

#[cfg(test)]
mod tests;
