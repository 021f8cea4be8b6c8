//! Bundles that wait: of kiosks that nobody has accepted, and of others what can't be decided yet. Begin with [`Undecided`].

use std::collections::BTreeSet;

use super::database::{DatabaseError, Transaction};
use super::received::Received;
use super::{Seconds, Store};

/// The most bundles of a kiosk that wait: more than a year of days.
pub(super) const MOST_WAITING: u64 = 400;

/// The largest bundle that waits, in bytes. A month of a busy kiosk has 24 KiB.
pub(super) const LARGEST_WAITING: usize = 256 * 1024;

/// A bundle of an accepted kiosk that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// Its number.
    pub sequence: u64,
    /// Why, in Vietnamese; nobody knows it of what an older program had wait.
    pub why: Option<String>,
    /// Whether because some of its days have not come yet.
    pub ahead: bool,
    /// When it arrived first.
    pub at: Seconds,
}

impl Store {
    /// What can't be decided of an accepted kiosk's bundles, and why, by number.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn undecided(&self, kiosk: &str) -> Result<Vec<Undecided>, DatabaseError> {
        let sql = "SELECT sequence, why, ahead, received_at FROM waiting WHERE kiosk_id = $1 ORDER BY sequence";
        let rows = self.database.query(sql, &[kiosk.into()]).await?;
        let undecided = rows.iter().map(|row| {
            Ok(Undecided {
                sequence: row.count(0)?,
                why: row.text(1).ok().map(ToOwned::to_owned),
                ahead: row.int(2)? != 0,
                at: row.int(3)?,
            })
        });
        undecided.collect()
    }

    /// The ids of kiosks of which a bundle waits because of days ahead.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn ahead(&self) -> Result<BTreeSet<String>, DatabaseError> {
        let sql = "SELECT DISTINCT kiosk_id FROM waiting WHERE ahead = 1";
        let rows = self.database.query(sql, &[]).await?;
        rows.iter().map(|row| row.text(0).map(ToOwned::to_owned)).collect()
    }

    /// The bundles of a kiosk that wait, by number.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn waiting(&self, kiosk: &str) -> Result<Vec<(u64, Vec<u8>)>, DatabaseError> {
        let sql = "SELECT sequence, bundle FROM waiting WHERE kiosk_id = $1 ORDER BY sequence";
        let rows = self.database.query(sql, &[kiosk.into()]).await?;
        rows.iter()
            .map(|row| Ok((row.count(0)?, row.bytes(1)?.to_owned())))
            .collect()
    }

    /// Forgets a bundle that waited: it has been kept, or nobody wants its kiosk.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn stop_waiting(&self, kiosk: &str, sequence: u64) -> Result<(), DatabaseError> {
        let sql = "DELETE FROM waiting WHERE kiosk_id = $1 AND sequence = $2";
        self.database
            .execute(sql, &[kiosk.into(), sequence.into()])
            .await
            .map(drop)
    }
}

/// Whether a bundle of this number waits already.
pub(super) async fn is_waiting(change: &mut Transaction<'_>, bundle: &Received) -> Result<bool, DatabaseError> {
    let this = "SELECT sequence FROM waiting WHERE kiosk_id = $1 AND sequence = $2";
    let values = [(&bundle.kiosk).into(), bundle.sequence.into()];
    Ok(!change.query(this, &values).await?.is_empty())
}

async fn count_waiting(change: &mut Transaction<'_>, bundle: &Received) -> Result<u64, DatabaseError> {
    let of_this = "SELECT COUNT(*) FROM waiting WHERE kiosk_id = $1";
    let rows = change.query(of_this, &[(&bundle.kiosk).into()]).await?;
    rows.first().map_or(Ok(0), |row| row.count(0))
}

/// Keeps a bundle of an accepted kiosk that can't be decided, if there is room, and says why; whether because of days `ahead`.
pub(super) async fn wait_if_there_is_room(
    change: &mut Transaction<'_>,
    bundle: &Received,
    why: &str,
    ahead: bool,
) -> Result<(), DatabaseError> {
    if bundle.bundle.len() <= LARGEST_WAITING && count_waiting(change, bundle).await? < MOST_WAITING {
        wait(change, bundle).await?;
    }
    let sql = "UPDATE waiting SET why = $1, ahead = $2 WHERE kiosk_id = $3 AND sequence = $4";
    let values = [why.into(), ahead.into(), (&bundle.kiosk).into(), bundle.sequence.into()];
    change.execute(sql, &values).await.map(drop)
}

/// Has a bundle wait. Says whether none of its number did.
pub(super) async fn wait(change: &mut Transaction<'_>, bundle: &Received) -> Result<bool, DatabaseError> {
    let inserted = change
        .execute(
            "INSERT INTO waiting (kiosk_id, sequence, public_key, received_at, bundle) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (kiosk_id, sequence) DO NOTHING",
            &[
                (&bundle.kiosk).into(),
                bundle.sequence.into(),
                (&bundle.public_key).into(),
                bundle.at.into(),
                bundle.bundle.as_ref().into(),
            ],
        )
        .await?;
    Ok(inserted > 0)
}

/// A bundle has been kept or refused, and waits no more.
pub(super) async fn stop_waiting(change: &mut Transaction<'_>, bundle: &Received) -> Result<(), DatabaseError> {
    let sql = "DELETE FROM waiting WHERE kiosk_id = $1 AND sequence = $2";
    let values = [(&bundle.kiosk).into(), bundle.sequence.into()];
    change.execute(sql, &values).await.map(drop)
}
