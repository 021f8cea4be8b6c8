//! Who may sign in, and for what: accounts, their roles and passwords; and everybody's own password.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::deeds::About;
use super::layout::{Tab, layout};
use super::parts::asked_first;
use super::session::{Empty, Officer, Posted};
use super::sign_in::{duration, fits};
use super::{App, PageError, page};
use crate::office::password;
use crate::office::serve::address::Address;
use crate::office::store::Role;

#[derive(Deserialize)]
pub struct Credentials {
    name: String,
    /// The name of what the account is for.
    role: String,
    password: String,
    again: String,
}

#[derive(Deserialize)]
pub struct Own {
    before: String,
    password: String,
    again: String,
}

pub async fn list(State(app): State<Arc<App>>, officer: Officer) -> Result<Response, PageError> {
    let accounts = app.store.accounts().await?;
    let body = html! {
        p.hint {
            "“" (Role::Reads.title()) "”: xem số liệu và báo cáo. “" (Role::Runs.title()) "”: làm thêm mọi việc về máy, gói nội dung, số liệu, tài liệu. “"
            (Role::Administers.title()) "”: thêm, xoá tài khoản và xem nhật ký."
        }
        ul.accounts {
            @for account in &accounts {
                li {
                    span {
                        strong { (account.name) } ", " (account.role.title())
                        @if account.name == officer.name { " (ông/bà đang dùng)" }
                    }
                    @if account.name != officer.name {
                        (asked_first(
                            &officer,
                            &format!("/accounts/{}/remove", account.name),
                            "Xoá tài khoản này",
                            &format!("Xoá hẳn tài khoản {}?", account.name),
                            "Xoá hẳn",
                        ))
                    }
                }
            }
        }
        section {
            h2 { "Thêm tài khoản, đổi mật khẩu" }
            p.hint { "Ghi tên đã có thì mật khẩu và quyền của tài khoản đó được đổi, và người đang dùng nó phải đăng nhập lại." }
            form.lines method="post" action="/accounts" {
                (officer.token())
                label for="name" { "Tên đăng nhập" }
                input id="name" name="name" autocomplete="off" autocapitalize="none" required;
                label for="role" { "Được làm gì" }
                select id="role" name="role" required {
                    @for role in Role::ALL { option value=(role.name()) { (role.title()) } }
                }
                (new_password())
                button type="submit" { "Lưu" }
            }
        }
    };
    Ok(page(layout(&officer, Tab::Accounts, "Tài khoản", &body)))
}

fn new_password() -> Markup {
    html! {
        label for="password" { "Mật khẩu mới, từ 10 ký tự" }
        input id="password" name="password" type="password" autocomplete="new-password" required;
        label for="again" { "Mật khẩu mới, một lần nữa" }
        input id="again" name="again" type="password" autocomplete="new-password" required;
    }
}

pub async fn own(officer: Officer) -> Response {
    let body = html! {
        section {
            form.lines method="post" action="/password" {
                (officer.token())
                label for="before" { "Mật khẩu đang dùng" }
                input id="before" name="before" type="password" autocomplete="current-password" required;
                (new_password())
                button type="submit" { "Đổi mật khẩu" }
            }
        }
    };
    page(layout(&officer, Tab::Own, "Đổi mật khẩu", &body))
}

pub async fn set(
    State(app): State<Arc<App>>,
    Posted(officer, sent): Posted<Credentials>,
) -> Result<Response, PageError> {
    let name = password::account_name(&sent.name).map_err(PageError::Wrong)?;
    let role = Role::from_name(&sent.role).ok_or_else(|| PageError::Wrong("Chưa chọn được làm gì.".to_owned()))?;
    // So that somebody is left who may do this.
    if name == officer.name && role != officer.role {
        return Err(PageError::Wrong(
            "Không đổi được quyền của tài khoản đang dùng.".to_owned(),
        ));
    }
    let hash = hash(&app, sent.password, &sent.again).await?;
    app.store.set_password(name, &hash, Some(role)).await?;
    app.officers.remove_all_of(name);
    tracing::info!(
        account = name,
        by = officer.name,
        role = role.name(),
        "a password was set"
    );
    let about = Extension(About(format!("{name}, {}", role.title())));
    Ok((about, Redirect::to("/accounts")).into_response())
}

pub async fn set_own(
    State(app): State<Arc<App>>,
    Extension(address): Extension<Address>,
    Posted(officer, sent): Posted<Own>,
) -> Result<Response, PageError> {
    // As when signing in: somebody may sit down at a browser that was left open.
    if let Err(wait) = app.tries.count(&officer.name, address, Instant::now()) {
        let words = format!("Đã nhập sai nhiều lần. Mời chờ {} rồi thử lại.", duration(wait));
        return Err(PageError::Wrong(words));
    }
    if !fits(&app, &officer.name, sent.before).await? {
        return Err(PageError::Wrong("Mật khẩu đang dùng không đúng.".to_owned()));
    }
    app.tries.forgive(&officer.name, address, Instant::now());
    let hash = hash(&app, sent.password, &sent.again).await?;
    if !app.store.change_password(&officer.name, &hash).await? {
        return Err(PageError::NotAllowed);
    }
    app.officers.remove_all_of(&officer.name);
    tracing::info!(account = officer.name, "changed the password");
    Ok(Redirect::to("/sign-in").into_response())
}

/// The hash of a new password that was written twice.
async fn hash(app: &App, password: String, again: &str) -> Result<String, PageError> {
    if password != again {
        return Err(PageError::Wrong("Hai lần ghi mật khẩu không giống nhau.".to_owned()));
    }
    let turn = app.passwords.clone().acquire_owned().await;
    let turn = turn.map_err(|error| PageError::Failed(error.to_string()))?;
    let hash = spawn_blocking(move || {
        let hash = password::hash(&password);
        drop(turn);
        hash
    });
    hash.await
        .map_err(|error| PageError::Failed(error.to_string()))?
        .map_err(PageError::Wrong)
}

pub async fn remove(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Posted(officer, _): Posted<Empty>,
) -> Result<Response, PageError> {
    // So that somebody is left.
    if name == officer.name {
        return Err(PageError::Wrong("Không xoá được tài khoản đang dùng.".to_owned()));
    }
    app.store.remove_account(&name).await?;
    app.officers.remove_all_of(&name);
    tracing::info!(account = name, by = officer.name, "an account was removed");
    Ok(Redirect::to("/accounts").into_response())
}
