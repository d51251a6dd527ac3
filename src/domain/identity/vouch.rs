//! An administrator's word that an address is a person's, where no message can show it (OA-70). It is sealed together with
//! the address it is about: once the address is another one, it no longer says anything.

use serde::{Deserialize, Serialize};

use super::store::{self, ValueRow};
use super::{Attribute, VALUE};
use crate::kernel::ids::{PersonId, UuidId};
use crate::kernel::text::Reason;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::{FieldLabel, SealingKey};
use crate::platform::db::Work;
use crate::platform::vault::open_with;

const VOUCH: FieldLabel = FieldLabel("person_value.vouch");

/// That someone vouched for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouch {
    /// The administrator; `None` when it was done on the host.
    pub by: Option<PersonId>,
    /// Why they are sure.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// As it is kept.
#[derive(Serialize, Deserialize)]
struct Sealed {
    address: String,
    by: Option<PersonId>,
    reason: String,
}

/// The result of vouching for an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Vouched {
    /// The address counts as confirmed.
    Done,
    /// There is no address.
    NoAddress,
    /// The person confirmed it themselves.
    Confirmed,
}

/// Vouches for a person's address as it is now; replaces an earlier word.
pub fn vouch_for_email(w: &mut Work<'_>, person: PersonId, by: Option<PersonId>, reason: &Reason) -> Result<Vouched, Fault> {
    let Some(row) = store::find_value(w, person, Attribute::Email)? else { return Ok(Vouched::NoAddress) };
    if row.checked_at.is_some() {
        return Ok(Vouched::Confirmed);
    }
    let key = w.person_key(person)?;
    let address = open_with(&key, VALUE, row.id.uuid().as_bytes(), &row.value)?;
    let sealed = Sealed { address, by, reason: reason.as_str().to_owned() };
    let text = serde_json::to_vec(&sealed).map_err(|error| Fault::internal(format!("a vouch cannot be written: {error}")))?;
    let sealed = key.seal(VOUCH, row.id.uuid().as_bytes(), &text)?;
    store::set_vouch(w, row.id, Some(&sealed))?;
    Ok(Vouched::Done)
}

/// Takes it back. False when nobody vouched for the address.
pub fn withdraw_vouch(w: &mut Work<'_>, person: PersonId) -> Result<bool, Fault> {
    let Some(row) = store::find_value(w, person, Attribute::Email)? else { return Ok(false) };
    if row.vouch.is_none() {
        return Ok(false);
    }
    store::set_vouch(w, row.id, None)?;
    Ok(true)
}

/// The word that stands for `address`, the value of this row; one about another address stands no more.
pub(super) fn of_address(key: &SealingKey, row: &ValueRow, address: &str) -> Result<Option<Vouch>, Fault> {
    let (Some(sealed), Some(at)) = (&row.vouch, row.vouched_at) else { return Ok(None) };
    let text = open_with(key, VOUCH, row.id.uuid().as_bytes(), sealed)?;
    let read: Sealed = serde_json::from_str(&text).map_err(|_| Fault::corrupt("person_values", "vouch", row.id))?;
    Ok(Some(Vouch { by: read.by, reason: read.reason, at }).filter(|_| read.address == address))
}

#[cfg(test)]
mod tests {
    use super::super::testing::person_with_email;
    use super::super::{profile, set_value_for_tests};
    use super::*;
    use crate::platform::db::testing::each_backend;

    #[test]
    fn a_vouch_stands_for_one_address_until_it_is_taken_back() {
        // OA-70, CVE-106
        each_backend(|w| {
            let (ana, boss) = (person_with_email(w, "Ana", "ana@acme.example"), person_with_email(w, "Boss", "boss@acme.example"));
            let reason = Reason::parse("On the contract").unwrap();
            assert!(!withdraw_vouch(w, ana).unwrap());
            assert_eq!(vouch_for_email(w, ana, Some(boss), &reason).unwrap(), Vouched::Done);
            let read = profile(w, ana).unwrap();
            let vouch = Vouch { by: Some(boss), reason: "On the contract".into(), at: w.now };
            assert_eq!((read.email_confirmed, read.email_vouch), (true, Some(vouch)));
            assert!(!profile(w, boss).unwrap().email_confirmed);
            assert!(withdraw_vouch(w, ana).unwrap() && !withdraw_vouch(w, ana).unwrap());
            assert!(!profile(w, ana).unwrap().email_confirmed);

            vouch_for_email(w, ana, None, &reason).unwrap();
            set_value_for_tests(w, ana, Attribute::Email, "other@acme.example");
            let read = profile(w, ana).unwrap();
            assert_eq!((read.email.as_deref(), read.email_confirmed, read.email_vouch), (Some("other@acme.example"), false, None));
        });
    }

    #[test]
    fn there_is_nothing_to_vouch_for_without_an_address_or_once_it_is_confirmed() {
        each_backend(|w| {
            let reason = Reason::parse("Known").unwrap();
            let nameless = super::super::testing::person(w, "Ben");
            assert_eq!(vouch_for_email(w, nameless, None, &reason).unwrap(), Vouched::NoAddress);
            let ana = person_with_email(w, "Ana", "ana@acme.example");
            super::super::confirm_email(w, ana).unwrap();
            assert_eq!(vouch_for_email(w, ana, None, &reason).unwrap(), Vouched::Confirmed);
            assert!(profile(w, ana).unwrap().email_confirmed);
        });
    }
}
