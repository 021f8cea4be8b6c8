//! Bundles of statistics: kept once, and added up. Begin with [`Store::keep`].

use super::database::{DatabaseError, Transaction, Value};
use super::newcomers::wait_to_be_accepted;
use super::received::{Kept, Objection, REFUSED_BY_A_PERSON, Received};
use super::reckoned::written;
use super::remembered::Remembered;
use super::senders::Senders;
use super::sums::{ALL, Sums, damaged, read};
use super::waiting::{stop_waiting, wait_if_there_is_room};
use super::{Seconds, Store};
use crate::usage::statistics::{Statistics, Table};

/// The most refused bundles that are kept of one kiosk.
const MOST_ASIDE: u64 = 100;

/// What is said of a bundle that would make the sums of its kiosk larger than they may be.
const TOO_MUCH: &str = "Máy này gửi số liệu nhiều bất thường. Văn phòng chưa nhận thêm, mời gọi kỹ thuật viên xem máy.";

/// A bundle that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// Whose.
    pub kiosk: String,
    /// Its number.
    pub sequence: u64,
    /// BLAKE3 of the payload.
    pub blake3: String,
    /// Why, in Vietnamese.
    pub why: String,
    /// When it arrived.
    pub at: Seconds,
}

/// Why bundles of a retired kiosk are put aside. They are refused for now only: the kiosk may be taken back.
pub const RETIRED: &str = "Máy này đã ngừng sử dụng.";

/// What is said of a bundle that came in the moment in which its kiosk was accepted.
const UNREAD: &str = "Gói đến đúng lúc máy được duyệt. Máy sẽ tự gửi lại.";

/// A number that was used for two different bundles.
const TWICE: &str = "Số thứ tự này đã được dùng cho một gói số liệu khác. Có thể thẻ nhớ của máy đã được sao chép.";

impl Store {
    /// Keeps bundles, all in one transaction, and says of each what became of it.
    ///
    /// They are kept by kiosk and number, whatever their order, so that two programs can't wait for each other. Of two with the
    /// same number the first counts.
    ///
    /// # Errors
    /// Nothing was kept.
    pub async fn keep(&self, bundles: &[Received]) -> Result<Vec<Kept>, DatabaseError> {
        if bundles.is_empty() {
            return Ok(Vec::new());
        }
        let keep = || async move {
            let mut change = self.database.begin().await?;
            let kept = keep_all(&mut change, bundles, &self.remembered).await?;
            change.commit().await?;
            Ok(kept)
        };
        match self.database.repeated(keep).await {
            // Those that are stored are not stored again.
            Err(DatabaseError::Unsure(_)) => self.database.repeated(keep).await,
            done => done,
        }
    }

    /// What was counted in a range of months, by all kiosks or by one; with what has no month, if its year is in the range or
    /// unknown.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn counts(&self, kiosk: Option<&str>, from: &str, to: &str) -> Result<Table, DatabaseError> {
        let rows = self
            .database
            .query(
                "SELECT counts FROM figures WHERE kiosk_id = $1 AND (month BETWEEN $2 AND $3
                    OR LENGTH(month) = 4 AND month BETWEEN $4 AND $5 OR month = 'undated')",
                &[
                    kiosk.unwrap_or(ALL).into(),
                    from.into(),
                    to.into(),
                    from.get(..4).unwrap_or(from).into(),
                    to.get(..4).unwrap_or(to).into(),
                ],
            )
            .await?;
        let mut table = Table::default();
        for row in rows {
            table.merge(&read(row.bytes(0)?).map_err(|error| damaged(&error))?);
        }
        Ok(table)
    }

    /// The numbers and hashes of the bundles stored for a kiosk, newest first, at most so many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn stored(&self, kiosk: &str, most: u64) -> Result<Vec<(u64, String)>, DatabaseError> {
        let sql = "SELECT sequence, blake3 FROM bundles WHERE kiosk_id = $1 ORDER BY sequence DESC LIMIT $2";
        let rows = self.database.query(sql, &[kiosk.into(), most.into()]).await?;
        rows.iter()
            .map(|row| Ok((row.count(0)?, row.text(1)?.to_owned())))
            .collect()
    }

    /// What was refused, of one kiosk or of all, newest first, at most so many; with the bundle left out.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn aside(&self, kiosk: Option<&str>, most: u64) -> Result<Vec<Aside>, DatabaseError> {
        let columns = "SELECT kiosk_id, sequence, blake3, why, received_at FROM aside";
        let order = "ORDER BY received_at DESC, kiosk_id, sequence";
        let rows = match kiosk {
            Some(kiosk) => {
                let sql = format!("{columns} WHERE kiosk_id = $1 {order} LIMIT $2");
                self.database.query(&sql, &[kiosk.into(), most.into()]).await?
            }
            None => {
                self.database
                    .query(&format!("{columns} {order} LIMIT $1"), &[most.into()])
                    .await?
            }
        };
        let aside = rows.iter().map(|row| {
            Ok(Aside {
                kiosk: row.text(0)?.to_owned(),
                sequence: row.count(1)?,
                blake3: row.text(2)?.to_owned(),
                why: row.text(3)?.to_owned(),
                at: row.int(4)?,
            })
        });
        aside.collect()
    }
}

async fn keep_all(
    change: &mut Transaction<'_>,
    bundles: &[Received],
    remembered: &Remembered,
) -> Result<Vec<Kept>, DatabaseError> {
    let mut senders = Senders::of(change, bundles).await?;
    let mut order: Vec<usize> = (0..bundles.len()).collect();
    order.sort_by_key(|place| (&bundles[*place].kiosk, bundles[*place].sequence));
    let mut kept = Vec::with_capacity(bundles.len());
    let (mut places, mut fit) = (Vec::new(), Vec::new());
    for place in order {
        let bundle = &bundles[place];
        match judge(change, bundle, &senders).await? {
            Judged::Fit(statistics) => {
                senders.expect(&bundle.kiosk, &statistics.table);
                places.push(place);
                fit.push((bundle, statistics));
            }
            Judged::Kept(now) => {
                if now != Kept::Stored {
                    // It may wait or be put aside now.
                    senders.is_not_clear(&bundle.kiosk);
                }
                kept.push((place, now));
            }
        }
    }
    let (stored, sums) = store(change, &fit, senders).await?;
    sums.add_to(change, remembered).await?;
    kept.extend(places.into_iter().zip(stored));
    kept.sort_unstable_by_key(|(place, _)| *place);
    Ok(kept.into_iter().map(|(_, kept)| kept).collect())
}

/// What is to be done with a bundle.
enum Judged<'a> {
    /// Nothing is against storing what it says.
    Fit(&'a Statistics),
    /// What became of it, without its being stored now.
    Kept(Kept),
}

async fn judge<'a>(
    change: &mut Transaction<'_>,
    bundle: &'a Received,
    senders: &Senders<'_>,
) -> Result<Judged<'a>, DatabaseError> {
    let Some(sender) = senders.accepted(&bundle.kiosk) else {
        return Ok(Judged::Kept(wait_to_be_accepted(change, bundle).await?));
    };
    if sender.retired {
        put_aside(change, bundle, RETIRED).await?;
        return Ok(Judged::Kept(Kept::Retired));
    }
    if sender.public_key != bundle.public_key {
        let why = "Khoá ký không phải là khoá đã duyệt của máy này.";
        put_aside(change, bundle, why).await?;
        return Ok(Judged::Kept(Kept::Refused(why.to_owned())));
    }
    let statistics = match &bundle.content {
        Ok(statistics) => statistics,
        Err(objection) => return Ok(Judged::Kept(object(change, bundle, objection).await?)),
    };
    let is_clear = senders.are_clear(&bundle.kiosk);
    if !is_clear && refused_before(change, bundle).await?.as_deref() == Some(REFUSED_BY_A_PERSON) {
        stop_waiting(change, bundle).await?;
        return Ok(Judged::Kept(Kept::Refused(REFUSED_BY_A_PERSON.to_owned())));
    }
    let is_too_much = senders.are_full(&bundle.kiosk, &statistics.table);
    if is_too_much && stored_hash(change, bundle).await?.is_none() {
        wait_if_there_is_room(change, bundle, TOO_MUCH, false).await?;
        return Ok(Judged::Kept(Kept::Undecided(TOO_MUCH.to_owned())));
    }
    Ok(Judged::Fit(statistics))
}

/// What becomes of a bundle that is not taken as it is.
async fn object(change: &mut Transaction<'_>, bundle: &Received, objection: &Objection) -> Result<Kept, DatabaseError> {
    match objection {
        Objection::ForGood(why) => {
            // Of two persons who decide at once the first has decided.
            if stored_hash(change, bundle).await?.as_ref() == Some(&bundle.blake3) {
                stop_waiting(change, bundle).await?;
                return Ok(Kept::Stored);
            }
            put_aside(change, bundle, why).await?;
            stop_waiting(change, bundle).await?;
            Ok(Kept::Refused(why.clone()))
        }
        Objection::ForNow(why) => {
            wait_if_there_is_room(change, bundle, why, false).await?;
            Ok(Kept::Undecided(why.clone()))
        }
        Objection::Ahead(why) => {
            // A person may have decided already.
            if stored_hash(change, bundle).await?.as_ref() == Some(&bundle.blake3) {
                return Ok(Kept::Stored);
            }
            if let Some(why) = refused_before(change, bundle).await? {
                return Ok(Kept::Refused(why));
            }
            wait_if_there_is_room(change, bundle, why, true).await?;
            Ok(Kept::Undecided(why.clone()))
        }
        // Its kiosk was accepted in this moment, and sends it again. Another copy may have been read and stored meanwhile.
        Objection::Unread => {
            if stored_hash(change, bundle).await?.as_ref() == Some(&bundle.blake3) {
                return Ok(Kept::Stored);
            }
            wait_if_there_is_room(change, bundle, UNREAD, false).await?;
            Ok(Kept::Waiting)
        }
    }
}

/// Stores bundles of which nothing is in the way, each once, and says what they add to the sums. Each statement is executed for all of
/// them, because PostgreSQL is another program and its answers take longer than what it does.
async fn store<'a>(
    change: &mut Transaction<'_>,
    fit: &[(&'a Received, &'a Statistics)],
    mut senders: Senders<'a>,
) -> Result<(Vec<Kept>, Sums<'a>), DatabaseError> {
    let row = |(bundle, _): &(&Received, &Statistics)| {
        vec![
            (&bundle.kiosk).into(),
            bundle.sequence.into(),
            (&bundle.blake3).into(),
            bundle.at.into(),
            bundle.bundle.as_ref().into(),
            written(bundle.undated_after).as_str().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = fit.iter().map(row).collect();
    let inserted = change
        .execute_each(
            "INSERT INTO bundles (kiosk_id, sequence, blake3, received_at, bundle, undated_after) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (kiosk_id, sequence) DO NOTHING",
            &rows,
        )
        .await?;
    let mut sums = Sums::default();
    let mut kept = Vec::with_capacity(fit.len());
    for ((bundle, statistics), inserted) in fit.iter().zip(inserted) {
        if inserted > 0 {
            sums.take(bundle, &statistics.table);
            senders.have_sent(bundle, statistics);
        } else if stored_hash(change, bundle).await?.as_ref() != Some(&bundle.blake3) {
            put_aside(change, bundle, TWICE).await?;
            stop_waiting(change, bundle).await?;
            kept.push(Kept::Refused(TWICE.to_owned()));
            continue;
        }
        if !senders.are_clear(&bundle.kiosk) {
            // It may have come before it could be decided, or in the moment in which its kiosk was accepted, or have been refused by a
            // program that knew less.
            stop_waiting(change, bundle).await?;
            let sql = "DELETE FROM aside WHERE kiosk_id = $1 AND sequence = $2 AND blake3 = $3";
            let this = [(&bundle.kiosk).into(), bundle.sequence.into(), (&bundle.blake3).into()];
            change.execute(sql, &this).await?;
        }
        kept.push(Kept::Stored);
    }
    senders.write(change).await?;
    Ok((kept, sums))
}

/// The hash of what is stored under a bundle's number.
async fn stored_hash(change: &mut Transaction<'_>, bundle: &Received) -> Result<Option<String>, DatabaseError> {
    let sql = "SELECT blake3 FROM bundles WHERE kiosk_id = $1 AND sequence = $2";
    let this = [(&bundle.kiosk).into(), bundle.sequence.into()];
    let rows = change.query(sql, &this).await?;
    rows.first().map(|row| row.text(0).map(ToOwned::to_owned)).transpose()
}

/// Why this very bundle was refused for good, if it was.
async fn refused_before(change: &mut Transaction<'_>, bundle: &Received) -> Result<Option<String>, DatabaseError> {
    let sql = "SELECT why FROM aside WHERE kiosk_id = $1 AND sequence = $2 AND blake3 = $3 AND why <> $4";
    let values = [
        (&bundle.kiosk).into(),
        bundle.sequence.into(),
        (&bundle.blake3).into(),
        RETIRED.into(),
    ];
    let rows = change.query(sql, &values).await?;
    rows.first().map(|row| row.text(0).map(ToOwned::to_owned)).transpose()
}

async fn put_aside(change: &mut Transaction<'_>, bundle: &Received, why: &str) -> Result<(), DatabaseError> {
    let of_this = "SELECT COUNT(*) FROM aside WHERE kiosk_id = $1";
    let rows = change.query(of_this, &[(&bundle.kiosk).into()]).await?;
    if rows.first().map_or(Ok(0), |row| row.count(0))? >= MOST_ASIDE {
        // The kiosk still has it, and the office has a hundred to look at.
        return Ok(());
    }
    change
        .execute(
            "INSERT INTO aside (kiosk_id, sequence, blake3, why, received_at, bundle) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (kiosk_id, sequence, blake3) DO NOTHING",
            &[
                (&bundle.kiosk).into(),
                bundle.sequence.into(),
                (&bundle.blake3).into(),
                why.into(),
                bundle.at.into(),
                bundle.bundle.as_ref().into(),
            ],
        )
        .await?;
    Ok(())
}
