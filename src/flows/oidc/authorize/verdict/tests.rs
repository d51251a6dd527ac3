use super::*;
use crate::domain::client::{Access, Client, ClientKind, Own, testing::client};
use crate::domain::consent::{Consent, Shown};
use crate::domain::grant::AuthorizationRequest;
use crate::flows::oidc::authorize::standing::ConsentAnswer;
use crate::flows::oidc::consent::TEXT_VERSION;
use crate::kernel::Timestamp;
use crate::kernel::address::RedirectUri;
use crate::kernel::claim::ClaimRule;
use crate::kernel::ids::{PersonId, RequestId, SessionId};
use crate::kernel::proof::{AuthEvent, Method};
use crate::platform::crypto::OsEntropy;
use std::time::Duration;

const ARRIVED: i64 = 1_000_000;
const ADDRESS: &str = "https://app.example/cb";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn request(client: &Client) -> Request {
    let now = at(ARRIVED);
    Request {
        request: AuthorizationRequest {
            version: 1,
            id: RequestId::make(now, &OsEntropy),
            client: client.id,
            redirect_uri: ADDRESS.into(),
            scopes: vec!["openid".into(), "profile".into()],
            state: None,
            nonce: Some("n".into()),
            code_challenge: Some("c".into()),
            prompt: vec![],
            max_age: None,
            login_hint: None,
            essential_acr: None,
            acr_values: vec![],
            claims: Default::default(),
            created_at: now,
        },
        expected_subject: None,
    }
}

fn consent() -> Consent {
    let shown = Shown {
        name: "App".into(),
        run_by: String::new(),
        hosts: vec!["app.example".into()],
        claims: vec!["name".into(), "username".into()],
        needed: vec!["name".into()],
        own: None,
        text_version: TEXT_VERSION,
    };
    Consent { scopes: vec!["openid".into(), "profile".into()], claims: vec!["name".into()], given_at: at(1), shown: Some(shown) }
}

/// A request that passes, of a person who decided before.
fn standing() -> Standing {
    let client = Client { redirect_uris: vec![RedirectUri::parse(ADDRESS).unwrap()], ..client() };
    let request = Ok(request(&client));
    Standing {
        asked: Ok(Asked { client, redirect_uri: ADDRESS.into(), state: None, silent: false, request }),
        person: Some(PersonStanding { allowed: true, lacks: vec![], subject: None, consent: Some(consent()) }),
        answer: None,
        now: at(ARRIVED),
        recent: Duration::from_secs(600),
    }
}

/// A passkey sign-in at this time.
fn session(seconds: i64) -> Session {
    let event = AuthEvent { method: Method::Passkey, at: at(seconds), user_verified: true, synced: true };
    Session {
        id: SessionId::make(at(seconds), &OsEntropy),
        person: PersonId::make(at(1), &OsEntropy),
        events: vec![event],
        created_at: at(seconds),
        last_used_at: at(seconds),
        expires_at: at(ARRIVED * 2),
        rights_used_at: None,
    }
}

/// The verdict in one word, and the one where no page is wanted.
fn words(change: impl Fn(&mut Standing), session: Option<&Session>) -> (String, String) {
    let word = |silent| {
        let mut standing = standing();
        change(&mut standing);
        if let Ok(asked) = &mut standing.asked {
            asked.silent = silent;
        }
        match verdict(&standing, session) {
            Verdict::Page(stop) => format!("{stop:?}").split([' ', '(']).next().unwrap_or_default().to_owned(),
            Verdict::Error(rejection) => rejection.refused.error.as_str().to_owned(),
            Verdict::SignIn(reason) => format!("{reason:?}"),
            Verdict::Denied(Denial::NotAllowed) => "Denied".into(),
            Verdict::Denied(Denial::Lacks(claims)) => format!("Lacks{claims:?}"),
            Verdict::Consent(reason) => format!("Ask{reason:?}"),
            Verdict::Code(given) => {
                let claims: Vec<&str> = given.claims.iter().map(|claim| claim.as_str()).collect();
                format!("code {}{}", claims.join("+"), if given.decided_now { " now" } else { "" })
            }
        }
    };
    (word(false), word(true))
}

fn asked(standing: &mut Standing) -> &mut Asked {
    standing.asked.as_mut().unwrap()
}

fn of_request(standing: &mut Standing) -> &mut Request {
    asked(standing).request.as_mut().unwrap()
}

fn person(standing: &mut Standing) -> &mut PersonStanding {
    standing.person.as_mut().unwrap()
}

const NEEDS_USERNAME: &str = "AskChanged([Needs([\"username\"])])";

fn rule(standing: &mut Standing, claim: Claim, rule: ClaimRule) {
    let client = &mut asked(standing).client;
    client.claim_rules = client.claim_rules.with(claim, rule);
}

fn own() -> Option<Own> {
    Some(Own { reason: "Our intranet".into(), by: None, at: at(1) })
}

/// The person was told about what is asked now.
fn told(standing: &mut Standing) {
    let request = of_request(standing).request.clone();
    let shown = asked(standing).shown(&request);
    person(standing).consent = Some(Consent { shown: Some(shown), ..consent() });
}

type Edit = fn(&mut Standing);

#[test]
fn each_step_has_its_verdict_with_pages_and_without() {
    let signed_in = session(ARRIVED - 100);
    let rows: &[(Edit, &str, &str)] = &[
        (|_| (), "code name", "code name"),
        // OA-03: nobody is told anything at an address that is not the application's.
        (|s| s.asked = Err(NotTold::NoClientId), "NoClientId", "NoClientId"),
        (|s| asked(s).redirect_uri = "https://evil.example/".into(), "UnknownRedirect", "UnknownRedirect"),
        // OA-18
        (|s| asked(s).client.disabled = true, "Disabled", "unauthorized_client"),
        (|s| asked(s).request = Err(Rejection::new("scope", OAuthError::InvalidScope, "x")), "invalid_scope", "invalid_scope"),
        // OA-30
        (|s| (of_request(s).request.code_challenge, of_request(s).request.nonce) = (None, None), "invalid_request", "invalid_request"),
        (|s| of_request(s).request.code_challenge = None, "code name", "code name"),
        // OA-66: the application named another person.
        (|s| of_request(s).expected_subject = Some("ben".into()), "AnotherPerson", "login_required"),
        // OA-64, OA-65, OA-68
        (|s| of_request(s).request.prompt = vec![Prompt::Login], "Again", "login_required"),
        (|s| of_request(s).request.prompt = vec![Prompt::SelectAccount], "Again", "login_required"),
        (|s| of_request(s).request.max_age = Some(99), "Again", "login_required"),
        (|s| of_request(s).request.max_age = Some(100), "code name", "code name"),
        (|s| of_request(s).request.essential_acr = Some(vec!["phrh".into()]), "Again", "login_required"),
        (|s| of_request(s).request.essential_acr = Some(vec!["phr".into()]), "code name", "code name"),
        (|s| person(s).allowed = false, "Denied", "access_denied"),
        (|s| person(s).lacks = vec![Claim::Email], "Lacks[Email]", "interaction_required"),
        // OA-110
        (|s| person(s).consent = None, "AskFirst", "consent_required"),
        (|s| of_request(s).request.prompt = vec![Prompt::Consent], "AskRequested", "consent_required"),
        (|s| asked(s).client.name = "Payroll".into(), "AskChanged([Name(\"App\")])", "consent_required"),
        (|s| asked(s).client.run_by = "Acme".into(), "AskChanged([RunBy(\"\")])", "consent_required"),
        (|s| of_request(s).request.scopes.push("email".into()), "AskChanged([More])", "consent_required"),
        // OpenID Connect Core section 5.5.1: what the request calls essential is needed where the person may choose.
        (|s| of_request(s).request.claims.essential = vec!["preferred_username".into()], NEEDS_USERNAME, "consent_required"),
        (|s| rule(s, Claim::Username, ClaimRule::Needed), NEEDS_USERNAME, "consent_required"),
        (
            |s| {
                rule(s, Claim::Username, ClaimRule::Never);
                of_request(s).request.claims.essential = vec!["preferred_username".into()];
            },
            "code name",
            "code name",
        ),
        (|s| rule(s, Claim::Name, ClaimRule::Never), "code ", "code "),
        // The organisation's own: told before the first code, never silently, and once.
        (|s| (person(s).consent, asked(s).client.own) = (None, own()), "AskFirst", "consent_required"),
        (|s| asked(s).client.own = own(), "AskChanged([Own])", "consent_required"),
        (
            |s| {
                asked(s).client.own = own();
                told(s);
            },
            "code name",
            "code name",
        ),
        // RFC 8252 section 8.6: an https address that is exact is the application's own.
        (|s| asked(s).client.kind = ClientKind::Public, "code name", "code name"),
    ];
    for (number, (change, shown, silent)) in rows.iter().enumerate() {
        assert_eq!(words(change, Some(&signed_in)), ((*shown).to_owned(), (*silent).to_owned()), "row {number}");
    }
    assert_eq!(words(|_| (), None), ("First".to_owned(), "login_required".to_owned()));
}

#[test]
fn a_program_on_a_device_is_asked_about_each_time() {
    // OA-110, RFC 8252 section 8.6
    let native = |address: &'static str| {
        words(
            move |s| {
                let asked = asked(s);
                (asked.client.native, asked.client.kind) = (true, ClientKind::Public);
                asked.client.redirect_uris = vec![RedirectUri::parse(address).unwrap()];
                asked.redirect_uri = address.into();
                told(s);
            },
            Some(&session(ARRIVED - 100)),
        )
        .0
    };
    assert_eq!(native("http://127.0.0.1:7000/cb"), "AskEachTime");
    assert_eq!(native("com.example.app:/cb"), "AskEachTime");
    assert_eq!(native(ADDRESS), "code name");
}

#[test]
fn the_first_step_that_fails_decides() {
    // Everything is wrong at first, and each row has one thing less wrong.
    let breaks: [Edit; 8] = [
        |s| asked(s).redirect_uri = "https://evil.example/".into(),
        |s| asked(s).client.disabled = true,
        |s| asked(s).request = Err(Rejection::new("scope", OAuthError::InvalidScope, "x")),
        |s| (of_request(s).request.code_challenge, of_request(s).request.nonce) = (None, None),
        |s| of_request(s).expected_subject = Some("ben".into()),
        |s| of_request(s).request.max_age = Some(1),
        |s| person(s).allowed = false,
        |s| person(s).consent = None,
    ];
    let broken = |mended: usize| {
        let change = |s: &mut Standing| breaks.iter().skip(mended).rev().for_each(|edit| edit(s));
        words(change, Some(&session(ARRIVED - 100))).0
    };
    let order: Vec<String> = (0..=8).map(broken).collect();
    let expected =
        ["UnknownRedirect", "Disabled", "invalid_scope", "invalid_request", "AnotherPerson", "Again", "Denied", "AskFirst", "code name"];
    assert_eq!(order, expected);
}

#[test]
fn another_person_who_has_signed_in_for_the_request_ends_it() {
    // OA-66
    let other = |s: &mut Standing| {
        of_request(s).expected_subject = Some("ben".into());
        person(s).subject = Some("ana".into());
    };
    assert_eq!(words(other, Some(&session(ARRIVED - 1))).0, "AnotherPerson");
    assert_eq!(words(other, Some(&session(ARRIVED + 1))).0, "login_required");
    let named = |s: &mut Standing| {
        of_request(s).expected_subject = Some("ben".into());
        person(s).subject = Some("ben".into());
    };
    assert_eq!(words(named, Some(&session(ARRIVED - 1))).0, "code name");
}

#[test]
fn an_answer_goes_through_the_same_steps() {
    let with = |decision: Decision, change: Edit| {
        words(
            move |s| {
                change(s);
                s.answer = Some(ConsentAnswer { decision: decision.clone(), shown: String::new() });
            },
            Some(&session(ARRIVED - 100)),
        )
        .0
    };
    let first: Edit = |s| person(s).consent = None;
    let allow = || Decision::Allow(vec![Claim::Username]);
    assert_eq!(with(allow(), first), "code name+username now");
    assert_eq!(with(Decision::Allow(vec![]), first), "code name now");
    assert_eq!(with(Decision::Allow(vec![Claim::Email]), first), "code name now", "not asked for");
    assert_eq!(with(Decision::Decline, first), "access_denied");
    assert_eq!(with(allow(), |s| asked(s).client.disabled = true), "Disabled");
    assert_eq!(with(allow(), |s| person(s).allowed = false), "Denied");
    assert_eq!(with(Decision::Decline, |s| person(s).allowed = false), "access_denied");
    assert_eq!(with(allow(), |s| person(s).lacks = vec![Claim::Email]), "Lacks[Email]");
    assert_eq!(with(Decision::Decline, |s| person(s).lacks = vec![Claim::Email]), "access_denied");
    assert_eq!(with(allow(), |s| asked(s).client.access = Access::Everyone), "code name+username now");
    assert_eq!(with(allow(), |s| of_request(s).request.prompt = vec![Prompt::Login]), "Again");
}
