//! What an application gets: the person's decision.

pub mod answer;
pub mod view;
