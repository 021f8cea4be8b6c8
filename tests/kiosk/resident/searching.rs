//! Search, on the keyboard of the screen.

use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::view::Screen;

use crate::common::{Hall, each_in_its_hall};

fn searching() -> Hall {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Tìm kiếm");
    hall
}

#[test]
fn letters_without_tones_find_the_page() {
    let hall = searching();
    hall.sees("Gõ vài chữ, không cần dấu.");
    hall.types("bang lai");
    assert_eq!(hall.typed(), "bang lai");
    assert_eq!(hall.cards()[0], "Đổi giấy phép lái xe (bằng lái)");
    hall.tap("Đổi giấy phép lái xe");
    hall.sees("Ai làm được");
    assert!(hall.view().back);
    hall.tap("Quay lại");
    assert_eq!(hall.typed(), "bang lai", "the way back is to what was found");
}

#[test]
fn a_group_of_a_section_is_found_by_its_name() {
    let hall = searching();
    hall.types("nguoi gia tro cap");
    assert_eq!(hall.cards()[0], "Người già, trợ cấp");
    hall.tap("Người già, trợ cấp");
    hall.sees("Trợ cấp hưu trí xã hội (tiền người già)");
}

/// Of 145 cards in one list nobody finds theirs.
#[test]
fn what_people_often_ask_for_is_listed_by_groups_and_every_topic_is_in_one() {
    let hall = searching();
    hall.types("zzzz");
    hall.tap("Những việc bà con hay hỏi");
    let groups = hall.cards();
    let mut listed = Vec::new();
    for group in &groups {
        hall.tap(group);
        listed.extend(hall.cards());
        hall.tap("Quay lại");
        assert_eq!(hall.cards(), groups);
    }
    let library = hall.library.clone().expect("content");
    let topics = &library.catalogue().topics;
    assert!(groups.len() >= 2 && groups.len() * 4 < topics.len(), "{groups:?}");
    assert_eq!(
        listed,
        topics.iter().map(|topic| topic.title.clone()).collect::<Vec<_>>()
    );
}

/// What is touched at once after a letter is meant; what is touched twice after it is a finger that trembles.
#[test]
fn after_a_letter_a_double_touch_on_a_button_counts_once() {
    let hall = searching();
    hall.kiosk.act(Action::Type('a'));
    for _ in 0..2 {
        hall.nap(100);
        hall.kiosk.act(Action::ToggleDigits);
    }
    assert_eq!(hall.typed(), "a");
    assert!(matches!(hall.view().screen, Screen::Search(search) if search.digits));
}

#[test]
fn every_key_is_answered() {
    let hall = searching();
    for key in "khai sinh".chars() {
        hall.types(&key.to_string());
        assert!(!hall.cards().is_empty(), "nothing for “{}”", hall.typed());
    }
    assert_eq!(hall.cards()[0], "Làm giấy khai sinh cho trẻ");
}

#[test]
fn vietnamese_letters_and_tone_keys_write_vietnamese() {
    let hall = searching();
    hall.types("băng");
    hall.tap("huyền");
    hall.types(" lai");
    hall.tap("sắc");
    assert_eq!(hall.typed(), "bằng lái");
    assert_eq!(hall.cards()[0], "Đổi giấy phép lái xe (bằng lái)");
    hall.tap("Xoá hết");
    hall.types("thương");
    hall.tap("huyền");
    assert_eq!(hall.typed(), "thường");
    hall.tap("hỏi");
    assert_eq!(hall.typed(), "thưởng", "another tone takes the place of the first");
    hall.types(" đêm");
    assert_eq!(hall.typed(), "thưởng đêm");
}

#[test]
fn telex_is_understood() {
    let hall = searching();
    hall.types("bawngf lais");
    assert_eq!(hall.cards()[0], "Đổi giấy phép lái xe (bằng lái)");
    hall.tap("Xoá hết");
    hall.types("ddawng kys thuowngf trus");
    assert_eq!(hall.cards()[0], "Đăng ký thường trú, tạm trú");
}

#[test]
fn what_is_typed_can_be_taken_back() {
    let hall = searching();
    hall.types("bang");
    hall.tap("Xoá một chữ");
    assert_eq!(hall.typed(), "ban");
    hall.tap("Xoá hết");
    assert_eq!(hall.typed(), "");
    hall.sees("Gõ vài chữ, không cần dấu.");
    hall.misses("Xoá hết");
    hall.tap("Xoá một chữ");
    assert_eq!(hall.typed(), "");
}

#[test]
fn the_same_letter_twice_is_typed_twice() {
    let hall = searching();
    hall.types("nn");
    assert_eq!(hall.typed(), "nn");
}

#[test]
fn digits_are_behind_one_key() {
    let hall = searching();
    hall.tap("123");
    hall.types("18001096");
    assert_eq!(hall.typed(), "18001096");
    hall.tap("abc");
    hall.types("a");
    assert_eq!(hall.typed(), "18001096a");
}

#[test]
fn nothing_found_leads_on_to_the_sections() {
    let hall = searching();
    hall.types("zzz");
    hall.sees("máy chưa tìm thấy");
    hall.sees("hỏi cán bộ");
    let library = hall.library.clone().expect("content");
    let sections: Vec<String> = library
        .catalogue()
        .sections
        .iter()
        .map(|section| section.title.clone())
        .collect();
    assert_eq!(hall.cards(), sections);
    hall.tap("An toàn trên mạng");
    hall.sees("Lừa đảo: giả danh Công an");
}

#[test]
fn the_keyboard_can_be_put_away_to_read_the_hits() {
    let hall = searching();
    hall.types("vneid");
    hall.tap("Ẩn bàn phím");
    hall.misses("dấu cách");
    hall.tap("Gõ tiếp");
    hall.sees("dấu cách");
    assert_eq!(hall.cards()[0], "Đăng ký định danh mức 2 (VNeID)");
}

#[test]
fn endless_typing_ends_somewhere() {
    let hall = searching();
    hall.types(&"ba".repeat(60));
    assert_eq!(hall.typed().chars().count(), 64);
    hall.tap("Trang chủ");
}

#[test]
fn search_always_begins_with_the_letters() {
    let hall = searching();
    hall.taps("123 > 7 > Ẩn bàn phím > Trang chủ > Tìm kiếm");
    hall.types("so");
    assert_eq!(hall.typed(), "so");
}

#[test]
fn home_forgets_what_was_typed() {
    let hall = searching();
    hall.types("no nan");
    hall.taps("Trang chủ > Tìm kiếm");
    assert_eq!(hall.typed(), "");
}

/// Between two letters that are meant nobody is faster than an eighth of a second; a finger that trembles is.
#[test]
fn a_trembling_finger_types_a_letter_once() {
    let hall = searching();
    let key = hall
        .buttons()
        .into_iter()
        .find(|button| button.label == "k")
        .expect("a key");
    hall.touch_all([key.middle, key.middle]);
    assert_eq!(hall.typed(), "k");
    hall.nap(60);
    hall.touch_all([key.middle]);
    assert_eq!(hall.typed(), "k");
    hall.types("hai");
    assert_eq!(hall.typed(), "khai");
}

/// On ae84bbd three and one.
#[test]
fn hits_stand_above_the_keyboard() {
    each_in_its_hall(
        [
            ((1280, 800), "Vừa", 4),
            ((1024, 600), "Vừa", 3),
            ((720, 1280), "Vừa", 4),
            ((1280, 800), "Rất lớn", 2),
            ((1024, 600), "Rất lớn", 2),
            ((720, 1280), "Rất lớn", 2),
        ],
        |(size, letters, least)| {
            let hall = Hall::sized(size);
            let letters = letters.to_lowercase();
            hall.taps(&format!(
                "Chạm để bắt đầu > Cỡ chữ > Cỡ chữ {letters} > Đóng > Tìm kiếm"
            ));
            for words in ["bang lai", "khai sinh", "vneid", "tien"] {
                hall.types(words);
                let titles = hall.cards();
                assert!(titles.len() >= least, "{words}: {titles:?}");
                let shown = hall
                    .buttons()
                    .into_iter()
                    .filter(|button| titles.contains(&button.label));
                let shown = shown.count();
                assert!(shown >= least, "{size:?}, {letters}, {words}: {shown} of {titles:?}");
                hall.tap("Xoá hết");
            }
        },
    );
}

#[test]
fn an_empty_search_offers_what_people_often_ask() {
    let hall = searching();
    hall.sees("Gõ vài chữ, không cần dấu.");
    hall.tap("Những việc bà con hay hỏi");
    assert!(hall.cards().len() > 3);
}
