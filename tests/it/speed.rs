//! What a request costs that can be counted: the statements it sends, and the bytes a browser loads. Times are for
//! `tests/run bench`; these hold on any machine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use diesel::Connection;
use diesel::connection::InstrumentationEvent;
use reqwest::Method;
use vouchsafe::kernel::Fault;
use vouchsafe::platform::db::{Conn, Work};

use crate::oidc::code;
use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::people::Ana;
use crate::support::{Backend, both};

both!(a_flow_sends_few_statements_and_each_is_compiled_once);

/// What the connections of a server were asked since it was last read.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    sent: BTreeMap<String, usize>,
    compiled: BTreeMap<String, usize>,
}

impl Statements {
    /// Watches both kinds of connections of a server that has one of each.
    async fn of(server: &Inside) -> Self {
        let statements = Self::default();
        let (reading, writing) = (statements.clone(), statements.clone());
        server.read(move |w| reading.watch(w)).await.unwrap();
        server.write(move |w| writing.watch(w)).await.unwrap();
        statements
    }
    fn watch(&self, w: &mut Work<'_>) -> Result<(), Fault> {
        let seen = self.0.clone();
        let note = move |event: InstrumentationEvent<'_>| {
            let mut seen = seen.lock().unwrap();
            match event {
                InstrumentationEvent::StartQuery { query, .. } => {
                    // The bound values follow in a comment.
                    let text = query.to_string();
                    let sql = text.split(" -- binds").next().unwrap_or_default().trim().to_owned();
                    *seen.sent.entry(sql).or_default() += 1;
                }
                InstrumentationEvent::CacheQuery { sql, .. } => *seen.compiled.entry(sql.trim().to_owned()).or_default() += 1,
                _ => {}
            }
        };
        match &mut w.conn {
            Conn::Pg(c) => c.set_instrumentation(note),
            Conn::Lite(c) => c.set_instrumentation(note),
        }
        Ok(())
    }
    fn take(&self) -> Seen {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Seen {
    /// The statements that read or change rows; a transaction's own are not among them.
    fn count(&self) -> usize {
        self.sent.iter().filter(|(sql, _)| is_ours(sql)).map(|(_, times)| times).sum()
    }
    fn texts(&self) -> BTreeSet<&String> {
        self.sent.keys().filter(|sql| is_ours(sql)).collect()
    }
}

fn is_ours(sql: &str) -> bool {
    // The published keys are read until every key is made, which takes seconds once in the life of a database.
    let of_beginning = sql.contains("signing_keys");
    !of_beginning && ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|word| sql.starts_with(word))
}

async fn a_flow_sends_few_statements_and_each_is_compiled_once(backend: Backend) {
    let server = Inside::with(backend, &[("database.connections", "1")]).await;
    let statements = Statements::of(&server).await;
    let ana = Ana::arrive(&server).await;
    let application = server.register("Grafana").await;
    code(&ana.http, &application, "openid profile", &[]).await;
    let mut compiled = BTreeMap::new();
    for round in 0..2 {
        compiled.extend(statements.take().compiled);
        let (asked, code) = code(&ana.http, &application, "openid profile", &[]).await;
        let authorize = statements.take();
        let (_, answer) = application.exchange(&asked, &code, server.time()).await;
        let token = statements.take();
        let access = answer["access_token"].as_str().unwrap();
        application.userinfo(access).await.expect(200);
        let first = statements.take();
        application.userinfo(access).await.expect(200);
        let again = statements.take();
        for seen in [&authorize, &token, &first, &again] {
            if round == 1 {
                assert!(seen.compiled.is_empty(), "compiled again: {:?}", seen.compiled);
            }
            compiled.extend(seen.compiled.clone());
        }
        if round == 1 {
            let counts = [&authorize, &token, &first, &again].map(Seen::count);
            let most = [AUTHORIZE, TOKEN, FIRST_USERINFO, USERINFO];
            let within = counts.iter().zip(most).all(|(count, most)| *count <= most);
            assert!(within, "{counts:?}, at most {most:?}:\n{:#?}\n{:#?}\n{:#?}", authorize.sent, token.sent, first.sent);
            let all: BTreeSet<&String> = [&authorize, &token, &first, &again].into_iter().flat_map(Seen::texts).collect();
            // SQLite compiles a statement anew whenever its LIMIT is bound, which nobody is told of.
            let limited: Vec<&String> = all.iter().copied().filter(|sql| sql.contains("LIMIT ")).collect();
            assert!(limited.is_empty(), "read by get_result instead: {limited:#?}");
            // The start compiles what writes entries, before anybody watches.
            let watched = |sql: &&String| !sql.starts_with("INSERT INTO \"entries\"") && !sql.starts_with("INSERT INTO `entries`");
            let never: Vec<&String> = all.into_iter().filter(watched).filter(|sql| !compiled.contains_key(sql.as_str())).collect();
            assert!(never.is_empty(), "compiled each time: {never:#?}");
        }
    }
}

/// The most statements of each request of a flow with a live session and a consent that stands.
const AUTHORIZE: usize = 17;
const TOKEN: usize = 7;
const FIRST_USERINFO: usize = 4;
const USERINFO: usize = 2;

/// Asks for something as a browser does.
async fn load(http: &Http, path: &str, codings: &str, known: Option<&str>) -> Answer {
    let mut request = http.request(Method::GET, path).header("accept-encoding", codings);
    if let Some(known) = known {
        request = request.header("if-none-match", known);
    }
    request.send().await
}

/// The addresses of the files a page names.
fn files(html: &str) -> BTreeSet<String> {
    html.split('"').filter(|part| part.starts_with("/static/")).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_first_visit_loads_less_than_sixteen_kilobytes() {
    let server = Inside::start(Backend::Sqlite).await;
    let http = Http::new(&server.address);
    let plain = load(&http, "/login", "identity", None).await.expect(200);
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, Some("accept-encoding")));
    let page = load(&http, "/login", "gzip, deflate, br", None).await.expect(200);
    assert_eq!(page.header("content-encoding"), Some("gzip"));
    let mut bytes = page.body.len();
    for path in files(&plain.text()) {
        let whole = load(&http, &path, "", None).await.expect(200);
        assert_eq!(whole.header("content-encoding"), None, "{path}");
        let mut tags = BTreeSet::from([whole.header("etag").unwrap().to_owned()]);
        for (codings, coding) in [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip")] {
            let packed = load(&http, &path, codings, None).await.expect(200);
            assert_eq!((packed.header("content-encoding"), packed.header("vary")), (Some(coding), Some("accept-encoding")), "{path}");
            assert_eq!(packed.header("content-type"), whole.header("content-type"));
            let tag = packed.header("etag").unwrap().to_owned();
            let known = load(&http, &path, codings, Some(&format!("\"other\", W/{tag}"))).await.expect(304);
            assert!(known.body.is_empty() && known.header("vary") == Some("accept-encoding"), "{path}");
            load(&http, &path, "", Some(&tag)).await.expect(200);
            tags.insert(tag);
            if coding == "br" {
                bytes += packed.body.len();
            }
        }
        assert_eq!(tags.len(), 3, "each coding has a tag of its own: {tags:?}");
    }
    assert!(bytes < 16_000, "{bytes}");
}

/// WB-01: a page that may be compressed never carries the same token twice (BREACH), and every one of them is good; a
/// page with what is personal or secret is sent as it is.
#[tokio::test]
async fn no_secret_is_compressed() {
    let server = Inside::start(Backend::Sqlite).await;
    let ana = Ana::arrive(&server).await;
    let token = async || ana.http.get("/login?again=1").await.expect(200).form("/login").value("form_token").unwrap().to_owned();
    let (one, other) = (token().await, token().await);
    let common = one.bytes().zip(other.bytes()).filter(|(a, b)| a == b).count();
    assert!(one.len() == 86 && other.len() == 86 && common < 20, "{one} {other}");
    for token in [one.as_str(), other.as_str()] {
        ana.http.post_form("/login", &[("form_token", token), ("name", ""), ("password", "")]).await.expect(422);
    }
    let mask_alone = &one[..43];
    for bad in ["", mask_alone, &format!("{mask_alone}{mask_alone}"), &other[..85]] {
        ana.http.post_form("/login", &[("form_token", bad), ("name", ""), ("password", "")]).await.expect(403);
    }
    for path in ["/me", "/me/security", "/people", "/apps"] {
        let page = load(&ana.http, path, "gzip, br", None).await.expect(200);
        assert_eq!(page.header("content-encoding"), None, "{path}");
    }
}
