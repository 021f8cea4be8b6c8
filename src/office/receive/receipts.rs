//! What the office tells a kiosk, signed: what was decided of its bundles, which are lacking, what time it is. Begin with
//! [`Receiver::answer`].

use std::io::Cursor;
use std::sync::Arc;

use chrono::{DateTime, Local};

use super::{ReceiveError, Receiver, Store, newest_day};
use crate::bundle::{self, BundleError, Head, Key, Kind};
use crate::office::store::{Aside, RETIRED};
use crate::usage::receipt::{MOST_LACKING, Receipt, Refused};

/// The most bundles that one receipt names: ten years of days.
const MOST_NAMED: u64 = 4_000;

impl Receiver {
    /// What a kiosk is told that has given its bundles numbers up to `given`: which of them the office lacks, which
    /// is the highest that it has, and the time, unless its own clock is behind what it must have seen. It says `nonce`, so that the
    /// kiosk knows the answer for that to its own question. Anybody may ask; of kiosks that nobody has accepted, or that somebody
    /// has retired, nothing is lacking.
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

    pub(super) async fn sign(&self, receipt: Receipt, now: DateTime<Local>) -> Result<Vec<u8>, ReceiveError> {
        let key = self.key.clone();
        Ok(self.turns.on_a_processor(move || sign(&receipt, &key, now)).await??)
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
