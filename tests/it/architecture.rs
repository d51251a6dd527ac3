//! The house inspects itself: arrows point down, crates stay in their places, files stay small. Plain scanning of the
//! source, no parser: what it cannot read it would not allow either.

use std::fs;
use std::path::{Path, PathBuf};

/// A crate and the only places (prefixes of paths under `src`) that may name it.
const PLACES: &[(&str, &[&str])] = &[
    ("actix_web", &["web/", "demo/"]),
    ("argon2", &["platform/crypto/"]),
    ("aws_lc_rs", &["platform/crypto/", "platform/vault/"]),
    ("clap", &["cli/"]),
    ("diesel", &["platform/db/", "platform/vault/store.rs", STORE]),
    ("diesel_migrations", &["platform/db/"]),
    ("fluent_bundle", &["platform/render/"]),
    ("jsonwebtoken", &["platform/crypto/"]),
    ("openidconnect", &["demo/"]),
    ("qrcodegen", &["domain/totp/"]),
    ("reqwest", &["demo/"]),
    ("rust_embed", &["platform/render/"]),
    ("tera", &["platform/render/"]),
    ("toml", &["platform/config/"]),
    ("totp_rs", &["domain/totp/"]),
    ("webauthn_rs", &["domain/passkey/"]),
    ("webauthn_rs_core", &["domain/passkey/"]),
];

/// Stands for the `store.rs` of every room.
const STORE: &str = "domain/*/store.rs";

/// Corridors every corridor may use: they are the floor, not neighbours.
const SHARED_FLOWS: &[&str] = &["reauth", "revalidate", "notifications", "signing_keys", "throttle"];

/// Rooms every room may use.
const SHARED_ROOMS: &[&str] = &["audit"];

const MOST_CODE_LINES: usize = 400;

/// Lists that are better read in one piece.
const LONG: &[&str] = &["platform/db/schema.rs"];

/// Macros stand at the root of the crate, whatever floor made them.
const MACROS: &[&str] = &["each", "text_enum"];

struct File {
    path: String,
    text: String,
}

/// Every source file but those that hold only tests, its path from `src`.
fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "rs") && !is_test(&entry) {
                let path = entry.strip_prefix(&root).map(PathBuf::from).unwrap();
                found.push(File { path: path.to_str().unwrap().to_owned(), text: fs::read_to_string(&entry).unwrap() });
            }
        }
    }
    assert!(found.len() > 50, "only {} files: this test looks in the wrong place", found.len());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn is_test(path: &Path) -> bool {
    path.ends_with("tests.rs") || path.ends_with("testing.rs") || path.components().any(|part| part.as_os_str() == "tests")
}

impl File {
    /// Lines that are code, with their numbers; comments, blanks and the tests at the end left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let inline = |pair: &[&str]| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{');
        let tests = lines.windows(2).position(inline).unwrap_or(lines.len());
        let numbered = lines.into_iter().take(tests).enumerate();
        numbered.map(|(number, line)| (number + 1, without_comment(line))).filter(|(_, line)| !line.trim().is_empty())
    }
    /// The room or corridor it belongs to: the second part of its path.
    fn room(&self) -> Option<&str> {
        self.path.split('/').nth(1).map(|name| name.trim_end_matches(".rs"))
    }
    fn floor(&self) -> Option<usize> {
        floor(self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs"))
    }
    fn stands_in(&self, place: &str) -> bool {
        match place {
            STORE => self.path.starts_with("domain/") && self.path.ends_with("/store.rs"),
            place => self.path.starts_with(place),
        }
    }
}

fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match c {
            '"' if before != '\\' && before != '\'' => quoted = !quoted,
            '/' if !quoted && before == '/' => return &line[..at - 1],
            _ => {}
        }
        before = c;
    }
    line
}

/// The floor of a part of the crate. `demo` stands beside the floors and `lib` is the map.
fn floor(part: &str) -> Option<usize> {
    Some(match part {
        "kernel" => 0,
        "platform" => 1,
        "domain" => 2,
        "flows" | "app" => 3,
        "web" => 4,
        "cli" | "main" => 5,
        _ => return None,
    })
}

/// The paths after every `crate::` of a file, one level deep into groups: `["platform::db", "kernel::Fault"]`.
fn named(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in file.code() {
        for (at, _) in line.match_indices("crate::") {
            if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
                continue;
            }
            let rest = &line[at + "crate::".len()..];
            let path = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect::<String>();
            match rest.strip_prefix('{') {
                Some(group) => found.extend(group.split(',').map(|part| (number, path(part.trim()))).filter(|(_, path)| !path.is_empty())),
                None => found.push((number, path(rest))),
            }
        }
    }
    found
}

/// The names right after `domain::` or `flows::`: `domain::audit` gives one, `domain::{audit, client}` two.
fn neighbours(line: &str, floor: &str) -> Vec<String> {
    let start = format!("crate::{floor}::");
    let mut found = Vec::new();
    for (at, _) in line.match_indices(&start) {
        let rest = &line[at + start.len()..];
        let name = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            Some(group) => {
                let mut depth = 0;
                let end = group.find(|c: char| {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    depth < 0
                });
                let mut depth = 0;
                let top = |c: char| {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    c == ',' && depth == 0
                };
                found.extend(group[..end.unwrap_or(group.len())].split(top).map(name));
            }
            None => found.push(name(rest)),
        }
    }
    found.retain(|name| name.chars().next().is_some_and(char::is_lowercase));
    found
}

fn none(problems: Vec<String>, rule: &str) {
    assert!(problems.is_empty(), "{rule}\n  {}", problems.join("\n  "));
}

#[test]
fn arrows_point_down() {
    let mut problems = Vec::new();
    for file in files() {
        for (number, path) in named(&file) {
            let part = path.split(':').next().unwrap_or_default();
            let fine = match (file.floor(), floor(part)) {
                (Some(own), Some(other)) => {
                    other < own || path.starts_with(file.path.split('/').next().unwrap_or_default()) || (own, other) == (3, 3)
                }
                // The demo is a stranger: it draws its pages with our drawing room, reads the clock, and knows nothing else.
                (None, _) if file.path.starts_with("demo/") => path.starts_with("platform::render") || matches!(part, "demo" | "kernel"),
                (Some(5), None) => part == "demo",
                (None, _) => file.path == "lib.rs",
                (Some(_), None) => MACROS.contains(&part),
            };
            if !fine {
                problems.push(format!("src/{}:{number} names crate::{path}", file.path));
            }
        }
    }
    none(problems, "an import points up or to a place it may not know");
}

#[test]
fn neighbours_do_not_know_each_other() {
    let mut problems = Vec::new();
    for (floor, shared, also) in [("domain", SHARED_ROOMS, ""), ("flows", SHARED_FLOWS, "jobs")] {
        for file in files().iter().filter(|file| file.path.starts_with(floor) && file.path.matches('/').count() > 0) {
            let own = file.room().unwrap_or_default();
            let whole = file.code().map(|(_, line)| line).collect::<Vec<_>>().join("\n");
            for name in neighbours(&whole, floor) {
                if name != own && own != also && own != "mod" && !shared.contains(&name.as_str()) {
                    problems.push(format!("src/{} names {floor}::{name}", file.path));
                }
            }
        }
    }
    none(problems, "rooms do not know other rooms, corridors not other corridors");
}

/// What administrators do is looked at again in the write that does it: `revalidate::act`, and no write beside it.
#[test]
fn administrators_act_by_one_verb() {
    let theirs = |file: &&File| ["flows/apps/", "flows/people/"].iter().any(|place| file.path.starts_with(place));
    let all = files();
    let beside = all.iter().filter(theirs).filter(|file| file.text.contains(".write(")).map(|file| format!("src/{}", file.path)).collect();
    assert!(all.iter().filter(theirs).any(|file| file.text.contains("revalidate::act(")));
    none(beside, "an administrator's act is written past flows::revalidate");
}

/// Each crate has one place, cryptography too (CR-02).
#[test]
fn crates_stay_in_their_places() {
    let mut problems = Vec::new();
    for file in files() {
        for (number, line) in file.code() {
            for (name, places) in PLACES {
                let named = line
                    .match_indices(&format!("{name}::"))
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
                if named && !places.iter().any(|place| file.stands_in(place)) {
                    problems.push(format!("src/{}:{number} names {name}", file.path));
                }
            }
        }
    }
    none(problems, "a crate is named outside its place");
}

#[test]
fn statements_stand_in_stores() {
    let mut problems = Vec::new();
    for file in files() {
        for (number, line) in file.code() {
            let store = file.stands_in("platform/db/") || file.stands_in("platform/vault/store.rs") || file.stands_in(STORE);
            if line.contains("each!(") && !store {
                problems.push(format!("src/{}:{number} queries", file.path));
            }
            // Where the databases really differ, a comment right above says what forces it.
            let arm = line.contains("Conn::Pg(") && line.contains("=>") && !file.stands_in("platform/db/");
            let said = self::lines_above(&file.text, number, 4).contains("//");
            if arm && !said {
                problems.push(format!("src/{}:{number} has an arm for one database and no comment that says why", file.path));
            }
        }
    }
    none(problems, "queries stand in stores, once for both databases");
}

fn lines_above(text: &str, number: usize, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[number.saturating_sub(count + 1)..number].join("\n")
}

#[test]
fn files_are_small_and_say_what_they_are() {
    let mut problems = Vec::new();
    for file in files() {
        let size = file.code().count();
        if size > MOST_CODE_LINES && !LONG.contains(&file.path.as_str()) {
            problems.push(format!("src/{} has {size} code lines and wants to become two", file.path));
        }
        if !file.text.starts_with("//! ") {
            problems.push(format!("src/{} does not say what it is (//!)", file.path));
        }
    }
    none(problems, "files are small and have a header");
}

#[test]
fn the_scanner_reads_what_it_should() {
    let file = |text: &str| File { path: "web/x.rs".into(), text: text.into() };
    let paths = |text: &str| named(&file(text)).into_iter().map(|(_, path)| path).collect::<Vec<_>>();
    assert_eq!(paths("use crate::platform::db::Work; // crate::web\nlet x = \"//\"; crate::app::App;"), ["platform::db::Work", "app::App"]);
    assert_eq!(paths("use crate::{app::App, kernel};"), ["app::App", "kernel"]);
    assert_eq!(neighbours("use crate::domain::{audit, client::{self, Kind}, session};", "domain"), ["audit", "client", "session"]);
    assert_eq!(neighbours("crate::flows::oidc::decide", "flows"), ["oidc"]);
    assert!(neighbours("use crate::flows::Caller;", "flows").is_empty());
}
