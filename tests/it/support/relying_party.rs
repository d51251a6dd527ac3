//! An application: a plain OpenID Connect client written from the specifications, for tests that look at every part of
//! the exchange or change it. (Other people's client libraries have their own test.)

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use reqwest::Method;
use serde_json::Value as Json;
use url::Url;
use vouchsafe::kernel::Timestamp;

use super::authenticator::{base64url, sha256};
use super::http::{Answer, Http};

/// An application as it is registered.
pub struct Application {
    /// Its id.
    pub client_id: String,
    /// Its secret; none for a public one.
    pub secret: Option<String>,
    /// Where it is answered.
    pub redirect_uri: String,
    /// What it learned from discovery.
    pub metadata: Json,
    http: Http,
}

/// One sign-in it asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Where the browser is sent.
    pub url: Url,
    /// Ties the answer to this browser.
    pub state: String,
    /// Ties the ID token to this sign-in.
    pub nonce: String,
    /// Proves to the token endpoint who asked.
    pub verifier: String,
}

impl Application {
    /// Learns about the service (OpenID Connect Discovery 1.0, section 4) and checks that it speaks of itself.
    pub async fn discover(issuer: &str, client_id: &str, secret: Option<&str>, redirect_uri: &str) -> Self {
        Self::discover_by(Http::new(issuer), issuer, client_id, secret, redirect_uri).await
    }

    /// The same, with its own way to the service.
    pub async fn discover_by(http: Http, issuer: &str, client_id: &str, secret: Option<&str>, redirect_uri: &str) -> Self {
        let metadata = http.get("/.well-known/openid-configuration").await.expect(200).json();
        assert_eq!(metadata["issuer"], issuer, "discovery, section 4.3");
        Self { client_id: client_id.into(), secret: secret.map(str::to_owned), redirect_uri: redirect_uri.into(), metadata, http }
    }

    /// The same, answered at another address.
    pub fn answered_at(mut self, redirect_uri: &str) -> Self {
        self.redirect_uri = redirect_uri.into();
        self
    }

    fn endpoint(&self, name: &str) -> &str {
        self.metadata[name].as_str().unwrap_or_else(|| panic!("discovery has no {name}"))
    }

    /// A new request, honest; `more` adds parameters such as `prompt`.
    pub fn ask(&self, scope: &str, more: &[(&str, &str)]) -> Asked {
        let word = || base64url(&super::authenticator::random::<32>());
        let (state, nonce, verifier) = (word(), word(), word());
        let mut url = Url::parse(self.endpoint("authorization_endpoint")).unwrap();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", scope)
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge_method", "S256")
            .append_pair("code_challenge", &base64url(&sha256(verifier.as_bytes())))
            .extend_pairs(more);
        Asked { url, state, nonce, verifier }
    }

    /// Takes the code from where the browser was sent, after checking state and issuer (RFC 9207).
    pub fn code(&self, asked: &Asked, back: &Url) -> String {
        assert!(back.as_str().starts_with(&self.redirect_uri), "sent to {back}");
        let value = |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        assert_eq!(value("error"), None, "{back}");
        assert_eq!(value("state").as_ref(), Some(&asked.state));
        assert_eq!(value("iss").as_deref(), self.metadata["issuer"].as_str());
        value("code").unwrap_or_else(|| panic!("no code in {back}"))
    }

    /// The fields of an honest token request.
    pub fn token_fields(&self, asked: &Asked, code: &str) -> Vec<(String, String)> {
        let mut fields = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.redirect_uri.clone()),
            ("code_verifier", asked.verifier.clone()),
        ];
        if self.secret.is_none() {
            fields.push(("client_id", self.client_id.clone()));
        }
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Sends a token request, authenticated with `client_secret_basic` if there is a secret.
    pub async fn token(&self, fields: &[(String, String)]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        // No browser: nothing says where it comes from.
        let request = self.http.request(Method::POST, self.endpoint("token_endpoint")).without("origin").without("sec-fetch-site");
        let request = match &self.secret {
            Some(secret) => request.header("authorization", &basic(&self.client_id, secret)),
            None => request,
        };
        request.form(&fields).send().await
    }

    /// The whole exchange: the claims of the checked ID token and the token answer.
    pub async fn exchange(&self, asked: &Asked, code: &str, now: Timestamp) -> (Json, Json) {
        let answer = self.token(&self.token_fields(asked, code)).await.expect(200).json();
        assert!(answer["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")), "{answer}");
        let token = answer["id_token"].as_str().expect("no id_token");
        let claims = self.check_id_token(token, now).await;
        assert_eq!(claims["nonce"], asked.nonce.as_str());
        assert_eq!(claims["at_hash"], at_hash(token, answer["access_token"].as_str().unwrap()).as_str());
        (claims, answer)
    }

    /// Checks an ID token (OpenID Connect Core 1.0, section 3.1.3.7).
    pub async fn check_id_token(&self, token: &str, now: Timestamp) -> Json {
        let header = decode_header(token).unwrap();
        let key = self.key(header.kid.as_deref().expect("an ID token without kid")).await;
        let mut validation = Validation::new(header.alg);
        validation.validate_exp = false;
        validation.set_audience(&[&self.client_id]);
        validation.set_issuer(&[self.metadata["issuer"].as_str().unwrap()]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = decode::<Json>(token, &DecodingKey::from_jwk(&key).unwrap(), &validation).unwrap().claims;
        let second = |name: &str| claims[name].as_i64().unwrap_or_else(|| panic!("no {name} in {claims}"));
        assert!(second("exp") > now.seconds() && second("iat") <= now.seconds() + 1, "at {now}: {claims}");
        claims
    }

    async fn key(&self, kid: &str) -> Jwk {
        let keys: JwkSet = serde_json::from_value(self.http.get(self.endpoint("jwks_uri")).await.expect(200).json()).unwrap();
        keys.find(kid).unwrap_or_else(|| panic!("no key {kid}")).clone()
    }

    /// Asks for the claims of the person with an access token.
    pub async fn userinfo(&self, access_token: &str) -> Answer {
        self.http
            .request(Method::GET, self.endpoint("userinfo_endpoint"))
            .header("authorization", &format!("Bearer {access_token}"))
            .send()
            .await
    }
}

/// The left half of the hash the ID token's algorithm uses (OpenID Connect Core 1.0, section 3.1.3.6).
fn at_hash(id_token: &str, access_token: &str) -> String {
    let hash = match decode_header(id_token).unwrap().alg {
        jsonwebtoken::Algorithm::EdDSA => &aws_lc_rs::digest::SHA512,
        _ => &aws_lc_rs::digest::SHA256,
    };
    let digest = aws_lc_rs::digest::digest(hash, access_token.as_bytes());
    base64url(&digest.as_ref()[..digest.as_ref().len() / 2])
}

/// `client_secret_basic` (RFC 6749, section 2.3.1): both parts form-encoded first.
pub fn basic(client_id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(secret));
    format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()))
}
