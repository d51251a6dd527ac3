//! What an application gets: the person's decision.

pub mod question;
pub mod view;
