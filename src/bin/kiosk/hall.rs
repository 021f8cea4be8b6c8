//! Who is in the hall: the sensor before the screen, the staff's key, and the dark screen when nobody is there.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use commune_kiosk::kiosk::device::backlight::{self, Backlight, Dimmer};
use commune_kiosk::kiosk::device::gpio::{self, Input};
use commune_kiosk::kiosk::screen::Kiosk;
use commune_kiosk::kiosk::session::Action;

use super::event_loop;
use super::hardware::Hardware;

/// Watches the sensor and the key, and lets the screen rest.
pub fn watch(kiosk: &Kiosk, hardware: &Hardware) {
    if hardware.dim_after_seconds > 0 {
        let dimmer = RefCell::new(dimmer());
        let dim = move |dark| dimmer.borrow_mut().as_mut().is_some_and(|dimmer| dim(dimmer, dark));
        kiosk.rest_after(Duration::from_secs(hardware.dim_after_seconds), Box::new(dim));
    }
    let line = |input| Some((input, hardware.line(input)?));
    let lines: Vec<_> = [Input::Presence, Input::StaffKey]
        .into_iter()
        .filter_map(line)
        .collect();
    gpio::watch(&lines, |input, level| {
        let action = match input {
            Input::Presence => Action::Presence(level),
            Input::StaffKey => Action::StaffKey(level),
        };
        event_loop::invoke(move |kiosk| kiosk.act(action));
    });
}

fn dimmer() -> Option<Dimmer> {
    let light = Backlight::find(Path::new(backlight::CLASS))?;
    Dimmer::new(light)
        .inspect_err(|error| tracing::warn!("the backlight can't be dimmed: {error}"))
        .ok()
}

/// Whether it did.
fn dim(dimmer: &mut Dimmer, dark: bool) -> bool {
    let done = if dark { dimmer.dim() } else { dimmer.wake() };
    done.inspect_err(|error| tracing::warn!("the backlight can't be dimmed: {error}"))
        .is_ok()
}
