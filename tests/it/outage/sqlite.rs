//! SQLite while another process writes and does not end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::{at_the_code, database, often, signed_in, told_to_wait};
use crate::support::Backend;
use crate::support::app::Inside;
use crate::support::http::Http;
use crate::support::people::Ana;
use crate::support::rows::rows;

/// LG-10: anyone who only reads goes on; anyone who writes is told to come again, with nothing done.
#[tokio::test]
async fn a_file_that_is_locked_is_answered_and_outlived() {
    let server = Inside::start(Backend::Sqlite).await;
    let ana = Ana::arrive(&server).await;
    let (http, page) = at_the_code(&server).await;
    let url = database(&server);
    let before = rows(&url);
    let mut other = SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    let code = ana.code(&server);
    let typed = [("code", code.as_str())];
    let answer = http.send_form(&page, "/totp", &typed);
    let ana_http = Arc::new(Http::new(&server.address));
    for (name, value) in ana.http.cookies() {
        ana_http.set_cookie(&name, &value);
    }
    let (answer, (readers, quick)) = tokio::join!(answer, often(&ana_http, "/health/ready", 20));
    assert!(readers.iter().all(|answer| answer.status == 200) && quick < Duration::from_secs(4), "{quick:?}");
    told_to_wait(&answer, "very busy right now");
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert_eq!(rows(&url), before);
    other.batch_execute("ROLLBACK").unwrap();
    let page = http.get(page.url.path()).await.expect(200);
    let answer = http.send_form(&page, "/totp", &[("code", &ana.code(&server))]).await.expect(303);
    assert!(signed_in(&answer), "the code was not spent");
}
