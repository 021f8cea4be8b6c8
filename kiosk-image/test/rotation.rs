//! A panel that hangs on its side or upside down: one setting turns the picture, and fingers hit what they see.

use crate::editions;
use crate::machine::{Machine, Setting};
use crate::resident::Resident;

#[test]
fn picture_and_touches_turn_by_one_setting() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting {
        turned: 90,
        ..Setting::of("9-rotation")
    });
    machine.leaves("kiosk.toml", settings(90).as_bytes());
    println!("9-rotation: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library.clone());
    resident.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ");

    // A technician mounts it otherwise. What a start of the machine does with the settings is done again.
    for turned in [180, 270] {
        let machine = &mut resident.machine;
        machine.setting.turned = turned;
        machine.runs("mount --options remount,rw /boot/firmware");
        machine.runs(&format!(
            "printf '{}' > /boot/firmware/kiosk/kiosk.toml",
            settings(turned).replace('\n', "\\n")
        ));
        machine.runs("systemctl restart kiosk-setup kiosk");
        machine.waits_until_it_runs();
        resident.stands_before_it_again(library.clone());
        resident.taps("Chạm để bắt đầu > Làm thủ tục");
    }
}

fn settings(turned: u16) -> String {
    format!("[hardware]\nrotation = {turned}\n")
}
