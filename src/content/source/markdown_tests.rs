//! What authors write, and the blocks that come of it.

use chrono::NaiveDate;

use super::*;
use crate::content::faults::Fault;
use crate::content::rich::Style;

/// Reads a body with `police_phone` and nothing else filled in.
fn read_body(text: &str) -> (Vec<Block>, Vec<Fault>) {
    let mut notes = Notes::new(NaiveDate::default());
    let facts = [("police_phone", "0225 *113*"), ("name", "")];
    notes.facts.values = facts.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let file = SourceFile {
        name: "pages/a/b.md".to_owned(),
        text: text.to_owned(),
    };
    let blocks = read(&file, 0..text.len(), &mut notes)
        .into_iter()
        .map(|(block, _)| block)
        .collect();
    (blocks, notes.faults)
}

fn check(text: &str, expected: &[Block]) {
    let (blocks, faults) = read_body(text);
    assert_eq!(blocks, expected);
    assert_eq!(faults, []);
}

/// The fault's code, its line and the words it points at.
fn check_fault(text: &str, code: &str, line: usize, words: &str) {
    let (_, faults) = read_body(text);
    let found: Vec<_> = faults
        .iter()
        .map(|fault| (fault.code, fault.place.line, text[fault.place.span.clone()].trim_end()))
        .collect();
    assert_eq!(found, [(code, line, words)]);
}

/// Text with its marks, in the notation of Markdown.
fn rich(markdown: &str) -> Rich {
    Rich::from_markdown(markdown)
}

fn paragraph(markdown: &str) -> Block {
    Block::Paragraph { text: rich(markdown) }
}

fn texts(texts: &[&str]) -> Vec<Rich> {
    texts.iter().map(|text| rich(text)).collect()
}

#[test]
fn marks_stay_and_everything_else_is_read_letter_by_letter() {
    let (blocks, faults) = read_body("Mang **thẻ** *gốc*, ~~không~~ `bản sao`.\nGiá 5 * 2 < 11 & [1].");
    assert_eq!(faults, []);
    let [Block::Paragraph { text }] = blocks.as_slice() else {
        panic!("one paragraph: {blocks:?}");
    };
    assert_eq!(text.text(), "Mang thẻ gốc, không bản sao. Giá 5 * 2 < 11 & [1].");
    let looks = text.spans().iter().map(|span| (span.text.as_str(), span.style));
    let looks: Vec<_> = looks.filter(|(_, style)| *style != Style::default()).collect();
    let plain = Style::default();
    assert_eq!(
        looks,
        [
            ("thẻ", Style { strong: true, ..plain }),
            (
                "gốc",
                Style {
                    emphasis: true,
                    ..plain
                }
            ),
            ("không", Style { struck: true, ..plain }),
            ("bản sao", Style { code: true, ..plain }),
        ]
    );
}

#[test]
fn lines_that_an_author_ends_stay_lines() {
    let hours = "Thứ hai: 7 giờ 30  \nThứ ba: 8 giờ\\\nThứ tư: nghỉ,\nnhư mọi tuần";
    let (blocks, faults) = read_body(hours);
    assert_eq!(faults, []);
    let expected = Rich::plain("Thứ hai: 7 giờ 30\nThứ ba: 8 giờ\nThứ tư: nghỉ, như mọi tuần");
    assert_eq!(blocks, [Block::Paragraph { text: expected }]);
}

#[test]
fn stars_between_letters_and_digits_are_an_error_that_says_how_to_write_them() {
    for (text, words) in [
        ("Khổ ảnh 3*4 cm, mẫu 4*6", "*4 cm, mẫu 4*"),
        ("Bấm *098*3# rồi gọi", "*098*"),
        ("Bấm *098*# rồi gọi", "*098*"),
        ("Bấm *100* rồi gọi", "*100*"),
        ("Nhớ **gọi**ngay", "**gọi**"),
        ("a__b__ c", ""),
    ] {
        let (_, faults) = read_body(text);
        let found: Vec<_> = faults.iter().map(|fault| &text[fault.place.span.clone()]).collect();
        let expected: Vec<&str> = std::iter::once(words).filter(|words| !words.is_empty()).collect();
        assert_eq!(found, expected, "{text}");
        for fault in faults {
            assert!(fault.code == "mark-inside-word" && fault.help.is_some_and(|help| help.contains('\\')));
        }
    }
    check(
        "Bấm \\*098\\*3#, 3\\*4 cm, 2 * 3, 5~6 đến 7~8, *101#",
        &[Block::Paragraph {
            text: Rich::plain("Bấm *098*3#, 3*4 cm, 2 * 3, 5~6 đến 7~8, *101#"),
        }],
    );
}

#[test]
fn words_in_a_sentence_lead_to_anything_that_has_an_id() {
    let (blocks, faults) = read_body(
        "Xem [bài này](page:khai-sinh), [đố](quiz:an-toan), [đài](programme:2026-11), [họp](event:hop), [mục](section:thu-tuc).",
    );
    assert_eq!(faults, []);
    let links: Vec<String> = blocks[0].texts()[0].links().iter().map(ToString::to_string).collect();
    let expected = [
        "page:khai-sinh",
        "quiz:an-toan",
        "programme:2026-11",
        "event:hop",
        "section:thu-tuc",
    ];
    assert_eq!(links, expected);
    assert_eq!(blocks[0].texts()[0].text(), "Xem bài này, đố, đài, họp, mục.");
}

#[test]
fn tables_have_two_or_three_columns_and_few_rows() {
    check(
        "| Loại | Phí |\n| --- | --- |\n| **Bản sao** | 8.000 đồng |\n| Trích lục | |\n",
        &[Block::Table {
            header: vec!["Loại".to_owned(), "Phí".to_owned()],
            rows: vec![texts(&["**Bản sao**", "8.000 đồng"]), texts(&["Trích lục", ""])],
        }],
    );
    let rows = "|a|b|\n".repeat(9);
    for wrong in [
        "|a|\n|-|\n|b|\n",
        "|a|b|c|d|\n|-|-|-|-|\n|a|b|c|d|\n",
        "|a||\n|-|-|\n|a|b|\n",
        "|a|b|\n|-|-|\n",
        "|a|b|\n|-|-|\n|||\n",
        "|a|b|\n|-|-|\n|c|d|mất|\n",
        &format!("|a|b|\n|-|-|\n{rows}"),
    ] {
        let (blocks, faults) = read_body(wrong);
        let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!((blocks, codes), (Vec::new(), vec!["table-size"]), "{wrong}");
    }
}

#[test]
fn text_under_a_table_is_no_row_of_it() {
    let table = "| Loại | Phí |\n| --- | --- |\n| Bản sao | 2 |\n";
    for (row, message) in [
        ("Phí nộp tại quầy.", "sát dưới bảng"),
        ("**Phí** nộp tại quầy.", "sát dưới bảng"),
        ("| Trích lục |", "ít ô hơn"),
        ("Trích lục |", "ít ô hơn"),
        ("| Trích lục", "ít ô hơn"),
        ("| Trích lục | 2 | 3 |", "nhiều ô hơn"),
    ] {
        let (_, faults) = read_body(&format!("{table}{row}\n"));
        let [fault] = faults.as_slice() else {
            panic!("{row}: {faults:?}");
        };
        assert_eq!((fault.code, fault.place.line), ("table-size", 4), "{row}");
        assert!(fault.message.contains(message), "{row}: {fault:?}");
    }
    for fine in [
        "\nPhí nộp tại quầy.",
        "| Trích lục | |",
        "| Trích lục ||",
        "Trích lục | 2",
        "|| 2 |",
        "> [!GHI-CHU]\n> Miễn phí.",
    ] {
        assert_eq!(codes(&format!("{table}{fine}\n")), [""; 0], "{fine}");
    }
}

#[test]
fn the_title_of_a_picture_stands_under_it() {
    check(
        "![Bác ngồi](a.svg \"Chờ tới lượt\")\n",
        &[Block::Picture {
            media: "a.svg".to_owned(),
            alt: "Bác ngồi".to_owned(),
            caption: "Chờ tới lượt".to_owned(),
        }],
    );
}

#[test]
fn an_escaped_list_number_stays_a_paragraph() {
    check("2026\\. Năm mới", &[paragraph("2026\\. Năm mới")]);
}

#[test]
fn facts_are_inserted_as_they_are_and_empty_ones_send_to_the_desk() {
    check(
        "Gọi: **{{commune.police_phone}}**. Ở: {{commune.name}}.",
        &[paragraph("Gọi: **0225 \\*113\\***. Ở: hỏi cán bộ tại quầy.")],
    );
}

#[test]
fn lists_pictures_links_and_headings_are_blocks_of_their_own() {
    check(
        "## Mang theo\n\n- thẻ\n- **ảnh**\n\n1. một\n\n2. hai\n\n![Bác ngồi](pic.svg)\n\n[Xem thêm](page:khai-sinh)\n",
        &[
            Block::Heading {
                text: "Mang theo".to_owned(),
            },
            Block::List {
                ordered: false,
                items: texts(&["thẻ", "**ảnh**"]),
            },
            Block::List {
                ordered: true,
                items: texts(&["một", "hai"]),
            },
            Block::Picture {
                media: "pic.svg".to_owned(),
                alt: "Bác ngồi".to_owned(),
                caption: String::new(),
            },
            Block::Link {
                to: Link::Page("khai-sinh".to_owned()),
                text: "Xem thêm".to_owned(),
            },
        ],
    );
}

#[test]
fn quotes_say_what_they_are_in_their_first_line() {
    check(
        "> [!CANH-BAO]\n> Đừng đọc mã.\n>\n> Cúp máy.\n\n> [!GHI-CHU] Miễn phí.\n\n> [!LIEN-HE]\n>\n> Gọi 113.\n",
        &[
            Block::Warning {
                paragraphs: texts(&["Đừng đọc mã.", "Cúp máy."]),
            },
            Block::Note {
                paragraphs: texts(&["Miễn phí."]),
            },
            Block::Contact {
                paragraphs: texts(&["Gọi 113."]),
            },
        ],
    );
}

#[test]
fn what_the_screen_cannot_show_is_refused_with_its_place() {
    check_fault("Một\n\n# Hai\n", "heading-level", 3, "# Hai");
    check_fault("Một\n---\n", "heading-level", 1, "Một\n---");
    check_fault("Một\n\n***\n", "unsupported-markdown", 3, "***");
    check_fault("    mã\n", "unsupported-markdown", 1, "mã");
    check_fault("```\nmã\n```\n", "unsupported-markdown", 1, "```\nmã\n```");
    check_fault("<div>a</div>\n", "unsupported-markdown", 1, "<div>a</div>");
    check_fault("Một<br>\n", "unsupported-markdown", 1, "<br>");
    check_fault("Xem ![ảnh](a.svg) này\n", "inline-picture", 1, "![ảnh](a.svg)");
    check_fault("[web](https://a.vn)\n", "web-link", 1, "[web](https://a.vn)");
    check_fault("Xem <https://a.vn>\n", "web-link", 1, "<https://a.vn>");
    check_fault("- a\n  - b\n", "nested-list", 2, "- b");
    check_fault("- a\n\n  b\n", "unsupported-markdown", 3, "b");
    check_fault("3. a\n", "list-start", 1, "3. a");
    check_fault("> Lời hay\n", "unknown-quote", 1, "> Lời hay");
    check_fault("> [!CANH-BAO]\n> a\n>\n> - b\n", "unsupported-markdown", 4, "- b");
}

#[test]
fn what_has_no_words_is_refused() {
    check_fault("Một\n\n![](a.svg)\n", "empty-alt", 3, "![](a.svg)");
    check_fault("> [!GHI-CHU]\n", "empty-text", 1, "> [!GHI-CHU]");
    check_fault("##\n", "empty-text", 1, "##");
    check_fault("[](page:a)\n", "empty-text", 1, "[](page:a)");
}

#[test]
fn a_link_has_words_and_leads_somewhere() {
    check_fault("Xem [](page:a) nhé\n", "empty-text", 1, "[](page:a)");
    check_fault("Xem [ ](page:a) nhé\n", "empty-text", 1, "[ ](page:a)");
    check_fault("- Xem [](page:a)\n", "empty-text", 1, "[](page:a)");
    check_fault("[chữ]()\n", "broken-link", 1, "[chữ]()");
    check_fault("Xem [chữ]( ) nhé\n", "broken-link", 1, "[chữ]( )");
    check_fault("[]()\n", "broken-link", 1, "[]()");
    check_fault("[](https://a.vn)\n", "web-link", 1, "[](https://a.vn)");
    check_fault("Xem [bài](page:a b) nhé\n", "unread-link", 1, "](page:a b) nhé");
}

#[test]
fn brackets_behind_a_backslash_are_letters() {
    for (written, shown) in [
        ("Gõ \\[x](y) nhé", "Gõ [x](y) nhé"),
        ("Gõ \\[x\\](y) nhé", "Gõ [x](y) nhé"),
        ("Gõ [x\\](y) nhé", "Gõ [x](y) nhé"),
        ("Gõ !\\[x](y) nhé", "Gõ ![x](y) nhé"),
        ("Gõ \\[[x]] nhé", "Gõ [[x]] nhé"),
        ("Gõ \\[x] (page:y) nhé", "Gõ [x] (page:y) nhé"),
    ] {
        let (blocks, faults) = read_body(written);
        assert_eq!(faults, [], "{written}");
        assert_eq!(blocks[0].texts()[0].text(), shown);
    }
}

#[test]
fn a_backslash_before_another_bracket_hides_nothing() {
    for written in [
        "Xem \\[1] và [[x]]",
        "Xem \\[1] và [bài](page:a b)",
        "Một\\\nxem](page:a b)",
    ] {
        assert_eq!(codes(written), ["unread-link"], "{written}");
    }
}

#[test]
fn a_mark_that_does_nothing_is_pointed_out() {
    check_fault("Nhớ ** kỹ** nhé", "stray-mark", 1, "**");
}

#[test]
fn a_wrong_insertion_is_pointed_out() {
    check_fault("Gọi {{commune.phone}}.", "unknown-fact", 1, "{{commune.phone}}");
    check_fault("Một.\nGọi {{phone}}.", "unknown-fact", 2, "{{phone}}");
    check_fault("Gọi {{commune.name và hết", "unknown-fact", 1, "{{commune.name và hết");
}

#[test]
fn a_long_sentence_is_pointed_out_without_its_neighbours() {
    let long = "Chữ ".repeat(20) + "**một** hai ba bốn năm sáu.";
    let text = format!("Câu ngắn. {long} Câu cuối.");
    check_fault(&text, "long-sentence", 1, &long);
}

/// The codes of what is wrong.
fn codes(text: &str) -> Vec<&'static str> {
    read_body(text).1.into_iter().map(|fault| fault.code).collect()
}

#[test]
fn items_that_markdown_does_not_know_are_not_run_together() {
    for list in [
        "A. Tờ khai\nB. Giấy chứng sinh",
        "I. Hồ sơ\nII. Lệ phí",
        "I/ Hồ sơ\nII/ Lệ phí",
        "(1) Tờ khai\n(2) Giấy chứng sinh",
        "(a) tờ khai\n(b) giấy chứng sinh",
        "Hồ sơ gồm:\n(1) Tờ khai\n(2) Giấy chứng sinh",
        "a/ Tờ khai\nb/ Giấy chứng sinh",
        "a, Tờ khai\nb, Giấy chứng sinh",
        "1, Tờ khai\n2, Giấy chứng sinh",
        "1- Tờ khai\n2- Giấy chứng sinh",
        "1 - Tờ khai\n2 - Giấy chứng sinh",
        "1: Tờ khai\n2: Giấy chứng sinh",
        "-- Tờ khai\n-- Giấy chứng sinh",
        "*Tờ khai\n*Giấy chứng sinh",
        "» Tờ khai\n» Giấy chứng sinh",
        "_ Tờ khai\n_ Giấy chứng sinh",
        "=> Tờ khai\n=> Giấy chứng sinh",
        "Điều 1. Hồ sơ\nĐiều 2. Lệ phí",
        "Khoản 1: Hồ sơ\nKhoản 2: Lệ phí",
        "\u{f0b7} Tờ khai\n\u{f0b7} Giấy chứng sinh",
        "Ø Tờ khai\nØ Giấy chứng sinh",
        "ü tờ khai;\nü giấy chứng sinh.",
        "v Tờ khai\nv Giấy chứng sinh",
        "✓ Tờ khai\n✓ Giấy chứng sinh",
        "→ Tờ khai\n→ Giấy chứng sinh",
        "\\- Tờ khai\n\\- Giấy chứng sinh",
        "-01 tờ khai\n-02 ảnh",
        "**1.** Tờ khai\n**2.** Giấy chứng sinh",
        "1\\. Tờ khai\n2\\. Giấy chứng sinh",
        "> [!GHI-CHU]\n> (1) Tờ khai\n> (2) Giấy chứng sinh",
        "- Hồ sơ\n(1) Tờ khai\n(2) Giấy chứng sinh",
    ] {
        assert_eq!(codes(list), ["looks-like-list"], "{list}");
    }
    for rows in [
        "Bản sao | 8.000 đồng\nTrích lục | 5.000 đồng",
        "Tên|Phí\nBản sao|2",
        "Bản sao      2.000\nTrích lục    5.000",
    ] {
        assert_eq!(codes(rows), ["looks-like-table"], "{rows}");
    }
    // One of them alone is prose, as an editor breaks it.
    for prose in [
        "Người đứng tên trong tờ khai là ông Nguyễn Văn\nA. Ông mang theo thẻ.",
        "Người dân nộp hồ sơ theo quy định tại\nĐiều 1. Cán bộ nhận hồ sơ.",
        "Mỗi hồ sơ như thế mất từ\n1 - 3 ngày.",
        "Có vitamin\na, b và c.",
        "*Tất cả giấy tờ\nđều miễn phí* cho bà con.",
        "> [!GHI-CHU]\n> – Chào bác.",
        "Cha | mẹ ký tên.",
        "Có hôm trời lạnh dưới\n-5 độ.",
        "Gọi từ nước ngoài theo số\n+84 912 345 678.",
        "(1) Tờ khai  \n(2) Giấy chứng sinh",
    ] {
        assert_eq!(codes(prose), [""; 0], "{prose}");
    }
}

#[test]
fn lines_that_were_meant_as_lines_are_not_run_together() {
    for lines in [
        "Sáng: 7 giờ 30 – 11 giờ 30\nChiều: 13 giờ 30 – 17 giờ",
        "**Sáng:** 7 giờ 30.\n**Chiều:** 13 giờ 30.",
        "**Sáng**: 7 giờ 30\n**Chiều**: 13 giờ 30",
        "Sáng:7 giờ 30\nChiều:13 giờ 30",
        "Sáng : 7 giờ 30\nChiều : 13 giờ 30",
        "Điện thoại: 0225 3 123 456\nThư điện tử: xa@haiphong.gov.vn",
        "Thứ hai, thứ tư: cả ngày.\nThứ ba: buổi sáng.",
        "7:30 – 8:00: họp thôn\n8:00 – 9:00: văn nghệ",
        "7 giờ 30 họp thôn\n9 giờ văn nghệ",
        "Công an xã\nĐịa chỉ: thôn 2",
        "Nguyễn Văn An\n0225 3 123 456\nTrần Thị Bình\n0225 3 123 457",
        "01 tờ khai\n02 ảnh",
        "Nguyễn Văn An\nTrần Thị Bình",
        "Nguyễn Văn An - Chủ tịch Uỷ ban nhân dân xã\nTrần Thị Bình - Phó Chủ tịch Uỷ ban nhân dân xã",
        "Tờ khai theo mẫu;\nGiấy chứng sinh.",
        "Hồ sơ gồm:\n– tờ khai.",
        "Sáng từ thứ hai: 7 giờ 30 – 11 giờ 30 tại trụ sở\nChiều: 13 giờ 30 – 17 giờ tại nhà văn hoá",
        "Mang theo:\nthẻ căn cước\ngiấy chứng sinh",
        "**Giấy tờ**\nMang thẻ căn cước.",
        "> [!LIEN-HE]\n> Công an xã\n> Gọi 113.",
        "- Mang thẻ\nMang ảnh",
        "7:30 – 11:30\n13:30 – 17:00",
        "Thứ hai đến thứ sáu\n7:30 – 11:30\n13:30 – 17:00",
        "> [!LIEN-HE]\n> 0225 3123 456\n> 0912 345 678",
        "sáng: 7h30 - 11h30\nchiều: 13h30 - 17h",
        "trích lục 8.000 đồng\nsao y 2.000 đồng",
    ] {
        assert_eq!(codes(lines), ["lines-run-together"], "{lines}");
    }
}

#[test]
fn marks_and_lines_that_would_vanish_are_said() {
    for (text, code) in [
        ("Xem https://a.vn/_mau_don_ nhé.", "mark-inside-word"),
        ("Viết cho _ho.tro_@a.vn nhé.", "mark-inside-word"),
        ("Đây là _chữ nghiêng_.", ""),
        ("## Điền mẫu _TK01_", "mark-in-plain"),
        ("![Mẫu _TK01_](anh.png)", "mark-in-plain"),
        ("Mang [sao y](page:sao-y \"Mang theo thẻ\").", "hidden-line"),
        ("> [!CANH-BAO]\n> Đừng chuyển tiền.\nGọi 113 ngay.", "pulled-into-frame"),
        ("> [!CANH-BAO]\n> Đừng chuyển tiền.\n\nGọi 113 ngay.", ""),
        ("Bước 2: Nộp hồ sơ", "looks-like-step"),
        ("Bước 2. Nộp hồ sơ", "looks-like-step"),
        ("Bước 2 là nộp hồ sơ, cán bộ xem rồi ghi giấy hẹn.", ""),
    ] {
        let codes = codes(text);
        assert_eq!(codes.first().copied().unwrap_or_default(), code, "{text}: {codes:?}");
    }
}

#[test]
fn prose_that_an_editor_broke_into_lines_is_joined() {
    let words = "Ủy ban nhân dân xã Vĩnh Am thuộc thành phố Hải Phòng nhận hồ sơ của bà con từ thứ hai đến thứ sáu: buổi sáng từ \
        7 giờ 30 đến 11 giờ 30, buổi chiều từ 13 giờ 30 đến 17 giờ. Bà con mang theo Căn cước, Giấy chứng sinh và tờ khai; nếu không \
        có Giấy chứng sinh thì hỏi Trạm Y tế xã – nơi bà mẹ sinh con. Lệ phí: 8.000 đồng. Lưu ý: nghị định 30/2020 của Chính phủ có \
        hiệu lực từ 05 tháng 3. Khi cần, bà con gọi Tổ công nghệ số cộng đồng (miễn phí) hoặc Công an xã, rồi nói: \"Tôi cần làm giấy \
        khai sinh\". Sau 5 ngày, bà con đến lấy kết quả tại Trung tâm Phục vụ hành chính công.";
    for width in 36..140 {
        let mut text = String::new();
        let mut length = 0;
        for word in words.split(' ') {
            let letters = word.chars().count();
            if length + 1 + letters > width && length > 0 {
                text.push('\n');
                length = 0;
            } else if length > 0 {
                text.push(' ');
                length += 1;
            }
            text.push_str(word);
            length += letters;
        }
        let wrong: Vec<_> = codes(&text)
            .into_iter()
            .filter(|code| *code != "long-sentence")
            .collect();
        assert_eq!(wrong, [""; 0], "{width}:\n{text}");
    }
    for sentences in [
        "Mang theo thẻ căn cước.\nĐến quầy số 2.",
        "Bà con đến xã,\nnộp hồ sơ rồi\nchờ gọi tên.",
        "Giấy tờ gồm:\nthẻ căn cước, giấy chứng sinh.",
        "Tờ khai;\ngiấy chứng sinh.",
    ] {
        assert_eq!(codes(sentences), [""; 0], "{sentences}");
    }
}
