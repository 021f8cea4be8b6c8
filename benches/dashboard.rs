//! Pages of the office with 10, 100 and 3,000 kiosks and 24 months in the database. Budgets with 3,000 kiosks: 50 ms for the first page
//! as it opens, 200 ms for any page and any report whatever its period; beside it the same counts read by bare SQL, which is the least that
//! a page can cost.
//!
//! Everything is in the time: the request over loopback, the session, the database, the figures, charts and tables. The
//! database is a file, then a PostgreSQL of this program's own. The middle of 21 requests counts. Run with
//! `cargo bench --bench dashboard`; filling the largest databases takes minutes and 2 GB of disk (`BENCH_DIR`, or `target`).

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use axum_server::Handle;
use chrono::{DateTime, Local, Months, NaiveDate, TimeZone};
use commune_kiosk::bundle::{Key, Trust};
use commune_kiosk::office::serve::{self, Limits, Options};
use commune_kiosk::office::store::{Received, SignIn, Store};
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::{Health, Span, Statistics, Table};
use tokio::task::block_in_place;

#[path = "../tests/common/postgres.rs"]
#[allow(dead_code, reason = "it serves the tests too")]
mod postgres;
#[path = "../tests/common/short.rs"]
mod short;
#[path = "common/visits.rs"]
mod visits;

use visits::Hall;

const KIOSKS: [usize; 3] = [10, 100, 3_000];
const MONTHS: u32 = 24;
const FIRST: &str = "2024-12";
const LAST: &str = "2026-11";

/// Visits of a kiosk in a month.
const VISITS: usize = 300;

/// Halls with different favourites; kiosks take turns with them.
const HALLS: usize = 20;

const REQUESTS: usize = 21;

/// For the first page as it opens, and for any other.
const BUDGETS: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(200)];

/// The cookie of somebody who is signed in.
const COOKIE: &str = "0123456789abcdef";

/// What is looked at; the first is what the budget is for.
const PAGES: [(&str, &str); 9] = [
    ("first page, a month", "/"),
    ("first page, 24 months", "/?from=2024-12-01&to=2026-11-30"),
    ("content, 24 months", "/content?from=2024-12-01&to=2026-11-30"),
    ("kiosks, 100 of them", "/kiosks"),
    ("report of a month", "/reports/html?from=2026-11-01&to=2026-11-30"),
    ("report of a year", "/reports/html?from=2025-12-01&to=2026-11-30"),
    ("report, 15th to 14th", "/reports/html?from=2026-10-15&to=2026-11-14"),
    ("report, some days", "/reports/html?from=2026-09-03&to=2026-11-20"),
    (
        "report, a year cut twice",
        "/reports/html?from=2025-11-15&to=2026-11-14",
    ),
];

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let folder =
        tempfile::tempdir_in(std::env::var_os("BENCH_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from))?;
    let halls = block_in_place(count_months)?;
    println!("{MONTHS} months of {VISITS} visits from each kiosk; the middle of {REQUESTS} requests, in ms");
    for number in KIOSKS {
        let file = folder.path().join(format!("{number}.db")).display().to_string();
        measure(&file, number, &halls, folder.path().join("packs")).await?;
        measure(
            &postgres::fresh_database().await,
            number,
            &halls,
            folder.path().join("packs"),
        )
        .await?;
    }
    Ok(())
}

async fn measure(address: &str, number: usize, halls: &[Vec<Table>], packs: PathBuf) -> anyhow::Result<()> {
    let store = Arc::new(Store::open(address).await?);
    fill(&store, number, halls).await?;
    let kind = if address.starts_with("postgres") {
        "PostgreSQL"
    } else {
        "SQLite"
    };
    let bare = [("2026-11", LAST), (FIRST, LAST)];
    for (first, last) in bare {
        let bare = bare_sql(address, first, last).await?;
        println!(
            "{number:>5} {kind:<10} {:<24} {:>8.1}",
            format!("bare SQL {first} to {last}"),
            ms(bare)
        );
    }
    store.set_password("hoa", "no hash", None).await?;
    let session = SignIn {
        token: blake3::hash(COOKIE.as_bytes()).to_hex().to_string(),
        account: "hoa".to_owned(),
        expires_at: i64::MAX,
    };
    store.sign_in(&session, 0).await?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let server = format!("http://{}", listener.local_addr()?);
    let handle = Handle::new();
    let limit = (1_000_000, 100_000);
    let key = Key::generate()?;
    let options = Options {
        listener,
        tls: None,
        behind_proxy: false,
        folder: packs,
        trust: Trust::of(key.public()?),
        key,
        limits: Limits::new(limit, limit),
        now,
        built: now().date_naive(),
    };
    let serving = tokio::spawn(serve::serve(store, options, handle.clone()));
    for (place, (name, path)) in PAGES.into_iter().enumerate() {
        let (time, bytes) = block_in_place(|| fetch(&format!("{server}{path}")))?;
        let over = if time > BUDGETS[place.min(1)] { " OVER" } else { "" };
        println!(
            "{number:>5} {kind:<10} {name:<24} {:>8.1} {:>6} KB{over}",
            ms(time),
            bytes / 1024
        );
    }
    handle.shutdown();
    serving.await??;
    Ok(())
}

/// The middle of so many requests, and the size of the page.
fn fetch(url: &str) -> anyhow::Result<(Duration, usize)> {
    let mut times = Vec::with_capacity(REQUESTS);
    let mut bytes = 0;
    for _ in 0..REQUESTS {
        let began = Instant::now();
        let mut answer = ureq::get(url).header("cookie", format!("office={COOKIE}")).call()?;
        let page = answer
            .body_mut()
            .with_config()
            .limit(64 * 1024 * 1024)
            .read_to_string()?;
        times.push(began.elapsed());
        ensure!(
            answer.status() == 200 && !page.contains("type=\"password\""),
            "{url} is no page of figures"
        );
        bytes = page.len();
    }
    times.sort();
    Ok((times[REQUESTS / 2], bytes))
}

/// Reads the sums of all kiosks as they are stored.
async fn bare_sql(address: &str, first: &str, last: &str) -> anyhow::Result<Duration> {
    let sql = "SELECT counts FROM figures WHERE kiosk_id = '*' AND month BETWEEN $1 AND $2";
    let mut times = Vec::with_capacity(REQUESTS);
    if address.starts_with("postgres") {
        let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await?;
        let connection = tokio::spawn(connection);
        let statement = client.prepare(sql).await?;
        for _ in 0..REQUESTS {
            let began = Instant::now();
            let rows = client.query(&statement, &[&first, &last]).await?;
            let bytes: usize = rows.iter().map(|row| row.get::<_, &[u8]>(0).len()).sum();
            times.push(began.elapsed());
            ensure!(bytes > 0, "no sums");
        }
        drop(client);
        connection.await??;
    } else {
        let file = rusqlite::Connection::open(address)?;
        for _ in 0..REQUESTS {
            let began = Instant::now();
            let mut statement = file.prepare_cached(sql)?;
            let rows = statement.query_map([first, last], |row| row.get::<_, Vec<u8>>(0))?;
            let bytes: usize = rows.map(|row| row.map(|counts| counts.len())).sum::<Result<_, _>>()?;
            times.push(began.elapsed());
            ensure!(bytes > 0, "no sums");
        }
    }
    times.sort();
    Ok(times[REQUESTS / 2])
}

/// The months of some halls.
fn count_months() -> anyhow::Result<Vec<Vec<Table>>> {
    let first: NaiveDate = format!("{FIRST}-01").parse()?;
    let count = |hall: usize| {
        let mut hall = Hall::new(hall as u64);
        let table = |month: u32| {
            let mut table = Table::default();
            for (ended, events) in hall.month(first + Months::new(month), VISITS) {
                for event in events {
                    let cell = event.cell(Stamp::dated(Duration::ZERO, ended));
                    table.add(Span::Day(ended.date()), &cell, 1);
                }
            }
            table
        };
        (0..MONTHS).map(table).collect()
    };
    Ok((0..HALLS).map(count).collect())
}

/// Keeps the months of all kiosks, as if their bundles had been verified.
async fn fill(store: &Store, number: usize, halls: &[Vec<Table>]) -> anyhow::Result<()> {
    let id = |kiosk: usize| format!("kiosk-{kiosk:016x}");
    for kiosk in 0..number {
        store
            .accept(&id(kiosk), "a key", &format!("Xã mô phỏng {kiosk:04}"), 0)
            .await?;
    }
    for (month, sequence) in (0..MONTHS as usize).zip(1_u64..) {
        let made = FIRST.to_owned();
        for from in (0..number).step_by(512) {
            let bundle = |kiosk: usize| Received {
                kiosk: id(kiosk),
                public_key: "a key".to_owned(),
                sequence,
                blake3: String::new(),
                made: made.clone(),
                at: now().timestamp(),
                content: Ok(Statistics {
                    health: Health::default(),
                    table: halls[kiosk % halls.len()][month].clone(),
                }),
                undated_after: None,
                bundle: [].into(),
                packed: None,
            };
            let bundles: Vec<Received> = (from..number.min(from + 512)).map(bundle).collect();
            store.keep(&bundles).await.context("kept")?;
        }
    }
    Ok(())
}

fn now() -> DateTime<Local> {
    let noon = NaiveDate::from_ymd_opt(2026, 12, 1).and_then(|day| day.and_hms_opt(12, 0, 0));
    noon.and_then(|noon| Local.from_local_datetime(&noon).earliest())
        .unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
