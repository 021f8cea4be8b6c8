//! Counts as they may be shown: in fives, so that nothing about one or two people can be reckoned from them.
//!
//! What leaves a kiosk is the counts of at least five visits together, but a single count in it may be of one of them. So no page, no
//! report and no file of the office has an exact count: all of them are made of [`Rounded`], and whatever is added up, subtracted or
//! divided there is made of what anybody may see. Why so, and what that promises: docs/decisions/032. What is exact stays in the
//! database (`office figures verify`).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::usage::statistics::{Span, Table};

/// Every count that is shown is a multiple of this.
pub const STEP: u64 = 5;

/// What nobody outside the office's database knows: which counts are rounded up and which down.
#[derive(Clone)]
pub struct Secret(blake3::Hash);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// [`getrandom::Error`] if the system has no random numbers.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut random = [0; blake3::OUT_LEN];
        getrandom::fill(&mut random)?;
        Ok(Self(random.into()))
    }

    /// By how much a cell's counts of a month, of a year's rest, or without a date are raised before they are cut down to fives.
    fn raises(&self, whose: &str, cell: &[&str; 3], stretch: &str) -> u64 {
        let words = format!("{whose}\n{}\n{stretch}", cell.join("\n"));
        let hash = blake3::keyed_hash(self.0.as_bytes(), words.as_bytes());
        hash.as_bytes()[..8]
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
            % STEP
    }
}

/// Not the secret itself, which would stand in logs.
impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret")
    }
}

/// As the database keeps it: 64 hexadecimal digits.
impl fmt::Display for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.to_hex())
    }
}

impl FromStr for Secret {
    type Err = blake3::HexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        blake3::Hash::from_hex(text).map(Self)
    }
}

/// A table of which every count is a multiple of five.
///
/// In each month a cell is added up from its first day on, and each of these sums is cut down to fives, raised before by what the
/// secret says: 0 to 4. A day's count is what the sum grew by on it. So any stretch of days is less than five away from the truth however
/// long it is, a month and its days agree, and no mean is moved. The same table comes of at least five true counts for each day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounded {
    counts: Table,
    visits: Vec<(Span, u64)>,
}

impl Rounded {
    /// What may be shown of these counts. `whose` they are, a kiosk's or those of all, says with the secret what is raised by how much: were it
    /// the same for all of them, several kiosks beside their sum would tell much of each other.
    #[must_use]
    pub fn of(table: &Table, whose: &str, secret: &Secret) -> Self {
        let stretches = stretches(table.spans());
        let counts = table.recounted(|cell, counts| {
            for (name, places) in &stretches {
                if places.iter().any(|place| counts[*place] > 0) {
                    in_fives(counts, places, secret.raises(whose, cell, name));
                }
            }
        });
        let mut exact: BTreeMap<Span, u64> = BTreeMap::new();
        for (span, _, n) in table.visits() {
            let sum = exact.entry(span).or_default();
            *sum = sum.saturating_add(n);
        }
        let mut visits: Vec<u64> = table
            .spans()
            .iter()
            .map(|span| exact.get(span).copied().unwrap_or(0))
            .collect();
        for places in stretches.values() {
            in_fives(&mut visits, places, NEAREST);
        }
        Self {
            counts,
            visits: table.spans().iter().copied().zip(visits).collect(),
        }
    }

    /// The counts.
    #[must_use]
    pub const fn counts(&self) -> &Table {
        &self.counts
    }

    /// The visits of each stretch of time, at whatever hour: rounded by themselves, so that a day is no sum of rounded hours. To the nearest
    /// five, without a secret, as [`visits`] does for lists: a kiosk tells no day with fewer than five.
    pub fn visits(&self) -> impl Iterator<Item = (Span, u64)> {
        self.visits.iter().copied()
    }
}

/// What makes cutting down to fives rounding to the nearest.
const NEAREST: u64 = STEP / 2;

/// Visits from the beginning of a month or a year on, as they are shown. The database reckons the same: `(visits + 2) / 5 * 5`.
#[must_use]
pub const fn visits(since_the_beginning: u64) -> u64 {
    since_the_beginning.saturating_add(NEAREST) / STEP * STEP
}

/// The places of the spans by month, the days in their order and the month's rest at the end; and years' rests and what has no date, each alone.
fn stretches(spans: &[Span]) -> BTreeMap<String, Vec<usize>> {
    let mut stretches: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, span) in spans.iter().enumerate() {
        let month = span.month().map(|first| Span::Month(first).to_string());
        stretches
            .entry(month.unwrap_or_else(|| span.to_string()))
            .or_default()
            .push(place);
    }
    for places in stretches.values_mut() {
        places.sort_by_key(|place| (matches!(spans[*place], Span::Month(_)), spans[*place]));
    }
    stretches
}

fn in_fives(counts: &mut [u64], places: &[usize], raised: u64) {
    let (mut sum, mut shown) = (raised, 0);
    for place in places {
        sum = sum.saturating_add(counts[*place]);
        let fives = sum / STEP * STEP;
        counts[*place] = fives - shown;
        shown = fives;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::usage::signals::{Cell, Event, Face, Signal};
    use crate::usage::stamp::Stamp;

    fn cell(event: &Event) -> Cell {
        event.cell(Stamp::undated(Duration::ZERO))
    }

    fn secret(n: u8) -> Secret {
        Secret([n; 32].into())
    }

    fn span() -> impl Strategy<Value = Span> {
        let days = (1_u32..=28).prop_map(|day| format!("2026-10-{day:02}"));
        let others = prop::sample::select(vec!["2026-10", "2026-09-30", "2026", "undated"]).prop_map(str::to_owned);
        prop_oneof![4 => days, 1 => others].prop_map(|text| text.parse().unwrap())
    }

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            Just(Event::VisitStarted),
            prop::sample::select(vec!["a", "b", "c"]).prop_map(Event::page_opened),
            prop::sample::select(vec![Face::Good, Face::Fair, Face::Poor]).prop_map(Event::VisitRated),
        ]
    }

    fn table() -> impl Strategy<Value = Table> {
        prop::collection::vec((span(), event(), 0_u64..12), 0..60).prop_map(|counts| {
            let mut table = Table::default();
            for (span, event, n) in counts {
                table.add(span, &cell(&event), n);
            }
            table
        })
    }

    proptest! {
        #[test]
        fn what_is_shown_is_also_what_would_be_shown_of_a_table_without_small_counts(table in table(), n in any::<u8>()) {
            let shown = Rounded::of(&table, "*", &secret(n));
            prop_assert!(shown.counts().iter().all(|(.., n)| n.is_multiple_of(STEP)));
            // Of this table nothing is hidden, and whatever the secret is it is shown as it is.
            for other in [n, n.wrapping_add(1)] {
                let again = Rounded::of(shown.counts(), "*", &secret(other));
                prop_assert_eq!(again.counts(), shown.counts());
            }
        }

        #[test]
        fn any_stretch_of_days_is_less_than_five_away_from_the_truth(
            table in table(), n in any::<u8>(), from in 1_u32..=28, days in 0_u32..28,
        ) {
            let shown = Rounded::of(&table, "*", &secret(n));
            let inside = |span: Span| matches!(span, Span::Day(day) if span.month() == "2026-10".parse::<Span>().unwrap().month()
                && (from..=from + days).contains(&chrono::Datelike::day(&day)));
            let (true_part, shown_part) = (table.part(inside), shown.counts().part(inside));
            for event in ["a", "b", "c"] {
                let of = |table: &Table| table.cells().find(|(one, _)| one.subject.as_str() == event).map_or(0, |(_, n)| n);
                prop_assert!(of(&true_part).abs_diff(of(&shown_part)) < STEP);
            }
            let visits: u64 = shown.visits().filter(|(span, _)| inside(*span)).map(|(_, n)| n).sum();
            prop_assert!(true_part.total(Signal::VisitStarted).abs_diff(visits) < STEP);
        }

        #[test]
        fn visits_of_a_month_are_those_that_the_database_reckons(table in table(), n in any::<u8>()) {
            let shown = Rounded::of(&table, "*", &secret(n));
            let october = |span: Span| span.month().is_some_and(|month| Span::Month(month).to_string() == "2026-10");
            let sum: u64 = shown.visits().filter(|(span, _)| october(*span)).map(|(_, n)| n).sum();
            prop_assert_eq!(sum, visits(table.part(october).total(Signal::VisitStarted)));
        }
    }

    /// What two or three kiosks counted of something, and what all of them did together: whoever knows how rounding works, though not by how
    /// much each was raised, is left with more than one possibility for each of them.
    #[test]
    fn kiosks_beside_their_sum_tell_no_count_of_one() {
        let fives = |n: usize, raised: usize| (n + raised) / 5 * 5;
        let could_be = |n: usize, shown: usize| (0..5).any(|raised| fives(n, raised) == shown);
        for kiosks in 2..=3_u32 {
            let tuples = |base: usize| {
                (0..base.pow(kiosks)).map(move |one| (0..kiosks).map(move |at| one / base.pow(at) % base))
            };
            // Every way in which each of them, and the sum, can be shown.
            for shown in tuples(3).map(|one| one.map(|fifths| fifths * 5).collect::<Vec<_>>()) {
                for of_all in (0..=kiosks as usize * 15).step_by(5) {
                    let possible: Vec<Vec<usize>> = tuples(15)
                        .map(Iterator::collect::<Vec<_>>)
                        .filter(|truth| truth.iter().zip(&shown).all(|(n, shown)| could_be(*n, *shown)))
                        .filter(|truth| could_be(truth.iter().sum(), of_all))
                        .collect();
                    for at in 0..kiosks as usize {
                        let values: std::collections::BTreeSet<usize> =
                            possible.iter().map(|truth| truth[at]).collect();
                        assert_ne!(values.len(), 1, "{shown:?} beside {of_all} tell {possible:?}");
                    }
                }
            }
        }
    }

    /// Were everything rounded down, a thousand pages that were opened twice each would have been opened by nobody.
    #[test]
    fn rounding_moves_no_mean() {
        let mut table = Table::default();
        for n in 0..1_000 {
            table.add(
                "2026-10-05".parse().unwrap(),
                &cell(&Event::page_opened(&format!("p{n}"))),
                2,
            );
        }
        let shown = (0..10).map(|n| Rounded::of(&table, "*", &secret(n)).counts().total(Signal::PageOpened));
        let mean = shown.sum::<u64>() / 10;
        assert!((1_900..=2_100).contains(&mean), "{mean} of 2,000");
    }

    #[test]
    fn a_secret_is_kept_as_text_and_not_told() {
        let secret = Secret::new().unwrap();
        let again: Secret = secret.to_string().parse().unwrap();
        assert_eq!(again.to_string(), secret.to_string());
        assert_eq!(format!("{secret:?}"), "Secret");
        assert!("not hexadecimal".parse::<Secret>().is_err());
    }
}
