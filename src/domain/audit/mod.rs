//! The record: every act that matters, added in the same transaction as the act itself and never changed.
//!
//! An entry names people by id only. What it says about a person (an address, a browser) is a part of its own,
//! sealed under that person's key and entering the entry's hash as a salted hash, so that erasing one person
//! leaves every entry checkable. Entries have no number: a later job gives each its place in a Merkle log, for
//! which `leaf_hash` is ready. This room knows no other room; any room may use it.

mod budget;
mod canonical;
mod kind;
mod retention;
mod store;

use serde_json::Value;

use crate::kernel::ids::{ClientId, EntryId, PersonId, UuidId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::FieldLabel;
use crate::platform::crypto::{merkle, sha256};
use crate::platform::db::Work;
use crate::text_enum;

pub use budget::{REFUSALS_PER_HOUR, STRANGERS_PER_HOUR};
pub use canonical::{Canonical, canonical};
pub use kind::Kind;
pub use retention::{destroy_keys, expire, note_omitted};
pub use store::{count_since, last_about, last_with};

const BODY: FieldLabel = FieldLabel("entry.body");
const PART: FieldLabel = FieldLabel("entry_part.body");

text_enum! {
    /// Which record an entry belongs to.
    pub enum Book {
        /// What people and administrators did.
        Audit = "audit",
        /// What was told to whom.
        Ledger = "ledger",
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, signed in or proving who they are.
    Person(PersonId),
    /// An application by its own credentials.
    Client(ClientId),
    /// The server by itself.
    System,
    /// Someone at the command line of the host.
    Host,
    /// Someone unknown.
    Unknown,
}

impl Actor {
    fn word(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Client(_) => "client",
            Self::System => "system",
            Self::Host => "host",
            Self::Unknown => "unknown",
        }
    }
    /// The person who did it.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Client(_) | Self::System | Self::Host | Self::Unknown => None,
        }
    }
    fn uuid(self) -> Option<uuid::Uuid> {
        match self {
            Self::Person(id) => Some(id.uuid()),
            Self::Client(id) => Some(id.uuid()),
            Self::System | Self::Host | Self::Unknown => None,
        }
    }
}

/// An entry to be added.
#[derive(Clone, Debug)]
pub struct Entry {
    id: Option<EntryId>,
    book: Book,
    kind: Kind,
    actor: Actor,
    subject: Option<PersonId>,
    client: Option<ClientId>,
    facts: serde_json::Map<String, Value>,
    parts: Vec<(Option<PersonId>, Value)>,
}

impl Entry {
    /// An audit entry.
    pub fn new(kind: Kind, actor: Actor) -> Self {
        Self { id: None, book: Book::Audit, kind, actor, subject: None, client: None, facts: serde_json::Map::new(), parts: Vec::new() }
    }
    /// Gives it an id that is known before; otherwise one is made when it is added.
    pub fn identified(mut self, id: EntryId) -> Self {
        self.id = Some(id);
        self
    }
    /// Puts the entry into the ledger instead.
    pub fn in_ledger(mut self) -> Self {
        self.book = Book::Ledger;
        self
    }
    /// The person it is about.
    pub fn about(mut self, person: PersonId) -> Self {
        self.subject = Some(person);
        self
    }
    /// The application it is about.
    pub fn with(mut self, client: ClientId) -> Self {
        self.client = Some(client);
        self
    }
    /// A fact: ids, kinds and counts only, nothing personal and no secret.
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }
    /// Whether strangers can have it written as often as they like.
    fn is_about_nobody(&self) -> bool {
        self.actor == Actor::Unknown && self.subject.is_none()
    }
    /// What decides how long it is kept.
    fn class(&self) -> &'static str {
        retention::class_word((!self.is_about_nobody()).then_some(self.book))
    }
    /// Something personal; `None` for someone unknown, kept under the key of the month and the class.
    pub fn personal(mut self, person: Option<PersonId>, value: Value) -> Self {
        self.parts.push((person, value));
        self
    }
}

/// An entry as read back, opened.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its id.
    pub id: EntryId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: Kind,
    /// The application concerned.
    pub client: Option<ClientId>,
    /// The facts.
    pub facts: Value,
    /// The hash under which the log keeps it.
    pub leaf_hash: [u8; 32],
}

/// Adds an entry, unless the hour has too many of its kind already (see [`STRANGERS_PER_HOUR`] and [`REFUSALS_PER_HOUR`]); part
/// of the caller's transaction, so that what it records and the record stand or fall together (LG-12).
pub fn append(w: &mut Work<'_>, entry: &Entry) -> Result<EntryId, Fault> {
    let id = entry.id.unwrap_or_else(|| EntryId::make(w.now, w.entropy));
    let row = id.uuid();
    let mut parts = Vec::with_capacity(entry.parts.len());
    for (place, (person, value)) in entry.parts.iter().enumerate() {
        let key = match person {
            // Erased between the act and its record: nothing personal is kept.
            Some(person) => match w.find_person_key(*person)? {
                Some(key) => key,
                None => continue,
            },
            None => w.month_key(entry.class())?,
        };
        let plain = salted(w, value.to_string().as_bytes());
        let place = i32::try_from(place).unwrap_or(i32::MAX);
        let body = key.seal(PART, &part_row(id, place), &plain)?;
        parts.push(store::PartRow { entry_id: id, person_id: *person, place, body, hash: sha256(&plain).to_vec() });
    }
    let facts = Value::Object(entry.facts.clone()).to_string();
    let (salt, plain) = {
        let plain = salted(w, facts.as_bytes());
        let salt: [u8; 16] = plain.first_chunk().copied().unwrap_or_default();
        (salt, plain)
    };
    let bytes = canonical(&Canonical {
        id: row,
        book: entry.book.as_str(),
        kind: entry.kind.as_str(),
        at: w.now,
        actor_kind: entry.actor.word(),
        actor: entry.actor.uuid(),
        subject: entry.subject.map(UuidId::uuid),
        client: entry.client.map(UuidId::uuid),
        facts: &facts,
        parts: parts.iter().map(|part| part.hash.as_slice()).collect(),
    });
    let body = w.service_key()?.seal(BODY, row.as_bytes(), &plain)?;
    // As late as can be: what is left out takes about as long as what is written (TH-08).
    if !retention::has_room(w, entry)? {
        return Ok(id);
    }
    store::insert(
        w,
        &store::EntryRow {
            id,
            book: entry.book,
            kind: entry.kind,
            at: w.now,
            actor_kind: entry.actor.word().to_owned(),
            actor_id: entry.actor.uuid().map(crate::platform::db::types::AnyUuid),
            subject_id: entry.subject,
            client_id: entry.client,
            body,
            leaf_hash: merkle::leaf_hash(&salt, &bytes).to_vec(),
        },
        &parts,
    )?;
    Ok(id)
}

/// The newest entries of `book` about a person, newest first, at most `limit`.
pub fn recent(w: &mut Work<'_>, book: Book, person: PersonId, limit: i64) -> Result<Vec<Recorded>, Fault> {
    let rows = store::list_about(w, book, person, limit)?;
    opened(w, rows)
}

/// The newest entries of `book` with an application, also of one that is removed, newest first, at most `limit`.
pub fn recent_with(w: &mut Work<'_>, book: Book, client: ClientId, limit: i64) -> Result<Vec<Recorded>, Fault> {
    let rows = store::list_with(w, book, client, limit)?;
    opened(w, rows)
}

fn opened(w: &mut Work<'_>, rows: Vec<store::EntryRow>) -> Result<Vec<Recorded>, Fault> {
    let key = w.service_key()?;
    rows.into_iter()
        .map(|row| {
            let plain = key.open(BODY, row.id.uuid().as_bytes(), &row.body)?;
            let facts = plain.get(16..).and_then(|bytes| serde_json::from_slice(bytes).ok());
            Ok(Recorded {
                id: row.id,
                at: row.at,
                kind: row.kind,
                client: row.client_id,
                facts: facts.ok_or_else(|| Fault::corrupt("entries", "body", row.id))?,
                leaf_hash: row.leaf_hash.try_into().map_err(|_| Fault::corrupt("entries", "leaf_hash", row.id))?,
            })
        })
        .collect()
}

fn salted(w: &Work<'_>, bytes: &[u8]) -> Vec<u8> {
    let mut plain = w.entropy.bytes::<16>().to_vec();
    plain.extend_from_slice(bytes);
    plain
}

fn part_row(id: EntryId, place: i32) -> Vec<u8> {
    let mut row = id.uuid().as_bytes().to_vec();
    row.extend_from_slice(&place.to_be_bytes());
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::testing::each_backend;

    #[test]
    fn an_entry_reads_back_and_its_hash_covers_it() {
        // LG-02
        each_backend(|w| {
            let person = PersonId::make(w.now, w.entropy);
            w.make_person_key(person).unwrap();
            let entry = Entry::new(Kind::SignInRefused, Actor::Unknown)
                .about(person)
                .fact("reason", "wrong")
                .personal(Some(person), serde_json::json!({ "address": "192.0.2.7" }));
            let id = append(w, &entry).unwrap();
            let read = recent(w, Book::Audit, person, 10).unwrap();
            assert_eq!(read.len(), 1);
            assert_eq!((read[0].id, read[0].kind, read[0].at), (id, Kind::SignInRefused, w.now));
            assert_eq!(read[0].facts, serde_json::json!({ "reason": "wrong" }));
            assert!(recent(w, Book::Ledger, person, 10).unwrap().is_empty());
        });
    }

    #[test]
    fn entries_of_a_kind_are_counted_from_an_instant_on() {
        // TH-13
        each_backend(|w| {
            let (ana, ben) = (PersonId::make(w.now, w.entropy), PersonId::make(w.now, w.entropy));
            let begin = w.now;
            for (minutes, about, kind) in [
                (0, ana, Kind::SignInRefused),
                (10, ana, Kind::SignInRefused),
                (10, ana, Kind::SignInBegun),
                (10, ben, Kind::SignInRefused),
                (20, ana, Kind::SignInRefused),
            ] {
                w.now = begin.plus(std::time::Duration::from_secs(minutes * 60));
                append(w, &Entry::new(kind, Actor::Person(about)).about(about)).unwrap();
            }
            for (minutes, count) in [(0, 3), (1, 2), (10, 2), (11, 1), (20, 1), (21, 0)] {
                let since = begin.plus(std::time::Duration::from_secs(minutes * 60));
                assert_eq!(count_since(w, Book::Audit, Kind::SignInRefused, ana, since).unwrap(), count, "{minutes}");
            }
        });
    }
}
