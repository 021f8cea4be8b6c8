//! What hangs is started again: the kiosk by systemd, the kernel by itself, and both by the hardware watchdog.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::editions;
use crate::machine::{Machine, Setting};
use crate::resident::Resident;

/// Within so many seconds systemd hears that a program is frozen (`WatchdogSec=` of `kiosk.service`).
const HEARD: Duration = Duration::from_secs(12);

/// So long it takes to kill it and to start it again, on a machine that starts as fast as usual.
const STARTED: Duration = Duration::from_secs(3);

/// How long a crashed machine may take until it begins anew, where it starts as fast as usual: `kernel.panic` is 10 s, the watchdog's limit
/// 15 s.
const RESET: Duration = Duration::from_mins(2);

/// Another one after each start of the kernel.
const BOOT_ID: &str = "cat /proc/sys/kernel/random/boot_id";

#[test]
fn a_frozen_kiosk_and_a_crashed_kernel_start_again() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting {
        has_watchdogs: true,
        ..Setting::of("4-freezes")
    });
    println!("4-freezes: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library.clone());
    resident.tap("Chạm để bắt đầu");

    // The program stops answering.
    let machine = &mut resident.machine;
    let frozen = machine.shows("MainPID");
    let began: f64 = seconds(&machine.runs(&format!("kill -STOP {frozen}; cut -d' ' -f1 /proc/uptime")));
    machine.waits_until(&format!(
        "p=$(systemctl show kiosk -p MainPID --value); test $p != 0 -a $p != {frozen}"
    ));
    machine.waits_until_it_runs();
    assert_ne!(machine.shows("MainPID"), frozen);
    assert_eq!(machine.shows("NRestarts"), "1");
    let started = seconds(&machine.shows("ExecMainStartTimestampMonotonic")) / 1e6;
    let shown = seconds(&machine.shows("ActiveEnterTimestampMonotonic")) / 1e6;
    println!(
        "4-freezes: a frozen kiosk is started again after {:.1} s and shows its first frame {:.1} s later",
        started - began,
        shown - started
    );
    let longest = HEARD + machine.patience(STARTED);
    assert!(
        (0.0..=longest.as_secs_f64()).contains(&(started - began)),
        "{} s, not within {longest:?}",
        started - began
    );
    resident.stands_before_it_again(library.clone());
    // Its log is on the card at once, not hours later.
    resident
        .machine
        .waits_until("grep -q 'kiosk.service: Watchdog timeout' /data/journal/journal.0");

    // The kernel crashes, and starts the machine again after ten seconds. The watchdog is not needed for that: it does nothing meanwhile.
    // It would come first where the kernel's ten seconds take longer than the watchdog's fifteen, as on a busy computer, whose emulated
    // processor counts its loops more slowly than the emulator's own clock goes.
    let machine = &mut resident.machine;
    assert_eq!(machine.runs("cat /sys/class/watchdog/watchdog0/state"), "active");
    assert_eq!(machine.runs("cat /sys/class/watchdog/watchdog0/timeout"), "15");
    assert_eq!(machine.runs("cat /proc/sys/kernel/panic"), "10");
    machine.qmp().has_watchdog("none");
    crash(machine, "itself");
    machine.qmp().has_watchdog("reset");
    // What it said at last is on the card a minute after the next start.
    machine.waits_until_within(Duration::from_mins(4), "grep -q 'Kernel panic' /data/journal/panic");
    resident.stands_before_it_again(library.clone());

    // A kernel that would hang for ever: nobody answers the watchdog, and the hardware starts the machine again.
    let machine = &mut resident.machine;
    machine.runs("echo 0 > /proc/sys/kernel/panic");
    let barked = crash(machine, "the watchdog");
    assert!(barked, "nobody else starts it again");
    resident.stands_before_it_again(library);
    resident.tap("Chạm để bắt đầu");
}

/// Lets the kernel crash and waits until the kiosk runs again, started by whom it must be; whether the watchdog barked.
fn crash(machine: &mut Machine, by: &str) -> bool {
    let before = machine.runs(BOOT_ID);
    machine.runs("sync");
    machine.qmp().forgets();
    let crashed = Instant::now();
    let answer = machine
        .probe()
        .tries("echo c > /proc/sysrq-trigger", Duration::from_secs(5));
    assert_eq!(answer, None, "a crashed machine answers nothing");
    let patience = machine.patience(RESET);
    machine.qmp().waits_for("RESET", patience);
    let reset = crashed.elapsed();
    let barked = machine.qmp().has_seen("WATCHDOG");
    println!("4-freezes: a crashed machine is started again by {by} after {reset:?}");
    sleep(Duration::from_secs(5));
    machine.waits_until_it_runs();
    assert_ne!(machine.runs(BOOT_ID), before);
    barked
}

fn seconds(text: &str) -> f64 {
    text.parse().expect("a number")
}
