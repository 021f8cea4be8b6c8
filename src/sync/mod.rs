//! Carriers: how packs reach this kiosk. So far by stick.
//!
//! A carrier runs on a thread of its own and tells the screen in plain words what it does. Begin with [`stick`].

pub mod stick;
