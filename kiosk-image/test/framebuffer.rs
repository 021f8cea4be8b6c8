//! A machine for whose graphics the system has no driver, or no firmware: what the machine's own firmware has set up is drawn on.

use crate::editions;
use crate::machine::{Graphics, Machine, Setting};
use crate::resident::Resident;

#[test]
fn without_a_driver_for_the_screen_there_is_a_picture_all_the_same() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting {
        graphics: Graphics::Firmware,
        ..Setting::of("18-framebuffer")
    });
    println!("18-framebuffer: runs after {:?}", machine.starts());
    machine.runs("test ! -e /dev/dri && test -e /dev/fb0");
    let status = machine.runs("kiosk-status");
    assert!(status.contains("graphics\tframebuffer\n"), "{status}");
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);
    resident.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");
}
