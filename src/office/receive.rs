//! A bundle arrives: is it whole, whose is it, what does it say, and what is answered.
//!
//! It doesn't matter which way it came. The answer is a receipt signed by the office wherever something was decided for
//! good, because a kiosk believes nothing else. Bundles that arrive together are kept together, in one transaction. Begin
//! with [`Receiver::receive`].

use std::io::Cursor;
use std::slice::from_ref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, Local};
use thiserror::Error;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::store::{Aside, DatabaseError, Kept, Objection, RETIRED, Received, Store};
use crate::bundle::{self, BundleError, Head, Key, Kind, Reader};
use crate::usage::receipt::{Receipt, Refused};
use crate::usage::statistics::{Statistics, StatisticsError};

/// The largest bundle, in bytes: 4 MiB as the interface promises.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// The most bundles in one transaction.
const MOST_AT_ONCE: usize = 64;

/// Bundles that wait for the database; more are told to come back.
const QUEUE: usize = 256;

/// The most bundles that one receipt names: ten years of days.
const MOST_NAMED: u64 = 4_000;

/// How many days a kiosk's calendar may be ahead of the office's.
const DAYS_AHEAD: u64 = 2;

/// How many days it may be ahead before it must be the kiosk's that is wrong: up to here it may be the office's.
const DAYS_IN_DOUBT: u64 = 31;

/// How long the bundles of a transaction that failed are tried one by one.
const ONE_BY_ONE: Duration = Duration::from_secs(20);

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Stored; the receipt as a bundle.
    Stored(Vec<u8>),
    /// Refused for good and kept aside: why, in Vietnamese, and the receipt that says so.
    Refused(String, Vec<u8>),
    /// Nothing can be decided yet: why, in Vietnamese. The kiosk keeps the bundle and sends it again.
    Undecided(String),
    /// The kiosk must be accepted first; the bundle waits in the office.
    Waiting,
    /// The kiosk must be accepted first; the bundle must wait on the kiosk.
    NoRoom,
    /// The kiosk is retired; the bundle is kept aside.
    Retired,
}

/// Why nothing was decided.
#[derive(Debug, Error)]
pub enum ReceiveError {
    /// It is no bundle, or not whole, or not signed by whom it says.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The database fails; come back.
    #[error("{0}")]
    Database(#[from] Arc<DatabaseError>),
    /// Too many at once, or the office is closing; come back.
    #[error("the office is busy")]
    Busy,
}

type Job = (Received, oneshot::Sender<Result<Kept, Arc<DatabaseError>>>);

/// Receives bundles. Copies share one queue.
#[derive(Debug, Clone)]
pub struct Receiver {
    key: Arc<Key>,
    queue: mpsc::Sender<Job>,
    processors: Arc<Semaphore>,
}

impl Receiver {
    /// Starts the task that keeps what is received; `key` signs receipts.
    #[must_use]
    pub fn start(store: Arc<Store>, key: Arc<Key>) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        tokio::spawn(keep_all(store, jobs));
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            key,
            queue,
            processors: Arc::new(Semaphore::new(processors)),
        }
    }

    /// Receives a bundle: checks it, keeps it, signs the receipt.
    ///
    /// # Errors
    /// Nothing was decided; see [`ReceiveError`].
    pub async fn receive(&self, bytes: Vec<u8>, now: DateTime<Local>) -> Result<Answer, ReceiveError> {
        let received = self.check(bytes, now).await?;
        self.keep(received, now).await
    }

    /// Opens a bundle and reads what it says.
    ///
    /// # Errors
    /// [`ReceiveError::Bundle`], [`ReceiveError::Busy`].
    pub async fn check(&self, bytes: Vec<u8>, now: DateTime<Local>) -> Result<Received, ReceiveError> {
        Ok(self.on_a_processor(move || check(bytes, now)).await??)
    }

    /// Keeps a bundle that was checked, and signs the receipt.
    ///
    /// # Errors
    /// [`ReceiveError::Database`], [`ReceiveError::Busy`].
    pub async fn keep(&self, received: Received, now: DateTime<Local>) -> Result<Answer, ReceiveError> {
        let (kiosk, sequence, blake3) = (received.kiosk.clone(), received.sequence, received.blake3.clone());
        let (answer, kept) = oneshot::channel();
        self.queue
            .try_send((received, answer))
            .map_err(|_| ReceiveError::Busy)?;
        let kept = kept.await.map_err(|_| ReceiveError::Busy)??;
        let mut receipt = Receipt {
            kiosk,
            ..Receipt::default()
        };
        Ok(match kept {
            Kept::Stored => {
                receipt.stored.insert(sequence, blake3);
                Answer::Stored(self.sign(receipt, now).await?)
            }
            Kept::Refused(why) => {
                let refused = Refused {
                    blake3,
                    why: why.clone(),
                };
                receipt.refused.insert(sequence, refused);
                Answer::Refused(why, self.sign(receipt, now).await?)
            }
            Kept::Undecided(why) => Answer::Undecided(why),
            Kept::Waiting => Answer::Waiting,
            Kept::NoRoom => Answer::NoRoom,
            Kept::Retired => Answer::Retired,
        })
    }

    /// A receipt for everything that was decided of a kiosk's bundles, to carry back on a stick.
    ///
    /// # Errors
    /// [`ReceiveError`].
    pub async fn receipt(&self, store: &Store, kiosk: &str, now: DateTime<Local>) -> Result<Vec<u8>, ReceiveError> {
        let stored = store.stored(kiosk, MOST_NAMED).await.map_err(Arc::new)?;
        let aside = store.aside(Some(kiosk), MOST_NAMED).await.map_err(Arc::new)?;
        let for_good = aside.into_iter().filter(|aside| aside.why != RETIRED);
        let refused = for_good.map(|aside| {
            let Aside {
                sequence, blake3, why, ..
            } = aside;
            (sequence, Refused { blake3, why })
        });
        let refused = refused.collect();
        let receipt = Receipt {
            kiosk: kiosk.to_owned(),
            stored: stored.into_iter().collect(),
            refused,
        };
        self.sign(receipt, now).await
    }

    async fn sign(&self, receipt: Receipt, now: DateTime<Local>) -> Result<Vec<u8>, ReceiveError> {
        let key = self.key.clone();
        Ok(self.on_a_processor(move || sign(&receipt, &key, now)).await??)
    }

    /// Checking and signing take a processor for a while: as many at a time as there are.
    async fn on_a_processor<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ReceiveError> {
        let _turn = self.processors.acquire().await.map_err(|_| ReceiveError::Busy)?;
        spawn_blocking(work).await.map_err(|_| ReceiveError::Busy)
    }
}

/// Opens a bundle and reads what it says. It must be signed by the key that its kiosk's id is made of.
fn check(bytes: Vec<u8>, now: DateTime<Local>) -> Result<Received, BundleError> {
    if bytes.len() > LARGEST {
        return Err(BundleError::TooLarge("the bundle"));
    }
    let (reader, key) = Reader::introduced(bytes.as_slice(), Kind::Statistics)?;
    let mut payload = Vec::new();
    let manifest = reader.unpack(&mut payload, |_| {})?;
    if manifest.id != key.kiosk_id() {
        return Err(BundleError::UnknownSigner(manifest.issuer));
    }
    let content = Statistics::from_json(&payload)
        .map_err(|error| match error {
            StatisticsError::OtherFormat(_) => Objection::ForNow(
                "Số liệu này cần chương trình văn phòng mới hơn. Mời cập nhật máy chủ; máy sẽ tự gửi lại.".to_owned(),
            ),
            StatisticsError::Nonsense(what) => Objection::ForGood(format!("Số liệu này bị lỗi ({what}).")),
        })
        .and_then(|statistics| doubt_future(statistics, now));
    Ok(Received {
        kiosk: manifest.id,
        public_key: key.to_base64(),
        sequence: manifest.sequence,
        blake3: manifest.unpacked.blake3,
        made: manifest.created,
        at: now.timestamp(),
        content,
        bundle: bytes,
    })
}

/// Nobody has been there yet: a clock is wrong, far ahead the kiosk's for certain.
fn doubt_future(statistics: Statistics, now: DateTime<Local>) -> Result<Statistics, Objection> {
    let today = now.date_naive();
    let spans = statistics.table.spans().iter();
    let Some(last) = spans.filter_map(|span| Some(span.days()?.0)).max() else {
        return Ok(statistics);
    };
    let words = format!("Có số liệu của ngày chưa đến ({}).", last.format("%-d/%-m/%Y"));
    if last > today + Days::new(DAYS_IN_DOUBT) {
        Err(Objection::ForGood(format!("{words} Đồng hồ của máy bị sai.")))
    } else if last > today + Days::new(DAYS_AHEAD) {
        Err(Objection::ForNow(format!(
            "{words} Mời xem lại đồng hồ của máy chủ và của máy; máy sẽ tự gửi lại."
        )))
    } else {
        Ok(statistics)
    }
}

fn sign(receipt: &Receipt, key: &Key, now: DateTime<Local>) -> Result<Vec<u8>, BundleError> {
    let named = receipt.stored.keys().chain(receipt.refused.keys());
    let head = Head {
        kind: Kind::Receipt,
        id: receipt.kiosk.clone(),
        sequence: named.max().copied().unwrap_or(1),
        created: now.date_naive().to_string(),
    };
    let payload = serde_json::to_vec(receipt).map_err(|error| BundleError::BadManifest(error.to_string()))?;
    let mut bundle = Vec::new();
    bundle::write(
        head,
        &mut payload.as_slice(),
        &mut Cursor::new(Vec::new()),
        key,
        &mut bundle,
    )?;
    Ok(bundle)
}

/// Keeps what comes, as many in a transaction as have come meanwhile, until nobody can send any more.
async fn keep_all(store: Arc<Store>, mut jobs: mpsc::Receiver<Job>) {
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

/// Accepts a kiosk, or takes a retired one back, and keeps what waited for that and can be decided. Says whether anybody has heard of it.
///
/// Receipts are given when the kiosk sends again.
///
/// # Errors
/// [`ReceiveError`]; what was not kept still waits.
pub async fn accept(store: &Store, kiosk: &str, name: &str, now: DateTime<Local>) -> Result<bool, ReceiveError> {
    let unknown = store.unknown().await.map_err(Arc::new)?;
    let known = store.kiosk(kiosk).await.map_err(Arc::new)?;
    let waiting = unknown.into_iter().find(|unknown| unknown.id == kiosk);
    let key = known
        .map(|known| known.public_key)
        .or(waiting.map(|waiting| waiting.public_key));
    let Some(key) = key else {
        return Ok(false);
    };
    store
        .accept(kiosk, &key, name, now.timestamp())
        .await
        .map_err(Arc::new)?;
    for (sequence, bundle) in store.waiting(kiosk).await.map_err(Arc::new)? {
        let received = tokio::task::block_in_place(|| check(bundle, now))?;
        let kept = store.keep(&[received]).await.map_err(Arc::new)?;
        if !matches!(kept[..], [Kept::Undecided(_)]) {
            store.stop_waiting(kiosk, sequence).await.map_err(Arc::new)?;
        }
    }
    Ok(true)
}
