//! A machine whose screen is not switched on: the program waits for one, and leaves the card alone until then.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::common::content_folder;
use crate::slow_card;

/// How long the program may take until it has looked for a screen.
const PATIENCE: Duration = Duration::from_mins(1);

/// So long it is watched then. It looks every two seconds.
const WATCHED: Duration = Duration::from_secs(5);

/// What it says.
const SAID: &str = "no screen can be used yet";

/// Killed when it is dropped, also by a test that fails: it would wait for ever.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Gone already, if it did not wait.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn without_a_screen_the_program_waits_and_writes_nothing() {
    if ["/dev/dri", "/dev/fb0"].iter().any(|screen| Path::new(screen).exists()) {
        println!("told about machines without a screen only: this one has its own");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let library = slow_card::library_in(folder.path());
    let log = File::create(path("log")).expect("a file");
    let kiosk = Command::new(env!("CARGO_BIN_EXE_kiosk"))
        .arg("--content")
        .arg(content_folder())
        .arg("--data")
        .arg(path("data"))
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("LD_PRELOAD", &library)
        .env(slow_card::LIST, path("flushes"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("the kiosk program runs");
    let mut kiosk = Running(kiosk);
    let said = || fs::read_to_string(path("log")).expect("a log");
    let begun = Instant::now();
    while !said().contains(SAID) {
        assert_eq!(kiosk.0.try_wait().expect("a process"), None, "it waits: {}", said());
        assert!(begun.elapsed() < PATIENCE, "{}", said());
        sleep(Duration::from_millis(20));
    }
    sleep(WATCHED);
    assert_eq!(kiosk.0.try_wait().expect("a process"), None, "it waits on: {}", said());
    assert_eq!(said().matches(SAID).count(), 1, "it says so once: {}", said());
    assert!(!path("data").exists(), "it has nothing to keep");
    // Else nobody would have noticed a flush.
    let maps = fs::read_to_string(format!("/proc/{}/maps", kiosk.0.id())).expect("it runs");
    assert!(maps.contains("slow_card.so"), "{maps}");
    assert!(!path("flushes").exists(), "it flushes nothing");
}
