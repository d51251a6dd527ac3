//! The demo's way to the service: plain HTTP on the loopback, no proxy, no redirect, small answers. What the client
//! library does not hand out (the ledger header, the body as it came) is noted while it passes.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http, reqwest};

/// The header in which the service names the ledger entry it made.
const LEDGER: &str = "vouchsafe-ledger-entry";

/// The longest answer that is read.
const LONGEST: usize = 512 * 1024;

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireProblem {
    /// The service cannot be reached, or stopped in the middle.
    #[error("no answer: {0}")]
    NoAnswer(#[from] reqwest::Error),
    /// An answer nobody needs in full.
    #[error("the answer is too long")]
    TooLong,
    /// An answer that is not HTTP.
    #[error("the answer cannot be read")]
    Unreadable(#[from] http::Error),
}

/// What was noted of the last answer.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// The ledger header.
    pub(super) ledger: Option<String>,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// A client for one sign-in.
pub(super) struct Wire {
    client: reqwest::Client,
    heard: RefCell<Heard>,
}

/// The underlying client, made once. It follows no redirect (an answer could send it anywhere) and asks no proxy.
pub(super) fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        // A token answer may wait ten seconds for a key that is being made.
        .timeout(Duration::from_secs(20))
        .connect_timeout(Duration::from_secs(5))
        // The service may have been started anew since the last sign-in.
        .pool_max_idle_per_host(0)
        .user_agent("vouchsafe-demo")
        .build()
}

impl Wire {
    /// A client that has heard nothing yet.
    pub(super) fn new(client: &reqwest::Client) -> Self {
        Self { client: client.clone(), heard: RefCell::default() }
    }

    /// What was noted of the last answer.
    pub(super) fn heard(&self) -> Heard {
        self.heard.take()
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, WireProblem> {
        let mut response = self.client.execute(request.try_into()?).await?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > LONGEST {
                return Err(WireProblem::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let ledger = response.headers().get(LEDGER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        self.heard.replace(Heard { ledger, body: body.clone() });
        let mut answer = http::Response::builder().status(response.status());
        for (name, value) in response.headers() {
            answer = answer.header(name, value);
        }
        Ok(answer.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for Wire {
    type Error = WireProblem;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WireProblem>> + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
