//! What becomes of the content: how far guides are read, which questions are missed, what searches bring.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};

use super::layout::{Tab, layout};
use super::parts::{self, Asked, charted, nothing, table};
use super::session::Officer;
use super::{App, PageError, page};
use crate::office::chart;
use crate::office::figures::{Answers, Figures, Funnel};
use crate::office::report::FOREIGN;
use crate::office::reporting;
use crate::office::titles::{QuestionTitle, Titles};
use crate::office::words::{self, count, percent};

/// How many questions are listed.
const MOST_QUESTIONS: usize = 20;

/// How many signals without a name are listed.
const MOST_FOREIGN: usize = 20;

/// How many notices are listed.
const MOST_NOTICES: usize = 20;

/// How many topics without a page are listed.
const MOST_WANTED: usize = 20;

/// How many pages that searches led to are listed.
const MOST_FOUND: usize = 20;

pub async fn show(
    State(app): State<Arc<App>>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let today = (app.now)().date_naive();
    let (period, understood) = asked.period(today);
    let figures = reporting::figures(&app.store, period, None).await?;
    let titles = app.titles().await?;
    let body = html! {
        (parts::periods("/content", period, understood, None, today))
        section { h2 { "Bài hướng dẫn được xem đến đâu" } (guides(&figures, &titles)) }
        section { h2 { "Câu hỏi hay bị trả lời sai" } (missed(&figures, &titles)) }
        @if !figures.notices.is_empty() { section { h2 { "Thông báo của xã" } (notices(&figures, &titles)) } }
        section { h2 { "Tìm kiếm" } (searches(&figures, &titles)) }
        @if !figures.foreign.is_empty() { section { h2 { "Số đếm mới" } (foreign(&figures)) } }
    };
    Ok(page(layout(&officer, Tab::Content, "Nội dung", &body)))
}

fn guides(figures: &Figures, titles: &Titles) -> Markup {
    if figures.guides.is_empty() {
        return nothing();
    }
    html! {
        table {
            caption { "Các bài hướng dẫn" }
            thead { tr { th scope="col" { "Bài" } th scope="col" { "Mở" } th scope="col" { "Xem hết" } th scope="col" { "Tỷ lệ" } } }
            tbody {
                @for guide in &figures.guides {
                    tr {
                        th scope="row" { a href=(format!("#{}", guide.page)) { (titles.title(&guide.page)) } }
                        td { (count(guide.opened)) }
                        td { (count(guide.finished)) }
                        td { (share(guide.finished, guide.opened)) }
                    }
                }
            }
        }
        @for guide in &figures.guides {
            div id=(guide.page) { (charted(&chart::funnel(guide, titles), &steps(guide, titles))) }
        }
    }
}

fn steps(guide: &Funnel, titles: &Titles) -> Markup {
    let names = titles.steps(&guide.page);
    let reached = guide.steps.iter().enumerate();
    let mut stages = vec![("Mở hướng dẫn".to_owned(), guide.opened)];
    stages.extend(reached.map(|(place, n)| (chart::step_label(names, place), *n)));
    stages.push(("Xem hết".to_owned(), guide.finished));
    stages.push(("Hiện mã QR để mang về".to_owned(), guide.qr));
    let row = |(name, n): (String, u64)| vec![name, count(n), share(n, guide.opened)];
    let rows: Vec<Vec<String>> = stages.into_iter().map(row).collect();
    table("Số lần", &["Đến", "Lần", "Tỷ lệ"], &rows)
}

fn share(part: u64, whole: u64) -> String {
    percent(part, whole).unwrap_or_else(|| "–".to_owned())
}

/// A question that is known, how often it was answered and how often wrongly.
struct Missed<'a> {
    question: &'a QuestionTitle,
    answered: u64,
    wrong: u64,
    /// The wrong choice that was chosen most.
    taken_for_right: &'a str,
}

fn missed_of<'a>(answers: &Answers, titles: &'a Titles) -> Option<Missed<'a>> {
    let question = titles.question(&answers.question)?;
    let answered = answers.choices.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
    let right = answers.choices.get(question.answer).copied().unwrap_or(0);
    let wrong = answers
        .choices
        .iter()
        .enumerate()
        .filter(|(place, _)| *place != question.answer);
    let (most, _) = wrong.max_by_key(|(_, n)| **n)?;
    Some(Missed {
        question,
        answered,
        wrong: answered - right,
        taken_for_right: question.choices.get(most).map_or("", String::as_str),
    })
}

fn missed(figures: &Figures, titles: &Titles) -> Markup {
    let known = figures
        .questions
        .iter()
        .filter_map(|answers| missed_of(answers, titles));
    let mut worth_showing: Vec<Missed> = known.filter(|missed| missed.wrong > 0).collect();
    worth_showing.sort_by_key(|missed| std::cmp::Reverse(words::permille(missed.wrong, missed.answered)));
    if worth_showing.is_empty() {
        return nothing();
    }
    let row = |missed: &Missed| {
        vec![
            missed.question.prompt.clone(),
            count(missed.answered),
            share(missed.wrong, missed.answered),
            missed.taken_for_right.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = worth_showing.iter().take(MOST_QUESTIONS).map(row).collect();
    html! {
        div.words {
            (table(
                "Sai nhiều nhất trước; chỉ những câu có từ 5 lần trả lời sai",
                &["Câu hỏi", "Số lần trả lời", "Sai", "Hay chọn nhầm"],
                &rows,
            ))
        }
    }
}

fn notices(figures: &Figures, titles: &Titles) -> Markup {
    let opened = figures.notices.iter().take(MOST_NOTICES);
    let rows: Vec<Vec<String>> = opened
        .map(|notice| vec![titles.notice(&notice.id).to_owned(), count(notice.n)])
        .collect();
    table("Số lần mở từng thông báo", &["Thông báo", "Lần"], &rows)
}

fn searches(figures: &Figures, titles: &Titles) -> Markup {
    let searches = &figures.searches;
    let all = searches.found.saturating_add(searches.not_found);
    if all == 0 {
        return nothing();
    }
    let rows = [
        ("Có kết quả", searches.found),
        ("Trong đó: có bài trả lời", searches.answered),
        ("Trong đó: chỉ có bài nhắc đến", searches.mentioned),
        ("Không có kết quả", searches.not_found),
    ];
    let row = |(name, n): (&str, u64)| vec![name.to_owned(), count(n), share(n, all)];
    let rows: Vec<Vec<String>> = rows.into_iter().map(row).collect();
    let opened = searches.opened.iter().take(MOST_FOUND);
    let opened: Vec<Vec<String>> = opened
        .map(|page| vec![titles.title(&page.id).to_owned(), count(page.n)])
        .collect();
    html! {
        p.hint { "Máy không lưu chữ người dân đã gõ, nên chỉ biết số lần tìm." }
        (table("Số lần tìm kiếm", &["Kết quả", "Lần", "Tỷ lệ"], &rows))
        (wanted(figures, titles))
        @if !opened.is_empty() { (table("Trang được mở từ kết quả tìm kiếm", &["Trang", "Lần"], &opened)) }
    }
}

/// What people ask for and no page answers: what to write next.
fn wanted(figures: &Figures, titles: &Titles) -> Markup {
    let wanted = figures.searches.topics.iter().filter_map(|asked| {
        let known = titles.topic(&asked.topic);
        // One that has got its page since then is answered, unless people still say that they did not find it.
        if asked.missed == 0 && known.is_some_and(|topic| topic.has_page) {
            return None;
        }
        let title = known.map_or(&asked.topic, |topic| &topic.title);
        Some(vec![
            title.clone(),
            count(asked.searched),
            count(asked.chosen),
            count(asked.missed),
        ])
    });
    let rows: Vec<Vec<String>> = wanted.take(MOST_WANTED).collect();
    html! {
        @if !rows.is_empty() {
            (table("Bà con tìm mà máy chưa có bài", &["Việc", "Lần tìm", "Lần chọn trong danh sách", "Lần nói là không thấy"], &rows))
        }
    }
}

/// What newer kiosks counted and this program has no words for.
fn foreign(figures: &Figures) -> Markup {
    let rows = figures.foreign.iter().take(MOST_FOREIGN);
    let rows: Vec<Vec<String>> = rows.map(|signal| vec![signal.id.clone(), count(signal.n)]).collect();
    html! {
        p.hint { "Máy tra cứu có chương trình mới hơn văn phòng. Số đếm vẫn được giữ đủ; cập nhật máy chủ thì sẽ hiện rõ tên." }
        (table(FOREIGN, &["Mã của số đếm", "Lần"], &rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wrong_choice_that_most_take_for_right_is_named() {
        let mut titles = Titles::default();
        let choices = ["Công an", "Chỉ mình tôi", "Ngân hàng"].map(str::to_owned);
        let question = QuestionTitle {
            prompt: "Ai được biết mã OTP?".to_owned(),
            choices: choices.to_vec(),
            answer: 1,
        };
        titles.add_question("at-otp", question);
        let answers = |id: &str, choices: &[u64]| Answers {
            question: id.to_owned(),
            choices: choices.to_vec(),
        };
        let missed = missed_of(&answers("at-otp", &[6, 20, 9]), &titles).unwrap();
        assert_eq!(
            (missed.answered, missed.wrong, missed.taken_for_right),
            (35, 15, "Ngân hàng")
        );
        assert!(missed_of(&answers("unknown", &[1]), &titles).is_none());
        let none = missed_of(&answers("at-otp", &[6]), &titles).unwrap();
        assert_eq!((none.answered, none.wrong), (6, 6));
    }
}
