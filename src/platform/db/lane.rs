//! The bounded queue of the database threads. A job goes to the thread that rested last: its connection has in memory
//! what was asked for a moment ago, and where little is asked the other connections are never opened.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use crate::kernel::Fault;
use crate::kernel::fault::FaultKind;

/// The sender of a queue. When it goes nobody can ask any more, and the threads end.
pub(super) struct LaneSender<J>(Arc<Lane<J>>);

impl<J> LaneSender<J> {
    /// The sender of a new queue in which at most `most` jobs wait.
    pub(super) fn new(most: usize) -> Self {
        Self(Arc::new(Lane { state: Mutex::new(LaneState { waiting: VecDeque::new(), resting: Vec::new(), closed: false }), most }))
    }

    /// The queue, for a thread that serves it.
    pub(super) fn lane(&self) -> Arc<Lane<J>> {
        self.0.clone()
    }

    /// Puts a job in.
    ///
    /// # Errors
    /// When the queue is full.
    pub(super) fn push(&self, job: J) -> Result<(), Fault> {
        let mut state = self.0.locked();
        if state.waiting.len() >= self.0.most {
            return Err(Fault::new(FaultKind::Busy, "the database queue is full"));
        }
        state.waiting.push_back(job);
        let rested_last = state.resting.pop();
        drop(state);
        if let Some(thread) = rested_last {
            thread.unpark();
        }
        Ok(())
    }
}

impl<J> Drop for LaneSender<J> {
    fn drop(&mut self) {
        let mut state = self.0.locked();
        state.closed = true;
        let resting = std::mem::take(&mut state.resting);
        drop(state);
        resting.iter().for_each(Thread::unpark);
    }
}

/// A queue with its resting threads.
pub(super) struct Lane<J> {
    state: Mutex<LaneState<J>>,
    most: usize,
}

struct LaneState<J> {
    waiting: VecDeque<J>,
    resting: Vec<Thread>,
    closed: bool,
}

impl<J> Lane<J> {
    /// Waits for a job; `None` when there will be none any more.
    pub(super) fn next(&self) -> Option<J> {
        let this = thread::current();
        loop {
            let mut state = self.locked();
            if let Some(job) = state.waiting.pop_front() {
                // Woken without being called, it may still be among those that rest.
                state.resting.retain(|thread| thread.id() != this.id());
                return Some(job);
            }
            if state.closed {
                return None;
            }
            if !state.resting.iter().any(|thread| thread.id() == this.id()) {
                state.resting.push(this.clone());
            }
            drop(state);
            thread::park();
        }
    }

    /// Up to `most` jobs that wait at this moment.
    pub(super) fn waiting(&self, most: usize) -> Vec<J> {
        let waiting = &mut self.locked().waiting;
        let count = waiting.len().min(most);
        waiting.drain(..count).collect()
    }

    fn locked(&self) -> MutexGuard<'_, LaneState<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn jobs_wait_in_order_up_to_a_bound() {
        // TH-12
        let sender = LaneSender::new(3);
        let lane = sender.lane();
        (1..=3).for_each(|job| sender.push(job).unwrap());
        assert_eq!(sender.push(4).unwrap_err().kind, FaultKind::Busy);
        drop(sender);
        assert_eq!((lane.next(), lane.waiting(1), lane.waiting(8)), (Some(1), vec![2], vec![3]));
        assert_eq!(lane.next(), None);
    }

    #[test]
    fn each_job_is_done_once_and_closing_ends_all_threads() {
        let (sender, (told, done)) = (LaneSender::new(1_000), mpsc::channel());
        thread::scope(|scope| {
            for _ in 0..4 {
                let (lane, told) = (sender.lane(), told.clone());
                scope.spawn(move || {
                    while let Some(job) = lane.next() {
                        told.send(job).unwrap();
                    }
                });
            }
            (0..1_000).for_each(|job| sender.push(job).unwrap());
            let mut seen: Vec<i32> = (0..1_000).map(|_| done.recv().unwrap()).collect();
            seen.sort_unstable();
            assert!(seen.into_iter().eq(0..1_000));
            drop(sender);
        });
    }
}
