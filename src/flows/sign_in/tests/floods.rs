//! Many tries at the same time, and more of them than there is room for: what they cost, and whom.

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
                    throttle::admit(&app, &subject, &from(&format!("198.18.{number}.1"))).await.unwrap()
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
        Arc::get_mut(&mut app).unwrap().ephemeral = Ephemeral::memory(clock.clone(), StoreLimits::of(&app.settings));
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
            let (name, caller) = (format!("n{number}"), from(&format!("2001:db8:{number:x}::1")));
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
            assert!(matches!(finish_passkey(&app, &caller, b"{}".to_vec(), CeremonyPage::Login).await.unwrap(), PasskeyOutcome::Refused));
        }
        assert!(record(&app).await - before <= 1 + 31);
    });
}

#[test]
fn one_site_pushes_out_nobody_elses_beginnings() {
    // TH-15, CVE-151, TH-07: nobody is refused, and anyone who begins many takes the room from their own, at each width
    on_each(|Stage { app, .. }| async move {
        let start = async |caller: &Caller| {
            let options = start_username_less(&app, caller, After::Account, None, policy::for_sign_in()).await.unwrap();
            options["publicKey"]["challenge"].as_str().unwrap().to_owned()
        };
        let is_there = async |challenge: &str| app.ephemeral.get(&PASSKEY_SIGN_IN.key(challenge)).await.unwrap().is_some();
        let (elsewhere, ana) = (start(&from("203.0.113.9")).await, Ana::arrive(&app).await);
        let known = start(&ana.own_device(&app).await).await;
        let mut last = String::new();
        for number in 0..6_000 {
            last = start(&from(&format!("2001:db8:1:{number:x}::1"))).await;
        }
        assert!(is_there(&elsewhere).await && is_there(&known).await && is_there(&last).await);
    });
}

#[test]
fn a_site_that_changes_its_network_is_stopped_as_a_whole() {
    // TH-07: an IPv6 /56 and /48, an IPv4 /24
    on_each(|Stage { app, .. }| async move {
        let subject =
            |number: u32| Subject { account: format!("n{number}"), known: false, typed: None, method: Method::Password, device: None };
        let tried = async |address: &dyn Fn(u32) -> String, most: u32| {
            for number in 0..most {
                let caller = from(&address(number));
                if let Admission::Wait(pause) = throttle::admit(&app, &subject(number), &caller).await.unwrap() {
                    assert_eq!(pause.about, About::Network);
                    return number;
                }
            }
            most
        };
        assert_eq!(tried(&|number| format!("2001:db8:1:{:x}::1", number % 256), 1_000).await, 120);
        assert_eq!(tried(&|number| format!("2001:db8:2:{number:x}00::1"), 256).await, 256);
        assert_eq!(tried(&|number| format!("2001:db8:2:{:x}01::1", number % 256), 1_000).await, 480 - 256);
        assert_eq!(tried(&|number| format!("198.51.100.{}", number % 256), 1_000).await, 480);
        assert_eq!(tried(&|number| format!("203.0.{}.1", number % 256), 1_000).await, 1_000);
    });
}
