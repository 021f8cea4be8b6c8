//! Everything that an office keeps, copied into another database, of the same kind or of the other. Begin with [`Store::copy_to`].

use super::Store;
use super::database::{DatabaseError, Row, Transaction, Value};
use super::settings::ROUNDING;

/// A table: its name, its key, and what else it has.
type Table = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Every table but `schema_version`, which a new office has by itself. `tests/office/store/copied.rs` notices what is forgotten here.
const TABLES: [Table; 16] = [
    (
        "kiosks",
        &["kiosk_id"],
        &[
            "public_key",
            "name",
            "retired",
            "accepted_at",
            "last_contact",
            "newest",
            "newest_made",
            "edition",
            "version",
            "uptime_hours",
            "free_mb",
            "losses",
            "card",
            "card_errors",
            "under_voltage",
            "temperature",
            "pack_id",
            "left_edition",
            "faults",
            "retired_at",
            "called_at",
        ],
    ),
    (
        "bundles",
        &["kiosk_id", "sequence"],
        &["blake3", "received_at", "bundle", "undated_after", "voided"],
    ),
    (
        "figures",
        &["kiosk_id", "month"],
        &["visits", "counts", "visits_by_day"],
    ),
    (
        "waiting",
        &["kiosk_id", "sequence"],
        &["public_key", "received_at", "bundle", "why", "ahead"],
    ),
    (
        "aside",
        &["kiosk_id", "sequence", "blake3"],
        &["why", "received_at", "bundle"],
    ),
    (
        "packs",
        &["pack_id", "sequence"],
        &["title", "bytes", "blake3", "uploaded_at", "offered", "titles"],
    ),
    ("pack_pieces", &["pack_id", "sequence", "place"], &["bytes"]),
    ("accounts", &["account"], &["password", "role"]),
    ("deeds", &["done_at", "by_whom", "what", "about"], &[]),
    ("sessions", &["token"], &["account", "expires_at"]),
    ("settings", &["name"], &["value"]),
    (
        "strangers",
        &["kiosk_id"],
        &["public_key", "since", "bundles", "bytes", "dismissed"],
    ),
    ("expected", &["who"], &["name", "since"]),
    ("closed_gaps", &["kiosk_id", "first_number", "last_number"], &[]),
    (
        "corrections",
        &["kiosk_id", "place"],
        &["what", "first_number", "last_number", "why", "by_whom", "done_at"],
    ),
    (
        "activities",
        &["activity_id"],
        &[
            "plan_row", "day", "subject", "title", "times", "people", "by_whom", "noted_at",
        ],
    ),
];

/// How many rows are in memory at a time; of a megabyte each, as many as a slow line carries in the time that a statement has.
const AT_ONCE: u64 = 50;
const LARGE_AT_ONCE: u64 = 4;

impl Store {
    /// Copies everything, as it is at one moment, into an office in which nothing is yet; all of it or nothing. Says how many rows each
    /// table has, here as there.
    ///
    /// # Errors
    /// [`DatabaseError`]; [`DatabaseError::NotEmpty`] if something is there.
    pub async fn copy_to(&self, other: &Self) -> Result<Vec<(&'static str, u64)>, DatabaseError> {
        let mut from = self.database.begin_reading().await?;
        let mut to = other.database.begin().await?;
        // Made with the database; the other's figures were rounded with its own.
        let sql = "DELETE FROM settings WHERE name = $1";
        to.execute(sql, &[ROUNDING.into()]).await?;
        let mut copied = Vec::new();
        for table in &TABLES {
            if count(&mut to, table.0).await? > 0 {
                return Err(DatabaseError::NotEmpty);
            }
            copy(&mut from, &mut to, table).await?;
            let (here, there) = (count(&mut from, table.0).await?, count(&mut to, table.0).await?);
            if here != there {
                let name = table.0;
                return Err(DatabaseError::Unexpected(format!("{there} of {here} rows of {name}")));
            }
            copied.push((table.0, there));
        }
        to.commit().await?;
        from.commit().await?;
        Ok(copied)
    }
}

async fn count(change: &mut Transaction<'_>, table: &str) -> Result<u64, DatabaseError> {
    let rows = change.query(&format!("SELECT COUNT(*) FROM {table}"), &[]).await?;
    rows.first().map_or(Ok(0), |row| row.count(0))
}

/// Copies a table, in the order of its keys.
async fn copy(
    from: &mut Transaction<'_>,
    to: &mut Transaction<'_>,
    (table, key, others): &Table,
) -> Result<(), DatabaseError> {
    let places = |n: usize| (1..=n).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
    let columns = [*key, *others].concat();
    let (names, keys) = (columns.join(", "), key.join(", "));
    let (after_all, most) = (places(key.len()), key.len() + 1);
    let first = format!("SELECT {names} FROM {table} ORDER BY {keys} LIMIT $1");
    let next = format!("SELECT {names} FROM {table} WHERE ({keys}) > ({after_all}) ORDER BY {keys} LIMIT ${most}");
    let insert = format!("INSERT INTO {table} ({names}) VALUES ({})", places(columns.len()));
    let at_once = if *table == "pack_pieces" {
        LARGE_AT_ONCE
    } else {
        AT_ONCE
    };
    let mut rows = from.query(&first, &[at_once.into()]).await?;
    while !rows.is_empty() {
        let values: Vec<Vec<Value>> = rows.into_iter().map(Row::into_values).collect();
        to.execute_each(&insert, &values).await?;
        let last = values.last().and_then(|row| row.get(..key.len())).unwrap_or_default();
        rows = from.query(&next, &[last, &[at_once.into()]].concat()).await?;
    }
    Ok(())
}
