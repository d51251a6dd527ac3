//! Floor 5: the process. What can be typed, and how we answer in a terminal.

pub mod args;
pub mod words;
