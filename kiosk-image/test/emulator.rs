//! What a machine is built of: QEMU's command line for a mini PC and for a board of arm64.
//!
//! Where the computer can run the machine itself (KVM) it does; elsewhere the emulator translates. Begin with
//! [`Machine::emulator`].

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::machine::{Cable, Disk, Graphics, INSTALL, Machine, arch, mtools};
use crate::panel;
use crate::probe;
use crate::{late, late_screen};

impl Machine {
    /// What the loudspeaker inside has said, and the one that is plugged in: WAV files.
    pub const OWN_LOUDSPEAKER: &str = "inside.wav";
    pub const USB_LOUDSPEAKER: &str = "usb.wav";

    /// The emulator with all that the machine consists of; it is not started yet.
    pub fn emulator(&self) -> Command {
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
        let screen = if self.setting.graphics == Graphics::Firmware {
            // Firmware draws on it; Linux has no driver for it.
            "ramfb".to_owned()
        } else {
            format!("virtio-gpu-pci,xres={},yres={}", panel::SIZE.0, panel::SIZE.1)
        };
        emulator.args(["-device", &screen, "-device", "virtio-multitouch-pci"]);
        emulator.args(["-device", "qemu-xhci,id=xhci", "-device", "virtio-serial-pci"]);
        let disk = match self.setting.disk {
            Disk::Inside => "virtio-blk-pci",
            Disk::Usb => "usb-storage,bus=xhci.0,removable=on",
        };
        emulator.args(["-device", &format!("{disk},drive=disk,bootindex=1")]);
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
        if self.setting.has_loudspeakers {
            for (name, file) in [("inside", Self::OWN_LOUDSPEAKER), ("usb", Self::USB_LOUDSPEAKER)] {
                let sound = format!(
                    "wav,id={name},path={},out.frequency=48000,out.channels=1,out.format=s16",
                    option(&self.file(file))
                );
                emulator.args(["-audiodev", &sound]);
            }
            emulator.args(["-device", "intel-hda", "-device", "hda-output,audiodev=inside"]);
            emulator.args(["-device", "usb-audio,bus=xhci.0,id=loudspeaker,audiodev=usb"]);
        }
        emulator.args(["-rtc", &format!("base={},clock=vm", self.setting.clock)]);
        let network = match self.setting.cable {
            Cable::None => return with(emulator, &["-nic", "none"]),
            Cable::ToNobody => "user,id=cable,restrict=on".to_owned(),
            Cable::ToThisComputer => "user,id=cable".to_owned(),
            Cable::FromTechnician(port) => format!("user,id=cable,restrict=on,hostfwd=tcp:127.0.0.1:{port}-:22"),
        };
        with(
            emulator,
            &["-netdev", &network, "-device", "virtio-net-pci,netdev=cable"],
        )
    }

    /// What systemd is told from outside, by the names of its credentials.
    fn credentials(&self) -> Vec<(&'static str, &'static str)> {
        let mut told = probe::CREDENTIALS.to_vec();
        if self.setting.is_late {
            told.extend(late::CREDENTIALS);
        }
        if self.setting.cable == Cable::ToThisComputer {
            told.push((
                "systemd.unit-dropin.systemd-timesyncd.service",
                "[Unit]\nConditionPathExists=/nowhere\n",
            ));
        }
        told
    }

    /// What else the kernel is told: to let the test see the journal, and whether watchdogs bite (kernel-command-line(7)).
    fn more_of_the_command_line(&self) -> String {
        let watchdogs = if self.setting.has_watchdogs {
            ""
        } else {
            " systemd.watchdog_sec=600 systemd.service_watchdogs=no"
        };
        let screen = if self.setting.graphics == Graphics::LateDriver {
            late_screen::COMMAND_LINE
        } else {
            ""
        };
        format!(" systemd.journald.forward_to_console=1{watchdogs}{screen}")
    }

    /// A mini PC with UEFI. What is told it from outside stands in its SMBIOS strings.
    fn mini_pc(&self) -> Command {
        let mut emulator = Command::new("qemu-system-x86_64");
        // Where the emulator translates, the machine's clocks go by what its processor has done, two nanoseconds an
        // instruction, and by this computer's clock only while it rests: it is as fast on a busy computer as on an idle one. Else a
        // watchdog's time would run on while the processor is held up, and what is sound would be found frozen.
        let accelerator = if has_kvm() {
            "kvm"
        } else {
            emulator.args(["-icount", "shift=1,sleep=on"]);
            "tcg,thread=single"
        };
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
        let mut told = vec![format!(
            "io.systemd.boot.kernel-cmdline-extra=console=ttyS0{}",
            self.more_of_the_command_line()
        )];
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
        write!(line, " console=ttyAMA0{}", self.more_of_the_command_line()).expect("a text");
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
        let pins = self.file("pins");
        let pins = format!("unix:{},server=on,wait=off", pins.display());
        with(emulator, &["-qtest", &pins])
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
