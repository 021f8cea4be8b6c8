//! Kiosks that nobody has accepted: what they send waits, within bounds and for a while; some are expected, some were dismissed.
//!
//! Anybody can make up as many as they like, so there is a row for each with all that must be counted: no table of bundles is
//! read because of somebody unknown. Begin with [`Unknown`].

use super::database::{DatabaseError, Row, Transaction, Value};
use super::received::{Kept, Received};
use super::waiting::{LARGEST_WAITING, MOST_WAITING, is_waiting, wait};
use super::{Seconds, Store};

/// The most kiosks that may wait to be accepted: whoever floods the office gains nothing.
const MOST_UNKNOWN: u64 = 500;

/// The most bytes that all such kiosks together may have waiting.
const MOST_BYTES_WAITING: u64 = 64 * 1024 * 1024;

/// How long somebody unknown is remembered after the first bundle. A kiosk comes again within the hour; what was made up does not.
const REMEMBERED: Seconds = 14 * 24 * 60 * 60;

/// A kiosk that sent bundles and that nobody has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Made from its key.
    pub id: String,
    /// In base64.
    pub public_key: String,
    /// How many of its bundles wait.
    pub bundles: u64,
    /// When the first of them arrived.
    pub since: Seconds,
}

/// A kiosk that is accepted as soon as it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Its id, or the six words of its key.
    pub who: String,
    /// What it will be called.
    pub name: String,
    /// Since when.
    pub since: Seconds,
}

impl Store {
    /// Kiosks that wait to be accepted, longest waiting first. A bundle of an accepted one may still wait; its kiosk sends it
    /// again.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn unknown(&self) -> Result<Vec<Unknown>, DatabaseError> {
        let sql = "SELECT kiosk_id, public_key, bundles, since FROM strangers
            WHERE dismissed = 0 AND kiosk_id NOT IN (SELECT kiosk_id FROM kiosks) ORDER BY since, kiosk_id";
        let rows = self.database.query(sql, &[]).await?;
        let unknown = rows.iter().map(|row| {
            Ok(Unknown {
                id: row.text(0)?.to_owned(),
                public_key: row.text(1)?.to_owned(),
                bundles: row.count(2)?,
                since: row.int(3)?,
            })
        });
        unknown.collect()
    }

    /// The ids and keys, in base64, of all kiosks of which anybody has heard, accepted or not.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn keys(&self) -> Result<Vec<(String, String)>, DatabaseError> {
        let sql = "SELECT kiosk_id, public_key FROM kiosks UNION ALL SELECT kiosk_id, public_key FROM strangers";
        let rows = self.database.query(sql, &[]).await?;
        let pair = |row: &Row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()));
        rows.iter().map(pair).collect()
    }

    /// Accepts a kiosk with its key, or takes a retired or dismissed one back; gives it a name.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn accept(&self, id: &str, public_key: &str, name: &str, now: Seconds) -> Result<(), DatabaseError> {
        let change = || async move {
            let mut change = self.database.begin().await?;
            let sql = "INSERT INTO kiosks (kiosk_id, public_key, name, retired, accepted_at, newest) VALUES ($1, $2, $3, 0, $4, 0)
                ON CONFLICT (kiosk_id) DO UPDATE SET retired = 0, retired_at = NULL, name = excluded.name";
            let values = [id.into(), public_key.into(), name.into(), now.into()];
            change.execute(sql, &values).await?;
            let sql = "DELETE FROM strangers WHERE kiosk_id = $1";
            change.execute(sql, &[id.into()]).await?;
            change.commit().await
        };
        self.database.repeated(change).await
    }

    /// Accepts a kiosk as soon as it comes, by its id or its six words; gives it a name.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn expect(&self, who: &str, name: &str, now: Seconds) -> Result<(), DatabaseError> {
        let sql = "INSERT INTO expected (who, name, since) VALUES ($1, $2, $3)
            ON CONFLICT (who) DO UPDATE SET name = excluded.name, since = excluded.since";
        let values = [who.into(), name.into(), now.into()];
        self.database.execute(sql, &values).await.map(drop)
    }

    /// Who is expected, longest first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn expected(&self) -> Result<Vec<Expected>, DatabaseError> {
        let sql = "SELECT who, name, since FROM expected ORDER BY since, who";
        let rows = self.database.query(sql, &[]).await?;
        let expected = rows.iter().map(|row| {
            Ok(Expected {
                who: row.text(0)?.to_owned(),
                name: row.text(1)?.to_owned(),
                since: row.int(2)?,
            })
        });
        expected.collect()
    }

    /// What a kiosk is to be called that is expected by its id or its words.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn expected_name(&self, id: &str, words: &str) -> Result<Option<String>, DatabaseError> {
        let sql = "SELECT name FROM expected WHERE who = $1 OR who = $2 ORDER BY since DESC";
        let rows = self.database.query(sql, &[id.into(), words.into()]).await?;
        rows.first().map(|row| row.text(0).map(ToOwned::to_owned)).transpose()
    }

    /// Nobody is expected by this id or these words any more. Says whether somebody was.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn stop_expecting(&self, who: &str) -> Result<bool, DatabaseError> {
        let sql = "DELETE FROM expected WHERE who = $1";
        Ok(self.database.execute(sql, &[who.into()]).await? > 0)
    }

    /// Forgets all bundles of a kiosk that nobody wants to accept, and takes none of it until somebody does. The kiosk still has
    /// them. Says whether there is such a kiosk.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn dismiss(&self, kiosk: &str) -> Result<bool, DatabaseError> {
        Ok(self.dismiss_where("kiosk_id = $1", &kiosk.into()).await? > 0)
    }

    /// The same for all kiosks that have waited since then or longer, so that nobody dismisses whom they have not seen. Says how many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn dismiss_all(&self, since: Seconds) -> Result<u64, DatabaseError> {
        self.dismiss_where("since <= $1", &since.into()).await
    }

    async fn dismiss_where(&self, which: &str, value: &Value) -> Result<u64, DatabaseError> {
        let change = || async move {
            let mut change = self.database.begin().await?;
            let theirs = format!("{which} AND dismissed = 0 AND kiosk_id NOT IN (SELECT kiosk_id FROM kiosks)");
            let sql = format!("DELETE FROM waiting WHERE kiosk_id IN (SELECT kiosk_id FROM strangers WHERE {theirs})");
            change.execute(&sql, std::slice::from_ref(value)).await?;
            let sql = format!("UPDATE strangers SET dismissed = 1, bundles = 0, bytes = 0 WHERE {theirs}");
            let dismissed = change.execute(&sql, std::slice::from_ref(value)).await?;
            change.commit().await?;
            Ok(dismissed)
        };
        self.database.repeated(change).await
    }
}

/// Keeps a bundle of a kiosk that nobody has accepted yet, if there is room.
pub(super) async fn wait_to_be_accepted(
    change: &mut Transaction<'_>,
    bundle: &Received,
) -> Result<Kept, DatabaseError> {
    forget_the_old(change, bundle.at).await?;
    let sql = "SELECT bundles, dismissed FROM strangers WHERE kiosk_id = $1";
    let rows = change.query(sql, &[(&bundle.kiosk).into()]).await?;
    let (waiting, is_dismissed) = match rows.first() {
        Some(row) => (row.count(0)?, row.int(1)? != 0),
        None => (0, false),
    };
    if is_dismissed {
        return Ok(Kept::NoRoom);
    }
    if is_waiting(change, bundle).await? {
        return Ok(Kept::Waiting);
    }
    let sql = "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM strangers WHERE dismissed = 0";
    let rows = change.query(sql, &[]).await?;
    let (kiosks, bytes) = match rows.first() {
        Some(row) => (row.count(0)?, row.count(1)?),
        None => (0, 0),
    };
    let size = bundle.bundle.len() as u64;
    let is_full = waiting >= MOST_WAITING
        || waiting == 0 && kiosks >= MOST_UNKNOWN
        || bundle.bundle.len() > LARGEST_WAITING
        || bytes + size > MOST_BYTES_WAITING;
    if is_full {
        return Ok(Kept::NoRoom);
    }
    if wait(change, bundle).await? {
        let sql = "INSERT INTO strangers (kiosk_id, public_key, since, bundles, bytes, dismissed) VALUES ($1, $2, $3, 1, $4, 0)
            ON CONFLICT (kiosk_id) DO UPDATE SET bundles = strangers.bundles + 1, bytes = strangers.bytes + excluded.bytes";
        let values = [
            (&bundle.kiosk).into(),
            (&bundle.public_key).into(),
            bundle.at.into(),
            size.into(),
        ];
        change.execute(sql, &values).await?;
    }
    Ok(Kept::Waiting)
}

/// Whoever has waited too long makes room; also whoever came when the office's clock was far ahead.
async fn forget_the_old(change: &mut Transaction<'_>, now: Seconds) -> Result<(), DatabaseError> {
    let old = "FROM strangers WHERE dismissed = 0 AND since NOT BETWEEN $1 AND $2";
    let between = [(now - REMEMBERED).into(), (now + REMEMBERED).into()];
    let rows = change.query(&format!("SELECT COUNT(*) {old}"), &between).await?;
    if rows.first().map_or(Ok(0), |row| row.count(0))? == 0 {
        return Ok(());
    }
    // A bundle of a kiosk that was accepted in the same moment may stand here too, and waits on.
    let sql = format!(
        "DELETE FROM waiting WHERE kiosk_id IN (SELECT kiosk_id {old}) AND kiosk_id NOT IN (SELECT kiosk_id FROM kiosks)"
    );
    change.execute(&sql, &between).await?;
    change.execute(&format!("DELETE {old}"), &between).await.map(drop)
}
