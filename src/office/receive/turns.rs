//! How much is done at the same time, whoever sends how much. Begin with [`Turns`].

use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use super::ReceiveError;

/// The most KiB of unpacked statistics that are read and kept at the same time: twenty usual months. Until they are stored they take
/// up to a hundred and sixty times as much memory, if they are made to. Others wait.
const UNPACKED_KIB: u32 = 1024;

/// Up to so many KiB unpacked, which is more than two usual months, a bundle has as much for itself and others like it: it need not wait
/// until the large ones of somebody who means no good are read one by one.
const SMALL_KIB: u32 = 128;

/// Who may go on, and who waits. Copies share their turns.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    /// A thread for each. The runtime's own threads would be asked one by one, and a processor would wait whenever one is done.
    processors: Arc<ThreadPool>,
    small_kib: Arc<Semaphore>,
    large_kib: Arc<Semaphore>,
}

impl Turns {
    pub(super) fn new() -> Self {
        let turns = |n| Arc::new(Semaphore::new(n));
        let threads = ThreadPoolBuilder::new().thread_name(|number| format!("check-{number}"));
        // A bundle that ends its work by a fault of the program ends nothing else: whoever waits for it is told to come back.
        let threads = threads.panic_handler(|_| tracing::error!("a bundle ended its own check"));
        Self {
            processors: Arc::new(threads.build().expect("a thread for each processor")),
            small_kib: turns(UNPACKED_KIB as usize),
            large_kib: turns(UNPACKED_KIB as usize),
        }
    }

    /// Room for so many bytes unpacked, until it is dropped.
    pub(super) async fn room(&self, bytes: u64) -> Result<SemaphorePermit<'_>, ReceiveError> {
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(UNPACKED_KIB);
        let all = if kib <= SMALL_KIB {
            &self.small_kib
        } else {
            &self.large_kib
        };
        let room = all.acquire_many(kib.min(UNPACKED_KIB)).await;
        room.map_err(|_| ReceiveError::Busy)
    }

    /// Checking and signing take a processor for a while: as many at a time as there are, in the order in which they come.
    pub(super) async fn on_a_processor<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ReceiveError> {
        let (done, waiting) = oneshot::channel();
        self.processors.spawn_fifo(move || {
            // For whoever hung up before their turn came nothing is done.
            if !done.is_closed() {
                drop(done.send(work()));
            }
        });
        waiting.await.map_err(|_| ReceiveError::Busy)
    }
}
