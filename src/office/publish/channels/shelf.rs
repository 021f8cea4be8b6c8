//! The last editions that were made, a ZIP and a record each, in a folder; what has changed since. Begin with [`Shelf`].

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Channel, Made, UNFINISHED, Wanted};
use crate::content::model::Content;
use crate::files::Files;
use crate::office::publish::paper;

/// So many editions of a pack are kept: a commune makes one or two a month.
pub const KEPT: usize = 20;

/// So many records of a pack are kept when their ZIPs are gone: the paper still hangs somewhere.
const REMEMBERED: usize = 200;

/// What was made at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Counted from 1, never used again.
    pub number: u64,
    /// On which day.
    pub made_on: NaiveDate,
    /// By whose account.
    pub by: String,
    /// Of which pack.
    pub pack: String,
    /// Which edition of that.
    pub sequence: u64,
    /// Size of the ZIP.
    pub bytes: u64,
    /// What is in it.
    pub made: Vec<Made>,
    /// Whether its ZIP is still kept.
    #[serde(skip)]
    pub is_there: bool,
}

/// The folder with the last editions.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// Those in this folder, which is made if it isn't there. What an earlier run left unfinished is removed.
    ///
    /// # Errors
    /// The disk fails.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with(UNFINISHED) {
                Files::default().remove(&path)?;
            }
        }
        Ok(Self { folder })
    }

    /// Where a new ZIP is written before it is kept.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The ZIP of an edition.
    #[must_use]
    pub fn zip(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number}.zip"))
    }

    fn record(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{number}.json"))
    }

    /// All that are remembered, the newest first. A record that can't be read is left out, and said in the log.
    ///
    /// # Errors
    /// The disk fails.
    pub fn editions(&self) -> io::Result<Vec<Edition>> {
        let mut editions = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "json") {
                let record = serde_json::from_reader(BufReader::new(File::open(&path)?));
                match record {
                    Ok(edition) => editions.push(edition),
                    Err(error) => tracing::error!("{}: {error}", path.display()),
                }
            }
        }
        editions.sort_by_key(|edition: &Edition| std::cmp::Reverse(edition.number));
        for edition in &mut editions {
            edition.is_there = self.zip(edition.number).try_exists()?;
        }
        Ok(editions)
    }

    /// Keeps an edition, of which `zip` was written in [`Self::folder`], under the next number; the oldest ones go.
    ///
    /// # Errors
    /// The disk fails. The edition is there whole, or not at all.
    pub fn keep(&self, zip: &Path, edition: Edition) -> io::Result<()> {
        let files = Files::default();
        let before = self.editions()?;
        let number = before.first().map_or(1, |newest| newest.number + 1);
        files.put_in_place(zip, &self.zip(number))?;
        let edition = Edition { number, ..edition };
        files.write(&self.record(number), &serde_json::to_vec(&edition)?)?;
        let of_pack = before.iter().filter(|old| old.pack == edition.pack);
        for (place, old) in (1..).zip(of_pack) {
            if place >= KEPT && old.is_there {
                files.remove(&self.zip(old.number))?;
            }
            if place >= REMEMBERED {
                files.remove(&self.record(old.number))?;
            }
        }
        Ok(())
    }
}

/// Something that was made and would be different today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outdated {
    /// What to make anew; `None` if the content has it no longer.
    pub wanted: Option<Wanted>,
    /// What it was made as.
    pub channel: &'static str,
    /// What people call it.
    pub title: String,
    /// When it was made last.
    pub made_on: NaiveDate,
    /// Sentences that it would have now.
    pub added: Vec<String>,
    /// Sentences that it should no longer have.
    pub removed: Vec<String>,
}

/// What of a pack is out of date on paper and elsewhere: of each thing in each form only the last counts. `editions` are the newest first.
#[must_use]
pub fn outdated(content: &Content, editions: &[Edition], today: NaiveDate) -> Vec<Outdated> {
    let of_pack = editions.iter().filter(|edition| edition.pack == content.pack.id);
    let made = of_pack.flat_map(|edition| edition.made.iter().map(move |made| (edition, made)));
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut found = Vec::new();
    for (edition, made) in made {
        let key = (made.channel.as_str(), made.id.as_str());
        let Some(channel) = Channel::named(&made.channel).filter(|_| seen.insert(key)) else {
            continue;
        };
        let now = if channel == Channel::Site {
            // All of the content: another edition of it is another site.
            (edition.sequence == content.pack.edition).then(Vec::new)
        } else {
            paper::texts(content, &made.id, today).ok().map(|(_, texts)| texts)
        };
        let missing_in = |all: &[String], from: &[String]| -> Vec<String> {
            let missing = from.iter().filter(|text| !all.contains(text));
            missing.cloned().collect()
        };
        if now.as_ref() == Some(&made.texts) {
            continue;
        }
        let is_there = now.is_some() || channel == Channel::Site;
        let now = now.unwrap_or_default();
        found.push(Outdated {
            wanted: is_there.then(|| Wanted {
                channel,
                id: made.id.clone(),
            }),
            channel: channel.title(),
            title: made.title.clone(),
            made_on: edition.made_on,
            added: missing_in(&made.texts, &now),
            removed: missing_in(&now, &made.texts),
        });
    }
    found
}
