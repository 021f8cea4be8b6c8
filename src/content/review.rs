//! "Cán bộ cần duyệt": what a person must check before the content is shown, what costs a resident most first.
//!
//! Lists every sentence with a figure, because fees, terms, rights and telephone numbers are where a wrong word costs money or a journey.
//! It judges nothing. Begin with [`list`].

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::aloud;
use super::model::{Block, Body, Content, Notice, Page, Programme, Quiz, Topic};

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

/// Something to check: a page, a question set, a programme, a notice, or what people ask for without a page.
struct Item<'a> {
    urgency: Urgency,
    title: String,
    id: &'a str,
    /// Until when somebody must have looked at it again; only pages say so.
    review_by: Option<NaiveDate>,
    sources: &'a [String],
    figures: Vec<String>,
}

impl<'a> Item<'a> {
    fn new(title: String, id: &'a str, texts: Vec<String>) -> Self {
        let figures = with_figures(texts);
        Self {
            urgency: Urgency::of(&figures),
            title,
            id,
            review_by: None,
            sources: &[],
            figures,
        }
    }

    fn of_page(page: &'a Page) -> Self {
        Self {
            review_by: Some(page.review_by),
            sources: &page.sources,
            ..Self::new(page.title.clone(), &page.id, texts(page))
        }
    }

    fn of_quiz(quiz: &'a Quiz) -> Self {
        let questions = quiz.questions.iter().map(|question| {
            let answer = question.choices.get(question.answer).map_or("", String::as_str);
            format!("{} {answer} {}", question.prompt, question.reason)
        });
        Self::new(format!("Đố vui: {}", quiz.title), &quiz.id, questions.collect())
    }

    fn of_programme(programme: &'a Programme) -> Self {
        let lines = aloud::programme(programme).into_iter().map(|line| line.text);
        Self {
            sources: &programme.sources,
            ..Self::new(
                format!("Bài phát thanh: {}", programme.title),
                &programme.id,
                lines.collect(),
            )
        }
    }

    fn of_notice(notice: &'a Notice) -> Self {
        let lines = aloud::notice(notice).into_iter().map(|line| line.text);
        Self {
            sources: &notice.sources,
            ..Self::new(format!("Thông báo: {}", notice.title), &notice.id, lines.collect())
        }
    }

    fn of_topic(topic: &'a Topic) -> Self {
        let where_to_ask = format!(
            "Hỏi ở: {}. Số điện thoại: {}. {}",
            topic.office, topic.phone, topic.address
        );
        Self::new(format!("Việc hay hỏi: {}", topic.title), &topic.id, vec![where_to_ask])
    }
}

/// The list, as Markdown in Vietnamese. `today` marks what is overdue. Pages are all in it, everything else only if it has figures.
#[must_use]
pub fn list(content: &Content, today: NaiveDate) -> String {
    let quizzes = content.quizzes.iter().map(Item::of_quiz);
    let programmes = content.programmes.iter().map(Item::of_programme);
    let topics = content.topics.iter().filter(|topic| topic.page.is_empty());
    let notices = content.notices.iter().map(Item::of_notice);
    let others = quizzes
        .chain(programmes)
        .chain(notices)
        .chain(topics.map(Item::of_topic));
    let others = others.filter(|item| !item.figures.is_empty());
    let mut items: Vec<Item<'_>> = content.pages.iter().map(Item::of_page).chain(others).collect();
    // Pages first: `None` is less than any day.
    items.sort_by_key(|item| (item.urgency, item.review_by.is_none(), item.review_by, item.id));

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
        let of_it: Vec<_> = items.iter().filter(|item| item.urgency == urgency).collect();
        if of_it.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {} ({} bài)\n", urgency.title(), of_it.len());
        for item in of_it {
            let _ = write!(text, "\n### {} ({})", item.title, item.id);
            if let Some(review_by) = item.review_by {
                let overdue = if review_by < today { ", ĐÃ QUÁ HẠN" } else { "" };
                let _ = write!(text, ", xem lại trước ngày {}{overdue}", day(review_by));
            }
            text.push('\n');
            if !item.sources.is_empty() {
                let _ = write!(text, "\nNguồn: {}.\n", item.sources.join("; "));
            }
            if !item.figures.is_empty() {
                text.push('\n');
            }
            for figure in &item.figures {
                let _ = writeln!(text, "- [ ] {figure}");
            }
        }
    }
    text
}

/// What a page says aloud, and what is shown without being read: the telephone number, words under pictures.
#[must_use]
pub fn texts(page: &Page) -> Vec<String> {
    let mut texts: Vec<String> = aloud::page(page).into_iter().map(|line| line.text).collect();
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
    texts
}

/// Those of the texts in which a figure stands.
fn with_figures(texts: Vec<String>) -> Vec<String> {
    let some = texts
        .into_iter()
        .filter(|text| text.contains(|c: char| c.is_ascii_digit()));
    some.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

fn day(day: NaiveDate) -> String {
    day.format("%-d/%-m/%Y").to_string()
}
