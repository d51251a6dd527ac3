//! What the kernel says of the server's process.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What each thread of each process had used when it was last looked at. Threads end, and what they used stays used.
static SEEN: Mutex<BTreeMap<(u32, String), u64>> = Mutex::new(BTreeMap::new());

/// The processor time of all its threads up to now.
pub fn cpu(process: u32) -> Duration {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let threads = fs::read_dir(format!("/proc/{process}/task")).unwrap_or_else(|error| panic!("the server has ended: {error}"));
    for thread in threads.flatten() {
        let text = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        if let Some(used) = text.split(' ').next().and_then(|word| word.parse().ok()) {
            seen.insert((process, thread.file_name().to_string_lossy().into_owned()), used);
        }
    }
    Duration::from_nanos(seen.iter().filter(|((of, _), _)| *of == process).map(|(_, used)| used).sum())
}

/// Its resident memory in bytes.
pub fn resident(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
