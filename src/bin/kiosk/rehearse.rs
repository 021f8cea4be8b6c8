//! `kiosk rehearse`: walks through a pack where nobody sees it, under limits, so that what is wrong with it ends this process.

use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;

use anyhow::Result;
use commune_kiosk::content::library::Library;
use commune_kiosk::kiosk::screen::rehearsal;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Memory that it may have, in bytes: the kiosk itself has about 45 MiB, and `kiosk.service` allows 400 for both.
const MEMORY: u64 = 256 * 1024 * 1024;

/// Time of the processor, in seconds: ours takes some ten on a small one.
const PROCESSOR: u64 = 300;

/// Where Linux is told who goes first when memory is short (`proc_pid_oom_score_adj(5)`).
const GOES_FIRST: &str = "/proc/self/oom_score_adj";

/// Walks through a pack.
pub fn run(pack: &Path) -> Result<ExitCode> {
    for (resource, most) in [
        (Resource::Data, MEMORY),
        (Resource::Cpu, PROCESSOR),
        (Resource::Core, 0),
    ] {
        let limit = Rlimit {
            current: Some(most),
            maximum: getrlimit(resource).maximum,
        };
        if let Err(error) = setrlimit(resource, limit) {
            tracing::warn!("no limit for looking a pack over: {error}");
        }
    }
    if let Err(error) = std::fs::write(GOES_FIRST, "1000") {
        tracing::warn!("who looks a pack over can't go first when memory is short: {error}");
    }
    let screens = rehearsal::walk(Rc::new(Library::open(pack)?))?;
    println!("{screens} screens");
    Ok(ExitCode::SUCCESS)
}
