//! Every code that the content has is read off the screen, as a telephone would, and compared with what it should say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use commune_kiosk::content::model::Page;
use commune_kiosk::content::take_home::{self, Address};
use rqrr::PreparedImage;

use crate::common::{Hall, Setting, USUAL, content_copy, each_in_its_hall, replace};

/// A code in the picture that is on the screen.
struct Read {
    says: String,
    /// Pixels a module.
    module: f64,
}

/// What a telephone reads in each code, in the order of the alphabet. It looks at one at a time: the reader takes corners of codes of
/// different sizes for corners of one.
fn read(hall: &Hall) -> Vec<Read> {
    let picture = hall.picture();
    let squares = hall.kiosk.elements().into_iter().filter(|element| {
        let is_square = (element.width - element.height).abs() < 0.5 && element.width > 60.0;
        is_square && !element.is_button
    });
    let codes = squares.flat_map(|square| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "on the screen")]
        let pixels = |length: f32| length.round().max(0.0) as usize;
        let side = pixels(square.width);
        let left = pixels(square.middle.x - square.width / 2.0);
        let top = pixels(square.middle.y - square.height / 2.0);
        let (wide, high) = (picture.width as usize, picture.height as usize);
        // What is beside the screen nobody reads.
        let side = side.min(wide.saturating_sub(left)).min(high.saturating_sub(top));
        let mut grey = PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            let at = 3 * ((top + y) * wide + left + x);
            let sum: u32 = picture.rgb[at..at + 3].iter().map(|part| u32::from(*part)).sum();
            u8::try_from(sum / 3).expect("a mean of bytes")
        });
        let codes = grey.detect_grids().into_iter().filter_map(|code| {
            let (about, says) = code.decode().ok()?;
            let modules = u32::try_from(about.version.to_size()).expect("few");
            let module = f64::from(code.bounds[1].x - code.bounds[0].x) / f64::from(modules);
            Some(Read { says, module })
        });
        codes.collect::<Vec<_>>()
    });
    let mut codes: Vec<Read> = codes.collect();
    codes.sort_by(|a, b| a.says.cmp(&b.says));
    codes
}

fn said(hall: &Hall) -> Vec<String> {
    read(hall).into_iter().map(|code| code.says).collect()
}

/// What the codes of a page should say, in the order of the alphabet.
fn wanted(page: &Page, facts: &BTreeMap<String, String>, english: bool) -> Vec<String> {
    let mut wanted = take_home::texts(page, facts, english);
    wanted.extend(take_home::address(page, facts, english).map(|address| match address {
        Address::Official(address) | Address::Page(address) => address,
    }));
    wanted.sort();
    wanted
}

fn page(hall: &Hall, id: &str) -> Page {
    let library = hall.library.as_ref().expect("content");
    library.page(id).expect("read").expect("there")
}

fn facts(hall: &Hall) -> BTreeMap<String, String> {
    hall.library.as_ref().expect("content").catalogue().commune.clone()
}

/// Writes lines into the facts of a commune.
fn fill_in(content: &Path, facts: &[(&str, &str)]) {
    for (key, value) in facts {
        let file = content.join("commune.toml");
        replace(&file, &format!("\n{key} = \"\""), &format!("\n{key} = \"{value}\""));
    }
}

/// A commune with a site, and with hours and a number to ask.
fn with_facts() -> tempfile::TempDir {
    let content = content_copy();
    let hours = "7 giờ 30 đến 11 giờ 30, 13 giờ 30 đến 17 giờ, thứ Hai đến thứ Sáu";
    fill_in(
        content.path(),
        &[
            ("center_hours", hours),
            ("center_phone", "0225 000 001"),
            ("site", "https://xa.haiphong.gov.vn/kiosk/"),
        ],
    );
    content
}

#[test]
fn every_code_of_the_content_says_what_it_should_at_once() {
    let small = (720, 1280);
    let settings = [
        (USUAL, &["Cỡ chữ vừa"][..]),
        (USUAL, &["Cỡ chữ rất lớn"]),
        (small, &["Cỡ chữ vừa"]),
        (small, &["Cỡ chữ rất lớn", "Nền đen, chữ trắng"]),
    ];
    each_in_its_hall(settings, |(size, letters)| {
        let hall = Hall::sized(size);
        let library = hall.library.clone().expect("content");
        hall.taps("Chạm để bắt đầu > Cỡ chữ");
        for choice in letters {
            hall.tap(choice);
        }
        hall.tap("Đóng");
        let mut seen = 0;
        for card in &library.catalogue().pages {
            let page = page(&hall, &card.id);
            let wanted = wanted(&page, &facts(&hall), false);
            if wanted.is_empty() {
                continue;
            }
            hall.goes_to(&page.id);
            hall.tap("Mang về điện thoại");
            let read = read(&hall);
            let said: Vec<_> = read.iter().map(|code| code.says.as_str()).collect();
            assert_eq!(said, wanted, "{} at {size:?} {letters:?}", page.id);
            for code in &read {
                assert!(code.module > 3.9, "{} at {size:?}: {} pixels", page.id, code.module);
            }
            hall.tap("Trang chủ");
            seen += 1;
        }
        assert!(seen > 40, "only {seen}");
    });
}

/// Making them takes longer than a frame.
#[test]
fn codes_come_after_the_frame_that_leaves_room_for_them() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    hall.goes_to("khai-sinh");
    let place = hall.button_of("Mang về điện thoại").expect("the button");
    hall.nap(600);
    hall.waits_for_nobody();
    hall.touch_all([place]);
    hall.draw();
    let frames = |hall: &Hall| -> Vec<_> {
        let codes = wanted(&page(hall, "khai-sinh"), &facts(hall), false);
        let elements = hall.kiosk.elements().into_iter();
        elements
            .filter(|element| codes.contains(&element.label) && (element.width - element.height).abs() < 0.5)
            .collect()
    };
    let first = frames(&hall);
    assert_eq!((first.len(), read(&hall).len()), (2, 0));
    while hall.kiosk.settle() {
        hall.draw();
    }
    assert_eq!((frames(&hall), read(&hall).len()), (first, 2));
}

#[test]
fn every_address_of_a_topic_is_a_code() {
    let hall = Hall::open();
    let library = hall.library.clone().expect("content");
    let topics = library.catalogue().topics.iter();
    for topic in topics.filter(|topic| !topic.address.is_empty()) {
        hall.taps("Chạm để bắt đầu > Tìm kiếm");
        hall.types("zzzz");
        hall.taps(&format!(
            "Những việc bà con hay hỏi > {} > {}",
            topic.group, topic.title
        ));
        assert_eq!(said(&hall), [topic.address.as_str()], "{}", topic.id);
        hall.leave();
    }
}

#[test]
fn a_commune_with_a_site_gives_the_address_of_each_page_in_the_language_that_is_read() {
    let content = with_facts();
    let hall = Hall::with(Setting {
        content: Some(content.path().to_owned()),
        ..Setting::default()
    });
    let facts = facts(&hall);
    hall.tap("Chạm để bắt đầu");
    hall.goes_to("khai-sinh");
    hall.tap("Mang về điện thoại");
    let read = said(&hall);
    assert_eq!(read, wanted(&page(&hall, "khai-sinh"), &facts, false));
    assert!(
        read.iter()
            .any(|says| says == "https://xa.haiphong.gov.vn/kiosk/khai-sinh.html")
    );
    assert!(
        read.iter().any(|says| says.contains("\nGiờ Trung tâm xã: 7 giờ 30")),
        "{read:?}"
    );
    hall.sees("Bài này trên mạng");
    hall.sees("https://dichvucong.gov.vn");
    hall.taps("Quay lại > Trang chủ");

    // An article has nothing to take home but where it stands.
    hall.goes_to("nam-khong-ba-viec");
    hall.tap("Mang về điện thoại");
    let address = "https://xa.haiphong.gov.vn/kiosk/nam-khong-ba-viec.html";
    assert_eq!(said(&hall), [address]);
    hall.sees(address);
    hall.taps("Quay lại > Trang chủ");

    hall.goes_to("khai-sinh");
    hall.taps("Mang về điện thoại > Cỡ chữ > English > Close");
    let read = said(&hall);
    assert_eq!(read, wanted(&page(&hall, "khai-sinh"), &facts, true));
    assert!(
        read.iter()
            .any(|says| says == "https://xa.haiphong.gov.vn/kiosk/en/khai-sinh.html")
    );
    assert!(read.iter().any(|says| says.contains("\nBring:\n")), "{read:?}");
}

#[test]
fn an_article_of_a_commune_without_a_site_has_nothing_to_take_home() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    hall.goes_to("nam-khong-ba-viec");
    assert!(!hall.view().take_home);
    hall.misses("Mang về điện thoại");
}

/// A guide with so many papers to bring, each some sixty bytes long.
fn with_papers(number: usize) -> tempfile::TempDir {
    let content = with_facts();
    let file = content.path().join("pages/thu-tuc/khai-sinh.md");
    let text = fs::read_to_string(&file).expect("a guide");
    let (before, rest) = text.split_once("prepare = [").expect("a list");
    let (_, after) = rest.split_once("\n]").expect("its end");
    let papers = (1..=number).fold(String::new(), |papers, number| {
        papers + &format!("\n  \"Giấy tờ thứ {number}, bản chính và bản sao có chứng thực\",")
    });
    fs::write(&file, format!("{before}prepare = [{papers}\n]{after}")).expect("written");
    // What belongs to the list.
    fs::remove_file(content.path().join("pages/thu-tuc/khai-sinh.en.md")).expect("an English text");
    content
}

#[test]
fn a_long_list_is_taken_home_in_two_codes_and_a_longer_one_in_part() {
    let sizes = [(1280, 800), (1920, 1080), (720, 1280), (1080, 1920)];
    let letters = ["Cỡ chữ vừa", "Cỡ chữ lớn", "Cỡ chữ rất lớn"];
    let settings = sizes
        .iter()
        .flat_map(|size| letters.map(|letters| [14, 40].map(|papers| (*size, letters, papers))))
        .flatten();
    each_in_its_hall(settings, |(size, letters, papers)| {
        let content = with_papers(papers);
        let hall = Hall::with(Setting {
            size,
            content: Some(content.path().to_owned()),
            ..Setting::default()
        });
        hall.taps(&format!("Chạm để bắt đầu > Cỡ chữ > {letters} > Đóng"));
        hall.goes_to("khai-sinh");
        hall.tap("Mang về điện thoại");
        let said = said(&hall);
        assert_eq!(said.len(), 3, "{size:?} {letters}: {said:?}");
        assert_eq!(said, wanted(&page(&hall, "khai-sinh"), &facts(&hall), false));
        let taken = said
            .iter()
            .map(|part| part.matches("- Giấy tờ thứ").count())
            .sum::<usize>();
        assert_eq!(taken == papers, papers == 14, "{taken} of {papers}");
        // The screen has them all.
        let words = hall.reads_on().join("\n");
        assert!(words.contains(&format!("Giấy tờ thứ {papers},")), "{size:?} {letters}");
    });
}
