//! What an application asked, kept in the browser that brought it: where attempts live in this process, a restart forgets
//! them, and time ends them everywhere. Each request has a sealed cookie of its own with nothing but the query as it came.
//! It is only ever sent to `/authorize` again, as a new request that every check looks at (OA-35).

use std::time::Duration;

use actix_web::cookie::Cookie;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::kernel::Timestamp;
use crate::kernel::ids::{RequestId, UuidId};
use crate::platform::crypto::envelope::FieldLabel;
use crate::web::guard::Browser;
use crate::web::respond::cookie;

const FIELD: FieldLabel = FieldLabel("cookie.request");
/// How long one is of use: twice as long as a sign-in may take, so that one that took too long can begin again.
const LIFETIME: Duration = Duration::from_secs(7_200);
/// The most requests kept in one browser.
const MOST: usize = 5;
/// The most bytes of one, and of all together: headers have to stay small.
const LONGEST: usize = 2_048;
const LONGEST_TOGETHER: usize = 4_096;

#[derive(Serialize, Deserialize)]
struct SealedRequest {
    query: String,
    at: Timestamp,
}

/// The cookies that keep a request: its own, and the removal of what there is no room for beside it, oldest first. One
/// that is too long is not kept.
pub fn keep(app: &App, browser: &Browser, id: RequestId, query: &str) -> Vec<Cookie<'static>> {
    let Some(sealed) = seal(app, id, query).filter(|sealed| sealed.len() <= LONGEST) else { return Vec::new() };
    let mut before: Vec<(RequestId, usize)> = browser.kept_requests().iter().map(|(id, sealed)| (*id, sealed.len())).collect();
    before.sort();
    let mut cookies = Vec::new();
    while before.len() >= MOST || before.iter().map(|(_, length)| length).sum::<usize>() + sealed.len() > LONGEST_TOGETHER {
        if before.is_empty() {
            break;
        }
        let (oldest, _) = before.remove(0);
        cookies.push(cookie::clear_request(app, oldest));
    }
    cookies.push(cookie::request(app, id, sealed, LIFETIME));
    cookies
}

/// Where a request that is gone begins again: the one with this id, or else the newest. What was tampered with, is too old
/// or came to another server is nothing.
pub fn find(app: &App, browser: &Browser, id: Option<RequestId>) -> Option<String> {
    let kept = browser.kept_requests().iter();
    let (id, sealed) = kept.filter(|(kept, _)| id.is_none_or(|id| *kept == id)).max_by_key(|(id, _)| *id)?;
    let sealed = BASE64URL_NOPAD.decode(sealed.as_bytes()).ok()?;
    let plain = app.request_key().open(FIELD, id.uuid().as_bytes(), &sealed).ok()?;
    let kept: SealedRequest = serde_json::from_slice(&plain).ok()?;
    (kept.at.plus(LIFETIME) > app.now()).then(|| format!("/authorize?{}", kept.query))
}

fn seal(app: &App, id: RequestId, query: &str) -> Option<String> {
    let plain = serde_json::to_vec(&SealedRequest { query: query.to_owned(), at: app.now() }).ok()?;
    let sealed = app.request_key().seal(FIELD, id.uuid().as_bytes(), &plain).ok()?;
    Some(BASE64URL_NOPAD.encode(&sealed))
}
