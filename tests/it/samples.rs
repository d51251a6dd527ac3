//! Every sample of every page, for the tests that look at all of them and for whoever wants to see them.

use vouchsafe::demo::view::{DemoErrorPage, DemoHomePage, DemoResultPage};
use vouchsafe::kernel::Fault;
use vouchsafe::platform::render::{Frame, Page, Renderer};
use vouchsafe::web::pages::account::me_address_view::MeAddressPage;
use vouchsafe::web::pages::account::me_applications_view::{MeApplicationPage, MeApplicationsPage};
use vouchsafe::web::pages::account::me_view::{LogoutPage, MePage};
use vouchsafe::web::pages::account::security_view::{
    SecurityPage, SecurityPasskeyAddPage, SecurityPasswordPage, SecurityRecoveryCodesPage, SecurityRecoveryPage, SecurityRemovePage,
    SecurityRenamePage, SecurityTotpAddPage,
};
use vouchsafe::web::pages::admin::app_change_view::AppChangePage;
use vouchsafe::web::pages::admin::app_connected_view::AppConnectedPage;
use vouchsafe::web::pages::admin::app_view::{AppActPage, AppPage, AppSecretPage};
use vouchsafe::web::pages::admin::apps_new_view::AppsNewPage;
use vouchsafe::web::pages::admin::apps_view::AppsPage;
use vouchsafe::web::pages::admin::groups_view::{GroupDeletePage, GroupNewPage, GroupRenamePage, GroupsPage};
use vouchsafe::web::pages::admin::people_invite_view::PeopleInvitePage;
use vouchsafe::web::pages::admin::people_view::PeoplePage;
use vouchsafe::web::pages::admin::person_groups_view::PersonGroupsPage;
use vouchsafe::web::pages::admin::person_view::{PersonActPage, PersonCardPage, PersonPage};
use vouchsafe::web::pages::consent::view::{ConsentPage, ContinuePage, DeniedPage};
use vouchsafe::web::pages::enrolment::invite_view::{InviteElsewherePage, InviteEndedPage, InvitePage};
use vouchsafe::web::pages::enrolment::setup_view::{SetupEndedPage, SetupNamePage};
use vouchsafe::web::pages::enrolment::view::{
    EnrolDonePage, EnrolMethodPage, EnrolPasskeyPage, EnrolPasswordPage, EnrolRecoveryPage, EnrolTotpPage,
};
use vouchsafe::web::pages::sign_in::login_view::LoginPage;
use vouchsafe::web::pages::sign_in::reauthenticate_view::ReauthenticatePage;
use vouchsafe::web::pages::sign_in::steps_view::{
    InterruptedPage, PasskeyStepPage, PausedPage, RecoveryCodePage, RecoveryCodeUsedPage, TotpStepPage,
};
use vouchsafe::web::pages::system::error_view::ErrorPage;
use vouchsafe::web::pages::system::landing_view::LandingPage;

/// One rendered sample.
pub struct Sample {
    /// The template's path.
    pub template: &'static str,
    /// The sample's name.
    pub name: &'static str,
    /// The page.
    pub html: String,
}

/// All samples of all pages, rendered in `frame`.
pub fn render_all(renderer: &Renderer, frame: &Frame) -> Result<Vec<Sample>, Fault> {
    let mut all = Vec::new();
    macro_rules! pages {
        ($($page:ty)+) => { $( add::<$page>(renderer, frame, &mut all)?; )+ };
    }
    pages! {
        LandingPage LoginPage PasskeyStepPage TotpStepPage RecoveryCodePage RecoveryCodeUsedPage PausedPage InterruptedPage
        SetupNamePage SetupEndedPage EnrolMethodPage EnrolPasskeyPage EnrolPasswordPage EnrolTotpPage EnrolRecoveryPage EnrolDonePage
        ConsentPage DeniedPage ContinuePage ErrorPage MePage MeAddressPage MeApplicationsPage MeApplicationPage LogoutPage ReauthenticatePage
        SecurityPage SecurityPasskeyAddPage SecurityTotpAddPage SecurityPasswordPage SecurityRenamePage SecurityRemovePage
        SecurityRecoveryPage SecurityRecoveryCodesPage
        PeoplePage PeopleInvitePage PersonPage PersonActPage PersonCardPage AppsPage AppsNewPage AppConnectedPage
        AppPage AppActPage AppSecretPage AppChangePage GroupsPage GroupNewPage GroupRenamePage GroupDeletePage PersonGroupsPage
        InvitePage InviteElsewherePage InviteEndedPage
        DemoHomePage DemoResultPage DemoErrorPage
    }
    Ok(all)
}

fn add<P: Page>(renderer: &Renderer, frame: &Frame, all: &mut Vec<Sample>) -> Result<(), Fault> {
    for (name, page) in P::samples() {
        all.push(Sample { template: P::TEMPLATE, name, html: renderer.render(&page, frame)? });
    }
    Ok(())
}
