//! No more browsers work at a time than the machine has cores: a browser that waits for a core looks like a page that does
//! not come.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::{Arc, LazyLock};
use std::thread::available_parallelism;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

static CORES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))));

thread_local! {
    /// The place of the test of this thread, while it has a browser.
    static HELD: RefCell<Weak<Place>> = const { RefCell::new(Weak::new()) };
}

/// The right of one test to have browsers. It drives them in turn, so they share it: with a place for each, two tests that
/// want a second one could wait for each other for ever.
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Place {
    /// Waits until there is one.
    pub(super) async fn take() -> Rc<Self> {
        if let Some(held) = HELD.with_borrow(Weak::upgrade) {
            return held;
        }
        let permit = CORES.clone().acquire_owned().await.unwrap();
        let place = Rc::new(Self { _permit: permit });
        HELD.set(Rc::downgrade(&place));
        place
    }
}
