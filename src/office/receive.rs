//! A bundle arrives: is it whole, whose is it, what does it say, and what is answered.
//!
//! It doesn't matter which way it came. The answer is a receipt signed by the office wherever something was decided for
//! good, because a kiosk believes nothing else; so nothing is decided for good by a date. Bundles that arrive together are kept
//! together, in one transaction. What a stranger sends is checked for being whole and not read. Begin with
//! [`Receiver::receive`].

mod keeping;
mod persons;
mod stored;

use std::io::{self, Cursor};
use std::sync::Arc;

use chrono::{DateTime, Days, Local, NaiveDate};
use thiserror::Error;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::store::{Aside, DAYS_AHEAD, DatabaseError, Kept, Objection, RETIRED, Received, Store};
use super::words;
use crate::bundle::{self, BundleError, Contact, Head, Key, Kind, PublicKey, Reader};
use crate::usage::receipt::{MOST_LACKING, Receipt, Refused};
use crate::usage::statistics::{Statistics, StatisticsError};
use keeping::{Job, keep_all};
use persons::take_in;
pub use persons::{Accepted, Decision, LONGEST_NAME, accept, decide};
pub use stored::counts;

/// The largest bundle that is taken, in bytes: 4 MiB as the interface promises (docs/decisions/012).
pub const LARGEST: usize = 4 * 1024 * 1024;

/// Bundles that wait for the database; more are told to come back.
const QUEUE: usize = 256;

/// The most bundles that one receipt names: ten years of days.
const MOST_NAMED: u64 = 4_000;

/// The most bytes that the bundle of a kiosk that nobody has accepted may unpack to: a busy month has 48 KiB.
const LARGEST_OF_STRANGERS: u64 = 1024 * 1024;

/// The most KiB of unpacked statistics that are read and kept at the same time: twenty usual months. Until they are stored they take
/// up to eighty times as much memory, if they are made to. Others wait.
const UNPACKED_KIB: u32 = 1024;

/// Up to so many KiB unpacked, which is more than two usual months, a bundle has as much for itself and others like it: it need not wait
/// until the large ones of somebody who means no good are read one by one.
const SMALL_KIB: u32 = 128;

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

/// A bundle whose signature holds, before anybody has unpacked it.
#[derive(Debug)]
pub struct Introduced {
    reader: Reader<Cursor<Arc<[u8]>>>,
    key: PublicKey,
    bytes: Arc<[u8]>,
}

impl Introduced {
    /// Looks at the head of a bundle. It must be signed by the key that its kiosk's id is made of.
    fn of(bytes: Arc<[u8]>) -> Result<Self, BundleError> {
        if bytes.len() > LARGEST {
            return Err(BundleError::TooLarge("the bundle"));
        }
        let (reader, key) = Reader::introduced(Cursor::new(bytes.clone()), Kind::Statistics)?;
        let manifest = reader.manifest();
        if manifest.id != key.kiosk_id() {
            return Err(BundleError::UnknownSigner(manifest.issuer.clone()));
        }
        Ok(Self { reader, key, bytes })
    }

    /// The id of the kiosk that made it.
    #[must_use]
    pub fn kiosk(&self) -> &str {
        &self.reader.manifest().id
    }

    /// Its number.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.reader.manifest().sequence
    }

    /// How many bytes it says it unpacks to. It can't unpack to more.
    fn unpacked(&self) -> u64 {
        self.reader.manifest().unpacked.bytes
    }

    /// Unpacks it, and reads what it says if its kiosk is `known`.
    fn open(self, known: bool, now: DateTime<Local>) -> Result<Received, BundleError> {
        let Self { reader, key, bytes } = self;
        let packed = reader.packed();
        let (manifest, content) = if known {
            let mut payload = Vec::new();
            let manifest = reader.unpack(&mut payload, |_| {})?;
            (
                manifest,
                Statistics::from_json(&payload).map_err(|error| objection(&error)),
            )
        } else {
            (reader.unpack(&mut io::sink(), |_| {})?, Err(Objection::Unread))
        };
        Ok(Received {
            kiosk: manifest.id,
            public_key: key.to_base64(),
            sequence: manifest.sequence,
            blake3: manifest.unpacked.blake3,
            made: manifest.created,
            at: now.timestamp(),
            content,
            undated_after: None,
            bundle: bytes,
            packed: Some(packed),
        })
    }
}

fn objection(error: &StatisticsError) -> Objection {
    let newer = "Số liệu này cần chương trình văn phòng mới hơn. Mời cập nhật máy chủ; máy sẽ tự gửi lại.";
    match error {
        StatisticsError::OtherFormat(_) | StatisticsError::TooMuch => Objection::ForNow(newer.to_owned()),
        StatisticsError::Nonsense(what) => Objection::ForGood(format!("Số liệu này bị lỗi ({what}).")),
    }
}

/// Receives bundles. Copies share one queue.
#[derive(Debug, Clone)]
pub struct Receiver {
    store: Arc<Store>,
    key: Arc<Key>,
    built: NaiveDate,
    queue: mpsc::Sender<Job>,
    processors: Arc<Semaphore>,
    small_kib: Arc<Semaphore>,
    large_kib: Arc<Semaphore>,
}

impl Receiver {
    /// Starts the task that keeps what is received; `key` signs receipts. The program was built on the day `built`: a clock that
    /// is behind it is wrong.
    #[must_use]
    pub fn start(store: Arc<Store>, key: Arc<Key>, built: NaiveDate) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        tokio::spawn(keep_all(store.clone(), jobs));
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            store,
            key,
            built,
            queue,
            processors: Arc::new(Semaphore::new(processors)),
            small_kib: Arc::new(Semaphore::new(UNPACKED_KIB as usize)),
            large_kib: Arc::new(Semaphore::new(UNPACKED_KIB as usize)),
        }
    }

    /// Whether what was checked is still kept.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Receives a bundle: checks it, keeps it, signs the receipt.
    ///
    /// # Errors
    /// Nothing was decided; see [`ReceiveError`].
    pub async fn receive(&self, bytes: Vec<u8>, now: DateTime<Local>) -> Result<Answer, ReceiveError> {
        let introduced = self.introduce(bytes).await?;
        self.take(introduced, now).await
    }

    /// Looks whose bundle it is.
    ///
    /// # Errors
    /// [`ReceiveError::Bundle`], [`ReceiveError::Busy`].
    pub async fn introduce(&self, bytes: Vec<u8>) -> Result<Introduced, ReceiveError> {
        Ok(self.on_a_processor(move || Introduced::of(bytes.into())).await??)
    }

    /// Receives a bundle of which is known whose it is.
    ///
    /// # Errors
    /// Nothing was decided; see [`ReceiveError`].
    pub async fn take(&self, introduced: Introduced, now: DateTime<Local>) -> Result<Answer, ReceiveError> {
        let retired = self.store.is_retired(introduced.kiosk()).await.map_err(Arc::new)?;
        let known = match retired {
            Some(retired) => !retired,
            None => self.welcome(&introduced.key, now).await?,
        };
        if retired.is_none() && !known && introduced.unpacked() > LARGEST_OF_STRANGERS {
            return Ok(Answer::NoRoom);
        }
        let kib = u32::try_from(introduced.unpacked().div_ceil(1024)).unwrap_or(UNPACKED_KIB);
        let all = if kib <= SMALL_KIB {
            &self.small_kib
        } else {
            &self.large_kib
        };
        let room = all.acquire_many(kib.min(UNPACKED_KIB)).await;
        let _room = room.map_err(|_| ReceiveError::Busy)?;
        let received = self.check(introduced, known, now).await?;
        self.keep(received, now).await
    }

    /// Whether somebody has accepted the kiosk of a bundle and not retired it, or expects it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn is_wanted(&self, introduced: &Introduced) -> Result<bool, DatabaseError> {
        let (id, words) = (introduced.kiosk(), introduced.key.words());
        Ok(match self.store.is_retired(id).await? {
            Some(retired) => !retired,
            None => self.store.expected_name(id, &words).await?.is_some(),
        })
    }

    /// Accepts a kiosk that is expected. Says whether it was.
    async fn welcome(&self, key: &PublicKey, now: DateTime<Local>) -> Result<bool, ReceiveError> {
        let (id, words) = (key.kiosk_id(), key.words());
        let name = self.store.expected_name(&id, &words).await.map_err(Arc::new)?;
        let Some(name) = name else {
            return Ok(false);
        };
        tracing::info!(kiosk = id, "came as expected, and is accepted");
        let key = key.to_base64();
        take_in(&self.store, (&id, &key), &name, now, self.built).await?;
        Ok(true)
    }

    /// Unpacks a bundle, and reads what it says if its kiosk is `known`.
    ///
    /// # Errors
    /// [`ReceiveError`].
    pub async fn check(
        &self,
        introduced: Introduced,
        known: bool,
        now: DateTime<Local>,
    ) -> Result<Received, ReceiveError> {
        let received = self.on_a_processor(move || introduced.open(known, now)).await??;
        judge(&self.store, received, now, self.built).await
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

    /// What a kiosk is told that has given its bundles numbers up to `given`: which of them the office lacks, which
    /// is the highest that it has, and the time, unless its own clock is behind what it must have seen. It says `nonce`, so that the kiosk knows the answer for that to its own question. Anybody may ask; of kiosks that nobody has accepted,
    /// or that somebody has retired, nothing is lacking.
    ///
    /// # Errors
    /// [`ReceiveError`]; [`ReceiveError::Bundle`] if the kiosk's id can't be one.
    pub async fn answer(
        &self,
        kiosk: &str,
        given: u64,
        nonce: String,
        now: DateTime<Local>,
    ) -> Result<Vec<u8>, ReceiveError> {
        let is_known = self.store.is_retired(kiosk).await.map_err(Arc::new)? == Some(false);
        let (lacking, highest) = if is_known {
            let seen = self.store.kiosk(kiosk).await.map_err(Arc::new)?;
            (self.lacking(kiosk, given).await?, seen.map(|seen| seen.newest))
        } else {
            (Vec::new(), None)
        };
        let receipt = Receipt {
            kiosk: kiosk.to_owned(),
            lacking,
            time: self.time(&self.store, now).await?,
            highest,
            nonce,
            ..Receipt::default()
        };
        self.sign(receipt, now).await
    }

    /// Notes that a kiosk was there when it was told the time, if it signed that itself. A time that has not come yet is of a clock of the
    /// office's that was wrong, and says nothing.
    ///
    /// # Errors
    /// [`ReceiveError`]; [`ReceiveError::Bundle`] if the kiosk did not sign it.
    pub async fn heard_of(
        &self,
        contact: Contact,
        signature: Vec<u8>,
        now: DateTime<Local>,
    ) -> Result<(), ReceiveError> {
        let contact = self
            .on_a_processor(move || contact.check(&signature).map(|()| contact))
            .await??;
        if contact.time <= now.timestamp() {
            let heard = self.store.heard_of(&contact.kiosk, contact.time, now.timestamp()).await;
            heard.map_err(Arc::new)?;
        }
        Ok(())
    }

    /// What time it is, for others; nothing if the office's own clock is behind what it must have seen.
    async fn time(&self, store: &Store, now: DateTime<Local>) -> Result<Option<i64>, ReceiveError> {
        let seen = newest_day(store, self.built).await?;
        Ok((now.date_naive() >= seen).then(|| now.timestamp()))
    }

    /// The newest of what the office lacks of a kiosk's bundles.
    async fn lacking(&self, kiosk: &str, given: u64) -> Result<Vec<(u64, u64)>, ReceiveError> {
        let mut lacking = self.store.lacking(kiosk, given).await.map_err(Arc::new)?;
        lacking.drain(..lacking.len().saturating_sub(MOST_LACKING));
        Ok(lacking)
    }

    /// A receipt for everything that was decided of a kiosk's bundles, and what is missing among them, to carry back on a stick.
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
        let mut receipt = Receipt {
            kiosk: kiosk.to_owned(),
            stored: stored.into_iter().collect(),
            refused,
            ..Receipt::default()
        };
        // Kiosks that don't say which pack they show are of version 0.1.0 or older, and refuse a receipt that says more than this.
        let newest = store.kiosk(kiosk).await.map_err(Arc::new)?;
        if let Some(newest) = newest.filter(|kiosk| kiosk.pack.is_some()) {
            receipt.lacking = self.lacking(kiosk, newest.newest).await?;
            receipt.time = self.time(store, now).await?;
        }
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

/// Nobody has been there yet: somebody's clock is wrong, and nobody can tell whose. So nothing is decided, and a person looks at
/// both clocks ([`decide`]).
async fn judge(
    store: &Store,
    received: Received,
    now: DateTime<Local>,
    built: NaiveDate,
) -> Result<Received, ReceiveError> {
    let Ok(statistics) = &received.content else {
        return Ok(received);
    };
    let days = statistics.table.spans().iter().filter_map(|span| Some(span.days()?.0));
    let (last, today) = (days.max().unwrap_or_default(), now.date_naive());
    if last <= today + Days::new(DAYS_AHEAD) {
        return Ok(received);
    }
    let seen = newest_day(store, built).await?;
    if last <= seen + Days::new(DAYS_AHEAD) {
        return Ok(received);
    }
    let advice = if today < seen {
        let (today, seen) = (words::date(today), words::date(seen));
        format!("Máy chủ đang là ngày {today}, trước đây đã là ngày {seen}: mời xem lại đồng hồ của máy chủ;")
    } else {
        "Mời xem lại đồng hồ của máy chủ và của máy;".to_owned()
    };
    let why = format!(
        "Có số liệu của ngày chưa đến ({}). {advice} máy sẽ tự gửi lại.",
        words::date(last)
    );
    let content = Err(Objection::Ahead(why));
    Ok(Received { content, ..received })
}

/// The newest day that the office must have seen: that on which the program was `built`, and that on which the newest bundle was stored.
async fn newest_day(store: &Store, built: NaiveDate) -> Result<NaiveDate, ReceiveError> {
    let stored = store.newest_contact().await.map_err(Arc::new)?;
    let stored = stored.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    Ok(stored.map_or(built, |stored| built.max(stored.with_timezone(&Local).date_naive())))
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
