//! Kiosks that nobody has accepted yet: those that wait, one by one or all together, and those that are expected.

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::deeds::About;
use super::parts::{asked_first_of, moment};
use super::session::{Empty, Officer, Posted};
use super::{App, PageError};
use crate::bundle::PublicKey;
use crate::office::receive::{self, Accepted, LONGEST_NAME};
use crate::office::store::{Expected, Seconds, Unknown};
use crate::office::words::{self, number};

/// The longest that six words can be, in bytes.
const LONGEST_WHO: usize = 200;

/// How many of those that wait are shown; when there are more, somebody floods the office.
const MOST_SHOWN: usize = 20;

#[derive(Deserialize)]
pub struct Name {
    name: String,
}

#[derive(Deserialize)]
pub struct Who {
    who: String,
}

#[derive(Deserialize)]
pub struct WhoAndName {
    who: String,
    name: String,
}

#[derive(Deserialize)]
pub struct Since {
    /// When the page was made, in seconds: whoever came later was not seen.
    since: String,
}

/// Those that wait, at the moment `now`.
pub fn waiting(officer: &Officer, unknown: &[Unknown], now: Seconds) -> Markup {
    if unknown.is_empty() {
        return html! {};
    }
    let (all, shown) = (unknown.len(), unknown.len().min(MOST_SHOWN));
    html! {
        section {
            h2 { "Máy chờ duyệt" }
            p.hint {
                "Chỉ duyệt khi sáu chữ dưới đây giống hệt sáu chữ trên trang “Dành cho cán bộ” của máy. Máy nào chưa được duyệt vẫn giữ số liệu của mình."
            }
            @for kiosk in &unknown[..shown] { (approval(officer, kiosk)) }
            @if all > shown {
                p.trouble {
                    "Còn " (all - shown) " máy nữa cũng xin duyệt, có thể ai đó đang làm rối. Máy của xã thì duyệt bằng sáu chữ ở cuối trang này, dù máy có tên trong danh sách hay không."
                }
            }
            @if all > 1 && officer.runs() {
                (asked_first_of(
                    officer,
                    "/kiosks/dismiss",
                    &html! { input type="hidden" name="since" value=(now); },
                    &format!("Không máy nào là máy của xã, bỏ cả {all} máy"),
                    &format!("Bỏ cả {all} máy? Máy đã bỏ thì không hiện lại ở đây; máy nào của xã thì phải duyệt bằng sáu chữ."),
                    &format!("Bỏ cả {all} máy"),
                ))
            }
        }
    }
}

fn approval(officer: &Officer, kiosk: &Unknown) -> Markup {
    let words = PublicKey::from_base64(&kiosk.public_key).map(|key| key.words());
    html! {
        article.approval {
            p.words { (words.as_deref().unwrap_or("(khoá bị lỗi, không duyệt)")) }
            p.hint { (kiosk.id) ", " (number(kiosk.bundles)) " gói, từ " (moment(kiosk.since)) }
            @if officer.runs() { form.line method="post" action=(format!("/kiosks/{}/accept", kiosk.id)) {
                (officer.token())
                label for=(kiosk.id) { "Tên máy" }
                input id=(kiosk.id) name="name" required maxlength=(LONGEST_NAME) placeholder="Ví dụ: Sảnh UBND xã";
                button type="submit" { "Duyệt máy này" }
            }
            form.line method="post" action=(format!("/kiosks/{}/dismiss", kiosk.id)) {
                (officer.token())
                button.quiet type="submit" { "Không phải máy của xã, bỏ khỏi danh sách" }
            } }
        }
    }
}

/// Those that are expected, and the way to expect another.
pub fn expected(officer: &Officer, expected: &[Expected]) -> Markup {
    if !officer.runs() {
        return html! {
            @if !expected.is_empty() { section {
                h2 { "Máy đã duyệt, chưa gửi gì" }
                @for kiosk in expected { p { strong { (kiosk.name) } ", duyệt " (moment(kiosk.since)) } }
            } }
        };
    }
    html! {
        section {
            h2 { "Duyệt bằng sáu chữ" }
            p.hint {
                "Dùng khi máy chưa gửi gì, hoặc khi nhiều máy lạ cùng xin duyệt. Mời ghi sáu chữ, hoặc mã số, trên trang “Dành cho cán bộ” của máy. Máy chưa gửi gì thì được nhận ngay lần gửi đầu."
            }
            form.lines method="post" action="/kiosks/accept" {
                (officer.token())
                label for="who" { "Sáu chữ hoặc mã số của máy" }
                input id="who" name="who" required maxlength=(LONGEST_WHO) autocomplete="off" autocapitalize="none";
                label for="expected-name" { "Tên máy" }
                input id="expected-name" name="name" required maxlength=(LONGEST_NAME) placeholder="Ví dụ: Sảnh UBND xã";
                button type="submit" { "Duyệt" }
            }
            @for kiosk in expected {
                form.line method="post" action="/kiosks/forget" {
                    (officer.token())
                    input type="hidden" name="who" value=(kiosk.who);
                    span { strong { (kiosk.name) } ": đã duyệt " (moment(kiosk.since)) ", chưa gửi gì (" (kiosk.who) ")" }
                    button.quiet type="submit" { "Thôi, không chờ máy này" }
                }
            }
        }
    }
}

pub async fn accept(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Posted(officer, Name { name }): Posted<Name>,
) -> Result<Response, PageError> {
    accept_any(&app, &officer, &id, &name).await
}

pub async fn accept_by_words(
    State(app): State<Arc<App>>,
    Posted(officer, WhoAndName { who, name }): Posted<WhoAndName>,
) -> Result<Response, PageError> {
    accept_any(&app, &officer, &who, &name).await
}

async fn accept_any(app: &App, officer: &Officer, who: &str, name: &str) -> Result<Response, PageError> {
    let is_short = who.len() <= LONGEST_WHO;
    let accepted = if is_short {
        receive::accept(&app.store, who, name, (app.now)(), app.built).await?
    } else {
        Accepted::Nobody
    };
    let (next, about) = match accepted {
        Accepted::Known(id) => {
            tracing::info!(kiosk = id, by = officer.name, "accepted");
            (format!("/kiosks/{id}"), id)
        }
        Accepted::Expected(who) => {
            tracing::info!(kiosk = who, by = officer.name, "expected");
            ("/kiosks".to_owned(), who)
        }
        Accepted::Nobody => {
            let words = "Đó không phải mã số (kiosk- và 16 chữ số, chữ cái) hay sáu chữ của một máy. Mời xem lại từng chữ, từng dấu.";
            return Err(PageError::Wrong(words.to_owned()));
        }
        Accepted::NoName => return Err(PageError::Wrong(words::no_name(LONGEST_NAME))),
    };
    Ok((Extension(About(about)), Redirect::to(&next)).into_response())
}

pub async fn forget(
    State(app): State<Arc<App>>,
    Posted(officer, Who { who }): Posted<Who>,
) -> Result<Response, PageError> {
    if !app.store.stop_expecting(&who).await? {
        return Err(PageError::NotFound);
    }
    tracing::info!(kiosk = who, by = officer.name, "expected no longer");
    Ok((Extension(About(who)), Redirect::to("/kiosks")).into_response())
}

pub async fn dismiss(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Posted(officer, _): Posted<Empty>,
) -> Result<Response, PageError> {
    if !app.store.dismiss(&id).await? {
        return Err(PageError::NotFound);
    }
    tracing::info!(kiosk = id, by = officer.name, "dismissed");
    Ok(Redirect::to("/kiosks").into_response())
}

pub async fn dismiss_all(
    State(app): State<Arc<App>>,
    Posted(officer, Since { since }): Posted<Since>,
) -> Result<Response, PageError> {
    let since = since.parse().map_err(|_| PageError::Stale)?;
    let kiosks = app.store.dismiss_all(since).await?;
    tracing::info!(kiosks, by = officer.name, "dismissed together");
    Ok(Redirect::to("/kiosks").into_response())
}
