//! The cost of doing nothing for five minutes on the invitation and on the home screen: docs/performance.md allows 0.5 % of a
//! core, and no frame without a change on the screen.
//!
//! Our own clock lets five minutes pass at once: what is measured is the processor time that the ticks of five minutes take.
//! On the home screen the idle warning and then the invitation come up, as they should; their frames are counted too.

mod common;

use std::time::Duration;

use commune_kiosk::kiosk::device::memory::processor_time;
use commune_kiosk::kiosk::screen::headless::Headless;
use commune_kiosk::kiosk::screen::{Kiosk, Window};
use commune_kiosk::usage::stamp::Stamp;

const LENGTH: Duration = Duration::from_mins(5);

fn main() {
    println!("idle for five minutes (budget 0.5 % of a core)");
    let (_folder, path) = common::pack();
    for (what, touch) in [("invitation", false), ("home, left alone", true)] {
        let path = path.clone();
        let run = std::thread::spawn(move || {
            let library = common::open(&path);
            let screen = Headless::install(1280, 800).expect("a screen");
            let time = screen.clock();
            let now = move || {
                Stamp::dated(
                    time.get(),
                    common::morning() + chrono::Duration::from_std(time.get()).expect("minutes"),
                )
            };
            let window = Window::open().expect("a window");
            let kiosk = Kiosk::new(window, Some(library), common::recorder(now()), 1, Box::new(now));
            kiosk.window().show().expect("a window");
            screen.draw();
            if touch {
                let place = kiosk.button("Chạm để bắt đầu").expect("the invitation");
                screen.tap(place);
            }
            let (frames, began) = (screen.frames(), processor_time().expect("/proc"));
            screen.pass(LENGTH);
            (
                screen.frames() - frames,
                processor_time().expect("/proc").saturating_sub(began),
            )
        });
        let (frames, used) = run.join().expect("a run");
        println!(
            "  {what:<20} {:>6.3} % of a core, {frames} frames",
            used.as_secs_f64() / LENGTH.as_secs_f64() * 100.0
        );
    }
}
