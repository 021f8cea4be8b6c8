//! How the screens look, compared with pictures that somebody has looked at.
//!
//! `UPDATE_PICTURES=1 cargo test --release --test kiosk pictures` takes them anew; look at each before committing it.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use commune_kiosk::content;
use commune_kiosk::kiosk::screen::headless::Picture;
use commune_kiosk::kiosk::screen::tour;
use commune_kiosk::kiosk::session::settings::Settings;

use crate::common;

/// The stops of the tour that are compared: one for each kind of screen.
const STOPS: [&str; 12] = [
    "attract",
    "home",
    "section",
    "guide",
    "take-home",
    "prepare",
    "step-1",
    "article",
    "answer",
    "quiz-result",
    "search-found",
    "calendar",
];

/// The share of pixels that may differ: fonts are drawn a little differently from machine to machine.
const TOLERANCE: f64 = 0.02;

/// The pictures travel with the repository, so they stay small.
const MOST_BYTES: u64 = 1_500_000;

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

/// Fewer shades make a smaller file; what goes is far below what the comparison sees.
fn thinned(mut picture: Picture) -> Picture {
    for shade in &mut picture.rgb {
        *shade = (*shade / 8) * 8 + *shade / 32;
    }
    picture
}

#[test]
fn the_screens_look_as_they_did_when_somebody_looked() {
    let update = std::env::var_os("UPDATE_PICTURES").is_some();
    let seen = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    let library = content::open(&common::content_folder(), common::morning().date()).expect("content without errors");
    let options = tour::Options {
        size: common::USUAL,
        settings: Settings::default(),
        start: common::morning(),
        every_page: false,
    };
    let mut taken = Vec::new();
    let mut faults = Vec::new();
    tour::take(Rc::new(library), options, |stop| {
        let Some(name) = STOPS.into_iter().find(|name| *name == stop.name) else {
            return Ok(());
        };
        let file = pictures().join(format!("{name}.png"));
        if update && !taken.contains(&name) {
            fs::create_dir_all(pictures())?;
            thinned(stop.picture).write(&file)?;
        } else if !taken.contains(&name) {
            let differs = Picture::read(&file).map_or(1.0, |kept| kept.difference(&stop.picture));
            if differs >= TOLERANCE {
                fs::create_dir_all(&seen)?;
                let now = seen.join(format!("{name}.png"));
                stop.picture.write(&now)?;
                faults.push(format!(
                    "{name}: {:.1} % differs; see {}",
                    differs * 100.0,
                    now.display()
                ));
            }
        }
        taken.push(name);
        Ok(())
    })
    .expect("the tour goes through");
    for name in STOPS {
        assert!(taken.contains(&name), "the tour no longer stops at {name}");
    }
    assert!(
        faults.is_empty(),
        "{}\nIf it should: UPDATE_PICTURES=1",
        faults.join("\n")
    );
}

#[test]
fn the_pictures_are_small_and_none_is_left_over() {
    let mut bytes = 0;
    for entry in fs::read_dir(pictures()).expect("pictures") {
        let entry = entry.expect("a picture");
        let name = entry.file_name().to_string_lossy().into_owned();
        let stop = name.trim_end_matches(".png");
        assert!(STOPS.contains(&stop), "{name} is compared with nothing");
        bytes += entry.metadata().expect("a size").len();
    }
    assert!(bytes <= MOST_BYTES, "{bytes} bytes");
}

#[test]
fn a_missing_tile_would_be_seen() {
    let kept = Picture::read(&pictures().join("home.png")).expect("a picture");
    let mut changed = kept.clone();
    let (width, tile) = (kept.width as usize, 300);
    for row in 300..500 {
        changed.rgb[3 * (row * width + 50)..3 * (row * width + 50 + tile)].fill(0);
    }
    assert!(kept.difference(&changed) >= TOLERANCE);
    assert!(kept.difference(&kept) < TOLERANCE);
}
