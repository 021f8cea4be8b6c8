//! A card that is larger than the image: the first start gives what is left to the data.

use crate::editions;
use crate::machine::{Machine, Setting};
use crate::resident::Resident;

/// How many MiB the card is larger than the image.
const MORE: u64 = 1024;

#[test]
fn the_first_start_makes_the_data_partition_as_large_as_the_card() {
    if !crate::is_told() {
        return;
    }
    let mut machine = Machine::new(Setting {
        more_room: MORE,
        ..Setting::of("8-card")
    });
    println!("8-card: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library.clone());
    assert!(room(&mut resident.machine) > MORE * 1024 * 1024 * 9 / 10);
    resident.taps("Chạm để bắt đầu > Làm thủ tục");

    // Later starts find nothing to do.
    resident.machine.cut();
    resident.machine.starts();
    assert!(room(&mut resident.machine) > MORE * 1024 * 1024 * 9 / 10);
    resident.stands_before_it_again(library);
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
