//! Bytes written to disk for 1,000 taps of counting. Budget: 256 KB; compared with one insert for each tap.
//!
//! Wear is not a matter of time, so this counts bytes instead of timing: `wchar` of /proc/self/io, all that was handed to the
//! kernel, and `write_bytes`, what the kernel had to bring to the disk in pages of 4 KB. Both include `SQLite`'s log, its
//! checkpoints and the closing of the file. Run with `cargo bench --bench counting`; Linux only.

use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono::NaiveDateTime;
use commune_kiosk::usage::log::Log;
use commune_kiosk::usage::signals::{Ending, Event, Face};
use commune_kiosk::usage::stamp::Stamp;
use rusqlite::Connection;

const TAPS: usize = 1_000;
const BUDGET_KB: u64 = 256;
const PAGES: usize = 60;

fn main() {
    println!("{TAPS} taps of counting, in KB: handed to the kernel / brought to the disk in pages of 4 KB");
    let busy = Hall {
        seconds_a_tap: 2,
        ends_by_button: 0.5,
    };
    let slow = Hall {
        seconds_a_tap: 4,
        ends_by_button: 0.0,
    };
    for (name, hall) in [
        ("busy hall, 2 s a tap", busy),
        ("slow hall, 4 s a tap, all walk away", slow),
    ] {
        let visits = hall.day();
        let flushes = visits.iter().map(Vec::len).sum::<usize>();
        println!("{name}: {} visits, {flushes} counts", visits.len());
        let first = counted(&visits, 1);
        let week = counted(&visits, 7);
        println!("  counted, first day       {:>6} / {}", first.handed, first.to_disk);
        println!(
            "  counted, mean of 7 days  {:>6} / {}",
            week.handed / 7,
            week.to_disk / 7
        );
        let naive = inserted(&visits);
        println!("  an insert for each tap   {:>6} / {}", naive.handed, naive.to_disk);
        let verdict = if first.handed <= BUDGET_KB { "within" } else { "OVER" };
        println!(
            "  {verdict} the budget of {BUDGET_KB} KB; {} times less",
            naive.handed / first.handed.max(1)
        );
    }
}

/// How people use the screen.
#[derive(Clone, Copy)]
struct Hall {
    seconds_a_tap: u64,
    ends_by_button: f64,
}

/// What one visit counts, with the second of the day.
type Visit = Vec<(u64, Event)>;

impl Hall {
    /// Visits of [`TAPS`] taps together, one after the other without a pause.
    fn day(self) -> Vec<Visit> {
        let mut random = fastrand::Rng::with_seed(1);
        let (mut second, mut taps, mut visits) = (0, 0, Vec::new());
        while taps < TAPS {
            let mut visit = Visit::new();
            visit.push((second, Event::VisitStarted));
            let began = second;
            let mut tap = |visit: &mut Visit, event: Option<Event>| {
                second += self.seconds_a_tap;
                taps += 1;
                visit.extend(event.map(|event| (second, event)));
            };
            let stays = random.usize(1..=3);
            for _ in 0..stays {
                visit_a_page(&mut random, &mut visit, &mut tap);
            }
            if random.f64() < 0.2 {
                tap(&mut visit, Some(Event::text_size("large")));
            }
            let mut ending = Ending::Finished;
            if random.f64() >= self.ends_by_button {
                ending = Ending::Left;
                second += 60;
            }
            let length = Duration::from_secs(second - began);
            visit.extend(
                [
                    Event::VisitEnded(ending),
                    Event::visit_length(length),
                    Event::visit_pages(stays),
                ]
                .map(|e| (second, e)),
            );
            visits.push(visit);
        }
        visits
    }
}

/// A guide found by search or by its tile, read for some steps; or five questions of a quiz.
fn visit_a_page(random: &mut fastrand::Rng, visit: &mut Visit, tap: &mut impl FnMut(&mut Visit, Option<Event>)) {
    const NAMES: [&str; 6] = [
        "dinh-danh",
        "nop-ho-so",
        "an-toan-chuyen-tien",
        "bao-hiem-y-te",
        "thanh-toan-khong-tien-mat",
        "le-phi",
    ];
    // Few pages are asked for often, many now and then.
    let often = random.usize(..PAGES);
    let often = random.usize(..=often);
    let rank = random.usize(..=often);
    let page = format!("{}-{}", NAMES[rank % 6], rank / 6);
    match random.u8(..100) {
        0..15 => {
            for question in 1..=5 {
                tap(
                    visit,
                    Some(Event::question_answered(
                        &format!("an-toan-{question}"),
                        random.usize(..4),
                        random.bool(),
                    )),
                );
                tap(visit, None);
            }
            tap(visit, Some(Event::quiz_finished("an-toan", random.usize(..6), 5)));
            return;
        }
        15..30 => {
            for _ in 0..6 {
                tap(visit, None);
            }
            tap(visit, Some(Event::SearchFound));
            tap(visit, Some(Event::opened_from_search(&page)));
        }
        _ => tap(visit, None),
    }
    tap(visit, Some(Event::page_opened(&page)));
    let steps = random.usize(1..=7);
    for step in 1..=steps {
        tap(visit, Some(Event::step_reached(&page, step)));
    }
    if steps > 5 {
        tap(visit, Some(Event::guide_finished(&page)));
    }
    if random.f64() < 0.3 {
        tap(visit, Some(Event::qr_shown(&page)));
    }
    if random.f64() < 0.3 {
        tap(visit, Some(Event::rated(&page, Face::Good)));
    }
    tap(visit, None);
}

/// As the kiosk does it: a tick each second, a flush at the end of each visit.
fn counted(visits: &[Visit], days: u64) -> Written {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let stamp = |day: u64, second: u64| {
        let monotonic = Duration::from_secs(day * 86_400 + second);
        let began: NaiveDateTime = "2025-11-03T08:00:00".parse().expect("a date");
        Stamp::dated(monotonic, began + monotonic)
    };
    drop(Log::open(Some(dir.path()), stamp(0, 0)));
    Written::by(|| {
        let mut log = Log::open(Some(dir.path()), stamp(0, 0));
        for day in 0..days {
            let mut clock = 0;
            for visit in visits {
                for (second, event) in visit {
                    while clock < *second {
                        clock += 1;
                        log.tick(stamp(day, clock));
                    }
                    log.count(event, stamp(day, clock));
                }
                log.flush(stamp(day, clock));
            }
        }
        assert_eq!(None, log.health().trouble);
    })
}

/// As a first thought would do it: a row for each event, in `SQLite` as it comes.
fn inserted(visits: &[Visit]) -> Written {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let db = open_naive(dir.path());
    Written::by(|| {
        for (second, event) in visits.iter().flatten() {
            let cell = event.cell(Stamp::undated(Duration::ZERO));
            let row = (
                i64::try_from(*second).expect("a second of a day"),
                cell.signal.code(),
                cell.subject.as_str(),
                cell.value.as_str(),
            );
            db.execute("INSERT INTO taps VALUES (?1, ?2, ?3, ?4)", row)
                .expect("an insert");
        }
        db.close().expect("closing");
    })
}

fn open_naive(dir: &Path) -> Connection {
    let db = Connection::open(dir.join("naive.db")).expect("a database");
    db.execute_batch("CREATE TABLE taps (at INTEGER, signal TEXT, subject TEXT, value TEXT)")
        .expect("a table");
    db
}

/// What was written, in KB.
struct Written {
    handed: u64,
    to_disk: u64,
}

impl Written {
    fn by(work: impl FnOnce()) -> Self {
        let before = Self::so_far();
        work();
        let after = Self::so_far();
        Self {
            handed: (after.handed - before.handed) / 1024,
            to_disk: (after.to_disk - before.to_disk) / 1024,
        }
    }

    fn so_far() -> Self {
        let io = fs::read_to_string("/proc/self/io").unwrap_or_default();
        let figure = |name: &str| {
            io.lines()
                .find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
                .expect("Linux counts what is written")
        };
        Self {
            handed: figure("wchar:"),
            to_disk: figure("write_bytes:"),
        }
    }
}
