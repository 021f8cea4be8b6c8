//! A card without a byte left: residents notice nothing, and what was counted meanwhile is written when there is room again.

use std::thread::sleep;
use std::time::Duration;

use crate::editions;
use crate::machine::{Machine, Setting};
use crate::resident::Resident;

const PAGE: &str = "Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Trang chủ";

/// How long counts wait for the disk (`LONGEST_WAIT` in `usage/log.rs`), and a little for a machine that is emulated.
const FLUSH: Duration = Duration::from_secs(30 + 10);

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
    // Half a minute later it has tried to write. Whether the last blocks of its own files were enough, nobody can know.
    // Meanwhile somebody is there.
    for _ in 0..2 {
        sleep(FLUSH / 2);
        resident.taps("Cỡ chữ > Đóng");
    }
    let complains = "journalctl --boot --unit kiosk --no-pager | grep 'counts are kept in memory only'";
    let complained = resident.machine.asks(complains);
    let written = resident.machine.counted("page-opened", "khai-sinh");
    println!("5-full: {written} of 1 written, and it said “{}”", complained.text);
    assert_eq!(
        written == 0,
        complained.status == 0,
        "what can't be written is complained of"
    );
    resident.taps(PAGE);
    assert_eq!(resident.machine.shows("MainPID"), program);

    resident.machine.runs("rm -f /data/fill /data/fill2 /data/more");
    resident.taps(PAGE);
    let all = "kiosk counts --data /data/kiosk | grep -q 'page-opened.khai-sinh..3$'";
    resident.machine.waits_until(all);
    assert_eq!(resident.machine.counted("page-opened", "khai-sinh"), 3);
    assert_eq!(resident.machine.counted("visit-started", ""), 1);
    assert_eq!(resident.machine.shows("MainPID"), program);
    assert_eq!(resident.machine.shows("NRestarts"), "0");
}
