//! On both databases. What a hash is made of does not matter here, so none is costly.

use std::time::Duration;

use super::*;
use crate::domain::identity::testing::person;
use crate::platform::crypto::sha256;
use crate::platform::db::testing::each_backend;

fn hash(text: &str) -> SecretHash {
    sha256(text.as_bytes()).into()
}

fn give(w: &mut Work<'_>, person: PersonId, codes: &[&str]) {
    let hashes: Vec<SecretHash> = codes.iter().map(|code| hash(code)).collect();
    let hashing = SetHashing::make(w.entropy);
    replace_set(w, person, &hashing, &hashes).unwrap();
}

#[test]
fn a_code_works_once_and_for_its_owner_only() {
    // OT-10, CVE-37
    each_backend(|w| {
        let (ana, ben) = (person(w, "Ana"), person(w, "Ben"));
        give(w, ana, &["a1", "a2", "a3"]);
        assert_eq!(claim(w, ben, &hash("a1")).unwrap(), RecoveryVerdict::Wrong, "no set at all");
        give(w, ben, &["b1", "b2"]);
        assert_eq!(claim(w, ana, &hash("b1")).unwrap(), RecoveryVerdict::Wrong);
        assert_eq!(claim(w, ana, &hash("a1")).unwrap(), RecoveryVerdict::Accepted { left: 2 });
        assert_eq!(claim(w, ana, &hash("a1")).unwrap(), RecoveryVerdict::Used);
        assert_eq!(claim(w, ben, &hash("b1")).unwrap(), RecoveryVerdict::Accepted { left: 1 });
        assert_eq!(claim(w, ana, &hash("a3")).unwrap(), RecoveryVerdict::Accepted { left: 1 });
        assert_eq!(claim(w, ana, &hash("a2")).unwrap(), RecoveryVerdict::Accepted { left: 0 });
        assert_eq!(status(w, ana).unwrap(), Some(Status { left: 0, made_at: w.now, failures: 0 }));
    });
}

#[test]
fn a_new_set_makes_the_whole_old_one_void() {
    // OT-10
    each_backend(|w| {
        let ana = person(w, "Ana");
        assert_eq!(status(w, ana).unwrap(), None);
        assert!(hashing(w, ana).unwrap().is_none());
        give(w, ana, &["old1", "old2"]);
        let old = hashing(w, ana).unwrap().unwrap();
        claim(w, ana, &hash("old1")).unwrap();
        assert!(count_try(w, ana, 100).unwrap());
        w.now = w.now.plus(Duration::from_secs(60));
        give(w, ana, &["new1", "new2"]);
        assert_ne!(hashing(w, ana).unwrap().unwrap().salt, old.salt);
        assert_eq!(status(w, ana).unwrap(), Some(Status { left: 2, made_at: w.now, failures: 0 }));
        for void in ["old1", "old2"] {
            assert_eq!(claim(w, ana, &hash(void)).unwrap(), RecoveryVerdict::Wrong);
        }
        assert_eq!(claim(w, ana, &hash("new2")).unwrap(), RecoveryVerdict::Accepted { left: 1 });
    });
}

#[test]
fn a_hundred_wrong_ones_in_a_row_switch_the_set_off_until_there_is_a_new_one() {
    // TH-01
    each_backend(|w| {
        let ana = person(w, "Ana");
        assert!(!count_try(w, ana, 100).unwrap(), "nothing to guess at");
        give(w, ana, &["a1", "a2"]);
        for _ in 0..99 {
            assert!(count_try(w, ana, 100).unwrap());
        }
        claim(w, ana, &hash("a1")).unwrap();
        assert_eq!(status(w, ana).unwrap().unwrap().failures, 0, "the right one clears its own count");
        for _ in 0..100 {
            assert!(count_try(w, ana, 100).unwrap());
        }
        assert!(!count_try(w, ana, 100).unwrap());
        uncount_try(w, ana).unwrap();
        assert!(count_try(w, ana, 100).unwrap(), "what was not looked at is given back");
        give(w, ana, &["n1"]);
        assert!(count_try(w, ana, 100).unwrap());
    });
}

#[test]
fn hashes_are_sealed_and_belong_to_their_row() {
    // OT-10, CR-06
    each_backend(|w| {
        let ana = person(w, "Ana");
        give(w, ana, &["a1", "a2"]);
        let set = store::find_set(w, ana).unwrap().unwrap().id;
        let rows = store::list_codes(w, set).unwrap();
        let plain = hash("a1");
        assert!(rows.iter().all(|(_, sealed)| !sealed.windows(32).any(|bytes| bytes == plain.as_slice())));
        // Copied into another row, it opens nothing.
        let copy = RecoveryCodeId::make(w.now, w.entropy);
        store::insert_code(w, copy, set, &rows[0].1).unwrap();
        assert!(claim(w, ana, &hash("a1")).is_err());
    });
}
