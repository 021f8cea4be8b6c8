//! The recorder: a thread that owns the log, so that whoever counts never waits for the disk.
//!
//! A card may take seconds for one flush; the screen only says what happened ([`Recorder::count`]) and goes on. What is said
//! is done in the order in which it was said. Nothing here fails towards the screen either: what the disk does not take
//! waits in memory, see [`super::log`].

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::log::Log;
use super::signals::{Event, Label};
use super::stamp::Stamp;

/// Closes what is over, for the office. Called after each [`Recorder::tick`], on the recorder's thread.
pub type Collect = Box<dyn FnMut(&mut Log, Stamp) + Send>;

/// The way to the thread. Copies lead to the same one; it ends with the last of them, after all that it was told.
#[derive(Debug, Clone)]
pub struct Recorder(Arc<Thread>);

/// The first two are `None` only while it ends.
#[derive(Debug)]
struct Thread {
    jobs: Option<Sender<Job>>,
    handle: Option<JoinHandle<()>>,
    /// What is asked for most, if the list is another than the one that was taken last.
    often: Arc<Mutex<Option<Vec<Label>>>>,
}

/// Something to do with the log.
type Job = Box<dyn FnOnce(&mut Books) + Send>;

/// What the thread owns.
struct Books {
    log: Log,
    collect: Option<Collect>,
}

impl Recorder {
    /// Starts the thread, which counts in memory.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(now: Stamp) -> io::Result<Self> {
        let (jobs, told) = mpsc::channel::<Job>();
        let often = Arc::new(Mutex::new(None));
        let shown = often.clone();
        let thread = std::thread::Builder::new().name("recorder".to_owned()).spawn(move || {
            let mut books = Books {
                log: Log::open(None, now),
                collect: None,
            };
            for job in told {
                // A fault in one thing must not end the counting; the counts of the log are whole, whatever it was doing.
                if panic::catch_unwind(AssertUnwindSafe(|| job(&mut books))).is_err() {
                    tracing::error!("the recorder could not do one thing, and goes on");
                }
                if let (Some(often), Ok(mut shown)) = (books.log.take_often(), shown.lock()) {
                    *shown = Some(often);
                }
            }
        })?;
        Ok(Self(Arc::new(Thread {
            jobs: Some(jobs),
            handle: Some(thread),
            often,
        })))
    }

    /// Keeps counts in the database of this folder from now on, those in memory too.
    pub fn keep_in(&self, dir: PathBuf, now: Stamp) {
        self.tell(move |books| books.log.keep_in(&dir, now));
    }

    /// Counts an event.
    pub fn count(&self, event: Event, now: Stamp) {
        self.tell(move |books| books.log.count(&event, now));
    }

    /// Counts that one more visit opened a page, for the kiosk's own list.
    pub fn count_asked(&self, page: Label, now: Stamp) {
        self.tell(move |books| books.log.count_asked(page, now));
    }

    /// The pages that are asked for most, if the list has changed since it was taken last. Waits for nobody.
    #[must_use]
    pub fn take_often(&self) -> Option<Vec<Label>> {
        self.0.often.try_lock().ok()?.take()
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
        if let Some(thread) = self.handle.take()
            && thread.join().is_err()
        {
            tracing::error!("the recorder ended by a panic");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::signals::Signal;
    use crate::usage::store;

    const PATIENCE: Duration = Duration::from_mins(1);

    fn seconds(seconds: u64) -> Stamp {
        Stamp::undated(Duration::from_secs(seconds))
    }

    fn visits(dir: &std::path::Path) -> u64 {
        store::read(dir).map_or(0, |reading| reading.counters.total(Signal::VisitStarted))
    }

    #[test]
    fn what_was_counted_before_there_was_a_folder_gets_there() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = Recorder::start(seconds(0)).expect("a thread");
        recorder.count(Event::VisitStarted, seconds(1));
        recorder.flush(seconds(2));
        let waiting = recorder.ask(PATIENCE, |log| log.health().waiting);
        assert_eq!((waiting, visits(dir.path())), (Some(1), 0));
        recorder.keep_in(dir.path().to_owned(), seconds(3));
        recorder.count(Event::VisitStarted, seconds(4));
        recorder.flush(seconds(5));
        recorder.settle();
        assert_eq!(visits(dir.path()), 2);
    }

    #[test]
    fn who_leaves_is_recorded_to_the_end() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = Recorder::start(seconds(0)).expect("a thread");
        recorder.keep_in(dir.path().to_owned(), seconds(0));
        for second in 0..1000 {
            recorder.count(Event::VisitStarted, seconds(second));
        }
        recorder.flush(seconds(1000));
        drop(recorder);
        assert_eq!(visits(dir.path()), 1000);
    }

    #[test]
    fn a_fault_in_one_thing_does_not_end_the_counting() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = Recorder::start(seconds(0)).expect("a thread");
        recorder.keep_in(dir.path().to_owned(), seconds(0));
        recorder.count(Event::VisitStarted, seconds(1));
        recorder.collect_by(Box::new(|_, _| panic!("as a test wants it")));
        recorder.tick(seconds(2));
        recorder.count(Event::VisitStarted, seconds(3));
        recorder.flush(seconds(4));
        recorder.settle();
        assert_eq!(visits(dir.path()), 2);
    }

    #[test]
    fn who_asks_while_the_card_is_busy_is_not_kept_waiting() {
        let recorder = Recorder::start(seconds(0)).expect("a thread");
        let (let_go, held) = mpsc::channel::<()>();
        recorder.collect_by(Box::new(move |_, _| {
            // It ends when the other end is dropped.
            let _ = held.recv_timeout(PATIENCE);
        }));
        recorder.tick(seconds(1));
        assert_eq!(
            recorder.ask(Duration::from_millis(20), |log| log.health().waiting),
            None
        );
        drop(let_go);
        assert_eq!(recorder.ask(PATIENCE, |log| log.health().waiting), Some(0));
    }
}
