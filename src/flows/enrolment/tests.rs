//! The whole way in, on both databases.

use std::time::Duration;

use super::*;
use crate::app::App;
use crate::domain::session::Session;
use crate::domain::totp::{STEP, TotpCode, TotpVerdict};
use crate::domain::{access, identity, session, ticket, totp};
use crate::flows::setup_link::{self, SetupLinkFor};
use crate::flows::testing::{Stage, browser, on_each};
use crate::flows::{After, Caller};
use crate::kernel::ids::AttemptId;
use crate::kernel::proof::{Acr, AuthEvent, Method, acr};
use crate::kernel::secret::Password;
use crate::kernel::text::{DeviceName, DisplayName, Username};
use crate::platform::crypto::token::{TicketCode, Token};

const PASSWORD: &str = "correct horse battery";

async fn link(app: &App) -> TicketCode {
    let address = setup_link::issue(app, SetupLinkFor::System).await.unwrap().unwrap().address;
    TicketCode::parse(address.rsplit('/').next().unwrap()).unwrap()
}

fn ana() -> TypedPerson {
    TypedPerson { name: DisplayName::parse("Ana Example").unwrap(), username: Username::parse("ana").unwrap(), email: None }
}

async fn named(app: &App, caller: &Caller, code: &TicketCode) -> Enrolment {
    match begin(app, caller, code, ana()).await.unwrap() {
        SetupOutcome::Started(enrolment) => *enrolment,
        SetupOutcome::Dead(look) => panic!("{look:?}"),
        SetupOutcome::NameTaken(taken) => panic!("{taken:?}"),
    }
}

async fn here(app: &App, caller: &Caller, id: AttemptId) -> Enrolment {
    match open(app, caller, id).await.unwrap() {
        FoundAttempt::Here(enrolment) => *enrolment,
        FoundAttempt::Nothing => panic!("gone"),
    }
}

/// An enrolment that lacks only the first code.
async fn at_the_code(app: &App, caller: &Caller, code: &TicketCode) -> Enrolment {
    let enrolment = named(app, caller, code).await;
    let (id, step) = (enrolment.id, enrolment.step_number());
    assert!(matches!(choose(app, enrolment, step, Method::Password).await.unwrap(), Moved::To(_)));
    let enrolment = here(app, caller, id).await;
    let step = enrolment.step_number();
    let given = give_password(app, enrolment, step, Password::parse(PASSWORD).unwrap()).await.unwrap();
    assert!(matches!(given, PasswordGiven::To(address) if address.ends_with("/totp")));
    here(app, caller, id).await
}

fn right_code(app: &App, enrolment: &Enrolment) -> TotpCode {
    let step = app.now().seconds() / STEP;
    TotpCode::parse(&enrolment.seed.as_ref().unwrap().code_at(step).unwrap()).unwrap()
}

async fn give(app: &App, caller: &Caller, enrolment: Enrolment, code: &TotpCode) -> Coded {
    let step = enrolment.step_number();
    give_code(app, caller, enrolment, step, DeviceName::parse("Phone").unwrap(), code).await.unwrap()
}

async fn owners(app: &App) -> bool {
    app.read(access::any_owner).await.unwrap()
}

async fn session_of(app: &App, signed: &EnrolledSession) -> Session {
    let (hash, limits) = (signed.entered.session.hash(), app.session_limits());
    app.read(move |w| session::find_live(w, &hash, limits)).await.unwrap().unwrap()
}

#[test]
fn the_last_step_makes_everything_and_nothing_is_there_before_it() {
    // PW-16, OT-05, CVE-118
    on_each(|Stage { app, .. }| async move {
        let (caller, code) = (browser(), link(&app).await);
        let enrolment = at_the_code(&app, &caller, &code).await;
        assert!(!owners(&app).await);
        assert!(app.read(|w| identity::find_by_login_name(w, "ana")).await.unwrap().is_none());
        let typed = right_code(&app, &enrolment);
        let id = enrolment.id;
        let Coded::Ended(Ended::Signed(signed)) = give(&app, &caller, enrolment, &typed).await else { panic!("not signed in") };
        let session = session_of(&app, &signed).await;
        assert_eq!(session.events.iter().map(|event| event.method).collect::<Vec<_>>(), [Method::Password, Method::Totp]);
        assert_eq!(acr(&session.events), Acr::Two);
        assert!(owners(&app).await);
        // The code that confirmed the authenticator signs nobody in.
        let person = session.person;
        let verdict = app.write(move |w| totp::ids(w, person).and_then(|ids| totp::verify(w, person, &typed, 1, &ids))).await.unwrap();
        assert!(matches!(verdict, TotpVerdict::Replayed { .. }), "{verdict:?}");
        let ended = here(&app, &caller, id).await;
        assert!(ended.seed.is_none() && ended.password.is_none() && ended.next() == EnrolmentStep::Done);
        // The link is used, and none will ever be made or opened again.
        assert!(matches!(look(&app, Some(&code)).await.unwrap(), (LinkLook::Used(_), true)));
        assert!(setup_link::issue(&app, SetupLinkFor::Host).await.unwrap().is_none());
        let stray = app.write(|w| ticket::issue(w, ticket::TicketKind::SetUp, None, Duration::from_secs(3600))).await.unwrap();
        assert!(matches!(look(&app, Some(&stray)).await.unwrap(), (LinkLook::Ended(_), true)));
        assert!(matches!(begin(&app, &browser(), &stray, ana()).await.unwrap(), SetupOutcome::Dead(_)));
    });
}

#[test]
fn of_many_last_steps_at_once_one_makes_an_administrator() {
    // PW-16, EN-03: in one browser fifty times, and in four others.
    on_each(|Stage { app, .. }| async move {
        let code = link(&app).await;
        let mut ends = Vec::new();
        for _ in 0..5 {
            let caller = browser();
            let enrolment = at_the_code(&app, &caller, &code).await;
            for _ in 0..10 {
                ends.push((caller.clone(), enrolment.clone()));
            }
        }
        let tasks: Vec<_> = ends
            .into_iter()
            .map(|(caller, enrolment)| {
                let app = app.clone();
                tokio::spawn(async move {
                    let typed = right_code(&app, &enrolment);
                    let step = enrolment.step_number();
                    give_code(&app, &caller, enrolment, step, DeviceName::parse("Phone").unwrap(), &typed).await
                })
            })
            .collect();
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(Coded::Ended(Ended::Signed(_))) => won += 1,
                Ok(Coded::Ended(Ended::LinkDead(_)) | Coded::To(_)) => {}
                Ok(_) => panic!("an unexpected end"),
                Err(fault) => assert!(fault.is_temporary(), "{fault}"),
            }
        }
        assert_eq!(won, 1);
        assert!(owners(&app).await);
    });
}

#[test]
fn a_link_that_is_only_looked_at_stays_open_for_its_hour() {
    // EN-04, EN-03
    on_each(|Stage { app, clock }| async move {
        let code = link(&app).await;
        for _ in 0..3 {
            assert!(matches!(look(&app, Some(&code)).await.unwrap(), (LinkLook::Open(_), false)));
        }
        let (caller, stranger) = (browser(), browser());
        let enrolment = at_the_code(&app, &caller, &code).await;
        assert!(matches!(open(&app, &stranger, enrolment.id).await.unwrap(), FoundAttempt::Nothing), "SE-18");
        let LinkLook::Open(ticket) = look(&app, Some(&code)).await.unwrap().0 else { panic!("not open") };
        assert_eq!(
            returning(&app, &caller, ticket.id).await.unwrap().map(|enrolment| enrolment.name().to_owned()).as_deref(),
            Some("Ana Example")
        );
        assert!(returning(&app, &stranger, ticket.id).await.unwrap().is_none());
        clock.advance(Duration::from_secs(3599));
        let late = right_code(&app, &enrolment);
        clock.advance(Duration::from_secs(1));
        assert!(matches!(look(&app, Some(&code)).await.unwrap().0, LinkLook::Ended(_)));
        // Anyone who is on the way when it ends is not let in.
        assert!(matches!(give(&app, &caller, enrolment, &late).await, Coded::Ended(Ended::LinkDead(_))));
        assert!(!owners(&app).await);
    });
}

#[test]
fn a_used_form_leads_to_where_its_first_use_led_and_codes_cannot_be_guessed_for_ever() {
    on_each(|Stage { app, .. }| async move {
        let (caller, code) = (browser(), link(&app).await);
        let first = named(&app, &caller, &code).await;
        let step = first.step_number();
        let Moved::To(there) = choose(&app, first.clone(), step, Method::Password).await.unwrap() else { panic!() };
        let Moved::To(again) = choose(&app, first.clone(), step, Method::Passkey).await.unwrap() else { panic!() };
        assert_eq!(there, again);
        // The code step is not reachable before the password (CVE-11).
        let enrolment = here(&app, &caller, first.id).await;
        let wrong = TotpCode::parse("000000").unwrap();
        assert!(matches!(give(&app, &caller, enrolment, &wrong).await, Coded::To(address) if address.ends_with("/password")));
        let enrolment = at_the_code(&app, &caller, &code).await;
        let mut waits = 0;
        for _ in 0..25 {
            match give(&app, &caller, enrolment.clone(), &wrong).await {
                Coded::Wrong => {}
                Coded::Wait(_) => waits += 1,
                _ => panic!("a guess got through"),
            }
        }
        assert_eq!(waits, 5);
    });
}

#[test]
fn a_factor_is_added_only_by_whoever_proved_all_there_is() {
    // WA-71, CVE-01, AA-06
    on_each(|Stage { app, .. }| async move {
        let (caller, code) = (browser(), link(&app).await);
        let enrolment = at_the_code(&app, &caller, &code).await;
        let typed = right_code(&app, &enrolment);
        let Coded::Ended(Ended::Signed(signed)) = give(&app, &caller, enrolment, &typed).await else { panic!("not signed in") };
        let session = session_of(&app, &signed).await;
        let person = session.person;
        let need = crate::domain::policy::for_sign_in();
        let from = |events: Vec<AuthEvent>, need| Unfinished {
            id: AttemptId::make(app.now(), &*app.entropy),
            person,
            events,
            need,
            after: After::Account,
        };
        let password = vec![AuthEvent { method: Method::Password, at: app.now(), user_verified: false, synced: false }];
        // A password alone adds nothing to an account that has an authenticator.
        assert!(known_person(&app, &caller, from(password.clone(), need)).await.unwrap().is_none());
        // Both of its factors lead to a passkey, and to nothing else, when one is asked for.
        let strong = need.at_least(Acr::PhishingResistant);
        let both = known_person(&app, &caller, from(session.events.clone(), strong)).await.unwrap().unwrap();
        assert!(both.allows(EnrolmentStep::Passkey) && !both.allows(EnrolmentStep::Method));
        // An account whose only way is its password may get an authenticator by it; the code ends the sign-in.
        let id = app.read(move |w| totp::list(w, person)).await.unwrap()[0].id;
        app.write(move |w| totp::remove(w, person, id)).await.unwrap();
        let enrolment = known_person(&app, &caller, from(password, need)).await.unwrap().unwrap();
        let (flow, step) = (enrolment.id, enrolment.step_number());
        assert!(matches!(choose(&app, enrolment.clone(), step, Method::Password).await.unwrap(), Moved::NotAllowed));
        assert!(matches!(choose(&app, enrolment, step, Method::Totp).await.unwrap(), Moved::To(_)));
        let enrolment = here(&app, &caller, flow).await;
        let typed = right_code(&app, &enrolment);
        let step = enrolment.step_number();
        let label = DeviceName::parse("Tablet").unwrap();
        let caller = Caller { session: Some(signed.entered.session.hash()), ..caller.clone() };
        let Coded::Ended(Ended::Signed(new)) = give_code(&app, &caller, enrolment, step, label, &typed).await.unwrap() else {
            panic!("not signed in")
        };
        assert_eq!(acr(&session_of(&app, &new).await.events), Acr::Two);
        // This browser's older session has ended (SE-02).
        let (old, limits) = (signed.entered.session.hash(), app.session_limits());
        assert!(app.read(move |w| session::find_live(w, &old, limits)).await.unwrap().is_none());
        let _: &Token<_> = &new.entered.session;
    });
}

#[test]
fn one_link_has_a_few_passwords_hashed() {
    // PW-12: many posts of one step at the same time, the way chosen again, another tab with the same link
    on_each(|Stage { app, clock }| async move {
        let code = link(&app).await;
        let mut taken = 0;
        for _ in 0..2 {
            let caller = browser();
            let enrolment = named(&app, &caller, &code).await;
            let (id, step) = (enrolment.id, enrolment.step_number());
            choose(&app, enrolment, step, Method::Password).await.unwrap();
            let enrolment = here(&app, &caller, id).await;
            let tasks: Vec<_> = (0..20)
                .map(|_| {
                    let (app, enrolment) = (app.clone(), enrolment.clone());
                    let step = enrolment.step_number();
                    tokio::spawn(async move { give_password(&app, enrolment, step, Password::parse(PASSWORD).unwrap()).await.unwrap() })
                })
                .collect();
            for task in tasks {
                match task.await.unwrap() {
                    PasswordGiven::To(_) => taken += 1,
                    PasswordGiven::Wait(until) => assert!(until > app.now()),
                    PasswordGiven::Refused(_) | PasswordGiven::Busy => panic!("not about the password"),
                }
            }
        }
        assert_eq!(taken, 10);
        clock.advance(Duration::from_secs(600));
        at_the_code(&app, &browser(), &code).await;
    });
}
