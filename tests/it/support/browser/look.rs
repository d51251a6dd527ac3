//! Looking hard at a page: can everybody use it (axe, WCAG 2.2 AA), does it fit a small screen, did anything break the
//! content security policy.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Mutex;

use serde_json::{Value as Json, json};

use super::Browser;
use super::commands::Ask;

/// The names of the states that were looked at in this run.
static LOOKED_AT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

const AXE: &str = include_str!("../../data/axe/axe.min.js");

impl Browser {
    /// Looks at the page the browser is at: light on a wide screen, dark on a small one. Fails for anything wrong.
    ///
    /// Journeys go the same way on both databases, and pages do not depend on them: the second time a name comes by, only the
    /// console is read.
    pub async fn look(&self, name: &str) {
        let mut wrong = if LOOKED_AT.lock().unwrap().insert(name.to_owned()) { self.look_hard(name).await } else { Vec::new() };
        wrong.extend(self.console().await.into_iter().filter(|line| is_wrong(line)));
        assert!(wrong.is_empty(), "{name} ({}):\n  {}", self.url().await, wrong.join("\n  "));
    }

    async fn look_hard(&self, name: &str) -> Vec<String> {
        let scripts = self.scripts.get();
        self.scripts(true).await;
        self.picture(name).await;
        let mut wrong = self.axe("light, wide").await;
        self.emulate(320, "dark").await;
        self.picture(&format!("{name}-small-dark")).await;
        wrong.extend(self.axe("dark, 320 px").await);
        let wide = self.script("return document.scrollingElement.scrollWidth", vec![]).await;
        if wide.as_u64().is_none_or(|wide| wide > 320) {
            wrong.push(format!("needs scrolling sideways on a screen of 320 px: it is {wide} px wide"));
        }
        self.restore().await;
        self.scripts(scripts).await;
        wrong
    }

    /// Every violation of WCAG 2.2 AA that axe finds, one line each.
    pub async fn axe(&self, where_: &str) -> Vec<String> {
        self.script(AXE, vec![]).await;
        let run = "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'],
                runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } })
              .then((result) => done(result.violations), (error) => done([{ id: 'axe failed', help: String(error), nodes: [] }]))";
        let violations = self.client.execute_async(run, vec![]).await.unwrap_or_else(|error| panic!("axe: {error}"));
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let mut lines = Vec::new();
        for violation in violations.as_array().expect("axe gives a list") {
            for node in violation["nodes"].as_array().into_iter().flatten() {
                let why = text(&node["failureSummary"]).replace('\n', " ");
                lines.push(format!(
                    "[{where_}] {}: {} at {} ({why})",
                    text(&violation["id"]),
                    text(&violation["help"]),
                    text(&node["html"])
                ));
            }
            if violation["nodes"].as_array().is_none_or(Vec::is_empty) {
                lines.push(format!("[{where_}] {}: {}", text(&violation["id"]), text(&violation["help"])));
            }
        }
        lines
    }

    async fn emulate(&self, width: u32, scheme: &str) {
        let screen = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.ask(Ask::devtools("Emulation.setDeviceMetricsOverride", screen)).await;
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.ask(Ask::devtools("Emulation.setEmulatedMedia", media)).await;
    }
    async fn restore(&self) {
        self.ask(Ask::devtools("Emulation.clearDeviceMetricsOverride", json!({}))).await;
        self.ask(Ask::devtools("Emulation.setEmulatedMedia", json!({ "features": [] }))).await;
    }

    /// What the browser's console said since it was last asked.
    pub async fn console(&self) -> Vec<String> {
        let lines = self.ask(Ask::post("se/log", json!({ "type": "browser" }))).await;
        lines.as_array().into_iter().flatten().map(|line| format!("{} {}", line["level"], line["message"])).collect()
    }

    /// A picture of the whole page, kept in `TEST_PICTURES` if that is set, otherwise in the folder of the run.
    pub async fn picture(&self, name: &str) -> String {
        let chosen = std::env::var_os("TEST_PICTURES");
        let failed = name == "failure";
        if chosen.is_none() && !failed {
            return String::new();
        }
        let base = chosen.or_else(|| std::env::var_os("TEST_FOLDER")).map_or_else(std::env::temp_dir, PathBuf::from);
        let file = base.join(if failed { format!("{}.png", super::super::unique(name)) } else { format!("{name}.png") });
        match self.client.screenshot().await {
            Ok(picture) => {
                std::fs::write(&file, picture).unwrap();
                file.display().to_string()
            }
            Err(error) => format!("none ({error})"),
        }
    }
}

/// Whether a line of the console tells of something wrong with a page. What the browser's own pages (`chrome://`) say of
/// themselves is not ours.
fn is_wrong(line: &str) -> bool {
    let source = line.split_whitespace().nth(1).unwrap_or_default().trim_start_matches('"');
    if url::Url::parse(source).is_ok_and(|source| !matches!(source.scheme(), "http" | "https")) {
        return false;
    }
    line.contains("Content Security Policy") || line.contains("Uncaught")
}

#[test]
fn only_our_own_pages_count() {
    let line = |source: &str, text: &str| format!("\"SEVERE\" \"{source} 10:20 {text}\"");
    assert!(is_wrong(&line("http://localhost:8080/js/login.js", "Uncaught TypeError: x is not a function")));
    assert!(is_wrong(&line("https://auth.example.org/me", "Refused to load the script: Content Security Policy")));
    assert!(is_wrong("\"SEVERE\" \"javascript 1:1 Uncaught Error\""), "what does not say where it comes from counts");
    assert!(!is_wrong(&line("chrome://new-tab-page/", "Uncaught TypeError: x is not a function")));
}
