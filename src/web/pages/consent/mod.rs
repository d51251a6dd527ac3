//! What an application gets: the person's decision.

pub mod question;
pub mod view;

#[cfg(test)]
use crate::platform::render::testing::Gallery;

/// Adds the samples of this folder's pages.
#[cfg(test)]
pub(in crate::web) fn samples(gallery: &mut Gallery<'_>) {
    gallery.add::<view::ConsentPage>().add::<view::DeniedPage>().add::<view::ContinuePage>();
}
