//! A browser without a mouse, and one without scripts.

use serde_json::{Value as Json, json};

use super::Browser;
use super::commands::Ask;

/// What has the focus: its words or label, and whether one sees that it has it.
const FOCUS: &str = "const plain = (s) => (s ?? '').replace(/\\s+/g, ' ').trim(); const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const ring = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return [plain(e.labels?.[0]?.innerText || e.innerText || e.value || e.getAttribute('aria-label')), ring && inside, e.id === 'main']";

impl Browser {
    /// Switches the scripts of pages off, or on again. Those of the tests, axe among them, need them on.
    pub async fn scripts(&self, on: bool) {
        self.scripts.set(on);
        self.ask(Ask::devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !on }))).await;
    }

    /// Presses the tab key until something that reads so has the focus, and sees that it has.
    pub async fn tab_to(&self, text: &str) {
        let mut passed = Vec::new();
        for _ in 0..60 {
            let focus = self.script(FOCUS, vec![]).await;
            let words = focus[0].as_str().unwrap_or_default().to_owned();
            if words.starts_with(text) {
                if focus[1] != Json::Bool(true) {
                    self.fail(&format!("one does not see that “{text}” has the focus")).await;
                }
                return;
            }
            passed.push(words);
            self.key("Tab", 9, "").await;
        }
        self.fail(&format!("the tab key does not reach “{text}”, only {passed:?}")).await;
    }
    /// Types letters where the focus is, instead of what is there.
    pub async fn type_letters(&self, text: &str) {
        self.count();
        self.script("document.activeElement.select?.()", vec![]).await;
        for letter in text.chars() {
            self.ask(Ask::devtools("Input.dispatchKeyEvent", json!({ "type": "char", "text": letter.to_string() }))).await;
        }
    }
    /// Presses the enter key.
    pub async fn enter(&self) {
        self.count();
        self.key("Enter", 13, "\r").await;
    }
    /// Presses the space bar.
    pub async fn space(&self) {
        self.count();
        self.key(" ", 32, " ").await;
    }

    async fn key(&self, key: &str, number: u32, text: &str) {
        for kind in [if text.is_empty() { "rawKeyDown" } else { "keyDown" }, "keyUp"] {
            let mut event = json!({ "type": kind, "key": key, "windowsVirtualKeyCode": number });
            if kind == "keyDown" {
                event["text"] = text.into();
            }
            self.ask(Ask::devtools("Input.dispatchKeyEvent", event)).await;
        }
    }
}
