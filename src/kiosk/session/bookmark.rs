//! The row that a place stands at, while rows change with the size of letters or the language. Begin with [`of`] and `carried`.

use super::place::Top;
use super::view::{Row, TablePart};

/// How many rows above a place are looked for: in another language none may be the same.
const NEAREST: usize = 32;

/// The place that is so much through the row at `index`.
#[must_use]
pub fn of(rows: &[Row], index: usize, through: f32) -> Top {
    let cells_above = rows.iter().take(index + 1).rev().take_while(|row| goes_on(row)).count();
    let cells_below = rows.iter().skip(index + 1).take_while(|row| goes_on(row)).count();
    let count = |number: usize| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
    Top {
        row: number_of(rows, index),
        through: (count(cells_above) + through) / count(cells_above + 1 + cells_below),
    }
}

/// The same place after the rows have changed: what to beware of may have moved before the words, a note may say that they are
/// Vietnamese.
pub(super) fn carried(place: Top, before: &[Row], after: &[Row]) -> Top {
    // Who is at the beginning stays there: what moved to it is to be read first.
    if place == Top::default() {
        return place;
    }
    let of_their_own = before.iter().enumerate().filter(|(_, row)| !goes_on(row));
    let at = of_their_own.map(|(index, _)| index).nth(place.row);
    let is_mark = |index: &usize| Some(*index) == at || !matches!(before[*index], Row::Notice(..));
    let in_both = |index: usize| {
        // The same words may stand in several places.
        let nth = before[..index].iter().filter(|row| **row == before[index]).count();
        let mut alike = (0..after.len()).filter(|&other| after[other] == before[index]);
        Some((index, alike.nth(nth)?))
    };
    let above = (0..at.map_or(0, |at| at + 1)).rev().filter(is_mark);
    let mark = above.take(NEAREST).find_map(in_both);
    mark.map_or(place, |(was, is)| Top {
        row: number_of(after, is) + (place.row - number_of(before, was)),
        ..place
    })
}

/// Whether a row is a cell that goes on with the table's row above it.
const fn goes_on(row: &Row) -> bool {
    matches!(
        row,
        Row::Table {
            part: TablePart::Cell { first: false, .. },
            ..
        }
    )
}

fn number_of(rows: &[Row], index: usize) -> usize {
    let rows_of_their_own = rows.iter().take(index + 1).filter(|row| !goes_on(row));
    rows_of_their_own.count().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::rich::Rich;
    use crate::kiosk::session::view::Notice;

    fn top(row: usize, through: f32) -> Top {
        Top { row, through }
    }

    fn bullet(words: &str) -> Row {
        Row::Bullet(Rich::plain(words))
    }

    fn warning() -> Row {
        Row::Notice(Notice::Warning, Rich::plain("Chú ý"))
    }

    fn cell(part: TablePart) -> Row {
        Row::Table {
            header: Vec::new(),
            cells: Vec::new(),
            part,
        }
    }

    #[test]
    fn a_place_is_the_same_where_the_warning_stands_first_and_the_cells_of_a_table_one_under_the_other() {
        let (first, last) = (true, false);
        let cells = [(first, last), (last, last), (last, true)];
        let cells = cells.map(|(first, last)| cell(TablePart::Cell { first, last }));
        let small = [
            bullet("a"),
            warning(),
            cell(TablePart::Row { first: true }),
            bullet("b"),
            bullet("c"),
        ];
        let large = [&[warning(), bullet("a")][..], &cells[..], &[bullet("b"), bullet("c")]].concat();
        assert_eq!(carried(top(0, 0.5), &small, &large), top(1, 0.5));
        assert_eq!(carried(top(1, 0.0), &small, &large), top(0, 0.0));
        assert_eq!(
            carried(top(0, 0.0), &small, &large),
            top(0, 0.0),
            "the warning is read first"
        );
        let [words, again] = [bullet("a"), bullet("a")];
        let twice = [words, bullet("b"), again, bullet("c")];
        assert_eq!(carried(top(2, 0.5), &twice, &twice), top(2, 0.5));
        for (index, number) in [(5, 3), (6, 4)] {
            assert_eq!(of(&large, index, 0.0), top(number, 0.0));
            assert_eq!(of(&small, index - 2, 0.0), top(number, 0.0));
            assert_eq!(carried(top(number, 0.0), &small, &large), top(number, 0.0));
        }
        assert_eq!(
            (of(&large, 2, 0.0), of(&large, 4, 0.5)),
            (top(2, 0.0), top(2, 2.5 / 3.0))
        );
        assert_eq!(
            carried(top(9, 0.0), &small, &large),
            top(9, 0.0),
            "a row that is not there"
        );
    }
}
