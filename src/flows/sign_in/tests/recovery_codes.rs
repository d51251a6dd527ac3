//! Recovery codes as the second step: what is counted, what is recorded, whose they are.

use super::*;
use crate::domain::audit::{self, Book};
use crate::domain::recovery::{self, RecoveryCode, SetHashing};
use crate::platform::crypto::password_hash::HashOutcome;

const NOBODYS: &str = "7KQ2-9VXM-4T8C-0HRD";

async fn give(app: &App, person: PersonId) -> Vec<String> {
    let codes: Vec<RecoveryCode> = (0..3).map(|_| RecoveryCode::make(&OsEntropy)).collect();
    let hashing = SetHashing::make(&OsEntropy);
    let secrets = codes.iter().map(|code| code.secret().clone()).collect();
    let HashOutcome::Done(hashes) = app.hasher.derive(secrets, hashing.cost, hashing.salt).await.unwrap() else { panic!("busy") };
    app.write(move |w| recovery::replace_set(w, person, &hashing, &hashes)).await.unwrap();
    codes.iter().map(RecoveryCode::grouped).collect()
}

async fn try_recovery(app: &App, caller: &Caller, attempt: &Attempt, code: &str) -> CodeOutcome {
    let Loaded::Here(attempt) = load(app, caller, attempt.id).await.unwrap() else { panic!("gone") };
    let step = attempt.version;
    submit_recovery_code(app, caller, *attempt, step, code).await.unwrap()
}

async fn failures(app: &App, person: PersonId) -> i32 {
    app.read(move |w| recovery::status(w, person)).await.unwrap().unwrap().failures
}

/// What the record says about a person: kinds and facts, oldest first.
async fn recorded(app: &App, person: PersonId) -> Vec<(Kind, serde_json::Value)> {
    let mut entries = app.read(move |w| audit::recent(w, Book::Audit, person, 20)).await.unwrap();
    entries.sort_by_key(|entry| entry.id);
    entries.into_iter().map(|entry| (entry.kind, entry.facts)).collect()
}

#[test]
fn each_use_and_each_refusal_is_recorded() {
    // LG-03, OT-10
    on_each(|Stage { app, clock }| async move {
        let ana = Ana::arrive(&app).await;
        let codes = give(&app, ana.person).await;
        for code in &codes {
            clock.advance(Duration::from_secs(60));
            let caller = browser();
            let attempt = at_the_code(&app, &caller).await;
            let CodeOutcome::Signed(_) = try_recovery(&app, &caller, &attempt, code).await else { panic!("not signed in") };
        }
        clock.advance(Duration::from_secs(60));
        let left: Vec<serde_json::Value> = recorded(&app, ana.person)
            .await
            .into_iter()
            .filter(|(kind, _)| *kind == Kind::RecoveryCodeUsed)
            .map(|(_, facts)| facts["left"].clone())
            .collect();
        assert_eq!(left, [2, 1, 0], "the last one too");
        let methods: Vec<serde_json::Value> = recorded(&app, ana.person)
            .await
            .into_iter()
            .filter(|(kind, _)| *kind == Kind::SignInSucceeded)
            .map(|(_, facts)| facts["methods"].clone())
            .collect();
        assert_eq!(methods[0], serde_json::json!(["password", "recovery_code"]));
        let codes = give(&app, ana.person).await;
        let caller = browser();
        let attempt = at_the_code(&app, &caller).await;
        assert!(matches!(try_recovery(&app, &caller, &attempt, NOBODYS).await, CodeOutcome::Again(CodeProblem::Wrong, _)));
        assert!(matches!(try_recovery(&app, &caller, &attempt, &codes[0]).await, CodeOutcome::Signed(_)));
        // Entries of one millisecond are in no order.
        clock.advance(Duration::from_secs(1));
        let attempt = at_the_code(&app, &caller).await;
        assert!(matches!(
            try_recovery(&app, &caller, &attempt, &codes[0]).await,
            CodeOutcome::Again(CodeProblem::Used { next_in: None }, _)
        ));
        let refused: Vec<serde_json::Value> =
            recorded(&app, ana.person).await.into_iter().filter(|(kind, _)| *kind == Kind::SignInRefused).map(|(_, facts)| facts).collect();
        let reason = |reason| serde_json::json!({ "method": "recovery_code", "reason": reason });
        assert_eq!(refused, [reason("wrong"), reason("used")]);
    });
}

#[test]
fn somebody_else_s_code_is_wrong_and_stays_theirs() {
    // CVE-37
    on_each(|Stage { app, .. }| async move {
        let ana = Ana::arrive(&app).await;
        give(&app, ana.person).await;
        let ben = app.write(|w| Ok(identity::testing::person(w, "Ben"))).await.unwrap();
        let his = give(&app, ben).await;
        let caller = browser();
        let attempt = at_the_code(&app, &caller).await;
        assert!(matches!(try_recovery(&app, &caller, &attempt, &his[0]).await, CodeOutcome::Again(CodeProblem::Wrong, _)));
        let left = app.read(move |w| recovery::status(w, ben)).await.unwrap().unwrap().left;
        assert_eq!(left, 3);
        // Without any code of her own there is nothing to guess at.
        let person = ana.person;
        app.write(move |w| recovery::replace_set(w, person, &SetHashing::make(&OsEntropy), &[])).await.unwrap();
        assert!(matches!(try_recovery(&app, &caller, &attempt, &his[0]).await, CodeOutcome::Disabled));
    });
}

#[test]
fn strangers_cannot_use_up_the_recovery_codes_of_a_known_device() {
    // TH-01, TH-06
    on_each(|Stage { app, .. }| async move {
        let ana = Ana::arrive(&app).await;
        let codes = give(&app, ana.person).await;
        let (own, stranger, person) = (ana.own_device(&app).await, browser(), ana.person);
        app.write(move |w| {
            while recovery::count_try(w, person, 100)? {}
            Ok(())
        })
        .await
        .unwrap();
        let attempt = at_the_code(&app, &stranger).await;
        assert!(switched_off(&app, &stranger, person, Method::RecoveryCode).await.unwrap());
        assert!(matches!(try_recovery(&app, &stranger, &attempt, &codes[0]).await, CodeOutcome::Disabled));
        assert!(!switched_off(&app, &own, person, Method::RecoveryCode).await.unwrap());
        let attempt = at_the_code(&app, &own).await;
        assert!(matches!(try_recovery(&app, &own, &attempt, &codes[0]).await, CodeOutcome::Signed(_)));
        // Her machine has a limit too.
        let cookie = own.device.unwrap();
        app.write(move |w| {
            let device = device::find(w, person, &cookie)?.unwrap().id;
            while device::count_try(w, device, Method::RecoveryCode, 100)? {}
            Ok(())
        })
        .await
        .unwrap();
        assert!(switched_off(&app, &own, person, Method::RecoveryCode).await.unwrap());
        let attempt = at_the_code(&app, &own).await;
        assert!(matches!(try_recovery(&app, &own, &attempt, &codes[1]).await, CodeOutcome::Disabled));
    });
}

#[test]
fn a_recovery_code_we_were_too_busy_to_look_at_costs_nothing() {
    // PW-12, TH-01
    on_each(|Stage { mut app, .. }| async move {
        let ana = Ana::arrive(&app).await;
        let codes = give(&app, ana.person).await;
        let caller = browser();
        let attempt = at_the_code(&app, &caller).await;
        let hasher = app.hasher.clone();
        Arc::get_mut(&mut app).unwrap().hasher = Hasher::start(1, 0);
        for _ in 0..40 {
            assert!(matches!(try_recovery(&app, &caller, &attempt, &codes[0]).await, CodeOutcome::Busy));
        }
        assert_eq!(failures(&app, ana.person).await, 0);
        Arc::get_mut(&mut app).unwrap().hasher = hasher;
        assert!(matches!(try_recovery(&app, &caller, &attempt, &codes[0]).await, CodeOutcome::Signed(_)));
    });
}

#[test]
fn a_recovery_code_after_a_password_that_was_changed_opens_nothing() {
    // SE-10, AA-05
    on_each(|Stage { app, clock }| async move {
        let ana = Ana::arrive(&app).await;
        let codes = give(&app, ana.person).await;
        let thief = browser();
        let attempt = at_the_code(&app, &thief).await;
        clock.advance(Duration::from_secs(60));
        let (person, new) = (ana.person, hashed(&app, "another good phrase").await);
        app.write(move |w| passwords::set(w, person, &new)).await.unwrap();
        assert!(matches!(try_recovery(&app, &thief, &attempt, &codes[0]).await, CodeOutcome::MovedOn));
        let Loaded::Here(attempt) = load(&app, &thief, attempt.id).await.unwrap() else { panic!("gone") };
        assert_eq!(attempt.state, State::Finished);
    });
}
