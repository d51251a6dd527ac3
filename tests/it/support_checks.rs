//! The helpers prove themselves: a browser with a passkey device, axe that finds what is wrong, a database of its own.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::support::browser::Browser;
use crate::support::http::Http;
use crate::support::postgres::Database;

/// Answers every request with one page.
fn serve(html: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Security-Policy: default-src 'self'\r\n\
                 Set-Cookie: a=1; Path=/; HttpOnly\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{html}",
                html.len()
            );
        }
    });
    format!("http://localhost:{port}")
}

const GOOD: &str = "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Good</title><meta name=viewport content='width=device-width'>\
    <main><h1>Hello</h1><form action=/next><label for=n>Name</label><p><input id=n name=n value=x></p><p><button>Go on</button></p></form></main></html>";
const BAD: &str = "<!DOCTYPE html><html><meta charset=utf-8><title>Bad</title><main><h1>Hello</h1><input><script>document.title = 'ran'</script></main></html>";

#[tokio::test]
async fn a_browser_reads_types_presses_and_makes_passkeys() {
    let address = serve(GOOD);
    let mut browser = Browser::start().await;
    browser.goto(&address).await;
    browser.at("Hello").await;
    browser.look("good").await;
    let first = browser.tab().await;
    browser.new_tab().await;
    browser.switch_to(&first).await;
    browser.fill("Name", "Ana").await;
    assert_eq!(browser.value("Name").await, "Ana");
    browser.click("Go on").await;
    browser.arrive("/next?n=Ana").await;
    let made = "const done = arguments[0]; navigator.credentials.create({ publicKey: { rp: { name: 'x' }, challenge: new Uint8Array(32),
        user: { id: new Uint8Array(16), name: 'a', displayName: 'a' }, pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' } } }).then((c) => done(c.id), (e) => done(String(e)))";
    let made = browser.run_async(made).await;
    assert_eq!(browser.passkeys().await, 1, "{made}");
    let taken = browser.take_passkeys().await;
    assert_eq!(browser.passkeys().await, 0);
    browser.bring_passkeys(taken).await;
    assert_eq!(browser.passkeys().await, 1);
}

#[tokio::test]
async fn a_page_that_shuts_people_out_is_found_out() {
    let browser = Browser::start().await;
    browser.goto(&serve(BAD)).await;
    let wrong = browser.axe("wide").await.join("\n");
    assert!(wrong.contains("html-has-lang") && wrong.contains("label"), "{wrong}");
    let console = browser.console().await.join("\n");
    assert!(console.contains("Content Security Policy"), "{console}");
}

#[tokio::test]
async fn the_client_keeps_cookies_and_reads_forms() {
    let http = Http::new(&serve(GOOD));
    let page = http.get("/").await.expect(200);
    assert_eq!(page.form("/next").value("n"), Some("x"));
    assert_eq!(page.words(), "Good Hello Name Go on");
    assert_eq!(http.cookie("a").as_deref(), Some("1"));
}

#[test]
fn each_database_is_its_own() {
    let (one, two) = (Database::fresh(), Database::fresh());
    assert_ne!(one.url(), two.url());
}
