//! Stories of people who search a small library, much like that of the commune.

use std::time::Instant;

use chrono::NaiveDate;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::content::model::{Block, Body, Content, Page, Programme, Quiz};
use crate::content::rich::Rich;
use crate::content::vietnamese::{fold, normalise, words};

fn page(id: &str, title: &str, summary: &str, body: &str) -> Page {
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    Page {
        id: id.into(),
        section: "thu-tuc".into(),
        title: title.into(),
        summary: summary.into(),
        title_en: String::new(),
        summary_en: String::new(),
        updated: day,
        review_by: day,
        sources: Vec::new(),
        related: Vec::new(),
        keywords: Vec::new(),
        purpose: None,
        body: Body::Article {
            blocks: body
                .lines()
                .map(|text| Block::Paragraph {
                    text: Rich::plain(text),
                })
                .collect(),
        },
        english: None,
    }
}

fn commune() -> Content {
    let pages = [
        (
            "dinh-danh-muc-2",
            "Đăng ký định danh mức 2 (VNeID)",
            "Có tài khoản VNeID để làm thủ tục qua mạng.",
            "Ra Công an xã, mang căn cước. Tài khoản VNeID thay nhiều giấy tờ, cả bằng lái.",
        ),
        (
            "khai-sinh",
            "Làm giấy khai sinh cho trẻ",
            "Trẻ dưới 6 tuổi được làm luôn thường trú và thẻ bảo hiểm y tế.",
            "Nộp tại Trung tâm.\nKhông lấy tiền.",
        ),
        (
            "thuong-tru-tam-tru",
            "Đăng ký thường trú, tạm trú",
            "Đăng ký nơi ở với Công an xã.",
            "Chủ nhà đồng ý trên VNeID.",
        ),
        (
            "bang-lai-xe",
            "Đổi giấy phép lái xe (bằng lái)",
            "Đổi bằng lái tại điểm tiếp nhận hoặc qua mạng.",
            "Khám sức khoẻ trước.",
        ),
        (
            "tra-cuu-ho-so",
            "Tra cứu hồ sơ đã nộp",
            "Dùng mã hồ sơ để biết đã làm đến đâu.",
            "Mã hồ sơ ở trên giấy hẹn.",
        ),
        (
            "gia-cong-an",
            "Lừa đảo: giả danh Công an",
            "Người lạ xưng Công an, bảo chuyển tiền: tắt máy ngay.",
            "Không ai làm việc qua điện thoại.",
        ),
        (
            "quet-ma-qr",
            "Trả tiền và nhận tiền bằng mã QR",
            "Mã vuông để quét.",
            "Xem kỹ tên người nhận. Hoà mạng di động.",
        ),
    ];
    Content {
        pages: pages
            .map(|(id, title, summary, body)| page(id, title, summary, body))
            .into(),
        quizzes: vec![Quiz {
            id: "an-toan".into(),
            title: "Đố vui an toàn".into(),
            summary: String::new(),
            questions: vec![],
        }],
        programmes: vec![Programme {
            id: "2026-11".into(),
            title: "Giấy tờ trên điện thoại".into(),
            summary: String::new(),
            month: NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day"),
            minutes: 12,
            audio: String::new(),
            updated: NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day"),
            sources: vec![],
            transcript: vec![Block::Paragraph {
                text: Rich::plain("Kính thưa bà con, ví giấy tờ rất tiện."),
            }],
        }],
        synonyms: [
            vec!["thường trú", "hộ khẩu", "nhập khẩu"],
            vec!["giấy phép lái xe", "bằng lái", "gplx"],
            vec!["căn cước", "cccd", "chứng minh thư"],
            vec!["lừa đảo", "lừa tiền", "mất tiền"],
        ]
        .map(|group| group.into_iter().map(String::from).collect())
        .into(),
        ..Content::default()
    }
}

struct Library {
    db: Connection,
    search: Search,
}

impl Library {
    fn of(content: &Content) -> Self {
        let db = Connection::open_in_memory().expect("memory");
        create_index(&db, content, &content.events).expect("an index");
        let search = Search::open(&db).expect("an open index");
        Self { db, search }
    }

    fn hits(&self, typed: &str) -> Vec<Hit> {
        self.search.search(&self.db, typed, 20).expect("a search")
    }

    fn ids(&self, typed: &str) -> Vec<String> {
        self.hits(typed)
            .into_iter()
            .map(|hit| id(&hit.target).to_owned())
            .collect()
    }
}

fn id(target: &Target) -> &str {
    match target {
        Target::Calendar => "calendar",
        Target::StaffHelp => "staff",
        other => other.id(),
    }
}

/// Checks that typing this finds this page first.
fn check_first(typed: &str, expected: &str) {
    let ids = Library::of(&commune()).ids(typed);
    assert_eq!(
        ids.first().map(String::as_str),
        Some(expected),
        "typed {typed}, found {ids:?}"
    );
}

/// The marked words, each in brackets.
fn marked(text: &str, marks: &[Range<usize>]) -> String {
    let mut shown = text.to_owned();
    for mark in marks.iter().rev() {
        shown.insert(mark.end, ']');
        shown.insert(mark.start, '[');
    }
    shown
}

#[test]
fn people_who_type_without_marks_find_their_page() {
    check_first("bang lai", "bang-lai-xe");
    check_first("ho khau", "thuong-tru-tam-tru");
    check_first("lam giay khai sinh", "khai-sinh");
    check_first("dinh danh muc 2", "dinh-danh-muc-2");
    check_first("tra cuu ho so", "tra-cuu-ho-so");
    check_first("lua dao", "gia-cong-an");
    check_first("do vui", "an-toan");
    check_first("bà con", "2026-11");
}

#[test]
fn telex_and_real_vietnamese_find_the_same() {
    for typed in [
        "ddawng kys thuowngf trus",
        "Đăng ký thường trú",
        "đăng kí thường trú",
        "DANG KY THUONG TRU",
    ] {
        check_first(typed, "thuong-tru-tam-tru");
    }
    check_first("VNeID", "dinh-danh-muc-2");
    check_first("VN eID", "dinh-danh-muc-2");
    check_first("bawngf lais", "bang-lai-xe");
}

#[test]
fn every_key_on_the_way_finds_the_page() {
    let library = Library::of(&commune());
    for end in 1..="bang lai".len() {
        let ids = library.ids(&"bang lai"[..end]);
        assert!(ids.contains(&"bang-lai-xe".to_owned()), "after {end} keys");
    }
    assert_eq!(library.ids("bang l")[0], "bang-lai-xe");
}

#[test]
fn tones_that_were_typed_decide_between_titles() {
    let mut content = commune();
    content.pages.insert(0, page("ban-hang", "Bạn hàng", "", ""));
    content.pages.insert(1, page("ban-do", "Bán đồ", "", ""));
    let library = Library::of(&content);
    assert_eq!(
        library.ids("ban")[..2],
        ["ban-hang", "ban-do"],
        "without tones, the order of the pages"
    );
    assert_eq!(library.ids("bán")[..2], ["ban-do", "ban-hang"]);
    assert_eq!(library.ids("bans")[..2], ["ban-do", "ban-hang"]);
}

#[test]
fn title_goes_before_synonym_before_summary_before_body() {
    let library = Library::of(&commune());
    assert_eq!(library.ids("thường trú"), ["thuong-tru-tam-tru", "khai-sinh"]);
    assert_eq!(library.ids("ho khau"), ["thuong-tru-tam-tru", "khai-sinh"]);
    assert_eq!(library.ids("bang lai"), ["bang-lai-xe", "dinh-danh-muc-2"]);
}

#[test]
fn a_body_that_has_the_words_together_goes_before_one_that_has_them_by_chance() {
    let mut content = commune();
    content
        .pages
        .insert(0, page("chance", "Việc khác", "", "Giữ lại bằng chứng."));
    content
        .pages
        .insert(0, page("apart", "Việc khác nữa", "", "Bằng chứng.\nGiữ lại."));
    let ids = Library::of(&content).ids("bang lai");
    assert_eq!(ids, ["bang-lai-xe", "dinh-danh-muc-2", "chance", "apart"]);
}

#[test]
fn every_word_must_be_answered() {
    assert!(Library::of(&commune()).hits("khai sinh xyz").is_empty());
}

#[test]
fn what_answers_is_marked() {
    let library = Library::of(&commune());
    let hits = library.hits("bang lai");
    assert_eq!(
        marked(&hits[0].title, &hits[0].title_marks),
        "Đổi [giấy phép lái xe] ([bằng lái])"
    );
    assert_eq!(
        hits[1].excerpt,
        "Ra Công an xã, mang căn cước. Tài khoản VNeID thay nhiều giấy tờ, cả bằng lái."
    );
    assert!(marked(&hits[1].excerpt, &hits[1].excerpt_marks).ends_with("cả [bằng lái]."));
    let hits = library.hits("ho khau");
    assert_eq!(
        marked(&hits[0].title, &hits[0].title_marks),
        "Đăng ký [thường trú], tạm trú"
    );
    assert_eq!(hits[0].section, "thu-tuc");
}

#[test]
fn slips_missing_spaces_and_questions_are_forgiven() {
    check_first("bang nai", "bang-lai-xe");
    check_first("khai xinh", "khai-sinh");
    check_first("tam chu", "thuong-tru-tam-tru");
    check_first("banglai", "bang-lai-xe");
    check_first("banglai khi nào", "bang-lai-xe");
    check_first("khaisinh", "khai-sinh");
    check_first("lam ho khau o dau", "thuong-tru-tam-tru");
    check_first("toi muon doi bang lai thi lam the nao", "bang-lai-xe");
}

#[test]
fn nothing_is_forgiven_as_long_as_something_answers() {
    assert_eq!(
        Library::of(&commune()).ids("lai").first().map(String::as_str),
        Some("bang-lai-xe")
    );
    let mut content = commune();
    content.pages.push(page("nai", "Nuôi nai", "", ""));
    assert_eq!(Library::of(&content).ids("nai"), ["nai"]);
}

#[test]
fn nothing_typed_finds_nothing() {
    let library = Library::of(&commune());
    for typed in ["", "   ", "…", "\0", "\u{301}"] {
        assert!(library.hits(typed).is_empty());
    }
    assert!(
        library
            .search
            .search(&library.db, "bang", 0)
            .expect("a search")
            .is_empty()
    );
}

#[test]
fn hostile_text_is_cheap_and_harmless() {
    let library = Library::of(&commune());
    let brick = "a".repeat(10_000);
    let marks = format!("a{}", "\u{301}".repeat(10_000));
    let start = Instant::now();
    for typed in [
        brick.as_str(),
        &marks,
        "\"bang* OR NEAR(lai",
        "title:bang",
        "'; DROP TABLE search_words; --",
        "bang\0lai",
        "%_*",
    ] {
        let _ = library.hits(typed);
    }
    assert!(start.elapsed().as_secs() < 1);
    assert_eq!(library.ids("\"bang\" AND* lai")[..0], [""; 0]);
    assert_eq!(
        library.ids("bang\0lai").first().map(String::as_str),
        Some("bang-lai-xe")
    );
}

#[test]
fn an_empty_library_finds_nothing_and_a_foreign_one_is_refused() {
    assert!(Library::of(&Content::default()).hits("bang lai").is_empty());
    let foreign = Connection::open_in_memory().expect("memory");
    assert!(matches!(Search::open(&foreign), Err(SearchError::NoIndex)));
}

#[test]
fn a_damaged_index_finds_less_and_breaks_nothing() {
    let library = Library::of(&commune());
    library
        .db
        .execute("UPDATE search_words SET places = x'ffffffffffffff03'", [])
        .expect("an update");
    assert!(library.hits("tra cuu").is_empty());
}

#[test]
fn the_tables_pass_the_check_that_an_installer_makes() {
    let library = Library::of(&commune());
    let check: String = library
        .db
        .query_row("PRAGMA quick_check", [], |row| row.get(0))
        .expect("a check");
    assert_eq!(check, "ok");
}

#[test]
fn the_same_content_makes_the_same_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = |name: &str| {
        let path = folder.path().join(name);
        create_index(&Connection::open(&path).expect("a file"), &commune(), &[]).expect("an index");
        std::fs::read(path).expect("bytes")
    };
    assert_eq!(bytes("one"), bytes("two"));
}

/// A few syllables, so that generated texts share many.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let syllable = prop::sample::select(vec![
        "bằng", "bảng", "lái", "lai", "Hoà", "hoá", "thuỷ", "đăng", "ký", "quý", "giá", "tiền", "2", "VNeID", "khoẻ",
        "toàn",
    ]);
    prop::collection::vec(syllable, 1..=longest).prop_map(|words| words.join(" "))
}

fn titled(titles: &[String]) -> Content {
    let pages = titles
        .iter()
        .enumerate()
        .map(|(number, title)| page(&number.to_string(), title, "", "bằng lái tiền"));
    Content {
        pages: pages.collect(),
        ..Content::default()
    }
}

#[test]
fn a_keyword_typed_whole_goes_before_words_in_titles_and_forgives_slips() {
    let mut content = commune();
    content.pages[1].keywords = vec!["Trúng thưởng".to_owned()];
    let library = Library::of(&content);
    for typed in ["trúng thưởng", "trung thuong", "chung thuong", "trungs thuowngr"] {
        assert_eq!(library.ids(typed).first(), Some(&content.pages[1].id), "typed {typed}");
    }
    assert_eq!(library.ids("trung").first(), Some(&content.pages[1].id), "half of it");
}

/// A page whose keywords have nothing to do with each other.
fn many_needs() -> Content {
    let mut content = commune();
    content.pages[4].keywords = ["tiền ma chay", "ở nhờ", "đi đâu về đâu", "con nuôi", "mất ví"]
        .map(String::from)
        .into();
    content.pages[5].keywords = ["cháy", "hộ chiếu", "mất nước máy"].map(String::from).into();
    content
}

#[test]
fn words_of_asking_decide_nothing() {
    let library = Library::of(&many_needs());
    for typed in [
        "cháy ở đâu",
        "chay o dau",
        "làm hộ chiếu ở đâu",
        "mất nước máy ở đâu",
        "xin hộ chiếu cần gì",
    ] {
        let hits = library.hits(typed);
        assert_eq!(id(&hits[0].target), "gia-cong-an", "typed {typed}");
        assert!(hits[0].answers, "typed {typed}");
    }
}

#[test]
fn a_keyword_inside_a_longer_text_answers_if_it_is_most_of_it() {
    let library = Library::of(&many_needs());
    let hits = library.hits("hộ chiếu cho con");
    assert_eq!((id(&hits[0].target), hits[0].answers), ("gia-cong-an", true));
    let hits = library.hits("hộ chiếu xyz abc");
    assert_eq!(
        (id(&hits[0].target), hits[0].answers),
        ("gia-cong-an", true),
        "nothing fits better than half of it"
    );
    assert!(
        library.hits("hộ chiếu xyz abc def").iter().all(|hit| !hit.answers),
        "less than half of it"
    );
}

#[test]
fn a_word_that_asks_elsewhere_belongs_to_the_keyword_in_which_it_stands() {
    let mut content = many_needs();
    content.pages[3].keywords = ["chó cắn".to_owned()].into();
    let hits = Library::of(&content).hits("cho can con toi");
    assert_eq!((id(&hits[0].target), hits[0].answers), ("bang-lai-xe", true));
}

#[test]
fn one_word_of_a_text_does_not_answer_two_that_were_typed() {
    let mut content = commune();
    content.pages[0].keywords = ["con tử".to_owned()].into();
    let hits = Library::of(&content).hits("tu tu");
    assert!(hits.iter().all(|hit| !hit.answers), "{hits:?}");
}

#[test]
fn words_of_keywords_that_have_nothing_to_do_with_each_other_only_mention() {
    let library = Library::of(&many_needs());
    for typed in ["nho vi nuoi", "nuoi ma", "chay nuoi"] {
        assert!(library.hits(typed).iter().all(|hit| !hit.answers), "typed {typed}");
    }
    let hits = library.hits("tiền chay");
    assert_eq!(
        (id(&hits[0].target), hits[0].answers),
        ("tra-cuu-ho-so", true),
        "of one keyword"
    );
}

#[test]
fn what_was_heard_wrongly_is_no_answer_in_a_summary() {
    let library = Library::of(&commune());
    let found = |typed: &str| {
        let hits = library.hits(typed);
        hits.iter().map(|hit| (id(&hit.target).to_owned(), hit.answers)).next()
    };
    assert_eq!(
        found("chẻ dưới tuổi"),
        Some(("khai-sinh".to_owned(), false)),
        "heard like trẻ"
    );
    assert_eq!(found("trẻ dưới tuổi"), Some(("khai-sinh".to_owned(), true)));
    assert_eq!(found("khai xinh"), Some(("khai-sinh".to_owned(), true)), "in the title");
}

#[test]
fn words_that_meet_by_chance_give_way_to_what_was_meant() {
    let mut content = commune();
    let chance = "Lớp học mở buổi tối. Phí gửi xe do nhà trường thu.";
    content.pages.push(page("lop", "Một bài khác", "", chance));
    content
        .pages
        .push(page("phi", "Nộp phí trên mạng", "", "Trả bằng điện thoại."));
    assert_eq!(
        Library::of(&content).ids("lop phi").first().map(String::as_str),
        Some("phi")
    );
}

/// Pages that have the letters of what is asked below, and other words.
fn look_alikes() -> Content {
    let mut content = commune();
    content.pages[0].keywords = ["Luật sửa đổi".to_owned()].into();
    content.pages[1].keywords = ["Giấy khai sinh cho cháu", "trợ cấp"].map(String::from).into();
    content.pages[4].keywords = ["bản sao", "nhờ vé", "đơn xin"].map(String::from).into();
    content.pages[6].keywords = ["hỗ trợ", "sửa chữa"].map(String::from).into();
    content
}

#[test]
fn words_of_other_marks_do_not_answer() {
    let library = Library::of(&look_alikes());
    for typed in [
        "chợ",
        "giá lúa",
        "giả lúa",
        "luật sự",
        "luật sư",
        "bán",
        "bán sao",
        "nhớ ve",
        "nhớ vé",
        "trọ",
        "lụa đảo",
        "đường trú",
        "lứa tiền",
        "giấy khải sinh",
        "đôn xin",
    ] {
        let answering: Vec<_> = library.hits(typed).into_iter().filter(|hit| hit.answers).collect();
        assert!(answering.is_empty(), "typed {typed}: {answering:?}");
    }
}

#[test]
fn marks_left_away_and_those_that_sound_alike_still_answer() {
    let library = Library::of(&look_alikes());
    for (typed, expected) in [
        ("đang ky thường trú", "thuong-tru-tam-tru"),
        ("đăng ky thuong trú", "thuong-tru-tam-tru"),
        ("giây khai sinh", "khai-sinh"),
        ("trợ cắp", "khai-sinh"),
        ("giáy khai sinh", "khai-sinh"),
        ("hổ trợ", "quet-ma-qr"),
        ("sữa chửa", "quet-ma-qr"),
        ("bãn sao", "tra-cuu-ho-so"),
        ("giã danh Công an", "gia-cong-an"),
        ("hô khâu", "thuong-tru-tam-tru"),
        ("bằng nái", "bang-lai-xe"),
        ("giấy khai xinh", "khai-sinh"),
        ("hổ chợ", "quet-ma-qr"),
        ("lừa đả", "gia-cong-an"),
        ("giấ", "khai-sinh"),
    ] {
        let hits = library.hits(typed);
        let first = hits.first().map(|hit| (id(&hit.target), hit.answers));
        assert_eq!(first, Some((expected, true)), "typed {typed}");
    }
}

#[test]
fn a_library_that_does_not_say_its_marks_is_searched_without_them() {
    let library = Library::of(&look_alikes());
    library
        .db
        .execute_batch("DELETE FROM search_keywords WHERE form NOT IN ('folded', 'slip')")
        .expect("rows as they were");
    let search = Search::open(&library.db).expect("an open index");
    let hits = search.search(&library.db, "bán sao", 20).expect("a search");
    assert_eq!((id(&hits[0].target), hits[0].answers), ("tra-cuu-ho-so", true));
    assert!(!search.search(&library.db, "hộ khẩu", 20).expect("a search").is_empty());
}

/// The tone on the letter of the old style.
fn old_style(text: &str) -> String {
    text.replace("oà", "òa")
        .replace("oá", "óa")
        .replace("uỷ", "ủy")
        .replace("oẻ", "ỏe")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_exact_title_always_comes_first(titles in prop::collection::vec(text(12), 1..20), pick in any::<prop::sample::Index>()) {
        let title = pick.get(&titles);
        let library = Library::of(&titled(&titles));
        let same_line = |found: &str| words(&normalise(found)).take(8).map(|word| word.text.to_owned()).collect::<Vec<_>>();
        let decomposed: String = title.nfd().collect();
        for typed in [title.clone(), decomposed, title.to_uppercase(), old_style(title), format!("  {title}. ")] {
            let hits = library.hits(&typed);
            prop_assert_eq!(same_line(&hits[0].title), same_line(title), "typed {}", typed);
        }
        let hits = library.hits(&fold(title));
        let found: Vec<_> = same_line(&hits[0].title).iter().map(|word| fold(word)).collect();
        let wanted: Vec<_> = same_line(title).iter().map(|word| fold(word)).collect();
        prop_assert_eq!(found, wanted, "typed without tones");
    }

    #[test]
    fn any_text_can_be_typed(typed in any::<String>()) {
        let hits = Library::of(&commune()).hits(&typed);
        for hit in hits {
            for (text, marks) in [(&hit.title, &hit.title_marks), (&hit.excerpt, &hit.excerpt_marks)] {
                let mut end = 0;
                for mark in marks {
                    prop_assert!(end <= mark.start && mark.start < mark.end);
                    prop_assert!(text.get(mark.clone()).is_some());
                    end = mark.end;
                }
            }
        }
    }

    /// FTS5 on the same words is the witness: without synonyms and slips, both find the same entries.
    #[test]
    fn fts5_finds_the_same_entries(
        titles in prop::collection::vec(text(3), 1..20),
        typed in text(3),
        cut in 1..4_usize,
    ) {
        let mut content = titled(&titles);
        for (number, page) in content.pages.iter_mut().enumerate() {
            page.body = Body::Article { blocks: vec![Block::Paragraph { text: Rich::plain(&titles[number / 2]) }] };
        }
        let library = Library::of(&content);
        let typed = fold(&typed);
        let typed: String = typed.chars().take(typed.chars().count().saturating_sub(cut).max(1)).collect();
        let typed = typed.trim();
        // The exact words alone: what is forgiven beyond them has no witness, nor have words that only ask.
        let query = Query::of(typed);
        prop_assume!(query.asked_for.iter().all(|asked_for| *asked_for));
        let ranked = ranking::rank(&library.db, &library.search.entries, &query, &[], Form::Folded, &[], 20).expect("ranks");
        let hits = library.search.attempt(&library.db, &query, Form::Folded, &[], ranked).expect("hits").hits;
        let mut found: Vec<String> = hits.iter().map(|hit| id(&hit.target).to_owned()).collect();
        // Whom to ask can be found as well.
        found.retain(|id| id != "staff");
        found.sort_by_key(|id| id.parse::<usize>().expect("a number"));
        let fts = words(typed).map(|word| word.text).collect::<Vec<_>>().join(" AND ") + "*";
        let mut witness = library
            .db
            .prepare("SELECT target FROM search_text JOIN search_entries ON id = search_text.rowid WHERE search_text MATCH ?1 AND kind = 'page' ORDER BY id")
            .expect("a query");
        let expected: Vec<String> = witness
            .query_map([&fts], |row| row.get(0))
            .expect("rows")
            .collect::<Result<_, _>>()
            .expect("targets");
        if !expected.is_empty() {
            prop_assert_eq!(found, expected, "typed {}", typed);
        }
    }
}
