//! What officers ask to be made of the content (`publish::channels`): one job at a time, beside the answers, kept for the last editions.
//!
//! Whoever asks doesn't wait for it: a hundred leaflets take ten seconds. Begin with [`Workshop::begin`].

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use tokio::task::spawn_blocking;

use super::{App, contents};
use crate::content::model::Content;
use crate::office::packs::PackError;
use crate::office::publish::channels::{self, Channel, ChannelError, Edition, Shelf, Wanted};
use crate::office::store::Pack;

/// How the last job goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// It is done, or there was none.
    Nothing,
    /// So many of so many are ready.
    Making(usize, usize),
    /// Why it failed, for officers.
    Failed(String),
}

/// What is being made, and what was.
pub struct Workshop {
    shelf: Shelf,
    job: Mutex<Job>,
    /// Nobody wants the job under way any more.
    stopped: AtomicBool,
}

impl Workshop {
    /// A workshop that keeps what it makes beside the packs.
    ///
    /// # Errors
    /// The disk fails.
    pub fn open(packs: &Path) -> io::Result<Self> {
        Ok(Self {
            shelf: Shelf::open(packs.join("channels"))?,
            job: Mutex::new(Job::Nothing),
            stopped: AtomicBool::new(false),
        })
    }

    /// What was made before.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// How the last job goes. That one failed is said once.
    pub fn job(&self) -> Job {
        let mut job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        match &*job {
            Job::Failed(_) => std::mem::replace(&mut *job, Job::Nothing),
            other => other.clone(),
        }
    }

    /// Ends the job under way before it begins the next thing.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    fn set(&self, job: Job) {
        *self.job.lock().unwrap_or_else(PoisonError::into_inner) = job;
    }

    /// Begins to make what is wanted of a pack; `false` if another job is under way.
    pub fn begin(app: &Arc<App>, pack: Pack, wanted: Vec<Wanted>, by: String) -> bool {
        {
            let mut job = app.workshop.job.lock().unwrap_or_else(PoisonError::into_inner);
            if matches!(*job, Job::Making(..)) {
                return false;
            }
            *job = Job::Making(0, wanted.len());
            app.workshop.stopped.store(false, Ordering::Relaxed);
        }
        let app = app.clone();
        tokio::spawn(async move {
            let at_work = app.clone();
            let made = spawn_blocking(move || make(&at_work, &pack, &wanted, by)).await;
            app.workshop.set(match made {
                Ok(Ok(())) => Job::Nothing,
                Ok(Err(words)) => Job::Failed(words),
                Err(error) => {
                    tracing::error!("making channels: {error}");
                    Job::Failed("Máy chủ gặp lỗi. Mời thử lại; nếu vẫn vậy, mời gọi kỹ thuật viên.".to_owned())
                }
            });
        });
        true
    }
}

/// What of a pack is read beside its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// Nothing.
    None,
    /// What is printed.
    Pictures,
    /// What can be heard as well.
    All,
}

/// What a pack says. Blocks as long as unpacking takes, so it is for a thread beside those that answer.
///
/// # Errors
/// The pack is not there, or damaged.
pub fn content(app: &App, pack: &Pack, media: Media) -> Result<Content, PackError> {
    contents::content(app, pack, |library, name| {
        let is_heard = || {
            library
                .catalogue()
                .recordings
                .iter()
                .any(|recording| recording.media == name)
        };
        match media {
            Media::None => false,
            Media::Pictures => !is_heard(),
            Media::All => true,
        }
    })
}

/// Makes it all, and says why not in words for officers.
fn make(app: &App, pack: &Pack, wanted: &[Wanted], by: String) -> Result<(), String> {
    let with_sound = wanted.iter().any(|wanted| wanted.channel == Channel::Site);
    let media = if with_sound { Media::All } else { Media::Pictures };
    let content = content(app, pack, media).map_err(|error| error.for_staff())?;
    let disk = |error: io::Error| for_officers(&error.into());
    let workshop = &app.workshop;
    let mut file = tempfile::Builder::new()
        .prefix(channels::UNFINISHED)
        .tempfile_in(workshop.shelf.folder())
        .map_err(disk)?;
    let made_on: NaiveDate = (app.now)().date_naive();
    let mut out = BufWriter::new(file.as_file_mut());
    let done = |done| {
        workshop.set(Job::Making(done, wanted.len()));
        !workshop.stopped.load(Ordering::Relaxed)
    };
    let made = match channels::zip(&content, wanted, made_on, &mut out, done) {
        Err(ChannelError::Stopped) => return Ok(()),
        made => made.map_err(|error| for_officers(&error))?,
    };
    out.flush().map_err(disk)?;
    drop(out);
    let bytes = file.as_file().metadata().map_err(disk)?.len();
    let edition = Edition {
        number: 0,
        made_on,
        by,
        pack: pack.id.clone(),
        sequence: pack.sequence,
        bytes,
        made,
        is_there: true,
    };
    workshop.shelf.keep(&file.into_temp_path(), edition).map_err(disk)
}

/// What officers read; what the system says is for the log.
fn for_officers(error: &ChannelError) -> String {
    if let ChannelError::Disk(why) = error {
        tracing::error!("making channels: {why}");
    }
    error.to_string()
}
