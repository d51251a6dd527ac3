//! On both databases.

use std::time::Duration;

use super::*;
use crate::platform::db::testing::each_backend;

fn enrolled(w: &mut Work<'_>) -> (PersonId, Seed) {
    let person = crate::domain::identity::create(
        w,
        &crate::domain::identity::NewPerson {
            handle: crate::domain::identity::new_handle(w.entropy),
            name: crate::kernel::text::DisplayName::parse("Ana").unwrap(),
            username: None,
            email: None,
            state: crate::domain::identity::PersonState::Active,
        },
    );
    let crate::domain::identity::Created::Made(person) = person.unwrap() else { panic!("taken") };
    let seed = Seed::make(w.entropy);
    let name = DeviceName::parse("Ana's phone").unwrap();
    assert!(matches!(add(w, person.id, &name, &seed, 0).unwrap(), Added::Made(_)));
    (person.id, seed)
}

fn code(seed: &Seed, step: i64) -> Code {
    Code::parse(&seed.code_at(step).unwrap()).unwrap()
}

#[test]
fn a_step_is_used_once_and_never_goes_back() {
    // OT-01, OT-02, OT-03, OT-08
    each_backend(|w| {
        let (person, seed) = enrolled(w);
        let now = w.now.seconds() / STEP;
        for offset in [-2, 2] {
            assert!(matches!(verify(w, person, &code(&seed, now + offset), 1, 100).unwrap(), Verdict::Wrong { .. }), "{offset}");
        }
        assert!(matches!(verify(w, person, &code(&seed, now), 1, 100).unwrap(), Verdict::Accepted(_)));
        assert_eq!(verify(w, person, &code(&seed, now), 1, 100).unwrap(), Verdict::Replayed { next_in: 30 });
        assert!(matches!(verify(w, person, &code(&seed, now - 1), 1, 100).unwrap(), Verdict::Replayed { .. }));
        assert!(matches!(verify(w, person, &code(&seed, now + 1), 1, 100).unwrap(), Verdict::Accepted(_)));
        w.now = w.now.minus(Duration::from_secs(300));
        assert!(matches!(verify(w, person, &code(&seed, now - 10), 1, 100).unwrap(), Verdict::Replayed { .. }));
    });
}

#[test]
fn a_slow_clock_is_named_and_a_fast_one_is_plainly_wrong() {
    each_backend(|w| {
        let (person, seed) = enrolled(w);
        let now = w.now.seconds() / STEP;
        assert_eq!(verify(w, person, &code(&seed, now - 4), 1, 100).unwrap(), Verdict::Wrong { behind: Some(4) });
        assert_eq!(verify(w, person, &code(&seed, now + 4), 1, 100).unwrap(), Verdict::Wrong { behind: None });
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
            assert!(matches!(verify(w, person, &wrong, 1, 100).unwrap(), Verdict::Wrong { .. }));
        }
        assert_eq!(verify(w, person, &code(&seed, now), 1, 100).unwrap(), Verdict::Disabled);
    });
}
