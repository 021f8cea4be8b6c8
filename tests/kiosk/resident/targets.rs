//! Every touch target is high enough for an old finger.

use commune_kiosk::content::font::advance;
use commune_kiosk::content::model::Body;
use commune_kiosk::kiosk::session::view::{Button, Row, Screen};

use crate::common::{Hall, each_in_its_hall};

/// What design asks of a button, and of a key of the keyboard, in pixels.
const BUTTON: f32 = 72.0;
const KEY: f32 = 60.0;

/// Ways through the kiosk that, together, see every kind of screen. Each begins at home.
const WALKS: [&str; 14] = [
    "Làm thủ tục > Cỡ chữ > Đóng",
    "Làm thủ tục > Trợ giúp > Đóng",
    "Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị > Giấy chứng sinh > Xem các bước > Bước tiếp > Bước tiếp > Cần chuẩn bị",
    "Làm thủ tục > Giấy tờ của mình > Đăng ký định danh mức 2 (VNeID) > Mang về điện thoại",
    "An toàn trên mạng > Đã bị lừa đảo rồi thì làm gì > Cần chuẩn bị",
    "Tìm hiểu chuyển đổi số > Chuyển đổi số là gì?",
    "Mua bán, thanh toán > Trả tiền và nhận tiền bằng mã QR",
    "Lịch họp, bài nghe đài > Xem lịch họp, lớp học",
    "Lịch họp, bài nghe đài > Giấy tờ trên điện thoại",
    "Hỏi cán bộ > Máy đếm gì, không đếm gì",
    "Tìm kiếm > b > a > n > g",
    "Tìm kiếm > z > z > z",
    "Tìm kiếm > 123 > abc",
    "Tìm kiếm > v > n > e > i > d > Ẩn bàn phím > Gõ tiếp",
];

/// Looks at every target on this screen, on all its pages.
fn look(hall: &Hall, way: &str, faults: &mut Vec<String>) {
    loop {
        let (width, height) = hall.size();
        let keys = matches!(&hall.view().screen, Screen::Search(search) if search.keyboard);
        for button in hall.buttons() {
            let label = &button.label;
            let is_key = keys && button.middle.y > height * 0.45;
            let least = if is_key { KEY } else { BUTTON };
            let right = button.middle.x + button.width / 2.0;
            let fault = if button.height < least - 0.1 {
                format!("{:.0} px high", button.height)
            } else if button.middle.x - button.width / 2.0 < -0.5 || right > width + 0.5 {
                format!("ends at {right:.0} of {width:.0} px")
            } else {
                continue;
            };
            faults.push(format!("{width}x{height}, {way}: “{label}” is {fault}"));
        }
        if hall.view().next != Button::PageNext {
            return;
        }
        hall.turn_down();
    }
}

/// The screens that communes have, from 7 to 32 inches: pixels, millimetres from corner to corner.
const SCREENS: [((u32, u32), u32); 8] = [
    ((1024, 600), 178),
    ((1280, 800), 178),
    ((720, 1280), 203),
    ((1280, 800), 257),
    ((1920, 1080), 396),
    ((1920, 1080), 546),
    ((1080, 1920), 686),
    ((1920, 1080), 813),
];

/// 12 mm for a finger, 9 for a key, 5 for the text that is read.
#[test]
fn in_millimetres_everything_is_large_enough_on_every_screen() {
    each_in_its_hall(SCREENS, |(size, diagonal)| {
        let hall = Hall::sized(size);
        hall.kiosk.set_diagonal(diagonal);
        hall.wait(1);
        let (width, height) = hall.size();
        #[expect(clippy::cast_precision_loss, reason = "a screen is small")]
        let density = width.hypot(height) / diagonal as f32;
        // With the largest letters a row is longer than a page of a 7-inch panel, and its middle is nowhere to be touched.
        let texts = if density > 6.0 {
            &["Vừa"][..]
        } else {
            &["Vừa", "Rất lớn"]
        };
        let mut faults = Vec::new();
        measure(&hall, "invitation", density, &mut faults);
        assert!(faults.is_empty(), "{size:?}, {diagonal} mm: {}", faults.join("\n"));
        for text in texts {
            hall.taps(&format!(
                "Chạm để bắt đầu > Cỡ chữ > Cỡ chữ {} > Đóng",
                text.to_lowercase()
            ));
            let mut faults = Vec::new();
            assert!(
                hall.kiosk.body_text() >= 5.0 * density - 0.1,
                "{size:?}: {} px",
                hall.kiosk.body_text()
            );
            for way in WALKS {
                for words in way.split(" > ") {
                    hall.tap(words);
                    measure(&hall, way, density, &mut faults);
                }
                if hall.buttons().iter().any(|button| button.label == "Trang chủ") {
                    hall.tap("Trang chủ");
                }
            }
            hall.taps("Tôi xong rồi");
            measure(&hall, "goodbye", density, &mut faults);
            faults.sort();
            faults.dedup();
            assert!(
                faults.is_empty(),
                "{size:?}, {diagonal} mm, {text}:\n{}",
                faults.join("\n")
            );
            hall.wait(25);
        }
    });
}

/// Measures every target on this page of this screen.
fn measure(hall: &Hall, way: &str, density: f32, faults: &mut Vec<String>) {
    let (width, height) = hall.size();
    let keys = matches!(&hall.view().screen, Screen::Search(search) if search.keyboard);
    for button in hall.buttons() {
        let is_key = keys && button.middle.y > height * 0.4 && button.label.chars().count() < 12;
        let least = if is_key { 9.0 } else { 12.0 } * density;
        let (left, right) = (
            button.middle.x - button.width / 2.0,
            button.middle.x + button.width / 2.0,
        );
        if button.height < least - 0.5 || left < -0.5 || right > width + 0.5 {
            let (high, least) = (button.height / density, least / density);
            faults.push(format!(
                "{way}: “{}” {high:.1} mm of {least} mm, from {left:.0} to {right:.0} of {width:.0} px",
                button.label
            ));
        }
    }
}

/// An upright screen of 27 inches is 60 cm high: its upper part is out of reach of many.
#[test]
fn on_a_tall_upright_screen_everything_is_within_reach() {
    let hall = Hall::sized((1080, 1920));
    hall.kiosk.set_diagonal(686);
    hall.tap("Chạm để bắt đầu");
    let (_, height) = hall.size();
    for way in WALKS {
        for words in way.split(" > ") {
            hall.tap(words);
            for button in hall.buttons() {
                let top = button.middle.y - button.height / 2.0;
                assert!(top >= height * 0.4, "{way}: “{}” at {top} of {height}", button.label);
            }
        }
        hall.tap("Trang chủ");
    }
}

fn walk(size: (u32, u32)) {
    let hall = Hall::sized(size);
    let mut faults = Vec::new();
    look(&hall, "attract", &mut faults);
    hall.tap("Chạm để bắt đầu");
    look(&hall, "home", &mut faults);
    for way in WALKS {
        for words in way.split(" > ") {
            hall.tap(words);
            look(&hall, way, &mut faults);
        }
        hall.tap("Trang chủ");
    }
    hall.taps("Đố vui có đáp án > Dịch vụ công");
    while let Some(Row::Choice { text, .. }) = hall
        .view()
        .rows
        .into_iter()
        .find(|row| matches!(row, Row::Choice { .. }))
    {
        look(&hall, "question", &mut faults);
        hall.turn_up();
        hall.tap(&text);
        look(&hall, "answer", &mut faults);
        hall.tap_if_there("Câu tiếp");
        hall.tap_if_there("Xem kết quả");
    }
    look(&hall, "result", &mut faults);
    hall.wait(62);
    look(&hall, "idle warning", &mut faults);
    faults.dedup();
    assert!(
        faults.is_empty(),
        "{} targets too small:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn every_target_is_high_enough_and_on_the_screen() {
    each_in_its_hall([(1280, 800), (720, 1280)], walk);
}

/// Four buttons stand under a list of things to bring. With larger letters the last one, the way on, went over the edge of the screen;
/// and a thing whose lines went on to the next page was half a square on each.
#[test]
fn what_to_bring_can_be_ticked_whole_and_left_again() {
    let settings = [((1024, 600), 24.0), ((1280, 800), 32.0)]
        .into_iter()
        .flat_map(|screen| ["Cỡ chữ lớn", "Cỡ chữ rất lớn"].map(|letters| (screen, letters)));
    each_in_its_hall(settings, |((size, margin), letters)| {
        let hall = Hall::sized(size);
        hall.taps(&format!("Chạm để bắt đầu > Cỡ chữ > {letters} > Đóng"));
        let (width, height) = hall.size();
        let library = hall.library.clone().expect("content");
        let (mut faults, mut seen) = (Vec::new(), 0);
        for card in &library.catalogue().pages {
            let page = library.page(&card.id).expect("read").expect("there");
            let Body::Guide(guide) = &page.body else {
                continue;
            };
            if guide.prepare.is_empty() {
                continue;
            }
            hall.goes_to(&card.id);
            hall.tap("Cần chuẩn bị");
            loop {
                let (things, buttons): (Vec<_>, Vec<_>) =
                    (hall.buttons().into_iter()).partition(|button| guide.prepare.contains(&button.label));
                let bar = buttons.iter().filter(|button| button.middle.y > 0.6 * height);
                let bar_top = bar
                    .map(|button| button.middle.y - button.height / 2.0)
                    .fold(f32::INFINITY, f32::min);
                let home = buttons.iter().find(|button| button.label == "Trang chủ").expect("home");
                let home_bottom = home.middle.y + home.height / 2.0;
                let is_cut =
                    |middle: f32, height: f32| middle - height / 2.0 < home_bottom || middle + height / 2.0 > bar_top;
                let cut = things.iter().filter(|thing| is_cut(thing.middle.y, thing.height));
                faults.extend(cut.map(|thing| format!("{}: “{}” is cut", card.id, thing.label)));
                let over = buttons
                    .iter()
                    .filter(|button| button.middle.x + button.width / 2.0 > width - margin + 0.5);
                faults.extend(over.map(|button| format!("{}: “{}” is over the edge", card.id, button.label)));
                seen += 1;
                if hall.view().next != Button::PageNext {
                    break;
                }
                hall.turn_down();
            }
            hall.tap("Trang chủ");
        }
        assert!(seen > 40, "only {seen}");
        assert!(faults.is_empty(), "{size:?}, {letters}:\n{}", faults.join("\n"));
    });
}

/// How far two colours are apart (WCAG 2.2, contrast ratio): from 1 to 21.
fn contrast([one, other]: [[u8; 3]; 2]) -> f64 {
    let luminance = |colour: [u8; 3]| {
        let linear = colour.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05
    };
    let (one, other) = (luminance(one), luminance(other));
    one.max(other) / one.min(other)
}

/// On ae84bbd a tile under the finger could not be told from one at rest (1.0 to 1.1), a card hardly (1.4).
#[test]
fn a_button_under_a_finger_looks_pressed() {
    each_in_its_hall(["Đóng", "Nền đen, chữ trắng > Đóng"], |colours| {
        let hall = Hall::open();
        hall.taps(&format!("Chạm để bắt đầu > Cỡ chữ > {colours}"));
        let mut faults = Vec::new();
        for way in [
            "Làm thủ tục",
            "Trang chủ > Cỡ chữ",
            "Đóng > Trợ giúp",
            "Đóng > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị",
            "Trang chủ > Tìm kiếm",
            "a",
            "Trang chủ > Đố vui có đáp án > Dịch vụ công",
            "Trang chủ",
        ] {
            hall.taps(way);
            for button in hall.buttons() {
                // Inside, beside its words.
                let x = button.middle.x + button.width / 2.0 - 9.0;
                let apart = contrast(hall.feels(x, button.middle.y));
                if apart < 3.0 {
                    faults.push(format!("{way}: “{}” {apart:.2}", button.label));
                }
            }
        }
        assert!(faults.is_empty(), "{colours}:\n{}", faults.join("\n"));
    });
}

/// The longest words on keys, in bold letters of this size.
#[test]
fn no_word_touches_the_frame_of_its_key() {
    each_in_its_hall(
        [((1024, 600), 22.0), ((720, 1280), 22.5), ((1080, 1920), 33.75)],
        |(size, letters): ((u32, u32), f32)| {
            let hall = Hall::sized(size);
            hall.taps("Chạm để bắt đầu > Tìm kiếm");
            for word in ["huyền", "dấu cách"] {
                let key = hall
                    .buttons()
                    .into_iter()
                    .find(|button| button.label == word)
                    .expect("a key");
                let words: f32 = word.chars().map(|letter| advance(letter, true) * letters).sum();
                assert!(
                    key.width - words >= 14.0,
                    "{size:?}: {words} px of “{word}” in {}",
                    key.width
                );
            }
        },
    );
}
