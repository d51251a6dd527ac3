//! Commands given beside a server, as somebody types them in another terminal: without the flags the server was
//! started with, in a wrong folder, after it has stopped.

use std::process::Output;

use crate::support::http::Http;
use crate::support::server::{Home, Server, Start};
use crate::support::{Backend, both};

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
    Http::new(&server.address).get(&link).await.expect(200);
    let wiki = printed(server.home().run(&WIKI));
    assert_eq!(line(&wiki, "issuer"), server.address);
    assert!(!wiki.contains("Nothing answers"), "{wiki}");
    // What is said to the command itself counts more.
    let link = set_up_link(&printed(server.home().run(&["setup-link", "--public-url", "https://auth.example.org"])));
    assert!(link.starts_with("https://auth.example.org/setup/"), "{link}");
    // Nothing runs: the last address, and that nothing answers there.
    let address = server.address.clone();
    let (home, ..) = server.stop();
    let said = printed(home.run(&["setup-link"]));
    assert!(set_up_link(&said).starts_with(&address), "{said}");
    assert!(said.contains("Nothing answers there now") && said.contains(" serve"), "{said}");
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
    assert!(beside.contains("to continue to Demo application"), "{beside}");
    assert!(second.contains("to continue to Demo application on port"), "{second}");
}
