//! Cuts a column of measured rows into pages, so that no line of text is cut through.
//!
//! Of all ways to cut it the cheapest is taken: few pages first of all, no heading at the foot of a page, none with more than a third
//! of its height empty while more follow, no words that lead to a list without its first item, no line alone on a page; and then as
//! few rows cut as that allows, boxes only rather than a page that is half empty. Pictures give way where a page would else not hold
//! the words beside or under them. Lengths are logical pixels. Nothing here knows what a row holds. Begin with [`lay_out`].

/// How a row may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cut {
    /// Between its lines where that spares a page.
    Freely,
    /// Only rather than a page that is half empty: a box.
    Unwillingly,
    /// Where else much of a page would stay empty, or no page can hold it: what is compared.
    Hardly,
    /// Only where no page can hold it.
    #[default]
    Never,
}

/// How a row measures and what may become of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measure {
    /// Its height, with the space above it.
    pub height: f32,
    /// Empty space above it, which the first row of a page goes without.
    pub space: f32,
    /// All that stands above its first line: that space, a frame, a label.
    pub pad: f32,
    /// All that stands under its last line.
    pub foot: f32,
    /// The height of one of its lines; 0 if it has none.
    pub line: f32,
    /// Says little without the row below it (a heading, a part of a box, a picture over its words): never the last row of a page.
    /// Text of which that is true (it ends in a colon) is so rather than that the page stays half empty.
    pub leads: bool,
    /// The row below it is where its words lead: on the same page where that takes no page more.
    pub linked: bool,
    /// How it may be cut.
    pub cut: Cut,
    /// So many of the rows that follow stand beside it, and so take no room under it: a picture.
    pub beside: usize,
    /// So much of its height can be spared: a picture can be drawn smaller.
    pub gives: f32,
}

/// The part of the column that one page shows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Window {
    /// Distance of its upper edge from the top of the column.
    pub top: f32,
    /// Its height, never more than the page's.
    pub height: f32,
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// Distance of each row's upper edge from the top of the column.
    pub tops: Vec<f32>,
    /// How much of its height each row gave away.
    pub given: Vec<f32>,
    /// The pages; at least one.
    pub windows: Vec<Window>,
}

/// The share of a page that may stay empty while more pages follow.
pub const MOST_EMPTY: f32 = 1.0 / 3.0;

/// The most pages that are made; what is beyond is not shown (a page of 400 lines is a fault of the content).
pub const MOST_PAGES: usize = 200;

/// Of letters larger than this a page holds fewer than ten lines.
const FEW_LINES: f32 = 0.1;

/// Parts of a row smaller than this are no lines.
const LEAST_PART: f32 = 1.0;

/// Measures are sums of roundings.
const SLACK: f32 = 0.5;

/// What a way to cut costs: see the beginning of this file. One more page is the unit.
mod price {
    pub(super) const PAGE: f32 = 1_000.0;
    pub(super) const TEXT_CUT: f32 = 40.0;
    pub(super) const BOX_CUT: f32 = 1_500.0;
    /// Two lines at least stay together on each side of a cut: where a page has few lines, also if that takes a page more.
    pub(super) const LONELY_LINE: f32 = 5_000.0;
    pub(super) const LONELY_SMALL_LINE: f32 = 950.0;
    /// One small thing left over for a last page that could have company; never a page more.
    pub(super) const LEFT_OVER: f32 = 900.0;
    /// Words that go on without the picture they began beside.
    pub(super) const BESIDE_CUT: f32 = 900.0;
    pub(super) const LAST_CUT: f32 = 30_000.0;
    pub(super) const HALF_EMPTY: f32 = 100_000.0;
    pub(super) const HEADING_AT_FOOT: f32 = 1_000_000.0;
    /// Words that end in a colon: better there than on a page that is half empty.
    pub(super) const LEAD_AT_FOOT: f32 = 20_000.0;
    /// A link on the page after the words that lead to it.
    pub(super) const LINK_APART: f32 = 900.0;
    pub(super) const PICTURE_CUT: f32 = 1_000_000.0;
    /// So much more, at the top of a list, does emptiness cost.
    pub(super) const EARLY: f32 = 0.05;
    /// Of a page that is all but empty; less, the fuller it is, by the square.
    pub(super) const EMPTY: f32 = 200.0;
}

/// A place where the column can be cut.
#[derive(Debug, Clone, Copy)]
struct Seam {
    /// The row that begins below it, or goes on.
    row: usize,
    /// It goes on.
    inside: bool,
    /// Where what is above it ends.
    bottom: f32,
    /// Where what is below it begins.
    top: f32,
    /// What all pictures that stand whole above it can give.
    gives: f32,
    /// The picture beside the words that it cuts.
    beside: Option<Float>,
    /// What cutting here costs.
    price: f32,
}

impl Seam {
    /// The first row that begins below it.
    const fn next(&self) -> usize {
        self.row + self.inside as usize
    }

    /// The height of a page from here to another seam, while no picture gives anything. A picture on the page before, whose last words
    /// stand here, keeps no room under them.
    fn height_to(&self, to: &Self) -> f32 {
        let passed = self.beside.filter(|float| to.row > float.last);
        to.bottom - self.top - passed.map_or(0.0, |float| float.gives)
    }

    /// The least height of a page from here to another seam.
    fn least_to(&self, to: &Self) -> f32 {
        to.bottom - self.top - (to.gives - self.gives)
    }
}

/// A picture with words beside it.
#[derive(Debug, Clone, Copy)]
struct Float {
    row: usize,
    /// The last row beside it.
    last: usize,
    bottom: f32,
    /// What it can give without ending above its words.
    gives: f32,
}

/// Cuts rows into pages of at most `page` height.
#[must_use]
pub fn lay_out(rows: &[Measure], page: f32) -> Layout {
    let (tops, floats) = stand(rows);
    let mut layout = Layout {
        given: vec![0.0; rows.len()],
        windows: Vec::new(),
        tops,
    };
    if rows.is_empty() {
        layout.windows.push(Window {
            top: 0.0,
            height: page.max(0.0),
        });
        return layout;
    }
    let seams = seams(rows, &layout.tops, &floats, page);
    // What pictures on the pages before have given.
    let mut shift = 0.0;
    // What a list begins with is what is wanted most: if a page of it must stay empty, then sooner a later one.
    let is_list = rows
        .first()
        .is_some_and(|row| row.cut == Cut::Never && !row.leads && row.beside == 0);
    let early = if is_list { price::EARLY } else { 0.0 };
    let left_over = |from: &Seam| {
        let is_small = rows
            .last()
            .is_some_and(|row| row.height - row.space < page * MOST_EMPTY);
        !is_list && is_small && from.row + 1 == rows.len() && from.row > 0
    };
    for pair in cheapest(&seams, page, early, left_over).windows(2) {
        let (Some(from), Some(to)) = (seams.get(pair[0]), seams.get(pair[1])) else {
            continue;
        };
        let top = from.top - shift;
        let mut height = from.height_to(to);
        let begin = from.next()..to.next().min(rows.len());
        let mut passed = from.beside.filter(|float| to.row > float.last);
        for row in begin {
            if let Some(float) = passed.filter(|float| row > float.last) {
                shift += float.gives;
                passed = None;
            }
            layout.tops[row] -= shift;
            let float = floats.iter().find(|float| (float.row..=float.last).contains(&row));
            let (giver, most) = match float {
                None => (row, rows[row].gives),
                Some(float) if row == float.last && to.row > row && passed.is_none() => (float.row, float.gives),
                Some(float) => {
                    if to.row <= float.last && row == float.row {
                        // Its words end the page.
                        layout.given[row] = (float.bottom - to.bottom).clamp(0.0, 0.8 * rows[row].height.max(0.0));
                    }
                    continue;
                }
            };
            let part = (height - page).clamp(0.0, most.max(0.0));
            layout.given[giver] = part.max(layout.given[giver]);
            height -= part;
            shift += part;
        }
        shift += passed.map_or(0.0, |float| float.gives);
        if layout.windows.len() < MOST_PAGES {
            layout.windows.push(Window {
                top,
                height: height.min(page.max(LEAST_PART) + SLACK),
            });
        }
    }
    layout
}

/// Where rows stand as long as no picture gives anything, and the pictures that have words beside them.
fn stand(rows: &[Measure]) -> (Vec<f32>, Vec<Float>) {
    let mut tops = Vec::with_capacity(rows.len());
    let mut floats: Vec<Float> = Vec::new();
    let mut end = 0.0_f32;
    for (index, row) in rows.iter().enumerate() {
        let besides = floats.last().is_some_and(|float| index <= float.last);
        match rows.get(index + 1) {
            // Its upper edge is level with the words'.
            Some(words) if row.beside > 0 && !besides => {
                let top = end + words.space - row.space;
                tops.push(top);
                floats.push(Float {
                    row: index,
                    last: (index + row.beside).min(rows.len() - 1),
                    bottom: top + row.height,
                    gives: 0.0,
                });
            }
            _ => {
                tops.push(end);
                end += row.height;
            }
        }
        if let Some(float) = floats.last_mut().filter(|float| float.last == index) {
            let least = end.max(float.bottom - rows[float.row].gives);
            float.gives = (float.bottom - least).max(0.0);
            end = end.max(float.bottom);
        }
    }
    (tops, floats)
}

/// All places where the column can be cut, from its top to its end.
fn seams(rows: &[Measure], tops: &[f32], floats: &[Float], page: f32) -> Vec<Seam> {
    let mut seams: Vec<Seam> = Vec::new();
    let mut gives = 0.0;
    // The end of the words so far, and the picture that they stand beside.
    let mut end = 0.0_f32;
    let mut float: Option<Float> = None;
    let add = |seams: &mut Vec<Seam>, seam: Seam| {
        // What has no line to be cut at, and no page can hold, is cut anywhere.
        while let Some(last) = seams.last().copied()
            && last.least_to(&seam) > page + SLACK
            && page >= LEAST_PART
            && seam.top - last.top > page
        {
            let y = last.top + page;
            seams.push(Seam {
                row: if seam.inside { seam.row } else { seam.row - 1 },
                inside: true,
                bottom: y,
                top: y,
                gives: last.gives,
                beside: seam.beside.filter(|_| seam.inside),
                price: 0.0,
            });
        }
        seams.push(seam);
    };
    for (index, row) in rows.iter().enumerate() {
        let (y, above) = (tops[index], index.checked_sub(1).map(|above| rows[above]));
        let begins = floats.iter().find(|float| float.row == index);
        // Between a picture and its words there is nothing to cut.
        let joined = float.is_some_and(|float| index == float.row + 1);
        if let Some(done) = float.filter(|float| index > float.last) {
            end = end.max(done.bottom);
            gives += done.gives;
            float = None;
            add(
                &mut seams,
                Seam {
                    row: index,
                    inside: false,
                    bottom: end,
                    top: y + row.space,
                    gives,
                    beside: None,
                    price: heading(above),
                },
            );
        } else if !joined {
            let price = heading(above) + broken(float, rows, end + above.map_or(0.0, |above| above.line));
            add(
                &mut seams,
                Seam {
                    row: index,
                    inside: false,
                    bottom: end,
                    top: y + row.space,
                    gives,
                    beside: float,
                    price,
                },
            );
        }
        if begins.is_some() {
            float = begins.copied();
            continue;
        }
        for (bottom, price) in lines(row, y, page) {
            // A line more or less: it is the words that end the page.
            let price = price + broken(float, rows, bottom + row.line);
            add(
                &mut seams,
                Seam {
                    row: index,
                    inside: true,
                    bottom,
                    top: bottom,
                    gives,
                    beside: float,
                    price,
                },
            );
        }
        gives += if float.is_some() { 0.0 } else { row.gives };
        end = y + row.height;
    }
    let (bottom, last) = float.map_or((end, 0.0), |float| (end.max(float.bottom), float.gives));
    add(
        &mut seams,
        Seam {
            row: rows.len(),
            inside: false,
            bottom,
            top: bottom,
            gives: gives + last,
            beside: None,
            price: 0.0,
        },
    );
    seams
}

fn heading(above: Option<Measure>) -> f32 {
    match above {
        Some(row) if row.leads && row.cut == Cut::Freely => price::LEAD_AT_FOOT,
        Some(row) if row.leads => price::HEADING_AT_FOOT,
        Some(row) if row.linked => price::LINK_APART,
        _ => 0.0,
    }
}

/// What it costs to end a page here beside a picture.
fn broken(float: Option<Float>, rows: &[Measure], bottom: f32) -> f32 {
    match float {
        Some(float) if bottom + SLACK < float.bottom - rows[float.row].gives => price::PICTURE_CUT,
        Some(_) => price::BESIDE_CUT,
        None => 0.0,
    }
}

/// Where a row can be cut between its lines, and what each cut costs.
fn lines(row: &Measure, top: f32, page: f32) -> Vec<(f32, f32)> {
    let needed = row.height - row.space > page + SLACK;
    let price = match row.cut {
        Cut::Freely => price::TEXT_CUT,
        Cut::Unwillingly => price::BOX_CUT,
        Cut::Hardly | Cut::Never if needed => 0.0,
        Cut::Hardly => price::LAST_CUT,
        Cut::Never => return Vec::new(),
    };
    if row.line < LEAST_PART {
        return Vec::new();
    }
    // Counted from the last one, because a label above the first may have wrapped.
    let last = top + row.height - row.foot;
    let mut cuts = Vec::new();
    let mut bottom = last - row.line;
    while bottom >= top + row.pad + 0.7 * row.line && cuts.len() < 10 * MOST_PAGES {
        cuts.push((bottom, price));
        bottom -= row.line;
    }
    cuts.reverse();
    let lonely = if row.line > page * FEW_LINES {
        price::LONELY_LINE
    } else {
        price::LONELY_SMALL_LINE
    };
    if let Some(first) = cuts.first_mut() {
        first.1 += lonely;
    }
    if cuts.len() > 1
        && let Some(last) = cuts.last_mut()
    {
        last.1 += lonely;
    }
    cuts
}

/// The seams at which the cheapest pages begin and end.
fn cheapest(seams: &[Seam], page: f32, early: f32, left_over: impl Fn(&Seam) -> bool) -> Vec<usize> {
    let last = seams.len() - 1;
    let end = seams[last].top.max(LEAST_PART);
    // For each seam the price of all pages above it, and where the last of them begins.
    let mut best = vec![(0.0_f64, 0_usize); seams.len()];
    for (at, to) in seams.iter().enumerate().skip(1) {
        let mut cheapest = (f64::INFINITY, at - 1);
        for (begin, from) in seams[..at].iter().enumerate().rev() {
            if from.least_to(to) > page + SLACK && begin + 1 < at {
                break;
            }
            let mut price = price::PAGE + to.price;
            if at < last {
                let empty = 1.0 - (from.height_to(to) / page).min(1.0);
                let mut emptiness = price::EMPTY * empty * empty;
                emptiness += if empty > MOST_EMPTY { price::HALF_EMPTY } else { 0.0 };
                price += emptiness * (1.0 + early * (1.0 - from.top / end));
            } else if left_over(from) {
                price += price::LEFT_OVER;
            }
            let sum = best[begin].0 + f64::from(price);
            if sum < cheapest.0 {
                cheapest = (sum, begin);
            }
        }
        best[at] = cheapest;
    }
    let mut path = vec![last];
    let mut at = last;
    while at > 0 {
        at = best[at].1;
        path.push(at);
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests;
