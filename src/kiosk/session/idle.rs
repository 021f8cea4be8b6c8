//! When to ask "are you still there?", and when to believe that nobody is.
//!
//! Works on durations since the start of the program only: the wall clock may jump, waiting must not.

use std::time::Duration;

/// Silence before the question is asked.
pub const PATIENCE: Duration = Duration::from_mins(1);
/// The same while somebody reads a step or an article: old eyes take their time.
pub const PATIENCE_READING: Duration = Duration::from_mins(2);
/// How long the question stands: twenty seconds at least (WCAG 2.2, 2.2.1).
pub const COUNTDOWN: Duration = Duration::from_secs(20);

/// What silence means now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// Somebody is there.
    Busy,
    /// The question is on the screen for so many more seconds (1 to 20).
    Warning(u32),
    /// Nobody answered.
    Gone,
}

/// Says what a silence of this length means.
#[must_use]
pub fn judge(silence: Duration, reading: bool) -> Idle {
    let patience = if reading { PATIENCE_READING } else { PATIENCE };
    let Some(warned) = silence.checked_sub(patience) else {
        return Idle::Busy;
    };
    match COUNTDOWN.checked_sub(warned) {
        None | Some(Duration::ZERO) => Idle::Gone,
        Some(left) => Idle::Warning(u32::try_from(left.as_millis().div_ceil(1000)).unwrap_or(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_first_patience_then_a_countdown_then_the_end() {
        let judged = |seconds| judge(Duration::from_secs(seconds), false);
        assert_eq!(judged(59), Idle::Busy);
        assert_eq!(judged(60), Idle::Warning(20));
        assert_eq!(judged(79), Idle::Warning(1));
        assert_eq!(judged(80), Idle::Gone);
        assert_eq!(judged(1_000_000), Idle::Gone);
    }

    #[test]
    fn a_reader_of_a_step_has_twice_the_time() {
        let judged = |seconds| judge(Duration::from_secs(seconds), true);
        assert_eq!(judged(119), Idle::Busy);
        assert_eq!(judged(120), Idle::Warning(20));
        assert_eq!(judged(140), Idle::Gone);
    }
}
