//! Cards as the kernel shows them, on a machine made of files.

use std::fs::File;
use std::io;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

/// A machine whose data folder lies on the second partition of a card.
struct Machine {
    root: TempDir,
    data: PathBuf,
}

impl Machine {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let data = fs::canonicalize(root.path()).unwrap().join("var/lib/kiosk data");
        fs::create_dir_all(&data).unwrap();
        let machine = Self { root, data };
        machine.mounts("179:2", "/dev/root", "rw,noatime", "rw,errors=remount-ro");
        let card = machine.root.path().join("sys/devices/mmc0/block/mmcblk0");
        fs::create_dir_all(card.join("mmcblk0p2")).unwrap();
        machine.write("sys/devices/mmc0/block/mmcblk0/mmcblk0p2/partition", "2\n");
        for (link, name) in [("sys/dev/block", "179:2"), ("sys/class/block", "mmcblk0p2")] {
            let link = machine.root.path().join(link);
            fs::create_dir_all(&link).unwrap();
            symlink("../../devices/mmc0/block/mmcblk0/mmcblk0p2", link.join(name)).unwrap();
        }
        machine
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.root.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// The table of mounts: the root, the data folder, and others that are not meant.
    fn mounts(&self, numbers: &str, source: &str, options: &str, of_all: &str) {
        let place = self.data.to_str().unwrap().replace(' ', "\\040");
        let text = format!(
            "21 1 179:1 / / ro,relatime shared:1 - ext4 /dev/root ro\n\
             22 21 0:5 / {place}/packs ro - tmpfs tmpfs ro\n\
             nonsense\n\
             23 21 0:7 / {place} ro - tmpfs under ro\n\
             24 21 {numbers} / {place} {options} shared:2 master:1 - ext4 {source} {of_all}\n\
             25 21 0:6 / {place}-2 ro - tmpfs tmpfs ro\n"
        );
        self.write("proc/self/mountinfo", &text);
    }

    fn look(&self) -> Look {
        Storage::new(&self.data, self.root.path()).look()
    }
}

#[test]
fn the_card_of_the_data_folder_is_found_and_asked() {
    let machine = Machine::new();
    let bare = machine.look();
    assert_eq!((bare.read_only, bare.errors, bare.wear), (Some(false), None, None));
    assert!(bare.total > bare.free && bare.free > Some(0), "{bare:?}");
    machine.write("sys/fs/ext4/mmcblk0p2/errors_count", "3\n");
    machine.write("sys/fs/ext4/mmcblk0p1/errors_count", "9\n");
    machine.write("sys/devices/mmc0/block/mmcblk0/device/life_time", "0x02 0x0b\n");
    machine.write("sys/devices/mmc0/block/mmcblk0/device/pre_eol_info", "0x01\n");
    let look = machine.look();
    assert_eq!(look.errors, Some(3));
    assert_eq!(
        look.wear,
        Some(Wear {
            life: Some(11),
            spare: Some(1)
        })
    );
    machine.write("sys/devices/mmc0/block/mmcblk0/device/life_time", "0x00 0x00\n");
    machine.write("sys/devices/mmc0/block/mmcblk0/device/pre_eol_info", "0x00\n");
    assert_eq!(machine.look().wear, None, "not defined");
}

#[test]
fn a_device_is_found_by_its_link_where_the_numbers_say_nothing() {
    let machine = Machine::new();
    machine.write("dev/mmcblk0p2", "");
    machine.write("sys/fs/ext4/mmcblk0p2/errors_count", "1");
    let links = machine.root.path().join("dev/disk/by-uuid");
    fs::create_dir_all(&links).unwrap();
    symlink("../../mmcblk0p2", links.join("ab-cd")).unwrap();
    machine.mounts("0:40", "/dev/disk/by-uuid/ab-cd", "rw", "rw");
    assert_eq!(machine.look().errors, Some(1));
    machine.mounts("0:40", "tmpfs", "rw", "rw");
    assert_eq!(machine.look().errors, None);
}

#[test]
fn read_only_is_seen_for_this_place_and_for_the_whole_file_system() {
    let machine = Machine::new();
    machine.mounts("179:2", "/dev/root", "ro,noatime", "rw");
    assert_eq!(machine.look().read_only, Some(true));
    machine.mounts("179:2", "/dev/root", "rw,noatime", "ro,errors=remount-ro");
    assert_eq!(machine.look().read_only, Some(true), "ext4 met an error");
    machine.mounts("179:2", "/dev/root", "rw,noatime", "rw,emergency_ro,errors=remount-ro");
    assert_eq!(machine.look().read_only, Some(true), "the same on newer kernels");
    // The folder is not there, because its partition isn't.
    let missing = Storage::new(&machine.data.join("kiosk"), machine.root.path());
    assert_eq!(judge(&missing.look()), Some(Card::ReadOnly));
    machine.mounts("179:2", "/dev/root", "rw,noatime", "rw");
    assert_eq!(missing.look(), Look::default(), "it is made when it is wanted");
}

#[test]
fn where_the_kernel_says_nothing_nothing_is_known() {
    let storage = Storage::new(Path::new("/nowhere/at all"), Path::new("/nowhere"));
    assert_eq!(storage.look(), Look::default());
    assert_eq!(storage.try_canary(), None);
    assert_eq!(judge(&Look::default()), None);
}

#[test]
fn the_canary_is_kept_and_leaves_nothing_behind() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join(".canary"), "left by a power cut").unwrap();
    let storage = Storage::new(data.path(), Path::new("/"));
    assert_eq!(storage.try_canary(), Some(Canary::Fine));
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    let look = storage.look();
    assert!(look.free.is_some() && look.read_only.is_some(), "{look:?}");
}

#[test]
fn a_full_disk_and_one_that_gives_back_something_else_are_told_apart() {
    let full = File::options().read(true).write(true).open("/dev/full").unwrap();
    let error = canary::keeps(&mut { full }).unwrap_err();
    assert_eq!(Canary::of_error(&error), Some(Canary::Full));
    // What is written goes to its end, so that the old block comes back from its beginning.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old");
    fs::write(&path, vec![7; 4096]).unwrap();
    let mut old = File::options().read(true).append(true).open(&path).unwrap();
    assert!(!canary::keeps(&mut old).unwrap());
}

#[test]
fn errors_of_the_kernel_are_understood() {
    let cases = [
        (28, Some(Canary::Full)),     // ENOSPC
        (122, Some(Canary::Full)),    // EDQUOT
        (30, Some(Canary::ReadOnly)), // EROFS
        (5, Some(Canary::Failing)),   // EIO
        (117, Some(Canary::Failing)), // EUCLEAN
        (61, Some(Canary::Failing)),  // ENODATA
        (13, None),                   // EACCES: a technician as another user
        (2, None),                    // ENOENT
    ];
    for (errno, outcome) in cases {
        assert_eq!(
            Canary::of_error(&io::Error::from_raw_os_error(errno)),
            outcome,
            "{errno}"
        );
    }
    assert_eq!(Canary::of_error(&io::ErrorKind::UnexpectedEof.into()), None);
}

#[test]
fn a_failing_card_is_told_apart_from_a_full_one_case_by_case() {
    let good = Look {
        free: Some(1 << 33),
        total: Some(1 << 35),
        read_only: Some(false),
        errors: Some(0),
        wear: None,
        canary: Some(Canary::Fine),
    };
    let check = |expected: Card, change: fn(&mut Look)| {
        let mut look = good;
        change(&mut look);
        assert_eq!(judge(&look), Some(expected), "{look:?}");
    };
    check(Card::Fine, |_| {});
    check(Card::Fine, |look| look.canary = None);
    check(Card::Full, |look| look.canary = Some(Canary::Full));
    check(Card::Full, |look| look.free = Some(0));
    check(Card::Full, |look| look.free = Some(LEAST_FREE - 1));
    check(Card::Fine, |look| look.free = Some(LEAST_FREE));
    check(Card::ReadOnly, |look| look.canary = Some(Canary::ReadOnly));
    check(Card::ReadOnly, |look| look.read_only = Some(true));
    check(Card::ReadOnly, |look| {
        (look.read_only, look.free) = (Some(true), Some(0));
    });
    check(Card::Failing, |look| look.canary = Some(Canary::Failing));
    check(Card::Failing, |look| look.errors = Some(1));
    // Nothing can be written any more *because* the card fails.
    check(Card::Failing, |look| {
        (look.errors, look.read_only) = (Some(1), Some(true));
    });
    check(Card::Failing, |look| {
        (look.errors, look.canary) = (Some(1), Some(Canary::Full));
    });
    let worn = |life, spare| Look {
        wear: Some(Wear { life, spare }),
        ..good
    };
    for (life, spare, card) in [
        (Some(10), Some(2), Card::Fine),
        (Some(11), None, Card::Failing),
        (None, Some(3), Card::Failing),
    ] {
        assert_eq!(judge(&worn(life, spare)), Some(card), "{life:?} {spare:?}");
    }
}
