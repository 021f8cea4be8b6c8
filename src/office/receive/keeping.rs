//! The queue before the database: what comes together is kept together. Begin with [`Queue`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::spawn;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::{DatabaseError, Kept, ReceiveError, Received, Store};

/// Bundles that wait for the database; more are told to come back.
const LONGEST_QUEUE: usize = 256;

/// The most bundles in one transaction.
const MOST_AT_ONCE: usize = 64;

/// How long a transaction may take: a database that is there and says nothing must not stop all that comes after.
const LONGEST: Duration = Duration::from_mins(1);

/// How long the bundles of a transaction that failed are tried one by one.
const ONE_BY_ONE: Duration = Duration::from_secs(20);

/// A bundle, and who waits for what becomes of it.
type Job = (Received, oneshot::Sender<Result<Kept, Arc<DatabaseError>>>);

/// Where bundles wait to be kept. Copies are one queue.
#[derive(Debug, Clone)]
pub(super) struct Queue(mpsc::Sender<Job>);

impl Queue {
    /// Starts the task that keeps what waits.
    pub(super) fn start(store: Arc<Store>) -> Self {
        let (queue, jobs) = mpsc::channel(LONGEST_QUEUE);
        spawn(keep_all(store, jobs));
        Self(queue)
    }

    /// Whether that task goes on.
    pub(super) fn is_alive(&self) -> bool {
        !self.0.is_closed()
    }

    /// Waits until a bundle is kept, or nothing can be decided of it.
    pub(super) async fn keep(&self, received: Received) -> Result<Kept, ReceiveError> {
        let (answer, kept) = oneshot::channel();
        self.0.try_send((received, answer)).map_err(|_| ReceiveError::Busy)?;
        Ok(kept.await.map_err(|_| ReceiveError::Busy)??)
    }
}

/// Keeps what comes, as many in a transaction as have come meanwhile, until nobody can send any more.
async fn keep_all(store: Arc<Store>, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(MOST_AT_ONCE);
    while jobs.recv_many(&mut batch, MOST_AT_ONCE).await > 0 {
        let (received, answers): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        let received = Arc::new(received);
        match keep(&store, &received).await {
            Ok(kept) => {
                for (answer, kept) in answers.into_iter().zip(kept) {
                    // Whoever asked may have hung up; the bundle is kept all the same.
                    let _ = answer.send(Ok(kept));
                }
            }
            Err(error) if error.is_fleeting() || matches!(error, DatabaseError::Unsure(_)) => {
                // The database is away, or did not say whether they are stored; none of them is wrong: each comes again.
                tracing::error!("{} bundles are not kept: {error}", received.len());
                let error = Arc::new(error);
                for answer in answers {
                    let _ = answer.send(Err(error.clone()));
                }
            }
            Err(error) => {
                tracing::error!("{} bundles can't be kept together: {error}", received.len());
                let received = Arc::unwrap_or_clone(received);
                keep_each(&store, received.into_iter().zip(answers)).await;
            }
        }
    }
}

/// Keeps bundles in a task of its own: should a bundle end it by a fault of the program, that is the end of this task alone.
async fn keep(store: &Arc<Store>, received: &Arc<Vec<Received>>) -> Result<Vec<Kept>, DatabaseError> {
    let (store, received) = (store.clone(), received.clone());
    let keeping = spawn(async move { timeout(LONGEST, store.keep(&received)).await });
    match keeping.await {
        Ok(Ok(kept)) => kept,
        Ok(Err(_)) => Err(DatabaseError::Silent),
        Err(error) => Err(DatabaseError::Unexpected(error.to_string())),
    }
}

/// Keeps bundles each in a transaction of its own, so that one that can't be kept holds up no other.
///
/// If it is the database that fails, each would be waited for: after a while the others are told to come back.
async fn keep_each(store: &Arc<Store>, jobs: impl Iterator<Item = Job>) {
    let since = Instant::now();
    for (received, answer) in jobs {
        if since.elapsed() > ONE_BY_ONE {
            // Whoever waits for an answer learns that nobody is left to give it.
            break;
        }
        let (kiosk, sequence) = (received.kiosk.clone(), received.sequence);
        let kept = keep(store, &Arc::new(vec![received])).await;
        let kept = kept.map(|kept| kept.into_iter().next()).map_err(|error| {
            tracing::error!("number {sequence} of {kiosk} can't be kept: {error}");
            Arc::new(error)
        });
        if let Some(kept) = kept.transpose() {
            let _ = answer.send(kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::{Builder, Runtime};

    use super::*;
    use crate::office::store::Objection;

    fn bundle(sequence: u64) -> Received {
        Received {
            kiosk: "kiosk-0123456789abcdef".to_owned(),
            public_key: "a key".to_owned(),
            sequence,
            blake3: String::new(),
            made: String::new(),
            at: 0,
            content: Err(Objection::Unread),
            undated_after: None,
            bundle: [].into(),
            packed: None,
        }
    }

    /// A file is waited for in a way that ends the task where a runtime has one thread: so does every bundle here.
    #[test]
    fn a_bundle_that_ends_its_task_does_not_end_the_queue() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("office.db");
        let several = Runtime::new().unwrap();
        let store = several.block_on(async { Store::open(file.to_str().unwrap()).await.unwrap() });
        let one = Builder::new_current_thread().enable_all().build().unwrap();
        one.block_on(async {
            let (jobs, queue) = mpsc::channel(4);
            let keeping = spawn(keep_all(Arc::new(store), queue));
            for sequence in 1..3 {
                let (answer, kept) = oneshot::channel();
                jobs.send((bundle(sequence), answer)).await.unwrap();
                let error = kept.await.expect("an answer").expect_err("no database");
                assert!(error.to_string().contains("panicked"), "{error}");
            }
            drop(jobs);
            keeping.await.expect("an end in peace");
        });
    }
}
