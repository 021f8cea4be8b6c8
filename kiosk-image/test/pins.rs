//! A sensor and a key switch on the pins of a board: the kernel's driver, the program's thread and the screen, from edge to picture.
//!
//! The emulated board has a chip with eight lines (PL061). What is wired to them is said to the emulator over its own testing
//! protocol (QEMU, `docs/devel/testing/qtest.rst`), which is a line of text each way.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::{Duration, Instant};

use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::staff::{Facts, hash, identity};
use serde_json::json;

use crate::editions;
use crate::machine::{Machine, Setting, arch};
use crate::resident::Resident;
use crate::staff;

/// Two lines of the chip that nothing else is wired to.
const SENSOR: u32 = 5;
const KEY: u32 = 6;

/// When the screen rests, in seconds.
const DIM_AFTER: u64 = 20;

/// How long that may take on a machine that is emulated.
const PATIENCE: Duration = Duration::from_secs(DIM_AFTER + 40);

#[test]
fn the_sensor_wakes_the_screen_and_the_key_opens_the_staffs_page() {
    if arch() != "arm64" {
        println!("told about boards with pins only");
        return;
    }
    let mut machine = Machine::new(Setting::of("12-pins"));
    let settings = format!(
        "[hardware]\npresence = {{ chip = \"gpiochip0\", line = {SENSOR} }}\n\
         staff_key = {{ chip = \"gpiochip0\", line = {KEY}, active_low = false }}\ndim_after_seconds = {DIM_AFTER}\n"
    );
    machine.leaves("kiosk.toml", settings.as_bytes());
    println!("12-pins: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut pins = Pins::of(&mut machine);
    let mut resident = Resident::before(machine, library);
    let said = resident.machine.runs("kiosk identity --data /data/kiosk");
    let [id, words, _] = said.lines().collect::<Vec<_>>()[..] else {
        panic!("{said}");
    };
    let facts = Facts {
        office: "1 gói số liệu đang chờ gửi.".to_owned(),
        identity: identity(id, words),
        ..staff::facts(&mut resident.machine)
    };
    let hash = hash(staff::PIN).expect("a PIN");
    resident.twin.serves_staff(&hash, Arc::new(Mutex::new(facts)));

    // Somebody comes, and stays for longer than the screen would wait.
    gets_dark(&mut resident.machine);
    pins.put(SENSOR, true);
    resident.sees("somebody-comes");
    sleep(PATIENCE);
    resident.sees("somebody-stays");
    pins.put(SENSOR, false);
    gets_dark(&mut resident.machine);

    // Staff turn the key, and back.
    for turned in [true, false] {
        pins.put(KEY, turned);
        resident
            .twin
            .asks(move |desk| desk.hall.kiosk.act(Action::StaffKey(turned)));
        resident.sees(if turned { "key-turned" } else { "key-turned-back" });
    }
}

/// Waits until the picture is black.
fn gets_dark(machine: &mut Machine) {
    let begun = Instant::now();
    let is_black = |machine: &mut Machine| {
        machine
            .picture()
            .is_some_and(|seen| seen.rgb.iter().all(|level| *level == 0))
    };
    while !is_black(machine) {
        assert!(begun.elapsed() < PATIENCE, "the screen doesn't rest");
        sleep(Duration::from_millis(300));
    }
}

/// What is wired to the chip.
struct Pins {
    stream: BufReader<UnixStream>,
    /// The chip, as the emulator calls it.
    chip: String,
}

impl Pins {
    fn of(machine: &mut Machine) -> Self {
        let parts = machine
            .qmp()
            .does("qom-list", &json!({ "path": "/machine/unattached" }));
        let mut parts = parts.as_array().expect("parts").iter();
        let chip = parts
            .find(|part| part["type"] == "child<pl061>")
            .expect("a chip with pins");
        let stream = UnixStream::connect(machine.file("pins")).expect("the emulator listens");
        Self {
            chip: format!("/machine/unattached/{}", chip["name"].as_str().expect("a name")),
            stream: BufReader::new(stream),
        }
    }

    /// Drives a line.
    fn put(&mut self, line: u32, high: bool) {
        let order = format!("set_irq_in {} unnamed-gpio-in {line} {}\n", self.chip, u8::from(high));
        self.stream.get_mut().write_all(order.as_bytes()).expect("told");
        let mut answer = String::new();
        self.stream.read_line(&mut answer).expect("an answer");
        assert_eq!(answer, "OK\n");
    }
}
