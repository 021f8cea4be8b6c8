//! Numbers, dates and groups as Vietnamese officers read them. Begin with [`number`].

use chrono::{Datelike, NaiveDate};

use super::rounding::STEP;
use crate::usage::signals::Signal;
use crate::usage::statistics::Card;

/// A whole number with dots between thousands: `1.234`.
#[must_use]
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// A whole number as officers type it, with dots between thousands or without: `1500`, `1.500`. No other dot, no comma, no sign: whoever types
/// `12,5` doesn't mean 125.
#[must_use]
pub fn read_number(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split('.');
    let first = parts.next().filter(|first| digits(first))?;
    let mut has_dots = false;
    for part in parts {
        has_dots = true;
        if part.len() != 3 || !digits(part) {
            return None;
        }
    }
    if has_dots && first.len() > 3 {
        return None;
    }
    text.replace('.', "").parse().ok()
}

/// A count in fives; what was rounded to nothing may be up to four: `<5`.
#[must_use]
pub fn count(n: u64) -> String {
    if n == 0 { format!("<{STEP}") } else { number(n) }
}

/// Tenths with a comma: 105 is `10,5`.
#[must_use]
pub fn tenths(n: u64) -> String {
    format!("{},{}", number(n / 10), n % 10)
}

/// How many tenths of a percent `part` is of `whole`, rounded; `None` of nothing.
#[must_use]
pub fn permille(part: u64, whole: u64) -> Option<u64> {
    let rounded = (u128::from(part) * 2000 + u128::from(whole)).checked_div(u128::from(whole) * 2)?;
    u64::try_from(rounded).ok()
}

/// How many a day, to a tenth, rounded: `1,7`.
#[must_use]
pub fn average(n: u64, days: u64) -> String {
    let rounded = (u128::from(n) * 20 + u128::from(days)).checked_div(u128::from(days) * 2);
    tenths(rounded.and_then(|tenths| u64::try_from(tenths).ok()).unwrap_or(0))
}

/// A share in percent, `10,5%`, at most the whole: rounding may make a part look larger. `None` of nothing, and of what was rounded to
/// nothing.
#[must_use]
pub fn percent(part: u64, whole: u64) -> Option<String> {
    permille(part.min(whole), whole)
        .filter(|_| part > 0)
        .map(|n| format!("{}%", tenths(n)))
}

/// A day: `5/10/2026`.
#[must_use]
pub fn date(day: NaiveDate) -> String {
    format!("{}/{}/{}", day.day(), day.month(), day.year())
}

/// A day whose year is clear: `5/10`.
#[must_use]
pub fn day_and_month(day: NaiveDate) -> String {
    format!("{}/{}", day.day(), day.month())
}

/// A month: `10/2026`.
#[must_use]
pub fn month(day: NaiveDate) -> String {
    format!("{}/{}", day.month(), day.year())
}

/// What a value of a signal stands for; an unknown one stands for itself.
#[must_use]
pub fn group(signal: Signal, value: &str) -> &str {
    match (signal, value) {
        (Signal::VisitEnded, "finished") => "Kết thúc ở trang chủ",
        (Signal::VisitEnded, "left") => "Rời máy giữa chừng",
        (Signal::VisitEnded, "stopped") => "Máy dừng giữa chừng",
        (Signal::VisitLength, "under-30s") => "Dưới 30 giây",
        (Signal::VisitLength, "under-2min") => "Từ 30 giây đến dưới 2 phút",
        (Signal::VisitLength, "under-5min") => "Từ 2 đến dưới 5 phút",
        (Signal::VisitLength, "under-10min") => "Từ 5 đến dưới 10 phút",
        (Signal::VisitLength, "10min-or-more") => "Từ 10 phút trở lên",
        (Signal::VisitPages, "0") => "Không mở trang nào",
        (Signal::VisitPages, "1") => "1 trang",
        (Signal::VisitPages, "2-3") => "2 đến 3 trang",
        (Signal::VisitPages, "4-7") => "4 đến 7 trang",
        (Signal::VisitPages, "8-or-more") => "Từ 8 trang trở lên",
        (Signal::Rated | Signal::VisitRated, "good") => "Hữu ích",
        (Signal::Rated | Signal::VisitRated, "fair") => "Bình thường",
        (Signal::Rated | Signal::VisitRated, "poor") => "Chưa hữu ích",
        (Signal::SoundPlayed, "started") => "Bắt đầu nghe",
        (Signal::SoundPlayed, "to-the-end") => "Nghe đến hết",
        (Signal::QuizFinished, "0-3") => "0 đến 3 điểm",
        (Signal::QuizFinished, "4-6") => "4 đến 6 điểm",
        (Signal::QuizFinished, "7-8") => "7 đến 8 điểm",
        (Signal::QuizFinished, "9-10") => "9 đến 10 điểm",
        (Signal::Language, "vi") => "Tiếng Việt",
        (Signal::Language, "en") => "Tiếng Anh",
        (Signal::TextSize, "normal") => "Cỡ chữ thường",
        (Signal::TextSize, "large") => "Cỡ chữ lớn",
        (Signal::TextSize, "largest") => "Cỡ chữ lớn nhất",
        (Signal::Contrast, "normal") => "Tương phản thường",
        (Signal::Contrast, "high") => "Tương phản cao",
        (_, other) => other,
    }
}

/// What is wrong with a kiosk's name, which has so many letters at most.
#[must_use]
pub fn no_name(longest: usize) -> String {
    format!("Tên máy viết trên một dòng, có từ 1 đến {longest} chữ.")
}

/// How a kiosk's card is.
#[must_use]
pub const fn card(card: Card) -> &'static str {
    match card {
        Card::Fine => "Tốt",
        Card::Full => "Thẻ nhớ đầy",
        Card::Failing => "Thẻ nhớ sắp hỏng",
        Card::ReadOnly => "Thẻ nhớ không ghi được",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_dots_and_shares_a_comma() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(number),
            ["0", "999", "1.000", "1.234.567"]
        );
        assert_eq!(percent(1, 3).as_deref(), Some("33,3%"));
        assert_eq!(percent(2, 3).as_deref(), Some("66,7%"));
        assert_eq!(percent(10, 5).as_deref(), Some("100,0%"), "both were rounded");
        assert_eq!(percent(3, 0), None);
        assert_eq!(permille(u64::MAX, 1), None, "beyond numbers, and no panic");
    }

    #[test]
    fn what_is_typed_is_a_whole_number_or_nothing() {
        for (typed, read) in [
            ("75", Some(75)),
            (" 1500 ", Some(1_500)),
            ("1.500", Some(1_500)),
            ("1.234.567", Some(1_234_567)),
            ("0", Some(0)),
        ] {
            assert_eq!(read_number(typed), read, "{typed}");
        }
        for wrong in [
            "",
            "12,5",
            "1.5",
            "1.50",
            "1500.000",
            ".500",
            "1..500",
            "+5",
            "-5",
            "1e3",
            "७",
            "99999999999999999999",
        ] {
            assert_eq!(read_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn averages_are_rounded() {
        assert_eq!(
            [(50, 30), (0, 31), (1, 31), (5, 0)].map(|(n, days)| average(n, days)),
            ["1,7", "0,0", "0,0", "0,0"]
        );
    }

    #[test]
    fn none_may_be_up_to_four() {
        assert_eq!([0, 5, 1_000].map(count), ["<5", "5", "1.000"]);
    }
}
