//! A resident's place: where they are, and which row of it stands at the top of the screen.
//!
//! A page number means another place as soon as the letters, the language or the screen change: a row does not.

use super::route::Route;
use super::view::{Row, TablePart};

/// What stands at the top of a page: remembered, it leads back there at any size of text.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Top {
    /// The row, by its number in [`super::view::View::rows`]. Cells of a table's row that stand one under the other have one number
    /// between them: where letters are smaller they are one row.
    pub row: usize,
    /// How much of that row stands on the pages before, from 0 to 1.
    pub through: f32,
}

/// Of two tops, what differs by less is the same: a share of a row's height is measured anew at each size.
const HARDLY: f32 = 0.001;

impl Top {
    /// A place in these rows: so much through the row at `index`.
    #[must_use]
    pub fn of(rows: &[Row], index: usize, through: f32) -> Self {
        let cells_above = rows.iter().take(index + 1).rev().take_while(|row| goes_on(row)).count();
        let cells_below = rows.iter().skip(index + 1).take_while(|row| goes_on(row)).count();
        let count = |number: usize| f32::from(u16::try_from(number).unwrap_or(u16::MAX));
        Self {
            row: number_of(rows, index),
            through: (count(cells_above) + through) / count(cells_above + 1 + cells_below),
        }
    }

    /// The same place after the rows have changed with the size of letters or the language: what to beware of may have moved before the words,
    /// and a note says that they are Vietnamese.
    pub(super) fn carried(self, before: &[Row], after: &[Row]) -> Self {
        let at = (0..before.len()).find(|&index| number_of(before, index) == self.row);
        let is_mark = |index: &usize| Some(*index) == at || !matches!(before[*index], Row::Notice(..));
        let in_both = |index: usize| Some((index, after.iter().position(|row| *row == before[index])?));
        let mark = (0..at.map_or(0, |at| at + 1)).rev().filter(is_mark).find_map(in_both);
        mark.map_or(self, |(was, is)| Self {
            row: number_of(after, is) + (self.row - number_of(before, was)),
            ..self
        })
    }

    fn is_not_below(self, other: Self) -> bool {
        self.row < other.row || self.row == other.row && self.through <= other.through + HARDLY
    }
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

/// The page on which a place stands, by what stands at the top of each page.
#[must_use]
pub fn page_of(tops: &[Top], place: Top) -> usize {
    tops.iter().rposition(|top| top.is_not_below(place)).unwrap_or(0)
}

/// A resident's place, to go back to.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Place {
    pub(super) route: Route,
    pub(super) top: Top,
}

impl Place {
    /// The beginning of what is there.
    pub(super) fn at_top_of(route: Route) -> Self {
        Self {
            route,
            top: Top::default(),
        }
    }
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
        assert_eq!(top(0, 0.5).carried(&small, &large), top(1, 0.5));
        assert_eq!(top(1, 0.0).carried(&small, &large), top(0, 0.0));
        for (index, number) in [(5, 3), (6, 4)] {
            assert_eq!(Top::of(&large, index, 0.0), top(number, 0.0));
            assert_eq!(Top::of(&small, index - 2, 0.0), top(number, 0.0));
            assert_eq!(top(number, 0.0).carried(&small, &large), top(number, 0.0));
        }
        assert_eq!((Top::of(&large, 2, 0.0), Top::of(&large, 4, 0.5)), (top(2, 0.0), top(2, 2.5 / 3.0)));
        assert_eq!(top(9, 0.0).carried(&small, &large), top(9, 0.0), "a row that is not there");
    }

    #[test]
    fn a_row_is_found_on_the_page_that_shows_it_however_pages_are_cut() {
        let few = [top(0, 0.0), top(7, 0.0)];
        let many = [
            top(0, 0.0),
            top(2, 0.0),
            top(4, 0.0),
            top(4, 0.5),
            top(7, 0.0),
            top(8, 0.0),
        ];
        assert_eq!((page_of(&few, top(4, 0.5)), page_of(&many, top(4, 0.5))), (0, 3));
        assert_eq!((page_of(&few, top(7, 0.0)), page_of(&many, top(7, 0.0))), (1, 4));
        assert_eq!(page_of(&many, top(4, 0.3)), 2, "the part before is on the page before");
        assert_eq!(page_of(&many, top(4, 0.4999)), 3, "what a float loses is nothing");
        assert_eq!((page_of(&many, top(99, 0.0)), page_of(&[], top(3, 0.0))), (5, 0));
    }
}
