//! What bounds the record: so many entries about nobody known in an hour, and for each class a time after which entries
//! are deleted. Both leave an entry that says how many there were, and nothing of what they said.

use super::{Actor, Book, Entry, Kind, append, store};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// The most entries about nobody known (an unknown name, a made-up link, an unknown application) in one hour. Further ones
/// are counted, and one entry says how many they were.
pub const STRANGERS_PER_HOUR: i64 = 1_000;

const SECONDS_OF_AN_HOUR: i64 = 3_600;

/// Counts an entry about nobody known. False when the hour has too many.
pub(super) fn has_room(w: &mut Work<'_>) -> Result<bool, Fault> {
    let hour = w.now.seconds() / SECONDS_OF_AN_HOUR;
    Ok(store::count_stranger(w, hour, 1)? <= STRANGERS_PER_HOUR)
}

/// Does the work of counting an entry about nobody known, for one about a person whose time must tell nothing (TH-08).
pub fn count_idle(w: &mut Work<'_>) -> Result<(), Fault> {
    store::count_stranger(w, w.now.seconds() / SECONDS_OF_AN_HOUR, 0).map(drop)
}

/// Writes how many entries earlier hours left out, one entry for each hour. Says how many hours these were.
pub fn note_omitted(w: &mut Work<'_>) -> Result<usize, Fault> {
    let this_hour = w.now.seconds() / SECONDS_OF_AN_HOUR;
    let mut noted = 0;
    for (hour, entries) in store::take_stranger_counts(w, this_hour)? {
        if entries > STRANGERS_PER_HOUR {
            let hour = Timestamp::from_seconds(hour * SECONDS_OF_AN_HOUR);
            let entry = Entry::new(Kind::RecordOmitted, Actor::System).fact("since", hour.seconds());
            append(w, &entry.fact("entries", entries - STRANGERS_PER_HOUR))?;
            noted += 1;
        }
    }
    Ok(noted)
}

/// Deletes at most `most` entries of a class that are older than `before`, and writes how many. The ledger, the audit
/// record, or (`None`) what either says of nobody known. Says how many were deleted.
pub fn expire(w: &mut Work<'_>, class: Option<Book>, before: Timestamp, most: i64) -> Result<usize, Fault> {
    let deleted = store::delete_before(w, class, before, most)?;
    if deleted > 0 {
        let class = class.map_or("strangers", Book::as_str);
        let entry = Entry::new(Kind::RecordExpired, Actor::System).fact("class", class).fact("entries", deleted);
        append(w, &entry.fact("before", before.seconds()))?;
    }
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::kernel::ids::PersonId;
    use crate::platform::db::testing::each_backend;

    const DAY: Duration = Duration::from_secs(86_400);

    fn audit(w: &mut Work<'_>) -> Vec<(Kind, serde_json::Value)> {
        store::list_all(w).unwrap()
    }

    fn refused() -> Entry {
        Entry::new(Kind::TicketRefused, Actor::Unknown).personal(None, serde_json::json!({ "address": "192.0.2.7" }))
    }

    #[test]
    fn strangers_fill_no_record_and_one_entry_says_how_many_more_there_were() {
        // LG-03, CVE-151
        each_backend(|w| {
            let person = PersonId::make(w.now, w.entropy);
            w.make_person_key(person).unwrap();
            for _ in 0..STRANGERS_PER_HOUR + 70 {
                append(w, &refused()).unwrap();
            }
            append(w, &Entry::new(Kind::SignInRefused, Actor::Unknown).about(person)).unwrap();
            let of_nobody = |w: &mut Work<'_>| audit(w).iter().filter(|(kind, _)| *kind == Kind::TicketRefused).count();
            assert_eq!(i64::try_from(of_nobody(w)).unwrap(), STRANGERS_PER_HOUR);
            assert!(audit(w).iter().any(|(kind, _)| *kind == Kind::SignInRefused), "what concerns a person is written");
            assert_eq!(note_omitted(w).unwrap(), 0, "the hour is not over");
            w.now = w.now.plus(Duration::from_secs(3_600));
            append(w, &refused()).unwrap();
            assert_eq!(i64::try_from(of_nobody(w)).unwrap(), STRANGERS_PER_HOUR + 1);
            assert_eq!(note_omitted(w).unwrap(), 1);
            assert_eq!(note_omitted(w).unwrap(), 0, "once");
            let told = audit(w).into_iter().find(|(kind, _)| *kind == Kind::RecordOmitted).unwrap();
            assert_eq!(told.1["entries"], 70);
        });
    }

    #[test]
    fn what_is_old_goes_by_its_class_and_an_entry_says_how_much() {
        // LG-02
        each_backend(|w| {
            let person = PersonId::make(w.now, w.entropy);
            w.make_person_key(person).unwrap();
            let about = Entry::new(Kind::SignInRefused, Actor::Unknown).about(person);
            let ledger = Entry::new(Kind::SignInSucceeded, Actor::Person(person)).about(person).in_ledger();
            for _ in 0..3 {
                append(w, &refused()).unwrap();
                append(w, &about).unwrap();
            }
            append(w, &ledger).unwrap();
            w.now = w.now.plus(31 * DAY);
            append(w, &refused()).unwrap();
            let month_ago = w.now.minus(30 * DAY);
            assert_eq!(expire(w, None, month_ago, 2).unwrap(), 2, "at most so many at once");
            assert_eq!(expire(w, None, month_ago, 2).unwrap(), 1);
            assert_eq!(expire(w, None, month_ago, 2).unwrap(), 0);
            let kinds: Vec<Kind> = audit(w).into_iter().map(|(kind, _)| kind).collect();
            assert_eq!(kinds.iter().filter(|kind| **kind == Kind::SignInRefused).count(), 3);
            assert_eq!(kinds.iter().filter(|kind| **kind == Kind::TicketRefused).count(), 1);
            assert_eq!(kinds.iter().filter(|kind| **kind == Kind::RecordExpired).count(), 2);
            assert_eq!(expire(w, Some(Book::Audit), month_ago, 500).unwrap(), 3);
            assert_eq!(expire(w, Some(Book::Ledger), month_ago, 500).unwrap(), 1);
            let told: i64 =
                audit(w).iter().filter(|(kind, _)| *kind == Kind::RecordExpired).map(|(_, facts)| facts["entries"].as_i64().unwrap()).sum();
            assert_eq!(told, 7);
        });
    }
}
