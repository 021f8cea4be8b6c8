//! Carriers: how packs reach this kiosk, and how its counts reach the office, by stick and by network.
//!
//! A carrier runs on a thread of its own and tells the screen in plain words what it does. Both take bundles from one
//! [`outbox`], which decides alone what is over. Begin with [`stick`] and `network`.

pub mod identity;
pub mod incoming;
#[cfg(feature = "network")]
pub mod network;
pub mod outbox;
pub mod schedule;
pub mod stick;
