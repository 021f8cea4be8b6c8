//! The staff page: what it says, and who does what it asks for.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use chrono::Datelike;
use commune_kiosk::kiosk::device::backlight::{self, Backlight};
use commune_kiosk::kiosk::device::clock::{Clock, Source};
use commune_kiosk::kiosk::device::memory;
use commune_kiosk::kiosk::screen::{Kiosk, Staff};
use commune_kiosk::kiosk::session::staff::{Facts, Pin};
use commune_kiosk::kiosk::slots::{Slot, Slots};
use commune_kiosk::kiosk::sync::stick::Order;
use commune_kiosk::usage::counters::Counters;
use commune_kiosk::usage::log::Log;
use commune_kiosk::usage::recorder::Recorder;
use commune_kiosk::usage::stamp::Stamp;

use super::machine::Machine;
use super::packs::open_factory;
use super::pin_tries;
use super::sending::Sending;

/// How long the page waits for a card that takes its time with the counts.
const PATIENCE: Duration = Duration::from_secs(5);

/// What it says then.
const WAITING: &str = "Số đếm đang chờ ghi vào thẻ nhớ. Thẻ chậm hoặc sắp hỏng";

/// The image's system leaves it there while it checks the file system of the card, before which the card can't be used.
const CHECKING: &str = "/run/commune-kiosk/checking";

/// What the staff page is made of.
pub struct Desk {
    pub pin: Pin,
    pub slots: Slots,
    /// The way to the thread that keeps the packs.
    pub orders: Sender<Order>,
    /// What leaves this kiosk, or why nothing does.
    pub sending: Result<Sending, &'static str>,
    pub machine: Machine,
    pub clock: Clock,
    /// What is wrong with the settings.
    pub settings: Option<String>,
    /// The folder of the kiosk's data.
    pub data: PathBuf,
}

impl Desk {
    /// Lets staff in.
    pub fn serve(self, kiosk: &Kiosk) {
        let (opened, called, turned) = (self.slots.clone(), self.sending.clone(), self.machine.clone());
        let set = self.clock.clone();
        kiosk.serve_staff(Staff {
            pin: self.pin,
            remember_tries: Arc::new(move |tries| pin_tries::write(&self.data, tries)),
            orders: self.orders,
            brighten: Box::new(brighten),
            call_office: Box::new(move || called.iter().for_each(Sending::call)),
            set_date: Box::new(move |moment| set.set(moment)),
            turn_off: Box::new(move |again| turned.turn_off(again)),
            open_current: Arc::new(move || opened.open_current(open_factory).map_err(|error| error.to_string())),
            facts: Arc::new(move |recorder, now| {
                let sending = self.sending.as_ref().map_err(|trouble| *trouble);
                let mut facts = facts(&self.slots, sending, &self.machine, &self.clock, recorder, now);
                if let Some(settings) = &self.settings {
                    facts.machine = format!("{settings} {}", facts.machine);
                }
                facts
            }),
        });
    }
}

fn facts(
    slots: &Slots,
    sending: Result<&Sending, &str>,
    machine: &Machine,
    clock: &Clock,
    recorder: &Recorder,
    now: Stamp,
) -> Facts {
    let order = slots.order();
    let library = slots.open_current(open_factory);
    let content = library.map_or_else(
        |error| {
            tracing::warn!("the content can't be opened: {error}");
            "Không mở được. Mời gọi kỹ thuật viên.".to_owned()
        },
        |library| {
            let pack = &library.catalogue().pack;
            format!("Lần {}: {}", pack.edition, pack.title)
        },
    );
    let content = match slots.left() {
        Some(edition) => {
            format!("{content}. Nội dung lần {edition} làm máy dừng nhiều lần nên máy không dùng. Mời báo văn phòng")
        }
        None => content,
    };
    let origin = match order.first() {
        Some(Slot::Pack { .. }) => "Nạp từ USB hay từ mạng",
        _ => "Có sẵn trong máy",
    };
    Facts {
        content,
        origin: origin.to_owned(),
        brightness: backlight().and_then(|light| light.percent().ok()),
        can_go_back: slots.can_go_back(),
        counts: recorder
            .ask(PATIENCE, move |log| counts(log, now))
            .unwrap_or_else(|| WAITING.to_owned()),
        office: sending.map_or_else(str::to_owned, Sending::for_staff),
        can_call_office: sending.is_ok_and(Sending::can_call),
        identity: sending.map(Sending::identity).unwrap_or_default(),
        machine: about(slots, machine),
        can_turn_off: machine.can_turn_off(),
        clock: what_time(clock),
        can_set_date: clock.source() != Some(Source::Network),
    }
}

/// What time it is and who says so.
fn what_time(clock: &Clock) -> String {
    let (Some(source), Some(now)) = (clock.source(), clock.now().wall) else {
        return "Máy chưa biết ngày giờ. Mời bấm “Đặt ngày giờ” ở dưới.".to_owned();
    };
    let who = match source {
        Source::Network => "theo mạng",
        Source::Staff => "do cán bộ đặt",
        Source::Office => "theo máy chủ văn phòng",
        Source::Battery => "theo đồng hồ trong máy",
    };
    format!("{}, {who}.", now.format("%-H giờ %M phút, ngày %-d/%-m/%Y"))
}

fn backlight() -> Option<Backlight> {
    Backlight::find(Path::new(backlight::CLASS))
}

/// One step of ten.
fn brighten(up: bool) {
    let Some(light) = backlight() else {
        return;
    };
    let set = light
        .percent()
        .and_then(|now| light.set_percent(if up { now + 10 } else { now.saturating_sub(10) }));
    if let Err(error) = set {
        tracing::warn!("the brightness can't be set: {error}");
    }
}

/// What was counted this month, if anybody knows which month it is, and what is wrong with the counting.
fn counts(log: &Log, now: Stamp) -> String {
    let counted = match log.counters() {
        Ok(counters) => now.wall.map(|wall| month(&counters, wall.year(), wall.month())),
        Err(error) => {
            tracing::warn!("the counts can't be read: {error}");
            Some("Không đọc được số đếm. Mời gọi kỹ thuật viên".to_owned())
        }
    };
    let health = log.health();
    let in_memory_only = health.trouble.map(|_| {
        let why = if health.newer {
            "Số đếm trên thẻ là của bản chương trình mới hơn, máy để nguyên. Số đếm từ lúc bật máy chỉ giữ tạm, mất điện sẽ mất"
        } else {
            "Máy không ghi được số đếm, mất điện sẽ mất"
        };
        format!("{why}. Mời gọi kỹ thuật viên")
    });
    let lost = (health.losses > 0).then(|| format!("Số đếm cũ đã hỏng {} lần", health.losses));
    let words: Vec<String> = [counted, in_memory_only, lost].into_iter().flatten().collect();
    words.join(". ")
}

/// What was counted in a month.
fn month(counters: &Counters, year: i32, month: u32) -> String {
    let days = format!("{year:04}-{month:02}-");
    let total = |signal: &str| -> u64 {
        counters
            .rows()
            .filter(|row| row.signal == signal && row.period.starts_with(&days))
            .map(|row| row.n)
            .sum()
    };
    format!(
        "{} lượt dùng, {} lần mở bài, {} lần xem hết hướng dẫn",
        total("visit-started"),
        total("page-opened"),
        total("guide-finished")
    )
}

/// What is wrong with the machine, if anything, and then how much room there is.
fn about(slots: &Slots, machine: &Machine) -> String {
    let free = slots.free_space().map_or_else(
        |error| {
            tracing::warn!("nobody knows how much room there is: {error}");
            without_card(Path::new(CHECKING).exists()).to_owned()
        },
        |bytes| format!("Thẻ nhớ còn trống {}.", size(bytes)),
    );
    let memory = memory::pss_kib().map_or_else(|| "không rõ".to_owned(), |kib| size(kib * 1024));
    let room = format!("{free} Chương trình đang chiếm {memory} bộ nhớ chạy.");
    let words: Vec<String> = machine.troubles().into_iter().chain([room]).collect();
    words.join(" ")
}

/// A number of bytes in the words of whoever reads it: "72,7 GB", and not "72738 MB".
fn size(bytes: u64) -> String {
    const MB: u64 = 1_000_000;
    if bytes >= 1_000 * MB {
        format!("{},{} GB", bytes / (1_000 * MB), bytes / (100 * MB) % 10)
    } else {
        format!("{} MB", bytes / MB)
    }
}

/// What is said where the card can't be used.
fn without_card(is_checked: bool) -> &'static str {
    if is_checked {
        "Máy đang kiểm tra và sửa thẻ nhớ, có thể mất nửa giờ. Mời chờ, đừng tắt máy. Sửa xong, máy tự chạy lại."
    } else {
        "Máy không dùng được thẻ nhớ, có thể thẻ hỏng. Mời gọi kỹ thuật viên."
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use commune_kiosk::usage::signals::Event;
    use commune_kiosk::usage::store;
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(72_738_000_000), "72,7 GB");
        assert_eq!(size(1_000_000_000), "1,0 GB");
        assert_eq!(size(999_999_999), "999 MB");
    }

    /// The data partition is gone: the page is there, and says so, and the machine can be turned off from it.
    #[test]
    fn without_a_card_staff_have_their_page_and_read_that_the_card_is_broken() {
        let nowhere = Path::new("/proc/no-card");
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        let slots = Slots::open(nowhere, Some(pack));
        assert!(
            slots.start(open_factory).library.is_some(),
            "residents read what was built in"
        );
        let now = Stamp::undated(Duration::from_secs(1));
        let recorder = Recorder::start(now).expect("a thread");
        recorder.keep_in(nowhere.to_owned(), now);
        recorder.count(Event::VisitStarted, now);
        recorder.flush(now);
        let sending = Sending::open(nowhere);
        let machine = Machine::default();
        let facts = facts(
            &slots,
            sending.as_ref().map_err(|words| *words),
            &machine,
            &Clock::of(nowhere),
            &recorder,
            now,
        );
        assert!(facts.content.starts_with("Lần "), "{facts:?}");
        assert_eq!(facts.origin, "Có sẵn trong máy");
        assert!(
            facts.machine.contains("Máy không dùng được thẻ nhớ, có thể thẻ hỏng"),
            "{facts:?}"
        );
        assert!(
            facts.counts.contains("Máy không ghi được số đếm, mất điện sẽ mất"),
            "{facts:?}"
        );
        assert!(facts.office.contains("Bộ nhớ của máy bị lỗi"), "{facts:?}");
        assert!(!facts.can_call_office && !facts.can_go_back);
        assert!(
            facts.clock.contains("chưa biết ngày giờ") && facts.can_set_date,
            "{facts:?}"
        );
    }

    #[test]
    fn a_card_that_is_being_checked_is_not_said_to_be_broken() {
        let said = without_card(true);
        assert!(
            said.contains("đang kiểm tra") && said.contains("đừng tắt máy"),
            "{said}"
        );
        assert!(!said.contains("hỏng"), "{said}");
    }

    #[test]
    fn staff_read_what_time_it_is_and_who_says_so() {
        let clock = Clock::of(Path::new("/proc/no-machine"));
        let moment = "2026-11-29T08:05:00".parse().expect("a time");
        clock.set(moment);
        assert_eq!(what_time(&clock), "8 giờ 05 phút, ngày 29/11/2026, do cán bộ đặt.");
    }

    #[test]
    fn staff_read_after_a_while_that_a_busy_card_has_the_counts_waiting() {
        let now = Stamp::undated(Duration::from_secs(1));
        let recorder = Recorder::start(now).expect("a thread");
        let (let_go, held) = std::sync::mpsc::channel::<()>();
        recorder.collect_by(Box::new(move |_, _| {
            // It ends when the other end is dropped.
            let _ = held.recv();
        }));
        recorder.tick(now);
        let dir = tempfile::tempdir().expect("a folder");
        let slots = Slots::open(dir.path(), None);
        let clock = Clock::of(dir.path());
        let facts = facts(&slots, Err("chưa gửi"), &Machine::default(), &clock, &recorder, now);
        assert_eq!(facts.counts, WAITING);
        assert!(
            facts.machine.contains("Thẻ nhớ còn trống "),
            "the rest is known: {facts:?}"
        );
        drop(let_go);
    }

    #[test]
    fn staff_read_that_the_counts_of_a_newer_program_are_left_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let morning = "2026-11-23T08:15:00".parse().expect("a time");
        let now = Stamp::dated(Duration::ZERO, morning);
        drop(Log::open(Some(dir.path()), now));
        let newer = Connection::open(dir.path().join(store::FILE)).expect("a database");
        newer.pragma_update(None, "user_version", 2).expect("a newer format");
        drop(newer);

        let mut log = Log::open(Some(dir.path()), now);
        log.count(&Event::VisitStarted, now);
        log.flush(now);
        let said = counts(&log, now);
        assert!(said.starts_with("1 lượt dùng"), "this run's: {said}");
        assert!(said.contains("bản chương trình mới hơn, máy để nguyên"), "{said}");
        assert!(said.contains("mất điện sẽ mất. Mời gọi kỹ thuật viên"), "{said}");
        assert!(!said.contains("hỏng"), "nothing is damaged: {said}");
    }
}
