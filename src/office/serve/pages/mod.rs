//! What people see: pages made here, in Vietnamese, that work without scripts, on a phone and on paper.
//!
//! One file a page; [`layout`] is around all of them, [`parts`] are what several are made of, [`session`] knows who is asking.
//! Pages show, and let officers decide; what they show is reckoned elsewhere. Begin with [`router`].

mod accounts;
mod activities;
#[cfg(feature = "print")]
mod channels;
mod content;
mod corrections;
mod deeds;
mod deliveries;
mod kiosks;
mod layout;
mod newcomers;
mod note;
mod overview;
mod packs;
mod parts;
mod reports;
mod session;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use maud::Markup;

use self::layout::message;
use super::App;
use crate::office::receive::ReceiveError;
use crate::office::store::DatabaseError;

/// The most bytes of a short form: a choice of all channels of all pages.
const LARGEST_FORM: usize = 128 * 1024;

/// The most bytes that come from one stick at a time: many years of many kiosks.
const LARGEST_DELIVERY: usize = 256 * 1024 * 1024;

pub use self::sign_in::be_ready;

/// What officers look at, and what they send in short forms.
pub fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let router = Router::new();
    #[cfg(feature = "print")]
    let router = router
        .route("/channels", get(channels::show).post(channels::make))
        .route("/channels/{number}", get(channels::take));
    router
        .route("/", get(overview::show))
        .route("/style.css", get(style))
        .route(
            "/sign-in",
            get(sign_in::show)
                .post(sign_in::enter)
                .layer(DefaultBodyLimit::max(sign_in::LARGEST)),
        )
        .route("/sign-out", post(sign_in::leave))
        .route("/activities", get(activities::show))
        .route("/activities/plan", post(activities::set_goals))
        .route("/activities/{what}", get(note::choose).post(note::note))
        .route("/activities/{what}/remove", post(activities::remove))
        .route("/kiosks", get(kiosks::list))
        .route("/kiosks/{id}", get(kiosks::show))
        .route("/kiosks/accept", post(newcomers::accept_by_words))
        .route("/kiosks/forget", post(newcomers::forget))
        .route("/kiosks/dismiss", post(newcomers::dismiss_all))
        .route("/kiosks/{id}/accept", post(newcomers::accept))
        .route("/kiosks/{id}/dismiss", post(newcomers::dismiss))
        .route("/kiosks/{id}/retire", post(kiosks::retire))
        .route("/kiosks/{id}/void", post(corrections::void))
        .route("/kiosks/{id}/restore", post(corrections::restore))
        .route("/kiosks/{id}/close", post(corrections::close))
        .route("/kiosks/{id}/forget", post(corrections::forget))
        .route("/kiosks/{id}/{sequence}/{what}", post(kiosks::decide))
        .route("/kiosks/{id}/receipt", get(kiosks::receipt))
        .route("/deliveries/receipts", post(deliveries::receipts_of))
        .route("/content", get(content::show))
        .route("/packs", get(packs::list))
        .route("/packs/{id}/{sequence}/offer", post(packs::offer))
        .route("/packs/{id}/{sequence}/remove", post(packs::remove))
        .route("/reports", get(reports::choose))
        .route("/reports/issuer", post(reports::set_issuer))
        .route("/reports/{form}", get(reports::make))
        .route("/accounts", get(accounts::list).post(accounts::set))
        .route("/accounts/{name}/remove", post(accounts::remove))
        .route("/password", get(accounts::own).post(accounts::set_own))
        .route("/deeds", get(deeds::show))
        .route_layer(from_fn_with_state(app.clone(), deeds::note))
        .route_layer(from_fn(sign_in::keep))
        .fallback(nowhere)
        .layer(map_response(in_words))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
}

/// What officers send in long files; the limits of short requests would cut these off.
pub fn uploads(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route(
            "/deliveries",
            get(deliveries::show)
                .post(deliveries::take)
                .layer(DefaultBodyLimit::max(LARGEST_DELIVERY)),
        )
        .route(
            "/packs/upload",
            post(packs::upload).layer(DefaultBodyLimit::max(packs::LARGEST)),
        )
        .route_layer(from_fn_with_state(app.clone(), deeds::note))
        .layer(map_response(in_words))
}

/// Refusals that were not written here say nothing or something in English: an address with a page that is no number, the address of a form
/// that is opened as a page. Officers get a page in their place.
async fn in_words(answer: Response) -> Response {
    let is_page = answer.headers().get(header::CONTENT_TYPE);
    let is_page = is_page.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page || !answer.status().is_client_error() {
        return answer;
    }
    let status = answer.status();
    let (title, words) = match status {
        StatusCode::METHOD_NOT_ALLOWED => (
            "Không có trang này",
            "Địa chỉ này chỉ để gửi mẫu đi, không mở xem được. Mời về trang tổng quan rồi chọn lại.",
        ),
        _ => (
            "Chưa làm được",
            "Địa chỉ hoặc mẫu gửi lên không đúng. Mời quay lại, tải lại trang rồi làm lại. Chưa có gì thay đổi.",
        ),
    };
    let (mut parts, _) = answer.into_parts();
    // Those of the page that is said instead; what else there is, such as what is allowed, stays.
    for old in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        parts.headers.remove(old);
    }
    let mut said = page(message(title, words));
    *said.status_mut() = status;
    said.headers_mut().extend(parts.headers);
    said
}

async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "max-age=3600"),
    ];
    (headers, layout::STYLE).into_response()
}

async fn nowhere() -> PageError {
    PageError::NotFound
}

/// A page as an answer. Nobody in between keeps it.
fn page(page: Markup) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Html(page.into_string())).into_response()
}

/// Why there is no page.
#[derive(Debug)]
enum PageError {
    /// There is no such thing.
    NotFound,
    /// What was sent does not come from a page of this office, or that page is too old.
    Stale,
    /// The account is for less.
    NotAllowed,
    /// What was sent makes no sense; why, in Vietnamese.
    Wrong(String),
    /// The database fails.
    Database(DatabaseError),
    /// Nothing was decided about a bundle.
    Receive(ReceiveError),
    /// The server's disk is full, as the log says.
    Full(String),
    /// The program or its disk fails; what for the log.
    Failed(String),
}

impl From<DatabaseError> for PageError {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<ReceiveError> for PageError {
    fn from(error: ReceiveError) -> Self {
        Self::Receive(error)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, title, words) = match self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "Không có trang này",
                "Địa chỉ bị sai, hoặc mục này đã được xoá.".to_owned(),
            ),
            Self::Stale => (
                StatusCode::FORBIDDEN,
                "Trang đã cũ",
                "Mời quay lại, tải lại trang rồi làm lại. Chưa có gì thay đổi.".to_owned(),
            ),
            Self::NotAllowed => (
                StatusCode::FORBIDDEN,
                "Tài khoản này không làm được việc đó",
                "Cần làm thì mời nhờ người quản lý tài khoản. Chưa có gì thay đổi.".to_owned(),
            ),
            Self::Wrong(words) => (StatusCode::BAD_REQUEST, "Chưa làm được", words),
            Self::Database(error @ DatabaseError::Sums(_)) => {
                tracing::error!("{error}");
                let words = "Số tổng không khớp với các gói. Mời gọi kỹ thuật viên chạy lệnh office figures rebuild. Chưa có gì thay đổi.";
                (StatusCode::CONFLICT, "Chưa làm được", words.to_owned())
            }
            Self::Database(error @ DatabaseError::Unsure(_)) => unsure(&error),
            Self::Receive(ReceiveError::Database(error)) if matches!(*error, DatabaseError::Unsure(_)) => {
                unsure(&error)
            }
            Self::Database(error) if error.is_full() => full(&error.to_string()),
            Self::Receive(ReceiveError::Database(error)) if error.is_full() => full(&error.to_string()),
            Self::Full(error) => full(&error),
            Self::Database(error) => return busy(&error.to_string()),
            Self::Receive(error) => return busy(&error.to_string()),
            Self::Failed(error) => {
                tracing::error!("{error}");
                let words = "Máy chủ gặp lỗi. Mời thử lại; nếu vẫn vậy, mời gọi kỹ thuật viên.".to_owned();
                (StatusCode::INTERNAL_SERVER_ERROR, "Máy chủ gặp lỗi", words)
            }
        };
        (status, page(message(title, &words))).into_response()
    }
}

/// Nobody knows whether it was done.
fn unsure(error: &DatabaseError) -> (StatusCode, &'static str, String) {
    tracing::error!("{error}");
    let words = "Cơ sở dữ liệu không trả lời đúng lúc ghi nên chưa rõ đã ghi hay chưa. Mời mở lại trang trước để xem, chưa có thì làm lại.";
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "Chưa rõ đã xong hay chưa",
        words.to_owned(),
    )
}

/// Waiting does not help: somebody has to make room.
fn full(error: &str) -> (StatusCode, &'static str, String) {
    tracing::error!("{error}");
    let words = "Ổ đĩa của máy chủ đã đầy nên không ghi được nữa. Mời gọi kỹ thuật viên. Chưa có gì thay đổi.";
    (StatusCode::INSUFFICIENT_STORAGE, "Máy chủ hết chỗ", words.to_owned())
}

fn busy(error: &str) -> Response {
    tracing::error!("{error}");
    let words = "Cơ sở dữ liệu chưa trả lời. Mời thử lại sau ít phút. Chưa có gì thay đổi.";
    let retry = [(header::RETRY_AFTER, super::limits::COME_BACK)];
    (
        StatusCode::SERVICE_UNAVAILABLE,
        retry,
        page(message("Máy chủ đang bận", words)),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[tokio::test]
    async fn whoever_finds_the_disk_full_is_not_told_to_try_again() {
        let full = || DatabaseError::from(io::Error::from(io::ErrorKind::StorageFull));
        for error in [
            PageError::Database(full()),
            PageError::Receive(ReceiveError::Database(Arc::new(full()))),
            PageError::Full("the disk".to_owned()),
        ] {
            let answer = error.into_response();
            assert_eq!(answer.status(), StatusCode::INSUFFICIENT_STORAGE);
            let page = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
            let page = String::from_utf8_lossy(&page);
            assert!(
                page.contains("Ổ đĩa của máy chủ đã đầy") && !page.contains("thử lại"),
                "{page}"
            );
        }
        let busy = PageError::Database(DatabaseError::Silent).into_response();
        assert_eq!(busy.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
