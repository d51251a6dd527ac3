//! What bounds the record: a budget for each hour, and for each class a time after which entries are deleted. Each leaves an
//! entry that says how many there were, and nothing of what they said.

use super::budget::{Budget, SECONDS_OF_AN_HOUR};
use super::{Actor, Book, Entry, Kind, append, store};
use crate::kernel::{Fault, Timestamp};
use crate::platform::db::Work;

/// Counts an entry of those that are bounded. False when its hour has too many. One about a person costs what one about
/// nobody does (TH-08).
pub(super) fn has_room(w: &mut Work<'_>, entry: &Entry) -> Result<bool, Fault> {
    let Some(counted) = Budget::of(entry, w.now) else { return Ok(true) };
    Ok(store::count(w, &counted)? <= counted.most())
}

/// Writes how many entries earlier hours left out, one entry for each hour and what they were about. Says how many it wrote.
pub fn note_omitted(w: &mut Work<'_>) -> Result<usize, Fault> {
    let this_hour = w.now.seconds() / SECONDS_OF_AN_HOUR;
    let mut noted = 0;
    for (counted, entries) in store::take_counts(w, this_hour)? {
        if entries > counted.most() {
            append(w, &counted.omitted(entries))?;
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
        let entry = Entry::new(Kind::RecordExpired, Actor::System).fact("class", class_word(class)).fact("entries", deleted);
        append(w, &entry.fact("before", before.seconds()))?;
    }
    Ok(deleted)
}

/// Destroys the keys of a class whose months were over before an instant, and writes which months these were: what their
/// entries said of someone unknown can no longer be read, also where a copy of them is left. Says how many keys it were.
pub fn destroy_keys(w: &mut Work<'_>, class: Option<Book>, before: Timestamp) -> Result<usize, Fault> {
    let months = w.destroy_month_keys(class_word(class), before)?;
    if !months.is_empty() {
        let entry = Entry::new(Kind::RecordExpired, Actor::System).fact("class", class_word(class));
        append(w, &entry.fact("keys_of_months", months.clone()))?;
    }
    Ok(months.len())
}

/// The word for a class of entries: a book, or (`None`) what both say of nobody known.
pub(super) fn class_word(class: Option<Book>) -> &'static str {
    class.map_or("strangers", Book::as_str)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{REFUSALS_PER_HOUR, STRANGERS_PER_HOUR};
    use super::*;
    use crate::kernel::ids::{ClientId, PersonId};
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
    fn whoever_guesses_at_one_person_fills_no_record_either() {
        // LG-03
        each_backend(|w| {
            let (ana, ben) = (PersonId::make(w.now, w.entropy), PersonId::make(w.now, w.entropy));
            let shop = ClientId::make(w.now, w.entropy);
            let refused = |person| Entry::new(Kind::SignInRefused, Actor::Person(person)).about(person);
            let code = Entry::new(Kind::CodeRefused, Actor::Client(shop)).with(shop);
            for _ in 0..REFUSALS_PER_HOUR + 7 {
                append(w, &refused(ana)).unwrap();
                append(w, &code).unwrap();
            }
            append(w, &refused(ben)).unwrap();
            append(w, &Entry::new(Kind::SignInPaused, Actor::Person(ana)).about(ana)).unwrap();
            append(w, &Entry::new(Kind::SignInSucceeded, Actor::Person(ana)).about(ana)).unwrap();
            let count = |w: &mut Work<'_>, kind| i64::try_from(audit(w).iter().filter(|(found, _)| *found == kind).count()).unwrap();
            assert_eq!(count(w, Kind::SignInRefused), REFUSALS_PER_HOUR + 1, "nobody else's");
            assert_eq!(count(w, Kind::CodeRefused), REFUSALS_PER_HOUR);
            assert_eq!((count(w, Kind::SignInPaused), count(w, Kind::SignInSucceeded)), (1, 1), "of no other kind");
            w.now = w.now.plus(Duration::from_secs(3_600));
            assert_eq!(note_omitted(w).unwrap(), 2);
            let told = super::super::recent(w, Book::Audit, ana, 1).unwrap().remove(0);
            assert_eq!(
                (told.kind, &told.facts["entries"], &told.facts["kind"]),
                (Kind::RecordOmitted, &7.into(), &"sign_in.refused".into())
            );
            let told = super::super::recent_with(w, Book::Audit, shop, 1).unwrap().remove(0);
            assert_eq!((told.kind, &told.facts["entries"], &told.facts["kind"]), (Kind::RecordOmitted, &7.into(), &"code.refused".into()));
        });
    }

    #[test]
    fn the_keys_of_months_go_with_what_they_opened() {
        // LG-02
        each_backend(|w| {
            let person = PersonId::make(w.now, w.entropy);
            w.make_person_key(person).unwrap();
            let declined = Entry::new(Kind::InvitationDeclined, Actor::Unknown).about(person);
            append(w, &declined.personal(None, serde_json::json!({ "address": "192.0.2.8" }))).unwrap();
            append(w, &refused()).unwrap();
            let (of_strangers, of_audit) = (w.month_key("strangers").unwrap(), w.month_key("audit").unwrap());
            assert_ne!(of_strangers.id(), of_audit.id());
            w.now = w.now.plus(20 * DAY);
            assert_eq!(destroy_keys(w, None, w.now).unwrap(), 1, "November is over");
            assert_eq!(destroy_keys(w, None, w.now).unwrap(), 0);
            assert_eq!(destroy_keys(w, Some(Book::Audit), w.now.minus(20 * DAY)).unwrap(), 0, "what is about people is kept longer");
            let told = audit(w).into_iter().find(|(kind, _)| *kind == Kind::RecordExpired).unwrap();
            assert_eq!(told.1, serde_json::json!({ "class": "strangers", "keys_of_months": ["202611"] }));
            w.now = w.now.minus(20 * DAY);
            assert_ne!(w.month_key("strangers").unwrap().id(), of_strangers.id());
            assert_eq!(w.month_key("audit").unwrap().id(), of_audit.id());
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
            assert_eq!(expire(w, None, month_ago, 2).unwrap(), 2, "at most so many at a time");
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
