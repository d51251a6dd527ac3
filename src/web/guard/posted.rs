//! Bodies of requests that change something: read only after both locks of `csrf` have opened.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Query;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::csrf::{comes_from_us, token_fits};
use super::{Browser, app_of};
use crate::web::Failure;

/// The longest body we read (WA-17).
pub const MOST_BYTES: usize = 64 * 1024;

/// The longest a body may take to arrive.
const SLOWEST: std::time::Duration = std::time::Duration::from_secs(20);

/// A form of ours, sent from our own page.
pub struct Posted<T>(pub T);

/// Nothing but the form token.
#[derive(Deserialize)]
pub struct NoFields {}

/// What a script of ours sent from our own page: JSON, not yet parsed.
pub struct PostedBytes(pub Vec<u8>);

impl<T: DeserializeOwned> FromRequest for Posted<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let app = app_of(&request).ok_or_else(Failure::misconfigured)?;
            let browser = Browser::of(&request);
            if !comes_from_us(&app, &request) {
                return Err(Failure::ForeignForm);
            }
            if !content_type_is(&request, "application/x-www-form-urlencoded") {
                return Err(Failure::BadRequest);
            }
            let body = String::from_utf8(read_body(&mut payload).await?).map_err(|_| Failure::BadRequest)?;
            let pairs: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
            // The same field twice has two meanings; we take neither (OA-07).
            if has_duplicates(&pairs) {
                return Err(Failure::BadRequest);
            }
            let (_, token) = pairs.iter().find(|(name, _)| name == "form_token").ok_or(Failure::ForeignForm)?;
            if !token_fits(&app, &browser, token) {
                return Err(Failure::ForeignForm);
            }
            // Forms and queries are written alike; fields that `T` does not have, the token among them, are ignored.
            Query::from_query(&body).map(|Query(fields)| Self(fields)).map_err(|_| Failure::BadRequest)
        })
    }
}

impl FromRequest for PostedBytes {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let app = app_of(&request).ok_or_else(Failure::misconfigured)?;
            let browser = Browser::of(&request);
            let token = request.headers().get("x-form-token").and_then(|value| value.to_str().ok()).unwrap_or_default();
            if !comes_from_us(&app, &request) || !token_fits(&app, &browser, token) {
                return Err(Failure::ForeignForm);
            }
            if !content_type_is(&request, "application/json") {
                return Err(Failure::BadRequest);
            }
            read_body(&mut payload).await.map(Self)
        })
    }
}

fn has_duplicates(pairs: &[(Cow<str>, Cow<str>)]) -> bool {
    let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    names.windows(2).any(|two| matches!(two, [a, b] if a == b))
}

/// Whether a request's body says it is of `kind`, whatever its parameters.
pub fn content_type_is(request: &HttpRequest, kind: &str) -> bool {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().is_some_and(|found| found.trim().eq_ignore_ascii_case(kind))
}

/// Reads a body of at most [`MOST_BYTES`].
///
/// # Errors
/// `TooLarge` for more, `BadRequest` for a body that breaks off.
pub async fn read_body(payload: &mut Payload) -> Result<Vec<u8>, Failure> {
    // A client that drips its body is cut off (TH-15).
    tokio::time::timeout(SLOWEST, whole(payload)).await.map_err(|_| Failure::BadRequest)?
}

async fn whole(payload: &mut Payload) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Failure::BadRequest)?;
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
