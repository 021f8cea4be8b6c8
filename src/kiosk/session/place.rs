//! A resident's place: where they are, and which row of it stands at the top of the screen.
//!
//! A page number means another place as soon as the letters, the language or the screen change: a row does not.

use super::route::Route;

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
    fn is_not_below(self, other: Self) -> bool {
        self.row < other.row || self.row == other.row && self.through <= other.through + HARDLY
    }
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

    fn top(row: usize, through: f32) -> Top {
        Top { row, through }
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
