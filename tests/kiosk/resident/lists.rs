//! Lists of cards: how many stand on a screen, and with what.

use commune_kiosk::kiosk::session::view::{Button, Card, Extent, Row};

use crate::common::{Hall, each_in_its_hall};

/// Cards of the program's own in the radio's list.
const OWN: [&str; 2] = ["Thông báo của xã", "Xem lịch họp, lớp học"];

/// How many cards each page of the list on the screen shows.
fn cards_a_page(hall: &Hall) -> Vec<usize> {
    let rows = hall.view().rows;
    let all = rows.iter().filter(|row| matches!(row, Row::Card(_))).count();
    let mut titles = hall.cards();
    titles.extend(OWN.map(str::to_owned));
    let mut pages = Vec::new();
    loop {
        let buttons = hall.buttons();
        pages.push(buttons.iter().filter(|button| titles.contains(&button.label)).count());
        if hall.view().next != Button::PageNext {
            assert_eq!(pages.iter().sum::<usize>(), all, "each card is on one page");
            return pages;
        }
        hall.turn_down();
    }
}

/// The ways from home to all lists of pages.
fn lists(hall: &Hall) -> Vec<String> {
    let library = hall.library.clone().expect("content");
    let sections = library.catalogue().sections.iter();
    sections
        .flat_map(|section| {
            let groups = section.groups.iter();
            let groups = groups.map(|group| format!("{} > {}", section.title, group.title));
            std::iter::once(section.title.clone()).chain(groups).collect::<Vec<_>>()
        })
        .filter(|way| !way.starts_with("Đố vui"))
        .collect()
}

/// How many cards the full pages of all lists show, the least and the most; and which list has the fewest.
fn full_pages(size: (u32, u32), text: &str) -> (usize, usize, String) {
    let hall = Hall::sized(size);
    hall.tap("Chạm để bắt đầu");
    hall.taps(text);
    let mut full = Vec::new();
    for way in lists(&hall) {
        hall.taps(&way);
        let mut pages = cards_a_page(&hall);
        pages.pop();
        full.extend(pages.into_iter().map(|cards| (cards, way.clone())));
        hall.tap("Trang chủ");
    }
    let (least, most) = (full.iter().min().cloned(), full.iter().max().cloned());
    let (least, fewest) = least.expect("a list of some pages");
    (least, most.map_or(least, |(most, _)| most), fewest)
}

#[test]
fn six_to_eight_cards_stand_on_a_screen_of_common_size() {
    let (least, most, fewest) = full_pages((1280, 800), "Cỡ chữ > Cỡ chữ vừa > Đóng");
    assert!(least >= 6 && most <= 8, "{least} to {most}: {fewest}");
}

#[test]
fn three_or_more_stand_there_at_any_size() {
    let sizes = [(1280, 800), (1920, 1080), (1024, 600), (720, 1280), (1080, 1920)];
    let texts = [
        "Cỡ chữ > Cỡ chữ vừa > Đóng",
        "Cỡ chữ > Cỡ chữ lớn > Đóng",
        "Cỡ chữ > Cỡ chữ rất lớn > Đóng",
    ];
    let all = sizes.into_iter().flat_map(|size| texts.map(|text| (size, text)));
    each_in_its_hall(all, |(size, text)| {
        let (least, _, fewest) = full_pages(size, text);
        assert!(least >= 3, "{size:?}, {text}: {least} in {fewest}");
    });
}

fn card(hall: &Hall, title: &str) -> Card {
    let rows = hall.view().rows.into_iter();
    let mut cards = rows.filter_map(|row| match row {
        Row::Card(card) => Some(card),
        _ => None,
    });
    let card = cards.find(|card| card.title == commune_kiosk::kiosk::session::view::Words::Text(title.to_owned()));
    card.expect("a card of this title")
}

#[test]
fn a_card_shows_the_picture_that_is_most_its_pages_own() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục");
    assert_eq!(card(&hall, "Nhà đất").picture, "pic-dat-dai.svg");
    hall.tap("Xe, bằng lái");
    // Its first step has the police station, as seven other pages have.
    assert_eq!(
        card(&hall, "Đăng ký xe máy, ô tô, biển số").picture,
        "pic-dang-ky-xe.svg"
    );
    hall.taps("Trang chủ > Đố vui có đáp án");
    assert!(
        hall.view()
            .rows
            .iter()
            .all(|row| !matches!(row, Row::Card(card) if !card.picture.is_empty()))
    );
}

/// Above the keyboard the room is for what was found.
#[test]
fn what_was_found_has_no_pictures() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Tìm kiếm");
    hall.types("khai sinh");
    let rows = hall.view().rows;
    let with_picture = |row: &Row| matches!(row, Row::Card(card) if !card.picture.is_empty());
    assert!(!rows.is_empty() && !rows.iter().any(with_picture), "{rows:?}");
    hall.taps("Trang chủ > Cỡ chữ > English > Close > Search");
    hall.types("khaisinh");
    let rows = hall.view().rows;
    assert!(!rows.is_empty() && !rows.iter().any(with_picture), "{rows:?}");
}

#[test]
fn at_the_largest_size_a_list_shows_titles_only() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục");
    hall.sees("Sổ đỏ, sang tên, lên đất ở, xây nhà");
    hall.taps("Cỡ chữ > Cỡ chữ rất lớn > Đóng");
    hall.turns_to("Nhà đất");
    hall.misses("Sổ đỏ, sang tên, lên đất ở, xây nhà");
}

#[test]
fn who_reads_english_sees_at_any_size_which_pages_are() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > English > Close > Paperwork > Marriage, birth, death");
    assert_eq!(card(&hall, "Register a child's birth").extent, Some(Extent::InEnglish));
    assert_eq!(card(&hall, "Register a death").extent, None);
    hall.turns_to("In English");
    hall.taps("Home > Text > Tiếng Việt > Đóng > Làm thủ tục > Cưới, sinh con, người mất");
    assert!(!hall.reads_on().iter().any(|words| words == "Có tiếng Anh"));
}
