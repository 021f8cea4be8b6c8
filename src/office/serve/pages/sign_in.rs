//! Signing in and out. Names that don't exist are answered as others are, in the same words and after the same time.

use std::sync::Arc;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use axum::extract::{Extension, Form, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::layout::{document, message};
use super::session::{Empty, Posted, Unsent, begin, forget, is_foreign};
use super::{App, PageError, deeds, page};
use crate::office::password;
use crate::office::serve::address::Address;

/// A hash that no password fits, so that names that don't exist take as long as others.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let mut random = [0; 32];
    // If the system has no random numbers, nobody can sign in anyway.
    let _ = getrandom::fill(&mut random);
    password::hash(&blake3::Hash::from_bytes(random).to_hex()).unwrap_or_default()
});

/// Makes that hash, so that not even the first who asks sees it take longer.
pub fn be_ready() {
    LazyLock::force(&NOBODY);
}

/// The most bytes that somebody sends who signs in. Anybody may send them.
pub const LARGEST: usize = 8 * 1024;

/// The longest name that is shown again to whoever mistyped it, in bytes.
const LONGEST_SHOWN: usize = 200;

#[derive(Default, Deserialize)]
pub struct Wanted {
    /// The page that somebody wanted to see, or where a form is to be sent.
    next: Option<String>,
    /// What was typed into that form, encoded as it came.
    kept: Option<String>,
    /// The mark of whoever typed it: nobody else is shown it.
    by: Option<String>,
}

#[derive(Deserialize)]
pub struct Credentials {
    name: String,
    password: String,
    #[serde(flatten)]
    wanted: Wanted,
}

pub async fn show(Query(wanted): Query<Wanted>) -> Response {
    let next = wanted.next;
    let wanted = Wanted {
        next,
        ..Wanted::default()
    };
    page(form(&wanted, "", None))
}

/// Answers a form that somebody sent when their time was over: they sign in, and what they typed is kept in the page meanwhile. Whoever has
/// signed in since, in another tab, presses once more.
pub async fn keep(request: Request, next: Next) -> Response {
    let what = deeds::what(&request).map_or_else(String::new, |what| format!(": {what}"));
    let path = request.uri().path().to_owned();
    let mut answer = next.run(request).await;
    let Some(Unsent { token, typed, before }) = answer.extensions_mut().remove() else {
        return answer;
    };
    let page = match (token, typed) {
        (Some(token), Some((typed, _))) => {
            let words = format!(
                "Trang ấy mở từ trước lần đăng nhập này nên chưa làm được{what}. Những gì đã ghi vẫn còn, chưa gửi."
            );
            send_again(&token, &path, &typed, &words)
        }
        (_, typed) => {
            let (next, told) = match &typed {
                Some(_) => (Some(path), "Những gì đã ghi vẫn còn: đăng nhập rồi gửi lại được ngay."),
                None => (before, "Sau khi đăng nhập, mời ghi lại hoặc bấm lại ở trang trước."),
            };
            let words = format!("Đã hết giờ đăng nhập nên chưa làm được{what}. {told}");
            let (kept, by) = typed.unzip();
            form(&Wanted { next, kept, by }, "", Some(&words))
        }
    };
    (StatusCode::FORBIDDEN, super::page(page)).into_response()
}

/// The form of before, for whoever has signed in again.
fn send_again(token: &Markup, address: &str, typed: &str, words: &str) -> Markup {
    let body = html! {
        p role="status" { (words) }
        form.lines method="post" action=(address) {
            (token)
            @for (name, value) in form_urlencoded::parse(typed.as_bytes()) { input type="hidden" name=(name) value=(value); }
            button type="submit" autofocus { "Gửi lại" }
        }
        p { a href="/" { "Không gửi nữa" } }
    };
    document("Gửi lại", &html! {}, &html! { div.narrow { (body) } })
}

pub async fn enter(
    State(app): State<Arc<App>>,
    Extension(address): Extension<Address>,
    headers: HeaderMap,
    Form(sent): Form<Credentials>,
) -> Result<Response, PageError> {
    if is_foreign(&headers) {
        return Err(PageError::Stale);
    }
    let (name, now) = (sent.name.trim(), app.seconds());
    let again = |status: StatusCode, words: &str| {
        // What is too long for a name is not written back.
        let shown = if name.len() <= LONGEST_SHOWN { name } else { "" };
        let page = page(form(&sent.wanted, shown, Some(words)));
        (status, page).into_response()
    };
    // Counted before it is looked at; the right password forgives it.
    if let Err(wait) = app.tries.count(name, address, Instant::now()) {
        let words = format!("Đã nhập sai nhiều lần. Mời chờ {} rồi thử lại.", duration(wait));
        return Ok(again(StatusCode::TOO_MANY_REQUESTS, &words));
    }
    if !fits(&app, name, sent.password.clone()).await? {
        return Ok(again(StatusCode::FORBIDDEN, "Tên đăng nhập hoặc mật khẩu không đúng."));
    }
    app.tries.forgive(name, address, Instant::now());
    let (session, cookie, token) = begin(&app, name, now)?;
    app.store.sign_in(&session, now).await?;
    app.officers.add(&session, now);
    let Wanted { next, kept, by } = sent.wanted;
    let next = next.filter(|next| is_ours(next));
    let is_theirs = by.is_some_and(|by| app.marks.is_of(&by, name));
    let answer = match (&next, kept) {
        (Some(address), Some(kept)) if is_theirs => {
            let words = "Đã đăng nhập. Những gì đã ghi vẫn còn, chưa gửi.";
            page(send_again(&token, address, &kept, words))
        }
        (_, Some(_)) => {
            let words = "Những gì ghi dở trước đó là của tài khoản khác nên không hiện ra, và chưa gửi đi.";
            page(message("Đã đăng nhập", words))
        }
        _ => Redirect::to(next.as_deref().unwrap_or("/")).into_response(),
    };
    Ok(([(header::SET_COOKIE, cookie)], answer).into_response())
}

/// Whether this is the password of an account; as long as it takes, whether there is such an account or not.
pub async fn fits(app: &App, name: &str, password: String) -> Result<bool, PageError> {
    let turn = app.passwords.clone().acquire_owned().await;
    let turn = turn.map_err(|error| PageError::Failed(error.to_string()))?;
    let hash = app.store.account(name).await?.map(|account| account.password);
    let fits = spawn_blocking(move || {
        let fits = password::fits(&password, hash.as_ref().unwrap_or(&NOBODY)) && hash.is_some();
        // Only now: whoever hangs up meanwhile stops nothing, and the next would need as much memory again.
        drop(turn);
        fits
    });
    fits.await.map_err(|error| PageError::Failed(error.to_string()))
}

pub async fn leave(State(app): State<Arc<App>>, Posted(officer, _): Posted<Empty>) -> Result<Response, PageError> {
    app.store.sign_out(&officer.session()).await?;
    app.officers.remove(&officer.session());
    Ok(([(header::SET_COOKIE, forget(&app))], Redirect::to("/sign-in")).into_response())
}

/// Whether an address is one of our pages; not `//elsewhere`, which browsers take for another site.
fn is_ours(next: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_graphic() && letter != '\\';
    next.starts_with('/') && !next.starts_with("//") && next.chars().all(plain)
}

/// How long to wait, in words.
pub fn duration(wait: Duration) -> String {
    let seconds = wait.as_millis().div_ceil(1000);
    if seconds < 60 {
        format!("{seconds} giây")
    } else {
        format!("{} phút", seconds.div_ceil(60))
    }
}

fn form(wanted: &Wanted, name: &str, trouble: Option<&str>) -> Markup {
    let body = html! {
        @if let Some(words) = trouble { p.trouble role="alert" { (words) } }
        form.lines method="post" action="/sign-in" {
            @if let Some(next) = &wanted.next { input type="hidden" name="next" value=(next); }
            @if let Some(kept) = &wanted.kept { input type="hidden" name="kept" value=(kept); }
            @if let Some(by) = &wanted.by { input type="hidden" name="by" value=(by); }
            label for="name" { "Tên đăng nhập" }
            input id="name" name="name" value=(name) autocomplete="username" autocapitalize="none" required autofocus[name.is_empty()];
            label for="password" { "Mật khẩu" }
            input id="password" name="password" type="password" autocomplete="current-password" required autofocus[!name.is_empty()];
            button type="submit" { "Đăng nhập" }
        }
        p.hint { "Chưa có tài khoản, hoặc quên mật khẩu: mời nhờ người quản lý máy chủ." }
    };
    document("Đăng nhập", &html! {}, &html! { div.narrow { (body) } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        for ours in ["/", "/kiosks?page=2", "/reports/html?from=2026-01-01"] {
            assert!(is_ours(ours), "{ours}");
        }
        for other in [
            "//elsewhere.example",
            "https://elsewhere.example",
            "",
            "/\\elsewhere.example",
            "/a b",
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
