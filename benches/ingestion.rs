//! Bundles that the office stores in a second, from the bytes that arrive to the signed receipt. Budget: 1,000, and a third
//! of the speed at which the same rows get into the same kind of database without any checking.
//!
//! 10, 100 and 3,000 kiosks each send the same three busy months of 3,000 visits, one after the other, as many kiosks at once
//! as the office listens to. Each bundle is verified, unpacked, read, stored and added up, and its receipt signed, by
//! `Receiver::receive`: everything but HTTP. The database is a file, then a PostgreSQL of this program's own with `fsync`
//! on, both on the same disk.
//!
//! The rows compared are what this leaves in `bundles` and `figures`: inserted by bare rusqlite, and by PostgreSQL's `COPY`,
//! each in transactions of 64 bundles, the most that the office puts in one, and once more all in one transaction. The
//! fastest of three rounds counts. Run with `cargo bench --bench ingestion`; takes about five minutes and 1 GB of disk
//! (`BENCH_DIR`, or `target`).

#![expect(clippy::cast_precision_loss, reason = "speeds are shown with three digits")]

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{DateTime, Local, Months, NaiveDate, TimeZone};
use commune_kiosk::bundle::{self, Head, Key, Kind};
use commune_kiosk::office::receive::{Answer, Receiver};
use commune_kiosk::office::store::Store;
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::{Health, Span, Statistics, Table};
use rusqlite::Connection;
use tokio::task::block_in_place;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

#[path = "../tests/common/postgres.rs"]
#[allow(dead_code, reason = "it serves the tests too")]
mod postgres;
#[path = "../tests/common/short.rs"]
mod short;
#[path = "common/visits.rs"]
mod visits;

use visits::Hall;

const KIOSKS: [usize; 3] = [10, 100, 3_000];
const MONTHS: u32 = 3;
const VISITS: usize = 3_000;

/// Halls with different favourites; kiosks take turns with them, because counting for each of 3,000 would take an hour.
const HALLS: usize = 20;

/// Requests that the office listens to at once.
const SENDERS: usize = 200;

/// Bundles in a transaction of the office, at most.
const BATCH: usize = 64;

const ROUNDS: usize = 3;

const BUDGET: f64 = 1_000.0;

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let folder =
        tempfile::tempdir_in(std::env::var_os("BENCH_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from))?;
    let months = block_in_place(count_months);
    println!("bundles stored a second; {MONTHS} months of {VISITS} visits from each kiosk; fastest of {ROUNDS} rounds");
    println!(
        "{:>7} {:>8} {:>5} {:>11} {:>8} {:>16} {:>16}",
        "kiosks", "bundles", "KB", "database", "office", "same rows by 64", "in one piece"
    );
    for number in KIOSKS {
        let kiosks = block_in_place(|| sign_all(number, &months));
        let (mut file, mut server) = (Fastest::default(), Fastest::default());
        for _ in 0..ROUNDS {
            let address = folder.path().join("office.db");
            file.office(receive_all(address.to_str().context("a name in UTF-8")?, &kiosks).await?);
            let rows = block_in_place(|| Rows::read(&address))?;
            let bare = |at_once| block_in_place(|| rows.insert(&folder.path().join("bare.db"), at_once));
            file.bare([bare(BATCH)?, bare(usize::MAX)?]);

            let address = postgres::fresh_database_with("on").await;
            server.office(receive_all(&address, &kiosks).await?);
            postgres::execute(&address, "DROP TABLE bundles, figures").await;
            server.bare([rows.copy(BATCH).await?, rows.copy(usize::MAX).await?]);
            for name in ["office.db", "bare.db"] {
                remove_database(&folder.path().join(name))?;
            }
        }
        let bundles: Vec<&Vec<u8>> = kiosks.iter().flat_map(|kiosk| &kiosk.bundles).collect();
        let kilobytes = bundles.iter().map(|bundle| bundle.len()).sum::<usize>() / bundles.len() / 1024;
        for (name, fastest) in [("SQLite", file), ("PostgreSQL", server)] {
            println!(
                "{number:>7} {:>8} {kilobytes:>5} {name:>11} {}",
                bundles.len(),
                fastest.line(bundles.len())
            );
        }
    }
    Ok(())
}

/// The shortest time of each kind.
struct Fastest {
    office: Duration,
    bare: [Duration; 2],
}

impl Default for Fastest {
    fn default() -> Self {
        Self {
            office: Duration::MAX,
            bare: [Duration::MAX; 2],
        }
    }
}

impl Fastest {
    fn office(&mut self, time: Duration) {
        self.office = self.office.min(time);
    }

    fn bare(&mut self, times: [Duration; 2]) {
        for (mine, time) in self.bare.iter_mut().zip(times) {
            *mine = (*mine).min(time);
        }
    }

    fn line(&self, bundles: usize) -> String {
        let speed = |time: Duration| bundles as f64 / time.as_secs_f64();
        let office = speed(self.office);
        let bare = self
            .bare
            .map(|time| format!("{:>10.0} ({:>2.0}%)", speed(time), 100.0 * office / speed(time)));
        let verdict = if office >= BUDGET && 3.0 * office >= speed(self.bare[0]) {
            ""
        } else {
            " OVER"
        };
        format!("{office:>8.0} {:>16} {:>16}{verdict}", bare[0], bare[1])
    }
}

/// What a hall counted in its months.
type Year = Vec<(NaiveDate, Table)>;

fn count_months() -> Vec<Year> {
    let first = NaiveDate::from_ymd_opt(2026, 7, 1).expect("a day");
    let count = |hall: usize| {
        let mut hall = Hall::new(hall as u64);
        let table = |month: NaiveDate| {
            let mut table = Table::default();
            for (ended, events) in hall.month(month, VISITS) {
                for event in events {
                    let cell = event.cell(Stamp::dated(Duration::ZERO, ended));
                    table.add(Span::Day(ended.date()), &cell, 1);
                }
            }
            (month, table)
        };
        (0..MONTHS).map(|month| first + Months::new(month)).map(table).collect()
    };
    (0..HALLS).map(count).collect()
}

/// A kiosk with what it has to send.
struct Kiosk {
    id: String,
    public_key: String,
    bundles: Vec<Vec<u8>>,
}

/// Signs the months of so many kiosks, on all processors.
fn sign_all(number: usize, halls: &[Year]) -> Vec<Kiosk> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let work = (0..threads).map(|thread| {
            scope.spawn(move || {
                (thread..number)
                    .step_by(threads)
                    .map(|kiosk| Kiosk::sign(kiosk, &halls[kiosk % halls.len()]))
                    .collect::<Vec<_>>()
            })
        });
        let work: Vec<_> = work.collect();
        work.into_iter()
            .flat_map(|thread| thread.join().expect("nothing here panics"))
            .collect()
    })
}

impl Kiosk {
    fn sign(number: usize, months: &Year) -> Self {
        let key = Key::generate().expect("a key");
        let public = key.public().expect("a key just made");
        let sign = |(sequence, (month, table)): (u64, &(NaiveDate, Table))| {
            let statistics = Statistics {
                health: Health {
                    edition: 12,
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    // So that no two payloads are the same.
                    uptime_hours: 10_000 + number as u64,
                    free_mb: Some(21_504),
                    ..Health::default()
                },
                table: table.clone(),
            };
            let head = Head {
                kind: Kind::Statistics,
                id: public.kiosk_id(),
                sequence,
                created: (*month + Months::new(1)).to_string(),
            };
            let (payload, mut bundle) = (statistics.to_json(), Vec::new());
            let mut scratch = Cursor::new(Vec::new());
            bundle::write(head, &mut payload.as_slice(), &mut scratch, &key, &mut bundle).expect("a bundle");
            bundle
        };
        Self {
            id: public.kiosk_id(),
            public_key: public.to_base64(),
            bundles: (1..).zip(months).map(sign).collect(),
        }
    }
}

/// The morning on which everything arrives.
fn morning() -> DateTime<Local> {
    Local
        .with_ymd_and_hms(2026, 10, 1, 8, 0, 0)
        .earliest()
        .expect("a morning")
}

/// The time that an office takes for everything; it has accepted the kiosks before.
async fn receive_all(address: &str, kiosks: &[Kiosk]) -> anyhow::Result<Duration> {
    let store = Arc::new(Store::open(address).await?);
    for kiosk in kiosks {
        store
            .accept(&kiosk.id, &kiosk.public_key, "Nhà văn hoá", morning().timestamp())
            .await?;
    }
    let receiver = Receiver::start(store.clone(), Arc::new(Key::generate()?), morning().date_naive());
    let copies: Vec<Vec<Vec<u8>>> = kiosks.iter().map(|kiosk| kiosk.bundles.clone()).collect();
    let waiting = Arc::new(Mutex::new(copies));
    let began = Instant::now();
    let senders = (0..SENDERS).map(|_| {
        let (receiver, waiting) = (receiver.clone(), waiting.clone());
        tokio::spawn(async move {
            let next = || waiting.lock().expect("nobody panics").pop();
            while let Some(bundles) = next() {
                for bundle in bundles {
                    let answer = receiver.receive(bundle, morning()).await?;
                    anyhow::ensure!(matches!(answer, Answer::Stored(_)), "not stored: {answer:?}");
                }
            }
            Ok(())
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await??;
    }
    let took = began.elapsed();
    let visits = store
        .counts(None, "2026-01", "2026-12")
        .await?
        .total(Signal::VisitStarted);
    anyhow::ensure!(
        visits == (kiosks.len() * VISITS) as u64 * u64::from(MONTHS),
        "{visits} visits were added up"
    );
    Ok(took)
}

/// What the office keeps of the bundles.
struct Rows {
    bundles: Vec<(String, i64, String, i64, Vec<u8>)>,
    figures: Vec<(String, String, Vec<u8>)>,
}

const TABLES: &str = "
    CREATE TABLE bundles (kiosk_id TEXT NOT NULL, sequence BIGINT NOT NULL, blake3 TEXT NOT NULL, received_at BIGINT NOT NULL,
        bundle BYTES NOT NULL, PRIMARY KEY (kiosk_id, sequence));
    CREATE TABLE figures (kiosk_id TEXT NOT NULL, month TEXT NOT NULL, counts BYTES NOT NULL, PRIMARY KEY (kiosk_id, month));";

impl Rows {
    /// In the order in which the office stored them.
    fn read(file: &Path) -> rusqlite::Result<Self> {
        let db = Connection::open(file)?;
        let mut bundles =
            db.prepare("SELECT kiosk_id, sequence, blake3, received_at, bundle FROM bundles ORDER BY rowid")?;
        let bundles = bundles.query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?;
        let mut figures = db.prepare("SELECT kiosk_id, month, counts FROM figures ORDER BY rowid")?;
        let figures = figures.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(Self {
            bundles: bundles.collect::<rusqlite::Result<_>>()?,
            figures: figures.collect::<rusqlite::Result<_>>()?,
        })
    }

    /// So many rows of each table at a time.
    #[expect(clippy::type_complexity, reason = "two slices of rows")]
    fn pieces(&self, at_once: usize) -> Vec<(&[(String, i64, String, i64, Vec<u8>)], &[(String, String, Vec<u8>)])> {
        let mut figures = self.figures.chunks(at_once);
        let mut pieces: Vec<_> = self
            .bundles
            .chunks(at_once)
            .map(|bundles| (bundles, figures.next().unwrap_or_default()))
            .collect();
        pieces.extend(figures.map(|figures| (&[][..], figures)));
        pieces
    }

    /// The time that bare rusqlite takes, with the settings of the office.
    fn insert(&self, file: &Path, at_once: usize) -> anyhow::Result<Duration> {
        remove_database(file)?;
        let mut db = Connection::open(file)?;
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA mmap_size = 268435456;")?;
        db.execute_batch(&TABLES.replace("BYTES", "BLOB"))?;
        let began = Instant::now();
        for (bundles, figures) in self.pieces(at_once) {
            let change = db.transaction()?;
            let mut insert = change.prepare_cached("INSERT INTO bundles VALUES (?1, ?2, ?3, ?4, ?5)")?;
            for (kiosk, sequence, blake3, at, bundle) in bundles {
                insert.execute((kiosk, sequence, blake3, at, bundle))?;
            }
            drop(insert);
            let mut insert = change.prepare_cached("INSERT INTO figures VALUES (?1, ?2, ?3)")?;
            for (kiosk, month, counts) in figures {
                insert.execute((kiosk, month, counts))?;
            }
            drop(insert);
            change.commit()?;
        }
        Ok(began.elapsed())
    }

    /// The time that COPY takes.
    async fn copy(&self, at_once: usize) -> anyhow::Result<Duration> {
        let address = postgres::fresh_database_with("on").await;
        let mut client = postgres::connect(&address).await;
        client.batch_execute(&TABLES.replace("BYTES", "BYTEA")).await?;
        let began = Instant::now();
        for (bundles, figures) in self.pieces(at_once) {
            let change = client.transaction().await?;
            let types = [Type::TEXT, Type::INT8, Type::TEXT, Type::INT8, Type::BYTEA];
            let copy = change.copy_in("COPY bundles FROM STDIN BINARY").await?;
            let mut rows = pin!(BinaryCopyInWriter::new(copy, &types));
            for (kiosk, sequence, blake3, at, bundle) in bundles {
                let row: [&(dyn ToSql + Sync); 5] = [kiosk, sequence, blake3, at, bundle];
                rows.as_mut().write(&row).await?;
            }
            rows.finish().await?;
            let copy = change.copy_in("COPY figures FROM STDIN BINARY").await?;
            let mut rows = pin!(BinaryCopyInWriter::new(copy, &[Type::TEXT, Type::TEXT, Type::BYTEA]));
            for (kiosk, month, counts) in figures {
                let row: [&(dyn ToSql + Sync); 3] = [kiosk, month, counts];
                rows.as_mut().write(&row).await?;
            }
            rows.finish().await?;
            change.commit().await?;
        }
        let took = began.elapsed();
        client.batch_execute("DROP TABLE bundles, figures").await?;
        Ok(took)
    }
}

/// Removes a file of `SQLite` with what stands beside it.
fn remove_database(file: &Path) -> std::io::Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(ending);
        match std::fs::remove_file(name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
