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
fn a_mark_that_does_nothing_is_pointed_out() {
    check_fault("Nhớ ** kỹ** nhé", "stray-mark", 1, "**");
}

#[test]
fn a_wrong_insertion_is_pointed_out() {
    check_fault("Gọi {{commune.phone}}.", "unknown-fact", 1, "{{commune.phone}}");
    check_fault("Một\nGọi {{phone}}.", "unknown-fact", 2, "{{phone}}");
    check_fault("Gọi {{commune.name và hết", "unknown-fact", 1, "{{commune.name và hết");
}

#[test]
fn a_long_sentence_is_pointed_out_without_its_neighbours() {
    let long = "Chữ ".repeat(20) + "**một** hai ba bốn năm sáu.";
    let text = format!("Câu ngắn. {long} Câu cuối.");
    check_fault(&text, "long-sentence", 1, &long);
}
