//! Guessing: how it is slowed down, what it learns (nothing), and that no step can be left out.

use reqwest::Method;
use vouchsafe::kernel::Timestamp;

use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both, totp};

both!(codes_of_which_step, a_code_works_once, guesses_are_slowed_down, counts_are_apart);
both!(nothing_is_learnt_about_names, no_step_is_left_out, a_network_is_slowed_down);

const WRONG: &str = "not her password at all";

async fn try_password(http: &Http, name: &str, password: &str) -> Answer {
    let page = http.get("/login").await.expect(200);
    http.send_form(&page, "/login", &[("name", name), ("password", password)]).await
}

/// A new browser after the right password: the page that asks for the code.
async fn at_the_code(server: &Inside) -> (Http, Answer) {
    let http = Http::new(&server.address);
    let answer = try_password(&http, "ana", PASSWORD).await;
    let page = http.follow_on(answer).await.expect(200);
    (http, page)
}

async fn try_code(server: &Inside, code: &str) -> bool {
    let (http, page) = at_the_code(server).await;
    http.submit(&page, "/totp", &[("code", code)]).await;
    http.get("/me").await.status == 200
}

/// OT-02, OT-03, OT-06: this step, one before, one after; nothing further away.
async fn codes_of_which_step(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let at = |seconds: i64| totp::code(&ana.key, Timestamp::from_seconds(server.time().seconds() + seconds));
    server.pass(3_600);
    for (steps, accepted) in [(-60, false), (60, false), (-30, true)] {
        let code = at(steps);
        assert_eq!(try_code(&server, &code).await, accepted, "a code {steps} s away");
        server.pass(3_600);
    }
    let ahead = at(30);
    assert!(try_code(&server, &ahead).await, "a code 30 s away");
    // OT-03: the present step is before the one that was used.
    let present = at(0);
    assert!(!try_code(&server, &present).await, "a step before the last one used");
    server.pass(3_600);
    let spaced = {
        let code = at(0);
        format!(" {} {} ", &code[..3], &code[3..])
    };
    assert!(try_code(&server, &spaced).await, "spaces");
    server.pass(3_600);
    for nonsense in ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "12345\u{0}"] {
        assert!(!try_code(&server, nonsense).await, "{nonsense:?}");
        server.pass(3_600);
    }
}

/// OT-01, OT-05, OT-08: once, here or in another sign-in, and not by turning the clock back.
async fn a_code_works_once(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    // The code that confirmed the authenticator was spent by that; the helper moved on by one step.
    let confirmed = totp::code(&ana.key, Timestamp::from_seconds(server.time().seconds() - 31));
    assert!(!try_code(&server, &confirmed).await, "OT-05");
    server.pass(3_600);
    let code = ana.code(&server);
    assert!(try_code(&server, &code).await);
    assert!(!try_code(&server, &code).await, "OT-01");
}

/// TH-01, TH-04, TH-12: five are free, then each pause is longer; the page says how long, and that a passkey works.
async fn guesses_are_slowed_down(backend: Backend) {
    let server = Inside::start(backend).await;
    let _ana = Ana::arrive(&server).await;
    let mut pauses = Vec::new();
    for _ in 0..9 {
        let http = Http::new(&server.address);
        let answer = try_password(&http, "ana", WRONG).await;
        if answer.status == 429 {
            let wait: u64 = answer.header("retry-after").expect("TH-12").parse().unwrap();
            assert!(answer.words().contains("Try again in"), "{}", answer.words());
            // What is right is not looked at either while the pause lasts.
            assert_eq!(try_password(&http, "ana", PASSWORD).await.status, 429);
            pauses.push(wait);
            server.pass(wait);
            let answer = try_password(&http, "ana", WRONG).await;
            assert_eq!(answer.status, 422, "after the pause it is looked at again: {}", answer.words());
        }
    }
    assert!(pauses.len() >= 3 && pauses.windows(2).all(|pair| pair[0] < pair[1]), "{pauses:?}");
    assert!(pauses.iter().all(|wait| *wait <= 900), "{pauses:?}");
    server.pass(1_000);
    let http = Http::new(&server.address);
    assert_eq!(try_password(&http, "ana", PASSWORD).await.status, 303);
}

/// TH-02: the right password gives no new tries for the code.
async fn counts_are_apart(backend: Backend) {
    let server = Inside::start(backend).await;
    let _ana = Ana::arrive(&server).await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        let (http, page) = at_the_code(&server).await;
        if page.text().contains("name=\"code\"") {
            answers.push(http.send_form(&page, "/totp", &[("code", "000000")]).await.status);
        }
    }
    assert!(answers.contains(&429), "wrong codes over many sign-ins are never paused: {answers:?}");
}

/// TH-08, TH-09, PW-09: a name nobody has is answered as a wrong password is, to the word and the header, and is
/// paused as well.
async fn nothing_is_learnt_about_names(backend: Backend) {
    let server = Inside::start(backend).await;
    let _ana = Ana::arrive(&server).await;
    let look = async |name: &str| {
        let answer = try_password(&Http::new(&server.address), name, WRONG).await;
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        (answer.status, answer.words(), names)
    };
    // Five are free, and the pause begins after the sixth.
    for _ in 0..6 {
        assert_eq!(look("ana").await, look("nobody").await);
    }
    let (known, unknown) = (look("ana").await, look("nobody").await);
    assert_eq!((known.0, unknown.0), (429, 429));
    assert_eq!(known.1, unknown.1);
    // An empty password, and one that is far too long, say nothing either.
    server.pass(3_600);
    for password in ["", &"x".repeat(2_000)] {
        let known = try_password(&Http::new(&server.address), "ana", password).await;
        let unknown = try_password(&Http::new(&server.address), "nobody", password).await;
        assert_eq!(known.status, unknown.status);
        assert_eq!(known.words(), unknown.words());
    }
}

/// AA-01, AA-05, AA-06: the order is the server's; half a sign-in opens nothing.
async fn no_step_is_left_out(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let (http, page) = at_the_code(&server).await;
    // AA-06: after the password alone, nothing of the account.
    for path in ["/me", "/me/security", "/me/security/password", "/me/security/passkeys/add", "/reauthenticate?to=/me/security/password"] {
        let answer = http.get(path).await;
        assert!(answer.status == 303 && answer.location().unwrap().path() == "/login", "{path}: {}", answer.status);
    }
    let wiki = server.register("Wiki").await;
    let asked = wiki.ask("openid", &[("prompt", "none")]);
    let answer = http.follow(asked.url.as_str()).await;
    assert_eq!(answer.sent_back("error").as_deref(), Some("login_required"), "{}", answer.words());
    // The page that makes a sign-in method is not for someone who has one and did not use it.
    let path = page.url.path().replace("/totp", "/passkey").replace("/login/", "/enrolment/");
    assert!(http.follow(&path).await.attribute("data-start").is_none(), "{path} lets half a sign-in add a passkey");
    // Posting the second step without its fields, with the step of before, or of after: still outside.
    let form = page.form("/totp");
    let token = form.value("form_token").unwrap();
    let code = ana.code(&server);
    for fields in [vec![], vec![("code", "")], vec![("code", code.as_str()), ("step", "0")], vec![("code", code.as_str()), ("step", "99")]]
    {
        let mut fields = fields;
        fields.push(("form_token", token));
        http.request(Method::POST, page.url.path()).form(&fields).send().await;
        assert_ne!(http.get("/me").await.status, 200, "{fields:?}");
    }
    // A field twice is nobody's form (WB-08).
    let mut twice = form.filled(&[("code", &code)]);
    twice.push(("code".into(), "000000".into()));
    let twice: Vec<(&str, &str)> = twice.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(http.request(Method::POST, page.url.path()).form(&twice).send().await.status, 400);
    http.submit(&page, "/totp", &[("code", &code)]).await.expect(200);
    http.get("/me").await.expect(200);
    // Attempts end after an hour.
    let (http, page) = at_the_code(&server).await;
    server.pass(3_601);
    let code = ana.code(&server);
    http.submit(&page, "/totp", &[("code", &code)]).await;
    assert_ne!(http.get("/me").await.status, 200);
}

/// TH-07: spraying over many names is slowed down by network.
async fn a_network_is_slowed_down(backend: Backend) {
    let server = Inside::start(backend).await;
    let _ana = Ana::arrive(&server).await;
    let mut statuses = Vec::new();
    for number in 0..33 {
        statuses.push(try_password(&Http::new(&server.address), &format!("somebody{number}"), WRONG).await.status);
    }
    assert_eq!((statuses[0], statuses[32]), (422, 429), "{statuses:?}");
    // TH-07: what a header claims does not make it another network.
    let http = Http::new(&server.address);
    let page = http.get("/login").await.expect(200);
    let fields = page.form("/login").filled(&[("name", "somebody"), ("password", WRONG)]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let claimed = http.request(Method::POST, "/login").header("x-forwarded-for", "203.0.113.9").header("forwarded", "for=203.0.113.9");
    assert_eq!(claimed.form(&fields).send().await.status, 429);
    server.pass(601);
    assert_eq!(try_password(&http, "somebody", WRONG).await.status, 422);
}
