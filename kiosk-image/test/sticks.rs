//! Sticks: raw files with the file systems that people's sticks have.
//!
//! FAT32 is filled with mtools. There is nothing like them for exFAT, and the computers that this is tested on need not know
//! exFAT; so such a stick is filled by the machine's own kernel, before its story begins, while no kiosk runs that would take
//! it for a stick that somebody brings.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::machine::{Machine, mtools};

/// Small, and yet large enough for FAT32. Beside what lies on it.
const SIZE: u64 = 64 * 1024 * 1024;

/// A stick as shops sell them: a table with one partition, FAT32. `folder` is what lies on it.
pub fn fat(file: PathBuf, folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder).expect("a folder");
    let full: u64 = entries
        .map(|entry| entry.and_then(|entry| entry.metadata()).expect("a file").len())
        .sum();
    let size = SIZE + full.next_multiple_of(1024 * 1024);
    File::create(&file)
        .and_then(|file| file.set_len(size))
        .expect("a stick");
    let table = format!("echo 2048,,c | sfdisk --quiet '{}'", file.display());
    does(Command::new("sh").args(["-c", &table]));
    does(
        Command::new("mkfs.vfat")
            .args(["-F", "32", "-n", "USB", "--offset", "2048"])
            .arg(&file)
            .arg((size / 1024 - 1024).to_string()),
    );
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        mtools(&["mcopy", "-s"], &file, &[path.to_str().expect("UTF-8"), "::"]);
    }
    file
}

/// What a text file on such a stick says.
pub fn says(file: &Path, name: &str) -> String {
    mtools(&["mtype"], file, &[&format!("::{name}")])
}

/// An exFAT stick with one file on it, written by the machine, which runs and has the stick no more afterwards.
pub fn exfat(machine: &mut Machine, name: &str, bytes: &[u8]) -> PathBuf {
    let (stick, cargo) = (machine.file("exfat"), machine.file("cargo"));
    File::create(&stick)
        .and_then(|file| file.set_len(SIZE))
        .expect("a stick");
    does(Command::new("mkfs.exfat").args(["-L", "USB"]).arg(&stick));
    // A disk has whole sectors.
    let mut padded = bytes.to_vec();
    padded.resize(bytes.len().next_multiple_of(4096), 0);
    fs::write(&cargo, padded).expect("written");

    machine.runs("systemctl stop kiosk");
    machine.plugs_stick(&stick, "exfat");
    machine.plugs_stick(&cargo, "cargo");
    let disk = |id: &str| format!("$(ls /dev/disk/by-id/usb-*_{id}-*)");
    for id in ["exfat", "cargo"] {
        machine.waits_until(&format!("test -b \"{}\"", disk(id)));
    }
    machine.runs(&format!(
        "mkdir -p /run/stick && mount -t exfat {} /run/stick && head -c {} {} > /run/stick/{name} && umount /run/stick",
        disk("exfat"),
        bytes.len(),
        disk("cargo"),
    ));
    machine.pulls("exfat");
    machine.pulls("cargo");
    machine.runs("systemctl start kiosk");
    machine.waits_until_it_runs();
    stick
}

fn does(command: &mut Command) {
    let path = std::env::var("PATH").unwrap_or_default();
    let done = command.env("PATH", format!("{path}:/usr/sbin:/sbin")).output();
    let done = done.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        done.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}
