//! Cards that are slow, and cards that answer nothing any more. Residents notice neither; of the second the machine rids itself.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use commune_kiosk::kiosk::sync::stick::News;

use crate::editions::{self, Press, lies_in};
use crate::machine::{Machine, Setting};
use crate::resident::Resident;
use crate::sticks;

/// What a bad card writes in a second: bytes, requests.
const SLOW: (u64, u64) = (4_000_000, 60);

/// A pack of 300 MB, in recordings of 10 MB.
const RECORDINGS: usize = 30;

/// How long it may take until it is installed: 75 s are the card's.
const INSTALLED: Duration = Duration::from_mins(10);

/// How long a machine may keep a card that hangs: 30 s until counts are written, 60 s (`kernel.hung_task_timeout_secs`), 10 s until
/// somebody looks, 10 s (`kernel.panic`).
const HUNG: Duration = Duration::from_mins(3);

/// Another one after each start of the kernel.
const BOOT_ID: &str = "cat /proc/sys/kernel/random/boot_id";

const ROUND: &str = "Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Trang chủ";

#[test]
fn a_slow_card_takes_a_large_pack_while_somebody_reads() {
    if !crate::is_told() {
        return;
    }
    let press = Press::new();
    let mut machine = Machine::new(Setting {
        more_room: 1024,
        ..Setting::of("16-slow-card")
    });
    press.introduces_itself(&machine, "", "");
    let folder = machine.file("folder");
    lies_in(&folder, "le-loi.kpack", &press.heavy_pack(2, RECORDINGS));
    let stick = sticks::fat(machine.file("stick"), &folder);
    println!("16-slow-card: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);
    resident.tap("Chạm để bắt đầu");
    resident.taps(ROUND);
    let usual = resident.slowest();
    let program = resident.machine.shows("MainPID");

    resident.machine.qmp().slows_writing(SLOW.0, SLOW.1);
    resident.machine.plugs_stick(&stick, "stick");
    resident.twin.asks(|desk| desk.hall.kiosk.hear(News::Looking));
    resident.sees("strip");
    let (begun, patience) = (Instant::now(), resident.machine.patience(INSTALLED));
    let mut rounds = 1;
    while resident.machine.edition() != Some(2) {
        assert!(begun.elapsed() < patience, "not installed within {patience:?}");
        resident.taps(ROUND);
        rounds += 1;
    }
    println!(
        "16-slow-card: installed after {:?}; the slowest of {} touches was shown after {:?}, before that after {usual:?}",
        begun.elapsed(),
        4 * (rounds - 1),
        resident.slowest()
    );
    let machine = &mut resident.machine;
    let waiting = machine.runs("grep -E '^(Dirty|Writeback):' /proc/meminfo | tr -s ' \\n' ' '");
    println!("16-slow-card: waiting to be written: {waiting}");
    machine.waits_until(&format!(
        "kiosk counts --data /data/kiosk | grep -q 'page-opened.khai-sinh..{rounds}$'"
    ));
    assert_eq!(machine.shows("MainPID"), program);
    assert_eq!(machine.shows("NRestarts"), "0");
}

#[test]
fn a_card_that_hangs_restarts_the_machine_and_residents_read_until_then() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting::of("17-hung-card"));
    println!("17-hung-card: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library.clone());
    let before = resident.machine.runs(BOOT_ID);
    resident.machine.runs("sync");

    // From now on nothing that is to be written ever is. What is counted is to be after half a minute.
    resident.machine.qmp().forgets();
    resident.machine.qmp().slows_writing(1, 1);
    let hung = Instant::now();
    resident.tap("Chạm để bắt đầu");
    while hung.elapsed() < Duration::from_secs(40) {
        resident.taps(ROUND);
    }
    println!(
        "17-hung-card: the slowest touch on a card that hangs was shown after {:?}",
        resident.slowest()
    );
    let machine = &mut resident.machine;
    let patience = machine.patience(HUNG);
    machine.qmp().waits_for("RESET", patience);
    println!(
        "17-hung-card: the machine starts again {:?} after the card hung",
        hung.elapsed()
    );
    let said = fs::read(machine.serial_log()).expect("a log");
    assert!(
        String::from_utf8_lossy(&said).contains("Kernel panic - not syncing: hung_task: blocked tasks"),
        "the kernel noticed by itself"
    );
    machine.qmp().slows_writing(0, 0);
    sleep(Duration::from_secs(5));
    machine.waits_until_it_runs();
    assert_ne!(machine.runs(BOOT_ID), before);
    machine.runs("mountpoint --quiet /data");
    resident.stands_before_it_again(library);
    resident.tap("Chạm để bắt đầu");
    resident.taps(ROUND);
}
