//! Where a test's database is, and what is put into it.

use commune_kiosk::office::store::{Kept, Received, Store};
use commune_kiosk::usage::signals::{Cell, Label, Signal};
use commune_kiosk::usage::statistics::{Card, Health, Span, Statistics, Table};
use tempfile::TempDir;

use crate::common::postgres;

/// A moment, in seconds since 1970.
pub const NOW: i64 = 1_790_000_000;

/// Every month that a test counts in.
pub const ALWAYS: (&str, &str) = ("0001-01", "9999-12");

/// A database of one test.
pub struct Place {
    /// As the office's program is given it.
    pub address: String,
    folder: Option<TempDir>,
}

impl Place {
    pub fn in_a_file() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            address: folder.path().join("office.db").to_str().expect("UTF-8").to_owned(),
            folder: Some(folder),
        }
    }

    pub async fn in_postgres() -> Self {
        Self {
            address: postgres::fresh_database().await,
            folder: None,
        }
    }

    /// A copy of it as it is now, as of a night. Nobody may have it open.
    pub async fn copy(&self) -> Self {
        let Some(folder) = &self.folder else {
            let address = postgres::copy_of(&self.address).await;
            return Self { address, folder: None };
        };
        let copy = Self::in_a_file();
        for file in std::fs::read_dir(folder.path()).expect("a folder") {
            let file = file.expect("an entry");
            let place = copy.folder.as_ref().expect("a folder").path().join(file.file_name());
            std::fs::copy(file.path(), place).expect("copied");
        }
        copy
    }

    pub fn is_postgres(&self) -> bool {
        self.folder.is_none()
    }

    pub async fn open(&self) -> Store {
        Store::open(&self.address).await.expect("a store")
    }

    /// A store that has accepted these kiosks.
    pub async fn open_for(&self, kiosks: &[&str]) -> Store {
        let store = self.open().await;
        for kiosk in kiosks {
            store
                .accept(kiosk, &key_of(kiosk), kiosk, NOW)
                .await
                .expect("a kiosk is accepted");
        }
        store
    }

    /// Changes the database past the store.
    pub async fn meddle(&self, sql: &str) {
        if self.is_postgres() {
            postgres::execute(&self.address, sql).await;
        } else {
            let file = rusqlite::Connection::open(&self.address).expect("the file");
            file.execute_batch(sql).expect("a statement");
        }
    }
}

/// The key of a kiosk; the store does not look into it.
pub fn key_of(kiosk: &str) -> String {
    format!("key of {kiosk}")
}

/// What is counted: a page, by its id.
pub fn page(id: &str) -> Cell {
    Cell {
        signal: Signal::PageOpened,
        subject: Label::new(id),
        value: Label::NONE,
    }
}

/// A table of how often a page was opened in each span, as `2026-10-05`, `2026-10`, `2026` or `undated`.
pub fn table(counts: &[(&str, u64)]) -> Table {
    let mut table = Table::default();
    for (span, n) in counts {
        table.add(span.parse::<Span>().expect("a span"), &page("khai-sinh"), *n);
    }
    table
}

/// A bundle as it arrives whole, rightly signed and sensible.
pub fn bundle(kiosk: &str, sequence: u64, counts: &[(&str, u64)]) -> Received {
    bundle_of(kiosk, sequence, table(counts))
}

/// A bundle of any counts.
pub fn bundle_of(kiosk: &str, sequence: u64, table: Table) -> Received {
    let statistics = Statistics {
        health: Health {
            pack: "le-loi".to_owned(),
            edition: sequence,
            version: format!("1.0.{sequence}"),
            uptime_hours: sequence * 24,
            free_mb: None,
            losses: 0,
            card: Some(Card::Failing),
            card_errors: Some(sequence),
            under_voltage: Some(true),
            temperature: None,
            left: Some(sequence + 1),
            faults: 2,
        },
        table,
    };
    let payload = statistics.to_json();
    let packed = zstd::encode_all(&payload[..], 3).expect("packed");
    Received {
        kiosk: kiosk.to_owned(),
        public_key: key_of(kiosk),
        sequence,
        blake3: blake3::hash(&payload).to_hex().to_string(),
        made: "2026-10-01".to_owned(),
        at: NOW,
        content: Ok(statistics),
        undated_after: None,
        packed: Some(0..packed.len()),
        bundle: packed.into(),
    }
}

/// Keeps bundles that must all be stored.
pub async fn store_all(store: &Store, bundles: &[Received]) {
    let kept = store.keep(bundles).await.expect("an answer");
    assert!(kept.iter().all(|kept| *kept == Kept::Stored), "{kept:?}");
}

/// What was counted in every month, as what was counted and how often.
pub async fn sums(store: &Store, kiosk: Option<&str>) -> Vec<(String, u64)> {
    sums_of(store, kiosk, ALWAYS).await
}

/// What was counted in a range of months, by span.
pub async fn sums_of(store: &Store, kiosk: Option<&str>, (from, to): (&str, &str)) -> Vec<(String, u64)> {
    flat(&store.counts(kiosk, from, to).await.expect("counts"))
}

/// A table as lines that can be compared: of two tables with the same counts one may know more spans, in another order.
pub fn flat(table: &Table) -> Vec<(String, u64)> {
    let line = |(span, cell, n): (Span, &Cell, u64)| (format!("{span} {}", cell.subject.as_str()), n);
    let mut lines: Vec<_> = table.iter().map(line).collect();
    lines.sort();
    lines
}

/// Reads a bundle of these tests, which is nothing but its packed payload.
pub fn read(bundle: &[u8]) -> Result<Table, String> {
    let payload = zstd::decode_all(bundle).map_err(|error| error.to_string())?;
    let statistics = Statistics::from_json(&payload).map_err(|error| error.to_string())?;
    Ok(statistics.table)
}

/// The sums must be what the bundles say.
pub async fn verify(store: &Store) {
    assert_eq!(store.verify(read).await.expect("an answer"), []);
}
