//! The whole way of a count, as it is told: residents at the screen, the month is over, the bundle goes by network and by
//! stick, and the office has it once.

use std::fs;

use crate::common::machine::Machine;
use crate::common::office::Office;
use crate::common::{Hall, Setting};
use chrono::{NaiveDate, TimeDelta};
use commune_kiosk::files::Files;
use commune_kiosk::kiosk::sync::identity::Identity;
use commune_kiosk::kiosk::sync::outbox::Outbox;
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::log::Log;
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::{Health, Span};

#[test]
fn a_guide_that_residents_read_is_one_row_in_the_office_by_network_and_by_stick() {
    // A kiosk in the hall, at the end of October, that closes months for the office.
    let data = tempfile::tempdir().expect("a folder");
    let friday = NaiveDate::from_ymd_opt(2026, 10, 30).and_then(|day| day.and_hms_opt(8, 15, 0));
    let hall = Hall::with(Setting {
        data: Some(data.path().to_owned()),
        clock: friday,
        ..Setting::default()
    });
    let outbox = outbox(data.path());
    hall.kiosk.recorder().collect_by(Box::new(closing_months(&outbox)));
    hall.wait(2);
    assert_eq!(numbers(&outbox), [1], "it introduces itself");

    // Six residents open the guide to a birth certificate; each sees it to the end.
    for _ in 0..6 {
        hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị > Xem các bước");
        hall.taps("Bước tiếp > Bước tiếp > Bước tiếp > Bước tiếp > Bước tiếp > Hoàn tất > Dễ hiểu > Trang chủ");
        hall.leave();
    }
    assert_eq!(hall.counts(Signal::GuideFinished), 6);

    // November begins; October becomes a bundle, and the counts are in it and no longer in the database.
    hall.turn_clock(TimeDelta::days(3));
    hall.wait(2);
    assert_eq!(numbers(&outbox), [1, 2]);
    assert_eq!(hall.counts(Signal::GuideFinished), 0);

    // A clerk takes a copy on a stick, before the network is there.
    let mut office = Office::open();
    let sticks = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(sticks.path().join("usb/KIOSK")).expect("a stick that the office prepared");
    let kiosk = Machine::start(data.path(), "2026-11-02T08:00:00");
    let outcome = kiosk.takes_stick(sticks.path(), &office.trust());
    assert_eq!(
        outcome.words,
        "Đã chép 2 gói số liệu vào thư mục KIOSK của USB, mời mang về văn phòng."
    );

    // The network: nobody has accepted the kiosk yet, so its bundles wait in the office, and on the kiosk.
    let (called, _) = kiosk.calls(&office.url(), &office.trust());
    assert!(called.is_err_and(|error| error.for_staff().contains("chưa duyệt")));
    assert_eq!(numbers(&outbox), [1, 2]);
    let unknown = office.unknown();
    assert_eq!((unknown.len(), unknown[0].bundles), (1, 2));
    office.accepts(outbox.kiosk(), "Sảnh UBND xã Lê Lợi");

    // The next call brings the receipts, and the outbox is empty.
    let (called, _) = kiosk.calls(&office.url(), &office.trust());
    called.expect("a good call");
    assert!(numbers(&outbox).is_empty());

    // The clerk comes to the office with the stick: the same bundle, stored once.
    office.takes_files(&sticks.path().join("usb/KIOSK"));
    let counts = office.counts();
    let finished: Vec<(Span, String, u64)> = counts
        .iter()
        .filter(|(_, cell, _)| cell.signal == Signal::GuideFinished)
        .map(|(span, cell, n)| (span, cell.subject.as_str().to_owned(), n))
        .collect();
    let day = NaiveDate::from_ymd_opt(2026, 10, 30).expect("a day");
    assert_eq!(finished, [(Span::Day(day), "khai-sinh".to_owned(), 6)]);
    assert_eq!(counts.total(Signal::VisitStarted), 6);
    let known = office.kiosk(outbox.kiosk());
    assert_eq!((known.newest, known.stored), (2, 2));

    // The receipt goes back on the stick; the copies there are over.
    let outcome = kiosk.takes_stick(sticks.path(), &office.trust());
    assert_eq!(outcome.words, "Không có số liệu nào chờ gửi.");
    let left: Vec<_> = fs::read_dir(sticks.path().join("usb/KIOSK"))
        .expect("a folder")
        .collect();
    assert!(left.iter().all(|file| {
        file.as_ref()
            .is_ok_and(|file| file.path().extension().is_some_and(|ending| ending == "kack"))
    }));
    office.crash();
}

fn outbox(data: &std::path::Path) -> Outbox {
    let identity = Identity::open(data, &Files::default()).expect("a key");
    Outbox::open(data, identity, Files::default()).expect("a folder")
}

/// What the program does every second.
fn closing_months(outbox: &Outbox) -> impl FnMut(&mut Log, Stamp) + use<> {
    let outbox = outbox.clone();
    move |log, now| {
        let health = || Health {
            edition: 1,
            version: "0.1.0".to_owned(),
            ..Health::default()
        };
        outbox.collect(log, Share::Month, now, health).expect("closed");
    }
}

fn numbers(outbox: &Outbox) -> Vec<u64> {
    let waiting = outbox.waiting().expect("a folder");
    waiting.iter().map(|waiting| waiting.sequence).collect()
}
