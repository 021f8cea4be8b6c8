//! The recorder: a thread that owns the log, so that whoever counts never waits for the disk.
//!
//! A card may take seconds for one flush; the screen only says what happened ([`Recorder::count`]) and goes on. What is said
//! is done in the order in which it was said. Nothing here fails towards the screen either: what the disk does not take
//! waits in memory, see [`super::log`].

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use super::log::Log;
use super::signals::Event;
use super::stamp::Stamp;

/// Closes what is over, for the office. Called after each [`Recorder::tick`], on the recorder's thread.
pub type Collect = Box<dyn FnMut(&mut Log, Stamp) + Send>;

/// The way to the thread. Copies lead to the same one; it ends with the last of them, after all that it was told.
#[derive(Debug, Clone)]
pub struct Recorder(Arc<Thread>);

/// Both are `None` only while it ends.
#[derive(Debug)]
struct Thread {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// Something to do with the log.
type Job = Box<dyn FnOnce(&mut Books) + Send>;

/// What the thread owns.
struct Books {
    log: Log,
    collect: Option<Collect>,
}

impl Recorder {
    /// Starts the thread. `open` opens the log there, when it likes: until it does, what is told waits in memory.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(open: impl FnOnce() -> Log + Send + 'static) -> io::Result<Self> {
        let (jobs, told) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new().name("recorder".to_owned()).spawn(move || {
            let mut books = Books {
                log: open(),
                collect: None,
            };
            for job in told {
                // A fault in one thing must not end the counting; the counts of the log are whole, whatever it was doing.
                if panic::catch_unwind(AssertUnwindSafe(|| job(&mut books))).is_err() {
                    tracing::error!("the recorder could not do one thing, and goes on");
                }
            }
        })?;
        Ok(Self(Arc::new(Thread {
            jobs: Some(jobs),
            thread: Some(thread),
        })))
    }

    /// Counts an event.
    pub fn count(&self, event: Event, now: Stamp) {
        self.tell(move |books| books.log.count(&event, now));
    }

    /// Writes everything that waits: a visit has ended.
    pub fn flush(&self, now: Stamp) {
        self.tell(move |books| books.log.flush(now));
    }

    /// Says what time it is. Call it every second or so: see [`Log::tick`], [`Recorder::collect_by`].
    pub fn tick(&self, now: Stamp) {
        self.tell(move |books| {
            books.log.tick(now);
            if let Some(collect) = &mut books.collect {
                collect(&mut books.log, now);
            }
        });
    }

    /// Has what is over closed for the office.
    pub fn collect_by(&self, collect: Collect) {
        self.tell(move |books| books.collect = Some(collect));
    }

    /// Asks about the log, once all that was told before is done; `None` if that takes longer than `patience`, or never comes.
    pub fn ask<T: Send + 'static>(
        &self,
        patience: Duration,
        question: impl FnOnce(&Log) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = mpsc::channel();
        self.tell(move |books| {
            // Whoever asked may have lost patience.
            let _ = answer.send(question(&books.log));
        });
        answered.recv_timeout(patience).ok()
    }

    /// Waits until all that was told before is done: at the end of the program, and in tests.
    pub fn settle(&self) {
        let (answer, answered) = mpsc::channel();
        self.tell(move |_| drop(answer));
        // Nothing is ever sent: the other end is dropped.
        let _: Result<(), _> = answered.recv();
    }

    fn tell(&self, job: impl FnOnce(&mut Books) + Send + 'static) {
        if let Some(jobs) = &self.0.jobs {
            // The thread lives as long as this.
            let _ = jobs.send(Box::new(job));
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the recorder ended by a panic");
        }
    }
}
