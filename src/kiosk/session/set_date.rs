//! The date and the time of day, as staff type them: day, month, year, hour, minute. Begin with [`TypedDate`].

use chrono::{NaiveDate, NaiveDateTime};

/// What each part is called, and how many digits it has.
const PARTS: [(&str, usize); 5] = [("ngày", 2), ("tháng", 2), ("năm", 4), ("giờ", 2), ("phút", 2)];

/// All digits.
const DIGITS: usize = 12;

/// The years that make sense: before the first no kiosk ran.
const YEARS: std::ops::RangeInclusive<i32> = 2026..=2099;

/// Digits that become a moment once all are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedDate {
    digits: String,
}

/// A part as it is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatePart {
    /// What it is.
    pub name: &'static str,
    /// What has been typed of it.
    pub digits: String,
    /// How many digits it has when it is whole.
    pub of: usize,
    /// Whether the next digit goes here.
    pub is_next: bool,
}

impl TypedDate {
    /// Types a digit.
    pub fn push(&mut self, digit: char) {
        if digit.is_ascii_digit() && self.digits.len() < DIGITS {
            self.digits.push(digit);
        }
    }

    /// Takes a digit back.
    pub fn erase(&mut self) {
        self.digits.pop();
    }

    /// Whether all digits are there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.digits.len() == DIGITS
    }

    /// The moment; `None` as long as digits are missing, and if there is no such day or time.
    #[must_use]
    pub fn moment(&self) -> Option<NaiveDateTime> {
        if !self.is_whole() {
            return None;
        }
        let number = |from: usize, to: usize| self.digits.get(from..to)?.parse::<u32>().ok();
        let year = i32::try_from(number(4, 8)?).ok().filter(|year| YEARS.contains(year))?;
        let day = NaiveDate::from_ymd_opt(year, number(2, 4)?, number(0, 2)?)?;
        day.and_hms_opt(number(8, 10)?, number(10, 12)?, 0)
    }

    /// What is seen of it.
    #[must_use]
    pub fn parts(&self) -> Vec<DatePart> {
        let mut from = 0;
        let mut parts = Vec::with_capacity(PARTS.len());
        for (name, of) in PARTS {
            let typed = self.digits.chars().skip(from).take(of).collect();
            let is_next = (from..from + of).contains(&self.digits.len());
            parts.push(DatePart {
                name,
                digits: typed,
                of,
                is_next,
            });
            from += of;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> TypedDate {
        let mut typed = TypedDate::default();
        text.chars().for_each(|digit| typed.push(digit));
        typed
    }

    #[test]
    fn day_month_year_hour_and_minute_are_a_moment() {
        let moment = typed("29/11/2026 08:05").moment().expect("a moment");
        assert_eq!(moment.to_string(), "2026-11-29 08:05:00");
        assert_eq!(typed("291120260805999").moment(), Some(moment), "more is not typed");
    }

    #[test]
    fn what_is_no_day_or_no_time_is_no_moment() {
        for wrong in [
            "310220260805",
            "001120260805",
            "291320260805",
            "291120262405",
            "291120260860",
            "291119990805",
            "",
        ] {
            assert_eq!(typed(wrong).moment(), None, "{wrong}");
        }
        let mut date = typed("310220260805");
        assert!(date.is_whole());
        date.erase();
        assert!(!date.is_whole());
    }

    #[test]
    fn the_part_in_which_the_next_digit_goes_is_seen() {
        let seen = |text: &str| {
            let parts = typed(text).parts();
            let part = parts.iter().find(|part| part.is_next);
            part.map(|part| format!("{} {}", part.name, part.digits))
        };
        assert_eq!(seen("").as_deref(), Some("ngày "));
        assert_eq!(seen("2").as_deref(), Some("ngày 2"));
        assert_eq!(seen("2911").as_deref(), Some("năm "));
        assert_eq!(seen("29112026080").as_deref(), Some("phút 0"));
        assert_eq!(seen("291120260805"), None);
    }
}
