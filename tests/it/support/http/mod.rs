//! A browser without a screen: keeps cookies, fills forms, follows redirects only when told, and sends exactly what it
//! is asked to, so that a test can leave out or change anything.

mod html;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value as Json;
use url::{Position, Url};

pub use html::Form;

/// One person's browser, or one attacker's.
pub struct Http {
    client: reqwest::Client,
    base: Url,
    /// Where its connections go, one request each in turn; nothing when they go where its addresses lead.
    through: Mutex<Vec<SocketAddr>>,
    turn: AtomicUsize,
    /// Sent with every request, also several of one name.
    always: Vec<(String, String)>,
    jar: Mutex<BTreeMap<String, String>>,
}

impl Http {
    /// One that has been nowhere. `base` is the server's address.
    pub fn new(base: &str) -> Self {
        Self::connecting(base, &[], None)
    }
    /// One whose connections go to `through`, whatever its addresses say: a proxy, or the entry of a tunnel to one.
    pub fn through(base: &str, through: SocketAddr) -> Self {
        Self::connecting(base, &[through], None)
    }
    /// The same, with the connections coming from another address of this machine.
    pub fn through_from(base: &str, through: SocketAddr, from: IpAddr) -> Self {
        Self::connecting(base, &[through], Some(from))
    }
    /// The same with several servers behind the address, which get one request each in turn.
    pub fn in_turn(base: &str, through: &[SocketAddr]) -> Self {
        Self::connecting(base, through, None)
    }

    fn connecting(base: &str, through: &[SocketAddr], from: Option<IpAddr>) -> Self {
        // The server closes connections nobody uses for a few seconds; one that is closed just as it is used again would
        // be an error that no page and no person sees.
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let client = builder.pool_max_idle_per_host(0).local_address(from).build().unwrap();
        let (base, through) = (Url::parse(base).unwrap(), Mutex::new(through.to_vec()));
        Self { client, base, through, turn: AtomicUsize::default(), always: vec![], jar: Mutex::default() }
    }

    /// Sends these headers with every request from now on, whatever else is sent.
    pub fn always(mut self, headers: &[(&str, &str)]) -> Self {
        self.always.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }
    /// Connects only there from now on.
    pub fn only(&self, through: &[SocketAddr]) {
        *self.through.lock().unwrap() = through.to_vec();
    }
    /// Where a request really goes, and under which name; nothing when it goes where its address leads.
    fn route(&self, url: &Url) -> Option<(Url, String)> {
        let through = self.through.lock().unwrap();
        let next = self.turn.fetch_add(1, Ordering::SeqCst).checked_rem(through.len())?;
        let target = format!("http://{}{}", through[next], &url[Position::BeforePath..Position::AfterQuery]);
        Some((Url::parse(&target).unwrap(), url[Position::BeforeHost..Position::AfterPort].to_owned()))
    }

    /// A cookie it keeps.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(name).cloned()
    }
    /// All cookies it keeps.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.jar.lock().unwrap().clone()
    }
    /// Puts a cookie in, as the person who stole it would.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar.lock().unwrap().insert(name.into(), value.into());
    }
    /// Forgets a cookie.
    pub fn forget(&self, name: &str) {
        self.jar.lock().unwrap().remove(name);
    }

    /// A request to be sent; with the cookies, and for posts with what a browser says about where it comes from.
    pub fn request(&self, method: Method, address: &str) -> Request<'_> {
        let url = self.base.join(address).unwrap();
        let mut headers = vec![
            ("user-agent".to_owned(), "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned()),
            ("accept".to_owned(), "text/html,application/xhtml+xml,*/*;q=0.8".to_owned()),
        ];
        if method == Method::POST {
            headers.push(("origin".into(), self.base.origin().ascii_serialization()));
            headers.push(("sec-fetch-site".into(), "same-origin".into()));
        }
        headers.retain(|(name, _)| !self.always.iter().any(|(always, _)| always.eq_ignore_ascii_case(name)));
        Request { http: self, method, url, headers, cookies: true, body: vec![] }
    }

    /// Opens a page.
    pub async fn get(&self, address: &str) -> Answer {
        self.request(Method::GET, address).send().await
    }
    /// Sends fields.
    pub async fn post_form(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        self.request(Method::POST, address).form(fields).send().await
    }
    /// Opens a page and goes on as long as it is sent on within the server.
    pub async fn follow(&self, address: &str) -> Answer {
        let answer = self.get(address).await;
        self.follow_on(answer).await
    }
    /// Goes on from an answer as long as it is sent on within the server.
    pub async fn follow_on(&self, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            match answer.location() {
                Some(next) if next.origin() == self.base.origin() => answer = self.get(next.as_str()).await,
                _ => return answer,
            }
        }
        panic!("sent in circles; last to {}", answer.url);
    }
    /// Fills the page's form whose action ends in `action`, sends it and goes on within the server.
    pub async fn submit(&self, page: &Answer, action: &str, values: &[(&str, &str)]) -> Answer {
        let answer = self.send_form(page, action, values).await;
        self.follow_on(answer).await
    }
    /// Fills the page's form whose action ends in `action` and sends it.
    pub async fn send_form(&self, page: &Answer, action: &str, values: &[(&str, &str)]) -> Answer {
        let form = page.form(action);
        let fields = form.filled(values);
        let target = page.url.join(&form.action).unwrap();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post_form(target.as_str(), &fields).await
    }
    /// Sends JSON as our scripts do, with the page's form token.
    pub async fn post_json(&self, address: &str, form_token: &str, body: &Json) -> Answer {
        self.request(Method::POST, address).header("x-form-token", form_token).header("accept", "application/json").json(body).send().await
    }
}

/// A request that has not been sent.
pub struct Request<'a> {
    http: &'a Http,
    method: Method,
    url: Url,
    headers: Vec<(String, String)>,
    cookies: bool,
    body: Vec<u8>,
}

impl Request<'_> {
    /// With this header instead of what it had.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name.to_lowercase(), value.into()));
        self
    }
    /// Without a header.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }
    /// Without any cookie.
    pub fn without_cookies(mut self) -> Self {
        self.cookies = false;
        self
    }
    /// With fields.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", body.into_bytes())
    }
    /// With JSON.
    pub fn json(self, body: &Json) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }
    /// With any body.
    pub fn body(mut self, kind: &str, body: Vec<u8>) -> Self {
        self = self.header("content-type", kind);
        self.body = body;
        self
    }
    /// Sends it and keeps the cookies of the answer.
    pub async fn send(self) -> Answer {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers.iter().chain(&self.http.always) {
            headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        }
        let cookies: Vec<String> = self.http.jar.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if self.cookies && !cookies.is_empty() && !headers.contains_key("cookie") {
            headers.insert("cookie", HeaderValue::try_from(cookies.join("; ")).unwrap());
        }
        let what = format!("{} {}", self.method, self.url);
        let target = match self.http.route(&self.url) {
            None => self.url.clone(),
            Some((target, host)) => {
                if !headers.contains_key("host") {
                    headers.insert("host", HeaderValue::try_from(host).unwrap());
                }
                target
            }
        };
        let request = self.http.client.request(self.method, target).headers(headers).body(self.body);
        let response = request.send().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{what}: {error:?}")).to_vec();
        let answer = Answer { url: self.url, status, headers, body };
        self.http.keep(&answer);
        answer
    }
}

impl Http {
    fn keep(&self, answer: &Answer) {
        let mut jar = self.jar.lock().unwrap();
        for line in answer.set_cookies() {
            let (pair, attributes) = line.split_once(';').unwrap_or((&line, ""));
            let (name, value) = pair.split_once('=').unwrap();
            let over = attributes.to_lowercase().split(';').any(|part| part.trim() == "max-age=0");
            if over || value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.into(), value.into());
            }
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked for.
    pub url: Url,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// The body as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} {} is not JSON ({error}): {}", self.status, self.url, self.text()))
    }
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
    /// The `Set-Cookie` lines.
    pub fn set_cookies(&self) -> Vec<String> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }
    /// Where it sends one.
    pub fn location(&self) -> Option<Url> {
        (300..400).contains(&self.status).then(|| self.header("location")).flatten().map(|location| self.url.join(location).unwrap())
    }
    /// A parameter of the address it sends one to.
    pub fn sent_back(&self, name: &str) -> Option<String> {
        self.location()?.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
    /// The words of the page, without markup.
    pub fn words(&self) -> String {
        html::words(&self.text())
    }
    /// The form whose action ends in `action`.
    pub fn form(&self, action: &str) -> Form {
        let forms = html::forms(&self.text());
        let found = forms.iter().find(|form| form.action.split('?').next().unwrap_or_default().ends_with(action));
        found.cloned().unwrap_or_else(|| {
            let actions: Vec<_> = forms.iter().map(|form| &form.action).collect();
            panic!("no form for {action} on {} ({}), only {actions:?}. The page:\n{}", self.url, self.status, self.words())
        })
    }
    /// The value of an attribute anywhere on the page, such as `data-token`.
    pub fn attribute(&self, name: &str) -> Option<String> {
        html::tags(&self.text()).into_iter().find_map(|tag| tag.attribute(name))
    }
    /// The address of the first link that leads to something with `part` in it.
    pub fn link(&self, part: &str) -> Option<String> {
        html::tags(&self.text()).into_iter().find_map(|tag| tag.attribute("href").filter(|href| href.contains(part)))
    }
    /// The address of the link with this relation, such as `next`.
    pub fn related(&self, relation: &str) -> Option<String> {
        html::tags(&self.text()).into_iter().find(|tag| tag.attribute("rel").as_deref() == Some(relation))?.attribute("href")
    }
    /// Fails unless the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered:\n{}", self.url, self.words());
        self
    }
}
