//! A screen that can't be used yet when the machine starts: the kiosk waits for it, writes nothing until it is there, and then shows
//! its picture. The emulator can't plug a screen in, so the kernel gets its driver later.

use std::thread::sleep;
use std::time::Duration;

use crate::editions;
use crate::machine::{Graphics, Machine, Setting};
use crate::resident::Resident;

/// What the kernel is told at the start, so that the driver waits until it is asked for (modprobe(8)).
pub const COMMAND_LINE: &str = " modprobe.blacklist=virtio_gpu";

/// Until the program looks for a screen, on a machine that starts as fast as usual: udev is given 45 s to find one.
const LOOKS: Duration = Duration::from_mins(4);

/// How often the program has said that it waits.
const SAID: &str = "journalctl --boot --unit kiosk --no-pager | grep -c 'no screen can be used yet'";

#[test]
fn a_screen_that_comes_late_gets_its_picture_and_nothing_is_written_before() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting {
        graphics: Graphics::LateDriver,
        ..Setting::of("19-late-screen")
    });
    machine.wakes();
    machine.waits_until_within(LOOKS, SAID);
    sleep(Duration::from_secs(30));
    assert_eq!(machine.runs(SAID), "1", "it says so once");
    assert_eq!(machine.shows("NRestarts"), "0", "waiting is no failed start");
    assert_eq!(machine.runs("ls -A /data/kiosk"), "", "nothing is written");
    let program = machine.shows("MainPID");

    machine.runs("modprobe virtio_gpu");
    machine.waits_until_it_runs();
    assert_eq!(machine.shows("MainPID"), program, "the same program goes on");
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);
    resident.taps("Chạm để bắt đầu > Làm thủ tục");
}
