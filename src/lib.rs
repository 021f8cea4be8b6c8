//! The commune kiosk: a touchscreen for the waiting hall of a Vietnamese commune, and the office side of it.
//!
//! The map, in the order in which rooms may use each other (a room knows only those above it; `tests/rooms.rs` checks it):
//!
//! - [`files`]: the one way in which files that matter are changed
//! - [`content`]: what residents read: the author's folder, the library file, search, Vietnamese text
//! - [`bundle`]: what travels: one signed file format for packs, statistics and receipts
//! - [`slots`]: where packs live on the kiosk: install, switch, go back
//! - [`usage`]: what is counted: events, counters, their database
//! - [`device`]: the machine: clock trust, memory, sticks, card, power, GPIO lines
//! - [`sync`]: how packs reach the kiosk, and counts the office
//! - [`session`]: one resident at the screen: where they are and what they see; no clock, no files, no Slint
//! - [`office`]: receives, keeps, shows what kiosks counted (feature `office`)
//! - [`screen`]: the only room that knows Slint (feature `kiosk`)

pub mod bundle;
pub mod content;
pub mod device;
pub mod files;
pub mod session;
pub mod slots;
pub mod sync;
pub mod usage;

#[cfg(feature = "office")]
pub mod office;
#[cfg(feature = "kiosk")]
pub mod screen;
