//! What stands in each row of the screen: which cards stand side by side, where a picture goes and which words stand beside it, what a
//! first frame can bear.

use slint::ComponentHandle;

use super::super::ui;
use super::plan::{Layout, Place, Sizes, Source, Stands};
use super::reckon;
use crate::kiosk::session::settings::TextSize;
use crate::kiosk::session::view::{Aside, Code, Outcome, Row, Screen, View};

/// The width at which two cards stand side by side, in ems of body text: a card's summary then has about twelve words a line.
const EMS_FOR_CARDS: i32 = 34;

/// The same above the keyboard, where cards hold titles only.
const EMS_FOR_TITLES: i32 = 24;

/// The same for two choices, which are shorter.
const EMS_FOR_CHOICES: i32 = 20;

/// The width that words beside a picture need, in ems: three or four Vietnamese words a line.
const EMS_BESIDE: f32 = 12.0;

/// What the first frame may cost, in units of [`cost`]: a screen of common size is full then, at any text size.
pub(super) const FIRST_COST: usize = 24;

/// What making and painting a row takes, in units of about a third of a millisecond (measured with benches/frames.rs).
pub(super) fn cost(row: &Row) -> usize {
    match row {
        Row::Picture(_) => 4,
        Row::Table { .. } | Row::Card(_) | Row::Fact(..) => 3,
        _ => 2,
    }
}

/// Decides what stands in each row of the screen.
pub(super) fn arrange(source: &Source) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut in_pairs = items_in_pairs(source);
    // The first row of the view that is in no row of the screen yet.
    let mut next = 0;
    while let Some(row) = source.rows.get(next) {
        let may_pair = match row {
            Row::Card(_) | Row::Fact(..) => source.layout.card_pairs,
            // Answered, each says which it is, and needs the room.
            Row::Choice { outcome, .. } => source.layout.choice_pairs && *outcome == Outcome::Open,
            Row::Bullet(_) | Row::Numbered(..) => in_pairs[next],
            _ => false,
        };
        let alike = |other: usize| {
            std::mem::discriminant(&source.rows[other]) == std::mem::discriminant(row)
                && (!matches!(row, Row::Bullet(_) | Row::Numbered(..)) || in_pairs[other])
        };
        match places.last_mut() {
            Some(last) if may_pair && last.is_single() && last.left.is_some_and(alike) => {
                last.right = Some(next);
                last.is_half = false;
            }
            _ if matches!(row, Row::Picture(_)) => {
                next = stand_beside(source, next, &in_pairs, &mut places);
                // Numbers that begin under each other beside it go on so under it.
                let numbers = in_pairs.iter_mut().zip(&source.rows).skip(next);
                let goes_on = numbers.take_while(|(_, row)| matches!(row, Row::Numbered(2.., _)));
                goes_on.for_each(|(in_pair, _)| *in_pair = false);
                continue;
            }
            last => {
                let is_half = matches!(row, Row::Card(_)) && last.is_some_and(|last| last.right.is_some_and(alike));
                places.push(Place {
                    left: Some(next),
                    is_half,
                    ..Place::default()
                });
            }
        }
        next += 1;
    }
    if let Some(aside) = source.aside.as_ref().filter(|_| !source.layout.beside) {
        let at = match aside {
            // Codes are what the screen is for, and with large letters the words that explain them would push them off it. An address stands
            // between its hint and itself in words.
            Aside::Codes(codes) if codes.iter().any(Code::is_text) => places.len().min(1),
            Aside::Codes(_) => places.len().min(2),
            // Over the words, so that it never stands alone behind them; under the title, and what to beware of.
            Aside::Picture(_) => {
                let above = |place: &&Place| {
                    let row = place.left.and_then(|row| source.rows.get(row));
                    matches!(row, Some(Row::Heading(_)))
                };
                places.iter().take_while(above).count()
            }
        };
        places.insert(at, Place::default());
    }
    places
}

/// Which rows are items that stand two by two: those so short that two have room, if most of their list are.
fn items_in_pairs(source: &Source) -> Vec<bool> {
    let rows = &source.rows;
    let mut pairs = vec![false; rows.len()];
    if !source.grows || !source.layout.card_pairs {
        return pairs;
    }
    let mut begin = 0;
    while begin < rows.len() {
        let kind = std::mem::discriminant(&rows[begin]);
        let alike = rows[begin..]
            .iter()
            .take_while(|row| std::mem::discriminant(*row) == kind);
        let lines: Vec<f32> = alike
            .map_while(|row| reckon::lines_in_half(row, &source.layout))
            .collect();
        let short = lines.iter().filter(|lines| **lines <= 1.0).count();
        if 3 * short >= 2 * lines.len() {
            // Which number comes next must be plain: all of them, or none.
            let is_numbered = matches!(rows[begin], Row::Numbered(..));
            let most = if is_numbered { 2.0 } else { 1.0 };
            let may = !is_numbered || lines.iter().all(|lines| *lines <= most);
            for (pair, lines) in pairs[begin..].iter_mut().zip(&lines) {
                *pair = may && *lines <= most;
            }
        }
        begin += lines.len().max(1);
    }
    pairs
}

/// Puts a picture into the column: at the right of the text that it was written after, as much of it as is about as high as the picture;
/// where there is none under the same heading, of the text that follows. It goes past no heading that has text of its own: what stands
/// beside it is what it shows. Only a picture before the first heading shows the whole article, so that what begins it stands beside it
/// too, with headings. Where there is no text, or no room, it stands over what follows. Returns the row of the view that is next.
fn stand_beside(source: &Source, picture: usize, in_pairs: &[bool], places: &mut Vec<Place>) -> usize {
    let layout = &source.layout;
    let width = layout.width - layout.picture_side - layout.sizes.margin;
    let height = |row: usize| reckon::height(&source.rows[row], width, &layout.sizes);
    let is_text = |row: usize| {
        matches!(
            source.rows.get(row),
            Some(Row::Paragraph(_) | Row::Bullet(_) | Row::Numbered(..) | Row::Notice(..))
        )
    };
    let is_heading = |row: usize| matches!(source.rows.get(row), Some(Row::SubHeading(_)));
    let side = layout.picture_side;
    let mut filled = 0.0;
    let mut beside = Vec::new();
    if side > 0.0 {
        let follows = is_text(picture + 1);
        while let Some(before) = places.last().filter(|last| last.is_single()).and_then(|last| last.left) {
            let more = height(before);
            // Longer text goes on below the picture: better than a picture alone.
            // Numbers stay two by two, to the last.
            let fits = if in_pairs[before] && matches!(source.rows[before], Row::Numbered(..)) {
                false
            } else if beside.is_empty() {
                is_text(before) && (more <= 1.2 * side || !follows)
            } else {
                (is_text(before) || is_heading(before)) && filled + more <= 1.3 * side
            };
            if !fits {
                break;
            }
            places.pop();
            beside.insert(0, before);
            filled += more;
            if is_heading(before) {
                break;
            }
        }
        let shows_all = !(0..picture).any(is_heading);
        let mut next = picture + 1;
        while filled < 0.75 * side {
            // A heading goes with the text under it, and only to a picture that no words under another one belong to.
            let headed = usize::from((beside.is_empty() || shows_all) && is_heading(next));
            let rows = next..next + headed + 1;
            if !is_text(next + headed) {
                break;
            }
            let more: f32 = rows.clone().map(height).sum();
            if filled + more > 1.3 * side && filled > 0.4 * side {
                break;
            }
            filled += more;
            next = rows.end;
            beside.extend(rows);
        }
    }
    places.push(Place {
        left: Some(picture),
        right: None,
        stands: if beside.is_empty() {
            Stands::Alone
        } else {
            Stands::Beside(beside.len())
        },
        is_half: false,
    });
    places.extend(beside.iter().map(|&row| Place {
        left: Some(row),
        right: None,
        stands: Stands::Narrow,
        is_half: false,
    }));
    beside.last().map_or(picture, |&last| last.max(picture)) + 1
}

/// Which layout suits this screen: read from what the window measured.
pub(super) fn layout(app: &ui::App, view: &View) -> Layout {
    let portrait = app.global::<ui::Theme>().get_portrait();
    let ems = app.global::<ui::Column>().get_ems();
    let mut sizes = Sizes::of(app);
    if view.grows && view.settings.text_size != TextSize::Normal {
        // `Column.is-read` does the same in `card.slint`.
        sizes.card = sizes.body.min(sizes.heading);
    }
    let largest = view.settings.text_size == TextSize::Largest;
    let has_code = matches!(view.aside, Some(Aside::Codes(_)));
    // On a screen that is small for its letters the bars above and below leave less room.
    let most = if app.global::<ui::Theme>().get_narrow() {
        (sizes.screen_height - 5.0 * sizes.touch).max(sizes.touch)
    } else {
        f32::INFINITY
    };
    // The larger the letters, the more room they need.
    let aside_side = if largest && !has_code {
        (330.0 * sizes.unit).min(sizes.width * 0.3)
    } else {
        (400.0 * sizes.unit).min(sizes.width * 0.38)
    }
    .min(most);
    let picture_side = (330.0 * sizes.unit).min(sizes.width * 0.3);
    let room = |side: f32| (sizes.width - side - sizes.margin) / sizes.body >= EMS_BESIDE;
    let beside = !portrait && (has_code || room(aside_side));
    let has_aside = view.aside.is_some() && beside;
    Layout {
        card_pairs: ems
            >= match &view.screen {
                Screen::Search(search) if search.keyboard => EMS_FOR_TITLES,
                _ => EMS_FOR_CARDS,
            },
        choice_pairs: !portrait && ems >= EMS_FOR_CHOICES,
        beside,
        aside_side,
        picture_side: if !portrait && !has_aside && room(picture_side) {
            picture_side
        } else {
            0.0
        },
        width: sizes.width - if has_aside { aside_side + sizes.margin } else { 0.0 },
        most_growth: match view.settings.text_size {
            TextSize::Normal | TextSize::Large => 1.4,
            // Beside codes, which can't be smaller, three of the largest words fill a line and a list six screens: they get the size below.
            TextSize::Largest if has_code && beside => 1.0 / 1.4,
            TextSize::Largest => 1.0,
        },
        sizes,
    }
}
