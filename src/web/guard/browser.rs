//! The browser behind a request: its address, what it calls itself and the cookies it carries.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, OnceLock};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::{ClientAddress, app_of};
use crate::app::App;
use crate::domain::session::OpenedFrom;
use crate::flows::Caller;
use crate::kernel::address::Origin;
use crate::kernel::ids::RequestId;
use crate::kernel::text::one_line;
use crate::platform::crypto::token::{AttemptCookie, DeviceCookie, SessionCookie, TicketCode, Token, TokenHash};
use crate::web::pages::shell::place;

/// The names of our cookies. Over https they are bound to the host by `__Host-`; on http://localhost they carry
/// the port, because cookies ignore ports (SE-03).
#[derive(Clone, Debug)]
pub struct CookieNames {
    /// The session.
    pub session: String,
    /// Binds step-by-step journeys to a browser.
    pub attempt: String,
    /// Recognises a browser that has signed someone in.
    pub device: String,
    /// Keeps the code of the one-use link that was opened last.
    pub link: String,
    /// What the names of kept requests begin with; their id follows.
    pub requests: String,
}

impl CookieNames {
    /// The names under a public address.
    pub fn of(origin: &Origin) -> Self {
        let base = if origin.is_https() { "__Host-vouchsafe".to_owned() } else { format!("vouchsafe-{}", origin.port()) };
        let name = |word: &str| format!("{base}-{word}");
        Self { attempt: name("attempt"), device: name("device"), link: name("link"), requests: name("request-"), session: base }
    }

    /// The name for one request.
    pub fn request(&self, id: RequestId) -> String {
        format!("{}{id}", self.requests)
    }
}

/// The browser behind a request. AskingApp for it sets nothing; using [`Browser::binding`] for the first time does.
#[derive(Clone)]
pub struct Browser(Arc<Inner>);

struct Inner {
    address: ClientAddress,
    user_agent: String,
    session: Option<Token<SessionCookie>>,
    device: Option<Token<DeviceCookie>>,
    attempt: OnceLock<Token<AttemptCookie>>,
    attempt_came: bool,
    link: Option<TicketCode>,
    kept_requests: Vec<(RequestId, String)>,
    nav_entry: &'static str,
    app: Option<Arc<App>>,
}

impl Browser {
    /// Reads a request's browser, once for each request.
    pub fn of(request: &HttpRequest) -> Self {
        if let Some(known) = request.extensions().get::<Self>() {
            return known.clone();
        }
        let app = app_of(request);
        let names = app.as_ref().map(|app| CookieNames::of(app.settings.origin()));
        let cookie = |name: Option<&String>| name.and_then(|name| single_cookie(request, name));
        let came: Option<Token<AttemptCookie>> = cookie(names.as_ref().map(|n| &n.attempt)).and_then(|text| Token::parse(&text));
        let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let browser = Self(Arc::new(Inner {
            address: ClientAddress::of(request),
            user_agent: one_line(agent, 300),
            session: cookie(names.as_ref().map(|n| &n.session)).and_then(|text| Token::parse(&text)),
            device: cookie(names.as_ref().map(|n| &n.device)).and_then(|text| Token::parse(&text)),
            attempt_came: came.is_some(),
            link: cookie(names.as_ref().map(|n| &n.link)).and_then(|text| TicketCode::parse(&text)),
            kept_requests: names.as_ref().map(|names| kept_requests(request, &names.requests)).unwrap_or_default(),
            attempt: came.map(OnceLock::from).unwrap_or_default(),
            nav_entry: place(request.path()),
            app,
        }));
        request.extensions_mut().insert(browser.clone());
        browser
    }

    /// The network address.
    pub fn address(&self) -> ClientAddress {
        self.0.address
    }
    /// The entry of the navigation that the address belongs to.
    pub fn nav_entry(&self) -> &'static str {
        self.0.nav_entry
    }
    /// The session cookie, if one of the right form came.
    pub fn session(&self) -> Option<&Token<SessionCookie>> {
        self.0.session.as_ref()
    }
    /// The device cookie, if one of the right form came.
    pub fn device(&self) -> Option<&Token<DeviceCookie>> {
        self.0.device.as_ref()
    }
    /// The code of the one-use link it opened last.
    pub fn link(&self) -> Option<&TicketCode> {
        self.0.link.as_ref()
    }
    /// The sealed requests it keeps for us.
    pub fn kept_requests(&self) -> &[(RequestId, String)] {
        &self.0.kept_requests
    }
    /// What journeys and forms are bound to. Makes the attempt cookie when none came; the response then sets it.
    pub fn binding(&self) -> TokenHash<AttemptCookie> {
        match &self.0.app {
            Some(app) => self.0.attempt.get_or_init(|| Token::make(&*app.entropy)).hash(),
            None => TokenHash::none(),
        }
    }
    /// Whether the browser sent a attempt cookie; if not, it may keep none.
    pub fn kept_our_cookie(&self) -> bool {
        self.0.attempt_came
    }
    /// The attempt cookie made during this request.
    pub(crate) fn made_binding(&self) -> Option<&Token<AttemptCookie>> {
        if self.0.attempt_came { None } else { self.0.attempt.get() }
    }
    /// From where a session is opened.
    pub fn place(&self) -> OpenedFrom {
        OpenedFrom { address: self.0.address.0.to_string(), user_agent: self.0.user_agent.clone() }
    }
    /// The plain value handed to flows.
    pub fn caller(&self) -> Caller {
        Caller {
            address: self.0.address.0,
            user_agent: self.0.user_agent.clone(),
            binding: self.binding(),
            session: self.0.session.as_ref().map(Token::hash),
            device: self.0.device.as_ref().map(Token::hash),
        }
    }
}

/// Every cookie of a kept request; more than we ever set are not looked at.
fn kept_requests(request: &HttpRequest, prefix: &str) -> Vec<(RequestId, String)> {
    let Ok(cookies) = request.cookies() else { return Vec::new() };
    let named = cookies.iter().filter_map(|cookie| Some((cookie.name().strip_prefix(prefix)?.parse().ok()?, cookie.value().to_owned())));
    named.take(16).collect()
}

/// The value of a cookie that came exactly once. Two of one name is an attack or a broken browser: neither counts
/// (WB-13, CVE-12).
fn single_cookie(request: &HttpRequest, name: &str) -> Option<String> {
    let cookies = request.cookies().ok()?;
    let mut found = cookies.iter().filter(|cookie| cookie.name() == name);
    let value = found.next()?.value().to_owned();
    found.next().is_none().then_some(value)
}

impl FromRequest for Browser {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}
