use diesel::prelude::*;

use super::*;
use crate::domain::audit::Book;
use crate::domain::identity::testing::person;
use crate::each;
use crate::platform::crypto::OsEntropy;
use crate::platform::crypto::token::Token;
use crate::platform::db::schema::{data_keys, outbox};
use crate::platform::db::testing::each_backend;

const MINUTE: Duration = Duration::from_secs(60);

fn put(w: &mut Work<'_>, about: PersonId) -> MailId {
    let before = ids(w);
    add(w, about, MailKind::PasskeyAdded, &Body { to: "ben@acme.example".into(), ..Body::default() }).unwrap();
    ids(w).into_iter().find(|id| !before.contains(id)).unwrap()
}

fn ids(w: &mut Work<'_>) -> Vec<MailId> {
    each!(w.conn, c => outbox::table.select(outbox::id).load(c)).unwrap()
}

/// Everything that can be claimed now, and why what cannot be sent cannot.
fn all(w: &mut Work<'_>) -> (Vec<MailId>, Vec<(MailId, &'static str, bool)>) {
    let (mut due, mut bad) = (Vec::new(), Vec::new());
    while let Some(claimed) = claim(w, |_, _, _| Ok(())).unwrap() {
        match claimed {
            Claimed::Due(mail) => due.push(mail.id),
            Claimed::Unsendable(mail) => bad.push((mail.id, mail.why, mail.again)),
        }
    }
    (due, bad)
}

fn given_up(w: &mut Work<'_>, about: PersonId) -> Vec<String> {
    let list = audit::recent(w, Book::Audit, about, 100).unwrap();
    let list = list.into_iter().filter(|entry| entry.kind == Kind::MailGivenUp);
    list.map(|entry| entry.facts["reason"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_letter_that_cannot_be_read_stops_none_behind_it() {
    each_backend(|w| {
        let (ben, gone) = (person(w, "Ben"), person(w, "Gone"));
        let (garbage, empty, other, unknown, keyless) = (put(w, ben), put(w, ben), put(w, ben), put(w, ben), put(w, gone));
        let good = put(w, ben);
        let not_json = w.person_key(ben).unwrap().seal(BODY, other.uuid().as_bytes(), b"not a mail").unwrap();
        each!(w.conn, c => {
            diesel::update(outbox::table.find(garbage)).set(outbox::body.eq(b"garbage".to_vec())).execute(c).unwrap();
            diesel::update(outbox::table.find(empty)).set(outbox::body.eq(None::<Vec<u8>>)).execute(c).unwrap();
            diesel::update(outbox::table.find(other)).set(outbox::body.eq(not_json)).execute(c).unwrap();
            diesel::update(outbox::table.find(unknown)).set(outbox::kind.eq("of_a_later_version")).execute(c).unwrap();
            diesel::delete(data_keys::table.filter(data_keys::owner.eq(format!("person:{gone}")))).execute(c).unwrap();
        });
        // An opened key is used for a minute after it was destroyed.
        w.now = w.now.plus(std::time::Duration::from_secs(60));
        let (due, mut bad) = all(w);
        assert_eq!(due, [good]);
        let mut expected =
            [(garbage, "not_opened", false), (empty, "no_body", false), (other, "not_read", false), (unknown, "unknown_kind", true)]
                .to_vec();
        expected.push((keyless, "no_key", false));
        bad.sort_unstable();
        expected.sort_unstable();
        assert_eq!(bad, expected);
        sent(w, good).unwrap();
        assert_eq!(given_up(w, gone), ["no_key"]);
        assert_eq!(given_up(w, ben).len(), 3);
        // What a newer version may understand is tried as often as any other, and then given up.
        let began = w.now;
        let mut tries = 1;
        while given_up(w, ben).len() < 4 {
            w.now = each!(w.conn, c => outbox::table.find(unknown).select(outbox::next_try_at).get_result(c)).unwrap();
            assert_eq!(all(w).1.len(), 1);
            tries += 1;
        }
        assert_eq!((tries, w.now.since(began) < GOES_WITHIN), (MOST_TRIES, true));
        assert_eq!(all(w).1, []);
    });
}

#[test]
fn a_letter_goes_within_days_or_not_at_all() {
    each_backend(|w| {
        let ben = person(w, "Ben");
        let old = put(w, ben);
        w.now = w.now.plus(GOES_WITHIN);
        let new = put(w, ben);
        assert_eq!(all(w).0, [new]);
        assert_eq!(give_up_old(w, w.now.minus(GOES_WITHIN), 100).unwrap(), 1);
        assert_eq!(give_up_old(w, w.now.minus(GOES_WITHIN), 100).unwrap(), 0);
        assert_eq!(given_up(w, ben), ["too_old"]);
        let body: Option<Vec<u8>> = each!(w.conn, c => outbox::table.find(old).select(outbox::body).get_result(c)).unwrap();
        assert_eq!(body, None, "what it said is forgotten");
    });
}

#[test]
fn a_letter_that_waits_is_taken_back_by_its_own_browser_only() {
    // TH-13
    each_backend(|w| {
        let (ben, kind, body) = (person(w, "Ben"), MailKind::SignInUnfinished, Body::default());
        let browsers: Vec<_> = (0..20).map(|_| Token::<AttemptCookie>::make(&OsEntropy).hash()).collect();
        add_later(w, ben, kind, &body, Wait { browser: &browsers[0], time: 5 * MINUTE }).unwrap();
        w.now = w.now.plus(4 * MINUTE);
        // Trying again does not put it off.
        add_later(w, ben, kind, &body, Wait { browser: &browsers[0], time: 5 * MINUTE }).unwrap();
        add_later(w, ben, kind, &body, Wait { browser: &browsers[1], time: 5 * MINUTE }).unwrap();
        assert_eq!((ids(w).len(), all(w).0.len()), (2, 0));
        cancel(w, ben, kind, &browsers[1]).unwrap();
        w.now = w.now.plus(MINUTE);
        let (due, _) = all(w);
        assert_eq!((ids(w).len(), due.len()), (1, 1));
        sent(w, due[0]).unwrap();
        cancel(w, ben, kind, &browsers[0]).unwrap();
        assert_eq!(ids(w).len(), 1, "what has gone stays in the list");
        for browser in &browsers {
            add_later(w, ben, kind, &body, Wait { browser, time: 5 * MINUTE }).unwrap();
        }
        assert_eq!(ids(w).len(), 1 + MOST_WAITING);
    });
}
