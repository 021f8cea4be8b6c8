//! Which file system holds a folder, and on which device it lies, from `/proc/self/mountinfo` (`proc_pid_mountinfo(5)`).
//! Begin with [`Mount::of`].

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// A mounted file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    /// Major and minor number, as `179:2`.
    numbers: String,
    place: PathBuf,
    /// What was mounted: a device, or a word.
    source: PathBuf,
    /// Whether the kernel lets nobody write here.
    pub read_only: bool,
}

impl Mount {
    /// The file system that holds a folder.
    pub(super) fn of(folder: &Path, root: &Path) -> Option<Self> {
        let folder = fs::canonicalize(folder).ok()?;
        let table = fs::read(root.join("proc/self/mountinfo")).ok()?;
        let mounts = table.split(|byte| *byte == b'\n').filter_map(Self::parse);
        // Of two at the same place the later one lies on top.
        mounts
            .filter(|mount| folder.starts_with(&mount.place))
            .max_by_key(|mount| mount.place.components().count())
    }

    /// `36 35 98:0 / /mnt rw,noatime master:1 - ext4 /dev/root rw,errors=continue`, where a word may be missing before the
    /// hyphen or several stand there.
    fn parse(line: &[u8]) -> Option<Self> {
        let mut words = line.split(|byte| *byte == b' ');
        let (numbers, place, options) = (words.nth(2)?, words.nth(1)?, words.next()?);
        words.find(|word| *word == b"-")?;
        let (source, of_all) = (words.nth(1)?, words.next()?);
        // After an error newer kernels leave `rw` standing there and say `emergency_ro` beside it.
        let is_ro = |option: &[u8]| option == b"ro" || option == b"emergency_ro";
        let has_ro = |options: &[u8]| options.split(|byte| *byte == b',').any(is_ro);
        Some(Self {
            numbers: String::from_utf8(numbers.to_owned()).ok()?,
            place: path(place),
            source: path(source),
            read_only: has_ro(options) || has_ro(of_all),
        })
    }

    /// The kernel's name of the device, as `mmcblk0p2`; `None` for what lies on none.
    pub(super) fn device(&self, root: &Path) -> Option<String> {
        let by_numbers = fs::canonicalize(root.join("sys/dev/block").join(&self.numbers)).ok();
        let device = by_numbers.or_else(|| {
            // Some file systems have numbers of their own; links such as /dev/disk/by-uuid lead to the device.
            let source = self
                .source
                .strip_prefix("/")
                .ok()
                .filter(|path| path.starts_with("dev"))?;
            fs::canonicalize(root.join(source)).ok()
        })?;
        Some(device.file_name()?.to_str()?.to_owned())
    }
}

/// A path in which the kernel has written blanks, tabs, line ends and backslashes as `\040`.
fn path(written: &[u8]) -> PathBuf {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written;
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..3).filter(|_| *first == b'\\');
        let octal = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        bytes.push(octal.unwrap_or(*first));
        rest = if octal.is_some() { &after[3..] } else { after };
    }
    PathBuf::from(OsString::from_vec(bytes))
}
