//! Stories of the desk: authors and the checker, packs, the server and its pages, the store on both kinds of databases, and kiosks
//! that call over networks of all kinds. No screen.
//!
//! One program, because each would link the office anew.

mod activities;
mod addresses;
mod answers;
mod calls;
#[cfg(feature = "print")]
mod channels;
mod common;
mod commune_profile;
mod content_checker;
mod content_promises;
mod corrections;
mod days_ahead;
mod deliveries;
mod desk;
mod failover;
mod faults_on_the_way;
mod flooded;
mod judged;
mod newcomers;
mod office_commands;
mod office_pages;
mod packs;
#[cfg(feature = "print")]
mod paper;
mod queries;
mod radio;
mod recordings;
mod recordings_in_parts;
mod restored;
mod roles;
mod server;
mod signed_out;
mod silence;
mod site;
mod store;
mod two_hosts;
mod uploads;
