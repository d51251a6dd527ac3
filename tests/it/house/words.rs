//! The words of the product: no text may use what `templates/text/en/GLOSSARY.md` replaces.

use std::fs;
use std::path::{Path, PathBuf};

use super::source::{inline_tests, is_test, walk};

/// What is between backticks in the last column of the glossary's table.
fn replaced(glossary: &str) -> Vec<String> {
    let rows = glossary.lines().filter(|line| line.starts_with('|')).skip(2);
    let columns = rows.filter_map(|row| row.trim_end().trim_end_matches('|').rsplit_once('|'));
    columns.flat_map(|(_, last)| last.split('`').skip(1).step_by(2).map(plain).collect::<Vec<_>>()).collect()
}

/// Lower case, straight apostrophes, and one space between words.
fn plain(text: &str) -> String {
    text.to_lowercase().replace('’', "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each use of a replaced word, with what stands around it.
fn uses(text: &str, words: &[String]) -> Vec<String> {
    let text = plain(text);
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut found = Vec::new();
    for word in words {
        for (at, _) in text.match_indices(word.as_str()) {
            let (before, after) = (&text[..at], &text[at + word.len()..]);
            if !is_part(before.chars().next_back()) && !is_part(after.chars().next()) {
                let start: String = before.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
                let end: String = after.chars().take(40).collect();
                found.push(format!("“{word}” in: {start}{word}{end}"));
            }
        }
    }
    found
}

/// The values of a Fluent file, one text for each message; comments and keys are no texts.
fn messages(fluent: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in fluent.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once(" =") {
            Some((_, value)) if line.starts_with(char::is_alphabetic) => found.push(value.to_owned()),
            _ => found.last_mut().into_iter().for_each(|text| *text = format!("{text} {line}")),
        }
    }
    found
}

/// A document without its fenced code.
fn prose(document: &str) -> String {
    document.split("```").step_by(2).collect()
}

/// A source file without inline tests and without the marks of comments, so that a sentence goes on in the next line.
fn sentences(source: &str) -> String {
    let end = inline_tests(source).unwrap_or(source.len());
    let lines = source[..end].lines().map(|line| line.trim().trim_start_matches("//").trim_start_matches(['/', '!']));
    lines.collect::<Vec<_>>().join("\n")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// Every file with words for people, and its texts.
fn texts() -> Vec<(PathBuf, Vec<String>)> {
    let fluent = walk(&root().join("templates/text/en"), &["ftl"]).into_iter().map(|path| (messages(&read(&path)), path));
    let commands = ["src/cli", "src/platform/config"].into_iter().flat_map(|folder| walk(&root().join(folder), &["rs"]));
    let tables = [root().join("src/flows/spaces.rs")];
    let sources = commands.chain(tables).filter(|path| !is_test(path)).map(|path| (vec![sentences(&read(&path))], path));
    let readme = root().join("README.md");
    let documents = [(vec![prose(&read(&readme))], readme)];
    fluent.chain(sources).chain(documents).map(|(texts, path)| (path, texts)).collect()
}

#[test]
fn every_text_uses_the_words_of_the_glossary() {
    let words = replaced(&read(&root().join("templates/text/en/GLOSSARY.md")));
    let texts = texts();
    assert!(words.len() > 40 && texts.len() > 30, "{} words, {} files", words.len(), texts.len());
    let wrong: Vec<String> = texts
        .iter()
        .flat_map(|(path, texts)| texts.iter().flat_map(|text| uses(text, &words)).map(|used| format!("{}: {used}", path.display())))
        .collect();
    assert!(wrong.is_empty(), "the glossary has other words:\n{}", wrong.join("\n"));
}

#[test]
fn a_replaced_word_is_found_wherever_it_stands() {
    let words =
        replaced("| Term | Meaning | Instead of |\n|---|---|---|\n| someone | a `person` | `whoever`, `any more` |\n| ledger | | |\n");
    assert_eq!(words, ["whoever", "any more"]);
    for text in ["Whoever opens it.", "It does not work any\n   more.", "Ask whoever’s there: whoever"] {
        assert!(!uses(text, &words).is_empty(), "{text}");
    }
    assert_eq!(uses("whoever, and whoever", &words).len(), 2);
    for text in ["Anyone who opens it.", "whoevers", "many more", "any moreover", "`any_more`"] {
        assert!(uses(text, &words).is_empty(), "{text}");
    }
}

#[test]
fn what_is_no_text_is_not_read() {
    assert_eq!(
        messages("# whoever\nkey = One\n    two\nother = { $count ->\n    [one] three\n}\n"),
        [" One     two", " { $count ->     [one] three }"]
    );
    assert_eq!(prose("a\n```sh\nwhoever\n```\nb"), "a\n\nb");
    assert_eq!(
        plain(&sentences("    /// Says it\n    /// twice.\n//! And\n#[cfg(test)]\nmod tests {\n// whoever\n}")),
        "says it twice. and"
    );
}
