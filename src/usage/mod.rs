//! What residents do at the screen, counted and not recorded.
//!
//! The session says what happened ([`signals::Event`]); the log adds one to a cell of a small table and, every half
//! minute and at the end of a visit, writes the cells that grew to `usage.db`. A month of them becomes the figures the
//! commune reports from.
//!
//! What this room refuses:
//! - **No row for a visit.** There is no visit number, no list of taps, no order of events: only sums.
//! - ***When* and *what* never meet.** How many came, at which hour and for how long is one family of counters; what they
//!   opened is the other. No cell belongs to both, so "who was here at ten" can't be asked about what was read at ten.
//!   While the date is unknown, what they opened is put together by the day of the run ([`counters::Period`]).
//! - **What is asked for most has no numbers for long.** Once a month only the order of a few pages is kept, and none of it is sent
//!   ([`demand`]).
//! - **No typed text.** An event carries the id of a page, a question or a set, never words ([`signals::Label`]).
//! - **No clock.** Time comes in as a [`stamp::Stamp`]; a kiosk without a trusted clock still counts, and its counts find
//!   their day later.
//!
//! Read [`signals::Signal`] first: it is the whole list of what is counted.

pub mod batch;
pub mod counters;
pub mod demand;
pub mod log;
pub mod receipt;
pub mod recorder;
pub mod signals;
pub mod stamp;
pub mod statistics;
pub mod store;
