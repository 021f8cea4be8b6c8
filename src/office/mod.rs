//! The office side: receives what kiosks counted, keeps it, shows it, reports from it.
//!
//! - [`receive`]: what becomes of a bundle
//! - [`store`]: what is kept, in SQLite or PostgreSQL
//! - [`serve`]: the server for kiosks and for people; [`password`]s of the latter
//! - [`figures`]: a table of counts as the figures that pages and reports show
//! - [`titles`]: what pages, steps, questions and programmes are called
//! - [`words`]: numbers, dates and groups as officers read them
//! - [`chart`]: figures as pictures (SVG)
//! - [`report`]: the administrative report of a period: HTML to print, XLSX, CSV
//!
//! From figures on nothing reads a clock, a file or a network. Read [`receive::Receiver`] first, then
//! [`figures::Figures`].

pub mod chart;
pub mod figures;
pub mod password;
pub mod receive;
pub mod report;
pub mod serve;
pub mod store;
pub mod titles;
pub mod words;
