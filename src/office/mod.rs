//! The office side: what becomes of the counts that kiosks send.
//!
//! - [`figures`]: a table of counts as the figures that pages and reports show
//! - [`titles`]: what pages, steps, questions and programmes are called
//! - [`words`]: numbers, dates and groups as officers read them
//! - [`chart`]: figures as pictures (SVG)
//! - [`report`]: the administrative report of a period: HTML to print, XLSX, CSV
//!
//! Nothing of these reads a clock, a file or a network; dates come in as arguments. Read [`figures::Figures`] first.

pub mod chart;
pub mod figures;
pub mod report;
pub mod titles;
pub mod words;
