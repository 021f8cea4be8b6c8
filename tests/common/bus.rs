//! A private D-Bus for a test, so that services of the system can be played.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A private bus.
pub struct Bus {
    daemon: Child,
    /// Where it listens.
    pub address: String,
    /// A folder of its own.
    pub dir: TempDir,
}

impl Bus {
    pub fn start() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        // A name that is no file: of a file's name, 107 bytes would have to do, without a space in it.
        let name = format!("commune-kiosk-{:032x}", fastrand::u128(..));
        let config = format!(
            "<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN' \
             'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'><busconfig><type>session</type>\
             <listen>unix:abstract={name}</listen><policy context='default'><allow send_destination='*'/>\
             <allow eavesdrop='true'/><allow own='*'/></policy></busconfig>"
        );
        let file = dir.path().join("bus.conf");
        fs::write(&file, config).expect("a file");
        let mut daemon = Command::new("dbus-daemon");
        daemon
            .arg("--nofork")
            .arg("--print-address=1")
            .arg(format!("--config-file={}", file.display()));
        let mut daemon = daemon
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon (scripts/setup.sh test installs it)");
        let mut address = String::new();
        let out = daemon.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut address).expect("an address");
        Self {
            daemon,
            address: address.trim().to_owned(),
            dir,
        }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
