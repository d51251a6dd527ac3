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

#[cfg(test)]
use crate::platform::render::testing::Gallery;

/// Adds the samples of this folder's pages.
#[cfg(test)]
pub(in crate::web) fn samples(gallery: &mut Gallery<'_>) {
    gallery
        .add::<people_view::PeoplePage>()
        .add::<people_invite_view::PeopleInvitePage>()
        .add::<person_view::PersonPage>()
        .add::<person_view::PersonActPage>()
        .add::<person_view::PersonCardPage>()
        .add::<apps_view::AppsPage>()
        .add::<apps_new_view::AppsNewPage>()
        .add::<app_connected_view::AppConnectedPage>()
        .add::<app_view::AppPage>()
        .add::<app_view::AppActPage>()
        .add::<app_view::AppSecretPage>()
        .add::<app_change_view::AppChangePage>()
        .add::<groups_view::GroupsPage>()
        .add::<groups_view::GroupNewPage>()
        .add::<groups_view::GroupRenamePage>()
        .add::<groups_view::GroupDeletePage>()
        .add::<person_groups_view::PersonGroupsPage>();
}
