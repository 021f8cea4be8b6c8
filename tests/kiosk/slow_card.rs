//! A card whose every flush takes two seconds: residents notice nothing, and their counts get there.
//!
//! This program runs itself once more, with a library loaded before all others that makes `fsync` and `fdatasync` slow and notes
//! which thread asked for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::store;

use crate::common::{Hall, Setting};

/// The folder of the data of the visit, for the program that is run.
const DATA: &str = "SLOW_CARD_DATA";

/// The file in which the library lists the threads that flushed, for the program that is run.
pub const LIST: &str = "SLOW_CARD_LIST";

/// Half a flush: a touch that takes longer has waited for one.
const FAST: Duration = Duration::from_secs(1);

/// Builds the library in this folder.
pub fn library_in(folder: &Path) -> PathBuf {
    let library = folder.join("slow_card.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
        .arg(&library)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kiosk/slow_card.c"))
        .status()
        .expect("the C compiler that links this program");
    assert!(built.success());
    library
}

#[test]
fn nobody_waits_for_a_slow_card_and_the_counts_get_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let (library, list) = (library_in(folder.path()), folder.path().join("list"));
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("a folder");
    let visit = Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            "slow_card::a_visit_on_a_slow_card",
            "--ignored",
            "--nocapture",
        ])
        .env("LD_PRELOAD", &library)
        .env(LIST, &list)
        .env(DATA, &data)
        .output()
        .expect("run");
    let said = String::from_utf8_lossy(&visit.stdout);
    assert!(visit.status.success() && said.contains("1 passed"), "{said}\n{visit:?}");
    let flushes = fs::read_to_string(&list).expect("the library was loaded");
    let threads: Vec<&str> = flushes.lines().collect();
    assert!(threads.len() >= 2, "{threads:?}");
    assert!(threads.iter().all(|name| *name == "recorder"), "{threads:?}");
    let counters = store::read(&data).expect("counts on disk").counters;
    assert_eq!(counters.total(Signal::VisitEnded), 2);
    assert_eq!(counters.total(Signal::PageOpened), 2);
}

/// Two visits; each touch is to be painted at once.
#[test]
#[ignore = "run by the test above, with a card that is slow"]
fn a_visit_on_a_slow_card() {
    let data = std::env::var_os(DATA).expect("a folder");
    let hall = Hall::with(Setting {
        data: Some(data.into()),
        ..Setting::default()
    });
    hall.waits_for_nobody();
    for _ in 0..2 {
        hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị > Xem các bước");
        hall.taps("Bước tiếp > Bước tiếp > Bước tiếp > Bước tiếp > Bước tiếp > Hoàn tất > Dễ hiểu > Trang chủ");
        hall.leave();
    }
    assert!(hall.slowest_touch() < FAST, "{:?}", hall.slowest_touch());
    hall.kiosk.stop();
}
