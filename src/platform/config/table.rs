//! The settings table: every setting once.

use super::setting::Setting;
use super::{brand, data, database, demo, ephemeral, keys, links, log, mail, oidc, password, record, server, session, sign_in};

/// Every section with its settings, in the order people read them.
pub fn sections() -> [(&'static str, &'static [Setting]); 15] {
    [
        server::Server::TABLE,
        brand::Brand::TABLE,
        data::Data::TABLE,
        database::Database::TABLE,
        ephemeral::Ephemeral::TABLE,
        keys::Keys::TABLE,
        password::Password::TABLE,
        sign_in::SignIn::TABLE,
        session::Session::TABLE,
        links::Links::TABLE,
        oidc::Oidc::TABLE,
        mail::Mail::TABLE,
        record::Record::TABLE,
        demo::Demo::TABLE,
        log::Log::TABLE,
    ]
}

/// Every setting.
pub fn settings() -> impl Iterator<Item = &'static Setting> {
    sections().into_iter().flat_map(|(_, settings)| settings.iter())
}
