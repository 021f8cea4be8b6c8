//! How much is listened to: from each address, from each kiosk, at once, and for how long.
//!
//! Whoever is turned away is told when to come back. Begin with [`apply`].

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota};
use tokio::sync::Semaphore;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use super::App;

/// Requests at once; more are told to come back.
const AT_ONCE: usize = 200;

/// Requests a minute from one address, and how many of them at once. Many kiosks may share one.
const PER_ADDRESS: (u32, u32) = (1200, 600);

/// Bundles a minute from one kiosk, and how many of them at once: what a year without a network leaves behind.
const PER_KIOSK: (u32, u32) = (60, 400);

/// How long an answer may take.
const ANSWER: Duration = Duration::from_mins(1);

/// How long the next piece of a request may take to come.
const SILENCE: Duration = Duration::from_secs(20);

/// When those turned away may come back, in seconds.
pub const COME_BACK: &str = "30";

/// After so many requests, addresses and kiosks that have been quiet are forgotten.
const FORGET_AFTER: u32 = 10_000;

/// Counts requests.
pub struct Limits {
    at_once: Semaphore,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    kiosks: DefaultKeyedRateLimiter<String>,
    requests: AtomicU32,
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(PER_ADDRESS, PER_KIOSK)
    }
}

impl Limits {
    /// So many requests a minute and at once from an address, and bundles from a kiosk.
    #[must_use]
    pub fn new(per_address: (u32, u32), per_kiosk: (u32, u32)) -> Self {
        let quota = |(minute, burst): (u32, u32)| {
            let some = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
            Quota::per_minute(some(minute)).allow_burst(some(burst))
        };
        Self {
            at_once: Semaphore::new(AT_ONCE),
            addresses: DefaultKeyedRateLimiter::keyed(quota(per_address)),
            kiosks: DefaultKeyedRateLimiter::keyed(quota(per_kiosk)),
            requests: AtomicU32::new(0),
        }
    }

    /// Whether a kiosk may send another bundle now.
    pub fn admits_kiosk(&self, kiosk: &str) -> bool {
        self.kiosks.check_key(&kiosk.to_owned()).is_ok()
    }

    fn admits_address(&self, address: IpAddr) -> bool {
        if self.requests.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1 {
            self.addresses.retain_recent();
            self.kiosks.retain_recent();
        }
        self.addresses.check_key(&address).is_ok()
    }
}

/// Lets each answer take so long at most; not for long files that come in.
pub fn answers_soon(router: Router<Arc<App>>) -> Router<Arc<App>> {
    router.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER))
}

/// Puts the other limits before a router.
pub fn apply(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    router
        .layer(RequestBodyTimeoutLayer::new(SILENCE))
        .layer(middleware::from_fn_with_state(app.clone(), admit))
}

async fn admit(
    State(app): State<Arc<App>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    if !app.limits.admits_address(address.ip()) {
        app.metrics.turned_away.with_label_values(&["rate"]).inc();
        return come_back(StatusCode::TOO_MANY_REQUESTS);
    }
    let Ok(_place) = app.limits.at_once.try_acquire() else {
        app.metrics.turned_away.with_label_values(&["busy"]).inc();
        return come_back(StatusCode::SERVICE_UNAVAILABLE);
    };
    next.run(request).await
}

/// An answer that says when to come back.
pub fn come_back(status: StatusCode) -> Response {
    let words = "Máy chủ đang bận, mời thử lại sau.\n";
    (status, [(header::RETRY_AFTER, COME_BACK)], words).into_response()
}
