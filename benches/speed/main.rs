//! How fast the server is: `tests/run bench` prints a table.
//!
//! Processor time of the server's own process comes first, because it moves least from run to run; times until the answer
//! include the driver, which shares the machine. On each pair of databases everything is made anew. About three minutes.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what cannot be measured ends the run; nothing here is shipped"
)]

mod page;
mod process;
mod storm;
#[path = "../../tests/it/support/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the tests use the rest of it")]
mod support;
mod units;
mod wire;
mod world;

use std::time::Duration;

use storm::Storm;
use support::Backend;
use units::{Cost, Steps};
use world::{SINGLE, STORM, World};

/// Everything measured on one pair of databases.
struct Figures {
    units: Vec<(&'static str, Cost)>,
    storm: Storm,
    first_start: Duration,
    start: Duration,
    at_rest: u64,
    under_load: u64,
    after: u64,
    page: usize,
}

fn main() {
    if std::env::var_os("TEST_POSTGRES_URL").is_none() || std::env::var_os("TEST_REDIS_URL").is_none() {
        eprintln!("There is no Postgres and no Redis to measure with. Start this by: tests/run bench");
        std::process::exit(1);
    }
    let on = [Backend::Sqlite, Backend::Postgres].map(measure);
    println!("{}", table(&on));
}

fn measure(backend: Backend) -> Figures {
    eprintln!("measuring on {backend:?}");
    let mut world = World::make(backend);
    let id = world.server.id();
    std::thread::sleep(Duration::from_secs(2));
    let at_rest = process::resident(id);
    let mut units =
        vec![("discovery", units::document(&world, "/.well-known/openid-configuration")), ("JWKS", units::document(&world, "/jwks.json"))];
    let Steps { authorize, token, userinfo_first, userinfo, access_token } = units::steps(&world, &world.applications[0]);
    units.extend([
        ("authorize with a session", authorize),
        ("token (ES256)", token),
        ("userinfo, first use of a token", userinfo_first),
        ("userinfo", userinfo),
        ("whole flow, ES256", units::flow(&world, &world.applications[0])),
        ("whole flow, RS256", units::flow(&world, &world.applications[1])),
    ]);
    let under_load = process::resident(id);
    let page = page::cold_sign_in(world.host());
    units.push(("password sign-in", storm::sign_ins(&mut world, SINGLE)));
    let storm = storm::storm(&mut world, &access_token);
    std::thread::sleep(Duration::from_millis(10_500));
    let after = process::resident(id);
    Figures { units, storm, first_start: world.first_start, start: world.start, at_rest, under_load, after, page }
}

/// A time as people compare it.
fn time(time: Duration) -> String {
    match time.as_micros() {
        micros @ 0..1_000 => format!("{micros} us"),
        1_000..10_000 => format!("{:.1} ms", time.as_secs_f64() * 1e3),
        _ => format!("{:.0} ms", time.as_secs_f64() * 1e3),
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / 1_048_576.0)
}

fn table(on: &[Figures; 2]) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut lines = vec![
        format!("On {cores} cores, which the driver shares. CPU is that of the server's own process for one unit."),
        String::new(),
        "| Unit | SQLite: CPU | p50 | p99 | Postgres and Redis: CPU | p50 | p99 |".into(),
        "|---|---|---|---|---|---|---|".into(),
    ];
    for ((name, lite), (_, postgres)) in on[0].units.iter().zip(&on[1].units) {
        let cells: Vec<String> = [lite, postgres].iter().flat_map(|cost| [cost.cpu, cost.p50, cost.p99]).map(time).collect();
        lines.push(format!("| {name} | {} |", cells.join(" | ")));
    }
    let row = |name: &str, of: &dyn Fn(&Figures) -> String| format!("| {name} | {} | {} |", of(&on[0]), of(&on[1]));
    lines.extend([
        String::new(),
        "| | SQLite | Postgres and Redis |".into(),
        "|---|---|---|".into(),
        row(&format!("{STORM} sign-ins at the same moment"), &|f| format!("{}, {} CPU each", time(f.storm.took), time(f.storm.cpu))),
        row("userinfo meanwhile, p50 and p99", &|f| f.storm.userinfo.map(time).join(", ")),
        row("start, the first and on existing data", &|f| format!("{}, {}", time(f.first_start), time(f.start))),
        row("resident at rest", &|f| mebibytes(f.at_rest)),
        row("resident under load of applications", &|f| mebibytes(f.under_load)),
        row("resident in the storm, with its hashes", &|f| mebibytes(f.storm.resident)),
        row("resident ten seconds after", &|f| mebibytes(f.after)),
        row("sign-in page with all it loads, in a new browser", &|f| format!("{:.1} KB", f.page as f64 / 1000.0)),
    ]);
    lines.join("\n")
}
