//! A machine that starts from the image: an emulator with a disk, a screen and a touchscreen of its own.
//!
//! The disk is a copy of the image, as a card is; power can be cut, and the machine started again from the same disk. Where
//! the computer can run the machine itself (KVM) it does; elsewhere the emulator translates. Begin with [`Machine`].

use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use commune_kiosk::screen::headless::Picture;
use serde_json::json;
use tempfile::TempDir;

use crate::probe::{self, Answer, Probe};
use crate::qmp::Qmp;

/// How long a machine may take until the kiosk runs. Translated, on a busy computer, it takes minutes.
const START: Duration = Duration::from_mins(8);

/// How long something may take that a person would call "at once".
const SOON: Duration = Duration::from_mins(2);

/// What is installed where.
const INSTALL: &str = "scripts/setup.sh image-test installs what this test needs";

/// The size of the screen.
pub const SCREEN: (u32, u32) = (1280, 800);

/// Where a service says how far it is; both need no bus.
const RUNS: &str = "systemctl is-active --quiet kiosk";

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
}

impl Setting {
    /// A machine on a Monday morning in November, without a network, on the smallest card.
    pub fn of(name: &'static str) -> Self {
        Self {
            name,
            clock: "2026-11-23T01:15:00".to_owned(),
            more_room: 0,
            cable: Cable::None,
        }
    }
}

/// A machine, on or off.
pub struct Machine {
    /// What it is like; counts from the next start on.
    pub setting: Setting,
    folder: TempDir,
    running: Option<Running>,
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

    fn disk(&self) -> PathBuf {
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
        begun.elapsed()
    }

    /// Waits until the kiosk has painted its first frame and said so.
    pub fn waits_until_it_runs(&mut self) {
        let begun = Instant::now();
        loop {
            let said = self.probe().tries(RUNS, Duration::from_secs(10));
            if said.is_some_and(|said| said.status == 0) {
                return;
            }
            if begun.elapsed() > START {
                let (picture, log) = (self.keeps("no-kiosk"), self.serial_log());
                panic!(
                    "no kiosk within {START:?}; see {} and {}",
                    log.display(),
                    picture.display()
                );
            }
            sleep(Duration::from_millis(500));
        }
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
        let begun = Instant::now();
        loop {
            let said = self.asks(line);
            if said.status == 0 {
                return;
            }
            assert!(begun.elapsed() < SOON, "not within {SOON:?}: {line}\n{}", said.text);
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

    /// What the screen shows; `None` while it shows nothing.
    pub fn picture(&mut self) -> Option<Picture> {
        let file = self.file("screen.png");
        self.qmp().picture(&file)
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
        self.qmp().waits_for("DEVICE_DELETED", SOON);
        // A keyboard has no file.
        let _ = self
            .qmp()
            .tries("blockdev-del", &json!({ "node-name": format!("{id}-file") }));
    }

    /// What the machine says on its serial line.
    fn serial_log(&self) -> PathBuf {
        album().join(format!("{}.log", self.setting.name))
    }

    fn emulator(&self) -> Command {
        let mut emulator = match arch().as_str() {
            "amd64" => self.mini_pc(),
            "arm64" => self.board(),
            other => panic!("no image is for {other}"),
        };
        let option = |file: &Path| file.display().to_string();
        // The machine sees a disk with a cache that it must flush. What it has written is in files of this computer, which
        // outlive an emulator that is killed, so nothing is gained by having these flushed to the real disk in turn; on a busy
        // computer that takes so long that watchdogs bark.
        let disk = format!("file={},if=none,id=disk,format=raw,cache=unsafe", option(&self.disk()));
        emulator.args(["-m", "1024", "-display", "none", "-drive", &disk]);
        emulator.args(["-device", "virtio-blk-pci,drive=disk,bootindex=1"]);
        let screen = format!("virtio-gpu-pci,xres={},yres={}", SCREEN.0, SCREEN.1);
        emulator.args(["-device", &screen, "-device", "virtio-multitouch-pci"]);
        emulator.args(["-device", "qemu-xhci,id=xhci", "-device", "virtio-serial-pci"]);
        let socket = |name: &str| format!("path={},server=on,wait=off", option(&self.file(name)));
        emulator.args(["-chardev", &format!("socket,id=probe,{}", socket("probe"))]);
        let port = format!("virtserialport,chardev=probe,name={}", probe::PORT);
        emulator.args(["-device", &port]);
        emulator.args([
            "-qmp",
            &format!("unix:{},server=on,wait=off", option(&self.file("qmp"))),
        ]);
        emulator.args(["-serial", &format!("file:{}", option(&self.serial_log()))]);
        emulator.args(["-device", "i6300esb", "-action", "watchdog=reset"]);
        emulator.args(["-rtc", &format!("base={}", self.setting.clock)]);
        let network = match self.setting.cable {
            Cable::None => return with(emulator, &["-nic", "none"]),
            Cable::ToNobody => "user,id=cable,restrict=on",
            Cable::ToThisComputer => "user,id=cable",
        };
        with(
            emulator,
            &["-netdev", network, "-device", "virtio-net-pci,netdev=cable"],
        )
    }

    /// What systemd is told from outside, by the names of its credentials.
    fn credentials(&self) -> Vec<(&'static str, &'static str)> {
        let mut told = probe::CREDENTIALS.to_vec();
        if self.setting.cable == Cable::ToThisComputer {
            told.push((
                "systemd.unit-dropin.systemd-timesyncd.service",
                "[Unit]\nConditionPathExists=/nowhere\n",
            ));
        }
        told
    }

    /// A mini PC with UEFI. What is told it from outside stands in its SMBIOS strings.
    fn mini_pc(&self) -> Command {
        let mut emulator = Command::new("qemu-system-x86_64");
        let accelerator = if has_kvm() { "kvm" } else { "tcg,thread=multi" };
        emulator.args([
            "-machine",
            "q35",
            "-accel",
            accelerator,
            "-cpu",
            "max",
            "-smp",
            "1",
            "-vga",
            "none",
        ]);
        let firmware = Path::new("/usr/share/OVMF");
        assert!(firmware.exists(), "no firmware for mini PCs. {INSTALL}");
        let own = self.file("firmware");
        fs::copy(firmware.join("OVMF_VARS_4M.fd"), &own).expect("firmware");
        let flash = |file: &Path, more: &str| format!("if=pflash,format=raw,file={}{more}", file.display());
        emulator.args(["-drive", &flash(&firmware.join("OVMF_CODE_4M.fd"), ",readonly=on")]);
        emulator.args(["-drive", &flash(&own, "")]);
        let mut told =
            vec!["io.systemd.boot.kernel-cmdline-extra=console=ttyS0 systemd.journald.forward_to_console=1".to_owned()];
        for (name, text) in self.credentials() {
            told.push(format!("io.systemd.credential:{name}={text}"));
        }
        for (number, text) in told.iter().enumerate() {
            let file = self.file(&format!("smbios-{number}"));
            fs::write(&file, text).expect("written");
            emulator.args(["-smbios", &format!("type=11,path={}", file.display())]);
        }
        emulator
    }

    /// A board of arm64. Its own loader is not emulated: kernel and initramfs are handed over from the boot partition.
    fn board(&self) -> Command {
        let mut emulator = Command::new("qemu-system-aarch64");
        emulator.args([
            "-machine",
            "virt",
            "-accel",
            "tcg,thread=multi",
            "-cpu",
            "cortex-a72",
            "-smp",
            "2",
        ]);
        for name in ["vmlinuz", "initrd.img", "cmdline.txt"] {
            let file = self.file(name);
            mtools(
                &["mcopy", "-o"],
                &self.disk(),
                &[&format!("::{name}"), file.to_str().expect("UTF-8")],
            );
        }
        let mut line = fs::read_to_string(self.file("cmdline.txt"))
            .expect("a text")
            .trim()
            .to_owned();
        write!(line, " console=ttyAMA0 systemd.journald.forward_to_console=1").expect("a text");
        emulator.arg("-kernel").arg(self.file("vmlinuz"));
        emulator.arg("-initrd").arg(self.file("initrd.img"));
        // It has no SMBIOS without UEFI, and names of `fw_cfg` are short.
        for (name, text) in self.credentials() {
            let file = self.file(name);
            fs::write(&file, text).expect("written");
            let coded = Command::new("base64")
                .arg("--wrap=0")
                .arg(file)
                .output()
                .expect("base64");
            let coded = String::from_utf8(coded.stdout).expect("ASCII");
            write!(line, " systemd.set_credential_binary={name}:{coded}").expect("a text");
        }
        emulator.arg("-append").arg(line);
        emulator
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

fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    command
}

/// Whether this computer can run a machine of its own kind itself. A device file is not enough: it may be there and fail at the
/// first processor, so a machine without anything is tried.
fn has_kvm() -> bool {
    static TRIED: OnceLock<bool> = OnceLock::new();
    *TRIED.get_or_init(|| {
        let tried = Command::new("qemu-system-x86_64")
            .args([
                "-machine",
                "q35",
                "-accel",
                "kvm",
                "-cpu",
                "max",
                "-nodefaults",
                "-display",
                "none",
                "-qmp",
                "stdio",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let works = tried.and_then(|mut tried| {
            let leave = "{\"execute\":\"qmp_capabilities\"}\n{\"execute\":\"quit\"}\n";
            // It may have failed before it could be told.
            let _ = tried.stdin.take().expect("a pipe").write_all(leave.as_bytes());
            tried.wait()
        });
        let works = works.is_ok_and(|status| status.success());
        println!(
            "KVM {}",
            if works {
                "works"
            } else {
                "doesn't work here: the emulator translates, which is slow"
            }
        );
        works
    })
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
