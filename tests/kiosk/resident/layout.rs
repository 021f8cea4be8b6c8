//! How what is read is laid out: few pages, none half empty while more follow.

use std::time::Duration;

use commune_kiosk::content::library::Length;
use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::paging::MOST_EMPTY;
use commune_kiosk::kiosk::session::settings::TextSize;
use commune_kiosk::kiosk::session::view::{Button, Row};

use crate::common::{Hall, USUAL, each_in_its_hall};

/// An upright screen.
const UPRIGHT: (u32, u32) = (720, 1280);

/// Between two touches, so that none is taken for a trembling finger.
const PAUSE: Duration = Duration::from_millis(400);

/// Until a screen is measured and has come to rest.
const SETTLE: Duration = Duration::from_millis(300);

/// A screen of a page of the content.
struct Seen {
    id: String,
    /// Which screen of the page: 0 is the article, or the guide before its steps.
    part: usize,
    page: usize,
    pages: usize,
    /// How much of the column's height is filled.
    filled: f32,
}

/// Goes through every screen of every page, as the buttons lead.
fn all_screens(hall: &Hall, mut each: impl FnMut(Seen)) {
    let act = |action| {
        hall.pass(PAUSE);
        hall.kiosk.act(action);
        hall.pass(SETTLE);
    };
    let library = hall.library.clone().expect("content");
    for entry in &library.catalogue().pages {
        hall.goes_to(&entry.id);
        let mut part = 0;
        loop {
            let view = hall.view();
            let (shown, room) = hall.kiosk.filled();
            each(Seen {
                id: entry.id.clone(),
                part,
                page: view.column_page,
                pages: view.column_pages,
                filled: shown / room,
            });
            match view.next {
                Button::PageNext => act(Action::Next),
                Button::Prepare | Button::Steps | Button::StepNext | Button::Finish => {
                    part += 1;
                    act(Action::Next);
                }
                _ => break,
            }
        }
        act(Action::Home);
    }
}

/// The hall with letters of this size.
fn hall_with(size: (u32, u32), text: TextSize) -> Hall {
    let hall = Hall::sized(size);
    hall.tap("Chạm để bắt đầu");
    hall.pass(PAUSE);
    hall.kiosk.act(Action::TextSize(text));
    hall.pass(SETTLE);
    hall
}

/// Expects that no screen of the content leaves more than a third of its column empty while more screens follow.
fn leaves_nothing_half_empty((size, text): ((u32, u32), TextSize)) {
    let hall = hall_with(size, text);
    let (mut screens, mut empty) = (0, Vec::new());
    all_screens(&hall, |seen| {
        screens += 1;
        // What is to be ticked is never cut, however much that leaves empty.
        let is_ticked = hall.view().rows.iter().any(|row| matches!(row, Row::Check { .. }));
        if !is_ticked && seen.page + 1 < seen.pages && 1.0 - seen.filled > MOST_EMPTY + 0.005 {
            let Seen {
                id,
                part,
                page,
                pages,
                filled,
            } = seen;
            empty.push(format!(
                "{id}, part {part}, screen {} of {pages}: {:.0} %",
                page + 1,
                filled * 100.0
            ));
        }
    });
    assert!(screens > 500, "{screens} screens");
    assert!(
        empty.is_empty(),
        "{size:?}, {text:?}: {} of {screens}:\n{}",
        empty.len(),
        empty.join("\n")
    );
}

#[test]
fn with_the_largest_letters_no_screen_is_a_third_empty_while_more_follow() {
    each_in_its_hall(
        [(USUAL, TextSize::Largest), (UPRIGHT, TextSize::Largest)],
        leaves_nothing_half_empty,
    );
}

/// The other sizes: `make test-all`, because it takes a minute.
#[test]
#[ignore = "takes a minute; make test-all runs it"]
fn on_other_screens_too_none_is_a_third_empty_while_more_follow() {
    let sizes = [(1920, 1080), (1080, 1920), (1024, 600)];
    each_in_its_hall(sizes.map(|size| (size, TextSize::Largest)), leaves_nothing_half_empty);
}

/// Codes leave three of the largest words a line, and dates and places take their lines too.
#[test]
fn the_largest_letters_take_few_screens_beside_codes_and_in_the_calendar() {
    let hall = hall_with(USUAL, TextSize::Largest);
    hall.goes_to("dinh-danh-muc-2");
    hall.tap("Mang về điện thoại");
    let pages = hall.view().column_pages;
    assert!(pages <= 3, "{pages} screens beside codes");
    each_in_its_hall([UPRIGHT, (1080, 1920)], |size| {
        let hall = hall_with(size, TextSize::Largest);
        hall.taps("Lịch họp, bài nghe đài > Xem lịch họp, lớp học");
        while hall.view().next == Button::PageNext {
            let (shown, room) = hall.kiosk.filled();
            assert!(shown > 0.66 * room, "{size:?}: {shown} of {room}");
            hall.turn_down();
        }
    });
}

#[test]
fn an_article_of_two_minutes_is_four_pages_at_most() {
    let hall = hall_with(USUAL, TextSize::Normal);
    let library = hall.library.clone().expect("content");
    let (mut articles, mut long) = (0, Vec::new());
    for entry in &library.catalogue().pages {
        if entry.length == Length::Minutes(2) {
            hall.goes_to(&entry.id);
            articles += 1;
            match hall.view().column_pages {
                0..=4 => {}
                pages => long.push(format!("{}: {pages}", entry.id)),
            }
            hall.tap("Trang chủ");
        }
    }
    assert!(articles > 20, "{articles} articles of two minutes");
    assert!(long.is_empty(), "{}", long.join(", "));
}

/// The bar at the top is as high on every screen of a page: what has no room in its first line goes, and a date is never cut.
#[test]
fn the_line_over_a_title_is_one_line_and_says_the_page_where_the_bar_below_is_full() {
    each_in_its_hall(
        [
            ((1024, 600), TextSize::Normal),
            ((1024, 600), TextSize::Largest),
            ((720, 1280), TextSize::Normal),
        ],
        |(size, text)| {
            let hall = hall_with(size, text);
            for id in ["gia-cong-an", "dinh-danh-muc-2"] {
                hall.goes_to(id);
                loop {
                    let (view, elements) = (hall.view(), hall.kiosk.elements());
                    let day = elements.iter().find(|element| element.label.contains("Cập nhật ngày"));
                    let height = day.map(|day| day.height);
                    let is_step = view.progress.is_some();
                    assert!(is_step || height.is_some(), "{size:?}, {id}: no day");
                    assert!(
                        height.is_none_or(|height| height < 36.0),
                        "{size:?}, {id}: {height:?} px high"
                    );
                    let number = format!("Trang {}/{}", view.column_page + 1, view.column_pages);
                    assert!(
                        view.column_pages < 2 || hall.reads(&number),
                        "{size:?}, {id}: no “{number}”"
                    );
                    if matches!(view.next, Button::Done | Button::None) {
                        break;
                    }
                    hall.pass(PAUSE);
                    hall.kiosk.act(Action::Next);
                    hall.pass(SETTLE);
                }
                hall.pass(PAUSE);
                hall.kiosk.act(Action::Home);
                hall.pass(SETTLE);
            }
        },
    );
}

/// Half under and half beside each other, nobody knows which number comes next.
#[test]
fn the_numbers_of_a_list_stand_all_under_each_other_or_all_two_by_two() {
    each_in_its_hall([(1024, 600), USUAL, (1920, 1080)], |size| {
        let hall = hall_with(size, TextSize::Normal);
        for id in ["gia-cong-an", "ba-tru-cot-tam-linh-vuc", "qr-dan-de"] {
            hall.goes_to(id);
            // Of each list its numbers, and which of them stand at the left.
            let mut lists: Vec<Vec<(u8, bool)>> = Vec::new();
            loop {
                for element in hall.kiosk.elements() {
                    let number = element.label.strip_suffix('.').and_then(|number| number.parse().ok());
                    let Some(number) = number else { continue };
                    let number = (number, element.middle.x < hall.size().0 / 4.0);
                    match lists.last_mut() {
                        Some(list) if number.0 > 1 => list.push(number),
                        _ => lists.push(vec![number]),
                    }
                }
                if hall.view().next != Button::PageNext {
                    break;
                }
                hall.turn_down();
            }
            assert!(!lists.is_empty(), "{size:?}, {id}: no list");
            for list in lists {
                let in_pairs = list.iter().any(|(_, is_left)| !is_left);
                let is_plain = |(number, is_left): &(u8, bool)| *is_left == (!in_pairs || number % 2 == 1);
                assert!(list.iter().all(is_plain), "{size:?}, {id}: {list:?}");
            }
            hall.tap("Trang chủ");
        }
    });
}

/// What is to be touched is not the smallest on its page.
#[test]
fn what_leads_on_is_as_large_as_a_heading_with_the_largest_letters() {
    let hall = hall_with(USUAL, TextSize::Largest);
    hall.goes_to("gia-cong-an");
    let link = "Đã bị lừa đảo rồi thì làm gì";
    hall.turns_to(link);
    let card = hall.buttons().into_iter().find(|button| button.label == link);
    // A line of letters of 50 px, and the frame around it; of 34 px it would be as high as any button, 80 px.
    assert!(card.as_ref().is_some_and(|card| card.height > 84.0), "{card:?}");
}
