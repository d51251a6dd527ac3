//! Changing one's sign-in methods, on both databases.

use std::time::Duration;

use diesel::prelude::*;

use super::*;
use crate::app::App;
use crate::domain::identity::{self, Created, NewPerson, PersonState};
use crate::domain::passkey::{self, NewPasskey};
use crate::domain::password;
use crate::domain::session::{self, NewSession, OpenedFrom, Session};
use crate::domain::totp::{self, STEP, TotpCode};
use crate::each;
use crate::flows::reauth::{Reauthentication, WithoutRecoveryCode};
use crate::flows::testing::{Stage, browser, on_each};
use crate::kernel::Entropy;
use crate::kernel::ids::PersonId;
use crate::kernel::proof::{AuthEvent, Method};
use crate::kernel::secret::Password;
use crate::kernel::text::{DeviceName, DisplayName, Username};
use crate::platform::crypto::OsEntropy;
use crate::platform::crypto::password_hash::{HashCost, HashOutcome};
use crate::platform::crypto::token::{SessionCookie, Token};
use crate::platform::db::schema::entries;

const PASSWORD: &str = "correct horse battery";

async fn person(app: &App) -> PersonId {
    let hash = app.hasher.hash(Password::parse(PASSWORD).unwrap(), HashCost::FLOOR, [1; 16]).await.unwrap();
    let HashOutcome::Done(hash) = hash else { panic!("busy") };
    app.write(move |w| {
        let new = NewPerson {
            handle: identity::new_handle(w.entropy),
            name: DisplayName::parse("Ana Example").unwrap(),
            username: Some(Username::parse("ana").unwrap()),
            email: None,
            state: PersonState::Active,
        };
        let Created::Made(person) = identity::create(w, &new)? else { panic!("taken") };
        password::set(w, person.id, &hash)?;
        Ok(person.id)
    })
    .await
    .unwrap()
}

async fn signed_in(app: &App, person: PersonId) -> (Session, Token<SessionCookie>) {
    signed_in_by(app, person, &[Method::Password, Method::Totp]).await
}

async fn signed_in_by(app: &App, person: PersonId, methods: &[Method]) -> (Session, Token<SessionCookie>) {
    let cookie = Token::<SessionCookie>::make(&*app.entropy);
    let (hash, limits, at) = (cookie.hash(), app.session_limits(), app.now());
    let event = |method: &Method| AuthEvent { method: *method, at, user_verified: *method == Method::Passkey, synced: false };
    let events = methods.iter().map(event).collect();
    let place = OpenedFrom { address: "127.0.0.1".into(), user_agent: "Firefox".into() };
    let session = app.write(move |w| session::open(w, person, NewSession { cookie: &hash, events, place: &place }, limits)).await.unwrap();
    (session, cookie)
}

async fn is_alive(app: &App, cookie: &Token<SessionCookie>) -> bool {
    let (hash, limits) = (cookie.hash(), app.session_limits());
    app.read(move |w| session::find_live(w, &hash, limits)).await.unwrap().is_some()
}

async fn passkey(app: &App, person: PersonId, name: &str) -> Credential {
    let name = DeviceName::parse(name).unwrap();
    let entropy: &dyn Entropy = &OsEntropy;
    let new = NewPasskey {
        credential_id: entropy.bytes::<32>().to_vec(),
        public_key: vec![1],
        algorithm: -7,
        aaguid: uuid::Uuid::nil(),
        counter: 0,
        backup_eligible: true,
        backup_state: true,
        transports: vec![],
    };
    match app.write(move |w| passkey::insert(w, person, &name, &new)).await.unwrap() {
        passkey::Inserted::Made(id) => Credential::Passkey(id),
        other => panic!("{other:?}"),
    }
}

fn change(current: Option<&str>, new: &str) -> NewPassword {
    NewPassword { current: current.and_then(Password::parse), new: Password::parse(new).unwrap(), end_others: true }
}

#[test]
fn a_proof_is_recent_for_fifteen_minutes() {
    // SE-13
    on_each(|Stage { app, clock }| async move {
        let person = person(&app).await;
        let (session, _) = signed_in(&app, person).await;
        clock.advance(Duration::from_secs(900));
        assert!(Reauthentication::of(&app, &session).await.unwrap().is_some());
        clock.advance(Duration::from_secs(1));
        assert!(Reauthentication::of(&app, &session).await.unwrap().is_none());
    });
}

#[test]
fn who_has_a_passkey_changes_nothing_with_less() {
    // SE-13, WA-71
    on_each(|Stage { app, clock }| async move {
        let person = person(&app).await;
        let (by_code, _) = signed_in(&app, person).await;
        assert!(Reauthentication::of(&app, &by_code).await.unwrap().is_some());
        passkey(&app, person, "Key").await;
        assert!(Reauthentication::of(&app, &by_code).await.unwrap().is_none());
        let event = AuthEvent { method: Method::Passkey, at: app.now(), user_verified: true, synced: true };
        let by_passkey = Session { events: vec![event], ..by_code };
        assert!(Reauthentication::of(&app, &by_passkey).await.unwrap().is_some());
        clock.advance(Duration::from_secs(901));
        assert!(Reauthentication::of(&app, &by_passkey).await.unwrap().is_none());
    });
}

#[test]
fn two_removals_at_once_never_take_the_last_way() {
    // WA-74
    on_each(|Stage { app, .. }| async move {
        let person = person(&app).await;
        let (session, _) = signed_in_by(&app, person, &[Method::Passkey]).await;
        let recent = Reauthentication::of(&app, &session).await.unwrap().unwrap();
        for round in 0..5 {
            // One stays from the round before.
            let mut things = vec![passkey(&app, person, &format!("a{round}")).await];
            while list(&app, person).await.unwrap().passkeys.len() < 2 {
                things.push(passkey(&app, person, &format!("b{round}")).await);
            }
            let all = list(&app, person).await.unwrap().passkeys;
            let tasks: Vec<_> = all
                .iter()
                .map(|passkey| {
                    let (app, thing) = (app.clone(), Credential::Passkey(passkey.id));
                    tokio::spawn(async move { remove(&app, recent, &browser(), thing).await.unwrap() })
                })
                .collect();
            let mut done = 0;
            for task in tasks {
                match task.await.unwrap() {
                    Removed::Done { .. } => done += 1,
                    Removed::Last(remaining) => assert!(!remaining.is_enough()),
                    Removed::NotThere => panic!("not there"),
                }
            }
            assert_eq!((done, list(&app, person).await.unwrap().passkeys.len()), (all.len() - 1, 1));
        }
    });
}

#[test]
fn removing_ends_other_sessions_and_only_ones_own_things_can_be_named() {
    // SE-10, WA-72
    on_each(|Stage { app, .. }| async move {
        let person = person(&app).await;
        let (session, here) = signed_in_by(&app, person, &[Method::Passkey]).await;
        let (_, elsewhere) = signed_in(&app, person).await;
        let recent = Reauthentication::of(&app, &session).await.unwrap().unwrap();
        let (old, _) = (passkey(&app, person, "Old").await, passkey(&app, person, "New").await);
        let stranger = app
            .write(|w| {
                let new = NewPerson {
                    handle: identity::new_handle(w.entropy),
                    name: DisplayName::parse("Ben").unwrap(),
                    username: Some(Username::parse("ben").unwrap()),
                    email: None,
                    state: PersonState::Active,
                };
                let Created::Made(person) = identity::create(w, &new)? else { panic!("taken") };
                Ok(person.id)
            })
            .await
            .unwrap();
        let theirs = passkey(&app, stranger, "Theirs").await;
        let name = DeviceName::parse("Mine").unwrap();
        assert_eq!(rename(&app, recent, &browser(), theirs, name.clone()).await.unwrap(), RenameOutcome::NotThere);
        assert_eq!(remove(&app, recent, &browser(), theirs).await.unwrap(), Removed::NotThere);
        assert_eq!(rename(&app, recent, &browser(), old, name).await.unwrap(), RenameOutcome::Done);
        assert_eq!(list(&app, person).await.unwrap().name_of(old), Some("Mine"));
        assert_eq!(remove(&app, recent, &browser(), old).await.unwrap(), Removed::Done { ended: 1 });
        assert!(is_alive(&app, &here).await && !is_alive(&app, &elsewhere).await);
    });
}

#[test]
fn a_password_changes_only_with_the_present_one() {
    // PW-09, PW-05, SE-10
    on_each(|Stage { app, .. }| async move {
        let person = person(&app).await;
        let (session, here) = signed_in(&app, person).await;
        let (_, elsewhere) = signed_in(&app, person).await;
        let recent = Reauthentication::of(&app, &session).await.unwrap().unwrap();
        let refused = |current_wrong, problem| PasswordChange::Refused { current_wrong, problem };
        let new = "another good phrase";
        for (typed, expected) in [
            (change(None, new), refused(true, None)),
            (change(Some("wrong"), new), refused(true, None)),
            (change(Some(PASSWORD), "short"), refused(false, Some(password::rules::PasswordProblem::TooShort { minimum: 12 }))),
            (change(Some(PASSWORD), "ana example 2026"), refused(false, Some(password::rules::PasswordProblem::Context))),
            (change(Some("wrong"), "short"), refused(true, Some(password::rules::PasswordProblem::TooShort { minimum: 12 }))),
        ] {
            assert_eq!(change_password(&app, recent, &browser(), typed).await.unwrap(), expected);
        }
        assert!(is_alive(&app, &elsewhere).await);
        let done = change_password(&app, recent, &browser(), change(Some(PASSWORD), new)).await.unwrap();
        assert_eq!(done, PasswordChange::Done { first: false, others_ended: true });
        assert!(is_alive(&app, &here).await && !is_alive(&app, &elsewhere).await);
        assert_eq!(change_password(&app, recent, &browser(), change(Some(PASSWORD), new)).await.unwrap(), refused(true, None));
    });
}

#[test]
fn guessing_the_present_password_is_slowed_like_signing_in() {
    // PW-09, TH-05
    on_each(|Stage { app, .. }| async move {
        let person = person(&app).await;
        let (session, _) = signed_in(&app, person).await;
        let recent = Reauthentication::of(&app, &session).await.unwrap().unwrap();
        let mut paused = false;
        for _ in 0..8 {
            let outcome = change_password(&app, recent, &browser(), change(Some("wrong"), "another good phrase")).await.unwrap();
            paused |= matches!(outcome, PasswordChange::Paused(_));
        }
        assert!(paused);
        // The right one does not get through the pause either.
        let outcome = change_password(&app, recent, &browser(), change(Some(PASSWORD), "another good phrase")).await.unwrap();
        assert!(matches!(outcome, PasswordChange::Paused(_)), "{outcome:?}");
    });
}

#[test]
fn an_authenticator_is_added_once_and_by_its_first_code() {
    // OT-05
    on_each(|Stage { app, .. }| async move {
        let person = person(&app).await;
        let (session, _) = signed_in(&app, person).await;
        let recent = Reauthentication::of(&app, &session).await.unwrap().unwrap();
        let caller = browser();
        let pending = pending_totp(&app, recent, &caller).await.unwrap();
        assert_eq!(pending_totp(&app, recent, &caller).await.unwrap().id, pending.id);
        let name = || DeviceName::parse("Phone").unwrap();
        let code = |offset: i64| TotpCode::parse(&pending.seed.code_at(app.now().seconds() / STEP + offset).unwrap()).unwrap();
        let id = pending.id.to_string();
        assert_eq!(confirm_totp(&app, recent, &caller, &id, name(), &code(-4)).await.unwrap(), AddedCode::ClockOff(-120));
        assert_eq!(confirm_totp(&app, recent, &caller, "other", name(), &code(0)).await.unwrap(), AddedCode::TooOld);
        assert_eq!(confirm_totp(&app, recent, &browser(), &id, name(), &code(0)).await.unwrap(), AddedCode::TooOld);
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let (app, caller, id, code) = (app.clone(), caller.clone(), id.clone(), code(0));
                tokio::spawn(
                    async move { confirm_totp(&app, recent, &caller, &id, DeviceName::parse("Phone").unwrap(), &code).await.unwrap() },
                )
            })
            .collect();
        for task in tasks {
            assert!(matches!(task.await.unwrap(), AddedCode::Made | AddedCode::TooOld));
        }
        assert_eq!(app.read(move |w| totp::list(w, person)).await.unwrap().len(), 1);
    });
}

async fn record(app: &App) -> i64 {
    app.read(|w| Ok(each!(w.conn, c => entries::table.count().get_result(c))?)).await.unwrap()
}

#[test]
fn a_person_makes_a_few_sets_of_codes_an_hour() {
    // PW-12, LG-03: ten hashes, a message and a line of the record each, from as many sessions as one likes
    on_each(|Stage { app, clock }| async move {
        let person = person(&app).await;
        let mut made = 0;
        for _ in 0..4 {
            let (session, _) = signed_in(&app, person).await;
            for _ in 0..3 {
                let proof = WithoutRecoveryCode::of(&app, &session).await.unwrap().unwrap();
                match make_codes(&app, proof, &browser(), Then::Security).await.unwrap() {
                    CodesOutcome::Done => made += 1,
                    CodesOutcome::Wait(until) => assert!(until > app.now()),
                    CodesOutcome::Busy => panic!("busy"),
                }
            }
        }
        assert_eq!(made, 5);
        clock.advance(Duration::from_secs(3600));
        let (session, _) = signed_in(&app, person).await;
        let proof = WithoutRecoveryCode::of(&app, &session).await.unwrap().unwrap();
        assert_eq!(make_codes(&app, proof, &browser(), Then::Security).await.unwrap(), CodesOutcome::Done);
    });
}

#[test]
fn passkeys_refused_over_and_over_fill_no_record() {
    // LG-03, LG-04
    on_each(|Stage { app, .. }| async move {
        let person = person(&app).await;
        let (session, _) = signed_in(&app, person).await;
        let recent = Reauthentication::of(&app, &session).await.unwrap().unwrap();
        let (before, caller) = (record(&app).await, browser());
        for _ in 0..60 {
            start_passkey(&app, recent, &caller).await.unwrap();
            assert!(matches!(add_passkey(&app, recent, &caller, b"{}").await.unwrap(), AddedPasskey::Refused));
        }
        let written = record(&app).await - before;
        assert!((1..=31).contains(&written), "{written}");
    });
}
