//! What authors write, and the blocks that come of it.

use chrono::NaiveDate;

use super::*;
use crate::content::faults::Fault;

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

fn paragraph(text: &str) -> Block {
    Block::Paragraph { text: text.to_owned() }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn marks_stay_and_everything_else_is_escaped() {
    check(
        "Mang **thẻ** *gốc*, ~~không~~ `bản sao`.\nGiá 5 * 2 < 11 & [1].",
        &[paragraph(
            "Mang **thẻ** *gốc*, ~~không~~ `bản sao`. Giá 5 \\* 2 \\< 11 \\& \\[1\\].",
        )],
    );
}

#[test]
fn an_escaped_list_number_stays_a_paragraph() {
    check("2026\\. Năm mới", &[paragraph("2026\\. Năm mới")]);
}

#[test]
fn facts_are_inserted_as_they_are_and_empty_ones_send_to_the_desk() {
    check(
        "Gọi **{{commune.police_phone}}**, ở {{commune.name}}.",
        &[paragraph("Gọi **0225 \\*113\\***, ở hỏi cán bộ tại quầy.")],
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
            },
            Block::Link {
                page: "khai-sinh".to_owned(),
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
    check_fault(
        "|a|b|\n|-|-|\n|c|d|\n",
        "unsupported-markdown",
        1,
        "|a|b|\n|-|-|\n|c|d|",
    );
    check_fault("    mã\n", "unsupported-markdown", 1, "mã");
    check_fault("```\nmã\n```\n", "unsupported-markdown", 1, "```\nmã\n```");
    check_fault("<div>a</div>\n", "unsupported-markdown", 1, "<div>a</div>");
    check_fault("Một<br>\n", "unsupported-markdown", 1, "<br>");
    check_fault("Xem ![ảnh](a.svg) này\n", "inline-picture", 1, "![ảnh](a.svg)");
    check_fault("Xem [trang](page:a) này\n", "inline-link", 1, "[trang](page:a)");
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
