//! What the commune has to tell: on the invitation, on the home screen, in its list.

use std::fs;

use chrono::NaiveDate;
use commune_kiosk::kiosk::session::view::{Row, Screen, Slide, SlideKind, Words};
use commune_kiosk::usage::signals::Signal;
use tempfile::TempDir;

use crate::common::{Hall, Setting, content_copy, each_in_its_hall};

/// A notice: its id, its title, its days, and whether it can't wait.
type Told<'a> = (&'a str, &'a str, &'a str, &'a str, bool);

const ALLOWANCE: Told<'_> = ("chi-tra", "Chi trả trợ cấp tháng 12", "2026-11-20", "2026-12-03", false);
const WATER: Told<'_> = ("mat-nuoc", "Mất nước sáng thứ Ba", "2026-11-20", "2026-11-24", true);
const STORM: Told<'_> = ("bao", "Bão số 9 sắp vào", "2026-11-20", "2026-11-25", true);
const OVER: Told<'_> = ("da-qua", "Khám mắt cho người già", "2026-11-01", "2026-11-22", false);

/// The commune's content with these notices and no others.
fn content(notices: &[Told<'_>]) -> TempDir {
    let folder = content_copy();
    let dir = folder.path().join("notices");
    fs::remove_dir_all(&dir).expect("the commune's own");
    fs::create_dir(&dir).expect("a folder");
    for (id, title, from, until, urgent) in notices {
        let text = format!(
            "+++\ntitle = \"{title}\"\nsummary = \"Sáng thứ Năm, 3/12, tại nhà văn hoá thôn.\"\ntitle_en = \"In English: {id}\"\n\
             picture = \"pic-huu-tri-xa-hoi.svg\"\nfrom = {from}\nuntil = {until}\nurgent = {urgent}\nupdated = 2026-11-20\n\
             sources = [\"Thông báo của xã\"]\n+++\nÔng/bà mang thẻ căn cước. Đi lại khó thì báo cán bộ.\n"
        );
        fs::write(dir.join(format!("{id}.md")), text).expect("written");
    }
    folder
}

fn hall(folder: &TempDir) -> Hall {
    Hall::with(Setting {
        content: Some(folder.path().to_owned()),
        ..Setting::default()
    })
}

fn slide(hall: &Hall) -> Slide {
    match hall.view().screen {
        Screen::Attract(slide) => slide,
        other => panic!("no invitation: {other:?}"),
    }
}

/// Waits until the invitation shows something of this kind.
fn waits_for(hall: &Hall, kind: SlideKind) -> Slide {
    for _ in 0..200 {
        let slide = slide(hall);
        if slide.kind == kind {
            return slide;
        }
        hall.wait(15);
    }
    panic!("nobody was shown any {kind:?}");
}

#[test]
fn a_notice_is_shown_opened_by_a_touch_and_counted() {
    let folder = content(&[ALLOWANCE]);
    let hall = hall(&folder);
    hall.sees("Chi trả trợ cấp tháng 12");
    hall.sees("Sáng thứ Năm, 3/12, tại nhà văn hoá thôn.");
    // On its words: all that is no other button leads there.
    hall.touch(900.0, 330.0);
    hall.sees("Ông/bà mang thẻ căn cước");
    hall.sees("Thông báo này hết hạn sau ngày 3/12/2026");
    hall.turns_to("Nguồn: Thông báo của xã");
    hall.turn_up();
    hall.tap("Quay lại");
    hall.sees("Ông/bà cần việc gì?");
    hall.leave();
    waits_for(&hall, SlideKind::Notice);
    hall.tap("Chạm để xem");
    hall.taps("Trang chủ");
    hall.sees("Ông/bà cần việc gì?");
    hall.leave();
    let opened: Vec<_> = hall
        .counted()
        .into_iter()
        .filter(|line| line.contains("notice"))
        .collect();
    assert_eq!(opened, ["2026-11-23 notice-opened chi-tra/ 2"]);
    assert_eq!(
        (hall.counts(Signal::VisitStarted), hall.counts(Signal::PageOpened)),
        (2, 0)
    );
}

#[test]
fn a_trembling_finger_opens_a_notice_once() {
    let folder = content(&[ALLOWANCE]);
    let hall = hall(&folder);
    hall.double_tap("Chạm để xem");
    hall.sees("Ông/bà mang thẻ căn cước");
    hall.leave();
    assert_eq!(hall.counts(Signal::NoticeOpened), 1);
}

#[test]
fn the_other_button_leads_home_whatever_is_shown() {
    let folder = content(&[ALLOWANCE]);
    let hall = hall(&folder);
    for kind in [SlideKind::Notice, SlideKind::Tip, SlideKind::Question] {
        waits_for(&hall, kind);
        hall.tap("Chạm để bắt đầu");
        assert_eq!(hall.view().screen, Screen::Home);
        hall.leave();
    }
}

#[test]
fn a_page_that_is_recommended_opens_at_a_touch_and_home_is_behind_it() {
    let hall = Hall::open();
    let shown = waits_for(&hall, SlideKind::Tip);
    hall.tap("Chạm để xem");
    hall.sees(&shown.title);
    assert_eq!(hall.view().screen, Screen::Column);
    hall.tap("Quay lại");
    hall.sees("Ông/bà cần việc gì?");
    hall.leave();
    assert_eq!(hall.counts(Signal::PageOpened), 1);
}

#[test]
fn a_round_begins_with_the_very_question_that_was_shown() {
    let hall = Hall::open();
    for _ in 0..3 {
        let shown = waits_for(&hall, SlideKind::Question);
        hall.tap("Chạm để xem");
        hall.sees("Câu 1 trong");
        let rows = hall.view().rows;
        let asked = rows
            .iter()
            .any(|row| *row == Row::SubHeading(Words::Text(shown.title.clone())));
        assert!(asked, "{shown:?} and then {rows:?}");
        hall.leave();
    }
}

#[test]
fn the_next_event_leads_to_the_calendar() {
    let folder = content(&[]);
    let calendar = folder.path().join("calendar.toml");
    fs::write(
        &calendar,
        "[[event]]\ntitle = \"Hội chợ nông sản\"\ndate = 2026-11-21\nuntil = 2026-11-24\nplace = \"Sân trụ sở xã\"\n",
    )
    .expect("written");
    let hall = hall(&folder);
    let shown = slide(&hall);
    assert_eq!(
        (shown.kind, shown.title.as_str()),
        (SlideKind::Running, "Hội chợ nông sản")
    );
    hall.sees("Từ ngày 21/11 đến ngày 24/11/2026\nSân trụ sở xã");
    hall.tap("Chạm để xem");
    hall.sees("Lịch họp, lớp học");
    hall.tap("Quay lại");
    hall.sees("Ông/bà cần việc gì?");
}

#[test]
fn what_cannot_wait_is_on_the_home_screen_too() {
    let folder = content(&[ALLOWANCE, WATER]);
    let hall = hall(&folder);
    assert_eq!(slide(&hall).kind, SlideKind::Urgent);
    hall.wait(30);
    assert_eq!(slide(&hall).kind, SlideKind::Urgent, "every other turn");
    hall.taps("Chạm để bắt đầu > Thông báo khẩn: Mất nước sáng thứ Ba");
    hall.sees("Ông/bà mang thẻ căn cước");
    hall.taps("Quay lại > Cỡ chữ > English > Close");
    hall.tap("Urgent notice: In English: mat-nuoc");
    hall.sees("In English: mat-nuoc");
    hall.leave();
    assert_eq!(hall.counts(Signal::NoticeOpened), 2);
    // The next day it is over.
    hall.turn_clock(chrono::TimeDelta::days(2));
    hall.wait(15);
    hall.tap("Chạm để bắt đầu");
    hall.misses("Thông báo khẩn");
}

#[test]
fn several_that_cannot_wait_are_one_strip_that_lists_them() {
    let folder = content(&[ALLOWANCE, WATER, STORM]);
    let hall = hall(&folder);
    hall.taps("Chạm để bắt đầu > Có 2 thông báo khẩn của xã");
    let all = ["Bão số 9 sắp vào", "Mất nước sáng thứ Ba", "Chi trả trợ cấp tháng 12"];
    assert_eq!(hall.cards(), all);
    hall.tap("Mất nước sáng thứ Ba");
    hall.taps("Các thông báo khác của xã > Chi trả trợ cấp tháng 12");
    hall.taps("Quay lại > Quay lại > Quay lại > Quay lại");
    hall.sees("Ông/bà cần việc gì?");
}

#[test]
fn the_list_holds_what_is_shown_now() {
    let folder = content(&[ALLOWANCE, OVER]);
    let hall = hall(&folder);
    hall.taps("Chạm để bắt đầu > Lịch họp, bài nghe đài > Thông báo của xã");
    assert_eq!(hall.cards(), ["Chi trả trợ cấp tháng 12"]);
    hall.taps("Chi trả trợ cấp tháng 12 > Xong");
    hall.sees("Thông báo của xã");
    hall.tap("Trang chủ");
    hall.misses("khẩn");
}

#[test]
fn where_there_are_none_nothing_promises_any() {
    let folder = content(&[OVER]);
    let hall = hall(&folder);
    hall.taps("Chạm để bắt đầu > Lịch họp, bài nghe đài");
    hall.misses("Thông báo của xã");
}

#[test]
fn without_a_date_what_has_certainly_ended_is_not_shown() {
    each_in_its_hall([None, Some("2026-11-23")], |earliest: Option<&str>| {
        let folder = content(&[ALLOWANCE, OVER]);
        let hall = Hall::with(Setting {
            content: Some(folder.path().to_owned()),
            clock: None,
            earliest: earliest.map(|day| day.parse::<NaiveDate>().expect("a day")),
            ..Setting::default()
        });
        hall.taps("Chạm để bắt đầu > Lịch họp, bài nghe đài > Thông báo của xã");
        let all: &[&str] = match earliest {
            None => &["Chi trả trợ cấp tháng 12", "Khám mắt cho người già"],
            Some(_) => &["Chi trả trợ cấp tháng 12"],
        };
        assert_eq!(hall.cards(), all);
        hall.leave();
        for _ in 0..40 {
            for today in ["Hôm nay", "Ngày mai", "Đang diễn ra"] {
                hall.misses(today);
            }
            hall.wait(15);
        }
    });
}

/// No sound is there yet, so none is promised.
#[test]
fn the_invitation_says_what_can_be_done_here_and_promises_no_sound() {
    let hall = Hall::open();
    for _ in 0..20 {
        hall.sees("Ở đây xem được: làm giấy tờ, trợ cấp, tránh lừa đảo.");
        for sound in ["nghe đài", "Nghe đài", "nghe phát thanh"] {
            let words = hall.words();
            assert!(!words.iter().any(|words| words.contains(sound)), "{words:?}");
        }
        hall.wait(15);
    }
}

/// The slide and the minute aside; and these no sooner than they may.
#[test]
fn nothing_on_the_invitation_moves_more_than_once_in_eight_seconds() {
    let folder = content(&[ALLOWANCE, WATER]);
    let hall = hall(&folder);
    hall.wait(2);
    let mut seen = slide(&hall);
    let mut last = None;
    for second in 0..300_u32 {
        hall.wait(1);
        let now = slide(&hall);
        if now != seen {
            assert!(last.is_none_or(|last| second - last >= 8), "{second} after {last:?}");
            last = Some(second);
            seen = now;
        }
    }
    assert!(last.is_some(), "it does move");
}
