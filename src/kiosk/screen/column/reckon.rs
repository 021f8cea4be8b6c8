//! How high rows will be, reckoned from the widths of letters before the screen has laid them out.
//!
//! It decides what must be known at once: how large the words of a page may grow, which of them stand beside a picture, and where the
//! first page ends while the rows of the others are still to be made. What the screen measures then takes its place, so a reckoning
//! that is a line out costs little. Begin with [`reckon`].

use std::iter;

use super::plan::{Layout, Place, Sizes, Source, Stands};
use crate::content::font;
use crate::content::rich::{Rich, Style};
use crate::kiosk::session::paging::{self, Cut, Measure};
use crate::kiosk::session::view::{Label, Row, TablePart, Words};

/// The natural line of Noto Sans, as a share of its size.
const NATURAL: f32 = 1.362;

/// `Theme.leading`.
const LEADING: f32 = 1.075;

/// Letters of a text of the interface, whose words only Slint knows.
const LABEL_LETTERS: u16 = 60;

/// How much larger than chosen the words of a page may become, the largest first: it makes of one text size the next.
const GROWTHS: [f32; 4] = [1.4, 1.3, 1.2, 1.1];

/// The share of its pages that a page of the content may leave empty without growing.
const EMPTY_ENOUGH: f32 = 1.0 / 3.0;

/// Grown words must fit with so much to spare: a reckoning may be a line out.
const SPARE: f32 = 0.97;

/// How large the words become, and on how many pages they stand then and would stand as chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Growth {
    /// 1: as chosen; less, beside codes.
    pub(super) by: f32,
    /// The most pages that growing may take.
    pub(super) pages: usize,
}

impl Growth {
    pub(super) const NONE: Self = Self { by: 1.0, pages: 0 };

    /// The next smaller one, after more pages came of this one than were reckoned.
    pub(super) fn less(self) -> Self {
        let by = GROWTHS.into_iter().find(|by| *by < self.by).unwrap_or(1.0);
        Self { by, ..self }
    }
}

/// The largest growth with which the rows need no more pages than without it, if without it they leave much of these empty.
pub(super) fn growth(source: &Source, places: &[Place], page: f32) -> Growth {
    let most = source.layout.most_growth;
    if most < 1.0 {
        return Growth { by: most, pages: 0 };
    }
    // A table that grows may lose its columns; what is ticked doesn't grow, and is no smaller than the words over it.
    let stays = |row: &Row| matches!(row, Row::Table { .. } | Row::Check { .. });
    let may = source.grows && page > 0.0 && !source.rows.iter().any(stays);
    if !may {
        return Growth::NONE;
    }
    let lay_out = |by: f32, page: f32| {
        let measures: Vec<_> = (0..places.len())
            .map(|index| reckon(source, places, index, by))
            .collect();
        paging::lay_out(&measures, page).windows
    };
    let chosen = lay_out(1.0, page);
    #[expect(clippy::cast_precision_loss, reason = "some pages")]
    let filled = chosen.iter().map(|window| window.height / page).sum::<f32>() / chosen.len() as f32;
    if filled >= 1.0 - EMPTY_ENOUGH {
        return Growth::NONE;
    }
    let fits = |by: &f32| lay_out(*by, page * SPARE).len() <= chosen.len();
    let by = GROWTHS.into_iter().filter(|by| *by <= most).find(fits);
    Growth {
        by: by.unwrap_or(1.0),
        pages: chosen.len(),
    }
}

/// How a row of the screen will measure with words that have grown so much, and how it may be cut.
pub(super) fn reckon(source: &Source, places: &[Place], index: usize, growth: f32) -> Measure {
    let (sizes, layout) = (&source.layout.sizes, &source.layout);
    let Some(place) = places.get(index) else {
        return Measure::default();
    };
    let row = |row: Option<usize>| source.rows.get(row?);
    let width = match place.stands {
        Stands::Narrow => layout.width - layout.picture_side - sizes.margin,
        Stands::Beside(_) => layout.picture_side,
        Stands::Alone => layout.width,
    };
    let Some(left) = row(place.left) else {
        let height = sizes.gap + picture(sizes);
        return Measure {
            height,
            space: sizes.gap,
            pad: sizes.gap,
            leads: index + 1 < places.len(),
            // A code that is too small can't be read.
            gives: if source.has_code() { 0.0 } else { picture(sizes) / 2.0 },
            ..Measure::default()
        };
    };
    let mut measure = of(left, row(place.right), width, sizes, growth, index == 0);
    if let (Row::Picture(shown), Stands::Beside(beside)) = (left, place.stands) {
        measure.beside = beside;
        measure.leads = false;
        measure.gives = layout.picture_side / 2.0;
        measure.height = measure.space + layout.picture_side + caption(&shown.caption, width, sizes);
    }
    // What leads on from words belongs to them: at the top of a page it would be taken for the next words'.
    let next = row(places.get(index + 1).and_then(|next| next.left));
    measure.linked = source.grows && measure.cut == Cut::Freely && matches!(next, Some(Row::Card(_)));
    measure.leads &= index + 1 < places.len();
    measure
}

/// The height of a row as it is chosen, for the arrangement beside a picture.
pub(super) fn height(row: &Row, width: f32, sizes: &Sizes) -> f32 {
    of(row, None, width, sizes, 1.0, false).height
}

/// How many lines of half the column an item of a list takes, if two stand side by side; `None` if the row is none.
pub(super) fn lines_in_half(row: &Row, layout: &Layout) -> Option<f32> {
    let (Row::Bullet(item) | Row::Numbered(_, item)) = row else {
        return None;
    };
    let sizes = &layout.sizes;
    let room = (layout.width - sizes.gap) / 2.0 - 0.7 * sizes.gap;
    Some(lines(spans(item), room * SPARE / sizes.body - marker(row)))
}

/// The width of what stands before an item, in ems.
fn marker(row: &Row) -> f32 {
    match row {
        Row::Numbered(10.., _) => 1.8,
        Row::Numbered(..) => 1.2,
        _ => 0.45,
    }
}

/// The height of a picture in the column.
fn picture(sizes: &Sizes) -> f32 {
    (300.0 * sizes.unit).min((0.9 * sizes.screen_height - 4.0 * sizes.touch).max(sizes.touch))
}

fn caption(words: &str, width: f32, sizes: &Sizes) -> f32 {
    if words.is_empty() {
        return 0.0;
    }
    sizes.gap_small + lines(plain(words, false), width / sizes.small) * sizes.small * NATURAL * LEADING
}

#[expect(clippy::too_many_lines, reason = "an arm for each kind of row")]
fn of(row: &Row, right: Option<&Row>, width: f32, sizes: &Sizes, growth: f32, first: bool) -> Measure {
    let body = sizes.body * growth;
    let space = if first { 0.0 } else { space(row, sizes) };
    let label = sizes.small * NATURAL;
    let text = |rich: &Rich, width: f32, size: f32| {
        let line = size * NATURAL * if rich.is_plain() { LEADING } else { 1.0 };
        (lines(spans(rich), width / size) * line, line)
    };
    let prose = |(height, line): (f32, f32), leads: bool| Measure {
        height: space + height,
        space,
        pad: space,
        line,
        leads,
        cut: Cut::Freely,
        ..Measure::default()
    };
    let boxed = |(height, line): (f32, f32), inset: f32, head: f32, cut: Cut| Measure {
        height: space + 2.0 * inset + head + height,
        space,
        pad: space + inset + head,
        foot: inset,
        line,
        cut,
        ..Measure::default()
    };
    let block = |height: f32| Measure {
        height: space + height,
        space,
        pad: space,
        ..Measure::default()
    };
    match row {
        Row::Heading(title) | Row::SubHeading(title) => {
            let size = if matches!(row, Row::Heading(_)) {
                sizes.title.max(body * 1.1)
            } else if growth > 1.0 {
                sizes.heading.max(body)
            } else {
                sizes.heading
            };
            Measure {
                leads: true,
                ..block(said(title, true, width / size) * size * NATURAL)
            }
        }
        Row::Paragraph(rich) => prose(text(rich, width, body), rich.text().ends_with(':')),
        Row::Plain(words) => {
            let leads = matches!(
                words,
                Words::Label(Label::MentionedIn | Label::TopicHint | Label::OfficialAddress)
            );
            let line = body * NATURAL * LEADING;
            prose((said(words, false, width / body) * line, line), leads)
        }
        Row::Small(words) => {
            let line = sizes.small * NATURAL * LEADING;
            let leads = matches!(words, Words::Label(Label::Related));
            prose((said(words, false, width / sizes.small) * line, line), leads)
        }
        Row::Bullet(_) | Row::Numbered(..) if right.is_some() => {
            let room = (width - sizes.gap) / 2.0 - marker(row) * body - 0.7 * sizes.gap;
            let items = iter::once(row).chain(right).filter_map(|item| match item {
                Row::Bullet(item) | Row::Numbered(_, item) => Some(text(item, room, body).0),
                _ => None,
            });
            block(items.fold(0.0, f32::max))
        }
        Row::Bullet(rich) | Row::Numbered(_, rich) => {
            prose(text(rich, width - marker(row) * body - 0.7 * sizes.gap, body), false)
        }
        Row::Notice(_, rich) => {
            let inset = sizes.box_inset;
            let sign = if sizes.label_aside {
                4.6 * sizes.small
            } else {
                1.36 * body
            };
            let said = text(rich, width - 2.0 * inset - sign - 0.8 * sizes.gap, body);
            if sizes.label_aside {
                let least = 1.36 * sizes.body + label;
                boxed((said.0.max(least), said.1), inset, 0.0, Cut::Unwillingly)
            } else {
                boxed(said, inset, label, Cut::Unwillingly)
            }
        }
        Row::Fact(_, value) => {
            let each = if right.is_some() {
                (width - sizes.gap) / 2.0
            } else {
                width
            };
            let room = (each - 1.5 * body - 0.8 * sizes.gap) / body;
            let other = right.and_then(|row| {
                if let Row::Fact(_, value) = row {
                    Some(value)
                } else {
                    None
                }
            });
            let line = body * NATURAL * LEADING;
            let height = iter::once(value)
                .chain(other)
                .map(|value| lines(plain(value, false), room) * line);
            // Of two side by side the lines may not meet.
            let cut = if right.is_some() { Cut::Never } else { Cut::Freely };
            boxed((height.fold(0.0, f32::max), line), 0.0, label, cut)
        }
        Row::Check { text, .. } => {
            let inset = 1.4 * sizes.gap_small;
            let line = sizes.body * NATURAL * LEADING;
            let room = (width - 2.0 * inset - 1.3 * sizes.body - 0.8 * sizes.gap) / sizes.body;
            let height = (lines(plain(text, false), room) * line).max(sizes.touch - 2.0 * inset);
            // What is touched is never cut.
            boxed((height, line), inset, 0.0, Cut::Never)
        }
        Row::Verdict { reason, .. } => {
            let inset = sizes.box_inset;
            let line = sizes.body * NATURAL * LEADING;
            let height = lines(plain(reason, false), (width - 2.0 * inset) / sizes.body) * line;
            boxed((height, line), inset, sizes.body * NATURAL, Cut::Unwillingly)
        }
        Row::Picture(shown) => Measure {
            leads: true,
            gives: picture(sizes) / 2.0,
            ..block(picture(sizes) + caption(&shown.caption, width, sizes))
        },
        Row::Table { header, cells, part } => {
            let inset = 1.4 * sizes.gap_small;
            #[expect(clippy::cast_precision_loss, reason = "three columns at most")]
            let columns = cells.len().max(1) as f32;
            let each = (width - 2.0 * inset - (columns - 1.0) * sizes.gap) / columns;
            let heights = cells.iter().map(|cell| text(cell, each, sizes.table).0);
            let first = matches!(part, TablePart::Row { first: true });
            let names = header
                .iter()
                .map(|name| lines(plain(name, true), each / sizes.small) * label);
            let above = if first || cells.len() == 1 {
                names.fold(0.0, f32::max)
            } else {
                0.0
            };
            // Lines side by side are level; of cells one under the other none are.
            let level = cells.len() > 1 && width / columns >= 9.0 * sizes.table;
            Measure {
                leads: matches!(part, TablePart::Cell { last: false, .. }),
                cut: if level { Cut::Hardly } else { Cut::Never },
                ..block(2.0 * inset + above + heights.fold(0.0, f32::max))
            }
        }
        Row::Card(card) => {
            let room = if right.is_some() {
                (width - sizes.gap) / 2.0
            } else {
                width
            } - 3.2 * sizes.gap_small
                - 90.0 * sizes.unit;
            let title = said(&card.title, true, room / sizes.card) * sizes.card * NATURAL * LEADING;
            let detail = lines(plain(&card.detail, false), room / sizes.small) * sizes.small * NATURAL * LEADING;
            let extent = if card.extent.is_some() { label } else { 0.0 };
            let picture = if card.picture.is_empty() {
                0.0
            } else {
                92.0 * sizes.unit + 1.6 * sizes.gap_small
            };
            let words = title + detail + extent + 3.2 * sizes.gap_small;
            block(words.max(picture).max(sizes.touch))
        }
        Row::Choice { text, .. } => {
            let each = if right.is_some() {
                (width - sizes.gap) / 2.0
            } else {
                width
            };
            let height = lines(plain(text, false), each / sizes.body - 3.0) * sizes.body * NATURAL * LEADING;
            block((height + 2.8 * sizes.gap_small).max(sizes.touch))
        }
        Row::Event { when, what, detail, .. } => {
            let small = (lines(plain(when, true), width / sizes.small)
                + lines(plain(detail, false), width / sizes.small))
                * label;
            let what = lines(plain(what, true), width / sizes.card) * sizes.card * NATURAL * LEADING;
            block(small + what + 3.2 * sizes.gap_small)
        }
        Row::Review { prompt, answer, .. } => {
            let (inset, line) = (sizes.box_inset, sizes.body * NATURAL * LEADING);
            let room = (width - 2.0 * inset) / sizes.body;
            let words = lines(plain(prompt, false), room) + lines(plain(answer, true), room);
            boxed((words * line, line), inset, label, Cut::Hardly)
        }
        Row::Rating { .. } => {
            // Beside the faces where there is room, as `rating.slint` has it.
            let asked = sizes.button * NATURAL + sizes.gap_small;
            let stacked = 1.7 * sizes.button + sizes.bar * NATURAL + 2.0 * sizes.gap_small;
            let faces = if width < 24.0 * sizes.button { stacked } else { 0.0 };
            block(sizes.touch.max(faces) + if width >= 40.0 * sizes.button { 0.0 } else { asked })
        }
    }
}

/// The space above a row, as `paged_column.slint` has it.
fn space(row: &Row, sizes: &Sizes) -> f32 {
    match row {
        Row::Table {
            part: TablePart::Cell { first: false, .. },
            ..
        } => 0.0,
        Row::Bullet(_)
        | Row::Numbered(..)
        | Row::Small(_)
        | Row::Table {
            part: TablePart::Row { first: false },
            ..
        } => sizes.gap_small * 0.8,
        Row::Paragraph(_) | Row::Plain(_) | Row::Notice(..) => sizes.gap * 0.65,
        Row::SubHeading(_) => sizes.gap * 0.9,
        _ => sizes.gap,
    }
}

fn said(words: &Words, bold: bool, room: f32) -> f32 {
    match words {
        Words::Text(text) => lines(plain(text, bold), room),
        Words::Origin(sources) => lines(plain(&format!("Nguồn: {sources}"), bold), room),
        Words::Label(_) | Words::Numbers(..) => (f32::from(LABEL_LETTERS) * 0.52 / room).ceil(),
    }
}

fn plain(text: &str, bold: bool) -> impl Iterator<Item = (&str, bool)> {
    iter::once((text, bold))
}

fn spans(rich: &Rich) -> impl Iterator<Item = (&str, bool)> {
    let bold = |style: Style| style.strong;
    rich.spans()
        .iter()
        .map(move |span| (span.text.as_str(), bold(span.style)))
}

/// How many lines a text takes where so many ems fit into one.
fn lines<'a>(text: impl Iterator<Item = (&'a str, bool)>, room: f32) -> f32 {
    // The line so far, with its spaces, and the word at its end.
    let (mut lines, mut line, mut word, mut any) = (1.0, 0.0_f32, 0.0_f32, false);
    for (text, bold) in text {
        for letter in text.chars() {
            any = true;
            match letter {
                '\n' => {
                    lines += 1.0;
                    (line, word) = (0.0, 0.0);
                }
                ' ' => {
                    line += font::advance(' ', bold);
                    word = 0.0;
                }
                _ => {
                    let width = font::advance(letter, bold);
                    line += width;
                    word += width;
                    if line > room && line > word {
                        lines += 1.0;
                        line = word;
                    }
                }
            }
        }
    }
    if any { lines } else { 0.0 }
}
