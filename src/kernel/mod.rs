//! Floor 0: words. Types with meaning, no I/O, nothing of ours imported.

pub mod address;
pub mod claim;
pub mod entropy;
pub mod fault;
pub mod ids;
pub mod proof;
pub mod secret;
pub mod text;
pub mod time;

pub use entropy::Entropy;
pub use fault::Fault;
pub use time::{Clock, Timestamp};
