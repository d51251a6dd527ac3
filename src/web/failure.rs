//! Why a handler did not answer with its page. Each becomes an error page (or JSON for our own scripts) in
//! `respond::finish`, always with a next step and never with internals (LG-09).

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

use crate::flows::oidc::refusal::Refusal;
use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;
use crate::web::pages::system::error_view::Problem;

/// A refused or failed request.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Somewhere else is where this continues.
    SeeOther(String),
    /// The request makes no sense.
    BadRequest,
    /// A form without a valid token, or sent from another site (WB-01).
    ForeignForm,
    /// This person may not do that.
    Forbidden,
    /// There is no such page.
    NotFound,
    /// The page is there, this method is not.
    MethodNotAllowed,
    /// It was there and is over.
    Gone,
    /// The body is too large.
    TooLarge,
    /// Too many tries.
    TooMany(Duration),
    /// More to do than can be done.
    Busy(Duration),
    /// The database is away.
    Away(Duration),
    /// The store of attempts and counters is away: nobody signs in without it, anyone who is signed in goes on (TH-11).
    SignInsWait(Duration),
    /// Our mistake. The text is for the log.
    Broken(String),
    /// An application's request that cannot be answered to the application; shown as this page.
    Application(Problem, Box<Refusal>),
}

impl Failure {
    /// The server was put together wrongly.
    pub(crate) fn misconfigured() -> Self {
        Self::Broken("the handler has no App".to_owned())
    }

    fn away(fault: &Fault) -> Self {
        let wait = |usual| fault.retry_after().unwrap_or(Duration::from_secs(usual));
        match fault.kind {
            FaultKind::Busy => Self::Busy(wait(2)),
            FaultKind::EphemeralAway => Self::SignInsWait(wait(10)),
            _ => Self::Away(wait(10)),
        }
    }

    /// The page that tells it; `None` when it is no problem but another address.
    pub fn problem(&self) -> Option<Problem> {
        let seconds = self.retry_after().unwrap_or(1);
        Some(match self {
            Self::SeeOther(_) => return None,
            Self::BadRequest => Problem::BadRequest,
            Self::ForeignForm => Problem::FormRefused,
            Self::Forbidden => Problem::Forbidden,
            Self::NotFound => Problem::NotFound,
            Self::MethodNotAllowed => Problem::MethodNotAllowed,
            Self::Gone => Problem::Gone,
            Self::TooLarge => Problem::TooLarge,
            Self::TooMany(_) => Problem::TooMany { seconds },
            Self::Busy(_) => Problem::Busy { seconds },
            Self::Away(_) => Problem::Away { seconds },
            Self::SignInsWait(_) => Problem::SignInsWait { seconds },
            Self::Broken(_) => Problem::Ours,
            Self::Application(problem, _) => problem.clone(),
        })
    }

    /// Seconds for `Retry-After`.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(wait) | Self::Busy(wait) | Self::Away(wait) | Self::SignInsWait(wait) => {
                Some(u64::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(u64::MAX).max(1))
            }
            _ => None,
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        if fault.kind == FaultKind::Lapsed {
            tracing::info!(%fault, "nothing was done for someone whose session had ended");
            Self::SeeOther("/login".to_owned())
        } else if fault.is_temporary() {
            tracing::warn!(%fault, "a request could not be served");
            Self::away(&fault)
        } else {
            Self::Broken(fault.to_string())
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.status_code())
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SeeOther(_) => StatusCode::SEE_OTHER,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::ForeignForm | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Gone => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy(_) | Self::Away(_) | Self::SignInsWait(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Application(problem, _) => StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::BAD_REQUEST),
        }
    }

    /// A bare answer that names its reason; `respond::finish` turns it into a page.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.clone());
        response
    }
}
