//! What systemd is told: that there is no screen yet, that the first frame is on it, then, from the event loop, that it still
//! goes round, and at last that the program ends.
//!
//! A kiosk that was not started by systemd tells nobody anything (`sd_notify(3)`).

use std::time::Duration;

use commune_kiosk::kiosk::screen::bare;
use sd_notify::NotifyState;
use slint::{PlatformError, Timer, TimerMode};

/// How often a screen is looked for. A commune's screen may be switched on an hour after its kiosk.
const LOOK: Duration = Duration::from_secs(2);

/// How much longer, in microseconds, systemd is to wait for the start each time.
const LONGER: u32 = 20_000_000;

/// Makes the window; on a machine that has no screen yet, waits for one, and says so once.
///
/// # Errors
/// The desktop around it gives no window.
pub fn until_there_is_a_screen<T>(make: impl FnMut() -> Result<T, PlatformError>) -> Result<T, PlatformError> {
    until(make, bare::is_wanted(), LOOK)
}

fn until<T>(
    mut make: impl FnMut() -> Result<T, PlatformError>,
    waits: bool,
    look: Duration,
) -> Result<T, PlatformError> {
    let mut said = false;
    loop {
        match make() {
            Err(error) if waits => {
                if !said {
                    tracing::warn!("no screen can be used yet: {error}");
                    said = true;
                }
                // Waiting is no failed start.
                notify(NotifyState::ExtendTimeoutUsec(LONGER));
                std::thread::sleep(look);
            }
            window_or_error => return window_or_error,
        }
    }
}

/// Begins to tell; stops when the timer is dropped. `painted` is called once the first frame is on the screen.
pub fn report(painted: impl FnOnce() + 'static) -> Timer {
    // What is due in the first round is done before the first frame is painted, in the second after it.
    Timer::single_shot(Duration::ZERO, || {
        Timer::single_shot(Duration::ZERO, || {
            notify(NotifyState::Ready);
            painted();
        });
    });
    let pulse = Timer::default();
    // Four times as often as must be: a slow card may hold the screen up for a moment.
    if let Some(limit) = sd_notify::watchdog_enabled() {
        pulse.start(TimerMode::Repeated, limit / 4, || notify(NotifyState::Watchdog));
    }
    pulse
}

/// Says that the event loop has ended and nobody says any more that it goes round. From now on the program has the time that it
/// has when systemd ends it: a card may be slow, and what was counted is still to be written.
pub fn ends() {
    notify(NotifyState::Stopping);
}

fn notify(state: NotifyState) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!("systemd can't be told: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_screen_it_looks_again_and_within_a_desktop_it_gives_up() {
        for (waits, expected) in [(true, 4), (false, 1)] {
            let mut looked = 0;
            let made = until(
                || {
                    looked += 1;
                    if looked == 4 {
                        Ok(())
                    } else {
                        Err(PlatformError::NoPlatform)
                    }
                },
                waits,
                Duration::ZERO,
            );
            assert_eq!((made.is_ok(), looked), (waits, expected));
        }
    }
}
