//! The administrators' pages.

pub mod app;
pub mod app_act;
pub mod app_change;
pub mod app_connected;
pub mod app_form;
pub mod app_secret;
pub mod apps;
pub mod apps_new;
pub mod frame;
pub mod groups;
pub(in crate::web::pages) mod list;
pub mod people;
pub mod people_invite;
pub mod person;
pub mod person_act;
pub mod person_card;
pub mod person_edit;
pub mod person_groups;

#[cfg(test)]
use crate::platform::render::testing::Gallery;

/// Adds the samples of this folder's pages.
#[cfg(test)]
pub(in crate::web) fn samples(gallery: &mut Gallery<'_>) {
    gallery
        .add::<people::PeoplePage>()
        .add::<people_invite::PeopleInvitePage>()
        .add::<person::PersonPage>()
        .add::<person_act::PersonActPage>()
        .add::<person_card::PersonCardPage>()
        .add::<apps::AppsPage>()
        .add::<apps_new::AppsNewPage>()
        .add::<app_connected::AppConnectedPage>()
        .add::<app::AppPage>()
        .add::<app_act::AppActPage>()
        .add::<app_secret::AppSecretPage>()
        .add::<app_change::AppChangePage>()
        .add::<groups::GroupsPage>()
        .add::<groups::GroupNewPage>()
        .add::<groups::GroupRenamePage>()
        .add::<groups::GroupDeletePage>()
        .add::<person_groups::PersonGroupsPage>()
        .add::<person_edit::PersonEditPage>();
}
