//! What the repository's content promises, counted: needs that are answered, questions that can't be guessed, programmes of the right length.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{Months, NaiveDate};
use commune_kiosk::content::aloud;
use commune_kiosk::content::model::{Block, Body, Content};
use commune_kiosk::content::search::Target;
use commune_kiosk::content::source;
use commune_kiosk::content::vietnamese::spoken::{spoken, syllables};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 28).expect("a day")
}

fn content() -> Content {
    let checked = source::read(&root().join("content"), today());
    checked.content.expect("content without errors")
}

/// The forty things that people come to the counter for most often, each with the page or the topic that answers it.
#[test]
fn the_forty_needs_of_a_counter_each_have_a_page_or_a_topic() {
    let library = commune_kiosk::content::open(&root().join("content"), today()).expect("content without errors");
    let mut astray = Vec::new();
    for (need, expected) in [
        ("sao y", "chung-thuc"),
        ("chứng thực chữ ký", "chung-thuc-chu-ky"),
        ("khai sinh", "khai-sinh"),
        ("khai tử", "khai-tu"),
        ("kết hôn", "ket-hon"),
        ("tình trạng hôn nhân", "tinh-trang-hon-nhan"),
        ("trích lục", "trich-luc-ho-tich"),
        ("cải chính", "cai-chinh-khai-sinh"),
        ("thẻ căn cước", "the-can-cuoc"),
        ("định danh mức 2", "dinh-danh-muc-2"),
        ("thường trú", "thuong-tru-tam-tru"),
        ("xác nhận cư trú", "xac-nhan-cu-tru"),
        ("đăng ký xe", "dang-ky-xe"),
        ("bằng lái", "bang-lai-xe"),
        ("lý lịch tư pháp", "ly-lich-tu-phap"),
        ("hưu trí xã hội", "huu-tri-xa-hoi"),
        ("bảo hiểm y tế", "bao-hiem-y-te"),
        ("hộ nghèo", "ho-ngheo"),
        ("khuyết tật", "khuyet-tat"),
        ("người có công", "nguoi-co-cong"),
        ("sổ đỏ lần đầu", "so-do-lan-dau"),
        ("sang tên", "sang-ten-dat"),
        ("tách thửa", "sang-ten-dat"),
        ("chuyển vườn sang đất ở", "chuyen-vuon-sang-dat-o"),
        ("tranh chấp đất", "tranh-chap-dat"),
        ("giấy phép xây dựng", "giay-phep-xay-nha"),
        ("hộ kinh doanh", "ho-kinh-doanh"),
        ("thuế đất", "thue-dat"),
        ("hỗ trợ bão lụt", "thien-tai"),
        ("tuyển sinh", "tuyen-sinh"),
        ("học phí", "tuyen-sinh"),
        ("vay vốn chính sách", "vay-von"),
        ("nghĩa vụ quân sự", "nghia-vu-quan-su"),
        ("khiếu nại", "khieu-nai"),
        ("phản ánh kiến nghị", "phan-anh"),
        ("hộ chiếu", "ho-chieu"),
        ("nuôi con nuôi", "con-nuoi"),
        ("bảo hiểm xã hội tự nguyện", "bhxh-tu-nguyen"),
        ("nhận trợ cấp qua tài khoản", "an-sinh-xa-hoi"),
        ("lệ phí", "le-phi-va-mien"),
    ] {
        let hits = library.search(need, 20).expect("a search");
        let answer = hits.iter().find(|hit| hit.answers).map(|hit| &hit.target);
        match answer {
            Some(Target::Page(id) | Target::Topic(id)) if id == expected => {}
            other => astray.push((need, other.cloned())),
        }
    }
    assert!(astray.is_empty(), "{astray:?}");
    assert!(library.catalogue().topics.len() >= 120);
}

#[test]
fn questions_can_not_be_guessed_by_their_length_or_their_place() {
    let content = content();
    let questions: Vec<_> = content.quizzes.iter().flat_map(|quiz| &quiz.questions).collect();
    assert!(questions.len() >= 120, "{} questions", questions.len());
    let letters = |text: &String| text.chars().count();
    let longest = questions.iter().filter(|question| {
        let key = letters(&question.choices[question.answer]);
        let others = question
            .choices
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != question.answer);
        others.map(|(_, choice)| letters(choice)).max() < Some(key)
    });
    let longest = longest.count();
    assert!(longest * 4 <= questions.len(), "{longest} of {}", questions.len());
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    for question in questions.iter().filter(|question| question.choices.len() == 4) {
        *places.entry(question.answer).or_default() += 1;
    }
    let (least, most) = (places.values().min(), places.values().max());
    assert!(
        places.len() == 4 && most.zip(least).is_some_and(|(most, least)| most - least <= 5),
        "{places:?}"
    );
    assert!(
        questions.iter().all(|question| !question.read.is_empty()),
        "each is tied to a page"
    );
    // What ends with the law of 1/3/2027 leaves the day before.
    let ends = questions
        .iter()
        .filter(|question| question.until == NaiveDate::from_ymd_opt(2027, 2, 28));
    assert!(ends.count() >= 3);
}

/// `level` stands in the files only; a contest reads it there.
#[test]
fn questions_are_easy_middling_and_hard() {
    let mut levels: BTreeMap<i64, f64> = BTreeMap::new();
    let mut all = 0.0;
    for file in fs::read_dir(root().join("content/quiz")).expect("a folder") {
        let text = fs::read_to_string(file.expect("a file").path()).expect("a text");
        let quiz: toml::Table = toml::from_str(&text).expect("TOML");
        for question in quiz["question"].as_array().expect("questions") {
            *levels
                .entry(question["level"].as_integer().expect("a level"))
                .or_default() += 1.0;
            all += 1.0;
        }
    }
    // 40, 50 and 30 of 120.
    for (level, share) in [(1, 40.0 / 120.0), (2, 50.0 / 120.0), (3, 30.0 / 120.0)] {
        let found = levels[&level] / all;
        assert!((found - share).abs() < 0.05, "level {level}: {found:.2}");
    }
}

#[test]
fn a_year_of_programmes_each_of_a_quarter_of_an_hour() {
    let content = content();
    let mut months: Vec<NaiveDate> = content.programmes.iter().map(|programme| programme.month).collect();
    months.sort();
    let first = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day");
    let year: Vec<NaiveDate> = (0..12).map(|month| first + Months::new(month)).collect();
    assert_eq!(months, year);
    for programme in &content.programmes {
        let said: usize = aloud::programme(programme)
            .iter()
            .map(|line| syllables(&line.text))
            .sum();
        assert!((1900..=2200).contains(&said), "{}: {said} syllables", programme.id);
        assert!((10..=15).contains(&programme.minutes), "{}", programme.id);
        let text = serde_json::to_string(&programme.transcript).expect("JSON");
        assert!(!text.contains("tại quầy"), "{}: heard in the fields", programme.id);
        let voices: Vec<String> = aloud::programme(programme).into_iter().map(|line| line.voice).collect();
        for voice in ["Giọng nữ", "Giọng nam"] {
            assert!(
                voices.iter().any(|heard| heard == voice),
                "{}: no {voice}",
                programme.id
            );
        }
        assert!(
            text.contains("Có bà con hỏi"),
            "{}: no listener's question",
            programme.id
        );
    }
}

#[test]
fn every_page_has_a_picture_and_can_be_read_aloud() {
    let content = content();
    for page in &content.pages {
        let is_picture = |block: &Block| matches!(block, Block::Picture { .. });
        let some = match &page.body {
            Body::Article { blocks } => blocks.iter().any(is_picture),
            Body::Guide(guide) => guide.steps.iter().any(|step| step.blocks.iter().any(is_picture)),
        };
        assert!(some, "{} has no picture", page.id);
        for line in aloud::page(page) {
            assert_eq!(line.voice, "", "{}: a bold word is no voice", page.id);
            let said = spoken(&line.text);
            assert!(!said.contains(char::is_numeric), "{}: {said}", page.id);
            // Nothing twice: "ngày ngày", "số số".
            let words: Vec<&str> = said.split_whitespace().collect();
            for twice in ["ngày", "số", "tháng", "đồng"] {
                let doubled = words.windows(2).any(|pair| pair == [twice, twice]);
                assert!(!doubled, "{}: “{twice} {twice}” in “{said}”", page.id);
            }
        }
    }
}

fn office(arguments: &[&str], input: &str) -> (String, String, Option<i32>) {
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"))
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the office program runs");
    // Who refuses an argument reads nothing.
    let _ = office.stdin.take().expect("piped").write_all(input.as_bytes());
    let output = office.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code())
}

/// Nobody in a field stands at a counter.
#[test]
fn an_empty_fact_is_said_otherwise_on_the_radio_than_on_the_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    crate::common::folders::copy(&root().join("tests/office/content_checker/good"), folder.path());
    let programme = folder.path().join("programmes/thang-11.md");
    let text = fs::read_to_string(&programme).expect("a programme");
    fs::write(&programme, text + "\n\nĐiện thoại: {{commune.police_phone}}.\n").expect("written");
    let facts = folder.path().join("commune.toml");
    let text = fs::read_to_string(&facts).expect("facts");
    fs::write(&facts, text.replace("police_phone = \"có\"", "police_phone = \"\"")).expect("written");
    let content = source::read(folder.path(), today())
        .content
        .expect("content without errors");
    let said = serde_json::to_string(&content.programmes).expect("JSON");
    assert!(said.contains("Điện thoại: xem bảng thông báo ở trụ sở xã."), "{said}");
}

#[test]
fn the_announcer_gets_words_and_no_figures() {
    let (said, _, code) = office(&["speak", "-"], "Nộp trước 1/3/2027, phí 8.000 đồng.\nGọi 18001096.\n");
    assert_eq!(code, Some(0));
    assert_eq!(
        said,
        "Nộp trước ngày mùng một tháng ba năm hai nghìn không trăm hai mươi bảy, phí tám nghìn đồng.\n\
         Gọi một tám không không, một không chín sáu.\n"
    );
    let (said, _, code) = office(&["speak", "2026-12-tranh-lua-dao-cuoi-nam"], "");
    assert_eq!(code, Some(0));
    assert!(said.starts_with("Giọng nữ: "), "{said}");
    assert!(!said.contains(char::is_numeric));
    let (said, _, _) = office(&["speak", "huu-tri-xa-hoi"], "");
    assert!(said.contains("bảy trăm nghìn đồng"), "{said}");
    // What the eye sees by its place is said.
    for words in [
        "Ai làm được: ",
        "Cần chuẩn bị: ",
        "Làm ở đâu: ",
        "Bước một: ",
        "Bước hai: ",
    ] {
        assert!(said.contains(words), "no “{words}” in:\n{said}");
    }
    let (said, _, _) = office(&["speak", "le-phi-va-mien"], "");
    assert!(
        said.contains("\nSau đây đọc từng dòng: trước là “Việc”, sau là “Mức phí”.\n")
            && said.contains("\nĐăng ký tạm trú: mười lăm nghìn đồng.\n"),
        "{said}"
    );
    assert!(said.contains("\nXem thêm: ") && said.contains("\nChú ý: "), "{said}");
    let (_, error, code) = office(&["speak", "khong-co"], "");
    assert!(
        error.contains("không có trang, chương trình hay thông báo nào có mã \"khong-co\""),
        "{error}"
    );
    assert_eq!(code, Some(1));
    let (_, error, code) = office(&["speak", "-"], &"a".repeat(1024 * 1024 + 1));
    assert!(error.contains("dài quá"), "{error}");
    assert_eq!(code, Some(1));
}

#[test]
fn staff_get_a_list_to_tick_money_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = Path::new("tests/office/content_checker/good");
    crate::common::folders::copy(&root().join(good), folder.path());
    let guide = folder.path().join("pages/thu-tuc/khai-sinh.md");
    let text = fs::read_to_string(&guide).expect("a guide");
    fs::write(
        &guide,
        text.replace("Ông bà kiểm tra", "Trả 8.000 đồng. Ông bà kiểm tra")
            + "\nGọi {{commune.center_phone}} để đặt lịch.\n",
    )
    .expect("written");
    // Figures stand in questions too, and in what is read on the radio.
    let quiz = folder.path().join("quiz/an-toan.toml");
    let text = fs::read_to_string(&quiz).expect("a question set");
    fs::write(
        &quiz,
        text.replace("Mã OTP mở được tiền", "Mất 500 đồng. Mã OTP mở được tiền"),
    )
    .expect("written");
    let path = folder.path().to_string_lossy().into_owned();
    let (plain, _, _) = office(&["check", &path], "");
    assert!(!plain.contains("Cán bộ cần duyệt"));
    let (list, _, code) = office(&["check", "--review", &path], "");
    assert_eq!(code, Some(0), "{list}");
    let at = |words: &str| list.find(words).unwrap_or_else(|| panic!("no “{words}” in:\n{list}"));
    assert!(at("## Tiền") < at("8.000 đồng"));
    assert!(at("(khai-sinh)") < at("(gioi-thieu)"), "{list}");
    assert!(
        at("### Đố vui: An toàn trên mạng (an-toan)") < at("Mất 500 đồng"),
        "{list}"
    );
    assert!(
        at("(khai-sinh)") < at("(an-toan)") && at("(an-toan)") < at("(gioi-thieu)"),
        "{list}"
    );
    at("Nguồn: ");
    // What the list is for is read first; what else the check says follows.
    assert!(at("Cán bộ cần duyệt") < at("[fact-in-sentence]"), "{list}");
}
