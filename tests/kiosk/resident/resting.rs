//! A hall where nobody is: the screen goes dark, and is there again for whoever comes. And the key that staff turn.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::view::Screen;

use crate::common::Hall;

const TEN_MINUTES: u64 = 600;

/// A hall whose screen rests after ten minutes, and what its backlight was told.
fn hall(has_backlight: bool) -> (Hall, Rc<RefCell<Vec<bool>>>) {
    let hall = Hall::open();
    let told = Rc::new(RefCell::new(Vec::new()));
    let telling = told.clone();
    let dim = move |dark| {
        telling.borrow_mut().push(dark);
        has_backlight
    };
    hall.kiosk.rest_after(Duration::from_secs(TEN_MINUTES), Box::new(dim));
    (hall, told)
}

fn is_dark(hall: &Hall) -> bool {
    hall.view().screen == Screen::Rest
}

fn is_black(hall: &Hall) -> bool {
    [(5, 5), (640, 400), (100, 90), (200, 300), (1275, 795)]
        .into_iter()
        .all(|(x, y)| hall.color(x, y) == [0; 3])
}

#[test]
fn after_ten_minutes_alone_the_screen_is_dark_and_the_first_touch_only_wakes_it() {
    let (hall, told) = hall(false);
    hall.wait(TEN_MINUTES - 2);
    assert!(!is_dark(&hall) && !is_black(&hall));
    hall.wait(4);
    assert!(is_dark(&hall) && is_black(&hall));
    assert_eq!(*told.borrow(), [true]);
    hall.touch(640.0, 400.0);
    assert!(!is_dark(&hall) && !is_black(&hall));
    assert!(
        matches!(hall.view().screen, Screen::Attract(_)),
        "nobody saw what was there to press"
    );
    assert_eq!(*told.borrow(), [true, false]);
    hall.tap("Chạm để bắt đầu");
    assert_eq!(hall.view().screen, Screen::Home);
}

#[test]
fn where_the_backlight_can_be_dimmed_the_picture_stays() {
    let (hall, told) = hall(true);
    hall.wait(TEN_MINUTES + 2);
    assert!(is_dark(&hall) && !is_black(&hall));
    assert_eq!(*told.borrow(), [true]);
}

#[test]
fn nothing_is_drawn_but_the_clock_while_the_screen_rests() {
    let (hall, _) = hall(false);
    hall.wait(TEN_MINUTES + 2);
    let before = hall.frames();
    hall.wait(300);
    assert!(
        hall.frames() - before <= 5,
        "{} frames in 5 minutes",
        hall.frames() - before
    );
}

#[test]
fn whoever_the_sensor_sees_finds_the_screen_lit() {
    let (hall, _) = hall(false);
    hall.wait(TEN_MINUTES + 2);
    hall.kiosk.act(Action::Presence(true));
    assert!(!is_dark(&hall));
    hall.wait(2 * TEN_MINUTES);
    assert!(!is_dark(&hall), "they still stand there");
    hall.kiosk.act(Action::Presence(false));
    hall.wait(TEN_MINUTES - 2);
    assert!(!is_dark(&hall));
    hall.wait(4);
    assert!(is_dark(&hall));
}

#[test]
fn neither_sensor_nor_waking_counts_as_a_visit() {
    let (hall, _) = hall(false);
    hall.wait(TEN_MINUTES + 2);
    hall.kiosk.act(Action::Presence(true));
    hall.kiosk.act(Action::Presence(false));
    hall.wait(TEN_MINUTES + 2);
    hall.touch(640.0, 400.0);
    hall.kiosk.stop();
    assert_eq!(hall.counted(), Vec::<String>::new());
}

#[test]
fn the_staffs_key_opens_their_page_and_closes_it() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất");
    hall.kiosk.act(Action::StaffKey(true));
    hall.sees("Dành cho cán bộ");
    hall.misses("Làm giấy khai sinh cho trẻ");
    hall.kiosk.act(Action::StaffKey(false));
    assert!(matches!(hall.view().screen, Screen::Attract(_)));
}

#[test]
fn staff_with_a_key_are_no_visit() {
    let hall = Hall::open();
    hall.kiosk.act(Action::StaffKey(true));
    hall.wait(5);
    hall.kiosk.act(Action::StaffKey(false));
    hall.kiosk.stop();
    assert_eq!(hall.counted(), Vec::<String>::new());
}

#[test]
fn a_key_turned_back_while_a_resident_reads_does_nothing() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục");
    let before = hall.view();
    hall.kiosk.act(Action::StaffKey(false));
    assert_eq!(hall.view(), before);
}
