//! What we publish about ourselves: the truth, from settings alone, and nothing private.

use reqwest::Method;

use vouchsafe::flows::signing_keys;
use vouchsafe::platform::crypto::jws::Algorithm;

use super::{code, ready};
use crate::support::app::Inside;
use crate::support::http::Http;
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(metadata_tells_the_truth, keys_are_public_only, a_token_waits_for_the_key_that_signs_it);

const WELL_KNOWN: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

/// OA-13, OA-17, OA-31, OA-79, OA-80, OA-81, WB-08, CVE-96
async fn metadata_tells_the_truth(backend: Backend) {
    let (server, _ana, _application) = ready(backend).await;
    let http = Http::new(&server.address);
    let plain = http.get(WELL_KNOWN[0]).await.expect(200).json();
    assert_eq!(plain["issuer"], server.address.as_str());
    for path in WELL_KNOWN {
        for (name, value) in [
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
            ("forwarded", "host=evil.example;proto=https"),
            ("x-original-host", "evil.example"),
            ("origin", "https://evil.example"),
        ] {
            let answer = http.request(Method::GET, path).header(name, value).send().await.expect(200);
            assert_eq!(answer.json(), plain, "{name}");
            assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
            assert!(answer.header("access-control-allow-credentials").is_none());
        }
        let answer = http.request(Method::GET, path).header("host", "evil.example").send().await;
        assert!(!answer.text().contains("\"issuer\""), "another name gets no metadata");
    }
    let words = |name: &str| -> Vec<&str> { plain[name].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect() };
    assert_eq!(words("response_types_supported"), ["code"]);
    assert_eq!(words("response_modes_supported"), ["query"]);
    assert_eq!(words("grant_types_supported"), ["authorization_code"]);
    assert_eq!(words("code_challenge_methods_supported"), ["S256"]);
    assert_eq!(words("subject_types_supported"), ["pairwise"]);
    assert!(!words("id_token_signing_alg_values_supported").contains(&"none"));
    assert_eq!(plain["authorization_response_iss_parameter_supported"], true);
    assert_eq!((&plain["request_parameter_supported"], &plain["request_uri_parameter_supported"]), (&false.into(), &false.into()));
    for (name, value) in plain.as_object().unwrap() {
        let address = value.as_str().filter(|_| name.ends_with("_endpoint") || name.ends_with("_uri"));
        let Some(address) = address else { continue };
        assert!(address.starts_with(&format!("{}/", server.address)), "{address}");
        assert_ne!(http.get(address).await.status, 404, "{name} is not there");
    }
    // Nothing is there that is not said.
    for path in ["/revoke", "/introspect", "/register", "/par", "/device_authorization", "/oauth/token", "/oauth2/token"] {
        assert_eq!(http.get(path).await.status, 404, "{path}");
    }
    for path in ["/authorize", "/login", "/logout", "/"] {
        let answer = http.request(Method::GET, path).header("origin", "https://evil.example").send().await;
        assert!(answer.header("access-control-allow-origin").is_none(), "{path}");
        let preflight = http.request(Method::OPTIONS, path).header("origin", "https://evil.example").send().await;
        assert!(preflight.header("access-control-allow-origin").is_none(), "{path}");
    }
}

/// OA-61, OA-82, CR-12
async fn keys_are_public_only(backend: Backend) {
    let server = Inside::start(backend).await;
    let http = Http::new(&server.address);
    let answer = http.get("/jwks.json").await.expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"), "the RSA key is not made yet");
    let keys = answer.json()["keys"].as_array().unwrap().clone();
    let mut ids = Vec::new();
    for key in &keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(key.get(private).is_none(), "{key}");
        }
        assert_eq!(key["use"], "sig");
        assert!(matches!(key["alg"].as_str(), Some("ES256" | "EdDSA")), "{key}");
        ids.push(key["kid"].as_str().unwrap());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), keys.len()), (2, 2));
    let metadata = http.get(WELL_KNOWN[0]).await.expect(200);
    assert_eq!(metadata.header("cache-control"), Some("no-store"));
    let mut algorithms: Vec<String> = serde_json::from_value(metadata.json()["id_token_signing_alg_values_supported"].clone()).unwrap();
    algorithms.sort();
    assert_eq!(algorithms, ["ES256", "EdDSA"], "RS256 is not said before its key is there");
    let etag = answer.header("etag").unwrap();
    let same = http.request(Method::GET, "/jwks.json").header("if-none-match", etag).send().await;
    assert_eq!((same.status, same.body.len()), (304, 0));
}

/// OA-60, OA-82: an application that needs RS256 gets its answer as soon as the key is there, and from then on others may
/// keep what is published.
async fn a_token_waits_for_the_key_that_signs_it(backend: Backend) {
    let server = Inside::start(backend).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register_with("Grafana", |new| new.algorithm = Algorithm::Rs256).await;
    let (asked, code) = code(&ana.http, &application, "openid", &[]).await;
    let waiting = application.exchange(&asked, &code, server.time());
    tokio::join!(waiting, signing_keys::make_missing(server.app()));
    let http = Http::new(&server.address);
    for path in [WELL_KNOWN[0], "/jwks.json"] {
        let published = http.get(path).await.expect(200);
        assert!(published.text().contains("RS256"), "{path}");
        assert_eq!(published.header("cache-control"), Some("public, max-age=300"), "{path}");
    }
}

/// OA-26, OA-60: while the key is not there the answer is "later", after the server's own ten seconds, and the code is not
/// spent for it.
#[tokio::test]
async fn a_token_that_cannot_be_signed_spends_nothing() {
    let server = Inside::start(Backend::Sqlite).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register_with("Grafana", |new| new.algorithm = Algorithm::Rs256).await;
    let (asked, code) = code(&ana.http, &application, "openid", &[]).await;
    let answer = application.token(&application.token_fields(&asked, &code)).await.expect(503);
    assert_eq!((answer.json()["error"].as_str(), answer.header("retry-after")), (Some("temporarily_unavailable"), Some("5")));
    signing_keys::make_missing(server.app()).await;
    application.exchange(&asked, &code, server.time()).await;
}
