//! Installing a pack: speed beside `cp` and `sync` of the same file, and memory for small and large packs.
//!
//! Budgets: 60 % of the speed of `cp` + `sync` for 500 MB of media that don't compress; memory grows by 32 MB at most,
//! whatever the size. The packs are made here, of random bytes. Takes about a minute and 7 GB of disk.

#![expect(clippy::cast_precision_loss, reason = "speeds are shown with three digits")]

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use commune_kiosk::bundle::{self, Head, Key, Kind};
use commune_kiosk::content::{library, source};
use rusqlite::Connection;

/// One picture or recording of the pack, in bytes.
const PIECE: usize = 10_000_000;

/// Sizes of packs, in pieces.
const SIZES: [usize; 3] = [5, 50, 200];

/// How often each is installed; the fastest counts, because everything else is the machine's own business.
const ROUNDS: u32 = 3;

fn main() -> io::Result<()> {
    let folder =
        tempfile::tempdir_in(std::env::var_os("BENCH_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from))?;
    let key = Key::generate().expect("a key");
    fs::write(
        folder.path().join("office.pub"),
        key.public().expect("a key").to_text().expect("a text"),
    )?;
    println!(
        "{:>8} {:>14} {:>14} {:>10} {:>14}",
        "MB", "cp+sync MB/s", "install MB/s", "of cp", "peak RSS MiB"
    );
    for pieces in SIZES {
        let pack = folder.path().join("pack.kpack");
        make(folder.path(), &pack, pieces, &key)?;
        let megabytes = fs::metadata(&pack)?.len() as f64 / 1e6;
        let (mut copied, mut installed, mut peak) = (Duration::MAX, Duration::MAX, 0);
        for _ in 0..ROUNDS {
            copied = copied.min(copy(folder.path(), &pack)?);
            let (time, memory) = install(folder.path(), &pack)?;
            installed = installed.min(time);
            peak = peak.max(memory);
        }
        let speed = |time: Duration| megabytes / time.as_secs_f64();
        println!(
            "{megabytes:>8.0} {:>14.0} {:>14.0} {:>9.0}% {:>14.1}",
            speed(copied),
            speed(installed),
            100.0 * speed(installed) / speed(copied),
            peak as f64 / 1024.0
        );
        fs::remove_file(pack)?;
    }
    Ok(())
}

fn make(folder: &Path, pack: &Path, pieces: usize, key: &Key) -> io::Result<()> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let content = source::read(Path::new("content"), today)
        .content
        .expect("the repository's content");
    let file = folder.join("content.db");
    library::write(&content, &file).expect("a library");
    let db = Connection::open(&file).expect("a database");
    let mut random = fastrand::Rng::with_seed(1);
    let mut piece = vec![0; PIECE];
    for number in 0..pieces {
        random.fill(&mut piece);
        db.execute(
            "INSERT INTO media VALUES (?1, ?2)",
            (format!("piece-{number}.mp3"), &piece),
        )
        .expect("inserted");
    }
    db.close().expect("closed");
    let head = Head {
        kind: Kind::Pack,
        id: content.pack.id,
        sequence: content.pack.edition,
        created: String::new(),
    };
    let mut scratch = tempfile::tempfile_in(folder)?;
    let mut out = io::BufWriter::new(File::create(pack)?);
    bundle::write(head, &mut File::open(&file)?, &mut scratch, key, &mut out).expect("a bundle");
    out.flush()?;
    fs::remove_file(file)
}

/// `cp`, and the file on the disk.
fn copy(folder: &Path, pack: &Path) -> io::Result<Duration> {
    let target = folder.join("copy");
    let began = Instant::now();
    let copied = Command::new("cp").arg(pack).arg(&target).status()?;
    let synced = Command::new("sync").arg(&target).status()?;
    let took = began.elapsed();
    assert!(copied.success() && synced.success());
    fs::remove_file(target)?;
    Ok(took)
}

/// `kiosk install`, and the most memory it had, in KiB.
fn install(folder: &Path, pack: &Path) -> io::Result<(Duration, u64)> {
    let data = folder.join("data");
    let began = Instant::now();
    let mut kiosk = Command::new("target/release/kiosk")
        .args(["--content", "none", "--trust"])
        .arg(folder.join("office.pub"))
        .arg("--data")
        .arg(&data)
        .arg("install")
        .arg(pack)
        .stdout(Stdio::null())
        .spawn()?;
    let mut peak = 0;
    let status = loop {
        peak = peak.max(resident_peak(kiosk.id()).unwrap_or_default());
        if let Some(status) = kiosk.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let took = began.elapsed();
    assert!(status.success(), "the pack was not installed");
    fs::remove_dir_all(data)?;
    Ok((took, peak))
}

/// The kernel's own high-water mark of a process (proc(5): `VmHWM`), in KiB.
fn resident_peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
