//! What is laid out: the rows of the view, the room and the letters they have, and where each stands.

use slint::ComponentHandle;

use super::super::ui;
use crate::kiosk::session::view::{Aside, Row};

/// What the rows on the screen were made from: while it stays the same, they stay.
#[derive(PartialEq)]
pub(super) struct Source {
    pub(super) rows: Vec<Row>,
    pub(super) aside: Option<Aside>,
    pub(super) layout: Layout,
    /// Whether words grow where they would leave much of the screen empty.
    pub(super) grows: bool,
}

impl Source {
    /// Whether the rows of both are of the same kinds.
    pub(super) fn has_kinds_of(&self, other: &Self) -> bool {
        let kinds = |source: &Self| source.rows.iter().map(std::mem::discriminant).collect::<Vec<_>>();
        kinds(self) == kinds(other)
    }

    /// Whether codes stand beside the words, or among them.
    pub(super) fn has_code(&self) -> bool {
        matches!(self.aside, Some(Aside::Codes(_)))
    }
}

/// Which rows of the view stand in a row of the screen; neither: the picture or code that has no room beside the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) left: Option<usize>,
    pub(super) right: Option<usize>,
    /// The last card of a list of pairs, which stands alone and is as wide as they are.
    pub(super) is_half: bool,
    pub(super) stands: Stands,
}

impl Place {
    /// Whether one row stands across the column.
    pub(super) fn is_single(&self) -> bool {
        self.right.is_none() && self.stands == Stands::Alone
    }
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stands {
    /// Across the column.
    #[default]
    Alone,
    /// A picture at the right of so many rows that follow.
    Beside(usize),
    /// At the left of a picture.
    Narrow,
}

/// How rows are laid out at this size of screen and text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    /// Two cards or facts side by side.
    pub(super) card_pairs: bool,
    /// Two choices of a question side by side.
    pub(super) choice_pairs: bool,
    /// Picture beside the column rather than in it.
    pub(super) beside: bool,
    /// The side of that picture.
    pub(super) aside_side: f32,
    /// The side of a picture beside words of the column; 0 where there is no room for one.
    pub(super) picture_side: f32,
    /// The width of the column.
    pub(super) width: f32,
    /// How much words may grow at most: no further than the next larger text size. Less than 1 where they must be smaller than chosen.
    pub(super) most_growth: f32,
    pub(super) sizes: Sizes,
}

/// Lengths of `ui/theme.slint` that decide how high a row is, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sizes {
    /// The width of the column.
    pub(super) width: f32,
    /// Body text as chosen.
    pub(super) body: f32,
    pub(super) small: f32,
    pub(super) heading: f32,
    pub(super) title: f32,
    /// The title of a card.
    pub(super) card: f32,
    /// A cell of a table.
    pub(super) table: f32,
    pub(super) button: f32,
    pub(super) bar: f32,
    pub(super) gap: f32,
    pub(super) gap_small: f32,
    /// Between the frame of a box and its words.
    pub(super) box_inset: f32,
    /// Between the column and what stands beside it.
    pub(super) margin: f32,
    pub(super) touch: f32,
    /// 1 at 1280 x 800.
    pub(super) unit: f32,
    pub(super) screen_height: f32,
    /// The name of a notice stands under its sign, not above its words.
    pub(super) label_aside: bool,
}

impl Sizes {
    pub(super) fn of(app: &ui::App) -> Self {
        let theme = app.global::<ui::Theme>();
        let margin = theme.get_margin();
        Self {
            width: theme.get_screen_width() - 2.0 * margin,
            body: theme.get_type_body(),
            small: theme.get_type_small(),
            heading: theme.get_type_heading(),
            title: theme.get_type_title(),
            card: theme.get_type_card(),
            table: theme.get_type_card(),
            button: theme.get_type_button(),
            bar: theme.get_type_bar(),
            gap: theme.get_gap(),
            gap_small: theme.get_gap_small(),
            box_inset: theme.get_box_inset(),
            margin,
            touch: theme.get_touch(),
            unit: theme.get_unit(),
            screen_height: theme.get_screen_height(),
            label_aside: theme.get_text_size() == ui::TextSize::Normal,
        }
    }
}
