//! Guides and articles.

use std::path::Path;

use commune_kiosk::content::library::Length;
use commune_kiosk::content::model::{Block, Body};
use commune_kiosk::kiosk::session::view::{Aside, Button, CodeKind, Notice, Progress, Row, Screen, Title, Words};
use commune_kiosk::usage::signals::Signal;

use crate::common::folders::copy;
use crate::common::{Hall, Setting, USUAL, content_folder, each_in_its_hall, morning, replace};

const GUIDE: &str = "Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ";
const ARTICLE: &str = "Tìm hiểu chuyển đổi số > Chuyển đổi số là gì?";

fn step(hall: &Hall) -> Option<(usize, usize)> {
    hall.view().progress.map(|Progress { at, of, .. }| (at, of))
}

#[test]
fn any_touch_of_the_invitation_leads_on_and_home_is_behind_it() {
    let hall = Hall::open();
    #[expect(clippy::cast_precision_loss, reason = "a screen is small")]
    let (right, bottom) = (USUAL.0 as f32 - 1.0, USUAL.1 as f32 - 1.0);
    for (x, y) in [(0.0, 0.0), (right, 0.0), (0.0, bottom), (right, bottom), (640.0, 400.0)] {
        hall.sees("Chạm để bắt đầu");
        hall.touch(x, y);
        assert_eq!(hall.view().screen, Screen::Column, "what was shown");
        hall.tap("Quay lại");
        hall.sees("Ông/bà cần việc gì?");
        hall.leave();
    }
}

#[test]
fn home_shows_every_section_of_the_content() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    for section in &hall.library.as_ref().expect("content").catalogue().sections {
        hall.sees(&section.title);
        hall.tap(&section.title);
        assert_eq!(hall.view().screen, Screen::Column, "{}", section.title);
        hall.sees(&section.title);
        hall.tap("Trang chủ");
    }
}

#[test]
fn a_section_of_many_pages_opens_by_groups_and_every_page_is_in_one() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục");
    hall.sees("Nhà đất");
    hall.sees("Sổ đỏ, sang tên, lên đất ở, xây nhà");
    hall.misses("Làm giấy khai sinh cho trẻ");
    hall.tap("Nhà đất");
    assert_eq!(hall.view().title, Title::Text("Nhà đất".to_owned()));
    assert_eq!(hall.view().crumb, "Làm thủ tục");
    hall.tap("Quay lại");
    hall.sees("Xe, bằng lái");
    let folder = commune_kiosk::content::open(&content_folder(), morning().date()).expect("content without errors");
    let catalogue = folder.catalogue();
    let section = catalogue.section("thu-tuc").expect("a section");
    let mut listed: Vec<&String> = section.groups.iter().flat_map(|group| &group.pages).collect();
    let mut pages: Vec<&String> = catalogue.pages_of("thu-tuc").map(|page| &page.id).collect();
    listed.sort();
    pages.sort();
    assert_eq!(listed, pages);
}

#[test]
fn a_lesson_says_what_it_is_for() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Tìm hiểu chuyển đổi số > Hỏi đáp quý 1/2027");
    hall.sees("Dùng cho hội nghị hỏi đáp của xã");
    hall.taps("Quay lại > Chuyển đổi số là gì?");
    hall.misses("Dùng cho");
}

#[test]
fn a_guide_is_followed_from_its_card_to_its_end() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất");
    hall.turns_to("Làm giấy khai sinh cho trẻ");
    hall.sees("Khai sinh cho con, cháu.");
    hall.tap("Làm giấy khai sinh cho trẻ");
    let overview = hall.reads_on().join("\n");
    for words in [
        "Ai làm được",
        "Lệ phí",
        "Bao lâu",
        "Làm ở đâu",
        "Số điện thoại hỏi",
        "18001096",
        "Cập nhật ngày",
    ] {
        assert!(overview.contains(words), "no “{words}” in:\n{overview}");
    }
    hall.taps("Cần chuẩn bị > Xem các bước");
    hall.turns_to("Chuẩn bị giấy tờ");
    for at in 1..=6 {
        assert_eq!(step(&hall), Some((at, 6)));
        hall.tap(if at < 6 { "Bước tiếp" } else { "Hoàn tất" });
    }
    hall.sees("Ông/bà đã xem hết các bước.");
    hall.turns_to("Nguồn: Nghị định 63/2024/NĐ-CP");
    // The list it was chosen from.
    hall.tap("Xong");
    hall.sees("Đăng ký kết hôn");
}

#[test]
fn a_step_shows_its_warning_and_its_picture() {
    let hall = Hall::open();
    hall.taps(&format!("Chạm để bắt đầu > {GUIDE} > Cần chuẩn bị > Xem các bước"));
    hall.sees("Làm trong vòng 60 ngày từ ngày sinh thì được miễn lệ phí.");
    hall.sees("Không phải mang giấy kết hôn");
    hall.sees("Em bé bên tờ giấy khai sinh");
    hall.tap("Bước tiếp");
    while !hall.reads("Chú ý") {
        hall.tap("Bước tiếp");
    }
}

#[test]
fn a_caption_stands_under_its_picture_and_words_of_a_sentence_lead_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
    copy(&good, folder.path());
    let file = |name: &str| folder.path().join(name);
    replace(&file("calendar.toml"), "[[event]]", "[[event]]\nid = \"hop\"");
    replace(
        &file("pages/thu-tuc/gioi-thieu.md"),
        "- Một",
        "Xem [bài ấy](page:khai-sinh), [bộ câu hỏi](quiz:an-toan), [lời đài](programme:thang-11), [buổi họp](event:hop) và [ô đố vui](section:do-vui).\n\n![Em bé](pic.svg \"Lời dưới ảnh\")\n\n- Một",
    );
    replace(
        &file("pages/thu-tuc/khai-sinh.md"),
        "(pic.svg)",
        "(pic.svg \"Lời dưới ảnh của bước\")",
    );
    let hall = Hall::with(Setting {
        content: Some(folder.path().to_owned()),
        ..Setting::default()
    });
    hall.taps("Chạm để bắt đầu > Làm thủ tục > Giới thiệu");
    hall.turns_to("Lời dưới ảnh");
    // Under the sentence each has a card with its own title.
    for (title, there) in [
        ("Làm giấy khai sinh", "Ai làm được"),
        ("An toàn trên mạng", "Câu 1"),
        ("Giấy tờ trên điện thoại", "Kính chào bà con."),
        ("Họp thôn", "10/12/2026 – 11/12/2026"),
        ("Đố vui", "Hai câu để thử."),
    ] {
        hall.tap(title);
        hall.sees(there);
        hall.tap("Quay lại");
    }
    hall.taps("Trang chủ > Làm thủ tục > Làm giấy khai sinh > Cần chuẩn bị > Xem các bước");
    hall.sees("Lời dưới ảnh của bước");
}

#[test]
fn an_unknown_fact_of_the_commune_says_whom_to_ask() {
    let hall = Hall::open();
    hall.taps(&format!(
        "Chạm để bắt đầu > {GUIDE} > Cần chuẩn bị > Xem các bước > Bước tiếp"
    ));
    hall.turns_to("Giờ làm việc: hỏi cán bộ tại quầy");
}

#[test]
fn back_leaves_a_guide_from_any_step_in_one_tap() {
    let hall = Hall::open();
    hall.taps(&format!(
        "Chạm để bắt đầu > {GUIDE} > Cần chuẩn bị > Xem các bước > Bước tiếp > Bước tiếp"
    ));
    assert_eq!(step(&hall), Some((3, 6)));
    hall.tap("Quay lại");
    hall.sees("Đăng ký kết hôn");
    hall.tap("Quay lại");
    hall.sees("Nhà đất");
}

#[test]
fn the_parts_of_a_guide_follow_each_other_back_and_on() {
    let hall = Hall::open();
    hall.taps(&format!(
        "Chạm để bắt đầu > {GUIDE} > Cần chuẩn bị > Xem các bước > Bước tiếp > Bước tiếp"
    ));
    for at in [2, 1] {
        hall.tap("Bước trước");
        assert_eq!(step(&hall), Some((at, 6)));
    }
    hall.turn_up();
    hall.tap("Phần trước");
    hall.sees("Chạm vào từng thứ ông/bà đã có.");
    hall.tap("Phần trước");
    hall.sees("Ai làm được");
    assert_eq!(hall.view().previous, Button::None);
    hall.taps("Cần chuẩn bị > Quay lại");
    hall.sees("Đăng ký kết hôn");
}

/// With the largest letters a step has several pages. Who goes on and comes back finds the one that was left.
#[test]
fn a_step_is_found_again_as_it_was_left() {
    let hall = Hall::open();
    hall.taps(&format!(
        "Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng > {GUIDE} > Cần chuẩn bị > Xem các bước"
    ));
    assert_eq!(step(&hall), Some((1, 6)));
    while hall.view().next == Button::PageNext {
        hall.turn_down();
    }
    let (page, words) = (hall.view().column_page, hall.words());
    assert!(page > 0, "a step of one page");
    hall.taps("Bước tiếp > Bước trước");
    assert_eq!((hall.view().column_page, hall.words()), (page, words));
}

#[test]
fn letters_and_language_change_without_losing_ones_place() {
    let hall = Hall::open();
    hall.taps(&format!("Chạm để bắt đầu > {ARTICLE}"));
    hall.turn_down();
    hall.turn_down();
    let (page, words) = (hall.view().column_page, hall.words());
    assert_eq!(page, 2);
    let first = prose(&hall.view().rows[hall.view().top.row..])[0].clone();
    for change in ["Cỡ chữ > Cỡ chữ rất lớn > Đóng", "Cỡ chữ lớn", "English"] {
        hall.taps(&format!("Cỡ chữ > {change}"));
        hall.tap_if_there("Đóng");
        hall.tap_if_there("Close");
        hall.sees(&first);
        if change == "English" {
            hall.taps("Text > Tiếng Việt > Đóng");
        }
    }
    hall.taps("Cỡ chữ > Cỡ chữ vừa > Đóng");
    assert_eq!((hall.view().column_page, hall.words()), (page, words));
}

#[test]
fn an_article_ends_with_done_and_leads_to_its_list() {
    let hall = Hall::open();
    hall.taps(&format!("Chạm để bắt đầu > {ARTICLE}"));
    hall.turns_to("Chính quyền hai cấp: nộp hồ sơ ở đâu?");
    hall.tap("Chính quyền hai cấp: nộp hồ sơ ở đâu?");
    hall.reads_on();
    hall.tap("Xong");
    // Past the article that led there.
    hall.sees("Tìm hiểu chuyển đổi số");
    hall.turns_to("Chuyển đổi số là gì?");
    assert!(matches!(hall.view().next, Button::None | Button::PageNext), "a list");
}

#[test]
fn ticks_stay_on_the_way_to_the_steps_and_back() {
    let hall = Hall::open();
    hall.taps(&format!("Chạm để bắt đầu > {GUIDE} > Cần chuẩn bị"));
    assert_eq!(hall.ticks(), [false, false]);
    hall.taps("Giấy chứng sinh > Thẻ căn cước > Xem các bước > Bước tiếp > Cần chuẩn bị");
    assert_eq!(hall.ticks(), [true, true]);
    hall.taps("Thẻ căn cước > Quay lại");
    assert_eq!(step(&hall), Some((2, 6)), "looking aside leads back to the step");
    hall.taps("Cần chuẩn bị > Xem các bước");
    assert_eq!(step(&hall), Some((2, 6)), "and so does going on");
    hall.taps(&format!("Trang chủ > {GUIDE} > Cần chuẩn bị"));
    assert_eq!(hall.ticks(), [true, false], "home forgets no tick, only leaving does");
}

#[test]
fn ticks_of_one_guide_are_not_ticks_of_another() {
    let hall = Hall::open();
    hall.taps(&format!(
        "Chạm để bắt đầu > {GUIDE} > Cần chuẩn bị > Giấy chứng sinh > Trang chủ"
    ));
    hall.taps("Làm thủ tục > Xe, bằng lái > Đổi giấy phép lái xe (bằng lái) > Cần chuẩn bị");
    assert!(!hall.ticks().is_empty() && hall.ticks().iter().all(|ticked| !ticked));
}

#[test]
fn the_list_and_the_address_are_taken_home_as_codes() {
    let hall = Hall::open();
    hall.taps(&format!("Chạm để bắt đầu > {GUIDE} > Mang về điện thoại"));
    let Some(Aside::Codes(codes)) = hall.view().aside else {
        panic!("no codes")
    };
    let kinds: Vec<_> = codes.iter().map(|code| code.kind).collect();
    assert_eq!(kinds, [CodeKind::List, CodeKind::Official]);
    assert_eq!(codes[1].says, "https://dichvucong.gov.vn");
    hall.sees("Danh sách giấy tờ");
    hall.sees("Địa chỉ chính thức");
    hall.sees("https://dichvucong.gov.vn");
    let words = hall.reads_on().join("\n");
    assert!(words.contains("Thẻ căn cước của cha mẹ, hoặc VNeID"), "{words}");
}

#[test]
fn a_page_is_rated_once() {
    let hall = Hall::open();
    hall.taps(&format!("Chạm để bắt đầu > {ARTICLE}"));
    hall.turns_to("Ông/bà thấy bài này thế nào?");
    hall.tap("Tạm được");
    hall.sees("Cảm ơn ông/bà đã cho biết ý kiến.");
    hall.misses("Dễ hiểu");
    hall.taps(&format!("Trang chủ > {ARTICLE}"));
    hall.turns_to("Cảm ơn ông/bà đã cho biết ý kiến.");
    hall.leave();
    assert_eq!(hall.counts(Signal::Rated), 1);
    hall.taps(&format!("Chạm để bắt đầu > {ARTICLE}"));
    hall.turns_to("Ông/bà thấy bài này thế nào?");
}

/// What an article's rows say, as far as they are prose.
fn prose(rows: &[Row]) -> Vec<String> {
    rows.iter()
        .filter_map(|row| match row {
            Row::Paragraph(text) | Row::Bullet(text) | Row::Numbered(_, text) | Row::Notice(_, text) => {
                Some(text.text())
            }
            Row::Heading(Words::Text(text)) | Row::SubHeading(Words::Text(text)) => Some(text.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn an_article_is_read_page_by_page_and_back() {
    let hall = Hall::open();
    hall.taps(&format!("Chạm để bắt đầu > {ARTICLE}"));
    let text = prose(&hall.view().rows);
    assert!(text.len() > 10);
    let first = hall.words();
    let read = hall.reads_on().join("\n");
    let pages = hall.view().column_pages;
    assert!(pages > 1, "an article of {} rows on one page", text.len());
    for line in &text {
        assert!(read.contains(line.as_str()), "no page shows “{line}”:\n{read}");
    }
    hall.sees(&format!("Trang {pages}/{pages}"));
    for _ in 1..pages {
        hall.tap("Lên");
    }
    assert_eq!(hall.words(), first);
    hall.tap("Quay lại");
    hall.sees("Chính quyền hai cấp: nộp hồ sơ ở đâu?");
}

#[test]
fn a_related_page_leads_back_to_where_one_read() {
    let hall = Hall::open();
    hall.taps(&format!("Chạm để bắt đầu > {ARTICLE}"));
    hall.turns_to("Chính quyền hai cấp: nộp hồ sơ ở đâu?");
    let before = hall.words();
    hall.tap("Chính quyền hai cấp: nộp hồ sơ ở đâu?");
    assert_eq!(hall.view().column_page, 0);
    hall.sees("Chính quyền hai cấp: nộp hồ sơ ở đâu?");
    hall.tap("Quay lại");
    assert_eq!(hall.words(), before);
}

/// With the largest letters the cells of a table's row stand one under the other where they have no room beside each other, each under
/// the name of its column: a sum must not stand over the next line's case. So the first name on each screen is a first column's, the last a last one's.
#[test]
fn a_row_of_a_table_is_not_parted_by_the_end_of_a_screen() {
    each_in_its_hall([(1280, 800), (720, 1280), (1024, 600)], |size| {
        let hall = Hall::sized(size);
        hall.taps("Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng");
        let library = hall.library.clone().expect("content");
        let mut parted = Vec::new();
        let mut rows = 0;
        for entry in &library.catalogue().pages {
            let page = library.page(&entry.id).expect("read").expect("a page");
            let names = columns(&page.body);
            if names.is_empty() {
                continue;
            }
            hall.goes_to(&entry.id);
            hall.tap_if_there("Cần chuẩn bị");
            hall.tap_if_there("Xem các bước");
            loop {
                let words = hall.words();
                let shown: Vec<_> = words
                    .iter()
                    .filter(|word| names.iter().flatten().any(|name| name == *word))
                    .collect();
                if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
                    rows += 1;
                    if !names.iter().any(|names| names.first() == Some(first))
                        || !names.iter().any(|names| names.last() == Some(last))
                    {
                        parted.push(format!("{}: {words:?}", entry.id));
                    }
                }
                match hall.view().next {
                    Button::PageNext => hall.turn_down(),
                    Button::StepNext => hall.tap("Bước tiếp"),
                    _ => break,
                }
            }
            hall.tap("Trang chủ");
        }
        assert!(rows > 3, "{size:?}: {rows} screens with a table");
        assert!(parted.is_empty(), "{size:?}:\n{}", parted.join("\n"));
    });
}

/// It stands in the bar. With the largest letters, too, a guide says at once who can do it.
#[test]
fn the_title_of_a_page_stands_once_on_its_screen() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng");
    let library = hall.library.clone().expect("content");
    let mut guides = 0;
    for page in &library.catalogue().pages {
        hall.goes_to(&page.id);
        let words = hall.words();
        assert_eq!(
            words.iter().filter(|words| **words == page.title).count(),
            1,
            "{words:?}"
        );
        if matches!(page.length, Length::Steps(_)) {
            guides += 1;
            assert!(hall.reads("Ai làm được"), "{}: {words:?}", page.id);
        }
        hall.tap("Trang chủ");
    }
    assert!(guides > 30, "{guides} guides");
}

#[test]
fn a_touch_enlarges_a_picture_and_any_touch_closes_it() {
    let hall = Hall::open();
    let step = format!("{GUIDE} > Cần chuẩn bị > Xem các bước");
    hall.taps(&format!("Chạm để bắt đầu > {step}"));
    let before = hall.words();
    hall.tap("Em bé bên tờ giấy khai sinh");
    assert_eq!(
        hall.view().enlarged.map(|picture| picture.media),
        Some("pic-em-be.svg".to_owned())
    );
    hall.tap("Đóng");
    assert_eq!(hall.words(), before);
    hall.tap("Em bé bên tờ giấy khai sinh");
    hall.touch(400.0, 300.0);
    assert_eq!(hall.words(), before);
    // In an article as well; and nobody finds it who comes after.
    hall.taps("Trang chủ > An toàn trên mạng > Lừa đảo: giả danh Công an");
    let picture = hall.view().rows.into_iter().find_map(|row| match row {
        Row::Picture(picture) => Some(picture),
        _ => None,
    });
    hall.tap(&picture.expect("a picture").alt);
    assert!(hall.view().enlarged.is_some());
    hall.leave();
    assert_eq!(hall.view().enlarged, None);
}

/// Both steps may have rows of the same kinds, which then change in place: what they measured before says nothing.
#[test]
fn back_to_a_step_finds_the_screen_of_it_that_was_left() {
    let hall = Hall::open();
    hall.taps(&format!(
        "Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng > {GUIDE} > Cần chuẩn bị > Xem các bước"
    ));
    let mut compared = 0;
    loop {
        while hall.view().next == Button::PageNext {
            hall.turn_down();
        }
        let (page, before) = (hall.view().column_page, hall.words());
        if hall.view().next != Button::StepNext {
            break;
        }
        hall.tap("Bước tiếp");
        hall.tap("Bước trước");
        assert_eq!((hall.view().column_page, hall.words()), (page, before));
        compared += 1;
        hall.tap("Bước tiếp");
    }
    assert_eq!(compared, 5);
}

/// With larger letters a step is several screens, and what to beware of is said on the first of them.
#[test]
fn with_larger_letters_the_warning_stands_before_the_words() {
    let hall = Hall::open();
    let library = hall.library.clone().expect("content");
    hall.taps("Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng");
    let mut warned = 0;
    for page in &library.catalogue().pages {
        if matches!(page.length, Length::Minutes(_)) {
            hall.goes_to(&page.id);
            let rows = hall.view().rows;
            let is_warning = |row: &Row| matches!(row, Row::Notice(Notice::Warning, _));
            if let Some(at) = rows.iter().position(is_warning) {
                warned += 1;
                assert!(rows[..at].iter().all(|row| matches!(row, Row::Small(_))), "{}", page.id);
                hall.sees("Chú ý");
            }
            hall.tap("Trang chủ");
        }
    }
    assert!(warned > 10, "{warned} articles");
}

/// The names of the columns of each table.
fn columns(body: &Body) -> Vec<Vec<String>> {
    let blocks: Vec<&Block> = match body {
        Body::Article { blocks } => blocks.iter().collect(),
        Body::Guide(guide) => guide.steps.iter().flat_map(|step| &step.blocks).collect(),
    };
    let tables = blocks.into_iter().filter_map(|block| match block {
        Block::Table { header, .. } => Some(header.clone()),
        _ => None,
    });
    tables.collect()
}

/// A guide names its sources at its end.
#[test]
fn every_page_of_the_content_opens_and_says_where_it_comes_from() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    let library = hall.library.clone().expect("content");
    let catalogue = library.catalogue();
    for page in &catalogue.pages {
        hall.goes_to(&page.id);
        let read = hall.reads_on().join("\n");
        let is_guide = matches!(page.length, Length::Steps(_));
        assert!(
            read.contains("Cập nhật ngày") && (is_guide || read.contains("Nguồn: ")),
            "{}:\n{read}",
            page.id
        );
        hall.tap("Trang chủ");
    }
}

/// A step may lead into another guide: that one has steps of its own, and its end leads back to the step.
#[test]
fn a_guide_that_a_step_leads_to_is_followed_on_its_own() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    hall.goes_to("tinh-trang-hon-nhan");
    hall.taps("Cần chuẩn bị > Xem các bước");
    while hall.button_of("Các bước nộp hồ sơ trên mạng").is_none() {
        hall.tap("Bước tiếp");
    }
    let here = step(&hall);
    hall.taps("Các bước nộp hồ sơ trên mạng > Cần chuẩn bị > Xem các bước");
    assert_eq!(step(&hall).map(|(at, _)| at), Some(1), "its own first step");
    hall.tap("Quay lại");
    assert_eq!(step(&hall), here, "back in the step that led there");
}
