//! On both databases.

use std::time::Duration;

use super::*;
use crate::domain::identity::testing::person;
use crate::platform::db::testing::each_backend;

const PHC: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ";

fn kept(w: &mut Work<'_>, person: PersonId) -> StoredPassword {
    find(w, person).unwrap().unwrap()
}

#[test]
fn a_hash_is_kept_sealed_and_comes_back() {
    // PW-14, CR-06, CR-12
    each_backend(|w| {
        let (ana, ben) = (person(w, "Ana"), person(w, "Ben"));
        assert!(!exists(w, ana).unwrap() && find(w, ana).unwrap().is_none());
        set(w, ana, &PHC.into()).unwrap();
        set(w, ben, &PHC.into()).unwrap();
        let stored = kept(w, ana);
        assert_eq!((stored.hash.expose_secret(), stored.changed_at, stored.failures), (PHC, w.now, 0));
        assert!(!format!("{stored:?}").contains("argon2"));
        let sealed = store::find(w, ana).unwrap().unwrap().hash;
        assert!(!sealed.windows(6).any(|bytes| bytes == b"argon2"));
        // Another person's row opens nothing.
        store::upsert(w, ben, &sealed).unwrap();
        assert!(find(w, ben).is_err());
    });
}

#[test]
fn tries_in_a_row_are_counted_to_the_last_and_no_further() {
    // TH-01, TH-04
    each_backend(|w| {
        let (ana, ben) = (person(w, "Ana"), person(w, "Ben"));
        assert!(!count_try(w, ana, 3).unwrap(), "no password, no try");
        set(w, ana, &PHC.into()).unwrap();
        set(w, ben, &PHC.into()).unwrap();
        let admitted: Vec<bool> = (0..5).map(|_| count_try(w, ana, 3).unwrap()).collect();
        assert_eq!(admitted, [true, true, true, false, false]);
        assert_eq!((kept(w, ana).failures, kept(w, ben).failures), (3, 0));
        clear_failures(w, ana).unwrap();
        assert!(count_try(w, ana, 3).unwrap());
        // A new password begins anew.
        count_try(w, ana, 3).unwrap();
        set(w, ana, &"$argon2id$another".into()).unwrap();
        assert_eq!(kept(w, ana).failures, 0);
    });
}

#[test]
fn another_cost_never_brings_an_old_password_back() {
    // PW-10
    each_backend(|w| {
        let ana = person(w, "Ana");
        set(w, ana, &PHC.into()).unwrap();
        let read = kept(w, ana).changed_at;
        count_try(w, ana, 100).unwrap();
        assert!(rehashed(w, ana, read, &"$argon2id$dearer".into()).unwrap());
        let stored = kept(w, ana);
        assert_eq!((stored.hash.expose_secret(), stored.changed_at, stored.failures), ("$argon2id$dearer", read, 1));
        w.now = w.now.plus(Duration::from_secs(1));
        set(w, ana, &"$argon2id$new".into()).unwrap();
        assert!(!rehashed(w, ana, read, &"$argon2id$old".into()).unwrap());
        assert_eq!(kept(w, ana).hash.expose_secret(), "$argon2id$new");
    });
}
