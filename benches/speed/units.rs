//! The units of work, each as an application or a browser asks for it, and how one is measured: several connections ask
//! one after another, and the processor time that the server spent meanwhile is divided by the number of units.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::process;
use crate::support::relying_party::{Application, Asked, basic};
use crate::wire::Wire;
use crate::world::World;

/// Connections that ask at the same time.
const LANES: usize = 4;
/// How often each unit is measured; the median counts.
const ROUNDS: usize = 5;

/// What one unit costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Processor time of the server.
    pub cpu: Duration,
    /// The time until the answer, as half of them see it.
    pub p50: Duration,
    /// And as all but one in a hundred do.
    pub p99: Duration,
}

/// The value below which this share (in hundredths) of sorted values lies.
pub fn percentile(sorted: &[Duration], share: usize) -> Duration {
    sorted.get((sorted.len() * share / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// Has each connection take one input after another. Returns what came out and what one cost.
fn round<I: Send, O: Send>(world: &World, inputs: Vec<I>, unit: impl Fn(&mut Wire, I) -> O + Sync) -> (Vec<O>, Cost) {
    let inputs = Mutex::new(inputs);
    let count = u32::try_from(inputs.lock().unwrap().len()).unwrap();
    let next = || inputs.lock().unwrap().pop();
    let lane = || {
        let mut wire = Wire::connect(world.host());
        let (mut out, mut times) = (Vec::new(), Vec::new());
        while let Some(input) = next() {
            let begin = Instant::now();
            out.push(unit(&mut wire, input));
            times.push(begin.elapsed());
        }
        (out, times)
    };
    let before = process::cpu(world.server.id());
    let lanes = std::thread::scope(|scope| {
        let running: Vec<_> = (0..LANES).map(|_| scope.spawn(lane)).collect();
        running.into_iter().map(|lane| lane.join().unwrap()).collect::<Vec<_>>()
    });
    let cpu = (process::cpu(world.server.id()) - before) / count;
    let (mut out, mut times) = (Vec::new(), Vec::new());
    for (some, took) in lanes {
        out.extend(some);
        times.extend(took);
    }
    times.sort();
    (out, Cost { cpu, p50: percentile(&times, 50), p99: percentile(&times, 99) })
}

/// The median of each figure by itself.
fn median(costs: &[Cost]) -> Cost {
    let of = |figure: fn(&Cost) -> Duration| {
        let mut all: Vec<Duration> = costs.iter().map(figure).collect();
        all.sort();
        percentile(&all, 50)
    };
    Cost { cpu: of(|cost| cost.cpu), p50: of(|cost| cost.p50), p99: of(|cost| cost.p99) }
}

/// Reads a public document many times.
pub fn document(world: &World, path: &str) -> Cost {
    let read = |wire: &mut Wire, ()| drop(wire.get(path, &[]).expect(200));
    round(world, vec![(); 500], read);
    let costs: Vec<Cost> = (0..ROUNDS).map(|_| round(world, vec![(); 2000], read).1).collect();
    median(&costs)
}

/// What a flow is made of.
pub struct Steps {
    /// `/authorize` with a live session and a consent that stands.
    pub authorize: Cost,
    /// A code exchanged for tokens.
    pub token: Cost,
    /// The first use of an access token at userinfo, which the ledger records.
    pub userinfo_first: Cost,
    /// Every further use.
    pub userinfo: Cost,
    /// A token that goes on being usable.
    pub access_token: String,
}

/// Measures the steps of a flow apart.
pub fn steps(world: &World, application: &Application) -> Steps {
    let mut costs: [Vec<Cost>; 4] = Default::default();
    let mut last = String::new();
    for number in 0..=ROUNDS {
        let asked = asked(application, 100);
        let (codes, authorize) = round(world, asked, |wire, asked| (world.authorize(wire, application, &asked), asked));
        let (tokens, token) = round(world, codes, |wire, (code, asked)| exchange(wire, application, &asked, &code));
        last = tokens[0].clone();
        let (_, first) = round(world, tokens.clone(), |wire, token| userinfo(wire, &token));
        let repeated = (0..5).flat_map(|_| tokens.clone()).collect();
        let (_, again) = round(world, repeated, |wire, token| userinfo(wire, &token));
        // The first round warms up.
        if number > 0 {
            for (list, cost) in costs.iter_mut().zip([authorize, token, first, again]) {
                list.push(cost);
            }
        }
    }
    let [authorize, token, userinfo_first, userinfo] = costs.map(|costs| median(&costs));
    Steps { authorize, token, userinfo_first, userinfo, access_token: last }
}

/// Measures whole flows: authorize, token, userinfo.
pub fn flow(world: &World, application: &Application) -> Cost {
    let whole = |wire: &mut Wire, asked: Asked| {
        let code = world.authorize(wire, application, &asked);
        let token = exchange(wire, application, &asked, &code);
        userinfo(wire, &token);
    };
    round(world, asked(application, 20), whole);
    let costs: Vec<Cost> = (0..ROUNDS).map(|_| round(world, asked(application, 80), whole).1).collect();
    median(&costs)
}

fn asked(application: &Application, count: usize) -> Vec<Asked> {
    (0..count).map(|_| application.ask("openid profile email", &[])).collect()
}

impl World {
    /// Sends the owner's browser to `/authorize` and returns the code, going on as long as it is sent on within the server.
    fn authorize(&self, wire: &mut Wire, application: &Application, asked: &Asked) -> String {
        let mut path = asked.url[url::Position::BeforePath..].to_owned();
        let mut cookies = self.cookies.clone();
        loop {
            let reply = wire.get(&path, &[("cookie", &cookies)]).expect(303);
            if let Some(kept) = reply.header("set-cookie").and_then(|line| line.split(';').next()) {
                cookies = format!("{cookies}; {kept}");
            }
            let to = reply.header("location").unwrap();
            if to.starts_with(&application.redirect_uri) {
                return application.code(asked, &url::Url::parse(to).unwrap());
            }
            path = to.to_owned();
            assert!(path.starts_with("/authorize/"), "sent to {path}");
        }
    }
}

fn exchange(wire: &mut Wire, application: &Application, asked: &Asked, code: &str) -> String {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(application.token_fields(asked, code)).finish();
    let authorization = basic(&application.client_id, application.secret.as_deref().unwrap());
    let reply = wire.post("/token", &[("authorization", &authorization)], &form).expect(200);
    let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert!(answer["id_token"].is_string());
    answer["access_token"].as_str().unwrap().to_owned()
}

/// Asks for the claims of a person.
pub fn userinfo(wire: &mut Wire, token: &str) {
    let reply = wire.get("/userinfo", &[("authorization", &format!("Bearer {token}"))]).expect(200);
    assert!(reply.body.windows(5).any(|part| part == b"\"sub\""));
}
