//! For whoever watches the process: is it alive, can it serve. One word and the end of the line each (WB-10).

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;

use crate::flows::setup_link;
use crate::web::guard::Shared;

/// The process answers.
pub async fn alive() -> HttpResponse {
    word(HttpResponse::Ok(), "alive")
}

/// The database answers too. Without the short-lived store nobody new can sign in, but everybody who has can go on.
pub async fn ready(app: Shared) -> HttpResponse {
    match setup_link::is_set_up(&app).await {
        Ok(_) => match app.ephemeral.check().await {
            Ok(()) => word(HttpResponse::Ok(), "ready"),
            Err(fault) => {
                tracing::warn!(%fault, "no new sign-ins");
                word(HttpResponse::Ok(), "ready, without new sign-ins: the short-lived store does not answer")
            }
        },
        Err(fault) => {
            tracing::warn!(%fault, "not ready");
            word(HttpResponse::ServiceUnavailable(), "not ready")
        }
    }
}

fn word(mut answer: actix_web::HttpResponseBuilder, word: &'static str) -> HttpResponse {
    answer.insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; charset=utf-8").body(format!("{word}\n"))
}
