//! Who may sign in: accounts and their passwords.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::layout::{Tab, layout};
use super::session::{Empty, Officer, Posted};
use super::{App, PageError, page};
use crate::office::password;

#[derive(Deserialize)]
pub struct Credentials {
    name: String,
    password: String,
    again: String,
}

pub async fn list(State(app): State<Arc<App>>, officer: Officer) -> Result<Response, PageError> {
    let accounts = app.store.accounts().await?;
    let body = html! {
        p.hint { "Ai có tài khoản thì xem được mọi trang và làm được mọi việc ở đây." }
        ul.accounts {
            @for account in &accounts {
                li {
                    strong { (account.name) }
                    @if account.name == officer.name { " (ông/bà đang dùng)" } @else {
                        form.line method="post" action=(format!("/accounts/{}/remove", account.name)) {
                            (officer.token())
                            button.quiet type="submit" { "Xoá tài khoản này" }
                        }
                    }
                }
            }
        }
        section {
            h2 { "Thêm tài khoản, đổi mật khẩu" }
            p.hint { "Ghi tên đã có thì mật khẩu của tài khoản đó được đổi, và người đang dùng nó phải đăng nhập lại." }
            form.lines method="post" action="/accounts" {
                (officer.token())
                label for="name" { "Tên đăng nhập" }
                input id="name" name="name" autocomplete="off" autocapitalize="none" required;
                label for="password" { "Mật khẩu mới, từ 10 ký tự" }
                input id="password" name="password" type="password" autocomplete="new-password" required;
                label for="again" { "Mật khẩu mới, một lần nữa" }
                input id="again" name="again" type="password" autocomplete="new-password" required;
                button type="submit" { "Lưu" }
            }
        }
    };
    Ok(page(layout(&officer, Tab::Accounts, "Tài khoản", &body)))
}

pub async fn set(
    State(app): State<Arc<App>>,
    Posted(officer, sent): Posted<Credentials>,
) -> Result<Response, PageError> {
    if sent.password != sent.again {
        return Err(PageError::Wrong("Hai lần ghi mật khẩu không giống nhau.".to_owned()));
    }
    let name = password::account_name(&sent.name).map_err(PageError::Wrong)?;
    let turn = app.passwords.clone().acquire_owned().await;
    let turn = turn.map_err(|error| PageError::Failed(error.to_string()))?;
    let hash = spawn_blocking(move || {
        let hash = password::hash(&sent.password);
        drop(turn);
        hash
    });
    let hash = hash.await;
    let hash = hash
        .map_err(|error| PageError::Failed(error.to_string()))?
        .map_err(PageError::Wrong)?;
    app.store.set_password(name, &hash).await?;
    app.officers.remove_all_of(name);
    tracing::info!(account = name, by = officer.name, "a password was set");
    Ok(Redirect::to("/accounts").into_response())
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
