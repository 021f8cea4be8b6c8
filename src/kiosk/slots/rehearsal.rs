//! A pack is looked over by another process before it is installed: every page laid out and drawn, where nobody sees it.
//!
//! What makes the program panic, hang or eat memory ends that process and not the screen. It sets its own limits
//! (`bin/kiosk/rehearse.rs`); here it is only waited for.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::error::InstallError;

/// The program's command.
const COMMAND: &str = "rehearse";

/// How long it may take at all; a card or a machine that is busy takes its time. How much of the processor a screen may take, it says
/// itself.
const LONGEST: Duration = Duration::from_mins(30);

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// How the program says that there is no end to a pack's screens.
pub const NO_END: u8 = 65;

/// How a program of Rust says that it panicked.
const PANICKED: i32 = 101;

/// The signals by which a process ends for what it does itself (`signal(7)`): no memory left within its limits, a fault of the
/// machine's code, too much of the processor.
const OF_ITS_OWN: [Signal; 5] = [Signal::ABORT, Signal::ILL, Signal::FPE, Signal::SEGV, Signal::XCPU];

/// Has the program look a pack over.
///
/// # Errors
/// [`InstallError::CanNotBeShown`] if the pack ended it, which it would whenever it is tried; [`InstallError::NotRehearsed`] if it could
/// not be run, was ended from outside, as when the machine is turned off, or failed at anything that says nothing of the pack.
pub(super) fn run(program: &Path, pack: &Path) -> Result<(), InstallError> {
    let started = Command::new(program)
        .arg(COMMAND)
        .arg(pack)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn();
    let mut child = started.map_err(|error| InstallError::NotRehearsed(error.to_string()))?;
    let ended = wait(&mut child).inspect_err(|_| {
        // It may have ended by now.
        let _ = child.kill();
        let _ = child.wait();
    })?;
    let by_the_pack = match (ended.code(), ended.signal()) {
        (Some(0), _) => return Ok(()),
        (Some(code), _) => code == PANICKED || code == i32::from(NO_END),
        (None, signal) => signal.is_some_and(|signal| OF_ITS_OWN.iter().any(|own| own.as_raw() == signal)),
    };
    if by_the_pack {
        Err(InstallError::CanNotBeShown(ended.to_string()))
    } else {
        Err(InstallError::NotRehearsed(ended.to_string()))
    }
}

fn wait(child: &mut Child) -> Result<ExitStatus, InstallError> {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(ended)) => return Ok(ended),
            Ok(None) if began.elapsed() < LONGEST => std::thread::sleep(LOOK),
            Ok(None) => return Err(InstallError::NotRehearsed(format!("it took more than {LONGEST:?}"))),
            Err(error) => return Err(InstallError::NotRehearsed(error.to_string())),
        }
    }
}
