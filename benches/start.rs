//! Process start to first frame with a pack of 200 pages: docs/performance.md allows 100 ms.
//!
//! Runs itself as a child that opens the pack, makes the window in memory, draws one frame and ends; what is measured is the
//! child's whole life, its loading by the system included. The reference in the same run is a child that does nothing.

mod common;

use std::process::Command;
use std::time::{Duration, Instant};

use commune_kiosk::kiosk::screen::headless::Headless;
use commune_kiosk::kiosk::screen::{Kiosk, Window};
use commune_kiosk::usage::stamp::Stamp;

const ROUNDS: usize = 30;

fn main() {
    if let Some(path) = std::env::var_os("START_BENCH_PACK") {
        return child(path.as_ref());
    }
    let (_folder, path) = common::pack();
    let me = std::env::current_exe().expect("this program");
    let life = |pack: &std::path::Path| {
        let began = Instant::now();
        let status = Command::new(&me)
            .env("START_BENCH_PACK", pack)
            .status()
            .expect("a child");
        assert!(status.success());
        began.elapsed()
    };
    let mut ours: Vec<Duration> = (0..ROUNDS).map(|_| life(&path)).collect();
    let mut nothing: Vec<Duration> = (0..ROUNDS).map(|_| life("".as_ref())).collect();
    println!("start to first frame, 200 pages, {ROUNDS} rounds (budget 100 ms)");
    for (what, samples) in [("kiosk", &mut ours), ("a process that does nothing", &mut nothing)] {
        let (half, most) = (common::percentile(samples, 0.5), common::percentile(samples, 0.95));
        println!(
            "  {what:<28} median {:>7.1} ms   p95 {:>7.1} ms",
            common::ms(half),
            common::ms(most)
        );
    }
}

fn child(path: &std::path::Path) {
    if path.as_os_str().is_empty() {
        return;
    }
    let library = common::open(path);
    let screen = Headless::install(1280, 800).expect("a screen");
    let now = || Stamp::dated(Duration::ZERO, common::morning());
    let window = Window::open().expect("a window");
    let kiosk = Kiosk::new(window, Some(library), common::recorder(now()), 1, Box::new(now));
    kiosk.window().show().expect("a window");
    assert!(screen.draw().is_some(), "a first frame");
}
