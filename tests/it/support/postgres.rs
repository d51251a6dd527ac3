//! A fresh, empty Postgres database for one test.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use super::{required, unique};

/// A database that is dropped with this value.
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// Makes one.
    pub fn fresh() -> Self {
        let name = unique("it");
        admin(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        let server = required("TEST_POSTGRES_URL");
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{base}/{name}"), name }
    }

    /// Its address, with name and password.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // FORCE: whatever the test left connected goes too.
        admin(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn admin(statement: &str) {
    let url = required("TEST_POSTGRES_URL");
    let mut conn = PgConnection::establish(&url).unwrap_or_else(|error| panic!("the Postgres of tests/run does not answer: {error}"));
    conn.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
}
