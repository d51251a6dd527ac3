//! One-use links: set-up, invitation, recovery. A link's secret is shown once and kept as a hash; using one is a
//! single conditional write, so of fifty at the same moment one wins (EN-03, PW-16).

mod store;

use std::time::Duration;

use crate::kernel::ids::{PersonId, TicketId, UuidId};
use crate::kernel::text::Reason;
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::envelope::FieldLabel;
use crate::platform::crypto::token::TicketCode;
use crate::platform::db::Work;
use crate::platform::vault::open_with;
use crate::text_enum;
use store::NewTicket;
pub use store::{claim, decline, hold, is_open, newest, newest_of_each, sweep};

const REASON: FieldLabel = FieldLabel("ticket.reason");

text_enum! {
    /// What a link is for; one kind never serves another (CVE-117).
    pub enum TicketKind {
        /// Making the first administrator.
        SetUp = "set_up",
        /// Joining.
        Invitation = "invitation",
        /// Getting back in.
        Reset = "reset",
    }
}

/// Who makes a link for someone, and why.
#[derive(Clone, Debug)]
pub struct TicketMaker {
    /// The administrator; nobody at the host.
    pub by: Option<PersonId>,
    /// Why, as anyone who opens the link will read it.
    pub reason: Reason,
}

/// What is known of a person's newest link of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    /// Its row.
    pub id: TicketId,
    /// When it ends or ended.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// When it was withdrawn or replaced.
    pub voided_at: Option<Timestamp>,
    /// When the person who opened it said that it is not for them.
    pub declined_at: Option<Timestamp>,
}

impl Newest {
    /// Whether it can be used.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && self.voided_at.is_none() && self.expires_at > now
    }
}

/// An open link.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Its row.
    pub id: TicketId,
    /// Whom it is for, except for set-up.
    pub person: Option<PersonId>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What a presented link turned out to be.
#[derive(Clone, Debug)]
pub enum Look {
    /// It can be used.
    Open(Ticket),
    /// It was used then.
    Used(Timestamp),
    /// It was made void then, because a newer one was made.
    Voided(Timestamp),
    /// It ended then, by time.
    Ended(Timestamp),
    /// We never made it.
    Unknown,
}

/// Makes a link; open ones of the same kind for the same person become void.
pub fn issue(w: &mut Work<'_>, kind: TicketKind, person: Option<PersonId>, lifetime: Duration) -> Result<TicketCode, Fault> {
    store::void_open(w, kind, person)?;
    let code = TicketCode::make(w.entropy);
    let row = NewTicket { id: TicketId::make(w.now, w.entropy), kind, person, made_by: None, reason: None };
    store::insert(w, &row, &code.hash(), w.now.plus(lifetime))?;
    Ok(code)
}

/// Makes a link for someone in an administrator's name; open ones of the same kind for them become void. The reason is
/// sealed under the key of the person it speaks of.
pub fn issue_for(
    w: &mut Work<'_>,
    kind: TicketKind,
    person: PersonId,
    lifetime: Duration,
    maker: &TicketMaker,
) -> Result<TicketCode, Fault> {
    store::void_open(w, kind, Some(person))?;
    let code = TicketCode::make(w.entropy);
    let id = TicketId::make(w.now, w.entropy);
    let sealed = w.person_key(person)?.seal(REASON, id.uuid().as_bytes(), maker.reason.as_str().as_bytes())?;
    let row = NewTicket { id, kind, person: Some(person), made_by: maker.by, reason: Some(sealed) };
    store::insert(w, &row, &code.hash(), w.now.plus(lifetime))?;
    Ok(code)
}

/// Who made a person's link, and why; `None` for one that nobody made for someone.
pub fn maker(w: &mut Work<'_>, id: TicketId, person: PersonId) -> Result<Option<TicketMaker>, Fault> {
    let (by, Some(sealed)) = store::maker(w, id)? else { return Ok(None) };
    let reason = open_with(&w.person_key(person)?, REASON, id.uuid().as_bytes(), &sealed)?;
    let reason = Reason::parse(&reason).map_err(|_| Fault::corrupt("tickets", "reason", id))?;
    Ok(Some(TicketMaker { by, reason }))
}

/// Says what a link is, without using it: a GET, a message scanner or a preview changes nothing (EN-04).
pub fn look(w: &mut Work<'_>, kind: TicketKind, code: &TicketCode) -> Result<Look, Fault> {
    let Some(row) = store::find(w, kind, &code.hash())? else { return Ok(Look::Unknown) };
    Ok(match (row.used_at, row.voided_at) {
        (Some(at), _) => Look::Used(at),
        (None, Some(at)) => Look::Voided(at),
        // The second in which it ends is already too late.
        (None, None) if row.expires_at <= w.now => Look::Ended(row.expires_at),
        (None, None) => Look::Open(Ticket { id: row.id, person: row.person_id, expires_at: row.expires_at }),
    })
}

/// When a link was made.
pub fn made_at(w: &mut Work<'_>, id: TicketId) -> Result<Timestamp, Fault> {
    store::load_made_at(w, id)
}

/// Withdraws a person's open links of a kind: anyone who is on the way with one is stopped too. False when none was open.
pub fn withdraw(w: &mut Work<'_>, kind: TicketKind, person: PersonId) -> Result<bool, Fault> {
    Ok(store::void_open(w, kind, Some(person))? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identity::testing::person;
    use crate::platform::db::testing::each_backend;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_link_works_once() {
        // EN-03, PW-16
        each_backend(|w| {
            let code = issue(w, TicketKind::SetUp, None, HOUR).unwrap();
            let Look::Open(ticket) = look(w, TicketKind::SetUp, &code).unwrap() else { panic!("not open") };
            assert!(claim(w, ticket.id).unwrap());
            assert!(!claim(w, ticket.id).unwrap());
            assert!(matches!(look(w, TicketKind::SetUp, &code).unwrap(), Look::Used(_)));
        });
    }

    #[test]
    fn a_link_ends_to_the_second_and_a_newer_one_replaces_it() {
        // EN-03, CVE-116, CVE-117
        each_backend(|w| {
            let old = issue(w, TicketKind::SetUp, None, HOUR).unwrap();
            let new = issue(w, TicketKind::SetUp, None, HOUR).unwrap();
            assert!(matches!(look(w, TicketKind::SetUp, &old).unwrap(), Look::Voided(at) if at == w.now));
            assert!(matches!(look(w, TicketKind::Invitation, &new).unwrap(), Look::Unknown));
            let Look::Open(ticket) = look(w, TicketKind::SetUp, &new).unwrap() else { panic!("not open") };
            w.now = w.now.plus(HOUR);
            assert!(matches!(look(w, TicketKind::SetUp, &new).unwrap(), Look::Ended(_)));
            assert!(!claim(w, ticket.id).unwrap());
        });
    }

    #[test]
    fn a_link_for_somebody_says_who_made_it_and_why_and_can_be_taken_back() {
        // EN-03
        each_backend(|w| {
            let (ana, ben) = (person(w, "Ana"), person(w, "Ben"));
            let made = TicketMaker { by: Some(ana), reason: Reason::parse("Joins the warehouse").unwrap() };
            let code = issue_for(w, TicketKind::Invitation, ben, HOUR, &made).unwrap();
            let Look::Open(ticket) = look(w, TicketKind::Invitation, &code).unwrap() else { panic!("not open") };
            let told = maker(w, ticket.id, ben).unwrap().unwrap();
            assert_eq!((told.by, told.reason.as_str(), ticket.person), (Some(ana), "Joins the warehouse", Some(ben)));
            // Another person's and another kind's links are not touched.
            assert!(!withdraw(w, TicketKind::Invitation, ana).unwrap() && !withdraw(w, TicketKind::Reset, ben).unwrap());
            assert!(withdraw(w, TicketKind::Invitation, ben).unwrap() && !withdraw(w, TicketKind::Invitation, ben).unwrap());
            assert!(!claim(w, ticket.id).unwrap() && !decline(w, ticket.id).unwrap() && !is_open(w, ticket.id).unwrap());
            w.now = w.now.plus(HOUR);
            let code = issue_for(w, TicketKind::Invitation, ben, HOUR, &made).unwrap();
            let Look::Open(ticket) = look(w, TicketKind::Invitation, &code).unwrap() else { panic!("not open") };
            assert!(is_open(w, ticket.id).unwrap() && decline(w, ticket.id).unwrap() && !claim(w, ticket.id).unwrap());
            assert_eq!(newest(w, TicketKind::Invitation, ben).unwrap().unwrap().declined_at, Some(w.now));
        });
    }
}
