//! The staff page: who may see it, and what it says.
//!
//! There is one PIN, kept as an argon2 hash in the kiosk's configuration; without one the page does not exist. Wrong tries
//! are answered later and later, also after the visit is over; but the words "wrong" are for whoever tried, and not for the
//! next one who opens the page. Begin with [`Pin`].

use std::fmt;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, password_hash};

use crate::usage::stamp::Stamp;

/// The fewest digits of a PIN.
pub const FEWEST_DIGITS: usize = 6;

/// More digits than these nobody types.
const MOST_DIGITS: usize = 12;

/// The wait after the first wrong try; each later one waits three times as long.
const FIRST_WAIT: Duration = Duration::from_secs(5);

/// The longest wait, and no longer: a child that plays with the keys must not lock staff out. Whoever tries day and night has
/// 1,440 tries a day, and a year of them for an even chance at one PIN in a million ([`FEWEST_DIGITS`]); standing in the hall.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Makes the hash of a PIN, for the configuration.
///
/// # Errors
/// If it is no PIN, or if the system gives no random numbers; in words for whoever sets it.
pub fn hash(pin: &str) -> Result<String, String> {
    if pin.len() < FEWEST_DIGITS || pin.len() > MOST_DIGITS || !pin.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(format!(
            "a PIN has {FEWEST_DIGITS} to {MOST_DIGITS} digits and nothing else"
        ));
    }
    let hash = Argon2::default().hash_password(pin.as_bytes());
    Ok(hash.map_err(|error| error.to_string())?.to_string())
}

/// The PIN of this kiosk, and the tries at it.
#[derive(Debug, Default)]
pub struct Pin {
    /// In the PHC string format.
    hash: Option<String>,
    digits: String,
    /// Wrong tries since the last right one.
    wrong: u32,
    /// Whether one of them was since the page was opened.
    wrong_here: bool,
    /// Monotonic time until which nobody is listened to.
    closed_until: Duration,
    /// The check that is under way.
    check: Option<UnderWay>,
    /// How many there were.
    checks: u32,
}

/// A check that is under way.
#[derive(Debug)]
struct UnderWay {
    number: u32,
    /// Monotonic time when it began.
    since: Duration,
    /// Whoever typed has left the page.
    left: bool,
}

/// How long a check may take before it counts as lost: argon2 takes a fraction of a second.
const LONGEST_CHECK: Duration = Duration::from_secs(30);

/// A try to be checked aside: argon2 takes longer than a frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Check {
    number: u32,
    hash: Option<String>,
    typed: String,
}

impl Check {
    /// Which check it is: what a check says that was given up is passed over.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Whether it is the PIN. Takes tens of milliseconds and 19 MiB, as argon2 wants it.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.hash
            .as_deref()
            .and_then(|hash| PasswordHash::new(hash).ok())
            .is_some_and(|hash| Argon2::default().verify_password(self.typed.as_bytes(), &hash).is_ok())
    }
}

/// Says nothing of what was typed.
impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Check")
    }
}

impl Pin {
    /// A PIN from the configuration.
    ///
    /// # Errors
    /// If this is not the hash of a PIN.
    pub fn of_hash(hash: &str) -> Result<Self, password_hash::phc::Error> {
        PasswordHash::new(hash)?;
        Ok(Self {
            hash: Some(hash.to_owned()),
            ..Self::default()
        })
    }

    /// Whether there is a PIN at all.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.hash.is_some()
    }

    /// How many digits have been typed.
    #[must_use]
    pub fn typed(&self) -> usize {
        self.digits.len()
    }

    /// Whether there was a wrong try since the page was opened.
    #[must_use]
    pub fn was_wrong(&self) -> bool {
        self.wrong_here
    }

    /// Whether there are enough digits for a try, and somebody listens.
    #[must_use]
    pub fn can_be_tried(&self, now: Stamp) -> bool {
        self.digits.len() >= FEWEST_DIGITS && self.wait(now) == 0 && !self.is_checked(now)
    }

    fn is_checked(&self, now: Stamp) -> bool {
        let under_way = self.check.as_ref();
        under_way.is_some_and(|check| now.monotonic.saturating_sub(check.since) < LONGEST_CHECK)
    }

    /// Seconds until the next try is listened to; 0 if it is now.
    #[must_use]
    pub fn wait(&self, now: Stamp) -> u64 {
        let left = self.closed_until.saturating_sub(now.monotonic);
        left.as_secs() + u64::from(left.subsec_nanos() > 0)
    }

    /// Types a digit.
    pub fn push(&mut self, digit: char) {
        if digit.is_ascii_digit() && self.digits.len() < MOST_DIGITS {
            self.digits.push(digit);
        }
    }

    /// Takes a digit back.
    pub fn erase(&mut self) {
        self.digits.pop();
    }

    /// Forgets what has been typed, for whoever opens the page next; how long to wait is remembered.
    pub fn clear(&mut self) {
        self.digits.clear();
        self.wrong_here = false;
        if let Some(check) = &mut self.check {
            check.left = true;
        }
    }

    /// Takes what has been typed, to be checked aside, if it is long enough and somebody listens; see [`Pin::checked`].
    pub fn try_open(&mut self, now: Stamp) -> Option<Check> {
        if self.digits.len() < FEWEST_DIGITS || self.is_checked(now) {
            return None;
        }
        let typed = std::mem::take(&mut self.digits);
        if self.wait(now) > 0 {
            return None;
        }
        self.checks = self.checks.wrapping_add(1);
        self.check = Some(UnderWay {
            number: self.checks,
            since: now.monotonic,
            left: false,
        });
        Some(Check {
            number: self.checks,
            hash: self.hash.clone(),
            typed,
        })
    }

    /// Takes the answer to a check; says whether the page opens. A wrong try counts also if whoever made it has left.
    pub fn checked(&mut self, number: u32, right: bool, now: Stamp) -> bool {
        let Some(check) = self.check.take_if(|check| check.number == number) else {
            return false;
        };
        if right {
            self.wrong = 0;
            return !check.left;
        }
        self.wrong_here = !check.left;
        self.close(self.wrong.saturating_add(1), now);
        false
    }

    /// Wrong tries since the last right one: to be remembered over a start of the program, so that pulling the plug shortens no wait.
    #[must_use]
    pub const fn wrong_tries(&self) -> u32 {
        self.wrong
    }

    /// Takes the wrong tries of before the program's start; the wait after the last of them begins anew.
    pub fn remember(&mut self, wrong_tries: u32, now: Stamp) {
        self.close(wrong_tries, now);
    }

    /// Listens to nobody for a while, after so many wrong tries.
    fn close(&mut self, wrong_tries: u32, now: Stamp) {
        self.wrong = wrong_tries;
        if let Some(before) = wrong_tries.checked_sub(1) {
            let wait = FIRST_WAIT
                .saturating_mul(3_u32.saturating_pow(before))
                .min(LONGEST_WAIT);
            self.closed_until = now.monotonic + wait;
        }
    }
}

/// What the staff page says of the machine; the program around the session finds it out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button that is there or not")]
pub struct Facts {
    /// Edition and title of the content.
    pub content: String,
    /// Where it comes from, and since when if that is known.
    pub origin: String,
    /// Whether there is a pack to go back to.
    pub can_go_back: bool,
    /// How bright the screen is, in percent, where that can be set.
    pub brightness: Option<u32>,
    /// What was counted this month, in words; empty if nobody knows which month it is.
    pub counts: String,
    /// What waits for the office and how the last call went, in words; empty on a kiosk that sends nothing.
    pub office: String,
    /// Whether the office can be called.
    pub can_call_office: bool,
    /// The id of the kiosk, and the six words of its key; empty on a kiosk that sends nothing.
    pub identity: String,
    /// What time it is and who says so, in words.
    pub clock: String,
    /// Whether staff can set it: the network's time holds against theirs.
    pub can_set_date: bool,
    /// Space on the disk, memory of the program, and what is wrong with the machine, in words.
    pub machine: String,
    /// Whether the machine can be turned off from here.
    pub can_turn_off: bool,
}

/// What the card says that turns the machine off, or off and on again; `asked` once it was touched.
#[must_use]
pub const fn turn_off(again: bool, asked: bool) -> &'static str {
    match (again, asked) {
        (false, false) => "Tắt máy",
        (false, true) => "Chạm lần nữa để tắt máy",
        (true, false) => "Khởi động lại máy",
        (true, true) => "Chạm lần nữa để khởi động lại máy",
    }
}

/// Who the kiosk is, to be read out over a telephone: first the six words that are compared, then its id.
///
/// The id is longer than a line of large letters on a narrow screen, and would push the words off it: it is written in two.
#[must_use]
pub fn identity(id: &str, words: &str) -> String {
    const HALF: usize = "kiosk-01234567".len();
    let id = id
        .split_at_checked(HALF)
        .map_or_else(|| id.to_owned(), |(first, second)| format!("{first} {second}"));
    format!("{words}. Mã số: {}.", id.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Stamp {
        Stamp::undated(Duration::from_secs(seconds))
    }

    /// What became of a try; `None` if it was none.
    fn try_open(pin: &mut Pin, now: Stamp) -> Option<bool> {
        let check = pin.try_open(now)?;
        Some(pin.checked(check.number(), check.is_right(), now))
    }

    fn type_in(pin: &mut Pin, digits: &str, now: Stamp) -> Option<bool> {
        digits.chars().for_each(|digit| pin.push(digit));
        try_open(pin, now)
    }

    #[test]
    fn the_right_pin_opens_and_wrong_ones_wait_longer_and_longer_up_to_a_minute() {
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        let mut now = 0;
        for wait in [5, 15, 45, 60, 60, 60] {
            assert_eq!(type_in(&mut pin, "123456", at(now)), Some(false));
            assert_eq!(pin.wait(at(now)), wait);
            assert_eq!(
                type_in(&mut pin, "271828", at(now + wait - 1)),
                None,
                "even the right one"
            );
            now += wait;
        }
        assert_eq!(type_in(&mut pin, "271828", at(now)), Some(true));
        assert_eq!(
            type_in(&mut pin, "271828", at(now)),
            Some(true),
            "nothing wrong is left"
        );
    }

    #[test]
    fn pulling_the_plug_shortens_no_wait() {
        let new = || Pin::of_hash(&hash("271828").unwrap()).unwrap();
        let mut pin = new();
        pin.remember(0, at(0));
        assert_eq!((pin.wait(at(0)), pin.wrong_tries()), (0, 0));
        assert_eq!(type_in(&mut pin, "123456", at(0)), Some(false));
        assert_eq!(type_in(&mut pin, "123456", at(5)), Some(false));
        for (tries, wait) in [(1, 5), (pin.wrong_tries(), 15), (3, 45), (4, 60), (u32::MAX, 60)] {
            let mut pin = new();
            pin.remember(tries, at(100));
            assert_eq!((pin.wait(at(100)), pin.was_wrong()), (wait, false), "{tries}");
            assert_eq!(type_in(&mut pin, "271828", at(100)), None, "too soon");
            assert_eq!(type_in(&mut pin, "271828", at(100 + wait)), Some(true));
            assert_eq!(pin.wrong_tries(), 0);
        }
    }

    #[test]
    fn an_id_can_be_broken_in_two_lines() {
        let whole = identity("kiosk-0123456789abcdef", "nhà lúa ba chân đường mây");
        assert_eq!(whole, "nhà lúa ba chân đường mây. Mã số: kiosk-01234567 89abcdef.");
        assert_eq!(identity("kiosk", "nhà lúa"), "nhà lúa. Mã số: kiosk.");
    }

    #[test]
    fn only_digits_count_and_enough_of_them() {
        assert!(hash("12345").is_err());
        assert!(hash("12345a").is_err());
        assert!(Pin::of_hash("271828").is_err());
        let mut pin = Pin::default();
        assert!(!pin.is_set());
        assert_eq!(type_in(&mut pin, "271828", at(0)), Some(false), "no PIN is no way in");
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        pin.push('x');
        assert_eq!(pin.typed(), 0);
    }

    #[test]
    fn what_is_too_short_is_no_try() {
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        for _ in 0..20 {
            assert_eq!(try_open(&mut pin, at(0)), None, "nothing typed");
        }
        assert_eq!(type_in(&mut pin, "27182", at(0)), None);
        assert!(!pin.was_wrong() && pin.wait(at(0)) == 0 && !pin.can_be_tried(at(0)));
        pin.push('8');
        assert!(pin.can_be_tried(at(0)), "what was typed still stands");
        assert_eq!(try_open(&mut pin, at(0)), Some(true));
    }

    #[test]
    fn the_next_one_is_not_greeted_with_somebody_elses_mistake_and_still_waits() {
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        assert_eq!(type_in(&mut pin, "123456", at(0)), Some(false));
        assert!(pin.was_wrong());
        pin.clear();
        assert!(!pin.was_wrong());
        "271828".chars().for_each(|digit| pin.push(digit));
        assert!(!pin.can_be_tried(at(1)), "five seconds");
        assert_eq!(try_open(&mut pin, at(1)), None);
        assert!(!pin.was_wrong(), "who came too soon is not told that it was wrong");
        assert_eq!(type_in(&mut pin, "271828", at(5)), Some(true));
    }

    #[test]
    fn an_answer_that_comes_after_its_asker_left_opens_nothing_and_tells_the_next_one_nothing() {
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        for typed in ["271828", "123456"] {
            typed.chars().for_each(|digit| pin.push(digit));
            let check = pin.try_open(at(0)).expect("a try");
            "271828".chars().for_each(|digit| pin.push(digit));
            assert_eq!(pin.try_open(at(0)), None, "one check at a time");
            pin.clear();
            assert!(!pin.checked(check.number(), check.is_right(), at(0)));
            assert!(!pin.was_wrong());
        }
        assert_eq!(pin.wait(at(0)), 5, "the wrong one was a try");
        assert!(!pin.checked(0, true, at(0)), "nobody asked");
    }

    #[test]
    fn a_check_that_is_never_answered_locks_nobody_out() {
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        "271828".chars().for_each(|digit| pin.push(digit));
        let lost = pin.try_open(at(0)).expect("a try");
        assert_eq!(format!("{lost:?}"), "Check", "no digit gets into a log");
        "271828".chars().for_each(|digit| pin.push(digit));
        assert!(!pin.can_be_tried(at(29)) && pin.can_be_tried(at(30)));
        assert_eq!(try_open(&mut pin, at(30)), Some(true));
        // It comes after all, when somebody else has tried.
        "123456".chars().for_each(|digit| pin.push(digit));
        let wrong = pin.try_open(at(60)).expect("a try");
        assert!(!pin.checked(lost.number(), lost.is_right(), at(60)));
        assert!(!pin.checked(wrong.number(), wrong.is_right(), at(60)));
        assert_eq!(pin.wait(at(60)), 5);
    }
}
