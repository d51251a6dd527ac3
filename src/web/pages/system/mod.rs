//! The landing page, errors, health, static files.

pub mod error_view;
pub mod health;
pub mod landing;
pub mod landing_view;
pub mod moved;
pub mod statics;
