//! The tests from outside: one binary, started by `tests/run`, which brings the Postgres and the browser they need.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test a failure is the point; the exemption for tests does not reach what tests stand on"
)]

mod apps;
mod architecture;
mod clients;
mod commands;
mod guessing;
mod house;
mod journeys;
mod leaks;
mod load;
mod log;
mod mail;
mod managing;
mod migrations;
mod nodes;
mod oidc;
mod outage;
mod passkeys;
mod people;
mod process;
mod proxy;
mod races;
mod recovery;
mod restarts;
mod revalidation;
mod routes;
mod sessions;
mod shell;
mod sign_in;
mod speed;
mod strangers;
mod support;
mod support_checks;
mod ways_on;
