//! The two folders of migrations say the same, every column says its class, and up, down, up leads back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use diesel::Connection;
use diesel::pg::PgConnection;
use diesel::sqlite::SqliteConnection;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

use crate::support::Folder;
use crate::support::postgres::Database;

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(kind)
}

fn names(kind: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder(kind)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Table and column with the class each column's comment says, from all `up.sql` of a folder; what a later one drops is not
/// among them.
fn columns(kind: &str) -> BTreeMap<String, String> {
    let mut columns = BTreeMap::new();
    for name in names(kind) {
        let text = std::fs::read_to_string(folder(kind).join(name).join("up.sql")).unwrap();
        let mut table = None;
        for line in text.lines() {
            if let Some(gone) = dropped(line) {
                columns.retain(|column: &String, _| *column != gone && column.split('.').next() != Some(gone.as_str()));
            } else if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                table = rest.split_whitespace().next().map(str::to_owned);
            } else if line.starts_with(')') {
                table = None;
            } else if let Some((table, column)) = added(line) {
                columns.insert(format!("{table}.{}", first_word(column)), class(kind, line));
            } else if let Some(table) = &table {
                let word = first_word(line);
                if ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"].contains(&word) {
                    continue;
                }
                columns.insert(format!("{table}.{word}"), class(kind, line));
            }
        }
    }
    columns
}

/// The table and the column of a line that adds one to a table.
fn added(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("ALTER TABLE ")?.split_once(" ADD COLUMN ")
}

/// The table, or the column of a table, that a line drops.
fn dropped(line: &str) -> Option<String> {
    let line = line.trim_end_matches(';');
    let column = line.strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" DROP COLUMN "));
    column.map(|(table, column)| format!("{table}.{column}")).or_else(|| line.strip_prefix("DROP TABLE ").map(str::to_owned))
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap()
}

fn class(kind: &str, line: &str) -> String {
    let class = line.split("-- class: ").nth(1).unwrap_or_else(|| panic!("{kind}: no class in: {line}"));
    assert!(["secret", "personal", "internal", "public"].contains(&class), "{kind}: class {class} in: {line}");
    class.to_owned()
}

#[test]
fn both_folders_have_the_same_names_columns_and_classes() {
    assert_eq!(names("sqlite"), names("postgres"));
    // Of two with the same version only one would run.
    let mut versions: Vec<String> = names("sqlite").iter().map(|name| name.split('_').next().unwrap().to_owned()).collect();
    versions.dedup();
    assert_eq!(versions.len(), names("sqlite").len(), "each migration has a version of its own: {versions:?}");
    assert_eq!(columns("sqlite"), columns("postgres"));
    assert!(columns("sqlite").len() > 100);
}

#[test]
fn each_migration_has_a_version_of_its_own() {
    // Diesel takes what stands before the first underscore for the version, and of two with one version runs only one.
    let names = names("sqlite");
    let versions: std::collections::BTreeSet<&str> = names.iter().filter_map(|name| name.split('_').next()).collect();
    assert_eq!(versions.len(), names.len(), "{names:?}");
}

#[test]
fn the_program_knows_every_column() {
    let schema = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platform/db/schema.rs")).unwrap();
    let mut known = Vec::new();
    let mut table = String::new();
    for line in schema.lines().map(str::trim) {
        if let (true, Some((name, _))) = (line.ends_with('{') && line.contains(" ("), line.split_once(" (")) {
            table = name.to_owned();
        } else if let (false, Some((column, _))) = (line.starts_with("diesel::"), line.split_once(" -> ")) {
            known.push(format!("{table}.{column}"));
        }
    }
    known.sort();
    assert_eq!(known, columns("sqlite").into_keys().collect::<Vec<_>>());
}

#[test]
fn secrets_and_personal_values_are_stored_as_sealed_bytes() {
    // CR-12: no column of these classes has a type that could hold them in the clear.
    for (kind, bytes) in [("sqlite", "BLOB"), ("postgres", "bytea")] {
        for name in names(kind) {
            let text = std::fs::read_to_string(folder(kind).join(name).join("up.sql")).unwrap();
            for line in text.lines().filter(|line| line.ends_with("class: secret") || line.ends_with("class: personal")) {
                let column = added(line).map_or(line, |(_, column)| column);
                assert_eq!(column.split_whitespace().nth(1).map(|kind| kind.trim_end_matches([',', ';'])), Some(bytes), "{kind}: {line}");
            }
        }
    }
}

#[test]
fn up_down_up_on_sqlite() {
    let home = Folder::new();
    let mut connection = SqliteConnection::establish(&home.path().join("x.sqlite").display().to_string()).unwrap();
    let migrations = FileBasedMigrations::from_path(folder("sqlite")).unwrap();
    connection.run_pending_migrations(migrations.clone()).unwrap();
    connection.revert_all_migrations(migrations.clone()).unwrap();
    connection.run_pending_migrations(migrations).unwrap();
}

#[test]
fn up_down_up_on_postgres() {
    let database = Database::fresh();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    let migrations = FileBasedMigrations::from_path(folder("postgres")).unwrap();
    connection.run_pending_migrations(migrations.clone()).unwrap();
    connection.revert_all_migrations(migrations.clone()).unwrap();
    connection.run_pending_migrations(migrations).unwrap();
}
