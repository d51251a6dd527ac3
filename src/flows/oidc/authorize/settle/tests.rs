use std::time::Duration;

use super::super::verdict::Verdict;
use super::*;
use crate::domain::client::{Access, ClaimDelivery, ClientAuth, ClientKind, NewClient};
use crate::domain::consent::{self, Shown};
use crate::domain::identity::testing::person;
use crate::domain::session::{Limits, NewSession, OpenedFrom};
use crate::flows::oidc::consent::TEXT_VERSION;
use crate::kernel::address::RedirectUri;
use crate::kernel::claim::ClaimRules;
use crate::kernel::proof::{AuthEvent, Method};
use crate::kernel::text::ClientName;
use crate::platform::crypto::jws::Algorithm;
use crate::platform::db::testing::{count_statements, each_backend};

const ADDRESS: &str = "https://notes.example/cb";
const LIMITS: Limits = Limits { lifetime: Duration::from_secs(3_600), idle: Duration::from_secs(3_600) };

fn inputs(cookie: TokenHash<SessionCookie>) -> Inputs {
    Inputs {
        cookie: Some(cookie),
        form_key: [7; 32],
        limits: LIMITS,
        recent: Duration::from_secs(600),
        code_lifetime: Duration::from_secs(60),
        origin: Value::Null,
        answer: None,
    }
}

/// A person who is signed in and has decided about an application; what it sends.
fn ready(w: &mut Work<'_>) -> (Inputs, Params) {
    let ana = person(w, "Ana Example");
    let new = NewClient {
        address_reasons: crate::domain::client::AddressReasons::default(),
        client_id: Some("notes".into()),
        name: ClientName::parse("Notes").unwrap(),
        run_by: String::new(),
        kind: ClientKind::Confidential,
        auth: ClientAuth::SecretBasic,
        native: false,
        algorithm: Algorithm::Es256,
        claim_delivery: ClaimDelivery::IdTokenAndUserinfo,
        claim_rules: ClaimRules::OF_OTHERS,
        own: None,
        redirect_uris: vec![RedirectUri::parse(ADDRESS).unwrap()],
        post_logout_redirect_uris: vec![],
        access: Access::Everyone,
        scopes: vec!["openid".into(), "profile".into()],
        hardened: false,
        demo: false,
    };
    let client = client::register(w, &new, None).unwrap().unwrap().client;
    let event = AuthEvent { method: Method::Passkey, at: w.now, user_verified: true, synced: true };
    let cookie = Token::<SessionCookie>::make(w.entropy).hash();
    let place = OpenedFrom { address: "192.0.2.1".into(), user_agent: String::new() };
    session::open(w, ana, NewSession { cookie: &cookie, events: vec![event], place: &place }, LIMITS).unwrap();
    let shown = Shown {
        name: "Notes".into(),
        run_by: String::new(),
        hosts: vec!["notes.example".into()],
        claims: vec!["name".into(), "username".into()],
        needed: vec!["name".into()],
        own: None,
        text_version: TEXT_VERSION,
    };
    let scopes = vec!["openid".into(), "profile".into()];
    let decided = Consent { scopes, claims: vec!["name".into()], given_at: w.now, shown: Some(shown) };
    consent::give(w, ana, client.id, &decided).unwrap();
    let params = [
        ("client_id", "notes"),
        ("redirect_uri", ADDRESS),
        ("response_type", "code"),
        ("scope", "openid profile"),
        ("nonce", "n"),
        ("state", "s"),
    ];
    (inputs(cookie), Params::new(params.map(|(name, value)| (name.to_owned(), value.to_owned()))))
}

#[test]
fn what_stands_is_answered_by_a_few_statements_of_one_transaction() {
    each_backend(|w| {
        let (inputs, params) = ready(w);
        let answer = |w: &mut Work<'_>| {
            let settled = arrived(w, &params, None, &inputs).unwrap();
            let settled = carry_out(w, settled, &inputs).unwrap();
            assert!(matches!(settled.verdict, Verdict::Code(_)) && settled.code.is_some(), "{:?}", settled.verdict);
        };
        answer(w);
        // Session, application with its addresses, decision, the same held, the session as the application knows it; grant, code,
        // record.
        assert_eq!(count_statements(w, answer), 8);
    });
}

#[test]
fn a_decision_that_is_withdrawn_in_between_gives_nothing() {
    // OA-112
    each_backend(|w| {
        let (inputs, params) = ready(w);
        let settled = arrived(w, &params, None, &inputs).unwrap();
        assert!(matches!(settled.verdict, Verdict::Code(_)));
        let (person, client) = (settled.session.as_ref().unwrap().person, settled.standing.asked.as_ref().unwrap().client.id);
        assert!(decisions::withdraw(w, person, client, &Value::Null).unwrap());
        let settled = carry_out(w, settled, &inputs).unwrap();
        assert!(matches!(settled.verdict, Verdict::Consent(_)) && settled.code.is_none(), "{:?}", settled.verdict);
        assert_eq!(grant::count_open(w, client).unwrap(), 0);
    });
}
