//! Why a request is refused: told to the person on a page, or to the application that sent it.

use crate::flows::oidc::error::{OAuthError, Refused, refused};

/// Why the application cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTold {
    /// `client_id` or `redirect_uri` came twice (OA-07).
    Repeated(&'static str),
    /// There is no `client_id`.
    NoClientId,
    /// No application has this `client_id`.
    UnknownClient {
        /// What was sent.
        sent: String,
    },
    /// There is no `redirect_uri`.
    NoRedirect {
        /// The application's name.
        app: String,
        /// Its id.
        client_id: String,
        /// The addresses that are registered for it.
        registered: String,
    },
    /// The address is not registered for the application.
    UnknownRedirect {
        /// The application's name.
        app: String,
        /// What was sent.
        sent: String,
    },
    /// An administrator disabled the application.
    Disabled {
        /// Its name.
        app: String,
        /// Who runs it.
        run_by: String,
        /// What people are to read.
        text: String,
    },
}

impl NotTold {
    /// The check that found it.
    pub(super) fn check(&self) -> &'static str {
        match self {
            Self::Repeated(_) => "repeated",
            Self::NoClientId | Self::UnknownClient { .. } => "client_id",
            Self::NoRedirect { .. } | Self::UnknownRedirect { .. } => "redirect_uri",
            Self::Disabled { .. } => "client_enabled",
        }
    }
}

/// An error for the application, with the check that found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flows::oidc) struct Rejection {
    /// The check.
    pub(super) check: &'static str,
    /// What the application is told.
    pub(super) refused: Refused,
    /// The person said no: a decision of before no longer holds.
    pub(super) declined: bool,
}

impl Rejection {
    pub(super) const fn new(check: &'static str, error: OAuthError, description: &'static str) -> Self {
        Self::of(check, refused(error, description))
    }
    pub(super) const fn of(check: &'static str, refused: Refused) -> Self {
        Self { check, refused, declined: false }
    }
}
