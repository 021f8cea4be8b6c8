//! The office's server: kiosks send and fetch (`api`), people look (`pages`).
//!
//! Whoever comes is limited before they are listened to (`limits`): in bytes, in time, in number. What is decided about a
//! bundle is decided elsewhere ([`super::receive`]). Begin with [`run`].

mod address;
mod api;
mod certificate;
mod contents;
mod limits;
mod marks;
mod metrics;
mod officers;
mod pages;
mod tries;
#[cfg(feature = "print")]
mod workshop;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum_server::{Handle, Server};
use chrono::{DateTime, Local, NaiveDate};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Mutex, Semaphore};
use tower_http::set_header::SetResponseHeaderLayer;

use self::certificate::Certificate;
pub use self::limits::{Limits, Patience};
use self::marks::Marks;
use self::metrics::Metrics;
use self::officers::Officers;
use self::tries::Tries;
use super::packs;
use super::receive::Receiver;
use super::store::{DatabaseError, Seconds, Store};
use super::titles::Titles;
use crate::bundle::{Key, KeyError, Trust};

/// How long running requests may take to end when the server closes.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// The longest head of a request, in bytes: it is in memory before anybody knows who asks.
const LONGEST_HEAD: usize = 32 * 1024;

/// What every answer says to browsers: nothing from elsewhere, no frames, nothing guessed.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not "no-referrer": browsers would then hide also from us that a form comes from our own page.
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// What browsers are told where a proxy speaks TLS: for a year to come over nothing else. Not where the office speaks it itself: others may
/// be at home under the same name, without.
const ONLY_TLS: &str = "max-age=31536000";

/// What the server is started with.
pub struct Options {
    /// Where it listens; already bound, so that it is known whether that works.
    pub listener: TcpListener,
    /// Certificate chain and key, as PEM files; without them it speaks plain HTTP, for a proxy in front or a network of its own.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether a proxy on this machine stands in front, which speaks TLS and says whom it speaks for (`X-Forwarded-For`).
    pub behind_proxy: bool,
    /// Where uploaded packs lie.
    pub folder: PathBuf,
    /// The server's key: signs receipts and the time.
    pub key: Key,
    /// What packs are checked with.
    pub trust: Trust,
    /// Who is turned away.
    pub limits: Limits,
    /// Tells the time.
    pub now: fn() -> DateTime<Local>,
    /// The day on which the program was built: a clock that is behind it is wrong.
    pub built: NaiveDate,
}

/// What every request needs.
struct App {
    store: Arc<Store>,
    receiver: Receiver,
    folder: PathBuf,
    trust: Trust,
    limits: Limits,
    metrics: Metrics,
    behind_proxy: bool,
    officers: Officers,
    marks: Marks,
    tries: Tries,
    /// Passwords are looked at one at a time: so they take little memory.
    passwords: Arc<Semaphore>,
    /// When somebody last looked whether everything works, and what they saw.
    health: Mutex<(Instant, StatusCode)>,
    /// What ids are called, and the version of that.
    titles: Mutex<(u64, Arc<Titles>)>,
    now: fn() -> DateTime<Local>,
    built: NaiveDate,
    contents: contents::Contents,
    #[cfg(feature = "print")]
    workshop: workshop::Workshop,
}

impl App {
    fn seconds(&self) -> Seconds {
        (self.now)().timestamp()
    }

    /// What ids are called, read anew when there is another pack.
    async fn titles(&self) -> Result<Arc<Titles>, DatabaseError> {
        let version = self.store.titles_version().await?;
        let mut known = self.titles.lock().await;
        if known.0 != version {
            *known = (version, Arc::new(self.store.titles().await?));
        }
        Ok(known.1.clone())
    }
}

/// Why the server can't run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The folder, the address or the certificate can't be used.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The key is damaged inside.
    #[error("the office's key: {0}")]
    Key(#[from] KeyError),
    /// The figures for Prometheus can't be set up; the program is at fault.
    #[error("{0}")]
    Metrics(#[from] prometheus::Error),
    /// The database fails.
    #[error("{0}")]
    Database(#[from] DatabaseError),
    /// What packs the database has and what lies in the folder can't be brought together.
    #[error("{0}")]
    Packs(#[from] packs::PackError),
}

/// Serves until the process is asked to end; then lets running requests finish.
///
/// # Errors
/// [`ServeError`].
pub async fn run(store: Arc<Store>, options: Options) -> Result<(), ServeError> {
    let handle = Handle::new();
    let ending = handle.clone();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("closing");
        ending.graceful_shutdown(Some(LAST_REQUESTS));
    });
    serve(store, options, handle).await
}

/// As [`run`], until `handle` says.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(store: Arc<Store>, options: Options, handle: Handle<SocketAddr>) -> Result<(), ServeError> {
    std::fs::create_dir_all(&options.folder)?;
    let sessions = store.sessions((options.now)().timestamp()).await?;
    let marks = Marks::new(store.rounding().await?);
    pages::be_ready();
    let app = Arc::new(App {
        receiver: Receiver::start(store.clone(), Arc::new(options.key), options.built),
        store,
        #[cfg(feature = "print")]
        workshop: workshop::Workshop::open(&options.folder)?,
        folder: options.folder,
        trust: options.trust,
        limits: options.limits,
        metrics: Metrics::new()?,
        behind_proxy: options.behind_proxy,
        officers: Officers::new(sessions, options.tls.is_some() || options.behind_proxy),
        marks,
        tries: Tries::default(),
        passwords: Arc::new(Semaphore::new(1)),
        health: Mutex::new((Instant::now(), StatusCode::OK)),
        titles: Mutex::default(),
        now: options.now,
        built: options.built,
        contents: contents::Contents::default(),
    });
    packs::remove_unfinished(&app.folder)?;
    packs::share(&app.store, &app.folder).await?;
    let head = app.limits.patience().head;
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    options.listener.set_nonblocking(true)?;
    if let Some((certificates, key)) = options.tls {
        // Installed before by another server in this process: the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let certificate = Certificate::open(certificates, key).await?;
        let server = axum_server::from_tcp_rustls(options.listener, certificate.config())?;
        let following = tokio::spawn(certificate.follow());
        let ended = only_patient_for(head, server.handle(handle)).serve(service).await;
        following.abort();
        ended?;
    } else {
        let server = axum_server::from_tcp(options.listener)?;
        only_patient_for(head, server.handle(handle)).serve(service).await?;
    }
    // What is being made would hold up the end.
    #[cfg(feature = "print")]
    app.workshop.stop();
    Ok(())
}

/// Closes connections that don't say what they want: at first, and between two requests. HTTP/1 alone, because only there
/// can both be limited.
fn only_patient_for<A>(head: Duration, server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    let mut server = server.http1_only().first_request_timeout(head);
    server
        .http_builder()
        .http1()
        .header_read_timeout(head)
        .max_buf_size(LONGEST_HEAD);
    server
}

fn router(app: &Arc<App>) -> Router {
    let short = limits::answers_soon(api::router().merge(pages::router(app)), &app.limits);
    let long = limits::answers_in_the_end(pages::uploads(app));
    let mut router = limits::apply(short.merge(long), app).with_state(app.clone());
    for (name, value) in HEADERS {
        router = router.layer(SetResponseHeaderLayer::if_not_present(
            name,
            HeaderValue::from_static(value),
        ));
    }
    if app.behind_proxy {
        let value = HeaderValue::from_static(ONLY_TLS);
        router = router.layer(SetResponseHeaderLayer::if_not_present(
            header::STRICT_TRANSPORT_SECURITY,
            value,
        ));
    }
    router
}
