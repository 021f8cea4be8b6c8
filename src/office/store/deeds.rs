//! Who did what in the office's pages, and when. Begin with [`Store::note_deed`].
//!
//! What was written into a form is not kept, nor what was only looked at.

use super::Store;
use super::database::DatabaseError;

/// How many of each kind are kept, the newest: some years of a commune. Of each, so that whoever does one thing over and over again has
/// nothing else forgotten.
const MOST: u64 = 2_000;

/// Something that somebody did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The account.
    pub by: String,
    /// What, in Vietnamese.
    pub what: String,
    /// The id of the kiosk, pack or account that it was done to; empty if there is none.
    pub about: String,
}

impl Store {
    /// Notes what somebody did, and forgets the oldest of its kind if there are very many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn note_deed(&self, deed: &Deed) -> Result<(), DatabaseError> {
        let change = || async move {
            let mut change = self.database.begin().await?;
            let sql = "INSERT INTO deeds (done_at, by_whom, what, about) VALUES ($1, $2, $3, $4)
                ON CONFLICT (done_at, by_whom, what, about) DO NOTHING";
            let values = [
                deed.at.into(),
                (&deed.by).into(),
                (&deed.what).into(),
                (&deed.about).into(),
            ];
            change.execute(sql, &values).await?;
            let sql = "DELETE FROM deeds WHERE what = $1 AND done_at < (SELECT MIN(done_at) FROM
                (SELECT done_at FROM deeds WHERE what = $1 ORDER BY done_at DESC LIMIT $2) AS newest)";
            change.execute(sql, &[(&deed.what).into(), MOST.into()]).await?;
            change.commit().await
        };
        self.database.repeated(change).await
    }

    /// What was done, newest first: so many, after so many others.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn deeds(&self, after: u64, most: u64) -> Result<Vec<Deed>, DatabaseError> {
        let sql = "SELECT done_at, by_whom, what, about FROM deeds
            ORDER BY done_at DESC, by_whom, what, about LIMIT $1 OFFSET $2";
        let rows = self.database.query(sql, &[most.into(), after.into()]).await?;
        let deeds = rows.iter().map(|row| {
            Ok(Deed {
                at: row.int(0)?,
                by: row.text(1)?.to_owned(),
                what: row.text(2)?.to_owned(),
                about: row.text(3)?.to_owned(),
            })
        });
        deeds.collect()
    }
}
