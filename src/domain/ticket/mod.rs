//! One-use links: set-up, invitation, recovery. A link's secret is shown once and kept as a hash; using one is a
//! single conditional write, so of fifty at the same moment one wins (EN-03, PW-16).

mod store;

use crate::kernel::ids::{PersonId, TicketId};
use crate::kernel::{Fault, Timestamp};
use crate::platform::crypto::token::TicketCode;
use crate::platform::db::Work;
use crate::text_enum;
use std::time::Duration;

text_enum! {
    /// What a link is for; one kind never serves another (CVE-117).
    pub enum TicketKind {
        /// Making the first administrator.
        SetUp = "set_up",
        /// Joining.
        Invitation = "invitation",
        /// Getting back in.
        Recovery = "recovery",
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
    let id = TicketId::make(w.now, w.entropy);
    store::insert(w, id, kind, &code.hash(), person, w.now.plus(lifetime))?;
    Ok(code)
}

/// Says what a link is, without using it: a GET, a mail scanner or a preview changes nothing (EN-04).
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

/// When a person's newest link of a kind ends or ended, if it was neither used nor replaced nor withdrawn.
pub fn ends_at(w: &mut Work<'_>, kind: TicketKind, person: PersonId) -> Result<Option<Timestamp>, Fault> {
    store::ends_at(w, kind, person)
}

/// Uses a link: true for exactly one caller, false for everyone else, ever.
pub fn claim(w: &mut Work<'_>, id: TicketId) -> Result<bool, Fault> {
    store::claim(w, id)
}

/// Deletes at most `most` that were used or withdrawn before `before`; says how many. One that merely ran out stays, one a
/// person and kind, and says when it ended.
pub fn sweep(w: &mut Work<'_>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    store::sweep(w, before, most)
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
