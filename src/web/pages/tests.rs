//! Every sample of every page, looked at strictly: the markup, the words, the rules of the content policy.

use std::collections::{BTreeMap, BTreeSet};

use super::{account, admin, consent, enrolment, sign_in, system};
use crate::demo;
use crate::platform::render::testing::{Gallery, Shown};
use crate::platform::render::{Foot, Frame, Notice, Renderer, Text, Texts, Theme};

fn all() -> Vec<Shown> {
    let renderer = Renderer::new().expect("templates and texts load");
    let frame = Frame::new("Acme", "http://localhost:8080", "vsp_sample");
    let mut full = frame
        .clone()
        .for_person("Ana <b>Example</b>")
        .for_administrator(vec!["people", "groups", "apps"])
        .at_place("people")
        .with_foot(Foot {
            support: Some("mailto:help@acme.example".into()),
            privacy: Some("https://acme.example/privacy".into()),
            terms: Some("https://acme.example/terms".into()),
        })
        .with_notice(Notice::good(Text::new("done-passkey-added")))
        .with_care(Text::new("care-store-evicts").with("policy", "allkeys-lru"));
    full.theme = Some(Theme::Dark);
    let mut all = Vec::new();
    for frame in [frame, full] {
        let mut gallery = Gallery::new(&renderer, &frame);
        for add in [account::samples, admin::samples, consent::samples, enrolment::samples, sign_in::samples, system::samples] {
            add(&mut gallery);
        }
        demo::view::samples(&mut gallery);
        all.extend(gallery.shown);
    }
    all
}

/// One element's start tag: its name and attributes, in order.
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
}

/// All start tags of `html`. Strict: an attribute without quotes, with a doubled name, or a broken tag panics.
fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('/') || rest.starts_with('!') {
            continue;
        }
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        assert!(!name.is_empty(), "a bare < in {rest:.40}");
        rest = &rest[name.len()..];
        let mut attributes = BTreeMap::new();
        loop {
            rest = rest.trim_start().trim_start_matches('/');
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = rest.find(|c: char| c == '=' || c == '>' || c.is_whitespace()).expect("a tag ends");
            let attribute = rest[..end].to_owned();
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix('=') {
                let quoted = after.strip_prefix('"').unwrap_or_else(|| panic!("{attribute} is not quoted"));
                let close = quoted.find('"').expect("a quote closes");
                value = quoted[..close].to_owned();
                rest = &quoted[close + 1..];
            }
            assert!(attributes.insert(attribute.clone(), value).is_none(), "{attribute} twice in <{name}>");
        }
        found.push(Tag { name, attributes });
    }
    found
}

fn each(check: impl Fn(&Shown, &[Tag])) {
    for sample in all() {
        let tags = tags(&sample.html);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&sample, &tags))).is_err();
        assert!(!panicked, "see above: {} {}", sample.template, sample.name);
    }
}

// WB-03: nothing that a policy without 'unsafe-inline' would stop.
#[test]
fn nothing_is_inline() {
    each(|_, tags| {
        for tag in tags {
            assert_ne!(tag.name, "style");
            for (name, value) in &tag.attributes {
                assert!(name != "style" && !name.starts_with("on"), "<{} {name}>", tag.name);
                assert!(!value.trim_start().to_lowercase().starts_with("javascript:"));
            }
            if tag.name == "script" {
                assert_eq!(tag.attributes["type"], "module");
                assert!(tag.attributes["src"].starts_with("/static/js/"));
            }
        }
    });
}

#[test]
fn every_page_has_one_heading_a_title_a_language_and_landmarks() {
    each(|sample, tags| {
        let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
        for once in ["h1", "title", "main", "header", "footer", "html"] {
            assert_eq!(count(once), 1, "<{once}>");
        }
        let html = tags.iter().find(|tag| tag.name == "html").unwrap();
        assert_eq!((html.attributes["lang"].as_str(), html.attributes["dir"].as_str()), ("en", "ltr"));
        let title = sample.html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(title.ends_with("– Acme") && title.len() > 10, "{title}");
        assert!(!title.contains('<'), "{title}");
        let is_wrong = sample.html.contains("id=\"summary-title\"") || sample.html.contains("aria-invalid");
        assert_eq!(title.starts_with("Error: "), is_wrong, "{title}");
    });
}

#[test]
fn headings_do_not_skip_a_level() {
    each(|_, tags| {
        let mut last = 0;
        for tag in tags.iter().filter(|tag| matches!(tag.name.as_str(), "h1" | "h2" | "h3" | "h4")) {
            let level = tag.name[1..].parse::<u8>().unwrap();
            // The error summary stands above the page's heading.
            let is_summary = tag.attributes.get("id").is_some_and(|id| id == "summary-title");
            assert!(is_summary || level <= last + 1, "h{level} after h{last}");
            last = if is_summary { last } else { level };
        }
    });
}

#[test]
fn every_input_has_a_label_and_every_reference_an_element() {
    each(|_, tags| {
        let mut ids = BTreeSet::new();
        for tag in tags {
            if let Some(id) = tag.attributes.get("id") {
                assert!(ids.insert(id.clone()), "id {id} twice");
            }
        }
        for tag in tags {
            for reference in ["for", "aria-describedby", "aria-labelledby", "data-show", "data-copy"] {
                for id in tag.attributes.get(reference).into_iter().flat_map(|value| value.split_whitespace()) {
                    assert!(ids.contains(id), "{reference}={id} leads nowhere");
                }
            }
            if let Some(id) = tag.attributes.get("href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(id), "#{id} leads nowhere");
            }
            let shown = !tag.attributes.contains_key("hidden") && tag.attributes.get("type").is_none_or(|kind| kind != "hidden");
            if tag.name == "input" && shown {
                let id = &tag.attributes["id"];
                let labels = tags.iter().filter(|other| other.attributes.get("for") == Some(id)).count();
                assert_eq!(labels, 1, "labels of {id}");
                assert!(tag.attributes.contains_key("name"), "{id} is not sent");
                assert!(!tag.attributes.contains_key("maxlength") && !tag.attributes.contains_key("pattern"), "{id}");
            }
        }
    });
}

// WB-01: every form that changes something carries the token; a search asks and carries none.
#[test]
fn every_form_posts_with_its_token() {
    each(|sample, tags| {
        let (searches, forms): (Vec<_>, Vec<_>) =
            tags.iter().filter(|tag| tag.name == "form").partition(|form| form.attributes.get("role").is_some_and(|role| role == "search"));
        assert!(searches.iter().all(|form| form.attributes["method"] == "get"));
        for form in &forms {
            assert_eq!(form.attributes["method"], "post");
            assert!(form.attributes["action"].starts_with('/') && form.attributes.contains_key("novalidate"));
        }
        let forms = forms.len();
        assert_eq!(forms, sample.html.matches("name=\"form_token\" value=\"vsp_sample\"").count());
    });
}

// WB-06: a name with markup in it stays a name.
#[test]
fn values_are_escaped() {
    each(|sample, _| {
        assert!(!sample.html.contains("<b>Example") && !sample.html.contains("Tablet <old>"));
    });
}

#[test]
fn buttons_say_their_type_and_links_lead_somewhere() {
    each(|_, tags| {
        for tag in tags {
            match tag.name.as_str() {
                "button" => assert!(["submit", "button"].contains(&tag.attributes["type"].as_str())),
                "a" => assert!(!tag.attributes["href"].is_empty()),
                "img" => panic!("pictures are inline SVG"),
                _ => {}
            }
        }
    });
}

// The sign-out page must never lead straight back in (B.2).
#[test]
fn signing_out_starts_no_passkey() {
    for sample in all().iter().filter(|sample| sample.template == "pages/sign_in/logout.html") {
        assert!(!sample.html.contains("passkey.js") && !sample.html.contains("data-passkey"));
    }
}

#[test]
fn the_sign_in_page_is_light() {
    for sample in all().iter().filter(|sample| sample.template == "pages/sign_in/login.html") {
        assert!(sample.html.len() < 12 * 1024, "{} bytes", sample.html.len());
    }
    // Compressed it is a quarter of this: 14 KB for the style sheet, 8 KB for the scripts.
    for (name, most) in [("css/vouchsafe.css", 40_000), ("js/form.js", 10_000), ("js/passkey.js", 14_000)] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static").join(name);
        assert!(std::fs::metadata(path).unwrap().len() < most, "{name}");
    }
}

#[test]
fn every_template_of_a_page_is_shown_by_a_page() {
    let renderer = Renderer::new().unwrap();
    let shown: BTreeSet<String> = all().iter().map(|sample| sample.template.to_owned()).collect();
    let written: BTreeSet<String> = renderer.template_names().into_iter().filter(|name| name.starts_with("pages/")).collect();
    assert_eq!(shown, written);
}

// House rule: all words are in the Fluent files.
#[test]
fn templates_hold_no_words() {
    for (path, source) in files("templates", "html") {
        // The block that names a page's shape becomes a class, not words.
        let mut text = without(&source, "{% block shape %}", "{% endblock shape %}");
        for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}")] {
            text = without(&text, open, close);
        }
        for attribute in ["aria-label", "alt", "title", "placeholder", "content"] {
            for value in text.split(&format!(" {attribute}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let is_technical = value.contains("width=") || value == "light dark";
                assert!(is_technical || !value.chars().any(char::is_alphabetic), "{path}: {attribute}={value:?}");
            }
        }
        let words: String = without(&text, "<", ">");
        assert!(!words.chars().any(char::is_alphabetic), "{path} says {:?}", words.split_whitespace().collect::<Vec<_>>());
    }
}

#[test]
fn every_text_is_written_once_and_used() {
    let texts = Texts::load().unwrap();
    let sources = files("src", "rs").into_iter().filter(|(path, _)| !path.ends_with("pages/tests.rs"));
    let code: String = sources.map(|(_, source)| source).collect();
    let templates: String = files("templates", "html").into_iter().map(|(_, source)| source).collect();
    for key in templates.split("(key=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(key.ends_with('-') || texts.has(key), "no text for {key:?} of a template");
    }
    for key in code.split("Text::new(\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(texts.has(key) || key.starts_with("there-is-no"), "no text for {key:?} of the code");
    }
    for arguments in code.split("FieldError::new(").skip(1).filter_map(|rest| rest.split(')').next()) {
        let key = arguments.rsplit('"').nth(1).filter(|_| arguments.trim_end().trim_end_matches(',').ends_with('"'));
        assert!(key.is_none_or(|key| texts.has(key)), "no text for {key:?} of the code");
    }
    for (path, source) in files("templates/text/en", "ftl") {
        for key in source.lines().filter(|line| line.starts_with(char::is_alphabetic)).filter_map(|line| line.split(" =").next()) {
            let composed = [
                "error-",
                "month-",
                "tone-",
                "method-",
                "demo-error-",
                "setup-ended-title-",
                "nav-admin-",
                "algorithm-",
                "authentication-",
                "app-shape-",
                "app-pkce-",
                "app-claim-",
                "rule-",
                "consent-changed-",
                "app-unsafe-",
                "app-change-fixed-",
                "role-",
                "people-state-",
                "people-filter-",
                "act-",
                "invite-ended-title-",
                "again-ended-title-",
                "rename-title-",
                "remove-",
                "reauthenticate-act-",
            ];
            let used = code.contains(&format!("\"{key}\"")) || templates.contains(&format!("\"{key}\""));
            assert!(used || composed.iter().any(|start| key.starts_with(start)), "{path}: nobody says {key}");
        }
    }
}

/// `text` without everything between `open` and `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut left = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        left.push_str(before);
        left.push(' ');
        rest = after.split_once(close).map_or("", |(_, after)| after);
    }
    left + rest
}

/// All files under `folder` that end in `suffix`, with their content.
fn files(folder: &str, suffix: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == suffix) {
                found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

/// With `VOUCHSAFE_SAMPLES=<folder>` set, writes all samples there, to look at them in a browser.
#[test]
fn samples_can_be_looked_at() {
    let Ok(folder) = std::env::var("VOUCHSAFE_SAMPLES") else { return };
    let all = all();
    let plain = all.len() / 2;
    for (number, sample) in all.iter().enumerate() {
        let page = sample.template.trim_start_matches("pages/").trim_end_matches(".html").replace('/', "-");
        let frame = if number < plain { "plain" } else { "full" };
        let path = std::path::Path::new(&folder).join(format!("{page}.{}.{frame}.html", sample.name));
        std::fs::write(path, &sample.html).unwrap();
    }
}
