//! `kiosk rehearse`: walks through a pack where nobody sees it, under limits, so that what is wrong with it ends this process.

use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;

use anyhow::Result;
use commune_kiosk::content::library::Library;
use commune_kiosk::kiosk::screen::rehearsal::{self, NoEnd};
use commune_kiosk::kiosk::slots::rehearsal::NO_END;
use rustix::process::{Resource, Rlimit, getrlimit, nice, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Memory that it may have, in bytes: the kiosk itself has about 45 MiB, and `kiosk.service` allows 400 for both.
const MEMORY: u64 = 256 * 1024 * 1024;

/// Time of the processor for one screen, in seconds. One takes some hundredths on a small machine, so this judges the pack and not the
/// machine, however large the pack and however slow the machine.
const PROCESSOR: u64 = 60;

/// How far it stands back from whoever else wants the processor (`nice(2)`).
const NICE: i32 = 10;

/// Where Linux is told who goes first when memory is short (`proc_pid_oom_score_adj(5)`).
const GOES_FIRST: &str = "/proc/self/oom_score_adj";

/// Walks through a pack.
pub fn run(pack: &Path) -> Result<ExitCode> {
    limit(Resource::Data, MEMORY);
    limit(Resource::Core, 0);
    if let Err(error) = std::fs::write(GOES_FIRST, "1000") {
        tracing::warn!("who looks a pack over can't go first when memory is short: {error}");
    }
    // The screen answers first.
    if let Err(error) = nice(NICE) {
        tracing::warn!("who looks a pack over can't stand back: {error}");
    }
    let before_a_screen = || {
        let taken = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or_default();
        limit(Resource::Cpu, taken.saturating_add(PROCESSOR));
    };
    // Opening it and the first screen count as one too.
    before_a_screen();
    let library = Rc::new(Library::open(pack)?);
    match rehearsal::walk(&library, Box::new(before_a_screen)) {
        Ok(screens) => {
            println!("{screens} screens");
            Ok(ExitCode::SUCCESS)
        }
        Err(error) if error.is::<NoEnd>() => {
            eprintln!("{error}");
            Ok(ExitCode::from(NO_END))
        }
        Err(error) => Err(error),
    }
}

/// Takes this much of something, and no more; the kernel ends the process that wants more (`setrlimit(2)`).
fn limit(resource: Resource, most: u64) {
    let limit = Rlimit {
        current: Some(most),
        maximum: getrlimit(resource).maximum,
    };
    if let Err(error) = setrlimit(resource, limit) {
        tracing::warn!("no limit for looking a pack over: {error}");
    }
}
