//! Files of packs in the database, where several office hosts share one: what is uploaded to one of them is given out by all. Begin with
//! [`Store::keep_file`].

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use tokio::task::block_in_place;

use super::Store;
use super::database::{Database, DatabaseError};

/// How large the pieces are in which a file is stored: as much of it as is in memory at a time.
const PIECE: usize = 1024 * 1024;

/// The setting that says whether all files are stored.
const STORED: &str = "pack_files";

impl Store {
    /// Whether several hosts can work with this database. A file has one.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self.database, Database::Postgres(_))
    }

    /// Stores the file of a pack, in place of what is there.
    ///
    /// # Errors
    /// [`DatabaseError`]; also if the file can't be read.
    pub async fn keep_file(&self, (id, sequence): (&str, u64), file: &Path) -> Result<(), DatabaseError> {
        let unreadable = |error: io::Error| DatabaseError::Unexpected(format!("{}: {error}", file.display()));
        let keep = || async move {
            let mut change = self.database.begin().await?;
            let sql = "DELETE FROM pack_pieces WHERE pack_id = $1 AND sequence = $2";
            change.execute(sql, &[id.into(), sequence.into()]).await?;
            let mut pieces = block_in_place(|| File::open(file)).map_err(unreadable)?;
            for place in 0_u64.. {
                let mut piece = Vec::with_capacity(PIECE);
                let read = block_in_place(|| Read::take(&mut pieces, PIECE as u64).read_to_end(&mut piece));
                read.map_err(unreadable)?;
                if piece.is_empty() {
                    break;
                }
                let sql = "INSERT INTO pack_pieces (pack_id, sequence, place, bytes) VALUES ($1, $2, $3, $4)";
                let values = [id.into(), sequence.into(), place.into(), piece.into()];
                change.execute(sql, &values).await?;
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
    /// [`DatabaseError`]; also if it can't be written.
    pub async fn write_file(&self, (id, sequence): (&str, u64), out: &mut File) -> Result<(), DatabaseError> {
        let sql = "SELECT bytes FROM pack_pieces WHERE pack_id = $1 AND sequence = $2 AND place = $3";
        for place in 0_u64.. {
            let values = [id.into(), sequence.into(), place.into()];
            let rows = self.database.query(sql, &values).await?;
            let Some(row) = rows.first() else {
                break;
            };
            let piece = row.bytes(0)?;
            let written = block_in_place(|| out.write_all(piece));
            written.map_err(|error| DatabaseError::Unexpected(format!("a pack's file: {error}")))?;
        }
        Ok(())
    }

    /// Removes the stored file of a pack.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn remove_file(&self, (id, sequence): (&str, u64)) -> Result<(), DatabaseError> {
        let sql = "DELETE FROM pack_pieces WHERE pack_id = $1 AND sequence = $2";
        self.database
            .execute(sql, &[id.into(), sequence.into()])
            .await
            .map(drop)
    }

    /// Whether what lay in the folder of an office's only host was stored when it got company.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn files_are_stored(&self) -> Result<bool, DatabaseError> {
        Ok(self.setting(STORED).await?.as_deref() == Some("yes"))
    }

    /// Notes that it was, or that files lie in a folder again.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn set_files_are_stored(&self, stored: bool) -> Result<(), DatabaseError> {
        self.set(STORED, if stored { "yes" } else { "no" }).await
    }
}
