//! The kiosk's side of `UDisks2`, against a service of our own on a bus of our own: sticks come, are read, written and let go.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    clippy::used_underscore_binding,
    reason = "D-Bus interfaces have the signatures that UDisks2 gives them"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::common::bus::Bus;
use commune_kiosk::bundle::{Key, Trust};
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::device::sticks::{Change, StickError, StickId, Sticks};
use commune_kiosk::kiosk::slots::Slots;
use commune_kiosk::kiosk::sync::stick::StickWatch;
use zbus::blocking::{Connection, connection};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue};
use zbus::{fdo, interface};

const ROOT: &str = "/org/freedesktop/UDisks2";

/// Longer than any honest answer here, shorter than a test may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Longer than anything takes that is not honestly answered.
const LONG: Duration = Duration::from_mins(1);

impl Bus {
    /// Where the service mounts sticks.
    fn place(&self) -> PathBuf {
        self.dir.path().join("media")
    }

    fn sticks(&self) -> Result<Sticks, StickError> {
        Sticks::on_bus(&self.address, PATIENCE, &self.place())
    }

    /// Waits until everybody has hung up.
    fn has_nobody_on_it(&self) {
        let builder = connection::Builder::address(self.address.as_str()).expect("an address");
        let bus = builder.build().expect("a bus");
        let bus = zbus::blocking::fdo::DBusProxy::new(&bus).expect("the bus itself");
        // The bus itself, and who asks.
        let others = || bus.list_names().expect("names").len() - 2;
        let begun = Instant::now();
        while others() > 0 {
            assert!(begun.elapsed() < LONG, "{:?}", bus.list_names());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// How the service answers `Mount`.
#[derive(Debug, Clone, PartialEq)]
enum Answer {
    Mounted,
    Elsewhere(String),
    Failed,
    Never,
}

/// What the service has been asked.
#[derive(Debug)]
struct Stick {
    answer: Answer,
    place: PathBuf,
    mounted: bool,
    asked: Vec<String>,
}

struct Filesystem(Arc<Mutex<Stick>>);

#[interface(name = "org.freedesktop.UDisks2.Filesystem")]
impl Filesystem {
    fn mount(&self, options: std::collections::HashMap<String, OwnedValue>) -> fdo::Result<String> {
        let mut stick = self.0.lock().expect("a stick");
        let asked: String = options["options"]
            .try_clone()
            .expect("a value")
            .try_into()
            .expect("a text");
        stick.asked.push(format!("mount {asked}"));
        match stick.answer.clone() {
            Answer::Failed => return Err(fdo::Error::Failed("unknown filesystem".to_owned())),
            Answer::Never => std::thread::sleep(3 * PATIENCE),
            Answer::Elsewhere(place) => {
                stick.mounted = true;
                return Ok(place);
            }
            Answer::Mounted => {}
        }
        if stick.mounted {
            return Err(fdo::Error::Failed("already mounted".to_owned()));
        }
        fs::create_dir_all(&stick.place).expect("a folder");
        stick.mounted = true;
        Ok(stick.place.display().to_string())
    }

    fn unmount(&self, _options: std::collections::HashMap<String, OwnedValue>) -> fdo::Result<()> {
        let mut stick = self.0.lock().expect("a stick");
        stick.asked.push("unmount".to_owned());
        stick.mounted = false;
        Ok(())
    }

    #[zbus(property)]
    fn mount_points(&self) -> Vec<Vec<u8>> {
        let stick = self.0.lock().expect("a stick");
        let place = || format!("{}\0", stick.place.display()).into_bytes();
        stick.mounted.then(place).into_iter().collect()
    }
}

#[derive(Clone)]
struct Block {
    drive: String,
    filesystem: &'static str,
    system: bool,
    encrypted: bool,
}

#[interface(name = "org.freedesktop.UDisks2.Block")]
impl Block {
    #[zbus(property)]
    fn id_usage(&self) -> String {
        "filesystem".to_owned()
    }

    #[zbus(property)]
    fn id_type(&self) -> String {
        self.filesystem.to_owned()
    }

    /// Labels are whatever somebody wrote on the stick.
    #[zbus(property)]
    fn id_label(&self) -> String {
        "\u{202e}%s\n".repeat(10_000)
    }

    #[zbus(property)]
    fn hint_system(&self) -> bool {
        self.system
    }

    #[zbus(property)]
    fn hint_ignore(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn drive(&self) -> OwnedObjectPath {
        ObjectPath::try_from(self.drive.clone()).expect("a path").into()
    }

    #[zbus(property)]
    fn crypto_backing_device(&self) -> OwnedObjectPath {
        let path = if self.encrypted {
            "/org/freedesktop/UDisks2/block_devices/sdx"
        } else {
            "/"
        };
        ObjectPath::try_from(path).expect("a path").into()
    }
}

struct Drive {
    removable: bool,
    bus: &'static str,
}

#[interface(name = "org.freedesktop.UDisks2.Drive")]
impl Drive {
    #[zbus(property)]
    fn removable(&self) -> bool {
        self.removable
    }

    #[zbus(property)]
    fn connection_bus(&self) -> String {
        self.bus.to_owned()
    }
}

/// The service.
struct Udisks {
    bus: Connection,
    place: PathBuf,
}

impl Udisks {
    fn start(bus: &Bus) -> Self {
        let service = connection::Builder::address(bus.address.as_str()).expect("an address");
        let service = service.serve_at(ROOT, fdo::ObjectManager).expect("a manager");
        let service = service
            .name("org.freedesktop.UDisks2")
            .expect("a name")
            .build()
            .expect("a service");
        let udisks = Self {
            bus: service,
            place: bus.place(),
        };
        udisks.drive(
            "usb",
            Drive {
                removable: true,
                bus: "usb",
            },
        );
        udisks.drive(
            "disk",
            Drive {
                removable: false,
                bus: "ata",
            },
        );
        udisks.drive(
            "card",
            Drive {
                removable: true,
                bus: "sdio",
            },
        );
        udisks
    }

    fn drive(&self, name: &str, drive: Drive) {
        self.bus
            .object_server()
            .at(format!("{ROOT}/drives/{name}"), drive)
            .expect("a drive");
    }

    fn plug(&self, name: &str) -> Arc<Mutex<Stick>> {
        let block = Block {
            drive: format!("{ROOT}/drives/usb"),
            filesystem: "vfat",
            system: false,
            encrypted: false,
        };
        self.plug_block(name, block)
    }

    fn plug_block(&self, name: &str, block: Block) -> Arc<Mutex<Stick>> {
        let place = self.place.join(name);
        let stick = Arc::new(Mutex::new(Stick {
            answer: Answer::Mounted,
            place,
            mounted: false,
            asked: Vec::new(),
        }));
        let path = format!("{ROOT}/block_devices/{name}");
        self.bus
            .object_server()
            .at(path.clone(), block)
            .expect("a block device");
        self.bus
            .object_server()
            .at(path, Filesystem(stick.clone()))
            .expect("a file system");
        stick
    }

    fn pull_out(&self, name: &str) {
        let path = format!("{ROOT}/block_devices/{name}");
        self.bus
            .object_server()
            .remove::<Filesystem, _>(path.clone())
            .expect("removed");
        self.bus.object_server().remove::<Block, _>(path).expect("removed");
    }
}

/// Waits for changes until there are so many.
fn changes(sticks: &mut Sticks, number: usize) -> Vec<Change> {
    let mut all = Vec::new();
    for _ in 0..50 {
        all.extend(sticks.wait(Duration::from_millis(100)).expect("a service"));
        if all.len() >= number {
            break;
        }
    }
    assert_eq!(all.len(), number, "{all:?}");
    all
}

fn inserted(sticks: &mut Sticks) -> StickId {
    match changes(sticks, 1).remove(0) {
        Change::Inserted(stick) => stick,
        removed @ Change::Removed(_) => panic!("{removed:?}"),
    }
}

fn asked(stick: &Mutex<Stick>) -> Vec<String> {
    stick.lock().expect("a stick").asked.clone()
}

#[test]
fn a_stick_is_read_written_and_let_go_and_never_runs_anything() {
    let bus = Bus::start();
    let service = Udisks::start(&bus);
    let stick = service.plug("sda1");
    let mut sticks = bus.sticks().expect("a service");
    let id = inserted(&mut sticks);
    let place = sticks.mount(&id).expect("mounted");
    assert!(place.is_dir() && place.starts_with(bus.place()));
    sticks.make_writable(&id).expect("writable");
    sticks.unmount(&id).expect("unmounted");
    let mounted = [
        "mount ro,nodev,nosuid,noexec",
        "unmount",
        "mount rw,nodev,nosuid,noexec",
        "unmount",
    ];
    assert_eq!(asked(&stick), mounted);
    assert!(!stick.lock().expect("a stick").mounted);
}

#[test]
fn sticks_come_and_go_and_each_partition_counts() {
    let bus = Bus::start();
    let service = Udisks::start(&bus);
    let mut sticks = bus.sticks().expect("a service");
    assert_eq!(sticks.wait(Duration::ZERO).expect("a service"), []);
    service.plug("sda1");
    let first = inserted(&mut sticks);
    service.plug("sda2");
    let second = inserted(&mut sticks);
    assert_ne!(first, second);
    service.pull_out("sda1");
    assert_eq!(changes(&mut sticks, 1), [Change::Removed(first.clone())]);
    assert!(matches!(sticks.mount(&first), Err(StickError::Gone)));
    assert!(sticks.mount(&second).is_ok());
}

#[test]
fn the_machines_own_disks_are_left_alone() {
    let bus = Bus::start();
    let service = Udisks::start(&bus);
    let block = |drive: &str| Block {
        drive: format!("{ROOT}/drives/{drive}"),
        filesystem: "vfat",
        system: false,
        encrypted: false,
    };
    service.plug_block("sdb1", block("disk"));
    // The card that the kiosk itself runs from can be pulled out too.
    service.plug_block(
        "mmcblk0p2",
        Block {
            system: true,
            ..block("card")
        },
    );
    service.plug_block("loop0", block("none"));
    service.plug_block(
        "sdc1",
        Block {
            encrypted: true,
            ..block("usb")
        },
    );
    for (name, filesystem) in [("sdd1", "hfsplus"), ("sdd2", "ntfs"), ("sdd3", "ext4")] {
        service.plug_block(
            name,
            Block {
                filesystem,
                ..block("usb")
            },
        );
    }
    service.plug_block(
        "sde1",
        Block {
            filesystem: "exfat",
            ..block("usb")
        },
    );
    let mut sticks = bus.sticks().expect("a service");
    let found = format!("{:?}", changes(&mut sticks, 1));
    assert!(found.contains("sde1"), "{found}");
}

#[test]
fn what_a_desktop_mounted_is_mounted_again_in_our_way() {
    let bus = Bus::start();
    let service = Udisks::start(&bus);
    let stick = service.plug("sda1");
    stick.lock().expect("a stick").mounted = true;
    let mut sticks = bus.sticks().expect("a service");
    let id = inserted(&mut sticks);
    sticks.mount(&id).expect("mounted");
    assert_eq!(asked(&stick), ["unmount", "mount ro,nodev,nosuid,noexec"]);
}

#[test]
fn a_service_that_refuses_lies_or_hangs_is_an_error_in_time() {
    let bus = Bus::start();
    let service = Udisks::start(&bus);
    let stick = service.plug("sda1");
    let mut sticks = bus.sticks().expect("a service");
    let id = inserted(&mut sticks);
    let mut answers = |answer| {
        stick.lock().expect("a stick").answer = answer;
        sticks.mount(&id).expect_err("an error")
    };
    assert!(matches!(
        answers(Answer::Failed),
        StickError::Refused { what: "mounted", .. }
    ));
    for place in ["/etc", "/media/../etc", ""] {
        assert!(
            matches!(answers(Answer::Elsewhere(place.to_owned())), StickError::OddPlace(_)),
            "{place}"
        );
        assert!(!stick.lock().expect("a stick").mounted, "{place} is let go again");
    }
    let outside = bus.place().join("../..").display().to_string();
    assert!(matches!(answers(Answer::Elsewhere(outside)), StickError::OddPlace(_)));
    assert!(matches!(answers(Answer::Never), StickError::Refused { .. }));
}

#[test]
fn no_service_is_no_sticks_and_one_that_comes_back_brings_them_again() {
    let bus = Bus::start();
    assert!(matches!(bus.sticks(), Err(StickError::NoService(_))));
    bus.has_nobody_on_it();
    assert!(matches!(
        Sticks::on_bus("unix:path=/nowhere/bus", PATIENCE, Path::new("/media")),
        Err(StickError::NoService(_))
    ));
    let service = Udisks::start(&bus);
    service.plug("sda1");
    let mut sticks = bus.sticks().expect("a service");
    let id = inserted(&mut sticks);
    service.bus.close().expect("closed");
    assert_eq!(changes(&mut sticks, 1), [Change::Removed(id.clone())]);
    let service = Udisks::start(&bus);
    service.plug("sda1");
    assert_eq!(changes(&mut sticks, 1), [Change::Inserted(id)]);
}

#[test]
fn without_the_bus_the_watch_over_sticks_ends_to_be_connected_anew() {
    let bus = Bus::start();
    let service = Udisks::start(&bus);
    service.plug("sda1");
    let mut sticks = bus.sticks().expect("a service");
    let id = inserted(&mut sticks);
    drop(bus);
    assert_eq!(changes(&mut sticks, 1), [Change::Removed(id)]);
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key").public().expect("a public key");
    let watch = StickWatch {
        sticks,
        slots: Slots::open(dir.path(), None),
        trust: Trust::new(vec![key]).expect("one key"),
        outbox: None,
        tell: |_| {},
        clock: Clock::of(dir.path()),
    };
    let (_orders, taken) = std::sync::mpsc::channel();
    assert!(matches!(watch.run(&taken), Err(StickError::NoService(_))));
}
