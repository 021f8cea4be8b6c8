//! What stands in each row of the screen: which cards stand side by side, where a picture goes, what a first frame can bear.

use slint::ComponentHandle;

use super::super::ui;
use crate::kiosk::session::settings::TextSize;
use crate::kiosk::session::view::{Aside, Code, Row, Screen, View};

/// The width at which two cards stand side by side, in ems of body text: a card's summary then has about twelve words a line.
const EMS_FOR_CARDS: i32 = 34;

/// The same above the keyboard, where cards hold titles only.
const EMS_FOR_TITLES: i32 = 24;

/// The same for two choices, which are shorter.
const EMS_FOR_CHOICES: i32 = 20;
/// What the first frame may cost, in units of [`cost`]: a screen of common size is full then, at any text size.
pub(super) const FIRST_COST: usize = 24;
/// What the rows on the screen were made from: while it stays the same, they stay.
#[derive(PartialEq)]
pub(super) struct Source {
    pub(super) rows: Vec<Row>,
    pub(super) aside: Option<Aside>,
    pub(super) layout: Layout,
}

impl Source {
    /// Whether the rows of both are of the same kinds.
    pub(super) fn has_kinds_of(&self, other: &Self) -> bool {
        let kinds = |source: &Self| source.rows.iter().map(std::mem::discriminant).collect::<Vec<_>>();
        kinds(self) == kinds(other)
    }
}

/// Which rows of the view stand in a row of the screen; neither: the picture or code that has no room beside the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) left: Option<usize>,
    pub(super) right: Option<usize>,
    /// The last card of a list of pairs, which stands alone and is as wide as they are.
    pub(super) is_half: bool,
}

/// How rows are laid out at this size of screen and text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Two cards or facts side by side.
    pub(super) card_pairs: bool,
    /// Two choices of a question side by side.
    pub(super) choice_pairs: bool,
    /// Picture beside the column rather than in it.
    pub(super) beside: bool,
}
/// What making and painting a row takes, in units of about a third of a millisecond (measured with benches/frames.rs).
pub(super) fn cost(row: &Row) -> usize {
    match row {
        Row::Picture { .. } => 4,
        Row::Table { .. } | Row::Card(_) | Row::Fact(..) => 3,
        _ => 2,
    }
}

/// Decides what stands in each row of the screen.
pub(super) fn arrange(source: &Source) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (index, row) in source.rows.iter().enumerate() {
        let may_pair = match row {
            Row::Card(_) | Row::Fact(..) => source.layout.card_pairs,
            Row::Choice { .. } => source.layout.choice_pairs,
            _ => false,
        };
        let alike = |other: usize| std::mem::discriminant(&source.rows[other]) == std::mem::discriminant(row);
        match places.last_mut() {
            Some(last) if may_pair && last.right.is_none() && last.left.is_some_and(alike) => {
                last.right = Some(index);
                last.is_half = false;
            }
            last => {
                let is_half = matches!(row, Row::Card(_)) && last.is_some_and(|last| last.right.is_some_and(alike));
                places.push(Place {
                    left: Some(index),
                    right: None,
                    is_half,
                });
            }
        }
    }
    if let Some(aside) = source.aside.as_ref().filter(|_| !source.layout.beside) {
        let at = match aside {
            // Codes are what the screen is for, and with large letters the words that explain them would push them off it. An address stands
            // between its hint and itself in words.
            Aside::Codes(codes) if codes.iter().any(Code::is_text) => places.len().min(1),
            Aside::Codes(_) => places.len().min(2),
            // A picture only helps.
            // The words under a picture are the last row.
            Aside::Picture { caption, .. } => places.len() - usize::from(!caption.is_empty()).min(places.len()),
        };
        places.insert(at, Place::default());
    }
    places
}
/// Which layout suits this screen: read from what the window measured.
pub(super) fn layout(app: &ui::App, view: &View) -> Layout {
    let portrait = app.global::<ui::Theme>().get_portrait();
    let ems = app.global::<ui::Column>().get_ems();
    Layout {
        card_pairs: ems
            >= match &view.screen {
                Screen::Search(search) if search.keyboard => EMS_FOR_TITLES,
                _ => EMS_FOR_CARDS,
            },
        choice_pairs: !portrait && ems >= EMS_FOR_CHOICES,
        // A code must be seen at once, whatever the size of the text.
        beside: !portrait
            && (view.settings.text_size != TextSize::Largest || matches!(view.aside, Some(Aside::Codes(_)))),
    }
}
