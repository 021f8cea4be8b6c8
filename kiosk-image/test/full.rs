//! A card without a byte left: residents notice nothing, and what was counted meanwhile is written when there is room again.

use crate::editions;
use crate::machine::{Machine, Setting};
use crate::resident::Resident;

const PAGE: &str = "Làm thủ tục > Làm giấy khai sinh cho trẻ > Trang chủ";

#[test]
fn on_a_full_card_residents_read_on_and_are_counted() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting::of("5-full"));
    println!("5-full: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);
    let program = resident.machine.shows("MainPID");

    // As root, who may use the last blocks as well.
    let said = resident
        .machine
        .asks("dd if=/dev/zero of=/data/fill bs=1M; dd if=/dev/zero of=/data/fill2 bs=512; sync; df /data");
    assert!(said.text.contains("No space left on device"), "{}", said.text);
    assert_eq!(
        resident.machine.asks("echo more > /data/more").status,
        1,
        "there is room left"
    );

    resident.tap("Chạm để bắt đầu");
    resident.taps(PAGE);
    // It tries to write after half a minute, and says once that it can't.
    let complains = "journalctl --boot --unit kiosk --no-pager | grep -q 'counts are kept in memory only'";
    resident.machine.waits_until(complains);
    resident.taps(PAGE);
    assert_eq!(resident.machine.shows("MainPID"), program);

    resident.machine.runs("rm -f /data/fill /data/fill2 /data/more");
    resident.taps(PAGE);
    resident
        .machine
        .waits_until("kiosk counts --data /data/kiosk | grep -q page-opened");
    resident
        .machine
        .waits_until("sleep 5; journalctl --boot --unit kiosk --no-pager | grep -q 'counts are on disk again'");
    assert_eq!(resident.machine.counted("page-opened", "khai-sinh"), 3);
    assert_eq!(resident.machine.counted("visit-started", ""), 1);
    assert_eq!(resident.machine.shows("MainPID"), program);
    assert_eq!(resident.machine.shows("NRestarts"), "0");
}
