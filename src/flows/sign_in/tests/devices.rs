//! Known devices: what makes a browser known, for how long, and what ends it.

use super::*;
use crate::flows::sessions;
use crate::platform::crypto::token::TokenHash;

const DAY: Duration = Duration::from_secs(86_400);

/// Signs in from a browser; it holds the new cookies afterwards.
async fn sign_in(app: &App, ana: &Ana, caller: &Caller) -> Caller {
    let attempt = at_the_code(app, caller).await;
    let CodeOutcome::Signed(signed) = try_code(app, caller, &attempt, &ana.code(app)).await else { panic!("not signed in") };
    Caller { device: Some(signed.entered.device.hash()), session: Some(signed.entered.session.hash()), ..caller.clone() }
}

async fn known(app: &App, person: PersonId, cookie: Option<TokenHash<DeviceCookie>>) -> Option<crate::kernel::ids::DeviceId> {
    app.read(move |w| guess::known_device(w, person, cookie.as_ref())).await.unwrap()
}

#[test]
fn a_planted_device_cookie_makes_nobody_known() {
    // TH-06, TH-13
    on_each(|Stage { app, .. }| async move {
        let ana = Ana::arrive(&app).await;
        let planted = Token::<DeviceCookie>::make(&OsEntropy).hash();
        let victim = Caller { device: Some(planted), ..browser() };
        let victim = sign_in(&app, &ana, &victim).await;
        assert_ne!(victim.device, Some(planted));
        assert!(known(&app, ana.person, victim.device).await.is_some());
        assert!(known(&app, ana.person, Some(planted)).await.is_none(), "the one who planted it is no known device elsewhere");
    });
}

#[test]
fn a_browser_that_is_used_stays_known_and_keeps_its_counts() {
    // TH-01, TH-06
    on_each(|Stage { app, clock }| async move {
        let ana = Ana::arrive(&app).await;
        let mut caller = sign_in(&app, &ana, &browser()).await;
        let device = known(&app, ana.person, caller.device).await.unwrap();
        app.write(move |w| {
            for _ in 0..3 {
                device::count_try(w, device, Method::RecoveryCode, 100)?;
            }
            Ok(())
        })
        .await
        .unwrap();
        for day in [60, 120, 180] {
            clock.advance(60 * DAY);
            let before = caller.device;
            caller = sign_in(&app, &ana, &caller).await;
            assert_ne!(caller.device, before, "a new cookie at each sign-in");
            assert_eq!(known(&app, ana.person, caller.device).await, Some(device), "day {day}");
        }
        assert!(app.read(move |w| device::is_used_up(w, device, Method::RecoveryCode, 3)).await.unwrap(), "its counts went with it");
        clock.advance(91 * DAY);
        assert!(known(&app, ana.person, caller.device).await.is_none(), "one that is not used is forgotten");
    });
}

#[test]
fn the_cookie_before_counts_for_a_few_minutes() {
    // Two tabs, or an answer that did not arrive.
    on_each(|Stage { app, clock }| async move {
        let ana = Ana::arrive(&app).await;
        let first = sign_in(&app, &ana, &browser()).await;
        let device = known(&app, ana.person, first.device).await;
        clock.advance(Duration::from_secs(60));
        let second = sign_in(&app, &ana, &first).await;
        clock.advance(Duration::from_secs(60));
        assert_eq!(known(&app, ana.person, first.device).await, device);
        let third = sign_in(&app, &ana, &first).await;
        assert_eq!(known(&app, ana.person, third.device).await, device, "the same browser");
        assert!(known(&app, ana.person, second.device).await.is_none());
        clock.advance(Duration::from_secs(600));
        assert!(known(&app, ana.person, first.device).await.is_none());
        assert_eq!(known(&app, ana.person, third.device).await, device);
    });
}

#[test]
fn two_people_share_a_browser() {
    on_each(|Stage { app, .. }| async move {
        let ana = Ana::arrive(&app).await;
        let cookie = Token::<DeviceCookie>::make(&OsEntropy).hash();
        let ben = app.write(|w| Ok(crate::domain::identity::testing::person(w, "Ben"))).await.unwrap();
        app.write(move |w| device::renew(w, ben, None, &cookie, DAY)).await.unwrap();
        let caller = sign_in(&app, &ana, &Caller { device: Some(cookie), ..browser() }).await;
        assert!(known(&app, ana.person, caller.device).await.is_some());
        assert!(known(&app, ben, caller.device).await.is_some(), "Ben's own browser still knows him");
    });
}

#[test]
fn devices_are_forgotten_with_the_sessions() {
    // SE-08, SE-10
    on_each(|Stage { app, clock }| async move {
        let ana = Ana::arrive(&app).await;
        let laptop = sign_in(&app, &ana, &browser()).await;
        clock.advance(Duration::from_secs(60));
        let phone = sign_in(&app, &ana, &browser()).await;
        let person = ana.person;
        let here = sessions::find(&app, laptop.session.unwrap()).await.unwrap().unwrap();
        let caller = laptop.clone();
        app.write(move |w| sessions::end_others(w, person, here.id, &caller)).await.unwrap();
        assert!(known(&app, person, laptop.device).await.is_some() && known(&app, person, phone.device).await.is_none());
        assert!(sessions::find(&app, phone.session.unwrap()).await.unwrap().is_none());
        app.write(move |w| sessions::end_all(w, person)).await.unwrap();
        assert!(known(&app, person, laptop.device).await.is_none());
        assert!(sessions::find(&app, laptop.session.unwrap()).await.unwrap().is_none());
    });
}

#[test]
fn what_a_clock_ahead_of_time_left_behind_holds_nobody_up() {
    // SE-05, OT-08: the server was two hours ahead, someone signed in and changed their password, then it was corrected.
    on_each(|Stage { app, clock }| async move {
        let ana = Ana::arrive(&app).await;
        let honest = sign_in(&app, &ana, &browser()).await;
        let right = app.now();
        clock.advance(2 * Duration::from_secs(3_600));
        let (person, again) = (ana.person, hashed(&app, PASSWORD).await);
        app.write(move |w| passwords::set(w, person, &again)).await.unwrap();
        let ahead = sign_in(&app, &ana, &browser()).await;
        for number in 0..6 {
            try_password(&app, &from(&format!("198.51.100.{number}")), "ana", WRONG).await;
        }
        clock.set(right.plus(Duration::from_secs(60)));
        assert!(sessions::find(&app, ahead.session.unwrap()).await.unwrap().is_none(), "how old its proofs are is not known");
        assert!(sessions::find(&app, honest.session.unwrap()).await.unwrap().is_some());
        let entered = sign_in(&app, &ana, &browser()).await;
        assert!(sessions::find(&app, entered.session.unwrap()).await.unwrap().is_some());
        let failures = app.read(move |w| totp::list(w, person)).await.unwrap()[0].failures;
        assert_eq!(failures, 0, "a right code is no failure");
    });
}
