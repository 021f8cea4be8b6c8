//! What systemd is told: that the first frame is on the screen, and then, from the event loop, that it still goes round.
//!
//! A kiosk that was not started by systemd tells nobody anything (`sd_notify(3)`).

use std::time::Duration;

use sd_notify::NotifyState;
use slint::{Timer, TimerMode};

/// Begins to tell; stops when the timer is dropped.
pub fn report() -> Timer {
    // What is due in the first round is done before the first frame is painted, in the second after it.
    Timer::single_shot(Duration::ZERO, || {
        Timer::single_shot(Duration::ZERO, || notify(NotifyState::Ready));
    });
    let pulse = Timer::default();
    // Four times as often as must be: a slow card may hold the screen up for a moment.
    if let Some(limit) = sd_notify::watchdog_enabled() {
        pulse.start(TimerMode::Repeated, limit / 4, || notify(NotifyState::Watchdog));
    }
    pulse
}

fn notify(state: NotifyState) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!("systemd can't be told: {error}");
    }
}
