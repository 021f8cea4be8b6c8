//! A data partition that is damaged: what can be repaired is, what can't is done without. Residents are served either way.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::process::Command;
use std::sync::{Arc, Mutex};

use commune_kiosk::kiosk::session::staff::{Facts, hash};
use commune_kiosk::usage::statistics::Card;

use crate::editions;
use crate::machine::{Machine, Setting};
use crate::resident::Resident;
use crate::staff;

const PAGE: &str = "Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ";

#[test]
fn a_damaged_data_partition_is_repaired_or_done_without() {
    if !crate::is_told() {
        return;
    }
    // A little larger than the image, as every card is: then ext4 has a second superblock.
    let mut machine = Machine::new(Setting {
        more_room: 512,
        ..Setting::of("11-damaged")
    });
    let hash = hash(staff::PIN).expect("a PIN");
    machine.leaves("kiosk.toml", format!("staff_pin = \"{hash}\"\n").as_bytes());
    println!("11-damaged: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library.clone());
    resident.tap("Chạm để bắt đầu");
    resident.taps(PAGE);
    let machine = &mut resident.machine;
    machine.waits_until("kiosk counts --data /data/kiosk | grep -q ^.*page-opened");
    // What is only in the journal yet would be lost with it.
    machine.runs("systemctl stop kiosk && umount /data");

    // Its first blocks are gone: the superblock and the table of groups.
    machine.cut();
    overwrites(machine, 8 * 1024);
    machine.starts();
    machine.runs("mountpoint --quiet /data");
    assert_eq!(machine.counted("page-opened", "khai-sinh"), 1);

    // All of it is: nothing can be repaired.
    machine.cut();
    overwrites(machine, usize::MAX);
    machine.starts();
    assert_ne!(machine.asks("mountpoint --quiet /data").status, 0);
    let status = machine.runs("kiosk-status");
    assert!(status.contains("card\tread-only\n"), "{status}");
    resident.stands_before_it_again(library);
    let facts = without_card(&mut resident.machine);
    resident.twin.serves_staff(&hash, Arc::new(Mutex::new(facts)));
    resident.tap("Chạm để bắt đầu");
    resident.taps(PAGE);
    // Staff have their page and read what is wrong.
    resident.tap("Trang chủ");
    resident.opens_staff_page();
    resident.sees("staff-without-card");
    assert_eq!(resident.machine.shows("NRestarts"), "0");
}

/// What the staff page says where the card can't be used, after one visit to one page.
fn without_card(machine: &mut Machine) -> Facts {
    let read_only = Card::ReadOnly.for_staff().expect("words");
    Facts {
        counts: "1 lượt dùng, 1 lần mở bài, 0 lần xem hết hướng dẫn. Máy không ghi được số đếm, mất điện sẽ mất. Mời gọi kỹ thuật viên"
            .to_owned(),
        office: "Bộ nhớ của máy bị lỗi nên không gửi được số liệu. Mời gọi kỹ thuật viên.".to_owned(),
        machine: format!(
            "{read_only} Máy không dùng được thẻ nhớ, có thể thẻ hỏng. Mời gọi kỹ thuật viên. {}",
            staff::MEMORY
        ),
        ..staff::facts(machine)
    }
}

/// Writes noise over so many bytes of the data partition of a machine that is off, from its beginning, at most over all of it.
fn overwrites(machine: &Machine, most: usize) {
    let told = Command::new("/usr/sbin/sfdisk")
        .arg("--json")
        .arg(machine.disk())
        .output()
        .expect("sfdisk");
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let data = &told["partitiontable"]["partitions"][2];
    let sectors = |name: &str| data[name].as_u64().expect("a number of sectors");
    let (start, all) = (sectors("start"), sectors("size") * 512);
    let mut noise = vec![0; most.min(usize::try_from(all).expect("a size"))];
    fastrand::Rng::with_seed(1).fill(&mut noise);
    let disk = File::options().write(true).open(machine.disk()).expect("a disk");
    disk.write_all_at(&noise, start * 512).expect("written");
}
