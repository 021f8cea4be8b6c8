//! What leaves the kiosk: counts of several spans of time, and how the machine is.
//!
//! The same table is what the office adds up and reports from. Every field is listed in `docs/privacy.md`, and a test keeps
//! that page equal to this module. Whatever comes in is bounded and checked ([`Statistics::from_json`]). Read [`Statistics`]
//! first.

mod differing;
mod json;
mod rows;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};

use super::signals::{Cell, Label, Signal};
pub use differing::Difference;
use json::{Bounds, Counts};
use rows::Rows;

/// Grows when an older office would misunderstand the statistics: another meaning of what is there. 2 has how card and power
/// are. From 3 on a program passes over fields that it doesn't know and keeps signals that it doesn't know, so that a new one of
/// either is no other format; 3 has the pack's id.
const FORMAT: u64 = 3;

/// The oldest that is still read, because kiosks are updated after the office. What it did not say is unknown.
const OLDEST: u64 = 1;

/// The most of one bundle: three years of days; each page of a library of 250 with all that is counted of it, for two months, or a
/// tenth of that for a year and a half. A busy month of today has 700 cells.
const MOST: Bounds = Bounds {
    spans: 1_200,
    cells: 5_000,
    numbers: 600_000,
    sums: 10_000,
};

/// What the office itself has added up is read whole.
const ALL: Bounds = Bounds {
    spans: usize::MAX,
    cells: usize::MAX,
    numbers: usize::MAX,
    sums: usize::MAX,
};

/// The most that one counter may say; a kiosk that claims more is broken or lies.
const LARGEST: u64 = 100_000_000;

/// The longest version that is believed.
const LONGEST_VERSION: usize = 40;

/// A stretch of time as it leaves the kiosk. Coarser ones hold what was too little to stand alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Span {
    /// Nobody knows when.
    Undated,
    /// A year: what its months had too little of.
    Year(i32),
    /// A month: its days with few visits. The day is the first of the month.
    Month(NaiveDate),
    /// A day.
    Day(NaiveDate),
}

impl Span {
    /// The month that a day or a month's rest belongs to, as its first day.
    #[must_use]
    pub fn month(self) -> Option<NaiveDate> {
        match self {
            Self::Day(day) | Self::Month(day) => Some(month_of(day)),
            Self::Year(_) | Self::Undated => None,
        }
    }

    /// Its first and last day; `None` if nobody knows when.
    #[must_use]
    pub fn days(self) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Self::Undated => None,
            Self::Day(day) => Some((day, day)),
            Self::Month(first) => Some((first, (first + chrono::Months::new(1)).pred_opt()?)),
            Self::Year(year) => Some((
                NaiveDate::from_ymd_opt(year, 1, 1)?,
                NaiveDate::from_ymd_opt(year, 12, 31)?,
            )),
        }
    }
}

/// The month of a day, as its first day.
#[must_use]
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undated => out.write_str("undated"),
            Self::Year(year) => write!(out, "{year:04}"),
            Self::Month(first) => write!(out, "{:04}-{:02}", first.year(), first.month()),
            Self::Day(day) => write!(out, "{day}"),
        }
    }
}

impl FromStr for Span {
    type Err = StatisticsError;

    fn from_str(text: &str) -> Result<Self, StatisticsError> {
        let wrong = || StatisticsError::nonsense(format!("“{}” is no span of time", cut_short(text).escape_debug()));
        let year = |text: &str| text.parse::<i32>().ok().filter(|year| (1..=9999).contains(year));
        let span = match text.len() {
            7 if text == "undated" => Some(Self::Undated),
            4 => year(text).map(Self::Year),
            7 => NaiveDate::from_str(&format!("{text}-01")).ok().map(Self::Month),
            10 => NaiveDate::from_str(text).ok().map(Self::Day),
            _ => None,
        };
        // In one way of writing only.
        span.filter(|span| span.to_string() == text).ok_or_else(wrong)
    }
}

/// Why statistics can't be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum StatisticsError {
    /// From a newer kiosk; update the office.
    #[error("the statistics have format {0}, this program reads formats {OLDEST} to {FORMAT}")]
    OtherFormat(u64),
    /// Rightly signed, and still no statistics; the kiosk's program is at fault.
    #[error("the statistics make no sense: {0}")]
    Nonsense(String),
    /// More than a program of this age reads.
    #[error("the statistics have too many spans of time, cells or numbers")]
    TooMuch,
}

/// The most letters of a complaint: it may quote what somebody wrote, and that may be as long as a bundle.
const LONGEST_COMPLAINT: usize = 200;

/// The first letters, and a sign that there are more.
fn cut_short(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(LONGEST_COMPLAINT).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

impl StatisticsError {
    fn nonsense(what: impl AsRef<str>) -> Self {
        Self::Nonsense(cut_short(what.as_ref()))
    }
}

/// A cell of a signal that this program doesn't know, because a newer one counted it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Foreign {
    signal: Label,
    subject: Label,
    value: Label,
}

impl Foreign {
    fn path(&self) -> [&str; 3] {
        [&self.signal, &self.subject, &self.value].map(Label::as_str)
    }
}

/// Counts: for each cell a number for each span. Those of signals that this program doesn't know are carried along and can only
/// be asked for by [`Table::foreign`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    spans: Vec<Span>,
    cells: Rows<Cell>,
    foreign: Rows<Foreign>,
}

impl Table {
    /// Adds to the count of a cell in a span.
    pub fn add(&mut self, span: Span, cell: &Cell, n: u64) {
        let place = self.places(&[span])[0];
        self.cells.add(cell, (place, n), self.spans.len());
    }

    /// Adds all counts of another table.
    pub fn merge(&mut self, other: &Self) {
        let places = self.places(&other.spans);
        self.cells.merge(&other.cells, &places, self.spans.len());
        self.foreign.merge(&other.foreign, &places, self.spans.len());
    }

    /// The spans, in no order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// How many cells there are.
    #[must_use]
    pub fn size(&self) -> usize {
        self.cells.len() + self.foreign.len()
    }

    /// Every count that is not zero.
    pub fn iter(&self) -> impl Iterator<Item = (Span, &Cell, u64)> {
        let cells = self.cells.iter(self.spans.len());
        cells.flat_map(|of_cell| self.counts_of(of_cell))
    }

    /// Every count of visits that is not zero, without a look at the others.
    pub fn visits(&self) -> impl Iterator<Item = (Span, &Cell, u64)> {
        let cells = self.cells.iter(self.spans.len());
        let visits = cells.filter(|(cell, _)| cell.signal == Signal::VisitStarted);
        visits.flat_map(|of_cell| self.counts_of(of_cell))
    }

    fn counts_of<'a>(&'a self, (cell, counts): (&'a Cell, &'a [u64])) -> impl Iterator<Item = (Span, &'a Cell, u64)> {
        let counted = self.spans.iter().zip(counts).filter(|(_, n)| **n > 0);
        counted.map(move |(span, n)| (*span, cell, *n))
    }

    /// The counts of the spans that `wanted` says, alone.
    #[must_use]
    pub fn part(&self, wanted: impl Fn(Span) -> bool) -> Self {
        let width = self.spans.len();
        let places: Vec<usize> = (0..width).filter(|place| wanted(self.spans[*place])).collect();
        let pick = |numbers: &[u64], picked: &mut [u64]| {
            for (picked, place) in picked.iter_mut().zip(&places) {
                *picked = numbers[*place];
            }
        };
        Self {
            spans: places.iter().map(|place| self.spans[*place]).collect(),
            cells: self
                .cells
                .changed(width, places.len(), |_, numbers, picked| pick(numbers, picked)),
            foreign: self
                .foreign
                .changed(width, places.len(), |_, numbers, picked| pick(numbers, picked)),
        }
    }

    /// The same cells with other counts: `change` is told each cell by its signal, subject and value, and gets its counts, one for each of
    /// [`Table::spans`].
    #[must_use]
    pub fn recounted(&self, change: impl Fn(&[&str; 3], &mut [u64])) -> Self {
        let width = self.spans.len();
        let recount = |path: [&str; 3], counts: &[u64], changed: &mut [u64]| {
            changed.copy_from_slice(counts);
            change(&path, changed);
        };
        Self {
            spans: self.spans.clone(),
            cells: self.cells.changed(width, width, |cell, counts, changed| {
                recount(cell.path(), counts, changed);
            }),
            foreign: self.foreign.changed(width, width, |cell, counts, changed| {
                recount(cell.path(), counts, changed);
            }),
        }
    }

    /// The same counts, those of spans that begin after a day as what nobody knows when.
    #[must_use]
    pub fn undated_after(&self, last: NaiveDate) -> Self {
        let is_after = |span: Span| span.days().is_some_and(|(first, _)| first > last);
        let mut table = self.part(|span| !is_after(span));
        for span in self.spans.iter().filter(|span| is_after(**span)) {
            let mut one = self.part(|other| other == *span);
            one.spans.fill(Span::Undated);
            table.merge(&one);
        }
        table
    }

    /// Everything counted for a signal.
    #[must_use]
    pub fn total(&self, signal: Signal) -> u64 {
        let cells = self.cells().filter(|(cell, _)| cell.signal == signal);
        cells.fold(0, |sum, (_, n)| sum.saturating_add(n))
    }

    /// Each cell with its count over all spans.
    pub fn cells(&self) -> impl Iterator<Item = (&Cell, u64)> {
        let cells = self.cells.iter(self.spans.len());
        cells.map(|(cell, numbers)| (cell, sum(numbers)))
    }

    /// Each signal that this program doesn't know, by its code, with everything counted for it.
    #[must_use]
    pub fn foreign(&self) -> BTreeMap<&str, u64> {
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for (cell, numbers) in self.foreign.iter(self.spans.len()) {
            let of_signal = sums.entry(cell.signal.as_str()).or_default();
            *of_signal = of_signal.saturating_add(sum(numbers));
        }
        sums
    }

    /// Whether nothing is counted in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none() && self.foreign.len() == 0
    }

    /// As it is stored by the office.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Written<'a> {
            spans: Vec<String>,
            counts: Counts<'a>,
        }
        let written = Written {
            spans: self.spans_in_words(),
            counts: Counts(self),
        };
        serde_json::to_vec(&written).unwrap_or_default()
    }

    /// Reads what [`Table::to_json`] wrote.
    ///
    /// # Errors
    /// [`StatisticsError::Nonsense`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, StatisticsError> {
        json::read(bytes, &ALL)?.table(&ALL, u64::MAX)
    }

    fn spans_in_words(&self) -> Vec<String> {
        self.spans.iter().map(Span::to_string).collect()
    }

    /// Where the counts of spans stand. Those that are not here yet get a place behind the others.
    fn places(&mut self, spans: &[Span]) -> Vec<usize> {
        let before = self.spans.len();
        let place = |span: &Span| {
            let known = self.spans.iter().position(|known| known == span);
            known.unwrap_or_else(|| {
                self.spans.push(*span);
                self.spans.len() - 1
            })
        };
        let places = spans.iter().map(place).collect();
        self.cells.widen(before, self.spans.len());
        self.foreign.widen(before, self.spans.len());
        places
    }
}

fn sum(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |sum, n| sum.saturating_add(*n))
}

/// What there is to say of the card or disk that a kiosk's data lie on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Card {
    /// Nothing is wrong.
    Fine,
    /// There is no room; the card itself is good.
    Full,
    /// It loses or spoils what is written to it, or is worn out: it must be replaced.
    Failing,
    /// The system lets nobody write to it.
    ReadOnly,
}

impl Card {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Fine, Self::Full, Self::Failing, Self::ReadOnly];

    /// In a word, as in the statistics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Full => "full",
            Self::Failing => "failing",
            Self::ReadOnly => "read-only",
        }
    }

    /// What staff should do about it, if anything; at the kiosk and in the office.
    #[must_use]
    pub const fn for_staff(self) -> Option<&'static str> {
        match self {
            Self::Fine => None,
            Self::Full => Some("Thẻ nhớ của máy đã đầy, không phải bị hỏng. Mời gọi kỹ thuật viên dọn bớt thẻ."),
            Self::Failing => Some("Thẻ nhớ của máy sắp hỏng. Mời gọi kỹ thuật viên thay thẻ sớm."),
            Self::ReadOnly => Some(
                "Máy không ghi được vào thẻ nhớ, số đếm mới sẽ mất khi tắt máy. Mời gọi kỹ thuật viên trước khi tắt máy.",
            ),
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|card| card.name() == name)
    }
}

/// How the machine is. Says nothing about anybody who used it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The id of the pack that is shown; empty if nobody knows.
    #[serde(default)]
    pub pack: String,
    /// The edition of the content that is shown; 0 for what was built in without one.
    pub edition: u64,
    /// The program's version.
    pub version: String,
    /// For how many hours the program has run.
    pub uptime_hours: u64,
    /// Free space on the disk in MB; `None` if nobody knows.
    pub free_mb: Option<u64>,
    /// How many damaged databases of counts were set aside since the kiosk was set up.
    pub losses: u64,
    /// How its card or disk is; `None` if nobody knows, or a newer program knows a state more.
    #[serde(default, deserialize_with = "card")]
    pub card: Option<Card>,
    /// Errors that the file system has met since it was last checked; `None` if nobody counts them.
    #[serde(default)]
    pub card_errors: Option<u64>,
    /// Whether the voltage was ever too low since the program's start; `None` if nobody measures it.
    #[serde(default)]
    pub under_voltage: Option<bool>,
    /// The hottest that the processor was since the program's start, in °C, in steps of 5; `None` if nobody measures it.
    #[serde(default)]
    pub temperature: Option<u64>,
    /// The edition of a newer pack that ended the program again and again, so that the kiosk shows the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u64>,
    /// How many faults of the program's own threads there were since its start.
    #[serde(default, skip_serializing_if = "is_none")]
    pub faults: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_none(number: &u64) -> bool {
    *number == 0
}

fn card<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Card>, D::Error> {
    let name = Option::<String>::deserialize(from)?;
    Ok(name.as_deref().and_then(Card::from_name))
}

/// The payload of a `statistics` bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    /// How the machine is.
    pub health: Health,
    /// What was counted.
    pub table: Table,
}

impl Statistics {
    /// As it travels.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Payload<'a> {
            format: u64,
            health: &'a Health,
            spans: Vec<String>,
            counts: Counts<'a>,
        }
        let payload = Payload {
            format: FORMAT,
            health: &self.health,
            spans: self.table.spans_in_words(),
            counts: Counts(&self.table),
        };
        serde_json::to_vec(&payload).unwrap_or_default()
    }

    /// Reads the payload of a bundle whose signature holds.
    ///
    /// # Errors
    /// [`StatisticsError`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, StatisticsError> {
        #[derive(Deserialize)]
        struct Format {
            format: u64,
        }
        let read = json::read(bytes, &MOST);
        let nonsense = |what: &str| StatisticsError::nonsense(what);
        // A newer one may be of another form.
        let format = match read.as_ref().map(|written| written.format) {
            Ok(Some(format)) => format,
            _ => serde_json::from_slice::<Format>(bytes).map_or(FORMAT, |Format { format }| format),
        };
        if !(OLDEST..=FORMAT).contains(&format) {
            return Err(StatisticsError::OtherFormat(format));
        }
        let mut written = read?;
        let (Some(_), Some(health)) = (written.format, written.health.take()) else {
            return Err(nonsense("format or health are missing"));
        };
        let version = &health.version;
        if version.len() > LONGEST_VERSION || !version.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(nonsense("a version that is none"));
        }
        if !health.pack.is_empty() && Label::new(&health.pack).as_str() != health.pack {
            return Err(nonsense("an id of a pack that is none"));
        }
        Ok(Self {
            table: written.table(&MOST, LARGEST)?,
            health,
        })
    }
}

#[cfg(test)]
mod tests;
