//! Stories of the hall: residents at the screen, staff with sticks, technicians at the command line, the machine's own services,
//! and the whole way of a count to the office.
//!
//! One program, because each would link the screen anew.

#[path = "../common/mod.rs"]
mod common;

mod carrying;
mod commands;
mod counting;
mod counting_faults;
#[cfg(feature = "office")]
mod counts_reach_the_office;
mod cut_off;
mod forms;
mod gpio;
mod no_screen;
mod outgoing_sticks;
mod pictures;
mod rehearsal;
mod resident;
mod slow_card;
mod sticks;
mod translations;
mod turning_off;
