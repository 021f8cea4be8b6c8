//! The image, started on machines that are emulated: what residents, sticks, keyboards and power cuts find.
//!
//! `ARCH=amd64 cargo test --release --test image -- --nocapture --test-threads=2` wants the image that `kiosk-image/build.sh`
//! made as `target/image/kiosk-$ARCH.img`, and keeps pictures of every step in `target/image-test/$ARCH/`. Each test is one
//! story about one machine (power cuts: two). Nothing in the image is there for these tests.
//!
//! An emulated machine is as fast on a busy computer as on an idle one, by its own clocks (`emulator.rs`), so that its watchdogs and its
//! system find no fault in a processor that is held up. What the stories wait for by this computer's clock, they wait for longer where a
//! machine starts slowly. With clocks that ran on, a start of six minutes instead of one ended in watchdogs that bit a sound program.

#[path = "../../tests/common/mod.rs"]
mod common;
#[path = "../../tests/common/forger.rs"]
mod forger;
#[path = "../../tests/common/program.rs"]
mod program;

mod cards;
mod cuts;
mod damaged;
mod editions;
mod emulator;
mod framebuffer;
mod freezes;
mod full;
mod keyboards;
mod late;
mod late_screen;
mod machine;
mod measures;
mod month;
mod packs;
mod panel;
mod pins;
mod probe;
mod qmp;
mod resident;
mod restarts;
mod rotation;
mod slow_cards;
mod sound;
mod staff;
mod sticks;
mod technician;
mod trials;
mod twin;

use machine::{Machine, Setting};
use resident::Resident;

/// Whether this story is told about the kind of machine that is asked for. Only the first is told about all.
fn is_told() -> bool {
    let told = machine::arch() == "amd64";
    if !told {
        println!("told about mini PCs only");
    }
    told
}

/// The way of a resident through a guide, from the invitation to the last step.
const GUIDE: &str = "Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Cần chuẩn bị > Xem các bước > Bước tiếp > \
                     Bước tiếp > Bước tiếp > Bước tiếp > Bước tiếp > Hoàn tất";

#[test]
fn a_resident_reads_a_guide_to_its_end_and_is_counted() {
    let mut machine = Machine::new(Setting::of("1-guide"));
    println!("1-guide: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);
    resident.taps(GUIDE);
    resident.tap("Dễ hiểu");
    resident.tap("Trang chủ");

    // The visit is still going on: its counts are on the disk half a minute later.
    let machine = &mut resident.machine;
    machine.waits_until("kiosk counts --data /data/kiosk | grep -q ^.*rated");
    let counted = machine.counts();
    let of = |signal: &str| -> Vec<(&str, &str, u64)> {
        let rows = counted.iter().filter(|(counted, ..)| counted == signal);
        rows.map(|(_, subject, value, n)| (subject.as_str(), value.as_str(), *n))
            .collect()
    };
    assert_eq!(of("visit-started"), [("", "08", 1)]);
    assert_eq!(of("page-opened"), [("khai-sinh", "", 1)]);
    assert_eq!(of("guide-finished"), [("khai-sinh", "", 1)]);
    assert_eq!(of("rated"), [("khai-sinh", "good", 1)]);
}
