//! `kiosk status`: how this machine is, a part a line. Reads, and writes nothing but the canary, which is gone again.

use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use commune_kiosk::files::Files;
use commune_kiosk::kiosk::device::backlight::{self, Backlight};
use commune_kiosk::kiosk::device::clock::{self, Clock};
use commune_kiosk::kiosk::device::gpio::{self, Input};
use commune_kiosk::kiosk::device::login::Login;
use commune_kiosk::kiosk::device::sticks::Sticks;
use commune_kiosk::kiosk::device::storage::{self, Canary, Look, Storage};
use commune_kiosk::kiosk::device::{drivers, hardware_watchdog, power};
use commune_kiosk::kiosk::slots::{Slot, Slots};
use commune_kiosk::kiosk::sync::identity::{self, Identity};
use commune_kiosk::kiosk::sync::outbox::{self, Outbox};
use commune_kiosk::usage::statistics::Card;
use commune_kiosk::usage::store::{self, StoreError};
use serde_json::Value;

use super::config::Config;
use super::hardware::Hardware;
use super::packs::open_factory;
use super::say;

/// The machine's own `/proc` and `/sys`.
const ROOT: &str = "/";

/// A part and how it is; null if it is absent.
type Part = (&'static str, Value);

/// Prints every part.
pub fn print(data: &Path, content: &Path, config: Result<Config>, json: bool) -> Result<ExitCode> {
    let mut parts = vec![("version", env!("CARGO_PKG_VERSION").into())];
    parts.push(("settings", settings(&config).into()));
    let hardware = config.map(|config| config.hardware).unwrap_or_default();
    parts.extend(identity(data));
    parts.extend(packs(data, content));
    parts.extend(time(data));
    parts.extend(card(data));
    parts.extend(screen_and_power(&hardware));
    parts.extend(driven());
    parts.extend(lines(&hardware));
    parts.extend(services());
    parts.extend(counts(data));
    parts.extend(watchdog());
    if json {
        let parts: serde_json::Map<String, Value> =
            parts.into_iter().map(|(name, value)| (name.into(), value)).collect();
        return say(&format!("{}\n", Value::Object(parts)));
    }
    let line = |(name, value): &Part| match value {
        Value::Null => format!("{name}\tabsent\n"),
        Value::String(text) => format!("{name}\t{text}\n"),
        other => format!("{name}\t{other}\n"),
    };
    say(&parts.iter().map(line).collect::<String>())
}

/// How the settings are; what is wrong with them is in the log.
fn settings(config: &Result<Config>) -> &'static str {
    match config {
        Ok(config) if config.pin().is_err() => "wrong",
        Ok(config) if config.faults.is_empty() => "fine",
        Ok(config) if config.faults.iter().all(|fault| fault.table.is_none()) => "unknown",
        _ => "wrong",
    }
}

/// Who the kiosk is, if it is anybody yet.
fn identity(data: &Path) -> [Part; 2] {
    let identity = known(data);
    [
        ("kiosk", identity.as_ref().map(|identity| identity.id.clone()).into()),
        ("words", identity.map(|identity| identity.public.words()).into()),
    ]
}

fn known(data: &Path) -> Option<Identity> {
    let exists = data.join(identity::FILE).is_file();
    exists.then(|| Identity::open(data, &Files::default()).ok()).flatten()
}

fn packs(data: &Path, content: &Path) -> [Part; 3] {
    let slots = Slots::open(data, Some(content.to_owned()));
    let library = slots.open_current(open_factory).ok();
    let order = slots.order();
    let name = |slot: &Slot| match slot {
        Slot::Factory => "factory".to_owned(),
        Slot::Pack { file, .. } => file.clone(),
    };
    [
        (
            "edition",
            library.map(|library| library.catalogue().pack.edition).into(),
        ),
        ("slot", order.first().map(name).into()),
        ("slot_before", order.get(1).map(name).into()),
    ]
}

fn time(data: &Path) -> [Part; 2] {
    let clock = Clock::of(Path::new(ROOT));
    clock.keep_in(data);
    let source = clock.source().map_or("none", clock::Source::name);
    let uptime = clock::uptime(Path::new(ROOT)).map(|uptime| uptime.as_secs());
    [("clock", source.into()), ("uptime_seconds", uptime.into())]
}

fn card(data: &Path) -> [Part; 8] {
    let storage = Storage::new(data, Path::new(ROOT));
    let look = Look {
        canary: storage.try_canary(),
        ..storage.look()
    };
    [
        ("free_bytes", look.free.into()),
        ("total_bytes", look.total.into()),
        ("card", storage::judge(&look).map(Card::name).into()),
        ("card_errors", look.errors.into()),
        ("read_only", look.read_only.into()),
        ("card_life_tenths", look.wear.and_then(|wear| wear.life).into()),
        ("card_spare", look.wear.and_then(|wear| wear.spare).into()),
        ("canary", look.canary.map(Canary::name).into()),
    ]
}

fn screen_and_power(hardware: &Hardware) -> [Part; 5] {
    let power = power::look(Path::new(ROOT));
    let light = Backlight::find(Path::new(backlight::CLASS)).and_then(|light| light.percent().ok());
    [
        ("under_voltage", power.under_voltage.into()),
        ("temperature", power.temperature.into()),
        ("backlight", light.into()),
        ("dim_after_seconds", hardware.dim_after_seconds.into()),
        ("rotation", hardware.rotation.0.into()),
    ]
}

/// What drives the screen, whether Wi-Fi is connected, and what their drivers lack.
fn driven() -> [Part; 3] {
    let root = Path::new(ROOT);
    let missing = drivers::missing_firmware(root).map(|files| match files.as_slice() {
        [] => "nothing".to_owned(),
        files => files.join(", "),
    });
    [
        ("graphics", drivers::graphics(root).into()),
        ("wifi", drivers::wifi(root).into()),
        ("firmware_missing", missing.into()),
    ]
}

/// The levels of the two switches; why a line that is set can't be asked, as by a kiosk that runs and has it for itself.
fn lines(hardware: &Hardware) -> [Part; 2] {
    let level = |input| match hardware.line(input).map(|line| gpio::level(input, &line)) {
        None => Value::Null,
        Some(Ok(level)) => level.into(),
        Some(Err(error)) => error.to_string().into(),
    };
    [
        ("presence", level(Input::Presence)),
        ("staff_key", level(Input::StaffKey)),
    ]
}

fn services() -> [Part; 2] {
    let present = |there: bool| Value::from(there.then_some("present"));
    [
        ("sticks", present(Sticks::of_the_machine().is_ok())),
        ("turn_off", present(Login::of_the_machine().is_ok())),
    ]
}

fn counts(data: &Path) -> [Part; 5] {
    let outbox = data.join(outbox::FOLDER).is_dir().then(|| known(data)).flatten();
    let outbox = outbox.and_then(|identity| Outbox::open(data, identity, Files::default()).ok());
    let waiting = outbox.as_ref().and_then(|outbox| outbox.waiting().ok());
    let read = store::read(data);
    let state = match &read {
        Ok(_) => Some("fine"),
        Err(StoreError::Newer(_)) => Some("newer"),
        Err(StoreError::Damaged(_)) => Some("damaged"),
        Err(StoreError::Refused(_)) => Some("unreadable"),
        Err(StoreError::Folder(error)) => (error.kind() != ErrorKind::NotFound).then_some("unreadable"),
    };
    [
        ("outbox_waiting", waiting.map(|waiting| waiting.len()).into()),
        ("outbox_acknowledged", outbox.as_ref().map(Outbox::acknowledged).into()),
        ("outbox_sent", outbox.and_then(|outbox| outbox.sent().ok()).into()),
        ("counts", state.into()),
        ("losses", read.ok().map(|reading| reading.losses).into()),
    ]
}

fn watchdog() -> [Part; 3] {
    let watchdog = hardware_watchdog::look(Path::new(ROOT));
    [
        (
            "watchdog",
            watchdog.as_ref().map(|watchdog| watchdog.identity.clone()).into(),
        ),
        (
            "watchdog_state",
            watchdog.as_ref().and_then(|watchdog| watchdog.state.clone()).into(),
        ),
        (
            "watchdog_timeout",
            watchdog.and_then(|watchdog| watchdog.timeout).into(),
        ),
    ]
}
