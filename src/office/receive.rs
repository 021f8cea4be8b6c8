//! A bundle arrives, is judged and kept, and what became of it is answered.
//!
//! It doesn't matter which way it came. The answer is a receipt signed by the office wherever something was decided for
//! good, because a kiosk believes nothing else; so nothing is decided for good by a date. Bundles that arrive together are kept
//! together, in one transaction. What a stranger sends is checked for being whole and not read. Begin with
//! [`Receiver::receive`].

mod judging;
mod keeping;
mod persons;
mod receipts;
mod stored;
mod turns;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Local, NaiveDate};
use thiserror::Error;

use super::store::{DAYS_AHEAD, DatabaseError, Kept, Objection, Received, Store};
use crate::bundle::{BundleError, Contact, Key, PublicKey};
use crate::usage::receipt::{Receipt, Refused};
pub use judging::Introduced;
use judging::day_ahead;
use keeping::Queue;
use persons::take_in;
pub use persons::{Accepted, Decision, LONGEST_NAME, accept, decide};
pub use stored::counts;
use turns::Turns;

/// The largest bundle that is taken, in bytes: 4 MiB as the interface promises (docs/decisions/012).
pub const LARGEST_BUNDLE: usize = 4 * 1024 * 1024;

/// The most bytes that the bundle of a kiosk that nobody has accepted may unpack to: a busy month has 48 KiB.
const LARGEST_OF_STRANGERS: u64 = 1024 * 1024;

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

/// Receives bundles. Copies share one queue.
#[derive(Debug, Clone)]
pub struct Receiver {
    store: Arc<Store>,
    key: Arc<Key>,
    built: NaiveDate,
    queue: Queue,
    turns: Turns,
    /// Of these kiosks a bundle was stored, and no other answer given since: what they send is worth reading. Whether it is taken is asked
    /// of the database when it is kept.
    heard: Arc<Mutex<HashSet<String>>>,
}

impl Receiver {
    /// Starts the task that keeps what is received; `key` signs receipts. The program was built on the day `built`: a clock that
    /// is behind it is wrong.
    #[must_use]
    pub fn start(store: Arc<Store>, key: Arc<Key>, built: NaiveDate) -> Self {
        Self {
            queue: Queue::start(store.clone()),
            turns: Turns::new(),
            heard: Arc::default(),
            store,
            key,
            built,
        }
    }

    /// Whether what was checked is still kept.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.queue.is_alive()
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
        let introduced = self.turns.on_a_processor(move || Introduced::of(bytes.into()));
        Ok(introduced.await??)
    }

    /// Receives a bundle of which is known whose it is.
    ///
    /// # Errors
    /// Nothing was decided; see [`ReceiveError`].
    pub async fn take(&self, introduced: Introduced, now: DateTime<Local>) -> Result<Answer, ReceiveError> {
        let kiosk = introduced.kiosk().to_owned();
        let is_heard = self.heard().contains(&kiosk);
        let known = is_heard
            || match self.store.is_retired(&kiosk).await.map_err(Arc::new)? {
                Some(retired) => !retired,
                None if self.welcome(&introduced.key, now).await? => true,
                None if introduced.unpacked() > LARGEST_OF_STRANGERS => return Ok(Answer::NoRoom),
                None => false,
            };
        let _room = self.turns.room(introduced.size()).await?;
        let received = self.check(introduced, known, now).await?;
        let answer = self.keep(received, now).await?;
        match answer {
            Answer::Stored(_) => self.heard().insert(kiosk),
            _ => self.heard().remove(&kiosk),
        };
        Ok(answer)
    }

    fn heard(&self) -> MutexGuard<'_, HashSet<String>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
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
        let open = move || introduced.open(known, now.timestamp());
        let received = self.turns.on_a_processor(open).await??;
        judge(&self.store, received, now, self.built).await
    }

    /// Keeps a bundle that was checked, and signs the receipt.
    ///
    /// # Errors
    /// [`ReceiveError::Database`], [`ReceiveError::Busy`].
    pub async fn keep(&self, received: Received, now: DateTime<Local>) -> Result<Answer, ReceiveError> {
        let (kiosk, sequence, blake3) = (received.kiosk.clone(), received.sequence, received.blake3.clone());
        let kept = self.queue.keep(received).await?;
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
        let check = move || contact.check(&signature).map(|()| contact);
        let contact = self.turns.on_a_processor(check).await??;
        if contact.time <= now.timestamp() {
            let heard = self.store.heard_of(&contact.kiosk, contact.time, now.timestamp()).await;
            heard.map_err(Arc::new)?;
        }
        Ok(())
    }
}

/// What is received, judged by the office's clock. The store is asked what day it was before only where that clock alone would object.
async fn judge(
    store: &Store,
    received: Received,
    now: DateTime<Local>,
    built: NaiveDate,
) -> Result<Received, ReceiveError> {
    let today = now.date_naive();
    if day_ahead(&received, today).is_none() {
        return Ok(received);
    }
    let seen = newest_day(store, built).await?;
    Ok(judging::judge(received, today, seen))
}

/// The newest day that the office, which was `built` on that day, must have seen.
async fn newest_day(store: &Store, built: NaiveDate) -> Result<NaiveDate, ReceiveError> {
    let stored = store.newest_contact().await.map_err(Arc::new)?;
    Ok(judging::newest_day(built, stored))
}
