//! Two tables beside each other: what is left of one without the other, and where they differ. Begin with [`Table::differences`].

use std::collections::{BTreeMap, BTreeSet};

use super::rows::Rows;
use super::{Span, Table};

/// A count of which two tables say something different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// When.
    pub span: Span,
    /// What: the signal's code, its subject and its value, with `/` between.
    pub cell: String,
    /// How often, as the one table says.
    pub mine: u64,
    /// How often, as the other says.
    pub other: u64,
}

impl Table {
    /// The same counts without those of another table, all of which are in it; `None` if they are not.
    #[must_use]
    pub fn without(&self, other: &Self) -> Option<Self> {
        let mut left = self.clone();
        let places = left.places(&other.spans);
        let width = left.spans.len();
        subtract(&mut left.cells, &other.cells, &places, width)?;
        subtract(&mut left.foreign, &other.foreign, &places, width)?;
        // A span of which nothing is left must not be remembered for ever.
        let all = || {
            let cells = left.cells.iter(width).map(|(_, numbers)| numbers);
            cells.chain(left.foreign.iter(width).map(|(_, numbers)| numbers))
        };
        let is_counted = |place: usize| all().any(|numbers| numbers[place] > 0);
        let spans = left.spans.iter().enumerate();
        let counted: BTreeSet<Span> = spans
            .filter(|(place, _)| is_counted(*place))
            .map(|(_, span)| *span)
            .collect();
        Some(left.part(|span| counted.contains(&span)))
    }

    /// Every count of which two tables say something different, those of signals that this program doesn't know too.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        if self.says_the_same(other) {
            return Vec::new();
        }
        let (mine, others) = (self.lines(), other.lines());
        let all: BTreeSet<&(Span, String)> = mine.keys().chain(others.keys()).collect();
        let differences = all.into_iter().filter_map(|line| {
            let of = |lines: &BTreeMap<(Span, String), u64>| lines.get(line).copied().unwrap_or(0);
            let (mine, other) = (of(&mine), of(&others));
            (mine != other).then(|| Difference {
                span: line.0,
                cell: line.1.clone(),
                mine,
                other,
            })
        });
        differences.collect()
    }

    /// Nearly all tables do that are compared, so it is asked first, without a name for each count.
    fn says_the_same(&self, other: &Self) -> bool {
        let place = |span: &Span| other.spans.iter().position(|known| known == span);
        let places: Vec<Option<usize>> = self.spans.iter().map(place).collect();
        let width = other.spans.len();
        are_the_same(&self.cells, &other.cells, &places, width)
            && are_the_same(&self.foreign, &other.foreign, &places, width)
    }

    /// Every count that is not zero.
    fn lines(&self) -> BTreeMap<(Span, String), u64> {
        let width = self.spans.len();
        let known = self.cells.iter(width);
        let known = known.map(|(cell, numbers)| (cell.path().join("/"), numbers));
        let foreign = self.foreign.iter(width);
        let foreign = foreign.map(|(cell, numbers)| (cell.path().join("/"), numbers));
        let lines = known.chain(foreign).flat_map(|(path, numbers)| {
            let counted = self.spans.iter().zip(numbers).filter(|(_, n)| **n > 0);
            counted.map(move |(span, n)| ((*span, path.clone()), *n))
        });
        lines.collect()
    }
}

/// Whether cells have the same counts, of which number `i` belongs to the place `places[i]` of the others', which have `width` each.
fn are_the_same<K: Ord + Clone>(mine: &Rows<K>, others: &Rows<K>, places: &[Option<usize>], width: usize) -> bool {
    let counted = |rows: &Rows<K>, width| {
        let numbers = rows.iter(width).flat_map(|(_, numbers)| numbers);
        numbers.filter(|n| **n > 0).count()
    };
    let is_there = |(cell, numbers): (&K, &[u64])| {
        let theirs = others.get(cell, width);
        let mut counted = numbers.iter().zip(places).filter(|(n, _)| **n > 0);
        counted.all(|(n, place)| place.and_then(|place| theirs?.get(place)) == Some(n))
    };
    counted(mine, places.len()) == counted(others, width) && mine.iter(places.len()).all(is_there)
}

/// Takes cells away of which number `i` belongs to the place `places[i]` of ours, which have `width` each.
fn subtract<K: Ord + Clone>(mine: &mut Rows<K>, theirs: &Rows<K>, places: &[usize], width: usize) -> Option<()> {
    for (cell, numbers) in theirs.iter(places.len()) {
        for (place, n) in places.iter().zip(numbers).filter(|(_, n)| **n > 0) {
            let left = mine.get_mut(cell, width)?.get_mut(*place)?;
            *left = left.checked_sub(*n)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::signals::{Cell, Label, Signal};

    fn table(counts: &[(&str, &str, u64)]) -> Table {
        let mut table = Table::default();
        for (span, page, n) in counts {
            let cell = Cell {
                signal: Signal::PageOpened,
                subject: Label::new(page),
                value: Label::NONE,
            };
            table.add(span.parse().unwrap(), &cell, *n);
        }
        table
    }

    #[test]
    fn what_was_added_is_taken_away_and_nothing_of_it_is_left() {
        let first = table(&[("2026-10-05", "a", 7), ("undated", "b", 1)]);
        let second = table(&[("2026-10-06", "c", 2), ("2026-10-05", "a", 1)]);
        let mut both = first.clone();
        both.merge(&second);
        assert_eq!(both.without(&second).unwrap().differences(&first), []);
        assert_eq!(both.without(&second).unwrap().spans().len(), 2);
        assert_eq!(both.without(&both).unwrap(), Table::default());
        assert_eq!(first.without(&second), None, "more than there is");
    }

    #[test]
    fn a_difference_is_named_by_what_was_counted_and_when() {
        let mine = table(&[("2026-10-05", "a", 7), ("2026-10", "a", 1), ("undated", "b", 1)]);
        let other = table(&[("undated", "b", 1), ("2026-10-05", "a", 8)]);
        let differences = mine.differences(&other);
        let words = differences
            .iter()
            .map(|one| format!("{} {} {} {}", one.span, one.cell, one.mine, one.other));
        let code = Signal::PageOpened.code();
        let expected = [format!("2026-10 {code}/a/ 1 0"), format!("2026-10-05 {code}/a/ 7 8")];
        assert_eq!(words.collect::<Vec<_>>(), expected);
    }
}
