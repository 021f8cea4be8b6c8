//! Where packs live on the kiosk: staged, looked over, switched to, and left again.
//!
//! A slot is one library file, `packs/<sequence>.db`; there are at most two, and the factory's in the read-only image. The
//! small file `current` says which one is shown and which one was shown before. After a crash at any step a kiosk shows
//! the old pack or the new one; nothing depends on clocks, on times of files or on their sizes. What a pack says is
//! nobody's business here. Begin with [`Slots`].

mod error;
mod install;
mod record;
pub mod rehearsal;
mod trial;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use crate::content::library::{self, Library, LibraryError};
use crate::files::Files;

pub use error::{InstallError, SlotError};
pub use install::Progress;
use record::Record;
pub use record::Slot;

/// The folder of the packs below the kiosk's data.
pub const FOLDER: &str = "packs";

/// The file that says which pack is shown.
const CURRENT: &str = "current";

/// How the name of a pack ends that was set aside.
const DAMAGED: &str = "damaged";

fn is_damaged(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|ending| ending == DAMAGED)
}

/// The packs of one kiosk. Only one may change them at a time; the kiosk's stick thread does.
#[derive(Debug, Clone)]
pub struct Slots {
    dir: PathBuf,
    factory: Option<PathBuf>,
    /// Which packs are taken as long as none was installed; without it, those that go on with the factory's.
    first: Option<String>,
    files: Files,
    /// The program that looks new packs over.
    rehearses: Option<PathBuf>,
    /// Which start of the machine this is.
    boot: Option<String>,
    /// Held by whoever changes the file of a new pack's trial: the thread of the packs, and the screen's at its beginning and end.
    trial: Arc<Mutex<()>>,
}

/// Where the content that is shown comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was built in.
    Factory,
    /// It was installed.
    Installed,
}

/// What is shown at the start.
#[derive(Debug)]
pub struct Start {
    /// The content; `None` if there is none that can be shown.
    pub library: Option<Rc<Library>>,
    /// Where it comes from.
    pub origin: Origin,
    /// What could not be opened, and why. Files that are damaged have been set aside as `.damaged`.
    pub not_opened: Vec<String>,
}

impl Slots {
    /// The packs in a data folder, and the pack that was built in: a library file or, on a developer's machine, a folder. Nothing is
    /// made before a pack comes: without a data folder, as on a card that is broken, there is the factory's.
    #[must_use]
    pub fn open(data: &Path, factory: Option<PathBuf>) -> Self {
        Self::with(data, factory, Files::default())
    }

    fn with(data: &Path, factory: Option<PathBuf>, files: Files) -> Self {
        Self {
            dir: data.join(FOLDER),
            factory,
            first: None,
            files,
            rehearses: None,
            boot: trial::boot(),
            trial: Arc::default(),
        }
    }

    /// Takes packs of this id as long as none was installed, instead of those that go on with the factory's: one image is for many communes.
    #[must_use]
    pub fn begun_with(self, id: Option<String>) -> Self {
        Self { first: id, ..self }
    }

    /// Has this program look over each pack before it is installed (`PROGRAM rehearse FILE`): what ends the program, hangs or eats
    /// memory does so where nobody sees it.
    #[must_use]
    pub fn rehearsed_by(self, program: PathBuf) -> Self {
        Self {
            rehearses: Some(program),
            ..self
        }
    }

    /// Opens what is to be shown: the current pack, else the one before, else the factory's. `open_factory` opens that.
    ///
    /// What an installation left unfinished is removed. A damaged pack is set aside and forgotten, so that a good copy of the same
    /// edition is welcome; one that can't be read just now stays what it is; a new one that ended the program three times is left.
    /// Nothing here fails: a kiosk that can't write still shows.
    pub fn start<E: std::fmt::Display>(&self, open_factory: impl FnOnce(&Path) -> Result<Library, E>) -> Start {
        let mut not_opened = Vec::new();
        let record = self.judge(self.record());
        // What is written down: a pack that was left stays until that is said for the next start too.
        if let Err(error) = self.prune(&self.record(), is_damaged) {
            tracing::warn!("the packs can't be tidied up: {error}");
        }
        let mut gone = Vec::new();
        for slot in record.order() {
            let Slot::Pack { file, .. } = slot else {
                break;
            };
            // A disk that fails once is asked once more.
            let library = self.open_pack(file).or_else(|error| {
                if error.is_damage() {
                    return Err(error);
                }
                self.open_pack(file)
            });
            match library {
                Ok(library) => {
                    self.forget(&record, &gone);
                    return Start {
                        library: Some(Rc::new(library)),
                        origin: Origin::Installed,
                        not_opened,
                    };
                }
                Err(error) => {
                    not_opened.push(format!("{file}: {error}"));
                    if error.is_damage() {
                        self.set_aside(file);
                    }
                    if error.is_damage() || self.is_gone(file) {
                        gone.push(slot.clone());
                    }
                }
            }
        }
        self.forget(&record, &gone);
        let opened = self.factory.as_deref().map(open_factory);
        let library = opened.and_then(|opened| {
            opened
                .map_err(|error| not_opened.push(format!("factory: {error}")))
                .ok()
        });
        Start {
            library: library.map(Rc::new),
            origin: Origin::Factory,
            not_opened,
        }
    }

    fn open_pack(&self, file: &str) -> Result<Library, LibraryError> {
        Library::open(&self.dir.join(file))
    }

    /// Whether there certainly is no such file; a disk that doesn't answer is no proof.
    fn is_gone(&self, file: &str) -> bool {
        matches!(self.dir.join(file).try_exists(), Ok(false))
    }

    /// Whether a slot's file is certainly gone or damaged.
    fn is_lost(&self, slot: &Slot) -> bool {
        let is_damaged = |file| self.open_pack(file).is_err_and(|error| error.is_damage());
        slot.file().is_some_and(|file| self.is_gone(file) || is_damaged(file))
    }

    /// Whether a slot can be opened now. The factory's is in the image.
    fn opens(&self, slot: &Slot) -> bool {
        slot.file().is_none_or(|file| self.open_pack(file).is_ok())
    }

    /// Writes the record down without these slots; not if nothing else says which packs are for this kiosk.
    fn forget(&self, record: &Record, gone: &[Slot]) {
        if gone.is_empty() {
            return;
        }
        let mut left = record.order().filter(|slot| !gone.contains(slot)).cloned();
        let current = left.next().unwrap_or(Slot::Factory);
        let factory = (current != Slot::Factory && self.factory.is_some()).then_some(Slot::Factory);
        let record = Record {
            current,
            previous: left.next().or(factory),
            hashes: record.hashes.clone(),
            refused: record.refused.clone(),
        };
        if self.wanted_id(&record).is_none() {
            return;
        }
        if let Err(error) = self.files.write(&self.dir.join(CURRENT), &record.to_bytes()) {
            tracing::warn!("that a pack is gone can't be written down: {error}");
        }
    }

    /// Which pack is shown, and which one was before.
    #[must_use]
    pub fn order(&self) -> Vec<Slot> {
        self.record().order().cloned().collect()
    }

    /// The edition of the newest pack that ended the program again and again and was left, as long as nothing newer is shown.
    #[must_use]
    pub fn left(&self) -> Option<u64> {
        let record = self.record();
        let left = record.refused.last()?.sequence;
        (record.current.sequence().unwrap_or_default() < left).then_some(left)
    }

    /// Whether [`Slots::roll_back`] has somewhere to go.
    #[must_use]
    pub fn can_go_back(&self) -> bool {
        match self.record().previous {
            None => false,
            Some(Slot::Factory) => self.factory.is_some() && self.record().current != Slot::Factory,
            Some(Slot::Pack { .. }) => true,
        }
    }

    /// Bytes that are free where packs are kept.
    ///
    /// # Errors
    /// The file system doesn't say.
    pub fn free_space(&self) -> io::Result<u64> {
        // It is made when the first pack comes.
        let there = self.dir.parent().filter(|_| !self.dir.is_dir()).unwrap_or(&self.dir);
        let space = rustix::fs::statvfs(there)?;
        Ok(space.f_bavail.saturating_mul(space.f_frsize))
    }

    /// Goes back from the pack of this edition, or from whatever is current, to the one that was shown before; a second time, and it is
    /// forward again.
    ///
    /// # Errors
    /// [`SlotError::NothingBefore`] if there is none; [`SlotError::Another`] if another edition is current by now, as when one came from
    /// the office just then; [`SlotError::Io`] if the switch can't be written down. Then nothing has changed.
    pub fn roll_back(&self, from: Option<u64>) -> Result<Slot, SlotError> {
        let record = self.record();
        let factory = || self.factory_pack().map(|(_, sequence)| sequence);
        let current = record.current.sequence().or_else(factory);
        if let (Some(from), Some(current)) = (from, current)
            && from != current
        {
            return Err(SlotError::Another { from, current });
        }
        let Some(before) = record.previous.clone().filter(|_| self.can_go_back()) else {
            return Err(SlotError::NothingBefore);
        };
        if let Slot::Pack { file, .. } = &before {
            self.open_pack(file)?;
        }
        let turned = Record {
            current: before.clone(),
            previous: Some(record.current),
            hashes: record.hashes,
            refused: record.refused,
        };
        self.files.write(&self.dir.join(CURRENT), &turned.to_bytes())?;
        Ok(before)
    }

    /// Opens the pack that is current now, after an installation or a way back.
    ///
    /// # Errors
    /// [`SlotError`] if it can't be opened.
    pub fn open_current<E: std::fmt::Display>(
        &self,
        open_factory: impl FnOnce(&Path) -> Result<Library, E>,
    ) -> Result<Library, SlotError> {
        match (&self.record().current, &self.factory) {
            (Slot::Pack { file, .. }, _) => Ok(self.open_pack(file)?),
            (Slot::Factory, Some(factory)) => {
                open_factory(factory).map_err(|error| SlotError::Factory(error.to_string()))
            }
            (Slot::Factory, None) => Err(SlotError::NothingBefore),
        }
    }

    /// The record; without a sound one, what the files themselves tell: the highest number is the newest.
    ///
    /// That is so after the very first installation was cut off between the file and the record (the file had been looked
    /// over by then), and on a card that lost the record.
    fn record(&self) -> Record {
        match record::read(&self.dir.join(CURRENT)) {
            Ok(record) => return record,
            Err(SlotError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!("the files decide which pack is shown: {error}"),
        }
        let mut packs: Vec<u64> = self.packs().filter_map(|file| record::sequence_of(&file)).collect();
        packs.sort_unstable_by(|one, other| other.cmp(one));
        let mut slots = packs.into_iter().map(Slot::found);
        let current = slots.next().unwrap_or(Slot::Factory);
        let factory = (current != Slot::Factory).then_some(Slot::Factory);
        Record {
            current,
            previous: slots.next().or(factory),
            hashes: BTreeMap::new(),
            refused: Vec::new(),
        }
    }

    /// The names of the files in the folder of the packs.
    fn packs(&self) -> impl Iterator<Item = String> {
        let entries = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok())
    }

    /// Removes what belongs to neither slot and is not `kept`: leftovers of an installation, packs that were replaced.
    fn prune(&self, record: &Record, kept: impl Fn(&str) -> bool) -> io::Result<()> {
        let slots: Vec<&str> = record.order().filter_map(Slot::file).collect();
        let is_left_over =
            |file: &str| ![CURRENT, trial::FILE].contains(&file) && !slots.contains(&file) && !kept(file);
        for file in self.packs().filter(|file| is_left_over(file)) {
            self.files.remove(&self.dir.join(file))?;
        }
        Ok(())
    }

    fn set_aside(&self, file: &str) {
        let from = self.dir.join(file);
        if let Err(error) = self.files.rename(&from, &from.with_extension(DAMAGED)) {
            tracing::warn!(file, "a damaged pack can't be set aside: {error}");
        }
    }

    /// The highest sequence number that this kiosk has: of its packs, and of the factory's if that is one of these. A current pack that is
    /// damaged or gone is none any more; the one that staff left stays what they left, and a disk that can't be read just now takes
    /// nothing away.
    fn newest(&self, record: &Record) -> u64 {
        let current = Some(&record.current).filter(|slot| !self.is_lost(slot));
        let packs = current.into_iter().chain(&record.previous).filter_map(Slot::sequence);
        let packs = packs.max().unwrap_or_default();
        let wanted = self.wanted_id(record);
        let factory = self.factory_pack().filter(|(id, _)| Some(id) == wanted.as_ref());
        packs.max(factory.map_or(0, |(_, sequence)| sequence))
    }

    /// Id and edition of the factory's pack, if it is a library file.
    fn factory_pack(&self) -> Option<(String, u64)> {
        let library = library::Library::open(self.factory.as_deref()?).ok()?;
        let pack = &library.catalogue().pack;
        Some((pack.id.clone(), pack.edition))
    }
}

#[cfg(test)]
mod tests;
