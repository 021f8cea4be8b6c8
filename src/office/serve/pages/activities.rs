//! "Hoạt động": what was done for the commune's plan, beside what is planned; from here it is noted with two more touches ([`super::note`]).
//!
//! Begin with [`show`].

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Extension, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Datelike, Months, NaiveDate};
use maud::{Markup, html};
use serde::Deserialize;

use super::deeds::About;
use super::layout::{Tab, layout};
use super::session::{Empty, Officer, Posted};
use super::{App, PageError, page};
use crate::office::plan::{Activity, Done, Goals, MOST_PLANNED, Row};
use crate::office::report::Period;
use crate::office::reporting;
use crate::office::words::date;

/// How many activities the page lists; all of them stand in the report's workbook.
const MOST_LISTED: usize = 50;

#[derive(Deserialize)]
pub struct Wanted {
    /// The activity that was noted just now.
    noted: Option<String>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    officer: Officer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let today = (app.now)().date_naive();
    let goals = reporting::goals(&app.store).await?;
    let year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    // Of last year too, because December is noted in January.
    let activities = app.store.activities(year - Months::new(12), today).await?;
    let noted = match &wanted.noted {
        Some(id) => app.store.activity(id).await?,
        None => None,
    };
    let body = html! {
        @if let Some(noted) = noted { p.notice role="status" { "Đã ghi: " (said(&noted)) "." } }
        section {
            h2 { "Theo kế hoạch, năm " (today.year()) }
            @if officer.runs() { p.hint { "Việc làm xong thì bấm vào dòng của việc ấy để ghi. Chỉ ghi con số, không ghi tên ai." } }
            (rows(&officer, &goals, &activities, today))
            p.hint { "Những số này vào báo cáo tháng, 6 tháng, năm, ở trang " a href="/reports" { "Báo cáo" } "." }
        }
        (listed(&officer, &activities))
        @if officer.runs() { (goals_form(&officer, &goals)) }
    };
    Ok(page(layout(&officer, Tab::Activities, "Hoạt động", &body)))
}

/// The plan, with a way to note something in each row.
fn rows(officer: &Officer, goals: &Goals, activities: &[Activity], today: NaiveDate) -> Markup {
    let month = Period::month(today.year(), today.month());
    let year = Period::month(today.year(), 1).map_or(today, Period::from);
    let from = month.map_or(today, Period::from);
    html! {
        table.plan {
            caption { "Đã ghi đến ngày " (date(today)) }
            thead { tr { th scope="col" { "Nội dung" } th scope="col" { "Kế hoạch năm" } th scope="col" { "Tháng này" } th scope="col" { "Từ đầu năm" } } }
            tbody {
                @for row in Row::ALL {
                    tr {
                        th scope="row" {
                            @if officer.runs() { a href=(format!("/activities/{}", row.number())) { (row.named()) } } @else { (row.named()) }
                        }
                        td { (goals.planned(row, Some(12)).text(row)) }
                        td { (Done::of(row, activities, from, today).text(row)) }
                        td { (Done::of(row, activities, year, today).text(row)) }
                    }
                }
            }
        }
    }
}

/// What was noted, the newest day first, with a way to take back what is wrong.
fn listed(officer: &Officer, activities: &[Activity]) -> Markup {
    html! {
        @if !activities.is_empty() {
            section {
                h2 { "Việc đã ghi" }
                div.words {
                    table {
                        caption { @if activities.len() > MOST_LISTED { (MOST_LISTED) " việc mới nhất, tất cả có trong bảng tính của báo cáo" } @else { "Mới nhất trước" } }
                        thead { tr { th scope="col" { "Ngày" } th scope="col" { "Việc" } th scope="col" { "Số đã ghi" } th scope="col" { "Người ghi" } @if officer.runs() { th scope="col" { "Ghi nhầm" } } } }
                        tbody {
                            @for activity in activities.iter().take(MOST_LISTED) {
                                tr {
                                    th scope="row" { (date(activity.day)) }
                                    td { (activity.row.number()) " " (activity.title) }
                                    td { (numbers(activity)) }
                                    td { (activity.by) }
                                    @if officer.runs() { td {
                                        form.line method="post" action=(format!("/activities/{}/remove", activity.id)) {
                                            (officer.token())
                                            button.quiet type="submit" aria-label=(format!("Xoá: {} ngày {}", activity.title, date(activity.day))) { "Xoá" }
                                        }
                                    } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// An activity's numbers in words: `1 lớp, 75 người dự`.
fn numbers(activity: &Activity) -> String {
    let one = std::slice::from_ref(activity);
    Done::of(activity.row, one, activity.day, activity.day).text(activity.row)
}

/// An activity in a line.
pub fn said(activity: &Activity) -> String {
    let (number, day) = (activity.row.number(), date(activity.day));
    format!("{number} {}, ngày {day}, {}", activity.title, numbers(activity))
}

fn goals_form(officer: &Officer, goals: &Goals) -> Markup {
    html! {
        section {
            details {
                summary { "Số kế hoạch trong năm" }
                p.hint { "Kế hoạch của xã chỉ định số cho đài (mỗi tháng 1 chương trình, phát 3 lần) và hội nghị hỏi đáp (ít nhất mỗi quý 1 lần); còn lại là “hằng năm”. Xã định khác thì sửa ở đây; không làm thì ghi 0." }
                form.lines method="post" action="/activities/plan" {
                    (officer.token())
                    @for row in Row::ALL {
                        label for=(row.number()) { (row.named()) " (" (row.unit()) ")" }
                        input id=(row.number()) name=(row.number()) type="number" min="0" max=(MOST_PLANNED) value=(goals.in_year(row)) required;
                    }
                    button type="submit" { "Lưu số kế hoạch" }
                }
            }
        }
    }
}

pub async fn set_goals(
    State(app): State<Arc<App>>,
    Posted(_officer, fields): Posted<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let mut goals = Goals::default();
    for row in Row::ALL {
        let number = fields
            .get(row.number())
            .and_then(|text| text.trim().parse::<u64>().ok());
        let number = number
            .filter(|number| *number <= MOST_PLANNED)
            .ok_or_else(|| PageError::Wrong(format!("Số kế hoạch của nội dung {} là từ 0 đến 1.000.", row.number())))?;
        goals.set(row, number);
    }
    reporting::set_goals(&app.store, &goals).await?;
    Ok(Redirect::to("/activities").into_response())
}

pub async fn remove(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Posted(officer, Empty {}): Posted<Empty>,
) -> Result<Response, PageError> {
    let removed = app.store.remove_activity(&id).await?.ok_or(PageError::NotFound)?;
    tracing::info!(row = removed.row.number(), by = officer.name, "an activity was removed");
    let about = Extension(About(said(&removed)));
    Ok((about, Redirect::to("/activities")).into_response())
}
