//! Statistics for the office: one bundle for each number, sent until a receipt signed by the office names it, and kept after that.
//!
//! Both carriers take the same files from here and bring receipts back; neither deletes anything else. An office that was restored
//! from last night's copy lacks what it has acknowledged since: it says so, and what is kept goes there again. Begin with
//! [`Outbox::collect`] and [`Outbox::take`].

use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use super::identity::Identity;
use crate::bundle::{self, BundleError, Contact, Head, Kind, Manifest, Reader, Trust};
use crate::files::Files;
use crate::usage::batch::Share;
use crate::usage::log::Log;
use crate::usage::receipt::Receipt;
use crate::usage::stamp::Stamp;
use crate::usage::statistics::Health;
use crate::usage::store::StoreError;

/// The folder in the data folder.
pub const FOLDER: &str = "outbox";

/// Where bundles are kept that the office has.
const SENT: &str = "sent";

/// The most bundles that are kept there, and the most bytes of all of them: the newest, by number. More than thirty years of months, a
/// year of days.
const MOST_SENT: usize = 400;
const MOST_BYTES_SENT: u64 = 16 * 1024 * 1024;

/// Where refused bundles are kept.
const REFUSED: &str = "refused";

/// Where bundles are kept that the card has damaged.
const DAMAGED: &str = "damaged";

/// The most characters of a reason that are shown.
const LONGEST_REASON: usize = 200;

/// The highest number that the office has acknowledged.
const ACKNOWLEDGED: &str = "acknowledged";

/// How many numbers a card may have lost: more than two hundred years of days.
const FARTHEST: u64 = 100_000;

/// The largest receipt with its manifest and signature, in bytes. What the office takes of a kiosk is another bound
/// (docs/decisions/012).
pub const LARGEST_RECEIPT: u64 = Kind::Receipt.largest() + 256 * 1024;

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
    /// How many are with the office now.
    pub stored: usize,
    /// How many the office refused; they are kept aside.
    pub refused: usize,
    /// How many were with the office, which lacks them now; they wait again.
    pub again: usize,
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
        for aside in [SENT, REFUSED, DAMAGED] {
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

    /// Says that this kiosk is there at a time that the office has just told it.
    ///
    /// # Errors
    /// [`OutboxError::Bundle`] if the kiosk's key is damaged inside.
    pub fn contact(&self, time: i64) -> Result<String, OutboxError> {
        let contact = Contact {
            kiosk: self.identity.id.clone(),
            time,
        };
        Ok(contact.sign(&self.identity.key)?)
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
            let sequence = match self.payload_of(*sequence)? {
                // A crash came before it was handed on.
                Some(here) if here == *blake3::hash(payload).to_hex() => {
                    log.hand_on(*sequence)?;
                    continue;
                }
                // The number was given to something else since: the database is an old copy.
                Some(_) => log.renumber(*sequence, self.highest()?)?,
                None => *sequence,
            };
            let created = now.wall.map(|wall| wall.date().to_string());
            self.put(sequence, payload, created.unwrap_or_default())?;
            log.hand_on(sequence)?;
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
        let Err(damage) = self.check(&bytes) else {
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

    /// How many bundles are kept that the office has.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn sent(&self) -> Result<usize, OutboxError> {
        Ok(numbered(&self.folder.join(SENT), &self.identity.id)?.len())
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

    /// Whether the office has decided on the bundle of this name, and it is still here, so that copies of it are of no use any more.
    ///
    /// One that is not here is not over, also if the office has acknowledged higher numbers: if the card has lost it, a copy is all
    /// that is left of it.
    ///
    /// # Errors
    /// The disk can't be read.
    pub fn is_over(&self, name: &str) -> Result<bool, OutboxError> {
        if number(name, &self.identity.id).is_none() {
            return Ok(false);
        }
        let is_in = |folder: &str| self.folder.join(folder).join(name).try_exists();
        if self.folder.join(name).try_exists()? || is_in(DAMAGED)? {
            return Ok(false);
        }
        if is_in(REFUSED)? {
            return Ok(true);
        }
        let sent = read_if_there(&self.folder.join(SENT).join(name))?;
        Ok(sent.is_some_and(|bytes| self.check(&bytes).is_ok()))
    }

    /// Opens a receipt, if the office signed it for this kiosk. Does nothing of what it says; see [`Outbox::take`].
    ///
    /// # Errors
    /// It is no receipt for this kiosk.
    pub fn open_receipt(&self, bytes: impl Read + Send, trust: &Trust) -> Result<Receipt, OutboxError> {
        let reader = Reader::open(bytes, Kind::Receipt, trust)?;
        let mut payload = Vec::new();
        reader.unpack(&mut payload, |_| {})?;
        let receipt: Receipt =
            serde_json::from_slice(&payload).map_err(|error| OutboxError::NotForUs(error.to_string()))?;
        if receipt.kiosk != self.identity.id {
            return Err(OutboxError::NotForUs(format!("it is for {}", receipt.kiosk)));
        }
        Ok(receipt)
    }

    /// Does what a receipt says: keeps what is stored, puts aside what is refused, and has those that are lacking wait again if they
    /// are still here. Of a receipt that anybody on the way may have kept, take `lacking` out first.
    ///
    /// # Errors
    /// The disk fails; then some of it may not have been done.
    pub fn take(&self, receipt: &Receipt) -> Result<Taken, OutboxError> {
        let _one_at_a_time = self.taking.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Taken::default();
        for waiting in self.waiting()? {
            let Waiting { sequence, file } = &waiting;
            let stored = receipt.stored.get(sequence);
            let refused = receipt.refused.get(sequence);
            if stored.is_none() && refused.is_none() {
                continue;
            }
            let Some(hash) = self.hash(file)? else {
                continue;
            };
            if stored == Some(&hash) {
                // First the number, so that it is never given again even if the database is lost.
                self.acknowledge(*sequence)?;
                self.keep(&waiting)?;
                taken.stored += 1;
            } else if let Some(refused) = refused.filter(|refused| refused.blake3 == hash) {
                tracing::error!(sequence, why = refused.why, "the office refused statistics");
                let why: String = refused.why.chars().filter(|letter| !letter.is_control()).collect();
                let why: String = why.trim().chars().take(LONGEST_REASON).collect();
                let aside = self.folder.join(REFUSED).join(file.file_name().unwrap_or_default());
                self.files.write(&reason_of(&aside), why.as_bytes())?;
                self.put_aside(file, REFUSED)?;
                taken.refused += 1;
            }
        }
        if !receipt.lacking.is_empty() {
            taken.again = self.wait_again(receipt)?;
        }
        Ok(taken)
    }

    /// Keeps a bundle that the office has, for the day on which the office loses it. The oldest go first, so that there are never
    /// more than there may be, whatever stops the program in between.
    fn keep(&self, waiting: &Waiting) -> Result<(), OutboxError> {
        let sent = numbered(&self.folder.join(SENT), &self.identity.id)?;
        let mut all: Vec<&Waiting> = sent.iter().filter(|sent| sent.sequence != waiting.sequence).collect();
        all.push(waiting);
        all.sort_by_key(|kept| std::cmp::Reverse(kept.sequence));
        let (mut bytes, mut left) = (0, MOST_SENT);
        let mut too_many = Vec::new();
        for kept in all {
            bytes += fs::metadata(&kept.file)?.len();
            if left == 0 || bytes > MOST_BYTES_SENT {
                left = 0;
                too_many.push(kept);
            } else {
                left -= 1;
            }
        }
        let is_kept = !too_many.contains(&waiting);
        for old in too_many {
            self.files.remove(&old.file)?;
            self.files.sync_folder(&old.file)?;
        }
        if is_kept {
            self.put_aside(&waiting.file, SENT)?;
        }
        Ok(())
    }

    /// Has what the office lacks wait again, as far as it is kept; says how much that is. It can't be more than is kept.
    fn wait_again(&self, receipt: &Receipt) -> Result<usize, OutboxError> {
        let sent = numbered(&self.folder.join(SENT), &self.identity.id)?;
        let mut again = 0;
        for kept in sent.into_iter().filter(|kept| receipt.lacks(kept.sequence)) {
            let place = self.folder.join(kept.file.file_name().unwrap_or_default());
            if !place.try_exists()? {
                self.files.rename(&kept.file, &place)?;
                self.files.sync_folder(&kept.file)?;
                again += 1;
            }
        }
        if again > 0 {
            tracing::warn!("the office lacks {again} bundles that it had: they are sent again");
        }
        Ok(again)
    }

    /// Where bundles are: first those that wait.
    fn folders(&self) -> [PathBuf; 4] {
        ["", SENT, REFUSED, DAMAGED].map(|folder| self.folder.join(folder))
    }

    /// The hash of the payload of the bundle that has this number; `None` if there is none that is whole.
    fn payload_of(&self, sequence: u64) -> Result<Option<String>, OutboxError> {
        for folder in self.folders() {
            if let Some(bytes) = read_if_there(&folder.join(name(&self.identity.id, sequence)))?
                && let Ok(manifest) = self.check(&bytes)
            {
                return Ok(Some(manifest.unpacked.blake3));
            }
        }
        Ok(None)
    }

    /// The highest number known to have been given; 0 before the first.
    ///
    /// # Errors
    /// The folder can't be read.
    pub fn highest(&self) -> Result<u64, OutboxError> {
        let mut highest = self.acknowledged();
        for folder in self.folders() {
            let files = numbered(&folder, &self.identity.id)?;
            highest = highest.max(files.last().map_or(0, |last| last.sequence));
        }
        Ok(highest)
    }

    /// The highest number that the office has acknowledged; 0 before the first.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        let text = fs::read_to_string(self.folder.join(ACKNOWLEDGED)).unwrap_or_default();
        // What a newer program may say beside it is passed over.
        text.split_whitespace()
            .next()
            .and_then(|number| number.parse().ok())
            .unwrap_or(0)
    }

    /// The office has seen this number of ours: if that is more than this card knows of, it is another card than the one that gave it, or
    /// an older copy, and gives higher ones from now on. A number far beyond is a slip of the office's.
    ///
    /// # Errors
    /// The disk can't be read or written.
    pub fn was_given(&self, sequence: u64) -> Result<(), OutboxError> {
        let highest = self.highest()?;
        if sequence > highest && sequence - highest <= FARTHEST {
            self.acknowledge(sequence)?;
        }
        Ok(())
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

    /// Whether these are the bytes of a bundle of this kiosk, all of them.
    fn check(&self, bytes: &[u8]) -> Result<Manifest, BundleError> {
        self.open_own(bytes)?.unpack(&mut io::sink(), |_| {})
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
