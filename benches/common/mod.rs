//! What the benchmarks of the screen share: a pack of 200 pages made from the repository's own, and the program run as a child.

#![allow(dead_code, reason = "each benchmark uses its part")]

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime};
use commune_kiosk::content::library::{self, Library};
use commune_kiosk::content::source;
use commune_kiosk::kiosk::screen::tour;
use commune_kiosk::kiosk::session::settings::Settings;
use commune_kiosk::usage::recorder::Recorder;
use commune_kiosk::usage::stamp::Stamp;
use tempfile::TempDir;

/// Pages of the pack that the budgets speak of.
const PAGES: usize = 200;

/// Eight in the morning of a day in November.
pub fn morning() -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    day.and_hms_opt(8, 15, 0).expect("a time")
}

/// Writes a pack of 200 pages: the repository's content, its pages repeated under other ids.
pub fn pack() -> (TempDir, PathBuf) {
    let checked = source::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("content"), morning().date());
    let mut content = checked.content.expect("the repository's content has no errors");
    let own = content.pages.clone();
    for copy in own.iter().cycle().take(PAGES - own.len()) {
        let mut page = copy.clone();
        page.id = format!("{}-{}", copy.id, content.pages.len());
        content.pages.push(page);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("content.db");
    library::write(&content, &path).expect("a pack");
    (folder, path)
}

/// A recorder that counts in memory.
pub fn recorder(now: Stamp) -> Recorder {
    Recorder::start(now).expect("a thread")
}

/// Opens a pack.
pub fn open(path: &Path) -> Rc<Library> {
    Rc::new(Library::open(path).expect("a pack"))
}

/// The tour at the size that the budgets speak of.
pub fn options() -> tour::Options {
    tour::Options {
        size: (1280, 800),
        settings: Settings::default(),
        start: morning(),
        every_page: false,
    }
}

/// The value at this share (0.5: the median) of the samples.
pub fn percentile(samples: &mut [Duration], share: f64) -> Duration {
    samples.sort_unstable();
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of samples are small"
    )]
    let place = ((samples.len() as f64 * share).ceil() as usize).clamp(1, samples.len());
    samples[place - 1]
}

/// As the reports print it.
pub fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
