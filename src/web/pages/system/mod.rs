//! The landing page, errors, health, static files.

pub mod error_view;
pub mod health;
pub mod landing;
pub mod landing_view;
pub mod moved;
pub mod statics;

#[cfg(test)]
use crate::platform::render::testing::Gallery;

/// Adds the samples of this folder's pages.
#[cfg(test)]
pub(in crate::web) fn samples(gallery: &mut Gallery<'_>) {
    gallery.add::<landing_view::LandingPage>().add::<error_view::ErrorPage>();
}
