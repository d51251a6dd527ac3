//! Signing in by its flows, on both databases: what is counted, what is given back, what one tab does to another.

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;

use super::*;
use crate::app::App;
use crate::domain::device;
use crate::domain::identity::{self, Created, NewPerson, PersonState};
use crate::domain::totp::{self, Added, STEP, Seed};
use crate::each;
use crate::flows::spaces::PASSKEY_SIGN_IN;
use crate::flows::testing::{Stage, browser, on_each};
use crate::flows::throttle::{self, About, Admission, Subject};
use crate::flows::{After, Caller};
use crate::kernel::secret::Password;
use crate::kernel::text::{DeviceName, DisplayName, Username};
use crate::platform::crypto::OsEntropy;
use crate::platform::crypto::password_hash::{HashCost, HashOutcome, Hasher};
use crate::platform::crypto::token::{DeviceCookie, Token};
use crate::platform::db::schema::{entries, passwords as stored};
use crate::platform::ephemeral::{Ephemeral, StoreLimits};

mod devices;
mod floods;
mod recovery_codes;

const PASSWORD: &str = "correct horse battery";
const WRONG: &str = "not her password at all";

struct Ana {
    person: PersonId,
    seed: Seed,
}

impl Ana {
    /// With a password and an authenticator.
    async fn arrive(app: &App) -> Self {
        let hash = hashed(app, PASSWORD).await;
        let seed = Seed::make(&OsEntropy);
        let kept = seed.clone();
        let person = app
            .write(move |w| {
                let new = NewPerson {
                    handle: identity::new_handle(w.entropy),
                    name: DisplayName::parse("Ana Example").unwrap(),
                    username: Some(Username::parse("ana").unwrap()),
                    email: None,
                    state: PersonState::Active,
                };
                let Created::Made(person) = identity::create(w, &new)? else { panic!("taken") };
                passwords::set(w, person.id, &hash)?;
                let added = totp::add(w, person.id, &DeviceName::parse("Phone").unwrap(), &kept, 0)?;
                assert!(matches!(added, Added::Made(_)));
                Ok(person.id)
            })
            .await
            .unwrap();
        Self { person, seed }
    }

    fn code(&self, app: &App) -> String {
        self.seed.code_at(app.now().seconds() / STEP).unwrap()
    }

    /// A browser that has signed her in before.
    async fn own_device(&self, app: &App) -> Caller {
        let (person, cookie) = (self.person, Token::<DeviceCookie>::make(&OsEntropy).hash());
        app.write(move |w| device::renew(w, person, None, &cookie, Duration::from_secs(86_400))).await.unwrap();
        Caller { device: Some(cookie), ..browser() }
    }
}

async fn hashed(app: &App, password: &str) -> secrecy::SecretString {
    let hash = app.hasher.hash(Password::parse(password).unwrap(), HashCost::FLOOR, [1; 16]).await.unwrap();
    let HashOutcome::Done(hash) = hash else { panic!("busy") };
    hash
}

async fn try_password(app: &App, caller: &Caller, name: &str, password: &str) -> PasswordOutcome {
    let need = policy::for_sign_in();
    let begin = Begin { purpose: EntryPurpose::SignIn { to: None }, after: After::Account, need };
    begin_with_password(app, caller, begin, name, Password::parse(password)).await.unwrap()
}

/// After the right password: the attempt.
async fn at_the_code(app: &App, caller: &Caller) -> Attempt {
    match try_password(app, caller, "ana", PASSWORD).await {
        PasswordOutcome::Advanced(attempt, SignInStep::Totp) => *attempt,
        other => panic!("{other:?}"),
    }
}

async fn try_code(app: &App, caller: &Caller, attempt: &Attempt, code: &str) -> CodeOutcome {
    let Loaded::Here(attempt) = load(app, caller, attempt.id).await.unwrap() else { panic!("gone") };
    let step = attempt.version;
    submit_totp(app, caller, *attempt, step, code).await.unwrap()
}

async fn record(app: &App) -> i64 {
    app.read(|w| Ok(each!(w.conn, c => entries::table.count().get_result(c))?)).await.unwrap()
}

fn from(address: &str) -> Caller {
    Caller { address: address.parse().unwrap(), ..browser() }
}

#[test]
fn pauses_grow_for_strangers_only_and_end_by_themselves() {
    // TH-01, TH-02, TH-04, TH-06, TH-07
    on_each(|Stage { app, clock }| async move {
        let subject = |method, device| Subject { account: "somebody".into(), known: true, typed: None, method, device };
        let stranger = subject(Method::Password, None);
        let (mut pauses, mut network) = (Vec::new(), 0);
        for _ in 0..16 {
            network += 1;
            let caller = from(&format!("198.51.100.{network}"));
            match throttle::admit(&app, &stranger, &caller).await.unwrap() {
                Admission::Go => {}
                Admission::Unseen => panic!("nothing was typed"),
                Admission::Wait(pause) => {
                    assert_eq!(pause.about, About::Account(Method::Password));
                    let wait = app.now().until(pause.until);
                    pauses.push(wait.as_secs());
                    clock.advance(wait);
                    assert_eq!(throttle::admit(&app, &stranger, &caller).await.unwrap(), Admission::Go);
                }
            }
        }
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 512, 900]);
        // Another way of the same account, and a device of its own, have counts of their own.
        let caller = from("198.51.100.200");
        assert!(matches!(throttle::admit(&app, &stranger, &caller).await.unwrap(), Admission::Wait(_)));
        let device = crate::kernel::ids::DeviceId::make(app.now(), &OsEntropy);
        for other in [subject(Method::Totp, None), subject(Method::Password, Some(device))] {
            assert_eq!(throttle::admit(&app, &other, &caller).await.unwrap(), Admission::Go);
        }
        throttle::succeeded(&app, &subject(Method::Totp, None), &caller).await.unwrap();
        assert!(matches!(throttle::admit(&app, &stranger, &caller).await.unwrap(), Admission::Wait(_)), "TH-02");
    });
}

#[test]
fn another_name_of_a_used_up_account_looks_like_nobodys() {
    // TH-03, TH-08
    on_each(|Stage { app, .. }| async move {
        let typed = |account: &str, name: &str| Subject {
            account: account.into(),
            known: account != "nobody",
            typed: Some(name.into()),
            method: Method::Password,
            device: None,
        };
        let caller = |n: i32| from(&format!("198.51.100.{n}"));
        for n in 0..6 {
            assert_eq!(throttle::admit(&app, &typed("ana", "ana"), &caller(n)).await.unwrap(), Admission::Go);
        }
        assert!(matches!(throttle::admit(&app, &typed("ana", "ana"), &caller(7)).await.unwrap(), Admission::Wait(_)));
        // Her address was never typed: it is answered as an address nobody has, and is not looked at.
        for n in 10..16 {
            assert_eq!(throttle::admit(&app, &typed("ana", "ana@example"), &caller(n)).await.unwrap(), Admission::Unseen);
            assert_eq!(throttle::admit(&app, &typed("nobody", "nobody"), &caller(n)).await.unwrap(), Admission::Go);
        }
        for (account, name) in [("ana", "ana@example"), ("nobody", "nobody")] {
            assert!(matches!(throttle::admit(&app, &typed(account, name), &caller(20)).await.unwrap(), Admission::Wait(_)), "{name}");
        }
    });
}

#[test]
fn a_pause_is_told_before_anything_else_is_read() {
    // TH-08: its answer is free, so nothing on the way to it may depend on whether someone has the name. A password that
    // cannot be opened shows whether it was read.
    on_each(|Stage { app, .. }| async move {
        let _ana = Ana::arrive(&app).await;
        for name in ["ana", "nobody"] {
            for number in 0..6 {
                let caller = from(&format!("198.51.100.{number}"));
                assert!(matches!(try_password(&app, &caller, name, WRONG).await, PasswordOutcome::Wrong));
            }
        }
        app.write(|w| {
            each!(w.conn, c => diesel::update(stored::table).set(stored::hash.eq(vec![0_u8; 40])).execute(c))?;
            Ok(())
        })
        .await
        .unwrap();
        for name in ["ana", "nobody"] {
            assert!(matches!(try_password(&app, &from("198.51.100.9"), name, PASSWORD).await, PasswordOutcome::Paused(_)), "{name}");
        }
    });
}

#[test]
fn a_password_changed_meanwhile_proves_nothing() {
    // SE-10, AA-05
    on_each(|Stage { app, clock }| async move {
        let ana = Ana::arrive(&app).await;
        let thief = browser();
        let attempt = at_the_code(&app, &thief).await;
        clock.advance(Duration::from_secs(60));
        let (person, new) = (ana.person, hashed(&app, "another good phrase").await);
        app.write(move |w| passwords::set(w, person, &new)).await.unwrap();
        assert!(matches!(try_code(&app, &thief, &attempt, &ana.code(&app)).await, CodeOutcome::MovedOn));
        let Loaded::Here(attempt) = load(&app, &thief, attempt.id).await.unwrap() else { panic!("gone") };
        assert_eq!(attempt.state, State::Finished, "nothing is left to go on with");
    });
}

#[test]
fn strangers_cannot_use_up_the_codes_of_a_known_device() {
    // TH-01, TH-06
    on_each(|Stage { app, clock }| async move {
        let ana = Ana::arrive(&app).await;
        let (own, stranger, person) = (ana.own_device(&app).await, browser(), ana.person);
        for _ in 0..100 {
            app.write(move |w| totp::ids(w, person).and_then(|ids| totp::count_try(w, &ids, 100))).await.unwrap();
        }
        let attempt = at_the_code(&app, &stranger).await;
        assert!(switched_off(&app, &stranger, person, Method::Totp).await.unwrap());
        assert!(matches!(try_code(&app, &stranger, &attempt, &ana.code(&app)).await, CodeOutcome::Disabled));
        // The page asks for a code on her own machine, and takes it.
        assert!(!switched_off(&app, &own, person, Method::Totp).await.unwrap());
        let attempt = at_the_code(&app, &own).await;
        assert!(matches!(try_code(&app, &own, &attempt, &ana.code(&app)).await, CodeOutcome::Signed(_)));
        // Her machine has a limit too, which something new to try lifts.
        let cookie = own.device.unwrap();
        app.write(move |w| {
            let device = device::find(w, person, &cookie)?.unwrap().id;
            while device::count_try(w, device, Method::Totp, 100)? {}
            Ok(())
        })
        .await
        .unwrap();
        clock.advance(Duration::from_secs(60));
        let attempt = at_the_code(&app, &own).await;
        assert!(switched_off(&app, &own, person, Method::Totp).await.unwrap());
        assert!(matches!(try_code(&app, &own, &attempt, &ana.code(&app)).await, CodeOutcome::Disabled));
        app.write(move |w| device::clear_all(w, person, Method::Totp)).await.unwrap();
        assert!(!switched_off(&app, &own, person, Method::Totp).await.unwrap());
        assert!(matches!(try_code(&app, &own, &attempt, &ana.code(&app)).await, CodeOutcome::Signed(_)));
    });
}

#[test]
fn of_fifty_clicks_one_goes_on() {
    // AA-05, OT-01
    on_each(|Stage { app, .. }| async move {
        let ana = Ana::arrive(&app).await;
        let caller = browser();
        let attempt = at_the_code(&app, &caller).await;
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let (app, caller, attempt, code) = (app.clone(), caller.clone(), attempt.clone(), ana.code(&app));
                tokio::spawn(async move { submit_totp(&app, &caller, attempt, 1, &code).await.unwrap() })
            })
            .collect();
        let mut signed = 0;
        for task in tasks {
            match task.await.unwrap() {
                CodeOutcome::Signed(_) => signed += 1,
                CodeOutcome::MovedOn => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(signed, 1);
    });
}
