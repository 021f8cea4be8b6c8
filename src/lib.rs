//! The commune kiosk: a touchscreen for the waiting hall of a Vietnamese commune, and the office side of it.
//!
//! A ground floor and two wings over it. The map, in the order in which rooms may use each other (a room knows only those above
//! it; `tests/rooms.rs` checks it):
//!
//! - [`files`]: the one way in which files that matter are changed
//! - [`content`]: what residents read: the author's folder, the library file, search, Vietnamese text
//! - [`bundle`]: what travels: one signed file format for packs, statistics and receipts
//! - [`usage`]: what is counted: events, counters, their database
//! - [`kiosk`]: the wing at the hall: its machine, its packs, its carriers, a resident's session, the screen
//!   (feature `kiosk`; with feature `network` all but the screen and what only Linux has)
//! - [`office`]: the wing at the desk: receives, keeps, shows what kiosks counted (feature `office`)

pub mod bundle;
pub mod content;
pub mod files;
pub mod usage;

#[cfg(feature = "network")]
pub mod kiosk;
#[cfg(feature = "office")]
pub mod office;
