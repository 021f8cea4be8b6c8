//! Who did what, and when: the page, and what notes it. Begin with [`note`].

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath, Query, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Deserialize;
use tokio::spawn;

use super::layout::{Tab, layout};
use super::parts::{moment, nothing, table};
use super::session::Officer;
use super::{App, PageError, page};
use crate::office::store::{Deed, What};

/// How many stand on a page.
const A_PAGE: u64 = 100;

/// The longest of what a deed is about that is kept, in letters.
const LONGEST_ABOUT: usize = 120;

/// What a deed was about, where its address doesn't say it: a handler lays it into its answer.
#[derive(Debug, Clone)]
pub struct About(pub String);

/// What it is called to send a form to this address, or to take something from it away; `None` if that is not worth a note.
fn called(method: &Method, route: &str, path: &str) -> Option<&'static str> {
    let (is_post, is_get) = (method == Method::POST, method == Method::GET);
    Some(match route {
        "/kiosks/accept" if is_post => "Duyệt trước một máy",
        "/kiosks/forget" if is_post => "Bỏ một máy khỏi danh sách duyệt trước",
        "/kiosks/dismiss" if is_post => "Bỏ mọi máy chưa duyệt",
        "/kiosks/{id}/accept" if is_post => "Duyệt, đặt tên hoặc dùng lại máy",
        "/kiosks/{id}/dismiss" if is_post => "Bỏ máy chưa duyệt",
        "/kiosks/{id}/retire" if is_post => "Cho máy ngừng sử dụng",
        "/kiosks/{id}/void" if is_post => What::Void.called(),
        "/kiosks/{id}/restore" if is_post => What::Restore.called(),
        "/kiosks/{id}/close" if is_post => What::Close.called(),
        "/kiosks/{id}/forget" if is_post => What::Forget.called(),
        "/kiosks/{id}/{sequence}/{what}" if is_post => "Quyết định về gói có ngày chưa đến",
        "/packs/upload" if is_post => "Đưa gói nội dung lên",
        "/packs/{id}/{sequence}/offer" if is_post => "Phát hành gói nội dung hoặc thôi",
        "/packs/{id}/{sequence}/remove" if is_post => "Xoá tệp của gói nội dung",
        "/deliveries" if is_post => "Đưa tệp từ USB lên",
        "/deliveries/receipts" if is_post => "Tải biên nhận cho USB",
        "/channels" if is_post => "Làm tài liệu ở trang Kênh",
        "/channels/{number}" if is_get => "Tải tài liệu của trang Kênh",
        "/activities/{what}" if is_post => "Ghi việc đã làm theo kế hoạch",
        "/activities/{what}/remove" if is_post => "Xoá việc đã ghi",
        "/activities/plan" if is_post => "Sửa số kế hoạch trong năm",
        "/reports/issuer" if is_post => "Sửa nơi ban hành báo cáo",
        "/reports/{form}" if is_get && !path.ends_with("/html") => "Tải báo cáo",
        "/accounts" if is_post => "Thêm tài khoản hoặc đặt mật khẩu",
        "/accounts/{name}/remove" if is_post => "Xoá tài khoản",
        "/password" if is_post => "Đổi mật khẩu của mình",
        _ => return None,
    })
}

/// What it is called to send this, or to take it away.
pub fn what(request: &Request) -> Option<&'static str> {
    let route = request.extensions().get::<MatchedPath>()?;
    called(request.method(), route.as_str(), request.uri().path())
}

/// Has a request answered, and notes what was done if something was.
pub async fn note(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let Some(what) = what(&request) else {
        return next.run(request).await;
    };
    // In a task of its own: what is begun is done and noted, though the browser hang up or time run out.
    let doing = spawn(do_and_note(app, what, request, next));
    doing
        .await
        .unwrap_or_else(|error| PageError::Failed(error.to_string()).into_response())
}

async fn do_and_note(app: Arc<App>, what: &str, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let officer = Officer::from_request_parts(&mut parts, &app).await.ok();
    let about = about(parts.uri.path());
    let answer = next.run(Request::from_parts(parts, body)).await;
    let was_done = answer.status().is_success() || answer.status().is_redirection();
    let Some(officer) = officer.filter(|_| was_done) else {
        return answer;
    };
    let said = answer.extensions().get::<About>().map(|About(said)| said.clone());
    let deed = Deed {
        at: (app.now)().timestamp_millis(),
        by: officer.name,
        what: what.to_owned(),
        about: said.unwrap_or(about).chars().take(LONGEST_ABOUT).collect(),
    };
    if let Err(error) = app.store.note_deed(&deed).await {
        // It is done and can't be taken back; whoever did it has their answer.
        tracing::error!("“{what}” by {} can't be noted: {error}", deed.by);
    }
    answer
}

/// What stands in an address between what it is about and what is done: `le-loi/5` of `/packs/le-loi/5/offer`.
fn about(path: &str) -> String {
    let pieces: Vec<&str> = path.split('/').skip(2).collect();
    match pieces.as_slice() {
        // What was decided of a bundle: `a1b2/7/refuse`.
        [_, number, _] if number.bytes().all(|byte| byte.is_ascii_digit()) && path.starts_with("/kiosks/") => {
            pieces.join("/")
        }
        [about @ .., _] if !about.is_empty() => about.join("/"),
        _ => String::new(),
    }
}

#[derive(Deserialize)]
pub struct Wanted {
    page: Option<u64>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    officer: Officer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let shown = wanted.page.unwrap_or(1).clamp(1, 10_000);
    let deeds = app.store.deeds((shown - 1) * A_PAGE, A_PAGE + 1).await?;
    let has_more = deeds.len() as u64 > A_PAGE;
    let rows: Vec<Vec<String>> = deeds
        .into_iter()
        .take(usize::try_from(A_PAGE).unwrap_or(usize::MAX))
        .map(|deed| vec![moment(deed.at / 1000), deed.by, deed.what, deed.about])
        .collect();
    let body = html! {
        p.hint { "Ai làm gì ở các trang này. Không ghi những gì đã viết vào ô, và không ghi ai chỉ xem. Mỗi loại việc giữ 2.000 lần mới nhất." }
        @if rows.is_empty() { (nothing()) } @else {
            div.wide.words { (table("Việc đã làm, mới nhất trước", &["Lúc", "Tài khoản", "Việc", "Về"], &rows)) }
        }
        @if shown > 1 || has_more {
            p {
                @if shown > 1 { a href=(format!("/deeds?page={}", shown - 1)) { "Mới hơn" } " " }
                @if has_more { a href=(format!("/deeds?page={}", shown + 1)) { "Cũ hơn" } }
            }
        }
    };
    Ok(page(layout(&officer, Tab::Deeds, "Nhật ký", &body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_is_about() {
        for (path, told) in [
            ("/kiosks/a1b2/accept", "a1b2"),
            ("/kiosks/a1b2/7/refuse", "a1b2/7/refuse"),
            ("/packs/le-loi/5/offer", "le-loi/5"),
            ("/accounts/lan/remove", "lan"),
            ("/reports/pdf", ""),
            ("/deliveries", ""),
            ("/kiosks/accept", ""),
        ] {
            assert_eq!(about(path), told, "{path}");
        }
    }
}
