//! The home screen: tiles with their lines, and what is asked for most.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use commune_kiosk::kiosk::screen::headless::{Element, Picture};
use commune_kiosk::kiosk::session::view::{Row, Screen};
use commune_kiosk::usage::batch::Share;
use commune_kiosk::usage::statistics::Health;
use commune_kiosk::usage::store;
use rusqlite::Connection;

use crate::common::{Hall, Setting, content_copy, each_in_its_hall};

/// Content with so many sections: some of its own taken away, or one more that shows a quiz again.
fn with_sections(folder: &Path, count: usize) {
    let file = folder.join("sections.toml");
    let text = fs::read_to_string(&file).expect("sections");
    let all: Vec<&str> = text.split("[[section]]").collect();
    let (head, sections) = all.split_first().expect("a head");
    let mut kept: Vec<String> = sections.iter().map(|&section| section.to_owned()).collect();
    while kept.len() < count {
        let more = kept[kept.len() - 2]
            .replace("id = \"do-vui\"", "id = \"do-vui-nua\"")
            .replace("Đố vui có đáp án", "Thêm câu đố vui")
            .replace("Tự hỏi, tự trả lời", "Hỏi nhanh, đáp nhanh");
        kept.push(more);
    }
    kept.truncate(count);
    fs::write(&file, format!("{head}[[section]]{}", kept.join("[[section]]"))).expect("written");
}

fn element(hall: &Hall, label: &str, is_button: bool) -> Element {
    let elements = hall.kiosk.elements().into_iter();
    let mut found = elements.filter(|element| element.label == label && element.is_button == is_button);
    found.next().unwrap_or_else(|| panic!("no “{label}”"))
}

fn top(element: &Element) -> f32 {
    element.middle.y - element.height / 2.0
}

fn left(element: &Element) -> f32 {
    element.middle.x - element.width / 2.0
}

/// How far the letters of the last line reach to the right, in a part of the screen where they are white on one colour; and how many
/// lines of this height there are.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places on a screen"
)]
fn last_line(picture: &Picture, from: (f32, f32), to: (f32, f32), line: f32) -> (usize, u32) {
    let lines = ((to.1 - from.1) / line).round().max(1.0);
    let first = (to.1 - (to.1 - from.1) / lines) as u32;
    let is_letter = |x: u32, y: u32| {
        let at = 3 * (y * picture.width + x) as usize;
        picture.rgb[at..at + 3].iter().all(|part| *part > 200)
    };
    let reach = (from.0 as u32..to.0 as u32)
        .filter(|&x| (first + 8..to.1 as u32 - 4).any(|y| is_letter(x, y)))
        .max();
    (lines as usize, reach.map_or(0, |x| x - from.0 as u32))
}

/// Five to eight tiles: each says what is behind it, whole, and no line ends with a word left over.
#[test]
fn each_tile_has_its_line_and_no_word_is_left_over() {
    let sizes = [(1280, 800), (1920, 1080), (1024, 600), (720, 1280), (1080, 1920)];
    let all = sizes.into_iter().flat_map(|size| [7, 8].map(|count| (size, count)));
    each_in_its_hall(all, |(size, count)| {
        let folder = content_copy();
        with_sections(folder.path(), count);
        let hall = Hall::with(Setting {
            size,
            content: Some(folder.path().to_owned()),
            ..Setting::default()
        });
        hall.tap("Chạm để bắt đầu");
        let picture = hall.picture();
        let sections = hall.library.clone().expect("content").catalogue().sections.clone();
        assert_eq!(sections.len(), count);
        for section in &sections {
            let tile = element(&hall, &section.title, true);
            let line = element(&hall, &section.summary, false);
            let bottom = top(&line) + line.height;
            assert!(
                bottom <= top(&tile) + tile.height && left(&line) >= left(&tile),
                "{size:?}, {count} tiles: the line of “{}” ends at {bottom}, the tile at {}",
                section.title,
                top(&tile) + tile.height
            );
            // The title stands above its line, the edge of the tile as far from it as from the side.
            let edge = left(&line) - left(&tile);
            let from = (left(&line), top(&tile) + edge);
            let (lines, reach) = last_line(
                &picture,
                from,
                (left(&tile) + tile.width - edge, top(&line)),
                1.37 * 30.0,
            );
            assert!(
                lines == 1 || reach > 75,
                "{size:?}: “{}” ends {reach} px into line {lines}",
                section.title
            );
            let (lines, reach) = last_line(
                &picture,
                (left(&line), top(&line)),
                (left(&line) + line.width, bottom),
                1.37 * 22.0,
            );
            assert!(
                lines == 1 || reach > 50,
                "{size:?}: “{}” ends {reach} px into line {lines}",
                section.summary
            );
        }
    });
}

#[test]
fn larger_letters_leave_the_line_out_on_every_tile() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    let sections = hall.library.clone().expect("content").catalogue().sections.clone();
    for size in ["Cỡ chữ > Cỡ chữ lớn > Đóng", "Cỡ chữ > Cỡ chữ rất lớn > Đóng"] {
        hall.taps(size);
        for section in &sections {
            hall.sees(&section.title);
            hall.misses(&section.summary);
        }
    }
}

#[test]
fn no_tile_is_twice_as_wide_as_another_on_a_wide_screen() {
    each_in_its_hall(7..9_usize, |count| {
        let folder = content_copy();
        with_sections(folder.path(), count);
        let hall = Hall::with(Setting {
            content: Some(folder.path().to_owned()),
            ..Setting::default()
        });
        hall.tap("Chạm để bắt đầu");
        let sections = hall.library.clone().expect("content").catalogue().sections.clone();
        let widths: Vec<f32> = sections
            .iter()
            .map(|section| element(&hall, &section.title, true).width)
            .collect();
        let (least, most) = (
            widths.iter().copied().fold(f32::MAX, f32::min),
            widths.iter().copied().fold(0.0, f32::max),
        );
        assert!(most < 1.6 * least, "{count} tiles: {widths:?}");
    });
}

/// What the kiosk's own counts make of a month: closed at each tick, as the program does; the payloads are kept here.
fn closes_months(hall: &Hall) -> Arc<Mutex<Vec<String>>> {
    let payloads = Arc::new(Mutex::new(Vec::new()));
    let sealed = payloads.clone();
    hall.kiosk.recorder().collect_by(Box::new(move |log, now| {
        if log.is_due(Share::Month, now) {
            let number = log.seal(Share::Month, now, Health::default(), 0).expect("sealed");
            for (_, payload) in log.sealed().expect("read") {
                sealed
                    .lock()
                    .expect("whole")
                    .push(String::from_utf8(payload).expect("JSON"));
            }
            if let Some(number) = number {
                log.hand_on(number).expect("written");
            }
        }
    }));
    payloads
}

/// What the recorder found out by the end of one second is shown in the next.
fn hears_of_it(hall: &Hall) {
    hall.wait(1);
    hall.wait(1);
}

const FAMILY: &str = "Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất";

/// One of these opens a page three times and is one visit.
fn visits(hall: &Hall, page: &str, times: usize) {
    for visit in 0..times {
        hall.taps(&format!("{FAMILY} > {page}"));
        if visit == 0 {
            hall.taps(&format!("Quay lại > {page} > Quay lại > {page}"));
        }
        hall.leave();
    }
}

#[test]
fn what_five_visits_opened_stands_on_the_home_screen_when_the_month_is_over() {
    let hall = Hall::open();
    let payloads = closes_months(&hall);
    hall.wait(2);
    visits(&hall, "Làm giấy khai sinh cho trẻ", 5);
    visits(&hall, "Đăng ký kết hôn", 6);
    visits(&hall, "Khai tử khi nhà có người mất", 4);
    hall.tap("Chạm để bắt đầu");
    hall.misses("Hay xem nhất");
    hall.leave();
    hall.turn_clock(TimeDelta::days(10));
    hears_of_it(&hall);
    hall.tap("Chạm để bắt đầu");
    hall.sees("Hay xem nhất");
    assert_eq!(hall.view().often, ["Đăng ký kết hôn", "Làm giấy khai sinh cho trẻ"]);
    hall.misses("Khai tử khi nhà có người mất");
    // On the card only the order is left, without numbers.
    let counts = Connection::open(hall.data().join(store::FILE)).expect("a database");
    let number = |sql: &str| counts.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    assert_eq!(number("SELECT count(*) FROM demand"), 0);
    assert_eq!(
        number("SELECT count(*) FROM often WHERE page IN ('ket-hon', 'khai-sinh')"),
        2
    );
    assert_eq!(number("SELECT count(*) FROM pragma_table_info('often')"), 2);
    // What leaves has the openings as ever, by number, and not the list.
    let left = payloads.lock().expect("whole").join("\n");
    assert!(
        left.contains("page-opened") && !left.contains("often") && !left.contains("demand"),
        "{left}"
    );
    // The list puts the pages of a group into order, too; what follows is the author's.
    hall.tap("Làm giấy khai sinh cho trẻ");
    assert_eq!(hall.view().screen, Screen::Column);
    hall.taps(&format!("Trang chủ > {}", FAMILY.split_once(" > ").expect("a way").1));
    assert_eq!(hall.cards()[..2], ["Đăng ký kết hôn", "Làm giấy khai sinh cho trẻ"]);
    assert!(hall.view().rows.iter().all(|row| matches!(row, Row::Card(_))));
}

#[test]
fn what_four_visits_opened_does_not() {
    let hall = Hall::open();
    closes_months(&hall);
    hall.wait(2);
    visits(&hall, "Làm giấy khai sinh cho trẻ", 4);
    hall.turn_clock(TimeDelta::days(10));
    hears_of_it(&hall);
    hall.tap("Chạm để bắt đầu");
    hall.misses("Hay xem nhất");
    assert!(hall.view().often.is_empty());
}

/// A screen that shows it also shows all of it, and at the largest size the tiles need the room.
#[test]
fn the_row_has_room_or_is_not_there() {
    let data = tempfile::tempdir().expect("a folder");
    drop(store::Store::open(data.path()).expect("a database"));
    let counts = Connection::open(data.path().join(store::FILE)).expect("a database");
    let pages = [
        "khai-sinh",
        "an-sinh-xa-hoi",
        "a-page-that-is-gone",
        "bang-lai-xe",
        "qr-dan-de",
        "dat-dai",
    ];
    for (place, page) in (1_i64..).zip(pages) {
        counts
            .execute("INSERT INTO often (place, page) VALUES (?1, ?2)", (place, page))
            .expect("written");
    }
    drop(counts);
    let sizes = [(1280, 800), (1920, 1080), (1024, 600), (720, 1280), (1080, 1920)];
    let data = data.path().to_owned();
    each_in_its_hall(sizes.map(|size| (size, data.clone())), |(size, data)| {
        let own = tempfile::tempdir().expect("a folder");
        fs::copy(data.join(store::FILE), own.path().join(store::FILE)).expect("copied");
        let hall = Hall::with(Setting {
            size,
            data: Some(own.path().to_owned()),
            ..Setting::default()
        });
        hears_of_it(&hall);
        hall.tap("Chạm để bắt đầu");
        let often = hall.view().often;
        assert_eq!(often.len(), 4);
        let shown = match size {
            (1024, 600) => 0,
            (width, height) if height > width => 4,
            _ => 3,
        };
        let buttons = hall.buttons();
        let there = often
            .iter()
            .filter(|title| buttons.iter().any(|button| button.label == **title));
        assert_eq!(there.count(), shown, "{size:?}");
        assert_eq!(hall.reads("Hay xem nhất"), shown > 0);
        // An empty search offers them too, and the group that holds the first of them comes first.
        hall.tap("Tìm kiếm");
        assert!(hall.cards().ends_with(&often), "{:?}", hall.cards());
        hall.turns_to(&often[0]);
        hall.taps("Trang chủ > Làm thủ tục");
        assert_eq!(hall.cards()[0], "Cưới, sinh con, người mất");
        hall.tap("Trang chủ");
        let (width, height) = hall.size();
        for button in &buttons {
            let (right, bottom) = (left(button) + button.width, top(button) + button.height);
            assert!(
                button.height >= 71.9 && right <= width && bottom <= height,
                "{size:?}: {button:?}"
            );
        }
        hall.taps("Cỡ chữ > Cỡ chữ rất lớn > Đóng");
        hall.misses("Hay xem nhất");
    });
}

/// A finger finds by habit what stands in one place: the last two buttons of an upright screen do on every screen.
#[test]
fn letters_and_help_stand_where_they_do_on_every_other_upright_screen() {
    each_in_its_hall([(720, 1280), (1080, 1920)], |size| {
        let hall = Hall::sized(size);
        hall.tap("Chạm để bắt đầu");
        let places = || ["Cỡ chữ", "Trợ giúp"].map(|words| hall.button_of(words).expect("a button"));
        let home = places();
        hall.tap("Làm thủ tục");
        for (home, elsewhere) in home.into_iter().zip(places()) {
            let (across, down) = (home.x - elsewhere.x, home.y - elsewhere.y);
            assert!(
                across.abs() < 2.0 && down.abs() < 12.0,
                "{size:?}: {across} and {down} px away"
            );
        }
    });
}
