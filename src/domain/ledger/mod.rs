//! The ledger: which data about a person was told to whom, why and when. It is the audit room's record under
//! another book; this room says what a release looks like.

use crate::domain::audit::{self, Actor, Book, Entry, Kind};
use crate::kernel::ids::{ClientId, EntryId, GrantId, PersonId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;
use crate::text_enum;

/// One giving of data.
#[derive(Clone, Debug)]
pub struct Release {
    /// About whom.
    pub person: PersonId,
    /// To which application.
    pub client: ClientId,
    /// Under which grant.
    pub grant: GrantId,
    /// The claims given, by name.
    pub claims: Vec<String>,
    /// Where they were read.
    pub place: ReleasedIn,
}

text_enum! {
    /// Where an application reads claims.
    pub enum ReleasedIn {
        /// In the ID token.
        IdToken = "id_token",
        /// Nowhere: it got an access token without `openid`, which says nothing about the person.
        AccessToken = "access_token",
        /// At the userinfo endpoint.
        Userinfo = "userinfo",
    }
}

/// A release as read back.
#[derive(Clone, Debug)]
pub struct Released {
    /// The entry.
    pub id: EntryId,
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub client: Option<ClientId>,
    /// The claims given.
    pub claims: Vec<String>,
    /// Where, as recorded.
    pub place: Option<ReleasedIn>,
}

/// Writes a release down under an id, in the transaction that makes it.
pub fn release(w: &mut Work<'_>, id: EntryId, release: &Release) -> Result<(EntryId, Timestamp), Fault> {
    let entry = Entry::new(Kind::DataReleased, Actor::Client(release.client))
        .identified(id)
        .in_ledger()
        .about(release.person)
        .with(release.client)
        .fact("grant", release.grant.to_string())
        .fact("claims", release.claims.clone())
        .fact("place", release.place.as_str());
    Ok((audit::append(w, &entry)?, w.now))
}

/// Writes down that a person withdrew what they had agreed to: nothing more is given under it.
pub fn withdrawn(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<EntryId, Fault> {
    audit::append(w, &Entry::new(Kind::ConsentWithdrawn, Actor::Person(person)).in_ledger().about(person).with(client))
}

/// When an application was last given something about anybody.
pub fn last_to(w: &mut Work<'_>, client: ClientId) -> Result<Option<Timestamp>, Fault> {
    audit::last_with(w, Book::Ledger, Kind::DataReleased, client)
}

/// When an application was last given something about a person.
pub fn last_about(w: &mut Work<'_>, person: PersonId, client: ClientId) -> Result<Option<Timestamp>, Fault> {
    audit::last_about(w, Book::Ledger, Kind::DataReleased, person, client)
}

/// The newest releases about a person, newest first.
pub fn recent(w: &mut Work<'_>, person: PersonId, limit: i64) -> Result<Vec<Released>, Fault> {
    let read = audit::recent(w, Book::Ledger, person, limit)?;
    Ok(read
        .into_iter()
        .filter(|entry| entry.kind == Kind::DataReleased)
        .map(|entry| Released {
            id: entry.id,
            at: entry.at,
            client: entry.client,
            claims: entry
                .facts
                .get("claims")
                .and_then(|claims| claims.as_array())
                .map(|claims| claims.iter().filter_map(|claim| claim.as_str().map(str::to_owned)).collect())
                .unwrap_or_default(),
            place: entry.facts.get("place").and_then(|place| place.as_str()).and_then(ReleasedIn::parse),
        })
        .collect())
}
