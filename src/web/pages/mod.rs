//! The pages people see, in six folders, the same as under `templates/pages`. A page is one file: its typed context,
//! its handlers, and its samples for the tests. Where several files show a page, its context stands in `view.rs` or `<name>_view.rs`.

pub mod account;
pub mod admin;
pub mod consent;
pub mod done;
pub mod enrolment;
pub mod parts;
pub mod script;
pub mod shell;
pub mod sign_in;
pub mod system;

#[cfg(test)]
mod tests;
