//! The queue before the database: what comes together is kept together. Begin with [`keep_all`].

use std::slice::from_ref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::{DatabaseError, Kept, Received, Store};

/// The most bundles in one transaction.
const MOST_AT_ONCE: usize = 64;

/// How long the bundles of a transaction that failed are tried one by one.
const ONE_BY_ONE: Duration = Duration::from_secs(20);

/// A bundle, and who waits for what becomes of it.
pub(super) type Job = (Received, oneshot::Sender<Result<Kept, Arc<DatabaseError>>>);

/// Keeps what comes, as many in a transaction as have come meanwhile, until nobody can send any more.
pub(super) async fn keep_all(store: Arc<Store>, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(MOST_AT_ONCE);
    while jobs.recv_many(&mut batch, MOST_AT_ONCE).await > 0 {
        let (received, answers): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        match store.keep(&received).await {
            Ok(kept) => {
                for (answer, kept) in answers.into_iter().zip(kept) {
                    // Whoever asked may have hung up; the bundle is kept all the same.
                    let _ = answer.send(Ok(kept));
                }
            }
            Err(error) => {
                tracing::error!("{} bundles can't be kept together: {error}", received.len());
                keep_each(&store, received.into_iter().zip(answers)).await;
            }
        }
    }
}

/// Keeps bundles each in a transaction of its own, so that one that can't be kept holds up no other.
///
/// If it is the database that fails, each would be waited for: after a while the others are told to come back.
async fn keep_each(store: &Store, jobs: impl Iterator<Item = Job>) {
    let since = Instant::now();
    for (received, answer) in jobs {
        if since.elapsed() > ONE_BY_ONE {
            // Whoever waits for an answer learns that nobody is left to give it.
            break;
        }
        let kept = store.keep(from_ref(&received)).await;
        let kept = kept.map(|kept| kept.into_iter().next()).map_err(|error| {
            tracing::error!(
                "number {} of {} can't be kept: {error}",
                received.sequence,
                received.kiosk
            );
            Arc::new(error)
        });
        if let Some(kept) = kept.transpose() {
            let _ = answer.send(kept);
        }
    }
}
