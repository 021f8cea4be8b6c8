//! Statistics that wait for the office: one bundle for each number, kept until a receipt signed by the office names it.
//!
//! Both carriers take the same files from here and bring receipts back; neither deletes anything else. Begin with
//! [`Outbox::collect`] and [`Outbox::take_receipt`].

use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use super::identity::Identity;
use crate::bundle::{self, BundleError, Head, Kind, Reader, Trust};
use crate::files::Files;
use crate::usage::batch::Share;
use crate::usage::log::Log;
use crate::usage::receipt::Receipt;
use crate::usage::stamp::Stamp;
use crate::usage::statistics::Health;
use crate::usage::store::StoreError;

/// The folder in the data folder.
pub const FOLDER: &str = "outbox";

/// Where refused bundles are kept.
const REFUSED: &str = "refused";

/// Where bundles are kept that the card has damaged.
const DAMAGED: &str = "damaged";

/// The most characters of a reason that are shown.
const LONGEST_REASON: usize = 200;

/// The highest number that the office has acknowledged.
const ACKNOWLEDGED: &str = "acknowledged";

/// The largest bundle of statistics or receipt with its manifest and signature, in bytes.
pub const LARGEST: u64 = 4 * 1024 * 1024 + 256 * 1024;

/// Why the outbox did not do what it should. Nothing is lost then; try again later.
#[derive(Debug, Error)]
pub enum OutboxError {
    /// The disk fails or is full.
    #[error("the outbox can't be read or written: {0}")]
    Disk(#[from] io::Error),
    /// The counts can't be read or written.
    #[error(transparent)]
    Counts(#[from] StoreError),
    /// A bundle can't be made, or a receipt is none.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A receipt for another kiosk, or one that makes no sense.
    #[error("not a receipt for this kiosk: {0}")]
    NotForUs(String),
}

/// A bundle that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub sequence: u64,
    /// Where it is.
    pub file: PathBuf,
}

/// What a receipt said of bundles that were here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// How many are with the office now, and were deleted here.
    pub stored: usize,
    /// How many the office refused; they are kept aside.
    pub refused: usize,
}

/// The outbox of a data folder. Copies share one folder.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
    identity: Identity,
    files: Files,
    /// One receipt at a time.
    taking: Arc<Mutex<()>>,
}

impl Outbox {
    /// Opens the outbox of a data folder, making it if there is none.
    ///
    /// # Errors
    /// The folder can't be made.
    pub fn open(data: &Path, identity: Identity, files: Files) -> Result<Self, OutboxError> {
        let folder = data.join(FOLDER);
        for aside in [REFUSED, DAMAGED] {
            fs::create_dir_all(folder.join(aside))?;
        }
        files.sync_folder(&folder)?;
        Ok(Self {
            folder,
            identity,
            files,
            taking: Arc::default(),
        })
    }

    /// The id of the kiosk whose outbox this is.
    #[must_use]
    pub fn kiosk(&self) -> &str {
        &self.identity.id
    }

    /// Closes what is over, and makes a bundle of everything that was sealed. Says whether there is a new one.
    ///
    /// A crash anywhere in between repeats a step: the number and the payload stay the same until the bundle is on the
    /// disk, and the counts are in the database, sealed in it, or in the bundle.
    ///
    /// # Errors
    /// [`OutboxError`].
    pub fn collect(
        &self,
        log: &mut Log,
        share: Share,
        now: Stamp,
        machine: impl FnOnce() -> Health,
    ) -> Result<bool, OutboxError> {
        if log.is_due(share, now) {
            log.seal(share, now, machine(), self.highest()?)?;
        }
        let sealed = log.sealed()?;
        for (sequence, payload) in &sealed {
            let created = now.wall.map(|wall| wall.date().to_string());
            self.put(*sequence, payload, created.unwrap_or_default())?;
            log.hand_on(*sequence)?;
        }
        Ok(!sealed.is_empty())
    }

    /// What waits, by number.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn waiting(&self) -> Result<Vec<Waiting>, OutboxError> {
        numbered(&self.folder, &self.identity.id)
    }

    /// The bytes of a bundle that waits; `None` if it waits no longer.
    ///
    /// One that the card has damaged is put aside here: no receipt could ever name it, so that it would wait for ever.
    ///
    /// # Errors
    /// The disk can't be read or written.
    pub fn read(&self, waiting: &Waiting) -> Result<Option<Vec<u8>>, OutboxError> {
        let Some(bytes) = read_if_there(&waiting.file)? else {
            return Ok(None);
        };
        let whole = self
            .open_own(&bytes)
            .and_then(|own| own.unpack(&mut io::sink(), |_| {}));
        let Err(damage) = whole else {
            return Ok(Some(bytes));
        };
        let _one_at_a_time = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        tracing::error!(
            waiting.sequence,
            "statistics are damaged on the card and can't be sent: {damage}"
        );
        match self.put_aside(&waiting.file, DAMAGED) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            aside => aside?,
        }
        Ok(None)
    }

    /// How many bundles the card has damaged.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn damaged(&self) -> Result<usize, OutboxError> {
        Ok(numbered(&self.folder.join(DAMAGED), &self.identity.id)?.len())
    }

    /// How many bundles the office refused.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn refused(&self) -> Result<usize, OutboxError> {
        Ok(numbered(&self.folder.join(REFUSED), &self.identity.id)?.len())
    }

    /// Why the office refused bundles, in its own words, each reason once.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn reasons(&self) -> Result<Vec<String>, OutboxError> {
        let mut reasons = Vec::new();
        for refused in numbered(&self.folder.join(REFUSED), &self.identity.id)? {
            // A reason that can't be read is none.
            let reason = fs::read_to_string(reason_of(&refused.file)).unwrap_or_default();
            if !reason.is_empty() && !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        Ok(reasons)
    }

    /// Whether the office has decided on the bundle of this name, so that copies of it are of no use any more.
    ///
    /// A bundle that is merely not here is not over: if the outbox was lost, a copy is all that is left of it.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn is_over(&self, name: &str) -> Result<bool, OutboxError> {
        let Some(sequence) = number(name, &self.identity.id) else {
            return Ok(false);
        };
        let is_in = |folder: &Path| folder.join(name).try_exists();
        if is_in(&self.folder)? || is_in(&self.folder.join(DAMAGED))? {
            return Ok(false);
        }
        Ok(sequence <= self.acknowledged() || is_in(&self.folder.join(REFUSED))?)
    }

    /// Does what a receipt says, if the office signed it for this kiosk: deletes what is stored, puts aside what is refused.
    ///
    /// # Errors
    /// It is no receipt for this kiosk, or the disk fails; then some of it may not have been done.
    pub fn take_receipt(&self, bytes: impl Read + Send, trust: &Trust) -> Result<Taken, OutboxError> {
        let reader = Reader::open(bytes, Kind::Receipt, trust)?;
        let mut payload = Vec::new();
        reader.unpack(&mut payload, |_| {})?;
        let receipt: Receipt =
            serde_json::from_slice(&payload).map_err(|error| OutboxError::NotForUs(error.to_string()))?;
        if receipt.kiosk != self.identity.id {
            return Err(OutboxError::NotForUs(format!("it is for {}", receipt.kiosk)));
        }
        let _one_at_a_time = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Taken::default();
        for Waiting { sequence, file } in self.waiting()? {
            let stored = receipt.stored.get(&sequence);
            let refused = receipt.refused.get(&sequence);
            if stored.is_none() && refused.is_none() {
                continue;
            }
            let Some(hash) = self.hash(&file)? else {
                continue;
            };
            if stored == Some(&hash) {
                // First the number, so that it is never given again even if the database is lost.
                self.acknowledge(sequence)?;
                self.files.remove(&file)?;
                self.files.sync_folder(&file)?;
                taken.stored += 1;
            } else if let Some(refused) = refused.filter(|refused| refused.blake3 == hash) {
                tracing::error!(sequence, why = refused.why, "the office refused statistics");
                let why: String = refused.why.chars().filter(|letter| !letter.is_control()).collect();
                let why: String = why.trim().chars().take(LONGEST_REASON).collect();
                let aside = self.folder.join(REFUSED).join(file.file_name().unwrap_or_default());
                self.files.write(&reason_of(&aside), why.as_bytes())?;
                self.put_aside(&file, REFUSED)?;
                taken.refused += 1;
            }
        }
        Ok(taken)
    }

    /// The highest number known to have been given.
    fn highest(&self) -> Result<u64, OutboxError> {
        let mut highest = self.acknowledged();
        for folder in [&self.folder, &self.folder.join(REFUSED), &self.folder.join(DAMAGED)] {
            let files = numbered(folder, &self.identity.id)?;
            highest = highest.max(files.last().map_or(0, |last| last.sequence));
        }
        Ok(highest)
    }

    /// The highest number that the office has acknowledged; 0 before the first.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        let text = fs::read_to_string(self.folder.join(ACKNOWLEDGED)).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
    }

    fn acknowledge(&self, sequence: u64) -> Result<(), OutboxError> {
        if sequence > self.acknowledged() {
            let file = self.folder.join(ACKNOWLEDGED);
            self.files.write(&file, format!("{sequence}\n").as_bytes())?;
        }
        Ok(())
    }

    /// Moves a bundle to a folder of those that wait no longer.
    fn put_aside(&self, file: &Path, folder: &str) -> io::Result<()> {
        let aside = self.folder.join(folder).join(file.file_name().unwrap_or_default());
        self.files.rename(file, &aside)?;
        self.files.sync_folder(file)
    }

    fn put(&self, sequence: u64, payload: &[u8], created: String) -> Result<(), OutboxError> {
        let file = self.folder.join(name(&self.identity.id, sequence));
        if file.try_exists()? {
            // A crash came before it was handed on.
            return Ok(());
        }
        let head = Head {
            kind: Kind::Statistics,
            id: self.identity.id.clone(),
            sequence,
            created,
        };
        let mut bytes = Vec::new();
        let mut scratch = Cursor::new(Vec::new());
        bundle::write(head, &mut &*payload, &mut scratch, &self.identity.key, &mut bytes)?;
        Ok(self.files.write(&file, &bytes)?)
    }

    /// The hash of a bundle's payload; `None` if the bundle is damaged or, by now, gone.
    fn hash(&self, file: &Path) -> Result<Option<String>, OutboxError> {
        let Some(bytes) = read_if_there(file)? else {
            return Ok(None);
        };
        let own = self.open_own(&bytes).ok();
        Ok(own.map(|own| own.manifest().unpacked.blake3.clone()))
    }

    fn open_own<'a>(&self, bytes: &'a [u8]) -> Result<Reader<&'a [u8]>, BundleError> {
        Reader::open(bytes, Kind::Statistics, &Trust::of(self.identity.public.clone()))
    }
}

/// The bytes of a file that the other carrier may have removed meanwhile.
fn read_if_there(file: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        bytes => bytes.map(Some),
    }
}

/// Where the reason stands why a bundle was refused.
fn reason_of(refused: &Path) -> PathBuf {
    refused.with_extension("txt")
}

/// The name of a bundle: on the kiosk and on a stick the same.
fn name(kiosk: &str, sequence: u64) -> String {
    format!("{kiosk}-{sequence:06}.{}", Kind::Statistics.ending())
}

/// The number in a bundle's name, if it is one of this kiosk.
fn number(name: &str, kiosk: &str) -> Option<u64> {
    let name = name.strip_suffix(Kind::Statistics.ending())?.strip_suffix('.')?;
    name.strip_prefix(kiosk)?.strip_prefix('-')?.parse().ok()
}

fn numbered(folder: &Path, kiosk: &str) -> Result<Vec<Waiting>, OutboxError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        let name = file.file_name().and_then(|name| name.to_str());
        if let Some(sequence) = name.and_then(|name| number(name, kiosk)) {
            found.push(Waiting { sequence, file });
        }
    }
    found.sort_by_key(|waiting| waiting.sequence);
    Ok(found)
}

#[cfg(test)]
mod tests;
