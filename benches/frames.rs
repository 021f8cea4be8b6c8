//! From a tap to the painted frame, for every screen: docs/performance.md allows 8 ms at the 95th percentile.
//!
//! Takes the tour again and again and prints the percentile for each stop. The reference in the same run is a full repaint of
//! the home screen, the bare work of painting six tiles.

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use commune_kiosk::kiosk::screen::headless::Headless;
use commune_kiosk::kiosk::screen::{Kiosk, Window, tour};
use commune_kiosk::kiosk::session::Action;
use commune_kiosk::usage::stamp::Stamp;

const ROUNDS: usize = 20;

fn main() {
    let (_folder, path) = common::pack();
    let mut frames: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let path = path.clone();
        // A thread for each round: Slint has one platform a thread.
        let round = std::thread::spawn(move || {
            let mut stops = Vec::new();
            let mut number = 0;
            tour::take(common::open(&path), common::options(), |stop| {
                number += 1;
                stops.push((format!("{number:02}-{}", stop.name), stop.frame));
                Ok(())
            })
            .expect("a tour");
            stops
        });
        for (name, frame) in round.join().expect("a round") {
            frames.entry(name).or_default().push(frame);
        }
    }
    let mut all: Vec<Duration> = frames
        .values()
        .flatten()
        .copied()
        .filter(|frame| !frame.is_zero())
        .collect();
    println!("tap to painted frame, 1280x800, {ROUNDS} rounds (budget 8 ms at p95)");
    println!("  {:<32} {:>9} {:>9}", "screen", "median ms", "p95 ms");
    for (name, samples) in frames.iter_mut().filter(|(_, samples)| !samples[0].is_zero()) {
        let (half, most) = (common::percentile(samples, 0.5), common::percentile(samples, 0.95));
        let over = if most > Duration::from_millis(8) { "  over" } else { "" };
        println!("  {name:<32} {:>9.2} {:>9.2}{over}", common::ms(half), common::ms(most));
    }
    println!(
        "  {:<32} {:>9.2} {:>9.2}",
        "all",
        common::ms(common::percentile(&mut all, 0.5)),
        common::ms(common::percentile(&mut all, 0.95))
    );
    let mut repaints = full_repaints(&path);
    println!(
        "  {:<32} {:>9.2} {:>9.2}",
        "reference: full repaint of home",
        common::ms(common::percentile(&mut repaints, 0.5)),
        common::ms(common::percentile(&mut repaints, 0.95))
    );
}

/// Paints the home screen a hundred times.
fn full_repaints(path: &Path) -> Vec<Duration> {
    let screen = Headless::install(1280, 800).expect("a screen");
    let now = || Stamp::dated(Duration::ZERO, common::morning());
    let window = Window::open().expect("a window");
    let kiosk = Kiosk::new(
        window,
        Some(common::open(path)),
        common::recorder(now()),
        1,
        Box::new(now),
    );
    kiosk.window().show().expect("a window");
    kiosk.act(Action::Home);
    screen.draw();
    (0..100).map(|_| screen.repaint()).collect()
}
