//! Signing in: one attempt on the server, one pure decider of the next step, one finish. Confirming a signed-in
//! person again goes the same way with the same checks (TH-05).

mod attempt;
pub(crate) mod enter;
pub(crate) mod guess;
mod helper;
mod next_step;
mod passkey;
mod password;
mod recovery_code;
mod second_step;
mod totp;

pub use attempt::{Attempt, Begin, Loaded, Signed, State, load};
pub use enter::{Entered, EntryPurpose};
pub use guess::switched_off;
pub use helper::{Helper, helper};
pub use next_step::{Enrolled, SignInStep, next_step, recovery_helps};
pub(crate) use passkey::KeptCeremony;
pub use passkey::{CeremonyPage, PasskeyOutcome, finish as finish_passkey, start_for_attempt, start_for_confirmation, start_username_less};
pub(crate) use password::PasswordCheck;
pub use password::{PasswordOutcome, begin as begin_with_password};
pub use recovery_code::submit as submit_recovery_code;
pub use second_step::{CodeOutcome, CodeProblem};
pub use totp::submit as submit_totp;

use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity::{self, Profile};
use crate::domain::policy::{self, Need, RecoveryCodes};
use crate::domain::{access, passkey as passkeys, password as passwords, recovery as codes, totp as totps};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::proof::{Acr, Method};
use crate::platform::db::Work;

use super::{Caller, notifications, reauth};

/// What a person must reach: what is asked for, and at least what the rules say. More than two factors may mean that a
/// passkey is added on the way; for that a recovery code is no proof of anyone who has a role (AA-09, EN-15).
fn need(w: &mut Work<'_>, person: PersonId, asked: Need) -> Result<Need, Fault> {
    let whole = asked.at_least(policy::for_sign_in().acr);
    let only_unaided = whole.acr > Acr::Two && !access::roles(w, person)?.is_empty();
    Ok(if only_unaided { whole.without_recovery_code() } else { whole })
}

/// The sign-in methods a person has.
pub fn enrolled(w: &mut Work<'_>, person: PersonId) -> Result<Enrolled, Fault> {
    Ok(Enrolled {
        password: passwords::exists(w, person)?,
        totp: !totps::list(w, person)?.is_empty(),
        passkey: !passkeys::list(w, person)?.is_empty(),
        recovery: codes::status(w, person)?.is_some_and(|status| status.left > 0),
    })
}

/// The methods a person has.
///
/// # Errors
/// When the database cannot be asked.
pub async fn enrolled_of(app: &App, person: PersonId) -> Result<Enrolled, Fault> {
    app.read(move |w| enrolled(w, person)).await
}

/// The names of a person's authenticators.
///
/// # Errors
/// When the database cannot be asked.
pub async fn authenticators(app: &App, person: PersonId) -> Result<Vec<String>, Fault> {
    app.read(move |w| Ok(totps::list(w, person)?.into_iter().map(|totp| totp.name).collect())).await
}

/// What is left after a recovery code, and who helps from there.
///
/// # Errors
/// When the database cannot be asked.
pub async fn after_recovery_code(app: &App, person: PersonId) -> Result<(Option<codes::Status>, Helper), Fault> {
    app.read(move |w| Ok((codes::status(w, person)?, helper(w, person)?))).await
}

/// Who proves again that it is them, and by what.
pub struct Reauthenticating {
    /// What the person is called.
    pub profile: Profile,
    /// The methods they have.
    pub enrolled: Enrolled,
    /// What must be proved, from now on (OA-78).
    pub need: Need,
}

/// What proving it again asks of a person.
///
/// # Errors
/// When the database cannot be asked.
pub async fn reauthenticating(app: &App, person: PersonId, codes: RecoveryCodes) -> Result<Reauthenticating, Fault> {
    app.read(move |w| {
        let need = reauth::need(w, person, w.now, codes)?;
        Ok(Reauthenticating { profile: identity::profile(w, person)?, enrolled: enrolled(w, person)?, need })
    })
    .await
}

/// Why a guess or an answer is refused, for the record.
#[derive(Clone, Copy, Debug)]
struct RefusalRecord<'a> {
    method: Method,
    reason: &'a str,
    /// The page, where it is not a sign-in.
    page: Option<&'a str>,
}

/// Records a refusal (LG-03), and tells the owner of the account when they are many (TH-13). The typed name is never kept.
fn refused(w: &mut Work<'_>, caller: &Caller, person: Option<PersonId>, refusal: RefusalRecord<'_>) -> Result<(), Fault> {
    let mut entry = Entry::new(Kind::SignInRefused, person.map_or(Actor::Unknown, Actor::Person))
        .fact("method", refusal.method.as_str())
        .fact("reason", refusal.reason)
        .personal(person, caller.audit_origin());
    if let Some(page) = refusal.page {
        entry = entry.fact("page", page);
    }
    if let Some(person) = person {
        entry = entry.about(person);
    }
    audit::append(w, &entry)?;
    notifications::many_failures(w, person, caller)
}

#[cfg(test)]
mod tests;
