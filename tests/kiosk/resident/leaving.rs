//! Residents who go away, and those who come after them.

use commune_kiosk::kiosk::session::settings::{Settings, TextSize};
use commune_kiosk::kiosk::session::view::Screen;
use commune_kiosk::usage::signals::Signal;

use crate::common::{Hall, each_in_its_hall};

const QUESTION: &str = "Ông/bà còn dùng không?";
const STEP: &str = "Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị > Xem các bước";

fn is_invitation(hall: &Hall) -> bool {
    matches!(hall.view().screen, Screen::Attract(_))
}

#[test]
fn after_a_minute_the_kiosk_asks_and_counts_down() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất");
    hall.wait(58);
    hall.misses(QUESTION);
    hall.wait(3);
    hall.sees(QUESTION);
    let mut before = 21;
    for _ in 0..10 {
        let left = hall.view().idle_warning.expect("a countdown");
        assert!((1..before).contains(&left), "{left} after {before}");
        hall.sees(&format!("sau {left} giây"));
        before = left;
        hall.wait(1);
    }
    hall.tap("Tôi vẫn dùng");
    hall.misses(QUESTION);
    hall.sees("Làm giấy khai sinh cho trẻ");
    hall.wait(58);
    hall.misses(QUESTION);
    hall.wait(25);
    assert!(is_invitation(&hall));
}

#[test]
fn who_reads_a_step_is_asked_after_two_minutes() {
    let hall = Hall::open();
    hall.taps(STEP);
    hall.wait(118);
    hall.misses(QUESTION);
    hall.wait(3);
    hall.sees(QUESTION);
    hall.wait(20);
    assert!(is_invitation(&hall));
}

#[test]
fn a_touch_beside_the_button_also_says_i_am_here_and_nothing_else() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục");
    let before = hall.view();
    hall.wait(62);
    hall.sees(QUESTION);
    // Where "Quay lại" would be without the question.
    hall.touch(60.0, 760.0);
    hall.misses(QUESTION);
    assert_eq!(
        hall.view().rows,
        before.rows,
        "the touch answered the question and did nothing else"
    );
    hall.sees("Làm thủ tục");
}

#[test]
fn a_trembling_finger_on_the_question_answers_it_once() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục");
    let before = hall.view();
    hall.wait(62);
    hall.double_tap("Tôi vẫn dùng");
    assert_eq!(hall.view(), before);
}

#[test]
fn the_next_resident_finds_nothing_of_the_last_one() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > Cỡ chữ lớn > Nền đen, chữ trắng > English > Close");
    hall.taps("Paperwork > Marriage, birth, death > Register a child's birth > What to bring > The birth notice (giấy chứng sinh); ask staff if the clinic sent it electronically > Home");
    hall.tap("Search");
    hall.tap("123");
    hall.tap("7");
    hall.leave();
    hall.tap("Chạm để bắt đầu");
    assert_eq!(hall.view().settings, Settings::default());
    hall.sees("Ông/bà cần việc gì?");
    hall.tap("Tìm kiếm");
    assert_eq!(hall.typed(), "");
    hall.sees("dấu cách");
    hall.taps("a > Trang chủ > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị");
    assert_eq!(hall.ticks(), [false, false]);
}

#[test]
fn the_next_resident_begins_the_quiz_anew() {
    let hall = Hall::open();
    let quiz = "Chạm để bắt đầu > Đố vui có đáp án > An toàn trên mạng";
    hall.taps(quiz);
    let first = hall.view().rows;
    hall.leave();
    hall.taps(quiz);
    hall.sees("Câu 1 trong 10");
    hall.misses("Đáp án");
    assert_ne!(hall.view().rows, first, "drawn anew");
}

#[test]
fn the_next_resident_cannot_go_back_to_the_last_ones_page() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > An toàn trên mạng > Lừa đảo: giả danh Công an");
    hall.leave();
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Quay lại");
    hall.sees("Ông/bà cần việc gì?");
}

#[test]
fn a_hall_where_nobody_comes_stays_with_the_invitation() {
    let hall = Hall::open();
    hall.wait(3 * 3600);
    assert!(is_invitation(&hall));
    assert!(hall.counted().is_empty());
}

/// Frames drawn while nobody does anything, each with what changed: the line, or the minute.
#[test]
fn the_invitation_is_drawn_only_when_its_line_or_the_minute_changes() {
    let hall = Hall::open();
    hall.wait(2);
    // A picture that another thread has drawn meanwhile has a frame of its own, however busy the machine is.
    hall.draw();
    let shown = |hall: &Hall| (hall.view().screen, hall.words());
    let mut before = shown(&hall);
    for second in 0..300 {
        let frames = hall.frames();
        hall.wait(1);
        let now = shown(&hall);
        assert!(
            hall.frames() == frames || now != before,
            "second {second}: a frame with nothing new"
        );
        assert!(hall.frames() <= frames + 1, "second {second}: more than a frame");
        before = now;
        hall.draw();
    }
}

#[test]
fn the_home_screen_is_drawn_only_when_the_minute_changes() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    hall.wait(1);
    let mut seconds = 0;
    while seconds < 300 {
        for _ in 0..50 {
            let (frames, before) = (hall.frames(), hall.words());
            hall.wait(1);
            assert!(
                hall.frames() == frames || hall.words() != before,
                "a frame with nothing new"
            );
            seconds += 1;
        }
        // The size that is set already: keeps the visit alive.
        hall.taps("Cỡ chữ > Cỡ chữ vừa > Đóng");
        hall.wait(1);
    }
}

#[test]
fn who_is_done_is_forgotten_at_once_and_may_say_how_it_was() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Nền đen, chữ trắng > Đóng > Tìm kiếm > a > Trang chủ");
    hall.taps("Làm thủ tục > Trợ giúp > Tôi xong rồi");
    hall.sees("Cảm ơn ông/bà!");
    // In the letters and colours that they can read, until it is gone.
    let settings = hall.view().settings;
    assert!(settings.high_contrast && settings.text_size == TextSize::Largest);
    hall.taps("Tạm được");
    hall.sees("Cảm ơn ông/bà đã cho biết ý kiến.");
    hall.misses("Được việc");
    hall.wait(6);
    assert!(is_invitation(&hall));
    assert_eq!(hall.view().settings, Settings::default());
    // Who says nothing is not waited for.
    hall.taps("Chạm để bắt đầu > Tôi xong rồi");
    hall.wait(15);
    assert!(!is_invitation(&hall));
    hall.wait(7);
    assert!(is_invitation(&hall));
    hall.kiosk.stop();
    assert_eq!(hall.counts(Signal::VisitRated), 1);
    assert_eq!(hall.counts(Signal::VisitStarted), 2);
    let ended = hall.counted().into_iter().filter(|line| line.contains("visit-ended"));
    assert_eq!(ended.collect::<Vec<_>>(), ["2026-11-23 visit-ended /finished 2"]);
}

/// Slowly enough to be two touches.
#[test]
fn a_second_touch_of_being_done_meets_nothing() {
    each_in_its_hall([(1280, 800), (720, 1280)], |size| {
        let hall = Hall::sized(size);
        hall.tap("Chạm để bắt đầu");
        let place = hall.button_of("Tôi xong rồi").expect("a button");
        hall.tap("Tôi xong rồi");
        hall.touch(place.x, place.y);
        assert!(
            matches!(hall.view().screen, Screen::Goodbye { rated: false, .. }),
            "{size:?}"
        );
    });
}

#[test]
fn who_has_not_found_what_they_came_for_is_asked_what_it_was() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Tôi xong rồi > Tôi không thấy điều cần tìm");
    hall.sees("Những việc bà con hay hỏi");
    let group = hall.cards()[0].clone();
    hall.tap(&group);
    let topic = hall.cards()[0].clone();
    hall.tap(&topic);
    hall.leave();
    let asked = hall.counted().into_iter().filter(|line| line.contains("topic-asked"));
    let asked: Vec<_> = asked.collect();
    assert!(asked.len() == 1 && asked[0].ends_with("/missed 1"), "{asked:?}");
    hall.taps("Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng > Tôi xong rồi > Trang chủ");
    assert_eq!(hall.view().screen, Screen::Home, "or goes on");
    assert_eq!(hall.view().settings, Settings::default(), "as the next resident");
}

/// Who goes on from the farewell may be somebody else: nothing is counted as one visit with the one before.
#[test]
fn who_goes_on_after_the_farewell_begins_a_visit_of_their_own() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Tôi xong rồi > Được việc > Trang chủ > Tôi xong rồi > Trang chủ");
    hall.kiosk.stop();
    assert_eq!(
        (hall.counts(Signal::VisitStarted), hall.counts(Signal::VisitRated)),
        (3, 1)
    );
}
