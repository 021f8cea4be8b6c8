//! The network carrier: brings the outbox to the office, and newer packs back.
//!
//! It believes nothing that the office has not signed: statuses and texts of answers only decide when to call again. That the office
//! has lost something it believes only in the answer to its own question, and not more often than [`AGAIN`].
//! Everything is bounded in bytes and time, and everything can break off anywhere and be done again. Begin with
//! [`Courier`].

mod download;
mod office;
mod question;

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::NaiveDateTime;
use thiserror::Error;
use ureq::http::{Response, StatusCode, header};
use ureq::{Agent, Body};

use super::outbox::{LARGEST_RECEIPT, Outbox, OutboxError, Waiting};
use super::schedule::Schedule;
use super::stick;
use crate::bundle::Trust;
use crate::kiosk::device::clock::{Clock, Source};
use crate::kiosk::slots::Slots;
use crate::usage::stamp::Stamp;

pub use office::Office;

/// How often orders and the time are looked at.
const PULSE: Duration = Duration::from_secs(1);

/// The wait when the office says that a person has to do something first.
const WAIT_FOR_A_PERSON: Duration = Duration::from_hours(1);

/// How long what an office said that it lacks is not asked about again: one that is confused gets what a kiosk keeps ten times a week
/// at most, and not for ever.
pub const AGAIN: Duration = Duration::from_hours(16);

/// Why a call did not do all that it should.
#[derive(Debug, Error)]
pub enum CallError {
    /// No network, no such host, nobody answers, too slow, broken off.
    #[error("the office can't be reached: {0}")]
    Unreachable(String),
    /// The office's certificate is not one of those trusted.
    #[error("the connection to the office is not safe: {0}")]
    NotSafe(String),
    /// The same on a kiosk that doesn't know the date, which is the likelier cause.
    #[error("the connection to the office can't be checked without the date: {0}")]
    NoDate(String),
    /// The address can't be one.
    #[error("the office's address makes no sense: {0}")]
    Address(String),
    /// The network itself answered, with a page on which somebody is to sign in before anything gets through.
    #[error("the network answers with a page to sign in on, and lets nothing through to the office")]
    SignIn,
    /// The proxy can't be one, or does not let the call through.
    #[error("the proxy: {0}")]
    Proxy(String),
    /// The office is busy; come back after so long.
    #[error("the office is busy")]
    Busy(Duration),
    /// Nobody has accepted this kiosk yet.
    #[error("the office has not accepted this kiosk yet")]
    NotAccepted,
    /// The office can't decide about a bundle yet: its program is too old, a clock is wrong, or it is far more than a
    /// kiosk counts.
    #[error("the office has not decided yet")]
    Undecided,
    /// Somebody retired this kiosk.
    #[error("the office has retired this kiosk")]
    Retired,
    /// Something else answered, or the office is of another version.
    #[error("the office answered {0}")]
    Answer(StatusCode),
    /// The answer was no receipt for what was sent.
    #[error("the answer is no receipt: {0}")]
    NoReceipt(String),
    /// The office's newest pack can't be installed here.
    #[error("the office's newest pack is of no use here: {0}")]
    Pack(String),
    /// There is no room for the office's newest pack.
    #[error("no room for the office's newest pack: {0}")]
    NoSpace(String),
    /// All is brought, but the office's newest pack is large, or somebody wants the next call now: the rest of it comes then.
    #[error("the rest of the office's newest pack comes with the next call")]
    MoreToFetch,
    /// The kiosk's own disk fails.
    #[error("{0}")]
    Disk(#[from] io::Error),
}

impl CallError {
    /// What staff read.
    #[must_use]
    pub fn for_staff(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "Không tới được máy chủ văn phòng. Mời kiểm tra mạng.",
            Self::NotSafe(_) => "Chứng chỉ của máy chủ văn phòng không đúng. Mời gọi kỹ thuật viên.",
            Self::NoDate(_) => {
                "Máy chưa biết ngày giờ nên chưa kiểm tra được chứng chỉ của văn phòng. Mời kiểm tra mạng và đồng hồ của máy."
            }
            Self::Address(_) => "Địa chỉ máy chủ văn phòng bị sai. Mời gọi kỹ thuật viên.",
            Self::SignIn => {
                "Mạng ở đây trả lời bằng một trang đăng nhập nên máy chưa tới được văn phòng. Mời người quản lý mạng cho máy này ra mạng mà không phải đăng nhập."
            }
            Self::Proxy(_) => {
                "Không qua được máy chủ trung gian (proxy) để tới văn phòng. Mời kiểm tra mạng hoặc gọi kỹ thuật viên."
            }
            Self::Busy(_) => "Máy chủ văn phòng đang bận. Máy sẽ tự gửi lại.",
            Self::NotAccepted => "Văn phòng chưa duyệt máy này. Mời báo văn phòng.",
            Self::Undecided => {
                "Văn phòng chưa xử lý được một gói số liệu: máy chủ cần cập nhật, đồng hồ bị sai, hoặc số liệu nhiều bất thường. Mời báo văn phòng."
            }
            Self::Retired => "Văn phòng đã cho máy này ngừng. Mời báo văn phòng.",
            Self::Answer(_) | Self::NoReceipt(_) => "Máy chủ trả lời không đúng. Mời gọi kỹ thuật viên.",
            Self::Pack(_) => "Gói nội dung mới trên máy chủ không dùng được cho máy này. Mời báo văn phòng.",
            Self::MoreToFetch => "Đã gửi xong. Nội dung mới chưa tải hết, máy sẽ tự tải tiếp sau ít phút.",
            Self::NoSpace(_) => "Bộ nhớ của máy không còn đủ chỗ để tải nội dung mới. Mời gọi kỹ thuật viên.",
            Self::Disk(_) => "Bộ nhớ của máy bị lỗi. Mời gọi kỹ thuật viên.",
        }
    }

    /// Whether the next bundle may fare better: the office, or the disk, dislikes this one.
    fn is_about_one_bundle(&self) -> bool {
        match self {
            Self::NotAccepted | Self::Undecided | Self::NoReceipt(_) | Self::Disk(_) => true,
            Self::Answer(status) => matches!(
                *status,
                StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY
            ),
            _ => false,
        }
    }

    /// The same, as seen by a kiosk that doesn't know the date: it can't tell whether a certificate is valid.
    fn without_a_date(self) -> Self {
        match self {
            Self::NotSafe(error) => Self::NoDate(error),
            other => other,
        }
    }

    /// How long to wait at least.
    fn patience(&self) -> Duration {
        match self {
            Self::Busy(wait) => *wait,
            Self::NotAccepted | Self::Undecided | Self::Retired | Self::Pack(_) | Self::NoSpace(_) => WAIT_FOR_A_PERSON,
            _ => Duration::ZERO,
        }
    }
}

impl From<OutboxError> for CallError {
    fn from(error: OutboxError) -> Self {
        match error {
            OutboxError::Disk(error) => Self::Disk(error),
            other => Self::NoReceipt(other.to_string()),
        }
    }
}

impl From<ureq::Error> for CallError {
    fn from(error: ureq::Error) -> Self {
        match error {
            ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::RequireHttpsOnly(_) => {
                Self::Address(error.to_string())
            }
            ureq::Error::InvalidProxyUrl | ureq::Error::ConnectProxyFailed(_) => Self::Proxy(error.to_string()),
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => Self::NotSafe(error.to_string()),
            // rustls' own errors come wrapped.
            ureq::Error::Io(inner) if inner.kind() == io::ErrorKind::InvalidData => Self::NotSafe(inner.to_string()),
            other => Self::Unreachable(other.to_string()),
        }
    }
}

/// How the calls go, for the staff page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// When a call went well last, if the date was known.
    pub last_call: Option<NaiveDateTime>,
    /// Why the last call did not, in Vietnamese.
    pub trouble: Option<&'static str>,
    /// Whether somebody waits for a call.
    pub call: Call,
}

/// The call that somebody at the staff page asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Call {
    /// Nobody did, or it is over.
    #[default]
    NotWanted,
    /// It has not begun. What can be done later gives way to it.
    Wanted,
    /// It has begun.
    UnderWay,
}

/// What the courier is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Somebody at the staff page wants it now.
    CallNow,
    /// There is a new bundle in the outbox.
    NewBundle,
}

/// Goes between the kiosk and the office.
pub struct Courier {
    /// What is brought.
    pub outbox: Outbox,
    /// Where to.
    pub office: Office,
    /// Whose receipts and packs count.
    pub trust: Trust,
    /// Which packs are wanted.
    pub slots: Slots,
    /// Where a pack is kept until it is whole.
    pub folder: PathBuf,
    /// Takes whole packs to the thread that installs.
    pub packs: Sender<stick::Order>,
    /// How it goes.
    pub status: Arc<Mutex<Status>>,
    /// Told after each call.
    pub tell: Box<dyn Fn() + Send>,
    /// Is told what time it is.
    pub clock: Clock,
    /// Monotonic time from which on the office may lack something again.
    pub again_from: Duration,
    /// The same, from which on what is older than what it has acknowledged is brought to it.
    pub old_from: Duration,
}

impl Courier {
    /// Calls the office when it is time, until nobody can give orders any more.
    pub fn run(&mut self, orders: &Receiver<Order>, random: fastrand::Rng, now: impl Fn() -> Stamp) {
        let mut schedule = Schedule::new(now().monotonic, random);
        loop {
            let moment = now().monotonic;
            match orders.recv_timeout(PULSE) {
                Ok(Order::CallNow) => schedule.call_now(moment),
                Ok(Order::NewBundle) => schedule.has_something(moment),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if !schedule.is_due(moment) {
                continue;
            }
            self.goes_from(Call::Wanted, Call::UnderWay);
            let mut has_more = false;
            let called = self.call_noting(now(), &mut has_more);
            // Who asked meanwhile waits for the next one.
            self.goes_from(Call::UnderWay, Call::NotWanted);
            let mut status = self.status();
            match called {
                Ok(()) => {
                    schedule.succeeded(now().monotonic);
                    status.last_call = now().wall;
                    status.trouble = None;
                }
                Err(error @ CallError::MoreToFetch) => {
                    tracing::info!("the call to the office: {error}");
                    schedule.goes_on(now().monotonic);
                    status.last_call = now().wall;
                    status.trouble = Some(error.for_staff());
                }
                Err(error) => {
                    let error = if now().wall.is_none() {
                        error.without_a_date()
                    } else {
                        error
                    };
                    tracing::warn!("the call to the office: {error}");
                    // A bundle that is held up holds up no pack.
                    if has_more {
                        schedule.goes_on(now().monotonic);
                    } else {
                        schedule.failed(now().monotonic, error.patience());
                    }
                    status.trouble = Some(error.for_staff());
                }
            }
            drop(status);
            (self.tell)();
        }
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn goes_from(&self, before: Call, after: Call) {
        let mut status = self.status();
        if status.call == before {
            status.call = after;
        }
    }

    /// One call: brings everything that waits, then what the office has lost, asks for a newer pack, and says that this kiosk is there. Where the date is not
    /// known from the network the question comes first, because its answer says the date.
    ///
    /// # Errors
    /// The first reason why something is not done; a bundle that the office doesn't want yet holds up no other.
    pub fn call(&mut self, now: Stamp) -> Result<(), CallError> {
        self.call_noting(now, &mut false)
    }

    /// The same; notes whether a pack has more to be fetched, also where something else is said for an error.
    fn call_noting(&mut self, now: Stamp, has_more: &mut bool) -> Result<(), CallError> {
        self.bring_and_fetch(now, has_more).map_err(|error| match error {
            // What stands between the kiosk and the office has no certificate for it, or lets nothing through at all.
            CallError::NotSafe(_) | CallError::Unreachable(_) if self.office.is_behind_a_page() => CallError::SignIn,
            // A proxy that is mistyped, or off, is the likeliest reason.
            CallError::Unreachable(error) if self.office.is_behind_a_proxy => CallError::Proxy(error),
            error => error,
        })
    }

    fn bring_and_fetch(&mut self, now: Stamp, has_more: &mut bool) -> Result<(), CallError> {
        let (mut asked, mut time) = (Ok(()), None);
        let asks_first = self.may_be_wrong();
        if asks_first {
            asked = self.ask(now).map(|answer| time = answer.time);
        }
        let brought = self.bring_all(self.outbox.waiting()?, now)?;
        if !asks_first {
            asked = self.ask(now).and_then(|answer| {
                time = answer.time;
                self.bring_all(answer.lost, now)?
            });
        }
        let fetched = self.fetch_pack();
        *has_more = matches!(fetched, Err(CallError::MoreToFetch));
        let said = time.map_or(Ok(()), |time| self.says_that_it_is_there(time));
        brought.and(asked).and(fetched).and(said)
    }

    /// Whether the office may know better what time it is.
    fn may_be_wrong(&self) -> bool {
        self.clock.source() != Some(Source::Network)
    }

    /// Checks certificates by the machine's own clock, or not at all where that is known to be wrong: what goes to and fro is signed, and
    /// none of it is secret.
    fn agent(&self) -> &Agent {
        if self.clock.is_off() {
            &self.office.dateless
        } else {
            &self.office.agent
        }
    }

    /// Brings bundles one after the other. The first of them that the office doesn't want yet is the inner error; the outer one is
    /// about the way there.
    ///
    /// What is older than what the office has acknowledged comes last: it has lost that, or can't decide. If it then doesn't take it, no
    /// more of that is brought for a while: there may be years of it.
    fn bring_all(&mut self, bundles: Vec<Waiting>, now: Stamp) -> Result<Result<(), CallError>, CallError> {
        let acknowledged = self.outbox.acknowledged();
        let (old, new): (Vec<_>, Vec<_>) = bundles.into_iter().partition(|bundle| bundle.sequence <= acknowledged);
        let mut held_up = Ok(());
        for waiting in new.iter().chain(&old) {
            let is_old = waiting.sequence <= acknowledged;
            if is_old && now.monotonic < self.old_from {
                break;
            }
            match self.bring(waiting) {
                Ok(()) => {}
                Err(error) if error.is_about_one_bundle() => {
                    tracing::warn!(waiting.sequence, "statistics are held up: {error}");
                    if is_old {
                        self.old_from = now.monotonic + AGAIN;
                    }
                    held_up = held_up.and(Err(error));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(held_up)
    }

    /// Brings one bundle, if it still waits: the stick's carrier may have been faster.
    fn bring(&self, waiting: &Waiting) -> Result<(), CallError> {
        match self.outbox.read(waiting)? {
            Some(bundle) => self.send(waiting, &bundle),
            None => Ok(()),
        }
    }

    /// Sends one bundle. It is over only when a receipt says so.
    fn send(&self, waiting: &Waiting, bundle: &[u8]) -> Result<(), CallError> {
        let answer = self.agent().post(self.office.at("/v1/bundles")).send(bundle)?;
        let answer = self.office.own(answer)?;
        match answer.status() {
            // A refusal for good is signed as well.
            StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY => {
                let mut receipt = self
                    .outbox
                    .open_receipt(body(answer, LARGEST_RECEIPT)?.as_slice(), &self.trust)?;
                // Somebody on the way may have kept one of the stick's.
                receipt.lacking.clear();
                let taken = self.outbox.take(&receipt)?;
                // The stick's carrier may have brought the receipt meanwhile.
                if taken.stored + taken.refused == 0 && waiting.file.try_exists()? {
                    return Err(CallError::NoReceipt("it names another bundle".to_owned()));
                }
                Ok(())
            }
            StatusCode::ACCEPTED | StatusCode::INSUFFICIENT_STORAGE => Err(CallError::NotAccepted),
            StatusCode::CONFLICT => Err(CallError::Undecided),
            StatusCode::FORBIDDEN => Err(CallError::Retired),
            _ => Err(refusal(&answer)),
        }
    }
}

/// What an answer says that is neither a receipt nor a pack.
fn refusal(answer: &Response<Body>) -> CallError {
    match answer.status() {
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
            let after = answer.headers().get(header::RETRY_AFTER);
            let seconds = after.and_then(|after| after.to_str().ok()?.trim().parse().ok());
            CallError::Busy(Duration::from_secs(seconds.unwrap_or(0)))
        }
        other => CallError::Answer(other),
    }
}

/// The body of an answer, if it is not longer than it may be.
fn body(answer: Response<Body>, most: u64) -> Result<Vec<u8>, CallError> {
    let mut bytes = Vec::new();
    let mut reader = answer.into_body().into_reader().take(most + 1);
    reader
        .read_to_end(&mut bytes)
        .map_err(|error| CallError::Unreachable(error.to_string()))?;
    if bytes.len() as u64 > most {
        return Err(CallError::NoReceipt("the answer is too long".to_owned()));
    }
    Ok(bytes)
}
