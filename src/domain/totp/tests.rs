//! On both databases.

use std::time::Duration;

use super::*;
use crate::domain::identity::testing::person;
use crate::platform::db::testing::each_backend;

fn enrolled(w: &mut Work<'_>) -> (PersonId, Seed) {
    let person = person(w, "Ana");
    let seed = Seed::make(w.entropy);
    let name = DeviceName::parse("Ana's phone").unwrap();
    assert!(matches!(add(w, person, &name, &seed, 0).unwrap(), Added::Made(_)));
    (person, seed)
}

/// A guess as sign-in makes it: counted first.
fn verify(w: &mut Work<'_>, person: PersonId, code: &TotpCode, skew: i64, disable_after: i32) -> Result<Option<TotpVerdict>, Fault> {
    let ids = ids(w, person)?;
    let counted = count_try(w, &ids, disable_after)?;
    if counted.is_empty() {
        return Ok(None);
    }
    let verdict = super::verify(w, person, code, skew, &counted)?;
    if let TotpVerdict::Accepted { id: right, .. } = verdict {
        let others: Vec<TotpId> = counted.into_iter().filter(|id| *id != right).collect();
        uncount_try(w, &others)?;
    }
    Ok(Some(verdict))
}

fn code(seed: &Seed, step: i64) -> TotpCode {
    TotpCode::parse(&seed.code_at(step).unwrap()).unwrap()
}

#[test]
fn a_step_is_used_once_whatever_the_clock_does() {
    // OT-01, OT-02, OT-03, OT-08
    each_backend(|w| {
        let (person, seed) = enrolled(w);
        let now = w.now.seconds() / STEP;
        for offset in [-2, 2] {
            assert!(matches!(verify(w, person, &code(&seed, now + offset), 1, 100).unwrap(), Some(TotpVerdict::Wrong { .. })), "{offset}");
        }
        assert!(matches!(verify(w, person, &code(&seed, now), 1, 100).unwrap(), Some(TotpVerdict::Accepted { .. })));
        assert_eq!(verify(w, person, &code(&seed, now), 1, 100).unwrap(), Some(TotpVerdict::Replayed { next_in: 30 }));
        assert!(matches!(verify(w, person, &code(&seed, now - 1), 1, 100).unwrap(), Some(TotpVerdict::Replayed { .. })));
        assert!(matches!(verify(w, person, &code(&seed, now + 1), 1, 100).unwrap(), Some(TotpVerdict::Accepted { .. })));
        // The clock was ahead and is set back: its last step holds no right code up, and what was used stays used.
        w.now = w.now.minus(Duration::from_secs(300));
        let accepted = verify(w, person, &code(&seed, now - 10), 1, 100).unwrap();
        assert!(matches!(accepted, Some(TotpVerdict::Accepted { ahead: Some(330), .. })), "{accepted:?}");
        assert!(matches!(verify(w, person, &code(&seed, now - 10), 1, 100).unwrap(), Some(TotpVerdict::Replayed { .. })));
        assert!(matches!(verify(w, person, &code(&seed, now - 11), 1, 100).unwrap(), Some(TotpVerdict::Replayed { .. })), "OT-03");
        w.now = w.now.plus(Duration::from_secs(300));
        for offset in [0, 1] {
            assert!(matches!(verify(w, person, &code(&seed, now + offset), 1, 100).unwrap(), Some(TotpVerdict::Replayed { .. })), "OT-08");
        }
    });
}

#[test]
fn a_slow_clock_is_named_and_a_fast_one_is_plainly_wrong() {
    each_backend(|w| {
        let (person, seed) = enrolled(w);
        let now = w.now.seconds() / STEP;
        assert_eq!(verify(w, person, &code(&seed, now - 4), 1, 100).unwrap(), Some(TotpVerdict::Wrong { behind: Some(4) }));
        assert_eq!(verify(w, person, &code(&seed, now + 4), 1, 100).unwrap(), Some(TotpVerdict::Wrong { behind: None }));
    });
}

#[test]
fn a_hundred_wrong_codes_in_a_row_switch_it_off() {
    // TH-01
    each_backend(|w| {
        let (person, seed) = enrolled(w);
        let now = w.now.seconds() / STEP;
        let wrong = code(&seed, now + 50);
        for _ in 0..100 {
            assert!(matches!(verify(w, person, &wrong, 1, 100).unwrap(), Some(TotpVerdict::Wrong { .. })));
        }
        assert_eq!(verify(w, person, &code(&seed, now), 1, 100).unwrap(), None);
    });
}

#[test]
fn each_authenticator_counts_for_itself() {
    // TH-01, TH-02, OT-01
    each_backend(|w| {
        let (person, phone) = enrolled(w);
        w.now = w.now.plus(Duration::from_secs(60));
        let tablet = Seed::make(w.entropy);
        let name = DeviceName::parse("Ana's tablet").unwrap();
        assert!(matches!(add(w, person, &name, &tablet, 0).unwrap(), Added::Made(_)));
        let now = w.now.seconds() / STEP;
        let failures = |w: &mut Work<'_>| -> Vec<i32> { list(w, person).unwrap().iter().map(|totp| totp.failures).collect() };
        // A wrong code is wrong for both.
        assert!(matches!(verify(w, person, &code(&phone, now + 50), 1, 3).unwrap(), Some(TotpVerdict::Wrong { .. })));
        assert_eq!(failures(w), [1, 1]);
        // The right one clears its own count and costs the other nothing, whichever was looked at first.
        assert!(matches!(verify(w, person, &code(&tablet, now), 1, 3).unwrap(), Some(TotpVerdict::Accepted { .. })));
        assert_eq!(failures(w), [1, 0]);
        assert!(matches!(verify(w, person, &code(&phone, now), 1, 3).unwrap(), Some(TotpVerdict::Accepted { .. })));
        assert_eq!(failures(w), [0, 0]);
        // One that is switched off no longer counts, not even with a right code; the other goes on.
        for _ in 0..2 {
            verify(w, person, &code(&phone, now + 50), 1, 3).unwrap();
            verify(w, person, &code(&tablet, now - 1), 1, 3).unwrap();
        }
        assert_eq!(failures(w), [3, 3]);
        assert_eq!(verify(w, person, &code(&tablet, now + 1), 1, 3).unwrap(), None);
        assert!(matches!(verify(w, person, &code(&tablet, now + 1), 1, 4).unwrap(), Some(TotpVerdict::Accepted { .. })));
        assert_eq!(failures(w), [3, 0]);
        assert!(matches!(verify(w, person, &code(&phone, now + 1), 1, 3).unwrap(), Some(TotpVerdict::Wrong { .. })));
        assert_eq!(failures(w), [3, 1]);
    });
}

#[test]
fn the_confirming_code_is_spent() {
    // OT-05
    each_backend(|w| {
        let person = person(w, "Ana");
        assert_eq!(verify(w, person, &TotpCode::parse("000000").unwrap(), 1, 100).unwrap(), None);
        let seed = Seed::make(w.entropy);
        let now = w.now.seconds() / STEP;
        let first = code(&seed, now - 1);
        let FirstCode::Matches { step } = check_enrolment(&seed, &first, w.now, 1) else { panic!("right") };
        add(w, person, &DeviceName::parse("Phone").unwrap(), &seed, step).unwrap();
        assert!(matches!(verify(w, person, &first, 1, 100).unwrap(), Some(TotpVerdict::Replayed { .. })));
        assert!(matches!(verify(w, person, &code(&seed, now), 1, 100).unwrap(), Some(TotpVerdict::Accepted { .. })));
    });
}

#[test]
fn an_authenticator_is_its_owner_s_and_its_seed_is_sealed() {
    // OT-04, CR-06, CR-12, EN-15
    each_backend(|w| {
        let (ana, seed) = enrolled(w);
        let ben = person(w, "Ben");
        let mine = list(w, ana).unwrap().remove(0);
        let name = DeviceName::parse("Mine").unwrap();
        assert!(!rename(w, ben, mine.id, &name).unwrap() && !remove(w, ben, mine.id).unwrap());
        assert!(rename(w, ana, mine.id, &name).unwrap());
        assert_eq!(list(w, ana).unwrap().remove(0).name, "Mine");
        let row = store::list(w, ana).unwrap().remove(0);
        assert!(!row.seed.windows(20).any(|bytes| bytes == seed.bytes()));
        // Moved into another row, it opens nothing.
        let other = TotpId::make(w.now, w.entropy);
        store::insert(w, &store::NewTotp { id: other, person: ana, name: &row.name, seed: &row.seed, last_step: 0 }).unwrap();
        assert!(list(w, ana).is_err());
        assert!(verify(w, ana, &code(&seed, 5), 1, 100).is_err());
        assert!(remove(w, ana, other).unwrap() && remove(w, ana, mine.id).unwrap() && !remove(w, ana, mine.id).unwrap());
        for _ in 0..MOST {
            assert!(matches!(add(w, ana, &name, &seed, 0).unwrap(), Added::Made(_)));
        }
        assert_eq!(add(w, ana, &name, &seed, 0).unwrap(), Added::TooMany);
    });
}
