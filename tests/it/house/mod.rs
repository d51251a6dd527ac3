//! The house inspects itself: figures of its shape, the requirements that its comments and tests name, and the words of its texts.

mod figures;
mod requirements;
pub mod source;
mod words;
