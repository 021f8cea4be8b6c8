//! Time, and whether the machine knows it.
//!
//! A Raspberry Pi has no battery for its clock: until the network has told it the time, its date is invented. Such a date is
//! never shown and never counted by. Who may say what time it is, and against whom: docs/decisions/020.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, Offset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::files::Files;
use crate::usage::stamp::Stamp;

/// systemd-timesyncd makes this file once the clock has been set from the network (systemd-timesyncd.service(8)).
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// The time of the clock with a battery, in seconds since 1970 (the kernel's sysfs-class-rtc). A board may have the clock and no
/// battery: then it starts at 1970, while the system begins at a date that it remembers.
const BATTERY_CLOCK: &str = "/sys/class/rtc/rtc0/since_epoch";

/// How far the two may be apart: time zones, should somebody keep the battery clock in local time. And how far a clock may be behind
/// what is known: it may have been in local time until a technician corrected it.
const NEAR: u64 = 24 * 60 * 60;

/// No kiosk ran before the year 2026: a clock that says so is wrong.
const FIRST_SECOND: i64 = 1_767_225_600;

/// No kiosk runs after the year 2099: whoever says so is wrong.
const LAST_SECOND: i64 = 4_102_444_799;

/// The last time that was known, in the data folder: seconds since 1970, as text.
const FILE: &str = "time";

/// What staff said, in the data folder: the start of the machine in which they said it, and the time at which that began.
const SAID: &str = "time-of-staff";

/// Which start of the machine this is (`random(4)`).
const BOOT_ID: &str = "proc/sys/kernel/random/boot_id";

/// How often it is written.
const EVERY: i64 = 60 * 60;

/// A kiosk may lie in its box for so long, in seconds, until its pack is newer than its clock: more than a year.
const FAR: i64 = 400 * 24 * 60 * 60;

/// Two clocks that should agree may be so many seconds apart.
const APART: u64 = 10 * 60;

/// How the machine knows the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From the network, through systemd-timesyncd.
    Network,
    /// From staff, who set it at the screen.
    Staff,
    /// From the office, in its signed answer to our own question.
    Office,
    /// From the clock with a battery.
    Battery,
}

impl Source {
    /// In a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Staff => "staff",
            Self::Office => "office",
            Self::Battery => "battery",
        }
    }
}

/// The machine's clocks, since the start of the program. Copies share what they were told.
#[derive(Debug, Clone)]
pub struct Clock {
    root: PathBuf,
    started: Instant,
    known: Arc<Mutex<Known>>,
}

/// What was told and is remembered.
#[derive(Debug)]
struct Known {
    told: Option<Told>,
    /// It is not earlier than this, in seconds since 1970.
    at_least: i64,
    /// What the file says, and where it is.
    written: i64,
    file: Option<PathBuf>,
    /// What is written down of what staff said.
    said: Option<Said>,
}

/// What staff said, as it is written down: good until the machine is switched off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    boot: String,
    /// When that start of the machine began, in seconds since 1970.
    began: i64,
}

/// Somebody told the time in this run.
#[derive(Debug, Clone, Copy)]
struct Told {
    by: Source,
    seconds: i64,
    /// Monotonic time of that moment.
    at: Duration,
}

impl Default for Clock {
    fn default() -> Self {
        Self::of(Path::new("/"))
    }
}

impl Clock {
    /// The clocks of the machine whose `/run` and `/sys` are under `root`.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            started: Instant::now(),
            known: Arc::new(Mutex::new(Known {
                told: None,
                at_least: FIRST_SECOND,
                written: FIRST_SECOND,
                file: None,
                said: None,
            })),
        }
    }

    /// The time now; without a date as long as the date can't be trusted.
    #[must_use]
    pub fn now(&self) -> Stamp {
        Stamp {
            monotonic: self.started.elapsed(),
            wall: self.knows().map(|(_, seconds)| local(seconds)),
            earliest: Some(local(self.known().at_least).date()),
        }
    }

    /// How the machine knows the time; `None` if it doesn't.
    #[must_use]
    pub fn source(&self) -> Option<Source> {
        self.knows().map(|(source, _)| source)
    }

    /// Remembers in this folder what time it was last, and takes from there what was remembered.
    pub fn keep_in(&self, data: &Path) {
        let file = data.join(FILE);
        let text = read_beginning(&file).unwrap_or_default();
        let mut known = self.known();
        // What a later program says behind it is passed over.
        let first = text.split_whitespace().next();
        let written = first.and_then(|seconds| seconds.parse().ok());
        if let Some(written) = written.filter(|written| makes_sense(*written)) {
            known.written = written;
            known.at_least = known.at_least.max(written);
        }
        known.file = Some(file);
        drop(known);
        let said = read_beginning(&data.join(SAID));
        let said: Option<Said> = said.and_then(|said| serde_json::from_str(&said).ok());
        let Some(said) = said.filter(|said| self.boot().as_ref() == Some(&said.boot)) else {
            return;
        };
        if let Some(uptime) = uptime(&self.root) {
            let since = i64::try_from(uptime.as_secs()).unwrap_or(i64::MAX);
            self.tell(said.began.saturating_add(since), Source::Staff);
            self.known().said = Some(said);
        }
    }

    fn boot(&self) -> Option<String> {
        let id = fs::read_to_string(self.root.join(BOOT_ID)).ok()?;
        Some(id.trim().to_owned()).filter(|id| !id.is_empty())
    }

    /// What staff said, to be written down.
    fn said(&self) -> Option<Said> {
        let told = self.known().told.filter(|told| told.by == Source::Staff)?;
        let since = self.started.elapsed().saturating_sub(told.at);
        let before = uptime(&self.root)?.saturating_sub(since);
        Some(Said {
            boot: self.boot()?,
            began: told.seconds.saturating_sub(i64::try_from(before.as_secs()).ok()?),
        })
    }

    /// Somebody who knows it says what time it is. Staff's word holds against the office's for this run: they stand before the
    /// screen and see what it says.
    pub fn tell(&self, seconds: i64, by: Source) {
        let mut known = self.known();
        let staff_said = known.told.is_some_and(|told| told.by == Source::Staff);
        if !makes_sense(seconds) || staff_said && by != Source::Staff {
            return;
        }
        known.told = Some(Told {
            by,
            seconds,
            at: self.started.elapsed(),
        });
    }

    /// Staff say what time it is here.
    pub fn set(&self, moment: NaiveDateTime) {
        // An hour that comes twice, or never, as where there is daylight saving: the earlier, or none.
        if let Some(moment) = Local.from_local_datetime(&moment).earliest() {
            self.tell(moment.timestamp(), Source::Staff);
        }
    }

    /// Something was made at this time: it can't be earlier now. If that is years ahead of a clock that is believed, whoever made it
    /// had a wrong clock.
    pub fn is_at_least(&self, seconds: i64) {
        let is_far = |(_, now): (Source, i64)| seconds.saturating_sub(now) > FAR;
        if !makes_sense(seconds) || self.knows().is_some_and(is_far) {
            return;
        }
        let mut known = self.known();
        known.at_least = known.at_least.max(seconds);
    }

    /// Something was made on this day.
    pub fn is_at_least_day(&self, day: NaiveDate) {
        // Wherever on Earth the day began, it had begun by then.
        self.is_at_least(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp());
    }

    /// Writes down what time it is, once an hour, so that no clock is believed after the next start that is behind it. What is told
    /// by who knows it holds against what was remembered: also a time that was years ahead is forgotten so. What staff said is
    /// written down too, for the next start of the program in the same start of the machine.
    ///
    /// # Errors
    /// The disk can't be written; it is tried again the next time.
    pub fn remember(&self) -> io::Result<()> {
        let now = self.knows();
        let mut known = self.known();
        match now {
            Some((Source::Battery, seconds)) => known.at_least = known.at_least.max(seconds),
            Some((_, seconds)) => known.at_least = seconds,
            None => {}
        }
        let (seconds, written) = (known.at_least, known.written);
        let place = known.file.as_ref().and_then(|file| Some(file.parent()?.join(SAID)));
        let before = known.said.clone();
        drop(known);
        // Rounding moves it by a second.
        let is_new = |said: &Said| {
            before
                .as_ref()
                .is_none_or(|before| before.boot != said.boot || before.began.abs_diff(said.began) > 1)
        };
        if let (Some(place), Some(said)) = (place, self.said().filter(is_new)) {
            Files::default().write(&place, &serde_json::to_vec(&said).map_err(io::Error::other)?)?;
            self.known().said = Some(said);
        }
        let known = self.known();
        let Some(file) = known
            .file
            .clone()
            .filter(|_| seconds.abs_diff(written) >= EVERY.unsigned_abs())
        else {
            return Ok(());
        };
        drop(known);
        Files::default().write(&file, format!("{seconds}\n").as_bytes())?;
        self.known().written = seconds;
        Ok(())
    }

    /// Whether the system's own clock, by which others check certificates, is known to be wrong.
    #[must_use]
    pub fn is_off(&self) -> bool {
        let system = Local::now().timestamp();
        self.knows().is_some_and(|(_, right)| right.abs_diff(system) >= NEAR)
    }

    /// By how many hours the clock with a battery is ahead because somebody set it to local time; `None` if it isn't, or if nobody
    /// knows the time better.
    #[must_use]
    pub fn battery_is_local(&self) -> Option<i32> {
        self.battery_is_ahead_by(Local::now().offset().fix().local_minus_utc())
    }

    /// The same where local time is so many seconds ahead.
    fn battery_is_ahead_by(&self, ahead: i32) -> Option<i32> {
        let (_, right) = self.knows().filter(|(source, _)| *source != Source::Battery)?;
        local_hours(battery(&self.root)?, right, ahead)
    }

    /// Who says what time it is, and what.
    fn knows(&self) -> Option<(Source, i64)> {
        let system = Local::now().timestamp();
        let known = self.known();
        let told = known.told.map(|told| {
            let since = self.started.elapsed().saturating_sub(told.at);
            (
                told.by,
                told.seconds
                    .saturating_add(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)),
            )
        });
        match source_of(system, known.at_least, &self.root) {
            Some(Source::Network) => Some((Source::Network, system)),
            own => told.or(own.map(|own| (own, system))),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn makes_sense(seconds: i64) -> bool {
    (FIRST_SECOND..=LAST_SECOND).contains(&seconds)
}

/// Whether a clock is ahead of the right time, both in seconds since 1970, by as much as local time is: by how many hours.
fn local_hours(clock: i64, right: i64, ahead: i32) -> Option<i32> {
    let is_local = clock.saturating_sub(right).abs_diff(ahead.into()) < APART;
    (ahead.unsigned_abs() >= 3600 && is_local).then_some(ahead / 3600)
}

/// The local time of a moment in seconds since 1970. What is beyond the calendar is the beginning of 1970.
fn local(seconds: i64) -> NaiveDateTime {
    let moment = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    moment.with_timezone(&Local).naive_local()
}

/// For how long the machine under `root` has run, from `/proc/uptime` (`proc_uptime(5)`).
#[must_use]
pub fn uptime(root: &Path) -> Option<Duration> {
    let text = fs::read_to_string(root.join("proc/uptime")).ok()?;
    let seconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn under(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

/// What the clock with a battery says, in seconds since 1970.
fn battery(root: &Path) -> Option<i64> {
    let text = fs::read_to_string(under(root, BATTERY_CLOCK)).ok()?;
    text.trim().parse().ok()
}

/// What reason the machine under `root` has to know the time that it says (seconds since 1970), if it can't be earlier than
/// `at_least`. The network is believed against that, because what was remembered may be a wrong clock's.
fn source_of(seconds: i64, at_least: i64, root: &Path) -> Option<Source> {
    if !makes_sense(seconds) {
        return None;
    }
    if under(root, SYNCHRONISED).exists() {
        return Some(Source::Network);
    }
    let is_near = battery(root)?.abs_diff(seconds) < NEAR;
    let is_behind = seconds < at_least && seconds.abs_diff(at_least) >= NEAR;
    (is_near && !is_behind).then_some(Source::Battery)
}

/// So much of a small file as was ever written there.
fn read_beginning(file: &Path) -> Option<String> {
    const MOST: u64 = 4096;
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(MOST).read_to_end(&mut bytes).ok()?;
    // The end may be in the middle of a letter.
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = FIRST_SECOND + 10_000_000;

    fn machine(file: &str, text: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        let path = under(root.path(), file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
        root
    }

    fn system() -> i64 {
        Local::now().timestamp()
    }

    /// What the clock of a machine says, in seconds from the system's.
    fn says(clock: &Clock) -> Option<(Source, i64)> {
        clock.knows().map(|(source, seconds)| (source, seconds - system()))
    }

    fn is_near(found: Option<(Source, i64)>, source: Source, seconds: i64) -> bool {
        found.is_some_and(|(by, off)| by == source && off.abs_diff(seconds) < 60)
    }

    #[test]
    fn a_clock_that_nobody_set_is_not_believed() {
        assert_eq!(source_of(NOW, 0, machine("etc/hostname", "kiosk").path()), None);
    }

    #[test]
    fn what_staff_said_holds_until_the_machine_is_switched_off() {
        let root = machine(BOOT_ID, "monday\n");
        fs::write(root.path().join("proc/uptime"), "1000.50 2000.00\n").expect("written");
        let data = tempfile::tempdir().expect("a folder");
        let clock = Clock::of(root.path());
        clock.keep_in(data.path());
        assert_eq!(clock.source(), None);
        clock.tell(NOW, Source::Staff);
        clock.remember().expect("written");
        let written = fs::read(data.path().join(SAID)).expect("written");
        clock.remember().expect("nothing new");
        assert_eq!(fs::read(data.path().join(SAID)).expect("written"), written);
        // The program starts again, an hour later.
        fs::write(root.path().join("proc/uptime"), "4600.50 2000.00\n").expect("written");
        let clock = Clock::of(root.path());
        clock.keep_in(data.path());
        let (source, seconds) = clock.knows().expect("a time");
        assert_eq!(source, Source::Staff);
        assert!(seconds.abs_diff(NOW + 3600) <= 2, "{seconds}");
        // Nobody knows how long the machine was off.
        fs::write(root.path().join(BOOT_ID), "tuesday\n").expect("written");
        for damage in [None, Some("{}"), Some("")] {
            if let Some(damage) = damage {
                fs::write(data.path().join(SAID), damage).expect("written");
            }
            let clock = Clock::of(root.path());
            clock.keep_in(data.path());
            assert_eq!(clock.source(), None);
        }
    }

    #[test]
    fn a_battery_of_another_century_is_not_believed() {
        for wrong in [FIRST_SECOND - 1, LAST_SECOND + 1] {
            assert_eq!(
                source_of(wrong, 0, machine(BATTERY_CLOCK, &wrong.to_string()).path()),
                None
            );
        }
    }

    /// The computer on which a pack was signed had a wrong clock.
    #[test]
    fn what_was_made_years_ahead_silences_no_clock_that_is_right() {
        let root = machine(BATTERY_CLOCK, &system().to_string());
        let clock = Clock::of(root.path());
        clock.is_at_least(system() + 2 * FAR);
        assert!(is_near(says(&clock), Source::Battery, 0));
        clock.is_at_least(system() + FAR - 60);
        assert_eq!(says(&clock), None, "a kiosk may lie in its box for a year");
        assert!(!clock.is_off(), "nobody knows better");
        clock.tell(system() + FAR, Source::Office);
        assert!(clock.is_off());
    }

    #[test]
    fn a_clock_set_from_the_network_is_believed() {
        let root = machine(SYNCHRONISED, "");
        assert_eq!(source_of(NOW, 0, root.path()), Some(Source::Network));
        assert_eq!(source_of(0, 0, root.path()), None, "not even the network makes it 1970");
    }

    #[test]
    fn a_clock_with_a_battery_is_believed_as_long_as_the_battery_lasts() {
        let with = |text: &str| source_of(NOW, 0, machine(BATTERY_CLOCK, text).path());
        assert_eq!(with(&format!("{}\n", NOW - 3)), Some(Source::Battery));
        assert_eq!(with("1234\n"), None, "the battery is flat or was never there");
    }

    #[test]
    fn a_clock_with_a_battery_that_is_behind_what_is_known_is_not_believed() {
        let root = machine(BATTERY_CLOCK, &format!("{NOW}\n"));
        let day = 86_400;
        assert_eq!(source_of(NOW, NOW + day - 1, root.path()), Some(Source::Battery));
        assert_eq!(source_of(NOW, NOW + day, root.path()), None);
        let network = machine(SYNCHRONISED, "");
        assert_eq!(source_of(NOW, NOW + 9 * day, network.path()), Some(Source::Network));
    }

    #[test]
    fn the_day_of_a_pack_and_the_last_known_time_are_remembered_over_a_restart() {
        let root = machine(BATTERY_CLOCK, &format!("{}\n", system()));
        let data = tempfile::tempdir().expect("a folder");
        let start = || {
            let clock = Clock::of(root.path());
            clock.keep_in(data.path());
            clock
        };
        let clock = start();
        assert!(is_near(says(&clock), Source::Battery, 0));
        clock.remember().expect("written");
        assert!(is_near(says(&start()), Source::Battery, 0));
        // A pack of next week comes on a stick: the clock is behind.
        clock.is_at_least_day(local(system() + 7 * 86_400).date());
        assert_eq!(says(&clock), None);
        assert_eq!(clock.now().wall, None);
        clock.remember().expect("written");
        assert_eq!(says(&start()), None, "also after a restart");
    }

    #[test]
    fn a_wrong_time_that_was_remembered_is_forgotten_when_somebody_knows_better() {
        let root = machine(BATTERY_CLOCK, &format!("{}\n", system()));
        let data = tempfile::tempdir().expect("a folder");
        fs::write(data.path().join(FILE), format!("{}\n", system() + 900 * 86_400)).expect("written");
        for by in [Source::Office, Source::Staff] {
            let clock = Clock::of(root.path());
            clock.keep_in(data.path());
            assert_eq!(says(&clock), None);
            clock.tell(system() + 100, by);
            assert!(is_near(says(&clock), by, 100));
        }
        let clock = Clock::of(root.path());
        clock.keep_in(data.path());
        clock.tell(system(), Source::Office);
        clock.remember().expect("written");
        let next = Clock::of(root.path());
        next.keep_in(data.path());
        assert!(is_near(says(&next), Source::Battery, 0), "nothing is for good");
    }

    #[test]
    fn what_the_file_says_is_bounded_and_noise_is_nothing() {
        let root = machine(BATTERY_CLOCK, &format!("{}\n", system()));
        let data = tempfile::tempdir().expect("a folder");
        for noise in [
            "",
            "yesterday",
            "-9223372036854775808",
            "9223372036854775807",
            "99999999999999999999",
        ] {
            fs::write(data.path().join(FILE), noise).expect("written");
            let clock = Clock::of(root.path());
            clock.keep_in(data.path());
            assert!(is_near(says(&clock), Source::Battery, 0), "{noise}");
        }
        // So much that it ends in the middle of a letter.
        let later = format!("{} {}", system() + 900 * 86_400, "ộ".repeat(4096));
        fs::write(data.path().join(FILE), later).expect("written");
        let clock = Clock::of(root.path());
        clock.keep_in(data.path());
        assert_eq!(says(&clock), None, "what stands behind the number costs nothing");
        let clock = Clock::of(root.path());
        for absurd in [i64::MAX, LAST_SECOND + 1, 0, i64::MIN] {
            clock.tell(absurd, Source::Office);
            clock.is_at_least(absurd);
            assert!(is_near(says(&clock), Source::Battery, 0), "{absurd}");
        }
    }

    #[test]
    fn who_may_say_what_time_it_is() {
        let root = machine(BATTERY_CLOCK, &format!("{}\n", system()));
        let clock = Clock::of(root.path());
        clock.tell(system() + 5_000, Source::Office);
        assert!(is_near(says(&clock), Source::Office, 5_000), "against the battery");
        clock.tell(0, Source::Office);
        assert!(is_near(says(&clock), Source::Office, 5_000), "1970 is no time");
        clock.tell(system() + 9_000, Source::Staff);
        clock.tell(system(), Source::Office);
        assert!(is_near(says(&clock), Source::Staff, 9_000), "staff see the screen");
        assert!(is_near(says(&clock.clone()), Source::Staff, 9_000), "copies share it");
        fs::create_dir_all(under(root.path(), SYNCHRONISED).parent().expect("a folder")).expect("made");
        fs::write(under(root.path(), SYNCHRONISED), "").expect("written");
        assert!(is_near(says(&clock), Source::Network, 0), "the network has come");
    }

    #[test]
    fn a_battery_clock_in_local_time_is_noticed_by_who_knows_the_time() {
        let vietnam = 7 * 3600;
        assert_eq!(local_hours(NOW + 7 * 3600 + 90, NOW, vietnam), Some(7));
        for (clock, ahead) in [
            (NOW, vietnam),
            (NOW + 6 * 3600, vietnam),
            (NOW, 0),
            (i64::MAX, vietnam),
            (i64::MIN, vietnam),
        ] {
            assert_eq!(local_hours(clock, NOW, ahead), None, "{clock}");
        }
        let root = machine(BATTERY_CLOCK, &format!("{}\n", system()));
        let clock = Clock::of(root.path());
        assert_eq!(clock.battery_is_ahead_by(vietnam), None, "nobody knows better");
        clock.tell(system(), Source::Office);
        assert_eq!(clock.battery_is_ahead_by(vietnam), None, "it is right");
        clock.tell(system() - i64::from(vietnam), Source::Office);
        assert_eq!(clock.battery_is_ahead_by(vietnam), Some(7));
    }

    #[test]
    fn the_machine_says_for_how_long_it_has_run() {
        let root = machine("proc/uptime", "350735.47 234388.90\n");
        assert_eq!(uptime(root.path()), Some(Duration::from_millis(350_735_470)));
        assert_eq!(uptime(machine("proc/uptime", "-1 x").path()), None);
        assert_eq!(uptime(Path::new("/nowhere")), None);
    }
}
