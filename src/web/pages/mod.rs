//! The pages people see. `<name>_view.rs` holds a page's typed context with its samples, `<name>.rs` its
//! handlers, `templates/pages/<name>.html` its template.

mod account;
pub mod consent;
pub mod consent_view;
pub mod done;
pub mod door;
pub mod door_view;
mod enrol;
pub mod enrol_done;
pub mod enrol_method;
pub mod enrol_passkey;
pub mod enrol_password;
pub mod enrol_totp;
pub mod enrol_view;
pub mod error_view;
pub mod flow;
pub mod flow_view;
pub mod fresh;
pub mod fresh_view;
pub mod health;
pub mod login;
pub mod login_view;
pub mod logout;
pub mod me;
pub mod me_view;
pub mod messages;
pub mod parts;
pub mod security;
pub mod security_confirm;
pub mod security_passkey_add;
pub mod security_password;
pub mod security_totp_add;
pub mod security_view;
pub mod setup;
pub mod setup_view;
pub mod statics;
