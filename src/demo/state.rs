//! What every handler of the demo can use.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};

use super::provider::Provider;
use super::visitors::Visitors;
use crate::kernel::time::{Clock, Timestamp};
use crate::platform::render::{Frame, Renderer};

/// The demo while it runs.
pub(super) struct DemoState {
    /// The service.
    pub(super) provider: Provider,
    /// Who visits.
    pub(super) visitors: Visitors,
    /// The pages.
    pub(super) renderer: Arc<Renderer>,
    /// The time.
    pub(super) clock: Arc<dyn Clock>,
    /// Who runs the service, for the frame of its pages.
    pub(super) organisation: String,
    /// The host and port of the demo.
    pub(super) authority: String,
    /// The name of its cookie.
    pub(super) cookie_name: String,
}

impl DemoState {
    /// The present instant.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What surrounds every page.
    pub(super) fn frame(&self) -> Frame {
        Frame::new(self.organisation.as_str(), format!("http://{}", self.authority), "")
    }

    /// The value of the demo's cookie in a request.
    pub(super) fn cookie_of(&self, request: &HttpRequest) -> Option<String> {
        request.cookie(&self.cookie_name).map(|cookie| cookie.value().to_owned())
    }

    /// The demo's cookie. Not `Secure`, because the demo only ever stands on this machine's loopback.
    pub(super) fn cookie(&self, value: &str) -> Cookie<'static> {
        Cookie::build(self.cookie_name.clone(), value.to_owned()).path("/").http_only(true).same_site(SameSite::Lax).finish()
    }
}
