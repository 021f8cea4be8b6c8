//! The first page: how many came and when, what they read, how they liked it, and what waits for somebody.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};

use super::layout::{Tab, layout};
use super::parts::{self, Asked, charted, nothing, table};
use super::session::Officer;
use super::{App, PageError, page};
use crate::office::chart::{self, Bar};
use crate::office::figures::{Count, Faces, Figures, Scores};
use crate::office::report::Period;
use crate::office::reporting;
use crate::office::titles::Titles;
use crate::office::words::{self, count, number};
use crate::usage::signals::Signal;

/// How many pages and question sets are shown.
const TOP: usize = 10;

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
        (parts::periods("/", period, understood, None, today))
        (waiting(&app).await?)
        (all(&figures, period, &titles))
        p.more { a href=(format!("/reports{}", parts::query(period, None))) { "Làm báo cáo của kỳ này" } }
    };
    Ok(page(layout(&officer, Tab::Overview, "Tổng quan", &body)))
}

/// What somebody has to look at.
async fn waiting(app: &App) -> Result<Markup, PageError> {
    let unknown = app.store.unknown().await?.len();
    let kiosks = app.store.kiosks().await?;
    let used = || kiosks.iter().filter(|kiosk| !kiosk.retired);
    let silent: Vec<u64> = used().filter_map(|kiosk| kiosk.silent_days((app.now)())).collect();
    let longest = silent.iter().max().copied().unwrap_or(0);
    let silence = match silent.len() {
        1 => format!("máy không liên lạc {} ngày", number(longest)),
        _ => format!("máy không liên lạc, lâu nhất {} ngày", number(longest)),
    };
    let gaps = used().filter(|kiosk| kiosk.missing > 0).count();
    let ahead = app.store.ahead().await?.len();
    let notes = [
        (ahead, "máy có gói chờ cán bộ quyết định", "/kiosks?only=ahead"),
        (unknown, "máy mới đang chờ duyệt", "/kiosks"),
        (silent.len(), &silence, "/kiosks?only=silent"),
        (gaps, "máy còn thiếu gói số liệu", "/kiosks?only=gaps"),
    ];
    let any = notes.iter().any(|(n, ..)| *n > 0);
    Ok(html! {
        @if any {
            ul.notes {
                @for (n, words, address) in notes.into_iter().filter(|(n, ..)| *n > 0) {
                    li { a href=(address) { strong { (n) } " " (words) } }
                }
            }
        }
    })
}

/// The figures of a period, of all kiosks or of one.
pub fn all(figures: &Figures, period: Period, titles: &Titles) -> Markup {
    html! {
        (key_figures(figures, period))
        section { h2 { "Lượt sử dụng" } (visits(figures)) }
        section { h2 { "Trang được mở nhiều nhất" } (pages(figures, titles)) }
        section { h2 { "Nhận xét của người dân" } (ratings(figures, titles)) }
        section { h2 { "Câu hỏi trắc nghiệm" } (quizzes(figures, titles)) }
    }
}

fn key_figures(figures: &Figures, period: Period) -> Markup {
    let visits = figures.visits.total;
    let opened = figures.pages.iter().fold(0_u64, |sum, page| sum.saturating_add(page.n));
    let rated = figures.rated;
    let good = words::percent(rated.good, rated.total());
    let unplaced = [
        (figures.visits.undated, "lượt không rõ ngày, không tính vào kỳ nào"),
        (
            figures.visits.partly,
            "lượt của những tháng chỉ có một phần trong kỳ, không tính ở đây",
        ),
    ];
    html! {
        ul.key-figures {
            li { strong { (count(visits)) } " lượt sử dụng " (period.name()) }
            li { strong { (words::average(visits, period.days())) } " lượt mỗi ngày" }
            li { strong { (count(opened)) } " lần mở trang" }
            li { strong { (good.as_deref().unwrap_or("–")) } " nhận xét là hữu ích" }
        }
        @for (n, what) in unplaced.into_iter().filter(|(n, _)| *n > 0) {
            p.hint { (count(n)) " " (what) "." }
        }
    }
}

fn visits(figures: &Figures) -> Markup {
    let visits = &figures.visits;
    if visits.total == 0 {
        return nothing();
    }
    let by_month = visits.by_day.len() > chart::MOST_DAYS;
    let (name, rows): (&str, Vec<Vec<String>>) = if by_month {
        let months = visits.by_month.iter();
        (
            "Tháng",
            months.map(|(month, n)| vec![words::month(*month), count(*n)]).collect(),
        )
    } else {
        let days = visits.by_day.iter();
        (
            "Ngày",
            days.map(|(day, n)| vec![words::date(*day), count(*n)]).collect(),
        )
    };
    let of_rests = visits.month_rests.saturating_add(visits.year_rests);
    let hours = (0_u32..).zip(visits.by_hour).filter(|(_, n)| *n > 0);
    let hours: Vec<Vec<String>> = hours.map(|(hour, n)| vec![format!("{hour} giờ"), count(n)]).collect();
    html! {
        (charted(&chart::visits(figures), &table("Lượt sử dụng", &[name, "Lượt"], &rows)))
        @if of_rests > 0 {
            p.hint {
                (count(of_rests)) " lượt của những ngày ít người chỉ biết tháng hoặc năm; có trong tổng số, không có trong từng ngày."
            }
        }
        (charted(&chart::hours(figures), &table("Lượt sử dụng theo giờ", &["Giờ", "Lượt"], &hours)))
    }
}

fn pages(figures: &Figures, titles: &Titles) -> Markup {
    let top: Vec<&Count> = figures.pages.iter().take(TOP).collect();
    if top.is_empty() {
        return nothing();
    }
    let bars: Vec<Bar> = top
        .iter()
        .map(|page| Bar::new(titles.title(&page.id), page.n))
        .collect();
    let row = |page: &&Count| vec![titles.title(&page.id).to_owned(), count(page.n)];
    let rows: Vec<Vec<String>> = top.iter().map(row).collect();
    charted(
        &chart::bars("Các trang được mở nhiều nhất (số lần)", &bars),
        &table("Số lần mở", &["Trang", "Lần"], &rows),
    )
}

fn ratings(figures: &Figures, titles: &Titles) -> Markup {
    if figures.rated.total() == 0 && figures.visits_rated.total() == 0 {
        return nothing();
    }
    let named = |(id, faces): &(String, Faces)| (titles.title(id).to_owned(), *faces);
    let top: Vec<(String, Faces)> = figures.ratings.iter().take(TOP).map(named).collect();
    let visits = ("Cả lượt dùng máy".to_owned(), figures.visits_rated);
    let all = ("Tất cả các trang".to_owned(), figures.rated);
    let row =
        |(title, faces): &(String, Faces)| vec![title.clone(), count(faces.good), count(faces.fair), count(faces.poor)];
    let rows: Vec<Vec<String>> = [&all, &visits].into_iter().chain(&top).map(row).collect();
    let head = ["good", "fair", "poor"].map(|face| words::group(Signal::Rated, face));
    charted(
        &chart::ratings("Nhận xét về các trang (số lần)", &top),
        &table("Nhận xét", &["Nhận xét về", head[0], head[1], head[2]], &rows),
    )
}

fn quizzes(figures: &Figures, titles: &Titles) -> Markup {
    let finished = |set: &Scores| set.scores.iter().fold(0_u64, |sum, score| sum.saturating_add(score.n));
    let top: Vec<&Scores> = figures.quizzes.iter().take(TOP).collect();
    if top.is_empty() {
        return nothing();
    }
    let bars: Vec<Bar> = top
        .iter()
        .map(|set| Bar::new(titles.title(&set.set), finished(set)))
        .collect();
    let row = |set: &&Scores| {
        let mut cells = vec![titles.title(&set.set).to_owned()];
        cells.extend(set.scores.iter().map(|score| count(score.n)));
        cells
    };
    let rows: Vec<Vec<String>> = top.iter().map(row).collect();
    let scores = top[0]
        .scores
        .iter()
        .map(|score| words::group(Signal::QuizFinished, &score.id));
    let head: Vec<&str> = std::iter::once("Bộ câu hỏi").chain(scores).collect();
    charted(
        &chart::bars("Số lần làm xong bộ câu hỏi", &bars),
        &table("Số lần làm xong, theo điểm", &head, &rows),
    )
}
