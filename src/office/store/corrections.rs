//! What a person puts right: a bundle is taken out of the sums or put back, a gap is closed, a kiosk forgotten; by whom and why.
//!
//! Each is written down in the transaction in which it happens. Begin with [`Store::void`].

use super::database::{DatabaseError, Row, Transaction};
use super::reckoned::{Read, compare, lock, reckon, settle};
use super::{Seconds, Store};

/// Who puts something right, why and when.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// The officer's account, or where a command was typed.
    pub whom: &'a str,
    /// Why, as they say it; may be empty where something is put back.
    pub why: &'a str,
    /// When.
    pub at: Seconds,
}

/// The most letters of a reason.
pub const LONGEST_WHY: usize = 300;

/// A reason as it is written down: one line, neither empty nor long. `None` if it is none.
#[must_use]
pub fn reason(why: &str) -> Option<&str> {
    let why = why.trim();
    let is_one = !why.is_empty() && why.chars().count() <= LONGEST_WHY && !why.contains(char::is_control);
    is_one.then_some(why)
}

/// What can be put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A bundle was taken out of the sums.
    Void,
    /// It was put back.
    Restore,
    /// Numbers that never came are not waited for any more.
    Close,
    /// A kiosk was forgotten, with all its bundles up to a number.
    Forget,
}

impl What {
    const ALL: [Self; 4] = [Self::Void, Self::Restore, Self::Close, Self::Forget];

    /// As it is stored.
    const fn name(self) -> &'static str {
        match self {
            Self::Void => "void",
            Self::Restore => "restore",
            Self::Close => "close",
            Self::Forget => "forget",
        }
    }

    /// What it is called under “Nhật ký”, whether it was done in the pages or typed.
    #[must_use]
    pub const fn called(self) -> &'static str {
        match self {
            Self::Void => "Bỏ gói số liệu khỏi số tổng",
            Self::Restore => "Tính lại gói số liệu đã bỏ",
            Self::Close => "Thôi chờ gói số liệu còn thiếu",
            Self::Forget => "Xoá máy khỏi sổ",
        }
    }
}

/// Something that was put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Whose bundles.
    pub kiosk: String,
    /// What was done.
    pub what: What,
    /// The numbers of the bundles, from this one on.
    pub first: u64,
    /// To this one.
    pub last: u64,
    /// Why.
    pub why: String,
    /// Who did it.
    pub whom: String,
    /// When.
    pub at: Seconds,
}

const COLUMNS: &str = "SELECT kiosk_id, what, first_number, last_number, why, by_whom, done_at FROM corrections";

impl Store {
    /// Takes a bundle out of the sums. It is kept, so that its number is not lacking and it can be put back. Says whether there is such a
    /// bundle in the sums.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::Sums`] if the sums are not what the bundles say.
    pub async fn void(&self, kiosk: &str, sequence: u64, by: By<'_>, read: Read) -> Result<bool, DatabaseError> {
        self.set_voided((kiosk, sequence), What::Void, by, read).await
    }

    /// Puts a bundle back into the sums that was taken out. Says whether there is such a bundle.
    ///
    /// # Errors
    /// As [`Store::void`].
    pub async fn restore(&self, kiosk: &str, sequence: u64, by: By<'_>, read: Read) -> Result<bool, DatabaseError> {
        self.set_voided((kiosk, sequence), What::Restore, by, read).await
    }

    async fn set_voided(
        &self,
        (kiosk, sequence): (&str, u64),
        what: What,
        by: By<'_>,
        read: Read,
    ) -> Result<bool, DatabaseError> {
        let change = || async move {
            let mut change = self.database.begin().await?;
            lock(&mut change, kiosk).await?;
            // What is wrong already would go over into the sums of all. Where a bundle can't be read, nobody can tell, and it is to get out.
            if let Ok(before) = reckon(&mut change, kiosk, read).await? {
                let mut faults = Vec::new();
                compare(&mut change, kiosk, &before, &mut faults).await?;
                if !faults.is_empty() {
                    return Err(DatabaseError::Sums(kiosk.to_owned()));
                }
            }
            let sql = "UPDATE bundles SET voided = $1 WHERE kiosk_id = $2 AND sequence = $3 AND voided <> $4";
            let voided = what == What::Void;
            let values = [voided.into(), kiosk.into(), sequence.into(), voided.into()];
            if change.execute(sql, &values).await? == 0 {
                return Ok(false);
            }
            let Ok(reckoned) = reckon(&mut change, kiosk, read).await? else {
                return Err(DatabaseError::Sums(kiosk.to_owned()));
            };
            settle(&mut change, kiosk, &reckoned).await?;
            write_down(&mut change, kiosk, what, (sequence, sequence), by).await?;
            change.commit().await?;
            Ok(true)
        };
        self.database.repeated(change).await
    }

    /// Waits no more for numbers of a kiosk that never came; one that comes all the same is taken. Says whether any of these was lacking,
    /// up to the newest that is stored.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn close_gap(&self, kiosk: &str, (first, last): (u64, u64), by: By<'_>) -> Result<bool, DatabaseError> {
        let gaps = self.gaps(kiosk).await?;
        let is_lacking = gaps.iter().any(|(from, to)| *from <= last && first <= *to);
        let is_before_the_newest = self.kiosk(kiosk).await?.is_some_and(|kiosk| last <= kiosk.newest);
        if !is_lacking || !is_before_the_newest || first > last {
            return Ok(false);
        }
        let change = || async move {
            let mut change = self.database.begin().await?;
            if !lock(&mut change, kiosk).await? {
                // Somebody has forgotten it meanwhile.
                return Ok(false);
            }
            let sql = "INSERT INTO closed_gaps (kiosk_id, first_number, last_number) VALUES ($1, $2, $3)
                ON CONFLICT (kiosk_id, first_number, last_number) DO NOTHING";
            let values = [kiosk.into(), first.into(), last.into()];
            if change.execute(sql, &values).await? > 0 {
                write_down(&mut change, kiosk, What::Close, (first, last), by).await?;
            }
            change.commit().await?;
            Ok(true)
        };
        self.database.repeated(change).await
    }

    /// Forgets a kiosk that somebody accepted by mistake: its counts leave the sums, its bundles and what else is known of it are removed,
    /// and nothing more is taken from it until somebody accepts it. That it was forgotten, and why, stays. Says whether there is such a
    /// kiosk.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::Sums`] if the sums are not what the bundles say.
    pub async fn forget(&self, kiosk: &str, by: By<'_>) -> Result<bool, DatabaseError> {
        let change = || async move {
            let mut change = self.database.begin().await?;
            let sql = "SELECT newest, public_key FROM kiosks WHERE kiosk_id = $1";
            let rows = change.query_locked(sql, &[kiosk.into()]).await?;
            let Some(row) = rows.first() else {
                return Ok(false);
            };
            let (newest, key) = (row.count(0)?, row.text(1)?);
            settle(&mut change, kiosk, &std::collections::BTreeMap::new()).await?;
            for table in ["bundles", "waiting", "aside", "closed_gaps", "kiosks"] {
                let sql = format!("DELETE FROM {table} WHERE kiosk_id = $1");
                change.execute(&sql, &[kiosk.into()]).await?;
            }
            // As one that was dismissed: it will send again, and nobody is to be asked about it again.
            let sql = "INSERT INTO strangers (kiosk_id, public_key, since, bundles, bytes, dismissed) VALUES ($1, $2, $3, 0, 0, 1)
                ON CONFLICT (kiosk_id) DO UPDATE SET bundles = 0, bytes = 0, dismissed = 1";
            change.execute(sql, &[kiosk.into(), key.into(), by.at.into()]).await?;
            write_down(&mut change, kiosk, What::Forget, (newest.min(1), newest), by).await?;
            change.commit().await?;
            Ok(true)
        };
        self.database.repeated(change).await
    }

    /// The numbers of a kiosk's bundles that are in no sum.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn voided(&self, kiosk: &str) -> Result<Vec<u64>, DatabaseError> {
        let sql = "SELECT sequence FROM bundles WHERE kiosk_id = $1 AND voided = 1 ORDER BY sequence";
        let rows = self.database.query(sql, &[kiosk.into()]).await?;
        rows.iter().map(|row| row.count(0)).collect()
    }

    /// What was put right of a kiosk, the newest first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn corrections(&self, kiosk: &str) -> Result<Vec<Correction>, DatabaseError> {
        let sql = format!("{COLUMNS} WHERE kiosk_id = $1 ORDER BY place DESC");
        let rows = self.database.query(&sql, &[kiosk.into()]).await?;
        rows.iter().map(correction).collect()
    }

    /// Which kiosks were forgotten, the newest first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn forgotten(&self) -> Result<Vec<Correction>, DatabaseError> {
        let sql = format!("{COLUMNS} WHERE what = $1 ORDER BY done_at DESC, kiosk_id, place DESC");
        let rows = self.database.query(&sql, &[What::Forget.name().into()]).await?;
        rows.iter().map(correction).collect()
    }
}

fn correction(row: &Row) -> Result<Correction, DatabaseError> {
    let name = row.text(1)?;
    let what = What::ALL.into_iter().find(|what| what.name() == name);
    Ok(Correction {
        kiosk: row.text(0)?.to_owned(),
        what: what.ok_or_else(|| DatabaseError::Unexpected(format!("a correction “{name}”")))?,
        first: row.count(2)?,
        last: row.count(3)?,
        why: row.text(4)?.to_owned(),
        whom: row.text(5)?.to_owned(),
        at: row.int(6)?,
    })
}

/// Writes down what is done to a kiosk that is locked, so that no two have the same place.
async fn write_down(
    change: &mut Transaction<'_>,
    kiosk: &str,
    what: What,
    (first, last): (u64, u64),
    by: By<'_>,
) -> Result<(), DatabaseError> {
    let sql = "SELECT COALESCE(MAX(place), 0) + 1 FROM corrections WHERE kiosk_id = $1";
    let rows = change.query(sql, &[kiosk.into()]).await?;
    let place = rows.first().map_or(Ok(1), |row| row.int(0))?;
    let sql = "INSERT INTO corrections (kiosk_id, place, what, first_number, last_number, why, by_whom, done_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        kiosk.into(),
        place.into(),
        what.name().into(),
        first.into(),
        last.into(),
        by.why.into(),
        by.whom.into(),
        by.at.into(),
    ];
    change.execute(sql, &values).await.map(drop)
}
