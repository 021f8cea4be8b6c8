//! Carriers: how packs reach this kiosk, and how its counts reach the office, by stick and by network.
//!
//! A carrier runs on a thread of its own and tells the screen in plain words what it does. Begin with [`stick`] and
//! [`outbox`].

pub mod identity;
pub mod outbox;
pub mod stick;
