//! The pages people see, in six folders, the same as under `templates/pages`. `<name>_view.rs` holds a page's typed
//! context with its samples, `<name>.rs` its handlers.

pub mod account;
pub mod admin;
pub mod consent;
pub mod done;
pub mod enrolment;
pub mod parts;
pub mod script;
pub mod sign_in;
pub mod system;

#[cfg(test)]
mod tests;
