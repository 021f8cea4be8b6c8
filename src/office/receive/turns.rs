//! How much is done at the same time, whoever sends how much. Begin with [`Turns`].

use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;

use super::ReceiveError;

/// The most KiB of unpacked statistics that are read and kept at the same time: twenty usual months. Until they are stored they take
/// up to eighty times as much memory, if they are made to. Others wait.
const UNPACKED_KIB: u32 = 1024;

/// Up to so many KiB unpacked, which is more than two usual months, a bundle has as much for itself and others like it: it need not wait
/// until the large ones of somebody who means no good are read one by one.
const SMALL_KIB: u32 = 128;

/// Who may go on, and who waits. Copies share their turns.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    processors: Arc<Semaphore>,
    small_kib: Arc<Semaphore>,
    large_kib: Arc<Semaphore>,
}

impl Turns {
    pub(super) fn new() -> Self {
        let turns = |n| Arc::new(Semaphore::new(n));
        Self {
            processors: turns(available_parallelism().map_or(1, usize::from)),
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

    /// Checking and signing take a processor for a while: as many at a time as there are.
    pub(super) async fn on_a_processor<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ReceiveError> {
        let turn = self.processors.clone().acquire_owned().await;
        let turn = turn.map_err(|_| ReceiveError::Busy)?;
        // Whoever hangs up meanwhile gives no turn back: the work goes on.
        let work = move || {
            let done = work();
            drop(turn);
            done
        };
        spawn_blocking(work).await.map_err(|_| ReceiveError::Busy)
    }
}
