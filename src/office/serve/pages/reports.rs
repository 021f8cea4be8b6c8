//! The choice of a report, and the report itself in its forms.

use std::fmt::Display;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use tokio::task::spawn_blocking;

use super::layout::{Tab, layout};
use super::parts::{self, Asked, query};
use super::session::{Officer, Posted};
use super::{App, PageError, page};
#[cfg(feature = "print")]
use crate::office::publish::paper;
use crate::office::report::Issuer;
use crate::office::reporting;

/// The report's page has its own style in it, so that it stays whole when it is saved.
const OWN_STYLE: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/// The longest name of a body or a place, in letters.
const LONGEST_NAME: usize = 120;

pub async fn choose(
    State(app): State<Arc<App>>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let today = (app.now)().date_naive();
    let (period, understood) = asked.period(today);
    let kiosk = match &asked.kiosk {
        Some(id) => Some(app.store.kiosk(id).await?.ok_or(PageError::NotFound)?),
        None => None,
    };
    let id = kiosk.as_ref().map(|kiosk| kiosk.id.as_str());
    let address = |form: &str| format!("/reports/{form}{}", query(period, id));
    let body = html! {
        (parts::periods("/reports", period, understood, id, today))
        section {
            h2 { "Báo cáo " (period.name()) }
            @match &kiosk {
                Some(kiosk) => p { "Chỉ của máy " strong { (kiosk.name) } ": không có bảng theo kế hoạch, vì các việc đã làm là của cả xã. " a href=(format!("/reports{}", query(period, None))) { "Làm báo cáo của tất cả các máy" } },
                None => p.hint { "Của cả xã: các việc đã ghi ở trang " a href="/activities" { "Hoạt động" } " và số liệu của tất cả các máy. Hai trang đầu để ký, bảng số đầy đủ ở Phụ lục. Muốn làm báo cáo của một máy: mở trang Máy, chọn máy đó." },
            }
            ul.forms {
                li { a href=(address("html")) { "Xem trên màn hình" } }
                @if cfg!(feature = "print") {
                    li { a href=(address("pdf")) { "Tải tệp PDF để in và ký" } }
                    li { a href=(address("docx")) { "Tải tệp Word để sửa câu chữ rồi mới ký" } }
                }
                li { a href=(address("xlsx")) { "Tải bảng tính Excel" } }
                li { a href=(address("csv")) { "Tải tệp CSV" } }
            }
        }
        @if officer.runs() { section { h2 { "Cơ quan báo cáo" } (issuer_form(&officer, &reporting::issuer(&app.store).await?)) } }
    };
    Ok(page(layout(&officer, Tab::Reports, "Báo cáo", &body)))
}

fn issuer_form(officer: &Officer, issuer: &Issuer) -> Markup {
    let fields = [
        ("superior", "Cơ quan cấp trên (có thể để trống)", &issuer.superior),
        ("body", "Cơ quan ban hành", &issuer.body),
        (
            "abbreviation",
            "Chữ viết tắt trong số của báo cáo",
            &issuer.abbreviation,
        ),
        ("place", "Địa danh", &issuer.place),
    ];
    html! {
        p.hint { "Những dòng này đứng ở đầu báo cáo. Số, ngày ký, nơi nhận và người ký thì ghi tay sau khi in." }
        form.lines method="post" action="/reports/issuer" {
            (officer.token())
            @for (name, label, value) in fields {
                label for=(name) { (label) }
                input id=(name) name=(name) value=(value) maxlength=(LONGEST_NAME);
            }
            button type="submit" { "Lưu" }
        }
    }
}

pub async fn set_issuer(
    State(app): State<Arc<App>>,
    Posted(_officer, issuer): Posted<Issuer>,
) -> Result<Response, PageError> {
    let fields = [&issuer.superior, &issuer.body, &issuer.abbreviation, &issuer.place];
    let good = |field: &&String| field.chars().count() <= LONGEST_NAME && !field.contains(char::is_control);
    if !fields.iter().all(good) {
        return Err(PageError::Wrong(format!("Mỗi dòng nhiều nhất {LONGEST_NAME} chữ.")));
    }
    reporting::set_issuer(&app.store, &issuer).await?;
    Ok(Redirect::to("/reports").into_response())
}

pub async fn make(
    State(app): State<Arc<App>>,
    _officer: Officer,
    Path(form): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let today = (app.now)().date_naive();
    let (period, understood) = asked.period(today);
    if !understood {
        return Err(PageError::Wrong("Khoảng ngày của báo cáo không đúng.".to_owned()));
    }
    let titles = app.titles().await?;
    let report = reporting::report(&app.store, &titles, period, asked.kiosk.as_deref(), today).await?;
    let report = report.ok_or(PageError::NotFound)?;
    let file = |ending: &str, kind: &'static str| {
        let name = format!("attachment; filename=\"{}.{ending}\"", report.file_name());
        [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, name),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ]
    };
    match form.as_str() {
        "html" => {
            let headers = [
                (header::CONTENT_SECURITY_POLICY, OWN_STYLE),
                (header::CACHE_CONTROL, "no-store"),
            ];
            Ok((headers, Html(report.html().into_string())).into_response())
        }
        "csv" => Ok((file("csv", "text/csv; charset=utf-8"), report.csv()).into_response()),
        "xlsx" => {
            let headers = file(
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            );
            made(headers, move || report.xlsx()).await
        }
        #[cfg(feature = "print")]
        "pdf" => made(file("pdf", "application/pdf"), move || paper::report::pdf(&report)).await,
        #[cfg(feature = "print")]
        "docx" => {
            let headers = file(
                "docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            );
            made(headers, move || paper::report::docx(&report)).await
        }
        _ => Err(PageError::NotFound),
    }
}

/// A file that takes long to make, made beside the answers.
async fn made<E: Display + Send + 'static>(
    headers: [(HeaderName, String); 3],
    work: impl FnOnce() -> Result<Vec<u8>, E> + Send + 'static,
) -> Result<Response, PageError> {
    let made = spawn_blocking(work).await;
    let made = made.map_err(|error| PageError::Failed(error.to_string()))?;
    let made = made.map_err(|error| PageError::Failed(error.to_string()))?;
    Ok((headers, made).into_response())
}
