//! "Cán bộ cần duyệt": what a person must check before the content is shown, what costs a resident most first.
//!
//! Lists every sentence with a figure, because fees, terms, rights and telephone numbers are where a wrong word costs money or a journey.
//! It judges nothing. Begin with [`list`].

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::aloud::{self, Line};
use super::model::{Block, Body, Content, Page};

/// How much a wrong word costs; in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    Money,
    Term,
    Other,
}

impl Urgency {
    const ALL: [Self; 3] = [Self::Money, Self::Term, Self::Other];

    fn of(figures: &[String]) -> Self {
        let some = |words: &[&str]| {
            figures.iter().any(|line| {
                let mut line = line.to_lowercase();
                // None of these is money.
                for other in ["miễn phí", "đồng ý", "cộng đồng", "hợp đồng", "hội đồng"] {
                    line = line.replace(other, "");
                }
                words.iter().any(|word| line.contains(word))
            })
        };
        if some(&["đồng", "phí", "%", "phần trăm"]) {
            Self::Money
        } else if some(&["ngày", "tháng", "năm", "tuổi", "giờ"]) {
            Self::Term
        } else {
            Self::Other
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Money => "Tiền: lệ phí, trợ cấp",
            Self::Term => "Thời hạn, tuổi, ngày tháng",
            Self::Other => "Việc còn lại: nơi làm, lời khuyên",
        }
    }
}

/// The list, as Markdown in Vietnamese. `today` marks what is overdue.
#[must_use]
pub fn list(content: &Content, today: NaiveDate) -> String {
    let mut pages: Vec<(Urgency, &Page, Vec<String>)> = content
        .pages
        .iter()
        .map(|page| {
            let figures = with_figures(&aloud::page(page), page);
            (Urgency::of(&figures), page, figures)
        })
        .collect();
    pages.sort_by(|(one, a, _), (other, b, _)| (one, a.review_by, &a.id).cmp(&(other, b.review_by, &b.id)));

    let mut text = format!(
        "# Cán bộ cần duyệt\n\n{}, lần {}. In ngày {}. Đối chiếu từng câu với nguồn, đúng thì đánh dấu vào ô.\n",
        content.pack.title,
        content.pack.edition,
        day(today)
    );
    let empty: Vec<&str> = content
        .commune
        .iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(key, _)| key.as_str())
        .collect();
    if !empty.is_empty() {
        let _ = write!(text, "\n- [ ] Điền trong commune.toml: {}.\n", empty.join(", "));
    }
    for urgency in Urgency::ALL {
        let of_it: Vec<_> = pages.iter().filter(|(of, ..)| *of == urgency).collect();
        if of_it.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {} ({} bài)\n", urgency.title(), of_it.len());
        for (_, page, figures) in of_it {
            let overdue = if page.review_by < today {
                ", ĐÃ QUÁ HẠN"
            } else {
                ""
            };
            let _ = write!(
                text,
                "\n### {} ({}), xem lại trước ngày {}{overdue}\n\nNguồn: {}.\n",
                page.title,
                page.id,
                day(page.review_by),
                page.sources.join("; ")
            );
            if !figures.is_empty() {
                text.push('\n');
            }
            for figure in figures {
                let _ = writeln!(text, "- [ ] {figure}");
            }
        }
    }
    text
}

/// The lines in which a figure stands, and what is shown without being read aloud: the telephone number, words under pictures.
fn with_figures(lines: &[Line], page: &Page) -> Vec<String> {
    let mut texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
    let mut captions = |blocks: &[Block]| {
        texts.extend(blocks.iter().filter_map(|block| match block {
            Block::Picture { caption, .. } => Some(caption.clone()),
            _ => None,
        }));
    };
    match &page.body {
        Body::Article { blocks } => captions(blocks),
        Body::Guide(guide) => {
            guide.steps.iter().for_each(|step| captions(&step.blocks));
            texts.push(format!("Số điện thoại hỏi: {}", guide.hotline));
        }
    }
    let some = texts.iter().filter(|text| text.contains(|c: char| c.is_ascii_digit()));
    some.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn day(day: NaiveDate) -> String {
    day.format("%-d/%-m/%Y").to_string()
}
