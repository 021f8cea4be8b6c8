//! What may happen to `usage.db` in a commune hall: no folder, a read-only card, a power cut, a kill, damage, a newer program.
//! Residents notice nothing, and no count that was flushed is lost without being reported.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::log::Log;
use commune_kiosk::usage::signals::{Event, Signal};
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::store::{self, StoreError};
use rusqlite::Connection;
use tempfile::TempDir;

fn at(seconds: u64) -> Stamp {
    Stamp::undated(Duration::from_secs(seconds))
}

fn pages_opened(dir: &Path) -> u64 {
    store::read(dir).unwrap().counters.total(Signal::PageOpened)
}

/// A folder in which `flushes` flushes opened 5 pages each; the log is closed.
fn folder_with(flushes: u64) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), at(0));
    count(&mut log, flushes);
    dir
}

fn count(log: &mut Log, flushes: u64) {
    for flush in 0..flushes {
        for page in 0..5 {
            log.count(&Event::page_opened(&format!("page-{}", flush * 3 + page)), at(flush));
        }
        log.flush(at(flush));
    }
}

/// The kiosk starts on this folder and goes on counting; returns how many databases it has had to set aside.
fn still_counts(dir: &Path) -> u64 {
    let mut log = Log::open(Some(dir), at(0));
    let before = log.counters().unwrap().total(Signal::SearchFound);
    log.count(&Event::SearchFound, at(1));
    log.flush(at(2));
    assert_eq!(None, log.health().trouble);
    let reading = store::read(dir).unwrap();
    assert_eq!(before + 1, reading.counters.total(Signal::SearchFound));
    assert_eq!(log.health().losses, reading.losses);
    reading.losses
}

#[test]
fn a_folder_that_cannot_be_written_leaves_the_kiosk_counting_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a-file");
    fs::write(&file, "").unwrap();
    // /proc refuses new files even to root, who may write anywhere else.
    for unusable in [PathBuf::from("/proc"), file, dir.path().join("missing")] {
        let mut log = Log::open(Some(&unusable), at(0));
        log.count(&Event::SearchFound, at(1));
        log.tick(at(60));
        let health = log.health();
        assert!(health.trouble.is_some(), "{}", unusable.display());
        assert_eq!(1, health.waiting);
        assert_eq!(1, log.counters().unwrap().total(Signal::SearchFound));
        assert!(matches!(store::read(&unusable), Err(StoreError::Folder(_))));
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_card_leaves_its_counts_as_they_are() {
    use std::os::unix::fs::PermissionsExt;

    let dir = folder_with(3);
    let permit = |mode| {
        fs::set_permissions(dir.path().join(store::FILE), fs::Permissions::from_mode(mode & 0o666)).unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
    };
    permit(0o555);
    let root = fs::write(dir.path().join("probe"), "").is_ok();
    if !root {
        let mut log = Log::open(Some(dir.path()), at(0));
        log.count(&Event::SearchFound, at(1));
        log.tick(at(60));
        assert!(log.health().trouble.is_some());
        permit(0o755);
        log.tick(at(120));
        assert_eq!(None, log.health().trouble);
    }
    permit(0o755);
    assert_eq!(15, pages_opened(dir.path()));
}

#[test]
fn a_truncated_database_is_set_aside_and_reported_at_any_length() {
    let sound = folder_with(40);
    let bytes = fs::read(sound.path().join(store::FILE)).unwrap();
    assert!(bytes.len() > 4096);
    for length in (0..bytes.len())
        .step_by(211)
        .chain([1, 15, 16, 99, 100, 512, 1024, bytes.len() - 1])
    {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(store::FILE), &bytes[..length]).unwrap();
        assert!(
            matches!(store::read(dir.path()), Err(StoreError::Damaged(_))),
            "{length} bytes"
        );
        assert_eq!(1, still_counts(dir.path()), "{length} bytes");
        assert_eq!(1, still_counts(dir.path()), "the next start finds it sound");
        assert_eq!(length, fs::read(dir.path().join("usage.db.damaged-1")).unwrap().len());
    }
}

#[test]
fn random_bytes_anywhere_in_the_file_never_stop_the_counting() {
    let sound = folder_with(40);
    let bytes = fs::read(sound.path().join(store::FILE)).unwrap();
    let mut random = fastrand::Rng::with_seed(7);
    let mut set_aside = 0;
    for round in 0..200 {
        let mut damaged = bytes.clone();
        let length = if round == 0 {
            bytes.len()
        } else {
            random.usize(1..=2048)
        };
        let start = random.usize(0..=bytes.len() - length);
        damaged[start..start + length].fill_with(|| random.u8(..));
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(store::FILE), damaged).unwrap();
        set_aside += still_counts(dir.path());
    }
    assert!(
        set_aside > 150,
        "a few bytes may hit unused space, or one figure: {set_aside}"
    );
}

#[test]
fn a_second_loss_is_counted_too() {
    let dir = folder_with(1);
    for loss in 1..=5 {
        fs::write(dir.path().join(store::FILE), "not a database").unwrap();
        assert_eq!(loss, still_counts(dir.path()));
    }
}

#[test]
fn a_power_cut_loses_whole_flushes_from_the_end_and_only_those_that_never_reached_the_card() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::open(Some(dir.path()), at(0));
    count(&mut log, 30);
    // What the card holds if the log of `SQLite` was cut at any length: the totals of some earlier flush.
    let database = fs::read(dir.path().join(store::FILE)).unwrap();
    let wal = fs::read(dir.path().join("usage.db-wal")).unwrap();
    let mut last = 0;
    for length in (0..wal.len()).step_by(97).chain([wal.len()]) {
        let cut = tempfile::tempdir().unwrap();
        fs::write(cut.path().join(store::FILE), &database).unwrap();
        fs::write(cut.path().join("usage.db-wal"), &wal[..length]).unwrap();
        assert_eq!(0, still_counts(cut.path()));
        let opened = pages_opened(cut.path());
        assert_eq!(0, opened % 5, "a flush is all or nothing");
        assert!(opened >= last, "a longer log holds no less");
        last = opened;
    }
    assert_eq!(150, last);
}

/// What a newer program leaves: another format, a table of its own. `is_cut` by the power: then the file still says the old
/// format, and only its log knows better.
fn folder_of_a_newer_program(is_cut: bool) -> TempDir {
    let dir = folder_with(3);
    let newer = Connection::open(dir.path().join(store::FILE)).unwrap();
    newer
        .execute_batch("CREATE TABLE more (n INTEGER); INSERT INTO more VALUES (42); PRAGMA user_version = 2")
        .unwrap();
    if !is_cut {
        return dir;
    }
    let cut = tempfile::tempdir().unwrap();
    for name in [store::FILE, "usage.db-wal"] {
        fs::copy(dir.path().join(name), cut.path().join(name)).unwrap();
    }
    cut
}

/// The database and its log, byte for byte; an empty log is none.
fn bytes(dir: &Path) -> [Vec<u8>; 2] {
    [store::FILE, "usage.db-wal"].map(|name| fs::read(dir.join(name)).unwrap_or_default())
}

#[test]
fn the_counts_of_a_newer_program_are_left_alone_until_it_is_back() {
    for is_cut in [false, true] {
        let dir = folder_of_a_newer_program(is_cut);
        let before = bytes(dir.path());
        assert_eq!(is_cut, !before[1].is_empty());

        let mut log = Log::open(Some(dir.path()), at(0));
        log.count(&Event::SearchFound, at(1));
        for second in [40, 80, 120] {
            log.tick(at(second));
        }
        log.flush(at(121));
        let health = log.health();
        assert!(health.newer && health.losses == 0, "{health:?}");
        assert!(health.trouble.unwrap().contains("newer program (format 2"));
        assert_eq!(1, log.counters().unwrap().total(Signal::SearchFound), "in memory");
        assert!(!log.is_due(Share::Month, at(100_000)), "nothing of it leaves");
        assert!(matches!(store::read(dir.path()), Err(StoreError::Newer(2))));
        drop(log);

        assert!(bytes(dir.path()) == before, "untouched; cut: {is_cut}");
        let names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("damaged") || name.contains("new"))
            .collect();
        assert_eq!(names, Vec::<String>::new());

        // The newer program is back, and finds everything.
        let newer = Connection::open(dir.path().join(store::FILE)).unwrap();
        let more: i64 = newer.query_row("SELECT n FROM more", [], |row| row.get(0)).unwrap();
        let opened: i64 = newer
            .query_row("SELECT sum(n) FROM counts", [], |row| row.get(0))
            .unwrap();
        assert_eq!((42, 15), (more, opened));
    }
}

#[test]
fn a_log_that_counts_in_memory_goes_on_when_the_newer_database_is_moved_away() {
    let dir = folder_of_a_newer_program(false);
    let mut log = Log::open(Some(dir.path()), at(0));
    log.count(&Event::SearchFound, at(1));
    log.tick(at(40));
    fs::rename(dir.path().join(store::FILE), dir.path().join("for-the-newer-one")).unwrap();
    log.tick(at(80));
    assert_eq!((None, false), (log.health().trouble, log.health().newer));
    assert_eq!(1, store::read(dir.path()).unwrap().counters.total(Signal::SearchFound));
}

#[test]
fn an_older_format_is_set_aside_as_ever() {
    let dir = folder_with(1);
    let older = Connection::open(dir.path().join(store::FILE)).unwrap();
    older.pragma_update(None, "user_version", 0).unwrap();
    drop(older);
    assert_eq!(1, still_counts(dir.path()));
}

/// Not a test of its own: the kiosk that the next test kills. It says each time that a flush is done.
#[test]
fn child_that_counts_until_killed() {
    let Some(dir) = std::env::var_os("COUNT_UNTIL_KILLED") else {
        return;
    };
    let mut log = Log::open(Some(Path::new(&dir)), at(0));
    for second in 1.. {
        log.count(&Event::page_opened("can-cuoc"), at(second));
        log.count(&Event::page_opened("an-toan"), at(second));
        log.flush(at(second));
        println!("\nflushed");
    }
}

#[test]
fn kill_9_loses_no_flushed_count() {
    let dir = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 0..20 {
        let mut kiosk = Command::new(std::env::current_exe().unwrap())
            .args([
                "counting_faults::child_that_counts_until_killed",
                "--exact",
                "--nocapture",
            ])
            .env("COUNT_UNTIL_KILLED", dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(kiosk.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let mut lines = lines.filter(|line| line == "flushed");
        let mut flushed = lines.by_ref().take(1 + round * 7 % 40).count() as u64;
        kiosk.kill().unwrap();
        kiosk.wait().unwrap();
        // Those already said when the kill came.
        flushed += lines.count() as u64;
        let now = pages_opened(dir.path());
        let (least, most) = (before + 2 * flushed, before + 2 * flushed + 2);
        assert!(
            (least..=most).contains(&now),
            "round {round}: {least} <= {now} <= {most}"
        );
        assert_eq!(0, now % 2);
        before = now;
    }
    assert_eq!(0, still_counts(dir.path()));
}
