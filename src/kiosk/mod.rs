//! The wing at the hall: everything that runs on a kiosk and nowhere else. It knows the ground floor (content, bundles, counts)
//! and nothing of the office; the office knows nothing of it.
//!
//! - [`device`]: the machine: clock trust, memory, sticks, card, power, GPIO lines
//! - [`slots`]: where packs live: install, switch, go back
//! - [`sync`]: how packs reach the kiosk, and counts the office
//! - [`session`]: one resident at the screen: where they are and what they see; no clock, no files, no Slint
//! - [`screen`]: the only room that knows Slint (feature `kiosk`)
//!
//! A room knows only those above it, and not all of these: `tests/rooms.rs` says which. Begin with [`session`].

pub mod device;
#[cfg(feature = "kiosk")]
pub mod screen;
pub mod session;
pub mod slots;
#[cfg(feature = "kiosk")]
pub mod sound;
pub mod sync;
