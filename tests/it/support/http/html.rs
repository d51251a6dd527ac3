//! Just enough HTML to read our own pages: tags, attributes, forms and words.

/// A start tag.
pub struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    /// Where the text after it begins.
    end: usize,
    /// Where it begins.
    begin: usize,
}

impl Tag {
    /// An attribute's value; empty for one without.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

/// A form as its page shows it.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it posts.
    pub action: String,
    /// Its fields with their values, in order; boxes that are not ticked are left out, as are buttons.
    pub fields: Vec<(String, String)>,
    /// All names that may be filled in, buttons and unticked boxes too.
    names: Vec<String>,
}

impl Form {
    /// A field's value.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
    /// The fields with some values typed in. Fails for a name the form does not have.
    pub fn filled(&self, values: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut fields = self.fields.clone();
        for &(name, value) in values {
            assert!(self.names.iter().any(|known| known == name), "the form {} has no {name}, only {:?}", self.action, self.names);
            match fields.iter_mut().find(|(known, _)| known == name) {
                Some((_, old)) => *old = value.into(),
                None => fields.push((name.into(), value.into())),
            }
        }
        fields
    }
}

/// The forms of a page.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open = false;
    for tag in tags(html) {
        match tag.name.as_str() {
            "form" => {
                forms.push(Form { action: tag.attribute("action").unwrap_or_default(), fields: vec![], names: vec![] });
                open = true;
            }
            "/form" => open = false,
            "input" | "button" | "select" | "textarea" if open => {
                let (Some(form), Some(name)) = (forms.last_mut(), tag.attribute("name")) else { continue };
                let kind = if tag.name == "button" { "submit".into() } else { tag.attribute("type").unwrap_or_default() };
                let ticked = tag.attribute("checked").is_some();
                if !matches!(kind.as_str(), "submit") && (ticked || !matches!(kind.as_str(), "checkbox" | "radio")) {
                    form.fields.push((name.clone(), tag.attribute("value").unwrap_or_default()));
                }
                form.names.push(name);
            }
            // What a browser sends for a select: the option that is marked, else the first.
            "option" if open => {
                let field = forms.last_mut().and_then(|form| form.fields.last_mut());
                if let (Some((_, value)), Some(option)) = (field, tag.attribute("value"))
                    && (value.is_empty() || tag.attribute("selected").is_some())
                {
                    *value = option;
                }
            }
            _ => {}
        }
    }
    forms
}

/// All start tags, and end tags with their slash.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(begin) = html[at..].find('<').map(|found| at + found) {
        if html[begin..].starts_with("<!") {
            // A doctype or a comment: a tag without a name.
            let end = begin + html[begin..].find('>').map_or(html.len() - begin, |end| end + 1);
            tags.push(Tag { name: String::new(), attributes: vec![], begin, end });
            at = end;
            continue;
        }
        let Some(tag) = tag(html, begin) else {
            at = begin + 1;
            continue;
        };
        at = tag.end;
        tags.push(tag);
    }
    tags
}

fn tag(html: &str, begin: usize) -> Option<Tag> {
    let rest = &html[begin + 1..];
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/' || *c == '-').collect();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
        return None;
    }
    let mut attributes = Vec::new();
    let mut at = name.len();
    loop {
        at += rest[at..].find(|c: char| !c.is_whitespace() && c != '/')?;
        if rest[at..].starts_with('>') {
            return Some(Tag { name: name.to_lowercase(), attributes, begin, end: begin + 1 + at + 1 });
        }
        let length = rest[at..].find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
        let key = rest[at..at + length].to_lowercase();
        at += length;
        let mut value = String::new();
        if let Some(after) = rest[at..].strip_prefix('=') {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let inside = if quote.is_some() { &after[1..] } else { after };
            let length = inside.find(|c: char| quote.map_or_else(|| c.is_whitespace() || c == '>', |quote| c == quote))?;
            value = unescape(&inside[..length]);
            at += 1 + length + if quote.is_some() { 2 } else { 0 };
        }
        attributes.push((key, value));
    }
}

/// The text of a page without its navigation, blanks made single.
pub fn words(html: &str) -> String {
    let mut text = String::new();
    let mut at = 0;
    let mut hidden: Option<String> = None;
    for tag in tags(html) {
        if hidden.is_none() {
            text.push_str(&html[at..tag.begin]);
            text.push(' ');
        }
        match (&hidden, tag.name.as_str()) {
            (None, "script" | "style" | "svg" | "nav") => hidden = Some(format!("/{}", tag.name)),
            (Some(end), name) if end == name => hidden = None,
            _ => {}
        }
        at = tag.end;
    }
    text.push_str(&html[at..]);
    unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescape(text: &str) -> String {
    let mut out = text.to_owned();
    for (entity, plain) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x2F;", "/"), ("&nbsp;", " "), ("&amp;", "&")]
    {
        out = out.replace(entity, plain);
    }
    out
}

#[test]
fn forms_are_read_as_a_browser_reads_them() {
    let html = r#"<!DOCTYPE html><p>5 < 6 &amp; <b>more</b></p><script>if (a < b) { "<form action='no'>" }</script>
        <form method="post" action="/login?x=1&amp;y=2"><input type=hidden name=token value="a&quot;b">
        <label>Name <input name='name' value='Ana &amp; Co' required></label><input type="checkbox" name="off" value="1"/>
        <input type="checkbox" name="on" value="yes" checked><button name="decision" value="allow">Go</button></form><input name="outside">"#;
    let found = forms(html);
    let form = found.iter().find(|form| form.action == "/login?x=1&y=2").unwrap();
    assert_eq!(form.fields, [("token".into(), "a\"b".into()), ("name".into(), "Ana & Co".into()), ("on".into(), "yes".into())]);
    assert_eq!(form.value("token"), Some("a\"b"));
    assert_eq!(form.filled(&[("name", "Bo"), ("decision", "allow")]).len(), 4);
    assert_eq!(words(html), "5 < 6 & more Name Go");
}
