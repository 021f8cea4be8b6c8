//! Installing a pack: read, looked over, put in its place, switched to. Begin with [`Slots::install`].

use std::fs;
use std::io::Read;
use std::path::Path;

use super::error::InstallError;
use super::record::{Record, Slot, file_of};
use super::{CURRENT, Slots, rehearsal};
use crate::bundle::{BundleError, Kind, Manifest, Reader, Trust};
use crate::content::library::{self, Library, LibraryError};
use crate::files;

/// How far an installation has come, in bytes of the unpacked pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Written so far.
    pub done: u64,
    /// All there is to write.
    pub total: u64,
}

/// Space that stays free, in bytes: for counts, logs and the file system itself.
const RESERVE: u64 = 64 * 1024 * 1024;

impl Slots {
    /// Installs a pack from a bundle and makes it current. Until the last step nothing changes that the kiosk shows.
    ///
    /// # Errors
    /// [`InstallError`]; then what was current still is, and what was written is removed.
    pub fn install(
        &self,
        bundle: impl Read + Send,
        trust: &Trust,
        progress: impl FnMut(Progress),
    ) -> Result<Manifest, InstallError> {
        let reader = Reader::open(bundle, Kind::Pack, trust)?;
        let record = self.record();
        self.check_manifest(reader.manifest(), &record)?;
        fs::create_dir_all(&self.dir)?;
        self.check_space(reader.manifest().unpacked.bytes)?;
        // What no longer belongs to a slot makes room first.
        self.prune(&record, |_| false)?;

        let slot = Slot::of(Some(reader.manifest().id.clone()), reader.manifest().sequence);
        let file = file_of(reader.manifest().sequence);
        let manifest = self.stage(reader, &file, progress)?;
        let previous = self.still_good(&record, &file);
        // Of what is pruned nobody asks any more.
        let mut hashes = record.hashes;
        hashes.retain(|other, _| previous.file() == Some(other));
        hashes.insert(file, manifest.unpacked.blake3.clone());
        self.begin_trial(slot.file().unwrap_or_default())?;
        let switched = Record {
            current: slot,
            previous: Some(previous),
            hashes,
            refused: record.refused,
        };
        self.files.write(&self.dir.join(CURRENT), &switched.to_bytes())?;
        // The kiosk shows the new pack from here on, whatever becomes of the old ones.
        if let Err(error) = self.prune(&switched, |_| false) {
            tracing::warn!("old packs can't be removed: {error}");
        }
        Ok(manifest)
    }

    /// Writes the pack beside the others, and looks it over before it gets its name.
    fn stage<R: Read + Send>(
        &self,
        reader: Reader<R>,
        file: &str,
        mut progress: impl FnMut(Progress),
    ) -> Result<Manifest, InstallError> {
        let total = reader.manifest().unpacked.bytes;
        let mut staged = self.files.begin(&self.dir.join(file))?;
        let manifest = reader.unpack(&mut staged, |done| progress(Progress { done, total }))?;
        let library = staged.sync_while(|file| self.look_over(file))??;
        let pack = &library.catalogue().pack;
        if (&pack.id, pack.edition) != (&manifest.id, manifest.sequence) {
            return Err(InstallError::Contradiction);
        }
        staged.finish()?;
        Ok(manifest)
    }

    /// Whether a pack is a library, and can be shown from its first page to its last.
    fn look_over(&self, file: &Path) -> Result<Library, InstallError> {
        let library = library::verify(file).map_err(InstallError::Unfit)?;
        if let Some(program) = &self.rehearses {
            rehearsal::run(program, file)?;
        }
        Ok(library)
    }

    /// Whether a pack is for this kiosk and newer than what it has.
    ///
    /// # Errors
    /// [`InstallError::OtherPack`], [`InstallError::SameEdition`], [`InstallError::Older`], [`InstallError::Left`].
    pub fn check(&self, manifest: &Manifest) -> Result<(), InstallError> {
        self.check_manifest(manifest, &self.record())
    }

    /// Which packs are taken here, and the highest edition that this kiosk has; `None` on one without any pack.
    #[must_use]
    pub fn wanted(&self) -> Option<(String, u64)> {
        let record = self.record();
        self.wanted_id(&record).map(|id| (id, self.newest(&record)))
    }

    pub(super) fn wanted_id(&self, record: &Record) -> Option<String> {
        let installed = record.order().find_map(|slot| match slot {
            Slot::Pack { id, .. } => id.clone(),
            Slot::Factory => None,
        });
        installed
            .or_else(|| self.first.clone())
            .or_else(|| self.factory_pack().map(|(id, _)| id))
    }

    fn check_manifest(&self, manifest: &Manifest, record: &Record) -> Result<(), InstallError> {
        if let Some(wanted) = self.wanted_id(record).filter(|wanted| *wanted != manifest.id) {
            return Err(InstallError::OtherPack {
                found: manifest.id.clone(),
                wanted,
            });
        }
        if record
            .refused
            .iter()
            .any(|left| left.blake3 == manifest.unpacked.blake3)
        {
            return Err(InstallError::Left(manifest.sequence));
        }
        let newest = self.newest(record);
        if record.current.sequence() == Some(manifest.sequence) || manifest.sequence == newest {
            if self.is_whole(record, manifest) {
                return Err(InstallError::SameEdition(manifest.sequence));
            }
            return Ok(());
        }
        if manifest.sequence < newest {
            return Err(InstallError::Older {
                found: manifest.sequence,
                newest,
            });
        }
        Ok(())
    }

    /// Whether the pack of this number is whole. It is read from end to end, because a card may have lost what nobody has opened yet,
    /// and compared with what was signed: a digit of a telephone number may be wrong in a database that is otherwise sound. The
    /// factory's is in the image.
    fn is_whole(&self, record: &Record, manifest: &Manifest) -> bool {
        let slot = record.order().find(|slot| slot.sequence() == Some(manifest.sequence));
        let Some(file) = slot.and_then(Slot::file) else {
            return true;
        };
        // An older program kept no hash, and a record can be lost: then what is brought says what it should be.
        let signed = record.hashes.get(file).unwrap_or(&manifest.unpacked.blake3);
        files::hash(&self.dir.join(file)).is_ok_and(|hash| hash == *signed)
    }

    /// Whether so many bytes can be written where packs are kept, with a reserve that stays free.
    ///
    /// # Errors
    /// [`InstallError::NoSpace`], or the file system doesn't say.
    pub fn check_space(&self, bytes: u64) -> Result<(), InstallError> {
        let free = self.free_space()?;
        let needed = bytes.saturating_add(RESERVE);
        if needed > free {
            return Err(InstallError::NoSpace { needed, free });
        }
        Ok(())
    }

    /// The slot to keep beside the new one in `file`: the current pack if it is another one and can be opened, else the one before
    /// it.
    fn still_good(&self, record: &Record, file: &str) -> Slot {
        let others = record.order().filter(|slot| slot.file() != Some(file));
        let mut good = others.filter(|slot| self.opens(slot));
        good.next().cloned().unwrap_or(Slot::Factory)
    }
}

impl InstallError {
    /// Whether another try with the same file may help: the stick was pulled out, or its copy is damaged.
    #[must_use]
    pub fn is_of_the_stick(&self) -> bool {
        matches!(
            self,
            Self::Bundle(BundleError::Source(_) | BundleError::CutOff(_) | BundleError::Damaged(_))
        )
    }

    /// Whether this program would refuse the same bytes whenever it is asked.
    #[must_use]
    pub fn is_for_good(&self) -> bool {
        match self {
            // Disks may recover, and what is too new for this program is for the next one.
            Self::Bundle(BundleError::Source(_) | BundleError::Target(_) | BundleError::OtherFormat { .. })
            | Self::Unfit(LibraryError::Database(_) | LibraryError::Io(_) | LibraryError::OtherForm { .. })
            | Self::NoSpace { .. }
            | Self::NotRehearsed(_)
            | Self::Slots(_) => false,
            Self::Bundle(_)
            | Self::OtherPack { .. }
            | Self::SameEdition(_)
            | Self::Older { .. }
            | Self::Left(_)
            | Self::Unfit(_)
            | Self::CanNotBeShown(_)
            | Self::Contradiction => true,
        }
    }
}
