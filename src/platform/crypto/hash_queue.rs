//! The queue before the hashing threads: bounded, and in classes by who asks, so that no number of strangers keeps a
//! signed-in person or a known device waiting for longer than the hashes that are being computed (TH-06, PW-12).

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use argon2::Block;

/// Who asks for a hash, those who are served first at the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A signed-in person, or one who has proved a factor.
    Session,
    /// A browser that has signed its person in before.
    KnownDevice,
    /// Anyone else: last, and at most half of the queue.
    Stranger,
}

/// A thread that was not needed for so long gives its memory back.
const IDLE: Duration = Duration::from_secs(10);

/// A job, and the memory it works in.
pub(super) type HashJob = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

#[derive(Default)]
struct Waiting {
    session: VecDeque<HashJob>,
    known_device: VecDeque<HashJob>,
    stranger: VecDeque<HashJob>,
    /// No one can ask from now on: the threads finish what waits and end.
    closed: bool,
}

impl Waiting {
    fn of(&mut self, class: Class) -> &mut VecDeque<HashJob> {
        match class {
            Class::Session => &mut self.session,
            Class::KnownDevice => &mut self.known_device,
            Class::Stranger => &mut self.stranger,
        }
    }

    fn len(&self) -> usize {
        self.session.len() + self.known_device.len() + self.stranger.len()
    }

    fn pop(&mut self) -> Option<HashJob> {
        self.session.pop_front().or_else(|| self.known_device.pop_front()).or_else(|| self.stranger.pop_front())
    }
}

pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    wake: Condvar,
    threads: usize,
    most: usize,
    /// How long a job takes, in microseconds: a moving average.
    usual: AtomicU64,
}

impl Queue {
    pub(super) fn new(threads: usize, most: usize) -> Self {
        Self { waiting: Mutex::default(), wake: Condvar::new(), threads, most, usual: AtomicU64::new(100_000) }
    }

    /// Puts a job at the end of its class. False when there is no room: for strangers, when half the queue is theirs.
    pub(super) fn push(&self, class: Class, job: HashJob) -> bool {
        {
            let mut waiting = self.locked();
            let full = waiting.len() >= self.most || (class == Class::Stranger && waiting.stranger.len() >= self.most.div_ceil(2));
            if full {
                return false;
            }
            waiting.of(class).push_back(job);
        }
        self.wake.notify_one();
        true
    }

    /// Waits for a job; `None` when there will be no more.
    pub(super) fn next(&self, memory: &mut Vec<Block>) -> Option<HashJob> {
        let mut waiting = self.locked();
        loop {
            if let Some(job) = waiting.pop() {
                return Some(job);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.rest(waiting, memory, IDLE);
        }
    }

    /// Sleeps until called. A thread that was not called for `idle` gives its memory back first.
    fn rest<'a>(&'a self, waiting: MutexGuard<'a, Waiting>, memory: &mut Vec<Block>, idle: Duration) -> MutexGuard<'a, Waiting> {
        if memory.is_empty() {
            return self.wake.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        let (waiting, waited) = self.wake.wait_timeout(waiting, idle).unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && waiting.len() == 0 {
            // Giving back many megabytes takes a while: nobody waits for the queue meanwhile.
            drop(waiting);
            *memory = Vec::new();
            return self.locked();
        }
        waiting
    }

    pub(super) fn close(&self) {
        // Under the lock, or a thread on its way to sleep would miss the call.
        self.locked().closed = true;
        self.wake.notify_all();
    }

    pub(super) fn took(&self, time: Duration) {
        let (usual, micros) = (self.usual.load(Ordering::Relaxed), u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
        self.usual.store((usual / 8).saturating_mul(7).saturating_add(micros / 8), Ordering::Relaxed);
    }

    /// About how long what waits now takes.
    pub(super) fn wait(&self) -> Duration {
        let jobs = u64::try_from(self.locked().len() + 1).unwrap_or(u64::MAX);
        let threads = u64::try_from(self.threads).unwrap_or(1);
        Duration::from_micros(self.usual.load(Ordering::Relaxed).saturating_mul(jobs) / threads)
    }

    #[cfg(test)]
    pub(super) fn is_closed(&self) -> bool {
        self.locked().closed
    }

    fn locked(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fills a queue of eight with strangers.
    fn crowded() -> (Queue, usize) {
        let queue = Queue::new(1, 8);
        let inside = (0..20).filter(|_| queue.push(Class::Stranger, Box::new(|_| {}))).count();
        (queue, inside)
    }

    #[test]
    fn strangers_have_half_the_queue_and_come_last() {
        // TH-06, PW-12
        let (queue, inside) = crowded();
        assert_eq!(inside, 4);
        let order = std::sync::Arc::new(Mutex::new(Vec::new()));
        let told = |class: Class| -> HashJob {
            let order = order.clone();
            Box::new(move |_| order.lock().unwrap().push(class))
        };
        for class in [Class::KnownDevice, Class::Session, Class::KnownDevice, Class::Session] {
            assert!(queue.push(class, told(class)));
        }
        assert!(!queue.push(Class::Session, told(Class::Session)), "a full queue is full");
        queue.close();
        let mut jobs = 0;
        while let Some(job) = queue.next(&mut Vec::new()) {
            job(&mut Vec::new());
            jobs += 1;
        }
        assert_eq!(jobs, 8);
        assert_eq!(*order.lock().unwrap(), [Class::Session, Class::Session, Class::KnownDevice, Class::KnownDevice]);
    }

    #[test]
    fn a_busy_queue_says_how_long_it_will_be() {
        // TH-12
        let (queue, _) = crowded();
        for _ in 0..100 {
            queue.took(Duration::from_secs(2));
        }
        let wait = queue.wait();
        assert!((Duration::from_secs(9)..=Duration::from_secs(10)).contains(&wait), "{wait:?}");
    }

    #[test]
    fn an_idle_thread_gives_its_memory_back() {
        // PW-12
        let (queue, mut memory) = (Queue::new(1, 8), vec![Block::new()]);
        assert!(queue.push(Class::Session, Box::new(|_| {})));
        let mut waiting = queue.rest(queue.locked(), &mut memory, Duration::ZERO);
        assert_eq!(memory.len(), 1, "work was waiting");
        drop(waiting.pop());
        while !memory.is_empty() {
            waiting = queue.rest(waiting, &mut memory, Duration::ZERO);
        }
        assert_eq!(memory.capacity(), 0);
    }
}
