//! Stories of the log, and sequences of luck and failure in which no count may be lost.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::usage::signals::{Ending, Face, Signal};
use crate::usage::store;

fn seconds(seconds: u64) -> Stamp {
    Stamp::undated(Duration::from_secs(seconds))
}

/// `seconds` into a run that began at `began`.
fn dated(began: &str, seconds: u64) -> Stamp {
    let began: NaiveDateTime = began.parse().unwrap();
    let monotonic = Duration::from_secs(seconds);
    Stamp::dated(monotonic, began + monotonic)
}

fn on_disk(dir: &TempDir) -> Vec<String> {
    words(&store::read(dir.path()).unwrap().counters)
}

fn words(counters: &Counters) -> Vec<String> {
    let row = |row: super::super::counters::Row| {
        format!("{} {} {}/{} {}", row.period, row.signal, row.subject, row.value, row.n)
    };
    counters.rows().map(row).collect()
}

/// Makes every write fail, or none.
fn break_disk(log: &Log, broken: bool) {
    let store = log.store.as_ref().unwrap();
    store.connection().pragma_update(None, "query_only", broken).unwrap();
}

#[test]
fn a_count_waits_half_a_minute_and_not_longer() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), seconds(0));
    log.count(&Event::SearchFound, seconds(10));
    log.tick(seconds(39));
    assert!(on_disk(&dir).is_empty());
    log.tick(seconds(40));
    assert_eq!(["undated-1-0 search-found / 1"], on_disk(&dir)[..]);
    assert_eq!(
        Health {
            trouble: None,
            waiting: 0,
            losses: 0,
            newer: false
        },
        log.health()
    );
}

#[test]
fn a_visit_is_in_the_totals_and_nowhere_else() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), dated("2025-11-03T08:00:00", 0));
    for visit in 0..3 {
        let now = dated("2025-11-03T08:00:00", visit * 1800);
        log.count(&Event::VisitStarted, now);
        log.count(&Event::page_opened("can-cuoc"), now);
        log.count(&Event::rated("can-cuoc", Face::Good), now);
        log.count(&Event::VisitEnded(Ending::Finished), now);
        log.flush(now);
    }
    let expected = [
        "2025-11-03 visit-started /08 2",
        "2025-11-03 visit-started /09 1",
        "2025-11-03 visit-ended /finished 3",
        "2025-11-03 page-opened can-cuoc/ 3",
        "2025-11-03 rated can-cuoc/good 3",
    ];
    assert_eq!(expected, on_disk(&dir)[..]);
    assert_eq!(expected, words(&log.counters().unwrap())[..]);
}

#[test]
fn a_quiet_hall_leaves_no_trace_of_how_the_totals_grew() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), seconds(0));
    let trace = || std::fs::metadata(dir.path().join("usage.db-wal")).unwrap().len();
    for second in 1..5 {
        log.count(&Event::SearchFound, seconds(second));
        log.flush(seconds(second));
    }
    log.tick(seconds(600));
    assert!(trace() > 0);
    log.tick(seconds(604));
    assert_eq!(0, trace());
    assert_eq!(["undated-1-0 search-found / 4"], on_disk(&dir)[..]);
}

#[test]
fn counts_without_a_date_move_to_their_day_when_it_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let mut earlier = Log::open(Some(dir.path()), seconds(0));
    earlier.count(&Event::VisitStarted, seconds(5 * 3600));
    earlier.flush(seconds(5 * 3600));
    drop(earlier);

    let began = "2025-11-03T22:10:00";
    let mut log = Log::open(Some(dir.path()), seconds(0));
    log.count(&Event::VisitStarted, seconds(60));
    log.count(&Event::page_opened("can-cuoc"), seconds(3 * 3600));
    log.flush(seconds(3 * 3600));
    log.count(&Event::page_opened("can-cuoc"), seconds(3 * 3600 + 5));
    assert_eq!(
        [
            "undated-1-0 visit-started / 1",
            "undated-2-0 visit-started / 1",
            "undated-2-0 page-opened can-cuoc/ 1"
        ],
        on_disk(&dir)[..],
        "of the earlier run the hour is forgotten"
    );

    log.tick(dated(began, 4 * 3600));
    log.tick(dated(began, 4 * 3600 + 30));
    let moved = [
        "undated-1-0 visit-started / 1",
        "2025-11-03 visit-started /22 1",
        "2025-11-04 page-opened can-cuoc/ 2",
    ];
    assert_eq!(moved, on_disk(&dir)[..]);
}

#[test]
fn a_date_found_on_a_quiet_screen_is_used_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), seconds(0));
    log.count(&Event::SearchFound, seconds(1));
    log.flush(seconds(2));
    log.tick(dated("2025-11-03T08:00:00", 100));
    log.tick(dated("2025-11-03T08:00:00", 130));
    assert_eq!(["2025-11-03 search-found / 1"], on_disk(&dir)[..]);
}

#[test]
fn a_clock_set_back_in_mid_visit_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), dated("2025-11-04T00:30:00", 0));
    log.count(&Event::VisitStarted, dated("2025-11-04T00:30:00", 10));
    // An hour back, over midnight; the monotonic clock goes on.
    let back = |seconds| dated("2025-11-03T23:30:00", seconds);
    log.count(&Event::visit_length(back(70).since(&seconds(10))), back(70));
    log.count(&Event::VisitStarted, back(80));
    log.tick(back(80));
    let expected = [
        "2025-11-03 visit-started /23 1",
        "2025-11-03 visit-length /under-2min 1",
        "2025-11-04 visit-started /00 1",
    ];
    assert_eq!(expected, on_disk(&dir)[..]);
}

#[test]
fn a_full_disk_keeps_the_counts_in_memory_until_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), seconds(0));
    let limit = |log: &Log, pages: u32| {
        log.store
            .as_ref()
            .unwrap()
            .connection()
            .pragma_update(None, "max_page_count", pages)
            .unwrap();
    };
    limit(&log, 1);
    for page in 0..200 {
        log.count(&Event::page_opened(&format!("page-{page}")), seconds(1));
    }
    log.tick(seconds(31));
    assert!(log.health().trouble.unwrap().contains("full"));
    assert!(on_disk(&dir).is_empty(), "all or nothing");
    assert_eq!(200, log.counters().unwrap().total(Signal::PageOpened));

    limit(&log, 1_000_000);
    log.tick(seconds(60));
    assert!(on_disk(&dir).is_empty(), "not tried again at every tick");
    log.tick(seconds(61));
    assert_eq!(200, on_disk(&dir).len());
    assert_eq!(None, log.health().trouble);
}

#[test]
fn without_a_folder_it_counts_in_memory_and_says_so() {
    let mut log = Log::open(None, seconds(0));
    log.count(&Event::SearchFound, seconds(1));
    log.tick(seconds(100));
    assert!(log.health().trouble.is_some());
    assert_eq!(1, log.counters().unwrap().total(Signal::SearchFound));
}

#[test]
fn a_folder_that_appears_later_gets_everything() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("late");
    let mut log = Log::open(Some(&dir), seconds(0));
    log.count(&Event::SearchFound, seconds(1));
    log.tick(seconds(31));
    assert!(log.health().trouble.is_some());
    std::fs::create_dir(&dir).unwrap();
    log.tick(seconds(61));
    assert_eq!(
        ["undated-1-0 search-found / 1"],
        words(&store::read(&dir).unwrap().counters)[..]
    );
}

/// One thing that happens to a log.
#[derive(Debug, Clone)]
enum Step {
    Count(Event),
    Wait(u64),
    Tick,
    Flush,
    Break(bool),
    ClockTrusted(bool),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let event = prop_oneof![
        Just(Event::VisitStarted),
        Just(Event::SearchNotFound),
        (0..4_usize).prop_map(|page| Event::page_opened(&format!("page-{page}"))),
        (0..4_usize, 0..12_usize).prop_map(|(page, step)| Event::step_reached(&format!("page-{page}"), step)),
    ];
    prop_oneof![
        8 => event.prop_map(Step::Count),
        3 => (0..20_000_u64).prop_map(Step::Wait),
        3 => Just(Step::Tick),
        2 => Just(Step::Flush),
        2 => any::<bool>().prop_map(Step::Break),
        1 => any::<bool>().prop_map(Step::ClockTrusted),
        1 => Just(Step::Restart),
    ]
}

/// Totals by signal and subject: what dating must not change.
type Totals = BTreeMap<(Signal, String), u64>;

fn totals(counters: &Counters) -> Totals {
    let mut totals = Totals::new();
    for (key, n) in counters.iter() {
        *totals
            .entry((key.cell.signal, key.cell.subject.as_str().to_owned()))
            .or_default() += n;
    }
    totals
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_or_counted_twice_whatever_happens(steps in prop::collection::vec(step(), 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let (mut time, mut trusted, mut broken) = (0, false, false);
        let mut log = Log::open(Some(dir.path()), seconds(0));
        let mut counted = Totals::new();
        let mut before = Totals::new();
        for step in steps {
            let now = if trusted { dated("2025-11-03T21:00:00", time) } else { seconds(time) };
            match step {
                Step::Count(event) => {
                    log.count(&event, now);
                    let subject = event.cell(now).subject;
                    *counted.entry((event.signal(), subject.as_str().to_owned())).or_default() += 1;
                }
                Step::Wait(seconds) => time += seconds,
                Step::Tick => log.tick(now),
                Step::Flush => {
                    log.flush(now);
                    let health = log.health();
                    prop_assert!(broken || health.waiting == 0);
                    prop_assert!(health.waiting == 0 || health.trouble.is_some());
                }
                Step::Break(broke) => {
                    broken = broke;
                    break_disk(&log, broken);
                }
                Step::ClockTrusted(is) => trusted = is,
                Step::Restart => {
                    // A power cut: what was not flushed is gone, what was is there.
                    counted = totals(&store::read(dir.path()).unwrap().counters);
                    before = counted.clone();
                    (time, broken) = (0, false);
                    log = Log::open(Some(dir.path()), seconds(0));
                }
            }
            prop_assert_eq!(&counted, &totals(&log.counters().unwrap()));
            let disk = totals(&store::read(dir.path()).unwrap().counters);
            for (cell, n) in &before {
                prop_assert!(disk.get(cell) >= Some(n), "{cell:?} went back on disk");
            }
            before = disk;
        }
        break_disk(&log, false);
        log.flush(seconds(time));
        prop_assert_eq!(counted, totals(&store::read(dir.path()).unwrap().counters));
    }

    #[test]
    fn dating_moves_exactly_what_this_run_counted(
        earlier in prop::collection::vec((0..4_usize, 0..200_000_u64), 0..20),
        now in prop::collection::vec((0..4_usize, 0..200_000_u64, any::<bool>()), 0..40),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let page = |page: usize| Event::page_opened(&format!("page-{page}"));
        let mut log = Log::open(Some(dir.path()), seconds(0));
        for (what, when) in &earlier {
            log.count(&page(*what), seconds(*when));
        }
        log.flush(seconds(200_000));
        let mut log = Log::open(Some(dir.path()), seconds(0));
        let mut expected = BTreeMap::<_, u64>::new();
        let began: NaiveDateTime = "2025-11-03T21:00:00".parse().unwrap();
        for (what, when, flush) in &now {
            log.count(&page(*what), seconds(*when));
            if *flush {
                log.flush(seconds(*when));
            }
            // The day in which most of its day of the run was.
            let from = when / 86_400 * 86_400;
            let day = (began + Duration::from_secs(u64::midpoint(from, 210_000.min(from + 86_400)))).date();
            *expected.entry((day, format!("page-{what}"))).or_default() += 1;
        }
        log.flush(dated("2025-11-03T21:00:00", 210_000));
        let mut moved = BTreeMap::<_, u64>::new();
        let mut undated = 0;
        for (key, n) in store::read(dir.path()).unwrap().counters.iter() {
            match key.period {
                Period::Day(day) => *moved.entry((day, key.cell.subject.as_str().to_owned())).or_default() += n,
                Period::Undated { boot, hour } => {
                    prop_assert_eq!((1, 0), (boot, hour));
                    undated += n;
                }
            }
        }
        prop_assert_eq!(expected, moved);
        prop_assert_eq!(earlier.len() as u64, undated);
    }
}

#[test]
fn a_close_without_a_date_that_failed_is_tried_again_in_the_same_run() {
    let dir = tempfile::tempdir().unwrap();
    let mut before = Log::open(Some(dir.path()), seconds(0));
    // As many as may leave.
    (0..batch::FEWEST_VISITS).for_each(|_| before.count(&Event::VisitStarted, seconds(1)));
    before.flush(seconds(2));
    drop(before);
    let mut log = Log::open(Some(dir.path()), seconds(0));
    let later = Stamp::undated(PATIENCE);
    break_disk(&log, true);
    assert!(log.seal(Share::Month, later, Machine::default(), 0).is_err());
    assert!(log.is_due(Share::Month, later));
    break_disk(&log, false);
    assert_eq!(log.seal(Share::Month, later, Machine::default(), 0).unwrap(), Some(1));
    assert!(!log.is_due(Share::Month, later), "once each run");
}

/// The payload that a closing at this moment makes.
fn closes(log: &mut Log, now: &str) -> String {
    let now = Stamp::dated(Duration::from_hours(1), now.parse().unwrap());
    let number = log.seal(Share::Month, now, Machine::default(), 0).unwrap().unwrap();
    let (_, payload) = log.sealed().unwrap().pop().unwrap();
    log.hand_on(number).unwrap();
    String::from_utf8(payload).unwrap()
}

/// A digit that staff mistyped, or an office whose clock was behind.
#[test]
fn one_wrong_date_takes_the_day_from_no_right_count() {
    let dir = tempfile::tempdir().unwrap();
    let right = Stamp::dated(Duration::ZERO, "2027-06-02T09:00:00".parse().unwrap());
    let mut log = Log::open(Some(dir.path()), right);
    (0..37).for_each(|_| log.count(&Event::VisitStarted, right));
    log.flush(right);
    for wrong in ["2026-06-02T09:00:00", "2026-07-01T09:00:00", "2026-05-01T09:00:00"] {
        let sealed = closes(&mut log, wrong);
        assert!(!sealed.contains("37"), "{wrong}: {sealed}");
    }
    let sealed = closes(&mut log, "2027-07-01T09:00:00");
    assert!(sealed.contains("\"2027-06-02\"") && sealed.contains("37"), "{sealed}");
}

/// A clock that was years ahead for a day must not keep that day's counts for ever.
#[test]
fn what_a_wrong_clock_counted_leaves_without_a_date_once_the_right_one_has_gone_on_for_a_month() {
    let dir = tempfile::tempdir().unwrap();
    let wrong = Stamp::dated(Duration::ZERO, "2031-06-02T09:00:00".parse().unwrap());
    let mut log = Log::open(Some(dir.path()), wrong);
    (0..37).for_each(|_| log.count(&Event::VisitStarted, wrong));
    log.flush(wrong);
    for early in ["2026-11-30T09:00:00", "2026-12-01T09:00:00"] {
        assert!(!closes(&mut log, early).contains("37"));
    }
    drop(log);
    let mut log = Log::open(Some(dir.path()), wrong);
    let sealed = closes(&mut log, "2027-01-01T09:00:00");
    assert!(sealed.contains("\"undated\"") && sealed.contains("37"), "{sealed}");
}

fn is_asked(log: &mut Log, page: &str, times: u64, now: Stamp) {
    (0..times).for_each(|_| log.count_asked(Label::new(page), now));
    log.flush(now);
}

fn often(log: &mut Log) -> Option<Vec<String>> {
    let pages = log.take_often()?.into_iter();
    Some(pages.map(|page| page.as_str().to_owned()).collect())
}

fn numbers(dir: &TempDir) -> i64 {
    let db = rusqlite::Connection::open(dir.path().join(store::FILE)).unwrap();
    db.query_row("SELECT count(*) FROM demand", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_month_that_is_over_leaves_a_list_and_no_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), seconds(0));
    assert_eq!(often(&mut log), Some(Vec::new()));
    // Counted without a date, as by a kiosk that has not learned it yet.
    is_asked(&mut log, "khai-sinh", 3, seconds(1));
    closes(&mut log, "2026-11-03T09:00:00");
    assert_eq!((often(&mut log), numbers(&dir)), (None, 1), "no month was over");
    is_asked(&mut log, "khai-sinh", 2, dated("2026-11-04T09:00:00", 0));
    is_asked(&mut log, "ket-hon", 7, dated("2026-11-05T09:00:00", 0));
    is_asked(&mut log, "khai-tu", 4, dated("2026-11-05T09:00:00", 0));
    closes(&mut log, "2026-12-01T09:00:00");
    let list = vec!["ket-hon".to_owned(), "khai-sinh".to_owned()];
    assert_eq!((often(&mut log), numbers(&dir)), (Some(list.clone()), 0));
    drop(log);
    let mut log = Log::open(Some(dir.path()), seconds(0));
    assert_eq!(often(&mut log), Some(list), "after a start, too");
}

#[test]
fn a_quiet_month_keeps_the_list_and_counts_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), seconds(0));
    closes(&mut log, "2026-11-03T09:00:00");
    is_asked(&mut log, "khai-sinh", 5, seconds(1));
    closes(&mut log, "2026-12-01T09:00:00");
    is_asked(&mut log, "ket-hon", 4, seconds(2));
    closes(&mut log, "2027-01-01T09:00:00");
    assert_eq!(often(&mut log), Some(vec!["khai-sinh".to_owned()]));
    is_asked(&mut log, "ket-hon", 1, seconds(3));
    closes(&mut log, "2027-02-01T09:00:00");
    assert_eq!(often(&mut log), Some(vec!["ket-hon".to_owned()]));
}

/// A kiosk that sends each day ranks each month all the same.
#[test]
fn days_that_are_closed_do_not_make_a_list() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), seconds(0));
    let close = |log: &mut Log, now: &str| {
        let now = Stamp::dated(Duration::from_hours(1), now.parse().unwrap());
        log.seal(Share::Day, now, Machine::default(), 0).unwrap();
    };
    close(&mut log, "2026-11-03T09:00:00");
    is_asked(&mut log, "khai-sinh", 5, seconds(1));
    assert_eq!(often(&mut log), Some(Vec::new()));
    close(&mut log, "2026-11-04T09:00:00");
    assert_eq!((often(&mut log), numbers(&dir)), (None, 1));
    close(&mut log, "2026-12-01T09:00:00");
    assert_eq!(often(&mut log), Some(vec!["khai-sinh".to_owned()]));
}

/// Who never learns the date makes a list of what earlier runs counted.
#[test]
fn without_a_date_a_list_is_made_when_what_was_counted_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let mut before = Log::open(Some(dir.path()), seconds(0));
    (0..batch::FEWEST_VISITS).for_each(|_| before.count(&Event::VisitStarted, seconds(1)));
    is_asked(&mut before, "khai-sinh", batch::FEWEST_VISITS, seconds(1));
    drop(before);
    let mut log = Log::open(Some(dir.path()), seconds(0));
    log.seal(Share::Month, Stamp::undated(PATIENCE), Machine::default(), 0)
        .unwrap();
    assert_eq!(often(&mut log), Some(vec!["khai-sinh".to_owned()]));
}

#[test]
fn nothing_of_the_list_leaves_the_kiosk() {
    let payload = |asked: u64| {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Log::open(Some(dir.path()), seconds(0));
        closes(&mut log, "2026-11-03T09:00:00");
        let now = dated("2026-11-04T09:00:00", 0);
        (0..6).for_each(|_| log.count(&Event::VisitStarted, now));
        is_asked(&mut log, "khai-sinh", asked, now);
        closes(&mut log, "2026-12-01T09:00:00") + &closes(&mut log, "2027-01-01T09:00:00")
    };
    assert_eq!(payload(0), payload(9));
}

#[test]
fn what_was_asked_for_waits_for_the_disk_and_is_counted_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), seconds(0));
    closes(&mut log, "2026-11-03T09:00:00");
    break_disk(&log, true);
    is_asked(&mut log, "khai-sinh", 4, seconds(1));
    is_asked(&mut log, "khai-sinh", 1, seconds(2));
    break_disk(&log, false);
    log.flush(seconds(3));
    log.flush(seconds(4));
    closes(&mut log, "2026-12-01T09:00:00");
    assert_eq!(often(&mut log), Some(vec!["khai-sinh".to_owned()]));
    is_asked(&mut log, "ket-hon", 4, seconds(5));
    closes(&mut log, "2027-01-01T09:00:00");
    assert_eq!(often(&mut log), Some(vec!["khai-sinh".to_owned()]));
}
