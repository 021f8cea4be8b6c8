//! A machine that starts from the image: an emulator with a disk, a screen and a touchscreen of its own.
//!
//! The disk is a copy of the image, as a card is; power can be cut, and the machine started again from the same disk. Begin with
//! [`Machine`]; what it is built of stands in `emulator.rs`.

use std::env;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use commune_kiosk::kiosk::screen::headless::Picture;
use serde_json::json;
use tempfile::TempDir;

use crate::panel::Panel;
use crate::probe::{Answer, Probe};
use crate::qmp::Qmp;
use crate::twin::Place;

/// How much of a processor the emulator may use until the kiosk runs.
const START: Duration = Duration::from_mins(8);

/// How long that may take: on a busy computer the emulator gets a small share of a processor.
const LONGEST_START: Duration = Duration::from_mins(40);

/// In so many parts of a second the kernel counts what a process uses of a processor (`USER_HZ`).
const TICKS: u64 = 100;

/// How long something may take that a person would call "at once", on a machine that starts as fast as usual.
const SOON: Duration = Duration::from_mins(2);

/// How long a start takes where the emulator translates and has a computer for itself.
const USUAL_START: Duration = Duration::from_mins(1);

/// What is installed where.
pub const INSTALL: &str = "scripts/setup.sh image-test installs what this test needs";

/// Whether the kiosk has painted its first frame and said so; needs no bus.
const RUNS: &str = "systemctl is-active --quiet kiosk";

/// Whether it also waits no more for its data and settings: on a busy computer these may come after it, and start it again.
const SETTLED: &str = "systemctl is-active --quiet kiosk && \
                       ! systemctl list-jobs | grep -q -e data.mount -e kiosk-setup -e kiosk-late -e kiosk.service";

/// The kind of computer that the image is for: `amd64` or `arm64`.
pub fn arch() -> String {
    env::var("ARCH").unwrap_or_else(|_| "amd64".to_owned())
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target")
}

/// Where pictures, and what machines said on their serial lines, are kept for a person to look at.
pub fn album() -> PathBuf {
    let folder = target().join("image-test").join(arch());
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// What a machine is like.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Of the files kept of it.
    pub name: &'static str,
    /// What its clock shows at the start, in universal time.
    pub clock: String,
    /// How many MiB the card is larger than the image.
    pub more_room: u64,
    /// Whether a cable is plugged in, and where to.
    pub cable: Cable,
    /// What it starts from.
    pub disk: Disk,
    /// How the picture is turned on the panel, in degrees, as its settings say.
    pub turned: u16,
    /// Whether the partitions beside the root appear only when they are told to.
    pub is_late: bool,
    /// What the system has for the screen.
    pub graphics: Graphics,
    /// Whether watchdogs bite. On a busy computer an emulated machine is held up for longer than a real one may be.
    pub has_watchdogs: bool,
    /// Whether there is a loudspeaker inside and one at USB.
    pub has_loudspeakers: bool,
}

/// What the image is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// A disk inside.
    Inside,
    /// A stick, which can be pulled out.
    Usb,
}

/// What a system has for the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Graphics {
    /// A driver, which finds the screen at the start.
    Driver,
    /// A driver that comes only when it is asked for; until then there is no screen.
    LateDriver,
    /// No driver, only what the firmware has set up.
    Firmware,
}

/// A network cable. None of them leads out of this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cable {
    /// None is plugged in.
    None,
    /// It gives the machine an address and leads to nobody.
    ToNobody,
    /// It leads to this computer, which is `10.0.2.2`; nobody gives the time there.
    ToThisComputer,
    /// It gives the machine an address; this port of this computer leads to its port 22.
    FromTechnician(u16),
}

impl Setting {
    /// A machine on a Monday morning in November, without a network, on the smallest card.
    pub fn of(name: &'static str) -> Self {
        Self {
            name,
            clock: "2026-11-23T01:15:00".to_owned(),
            more_room: 0,
            cable: Cable::None,
            disk: Disk::Inside,
            turned: 0,
            is_late: false,
            graphics: Graphics::Driver,
            has_watchdogs: false,
            has_loudspeakers: false,
        }
    }
}

/// A machine, on or off.
pub struct Machine {
    /// What it is like; counts from the next start on.
    pub setting: Setting,
    folder: TempDir,
    running: Option<Running>,
    /// How many times longer than usual its last start took: a busy computer emulates everything slowly.
    slowness: f64,
}

struct Running {
    process: Child,
    qmp: Qmp,
    probe: Probe,
}

impl Drop for Running {
    fn drop(&mut self) {
        // SIGKILL: as a power cut. Gone already, if the machine was turned off.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Machine {
    /// A machine that is off, with a fresh copy of the image.
    pub fn new(setting: Setting) -> Self {
        let image = target().join("image").join(format!("kiosk-{}.img", arch()));
        assert!(
            image.exists(),
            "there is no {}: build it with `kiosk-image/build.sh --arch {} --out …`",
            image.display(),
            arch()
        );
        let machine = Self {
            folder: tempfile::Builder::new().prefix("kiosk-").tempdir().expect("a folder"),
            setting,
            running: None,
            slowness: 1.0,
        };
        let copied = Command::new("cp")
            .arg("--sparse=always")
            .arg(&image)
            .arg(machine.disk())
            .status();
        assert!(
            copied.is_ok_and(|status| status.success()),
            "no room for a copy of the image"
        );
        let disk = File::options().write(true).open(machine.disk()).expect("a disk");
        let size = disk.metadata().expect("a size").len();
        disk.set_len(size + machine.setting.more_room * 1024 * 1024)
            .expect("longer");
        machine
    }

    /// The disk, which is a file.
    pub fn disk(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    /// A file of the machine's own, for what is plugged into it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lays a file into the folder `kiosk` of the boot partition, as a technician does with the card in a computer.
    pub fn leaves(&self, name: &str, contents: &[u8]) {
        assert!(self.running.is_none(), "the card is in the machine");
        let file = self.file("left");
        fs::write(&file, contents).expect("written");
        mtools(
            &["mcopy", "-o"],
            &self.disk(),
            &[file.to_str().expect("UTF-8"), &format!("::kiosk/{name}")],
        );
    }

    /// Takes a file out of that folder.
    pub fn takes_away(&self, name: &str) {
        assert!(self.running.is_none(), "the card is in the machine");
        mtools(&["mdel"], &self.disk(), &[&format!("::kiosk/{name}")]);
    }

    /// Turns it on; comes back at once.
    pub fn turns_on(&mut self) {
        assert!(self.running.is_none(), "it is on");
        let (qmp, probe) = (self.file("qmp"), self.file("probe"));
        for socket in [&qmp, &probe] {
            let _ = fs::remove_file(socket);
        }
        let log = File::create(self.serial_log().with_extension("emulator.log")).expect("a file");
        let process = self
            .emulator()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("no emulator: {error}. {INSTALL}"));
        self.running = Some(Running {
            process,
            qmp: Qmp::connect(&qmp),
            probe: Probe::connect(&probe),
        });
    }

    /// Turns it on and waits until the kiosk runs; how long that took.
    pub fn starts(&mut self) -> Duration {
        let begun = Instant::now();
        self.turns_on();
        self.waits_until_it_runs();
        let took = begun.elapsed();
        self.slowness = took.div_duration_f64(USUAL_START).max(1.0);
        took
    }

    /// Turns it on and waits until its shell answers, which it does also where no kiosk comes to run. (A question that is asked before is
    /// answered when there is a shell: on a busy computer minutes later.)
    pub fn wakes(&mut self) {
        let begun = Instant::now();
        self.turns_on();
        self.waits_until_it("true");
        self.slowness = begun.elapsed().div_duration_f64(USUAL_START).max(1.0);
    }

    /// How long is waited for what takes so long on a machine that starts as fast as usual.
    pub fn patience(&self, usual: Duration) -> Duration {
        usual.mul_f64(self.slowness)
    }

    /// Waits until the kiosk has painted its first frame, with its data and settings if it has any.
    pub fn waits_until_it_runs(&mut self) {
        self.waits_until_it(SETTLED);
    }

    /// Waits until the kiosk has painted its first frame, whether its data and settings are there or not.
    pub fn waits_until_it_shows_something(&mut self) {
        self.waits_until_it(RUNS);
    }

    fn waits_until_it(&mut self, line: &str) {
        let (begun, worked) = (Instant::now(), self.worked());
        loop {
            let said = self.probe().tries(line, Duration::from_secs(10));
            if said.is_some_and(|said| said.status == 0) {
                return;
            }
            let took = (begun.elapsed(), self.worked().saturating_sub(worked));
            if took.0 > LONGEST_START || took.1 > START {
                let (picture, log) = (self.keeps("no-kiosk"), self.serial_log());
                panic!(
                    "no kiosk within {:?}, of which the emulator had {:?} of a processor; see {} and {}",
                    took.0,
                    took.1,
                    log.display(),
                    picture.display()
                );
            }
            sleep(Duration::from_millis(500));
        }
    }

    /// How much of a processor the emulator has used since it was turned on.
    fn worked(&self) -> Duration {
        let process = self.running.as_ref().expect("it is on").process.id();
        let said = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        // After the name, which may have blanks in it: `utime` and `stime` are the 12th and 13th (proc_pid_stat(5)).
        let fields = said.rsplit_once(')').map_or("", |(_, fields)| fields);
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 1000 / TICKS)
    }

    /// Cuts the power.
    pub fn cut(&mut self) {
        self.running.take().expect("it is on");
    }

    /// The way into the running system.
    pub fn probe(&mut self) -> &mut Probe {
        &mut self.running.as_mut().expect("it is on").probe
    }

    /// The way to the emulator.
    pub fn qmp(&mut self) -> &mut Qmp {
        &mut self.running.as_mut().expect("it is on").qmp
    }

    /// Runs what must go well in the machine's shell.
    pub fn runs(&mut self, line: &str) -> String {
        self.probe().runs(line)
    }

    /// Runs something in the machine's shell.
    pub fn asks(&mut self, line: &str) -> Answer {
        self.probe().asks(line)
    }

    /// Waits until a line of shell goes well.
    pub fn waits_until(&mut self, line: &str) {
        self.waits_until_within(SOON, line);
    }

    /// The same, of what takes its time also on a machine that starts as fast as usual.
    pub fn waits_until_within(&mut self, usual: Duration, line: &str) {
        let (begun, patience) = (Instant::now(), self.patience(usual));
        loop {
            let said = self.asks(line);
            if said.status == 0 {
                return;
            }
            assert!(
                begun.elapsed() < patience,
                "not within {patience:?}: {line}\n{}",
                said.text
            );
            sleep(Duration::from_millis(300));
        }
    }

    /// What `kiosk counts` says of a signal and what it is about, in all periods; nothing about `""`.
    pub fn counted(&mut self, signal: &str, subject: &str) -> u64 {
        self.counts()
            .iter()
            .filter(|(counted, about, ..)| counted == signal && about == subject)
            .map(|(.., n)| n)
            .sum()
    }

    /// What `kiosk counts` says: signal, subject, value and number.
    pub fn counts(&mut self) -> Vec<(String, String, String, u64)> {
        let said = self.runs("kiosk counts --json --data /data/kiosk");
        let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(said["losses"], 0, "a database was damaged");
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let rows = said["counters"].as_array().expect("rows");
        rows.iter()
            .map(|row| {
                let n = row["n"].as_u64().expect("a number");
                (text(&row["signal"]), text(&row["subject"]), text(&row["value"]), n)
            })
            .collect()
    }

    /// The edition that `kiosk slots` names as the current one; `None` for the one that was built in.
    pub fn edition(&mut self) -> Option<u64> {
        let said = self.runs("kiosk slots --content /usr/share/commune-kiosk/content.db --data /data/kiosk");
        let current = said.lines().next().expect("a slot");
        match current.split('\t').collect::<Vec<_>>()[..] {
            ["current", "factory"] => None,
            ["current", _, edition, _] => Some(edition.parse().expect("a number")),
            _ => panic!("{said}"),
        }
    }

    /// A fact about the kiosk's service, as `systemctl show` names it.
    pub fn shows(&mut self, property: &str) -> String {
        self.runs(&format!("systemctl show kiosk --property {property} --value"))
    }

    /// What somebody sees who stands before the screen; `None` while it shows nothing.
    pub fn picture(&mut self) -> Option<Picture> {
        let (file, panel) = (self.file("screen.png"), Panel::of(&self.setting));
        self.qmp().picture(&file).map(|picture| panel.seen(picture))
    }

    /// A finger touches a place of that picture.
    pub fn touches(&mut self, place: Place) {
        let touched = Panel::of(&self.setting).touched(place);
        self.qmp().touches(touched);
    }

    /// Keeps a picture of the screen for a person to look at.
    pub fn keeps(&mut self, name: &str) -> PathBuf {
        let file = album().join(format!("{}-{name}.png", self.setting.name));
        if let Some(picture) = self.picture() {
            picture.write(&file).expect("written");
        }
        file
    }

    /// Plugs in what QEMU knows by this name, as `id`.
    pub fn plugs(&mut self, device: &str, id: &str) {
        self.qmp()
            .does("device_add", &json!({ "driver": device, "id": id, "bus": "xhci.0" }));
    }

    /// Plugs in a stick that is a network card; it leads nowhere.
    pub fn plugs_network(&mut self, id: &str) {
        let net = format!("{id}-net");
        self.qmp()
            .does("netdev_add", &json!({ "type": "user", "id": net, "restrict": true }));
        let device = json!({ "driver": "usb-net", "id": id, "bus": "xhci.0", "netdev": net });
        self.qmp().does("device_add", &device);
    }

    /// Plugs in a stick: a file with what is on it.
    pub fn plugs_stick(&mut self, file: &Path, id: &str) {
        let node = format!("{id}-file");
        let name = file.to_str().expect("UTF-8");
        let stick = json!({ "driver": "raw", "node-name": node, "file": { "driver": "file", "filename": name } });
        self.qmp().does("blockdev-add", &stick);
        let device = json!({ "driver": "usb-storage", "id": id, "bus": "xhci.0", "drive": node, "removable": true, "serial": id });
        self.qmp().does("device_add", &device);
    }

    /// Pulls something out.
    pub fn pulls(&mut self, id: &str) {
        self.qmp().does("device_del", &json!({ "id": id }));
        let patience = self.patience(SOON);
        self.qmp().waits_for("DEVICE_DELETED", patience);
        // A keyboard has no file.
        let _ = self
            .qmp()
            .tries("blockdev-del", &json!({ "node-name": format!("{id}-file") }));
    }

    /// What the machine says on its serial line.
    pub fn serial_log(&self) -> PathBuf {
        album().join(format!("{}.log", self.setting.name))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if std::thread::panicking() && self.running.is_some() {
            let state = "systemctl status kiosk --no-pager --lines 30; journalctl -b -p warning --no-pager | tail -40";
            for event in ["WATCHDOG", "RESET", "GUEST_PANICKED"] {
                if self.qmp().has_seen(event) {
                    eprintln!("{}: the emulator told of a {event}", self.setting.name);
                }
            }
            let (name, slowness) = (self.setting.name, self.slowness);
            eprintln!("{name}: it started {slowness:.1} times slower than on a computer with nothing else to do");
            let said = self.probe().tries(state, Duration::from_secs(30));
            let mut log = File::options()
                .append(true)
                .create(true)
                .open(self.serial_log())
                .expect("a file");
            let _ = writeln!(
                log,
                "\n== at the end\n{}",
                said.map_or_else(String::new, |said| said.text)
            );
            eprintln!("{}: see {}", self.setting.name, self.serial_log().display());
        }
    }
}

/// Runs one of mtools on the first partition of a disk, which begins at 1 MiB.
pub fn mtools(program: &[&str], disk: &Path, arguments: &[&str]) -> String {
    let done = Command::new(program[0])
        .args(&program[1..])
        .arg("-i")
        .arg(format!("{}@@1M", disk.display()))
        .args(arguments)
        .env("MTOOLS_SKIP_CHECK", "1")
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}. {INSTALL}", program[0]));
    assert!(
        done.status.success(),
        "{program:?} {arguments:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8_lossy(&done.stdout).into_owned()
}
