//! Behind a proxy: a real nginx with TLS, set up as README.md says. Everything names the one public address, and what
//! headers claim counts only where the proxy says it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vouchsafe::domain::session;
use vouchsafe::platform::crypto::token::{SessionCookie, Token};

use crate::support::app::Inside;
use crate::support::http::{Answer, Http};
use crate::support::network::{Certificates, NAMES, Nginx, PUBLIC, Site, Tunnel};
use crate::support::people::{Ana, PASSWORD};
use crate::support::{Backend, both, totp, wall_clock};

both!(everything_names_the_public_address, forged_headers_change_nothing, other_names_lead_nowhere);
both!(visitors_have_their_own_addresses, connections_are_kept_and_a_port_is_part_of_the_name);
both!(long_headers_pass, a_request_has_one_end);
both!(a_proxy_that_is_not_trusted_is_told_of, links_stay_out_of_the_proxys_log);

/// What someone sends who wants to be taken for the proxy; each of it names another site, scheme or address.
const FORGED: [(&str, &str); 16] = [
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-server", "evil.example"),
    ("x-forwarded-proto", "http"),
    ("x-forwarded-proto", "javascript"),
    ("x-forwarded-port", "8443"),
    ("x-forwarded-prefix", "/evil"),
    ("x-forwarded-prefix", "//evil.example"),
    ("x-forwarded-for", "203.0.113.9"),
    ("x-forwarded-for", "203.0.113.10, 203.0.113.11"),
    ("x_forwarded_for", "203.0.113.12"),
    ("x_forwarded_host", "evil.example"),
    ("x-real-ip", "203.0.113.13"),
    ("x-original-url", "/people"),
    ("x-forwarded-user", "ana"),
    ("x-host", "evil.example"),
    ("forwarded", "for=203.0.113.14;host=evil.example;proto=http"),
];

/// SE-03, WB-04, OA-80
async fn everything_names_the_public_address(backend: Backend) {
    let site = Site::open(backend).await;
    let http = site.http();
    let plain = Http::through("http://auth.example.org", SocketAddr::from(([127, 0, 0, 1], site.nginx.http)));
    let sent = plain.get("/login?x=1").await.expect(301);
    assert_eq!(sent.header("location"), Some("https://auth.example.org/login?x=1"));

    let landing = http.get("/").await.expect(200);
    assert_eq!(landing.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
    names_only_us(&http.get("/.well-known/openid-configuration").await.expect(200), site.upstream());
    assert!(site.server.setup_link().starts_with("https://auth.example.org/setup/"));
    // Every form from the link to the last page was posted through nginx.
    let ana = Ana::by(http, &site.server.setup_link(), wall_clock()).await;
    let home = ana.http.get("/me").await.expect(200);
    assert!(home.words().contains("Ana Example"));
    names_only_us(&home, site.upstream());
    assert!(ana.http.cookies().contains_key("__Host-vouchsafe"), "{:?}", ana.http.cookies());
    // The three answers that set the cookies of a browser.
    let http = site.http();
    let landing = http.get("/login").await.expect(200);
    let first = http.send_form(&landing, "/login", &[("name", "ana"), ("password", PASSWORD)]).await.expect(303);
    let page = http.follow_on(first).await.expect(200);
    // The code of this step confirmed her authenticator; that of the next counts already.
    let code = totp::code(&ana.key, wall_clock().plus(Duration::from_secs(30)));
    let second = http.send_form(&page, "/totp", &[("code", &code)]).await.expect(303);
    for (answer, name) in [(&landing, "__Host-vouchsafe-attempt="), (&second, "__Host-vouchsafe="), (&second, "__Host-vouchsafe-device=")] {
        assert!(answer.set_cookies().iter().any(|line| line.starts_with(name)), "{name} in {:?}", answer.set_cookies());
        names_only_us(answer, site.upstream());
    }
}

/// Fails for a link, an address or a cookie that belongs to anything but the public address.
#[track_caller]
fn names_only_us(answer: &Answer, upstream: SocketAddr) {
    let text = format!("{:?} {}", answer.headers, answer.text());
    for other in ["evil.example", "203.0.113", "http://", "8443", &upstream.to_string(), &format!(":{}", upstream.port())] {
        // The one address of plain http is the name of a vocabulary.
        let text = text.replace("http://www.w3.org/", "");
        assert!(!text.contains(other), "{other} in the answer of {}:\n{text}", answer.url);
    }
    for line in answer.set_cookies() {
        let parts: Vec<String> = line.split(';').map(|part| part.trim().to_lowercase()).collect();
        assert!(parts[0].starts_with("__host-"), "{line}");
        for attribute in ["secure", "httponly", "path=/", "samesite=lax"] {
            assert!(parts.iter().any(|part| part == attribute), "{attribute} in {line}");
        }
        assert!(!parts.iter().any(|part| part.starts_with("domain")), "{line}");
    }
}

/// OA-22, OA-80, RC-08, EN-05, CVE-96, CVE-97, CVE-98, CVE-99, CVE-102: through nginx, and from the proxy's own address.
async fn forged_headers_change_nothing(backend: Backend) {
    let mut site = Site::open(backend).await;
    let honest = metadata(&site.http()).await;
    assert_eq!(honest["issuer"], PUBLIC);
    let ana = Ana::by(site.http().always(&FORGED), &site.server.setup_link(), wall_clock()).await;
    let trusted = Http::through(PUBLIC, site.upstream()).always(&FORGED);
    for (name, value) in ana.http.cookies() {
        trusted.set_cookie(&name, &value);
    }
    for (round, http) in [ana.http, trusted].into_iter().enumerate() {
        assert_eq!(metadata(&http).await, honest, "OA-80");
        for path in ["/me", "/me/security", "/people", "/apps", "/logout"] {
            names_only_us(&http.get(path).await.expect(200), site.upstream());
        }
        // Who is not signed in is sent to a page of ours, and no header signs anybody in.
        let stranger = http.request(Method::GET, "/me").without_cookies().send().await.expect(303);
        assert_eq!(stranger.location().unwrap().as_str(), "https://auth.example.org/login");
        names_only_us(&stranger, site.upstream());
        let landing = http.request(Method::GET, "/login").without_cookies().send().await.expect(200);
        names_only_us(&landing, site.upstream());
        // RC-08, EN-05: a link that someone else opens.
        let page = http.get("/people/invite").await.expect(200);
        let username = format!("ben{round}");
        let fields = [("name", "Ben Example"), ("username", username.as_str()), ("reason", "Starts on Monday")];
        let card = http.submit(&page, "/people/invite", &fields).await.expect(200);
        assert!(card.text().contains("https://auth.example.org/invite/"), "{}", card.words());
        names_only_us(&card, site.upstream());
        // A form of another site stays one.
        let page = http.get("/logout").await.expect(200);
        let token = page.form("/logout/confirm").value("form_token").unwrap().to_owned();
        from_elsewhere(&http, &token).await;
    }
    // LG-06: the log tells of such a form, and neither where it came from nor what it claimed.
    let tunnel = Tunnel::open(NAMES[0], site.nginx.https, &site.certificates, IpAddr::from([127, 0, 0, 2])).await;
    from_elsewhere(&Http::through(PUBLIC, tunnel.address()).always(&FORGED), "").await;
    site.server.wait_for("that a form was refused", |line| line.contains("a form from elsewhere was refused").then_some(()));
    for address in ["127.0.0.2", "203.0.113", "evil.example"] {
        assert!(!site.server.printed().contains(address), "{}", site.server.printed());
    }
}

/// Posts a form as the page of another site would.
async fn from_elsewhere(http: &Http, token: &str) {
    let request = http.request(Method::POST, "/logout/confirm").header("origin", "https://evil.example").without("sec-fetch-site");
    let refused = request.form(&[("form_token", token), ("scope", "here")]).send().await;
    assert!((400..500).contains(&refused.status), "{}", refused.status);
}

/// What applications learn of us; without the algorithms, which grow by one when the slowest key is made.
async fn metadata(http: &Http) -> serde_json::Value {
    let mut metadata = http.get("/.well-known/openid-configuration").await.expect(200).json();
    metadata.as_object_mut().unwrap().remove("id_token_signing_alg_values_supported").unwrap();
    metadata
}

/// Anyone who reaches the server under another name, past the proxy or through it, is told the right one.
async fn other_names_lead_nowhere(backend: Backend) {
    let site = Site::open(backend).await;
    let (upstream, entry) = (site.upstream(), site.entry());
    let own = upstream.to_string();
    for (to, name) in
        [(upstream, own.as_str()), (upstream, "evil.example"), (upstream, "auth.example.org.evil.example"), (entry, "evil.example")]
    {
        let http = Http::through(PUBLIC, to);
        for forged in [&[][..], &[("x-forwarded-host", "auth.example.org")]] {
            let mut request = http.request(Method::GET, "/login").header("host", name);
            for (header, value) in forged {
                request = request.header(header, value);
            }
            let answer = request.send().await.expect(421);
            assert!(answer.words().contains("auth.example.org"), "{}", answer.words());
            assert_eq!(answer.set_cookies(), Vec::<String>::new());
        }
    }
    // Health is asked by machines that know no name.
    Http::through(PUBLIC, upstream).request(Method::GET, "/health/ready").header("host", &own).send().await.expect(200);
    // HTTP/1.0 needs no name, and gets nothing without.
    assert!(raw(upstream, "GET /login HTTP/1.0\r\n\r\n").await.starts_with("HTTP/1.0 421 "));
    let doubled = raw(upstream, "GET /login HTTP/1.1\r\nhost: auth.example.org\r\nhost: evil.example\r\nconnection: close\r\n\r\n").await;
    assert!(doubled.starts_with("HTTP/1.1 4"), "{doubled}");
    let absolute = "GET https://evil.example/login HTTP/1.1\r\nhost: auth.example.org\r\nconnection: close\r\n\r\n";
    for to in [upstream, entry] {
        let answer = raw(to, absolute).await;
        assert!(!answer.contains("//evil.example/"), "{answer}");
    }
}

/// TH-07, OA-22, CVE-99, CVE-102: failures are counted, and sessions opened, under the address that the proxy saw.
async fn visitors_have_their_own_addresses(backend: Backend) {
    let settings = [("server.public_url", PUBLIC), ("server.trusted_proxies", "127.0.0.1"), ("sign_in.network_failures", "5")];
    let server = Inside::with(backend, &settings).await;
    let upstream = SocketAddr::from(([127, 0, 0, 1], server.settings.server.listen.port));
    let certificates = Certificates::of(&NAMES);
    let nginx = Nginx::before(&upstream.to_string(), &certificates);
    let address = |last: u8| IpAddr::from([127, 0, 0, last]);
    let (first, second) = (
        Tunnel::open(NAMES[0], nginx.https, &certificates, address(2)).await,
        Tunnel::open(NAMES[0], nginx.https, &certificates, address(3)).await,
    );
    let ana = Ana::by(Http::through(PUBLIC, first.address()), &server.setup_path().await, server.time()).await;
    server.pass(31);
    assert_eq!(place(&server, &ana.http).await, "127.0.0.2");

    let claimed: [(&str, &str); 3] =
        [("x-forwarded-for", "203.0.113.9"), ("x_forwarded_for", "203.0.113.9"), ("forwarded", "for=203.0.113.9")];
    let doubled = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "127.0.0.2")];
    let from = |to: SocketAddr, last: u8| Http::through_from(PUBLIC, to, address(last));
    for (http, seen, why) in [
        (Http::through(PUBLIC, second.address()), "127.0.0.3", "through nginx"),
        (Http::through(PUBLIC, second.address()).always(&claimed), "127.0.0.3", "what a visitor claims is not passed on"),
        (Http::through(PUBLIC, second.address()).always(&doubled), "127.0.0.3", "nor twice"),
        (from(upstream, 9).always(&doubled), "127.0.0.9", "past nginx nobody is believed"),
        (from(upstream, 1).always(&claimed[1..2]), "127.0.0.1", "underscores are another header"),
        (from(upstream, 1).always(&claimed[2..]), "203.0.113.9", "the proxy may write the standard's header instead"),
        (from(upstream, 1).always(&[claimed[0], ("forwarded", "for=203.0.113.8")]), "127.0.0.1", "of two that disagree neither counts"),
        (from(upstream, 1).always(&[("x-forwarded-for", "127.0.0.2:40001")]), "127.0.0.2", "with a port"),
        (from(upstream, 1).always(&[("x-forwarded-for", "[2001:db8::1]:4711")]), "2001:db8::1", "in brackets"),
        (from(upstream, 1).always(&doubled), "127.0.0.2", "of two headers the one the proxy added last counts"),
    ] {
        ana.sign_in(&server, &http, "/login").await.expect(200);
        assert_eq!(place(&server, &http).await, seen, "{why}");
    }

    // Five failures are let through; claiming to be elsewhere gives no more of them, and takes none from others.
    let mut statuses = Vec::new();
    for number in 0..6 {
        let elsewhere = format!("203.0.113.{number}");
        let http = Http::through(PUBLIC, first.address()).always(&[("x-forwarded-for", &elsewhere), ("x_forwarded_for", &elsewhere)]);
        statuses.push(fail(&http, number).await.status);
    }
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
    let other = Http::through(PUBLIC, second.address()).always(&[("x-forwarded-for", "127.0.0.2")]);
    assert_eq!(fail(&other, 7).await.status, 422, "another visitor through the same nginx");
    assert_eq!(fail(&from(upstream, 9).always(&doubled), 8).await.status, 422, "and whoever only claims to be the first");
}

/// Types a wrong password for a name nobody has.
async fn fail(http: &Http, number: u32) -> Answer {
    let page = http.get("/login").await.expect(200);
    http.send_form(&page, "/login", &[("name", &format!("somebody{number}")), ("password", "not the password")]).await
}

/// The address from which the session of this browser was opened.
async fn place(server: &Inside, http: &Http) -> String {
    let cookie = Token::<SessionCookie>::parse(&http.cookie("__Host-vouchsafe").expect("a session")).unwrap().hash();
    let limits = server.session_limits();
    let detail = server.read(move |w| {
        let session = session::find_live(w, &cookie, limits)?.expect("alive");
        session::detail(w, &session)
    });
    detail.await.unwrap().place.address
}

/// nginx speaks HTTP/1.0 with us unless it is told to keep connections; and the address may have a port.
async fn connections_are_kept_and_a_port_is_part_of_the_name(backend: Backend) {
    let changes = [
        ("proxy_set_header Host $host;", "proxy_http_version 1.1;\nproxy_set_header Connection \"\";\nproxy_set_header Host $http_host;"),
        ("proxy_pass http://127.0.0.1:8080;", "proxy_pass http://vouchsafe;"),
        ("server {\n    listen 443", "upstream vouchsafe {\n    server 127.0.0.1:8080;\n    keepalive 4;\n}\nserver {\n    listen 443"),
    ];
    let site = Site::changed(backend, "https://auth.example.org:8443", &changes).await;
    let http = site.http();
    let metadata = http.get("/.well-known/openid-configuration").await.expect(200).json();
    assert_eq!(
        (&metadata["issuer"], &metadata["jwks_uri"]),
        (&"https://auth.example.org:8443".into(), &"https://auth.example.org:8443/jwks.json".into())
    );
    let ana = Ana::by(http, &site.server.setup_link(), wall_clock()).await;
    for _ in 0..5 {
        assert!(ana.http.get("/me").await.expect(200).words().contains("Ana Example"));
    }
    // Without the port it is another address.
    ana.http.request(Method::GET, "/login").header("host", "auth.example.org").send().await.expect(421);
}

/// TH-15, OA-19: the longest state comes back byte for byte, and what is kept for the request fits as well.
async fn long_headers_pass(backend: Backend) {
    let site = Site::open(backend).await;
    let (id, _) = site.connect("Wiki", "https://wiki.example.org/callback", "https://wiki.example.org/bye.html");
    let ana = Ana::by(site.http(), &site.server.setup_link(), wall_clock()).await;
    for state in ["x".repeat(1_000), "&=% \"<".repeat(2_048 / 6)] {
        let query = [
            ("response_type", "code"),
            ("client_id", id.as_str()),
            ("redirect_uri", "https://wiki.example.org/callback"),
            ("scope", "openid profile email"),
            ("prompt", "consent"),
            ("state", state.as_str()),
            ("nonce", "n"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ];
        let asked = url::Url::parse_with_params("https://auth.example.org/authorize", query).unwrap();
        let page = site.http().follow(asked.as_str()).await.expect(200);
        assert!(page.words().contains("to continue to Wiki"), "{}", page.words());
        let page = ana.http.follow(asked.as_str()).await.expect(200);
        let action = page.url.path().replace("/authorize/continue/", "/consent/");
        let back = ana.http.send_form(&page, &action, &[("decision", "allow")]).await.expect(303);
        assert_eq!(back.sent_back("state").as_deref(), Some(state.as_str()));
    }
    // Cookies of other sites under the same domain come along.
    let cookies: Vec<String> = ana.http.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let crowded = format!("{}; other={}", cookies.join("; "), "x".repeat(7_000));
    ana.http.request(Method::GET, "/me").header("cookie", &crowded).send().await.expect(200);
}

/// WB-14: a request whose end could be seen in two places is refused, by nginx and by us.
async fn a_request_has_one_end(backend: Backend) {
    let site = Site::open(backend).await;
    let smuggled = "GET /jwks.json HTTP/1.1\r\nhost: auth.example.org\r\n\r\n";
    let inside = smuggled.len();
    let chunk = format!("0\r\n\r\n{smuggled}");
    let bodies = [
        format!("content-length: {}\r\ntransfer-encoding: chunked\r\n\r\n{chunk}", chunk.len()),
        format!("transfer-encoding: chunked\r\ncontent-length: {}\r\n\r\n{chunk}", chunk.len()),
        format!("content-length: 0\r\ncontent-length: {inside}\r\n\r\n{smuggled}"),
        format!("content-length: +{inside}\r\n\r\n{smuggled}"),
        format!("content-length: 0, {inside}\r\n\r\n{smuggled}"),
        format!("transfer-encoding: xchunked\r\n\r\n{chunk}"),
        format!("transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n{chunk}"),
        format!("transfer-encoding : chunked\r\n\r\n{chunk}"),
        format!("content-length : {inside}\r\n\r\n{smuggled}"),
    ];
    for to in [site.entry(), site.upstream()] {
        for rest in &bodies {
            let kind = "content-type: application/x-www-form-urlencoded";
            let answer = raw(to, &format!("POST /token HTTP/1.1\r\nhost: auth.example.org\r\n{kind}\r\n{rest}")).await;
            assert!(answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.1 501 "), "{rest}\n----\n{answer}");
            assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{rest}\n----\n{answer}");
            assert!(!answer.contains("\"keys\""), "{rest}\n----\n{answer}");
        }
        // Only listed methods; the tunnel and the echo of a proxy are not among them.
        for method in ["TRACE", "CONNECT", "PUT", "DELETE", "PROPFIND"] {
            let answer = raw(to, &format!("{method} /login HTTP/1.1\r\nhost: auth.example.org\r\nconnection: close\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 4"), "{method}: {answer}");
        }
    }
}

/// Sends these bytes and reads until the other side closes, or says nothing for two seconds.
async fn raw(to: SocketAddr, bytes: &str) -> String {
    let mut stream = TcpStream::connect(to).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let (mut read, mut buffer) = (Vec::new(), [0; 4_096]);
    while let Ok(Ok(count @ 1..)) = tokio::time::timeout(Duration::from_secs(2), stream.read(&mut buffer)).await {
        read.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// TH-07: a proxy whose addresses are not believed makes all visitors one. Administrators are told where and of whom, and no
/// longer once the proxy is trusted.
async fn a_proxy_that_is_not_trusted_is_told_of(backend: Backend) {
    let settings = [("server.trusted_proxies", "127.0.0.7"), ("session.idle", "12h"), ("session.admin_idle", "12h")];
    let server = Inside::with(backend, &settings).await;
    let ana = Ana::arrive(&server).await;
    let told = async || ana.http.get("/people").await.expect(200).words();
    let peer = SocketAddr::from(([127, 0, 0, 1], server.settings.server.listen.port));
    let from = |last: u8| Http::through_from(&server.address, peer, IpAddr::from([127, 0, 0, last]));
    assert!(!told().await.contains("trusted"));
    from(8).always(&[("x-forwarded-for", "203.0.113.9")]).get("/login").await.expect(200);
    let words = told().await;
    assert!(words.contains("127.0.0.8") && words.contains("which isn’t trusted"), "{words}");
    server.pass(3_600);
    assert!(!told().await.contains("isn’t trusted"), "an hour later it is over");
    from(7).always(&[("x-forwarded-for", "unknown")]).get("/login").await.expect(200);
    let words = told().await;
    assert!(words.contains("127.0.0.7") && words.contains("forwards something that isn’t an address"), "{words}");
}

/// EN-05: the log of the proxy, as README.md sets it up, holds no link that opens something.
async fn links_stay_out_of_the_proxys_log(backend: Backend) {
    let site = Site::open(backend).await;
    let http = site.http();
    http.get("/login?logged").await.expect(200);
    for path in ["/invite/vst_secret", "/reset/vst_secret", "/setup/vst_secret"] {
        http.get(path).await;
    }
    http.get("/login?logged-last").await.expect(200);
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while !site.nginx.log().contains("logged-last") {
        assert!(std::time::Instant::now() < deadline, "nothing is logged: {}", site.nginx.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!site.nginx.log().contains("vst_secret"), "{}", site.nginx.log());
}
