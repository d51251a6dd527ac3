//! Changing what an account is called: its values, its login names and its search words change together.

use super::{Attribute, LOGIN_NAME, NameKind, Profile, digest, local_part, profile, search, set_value, store};
use crate::kernel::Fault;
use crate::kernel::ids::PersonId;
use crate::kernel::text::{DisplayName, EmailAddress, Username};
use crate::platform::db::Work;

/// What is changed about how an account is called; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// The person's name.
    pub name: Option<DisplayName>,
    /// The short name to sign in with.
    pub username: Option<Username>,
    /// The address, or that there is none. Another one than before is not confirmed, and nobody vouched for it.
    pub email: Option<Option<EmailAddress>>,
}

/// The outcome of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileChanged {
    /// These values are others now; none when all was as it is.
    Changed(Vec<Attribute>),
    /// Another account has this name or address; nothing was changed.
    NameTaken(NameKind),
}

/// The values of a change, each with what it was and what it will be.
type Differences<'a> = Vec<(Attribute, Option<&'a str>)>;

fn differences<'a>(old: &Profile, new: &'a ProfileChange) -> Differences<'a> {
    let name = new.name.as_ref().map(|name| (Attribute::Name, Some(old.name.as_str()), Some(name.as_str())));
    let username = new.username.as_ref().map(|name| (Attribute::Username, old.username.as_deref(), Some(name.as_str())));
    let email = new.email.as_ref().map(|email| (Attribute::Email, old.email.as_deref(), email.as_ref().map(EmailAddress::as_str)));
    let all = [name, username, email].into_iter().flatten();
    all.filter(|(_, before, after)| before != after).map(|(attribute, _, after)| (attribute, after)).collect()
}

/// What a change would change, and whether it can be: changes nothing.
pub fn preview_change(w: &mut Work<'_>, person: PersonId, new: &ProfileChange) -> Result<ProfileChanged, Fault> {
    let old = profile(w, person)?;
    let differences = differences(&old, new);
    for (attribute, text) in &differences {
        if let Some(kind) = login_name(*attribute)
            && is_taken(w, person, kind, *text)?
        {
            return Ok(ProfileChanged::NameTaken(kind));
        }
    }
    Ok(ProfileChanged::Changed(differences.into_iter().map(|(attribute, _)| attribute).collect()))
}

/// Changes what differs, and nothing else.
pub fn change_profile(w: &mut Work<'_>, person: PersonId, new: &ProfileChange) -> Result<ProfileChanged, Fault> {
    let outcome = preview_change(w, person, new)?;
    if matches!(&outcome, ProfileChanged::NameTaken(_)) || outcome == ProfileChanged::Changed(vec![]) {
        return Ok(outcome);
    }
    let old = profile(w, person)?;
    for (attribute, text) in differences(&old, new) {
        if let Some(kind) = login_name(attribute) {
            replace_login_name(w, person, kind, text)?;
        }
        replace_value(w, person, attribute, text)?;
    }
    // Applications read when a profile last changed, also where a value is gone.
    store::touch_value(w, person, Attribute::Name)?;
    let now = profile(w, person)?;
    let (_, key) = w.index_key()?;
    store::delete_word_prefixes(w, person)?;
    let texts = [now.name.as_str(), now.username.as_deref().unwrap_or_default(), now.email.as_deref().map_or("", local_part)];
    search::index(w, person, &key, &texts)?;
    Ok(outcome)
}

/// The kind of login name that a value is, too.
fn login_name(attribute: Attribute) -> Option<NameKind> {
    match attribute {
        Attribute::Name => None,
        Attribute::Username => Some(NameKind::Username),
        Attribute::Email => Some(NameKind::Email),
    }
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

    fn to(name: &str, username: &str, email: Option<&str>) -> ProfileChange {
        ProfileChange {
            name: Some(DisplayName::parse(name).unwrap()),
            username: Some(Username::parse(username).unwrap()),
            email: Some(email.map(|email| EmailAddress::parse(email).unwrap())),
        }
    }

    fn ben(w: &mut Work<'_>) -> PersonId {
        let new = to("Ben Crater", "bne", Some("ben@acme.example"));
        let new = NewPerson {
            handle: new_handle(w.entropy),
            name: new.name.unwrap(),
            username: new.username,
            email: new.email.unwrap(),
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
            let changed = change_profile(w, ben, &to("Ben Carter", "ben", Some("ben@acme.example"))).unwrap();
            assert_eq!(changed, ProfileChanged::Changed(vec![Attribute::Name, Attribute::Username]));
            assert_eq!(find_by_login_name(w, "ben").unwrap().map(|person| person.id), Some(ben));
            assert_eq!(find_by_login_name(w, "bne").unwrap(), None);
            let now = profile(w, ben).unwrap();
            assert_eq!((now.name.as_str(), now.username.as_deref(), now.email_confirmed), ("Ben Carter", Some("ben"), true));
            assert_eq!(
                change_profile(w, ben, &to("Ben Carter", "ben", Some("ben@acme.example"))).unwrap(),
                ProfileChanged::Changed(vec![])
            );
            assert_eq!(change_profile(w, ben, &ProfileChange::default()).unwrap(), ProfileChanged::Changed(vec![]));
            // Another spelling of one's own name is no one else's.
            assert_eq!(
                change_profile(w, ben, &to("Ben Carter", "Ben", Some("ben@acme.example"))).unwrap(),
                ProfileChanged::Changed(vec![Attribute::Username])
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
            change_profile(w, ben, &to("Ben Crater", "bne", Some("ben@other.example"))).unwrap();
            let now = profile(w, ben).unwrap();
            assert_eq!((now.email.as_deref(), now.email_confirmed), (Some("ben@other.example"), false));
            // Nor is the old one, when it comes back.
            change_profile(w, ben, &to("Ben Crater", "bne", Some("ben@acme.example"))).unwrap();
            assert!(!profile(w, ben).unwrap().email_confirmed);
            w.now = w.now.plus(std::time::Duration::from_secs(60));
            change_profile(w, ben, &to("Ben Crater", "bne", None)).unwrap();
            assert_eq!(profile(w, ben).unwrap().updated_at, Some(w.now), "applications see that something changed");
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
            let taken = change_profile(w, ben, &to("Ben Carter", "ben", Some("ANA@acme.example"))).unwrap();
            assert_eq!(taken, ProfileChanged::NameTaken(NameKind::Email));
            assert_eq!(profile(w, ben).unwrap().name, "Ben Crater", "nothing was changed");
        });
    }
}
