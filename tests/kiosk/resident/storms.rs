//! Children with ten fingers.

use commune_kiosk::kiosk::session::settings::Settings;
use commune_kiosk::kiosk::session::view::{Screen, Title, View};
use slint::LogicalPosition;

use crate::common::{Hall, USUAL, each_in_its_hall};

/// How many taps, keys and waits a storm has.
const GUSTS: usize = 2_000;

/// How often the storm is looked at from near: a walk over all elements takes longer than a tap.
const LOOK: usize = 40;

fn somewhere(random: &mut fastrand::Rng, hall: &Hall) -> LogicalPosition {
    let (width, height) = hall.size();
    LogicalPosition::new(random.f32() * width, random.f32() * height)
}

/// What holds on every screen.
fn stands(hall: &Hall, view: &View) {
    assert!(
        view.column_pages >= 1 && view.column_page < view.column_pages,
        "{view:?}"
    );
    assert!(view.screen != Screen::Sorry, "there is content");
    assert!(!hall.kiosk.elements().is_empty(), "an empty screen: {view:?}");
}

fn storm(size: (u32, u32)) {
    let hall = Hall::sized(size);
    let mut random = fastrand::Rng::with_seed(u64::from(size.0 * 10_000 + size.1));
    for gust in 0..GUSTS {
        match random.u8(0..100) {
            0..60 => {
                let place = somewhere(&mut random, &hall);
                hall.touch_all([place]);
            }
            60..75 => {
                if let Some(button) = random.choice(hall.buttons()) {
                    hall.touch_all([button.middle]);
                }
            }
            75..80 => {
                let places: Vec<_> = (0..10).map(|_| somewhere(&mut random, &hall)).collect();
                hall.touch_all(places);
            }
            80..95 => hall.nap(random.u64(0..800)),
            95..99 => hall.wait(random.u64(1..20)),
            _ => hall.wait(random.u64(60..150)),
        }
        if random.u8(0..4) == 0 {
            hall.nap(random.u64(250..600));
        }
        hall.draw();
        if gust % LOOK == 0 {
            stands(&hall, &hall.view());
        }
    }
    hall.leave();
    hall.touch(5.0, 5.0);
    assert_eq!(hall.view().screen, Screen::Column, "a live kiosk at {size:?}");
    assert!(!hall.buttons().is_empty(), "no buttons at {size:?}: {:?}", hall.view());
}

#[test]
fn a_storm_of_touches_leaves_a_live_kiosk_at_every_size() {
    each_in_its_hall(
        [
            (1280, 800),
            (1920, 1080),
            (1024, 600),
            (720, 1280),
            (1080, 1920),
            (320, 240),
        ],
        storm,
    );
}

#[test]
fn ten_fingers_at_once_do_what_the_first_one_means() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    let mut buttons = hall.buttons();
    buttons.sort_by_key(|button| button.label != "An toàn trên mạng");
    hall.nap(600);
    hall.touch_all(buttons.iter().take(10).map(|button| button.middle));
    hall.nap(200);
    assert_eq!(hall.view().title, Title::Text("An toàn trên mạng".to_owned()));
    assert_eq!(
        hall.view().settings,
        Settings::default(),
        "the other nine fingers did nothing"
    );
    hall.leave();
}

#[test]
fn many_fingers_at_random_places_never_stop_the_kiosk() {
    let hall = Hall::sized(USUAL);
    let mut random = fastrand::Rng::with_seed(10);
    for _ in 0..60 {
        hall.tap_if_there("Chạm để bắt đầu");
        let places: Vec<_> = (0..10).map(|_| somewhere(&mut random, &hall)).collect();
        hall.touch_all(places);
        hall.draw();
        stands(&hall, &hall.view());
        hall.nap(700);
    }
    hall.leave();
}
