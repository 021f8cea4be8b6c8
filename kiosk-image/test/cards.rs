//! A card that is larger than the image, in a socket from which it can be pulled: the first start gives what is left to the data,
//! also when the power is cut in the middle of it, and nobody takes the card for a stick.

use std::thread::sleep;
use std::time::Duration;

use crate::cuts;
use crate::editions::{self, Press, lies_in};
use crate::machine::{Disk, Machine, Setting};
use crate::resident::Resident;
use crate::sticks;

/// How many MiB the card is larger than the image.
const MORE: u64 = 1024;

/// Added to the seed, as the two machines of `cuts.rs` add 1 and 2.
const STORY: u64 = 8;

/// When the power is cut during the first starts: while the loader runs, the kernel, the system, in seconds.
const CUTS: [std::ops::Range<u64>; 3] = [3..15, 15..28, 28..45];

/// What `UDisks2` says of the card's partitions and of the drive they are on.
const ASKED: &str = "busctl get-property org.freedesktop.UDisks2 /org/freedesktop/UDisks2";

#[test]
fn the_first_start_makes_the_data_partition_as_large_as_the_card() {
    if !crate::is_told() {
        return;
    }
    let press = Press::new();
    let mut machine = Machine::new(Setting {
        more_room: MORE,
        disk: Disk::Usb,
        ..Setting::of("8-card")
    });
    press.introduces_itself(&machine, "", "");
    let seed = cuts::seed(STORY);
    let mut random = fastrand::Rng::with_seed(seed);
    let moments = CUTS.map(|range| random.u64(range));
    println!(
        "8-card: SEED={}: cut {moments:?} s after the machine was turned on",
        seed - STORY
    );
    for moment in moments {
        machine.turns_on();
        sleep(Duration::from_secs(moment));
        machine.cut();
    }
    println!("8-card: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);
    assert!(room(&mut resident.machine) > MORE * 1024 * 1024 * 9 / 10);

    // Later starts find nothing to do.
    resident.machine.cut();
    resident.machine.starts();
    assert!(room(&mut resident.machine) > MORE * 1024 * 1024 * 9 / 10);

    // The card could be pulled out like a stick, and yet is none; a stick beside it is.
    let machine = &mut resident.machine;
    let drive = machine.runs(&format!(
        "{ASKED}/block_devices/sda3 org.freedesktop.UDisks2.Block Drive"
    ));
    let drive = drive.trim_start_matches("o ").trim_matches('"').to_owned();
    let removable =
        format!("busctl get-property org.freedesktop.UDisks2 {drive} org.freedesktop.UDisks2.Drive Removable");
    assert_eq!(machine.runs(&removable), "b true");
    for partition in ["sda1", "sda2", "sda3"] {
        let ignored = format!("{ASKED}/block_devices/{partition} org.freedesktop.UDisks2.Block HintIgnore");
        assert_eq!(machine.runs(&ignored), "b true", "{partition}");
    }
    let folder = machine.file("folder");
    lies_in(&folder, "le-loi.kpack", &press.pack(2));
    let stick = sticks::fat(machine.file("stick"), &folder);
    machine.plugs_stick(&stick, "stick");
    machine.waits_until(
        "kiosk slots --content /usr/share/commune-kiosk/content.db --data /data/kiosk | grep -q '^current.*2'",
    );
    assert_eq!(machine.edition(), Some(2));
}

/// The size of the file system of the data, in bytes.
fn room(machine: &mut Machine) -> u64 {
    machine.runs("mountpoint --quiet /data");
    let said = machine.runs("stat --file-system --format '%S %b' /data");
    let sizes: Vec<u64> = said
        .split(' ')
        .map(|number| number.parse().expect("a number"))
        .collect();
    sizes.iter().product()
}
