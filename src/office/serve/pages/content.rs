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
use crate::office::titles::Titles;
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

/// What no choice is named for: there are several to choose from.
const UNNAMED: &str = "–";

/// How often a question was answered and how often wrongly, as far as that is judged.
struct Missed<'a> {
    question: &'a str,
    answered: u64,
    wrong: u64,
    /// The wrong choice that was chosen most, or those.
    taken_for_right: String,
}

fn missed_of<'a>(answers: &'a Answers, titles: &'a Titles) -> Missed<'a> {
    let known = titles.question(&answers.question);
    let known = known.filter(|question| answers.agree_with(question.answer));
    let judged = answers.judged(known.map(|question| question.answer));
    let most = judged.choices.iter().map(|chosen| chosen.wrong).max();
    let choices = known.map_or(&[][..], |question| &question.choices).iter();
    let taken = choices
        .zip(&judged.choices)
        .filter(|(_, chosen)| Some(chosen.wrong) == most);
    let taken: Vec<&str> = taken.map(|(choice, _)| choice.as_str()).collect();
    Missed {
        question: titles.prompt(&answers.question),
        answered: judged.right().saturating_add(judged.wrong()),
        wrong: judged.wrong(),
        taken_for_right: if taken.is_empty() {
            UNNAMED.to_owned()
        } else {
            taken.join("; ")
        },
    }
}

fn missed(figures: &Figures, titles: &Titles) -> Markup {
    let all = figures.questions.iter().map(|answers| missed_of(answers, titles));
    let mut worth_showing: Vec<Missed> = all.filter(|missed| missed.wrong > 0).collect();
    worth_showing.sort_by_key(|missed| std::cmp::Reverse(words::permille(missed.wrong, missed.answered)));
    if worth_showing.is_empty() {
        return nothing();
    }
    let row = |missed: &Missed| {
        vec![
            missed.question.to_owned(),
            count(missed.answered),
            share(missed.wrong, missed.answered),
            missed.taken_for_right.clone(),
        ]
    };
    worth_showing.truncate(MOST_QUESTIONS);
    let rows: Vec<Vec<String>> = worth_showing.iter().map(row).collect();
    html! {
        @if worth_showing.iter().any(|missed| missed.taken_for_right == UNNAMED) {
            p.hint { "“–”: văn phòng chưa có gói của câu hỏi này, hoặc các ấn bản ghi đáp án khác nhau. Đúng hay sai là theo ấn bản mà máy đã hỏi." }
        }
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
    use crate::office::figures::Chosen;
    use crate::office::titles::QuestionTitle;

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
        let check = |id: &str, choices: &[(u64, u64, u64)], expected: (u64, u64, &str)| {
            let chosen = |&(right, wrong, unjudged)| Chosen { right, wrong, unjudged };
            let answers = Answers {
                question: id.to_owned(),
                choices: choices.iter().map(chosen).collect(),
            };
            let missed = missed_of(&answers, &titles);
            let told = (missed.answered, missed.wrong, missed.taken_for_right.as_str());
            assert_eq!(told, expected, "{choices:?}");
        };
        // As kiosks judged them, and those of older ones by what the office knows.
        check("at-otp", &[(0, 6, 0), (20, 0, 0), (0, 9, 0)], (35, 15, "Ngân hàng"));
        check("at-otp", &[(0, 0, 6), (0, 0, 20), (0, 0, 9)], (35, 15, "Ngân hàng"));
        check("at-otp", &[(0, 10, 0), (5, 0, 20), (0, 0, 9)], (44, 19, "Công an"));
        check("at-otp", &[(0, 0, 6)], (6, 6, "Công an"));
        check(
            "at-otp",
            &[(0, 5, 0), (9, 0, 0), (0, 0, 5)],
            (19, 10, "Công an; Ngân hàng"),
        );
        // A kiosk asked by an edition in which the police may know it. By which the older ones asked nobody knows.
        check("at-otp", &[(10, 5, 100), (20, 15, 100)], (50, 20, UNNAMED));
        check("unknown", &[(1, 2, 0)], (3, 2, UNNAMED));
        check("unknown", &[(0, 0, 1)], (0, 0, UNNAMED));
    }
}
