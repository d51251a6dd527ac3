//! Correcting what an account is called: its values, its login names and its search words change together.

use super::{Attribute, LOGIN_NAME, NameKind, digest, local_part, profile, search, set_value, store};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::text::{DisplayName, EmailAddress, Username};
use crate::platform::db::Work;

/// What an account is called from now on.
#[derive(Clone, Debug)]
pub struct Correction {
    /// The person's name.
    pub name: DisplayName,
    /// The short name to sign in with.
    pub username: Username,
    /// The address, if there is one. Another one than before is not confirmed, and nobody vouched for it.
    pub email: Option<EmailAddress>,
}

/// The outcome of a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Corrected {
    /// These values are others now; none when all was as it is.
    Changed(Vec<Attribute>),
    /// Another account has this name or address; nothing was changed.
    NameTaken(NameKind),
}

/// What a correction would change, and whether it can be: changes nothing.
pub fn examine(w: &mut Work<'_>, person: PersonId, new: &Correction) -> Result<Corrected, Fault> {
    let old = profile(w, person)?;
    let (username, email) = (Some(new.username.as_str()), new.email.as_ref().map(EmailAddress::as_str));
    let mut changed = Vec::new();
    if old.name != new.name.as_str() {
        changed.push(Attribute::Name);
    }
    for (kind, attribute, before, after) in [
        (NameKind::Username, Attribute::Username, old.username.as_deref(), username),
        (NameKind::Email, Attribute::Email, old.email.as_deref(), email),
    ] {
        if before != after {
            if is_taken(w, person, kind, after)? {
                return Ok(Corrected::NameTaken(kind));
            }
            changed.push(attribute);
        }
    }
    Ok(Corrected::Changed(changed))
}

/// Changes what differs, and nothing else.
pub fn correct(w: &mut Work<'_>, person: PersonId, new: &Correction) -> Result<Corrected, Fault> {
    let outcome = examine(w, person, new)?;
    let Corrected::Changed(changed) = &outcome else { return Ok(outcome) };
    let email = new.email.as_ref().map(EmailAddress::as_str);
    for attribute in changed {
        let text = match attribute {
            Attribute::Name => Some(new.name.as_str()),
            Attribute::Username => Some(new.username.as_str()),
            Attribute::Email => email,
        };
        match attribute {
            Attribute::Name => {}
            Attribute::Username => replace_login_name(w, person, NameKind::Username, text)?,
            Attribute::Email => replace_login_name(w, person, NameKind::Email, text)?,
        }
        replace_value(w, person, *attribute, text)?;
    }
    if !changed.is_empty() {
        store::delete_word_prefixes(w, person)?;
        let (_, key) = w.index_key()?;
        search::index(w, person, &key, &[new.name.as_str(), new.username.as_str(), email.map_or("", local_part)])?;
    }
    Ok(outcome)
}

/// Whether a login name is another account's, or this one's of the other kind.
fn is_taken(w: &mut Work<'_>, person: PersonId, kind: NameKind, text: Option<&str>) -> Result<bool, Fault> {
    let Some(text) = text else { return Ok(false) };
    let (index_id, index_key) = w.index_key()?;
    let digest = digest(&index_key, text).ok_or_else(|| Fault::internal("a parsed name has no normal form"))?;
    Ok(store::find_holder(w, index_id, &digest)?.is_some_and(|holder| holder != (person, kind)))
}

fn replace_login_name(w: &mut Work<'_>, person: PersonId, kind: NameKind, text: Option<&str>) -> Result<(), Fault> {
    store::delete_login_names(w, person, kind)?;
    let Some(text) = text else { return Ok(()) };
    let (index_id, index_key) = w.index_key()?;
    let digest = digest(&index_key, text).unwrap_or_default();
    let sealed = w.person_key(person)?.seal(LOGIN_NAME, &digest, text.as_bytes())?;
    // Two people taking one name at the same moment: the second insert fails and its whole transaction with it.
    store::insert_login_name(w, &store::NewLoginName { key: index_id, digest: &digest, person, kind, sealed: &sealed })
}

/// A new row, so that what was known of the old value (a confirmation, someone's word for it) goes with it.
fn replace_value(w: &mut Work<'_>, person: PersonId, attribute: Attribute, text: Option<&str>) -> Result<(), Fault> {
    store::delete_value(w, person, attribute)?;
    let Some(text) = text else { return Ok(()) };
    let key = w.person_key(person)?;
    set_value(w, person, &key, attribute, text)
}

#[cfg(test)]
mod tests {
    use super::super::testing::person_with_email;
    use super::super::{Created, NewPerson, PersonState, Vouched, confirm_email, create, find_by_login_name, new_handle, vouch_for_email};
    use super::*;
    use crate::kernel::text::Reason;
    use crate::platform::db::testing::each_backend;

    fn to(name: &str, username: &str, email: Option<&str>) -> Correction {
        Correction {
            name: DisplayName::parse(name).unwrap(),
            username: Username::parse(username).unwrap(),
            email: email.map(|email| EmailAddress::parse(email).unwrap()),
        }
    }

    fn ben(w: &mut Work<'_>) -> PersonId {
        let new = to("Ben Crater", "bne", Some("ben@acme.example"));
        let new = NewPerson {
            handle: new_handle(w.entropy),
            name: new.name,
            username: Some(new.username),
            email: new.email,
            state: PersonState::Active,
        };
        let Created::Made(person) = create(w, &new).unwrap() else { panic!("taken") };
        person.id
    }

    #[test]
    fn what_is_corrected_counts_and_what_it_was_counts_no_longer() {
        each_backend(|w| {
            let ben = ben(w);
            confirm_email(w, ben).unwrap();
            let changed = correct(w, ben, &to("Ben Carter", "ben", Some("ben@acme.example"))).unwrap();
            assert_eq!(changed, Corrected::Changed(vec![Attribute::Name, Attribute::Username]));
            assert_eq!(find_by_login_name(w, "ben").unwrap().map(|person| person.id), Some(ben));
            assert_eq!(find_by_login_name(w, "bne").unwrap(), None);
            let now = profile(w, ben).unwrap();
            assert_eq!((now.name.as_str(), now.username.as_deref(), now.email_confirmed), ("Ben Carter", Some("ben"), true));
            assert_eq!(correct(w, ben, &to("Ben Carter", "ben", Some("ben@acme.example"))).unwrap(), Corrected::Changed(vec![]));
            // Another spelling of one's own name is no one else's.
            assert_eq!(
                correct(w, ben, &to("Ben Carter", "Ben", Some("ben@acme.example"))).unwrap(),
                Corrected::Changed(vec![Attribute::Username])
            );
        });
    }

    #[test]
    fn another_address_is_not_confirmed_and_nobody_vouched_for_it() {
        // OA-70
        each_backend(|w| {
            let ben = ben(w);
            assert_eq!(vouch_for_email(w, ben, None, &Reason::parse("Seen").unwrap()).unwrap(), Vouched::Done);
            assert!(profile(w, ben).unwrap().email_confirmed);
            correct(w, ben, &to("Ben Crater", "bne", Some("ben@other.example"))).unwrap();
            let now = profile(w, ben).unwrap();
            assert_eq!((now.email.as_deref(), now.email_confirmed), (Some("ben@other.example"), false));
            // Nor is the old one, when it comes back.
            correct(w, ben, &to("Ben Crater", "bne", Some("ben@acme.example"))).unwrap();
            assert!(!profile(w, ben).unwrap().email_confirmed);
            correct(w, ben, &to("Ben Crater", "bne", None)).unwrap();
            assert_eq!(profile(w, ben).unwrap().email, None);
            assert_eq!(find_by_login_name(w, "ben@acme.example").unwrap(), None);
        });
    }

    #[test]
    fn nobody_gets_anothers_name_or_address() {
        // CVE-26
        each_backend(|w| {
            let ben = ben(w);
            person_with_email(w, "Ana", "ana@acme.example");
            let taken = correct(w, ben, &to("Ben Carter", "ben", Some("ANA@acme.example"))).unwrap();
            assert_eq!(taken, Corrected::NameTaken(NameKind::Email));
            assert_eq!(profile(w, ben).unwrap().name, "Ben Crater", "nothing was changed");
        });
    }
}
