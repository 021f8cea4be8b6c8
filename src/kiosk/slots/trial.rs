//! A pack that is new here, and a program that ended badly while it was shown: three times, and the pack before is shown again.
//!
//! The small file `trial` stands beside the packs until the new one has shown itself. It says in which start of the machine the pack
//! is being shown: if that is still the same one when the program starts, it ended without being asked, and nobody pulled the plug.
//! A pack that takes the whole machine with it is therefore not found out here, and no clock is asked.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::PoisonError;

use serde::{Deserialize, Serialize};

use super::record::{Record, Refused, Slot};
use super::{CURRENT, Slots};
use crate::content::library::Library;
use crate::files;

/// The file in the folder of the packs.
pub(super) const FILE: &str = "trial";

/// So many bad ends, and the pack is left.
const MOST: u32 = 3;

/// The longest file, in bytes; ours have about 100.
const LONGEST: u64 = 4096;

/// Where Linux says which start of the machine this is (`random(4)`).
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// Which start of the machine this is; `None` if nobody says. Then no end is called a bad one.
pub(super) fn boot() -> Option<String> {
    let id = fs::read_to_string(BOOT_ID).ok()?;
    Some(id.trim().to_owned()).filter(|id| !id.is_empty())
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Trial {
    /// The pack's file.
    file: String,
    /// How often the program ended badly with it.
    failures: u32,
    /// In which start of the machine it is being shown; `None` after a good end.
    shown_in: Option<String>,
}

impl Slots {
    /// Begins the trial of a pack that is about to become the current one.
    pub(super) fn begin_trial(&self, file: &str) -> io::Result<()> {
        let _one = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        self.write_trial(&Trial {
            file: file.to_owned(),
            failures: 0,
            shown_in: None,
        })
    }

    /// Says that the current pack is being shown from here on, if it is new: what ends the program now counts against it.
    pub fn is_shown(&self) {
        let _one = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trial) = self.trial_of(&self.record().current) {
            self.note(&Trial {
                shown_in: self.boot.clone(),
                ..trial
            });
        }
    }

    /// Says that the program ends because it was asked to, or because the screen was lost: not because of the pack.
    pub fn ends_well(&self) {
        let _one = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(trial) = read(&self.dir.join(FILE))
            && trial.shown_in.is_some()
        {
            self.note(&Trial {
                shown_in: None,
                ..trial
            });
        }
    }

    /// The pack of this edition has shown itself: its trial is over.
    pub fn has_shown_itself(&self, edition: u64) {
        let _one = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        let current = self.record().current;
        if current.sequence() == Some(edition)
            && self.trial_of(&current).is_some()
            && let Err(error) = self.files.remove(&self.dir.join(FILE))
        {
            tracing::warn!("that a pack has shown itself can't be written down: {error}");
        }
    }

    /// Before the current pack is opened: notes how the program ended with it, if it is new, and leaves it after the third bad end.
    /// A pack beside which there is nothing to show stays. Where a bad end can't be noted the pack before is shown in this run: without
    /// that, a full card would have the program start for ever.
    pub(super) fn judge(&self, record: Record) -> Record {
        let _one = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut trial) = self.trial_of(&record.current) else {
            return record;
        };
        let ended_badly = trial.shown_in.is_some() && trial.shown_in == self.boot;
        if ended_badly {
            trial.failures = trial.failures.saturating_add(1);
            tracing::warn!(
                file = trial.file,
                failures = trial.failures,
                "the program ended with a new pack"
            );
        }
        let factory = self.factory_opens().then_some(Slot::Factory);
        let before = record
            .previous
            .as_ref()
            .filter(|slot| slot.file().is_some() && self.opens(slot));
        let another = before.cloned().or(factory);
        if trial.failures >= MOST
            && let Some(another) = another
        {
            return self.leave(record, another);
        }
        trial.shown_in.clone_from(&self.boot);
        match (self.note(&trial), another) {
            (false, Some(another)) if ended_badly => Record {
                previous: None,
                current: another,
                ..record
            },
            _ => record,
        }
    }

    /// Whether there is something that was built in and can be shown; a developer's folder is taken for such.
    fn factory_opens(&self) -> bool {
        let opens = |factory: &Path| factory.is_dir() || Library::open(factory).is_ok();
        self.factory.as_deref().is_some_and(opens)
    }

    /// Shows another pack instead of the current one, and remembers that one.
    fn leave(&self, mut record: Record, another: Slot) -> Record {
        if let (Slot::Pack { file, sequence, .. }, factory) = (&record.current, &self.factory) {
            tracing::error!(
                file,
                "a new pack ended the program again and again: the one before is shown"
            );
            // An older program wrote none down.
            let signed = record
                .hashes
                .remove(file)
                .or_else(|| files::hash(&self.dir.join(file)).ok());
            if let Some(blake3) = signed {
                record.refuse(Refused {
                    sequence: *sequence,
                    blake3,
                });
            }
            let is_factory = another == Slot::Factory;
            record.previous = (!is_factory && factory.is_some()).then_some(Slot::Factory);
            record.current = another;
        }
        let written = self.files.write(&self.dir.join(CURRENT), &record.to_bytes());
        if let Err(error) = written.and_then(|()| self.files.remove(&self.dir.join(FILE))) {
            tracing::warn!("that a pack was left can't be written down: {error}");
        }
        record
    }

    /// The trial of this slot's pack, if it is still on.
    fn trial_of(&self, slot: &Slot) -> Option<Trial> {
        let trial = read(&self.dir.join(FILE)).ok()?;
        (slot.file() == Some(&trial.file)).then_some(trial)
    }

    /// Writes it down; says whether that went well.
    fn note(&self, trial: &Trial) -> bool {
        let written = self.write_trial(trial);
        if let Err(error) = &written {
            tracing::warn!("how a new pack fares can't be written down: {error}");
        }
        written.is_ok()
    }

    fn write_trial(&self, trial: &Trial) -> io::Result<()> {
        let bytes = serde_json::to_vec(trial).map_err(io::Error::other)?;
        self.files.write(&self.dir.join(FILE), &bytes)
    }
}

fn read(path: &Path) -> io::Result<Trial> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(serde_json::from_slice(&bytes)?)
}
