//! How much is listened to: from each address, from each kiosk, at once, and for how long.
//!
//! Whoever is turned away is told when to come back. Behind a proxy all kiosks have the proxy's address: what one address may
//! do in a minute is enough for every kiosk of a province, and a proxy on the same machine may take all places. Begin with
//! [`apply`].

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota};
use tokio::sync::{Semaphore, SemaphorePermit};
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use super::App;
use crate::office::receive::LARGEST;

/// Requests at once, and how many of them from one address other than this machine's; more are told to come back.
const AT_ONCE: (usize, u32) = (200, 50);

/// Bytes of bundles at once, in KiB: 64 of the largest, thousands of the usual ones.
const BUNDLES_KIB: usize = 256 * 1024;

/// Requests a minute from one address, and how many of them at once. Many kiosks may share one.
const PER_ADDRESS: (u32, u32) = (1200, 600);

/// Bundles a minute from one kiosk, and how many of them at once: what a year without a network leaves behind.
const PER_KIOSK: (u32, u32) = (60, 400);

/// How long a long file may take to come.
const UPLOAD: Duration = Duration::from_hours(1);

/// When those turned away may come back, in seconds.
pub const COME_BACK: &str = "30";

/// After so many requests, addresses and kiosks that have been quiet are forgotten.
const FORGET_AFTER: u32 = 10_000;

/// How long is waited for whom. Nobody else's time is taken by it, only a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the head of a request; also how long a connection may stand idle between two.
    pub head: Duration,
    /// For the next piece of a request's body.
    pub silence: Duration,
    /// For an answer, with all that must come before it.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            silence: Duration::from_secs(20),
            answer: Duration::from_mins(1),
        }
    }
}

/// Counts requests.
pub struct Limits {
    patience: Patience,
    places: Semaphore,
    places_of_one: u32,
    taken: Mutex<HashMap<IpAddr, u32>>,
    bundles_kib: Semaphore,
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
            patience: Patience::default(),
            places: Semaphore::new(AT_ONCE.0),
            places_of_one: AT_ONCE.1,
            taken: Mutex::default(),
            bundles_kib: Semaphore::new(BUNDLES_KIB),
            addresses: DefaultKeyedRateLimiter::keyed(quota(per_address)),
            kiosks: DefaultKeyedRateLimiter::keyed(quota(per_kiosk)),
            requests: AtomicU32::new(0),
        }
    }

    /// So many requests at once, and so many of them from one address.
    #[must_use]
    pub fn at_once(self, all: usize, of_one: u32) -> Self {
        Self {
            places: Semaphore::new(all),
            places_of_one: of_one,
            ..self
        }
    }

    /// So long is waited.
    #[must_use]
    pub fn patient(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// How long is waited.
    pub const fn patience(&self) -> Patience {
        self.patience
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

    fn take_place(&self, address: IpAddr) -> Option<Place<'_>> {
        let permit = self.places.try_acquire().ok()?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_this = taken.entry(address).or_default();
        if *of_this >= self.places_of_one && !address.is_loopback() {
            return None;
        }
        *of_this += 1;
        Some(Place {
            limits: self,
            address,
            _permit: permit,
        })
    }
}

/// A request that is listened to.
struct Place<'a> {
    limits: &'a Limits,
    address: IpAddr,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut taken = self.limits.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_this) = taken.get_mut(&self.address) {
            *of_this -= 1;
            if *of_this == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

/// The part of an address that tells people apart: of IPv6 one network, because its owner has 2⁶⁴ of them.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        other => other,
    }
}

/// Lets each answer take so long at most.
pub fn answers_soon(router: Router<Arc<App>>, limits: &Limits) -> Router<Arc<App>> {
    answers_within(router, limits.patience.answer)
}

/// The same for long files that come in.
pub fn answers_in_the_end(router: Router<Arc<App>>) -> Router<Arc<App>> {
    answers_within(router, UPLOAD)
}

fn answers_within(router: Router<Arc<App>>, time: Duration) -> Router<Arc<App>> {
    router.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time))
}

/// Puts the other limits before a router.
pub fn apply(router: Router<Arc<App>>, app: &Arc<App>) -> Router<Arc<App>> {
    router
        .layer(RequestBodyTimeoutLayer::new(app.limits.patience.silence))
        .layer(middleware::from_fn_with_state(app.clone(), admit))
}

async fn admit(
    State(app): State<Arc<App>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let address = network_of(address.ip());
    if !app.limits.admits_address(address) {
        app.metrics.turned_away.with_label_values(&["rate"]).inc();
        return come_back(StatusCode::TOO_MANY_REQUESTS);
    }
    let Some(_place) = app.limits.take_place(address) else {
        app.metrics.turned_away.with_label_values(&["busy"]).inc();
        return come_back(StatusCode::SERVICE_UNAVAILABLE);
    };
    next.run(request).await
}

/// Listens to a bundle if there is room for it in memory. One that does not say how large it is may be of the largest.
pub async fn leave_room(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    // What says that it is larger is refused before it is read.
    let bytes = length.unwrap_or(LARGEST).min(LARGEST);
    let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
    let Ok(_room) = app.limits.bundles_kib.try_acquire_many(kib) else {
        app.metrics.turned_away.with_label_values(&["memory"]).inc();
        return come_back(StatusCode::SERVICE_UNAVAILABLE);
    };
    next.run(request).await
}

/// An answer that says when to come back.
pub fn come_back(status: StatusCode) -> Response {
    let words = "Máy chủ đang bận, mời thử lại sau.\n";
    (status, [(header::RETRY_AFTER, COME_BACK)], words).into_response()
}

#[cfg(test)]
mod tests;
