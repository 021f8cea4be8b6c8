//! When things go wrong: no content, no disk, a clock that jumps. Residents notice nothing.

use std::fs;
use std::io::{Seek, SeekFrom, Write};

use chrono::TimeDelta;
use commune_kiosk::content::{library, source};
use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::view::Screen;
use commune_kiosk::usage::log::LONGEST_UNWRITTEN;
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::store;

use crate::common::{Hall, Setting, content_folder, each_in_its_hall, morning};

const VISIT: &str =
    "Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Trang chủ";

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
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
    hall.turn_clock(TimeDelta::hours(-1));
    hall.taps("Cần chuẩn bị > Xem các bước");
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
    hall.sees("Ông/bà cần việc gì?");
    hall.leave();
    hall.taps(VISIT);
    hall.kiosk.stop();
}

/// On a cheap card a write may take seconds. Here it takes as long as a whole visit: who waited for it would never be answered.
#[test]
fn a_whole_visit_is_answered_while_the_card_is_busy() {
    let hall = Hall::open();
    let card = hall.holds_the_card();
    hall.taps(VISIT);
    hall.sees("Đố vui có đáp án");
    hall.leave();
    hall.tap("Chạm để bắt đầu");
    let on_card = store::read(hall.data()).expect("counts on disk").counters;
    assert_eq!(on_card.rows().count(), 0, "nothing can be written yet");
    assert!(card.let_go(), "the visit waited for the card");
    assert_eq!(hall.counts(Signal::VisitEnded), 1);
    assert_eq!(hall.counts(Signal::PageOpened), 1);
    // The second visit goes on.
    hall.wait(LONGEST_UNWRITTEN.as_secs() + 1);
    assert_eq!(hall.counts(Signal::VisitStarted), 2);
}

#[test]
fn what_waits_for_the_card_is_written_when_the_program_ends() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
    hall.kiosk.act(Action::StaffKey(true));
    hall.kiosk.stop();
    assert_eq!(hall.counts(Signal::VisitEnded), 1);
    assert_eq!(hall.counts(Signal::PageOpened), 1);
}

/// A card that loses what lies on it: the list is in memory, the page is not. On ae84bbd nothing at all happened at such a touch.
#[test]
fn a_touch_that_can_not_be_done_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("content.db");
    let content = source::read(&content_folder(), morning().date())
        .content
        .expect("content");
    library::write(&content, &file).expect("a library");
    let hall = Hall::with(Setting {
        content: Some(file.clone()),
        ..Setting::default()
    });
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Nhà đất");
    let bytes = fs::metadata(&file).expect("a file").len();
    let mut card = fs::File::options().write(true).open(&file).expect("a file");
    card.seek(SeekFrom::Start(8192)).expect("a place");
    let lost = usize::try_from(bytes - 8192).expect("a small file");
    card.write_all(&vec![0; lost]).expect("written");
    let before = hall.view().rows;
    let first = hall.cards()[0].clone();
    hall.tap(&first);
    hall.sees("máy chưa mở được");
    assert_eq!(hall.view().rows, before, "they stay where they are");
    hall.wait(10);
    hall.misses("máy chưa mở được");
    hall.taps("Quay lại > Trang chủ");
}

/// Two fists, or a panel that touches itself.
#[test]
fn fingers_that_never_rest_do_not_keep_the_counts_from_the_card() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    let buttons = hall.buttons();
    let letters = buttons
        .iter()
        .find(|button| button.label == "Cỡ chữ")
        .expect("a button");
    let place = letters.middle;
    for _ in 0..20 * 40 {
        hall.touch_all([place]);
        hall.nap(50);
    }
    assert_eq!(hall.counts(Signal::VisitStarted), 1);
}

/// A pack made before today's rules may hold what takes too much memory to draw, or what can't be drawn at all. On ae84bbd the frame was
/// empty, or the program was killed.
#[test]
fn a_picture_that_can_not_be_drawn_is_shown_by_its_words() {
    let today = morning().date();
    let content = source::read(&content_folder(), today).content.expect("content");
    let huge = [
        &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\x4e\x20\x08\x02\0\0\0"[..],
        &[0; 99],
    ]
    .concat();
    let blurred =
        br#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><filter id="a"/><path d="M0 0h9v9z"/></svg>"#;
    for bytes in [huge.as_slice(), blurred, b"<svg"] {
        let mut content = content.clone();
        for (_, picture) in content.media.iter_mut().filter(|(name, _)| name.starts_with("pic-")) {
            *picture = bytes.to_vec();
        }
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("content.db");
        library::write(&content, &file).expect("written");
        each_in_its_hall([file], |file| {
            let hall = Hall::with(Setting {
                content: Some(file),
                ..Setting::default()
            });
            hall.taps("Chạm để bắt đầu > Làm thủ tục > Giấy tờ của mình > Đăng ký định danh mức 2 (VNeID) > Cần chuẩn bị > Xem các bước");
            let picture = hall.picture();
            // The frame beside the step: letters are dark on its paper.
            let dark = |x: u32, y: u32| picture.rgb[3 * (y * picture.width + x) as usize] < 120;
            let letters = (870..1230)
                .flat_map(|x| (140..500).map(move |y| (x, y)))
                .filter(|&(x, y)| dark(x, y));
            assert!(letters.count() > 500, "words are there");
        });
    }
}
