//! What kiosks ask for: to take a bundle, to say what the office lacks, to note that they are there, to give the newest pack. And two addresses for whoever watches the server.
//!
//! Nobody signs in here: a bundle is believed by its signature and a pack is public. Begin with [`router`].

use std::io;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Extension, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::App;
use super::address::{Address, FORWARDED_FOR};
use super::limits::{BUNDLES, HEALTH, OnlyIfAccepted, come_back};
use crate::bundle::{Contact, LONGEST_CONTACT};
use crate::office::packs::{self, PackError};
use crate::office::receive::{Answer, LARGEST_BUNDLE, ReceiveError};
use crate::office::store::DatabaseError;
use crate::usage::receipt::LONGEST_NONCE;

/// The type of bundles, also of receipts.
pub const BUNDLE: &str = "application/vnd.commune-kiosk.bundle";

/// What a kiosk is told of the newest pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latest {
    /// Its edition.
    pub sequence: u64,
    /// Size of the file.
    pub bytes: u64,
    /// BLAKE3 of the file.
    pub blake3: String,
}

pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route(BUNDLES, post(receive).layer(DefaultBodyLimit::max(LARGEST_BUNDLE)))
        .route("/v1/receipts/{kiosk}", get(answer))
        .route(
            "/v1/contacts/{kiosk}/{time}",
            post(contact).layer(DefaultBodyLimit::max(LONGEST_CONTACT)),
        )
        .route("/v1/packs/latest", get(latest))
        .route("/v1/packs/{id}/{sequence}", get(pack))
        .route(HEALTH, get(healthz))
        .route("/metrics", get(metrics))
}

async fn receive(
    State(app): State<Arc<App>>,
    only_if_accepted: Option<Extension<OnlyIfAccepted>>,
    bundle: Result<Bytes, BytesRejection>,
) -> Response {
    let bundle = match bundle {
        Ok(bundle) => bundle,
        Err(rejection) => return not_whole(&app, &rejection),
    };
    let timer = app.metrics.receiving.start_timer();
    let received = match app.receiver.introduce(bundle.into()).await {
        Ok(introduced) if !app.limits.admits_kiosk(introduced.kiosk()) => {
            app.metrics.turned_away.with_label_values(&["kiosk"]).inc();
            return come_back(StatusCode::TOO_MANY_REQUESTS);
        }
        Ok(introduced) => {
            if let Some(Extension(OnlyIfAccepted(refused))) = only_if_accepted {
                match app.receiver.is_wanted(&introduced).await {
                    Ok(true) => {}
                    Ok(false) => return refused.answer(&app),
                    Err(error) => return failed(&error),
                }
            }
            app.receiver.take(introduced, (app.now)()).await
        }
        Err(error) => Err(error),
    };
    timer.observe_duration();
    let bundle =
        |status: StatusCode, receipt: Vec<u8>| (status, [(header::CONTENT_TYPE, BUNDLE)], receipt).into_response();
    let words = |status: StatusCode, words: &str| (status, format!("{words}\n")).into_response();
    let (label, answer) = match received {
        Ok(Answer::Stored(receipt)) => ("stored", bundle(StatusCode::OK, receipt)),
        Ok(Answer::Refused(why, receipt)) => {
            tracing::warn!("statistics are refused: {why}");
            ("refused", bundle(StatusCode::UNPROCESSABLE_ENTITY, receipt))
        }
        Ok(Answer::Undecided(why)) => {
            tracing::warn!("statistics wait: {why}");
            ("undecided", words(StatusCode::CONFLICT, &why))
        }
        Ok(Answer::Waiting) => {
            let text = "Máy chưa được văn phòng duyệt. Số liệu đã đến nơi và đang chờ.";
            ("waiting", words(StatusCode::ACCEPTED, text))
        }
        Ok(Answer::NoRoom) => {
            let text = "Máy chưa được văn phòng duyệt. Số liệu vẫn nằm ở máy.";
            ("no-room", words(StatusCode::INSUFFICIENT_STORAGE, text))
        }
        Ok(Answer::Retired) => ("retired", words(StatusCode::FORBIDDEN, "Máy này đã ngừng sử dụng.")),
        Err(ReceiveError::Bundle(error)) => {
            tracing::warn!("what came is no bundle: {error}");
            ("no-bundle", words(StatusCode::BAD_REQUEST, &error.for_staff()))
        }
        Err(error @ (ReceiveError::Database(_) | ReceiveError::Busy)) => {
            tracing::error!("{error}");
            ("failed", come_back(StatusCode::SERVICE_UNAVAILABLE))
        }
    };
    app.metrics.bundles.with_label_values(&[label]).inc();
    answer
}

#[derive(Deserialize)]
struct Question {
    /// The highest number that the kiosk has given to a bundle.
    given: u64,
    /// What it made up.
    nonce: String,
}

async fn answer(
    State(app): State<Arc<App>>,
    Path(kiosk): Path<String>,
    Query(Question { given, nonce }): Query<Question>,
) -> Response {
    // An answer without one would be a stick's receipt, about numbers that anybody can make up.
    if nonce.is_empty() || nonce.len() > LONGEST_NONCE || !nonce.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    match app.receiver.answer(&kiosk, given, nonce, (app.now)()).await {
        Ok(receipt) => ([(header::CONTENT_TYPE, BUNDLE)], receipt).into_response(),
        Err(ReceiveError::Bundle(_)) => StatusCode::BAD_REQUEST.into_response(),
        Err(error) => {
            tracing::error!("{error}");
            come_back(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// A kiosk says that it is there. Whoever nobody has accepted is answered alike.
async fn contact(State(app): State<Arc<App>>, Path((kiosk, time)): Path<(String, i64)>, signature: Bytes) -> Response {
    let contact = Contact { kiosk, time };
    match app.receiver.heard_of(contact, signature.into(), (app.now)()).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(ReceiveError::Bundle(error)) => {
            tracing::warn!("what says it is a kiosk is none: {error}");
            StatusCode::BAD_REQUEST.into_response()
        }
        Err(error) => {
            tracing::error!("{error}");
            come_back(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// The bundle is too large, came too slowly, or broke off.
fn not_whole(app: &App, rejection: &BytesRejection) -> Response {
    tracing::warn!("a bundle that did not come whole: {}", rejection.body_text());
    let (label, status, words) = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let words = "Gói số liệu lớn quá 4 MiB nên máy chủ không nhận.\n";
        ("too-large", StatusCode::PAYLOAD_TOO_LARGE, words)
    } else {
        let words = "Gói số liệu đến quá chậm hoặc bị đứt giữa chừng, mời gửi lại.\n";
        ("broken-off", StatusCode::REQUEST_TIMEOUT, words)
    };
    app.metrics.bundles.with_label_values(&[label]).inc();
    (status, words).into_response()
}

#[derive(Deserialize)]
struct Which {
    /// Of which pack.
    id: String,
}

async fn latest(State(app): State<Arc<App>>, Query(Which { id }): Query<Which>) -> Response {
    match app.store.offered(&id).await {
        Ok(Some(pack)) => Json(Latest {
            sequence: pack.sequence,
            bytes: pack.bytes,
            blake3: pack.blake3,
        })
        .into_response(),
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => failed(&error),
    }
}

/// The file itself, or a part of it (`Range`, RFC 9110).
async fn pack(State(app): State<Arc<App>>, Path((id, sequence)): Path<(String, u64)>, request: Request) -> Response {
    match app.store.offered(&id).await {
        Ok(Some(pack)) if pack.sequence == sequence => {
            // A task of its own: whoever asked may not wait until the last of 500 MB is there, and asks again.
            let fetching = tokio::spawn(async move { packs::fetched(&app.store, &app.folder, &pack).await });
            match fetching.await {
                Ok(Ok(file)) => {
                    let served = ServeFile::new(file).oneshot(request).await;
                    served.map_or_else(|error| match error {}, |response| response.map(Body::new))
                }
                Ok(Err(PackError::Removed)) => StatusCode::NOT_FOUND.into_response(),
                Ok(Err(error)) => unavailable(&error),
                Err(error) => unavailable(&error),
            }
        }
        Ok(_) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => failed(&error),
    }
}

/// One looks for all who ask meanwhile: an answer that was begun after somebody came is good for them.
async fn healthz(State(app): State<Arc<App>>) -> Response {
    let came = Instant::now();
    let mut last = app.health.lock().await;
    if last.0 < came {
        let begun = Instant::now();
        *last = (begun, health(&app).await);
    }
    match last.1 {
        StatusCode::OK => "ok\n".into_response(),
        status => come_back(status),
    }
}

async fn health(app: &App) -> StatusCode {
    let folder = tokio::fs::metadata(&app.folder).await.and_then(|folder| {
        if folder.is_dir() {
            Ok(())
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    });
    if let Err(error) = app.store.ping().await {
        tracing::error!("{error}");
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    if let Err(error) = folder {
        tracing::error!("the folder of packs: {error}");
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    if !app.receiver.is_alive() {
        tracing::error!("nobody keeps what kiosks send any more");
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    StatusCode::OK
}

/// For whoever watches from this machine. What a proxy passes on comes from elsewhere, whether or not that is said with `--behind-proxy`.
async fn metrics(State(app): State<Arc<App>>, Extension(address): Extension<Address>, headers: HeaderMap) -> Response {
    if !address.is_everybody() || headers.contains_key(FORWARDED_FOR) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match app.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => {
            tracing::error!("{error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The database fails: nothing was done, whoever asked may come back.
pub fn failed(error: &DatabaseError) -> Response {
    unavailable(error)
}

fn unavailable(error: &dyn std::error::Error) -> Response {
    tracing::error!("{error}");
    come_back(StatusCode::SERVICE_UNAVAILABLE)
}
