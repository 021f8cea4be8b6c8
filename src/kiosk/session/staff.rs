//! The staff page: who may see it, and what it says.
//!
//! There is one PIN, kept as an argon2 hash in the kiosk's configuration; without one the page does not exist. Wrong tries
//! are answered later and later, also after the visit is over; but the words "wrong" are for whoever tried, and not for the
//! next one who opens the page. Begin with [`Pin`].

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
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// Right.
    Open,
    /// Wrong.
    Wrong,
    /// Nobody listens yet.
    TooSoon,
    /// Not enough digits for a PIN: no try at all.
    TooShort,
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
        self.digits.len() >= FEWEST_DIGITS && self.wait(now) == 0
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
    }

    /// Tries what has been typed, if it is long enough.
    pub fn try_open(&mut self, now: Stamp) -> Try {
        if self.digits.len() < FEWEST_DIGITS {
            return Try::TooShort;
        }
        let typed = std::mem::take(&mut self.digits);
        if self.wait(now) > 0 {
            return Try::TooSoon;
        }
        let right = self
            .hash
            .as_deref()
            .and_then(|hash| PasswordHash::new(hash).ok())
            .is_some_and(|hash| Argon2::default().verify_password(typed.as_bytes(), &hash).is_ok());
        if right {
            self.wrong = 0;
            return Try::Open;
        }
        let wait = FIRST_WAIT
            .saturating_mul(3_u32.saturating_pow(self.wrong))
            .min(LONGEST_WAIT);
        self.wrong += 1;
        self.wrong_here = true;
        self.closed_until = now.monotonic + wait;
        Try::Wrong
    }
}

/// What the staff page says of the machine; the program around the session finds it out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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

    fn type_in(pin: &mut Pin, digits: &str, now: Stamp) -> Try {
        digits.chars().for_each(|digit| pin.push(digit));
        pin.try_open(now)
    }

    #[test]
    fn the_right_pin_opens_and_wrong_ones_wait_longer_and_longer_up_to_a_minute() {
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        let mut now = 0;
        for wait in [5, 15, 45, 60, 60, 60] {
            assert_eq!(type_in(&mut pin, "123456", at(now)), Try::Wrong);
            assert_eq!(pin.wait(at(now)), wait);
            assert_eq!(
                type_in(&mut pin, "271828", at(now + wait - 1)),
                Try::TooSoon,
                "even the right one"
            );
            now += wait;
        }
        assert_eq!(type_in(&mut pin, "271828", at(now)), Try::Open);
        assert_eq!(type_in(&mut pin, "271828", at(now)), Try::Open, "nothing wrong is left");
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
        assert_eq!(type_in(&mut pin, "271828", at(0)), Try::Wrong, "no PIN is no way in");
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        pin.push('x');
        assert_eq!(pin.typed(), 0);
    }

    #[test]
    fn what_is_too_short_is_no_try() {
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        for _ in 0..20 {
            assert_eq!(pin.try_open(at(0)), Try::TooShort, "nothing typed");
        }
        assert_eq!(type_in(&mut pin, "27182", at(0)), Try::TooShort);
        assert!(!pin.was_wrong() && pin.wait(at(0)) == 0 && !pin.can_be_tried(at(0)));
        pin.push('8');
        assert!(pin.can_be_tried(at(0)), "what was typed still stands");
        assert_eq!(pin.try_open(at(0)), Try::Open);
    }

    #[test]
    fn the_next_one_is_not_greeted_with_somebody_elses_mistake_and_still_waits() {
        let mut pin = Pin::of_hash(&hash("271828").unwrap()).unwrap();
        assert_eq!(type_in(&mut pin, "123456", at(0)), Try::Wrong);
        assert!(pin.was_wrong());
        pin.clear();
        assert!(!pin.was_wrong());
        "271828".chars().for_each(|digit| pin.push(digit));
        assert!(!pin.can_be_tried(at(1)), "five seconds");
        assert_eq!(pin.try_open(at(1)), Try::TooSoon);
        assert!(!pin.was_wrong(), "who came too soon is not told that it was wrong");
        assert_eq!(type_in(&mut pin, "271828", at(5)), Try::Open);
    }
}
