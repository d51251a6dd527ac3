//! The source as these tests read it: code without comments and quoted text, its functions, types and imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// One file of `src`.
pub struct Source {
    /// Its path from `src`.
    pub path: String,
    /// What it says, with comments, quoted text and inline tests blanked: every byte stays at its place.
    pub code: String,
}

/// A function with a body.
pub struct Function {
    pub name: String,
    /// The line it begins in.
    pub line: usize,
    /// Lines with code, from its name to its last brace.
    pub lines: usize,
    /// The names of its parameters, without `self`.
    pub names: Vec<String>,
    /// The types of its parameters, without `self`.
    pub parameters: Vec<String>,
    /// What is between its braces.
    pub body: String,
}

/// Every file of `src` that does not hold only tests, ordered by path.
pub fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walk(&root, &["rs"]).into_iter().filter(|file| !is_test(file));
    let mut found: Vec<Source> = files
        .map(|file| {
            let path = file.strip_prefix(&root).unwrap().to_str().unwrap();
            Source::of(path, &fs::read_to_string(&file).unwrap())
        })
        .collect();
    assert!(found.len() > 50, "only {} files: this reads the wrong place", found.len());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Every file under a folder whose name ends so.
pub fn walk(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

/// Whether a file holds only tests or what they stand on.
pub fn is_test(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with("tests.rs") || name == "testing.rs" || path.components().any(|part| part.as_os_str() == "tests")
}

/// Where the inline tests of a file begin, if it has any.
pub fn inline_tests(text: &str) -> Option<usize> {
    text.match_indices("#[cfg(test)]").map(|(at, _)| at).find(|at| {
        let rest = text[at + "#[cfg(test)]".len()..].trim_start();
        rest.starts_with("mod ") && rest.lines().next().is_some_and(|line| line.trim_end().ends_with('{'))
    })
}

fn code_of(text: &str) -> String {
    let mut code = blanked(text);
    let mut from = 0;
    while let Some(start) = inline_tests(&text[from..]).map(|at| from + at) {
        let open = start + code[start..].find('{').unwrap();
        let end = closing(&code, open).unwrap_or(code.len());
        let blank: String = code[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        code.replace_range(start..end, &blank);
        from = end;
    }
    code
}

/// Blanks comments and what stands between quotes.
fn blanked(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => text[at..].find('\n').map_or(bytes.len(), |length| at + length),
            b'/' if bytes[at..].starts_with(b"/*") => text[at..].find("*/").map_or(bytes.len(), |length| at + length + 2),
            b'"' => end_of_text(text, at),
            b'r' if !is_word(bytes, at) => raw(text, at).unwrap_or(at),
            b'\'' => end_of_char(bytes, at).unwrap_or(at),
            _ => at,
        };
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(out).unwrap()
}

/// Whether the byte goes on a word that began before.
fn is_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_') && bytes[at - 1] != b'b'
}

fn end_of_text(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

fn raw(text: &str, start: usize) -> Option<usize> {
    let hashes = text[start + 1..].bytes().take_while(|byte| *byte == b'#').count();
    let quote = start + 1 + hashes;
    (text.as_bytes().get(quote) == Some(&b'"')).then_some(())?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(text[quote + 1..].find(&end).map_or(text.len(), |length| quote + 1 + length + end.len()))
}

/// The end of a character between quotes; a lifetime has none.
fn end_of_char(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes.get(start + 1) == Some(&b'\\') {
        return bytes[start + 3..].iter().position(|byte| *byte == b'\'').map(|length| start + 3 + length + 1);
    }
    let width = match bytes.get(start + 1)? {
        0x00..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    (bytes.get(start + 1 + width) == Some(&b'\'')).then_some(start + width + 2)
}

/// The position after the bracket that closes the one at `open`.
fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut before = b' ';
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'<' if code.as_bytes()[open] == b'<' => depth += 1,
            b'>' if code.as_bytes()[open] == b'<' && before != b'-' && before != b'=' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        before = byte;
    }
    None
}

/// Parts between commas that stand in no brackets.
pub fn parts(text: &str) -> Vec<String> {
    let (mut found, mut depth, mut part, mut before) = (Vec::new(), 0_i32, String::new(), ' ');
    for c in text.chars() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if before != '-' && before != '=' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            found.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
        before = c;
    }
    found.push(part);
    found.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The places of a keyword that stands by itself, each with what follows.
fn keywords<'a>(code: &'a str, keyword: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    code.match_indices(keyword).filter_map(move |(at, _)| {
        let alone = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        let rest = &code[at + keyword.len()..];
        (alone && rest.starts_with(' ')).then(|| (at, rest.trim_start()))
    })
}

impl Source {
    /// A file at a path from `src`.
    pub fn of(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), code: code_of(text) }
    }

    /// Its functions, those in macros and implementations too.
    pub fn functions(&self) -> Vec<Function> {
        keywords(&self.code, "fn").filter_map(|(at, rest)| self.function(at, word(rest))).collect()
    }

    fn function(&self, start: usize, name: &str) -> Option<Function> {
        let code = &self.code;
        let mut open = start + code[start..].find(name)? + name.len();
        if name.is_empty() {
            return None;
        }
        if code[open..].starts_with('<') {
            open = closing(code, open)?;
        }
        code[open..].starts_with('(').then_some(())?;
        let end = closing(code, open)?;
        let body = end + code[end..].find(['{', ';'])?;
        code[body..].starts_with('{').then_some(())?;
        let last = closing(code, body)?;
        let pairs = parts(&code[open + 1..end - 1]).into_iter().filter_map(|part| {
            let (name, kind) = part.split_once(": ")?;
            (name != "self").then(|| (name.trim().to_owned(), kind.trim().to_owned()))
        });
        let (names, parameters) = pairs.unzip();
        Some(Function {
            name: name.to_owned(),
            line: code[..start].lines().count().max(1),
            lines: code[start..last].lines().filter(|line| !line.trim().is_empty()).count(),
            names,
            parameters,
            body: code[body + 1..last - 1].trim().to_owned(),
        })
    }

    /// The names of the types it declares.
    pub fn types(&self) -> BTreeSet<String> {
        let declared = ["struct", "enum", "trait", "union"].into_iter().flat_map(|keyword| keywords(&self.code, keyword));
        let aliases = keywords(&self.code, "type").filter(|(at, _)| {
            let before = &self.code[..*at];
            before.matches('{').count() == before.matches('}').count()
        });
        declared.chain(aliases).map(|(_, rest)| word(rest).to_owned()).filter(|name| name.starts_with(char::is_uppercase)).collect()
    }

    /// The module it is, such as `["flows", "sign_in"]`.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').map(str::to_owned).collect()
    }

    /// Every path it names that begins with `crate` or `super`, as written from the root of the crate.
    pub fn imports(&self) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        for start in ["crate::", "super::"] {
            for (at, _) in self.code.match_indices(start) {
                let before = &self.code[..at];
                if before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | ':')) {
                    continue;
                }
                let mut rest = &self.code[at..];
                let mut prefix = match rest.strip_prefix("crate::") {
                    Some(after) => {
                        rest = after;
                        vec![]
                    }
                    None => self.module(),
                };
                while let Some(after) = rest.strip_prefix("super::") {
                    rest = after;
                    prefix.pop();
                }
                found.extend(tree(rest).into_iter().map(|path| [prefix.clone(), path].concat()));
            }
        }
        found
    }
}

/// The paths of what follows `crate::`: one, or every branch of a group.
fn tree(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start();
    if text.starts_with('{') {
        let end = closing(text, 0).unwrap_or(text.len());
        return parts(&text[1..end - 1]).iter().flat_map(|part| tree(part)).collect();
    }
    let name = word(text);
    match text[name.len()..].strip_prefix("::") {
        _ if name.is_empty() => vec![vec![]],
        Some(rest) => tree(rest).into_iter().map(|path| [vec![name.to_owned()], path].concat()).collect(),
        None => vec![vec![name.to_owned()]],
    }
}

/// Which file names which, by imports. A path leads to the file of its innermost module.
pub fn arrows(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let modules: BTreeMap<Vec<String>, &str> = sources.iter().map(|source| (source.module(), source.path.as_str())).collect();
    let target = |path: &[String]| (1..=path.len()).rev().find_map(|length| modules.get(&path[..length]).copied());
    sources
        .iter()
        .map(|source| {
            let named =
                source.imports().iter().filter_map(|path| target(path)).filter(|to| *to != source.path).map(str::to_owned).collect();
            (source.path.clone(), named)
        })
        .collect()
}

/// Sets of files that lead to each other.
pub fn circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = arrows.keys().map(|start| (start.as_str(), reach(arrows, start))).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for file in arrows.keys().map(String::as_str) {
        let with: Vec<String> =
            reached[file].iter().filter(|other| reached[*other].contains(file)).map(|other| (*other).to_owned()).collect();
        if reached[file].contains(file) && with.iter().all(|other| seen.insert(other.clone())) {
            found.push(with);
        }
    }
    found
}

fn reach<'a>(arrows: &'a BTreeMap<String, BTreeSet<String>>, start: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(file) = open.pop() {
        for next in arrows.get(file).into_iter().flatten() {
            if found.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    found
}
