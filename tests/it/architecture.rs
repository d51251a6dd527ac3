//! The house inspects itself: arrows point down, crates stay in their places, files stay small. Plain scanning of the
//! source, no parser: what it cannot read it would not allow either.

use std::fs;
use std::path::{Path, PathBuf};

use crate::house::source::{is_test, walk};

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
const SHARED_FLOWS: &[&str] = &[
    "apps::register_in",
    "factors",
    "notifications",
    "reauth",
    "revalidate",
    "sessions",
    "sign_in::PasswordCheck",
    "sign_in::EntryPurpose",
    "sign_in::enter",
    "sign_in::guess",
    "signing_keys",
    "spaces",
    "throttle",
];

/// Corridors that list what all others do or keep.
const TABLES: &[&str] = &["jobs", "spaces"];

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
    let read = |file: PathBuf| {
        let path = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        File { path, text: fs::read_to_string(&file).unwrap() }
    };
    let found: Vec<File> = walk(&root, &["rs"]).into_iter().filter(|file| !is_test(file)).map(read).collect();
    assert!(found.len() > 50, "only {} files: this test looks in the wrong place", found.len());
    found
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
    /// Its module, from the root of the crate.
    fn module(&self) -> Vec<String> {
        let mut module: Vec<String> = self.path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib")) {
            module.pop();
        }
        module
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

/// Every path a file names, in full, with its line: `crate::`, `super::` and `self::` resolved, groups expanded.
fn named(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let lines: Vec<(usize, &str)> = file.code().collect();
    for (at, (number, line)) in lines.iter().enumerate() {
        for (start, root) in roots(line, &file.module()) {
            // A group may go on over lines.
            let mut rest = line[start..].to_owned();
            for (_, next) in lines.iter().skip(at + 1) {
                if rest.matches('{').count() <= rest.matches('}').count() || !line.trim_start().contains("use ") {
                    break;
                }
                rest.push_str(next.trim());
            }
            let mut paths = Vec::new();
            expand(&root, &rest, &mut paths);
            found.extend(paths.into_iter().map(|path| (*number, path)));
        }
    }
    found
}

/// Where a path begins in a line, after `crate::`, `super::` or `self::`, and the module it is relative to.
fn roots(line: &str, module: &[String]) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for word in ["crate::", "super::", "self::"] {
        for (at, _) in line.match_indices(word) {
            if line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | ':')) {
                continue;
            }
            let mut root = module.to_vec();
            let mut end = at + word.len();
            match word {
                "crate::" => root.clear(),
                "super::" => {
                    root.pop();
                    while line[end..].starts_with("super::") {
                        root.pop();
                        end += "super::".len();
                    }
                }
                _ => {}
            }
            found.push((end, root));
        }
    }
    found
}

/// Expands what follows a path's beginning: `a::{b, c::{d}}` gives `a::b` and `a::c::d`.
fn expand(root: &[String], text: &str, found: &mut Vec<String>) {
    let mut path = root.to_vec();
    let mut rest = text.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            for part in parts(group) {
                expand(&path, part, found);
            }
            return;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if !name.is_empty() && name != "self" {
            path.push(name.to_owned());
        }
        match after.strip_prefix("::") {
            Some(next) if !name.is_empty() => rest = next,
            _ => break,
        }
    }
    if path.len() > root.len() || text.trim_start().starts_with("self") {
        found.push(path.join("::"));
    }
}

/// The parts of a group, up to its end.
fn parts(group: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[start..at]);
                return parts;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts
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
    for (floor, shared, also) in [("domain", SHARED_ROOMS, &[][..]), ("flows", SHARED_FLOWS, TABLES)] {
        for file in files().iter().filter(|file| file.path.starts_with(floor) && file.path.matches('/').count() > 0) {
            let own = file.room().unwrap_or_default();
            for (number, path) in named(file) {
                let Some(inside) = path.strip_prefix(floor).and_then(|rest| rest.strip_prefix("::")) else { continue };
                let name = inside.split(':').next().unwrap_or_default();
                let is_shared = shared.iter().any(|shared| inside == *shared || inside.starts_with(&format!("{shared}::")));
                let is_module = name.starts_with(char::is_lowercase);
                if is_module && name != own && !also.contains(&own) && own != "mod" && !is_shared {
                    problems.push(format!("src/{}:{number} names {path}", file.path));
                }
            }
        }
    }
    none(problems, "rooms do not know other rooms, corridors not other corridors");
}

/// Web hands requests to flows and knows no transactions.
#[test]
fn web_opens_no_transaction() {
    let mut problems = Vec::new();
    for file in files().iter().filter(|file| file.stands_in("web/")) {
        let opens = |line: &str| {
            ["app.read(", "app.write(", ".read(move |", ".write(move |", ".read(|", ".write(|"].iter().any(|word| line.contains(word))
        };
        let lines = file.code().filter(|(_, line)| opens(line));
        problems.extend(lines.map(|(number, _)| format!("src/{}:{number}", file.path)));
    }
    none(problems, "web opens a transaction");
}

/// TH-14: one place opens a session or gives it a new cookie, and one sets the cookies of it.
#[test]
fn sessions_are_entered_in_one_place() {
    let mut problems = Vec::new();
    for (words, place) in [
        (["session::open(", "session::rotate("], "flows/sign_in/enter.rs"),
        (["cookie::session(", "cookie::device("], "web/respond/entered.rs"),
    ] {
        let all = files();
        assert!(words.iter().all(|word| all.iter().any(|file| file.path == place && file.text.contains(word))), "{place} enters nobody");
        for file in all.iter().filter(|file| file.path != place) {
            let beside = file.code().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
            problems.extend(beside.map(|(number, _)| format!("src/{}:{number}", file.path)));
        }
    }
    none(problems, "a session is entered past the one place for it");
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
    let paths = |path: &str, text: &str| {
        named(&File { path: path.into(), text: text.into() }).into_iter().map(|(_, path)| path).collect::<Vec<_>>()
    };
    let web = "web/pages/x.rs";
    assert_eq!(paths(web, "use crate::platform::db::Work; // crate::web"), ["platform::db::Work"]);
    assert_eq!(paths(web, "let x = \"//\"; crate::app::App;"), ["app::App"]);
    assert_eq!(paths(web, "use crate::{app::App, kernel};"), ["app::App", "kernel"]);
    assert_eq!(
        paths(web, "use crate::domain::{\n    audit,\n    client::{self, Kind},\n};"),
        ["domain::audit", "domain::client", "domain::client::Kind"]
    );
    assert_eq!(paths(web, "use super::super::guard::Browser;\nself::one()"), ["web::guard::Browser", "web::pages::x::one"]);
    assert_eq!(paths("flows/oidc/mod.rs", "super::sign_in::begin(app)"), ["flows::sign_in::begin"]);
}
