//! A library gives back what was put into it, and nothing else passes for one.

use std::fs;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::content::model::{
    Block, Body, Guide, Notice, Question, Recording, Said, Section, SectionColor, Shows, Step,
};
use crate::content::rich::{Link, Rich};

fn any_text() -> impl Strategy<Value = String> {
    "[A-Za-zĐđạếữ \"\\\\{}0-9]{0,20}"
}

fn any_blocks() -> impl Strategy<Value = Vec<Block>> {
    let rich = || {
        (any_text(), any_text())
            .prop_map(|(text, bold)| Rich::marked(&format!("{text}{bold}"), std::slice::from_ref(&(0..text.len()))))
    };
    let texts = move || prop::collection::vec(rich(), 0..3);
    let block = prop_oneof![
        rich().prop_map(|text| Block::Paragraph { text }),
        any_text().prop_map(|text| Block::Heading { text }),
        (any::<bool>(), texts()).prop_map(|(ordered, items)| Block::List { ordered, items }),
        (any_text(), any_text(), any_text()).prop_map(|(media, alt, caption)| Block::Picture { media, alt, caption }),
        (any_text(), texts()).prop_map(|(name, row)| Block::Table {
            header: vec![name; row.len()],
            rows: vec![row]
        }),
        texts().prop_map(|paragraphs| Block::Note { paragraphs }),
        texts().prop_map(|paragraphs| Block::Warning { paragraphs }),
        texts().prop_map(|paragraphs| Block::Contact { paragraphs }),
        (any_text(), any_text()).prop_map(|(page, text)| Block::Link {
            to: Link::Page(page),
            text
        }),
        any_text().prop_map(|text| Block::Link {
            to: Link::Quiz("an-toan".to_owned()),
            text
        }),
    ];
    prop::collection::vec(block, 0..4)
}

fn any_body() -> impl Strategy<Value = Body> {
    let guide = (any_text(), prop::collection::vec((any_text(), any_blocks()), 1..4)).prop_map(|(who, steps)| Guide {
        prepare: vec![who.clone()],
        cost: who.clone(),
        time: who.clone(),
        place: who.clone(),
        link: String::new(),
        hotline: who.clone(),
        steps: steps
            .into_iter()
            .map(|(title, blocks)| Step { title, blocks })
            .collect(),
        who,
    });
    prop_oneof![
        any_blocks().prop_map(|blocks| Body::Article { blocks }),
        guide.prop_map(Body::Guide)
    ]
}

fn any_page() -> impl Strategy<Value = Page> {
    (any_text(), any_text(), any_body(), 0..40_000_i32).prop_map(|(title, summary, body, day)| Page {
        id: String::new(),
        section: "thu-tuc".to_owned(),
        title_en: title.clone(),
        summary_en: String::new(),
        updated: NaiveDate::from_num_days_from_ce_opt(720_000 + day).expect("a day of our time"),
        review_by: NaiveDate::default(),
        sources: vec![summary.clone()],
        related: Vec::new(),
        keywords: Vec::new(),
        purpose: None,
        title,
        summary,
        english: Some(body.clone()).filter(|_| day % 2 == 0),
        body,
    })
}

/// Pages with ids `trang-0`, `trang-1`, …
fn any_content() -> impl Strategy<Value = Content> {
    prop::collection::vec(any_page(), 0..5).prop_map(|mut pages| {
        for (number, page) in pages.iter_mut().enumerate() {
            page.id = format!("trang-{number}");
        }
        Content {
            pages,
            ..Content::default()
        }
    })
}

fn article(id: &str, words: usize) -> Page {
    Page {
        id: id.to_owned(),
        section: "tim-hieu".to_owned(),
        title: "Bài".to_owned(),
        summary: "Tóm tắt".to_owned(),
        title_en: String::new(),
        summary_en: String::new(),
        updated: NaiveDate::default(),
        review_by: NaiveDate::default(),
        sources: Vec::new(),
        related: Vec::new(),
        keywords: Vec::new(),
        purpose: None,
        body: Body::Article {
            blocks: vec![Block::Paragraph {
                text: Rich::plain(&"chữ ".repeat(words)),
            }],
        },
        english: None,
    }
}

fn small_content() -> Content {
    let question = Question {
        id: "cau-1".to_owned(),
        prompt: "Hỏi?".to_owned(),
        choices: vec!["A".to_owned(), "B".to_owned()],
        answer: 1,
        reason: "Vì thế.".to_owned(),
        read: String::new(),
        until: None,
        picture: String::new(),
    };
    Content {
        pages: vec![article("ngan", 10), article("dai", 301)],
        quizzes: vec![Quiz {
            id: "an-toan".to_owned(),
            title: "Đố".to_owned(),
            summary: "Vui".to_owned(),
            questions: vec![question],
        }],
        programmes: vec![Programme {
            id: "2026-11".to_owned(),
            title: "Đài".to_owned(),
            summary: "Nghe".to_owned(),
            month: NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day"),
            minutes: 12,
            audio: String::new(),
            updated: NaiveDate::default(),
            sources: Vec::new(),
            transcript: Vec::new(),
        }],
        notices: vec![Notice {
            id: "chi-tra".to_owned(),
            title: "Chi trả".to_owned(),
            summary: "Sáng thứ Năm.".to_owned(),
            title_en: String::new(),
            summary_en: String::new(),
            picture: String::new(),
            from: NaiveDate::from_ymd_opt(2026, 11, 25).expect("a day"),
            until: NaiveDate::from_ymd_opt(2026, 12, 3).expect("a day"),
            urgent: true,
            updated: NaiveDate::default(),
            sources: Vec::new(),
            blocks: vec![Block::Paragraph {
                text: Rich::plain("Mang thẻ căn cước."),
            }],
        }],
        media: [("anh.png".to_owned(), vec![0, 1, 255])].into(),
        ..Content::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn pages_come_back_as_they_were(content in any_content()) {
        let library = Library::in_memory(&content).expect("a library in memory");
        for page in &content.pages {
            let read = library.page(&page.id).expect("a readable page");
            prop_assert_eq!(read.as_ref(), Some(page));
        }
        let ids: Vec<&str> = library.catalogue().pages.iter().map(|card| card.id.as_str()).collect();
        prop_assert_eq!(ids, content.pages.iter().map(|page| page.id.as_str()).collect::<Vec<_>>());
        prop_assert_eq!(library.content(|_| true).expect("all of it"), content);
    }
}

/// Every word of a page, in reading order.
fn words(page: &Page) -> Vec<String> {
    let blocks: Vec<&Block> = match &page.body {
        Body::Article { blocks } => blocks.iter().collect(),
        Body::Guide(guide) => guide.steps.iter().flat_map(|step| &step.blocks).collect(),
    };
    let mut words = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { text } | Block::Link { text, .. } => words.push(text.clone()),
            Block::Picture { caption, .. } => words.push(caption.clone()),
            _ => {}
        }
        words.extend(block.texts().iter().map(|text| text.text()));
    }
    words
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect()
}

/// Its programs show none, and would look for files whose names have changed.
#[test]
fn an_earlier_form_has_no_pictures_of_questions() {
    let mut content = small_content();
    content.quizzes[0].questions[0].picture = "anh.SVG".to_owned();
    let folder = tempfile::tempdir().unwrap();
    let picture = |form| {
        let path = folder.path().join("content.db");
        write_form(&content, form, &path).unwrap();
        let quiz = Library::open(&path).unwrap().quiz("an-toan").unwrap().unwrap();
        quiz.questions[0].picture.clone()
    };
    assert_eq!(
        (picture(FORM), picture(EARLIEST_FORM)),
        ("anh.SVG".to_owned(), String::new())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn an_earlier_form_says_the_same_words(content in any_content()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2.db");
        write_form(&content, EARLIEST_FORM, &path).unwrap();
        let library = Library::open(&path).unwrap();
        for page in &content.pages {
            let json: String = library
                .db
                .query_row("SELECT data FROM pages WHERE id = ?1", [&page.id], |row| row.get(0))
                .unwrap();
            // What a program of that time does not know.
            for newer in ["\"table\"", "\"caption\"", "\"to\":", "\"strong\""] {
                prop_assert!(!json.contains(newer), "{newer} in {json}");
            }
            let read = words(&library.page(&page.id).unwrap().expect("the page"));
            for word in words(page) {
                prop_assert!(read.iter().any(|read| read.contains(&word)), "{word} in {read:?}");
            }
        }
    }
}

#[test]
fn an_earlier_form_has_endings_that_were_understood_then() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("2.db");
    let mut page = article("a", 1);
    let names = ["A.SVG", "b.webp", "c.JPG", "d.webp"];
    let pictures = names.map(|name| Block::Picture {
        media: name.to_owned(),
        alt: "Ảnh".to_owned(),
        caption: String::new(),
    });
    page.body = Body::Article {
        blocks: pictures.to_vec(),
    };
    let content = Content {
        pages: vec![page],
        media: names
            .map(|name| {
                (
                    name.to_owned(),
                    if name == "d.webp" { b"\x89PNG".to_vec() } else { vec![1] },
                )
            })
            .into(),
        ..Content::default()
    };
    write_form(&content, EARLIEST_FORM, &path).unwrap();
    let library = Library::open(&path).unwrap();
    let Some(Body::Article { blocks }) = library.page("a").unwrap().map(|page| page.body) else {
        panic!("an article");
    };
    let mut endings = Vec::new();
    for block in &blocks {
        let Block::Picture { media, .. } = block else {
            panic!("a picture: {block:?}");
        };
        assert!(library.media(media).unwrap().is_some(), "{media}");
        endings.push(media.as_str());
    }
    assert_eq!(endings, ["A.SVG.svg", "b.webp.jpg", "c.JPG", "d.webp.png"]);
}

#[test]
fn a_written_library_opens_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    // Signs that a URI gives a meaning of its own.
    let path = folder.path().join("gói #1 100%?.db");
    let content = small_content();
    write(&content, &path).unwrap();
    let library = Library::open(&path).unwrap();
    assert_eq!(library.quiz("an-toan").unwrap().as_ref(), content.quizzes.first());
    assert_eq!(
        library.programme("2026-11").unwrap().as_ref(),
        content.programmes.first()
    );
    assert_eq!(library.media("anh.png").unwrap(), Some(vec![0, 1, 255]));
    assert_eq!(library.page("khong-co").unwrap(), None);
    assert_eq!(library.media("khong-co").unwrap(), None);
    let catalogue = library.catalogue();
    assert_eq!(catalogue.quizzes[0].count, 1);
    assert_eq!(catalogue.programmes[0].month, content.programmes[0].month);
    assert_eq!(catalogue.notices, content.notices);
    assert_eq!(catalogue.notice("chi-tra"), content.notices.first());
    let lengths: Vec<Length> = catalogue.pages_of("tim-hieu").map(|card| card.length).collect();
    assert_eq!(lengths, [Length::Minutes(1), Length::Minutes(3)]);
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left beside the library"
    );
}

#[test]
fn a_recording_is_found_by_what_it_reads() {
    let recording = |of: Said<'_>| Recording {
        of: of.to_string(),
        media: "doc.opus".to_owned(),
        seconds: 42,
        machine: false,
        parts: vec![0, 12],
    };
    let content = Content {
        recordings: vec![recording(Said::Page("chi-tra")), recording(Said::Step("khai-sinh", 0))],
        ..small_content()
    };
    let library = Library::in_memory(&content).unwrap();
    let catalogue = library.catalogue();
    assert_eq!(catalogue.recording(Said::Page("chi-tra")), content.recordings.first());
    assert_eq!(
        catalogue.recording(Said::Step("khai-sinh", 0)),
        content.recordings.last()
    );
    assert_eq!(catalogue.recording(Said::Step("khai-sinh", 1)), None);
    assert_eq!(
        catalogue.recording(Said::Notice("chi-tra")),
        None,
        "another thing of the same id"
    );
}

/// Form 3 was there before notices and recordings: its older programs pass over them, and its older libraries have none.
#[test]
fn notices_and_recordings_are_an_addition_that_changes_no_form() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("content.db");
    write(&small_content(), &path).unwrap();
    let db = Connection::open(&path).unwrap();
    assert_eq!(
        db.pragma_query_value(None, "user_version", |row| row.get::<_, i32>(0))
            .unwrap(),
        3
    );
    db.execute("DELETE FROM pack WHERE key IN ('notices', 'recordings')", [])
        .unwrap();
    db.close().unwrap();
    assert_eq!(Library::open(&path).unwrap().catalogue().notices, []);
    assert_eq!(Library::open(&path).unwrap().catalogue().recordings, []);
    write_form(&small_content(), EARLIEST_FORM, &path).unwrap();
    assert_eq!(
        Library::open(&path).unwrap().catalogue().notices,
        [],
        "the second form has no place for them"
    );
}

#[test]
fn cards_and_tiles_have_their_pictures() {
    let mut content = small_content();
    let with = |id: &str, pictures: &[&str]| {
        let mut page = content.pages[0].clone();
        page.id = id.to_owned();
        let picture = |media: &&str| Block::Picture {
            media: (*media).to_owned(),
            alt: String::new(),
            caption: String::new(),
        };
        page.body = Body::Article {
            blocks: pictures.iter().map(picture).collect(),
        };
        page
    };
    content.pages = vec![
        with("mot", &["chung.png", "rieng.png"]),
        with("hai", &["chung.png", "chung.png"]),
        with("ba", &["dau.png", "sau.png"]),
        with("khong", &[]),
    ];
    content.sections = ["a", "b"].map(|id| a_section(id, "anh.png")).into();
    content.sections[0].picture = "anh.png".to_owned();
    let library = Library::in_memory(&content).unwrap();
    let catalogue = library.catalogue();
    let pictures: Vec<&str> = catalogue.pages.iter().map(|card| card.picture.as_str()).collect();
    assert_eq!(pictures, ["rieng.png", "chung.png", "dau.png", ""]);
    assert_eq!(catalogue.sections[0].picture, "anh.png");
    assert!(catalogue.sections[1..].iter().all(|section| section.picture.is_empty()));
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (folder.path().join("1.db"), folder.path().join("2.db"));
    write(&small_content(), &one).unwrap();
    write(&small_content(), &other).unwrap();
    assert_eq!(fs::read(one).unwrap(), fs::read(other).unwrap());
}

#[test]
fn a_failed_write_leaves_the_old_library_and_no_rubbish() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("content.db");
    write(&small_content(), &path).unwrap();
    let before = fs::read(&path).unwrap();
    let too_long = Content {
        pages: vec![article("qua-dai", 300_000)],
        ..Content::default()
    };
    assert!(matches!(write(&too_long, &path), Err(LibraryError::TooLong { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_a_run_that_was_cut_off_left_behind_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("content.db");
    fs::write(folder.path().join("content.db.part"), "half a file").unwrap();
    write(&small_content(), &path).unwrap();
    Library::open(&path).unwrap();
}

#[test]
fn other_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    fs::write(&text, "không phải thư viện ".repeat(100)).unwrap();
    assert!(matches!(Library::open(&text), Err(LibraryError::NotALibrary)));

    let foreign = folder.path().join("foreign.db");
    Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE a (b)")
        .unwrap();
    assert!(matches!(Library::open(&foreign), Err(LibraryError::NotALibrary)));

    assert!(write_form(&small_content(), EARLIEST_FORM - 1, &folder.path().join("1.db")).is_err());
    let newer = folder.path().join("newer.db");
    write(&small_content(), &newer).unwrap();
    Connection::open(&newer)
        .unwrap()
        .pragma_update(None, "user_version", FORM + 1)
        .unwrap();
    assert!(matches!(Library::open(&newer), Err(LibraryError::OtherForm { found }) if found == FORM + 1));

    assert!(matches!(
        Library::open(&folder.path().join("none.db")),
        Err(LibraryError::Database(_))
    ));
}

#[test]
fn a_damaged_document_is_an_error_and_a_huge_one_is_not_even_loaded() {
    let library = Library::in_memory(&small_content()).unwrap();
    library
        .db
        .execute("UPDATE pages SET data = '{' WHERE id = 'ngan'", [])
        .unwrap();
    let huge = "x".repeat(LONGEST_DOCUMENT as usize + 1);
    library
        .db
        .execute("UPDATE pages SET data = ?1 WHERE id = 'dai'", [huge])
        .unwrap();
    assert!(matches!(library.page("ngan"), Err(LibraryError::Malformed { .. })));
    assert!(matches!(library.page("dai"), Err(LibraryError::TooLong { .. })));
}

/// A small picture.
fn picture_as(format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(2, 2).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A library that names a file in every place where it can: a section, a page in both languages, a step, a programme and its words, a notice
/// and its words.
fn naming_content() -> Content {
    let picture = |name: &str| Block::Picture {
        media: name.to_owned(),
        alt: "Ảnh".to_owned(),
        caption: String::new(),
    };
    let mut content = small_content();
    content.sections.push(Section {
        picture: "o.svg".to_owned(),
        ..a_section("tim-hieu", "muc.svg")
    });
    content.pages[0].body = Body::Article {
        blocks: vec![picture("bai.png")],
    };
    content.pages[0].english = Some(Body::Article {
        blocks: vec![picture("english.jpg")],
    });
    content.pages[1].body = Body::Guide(Guide {
        who: String::new(),
        prepare: Vec::new(),
        cost: String::new(),
        time: String::new(),
        place: String::new(),
        link: String::new(),
        hotline: String::new(),
        steps: vec![Step {
            title: "Bước".to_owned(),
            blocks: vec![picture("buoc.svg")],
        }],
    });
    content.programmes[0].audio = "dai.opus".to_owned();
    content.programmes[0].transcript = vec![picture("dai.png")];
    content.quizzes[0].questions[0].picture = "cau.png".to_owned();
    content.notices[0].picture = "bao.png".to_owned();
    content.notices[0].blocks = vec![picture("trong-bao.png")];
    content.media = [
        ("muc.svg", b"\xef\xbb\xbf<svg/>".to_vec()),
        ("o.svg", b"<svg/>".to_vec()),
        ("bai.png", picture_as(image::ImageFormat::Png)),
        ("english.jpg", picture_as(image::ImageFormat::Jpeg)),
        ("buoc.svg", b"\n<?xml version='1.0'?><svg/>".to_vec()),
        ("dai.opus", b"OggS".to_vec()),
        ("dai.png", picture_as(image::ImageFormat::Png)),
        ("cau.png", picture_as(image::ImageFormat::Png)),
        ("bao.png", picture_as(image::ImageFormat::Png)),
        ("trong-bao.png", picture_as(image::ImageFormat::Png)),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .into();
    content
}

fn a_section(id: &str, icon: &str) -> Section {
    Section {
        id: id.to_owned(),
        title: "Tìm hiểu".to_owned(),
        summary: "Xem".to_owned(),
        title_en: String::new(),
        summary_en: String::new(),
        icon: icon.to_owned(),
        picture: String::new(),
        color: SectionColor::Green,
        shows: Shows::default(),
        groups: Vec::new(),
    }
}

/// What the kiosk says of a library before it keeps it.
fn verified(content: &Content) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("content.db");
    write(content, &path).unwrap();
    match verify(&path) {
        Ok(_) => Ok(()),
        Err(LibraryError::Unsound { what }) => Err(what),
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn every_file_that_is_named_is_there() {
    assert_eq!(verified(&naming_content()), Ok(()));
    for (name, refusal) in [
        ("muc.svg", "the file muc.svg is named and not there"),
        ("o.svg", "the file o.svg is named and not there"),
        ("dai.opus", "the file dai.opus is named and not there"),
        ("dai.png", "the file dai.png is named and not there"),
        ("cau.png", "the file cau.png is named and not there"),
        ("bao.png", "the file bao.png is named and not there"),
        ("trong-bao.png", "the file trong-bao.png is named and not there"),
        ("bai.png", "picture bai.png is listed and not there"),
        ("english.jpg", "picture english.jpg is listed and not there"),
        ("buoc.svg", "picture buoc.svg is listed and not there"),
    ] {
        let mut content = naming_content();
        content.media.remove(name);
        assert_eq!(verified(&content), Err(refusal.to_owned()));
    }
    let mut nameless = naming_content();
    nameless.sections[0].icon.clear();
    nameless.programmes[0].audio.clear();
    nameless.quizzes[0].questions[0].picture.clear();
    nameless.notices[0].picture.clear();
    assert_eq!(verified(&nameless), Ok(()), "what has no name needs no file");
}

#[test]
fn every_file_begins_as_what_it_is_taken_for() {
    for name in [
        "muc.svg",
        "bai.png",
        "english.jpg",
        "buoc.svg",
        "dai.png",
        "cau.png",
        "bao.png",
    ] {
        for other in [&b"OggS"[..], b"ID3", b"RIFF\0\0\0\0WEBP", b"chu", b""] {
            let mut content = naming_content();
            content.media.insert(name.to_owned(), other.to_vec());
            let refusal = format!("the file {name} is not what it is taken for");
            assert_eq!(verified(&content), Err(refusal), "{other:?}");
        }
    }
    for picture in ["muc.svg", "bai.png", "english.jpg"] {
        let mut content = naming_content();
        let bytes = content.media[picture].clone();
        content.media.insert("dai.opus".to_owned(), bytes);
        let refusal = "the file dai.opus is not what it is taken for";
        assert_eq!(verified(&content), Err(refusal.to_owned()), "{picture}");
    }
}
