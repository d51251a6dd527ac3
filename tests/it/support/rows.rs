//! The rows of a database, seen and changed from beside the server. How many each table has: whatever is refused or fails
//! must leave them as they were.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

macro_rules! count {
    ($conn:expr, $tables:literal) => {{
        let conn = &mut $conn;
        let tables: Vec<Table> = sql_query($tables).load(conn).unwrap();
        let rows = |table: Table| {
            let count: Count = sql_query(format!("SELECT COUNT(*) AS rows FROM {}", table.name)).get_result(conn).unwrap();
            (table.name, count.rows)
        };
        tables.into_iter().map(rows).collect()
    }};
}

/// The rows of every table of a database.
pub fn rows(url: &str) -> BTreeMap<String, i64> {
    match url.strip_prefix("sqlite://") {
        Some(file) => count!(
            SqliteConnection::establish(file).unwrap(),
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        ),
        None => count!(PgConnection::establish(url).unwrap(), "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'"),
    }
}

/// Changes a database by a statement that both kinds read, as nobody can through the server.
pub fn change(url: &str, statement: &str) {
    let changed = match url.strip_prefix("sqlite://") {
        Some(file) => sql_query(statement).execute(&mut SqliteConnection::establish(file).unwrap()),
        None => sql_query(statement).execute(&mut PgConnection::establish(url).unwrap()),
    };
    assert!(changed.unwrap() > 0, "{statement} changed nothing");
}
