//! The calendar, the radio, whom to ask, what is counted.

use std::fs;

use chrono::TimeDelta;
use commune_kiosk::kiosk::session::view::Row;
use commune_kiosk::usage::demand;
use commune_kiosk::usage::signals::Signal;

use tempfile::TempDir;

use crate::common::{Hall, Setting, content_copy, replace};

/// Three days in December.
const PROGRAMME: &str = "Chuyên mục đài tháng 12";

/// Titles of the calendar, and whether they are over.
fn events(hall: &Hall) -> Vec<(String, bool)> {
    let rows = hall.view().rows.into_iter();
    rows.filter_map(|row| match row {
        Row::Event { what, past, .. } => Some((what, past)),
        _ => None,
    })
    .collect()
}

/// A hall of a commune that has settled some days of the winter.
fn busy() -> (Hall, TempDir) {
    let content = content_copy();
    let calendar = content.path().join("calendar.toml");
    let mut text = fs::read_to_string(&calendar).expect("a calendar");
    for (title, days) in [
        ("Hội thi mùa thu", "date = 2026-10-17"),
        ("Lớp dùng điện thoại", "date = 2026-10-20"),
        (PROGRAMME, "date = 2026-12-07\nuntil = 2026-12-09"),
        ("Hỏi đáp quý 4", "date = 2026-12-12\ntime = \"8 giờ\""),
        ("Hỏi đáp quý 1", "date = 2027-03-13\ntime = \"8 giờ\""),
        ("Lớp cho phụ nữ", "date = 2027-06-12\ntime = \"8 giờ\""),
    ] {
        let event =
            format!("\n[[event]]\ntitle = \"{title}\"\n{days}\nplace = \"Hội trường xã\"\nsummary = \"Mời bà con.\"\n");
        text.push_str(&event);
    }
    fs::write(calendar, text).expect("written");
    let hall = Hall::with(Setting {
        content: Some(content.path().to_owned()),
        ..Setting::default()
    });
    (hall, content)
}

#[test]
fn what_is_over_stands_last_in_the_calendar() {
    let (hall, _content) = busy();
    hall.taps("Chạm để bắt đầu > Lịch họp, bài nghe đài > Xem lịch họp, lớp học");
    hall.sees("7/12/2026 – 9/12/2026");
    let events = events(&hall);
    let coming = events.iter().take_while(|(_, past)| !past).count();
    assert!(coming > 0 && coming < events.len(), "{events:?}");
    assert!(events[coming..].iter().all(|(_, past)| *past), "{events:?}");
    assert_eq!(events[0].0, PROGRAMME);
    assert_eq!(events[coming].0, "Lớp dùng điện thoại", "the latest first");
    hall.misses("Đã qua");
    hall.turns_to("Đã qua");
}

#[test]
fn an_event_of_several_days_is_not_over_before_its_last() {
    let (hall, _content) = busy();
    hall.turn_clock(TimeDelta::days(16));
    hall.taps("Chạm để bắt đầu > Lịch họp, bài nghe đài > Xem lịch họp, lớp học");
    assert_eq!(events(&hall)[0], (PROGRAMME.to_owned(), false));
    hall.leave();
    hall.turn_clock(TimeDelta::days(1));
    hall.taps("Chạm để bắt đầu > Lịch họp, bài nghe đài > Xem lịch họp, lớp học");
    assert!(events(&hall).contains(&(PROGRAMME.to_owned(), true)));
}

/// On ae84bbd six entries had a day and a place that nobody had settled.
#[test]
fn what_comes_back_names_its_next_day_and_what_is_not_settled_names_none() {
    let hall = Hall::open();
    let calendar = "Chạm để bắt đầu > Lịch họp, bài nghe đài > Xem lịch họp, lớp học";
    hall.taps(calendar);
    let read = hall.reads_on().join("\n");
    for words in [
        "10/10/2027 · Hằng năm",
        "Hằng tháng · Ngày chưa chốt, hỏi cán bộ tại quầy",
        "Hằng quý · Ngày chưa chốt, hỏi cán bộ tại quầy",
    ] {
        assert!(read.contains(words), "no “{words}” in:\n{read}");
    }
    assert!(!read.contains("Đã qua"), "{read}");
    let open: Vec<_> = events(&hall).into_iter().map(|(what, _)| what).collect();
    assert!(
        open[0].starts_with("Luật Hộ tịch"),
        "what has a day comes first: {open:?}"
    );
    // The invitation announces what has a day, and that only.
    hall.leave();
    hall.turn_clock(TimeDelta::days(310));
    let mut announced = String::new();
    for _ in 0..8 {
        announced += &hall.words().concat();
        hall.wait(15);
    }
    assert!(announced.contains("ngày 10/10/2027"), "{announced}");
    assert!(!announced.contains("Hội nghị hỏi đáp về"), "{announced}");
}

#[test]
fn without_a_date_nothing_is_called_over() {
    let hall = Hall::with(Setting {
        clock: None,
        ..Setting::default()
    });
    hall.taps("Chạm để bắt đầu > Lịch họp, bài nghe đài > Xem lịch họp, lớp học");
    assert!(!events(&hall).is_empty() && events(&hall).iter().all(|(_, past)| !past));
}

#[test]
fn this_months_programme_stands_first_and_next_years_last() {
    let hall = Hall::open();
    let months = |hall: &Hall| {
        let rows = hall.view().rows.into_iter();
        rows.filter_map(|row| match row {
            Row::Card(card) => card.detail.contains('/').then_some(card.detail),
            _ => None,
        })
        .collect::<Vec<_>>()
    };
    let list = "Chạm để bắt đầu > Lịch họp, bài nghe đài";
    hall.taps(list);
    let in_november = months(&hall);
    assert_eq!(in_november[..2], ["11/2026", "12/2026"], "{in_november:?}");
    assert_eq!(in_november.last().map(String::as_str), Some("10/2027"));
    hall.leave();
    hall.turn_clock(TimeDelta::days(62));
    hall.taps(list);
    assert_eq!(months(&hall)[..4], ["1/2027", "12/2026", "11/2026", "2/2027"]);
}

#[test]
fn a_programme_without_a_recording_is_read() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Lịch họp, bài nghe đài > Giấy tờ trên điện thoại");
    hall.sees("Mời ông/bà đọc lời bài phát thanh của xã.");
    let read = hall.reads_on().join("\n");
    assert!(read.contains("Kính chào toàn thể bà con."), "{read}");
    assert!(read.contains("hẹn gặp lại bà con vào tháng sau."), "{read}");
    hall.tap("Dễ hiểu");
    hall.leave();
    assert_eq!(hall.counts(Signal::Rated), 1);
}

#[test]
fn where_the_commune_has_said_nothing_only_the_number_of_the_portal_stands() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Hỏi cán bộ");
    hall.sees("mời ông/bà đến quầy gặp cán bộ");
    hall.sees("18001096");
    for words in ["Giờ tiếp dân", "Địa chỉ", "Công an xã", "Nơi giúp ông/bà"] {
        hall.misses(words);
    }
}

#[test]
fn what_the_commune_has_filled_in_can_be_read() {
    let content = content_copy();
    let facts = content.path().join("commune.toml");
    for (key, value) in [
        ("name", "Xã Thử Nghiệm"),
        ("center_name", "Trung tâm Thử Nghiệm"),
        ("center_address", "Thôn Đoài"),
        ("center_hours", "7 giờ 30 đến 11 giờ 30"),
        ("center_phone", "0225 000 001"),
        ("police_phone", "0225 000 002"),
        ("digital_team_contacts", "Bà Na, thôn Đoài"),
    ] {
        replace(&facts, &format!("\n{key} = \"\""), &format!("\n{key} = \"{value}\""));
    }
    let hall = Hall::with(Setting {
        content: Some(content.path().to_owned()),
        ..Setting::default()
    });
    hall.sees("Xã Thử Nghiệm");
    hall.taps("Chạm để bắt đầu > Hỏi cán bộ");
    let read = hall.reads_on().join("\n");
    for words in [
        "Trung tâm Thử Nghiệm",
        "Thôn Đoài",
        "7 giờ 30 đến 11 giờ 30",
        "0225 000 001",
        "0225 000 002",
        "Bà Na, thôn Đoài",
        "18001096",
    ] {
        assert!(read.contains(words), "no “{words}” in:\n{read}");
    }
    hall.taps("Trang chủ > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị > Xem các bước > Bước tiếp");
    hall.turns_to("Giờ làm việc: 7 giờ 30 đến 11 giờ 30.");
}

#[test]
fn everything_that_is_counted_is_told() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Hỏi cán bộ > Máy đếm gì, không đếm gì");
    hall.sees("Máy không hỏi và không ghi họ tên");
    let read = hall.reads_on().join("\n");
    for signal in Signal::ALL.into_iter().filter(|signal| signal.is_counted()) {
        assert!(read.contains(signal.vietnamese()), "{signal:?} isn't told:\n{read}");
    }
    assert!(read.contains(demand::VIETNAMESE), "{read}");
}

#[test]
fn everything_that_is_counted_is_told_in_english_too() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > English > Close > Ask staff > What the kiosk counts");
    let read = hall.reads_on().join("\n");
    for signal in Signal::ALL.into_iter().filter(|signal| signal.is_counted()) {
        assert!(read.contains(signal.english()), "{signal:?} isn't told:\n{read}");
    }
    assert!(read.contains(demand::ENGLISH), "{read}");
}
