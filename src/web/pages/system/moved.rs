//! Addresses that pages had before, answered by a redirect to where they are now.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::web::Failure;
use crate::web::respond::see_other;

/// A reset link as it was mailed or printed before.
pub async fn reset_link(code: web::Path<String>) -> Result<HttpResponse, Failure> {
    Ok(see_other(&format!("/reset/{}", url_part(&code))))
}

/// The page that asks a signed-in person to prove it again.
pub async fn reauthenticate(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let query = request.query_string();
    Ok(see_other(&if query.is_empty() { "/reauthenticate".to_owned() } else { format!("/reauthenticate?{query}") }))
}

fn url_part(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
