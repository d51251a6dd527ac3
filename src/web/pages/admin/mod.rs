//! The administrators' pages.

pub mod app;
pub mod app_act;
pub mod app_change;
pub mod app_change_view;
pub mod app_connected;
pub mod app_connected_view;
pub mod app_form;
pub mod app_form_view;
pub mod app_secret;
pub mod app_view;
pub mod apps;
pub mod apps_new;
pub mod apps_new_view;
pub mod apps_view;
pub mod frame;
pub mod groups;
pub mod groups_view;
pub mod people;
pub mod people_invite;
pub mod people_invite_view;
pub mod people_view;
pub mod person;
pub mod person_card;
pub mod person_groups;
pub mod person_groups_view;
pub mod person_view;
