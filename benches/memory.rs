//! Memory after a tour of every screen with a pack of 200 pages: docs/performance.md allows 60 MB (PSS).
//!
//! The reference in the same run is this program before it opens anything.

mod common;

use commune_kiosk::kiosk::device::memory;
use commune_kiosk::kiosk::screen::tour;

fn main() {
    let mib = |kib: Option<u64>| {
        kib.map_or(f64::NAN, |kib| {
            f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
        })
    };
    let before = mib(memory::pss_kib());
    let (_folder, path) = common::pack();
    let library = common::open(&path);
    let made = mib(memory::pss_kib());
    let (mut home, mut visit, mut most) = (f64::NAN, f64::NAN, before);
    tour::take(library, common::options(), |stop| {
        most = most.max(mib(stop.pss_kib));
        match stop.name.as_str() {
            "home" => home = mib(stop.pss_kib),
            "pin" => visit = most,
            _ => {}
        }
        Ok(())
    })
    .expect("a tour");
    println!("memory, 200 pages (budget 60 MB)");
    println!("  the program before it opens anything    {before:>6.1} MiB");
    println!("  after making and opening the pack       {made:>6.1} MiB");
    println!("  at home (budget 30)                     {home:>6.1} MiB");
    println!("  the most before the staff page (30)     {visit:>6.1} MiB");
    println!("  the most on the tour (45)               {most:>6.1} MiB");
    println!(
        "  after the tour                          {:>6.1} MiB",
        mib(memory::pss_kib())
    );
}
