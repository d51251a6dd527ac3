//! Clients of other people's making, unchanged: they check what they check by default, over https, through nginx. Authlib
//! in Python is here; mod_auth_openidc in Apache is among the journeys.

use crate::support::http::Http;
use crate::support::network::{Names, Notes, Site};
use crate::support::people::{Ana, PASSWORD};
use crate::support::ports::free_port;
use crate::support::{Backend, both, totp, wall_clock};

both!(authlib_signs_somebody_in_and_out);

/// The application of README.md: discovery, PKCE, state, nonce, signature and issuer are Authlib's to check.
async fn authlib_signs_somebody_in_and_out(backend: Backend) {
    let site = Site::open(backend).await;
    site.is_complete().await;
    let ana = Ana::by(site.http(), &site.server.setup_link(), wall_clock()).await;
    let port = free_port();
    let address = format!("http://127.0.0.1:{port}");
    let (id, secret) = site.connect("Notes", &format!("{address}/callback"), &format!("{address}/bye"));
    let names = Names::leading(&[("auth.example.org", site.nginx.https)]).await;
    let _notes = Notes::start(port, &id, &secret, &site.certificates, &names);
    // Her browser at the application, and at us.
    let (notes, http) = (Http::new(&address), site.http());

    let asked = notes.get("/").await.expect(302).location().unwrap();
    assert!(asked.as_str().starts_with("https://auth.example.org/authorize?"), "{asked}");
    for part in ["code_challenge_method=S256", "code_challenge=", "nonce=", "state=", "response_type=code"] {
        assert!(asked.as_str().contains(part), "{asked}");
    }
    let page = http.follow(asked.as_str()).await.expect(200);
    assert!(page.words().contains("to continue to Notes"), "{}", page.words());
    let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
    // The code of this step confirmed her authenticator; that of the next counts already.
    let code = totp::code(&ana.key, wall_clock().plus(std::time::Duration::from_secs(30)));
    let page = http.submit(&page, "/totp", &[("code", &code)]).await.expect(200);
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    // Who declines reads so, and is asked anew the next time.
    let back = http.send_form(&page, &action, &[("decision", "decline")]).await.expect(303).location().unwrap();
    assert!(back.as_str().contains("error=access_denied"), "{back}");
    assert_eq!(notes.get(back.as_str()).await.expect(403).words().trim(), "You declined.");
    let asked = notes.get("/").await.expect(302).location().unwrap();
    let page = http.follow(asked.as_str()).await.expect(200);
    let action = page.url.path().replace("/authorize/continue/", "/consent/");
    let values = [("decision", "allow"), ("claim_email", "yes")];
    let back = http.send_form(&page, &action, &values).await.expect(303).location().unwrap();
    assert!(back.as_str().starts_with(&format!("{address}/callback?code=")), "{back}");
    assert!(back.query_pairs().any(|(name, value)| name == "iss" && value == "https://auth.example.org"), "RFC 9207: {back}");

    notes.get(back.as_str()).await.expect(302);
    let who = notes.get("/").await.expect(200).json();
    assert_eq!((&who["name"], &who["email"]), (&"Ana Example".into(), &"ana@acme.example".into()), "{who}");
    assert!(who["sub"].as_str().is_some_and(|sub| sub != "ana" && sub.len() > 20), "{who}");
    // A code is good once, and an answer belongs to the browser that asked.
    let again = Http::new(&address).get(back.as_str()).await;
    assert_eq!((again.status, again.words().trim()), (400, "That did not work. Start again."), "Authlib misses its state");

    let leave = notes.get("/sign-out").await.expect(302).location().unwrap();
    assert!(leave.as_str().starts_with("https://auth.example.org/logout?id_token_hint="), "{leave}");
    let bye = http.get(leave.as_str()).await.expect(303).location().unwrap();
    assert_eq!(bye.as_str(), format!("{address}/bye"));
    assert_eq!(notes.get(bye.as_str()).await.expect(200).words().trim(), "You are signed out.");
    assert_eq!(http.get("/me").await.location().unwrap().path(), "/login", "here too");
    notes.get("/").await.expect(302);
}
