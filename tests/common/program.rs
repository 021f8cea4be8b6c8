//! The office's program, `office serve`, as a process of its own.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use commune_kiosk::bundle::Key;

/// Protects the keys.
pub const PASSWORD: &str = "mật khẩu để thử";

/// How long the program may take to start or to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// The office's program with these arguments, in this folder.
pub fn office(folder: &Path, arguments: &[&str]) -> Command {
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"));
    office.current_dir(folder).args(arguments).stdin(Stdio::null());
    office.env("OFFICE_KEY_PASSWORD", PASSWORD);
    office
}

/// Puts the office's key into its folder.
pub fn write_key(folder: &Path, key: &Key) {
    let text = key.to_text(Some(PASSWORD)).expect("a text");
    fs::write(folder.join("office.key"), text).expect("written");
}

/// A server that runs. It is killed when it is dropped.
pub struct Program {
    /// `http://…` or `https://…`.
    pub url: String,
    folder: PathBuf,
    process: Child,
}

impl Program {
    /// Starts it on a port of its own, and waits until it listens. Database, key and packs are in the folder.
    pub fn start(folder: &Path, more: &[&str]) -> Self {
        let serve = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--key",
            "office.key",
            "--packs",
            "packs",
        ];
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.join("log"))
            .expect("a file");
        let mut process = office(folder, &[&serve, more].concat())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the office program runs");
        let said = process.stdout.take().expect("a pipe");
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line).expect("UTF-8");
        let url = line.trim_end().strip_prefix("Đang chạy tại ").map(ToOwned::to_owned);
        let folder = folder.to_owned();
        let url = url.unwrap_or_else(|| panic!("it does not start: {line:?} {}", log_of(&folder)));
        Self { url, folder, process }
    }

    /// The most memory that it ever had resident, in KiB (`VmHWM`, `proc_pid_status(5)`).
    pub fn most_resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
        number.and_then(|number| number.parse().ok()).expect("a number")
    }

    /// As a power cut.
    pub fn kill(mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("ended");
    }

    /// Asks it to end, as systemd does.
    pub fn terminate(&self) {
        let id = self
            .process
            .id()
            .try_into()
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(id.expect("an id"), rustix::process::Signal::TERM).expect("told");
    }

    /// Waits until it has ended.
    pub fn ends(mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().expect("a process") {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end: {}", log_of(&self.folder));
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Gone already, if it was killed or has ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn log_of(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap_or_default()
}
