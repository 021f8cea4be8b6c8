//! The staff page: what it says, and who does what it asks for.

use std::cell::RefCell;
use std::path::Path;
use std::rc::{Rc, Weak};
use std::sync::mpsc::Sender;

use chrono::Datelike;
use commune_kiosk::device::backlight::{self, Backlight};
use commune_kiosk::device::memory;
use commune_kiosk::screen::{Kiosk, Staff};
use commune_kiosk::session::staff::{Facts, Pin};
use commune_kiosk::slots::{Slot, Slots};
use commune_kiosk::sync::stick::{News, Order};
use commune_kiosk::usage::counters::Counters;
use commune_kiosk::usage::stamp::Stamp;

use super::packs::open_factory;
use super::sending::Sending;

thread_local! {
    /// The screen, for news that arrive on its thread.
    static SCREEN: RefCell<Weak<Kiosk>> = const { RefCell::new(Weak::new()) };
}

/// Lets staff in.
pub fn serve(kiosk: &Rc<Kiosk>, pin: Pin, slots: &Slots, orders: Sender<Order>, sending: Option<Sending>) {
    SCREEN.set(Rc::downgrade(kiosk));
    let (opened, described, called) = (slots.clone(), slots.clone(), sending.clone());
    kiosk.serve_staff(Staff {
        pin,
        orders,
        brighten: Box::new(brighten),
        call_office: Box::new(move || called.iter().for_each(Sending::call)),
        open_current: Box::new(move || opened.open_current(open_factory).map_err(|error| error.to_string())),
        facts: Box::new(move |counters, now| facts(&described, sending.as_ref(), counters, now)),
    });
}

/// Tells the screen, from any thread.
pub fn tell_screen(news: News) {
    // An event loop that has ended needs no news.
    let _ = slint::invoke_from_event_loop(move || {
        SCREEN.with_borrow(|screen| {
            if let Some(screen) = screen.upgrade() {
                screen.hear(news);
            }
        });
    });
}

fn facts(slots: &Slots, sending: Option<&Sending>, counters: &Counters, now: Stamp) -> Facts {
    let order = slots.order();
    let library = slots.open_current(open_factory);
    let content = library.map_or_else(
        |error| format!("không mở được ({error})"),
        |library| {
            let pack = &library.catalogue().pack;
            format!("Lần {}: {}", pack.edition, pack.title)
        },
    );
    let origin = match order.first() {
        Some(Slot::Pack { .. }) => "Nạp từ USB hay từ mạng",
        _ => "Có sẵn trong máy",
    };
    Facts {
        content,
        origin: origin.to_owned(),
        brightness: backlight().and_then(|light| light.percent().ok()),
        can_go_back: slots.can_go_back(),
        counts: now
            .wall
            .map(|wall| month(counters, wall.year(), wall.month()))
            .unwrap_or_default(),
        office: sending.map(Sending::for_staff).unwrap_or_default(),
        can_call_office: sending.is_some_and(Sending::can_call),
        identity: sending.map(Sending::identity).unwrap_or_default(),
        machine: machine(slots),
    }
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

fn machine(slots: &Slots) -> String {
    let mb = |bytes: u64| bytes / 1_000_000;
    let free = slots
        .free_space()
        .map_or_else(|_| "không rõ".to_owned(), |bytes| format!("{} MB", mb(bytes)));
    let memory = memory::pss_kib().map_or_else(|| "không rõ".to_owned(), |kib| format!("{} MB", mb(kib * 1024)));
    format!("Còn trống {free}. Chương trình dùng {memory} bộ nhớ.")
}
