//! For anyone who watches the process: is it alive, can it serve. One word and the end of the line each (WB-10).

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;

use crate::flows::setup_link;
use crate::kernel::Fault;
use crate::web::guard::Shared;

/// The process answers.
pub async fn alive() -> HttpResponse {
    word(HttpResponse::Ok(), "alive")
}

/// The database answers and takes writes too. Without the short-lived store no one new can sign in, but sessions go on; and so do all
/// requests when a background job had to be started again.
pub async fn ready(app: Shared) -> HttpResponse {
    if let Err(fault) = setup_link::is_set_up(&app).await {
        return not_ready(&fault, "not ready");
    }
    if let Err(fault) = app.check_writes().await {
        return not_ready(&fault, "not ready: the database takes no writes");
    }
    let mut notes = Vec::new();
    if let Err(fault) = app.ephemeral.check().await {
        tracing::warn!(%fault, "no new sign-ins");
        notes.push("without new sign-ins: the short-lived store does not answer".to_owned());
    }
    let restarted = app.job_failures.recent(app.now());
    if !restarted.is_empty() {
        notes.push(format!("after a failure in the background ({}), which was started again", restarted.join(", ")));
    }
    let notes: String = notes.iter().map(|note| format!(", {note}")).collect();
    word(HttpResponse::Ok(), &format!("ready{notes}"))
}

fn not_ready(fault: &Fault, text: &str) -> HttpResponse {
    tracing::warn!(%fault, "not ready");
    word(HttpResponse::ServiceUnavailable(), text)
}

fn word(mut answer: actix_web::HttpResponseBuilder, word: &str) -> HttpResponse {
    answer.insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; charset=utf-8").body(format!("{word}\n"))
}
