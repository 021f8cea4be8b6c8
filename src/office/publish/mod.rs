//! The content on other ways than the kiosk: nothing is written twice.
//!
//! - `paper` (feature `print`): leaflets, posters, decks, handouts, scripts, sheets to approve, and pictures to send on

#[cfg(feature = "print")]
pub mod paper;
