//! Adding a passkey to one's own account.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Binding, OwnerNotice};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::identity;
use crate::domain::outbox::MailKind;
use crate::domain::passkey::{self, Inserted, NewPasskey, Passkey, Registration};
use crate::flows::reauth::Reauthentication;
use crate::flows::spaces::NEW_PASSKEY;
use crate::flows::{Caller, throttle};
use crate::kernel::Fault;
use crate::kernel::ids::{PasskeyId, PersonId};
use crate::kernel::text::DeviceName;
use crate::platform::crypto::token::{AttemptCookie, TokenHash};
use crate::platform::db::Work;
use crate::platform::ephemeral::Key;

/// What a passkey whose maker we do not know is called until its person names it.
pub(crate) const PLAIN_NAME: &str = "Passkey";

/// A ceremony in progress, bound to person and browser (WA-02).
#[derive(Serialize, Deserialize)]
pub(crate) struct Started {
    person: PersonId,
    binding: TokenHash<AttemptCookie>,
    registration: Registration,
}

/// The result of a passkey's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedPasskey {
    /// It is there.
    Made(PasskeyId),
    /// No ceremony is open: too old, or used.
    TooOld,
    /// Refused; the record knows why.
    Refused,
    /// This passkey is on an account already.
    Taken,
    /// The account has as many as it may have.
    TooMany,
}

fn ceremony(recent: Reauthentication) -> Key<Started> {
    NEW_PASSKEY.key(recent.session())
}

/// Starts adding a passkey. Those that are there are not made again on the same device (WA-06).
///
/// # Errors
/// When something we need is away.
pub async fn start_passkey(app: &App, recent: Reauthentication, caller: &Caller) -> Result<Value, Fault> {
    let person = recent.person();
    let (account, profile, existing) = app
        .read(move |w| {
            let account = identity::find(w, person)?.ok_or_else(|| Fault::internal("a session of nobody"))?;
            Ok((account, identity::profile(w, person)?, passkey::list(w, person)?))
        })
        .await?;
    let (options, registration) = app.relying_party.start_registration(&account.handle, profile.login(), &profile.name, &existing)?;
    let started = Started { person, binding: caller.binding, registration };
    app.ephemeral.put(&ceremony(recent), &started).await?;
    Ok(options)
}

/// Takes the answer and stores the passkey for the person who started, never for someone the answer names (WA-72).
///
/// # Errors
/// When something we need is away.
pub async fn add_passkey(app: &App, recent: Reauthentication, caller: &Caller, body: &[u8]) -> Result<AddedPasskey, Fault> {
    let started = app.ephemeral.take(&ceremony(recent)).await?;
    let started = started.filter(|started| started.person == recent.person() && started.binding == caller.binding);
    let Some(started) = started else { return Ok(AddedPasskey::TooOld) };
    let Some(new) = register(app, caller, Some(started.person), &started.registration, body).await? else {
        return Ok(AddedPasskey::Refused);
    };
    let caller = caller.clone();
    app.write(move |w| {
        recent.hold(w)?;
        let maker = passkey::provider(new.aaguid).unwrap_or(PLAIN_NAME);
        let name = free_name(maker, &passkey::list(w, started.person)?)?;
        let binding = Binding { person: started.person, caller: &caller, notice: OwnerNotice::Own };
        Ok(match bind(w, binding, &name, &new)? {
            Inserted::Made(id) => AddedPasskey::Made(id),
            Inserted::Taken => AddedPasskey::Taken,
            Inserted::TooMany => AddedPasskey::TooMany,
        })
    })
    .await
}

/// Checks what a device made. `None` when it is refused; the record then says why, as often as one network may be refused.
pub(crate) async fn register(
    app: &App,
    caller: &Caller,
    person: Option<PersonId>,
    started: &Registration,
    body: &[u8],
) -> Result<Option<NewPasskey>, Fault> {
    let refusal = match app.relying_party.finish_registration(started, body) {
        Ok(new) => return Ok(Some(new)),
        Err(refusal) => refusal,
    };
    if throttle::is_first_in_window(app, caller, "passkey:registration").await? {
        let mut entry = Entry::new(Kind::PasskeyRefused, person.map_or(Actor::Unknown, Actor::Person)).fact("reason", refusal.0);
        if let Some(person) = person {
            entry = entry.about(person);
        }
        let entry = entry.personal(person, caller.audit_origin());
        app.write(move |w| audit::append(w, &entry)).await?;
    }
    Ok(None)
}

/// Binds a passkey (WA-73).
pub(crate) fn bind(w: &mut Work<'_>, binding: Binding<'_>, name: &DeviceName, new: &NewPasskey) -> Result<Inserted, Fault> {
    let inserted = passkey::insert(w, binding.person, name, new)?;
    if let Inserted::Made(id) = inserted {
        let entry = binding
            .entry(Kind::PasskeyAdded)
            .fact("passkey", id.to_string())
            .fact("aaguid", new.aaguid.to_string())
            .fact("user_verified", true)
            .fact("backup_eligible", new.backup_eligible)
            .fact("backup_state", new.backup_state);
        binding.record(w, entry)?;
        binding.tell(w, MailKind::PasskeyAdded, &[("thing", name.as_str().to_owned())])?;
    }
    Ok(inserted)
}

/// The maker's name, with a number when one of that name is there.
fn free_name(maker: &str, existing: &[Passkey]) -> Result<DeviceName, Fault> {
    let names: Vec<&str> = existing.iter().map(|passkey| passkey.name.as_str()).collect();
    DeviceName::parse(&first_free(maker, &names)).map_err(|_| Fault::internal("a passkey's maker has an unusable name"))
}

fn first_free(base: &str, taken: &[&str]) -> String {
    let base: String = base.chars().take(50).collect();
    let numbered = (2..=taken.len() + 1).map(|number| format!("{base} {number}"));
    std::iter::once(base.clone()).chain(numbered).find(|name| !taken.contains(&name.as_str())).unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_passkey_of_one_maker_gets_a_number() {
        assert_eq!(first_free("Passkey", &[]), "Passkey");
        assert_eq!(first_free("Passkey", &["Passkey"]), "Passkey 2");
        assert_eq!(first_free("Passkey", &["Passkey", "Passkey 2", "Blue key"]), "Passkey 3");
        assert_eq!(first_free("Passkey", &["Passkey 2", "Passkey"]), "Passkey 3");
    }
}
