//! Residents at the screen: what they touch, what they then read.
//!
//! Each story is told in taps, by the words on the buttons.

mod asking;
mod codes;
mod home;
mod layout;
mod leaving;
mod letters;
mod listening;
mod listening_in_parts;
mod lists;
mod noticing;
mod playing;
mod reading;
mod resting;
mod searching;
mod setting_the_date;
mod settings;
mod sticks;
mod storms;
mod targets;
mod trouble;
