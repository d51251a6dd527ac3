//! What chromedriver can do beyond what the client library knows: passkey devices, the console, DevTools.

use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::Method;
use serde_json::Value as Json;
use url::{ParseError, Url};

/// A request under `/session/<id>/`.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    path: String,
    body: Option<Json>,
}

impl Ask {
    /// Reads.
    pub fn get(path: &str) -> Self {
        Self { method: Method::GET, path: path.into(), body: None }
    }
    /// Makes or changes.
    pub fn post(path: &str, body: Json) -> Self {
        Self { method: Method::POST, path: path.into(), body: Some(body) }
    }
    /// Takes away.
    pub fn delete(path: &str) -> Self {
        Self { method: Method::DELETE, path: path.into(), body: None }
    }
    /// A command of the DevTools protocol.
    pub fn devtools(command: &str, parameters: Json) -> Self {
        Self::post("goog/cdp/execute", serde_json::json!({ "cmd": command, "params": parameters }))
    }
}

impl WebDriverCompatibleCommand for Ask {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }
    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (self.method.clone(), self.body.as_ref().map(Json::to_string))
    }
}
