//! Cuts a column of measured rows into pages, so that no line of text is cut through.
//!
//! Rows are kept whole where they fit on a page; a row longer than a page is cut between its lines, and so is plain text
//! under a heading that would else stand alone. Lengths are logical pixels. Nothing here knows what a row holds.

/// Where a row stands in the column and how it may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measure {
    /// Distance of its upper edge from the top of the column.
    pub top: f32,
    /// Its height.
    pub height: f32,
    /// Empty space above it, which the first row of a page goes without.
    pub space: f32,
    /// All that stands above its first line: that space, a frame, a label.
    pub pad: f32,
    /// The height of one of its lines; 0 if it can't be cut.
    pub line: f32,
    /// Says little without the row below it (a heading, a part of a box): never the last row of a page, where the page holds both.
    pub leads: bool,
    /// Text without a frame, which may begin on one page and go on overleaf; a box is cut only where no page can hold it.
    pub flows: bool,
}

/// The part of the column that one page shows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Window {
    /// Distance of its upper edge from the top of the column.
    pub top: f32,
    /// Its height, never more than the page's.
    pub height: f32,
}

/// Parts of a row smaller than this are no lines.
const LEAST_PART: f32 = 1.0;

/// The most pages that are made; what is beyond is not shown (a page of 400 lines is a fault of the content).
pub const MOST_PAGES: usize = 200;

/// Cuts rows into pages of at most `page` height. Always gives at least one page.
#[must_use]
pub fn cut(rows: &[Measure], page: f32) -> Vec<Window> {
    let mut pages: Vec<Window> = Vec::new();
    let mut rows = rows.to_vec();
    // The first row of the page that is being filled.
    let mut first = 0;
    while first < rows.len() && pages.len() < MOST_PAGES {
        // Space above the first row of a page would only look like a fault.
        let top = rows[first].top + if pages.is_empty() { 0.0 } else { rows[first].space };
        let fit = rows[first..]
            .iter()
            .take_while(|row| row.top + row.height - top <= page + 0.5)
            .count();
        if fit == 0 {
            cut_row(rows[first], page, &mut pages);
            first += 1;
            continue;
        }
        let mut next = first + fit;
        let without_headings = next - rows[first..next].iter().rev().take_while(|row| row.leads).count();
        if next < rows.len() && without_headings > first {
            // A heading goes with what it leads to.
            next = without_headings;
        } else if let Some(row) = rows.get_mut(next)
            && without_headings == first
            && let Some(part) = lines_that_fit(*row, top + page - row.top)
        {
            // Nothing but headings on the page: the text begins under them and goes on overleaf.
            pages.push(Window {
                top,
                height: row.top + part - top,
            });
            row.top += part;
            row.height -= part;
            row.space = 0.0;
            row.pad = 0.0;
            first = next;
            continue;
        }
        let last = rows[next - 1];
        pages.push(Window {
            top,
            height: last.top + last.height - top,
        });
        first = next;
    }
    if pages.is_empty() {
        pages.push(Window {
            top: 0.0,
            height: page.max(0.0),
        });
    }
    pages
}

/// The height of as many whole lines of a row as fit into a space, with the space above them; `None` if none does.
fn lines_that_fit(row: Measure, space: f32) -> Option<f32> {
    if row.line < LEAST_PART || !row.flows {
        return None;
    }
    let mut lines = ((space - row.pad) / row.line).floor();
    // A last line alone overleaf takes a companion along.
    if lines > 1.0 && row.height - row.pad - lines * row.line < 1.5 * row.line {
        lines -= 1.0;
    }
    let part = row.pad + lines * row.line;
    (lines >= 1.0 && part + LEAST_PART < row.height).then_some(part)
}

/// Cuts a row that is longer than a page: between its lines where it has lines.
fn cut_row(row: Measure, page: f32, pages: &mut Vec<Window>) {
    let lines = |space: f32| ((space / row.line).floor() * row.line).max(row.line.min(page));
    let mut rest = Window {
        top: row.top,
        height: row.height,
    };
    let mut pad = row.pad;
    while rest.height > page + 0.5 && pages.len() < MOST_PAGES {
        let part = if row.line >= LEAST_PART {
            pad + lines(page - pad)
        } else {
            page.max(LEAST_PART)
        };
        pages.push(Window {
            top: rest.top,
            height: part.min(page.max(LEAST_PART)),
        });
        rest.top += part;
        rest.height -= part;
        pad = 0.0;
    }
    if rest.height > LEAST_PART && pages.len() < MOST_PAGES {
        pages.push(rest);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn column(heights: &[(f32, f32)]) -> Vec<Measure> {
        let mut top = 0.0;
        heights
            .iter()
            .map(|&(height, line)| {
                let row = Measure {
                    top,
                    height,
                    line,
                    ..Measure::default()
                };
                top += height + 20.0;
                row
            })
            .collect()
    }

    #[test]
    fn rows_that_fit_share_a_page_and_the_next_begins_whole() {
        let pages = cut(&column(&[(100.0, 0.0), (100.0, 0.0), (100.0, 0.0)]), 230.0);
        assert_eq!(
            pages,
            [
                Window {
                    top: 0.0,
                    height: 220.0
                },
                Window {
                    top: 240.0,
                    height: 100.0
                }
            ]
        );
    }

    #[test]
    fn a_row_longer_than_the_screen_is_cut_between_lines() {
        let pages = cut(&column(&[(400.0, 40.0)]), 130.0);
        let parts: Vec<f32> = pages.iter().map(|page| page.height).collect();
        assert_eq!(parts, [120.0, 120.0, 120.0, 40.0]);
    }

    #[test]
    fn a_heading_is_not_left_alone_at_the_foot_of_a_page() {
        let mut rows = column(&[(100.0, 0.0), (50.0, 0.0), (100.0, 0.0)]);
        rows[1].leads = true;
        let pages = cut(&rows, 200.0);
        assert_eq!(
            pages,
            [
                Window {
                    top: 0.0,
                    height: 100.0
                },
                Window {
                    top: 120.0,
                    height: 170.0
                }
            ]
        );
    }

    #[test]
    fn nothing_at_all_is_one_empty_page() {
        assert_eq!(cut(&[], 300.0).len(), 1);
    }

    proptest! {
        // Eighteen rows of eleven parts each stay under `MOST_PAGES`, beyond which nothing is shown.
        #[test]
        fn every_row_is_shown_and_no_page_is_too_high(
            heights in prop::collection::vec((1.0_f32..900.0, prop::sample::select(vec![0.0_f32, 24.0, 40.0, 87.0])), 0..18),
            page in 100.0_f32..1000.0,
        ) {
            let rows = column(&heights);
            let pages = cut(&rows, page);
            prop_assert!(pages.iter().all(|part| part.height <= page + 0.5));
            for row in &rows {
                let shown: f32 = pages.iter().map(|part| {
                    ((part.top + part.height).min(row.top + row.height) - part.top.max(row.top)).max(0.0)
                }).sum();
                prop_assert!((shown - row.height).abs() < 1.5, "shown {shown} of {}", row.height);
            }
        }
    }
}
