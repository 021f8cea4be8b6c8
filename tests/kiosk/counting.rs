//! What residents do, and what is then counted: these cells and no others.

use std::fs;
use std::path::Path;

use crate::common::{Hall, Setting, morning};
use commune_kiosk::kiosk::session::view::{Card, Row, Target};
use commune_kiosk::usage::signals::Signal;

#[test]
fn a_full_visit_is_these_cells_and_no_others() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Mang về điện thoại > Quay lại > Cần chuẩn bị");
    hall.taps("Giấy chứng sinh > Xem các bước");
    hall.wait(60);
    hall.taps("Bước tiếp > Bước tiếp > Bước tiếp > Bước tiếp > Bước tiếp > Hoàn tất > Dễ hiểu > Trang chủ");
    hall.taps("Tìm hiểu chuyển đổi số > Chuyển đổi số là gì? > Trang chủ");
    hall.taps("Cỡ chữ > Cỡ chữ lớn > Nền đen, chữ trắng > Nền sáng, chữ đen > English > Tiếng Việt > Đóng");
    assert_eq!(hall.counts(Signal::VisitEnded), 0);
    hall.leave();
    let expected = [
        "visit-started /08 1",
        "visit-ended /finished 1",
        "visit-length /under-2min 1",
        "visit-pages /2-3 1",
        "page-opened chuyen-doi-so-la-gi/ 1",
        "page-opened khai-sinh/ 1",
        "step-reached khai-sinh/1 1",
        "step-reached khai-sinh/2 1",
        "step-reached khai-sinh/3 1",
        "step-reached khai-sinh/4 1",
        "step-reached khai-sinh/5 1",
        "step-reached khai-sinh/6 1",
        "guide-finished khai-sinh/ 1",
        "qr-shown khai-sinh/ 1",
        "rated khai-sinh/good 1",
        "language /en 1",
        "language /vi 1",
        "text-size /large 1",
        "contrast /high 1",
        "contrast /normal 1",
    ];
    assert_eq!(hall.counted(), expected.map(|line| format!("2026-11-23 {line}")));
}

#[test]
fn answers_are_counted_by_the_authors_order_and_not_the_screens() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Đố vui có đáp án > An toàn trên mạng");
    let quiz = hall
        .library
        .as_ref()
        .expect("content")
        .quiz("an-toan")
        .expect("readable")
        .expect("a set");
    let mut expected = Vec::new();
    for at in 1..=10 {
        let rows = hall.view().rows;
        let choice = |text: &str| {
            rows.iter()
                .any(|row| matches!(row, Row::Choice { text: shown, .. } if shown == text))
        };
        let asked = quiz
            .questions
            .iter()
            .find(|question| question.choices.iter().all(|text| choice(text)));
        let asked = asked.expect("a question of the set");
        // One is answered wrongly.
        let choice = if at == 4 {
            (asked.answer + 1) % asked.choices.len()
        } else {
            asked.answer
        };
        hall.tap(&asked.choices[choice]);
        hall.tap(if at < 10 { "Câu tiếp" } else { "Xem kết quả" });
        let judged = if at == 4 { "wrong" } else { "right" };
        expected.push(format!("2026-11-23 answer-judged {}/{judged}-{choice} 1", asked.id));
    }
    expected.sort();
    expected.push("2026-11-23 quiz-finished an-toan/9-10 1".to_owned());
    hall.leave();
    let mut counted = hall.counted();
    counted.retain(|line| line.contains("answer-judged") || line.contains("quiz-finished"));
    assert_eq!(counted, expected);
}

#[test]
fn visits_add_up_and_keep_their_hour() {
    let hall = Hall::open();
    for _ in 0..3 {
        hall.taps("Chạm để bắt đầu > Hỏi cán bộ > Trang chủ");
        hall.leave();
    }
    hall.wait(3600);
    hall.taps("Chạm để bắt đầu > Làm thủ tục");
    hall.leave();
    let expected = [
        "visit-started /08 3",
        "visit-started /09 1",
        "visit-ended /finished 3",
        "visit-ended /left 1",
        "visit-length /under-30s 4",
        "visit-pages /0 4",
    ];
    assert_eq!(hall.counted(), expected.map(|line| format!("2026-11-23 {line}")));
}

#[test]
fn what_is_done_after_midnight_belongs_to_the_next_day() {
    let hall = Hall::with(Setting {
        clock: morning().date().and_hms_opt(23, 59, 30),
        ..Setting::default()
    });
    hall.tap("Chạm để bắt đầu");
    hall.wait(40);
    hall.taps("Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
    hall.leave();
    let counted = hall.counted();
    assert!(
        counted.contains(&"2026-11-23 visit-started /23 1".to_owned()),
        "{counted:?}"
    );
    assert!(
        counted.contains(&"2026-11-24 page-opened khai-sinh/ 1".to_owned()),
        "{counted:?}"
    );
}

#[test]
fn a_kiosk_that_stops_in_the_middle_says_so() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục");
    hall.kiosk.stop();
    assert!(hall.counted().contains(&"2026-11-23 visit-ended /stopped 1".to_owned()));
    hall.kiosk.stop();
    assert_eq!(hall.counts(Signal::VisitEnded), 1);
}

#[test]
fn what_waits_is_on_disk_after_half_a_minute() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
    assert_eq!(hall.counts(Signal::PageOpened), 0);
    hall.wait(31);
    assert_eq!(hall.counts(Signal::PageOpened), 1);
}

#[test]
fn counts_go_on_after_a_restart() {
    let data = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        let folder = data.path().to_owned();
        let run = move || {
            let hall = Hall::with(Setting {
                data: Some(folder),
                ..Setting::default()
            });
            hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
            hall.kiosk.stop();
        };
        // A thread has one screen, so the second run needs a second thread.
        std::thread::spawn(run).join().expect("a run");
    }
    let reading = commune_kiosk::usage::store::read(data.path()).expect("counts");
    assert_eq!(reading.counters.total(Signal::PageOpened), 2);
    assert_eq!(reading.counters.total(Signal::VisitStarted), 2);
}

#[test]
fn a_search_is_counted_once_found_or_not_and_never_its_words() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Tìm kiếm");
    hall.types("bang lai");
    hall.taps("Đổi giấy phép lái xe > Trang chủ > Tìm kiếm");
    hall.types("zzz");
    hall.tap("Trang chủ");
    hall.leave();
    let mut counted = hall.counted();
    counted.retain(|line| line.contains("search"));
    let expected = [
        "2026-11-23 search-found / 1",
        "2026-11-23 search-not-found / 1",
        "2026-11-23 search-answered / 1",
        "2026-11-23 opened-from-search bang-lai-xe/ 1",
    ];
    assert_eq!(counted, expected);
}

/// The card that one sees first.
fn first_card(hall: &Hall) -> Card {
    let cards = hall.view().rows.into_iter().filter_map(|row| match row {
        Row::Card(card) => Some(card),
        _ => None,
    });
    cards.into_iter().next().expect("a card")
}

/// A need that no page answers is told from one that does, and counted by its id in the pack.
#[test]
fn what_people_need_is_counted_by_topic_and_never_by_their_words() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Tìm kiếm");
    hall.types("ly di");
    hall.tap("Ly hôn");
    hall.sees("Máy chưa có bài về việc này.");
    hall.sees("Nơi hỏi");
    hall.taps("Hỏi cán bộ > Trang chủ > Tìm kiếm");
    hall.types("van tay");
    hall.sees("Máy chưa có bài riêng về việc này.");
    assert!(
        first_card(&hall).opens == Target::StaffHelp,
        "before what only mentions it"
    );
    hall.taps("Hỏi cán bộ > Quay lại > Xoá hết");
    hall.types("zzz");
    assert!(first_card(&hall).opens == Target::StaffHelp);
    hall.taps("Những việc bà con hay hỏi > Cưới, sinh con, người mất > Khai tử");
    hall.leave();
    let mut counted = hall.counted();
    counted.retain(|line| line.contains("search") || line.contains("topic"));
    let expected = [
        "2026-11-23 search-found / 2",
        "2026-11-23 search-not-found / 1",
        "2026-11-23 search-answered / 1",
        "2026-11-23 search-mentioned / 1",
        "2026-11-23 topic-asked khai-tu/list 1",
        "2026-11-23 topic-asked ly-hon/search 1",
    ];
    assert_eq!(counted, expected);
}

/// Expects that no file of a folder holds one of these words, however it is written.
fn nowhere(folder: &Path, words: &[&str], when: &str) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a file").to_ascii_lowercase();
        for word in words {
            let found = bytes.windows(word.len()).any(|part| part == word.as_bytes());
            assert!(!found, "“{word}” is in {} {when}", path.display());
        }
    }
}

#[test]
fn nothing_that_is_typed_is_ever_on_disk() {
    let words = ["khaixzq", "xzqvan", "0912347", "băng", "đơ"];
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Tìm kiếm");
    for word in &words {
        if word.starts_with('0') {
            hall.tap("123");
        }
        hall.types(word);
        nowhere(hall.data(), &words, "while it is typed");
        hall.wait(35);
        nowhere(hall.data(), &words, "after half a minute");
        hall.tap("Xoá hết");
        hall.tap_if_there("abc");
    }
    hall.types("khaixzq");
    hall.leave();
    nowhere(hall.data(), &words, "after the visit");
    // Long enough for the log of the database to be tidied up.
    hall.wait(700);
    nowhere(hall.data(), &words, "after a quiet time");
    hall.kiosk.stop();
    assert!(hall.counts(Signal::VisitStarted) == 1, "something was counted at all");
    nowhere(hall.data(), &words, "in the end");
}
