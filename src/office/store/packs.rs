//! Packs that the office has, and which one it offers. Their files lie in a folder. Begin with [`Store::offered`].

use super::database::{DatabaseError, Row};
use super::{Seconds, Store};
use crate::office::titles::Titles;

/// A pack that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The pack's id.
    pub id: String,
    /// Its edition.
    pub sequence: u64,
    /// Its title.
    pub title: String,
    /// Size of the file.
    pub bytes: u64,
    /// BLAKE3 of the file.
    pub blake3: String,
    /// When it came.
    pub uploaded_at: Seconds,
    /// Whether kiosks are told of it.
    pub offered: bool,
}

const COLUMNS: &str = "SELECT pack_id, sequence, title, bytes, blake3, uploaded_at, offered FROM packs";

impl Store {
    /// All packs, newest first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn packs(&self) -> Result<Vec<Pack>, DatabaseError> {
        let rows = self
            .database
            .query(&format!("{COLUMNS} ORDER BY pack_id, sequence DESC"), &[])
            .await?;
        rows.iter().map(pack).collect()
    }

    /// All packs, newest first, and whether the file of each is stored.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn packs_and_files(&self) -> Result<Vec<(Pack, bool)>, DatabaseError> {
        let sql =
            "SELECT p.pack_id, p.sequence, p.title, p.bytes, p.blake3, p.uploaded_at, p.offered, f.place FROM packs p
            LEFT JOIN pack_pieces f ON f.pack_id = p.pack_id AND f.sequence = p.sequence AND f.place = 0
            ORDER BY p.pack_id, p.sequence DESC";
        let rows = self.database.query(sql, &[]).await?;
        rows.iter()
            .map(|row| Ok((pack(row)?, row.optional_int(7)?.is_some())))
            .collect()
    }

    /// One pack.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn pack(&self, id: &str, sequence: u64) -> Result<Option<Pack>, DatabaseError> {
        let sql = format!("{COLUMNS} WHERE pack_id = $1 AND sequence = $2");
        let rows = self.database.query(&sql, &[id.into(), sequence.into()]).await?;
        rows.first().map(pack).transpose()
    }

    /// The newest pack of an id that is offered.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn offered(&self, id: &str) -> Result<Option<Pack>, DatabaseError> {
        let sql = format!("{COLUMNS} WHERE pack_id = $1 AND offered = 1 ORDER BY sequence DESC LIMIT 1");
        let rows = self.database.query(&sql, &[id.into()]).await?;
        rows.first().map(pack).transpose()
    }

    /// Notes an uploaded pack, and what its ids are called. One that is there already stays as it is; says whether it is new.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn add_pack(&self, pack: &Pack, titles: &Titles) -> Result<bool, DatabaseError> {
        let sql = "INSERT INTO packs (pack_id, sequence, title, bytes, blake3, uploaded_at, offered, titles)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (pack_id, sequence) DO NOTHING";
        let values = [
            (&pack.id).into(),
            pack.sequence.into(),
            (&pack.title).into(),
            pack.bytes.into(),
            (&pack.blake3).into(),
            pack.uploaded_at.into(),
            pack.offered.into(),
            titles.to_json().as_slice().into(),
        ];
        Ok(self.database.execute(sql, &values).await? > 0)
    }

    /// What ids are called: by all packs together, where they disagree by the newest edition of the one that came last.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn titles(&self) -> Result<Titles, DatabaseError> {
        let sql = "SELECT titles FROM packs
            ORDER BY (SELECT MAX(o.uploaded_at) FROM packs o WHERE o.pack_id = packs.pack_id), pack_id, sequence";
        let mut titles = Titles::default();
        for row in self.database.query(sql, &[]).await? {
            let damaged = |error: serde_json::Error| DatabaseError::Unexpected(error.to_string());
            titles.extend(Titles::from_json(row.bytes(0)?).map_err(damaged)?);
        }
        Ok(titles)
    }

    /// A number that changes when [`Store::titles`] does.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn titles_version(&self) -> Result<u64, DatabaseError> {
        let rows = self.database.query("SELECT COUNT(*) FROM packs", &[]).await?;
        rows.first().map_or(Ok(0), |row| row.count(0))
    }

    /// Offers a pack, or no longer.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn offer(&self, id: &str, sequence: u64, offered: bool) -> Result<(), DatabaseError> {
        let sql = "UPDATE packs SET offered = $1 WHERE pack_id = $2 AND sequence = $3";
        let values = [offered.into(), id.into(), sequence.into()];
        self.database.execute(sql, &values).await.map(drop)
    }
}

fn pack(row: &Row) -> Result<Pack, DatabaseError> {
    Ok(Pack {
        id: row.text(0)?.to_owned(),
        sequence: row.count(1)?,
        title: row.text(2)?.to_owned(),
        bytes: row.count(3)?,
        blake3: row.text(4)?.to_owned(),
        uploaded_at: row.int(5)?,
        offered: row.int(6)? != 0,
    })
}
