//! Commands given beside a server, as someone types them in another terminal: without the flags the server was
//! started with, in a wrong folder, after it has stopped.

use std::process::Output;

use crate::support::http::Http;
use crate::support::people::{self, PASSWORD, key_on};
use crate::support::relying_party::basic;
use crate::support::server::{Home, Server, Start};
use crate::support::{Backend, both, totp, wall_clock};

both!(pages_name_no_folder_to_strangers, nothing_is_made_that_nobody_saw);
both!(somebody_is_invited_and_helped_back_in_from_the_host, an_address_is_vouched_for_on_the_host);
both!(a_person_is_edited_on_the_host);
both!(an_application_says_who_runs_it, an_application_on_devices_chooses_its_port, unsafe_addresses_need_a_reason);
both!(an_application_is_looked_after_from_the_host, groups_are_looked_after_from_the_host);
both!(commands_know_where_the_server_is, only_the_server_makes_a_database, a_second_demo_takes_nothing_from_the_first);

/// What a command printed, when it did what it should.
fn printed(output: Output) -> String {
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    printed
}

/// What a command said, when it refused.
fn refused(output: Output) -> String {
    assert!(!output.status.success(), "taken: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

/// The words after a label in what `app add` printed.
fn line<'a>(printed: &'a str, label: &str) -> &'a str {
    let found = printed.lines().find_map(|line| line.trim().strip_prefix(label));
    found.unwrap_or_else(|| panic!("no {label} in:\n{printed}")).trim()
}

fn set_up_link(printed: &str) -> String {
    let link = printed.split_whitespace().find(|word| word.contains("/setup/"));
    link.unwrap_or_else(|| panic!("no link in:\n{printed}")).to_owned()
}

const WIKI: [&str; 8] = ["app", "add", "--name", "Wiki", "--redirect-uri", "https://wiki.example/callback", "--access", "everyone"];

/// EN-05: links and issuer are those of the server that runs, whatever port or address it was started with by flags.
async fn commands_know_where_the_server_is(backend: Backend) {
    let server = Server::first(backend);
    let link = set_up_link(&printed(server.home().run(&["setup-link"])));
    assert!(link.starts_with(&format!("{}/setup/", server.address)), "{link} is not at {}", server.address);
    Http::new(&server.address).follow(&link).await.expect(200);
    let wiki = printed(server.home().run(&WIKI));
    assert_eq!(line(&wiki, "issuer"), server.address);
    assert!(!wiki.contains("Nothing is running"), "{wiki}");
    // What is said to the command itself counts more.
    let link = set_up_link(&printed(server.home().run(&["setup-link", "--public-url", "https://auth.example.org"])));
    assert!(link.starts_with("https://auth.example.org/setup/"), "{link}");
    // Nothing runs: the last address, and that nothing answers there.
    let address = server.address.clone();
    let (home, ..) = server.stop();
    let said = printed(home.run(&["setup-link"]));
    assert!(set_up_link(&said).starts_with(&address), "{said}");
    assert!(said.contains("Nothing is running there now") && said.contains(" serve"), "{said}");
    // Started under a public address, while a file still says where to listen.
    std::fs::write(home.data().parent().unwrap().join("vouchsafe.toml"), "[server]\nlisten = \"localhost:8080\"\n").unwrap();
    let server = home.start(&Start::new().argument("--public-url=https://auth.example.org"));
    assert!(server.printed().contains("setup-link --public-url https://auth.example.org"), "{}", server.printed());
    let link = set_up_link(&printed(server.home().run(&["setup-link"])));
    assert!(link.starts_with("https://auth.example.org/setup/"), "{link}");
}

/// A mistyped folder is said, not filled.
async fn only_the_server_makes_a_database(backend: Backend) {
    let home = Home::new(backend);
    let elsewhere = home.data().parent().unwrap().join("dta");
    let folder = elsewhere.to_str().unwrap();
    for command in [&["setup-link"][..], &["demo"], &WIKI] {
        let said = refused(home.run(&[command, &["--data", folder]].concat()));
        assert!(said.contains("There is nothing at ") && said.contains(&format!(" serve --data {folder}")), "{said}");
        assert!(!elsewhere.exists(), "{command:?} made something");
    }
    // `migrate` makes it, and then there is something to work with.
    printed(home.run(&["migrate", "--data", folder]));
    assert!(elsewhere.join("keys/master").exists());
    set_up_link(&printed(home.run(&["setup-link", "--data", folder])));
    if backend == Backend::Postgres {
        // The database is there, and its key is not where it was looked for.
        let other = home.data().parent().unwrap().join("other");
        let said = refused(home.run(&["setup-link", "--data", other.to_str().unwrap()]));
        assert!(said.contains("sealed by master key") && !other.exists(), "{said}");
    }
}

/// The demo beside the server goes on signing people in while another one runs.
async fn a_second_demo_takes_nothing_from_the_first(backend: Backend) {
    let server = Server::first(backend);
    let asks = async |demo: &str| {
        let http = Http::new(demo);
        let to_us = http.get("/login").await.expect(303).location().unwrap();
        Http::new(&server.address).follow(to_us.as_str()).await.expect(200).words()
    };
    let (alone, address) = server.home().start_demo();
    assert!(alone.printed().contains(&format!("It asks {} who you are", server.address)), "{}", alone.printed());
    assert_ne!(address, server.demo());
    let (beside, second) = (asks(&server.demo()).await, asks(&address).await);
    assert!(beside.contains("to continue to Demo app"), "{beside}");
    assert!(second.contains("to continue to Demo app on port"), "{second}");
}

/// What a person reads who comes from an application with this id.
async fn asked_by(server: &Server, client_id: &str, redirect: &str) -> (u16, String) {
    let query = [
        ("response_type", "code"),
        ("client_id", client_id),
        ("redirect_uri", redirect),
        ("scope", "openid"),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let address = url::Url::parse_with_params(&server.url("/authorize"), query).unwrap();
    let page = Http::new(&server.address).follow(address.as_str()).await;
    (page.status, page.words())
}

/// Nobody is named who was not said to run it; two of one name only when that is meant; no word of ours is a name of code.
async fn an_application_says_who_runs_it(backend: Backend) {
    let server = Server::first(backend);
    let redirect = "https://wiki.example/callback";
    let wiki = printed(server.home().run(&WIKI));
    let (status, words) = asked_by(&server, line(&wiki, "client id"), redirect).await;
    assert!(status == 200 && words.contains("to continue to Wiki") && !words.contains("run by"), "{words}");
    // The same name, also in other messages, is refused; and taken when someone says that it is meant.
    let again = ["app", "add", "--name", "WIKI", "--run-by", "Acme IT", "--redirect-uri", redirect, "--access", "everyone"];
    let said = refused(server.home().run(&again));
    assert!(said.contains("called WIKI is connected already") && said.contains("--same-name"), "{said}");
    let second = printed(server.home().run(&[&again[..], &["--same-name"]].concat()));
    let (_, words) = asked_by(&server, line(&second, "client id"), redirect).await;
    assert!(words.contains("to continue to WIKI ( Acme IT )"), "{words}");
    for (address, why) in
        [("ftp://wiki.example/cb", "not secure"), ("https://wiki.example/#cb", "a # part"), ("wiki", "not a complete address")]
    {
        let said = refused(server.home().run(&["app", "add", "--name", "New", "--redirect-uri", address, "--access", "everyone"]));
        assert!(said.contains(address) && said.contains(why) && !said.contains('('), "{said}");
    }
    let said = refused(server.home().run(&[&again[..4], &["--run-by", "", "--redirect-uri", redirect, "--access", "everyone"]].concat()));
    assert!(said.contains("--run-by needs"), "{said}");
}

/// OA-02: a program on a device listens on whatever port is free, at a loopback address and nowhere else.
async fn an_application_on_devices_chooses_its_port(backend: Backend) {
    let server = Server::first(backend);
    let addresses = ["--redirect-uri", "http://127.0.0.1/callback", "--redirect-uri", "http://localhost:7000/callback"];
    let add =
        |name, flag| printed(server.home().run(&[&["app", "add", "--name", name, "--access", "everyone", flag][..], &addresses].concat()));
    let (tool, page) = (add("Tool", "--native"), add("Page", "--public"));
    assert!(line(&tool, "client secret").starts_with("none"), "{tool}");
    let (tool, page) = (line(&tool, "client id"), line(&page, "client id"));
    for (client, redirect, taken) in [
        (tool, "http://127.0.0.1:43210/callback", true),
        (tool, "http://127.0.0.1:43210/elsewhere", false),
        (tool, "http://localhost:7000/callback", true),
        (tool, "http://localhost:43210/callback", true),
        (tool, "http://localhost:43210/elsewhere", false),
        (page, "http://localhost:43210/callback", false),
        (page, "http://127.0.0.1:43210/callback", false),
        (page, "http://127.0.0.1/callback", true),
    ] {
        let (status, words) = asked_by(&server, client, redirect).await;
        assert_eq!(status == 200, taken, "{redirect}: {status} {words}");
    }
}

/// OA-05: what is not safe by itself is allowed for a reason, shown, and taken back.
async fn unsafe_addresses_need_a_reason(backend: Backend) {
    let server = Server::first(backend);
    let add = |address: &str, more: &[&str]| {
        let all = [&["app", "add", "--name", "Home", "--access", "everyone", "--redirect-uri", address], more].concat();
        server.home().run(&all)
    };
    let (http, scheme) = ("http://192.168.1.7:8123/auth/callback", "audiobookshelf://oauth");
    assert!(refused(add(http, &[])).contains("--private-http"));
    assert!(refused(add(scheme, &["--native"])).contains("--undotted-scheme"));
    assert!(refused(add("javascript:alert(1)", &["--native", "--undotted-scheme", "Why not"])).contains("not secure"));
    assert!(refused(add("http://app.example/cb", &["--private-http", "Why not"])).contains("not secure"));
    assert!(refused(add(http, &["--private-http", " "])).contains("needs a reason"));
    assert!(refused(add("https://bücher.example/cb", &[])).contains("https://xn--bcher-kva.example/cb"));
    let added = printed(add(http, &["--private-http", "No TLS at home"]));
    let id = line(&added, "client id").to_owned();
    assert_eq!(asked_by(&server, &id, http).await.0, 200);
    let shown = printed(server.home().run(&["app", "show", "Home"]));
    assert!(shown.contains("No TLS at home"), "{shown}");
    let change = |arguments: &[&str]| server.home().run(&[&["app", "change", "Home"], arguments].concat());
    // Not while an address needs it.
    assert!(refused(change(&["--private-http", ""])).contains("--private-http"));
    let changed = printed(change(&["--private-http", "", "--redirect-uri", "https://home.example/cb"]));
    assert!(!changed.contains("No TLS at home"), "{changed}");
    assert_eq!(asked_by(&server, &id, http).await.0, 400);
    let changed = printed(change(&["--undotted-scheme", "Its app has no other", "--redirect-uri", scheme]));
    assert!(changed.contains("Its app has no other"), "{changed}");
}

/// Anyone who comes by another name, or to a public address, reads commands without folders of this machine.
async fn pages_name_no_folder_to_strangers(backend: Backend) {
    let home = Home::new(backend);
    let folder = home.data().parent().unwrap().join("here").display().to_string();
    let server = home.start(&Start::new().argument("--data").argument(&folder));
    let words = |text: String| {
        assert!(text.contains("vouchsafe") || text.contains("cargo run"), "no command in: {text}");
        text
    };
    let http = Http::new(&server.address);
    let other = http.request(reqwest::Method::GET, "/").header("host", "192.168.1.5:8080").send().await.expect(421);
    let other = words(other.text());
    assert!(other.contains("--public-url https://auth.example.org") && !other.contains(&folder) && !other.contains("--data"), "{other}");
    // Only this machine can read the landing page, and the command works as it stands there; so it does where it was printed.
    assert!(words(http.get("/").await.expect(200).words()).contains(&format!("setup-link --data {folder}")));
    assert!(server.printed().contains(&format!("setup-link --data {folder}")), "{}", server.printed());
    let (home, ..) = server.stop();
    let public = Start::new().argument("--data").argument(&folder).argument("--public-url=https://auth.example.org");
    let server = home.start(&public);
    let landing = Http::new(&server.local()).request(reqwest::Method::GET, "/").header("host", "auth.example.org").send().await;
    let landing = words(landing.expect(200).words());
    assert!(landing.contains("setup-link") && !landing.contains(&folder) && !landing.contains("--data"), "{landing}");
}

/// RC-14: a link that works once, and no password; for people who are there only.
async fn somebody_is_invited_and_helped_back_in_from_the_host(backend: Backend) {
    let server = Server::first(backend);
    let home = server.home();
    let link = |said: &str, page: &str| {
        let found = said.split_whitespace().find(|word| word.contains(page));
        found.unwrap_or_else(|| panic!("no link in:\n{said}")).to_owned()
    };
    let invite = ["invite", "--name", "Ben Example", "--username", "ben", "--group", "Warehouse", "--reason", "Starts on Monday"];
    let said = printed(home.run(&invite));
    let invitation = link(&said, "/invite/");
    assert!(invitation.starts_with(&server.address) && said.contains("72 hours"), "{said}");
    assert!(said.contains("only works on this machine") && !said.contains("no longer work"), "{said}");
    let http = Http::new(&server.address);
    let page = http.follow(&invitation).await.expect(200);
    assert!(page.words().contains("Starts on Monday") && page.words().contains("The person who runs"), "{}", page.words());
    assert!(refused(home.run(&invite)).contains("already has this username"));
    let recover = ["admin", "reset", "ben", "--reason", "Lost the phone"];
    assert!(refused(home.run(&recover)).contains("no active account"), "invited people have nothing to recover");
    assert!(refused(home.run(&["admin", "reset", "nobody", "--reason", "x"])).contains("no active account"));
    // Ben joins; then the host helps him back in, and the newest link is the one that works.
    let page = http.submit(&page, "/invite", &[]).await.expect(200);
    let page = http.submit(&page, "/method", &[("method", "password")]).await.expect(200);
    let page = http.submit(&page, "/password", &[("password", PASSWORD)]).await.expect(200);
    let code = totp::code(&key_on(&page), wall_clock());
    http.submit(&page, "/totp", &[("code", &code), ("label", "phone")]).await.expect(200);
    let first = link(&printed(home.run(&recover)), "/reset/");
    let said = printed(home.run(&recover));
    assert!(said.contains("resets the sign-in of Ben Example") && said.contains("24 hours"), "{said}");
    http.follow(&first).await.expect(410);
    assert!(Http::new(&server.address).follow(&link(&said, "/reset/")).await.expect(200).words().contains("Lost the phone"));
}

/// OA-70: the first administrator, whom nobody else can vouch for, is vouched for on the host.
async fn an_address_is_vouched_for_on_the_host(backend: Backend) {
    let server = Server::first(backend);
    let home = server.home();
    let ana = Http::new(&server.address);
    let link = set_up_link(&printed(home.run(&["setup-link"])));
    people::come_in(&ana, &link, &people::ANA).await;
    let vouch = ["person", "vouch", "ana", "--reason", "It is mine"];
    assert!(refused(home.run(&["person", "withdraw-vouch", "ana", "--reason", "x"])).contains("No one vouched"));
    assert!(refused(home.run(&["person", "vouch", "nobody", "--reason", "x"])).contains("No one signs in as nobody"));
    assert!(printed(home.run(&vouch)).contains("is now confirmed"));
    let words = ana.get("/me").await.expect(200).words();
    assert!(words.contains("Vouched for by the person who runs this service on") && words.contains("It is mine"), "{words}");
    assert!(printed(home.run(&["person", "withdraw-vouch", "ana", "--reason", "Wrong one"])).contains("no longer confirmed"));
    assert!(ana.get("/me").await.expect(200).words().contains("not confirmed"));
}

/// What is not given stays, and what cannot be is refused with nothing changed.
async fn a_person_is_edited_on_the_host(backend: Backend) {
    let server = Server::first(backend);
    let home = server.home();
    let ana = Http::new(&server.address);
    let link = set_up_link(&printed(home.run(&["setup-link"])));
    people::come_in(&ana, &link, &people::ANA).await;
    let edit = |more: &[&str]| home.run(&[&["person", "edit", "ana", "--reason", "Married"], more].concat());
    assert!(printed(edit(&["--name", "Ana Carter"])).contains("were saved"));
    assert!(printed(edit(&[])).contains("as they were"));
    assert!(ana.get("/me").await.expect(200).words().contains("Ana Carter"));
    assert!(refused(edit(&["--email", "x"])).contains("not an email address"));
    assert!(refused(edit(&["--username", "a b"])).contains("--username"));
    assert!(refused(edit(&["--email", "a@b.example", "--remove-email"])).contains("cannot be used with"));
    assert!(printed(edit(&["--username", "carter", "--remove-email"])).contains("were saved"));
    assert!(refused(edit(&["--name", "X"])).contains("No one signs in as ana"));
}

/// The same verbs as the pages, beside a server that knows of it immediately: what another process revoked is refused here.
async fn an_application_is_looked_after_from_the_host(backend: Backend) {
    // OA-18, OA-42
    let server = Server::first(backend);
    let home = server.home();
    let redirect = "https://wiki.example/callback";
    let added = printed(home.run(&WIKI));
    let (id, first) = (line(&added, "client id").to_owned(), line(&added, "client secret").split(' ').next().unwrap().to_owned());
    let list = printed(home.run(&["app", "list"]));
    assert!(list.contains(&format!("{id}   Wiki   everyone")) && list.contains("Demo app"), "{list}");
    // Two secrets, by client id or by name; then the first no longer works.
    let believed = async |secret: &str| {
        let token = Http::new(&server.address);
        let request = token.request(reqwest::Method::POST, "/token").without("origin").without("sec-fetch-site");
        let answer = request.header("authorization", &basic(&id, secret)).form(&[("grant_type", "x")]).send().await;
        answer.json()["error"] == "unsupported_grant_type"
    };
    let shown = printed(home.run(&["app", "show", "wiki"]));
    let oldest = line(&shown, "secret").split(' ').next().unwrap().to_owned();
    assert!(refused(home.run(&["app", "secret", "revoke", "Wiki", &oldest])).contains("only secret of Wiki"));
    let second = line(&printed(home.run(&["app", "secret", "add", &id])), "client secret").split(' ').next().unwrap().to_owned();
    assert!(believed(&first).await && believed(&second).await);
    assert!(refused(home.run(&["app", "secret", "add", "Wiki"])).contains("two secrets"));
    printed(home.run(&["app", "secret", "revoke", "Wiki", &oldest]));
    assert!(!believed(&first).await && believed(&second).await);
    assert!(refused(home.run(&["app", "secret", "revoke", "Wiki", &oldest])).contains("no active secret"));
    // Presented either way, unless one is chosen (OA-39).
    let presented = async || {
        let fields = [("grant_type", "x"), ("client_id", id.as_str()), ("client_secret", second.as_str())];
        let answer = Http::new(&server.address).post_form("/token", &fields).await.json();
        (believed(&second).await, answer["error"] == "unsupported_grant_type")
    };
    assert_eq!((line(&added, "authentication"), presented().await), ("either", (true, true)));
    let changed = printed(home.run(&["app", "change", "Wiki", "--authentication", "client_secret_post"]));
    assert_eq!((line(&changed, "authentication"), presented().await), ("client_secret_post", (false, true)));
    let changed = printed(home.run(&["app", "change", "Wiki", "--authentication", "client_secret_basic"]));
    assert_eq!((line(&changed, "authentication"), presented().await), ("client_secret_basic", (true, false)));
    let posting = ["--name", "Posting", "--authentication", "client_secret_post", "--redirect-uri", redirect, "--access", "everyone"];
    let posting = printed(home.run(&[&["app", "add"][..], &posting].concat()));
    assert_eq!(line(&posting, "authentication"), "client_secret_post");
    // Changed: what is named is replaced, what is not stays.
    let other = "https://wiki.example/new";
    let changed = printed(home.run(&["app", "change", "Wiki", "--redirect-uri", other, "--run-by", "Acme IT"]));
    assert_eq!((line(&changed, "redirect"), line(&changed, "run by"), line(&changed, "access")), (other, "Acme IT", "everyone"));
    assert_eq!(asked_by(&server, &id, redirect).await.0, 400);
    assert_eq!(asked_by(&server, &id, other).await.0, 200);
    for (arguments, why) in [
        (&["--redirect-uri", "wiki"][..], "not a complete address"),
        (&["--access", "Board"], "no group called Board"),
        (&["--access", "Board", "--access", "everyone"], "give one or the other"),
        (&["--name", "demo app"], "--same-name"),
    ] {
        let said = refused(home.run(&[&["app", "change", "Wiki"], arguments].concat()));
        assert!(said.contains(why), "{said}");
    }
    // Off, on, gone.
    let off = ["app", "disable", "Wiki", "--text", "Back on Monday", "--reason", "Moved"];
    printed(home.run(&off));
    let (status, words) = asked_by(&server, &id, other).await;
    assert!(status == 403 && words.contains("Wiki is currently unavailable") && words.contains("Back on Monday"), "{words}");
    assert!(printed(home.run(&["app", "show", "Wiki"])).contains("Back on Monday"));
    assert!(refused(home.run(&off)).contains("Wiki is already disabled"));
    printed(home.run(&["app", "enable", "Wiki", "--reason", "Moved"]));
    assert_eq!(asked_by(&server, &id, other).await.0, 200);
    assert!(refused(home.run(&["app", "enable", "Wiki", "--reason", "Moved"])).contains("Wiki is already enabled"));
    assert!(refused(home.run(&["app", "change", "Wiki"])).contains("Nothing to change"));
    assert!(refused(home.run(&["app", "disable", "vouchsafe-demo", "--text", "x", "--reason", "x"])).contains("cannot be changed"));
    let again = ["app", "add", "--name", "WIKI", "--redirect-uri", redirect, "--access", "everyone", "--same-name"];
    printed(home.run(&again));
    assert!(refused(home.run(&["app", "delete", "wiki", "--reason", "x"])).contains(&id), "two of one name");
    printed(home.run(&["app", "delete", &id, "--reason", "Nobody uses it"]));
    assert_eq!(asked_by(&server, &id, other).await.0, 400);
    assert!(refused(home.run(&["app", "show", &id])).contains("There is no application"));
}

async fn groups_are_looked_after_from_the_host(backend: Backend) {
    let server = Server::first(backend);
    let home = server.home();
    assert!(printed(home.run(&["group", "list"])).contains("no groups yet"));
    printed(home.run(&["group", "create", "Board"]));
    assert!(refused(home.run(&["group", "create", "board"])).contains("already a group"));
    printed(home.run(&["invite", "--name", "Ben Example", "--username", "ben", "--reason", "Starts on Monday"]));
    let wiki = ["app", "add", "--name", "Wiki", "--redirect-uri", "https://wiki.example/callback", "--access", "Board"];
    printed(home.run(&wiki));
    assert!(printed(home.run(&["group", "list"])).contains("Board   0 people   gives access to Wiki"));
    printed(home.run(&["group", "add", "Board", "ben", "--reason", "Elected"]));
    assert!(printed(home.run(&["group", "list"])).contains("Board   1 person   gives access to Wiki"));
    printed(home.run(&["group", "remove", "Board", "ben", "--reason", "Stepped down"]));
    assert!(refused(home.run(&["group", "remove", "Board", "ben", "--reason", "Stepped down"])).contains("ben is not in Board"));
    assert!(printed(home.run(&["group", "list"])).contains("Board   0 people   gives access to Wiki"));
    assert!(refused(home.run(&["group", "add", "Bord", "ben", "--reason", "x"])).contains("no group called Bord"));
    assert!(refused(home.run(&["group", "add", "Board", "eve", "--reason", "x"])).contains("No one signs in as eve"));
    assert!(refused(home.run(&["group", "add", "Board", "ben", "--reason", " "])).contains("--reason needs"));
}

/// OA-42: what is shown once and could not be printed is taken back, or is had again by the same command.
async fn nothing_is_made_that_nobody_saw(backend: Backend) {
    let server = Server::first(backend);
    let home = server.home();
    let unseen = |arguments: &[&str]| {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = home.command().args(arguments).stdout(full).output().unwrap();
        refused(output)
    };
    assert!(unseen(&WIKI).contains("was deleted"));
    assert!(!printed(home.run(&["app", "list"])).contains("Wiki"), "an application whose secret nobody saw");
    printed(home.run(&WIKI));
    let count = || printed(home.run(&["app", "show", "Wiki"])).lines().filter(|line| line.trim().starts_with("secret")).count();
    let before = count();
    assert!(unseen(&["app", "secret", "add", "Wiki"]).contains("was revoked"));
    assert_eq!(count(), before);
    let invite = ["invite", "--name", "Ben Example", "--username", "ben", "--reason", "Starts on Monday"];
    assert!(unseen(&invite).contains("--again"));
    let again = printed(home.run(&[&invite[..], &["--again"]].concat()));
    let link = again.split_whitespace().find(|word| word.contains("/invite/")).unwrap();
    Http::new(&server.address).follow(link).await.expect(200);
}
