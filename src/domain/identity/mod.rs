//! People: who they are, what they are called, and how a typed name finds them.
//!
//! Names and addresses are values sealed under the person's key. A typed login name is found by a keyed hash of
//! its normal form; user names and addresses share one space, so that nobody's name can equal another's address
//! (EN-13, TH-03). Staff search finds words by keyed, shortened hashes of their beginnings. This room knows no
//! sign-in method.

mod change;
mod listing;
mod search;
mod store;
#[cfg(test)]
pub mod testing;
mod vouch;

pub use change::{ProfileChange, ProfileChanged, change_profile, preview_change};
pub use listing::{PageStart, PeopleFilter};
pub use search::SearchWords;
pub use vouch::{Vouch, Vouched, vouch_for_email, withdraw_vouch};

use std::collections::HashMap;

use uuid::Uuid;

use crate::kernel::ids::{IndexKeyId, PersonId, UuidId, ValueId};
use crate::kernel::text::{DisplayName, EmailAddress, Username, normalized_login_name};
use crate::kernel::{Entropy, Fault, Timestamp};
use crate::platform::crypto::envelope::{FieldLabel, SealingKey};
use crate::platform::crypto::hmac_sha256;
use crate::platform::db::Work;
use crate::platform::vault::open_with;
use crate::text_enum;
use store::{NewLoginName, ValueRow};
pub use store::{attributes, confirm_email, count, count_states, find, find_by_handle, hold, list, set_state};

const VALUE: FieldLabel = FieldLabel("person_value");
const LOGIN_NAME: FieldLabel = FieldLabel("login_name");

text_enum! {
    /// Where in life an account stands.
    pub enum PersonState {
        /// Made, but no sign-in method yet.
        Invited = "invited",
        /// May sign in.
        Active = "active",
        /// May not sign in.
        Disabled = "disabled",
        /// Gone; only what law and the record need is left.
        Erased = "erased",
    }
}

text_enum! {
    /// What a login name is.
    pub enum NameKind {
        /// A short name.
        Username = "username",
        /// An email address.
        Email = "email",
    }
}

text_enum! {
    /// What is known about a person: class personal, each with the claim it becomes.
    pub enum Attribute {
        /// Their name, claim `name`: shown to them, to administrators and to applications they allow.
        Name = "name",
        /// Their username, claim `preferred_username`.
        Username = "username",
        /// Their email address, claim `email`.
        Email = "email",
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its id, never given to applications.
    pub id: PersonId,
    /// Where in life it stands.
    pub state: PersonState,
    /// 16 random bytes by which passkeys name the account (WA-05).
    pub handle: [u8; 16],
    /// When it was made.
    pub created_at: Timestamp,
}

/// What an account is made from.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// From [`new_handle`]; known before the account is made, because its first passkey is made before.
    pub handle: [u8; 16],
    /// The person's name.
    pub name: DisplayName,
    /// A short name to sign in with.
    pub username: Option<Username>,
    /// An address, not yet confirmed.
    pub email: Option<EmailAddress>,
    /// The state to begin in.
    pub state: PersonState,
}

/// The result of making an account.
#[derive(Clone, Debug)]
pub enum Created {
    /// It is there.
    Made(Person),
    /// Someone has this name or address; nothing was made.
    NameTaken(NameKind),
}

/// What a person is called.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Their name.
    pub name: String,
    /// Their username.
    pub username: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// Whether we have proof that the address is theirs, their own or an administrator's word (OA-70).
    pub email_confirmed: bool,
    /// Who vouched for the address, if an administrator did.
    pub email_vouch: Option<Vouch>,
    /// When any of it last changed.
    pub updated_at: Option<Timestamp>,
}

impl Profile {
    /// What they type to sign in: the username, else the address, else the name.
    pub fn login(&self) -> &str {
        self.username.as_deref().or(self.email.as_deref()).unwrap_or(&self.name)
    }

    /// Opens a sealed value and takes it in.
    fn add(&mut self, key: &SealingKey, row: &ValueRow) -> Result<(), Fault> {
        let text = open_with(key, VALUE, row.id.uuid().as_bytes(), &row.value)?;
        match row.attribute {
            Attribute::Name => self.name = text,
            Attribute::Username => self.username = Some(text),
            Attribute::Email => {
                self.email_vouch = vouch::of_address(key, row, &text)?;
                self.email_confirmed = row.checked_at.is_some() || self.email_vouch.is_some();
                self.email = Some(text);
            }
        }
        self.updated_at = self.updated_at.max(Some(row.changed_at));
        Ok(())
    }
}

/// Makes an account with its data key, values, login names and search words.
pub fn create(w: &mut Work<'_>, new: &NewPerson) -> Result<Created, Fault> {
    let (index_id, index_key) = w.index_key()?;
    let mut names = Vec::new();
    if let Some(username) = &new.username {
        names.push((NameKind::Username, username.as_str()));
    }
    if let Some(email) = &new.email {
        names.push((NameKind::Email, email.as_str()));
    }
    for (kind, text) in &names {
        let digest = digest(&index_key, text).ok_or_else(|| Fault::internal("a parsed name has no normal form"))?;
        if store::find_by_digest(w, index_id, &digest)?.is_some() {
            return Ok(Created::NameTaken(*kind));
        }
    }
    let person = Person { id: PersonId::make(w.now, w.entropy), state: new.state, handle: new.handle, created_at: w.now };
    store::insert(w, &person)?;
    let key = w.make_person_key(person.id)?;
    for (kind, text) in names {
        let digest = digest(&index_key, text).unwrap_or_default();
        let sealed = key.seal(LOGIN_NAME, &digest, text.as_bytes())?;
        // Two people taking one name at the same moment: the second insert fails and its whole transaction with it.
        store::insert_login_name(w, &NewLoginName { key: index_id, digest: &digest, person: person.id, kind, sealed: &sealed })?;
        set_value(w, person.id, &key, if kind == NameKind::Email { Attribute::Email } else { Attribute::Username }, text)?;
    }
    set_value(w, person.id, &key, Attribute::Name, new.name.as_str())?;
    let username = new.username.as_ref().map_or("", Username::as_str);
    let mailbox = new.email.as_ref().map_or("", |email| local_part(email.as_str()));
    search::index(w, person.id, &index_key, &[new.name.as_str(), username, mailbox])?;
    Ok(Created::Made(person))
}

/// A new name by which passkeys know an account: random, nothing of the person in it.
pub fn new_handle(entropy: &dyn Entropy) -> [u8; 16] {
    entropy.bytes()
}

/// Finds the account a typed name belongs to, in any spelling that normalises alike.
pub fn find_by_login_name(w: &mut Work<'_>, typed: &str) -> Result<Option<Person>, Fault> {
    let (index_id, index_key) = w.index_key()?;
    let Some(digest) = digest(&index_key, typed) else { return Ok(None) };
    // Nobody is looked for like someone, so that time does not tell who has an account (TH-08).
    let id = store::find_by_digest(w, index_id, &digest)?.unwrap_or(PersonId::from_uuid(Uuid::nil()));
    store::find(w, id)
}

/// A keyed digest of a typed name, the same for all its spellings and for names nobody has: what tries are
/// counted under (TH-03). `None` for an empty or absurd name.
pub fn login_digest(w: &mut Work<'_>, typed: &str) -> Result<Option<[u8; 32]>, Fault> {
    let (_, key) = w.index_key()?;
    Ok(digest(&key, typed).and_then(|digest| digest.try_into().ok()))
}

/// What a person is called; opens what is sealed.
pub fn profile(w: &mut Work<'_>, id: PersonId) -> Result<Profile, Fault> {
    let key = w.person_key(id)?;
    let mut profile = Profile::default();
    for row in store::list_values(w, id)? {
        profile.add(&key, &row)?;
    }
    Ok(profile)
}

/// What each of some people is called, by two queries; who is erased is not there.
pub fn profiles(w: &mut Work<'_>, people: &[PersonId]) -> Result<HashMap<PersonId, Profile>, Fault> {
    let keys = w.find_person_keys(people)?;
    let mut profiles: HashMap<PersonId, Profile> = keys.keys().map(|id| (*id, Profile::default())).collect();
    for (id, row) in store::list_values_of_each(w, people)? {
        if let (Some(key), Some(profile)) = (keys.get(&id), profiles.get_mut(&id)) {
            profile.add(key, &row)?;
        }
    }
    Ok(profiles)
}

/// A keyed digest of something, such as a code, together with a person's address as it is now: the same only while the
/// address is. `None` when there is no address, or none that wants to be confirmed.
pub fn unconfirmed_email_digest(w: &mut Work<'_>, id: PersonId, with: &str) -> Result<Option<[u8; 32]>, Fault> {
    let profile = profile(w, id)?;
    let Some(email) = profile.email.filter(|_| !profile.email_confirmed) else { return Ok(None) };
    let (_, key) = w.index_key()?;
    Ok(Some(hmac_sha256(key.bytes(), format!("email check\0{id}\0{with}\0{email}").as_bytes())))
}

/// What someone is called, if there is such a person and they are not erased.
pub fn name_of(w: &mut Work<'_>, id: PersonId) -> Result<Option<String>, Fault> {
    match store::find(w, id)? {
        Some(person) if person.state != PersonState::Erased => Ok(Some(profile(w, id)?.name)),
        _ => Ok(None),
    }
}

fn set_value(w: &mut Work<'_>, person: PersonId, key: &SealingKey, attribute: Attribute, text: &str) -> Result<(), Fault> {
    let id = ValueId::make(w.now, w.entropy);
    let sealed = key.seal(VALUE, id.uuid().as_bytes(), text.as_bytes())?;
    store::insert_value(w, id, person, attribute, &sealed)
}

/// Another value in the same row, which no page offers yet.
#[cfg(test)]
fn set_value_for_tests(w: &mut Work<'_>, person: PersonId, attribute: Attribute, text: &str) {
    let row = store::find_value(w, person, attribute).unwrap().unwrap();
    let sealed = w.person_key(person).unwrap().seal(VALUE, row.id.uuid().as_bytes(), text.as_bytes()).unwrap();
    store::replace_value(w, row.id, &sealed).unwrap();
}

fn digest(key: &SealingKey, typed: &str) -> Option<Vec<u8>> {
    normalized_login_name(typed).map(|normal| hmac_sha256(key.bytes(), format!("login name\0{normal}").as_bytes()).to_vec())
}

fn local_part(address: &str) -> &str {
    address.split_once('@').map_or(address, |(local, _)| local)
}

/// The id under which login names are kept now; for tests and later key rotation.
pub fn current_index(w: &mut Work<'_>) -> Result<IndexKeyId, Fault> {
    Ok(w.index_key()?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::testing::each_backend;

    fn ana() -> NewPerson {
        NewPerson {
            handle: [7; 16],
            name: DisplayName::parse("Ana Example").unwrap(),
            username: Some(Username::parse("ana").unwrap()),
            email: Some(EmailAddress::parse("Ana@Acme.example").unwrap()),
            state: PersonState::Active,
        }
    }

    fn made(w: &mut Work<'_>, new: &NewPerson) -> Person {
        match create(w, new).unwrap() {
            Created::Made(person) => person,
            Created::NameTaken(kind) => panic!("{kind:?} taken"),
        }
    }

    #[test]
    fn every_spelling_of_a_name_finds_the_one_account() {
        // TH-03, EN-13
        each_backend(|w| {
            let person = made(w, &ana());
            for typed in ["ana", "ANA", " Ana ", "ana@acme.example", "ANA@ACME.EXAMPLE", "ａｎａ"] {
                assert_eq!(find_by_login_name(w, typed).unwrap().as_ref(), Some(&person), "{typed}");
            }
            assert_eq!(login_digest(w, "ANA").unwrap(), login_digest(w, " ana").unwrap());
            assert!(find_by_login_name(w, "anna").unwrap().is_none());
            assert_eq!(find_by_handle(w, &person.handle).unwrap(), Some(person));
        });
    }

    #[test]
    fn nobody_can_take_anothers_name_or_address() {
        // CVE-26
        each_backend(|w| {
            made(w, &ana());
            let mut other = ana();
            other.email = None;
            other.username = Some(Username::parse("ANA").unwrap());
            assert!(matches!(create(w, &other).unwrap(), Created::NameTaken(NameKind::Username)));
            other.username = None;
            other.email = Some(EmailAddress::parse("ana@ACME.example").unwrap());
            assert!(matches!(create(w, &other).unwrap(), Created::NameTaken(NameKind::Email)));
        });
    }

    #[test]
    fn a_profile_opens_again() {
        each_backend(|w| {
            let person = made(w, &ana());
            let profile = profile(w, person.id).unwrap();
            assert_eq!((profile.name.as_str(), profile.username.as_deref()), ("Ana Example", Some("ana")));
            assert_eq!((profile.email.as_deref(), profile.email_confirmed), (Some("Ana@Acme.example"), false));
            assert_eq!(profile.updated_at, Some(w.now));
        });
    }
}
