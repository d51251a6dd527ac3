//! People, made the way people are made: through the pages.

use vouchsafe::kernel::Timestamp;

use super::app::Inside;
use super::http::{Answer, Http};
use super::totp;

/// The password everybody here has.
pub const PASSWORD: &str = "correct horse battery";

/// The first administrator, with a password and an authenticator.
pub struct Ana {
    /// Her browser, signed in.
    pub http: Http,
    /// The key of her authenticator.
    pub key: String,
}

impl Ana {
    /// Sets the server up as Ana. The code that confirms her authenticator is spent; the clock goes on to the next.
    pub async fn arrive(server: &Inside) -> Self {
        let ana = Self::by(Http::new(&server.address), &server.setup_path().await, server.time()).await;
        server.pass(31);
        ana
    }

    /// Sets a server up with this browser, by a set-up link. The code of `now` is spent.
    pub async fn by(http: Http, setup_link: &str, now: Timestamp) -> Self {
        let page = http.follow(setup_link).await.expect(200);
        let action = page.url.path().to_owned();
        let fields = [("name", "Ana Example"), ("username", "ana"), ("email", "ana@acme.example")];
        let page = http.submit(&page, &action, &fields).await.expect(200);
        let page = http.submit(&page, "/enrol/method", &[("method", "password")]).await.expect(200);
        let page = http.submit(&page, "/enrol/password", &[("password", PASSWORD)]).await.expect(200);
        let key = key_on(&page);
        let code = totp::code(&key, now);
        http.submit(&page, "/enrol/totp", &[("code", &code), ("label", "Ana's phone")]).await.expect(200);
        Self { http, key }
    }

    /// The code her authenticator shows now.
    pub fn code(&self, server: &Inside) -> String {
        totp::code(&self.key, server.time())
    }

    /// Makes recovery codes, says that they are kept, and reads them.
    pub async fn make_recovery_codes(&self) -> Vec<String> {
        let page = self.http.get("/me/security/recovery").await.expect(200);
        let page = self.http.submit(&page, "/me/security/recovery", &[]).await.expect(200);
        let codes = recovery_codes(&page);
        self.http.submit(&page, "/recovery/codes", &[("kept", "yes")]).await.expect(200);
        codes
    }

    /// Signs in with another browser by password and code, and goes on as long as it is sent on within the server.
    pub async fn sign_in(&self, server: &Inside, http: &Http, from: &str) -> Answer {
        let page = http.follow(from).await.expect(200);
        let page = http.submit(&page, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(200);
        let code = self.code(server);
        let answer = http.submit(&page, "/totp", &[("code", &code)]).await;
        server.pass(31);
        answer
    }
}

/// The key shown on a page that sets an authenticator up.
pub fn key_on(page: &Answer) -> String {
    let text = page.words();
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_group = |word: &&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b));
    let groups = words.windows(8).find(|window| window.iter().all(is_group));
    groups.unwrap_or_else(|| panic!("no key on the page:\n{text}")).concat()
}

/// The recovery codes shown on a page.
pub fn recovery_codes(page: &Answer) -> Vec<String> {
    let text = page.words();
    let is_code =
        |word: &&str| word.len() == 19 && word.split('-').count() == 4 && word.bytes().all(|b| b == b'-' || b.is_ascii_alphanumeric());
    text.split_whitespace().filter(is_code).map(str::to_owned).collect()
}
