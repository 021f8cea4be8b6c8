//! Rules about what residents read: guides, questions, Markdown, the home screen.

use std::fs;

use crate::content_checker::folder::{ARTICLE, Folder, GUIDE, QUIZ, expect, expect_of_words, office};

#[test]
fn rules_about_guides() {
    let of = |line: u32| format!("pages/thu-tuc/khai-sinh.md:{line}");
    expect_of_words(
        "text-before-step",
        "lỗi: Có nội dung đứng trước bước đầu tiên",
        &of(15),
        "## Mang",
        "Lời mở đầu.\n\n## Mang",
    );
    expect_of_words(
        "step-without-text",
        "lỗi: Bước này chưa có lời",
        &of(15),
        "Ông bà mang giấy chứng sinh đến trung tâm.",
        "",
    );
    expect_of_words(
        "too-many-pictures",
        "lỗi: Bước này có 2 ảnh",
        &of(15),
        "## Nhận",
        "![Một ảnh nữa](pic.svg)\n\n## Nhận",
    );
    expect(
        "too-many-steps",
        "lỗi: Bài có 10 bước, nhiều nhất là 9",
        &of(56),
        |folder| {
            folder.append(GUIDE, &"\n## Thêm một bước\n\nLàm tiếp.\n".repeat(8));
        },
    );
    expect(
        "no-steps",
        "lỗi: Bài hướng dẫn chưa có bước nào",
        &of(1),
        |folder| {
            let text = fs::read_to_string(folder.0.path().join(GUIDE)).unwrap();
            let (before, _) = text.split_once("## Mang").unwrap();
            folder.write(GUIDE, before);
            folder.replace(ARTICLE, "- Một", "![Em bé](pic.svg)\n\n- Một");
        },
    );
}

#[test]
fn rules_about_questions() {
    let of = |line: u32| format!("quiz/an-toan.toml:{line}");
    expect_of_words(
        "answer-out-of-range",
        "lỗi: Đáp án \"C\" không có trong",
        &of(8),
        "\"B\"",
        "\"C\"",
    );
    expect_of_words(
        "answer-out-of-range",
        "lỗi: Đáp án \"2\" không có trong",
        &of(8),
        "\"B\"",
        "\"2\"",
    );
    expect_of_words(
        "equal-choices",
        "lỗi: Hai lựa chọn giống hệt nhau",
        &of(16),
        "\"Gửi tiếp\"",
        "\"xoá\"",
    );
    expect_of_words(
        "number-of-choices",
        "lỗi: Câu hỏi có 5 lựa chọn",
        &of(7),
        "\"Không\"",
        "\"Không\", \"C\", \"D\", \"E\"",
    );
    expect_of_words(
        "wrong-value",
        "lỗi: Mục \"level\" phải từ 1 đến 3",
        &of(11),
        "level = 1",
        "level = 4",
    );
}

#[test]
fn rules_about_markdown() {
    expect(
        "heading-end",
        "lỗi: Dấu # ở cuối đầu đề sẽ không hiện ra",
        "pages/thu-tuc/gioi-thieu.md:17",
        |folder| folder.append(ARTICLE, "\n## Bấm phím #\n\nRồi gọi.\n"),
    );
    let of = |line: u32| format!("pages/thu-tuc/gioi-thieu.md:{line}");
    let cases = [
        ("table-size", "lỗi: Bảng có 0 dòng, cần từ 1 đến 8", "|a|b|\n|-|-|"),
        ("unsupported-markdown", "lỗi: Màn hình không hiện được HTML", "<p>a</p>"),
        (
            "unsupported-markdown",
            "lỗi: Màn hình không hiện được khối mã",
            "    mã",
        ),
        (
            "heading-level",
            "lỗi: Chỉ dùng được đầu đề viết bằng hai dấu thăng",
            "### Ba",
        ),
        (
            "web-link",
            "lỗi: Người dân không mở được địa chỉ web",
            "[web](https://a.vn)",
        ),
        (
            "inline-picture",
            "lỗi: Ảnh phải đứng riêng một đoạn",
            "Xem ![b](pic.svg).",
        ),
        (
            "nested-list",
            "lỗi: Không dùng được danh sách trong danh sách",
            "1. Một\n   - Hai",
        ),
        ("list-start", "lỗi: Danh sách đánh số bắt đầu từ 3", "3. Ba"),
        (
            "unknown-quote",
            "lỗi: Khối trích dẫn phải mở đầu bằng tên loại",
            "> Lời hay",
        ),
        ("empty-alt", "lỗi: Ảnh chưa có lời tả", "![](pic.svg)"),
        (
            "stray-mark",
            "cảnh báo: Dấu ** này không có tác dụng",
            "Nhớ ** kỹ** nhé.",
        ),
        (
            "unknown-fact",
            "lỗi: commune.toml không có mục \"phone\"",
            "Gọi {{commune.phone}}.",
        ),
        (
            "unknown-fact",
            "lỗi: Chỗ chèn thông tin của xã viết chưa đúng",
            "Gọi {{ commune.name }}.",
        ),
    ];
    for (rule, message, wrong) in cases {
        // The nested list begins on the second line of what is wrong.
        let line = if rule == "nested-list" { 13 } else { 12 };
        let (from, to) = ("- Một", format!("{wrong}\n\n- Một"));
        expect_of_words(rule, message, &of(line), from, &to);
    }
}

#[test]
fn rules_about_the_home_screen() {
    expect(
        "too-many-sections",
        "lỗi: Có 9 mục lớn, màn hình chính chỉ có chỗ cho 8",
        "sections.toml:65",
        |folder| {
            let section = |number: u32| {
                format!(
                    "\n[[section]]\nid = \"do-{number}\"\ntitle = \"a\"\nsummary = \"b\"\nicon = \"icon.svg\"\n\
                 color = \"red\"\nshows = \"quiz\"\n"
                )
            };
            folder.append("sections.toml", &(1..=6).map(section).collect::<String>());
        },
    );
    expect(
        "empty-section",
        "lỗi: Thư mục pages/trong chưa có trang nào",
        "sections.toml:25",
        |folder| {
            let more =
                "\n[[section]]\nid = \"trong\"\ntitle = \"a\"\nsummary = \"b\"\nicon = \"icon.svg\"\ncolor = \"red\"\n";
            folder.append("sections.toml", more);
        },
    );
    expect(
        "empty-section",
        "lỗi: Thư mục quiz chưa có bộ câu hỏi nào",
        "sections.toml:9",
        |folder| folder.remove(QUIZ),
    );
    expect(
        "folder-without-section",
        "lỗi: Không có ô nào trên màn hình chính mở",
        "pages/khac",
        |folder| {
            let text = fs::read_to_string(folder.0.path().join(ARTICLE)).unwrap();
            let text = text.replace("title = \"Giới thiệu\"", "title = \"Khác\"");
            folder.write("pages/khac/trang-khac.md", text);
        },
    );
    expect_of_words(
        "missing-key",
        "lỗi: Thiếu mục \"summary\"",
        "sections.toml:8",
        "summary = \"Mười câu có đáp án\"\n",
        "",
    );
}

#[test]
fn warnings_about_the_service() {
    let of = |line: u32| format!("pages/thu-tuc/gioi-thieu.md:{line}");
    expect_of_words(
        "long-sentence",
        "cảnh báo: Câu này dài 29 chữ, nên không quá 25",
        &of(10),
        "Trang này",
        &"Trang này ".repeat(13),
    );
    expect_of_words(
        "long-sentence",
        "cảnh báo: Câu này dài 26 chữ, nên không quá 25",
        &of(4),
        "Trang để thử.",
        &"chữ ".repeat(26),
    );
    expect_of_words(
        "review-past",
        "cảnh báo: Đã quá hạn xem lại (01/02/2001)",
        &of(6),
        "2026-11-22\nreview_by = 2099-01-01",
        "2001-01-01\nreview_by = 2001-02-01",
    );
    // Used by two pages, and said once.
    expect(
        "empty-fact",
        "cảnh báo: \"center_phone\" còn trống mà có trang dùng đến",
        "commune.toml:5",
        |folder| {
            folder.replace("commune.toml", "center_phone = \"có\"", "center_phone = \"\"");
            folder.append(GUIDE, "\nĐiện thoại: {{commune.center_phone}}.\n");
        },
    );
}

#[test]
fn rules_about_groups_and_uses() {
    const GROUPS: &str =
        "color = \"teal\"\n\n[[section.group]]\nid = \"giay-to\"\ntitle = \"Giấy tờ\"\nsummary = \"Khai sinh\"\n";
    let grouped = |folder: &Folder, guide: &str, article: &str| {
        folder.replace("sections.toml", "color = \"teal\"\n", GROUPS);
        folder.replace(GUIDE, "kind = \"guide\"\n", &format!("kind = \"guide\"\n{guide}"));
        folder.replace(
            ARTICLE,
            "kind = \"article\"\n",
            &format!("kind = \"article\"\n{article}"),
        );
    };
    let (mine, other) = ("group = \"giay-to\"\n", "group = \"nha-dat\"\n");
    expect(
        "no-group",
        "lỗi: Bài này chưa thuộc nhóm nào",
        "pages/thu-tuc/gioi-thieu.md:1",
        |folder| grouped(folder, mine, ""),
    );
    expect(
        "unknown-group",
        "lỗi: Mục này không có nhóm nào có mã \"nha-dat\"",
        "pages/thu-tuc/gioi-thieu.md:3",
        |folder| grouped(folder, mine, other),
    );
    expect(
        "unknown-group",
        "lỗi: Mục này không có nhóm nào có mã \"giay-to\"",
        "pages/thu-tuc/khai-sinh.md:3",
        |folder| folder.replace(GUIDE, "kind = \"guide\"\n", &format!("kind = \"guide\"\n{mine}")),
    );
    expect(
        "empty-group",
        "lỗi: Nhóm \"xe\" của mục \"thu-tuc\" chưa có bài nào",
        "sections.toml",
        |folder| {
            grouped(folder, mine, mine);
            let more =
                "summary = \"Khai sinh\"\n\n[[section.group]]\nid = \"xe\"\ntitle = \"Xe\"\nsummary = \"Bằng lái\"\n";
            folder.replace("sections.toml", "summary = \"Khai sinh\"\n", more);
        },
    );
    expect(
        "duplicate-id",
        "lỗi: Mục \"thu-tuc\" có hai nhóm cùng mã \"giay-to\"",
        "sections.toml",
        |folder| {
            grouped(folder, mine, mine);
            let twice = "summary = \"Khai sinh\"\n\n[[section.group]]\nid = \"giay-to\"\ntitle = \"Xe\"\nsummary = \"Bằng lái\"\n";
            folder.replace("sections.toml", "summary = \"Khai sinh\"\n", twice);
        },
    );
    expect(
        "wrong-value",
        "lỗi: Mục \"use\"",
        "pages/thu-tuc/gioi-thieu.md:3",
        |folder| folder.replace(ARTICLE, "kind = \"article\"\n", "kind = \"article\"\nuse = \"film\"\n"),
    );
}

#[test]
fn rules_about_topics_and_their_groups() {
    const TOPIC: &str = "id = \"ly-hon\"\ntitle = \"Ly hôn\"\nwords = [\"bỏ nhau\"]\noffice = \"Toà án\"\n";
    let good = format!("[[group]]\ntitle = \"Gia đình\"\n[[group.topic]]\n{TOPIC}");
    let with = |text: String| move |folder: &Folder| folder.write("topics.toml", text.as_str());
    // The same without groups, as folders made before there were any have it.
    for text in [good.clone(), format!("[[topic]]\n{TOPIC}")] {
        let folder = Folder::new();
        folder.write("topics.toml", text);
        let output = office(&["check"], folder.0.path());
        assert_eq!(String::from_utf8_lossy(&output.stdout), "0 lỗi, 0 cảnh báo\n");
    }
    expect(
        "same-title",
        "lỗi: Nhóm \"Gia đình\" đã có ở trên",
        "topics.toml:9",
        with(format!("{good}\n{}", good.replace("ly-hon", "ket-hon"))),
    );
    expect(
        "missing-key",
        "lỗi: ",
        "topics.toml:1",
        with("[[group]]\ntitle = \"Gia đình\"\n".to_owned()),
    );
    expect(
        "topic-answer",
        "lỗi: Việc này cần hoặc page",
        "topics.toml:3",
        with(good.replace("office = \"Toà án\"\n", "")),
    );
    let long = "Gia đình ".repeat(20);
    expect(
        "too-long",
        "lỗi: Mục \"title\" dài",
        "topics.toml:2",
        with(good.replace("Gia đình", long.trim())),
    );
    expect("too-long", "lỗi: Mục \"title\" dài", "sections.toml:3", |folder| {
        let text = fs::read_to_string(folder.0.path().join("sections.toml")).unwrap();
        let title = text.lines().find(|line| line.starts_with("title = ")).expect("a title");
        let long = format!("title = \"{}\"", "Giấy tờ ".repeat(20).trim());
        folder.replace("sections.toml", title, &long);
    });
}

#[test]
fn rules_about_what_the_program_reckons_itself() {
    expect(
        "counted-minutes",
        "cảnh báo: Máy tự tính thời lượng",
        "programmes/thang-11.md:2",
        |folder| folder.replace("programmes/thang-11.md", "+++\n", "+++\nminutes = 12\n"),
    );
    // "Gọi hỏi cán bộ tại quầy để đặt lịch" would be read.
    expect(
        "fact-in-sentence",
        "cảnh báo: Thông tin của xã đứng giữa câu",
        "pages/thu-tuc/khai-sinh.md:28",
        |folder| folder.append(GUIDE, "\nGọi {{commune.center_phone}} để đặt lịch.\n"),
    );
    expect(
        "quiz-ends",
        "lỗi: Câu nào của bộ này cũng có ngày thôi hỏi",
        "quiz/an-toan.toml:1",
        |folder| {
            let text = fs::read_to_string(folder.0.path().join(QUIZ)).unwrap();
            folder.write(QUIZ, text.replace("answer = ", "until = 2027-02-28\nanswer = "));
        },
    );
    expect(
        "until-past",
        "cảnh báo: Đã qua ngày cuối (until)",
        "quiz/an-toan.toml:8",
        |folder| {
            folder.replace(
                QUIZ,
                "answer = \"B\"\nreason = \"Mã",
                "until = 2026-11-01\nanswer = \"B\"\nreason = \"Mã",
            );
        },
    );
    expect(
        "wrong-value",
        "lỗi: Ngày kết thúc đứng trước ngày bắt đầu",
        "calendar.toml:4",
        |folder| {
            folder.write(
                "calendar.toml",
                "[[event]]\ntitle = \"Lớp học\"\ndate = 2026-12-02\nuntil = 2026-12-01\n",
            );
        },
    );
}

/// The English text of the guide of the good folder.
const ENGLISH: (&str, &str) = (
    "pages/thu-tuc/khai-sinh.en.md",
    r#"+++
who = "Mother or father."
prepare = ["Birth notice", "ID card"]
cost = "Free."
time = "The same day."
place = "{{commune.center_name}}"
+++
## Bring the papers

Bring the birth notice to the centre.

## Get the certificate

Check the name. Then sign.
"#,
);

#[test]
fn an_english_text_belongs_to_its_page() {
    let (file, text) = ENGLISH;
    let folder = Folder::new();
    folder.write(file, text);
    let said = String::from_utf8(office(&["check"], folder.0.path()).stdout).unwrap();
    assert_eq!(said.lines().last(), Some("0 lỗi, 0 cảnh báo"), "{said}");
    expect(
        "english-without-page",
        "lỗi: Bản tiếng Anh này không thuộc trang nào",
        "pages/thu-tuc/khai-tu.en.md",
        |folder| folder.write("pages/thu-tuc/khai-tu.en.md", text),
    );
    expect(
        "english-differs",
        "lỗi: Bản tiếng Anh có 1 bước, bản tiếng Việt có 2",
        &format!("{file}:1"),
        |folder| folder.write(file, text.split("## Get").next().unwrap()),
    );
    expect(
        "english-differs",
        "lỗi: Bản tiếng Anh có 1 mục cần chuẩn bị, bản tiếng Việt có 2",
        &format!("{file}:1"),
        |folder| folder.write(file, text.replace(", \"ID card\"", "")),
    );
    // What both languages share stands in the Vietnamese file only.
    expect(
        "unknown-key",
        "lỗi: Không có mục nào tên là \"link\"",
        &format!("{file}:2"),
        |folder| folder.write(file, text.replacen("who", "link = \"https://a.vn\"\nwho", 1)),
    );
}
