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

/// How much longer than usual a touch may take while the card is busy: one that waited for a flush takes as long as the card needs for
/// what may wait to be written.
const HELD_UP: Duration = Duration::from_secs(4);

/// The most that may wait to be written, in KiB: 16 MiB are the files' (`vm.dirty_bytes`), the rest is the file system's own, for which
/// nobody is held back. Without that bound it is a fifth of the memory.
const MOST_WAITING: u64 = 20 * 1024;

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
        // A program that stands still for 12 s is ended, as on a real machine.
        has_watchdogs: true,
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
    let (mut rounds, mut waiting) = (1, 0);
    while resident.machine.edition() != Some(2) {
        assert!(begun.elapsed() < patience, "not installed within {patience:?}");
        resident.taps(ROUND);
        rounds += 1;
        waiting = waiting.max(waits_to_be_written(&mut resident.machine));
    }
    println!(
        "16-slow-card: installed after {:?}, in {} touches; at most {waiting} KiB waited to be written",
        begun.elapsed(),
        4 * (rounds - 1)
    );
    assert!(waiting <= MOST_WAITING, "{waiting} KiB");
    is_not_held_up(&mut resident, usual);
    let machine = &mut resident.machine;
    assert!(!machine.qmp().has_seen("WATCHDOG"));
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
    resident.tap("Chạm để bắt đầu");
    resident.taps(ROUND);
    let usual = resident.slowest();

    // From now on nothing that is to be written ever is. What is counted is to be after half a minute.
    resident.machine.qmp().forgets();
    resident.machine.qmp().slows_writing(1, 1);
    let hung = Instant::now();
    while hung.elapsed() < Duration::from_secs(40) {
        resident.taps(ROUND);
    }
    is_not_held_up(&mut resident, usual);
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

/// Sees that no touch took much longer than usual since that was last asked, as slow as the machine is.
fn is_not_held_up(resident: &mut Resident, usual: Duration) {
    let (name, slowest) = (resident.machine.setting.name, resident.slowest());
    let longest = usual + resident.machine.patience(HELD_UP);
    println!("{name}: the slowest touch was shown after {slowest:?}, on a card that works after {usual:?}");
    assert!(slowest <= longest, "{slowest:?}, and not {longest:?}");
}

/// How much waits to be written, in KiB (`proc_meminfo(5)`).
fn waits_to_be_written(machine: &mut Machine) -> u64 {
    let said = machine.runs("grep -E '^(Dirty|Writeback):' /proc/meminfo");
    let numbers = said
        .lines()
        .map(|line| line.split_whitespace().nth(1).expect("a number"));
    numbers.map(|number| number.parse::<u64>().expect("KiB")).sum()
}
