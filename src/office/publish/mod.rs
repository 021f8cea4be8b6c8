//! The content on other ways than the kiosk, nothing typed twice.
//!
//! - [`site`]: a folder of web pages, for any web server or a stick

pub mod site;
