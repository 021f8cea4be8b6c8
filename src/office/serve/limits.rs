//! How much is listened to: from each address, from each kiosk, at once, and for how long.
//!
//! Whoever is turned away is told when to come back. But officers who are signed in, and small bundles of kiosks that somebody has
//! accepted, have places of their own: whatever others do, they are listened to. Without `--behind-proxy` all who come through a proxy
//! have its address: what one address may do in a minute is enough for every kiosk of a province, and a proxy on the same machine may
//! take all places. Begin with [`apply`].

use std::collections::HashMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use governor::{DefaultKeyedRateLimiter, Quota};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use super::App;
use super::address::Address;
use crate::office::receive::LARGEST_BUNDLE;

/// Where kiosks bring bundles.
pub const BUNDLES: &str = "/v1/bundles";

/// Where anybody asks whether the server works.
pub const HEALTH: &str = "/healthz";

/// Requests at once, and how many of them from one address other than this machine's; more are told to come back.
const AT_ONCE: (usize, u32) = (200, 50);

/// Places beside these for officers who are signed in.
const FOR_OFFICERS: usize = 20;

/// Places beside these for bundles of which it is not known yet whether somebody has accepted their kiosk; how large these may be, in
/// KiB: ten months of a busy kiosk.
const FOR_KIOSKS: (usize, u32) = (40, 8);
const SMALL_KIB: u32 = 256;

/// Bytes of bundles at once, in KiB: 24 of the largest, thousands of the usual ones. They are copied once where they are put together.
const BUNDLES_KIB: usize = 96 * 1024;

/// Requests a minute from one address or one officer, and how many of them at once. Many kiosks may share an address.
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
    /// For the head of a request; also how long a connection may stand idle between two, and how long a bundle may keep one of the places
    /// for kiosks.
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
    places: Places,
    for_officers: Semaphore,
    for_kiosks: Places,
    bundles_kib: Semaphore,
    addresses: DefaultKeyedRateLimiter<Address>,
    officers: DefaultKeyedRateLimiter<String>,
    kiosks: DefaultKeyedRateLimiter<String>,
    requests: AtomicU32,
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(PER_ADDRESS, PER_KIOSK)
    }
}

/// Why a request is not listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Its address asks too often.
    Rate,
    /// All places are taken.
    Busy,
    /// There is no memory for its bundle.
    Memory,
}

impl Refused {
    /// Counts it, and says when to come back.
    pub fn answer(self, app: &App) -> Response {
        let (why, status) = match self {
            Self::Rate => ("rate", StatusCode::TOO_MANY_REQUESTS),
            Self::Busy => ("busy", StatusCode::SERVICE_UNAVAILABLE),
            Self::Memory => ("memory", StatusCode::SERVICE_UNAVAILABLE),
        };
        app.metrics.turned_away.with_label_values(&[why]).inc();
        come_back(status)
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
            places: Places::new(AT_ONCE),
            for_officers: Semaphore::new(FOR_OFFICERS),
            for_kiosks: Places::new(FOR_KIOSKS),
            bundles_kib: Semaphore::new(BUNDLES_KIB),
            addresses: DefaultKeyedRateLimiter::keyed(quota(per_address)),
            officers: DefaultKeyedRateLimiter::keyed(quota(PER_ADDRESS)),
            kiosks: DefaultKeyedRateLimiter::keyed(quota(per_kiosk)),
            requests: AtomicU32::new(0),
        }
    }

    /// So many requests at once, and so many of them from one address.
    #[must_use]
    pub fn at_once(self, all: usize, of_one: u32) -> Self {
        Self {
            places: Places::new((all, of_one)),
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

    /// A place among all others, with memory for a bundle of so many KiB if it is one.
    fn listen(&self, address: Address, bundle_kib: Option<u32>) -> Result<(Place<'_>, SemaphorePermit<'_>), Refused> {
        if self.requests.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1 {
            self.addresses.retain_recent();
            self.officers.retain_recent();
            self.kiosks.retain_recent();
        }
        self.addresses.check_key(&address).map_err(|_| Refused::Rate)?;
        let place = self.places.take(address).ok_or(Refused::Busy)?;
        let memory = self.bundles_kib.try_acquire_many(bundle_kib.unwrap_or(0));
        Ok((place, memory.map_err(|_| Refused::Memory)?))
    }

    /// A place of their own for an officer, by the session.
    fn listen_to_officer(&self, session: &str) -> Option<SemaphorePermit<'_>> {
        self.officers.check_key(&session.to_owned()).ok()?;
        self.for_officers.try_acquire().ok()
    }
}

/// Places for requests, of which one address may take so many.
struct Places {
    free: Semaphore,
    of_one: u32,
    taken: Mutex<HashMap<Address, u32>>,
}

impl Places {
    fn new((all, of_one): (usize, u32)) -> Self {
        Self {
            free: Semaphore::new(all),
            of_one,
            taken: Mutex::default(),
        }
    }

    fn take(&self, address: Address) -> Option<Place<'_>> {
        let permit = self.free.try_acquire().ok()?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_this = taken.entry(address).or_default();
        if *of_this >= self.of_one && !address.is_everybody() {
            return None;
        }
        *of_this += 1;
        Some(Place {
            places: self,
            address,
            _permit: permit,
        })
    }
}

/// A request that is listened to.
struct Place<'a> {
    places: &'a Places,
    address: Address,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_this) = taken.get_mut(&self.address) {
            *of_this -= 1;
            if *of_this == 0 {
                taken.remove(&self.address);
            }
        }
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

/// Goes along with a bundle that has one of the places for kiosks: why it is turned away if nobody has accepted its kiosk.
#[derive(Debug, Clone, Copy)]
pub struct OnlyIfAccepted(pub Refused);

async fn admit(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    // Whoever asks whether the server works must not be told that others work it: it costs next to nothing.
    if request.uri().path() == HEALTH {
        return next.run(request).await;
    }
    let address = Address::of(peer.ip(), request.headers(), app.behind_proxy);
    request.extensions_mut().insert(address);
    let bundle_kib = bundle_kib(&request);
    let refused = match app.limits.listen(address, bundle_kib) {
        Ok(_place) => return next.run(request).await,
        Err(refused) => refused,
    };
    if let Some(session) = app.officers.session(request.headers(), app.seconds())
        && let Some(_place) = app.limits.listen_to_officer(&session)
    {
        return next.run(request).await;
    }
    if bundle_kib.is_some_and(|kib| kib <= SMALL_KIB)
        && let Some(_place) = app.limits.for_kiosks.take(address)
    {
        request.extensions_mut().insert(OnlyIfAccepted(refused));
        let answer = timeout(app.limits.patience.head, next.run(request)).await;
        return answer.unwrap_or_else(|_| refused.answer(&app));
    }
    refused.answer(&app)
}

/// How much memory a request needs for its bundle, if it brings one. One that does not say how large it is may be of the largest.
fn bundle_kib(request: &Request) -> Option<u32> {
    if request.method() != Method::POST || request.uri().path() != BUNDLES {
        return None;
    }
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    // What says that it is larger is refused before it is read.
    let bytes = length.unwrap_or(LARGEST_BUNDLE).min(LARGEST_BUNDLE);
    Some(u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX))
}

/// An answer that says when to come back.
pub fn come_back(status: StatusCode) -> Response {
    let words = "Máy chủ đang bận, mời thử lại sau.\n";
    (status, [(header::RETRY_AFTER, COME_BACK)], words).into_response()
}

#[cfg(test)]
mod tests;
