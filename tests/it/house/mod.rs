//! The house inspects itself: figures of its shape, and the requirements that its comments and tests name.

mod figures;
mod requirements;
pub mod source;
