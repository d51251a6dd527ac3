//! What the sweep deletes and what it must not, on both databases.

use std::time::Duration;

use super::retention::{self, Expired};
use super::sweep::{Swept, sweep};
use crate::app::App;
use crate::domain::audit::{self, Actor, Entry, Kind};
use crate::domain::client::{self, Access, AddressReasons, ClaimDelivery, ClientAuth, ClientKind, NewClient};
use crate::domain::consent::{self, Consent};
use crate::domain::device;
use crate::domain::grant::{self, ChosenClaims, CodeClaim, CodeTerms, NewGrant};
use crate::domain::identity::{self, Created, NewPerson, PersonState};
use crate::domain::outbox::{self, Body, MailKind};
use crate::domain::session::{self, NewSession, OpenedFrom};
use crate::domain::ticket::{self, Look, TicketKind};
use crate::flows::testing::{Stage, on_each};
use crate::kernel::address::RedirectUri;
use crate::kernel::claim::ClaimRules;
use crate::kernel::ids::{ClientId, PersonId, SessionId};
use crate::kernel::proof::Acr;
use crate::kernel::text::{ClientName, DisplayName, Username};
use crate::platform::crypto::OsEntropy;
use crate::platform::crypto::jws::Algorithm;
use crate::platform::crypto::password_hash::HashCost;
use crate::platform::crypto::token::{AccessToken, Code, DeviceCookie, SessionCookie, Token};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

struct House {
    ana: PersonId,
    shop: ClientId,
}

async fn house(app: &App) -> House {
    app.write(|w| {
        let new = NewPerson {
            handle: identity::new_handle(w.entropy),
            name: DisplayName::parse("Ana Example").unwrap(),
            username: Some(Username::parse("ana").unwrap()),
            email: None,
            state: PersonState::Active,
        };
        let Created::Made(person) = identity::create(w, &new)? else { panic!("taken") };
        let new = NewClient {
            client_id: None,
            name: ClientName::parse("Shop").unwrap(),
            run_by: String::new(),
            kind: ClientKind::Public,
            auth: ClientAuth::None,
            native: false,
            algorithm: Algorithm::Es256,
            claim_delivery: ClaimDelivery::IdTokenAndUserinfo,
            claim_rules: ClaimRules::OF_OTHERS,
            own: None,
            redirect_uris: vec![RedirectUri::parse("https://shop.example/cb").unwrap()],
            post_logout_redirect_uris: Vec::new(),
            address_reasons: AddressReasons::default(),
            access: Access::Everyone,
            scopes: vec!["openid".into()],
            hardened: false,
            demo: false,
        };
        let Ok(registered) = client::register(w, &new, None)? else { panic!("not registered") };
        let agreed = Consent { scopes: vec!["openid".into()], claims: vec![], given_at: w.now, shown: None };
        consent::give(w, person.id, registered.client.id, &agreed)?;
        Ok(House { ana: person.id, shop: registered.client.id })
    })
    .await
    .unwrap()
}

async fn session(app: &App, person: PersonId) -> SessionId {
    let (cookie, limits) = (Token::<SessionCookie>::make(&OsEntropy).hash(), app.session_limits());
    let place = OpenedFrom { address: "127.0.0.1".into(), user_agent: "Firefox".into() };
    app.write(move |w| Ok(session::open(w, person, NewSession { cookie: &cookie, events: Vec::new(), place: &place }, limits)?.id))
        .await
        .unwrap()
}

async fn code(app: &App, house: &House, session: SessionId) -> Token<Code> {
    let claims = ChosenClaims::default();
    let new = NewGrant {
        person: house.ana,
        client: house.shop,
        session,
        scopes: vec!["openid".into()],
        claims,
        acr: Acr::Two,
        events: Vec::new(),
    };
    let terms = CodeTerms { redirect_uri: "https://shop.example/cb".into(), code_challenge: None, nonce: None, lifetime: MINUTE };
    app.write(move |w| Ok(grant::mint(w, &new, &terms)?.1)).await.unwrap()
}

async fn present(app: &App, code: &Token<Code>) -> CodeClaim {
    let hash = code.hash();
    let since = app.live_since();
    app.write(move |w| grant::claim_code(w, &hash, since)).await.unwrap()
}

async fn redeem(app: &App, code: &Token<Code>, lifetime: Duration) -> Token<AccessToken> {
    let CodeClaim::Won(row) = present(app, code).await else { panic!("not won") };
    app.write(move |w| grant::access_token(w, row.grant, &row.scopes, lifetime)).await.unwrap()
}

async fn is_good(app: &App, token: &Token<AccessToken>) -> bool {
    let (hash, since) = (token.hash(), app.live_since());
    app.read(move |w| grant::find_access(w, &hash, since)).await.unwrap().is_some()
}

#[test]
fn a_code_presented_again_still_revokes_while_its_tokens_live() {
    // OA-26
    on_each(|Stage { app, clock }| async move {
        let house = house(&app).await;
        let session = session(&app, house.ana).await;
        let (claimed, left) = (code(&app, &house, session).await, code(&app, &house, session).await);
        let token = redeem(&app, &claimed, MINUTE).await;
        assert!(is_good(&app, &token).await);
        clock.advance(DAY * 28);
        assert_eq!(sweep(&app).await.unwrap(), Swept { access_tokens: 1, codes: 1, ..Swept::default() });
        assert!(matches!(present(&app, &left).await, CodeClaim::Unknown));
        // Long after the last token ended with its session.
        assert!(!is_good(&app, &token).await);
        assert!(matches!(present(&app, &claimed).await, CodeClaim::Replayed(_)));
    });
}

#[test]
fn a_code_that_ran_out_a_moment_ago_is_still_known() {
    on_each(|Stage { app, clock }| async move {
        let house = house(&app).await;
        let session = session(&app, house.ana).await;
        let code = code(&app, &house, session).await;
        clock.advance(MINUTE);
        assert_eq!(sweep(&app).await.unwrap(), Swept::default());
        assert!(matches!(present(&app, &code).await, CodeClaim::Expired));
    });
}

#[test]
fn sessions_go_a_month_after_their_end_and_the_last_one_says_when_somebody_signed_in() {
    on_each(|Stage { app, clock }| async move {
        let house = house(&app).await;
        let first = session(&app, house.ana).await;
        redeem(&app, &code(&app, &house, first).await, MINUTE).await;
        clock.advance(MINUTE);
        let second = session(&app, house.ana).await;
        redeem(&app, &code(&app, &house, second).await, MINUTE).await;
        let opened = app.now();
        app.write(move |w| session::end(w, first)).await.unwrap();
        clock.advance(DAY * 29);
        assert_eq!(sweep(&app).await.unwrap(), Swept { access_tokens: 2, ..Swept::default() });
        clock.advance(DAY * 2);
        assert_eq!(sweep(&app).await.unwrap(), Swept { grants: 2, sessions: 1, ..Swept::default() });
        let last = app.read(move |w| session::last_opened(w, &[house.ana])).await.unwrap();
        assert_eq!(last.get(&house.ana), Some(&opened));
        assert_eq!(sweep(&app).await.unwrap(), Swept::default());
    });
}

#[test]
fn a_link_that_was_used_goes_and_one_that_ran_out_still_says_when() {
    // EN-03
    on_each(|Stage { app, clock }| async move {
        let house = house(&app).await;
        let (used, ended) = app
            .write(move |w| {
                let used = ticket::issue(w, TicketKind::SetUp, None, DAY)?;
                let Look::Open(open) = ticket::look(w, TicketKind::SetUp, &used)? else { panic!("not open") };
                assert!(ticket::claim(w, open.id)?);
                Ok((used, ticket::issue(w, TicketKind::Invitation, Some(house.ana), DAY)?))
            })
            .await
            .unwrap();
        clock.advance(DAY * 31);
        assert_eq!(sweep(&app).await.unwrap(), Swept { links: 1, ..Swept::default() });
        app.write(move |w| {
            assert!(matches!(ticket::look(w, TicketKind::SetUp, &used)?, Look::Unknown));
            assert!(matches!(ticket::look(w, TicketKind::Invitation, &ended)?, Look::Ended(_)));
            Ok(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn letters_that_never_went_are_given_up_after_three_days() {
    on_each(|Stage { app, clock }| async move {
        let house = house(&app).await;
        app.write(move |w| outbox::add(w, house.ana, MailKind::PasskeyAdded, &Body::default())).await.unwrap();
        clock.advance(DAY * 3 - MINUTE);
        assert_eq!(sweep(&app).await.unwrap(), Swept::default());
        clock.advance(MINUTE);
        assert_eq!(sweep(&app).await.unwrap(), Swept { unsent: 1, ..Swept::default() });
        clock.advance(DAY * 28);
        assert_eq!(sweep(&app).await.unwrap(), Swept { mails: 1, ..Swept::default() });
    });
}

#[test]
fn more_rows_than_a_batch_all_go_and_two_nodes_may_sweep_at_once() {
    on_each(|Stage { app, clock }| async move {
        let house = house(&app).await;
        let fresh = Token::<DeviceCookie>::make(&OsEntropy);
        let hash = fresh.hash();
        app.write(move |w| {
            device::renew(w, house.ana, None, &hash, DAY * 30)?;
            for _ in 0..1_100 {
                device::renew(w, house.ana, None, &Token::<DeviceCookie>::make(&OsEntropy).hash(), DAY)?;
            }
            Ok(())
        })
        .await
        .unwrap();
        clock.advance(DAY * 3);
        let (one, other) = tokio::join!(sweep(&app), sweep(&app));
        assert_eq!(one.unwrap().devices + other.unwrap().devices, 1_100);
        assert!(app.read(move |w| device::find(w, house.ana, &fresh.hash())).await.unwrap().is_some());
    });
}

/// PW-10: what one node measured is raised by another that affords more, and lowered by none.
#[test]
fn the_keys_of_months_go_after_the_entries_that_they_open() {
    // LG-02
    on_each(async |Stage { app, clock }| {
        let refused = Entry::new(Kind::TicketRefused, Actor::Unknown).personal(None, serde_json::json!({ "address": "192.0.2.7" }));
        app.write(move |w| audit::append(w, &refused).map(drop)).await.unwrap();
        let key = app.write(|w| w.month_key("strangers")).await.unwrap();
        clock.advance(20 * DAY);
        assert_eq!(retention::expire(&app).await.unwrap(), Expired::default());
        clock.advance(30 * DAY);
        assert_eq!(retention::expire(&app).await.unwrap(), Expired { strangers: 1, ..Expired::default() });
        clock.set(app.now().minus(50 * DAY));
        assert_ne!(app.write(|w| w.month_key("strangers")).await.unwrap().id(), key.id());
    });
}

#[test]
fn the_cost_of_a_hash_is_raised_and_never_lowered() {
    on_each(async |stage: Stage| {
        let raise = async |memory_kib, passes| {
            let cost = stage.app.write(move |w| super::hash_cost::raise(w, HashCost { memory_kib, passes })).await.unwrap();
            (cost.memory_kib, cost.passes)
        };
        assert_eq!(raise(32_768, 2).await, (32_768, 2));
        assert_eq!(raise(19_456, 2).await, (32_768, 2));
        assert_eq!(raise(65_536, 3).await, (65_536, 3));
        assert_eq!(raise(19_456, 20).await, (65_536, 3), "never less memory");
        assert_eq!(raise(65_536, 2).await, (65_536, 3));
    });
}
