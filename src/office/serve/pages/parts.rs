//! What several pages are made of: tables, charts beside their tables, the choice of a period. Begin with [`Asked`].

use chrono::{DateTime, Datelike, Local, Months, NaiveDate};
use maud::{Markup, html};
use serde::Deserialize;

use super::session::Officer;
use crate::office::chart::Chart;
use crate::office::report::Period;
use crate::office::rounding::STEP;
use crate::office::words;

/// What is asked for in the address of a page with figures.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    from: Option<String>,
    to: Option<String>,
    /// One kiosk only.
    pub kiosk: Option<String>,
}

impl Asked {
    /// The period, and whether it is what was asked for: without a sensible one, the month before this.
    pub fn period(&self, today: NaiveDate) -> (Period, bool) {
        let day = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<NaiveDate>().ok());
        let asked = day(&self.from)
            .zip(day(&self.to))
            .and_then(|(from, to)| Period::spanning(from, to));
        let unasked = self.from.is_none() && self.to.is_none();
        (asked.unwrap_or_else(|| last_month(today)), unasked || asked.is_some())
    }
}

fn last_month(today: NaiveDate) -> Period {
    // A calendar that ends before the year 1900 has other troubles.
    let this = Period::month(today.year(), today.month());
    this.map_or_else(|| Period::spanning(today, today), |month| Some(month.before()))
        .unwrap_or_else(|| unreachable!("a day is a period"))
}

/// The periods that are asked for mostly: calendar months, quarters, halves, nine months and years, and from the 15th to the 14th, as
/// reports of authorities close.
fn usual(today: NaiveDate) -> Vec<(&'static str, Period)> {
    let first = |month: u32| NaiveDate::from_ymd_opt(today.year(), month, 1);
    let from = |month: u32, months: u32| Period::months(first(month)?, months);
    let quarter = from((today.month() - 1) / 3 * 3 + 1, 3);
    let half = from(if today.month() > 6 { 7 } else { 1 }, 6);
    let year = from(1, 12);
    // The last one that is over.
    let fifteenth = today
        .with_day(15)
        .map(|day| if today.day() < 15 { day - Months::new(1) } else { day });
    let to_14th = fifteenth.and_then(|day| Period::months(day - Months::new(1), 1));
    let periods = [
        ("Tháng trước", Some(last_month(today))),
        ("Tháng này", from(today.month(), 1)),
        ("Ngày 15 đến 14", to_14th),
        ("Quý trước", quarter.map(Period::before)),
        ("Quý này", quarter),
        ("6 tháng trước", half.map(Period::before)),
        ("6 tháng này", half),
        ("9 tháng đầu năm", from(1, 9)),
        ("Năm nay", year),
        ("Năm trước", year.map(Period::before)),
    ];
    let known = periods.into_iter().filter_map(|(name, period)| Some((name, period?)));
    known.collect()
}

/// The part of an address that asks for a period, and for one kiosk or all.
pub fn query(period: Period, kiosk: Option<&str>) -> String {
    let kiosk = kiosk.map_or_else(String::new, |id| format!("&kiosk={id}"));
    format!("?from={}&to={}{kiosk}", period.from(), period.to())
}

/// The choice of a period, for a page that shows one.
pub fn periods(path: &str, chosen: Period, understood: bool, kiosk: Option<&str>, today: NaiveDate) -> Markup {
    html! {
        @if !understood {
            p.trouble role="alert" { "Khoảng ngày không đúng: ngày đầu phải trước ngày cuối, dài nhất mười năm. Đang xem " (chosen.name()) "." }
        }
        div.periods {
            ul {
                @for (name, period) in usual(today) {
                    li {
                        a href=(format!("{path}{}", query(period, kiosk))) aria-current=[(period == chosen).then_some("true")] { (name) }
                    }
                }
            }
            form method="get" action=(path) {
                @if let Some(id) = kiosk { input type="hidden" name="kiosk" value=(id); }
                label for="from" { "Từ ngày" }
                input id="from" type="date" name="from" value=(chosen.from()) required;
                label for="to" { "đến ngày" }
                input id="to" type="date" name="to" value=(chosen.to()) required;
                button type="submit" { "Xem" }
            }
        }
        p.hint { "Số lượt, số lần đều được làm tròn đến " (STEP) ", để không ai tính ngược ra được những con số nhỏ; <" (STEP) " là từ 0 đến " (STEP - 1) "." }
    }
}

/// A chart with its table beside it.
pub fn charted(chart: &Chart, table: &Markup) -> Markup {
    html! {
        div.charted {
            figure { (chart) }
            div.table tabindex="0" { (table) }
        }
    }
}

/// A table: the first column names its rows, the others are figures.
pub fn table(caption: &str, head: &[&str], rows: &[Vec<String>]) -> Markup {
    html! {
        table {
            caption { (caption) }
            thead { tr { @for name in head { th scope="col" { (name) } } } }
            tbody {
                @for row in rows {
                    tr {
                        @for (place, cell) in row.iter().enumerate() {
                            @if place == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

/// A button for what can't be undone: it opens a question, and only a second one does it.
pub fn asked_first(officer: &Officer, address: &str, button: &str, question: &str, sure: &str) -> Markup {
    asked_first_of(officer, address, &html! {}, button, question, sure)
}

/// The same with fields that nobody sees.
pub fn asked_first_of(
    officer: &Officer,
    address: &str,
    hidden: &Markup,
    button: &str,
    question: &str,
    sure: &str,
) -> Markup {
    html! {
        details.sure {
            summary aria-label=(format!("{button}: {question}")) { (button) }
            form.line method="post" action=(address) {
                (officer.token())
                (hidden)
                span { (question) }
                button type="submit" { (sure) }
            }
        }
    }
}

/// What stands where there is nothing to draw.
pub fn nothing() -> Markup {
    html! { p.nothing { "Kỳ này chưa có số liệu, hoặc còn quá ít." } }
}

/// A moment as people write it: `5/10/2026, 14:03`.
pub fn moment(seconds: i64) -> String {
    let moment = DateTime::from_timestamp(seconds, 0)
        .unwrap_or_default()
        .with_timezone(&Local);
    format!("{}, {}", words::date(moment.date_naive()), moment.format("%H:%M"))
}

/// A size in bytes as people read it.
pub fn size(bytes: u64) -> String {
    const MEGA: u64 = 1024 * 1024;
    if bytes < MEGA {
        format!("{} KB", words::number(bytes.div_ceil(1024)))
    } else {
        format!("{} MB", words::tenths(bytes.saturating_mul(10) / MEGA))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(from: &str, to: &str) -> Asked {
        Asked {
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
            kiosk: None,
        }
    }

    #[test]
    fn without_a_sensible_period_it_is_the_month_before() {
        let today = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        let name = |asked: Asked| {
            let (period, understood) = asked.period(today);
            (period.name(), understood)
        };
        let december = || "tháng 12 năm 2025".to_owned();
        assert_eq!(name(Asked::default()), (december(), true));
        assert_eq!(name(asked("2025-13-01", "x")), (december(), false));
        assert_eq!(name(asked("2025-02-01", "2025-01-01")), (december(), false));
        assert_eq!(name(asked("2025-01-01", "2025-12-31")), ("năm 2025".to_owned(), true));
    }

    #[test]
    fn sizes_are_read_easily() {
        assert_eq!(
            [0, 1, 5_000, 3 * 1024 * 1024 / 2].map(size),
            ["0 KB", "1 KB", "5 KB", "1,5 MB"]
        );
    }
}
