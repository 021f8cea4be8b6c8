//! A program that ends again and again: it is started less and less often, then the whole machine is, and neither without end.

use std::thread::sleep;
use std::time::Duration;

use crate::editions;
use crate::machine::{Machine, Setting};
use crate::resident::Resident;

/// How long systemd waits before the first failing starts, in seconds: `RestartSec=`, `RestartSteps=` and `RestartMaxDelaySec=` of
/// `kiosk.service`.
const WAITS: [f64; 8] = [1.0, 1.98, 3.91, 7.75, 15.3, 30.4, 60.0, 60.0];

/// More failing starts in a row than restart a machine.
const MOST: u32 = 16;

/// How often systemd has started the program anew, and in which start of the machine.
const COUNTED: &str = "systemctl show kiosk -p NRestarts --value";
const BOOT_ID: &str = "cat /proc/sys/kernel/random/boot_id";

#[test]
fn a_program_that_ends_again_and_again_is_tried_less_often_and_restarts_the_machine_three_times_at_most() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting::of("14-restarts"));
    println!("14-restarts: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);

    // A restart that was asked for is none that counts, however often.
    program_is(&mut machine, "exit 75");
    machine.waits_until_within(Duration::from_mins(2), &starts_since_boot(6));
    assert!(machine.runs(COUNTED).parse::<u32>().expect("a number") <= 1);
    program_is_itself(&mut machine);
    machine.waits_until_it_runs();

    // A program that ends at once is waited for longer and longer, up to a minute.
    program_is(&mut machine, "exit 1");
    machine.waits_until_within(
        Duration::from_mins(4),
        &counts_to(u32::try_from(WAITS.len()).expect("a number")),
    );
    let waited = waits(&mut machine);
    println!("14-restarts: started anew after {waited:.1?} s");
    for (waited, expected) in waited.iter().rev().zip(WAITS.iter().rev()) {
        assert!(*waited >= expected * 0.95, "{waited} s instead of {expected} s");
    }

    // A machine that was restarted three times for nothing is left running, however often the program fails.
    let before = machine.runs(BOOT_ID);
    machine.runs("echo 3 > /data/restarts");
    machine.waits_until_within(Duration::from_mins(9), &counts_to(MOST));
    assert_eq!(machine.runs(BOOT_ID), before);

    // One that was restarted twice is restarted once more at the next failing start, and then everything is well.
    machine.qmp().forgets();
    machine.runs("echo 2 > /data/restarts");
    let patience = machine.patience(Duration::from_mins(3));
    machine.qmp().waits_for("RESET", patience);
    assert!(!machine.qmp().has_seen("WATCHDOG"), "it is restarted in order");
    sleep(Duration::from_secs(5));
    machine.waits_until_it_runs();
    assert_ne!(machine.runs(BOOT_ID), before);
    assert_eq!(machine.runs("cat /data/restarts"), "3");
    let mut resident = Resident::before(machine, library);
    resident.tap("Chạm để bắt đầu");

    // After a time of steady running, which begins anew with each start of the program, all of that is forgotten.
    let machine = &mut resident.machine;
    machine.runs("kill -KILL $(systemctl show kiosk -p MainPID --value)");
    machine.waits_until(&counts_to(1));
    machine.waits_until_it_runs();
    machine.waits_until(
        "test $(systemctl show kiosk-steady.timer -p ActiveEnterTimestampMonotonic --value) -ge \
         $(systemctl show kiosk -p ExecMainStartTimestampMonotonic --value)",
    );
    assert_eq!(
        machine.runs("systemctl show kiosk-steady.timer -p Unit --value"),
        "kiosk-steady.service"
    );
    machine.runs("systemctl start kiosk-steady.service");
    assert_eq!(machine.runs(COUNTED), "0");
    machine.runs("test ! -e /data/restarts");
}

/// From its next start on, the program is a script; the one that runs ends.
fn program_is(machine: &mut Machine, script: &str) {
    machine.runs(&format!(
        "mkdir -p /run/other; mountpoint -q /run/other || mount -t tmpfs other /run/other; \
         printf '#!/bin/sh\\n{script}\\n' > /run/other/kiosk; chmod 755 /run/other/kiosk; \
         mount --bind /run/other/kiosk /usr/bin/kiosk; \
         kill -KILL $(systemctl show kiosk -p MainPID --value)"
    ));
}

/// The program is what it was.
fn program_is_itself(machine: &mut Machine) {
    machine.runs("umount /usr/bin/kiosk");
}

/// Whether systemd has started the program anew so many times.
fn counts_to(times: u32) -> String {
    format!("test $({COUNTED}) -ge {times}")
}

/// Whether the program was started so many times since the machine was, counted or not.
fn starts_since_boot(times: u32) -> String {
    format!("test $(journalctl --boot --unit kiosk --no-pager | grep -c 'Scheduled restart job') -ge {times}")
}

/// How long systemd waited before each start that it counted, in seconds: from the end of the program to the next start.
fn waits(machine: &mut Machine) -> Vec<f64> {
    let said = machine.runs(
        "journalctl --boot --unit kiosk --no-pager --output short-monotonic | \
         sed -n -e 's/^\\[ *\\([0-9.]*\\)\\].*Failed with result.*/\\1 end/p' \
         -e 's/^\\[ *\\([0-9.]*\\)\\].*Scheduled restart job.*/\\1 start/p'",
    );
    let moments: Vec<(f64, bool)> = said
        .lines()
        .filter_map(|line| {
            let (time, what) = line.split_once(' ')?;
            Some((time.parse().ok()?, what == "start"))
        })
        .collect();
    let pairs = moments.windows(2).filter(|pair| !pair[0].1 && pair[1].1);
    pairs.map(|pair| pair[1].0 - pair[0].0).collect()
}
