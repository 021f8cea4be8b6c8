//! Sticks: which are there, where their files are, and when they can be pulled out.
//!
//! Two kinds of place: the machine's own sticks through `UDisks2` (`udisks`), and the subfolders of a folder, for desktops
//! without that service and for tests (`folders`). What lies on a stick is nobody's business here. Begin with [`Sticks`].

mod folders;
#[cfg(feature = "kiosk")]
mod udisks;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

/// The most sticks that are looked after at a time; more have no place to be plugged in.
const MOST: usize = 8;

/// Where sticks come from.
#[derive(Debug)]
pub enum Sticks {
    /// The machine's own, through `UDisks2`.
    #[cfg(feature = "kiosk")]
    Udisks(udisks::Udisks),
    /// Each subfolder of a folder is a stick.
    Folders(folders::Folders),
}

/// A stick, or one of its partitions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StickId(String);

/// What happened to sticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is there, since now or since before the start.
    Inserted(StickId),
    /// It is gone.
    Removed(StickId),
}

/// Why a stick can't be used.
#[derive(Debug, Error)]
pub enum StickError {
    /// Nobody looks after sticks on this machine; go on without them.
    #[error("there is no UDisks2: {0}")]
    NoService(String),
    /// It is gone, or was never there.
    #[error("the stick is gone")]
    Gone,
    /// The service refused or failed, or took too long.
    #[error("the stick can't be {what}: {why}")]
    Refused {
        /// What was wanted.
        what: &'static str,
        /// What the service says.
        why: String,
    },
    /// The service names a place where no stick should be.
    #[error("a stick may not be mounted at {0}")]
    OddPlace(String),
    /// The folder that stands for sticks can't be read.
    #[error("the folder of the sticks can't be read: {0}")]
    Io(#[from] io::Error),
}

impl Sticks {
    /// The machine's own sticks.
    ///
    /// # Errors
    /// [`StickError::NoService`] if there is no system bus or no `UDisks2` on it.
    #[cfg(feature = "kiosk")]
    pub fn of_the_machine() -> Result<Self, StickError> {
        Ok(Self::Udisks(udisks::Udisks::on_system_bus()?))
    }

    /// The same on another bus, by its address, where calls may take so long and sticks are mounted below `place`; for
    /// tests.
    ///
    /// # Errors
    /// As [`Sticks::of_the_machine`].
    #[cfg(feature = "kiosk")]
    pub fn on_bus(address: &str, patience: Duration, place: &Path) -> Result<Self, StickError> {
        Ok(Self::Udisks(udisks::Udisks::on_bus(address, patience, place)?))
    }

    /// Every subfolder of a folder, as it comes and goes.
    #[must_use]
    pub fn folders(dir: &Path) -> Self {
        Self::Folders(folders::Folders::new(dir))
    }

    /// Waits until something happens, at most so long. What is there at the first call was inserted by then.
    ///
    /// # Errors
    /// [`StickError`] if nobody can tell any more; the caller may ask again later.
    pub fn wait(&mut self, timeout: Duration) -> Result<Vec<Change>, StickError> {
        match self {
            #[cfg(feature = "kiosk")]
            Self::Udisks(udisks) => udisks.wait(timeout),
            Self::Folders(folders) => folders.wait(timeout),
        }
    }

    /// Makes a stick's files readable, and nothing more: read-only, no devices, no programs.
    ///
    /// # Errors
    /// [`StickError`]; then there is nothing to unmount.
    pub fn mount(&mut self, stick: &StickId) -> Result<PathBuf, StickError> {
        match self {
            #[cfg(feature = "kiosk")]
            Self::Udisks(udisks) => udisks.mount(stick, udisks::Access::Read),
            Self::Folders(folders) => folders.mount(stick),
        }
    }

    /// Makes a mounted stick writable. Its place may be another one afterwards.
    ///
    /// # Errors
    /// [`StickError`], for example if the stick has a lock; then it is mounted no more.
    pub fn make_writable(&mut self, stick: &StickId) -> Result<PathBuf, StickError> {
        match self {
            #[cfg(feature = "kiosk")]
            Self::Udisks(udisks) => {
                udisks.unmount(stick)?;
                udisks.mount(stick, udisks::Access::Write)
            }
            Self::Folders(folders) => folders.mount(stick),
        }
    }

    /// Lets go of a stick, so that it can be pulled out: everything is written when this returns.
    ///
    /// # Errors
    /// [`StickError`] if something is still in use.
    pub fn unmount(&mut self, stick: &StickId) -> Result<(), StickError> {
        match self {
            #[cfg(feature = "kiosk")]
            Self::Udisks(udisks) => udisks.unmount(stick),
            Self::Folders(_) => Ok(()),
        }
    }
}
