//! Sign-ins by password: one after another, and many at the same moment while someone else asks for userinfo at a steady
//! pace.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::process;
use crate::units::{Cost, percentile, userinfo};
use crate::wire::Wire;
use crate::world::{Person, World};

/// Between two questions of the steady asker.
const PACE: Duration = Duration::from_millis(5);

/// What a storm did.
pub struct Storm {
    /// From the first sign-in sent to the last one answered.
    pub took: Duration,
    /// Processor time of the server for each sign-in.
    pub cpu: Duration,
    /// Userinfo meanwhile.
    pub userinfo: [Duration; 2],
    /// The most memory that was resident.
    pub resident: u64,
}

/// Sign-ins one after another, each by someone else: page, password, code.
pub fn sign_ins(world: &mut World, count: usize) -> Cost {
    let (server, id) = (world.server.address.clone(), world.server.id());
    let mut people: Vec<Person> = world.people.drain(..count).collect();
    world.runtime.block_on(join_all(people.iter().map(Person::wait_for_code)));
    let (mut times, before) = (Vec::new(), process::cpu(id));
    for person in &mut people {
        let begin = Instant::now();
        world.runtime.block_on(async {
            let page = person.open(&server).await;
            person.sign_in(page).await;
        });
        times.push(begin.elapsed());
    }
    let cpu = (process::cpu(id) - before) / u32::try_from(count).unwrap();
    times.sort();
    Cost { cpu, p50: percentile(&times, 50), p99: percentile(&times, 99) }
}

/// All who are left sign in at the same moment.
pub fn storm(world: &mut World, token: &str) -> Storm {
    let (server, id) = (world.server.address.clone(), world.server.id());
    let mut people = std::mem::take(&mut world.people);
    world.runtime.block_on(join_all(people.iter().map(Person::wait_for_code)));
    let pages = world.runtime.block_on(join_all(people.iter().map(|person| person.open(&server))));
    let (over, count) = (AtomicBool::new(false), u32::try_from(people.len()).unwrap());
    let (before, begin) = (process::cpu(id), Instant::now());
    let world = &*world;
    let (took, (times, resident)) = std::thread::scope(|scope| {
        let asker = scope.spawn(|| ask_steadily(world, token, &over));
        // Also when a sign-in fails, or the asker would go on for ever.
        let stop = Stop(&over);
        let all = people.iter_mut().zip(pages).map(|(person, page)| person.sign_in(page));
        world.runtime.block_on(join_all(all));
        let took = begin.elapsed();
        drop(stop);
        (took, asker.join().unwrap())
    });
    let cpu = (process::cpu(id) - before) / count;
    Storm { took, cpu, userinfo: [percentile(&times, 50), percentile(&times, 99)], resident }
}

/// Stops the steady asker when it goes.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Asks for userinfo every [`PACE`]. A question that should have been asked while another was waited for is counted from
/// when it should have been. Returns the sorted times and the most memory seen.
fn ask_steadily(world: &World, token: &str, over: &AtomicBool) -> (Vec<Duration>, u64) {
    let mut wire = Wire::connect(world.host());
    let (mut times, mut resident, mut due) = (Vec::new(), 0, Instant::now());
    while !over.load(Ordering::SeqCst) {
        userinfo(&mut wire, token);
        times.push(due.elapsed());
        if times.len() % 10 == 0 {
            resident = resident.max(process::resident(world.server.id()));
        }
        due += PACE;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    times.sort();
    (times, resident)
}
