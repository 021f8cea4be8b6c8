//! The threads behind the screen: one that panics starts again, and the third panic within an hour ends the program in good order,
//! so that systemd starts all of it anew. A panic of the one that starts the others ends it an hour later.
//!
//! What the screen itself asks of other threads is not counted: a picture that can't be drawn is shown by its words, as often as
//! somebody looks at it.

use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use commune_kiosk::content::sound;

/// The names of the threads that are meant.
const NAMES: [&str; 9] = [
    "recorder", "start", "packs", "sticks", "machine", "office", "gpio", "displays", "sound",
];

/// So many panics within [`WITHIN`], and the program starts again.
const MOST: usize = 3;

const WITHIN: Duration = Duration::from_hours(1);

/// How long a thread waits before it starts again.
const PAUSE: Duration = Duration::from_secs(1);

static FAULTS: Mutex<Faults> = Mutex::new(Faults {
    recent: VecDeque::new(),
    all: 0,
});

/// The panics of this run.
struct Faults {
    /// When the newest were.
    recent: VecDeque<Instant>,
    all: u64,
}

impl Faults {
    /// Notes one; says whether it is one too many.
    fn note(&mut self, now: Instant) -> bool {
        self.all = self.all.saturating_add(1);
        self.recent.push_back(now);
        self.recent
            .retain(|fault| now.saturating_duration_since(*fault) < WITHIN);
        self.recent.len() >= MOST
    }
}

fn faults() -> MutexGuard<'static, Faults> {
    FAULTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes every panic of these threads from now on; `end` is called at one too many, from the thread that panics.
pub fn watch(end: impl Fn() + Send + Sync + 'static) {
    let say = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        say(panic);
        let thread = thread::current();
        // What the decoder of recordings throws is caught there, as often as somebody listens to one that is damaged.
        let is_meant = thread.name().is_some_and(|name| NAMES.contains(&name)) && !sound::is_decoding();
        if is_meant && faults().note(Instant::now()) {
            tracing::error!("too much goes wrong behind the screen: the program starts again");
            end();
        }
    }));
}

/// Has a thread of this name do its work; after a panic it starts again.
///
/// # Errors
/// The system gives no thread.
pub fn keep(name: &'static str, mut work: impl FnMut() + Send + 'static) -> Result<()> {
    spawn(name, move || {
        while panic::catch_unwind(AssertUnwindSafe(&mut work)).is_err() {
            tracing::error!("the thread {name} starts again");
            thread::sleep(PAUSE);
        }
    })
}

/// Has a thread of this name do work that can't be begun again, because a part of it may be done; `end` is called after a panic.
///
/// # Errors
/// The system gives no thread.
pub fn once(
    name: &'static str,
    work: impl FnOnce() + Send + 'static,
    end: impl FnOnce() + Send + 'static,
) -> Result<()> {
    spawn(name, move || {
        if panic::catch_unwind(AssertUnwindSafe(work)).is_err() {
            tracing::error!("the thread {name} has left its work undone: the program is going to start again");
            end();
        }
    })
}

fn spawn(name: &'static str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    debug_assert!(NAMES.contains(&name), "{name} is not looked after");
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .with_context(|| format!("no thread for {name}"))?;
    Ok(())
}

/// How many panics there were since the program's start.
pub fn how_many_faults() -> u64 {
    faults().all
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::sync::mpsc;

    use super::*;

    const PATIENCE: Duration = Duration::from_mins(1);

    #[test]
    fn three_within_an_hour_are_too_many_and_three_in_a_day_are_not() {
        let begin = Instant::now();
        let at = |minutes: u64| begin + Duration::from_mins(minutes);
        let mut faults = Faults {
            recent: VecDeque::new(),
            all: 0,
        };
        for (minutes, too_many) in [
            (0, false),
            (40, false),
            (80, false),
            (81, true),
            (200, false),
            (201, false),
        ] {
            assert_eq!(faults.note(at(minutes)), too_many, "{minutes}");
        }
        assert_eq!((faults.all, faults.recent.len()), (6, 2), "what is over is forgotten");
    }

    /// The only test that lets these threads panic: the number is one for the whole program.
    #[test]
    fn a_thread_that_panics_starts_again_and_the_third_time_the_program_is_ended() {
        let (ended, end) = mpsc::channel();
        watch(move || ended.send(()).expect("somebody waits"));
        let (begins, lives) = mpsc::channel();
        let mut life = 0;
        keep("machine", move || {
            life += 1;
            begins.send(life).expect("somebody waits");
            assert!(life > MOST, "as a test wants it");
        })
        .expect("a thread");
        for life in 1..=MOST + 1 {
            assert_eq!(lives.recv_timeout(PATIENCE), Ok(life));
        }
        assert!(end.recv_timeout(PATIENCE).is_ok());
        assert!(end.try_recv().is_err(), "once");
        assert!(lives.recv_timeout(PATIENCE).is_err(), "its work was done");
        assert_eq!(how_many_faults(), 3);
        // Another thread's panics are its own.
        let other = thread::Builder::new().name("question".to_owned());
        let other = other.spawn(|| panic!("as a test wants it")).expect("a thread");
        assert!(other.join().is_err());
        assert_eq!(how_many_faults(), 3);
        // Nobody does again what was half done.
        let (undone, half) = mpsc::channel();
        let end = move || undone.send(()).expect("somebody waits");
        once("start", || panic!("as a test wants it"), end).expect("a thread");
        assert!(half.recv_timeout(PATIENCE).is_ok());
        let (undone, done) = mpsc::channel();
        once("start", || {}, move || undone.send(()).expect("somebody waits")).expect("a thread");
        assert!(done.recv_timeout(PATIENCE).is_err(), "its work was done");
        assert_eq!(how_many_faults(), 4);
    }

    /// A thread of any other file would panic unseen.
    #[test]
    fn only_here_threads_with_a_name_begin_and_each_name_is_meant() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/kiosk");
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).expect("a folder") {
            let file = entry.expect("an entry").path();
            let text = fs::read_to_string(&file).expect("a file of code");
            if file.ends_with("threads.rs") {
                continue;
            }
            assert!(!text.contains("thread::Builder"), "{}", file.display());
            let begun = ["threads::keep(\"", "threads::once(\""]
                .into_iter()
                .flat_map(|call| text.split(call).skip(1));
            names.extend(begun.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
        names.sort();
        assert_eq!(names, ["displays", "machine", "office", "packs", "sound", "start"]);
        assert!(names.iter().all(|name| NAMES.contains(&name.as_str())));
    }
}
