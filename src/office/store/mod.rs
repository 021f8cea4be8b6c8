//! What the office keeps: kiosks, their bundles, what these add up to, packs, accounts, activities.
//!
//! [`Store`] speaks in the words of the office; `database` knows that there are two kinds of databases, `schema` the tables.
//! A bundle is stored once, however often it arrives, and in the same transaction it is added to the sums, so that sums
//! and bundles can't disagree. Nothing here checks signatures or knows the time. Begin with [`Store::keep`].

mod accounts;
mod activities;
mod bundles;
mod contact;
mod copy;
mod corrections;
mod database;
mod deeds;
mod kiosks;
mod newcomers;
mod pack_files;
mod packs;
mod received;
mod reckoned;
mod remembered;
mod schema;
mod senders;
mod settings;
mod sums;
mod visits;
mod waiting;

pub use accounts::{Account, Role, SignIn};
pub use activities::{MOST_A_YEAR, Note};
pub use bundles::{Aside, RETIRED};
pub use corrections::{By, Correction, LONGEST_WHY, What, reason};
pub use database::{Address, DatabaseError};
pub use deeds::Deed;
pub use kiosks::Kiosk;
pub use newcomers::{Expected, Unknown};
pub use packs::Pack;
pub use received::{DAYS_AHEAD, Kept, Objection, REFUSED_BY_A_PERSON, Received};
pub use reckoned::{Fault, Read, Rebuilt};
pub use waiting::Undecided;

use std::path::Path;

use database::Database;
use remembered::Remembered;
use tokio::task::block_in_place;

/// Seconds since the beginning of 1970, UTC.
pub type Seconds = i64;

/// Everything the office keeps.
#[derive(Debug)]
pub struct Store {
    database: Database,
    remembered: Remembered,
}

impl Store {
    /// Opens `postgres://…`, or an `SQLite` file, which is made if it is not there, and brings it to the newest schema.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn open(address: impl Into<Address<'_>>) -> Result<Self, DatabaseError> {
        let address = address.into();
        let database = block_in_place(|| Database::open(address))?;
        schema::migrate(&database).await?;
        Ok(Self::of(database))
    }

    /// Opens an office that is there. Nothing is made or changed: an older program may be running on it.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::NoOffice`] if there is none, [`DatabaseError::Older`] and
    /// [`DatabaseError::Newer`] if it is another program's.
    pub async fn open_existing(address: impl Into<Address<'_>>) -> Result<Self, DatabaseError> {
        let address = address.into();
        let database = block_in_place(|| Database::open_existing(address))?;
        schema::expect_newest(&database).await?;
        Ok(Self::of(database))
    }

    fn of(database: Database) -> Self {
        Self {
            database,
            remembered: Remembered::default(),
        }
    }

    /// Writes an `SQLite` database as it is at one moment into a file that is empty or not there, whatever others write meanwhile. What is
    /// in the file is not flushed to the disk.
    ///
    /// # Errors
    /// [`DatabaseError`]; PostgreSQL has a program of its own for this.
    pub async fn backup(&self, file: &Path) -> Result<(), DatabaseError> {
        self.database.backup(file).await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> Result<(), DatabaseError> {
        self.database
            .query("SELECT version FROM schema_version", &[])
            .await
            .map(drop)
    }
}
