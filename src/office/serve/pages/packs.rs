//! Packs for the kiosks that have a network: uploaded, then offered.

use std::io::ErrorKind;
use std::sync::Arc;

use axum::extract::{Extension, Multipart, Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use super::deeds::About;
use super::deliveries::{broken_off, expect_token};
use super::layout::{Tab, layout};
use super::parts::{asked_first, moment, size};
use super::session::{Empty, Officer, Posted};
use super::{App, PageError, page};
use crate::office::packs::{self, Brought, PackError};
use crate::office::store::Pack;

/// The largest pack that is taken over the network, in bytes.
pub const LARGEST: usize = 2 * 1024 * 1024 * 1024;

#[derive(Deserialize)]
pub struct Offer {
    /// `1` to offer, `0` to offer no longer.
    offered: String,
}

pub async fn list(State(app): State<Arc<App>>, officer: Officer) -> Result<Response, PageError> {
    let packs = packs::list(&app.store, &app.folder).await?;
    let body = html! {
        p.hint {
            "Máy có mạng mỗi ngày hỏi một lần và tự lấy ấn bản mới nhất đang phát hành. Máy không có mạng nhận nội dung bằng USB."
        }
        @if packs.is_empty() { p.nothing { "Chưa có gói nội dung nào." } } @else { (table(&officer, &packs)) }
        @if officer.runs() { section {
            h2 { "Đưa gói mới lên" }
            form.lines method="post" action="/packs/upload" enctype="multipart/form-data" {
                (officer.token())
                label for="pack" { "Tệp .kpack đã ký bằng khoá của văn phòng" }
                input id="pack" type="file" name="pack" accept=".kpack" required;
                button type="submit" { "Đưa lên" }
            }
        } }
    };
    Ok(page(layout(&officer, Tab::Packs, "Gói nội dung", &body)))
}

/// The packs, and whether the file of each is there.
fn table(officer: &Officer, packs: &[(Pack, bool)]) -> Markup {
    html! {
        div.words {
            table {
                caption { "Các gói đã đưa lên" }
                thead {
                    tr {
                        th scope="col" { "Nội dung" }
                        th scope="col" { "Ấn bản" }
                        th scope="col" { "Cỡ" }
                        th scope="col" { "Đưa lên lúc" }
                        th scope="col" { "Phát hành" }
                    }
                }
                tbody {
                    @for (pack, is_there) in packs {
                        tr {
                            th scope="row" { (pack.title) " (" (pack.id) ")" }
                            td { (pack.sequence) }
                            td { (size(pack.bytes)) }
                            td { (moment(pack.uploaded_at)) }
                            td { (offering(officer, pack, *is_there)) }
                        }
                    }
                }
            }
        }
    }
}

fn offering(officer: &Officer, pack: &Pack, is_there: bool) -> Markup {
    let path = format!("/packs/{}/{}", pack.id, pack.sequence);
    if !officer.runs() {
        return html! {
            @if pack.offered { "Đang phát hành" } @else if is_there { "–" } @else { "Đã xoá tệp" }
        };
    }
    html! {
        @if !is_there { span { "Đã xoá tệp" } }
        @if pack.offered || is_there {
            form.line method="post" action=(format!("{path}/offer")) {
                (officer.token())
                @if pack.offered {
                    span { "Đang phát hành" }
                    button.quiet type="submit" name="offered" value="0" { "Thôi" }
                } @else {
                    button type="submit" name="offered" value="1" { "Phát hành" }
                }
            }
        }
        @if !pack.offered && is_there {
            (asked_first(
                officer,
                &format!("{path}/remove"),
                "Xoá tệp",
                &format!("Xoá tệp của ấn bản {}? Cần lại thì phải có tệp ấy để đưa lên lần nữa.", pack.sequence),
                "Xoá hẳn",
            ))
        }
    }
}

pub async fn upload(
    State(app): State<Arc<App>>,
    officer: Officer,
    headers: HeaderMap,
    mut form: Multipart,
) -> Result<Response, PageError> {
    expect_token(&officer, &headers, &mut form).await?;
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::StorageFull => PageError::Full(format!("an uploaded pack: {error}")),
        _ => PageError::Failed(format!("an uploaded pack: {error}")),
    };
    let mut field = form
        .next_field()
        .await
        .map_err(broken_off)?
        .ok_or_else(|| broken_off("no file"))?;
    // Removed when it is dropped, if it has not become a pack.
    let uploaded = tempfile::Builder::new()
        .prefix(".upload-")
        .tempfile_in(&app.folder)
        .map_err(failed)?;
    let mut file = File::from_std(uploaded.reopen().map_err(failed)?);
    while let Some(piece) = field.chunk().await.map_err(broken_off)? {
        file.write_all(&piece).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    officer.still(&app).await?;
    let uploaded = uploaded.into_temp_path();
    match packs::bring(&app.store, &uploaded, &app.folder, &app.trust, app.seconds()).await {
        Ok(Brought::Taken(pack)) => {
            let Pack { id, sequence, .. } = pack;
            tracing::info!(id, edition = sequence, by = officer.name, "a pack was uploaded");
            let about = Extension(About(format!("{id}/{sequence}")));
            Ok((about, Redirect::to("/packs")).into_response())
        }
        Ok(Brought::There(pack)) => Err(PageError::Wrong(format!(
            "Văn phòng đã có rồi: tệp này là ấn bản {} của {}, đưa lên lúc {}. Không có gì thay đổi.",
            pack.sequence,
            pack.id,
            moment(pack.uploaded_at)
        ))),
        Err(error) => Err(refused(error)),
    }
}

fn refused(error: PackError) -> PageError {
    if let PackError::Database(error) = error {
        return error.into();
    }
    tracing::warn!("nothing is done with a pack: {error}");
    PageError::Wrong(error.for_staff())
}

pub async fn offer(
    State(app): State<Arc<App>>,
    Path((id, sequence)): Path<(String, u64)>,
    Posted(officer, Offer { offered }): Posted<Offer>,
) -> Result<Response, PageError> {
    let offered = offered == "1";
    let found = packs::offer(&app.store, &app.folder, (&id, sequence), offered).await;
    if !found.map_err(refused)? {
        return Err(PageError::NotFound);
    }
    tracing::info!(
        id,
        sequence,
        offered,
        by = officer.name,
        "a pack is offered, or no longer"
    );
    let what = if offered { "phát hành" } else { "thôi phát hành" };
    let about = Extension(About(format!("{id}/{sequence}, {what}")));
    Ok((about, Redirect::to("/packs")).into_response())
}

pub async fn remove(
    State(app): State<Arc<App>>,
    Path((id, sequence)): Path<(String, u64)>,
    Posted(officer, _): Posted<Empty>,
) -> Result<Response, PageError> {
    let found = packs::remove(&app.store, &app.folder, (&id, sequence)).await;
    if !found.map_err(refused)? {
        return Err(PageError::NotFound);
    }
    tracing::info!(id, sequence, by = officer.name, "the file of a pack was removed");
    Ok(Redirect::to("/packs").into_response())
}
