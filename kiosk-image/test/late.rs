//! A machine on which boot and data partition appear minutes after everything else, as on a slow card: residents read the pack that was
//! built in, then the kiosk takes its data and settings by itself.
//!
//! A disk that is plugged in later would prove nothing, for only partitions beside the root are taken. So they are taken out of the
//! kernel's list before udev looks at it, and put back.

use std::time::Duration;

use crate::editions;
use crate::machine::{Machine, Setting};
use crate::resident::Resident;

/// What systemd is told beside the probe.
pub const CREDENTIALS: [(&str, &str); 2] = [
    (
        "systemd.extra-unit.late.service",
        "[Unit]\nDefaultDependencies=no\nAfter=kiosk-grow.service\nBefore=systemd-udevd.service systemd-udev-trigger.service\n\
         [Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=partx --delete --nr 1 /dev/vda\n\
         ExecStart=partx --delete --nr 3 /dev/vda\n",
    ),
    ("systemd.unit-dropin.sysinit.target", "[Unit]\nWants=late.service\n"),
];

/// How long after the start of the system they come, at least, in seconds.
const LATE: u64 = 90;

#[test]
fn data_and_settings_that_come_late_are_taken_and_residents_read_meanwhile() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting {
        is_late: true,
        ..Setting::of("15-late")
    });
    machine.leaves("kiosk.toml", b"[hardware]\nrotation = 180\n");
    machine.wakes();
    machine.waits_until_it_shows_something();
    let missing =
        "test ! -e /dev/kiosk/data -a ! -e /dev/kiosk/boot && ! mountpoint -q /data && ! mountpoint -q /boot/firmware";
    machine.runs(missing);
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library.clone());
    resident.taps("Chạm để bắt đầu > Làm thủ tục");

    let machine = &mut resident.machine;
    machine.waits_until_within(
        Duration::from_secs(2 * LATE),
        &format!("test $(cut -d. -f1 /proc/uptime) -ge {LATE}"),
    );
    machine.runs(missing);
    let up = machine.runs("cut -d' ' -f1 /proc/uptime");
    machine.runs("partx --add --nr 1 /dev/vda && partx --add --nr 3 /dev/vda");
    machine.waits_until("mountpoint -q /data && mountpoint -q /boot/firmware");
    machine.waits_until_it_runs();
    let shown = machine.shows("ActiveEnterTimestampMonotonic");
    println!("15-late: data and settings come {up} s after the start, the kiosk has them {shown} µs after it");
    machine.waits_until(
        "tr '\\0' '\\n' < /proc/$(systemctl show kiosk -p MainPID --value)/environ | grep -qx SLINT_KMS_ROTATION=180",
    );
    assert_eq!(machine.shows("NRestarts"), "0");
    let status = machine.runs("kiosk-status");
    assert!(status.contains("settings\tfine\n"), "{status}");

    // It is the same kiosk, upside down as it was told to be, and what it counts is on its card.
    machine.setting.turned = 180;
    resident.stands_before_it_again(library);
    resident.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
    let machine = &mut resident.machine;
    machine.waits_until("kiosk counts --data /data/kiosk | grep -q ^.*page-opened");
    assert_eq!(machine.counted("page-opened", "khai-sinh"), 1);
}
