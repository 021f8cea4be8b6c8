//! "Hoạt động": what was done for the commune's plan, beside what is planned; from here it is noted with two more touches ([`super::note`]).
//!
//! Begin with [`show`].

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Datelike, NaiveDate};
use maud::{Markup, html};
use serde::Deserialize;

use super::deeds::About;
use super::layout::{Tab, layout};
use super::parts::asked_first;
use super::session::{Empty, Officer, Posted};
use super::{App, PageError, page};
use crate::office::plan::{Activity, Done, Goals, MOST_PLANNED, Plans, Row};
use crate::office::report::Period;
use crate::office::reporting;
use crate::office::words::{date, read_number};

/// How many activities stand on a page.
const A_PAGE: u64 = 50;

/// What a field for a whole number takes, with dots between thousands or without. Not `type="number"`: a browser makes 125 of `12,5` there.
pub const WHOLE: &str = r"\s*(\d+|\d{1,3}(\.\d{3})+)\s*";

/// What such a field says when it takes something not.
pub const ONLY_DIGITS: &str = "Chỉ ghi bằng chữ số, ví dụ 75 hoặc 1.500.";

#[derive(Deserialize)]
pub struct Wanted {
    /// The activity that was noted just now.
    noted: Option<String>,
    /// The one that was noted before by the same form.
    known: Option<String>,
    /// What else was done just now: `removed`, `planned`.
    done: Option<String>,
    page: Option<u64>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    officer: Officer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let today = (app.now)().date_naive();
    let plans = reporting::plans(&app.store).await?;
    let year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let activities = app.store.activities(year, today).await?;
    let notice = notice(&app, &officer, &wanted).await?;
    let shown = wanted.page.unwrap_or(1).clamp(1, 10_000);
    let listed_here = app.store.newest_activities((shown - 1) * A_PAGE, A_PAGE + 1).await?;
    let body = html! {
        (notice)
        section {
            h2 { "Theo kế hoạch, năm " (today.year()) }
            @if officer.runs() { p.hint { "Việc làm xong thì bấm vào dòng của việc ấy để ghi. Chỉ ghi con số, không ghi tên ai." } }
            (rows(&officer, &plans, &activities, today))
            p.hint { "Những số này vào báo cáo tháng, 6 tháng, năm, ở trang " a href="/reports" { "Báo cáo" } "." }
        }
        (listed(&officer, &listed_here, shown))
        @if officer.runs() { (goals_form(&officer, plans.of(today.year()), today.year())) }
    };
    Ok(page(layout(&officer, Tab::Activities, "Hoạt động", &body)))
}

/// What was done just now, with a way to take back what was noted.
async fn notice(app: &App, officer: &Officer, wanted: &Wanted) -> Result<Markup, PageError> {
    let (id, words) = match (&wanted.noted, &wanted.known) {
        (Some(id), _) => (Some(id), "Đã ghi: "),
        (None, Some(id)) => (Some(id), "Việc này đã ghi từ trước, không ghi thêm: "),
        (None, None) => (None, ""),
    };
    let noted = match id {
        Some(id) => app.store.activity(id).await?,
        None => None,
    };
    let done = match wanted.done.as_deref() {
        Some("removed") => Some("Đã xoá việc ghi nhầm."),
        Some("planned") => Some("Đã lưu số kế hoạch."),
        _ => None,
    };
    Ok(html! {
        @if let Some(noted) = noted {
            div.notice {
                p role="status" { (words) (said(&noted)) "." }
                @if officer.runs() { (remove_form(officer, &noted)) }
            }
        }
        @if let Some(done) = done { p.notice role="status" { (done) } }
    })
}

fn remove_form(officer: &Officer, activity: &Activity) -> Markup {
    let address = format!("/activities/{}/remove", activity.id);
    let question = format!("Xoá hẳn “{}” ngày {}?", activity.title, date(activity.day));
    asked_first(officer, &address, "Xoá", &question, "Xoá hẳn")
}

/// The plan, with a way to note something in each row.
fn rows(officer: &Officer, plans: &Plans, activities: &[Activity], today: NaiveDate) -> Markup {
    let month = Period::month(today.year(), today.month());
    let year = Period::month(today.year(), 1).map_or(today, Period::from);
    let from = month.map_or(today, Period::from);
    let done = |row, from| {
        // Where nothing at all was noted, nobody knows whether nothing was done.
        let is_noted = activities.iter().any(|activity| (from..=today).contains(&activity.day));
        Done::of(row, activities, from, today).text_where(row, is_noted)
    };
    html! {
        table.plan {
            caption { "Tính đến ngày " (date(today)) }
            thead { tr { th scope="col" { "Nội dung" } th scope="col" { "Kế hoạch năm" } th scope="col" { "Tháng này" } th scope="col" { "Từ đầu năm" } } }
            tbody {
                @for row in Row::ALL {
                    tr {
                        th scope="row" {
                            @if officer.runs() { a href=(format!("/activities/{}", row.key())) { (row.named()) } } @else { (row.named()) }
                        }
                        td { (plans.in_year(row, today.year()).text(row)) }
                        td { (done(row, from)) }
                        td { (done(row, year)) }
                    }
                }
            }
        }
    }
}

/// What was noted, the newest day first, with a way to take back what is wrong, however long ago it was.
fn listed(officer: &Officer, activities: &[Activity], shown: u64) -> Markup {
    let a_page = usize::try_from(A_PAGE).unwrap_or(usize::MAX);
    let has_more = activities.len() > a_page;
    html! {
        @if !activities.is_empty() || shown > 1 {
            section id="noted" {
                h2 { "Việc đã ghi" }
                div.words {
                    table {
                        caption { "Mới nhất trước" @if shown > 1 { ", trang " (shown) } }
                        thead { tr { th scope="col" { "Ngày" } th scope="col" { "Việc" } th scope="col" { "Số đã ghi" } th scope="col" { "Người ghi" } @if officer.runs() { th scope="col" { "Ghi nhầm" } } } }
                        tbody {
                            @for activity in activities.iter().take(a_page) {
                                tr {
                                    th scope="row" { (date(activity.day)) }
                                    td { (activity.row.number()) " " (activity.title) }
                                    td { (activity.numbers()) }
                                    td { (activity.by) }
                                    @if officer.runs() { td { (remove_form(officer, activity)) } }
                                }
                            }
                        }
                    }
                }
                @if shown > 1 || has_more {
                    p {
                        @if shown > 1 { a href=(format!("/activities?page={}#noted", shown - 1)) { "Mới hơn" } " " }
                        @if has_more { a href=(format!("/activities?page={}#noted", shown + 1)) { "Cũ hơn" } }
                    }
                }
            }
        }
    }
}

/// An activity in a line.
pub fn said(activity: &Activity) -> String {
    let (number, day) = (activity.row.number(), date(activity.day));
    format!("{number} {}, ngày {day}, {}", activity.title, activity.numbers())
}

fn goals_form(officer: &Officer, goals: &Goals, year: i32) -> Markup {
    html! {
        section {
            details {
                summary { "Số kế hoạch trong năm" }
                p.hint { "Kế hoạch của xã chỉ nêu số cho đài (mỗi tháng 1 chương trình, phát 3 lần) và hội nghị hỏi đáp (ít nhất mỗi quý 1 lần); còn lại là “hằng năm”. Xã định khác thì sửa ở đây; không làm thì ghi 0. Số ghi ở đây là của năm " (year) " và các năm sau; các năm trước giữ nguyên." }
                form.lines method="post" action="/activities/plan" {
                    (officer.token())
                    @for row in Row::ALL {
                        label for=(row.key()) { (row.named()) " (" (row.unit()) ")" }
                        input id=(row.key()) name=(row.key()) type="text" inputmode="numeric" pattern=(WHOLE) title=(ONLY_DIGITS) value=(goals.in_year(row)) required;
                    }
                    button type="submit" { "Lưu số kế hoạch" }
                }
            }
        }
    }
}

/// What was wrong with a form, and the way back to it.
pub fn wrong(officer: &Officer, words: &str, back: &str) -> Response {
    let body = html! {
        section {
            p.trouble role="alert" { (words) }
            p { a href=(back) { "Quay lại để ghi lại" } }
        }
    };
    let page = page(layout(officer, Tab::Activities, "Chưa làm được", &body));
    (StatusCode::BAD_REQUEST, page).into_response()
}

pub async fn set_goals(
    State(app): State<Arc<App>>,
    Posted(officer, fields): Posted<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let mut goals = Goals::default();
    for row in Row::ALL {
        let number = fields.get(row.key()).and_then(|text| read_number(text));
        let Some(number) = number.filter(|number| *number <= MOST_PLANNED) else {
            let words = format!(
                "Số kế hoạch của nội dung {} là từ 0 đến 1.000, chỉ ghi bằng chữ số.",
                row.called()
            );
            return Ok(wrong(&officer, &words, "/activities"));
        };
        goals.set(row, number);
    }
    let year = (app.now)().date_naive().year();
    reporting::set_goals(&app.store, year, &goals).await?;
    let planned = Row::ALL.map(|row| format!("{}={}", row.key(), goals.in_year(row)));
    let about = Extension(About(format!("năm {year}: {}", planned.join(", "))));
    Ok((about, Redirect::to("/activities?done=planned")).into_response())
}

pub async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Posted(officer, Empty {}): Posted<Empty>,
) -> Result<Response, PageError> {
    let removed = app.store.remove_activity(&id).await?.ok_or(PageError::NotFound)?;
    tracing::info!(row = removed.row.number(), by = officer.name, "an activity was removed");
    let about = Extension(About(said(&removed)));
    Ok((about, Redirect::to("/activities?done=removed")).into_response())
}
