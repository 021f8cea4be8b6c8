//! Text size, contrast, language, and fingers that tremble.

use commune_kiosk::kiosk::session::settings::TextSize;
use commune_kiosk::kiosk::session::view::{Progress, Screen};
use commune_kiosk::usage::signals::Signal;

use crate::common::Hall;

/// How high the words stand on the screen.
fn height(hall: &Hall, words: &str) -> f32 {
    let elements = hall.kiosk.elements();
    let element = elements.iter().find(|element| element.label.contains(words));
    element.unwrap_or_else(|| panic!("no “{words}”")).height
}

#[test]
fn three_sizes_of_text_each_larger_than_the_one_before() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Hỏi cán bộ");
    let words = "Cần giúp gì, mời ông/bà đến quầy";
    let normal = height(&hall, words);
    hall.taps("Cỡ chữ > Cỡ chữ lớn");
    let large = height(&hall, words);
    hall.tap("Cỡ chữ rất lớn");
    let largest = height(&hall, words);
    assert!(normal < large && large < largest, "{normal}, {large}, {largest}");
    hall.tap("Cỡ chữ vừa");
    assert!((height(&hall, words) - normal).abs() < 0.5);
}

#[test]
fn the_size_stays_through_the_visit() {
    let hall = Hall::open();
    hall.taps(
        "Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng > An toàn trên mạng > Lừa đảo: giả danh Công an > Trang chủ",
    );
    assert_eq!(hall.view().settings.text_size, TextSize::Largest);
}

#[test]
fn the_whole_article_can_be_read_at_every_size() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    let mut pages = 0;
    for size in ["Cỡ chữ vừa", "Cỡ chữ lớn", "Cỡ chữ rất lớn"] {
        hall.taps(&format!("Cỡ chữ > {size} > Đóng"));
        hall.taps("Tìm hiểu chuyển đổi số > Chuyển đổi số là gì?");
        let read = hall.reads_on().join("\n");
        for words in [
            "Dữ liệu là thông tin mà máy đọc được.",
            "Ba trụ cột",
            "Nói chuyện được với con cháu",
            "Nguồn: ",
        ] {
            assert!(read.contains(words), "{size}: no “{words}” in:\n{read}");
        }
        assert!(hall.view().column_pages > pages, "{size}");
        pages = hall.view().column_pages;
        hall.tap("Trang chủ");
    }
}

#[test]
fn high_contrast_is_white_on_black_and_goes_away_again() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    hall.wait(1);
    let paper = hall.color(2, 400);
    hall.taps("Cỡ chữ > Nền đen, chữ trắng > Đóng");
    hall.wait(1);
    assert_eq!(hall.color(2, 400), [0, 0, 0]);
    hall.taps("Làm thủ tục");
    hall.wait(1);
    assert_eq!(hall.color(2, 400), [0, 0, 0]);
    hall.taps("Trang chủ > Cỡ chữ > Nền sáng, chữ đen > Đóng");
    hall.wait(1);
    assert_eq!(hall.color(2, 400), paper);
}

#[test]
fn english_and_back() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > English > Close");
    hall.sees("Paperwork");
    hall.misses("Làm thủ tục");
    hall.misses("Mời ông/bà");
    hall.taps("Staying safe online > Scam: fake police officers > Home > Text > Tiếng Việt > Đóng");
    hall.sees("Làm thủ tục");
    hall.sees("Ông/bà cần việc gì?");
    hall.leave();
    assert_eq!(hall.counts(Signal::Language), 2);
}

#[test]
fn a_double_tap_opens_once() {
    let hall = Hall::open();
    hall.double_tap("Chạm để bắt đầu");
    assert_eq!(hall.view().screen, Screen::Home);
    hall.double_tap("Làm thủ tục");
    hall.double_tap("Cưới, sinh con, người mất");
    hall.sees("Làm giấy khai sinh cho trẻ");
    hall.double_tap("Làm giấy khai sinh cho trẻ");
    hall.sees("Ai làm được");
    hall.double_tap("Cần chuẩn bị");
    hall.double_tap("Giấy chứng sinh");
    assert_eq!(hall.ticks(), [true, false]);
    hall.double_tap("Xem các bước");
    hall.double_tap("Bước tiếp");
    assert!(matches!(hall.view().progress, Some(Progress { at: 2, .. })));
    hall.double_tap("Bước trước");
    assert!(matches!(hall.view().progress, Some(Progress { at: 1, .. })));
    hall.double_tap("Trang chủ");
    assert_eq!(hall.view().screen, Screen::Home);
    hall.double_tap("Cỡ chữ");
    hall.double_tap("Nền đen, chữ trắng");
    assert!(hall.view().settings.high_contrast);
    hall.double_tap("English");
    hall.leave();
    assert_eq!(hall.counts(Signal::PageOpened), 1);
    assert_eq!(hall.counts(Signal::Contrast), 1);
    assert_eq!(hall.counts(Signal::Language), 1);
}

#[test]
fn a_double_tap_turns_one_page() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng > Tìm hiểu chuyển đổi số > Chuyển đổi số là gì?");
    assert!(hall.view().column_pages > 2);
    hall.double_tap("Xuống");
    assert_eq!(hall.view().column_page, 1);
    hall.double_tap("Lên");
    assert_eq!(hall.view().column_page, 0);
}

#[test]
fn a_double_tap_on_a_choice_answers_one_question() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Đố vui có đáp án > Dịch vụ công");
    let choice = hall.view().rows.into_iter().find_map(|row| match row {
        commune_kiosk::kiosk::session::view::Row::Choice { text, .. } => Some(text),
        _ => None,
    });
    hall.double_tap(&choice.expect("a choice"));
    hall.double_tap("Câu tiếp");
    hall.sees("Câu 2 trong 10");
    hall.leave();
    assert_eq!(hall.counts(Signal::AnswerJudged), 1);
}

#[test]
fn a_guide_can_be_read_in_english_from_beginning_to_end() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > English > Close > Paperwork > Marriage, birth, death");
    hall.turns_to("In English");
    hall.turns_to("Register a child's birth");
    hall.tap("Register a child's birth");
    hall.sees("within 60 days of the birth");
    hall.misses("This part is in Vietnamese");
    hall.taps("What to bring");
    assert!(
        hall.reads_on()
            .join("\n")
            .contains("The birth notice (giấy chứng sinh)")
    );
    hall.taps("See the steps > Next step");
    hall.sees("ask the staff at the counter");
    hall.taps("Next step > Next step > Next step > Next step > Finish");
    hall.sees("You have seen all the steps");
    hall.taps("Home > Text > Tiếng Việt > Đóng > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
    hall.sees("trong vòng 60 ngày từ ngày sinh");
}

#[test]
fn english_pages_say_where_the_words_are_vietnamese() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > English > Close > Staying safe online > Scam: fake police officers");
    hall.sees("This part is in Vietnamese");
    hall.taps("Home > Text > Tiếng Việt > Đóng > An toàn trên mạng > Lừa đảo: giả danh Công an");
    hall.misses("tiếng Việt. Mời ông/bà nhờ cán bộ");
}
