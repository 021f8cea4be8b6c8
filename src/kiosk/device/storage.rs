//! The card or disk that the kiosk's data lie on: how much room there is, and whether it still keeps what is written to it.
//!
//! A card that is full and a card that fails look alike from above (nothing can be written), but staff do different things
//! about them. So the judgement is made here, in [`judge`], from what the kernel says and from a file that is written and
//! read back. Nothing here repairs anything. Begin with [`Storage`].

mod canary;
mod mounts;

use std::fs;
use std::path::{Path, PathBuf};

use crate::usage::statistics::Card;
pub use canary::Canary;
use mounts::Mount;

/// With less room than this, in bytes, hardly a pack can be taken any more, and counting may soon stop.
const LEAST_FREE: u64 = 64 * 1024 * 1024;

/// From here on, JEDEC's `PRE_EOL_INFO` (JESD84-B51, 7.4.39) is urgent: nine tenths of the spare blocks are used up.
const URGENT: u32 = 3;

/// JEDEC's `DEVICE_LIFE_TIME_EST` (JESD84-B51, 7.4.38) for "past its estimated life"; below it stand tenths.
const WORN_OUT: u32 = 0x0b;

/// The storage under a folder.
#[derive(Debug, Clone)]
pub struct Storage {
    folder: PathBuf,
    root: PathBuf,
}

/// How worn the memory chip says it is; most cards say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wear {
    /// Tenths of its estimated life that are gone, the worse of its two kinds of memory; 11 is past its life.
    pub life: Option<u32>,
    /// Its spare blocks: 1 is normal, 2 is four fifths used up, 3 nine tenths.
    pub spare: Option<u32>,
}

/// What is known of the storage. What nobody knows is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Bytes that are free for programs.
    pub free: Option<u64>,
    /// Bytes of the whole file system.
    pub total: Option<u64>,
    /// Whether the kernel lets nobody write.
    pub read_only: Option<bool>,
    /// Errors that ext4 has met since the file system was last checked.
    pub errors: Option<u64>,
    /// How worn the chip is.
    pub wear: Option<Wear>,
    /// What became of a file that was written and read back.
    pub canary: Option<Canary>,
}

impl Storage {
    /// The storage under a folder, on a machine whose `/proc` and `/sys` are under `root`.
    #[must_use]
    pub fn new(folder: &Path, root: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            root: root.to_owned(),
        }
    }

    /// Whether the folder is not there and can't be made: so it is where the partition of the data can't be used.
    fn can_not_be_made(&self) -> bool {
        let around = self.folder.parent().filter(|_| !self.folder.exists());
        let mount = around.and_then(|around| Mount::of(around, &self.root));
        mount.is_some_and(|mount| mount.read_only)
    }

    /// Looks without writing anything; cheap enough for every minute.
    #[must_use]
    pub fn look(&self) -> Look {
        let space = rustix::fs::statvfs(&self.folder).ok();
        let mount = Mount::of(&self.folder, &self.root);
        let device = mount.as_ref().and_then(|mount| mount.device(&self.root));
        Look {
            free: space
                .as_ref()
                .map(|space| space.f_bavail.saturating_mul(space.f_frsize)),
            total: space
                .as_ref()
                .map(|space| space.f_blocks.saturating_mul(space.f_frsize)),
            read_only: mount
                .as_ref()
                .map(|mount| mount.read_only)
                .or_else(|| self.can_not_be_made().then_some(true)),
            errors: device.as_deref().and_then(|device| self.errors(device)),
            wear: device.as_deref().and_then(|device| self.wear(device)),
            canary: None,
        }
    }

    /// Writes a small file, reads it back and removes it. This wears the card: once an hour is often enough.
    #[must_use]
    pub fn try_canary(&self) -> Option<Canary> {
        canary::try_in(&self.folder)
    }

    /// The kernel's count for a device such as `mmcblk0p2` (`Documentation/ABI/testing/sysfs-fs-ext4`).
    fn errors(&self, device: &str) -> Option<u64> {
        let file = self.root.join("sys/fs/ext4").join(device).join("errors_count");
        fs::read_to_string(file).ok()?.trim().parse().ok()
    }

    /// What the chip under a device says (`Documentation/driver-api/mmc/mmc-dev-attrs.rst`).
    fn wear(&self, device: &str) -> Option<Wear> {
        let block = fs::canonicalize(self.root.join("sys/class/block").join(device)).ok()?;
        let disk = if block.join("partition").exists() {
            block.parent()?
        } else {
            &block
        };
        let words = |name: &str| fs::read_to_string(disk.join("device").join(name)).ok();
        let life = words("life_time").and_then(|text| text.split_whitespace().filter_map(hexadecimal).max());
        let spare = words("pre_eol_info").and_then(|text| hexadecimal(text.trim()));
        // 0 stands for "not defined".
        let (life, spare) = (life.filter(|life| *life > 0), spare.filter(|spare| *spare > 0));
        (life.is_some() || spare.is_some()).then_some(Wear { life, spare })
    }
}

fn hexadecimal(text: &str) -> Option<u32> {
    u32::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}

/// What all this means for whoever looks after the kiosk; `None` if nothing is known.
///
/// A failing card may also be full or be read-only because of it, so failing comes first. One that nobody may write to can't
/// say whether it is full. One that is full has not failed.
#[must_use]
pub fn judge(look: &Look) -> Option<Card> {
    let worn = look.wear.is_some_and(|wear| {
        wear.life.is_some_and(|life| life >= WORN_OUT) || wear.spare.is_some_and(|spare| spare >= URGENT)
    });
    let is = |canary| look.canary == Some(canary);
    let failing = is(Canary::Failing) || look.errors.is_some_and(|errors| errors > 0) || worn;
    let read_only = is(Canary::ReadOnly) || look.read_only == Some(true);
    let full = is(Canary::Full) || look.free.is_some_and(|free| free < LEAST_FREE);
    let known = look.canary.is_some() || look.free.is_some() || look.read_only.is_some();
    match (failing, read_only, full) {
        (true, ..) => Some(Card::Failing),
        (_, true, _) => Some(Card::ReadOnly),
        (.., true) => Some(Card::Full),
        _ => known.then_some(Card::Fine),
    }
}

#[cfg(test)]
mod tests;
