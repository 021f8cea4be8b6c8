//! The content on other ways than the kiosk, nothing typed twice.
//!
//! - [`site`]: a folder of web pages, for any web server or a stick
//! - `paper` (feature `print`): leaflets, posters, decks, handouts, scripts, sheets to approve, and pictures to send on
//! - `channels` (feature `print`): many of these at once, as an officer takes them from a page of the office

#[cfg(feature = "print")]
pub mod channels;
#[cfg(feature = "print")]
pub mod paper;
pub mod site;
