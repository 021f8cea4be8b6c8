//! Files of packs in the database, where several office hosts share one: what is uploaded to one of them is given out by all. Begin with
//! [`Store::keep_file`].

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use tokio::task::block_in_place;

use super::Store;
use super::database::{Database, DatabaseError};

/// How large the pieces are in which a file is stored: as much of it as is in memory at a time.
const PIECE: usize = 1024 * 1024;

/// The place that a piece has where somebody has removed the file, so that no host stores it again that still has it in its folder.
const REMOVED: i64 = -1;

const DELETE: &str = "DELETE FROM pack_pieces WHERE pack_id = $1 AND sequence = $2";

const INSERT: &str = "INSERT INTO pack_pieces (pack_id, sequence, place, bytes) VALUES ($1, $2, $3, $4)";

impl Store {
    /// Whether several hosts can work with this database. A file has one.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self.database, Database::Postgres(_))
    }

    /// Stores the file of a pack that is noted, in place of what is there.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::File`] if the file can't be read.
    pub async fn keep_file(&self, (id, sequence): (&str, u64), file: &Path) -> Result<(), DatabaseError> {
        let keep = || async move {
            let mut change = self.database.begin().await?;
            // Of two hosts that store the same, one waits here.
            let sql = "SELECT sequence FROM packs WHERE pack_id = $1 AND sequence = $2";
            change.query_locked(sql, &[id.into(), sequence.into()]).await?;
            change.execute(DELETE, &[id.into(), sequence.into()]).await?;
            let mut pieces = block_in_place(|| File::open(file))?;
            for place in 0_u64.. {
                let mut piece = Vec::with_capacity(PIECE);
                block_in_place(|| Read::take(&mut pieces, PIECE as u64).read_to_end(&mut piece))?;
                if piece.is_empty() {
                    break;
                }
                let values = [id.into(), sequence.into(), place.into(), piece.into()];
                change.execute(INSERT, &values).await?;
            }
            change.commit().await
        };
        self.database.repeated(keep).await
    }

    /// Whether the file of a pack is stored.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn has_file(&self, (id, sequence): (&str, u64)) -> Result<bool, DatabaseError> {
        let sql = "SELECT place FROM pack_pieces WHERE pack_id = $1 AND sequence = $2 AND place = 0";
        let rows = self.database.query(sql, &[id.into(), sequence.into()]).await?;
        Ok(!rows.is_empty())
    }

    /// Writes the stored file of a pack out. Whether it is whole is not looked at.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::File`] if it can't be written.
    pub async fn write_file(&self, (id, sequence): (&str, u64), out: &mut File) -> Result<(), DatabaseError> {
        let sql = "SELECT bytes FROM pack_pieces WHERE pack_id = $1 AND sequence = $2 AND place = $3";
        for place in 0_u64.. {
            let values = [id.into(), sequence.into(), place.into()];
            let rows = self.database.query(sql, &values).await?;
            let Some(row) = rows.first() else {
                break;
            };
            let piece = row.bytes(0)?;
            block_in_place(|| out.write_all(piece))?;
        }
        Ok(())
    }

    /// Takes what is stored of a pack's file away: it is damaged, or lies in the folder of the only host.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn drop_file(&self, (id, sequence): (&str, u64)) -> Result<(), DatabaseError> {
        self.database
            .execute(DELETE, &[id.into(), sequence.into()])
            .await
            .map(drop)
    }

    /// Removes the stored file of a pack for all hosts, because somebody wants so.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_file(&self, (id, sequence): (&str, u64)) -> Result<(), DatabaseError> {
        let remove = || async move {
            let mut change = self.database.begin().await?;
            change.execute(DELETE, &[id.into(), sequence.into()]).await?;
            let values = [id.into(), sequence.into(), REMOVED.into(), Vec::new().into()];
            change.execute(INSERT, &values).await?;
            change.commit().await
        };
        self.database.repeated(remove).await
    }

    /// Whether nothing is known of a pack's file: neither is it stored, nor has somebody removed it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn lacks_file(&self, (id, sequence): (&str, u64)) -> Result<bool, DatabaseError> {
        let sql = "SELECT place FROM pack_pieces WHERE pack_id = $1 AND sequence = $2 LIMIT 1";
        let rows = self.database.query(sql, &[id.into(), sequence.into()]).await?;
        Ok(rows.is_empty())
    }
}
