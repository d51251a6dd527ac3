//! The demo application: a stranger beside the floors, a relying party that happens to share the binary.
//! It imports the renderer and nothing else of ours.

pub mod view;
