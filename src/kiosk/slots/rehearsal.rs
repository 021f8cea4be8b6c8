//! A pack is looked over by another process before it is installed: every page laid out and drawn, where nobody sees it.
//!
//! What makes the program panic, hang or eat memory ends that process and not the screen. It sets its own limits
//! (`bin/kiosk/rehearse.rs`); here it is only waited for.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::error::InstallError;

/// The program's command.
const COMMAND: &str = "rehearse";

/// How long it may take at all; a card or a machine that is busy takes its time. How much of the processor, it says itself.
const LONGEST: Duration = Duration::from_mins(10);

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// What the kernel sends to what has no memory left; somebody else may need it more.
const KILLED: i32 = 9;

/// Has the program look a pack over.
///
/// # Errors
/// [`InstallError::CanNotBeShown`] if it ended badly; [`InstallError::NotRehearsed`] if it could not be run, or was ended from outside.
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
    match (ended.success(), ended.signal()) {
        (true, _) => Ok(()),
        (_, Some(KILLED)) => Err(InstallError::NotRehearsed(ended.to_string())),
        _ => Err(InstallError::CanNotBeShown(ended.to_string())),
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
