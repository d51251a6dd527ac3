//! Many tries at once, and more of them than there is room for: what they cost, and whom.

use super::*;

#[test]
fn of_two_hundred_at_once_the_free_ones_are_looked_at() {
    // TH-04, CVE-43
    on_each(|Stage { app, .. }| async move {
        let tasks: Vec<_> = (0..200)
            .map(|number| {
                let app = app.clone();
                tokio::spawn(async move {
                    let subject = Subject { account: "somebody".into(), known: true, typed: None, method: Method::Totp, device: None };
                    throttle::admit(&app, &subject, &from(&format!("net{number}"))).await.unwrap()
                })
            })
            .collect();
        let mut looked_at = 0;
        for task in tasks {
            looked_at += i32::from(task.await.unwrap() == Admission::Go);
        }
        assert_eq!(looked_at, 6);
    });
}

#[test]
fn what_we_were_too_busy_to_look_at_costs_nobody_a_try() {
    // PW-12, TH-01
    on_each(|Stage { mut app, .. }| async move {
        let ana = Ana::arrive(&app).await;
        let hasher = app.hasher.clone();
        Arc::get_mut(&mut app).unwrap().hasher = Hasher::start(1, 0);
        let (own, stranger) = (ana.own_device(&app).await, browser());
        for number in 0..40 {
            let elsewhere = from(&format!("198.51.100.{number}"));
            for caller in [&own, &elsewhere] {
                assert!(matches!(try_password(&app, caller, "ana", PASSWORD).await, PasswordOutcome::Busy));
            }
            assert!(matches!(try_password(&app, &elsewhere, "nobody", PASSWORD).await, PasswordOutcome::Busy));
        }
        let person = ana.person;
        assert_eq!(app.read(move |w| passwords::find(w, person)).await.unwrap().unwrap().failures, 0);
        Arc::get_mut(&mut app).unwrap().hasher = hasher;
        for caller in [own, stranger] {
            at_the_code(&app, &caller).await;
        }
    });
}

#[test]
fn keeping_us_busy_counts_for_the_network() {
    // TH-07, PW-12, TH-15: nobody keeps the others from being looked at for nothing
    on_each(|Stage { mut app, .. }| async move {
        let hasher = app.hasher.clone();
        Arc::get_mut(&mut app).unwrap().hasher = Hasher::start(1, 0);
        let stranger = browser();
        for number in 0..30 {
            assert!(matches!(try_password(&app, &stranger, &format!("n{number}"), WRONG).await, PasswordOutcome::Busy));
        }
        let PasswordOutcome::Paused(pause) = try_password(&app, &stranger, "another", WRONG).await else { panic!("not paused") };
        assert_eq!(pause.about, About::Network);
        Arc::get_mut(&mut app).unwrap().hasher = hasher;
    });
}

#[test]
fn being_busy_ends_no_pause_that_is_not_told() {
    // TH-03, TH-04
    on_each(|Stage { mut app, .. }| async move {
        let ana = Ana::arrive(&app).await;
        let subject = |typed: Option<&str>| Subject {
            account: ana.person.to_string(),
            known: true,
            typed: typed.map(str::to_owned),
            method: Method::Password,
            device: None,
        };
        for number in 0..6 {
            assert_eq!(throttle::admit(&app, &subject(None), &from(&format!("198.51.100.{number}"))).await.unwrap(), Admission::Go);
        }
        let hasher = app.hasher.clone();
        Arc::get_mut(&mut app).unwrap().hasher = Hasher::start(1, 0);
        for _ in 0..5 {
            assert!(matches!(try_password(&app, &browser(), "ana", WRONG).await, PasswordOutcome::Busy));
        }
        assert!(matches!(throttle::admit(&app, &subject(None), &from("198.51.100.9")).await.unwrap(), Admission::Wait(_)));
        Arc::get_mut(&mut app).unwrap().hasher = hasher;
    });
}

#[test]
fn invented_names_leave_room_and_lift_no_pause() {
    // TH-15, SE-19, CVE-151, TH-04: the store is full of what strangers had counted, and everything still works
    on_each(|Stage { mut app, clock }| async move {
        let ana = Ana::arrive(&app).await;
        Arc::get_mut(&mut app).unwrap().ephemeral = Ephemeral::memory(clock.clone(), 1_600);
        let subject = |account: &str, known, name: &str| Subject {
            account: account.to_owned(),
            known,
            typed: Some(name.to_owned()),
            method: Method::Password,
            device: None,
        };
        let account = ana.person.to_string();
        for number in 0..6 {
            let caller = from(&format!("198.51.100.{number}"));
            assert_eq!(throttle::admit(&app, &subject(&account, true, "ana"), &caller).await.unwrap(), Admission::Go);
        }
        for number in 0..5_000 {
            let (name, caller) = (format!("n{number}"), from(&format!("2001:db8::{number}")));
            assert_eq!(throttle::admit(&app, &subject(&name, false, &name), &caller).await.unwrap(), Admission::Go, "{number}");
            assert!(throttle::is_first_in_window(&app, &caller, "something").await.unwrap());
        }
        let caller = from("198.51.100.9");
        assert_eq!(throttle::admit(&app, &subject(&account, true, "ana"), &caller).await.unwrap(), Admission::Unseen);
        let own = ana.own_device(&app).await;
        at_the_code(&app, &own).await;
    });
}

#[test]
fn knocking_fills_no_record() {
    // LG-03, TH-07, CVE-151
    on_each(|Stage { app, .. }| async move {
        let _ana = Ana::arrive(&app).await;
        let caller = browser();
        for number in 0..30 {
            assert!(matches!(try_password(&app, &caller, &format!("n{number}"), WRONG).await, PasswordOutcome::Wrong));
        }
        let before = record(&app).await;
        for number in 0..50 {
            let PasswordOutcome::Paused(pause) = try_password(&app, &caller, &format!("m{number}"), WRONG).await else {
                panic!("not paused")
            };
            assert_eq!(pause.about, About::Network);
        }
        assert_eq!(record(&app).await - before, 1, "one line for the pause of a network, whatever is tried in it");
        for _ in 0..100 {
            assert!(matches!(finish_passkey(&app, &caller, b"{}".to_vec(), Place::Login).await.unwrap(), Answered::Refused));
        }
        assert!(record(&app).await - before <= 1 + 31);
    });
}

#[test]
fn one_network_does_not_fill_the_store_with_beginnings() {
    // TH-15, CVE-151
    on_each(|Stage { app, clock }| async move {
        let caller = browser();
        let start = async |caller: &Caller| start_username_less(&app, caller, After::Account, policy::for_sign_in(None, &[], None)).await;
        for _ in 0..4_096 {
            start(&caller).await.unwrap();
        }
        assert!(start(&caller).await.unwrap_err().is_temporary());
        start(&from("203.0.113.9")).await.unwrap();
        clock.advance(Duration::from_secs(600));
        start(&caller).await.unwrap();
    });
}
