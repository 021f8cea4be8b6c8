//! The office side: receives what kiosks counted, keeps it, shows it, reports from it.
//!
//! - [`receive`]: what becomes of a bundle
//! - [`store`]: what is kept, in SQLite or PostgreSQL
//! - [`packs`]: packs that are brought to the office, for kiosks to fetch
//! - [`serve`]: the server for kiosks and for people; [`password`]s of the latter
//! - [`rounding`]: counts as they may be shown
//! - [`figures`]: a table of such counts as the figures that pages and reports show
//! - [`titles`]: what pages, steps, questions and programmes are called
//! - [`words`]: numbers, dates and groups as officers read them
//! - [`plan`]: the rows of the commune's plan, what is planned and what was done
//! - [`chart`]: figures as pictures (SVG)
//! - [`report`]: the administrative report of a period: HTML to print, XLSX, CSV
//! - [`reporting`]: what pages and reports are made of, read from the store
//! - [`audio`]: voices that read pages aloud, made ready for the kiosk
//! - [`radio`]: a programme as a script to print and as a sound to broadcast
//! - [`publish`]: the content on other ways than the kiosk
//! - [`programs`]: other programs that are started, bounded in time and in what they say
//!
//! Rounding, figures, titles, words, plan, charts and reports are plain data: none of them reads a clock, a file or a network. Read
//! [`receive::Receiver`] first, then [`figures::Figures`].

pub mod audio;
pub mod chart;
pub mod figures;
pub mod packs;
pub mod password;
pub mod plan;
pub mod programs;
pub mod publish;
pub mod radio;
pub mod receive;
pub mod report;
pub mod reporting;
pub mod rounding;
pub mod serve;
pub mod store;
pub mod titles;
pub mod words;
