//! The content on other ways than the kiosk, nothing typed twice.
//!
//! - [`site`]: a folder of web pages, for any web server or a stick
//! - `paper` (feature `print`): leaflets, posters, decks, handouts, scripts, sheets to approve, and pictures to send on

#[cfg(feature = "print")]
pub mod paper;
pub mod site;
