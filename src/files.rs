//! The one way in which files that matter are changed: a new file under another name, flushed, renamed, the folder flushed.
//!
//! Whoever reads such a file finds the old one or the new one, whatever stops the program in between. [`Files`] is asked
//! for every step, so that tests can let the n-th step fail, or stop everything from it on, for every n. What files say is
//! nobody's business here. Begin with [`Files::begin`].

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// What doesn't stand for itself in the path of a URI.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/');

/// A path as a URI for `SQLite` that says that nobody changes this file as long as it is open: it then needs no locks, and nothing
/// is written beside it.
#[must_use]
pub fn unchanging(path: &Path) -> String {
    let path = percent_encode(path.as_os_str().as_encoded_bytes(), RESERVED);
    format!("file:{path}?mode=ro&immutable=1")
}

/// BLAKE3 of a file, in hexadecimal digits.
///
/// # Errors
/// The file can't be read.
pub fn hash(file: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(file)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// What new files are called until they are finished.
const UNFINISHED: &str = ".part";

/// Who may read and write a file: whom the system lets (`umask`), or its owner alone.
const EVERYBODY: u32 = 0o666;
const OWNER: u32 = 0o600;

/// Changes files, one step after another.
#[derive(Debug, Clone, Default)]
pub struct Files {
    #[cfg(test)]
    faults: Option<std::sync::Arc<faults::Faults>>,
}

impl Files {
    /// Begins a file that will stand at `target` once it is finished. What an earlier run left unfinished is removed.
    ///
    /// # Errors
    /// The folder can't be written to.
    pub fn begin(&self, target: &Path) -> io::Result<NewFile> {
        self.begin_for(target, EVERYBODY)
    }

    fn begin_for(&self, target: &Path, mode: u32) -> io::Result<NewFile> {
        let temporary = unfinished(target);
        self.remove(&temporary)?;
        self.step()?;
        let mut options = File::options();
        let file = options.write(true).create_new(true).mode(mode).open(&temporary)?;
        Ok(NewFile {
            files: self.clone(),
            file: Some(file),
            temporary,
            target: target.to_owned(),
        })
    }

    /// Writes a small file whole.
    ///
    /// # Errors
    /// The folder can't be written to; then the old file is still there.
    pub fn write(&self, target: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write_for(target, EVERYBODY, bytes)
    }

    /// Writes a small file whole that nobody but its owner may read, at no moment.
    ///
    /// # Errors
    /// As [`Files::write`].
    pub fn write_secret(&self, target: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write_for(target, OWNER, bytes)
    }

    fn write_for(&self, target: &Path, mode: u32, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.begin_for(target, mode)?;
        file.write_all(bytes)?;
        file.finish()
    }

    /// Puts a file that something else wrote in its place: flushes it, renames it, flushes the folder.
    ///
    /// # Errors
    /// The folder can't be written to; then the old file is still there, and so is the new one under its first name.
    pub fn put_in_place(&self, finished: &Path, target: &Path) -> io::Result<()> {
        self.step()?;
        File::open(finished)?.sync_all()?;
        self.rename(finished, target)
    }

    /// Renames a file whose bytes are on the disk, and flushes the folder. Both names are in one folder.
    ///
    /// # Errors
    /// The folder can't be written to. The file has one of the two names.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        fs::rename(from, to)?;
        self.sync_folder(to)
    }

    /// Removes a file that may not be there.
    ///
    /// # Errors
    /// It is there and can't be removed.
    pub fn remove(&self, file: &Path) -> io::Result<()> {
        self.step()?;
        match fs::remove_file(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Flushes the folder that a file is in, so that its name is on the disk as well.
    ///
    /// # Errors
    /// The disk fails.
    pub fn sync_folder(&self, file: &Path) -> io::Result<()> {
        self.step()?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }

    /// Every change asks here first.
    #[cfg_attr(
        not(test),
        expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "tests let steps fail")
    )]
    fn step(&self) -> io::Result<()> {
        #[cfg(test)]
        if let Some(faults) = &self.faults {
            return faults.step();
        }
        Ok(())
    }
}

/// The name of a file that is not finished.
#[must_use]
pub fn unfinished(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(UNFINISHED);
    name.into()
}

/// A file on its way. Dropped unfinished, it is removed.
#[derive(Debug)]
pub struct NewFile {
    files: Files,
    /// `None` once it is finished.
    file: Option<File>,
    temporary: PathBuf,
    target: PathBuf,
}

impl NewFile {
    fn sync(&mut self) -> io::Result<()> {
        self.files.step()?;
        self.file.as_ref().map_or(Ok(()), File::sync_all)
    }

    /// Flushes what has been written so far; meanwhile somebody looks at it, because a card takes its time.
    ///
    /// # Errors
    /// The disk fails.
    pub fn sync_while<T>(&mut self, look: impl FnOnce(&Path) -> T) -> io::Result<T> {
        self.files.step()?;
        let file = self.file.as_ref();
        std::thread::scope(|scope| {
            let flushing = scope.spawn(move || file.map_or(Ok(()), File::sync_all));
            let seen = look(&self.temporary);
            let flushed = flushing.join();
            flushed.unwrap_or_else(|_| Err(io::Error::other("flushing failed")))?;
            Ok(seen)
        })
    }

    /// Flushes the file and puts it in its place.
    ///
    /// # Errors
    /// The disk or the folder fails; then the old file is still there.
    pub fn finish(mut self) -> io::Result<()> {
        self.sync()?;
        self.files.step()?;
        fs::rename(&self.temporary, &self.target)?;
        self.file = None;
        self.files.sync_folder(&self.target)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.files.step()?;
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if self.file.is_some() {
            // Ignored: the next run removes it, and what led here says more than this would.
            let _ = self.files.remove(&self.temporary);
        }
    }
}

/// Steps that fail, for tests.
#[cfg(test)]
pub(crate) mod faults {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use super::Files;

    /// Which steps fail.
    #[derive(Debug, Default)]
    pub struct Faults {
        steps: AtomicU64,
        fails_at: u64,
        /// Everything after it fails as well: the power is gone.
        dead: bool,
        hit: AtomicBool,
    }

    impl Faults {
        pub(super) fn step(&self) -> io::Result<()> {
            let step = self.steps.fetch_add(1, Ordering::SeqCst) + 1;
            if step == self.fails_at || self.dead && step > self.fails_at {
                self.hit.store(true, Ordering::SeqCst);
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(())
        }

        /// Whether a step has failed.
        pub fn hit(&self) -> bool {
            self.hit.load(Ordering::SeqCst)
        }
    }

    /// Files whose n-th step fails, counted from 1; with `dead` all later ones too.
    pub fn failing_at(fails_at: u64, dead: bool) -> (Files, Arc<Faults>) {
        let faults = Arc::new(Faults {
            fails_at,
            dead,
            ..Faults::default()
        });
        (
            Files {
                faults: Some(faults.clone()),
            },
            faults,
        )
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_its_owners_alone_before_anything_is_in_it_and_after() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("file");
        let mode = |file: &Path| fs::metadata(file).unwrap().permissions().mode() & 0o777;
        Files::default().write(&target, b"known").unwrap();
        let begun = Files::default().begin_for(&target, OWNER).unwrap();
        assert_eq!(mode(&unfinished(&target)), 0o600);
        drop(begun);
        Files::default().write_secret(&target, b"secret").unwrap();
        assert_eq!((mode(&target), fs::read(&target).unwrap()), (0o600, b"secret".to_vec()));
    }

    #[test]
    fn whatever_fails_there_is_the_old_file_or_the_new_one() {
        for dead in [false, true] {
            for step in 1.. {
                let dir = tempfile::tempdir().unwrap();
                let target = dir.path().join("file");
                Files::default().write(&target, b"old").unwrap();
                let (files, faults) = faults::failing_at(step, dead);
                let written = files.write(&target, b"new");
                let found = fs::read(&target).unwrap();
                if !faults.hit() {
                    assert_eq!(found, b"new");
                    assert!(step > 5, "a write has more steps than {step}");
                    break;
                }
                assert!(found == b"old" || found == b"new", "{found:?}");
                assert!(written.is_err());
                // The next run is not held up by what is left.
                Files::default().write(&target, b"third").unwrap();
                assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
            }
        }
    }
}
