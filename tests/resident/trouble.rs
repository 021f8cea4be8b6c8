//! When things go wrong: no content, no disk, a clock that jumps. Residents notice nothing.

use std::fs;

use chrono::TimeDelta;
use commune_kiosk::session::view::Screen;
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::store;

use crate::common::{Hall, Setting, morning};

const VISIT: &str = "Chạm để bắt đầu > Làm thủ tục > Làm giấy khai sinh cho trẻ > Trang chủ";

#[test]
fn without_content_the_kiosk_says_sorry_and_whom_to_ask() {
    let hall = Hall::with(Setting {
        content: None,
        ..Setting::default()
    });
    for _ in 0..3 {
        hall.sees("Máy đang nghỉ");
        hall.sees("Mời ông/bà gặp cán bộ tại quầy");
        hall.touch(640.0, 400.0);
        hall.touch(60.0, 60.0);
        hall.wait(200);
    }
    assert_eq!(hall.view().screen, Screen::Sorry);
    assert!(hall.counted().is_empty());
    hall.kiosk.stop();
    assert!(hall.counted().is_empty());
}

#[test]
fn a_clock_set_back_in_the_middle_of_a_visit_loses_no_count() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Làm giấy khai sinh cho trẻ");
    hall.turn_clock(TimeDelta::hours(-1));
    hall.taps("Bắt đầu > Xem các bước");
    hall.sees("Chuẩn bị giấy tờ");
    hall.leave();
    let expected = [
        "2026-11-23 visit-started /08 1",
        "2026-11-23 visit-ended /left 1",
        "2026-11-23 visit-length /under-30s 1",
        "2026-11-23 visit-pages /1 1",
        "2026-11-23 page-opened khai-sinh/ 1",
        "2026-11-23 step-reached khai-sinh/1 1",
    ];
    assert_eq!(hall.counted(), expected);
}

#[test]
fn a_clock_set_back_a_day_neither_wakes_nor_ends_anything() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    hall.turn_clock(TimeDelta::days(-1));
    hall.wait(30);
    assert_eq!(hall.view().screen, Screen::Home);
    hall.turn_clock(TimeDelta::days(400));
    hall.wait(20);
    assert_eq!(hall.view().screen, Screen::Home);
    assert_eq!(hall.view().idle_warning, None);
    hall.leave();
    assert_eq!(hall.counts(Signal::VisitEnded), 1);
}

#[test]
fn what_is_counted_without_a_date_finds_its_day_when_the_clock_is_set() {
    let hall = Hall::with(Setting {
        clock: None,
        ..Setting::default()
    });
    hall.misses("giờ");
    hall.taps(VISIT);
    hall.leave();
    assert!(
        hall.counted().iter().all(|line| line.starts_with("undated-1-")),
        "{:?}",
        hall.counted()
    );
    hall.learn_clock(morning());
    hall.wait(40);
    assert!(
        hall.counted().iter().all(|line| line.starts_with("2026-11-23 ")),
        "{:?}",
        hall.counted()
    );
    assert_eq!(hall.counts(Signal::VisitStarted), 1);
}

#[test]
fn damaged_counts_are_set_aside_and_the_kiosk_goes_on() {
    let data = tempfile::tempdir().expect("a folder");
    fs::write(data.path().join(store::FILE), "not a database").expect("written");
    let hall = Hall::with(Setting {
        data: Some(data.path().to_owned()),
        ..Setting::default()
    });
    hall.taps(VISIT);
    hall.leave();
    assert_eq!(hall.counts(Signal::PageOpened), 1);
    assert_eq!(store::read(data.path()).expect("counts").losses, 1);
    assert_eq!(
        fs::read(data.path().join("usage.db.damaged-1")).expect("set aside"),
        b"not a database"
    );
}

/// Until the folder is there the counts can only be in memory.
#[test]
fn without_a_folder_the_kiosk_counts_in_memory_until_there_is_one() {
    let somewhere = tempfile::tempdir().expect("a folder");
    let data = somewhere.path().join("not-yet");
    let hall = Hall::with(Setting {
        data: Some(data.clone()),
        ..Setting::default()
    });
    hall.taps(VISIT);
    hall.leave();
    hall.taps(VISIT);
    hall.leave();
    assert!(store::read(&data).is_err());
    fs::create_dir(&data).expect("made");
    hall.wait(60);
    assert_eq!(hall.counts(Signal::VisitStarted), 2);
    assert_eq!(hall.counts(Signal::PageOpened), 2);
}

/// `/proc` takes no new files, not even from root.
#[test]
fn a_read_only_folder_stops_nobody() {
    let hall = Hall::with(Setting {
        data: Some("/proc".into()),
        ..Setting::default()
    });
    hall.taps(VISIT);
    hall.sees("Mời ông/bà chạm vào mục cần xem");
    hall.leave();
    hall.taps(VISIT);
    hall.kiosk.stop();
}
