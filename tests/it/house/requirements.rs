//! `tests/requirements.md` against the tree: each code that is cited is explained there, and each requirement is named by a
//! test or says why it is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::source::{inline_tests, is_test, walk};

/// One row of the catalogue.
struct Requirement {
    code: String,
    /// Why no test names it; empty if one has to.
    reason: String,
}

/// What of the tree cites a code.
#[derive(Default)]
struct Cited {
    tests: BTreeSet<String>,
    elsewhere: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn catalogue() -> Vec<Requirement> {
    let text = fs::read_to_string(root().join("tests/requirements.md")).unwrap();
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.trim_end_matches('|').split(" | ").map(str::trim).collect();
        let [code, requirement, source, reason] = cells[..] else { panic!("not four cells: {line}") };
        if !code.contains('-') {
            return None;
        }
        assert!(!requirement.is_empty() && !source.is_empty(), "{code} has no requirement or no source");
        Some(Requirement { code: code.to_owned(), reason: reason.to_owned() })
    });
    rows.collect()
}

/// Codes in a text: two capital letters (or `CVE`), a hyphen, two or three digits.
fn codes(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('-') {
        let family = text[..at]
            .rfind(|c: char| !c.is_ascii_uppercase())
            .map_or(0, |before| before + text[before..].chars().next().unwrap().len_utf8());
        let number: String = text[at + 1..].chars().take_while(char::is_ascii_digit).collect();
        let before = text[..family].chars().next_back().unwrap_or(' ');
        let after = text[at + 1 + number.len()..].chars().next().unwrap_or(' ');
        let alone = !before.is_alphanumeric()
            && !matches!(before, '-' | '_' | '/' | '+')
            && !after.is_alphanumeric()
            && !matches!(after, '-' | '_' | '+' | '/');
        let family = &text[family..at];
        if (family.len() == 2 || family == "CVE") && matches!(number.len(), 2 | 3) && alone {
            found.push(format!("{family}-{number}"));
        }
    }
    found
}

/// Every code of these families that the tree cites, and where.
fn cited(families: &BTreeSet<&str>) -> BTreeMap<String, Cited> {
    let mut found: BTreeMap<String, Cited> = BTreeMap::new();
    let folders = [
        ("src", &["rs"][..]),
        ("tests/it", &["rs"]),
        ("migrations", &["sql", "md"]),
        ("templates", &["html", "ftl"]),
        ("static", &["js", "css"]),
    ];
    let mut files: Vec<PathBuf> = folders.iter().flat_map(|(folder, endings)| walk(&root().join(folder), endings)).collect();
    files.extend(["README.md", "CHANGELOG.md"].map(|file| root().join(file)));
    for file in files {
        let path = file.strip_prefix(root()).unwrap().to_owned();
        if path.starts_with("tests/it/data") || path.ends_with("house/requirements.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let tests = if is_test(&path) { 0 } else { inline_tests(&text).unwrap_or(text.len()) };
        let name = path.display().to_string();
        let known = |code: &String| code.split_once('-').is_some_and(|(family, _)| families.contains(family));
        for code in codes(&text[..tests]).into_iter().filter(known) {
            found.entry(code).or_default().elsewhere.insert(name.clone());
        }
        for code in codes(&text[tests..]).into_iter().filter(known) {
            found.entry(code).or_default().tests.insert(name.clone());
        }
    }
    found
}

#[test]
fn each_code_is_explained_and_each_requirement_is_tested_or_says_why_not() {
    let catalogue = catalogue();
    let cited = cited(&catalogue.iter().filter_map(|row| Some(row.code.split_once('-')?.0)).collect());
    let known: BTreeMap<&str, &str> = catalogue.iter().map(|row| (row.code.as_str(), row.reason.as_str())).collect();
    assert_eq!(known.len(), catalogue.len(), "a code stands in the catalogue twice");
    let tested = |code: &str| cited.get(code).is_some_and(|cited| !cited.tests.is_empty());
    let mut wrong = Vec::new();
    for (code, places) in &cited {
        if !known.contains_key(code.as_str()) {
            wrong.push(format!(
                "{code} is cited and not in tests/requirements.md: {:?}",
                places.elsewhere.union(&places.tests).collect::<Vec<_>>()
            ));
        }
    }
    for row in &catalogue {
        let (code, reason) = (&row.code, &row.reason);
        // "the same as OA-27": one of those it names has to hold.
        let same = codes(reason);
        let held = same.iter().any(|other| {
            tested(other) || known.get(other.as_str()).is_some_and(|reason| !reason.is_empty() && !reason.starts_with("the same as"))
        });
        match (tested(code), reason.as_str()) {
            (true, "") => {}
            (true, _) => wrong.push(format!("{code} is tested and has a reason why it is not: {reason}")),
            (false, "") => wrong.push(format!("{code}: no test names it, and no reason is given")),
            (false, reason) if reason.starts_with("the same as") && !held => wrong.push(format!("{code}: {reason}, which nothing holds")),
            (false, _) => {}
        }
    }
    println!("| requirement | named by |\n|---|---|");
    for row in &catalogue {
        let tests = cited.get(&row.code).map(|cited| cited.tests.iter().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default();
        println!("| {} | {} |", row.code, if tests.is_empty() { row.reason.clone() } else { tests });
    }
    assert!(wrong.is_empty(), "{} of the catalogue:\n  {}", wrong.len(), wrong.join("\n  "));
}

/// A page is called by its address.
#[test]
fn pages_have_no_codes() {
    let mut wrong = Vec::new();
    for file in walk(&root().join("src"), &["rs"]) {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("//")) {
            let code = |word: &&str| {
                word.len() <= 3 && word.starts_with(['U', 'A']) && word.len() > 1 && word[1..].bytes().all(|byte| byte.is_ascii_digit())
            };
            let words = line.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '+'));
            wrong.extend(words.filter(code).map(|word| format!("{}:{}: {word}", file.display(), number + 1)));
        }
    }
    assert!(wrong.is_empty(), "a page is called by its address:\n  {}", wrong.join("\n  "));
}

#[test]
fn codes_are_found_and_nothing_else() {
    assert_eq!(codes("(OA-26, TH-13): as CVE-88 says; WA-100."), ["OA-26", "TH-13", "CVE-88", "WA-100"]);
    assert!(codes("CVE-2026-3429, SHA-256, P-256, UTF-8, A-F0-9, RFC-12, XOA-26, OA-1, draft-OA-26-x").is_empty());
}
