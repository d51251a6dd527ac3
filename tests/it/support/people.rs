//! People, made the way people are made: through the pages.

use vouchsafe::kernel::Timestamp;

use super::app::Inside;
use super::http::{Answer, Http};
use super::totp::{self, Phone};

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
        let page = as_far_as_the_code(&http, setup_link, &ANA).await;
        let key = key_on(&page);
        let code = totp::code(&key, now);
        http.submit(&page, "/totp", &[("code", &code), ("label", ANA.label)]).await.expect(200);
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

/// What someone types who comes in with a password and an authenticator.
pub struct Typed<'a> {
    /// Their name, username and address, where they are asked for them.
    pub names: [&'a str; 3],
    /// Their password.
    pub password: &'a str,
    /// What they call their authenticator.
    pub label: &'a str,
}

/// Ana, as in most tests.
pub const ANA: Typed<'_> = Typed { names: ["Ana Example", "ana", "ana@acme.example"], password: PASSWORD, label: "Ana's phone" };

/// Comes in by a link, of whatever kind, to a server whose time cannot be moved; returns the authenticator. Recovery
/// codes come later.
pub async fn come_in(http: &Http, link: &str, typed: &Typed<'_>) -> Phone {
    let page = as_far_as_the_code(http, link, typed).await;
    let mut phone = Phone::new(key_on(&page));
    let code = phone.code().await;
    http.submit(&page, "/totp", &[("code", &code), ("label", typed.label)]).await.expect(200);
    phone
}

/// From a link to the page that asks for the first code.
async fn as_far_as_the_code(http: &Http, link: &str, typed: &Typed<'_>) -> Answer {
    let page = http.follow(link).await.expect(200);
    let path = page.url.path().to_owned();
    let [name, username, email] = typed.names;
    let fields = [("name", name), ("username", username), ("email", email)];
    let asked = page.form(&path).value("username").is_some();
    let page = http.submit(&page, &path, if asked { &fields } else { &[] }).await.expect(200);
    let page = http.submit(&page, "/method", &[("method", "password")]).await.expect(200);
    http.submit(&page, "/password", &[("password", typed.password)]).await.expect(200)
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
