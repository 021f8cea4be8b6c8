//! The globals `Column` and `ColumnPage`: rows, and the pages they are cut into once the screen has measured them.

mod cells;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use slint::{ComponentHandle, Image, Model, ModelRc, VecModel};

use super::{Acts, Kiosk, pictures, ui};
use crate::session::Action;
use crate::session::paging::{self, Measure, Window};
use crate::session::settings::TextSize;
use crate::session::view::{Aside, Row, Screen, View};
use crate::usage::signals::Face;

/// The width at which two cards stand side by side, in ems of body text: a card's summary then has about twelve words a line.
const EMS_FOR_CARDS: i32 = 34;

/// The same for two choices, which are shorter.
const EMS_FOR_CHOICES: i32 = 24;

/// What the rows on the screen are and how they measure.
pub(super) struct ColumnAdapter {
    rows: Rc<VecModel<ui::Row>>,
    /// For each row of the screen, which rows of the view stand left and right.
    places: RefCell<Vec<[Option<usize>; 2]>>,
    measures: RefCell<Vec<Option<Measure>>>,
    windows: RefCell<Vec<Window>>,
    page_height: Cell<f32>,
    made_from: RefCell<Option<Source>>,
}

/// What the rows on the screen were made from: while it stays the same, they stay.
#[derive(PartialEq)]
struct Source {
    rows: Vec<Row>,
    aside: Option<Aside>,
    layout: Layout,
}

/// How rows are laid out at this size of screen and text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    /// Two cards or facts side by side.
    card_pairs: bool,
    /// Two choices of a question side by side.
    choice_pairs: bool,
    /// Picture beside the column rather than in it.
    beside: bool,
}

impl ColumnAdapter {
    pub(super) fn new(app: &ui::App) -> Self {
        let rows = Rc::new(VecModel::default());
        app.global::<ui::Column>().set_rows(ModelRc::from(rows.clone()));
        Self {
            rows,
            places: RefCell::default(),
            measures: RefCell::default(),
            windows: RefCell::new(vec![Window::default()]),
            page_height: Cell::new(0.0),
            made_from: RefCell::default(),
        }
    }

    /// How many pages there are, as soon as every row has been measured.
    pub(super) fn pages(&self) -> Option<usize> {
        let measured = self.measures.borrow().iter().all(Option::is_some);
        measured.then(|| self.windows.borrow().len())
    }

    pub(super) fn show(&self, kiosk: &Kiosk, view: &View) {
        let app = &kiosk.app;
        let page = app.global::<ui::ColumnPage>();
        let number = |number: usize| i32::try_from(number).unwrap_or_default();
        page.set_of(view.progress.map_or(0, |progress| number(progress.of)));
        if let Some(progress) = view.progress {
            page.set_done(number(progress.at));
            page.set_counts_questions(progress.questions);
        }
        let layout = layout(app, view);
        let source = Source {
            rows: view.rows.clone(),
            aside: view.aside.clone(),
            layout,
        };
        if self.made_from.borrow().as_ref() != Some(&source) {
            set_aside(kiosk, view, layout);
            self.set_rows(kiosk, view, layout);
            self.made_from.replace(Some(source));
        }
        let column = app.global::<ui::Column>();
        column.set_page(number(view.column_page));
        column.set_pages(number(view.column_pages));
        self.apply(app, view.column_page);
    }

    fn set_rows(&self, kiosk: &Kiosk, view: &View, layout: Layout) {
        let mut rows: Vec<ui::Row> = Vec::new();
        let mut places: Vec<[Option<usize>; 2]> = Vec::new();
        let media = |name: &str| match &kiosk.library {
            Some(library) => kiosk.pictures.media(library, name),
            None => Image::default(),
        };
        for (index, row) in view.rows.iter().enumerate() {
            let (kind, cell) = cells::of(row, &media);
            let may_pair = match kind {
                ui::RowKind::Card | ui::RowKind::Fact => layout.card_pairs,
                ui::RowKind::Choice => layout.choice_pairs,
                _ => false,
            };
            if let Some((last, place)) = rows.last_mut().zip(places.last_mut())
                && may_pair
                && last.kind == kind
                && !last.paired
            {
                last.right = cell;
                last.paired = true;
                place[1] = Some(index);
                continue;
            }
            rows.push(cells::row(kind, cell));
            places.push([Some(index), None]);
        }
        if let Some(aside) = view.aside.as_ref().filter(|_| !layout.beside)
            && let Some((picture, words)) = picture(kiosk, aside)
        {
            let cell = ui::Cell {
                text: words.into(),
                picture,
                ..ui::Cell::default()
            };
            // A code is what the screen is for; a picture only helps.
            let at = if matches!(aside, Aside::Qr(_)) {
                rows.len().min(2)
            } else {
                rows.len()
            };
            rows.insert(at, cells::row(ui::RowKind::Picture, cell));
            places.insert(at, [None, None]);
        }
        self.places.replace(places);
        let same_screen = rows.len() == self.rows.row_count()
            && rows
                .iter()
                .zip(self.rows.iter())
                .all(|(new, old)| new.kind == old.kind && new.paired == old.paired);
        if same_screen {
            for (index, row) in rows.into_iter().enumerate() {
                if self.rows.row_data(index).as_ref() != Some(&row) {
                    self.rows.set_row_data(index, row);
                }
            }
        } else {
            // Slint keeps the elements of rows that stay: they report again only if they move.
            self.measures.borrow_mut().resize(rows.len(), None);
            self.rows.set_vec(rows);
        }
    }

    fn measured(&self, kiosk: &Kiosk, row: usize, measure: Measure) {
        if let Some(slot) = self.measures.borrow_mut().get_mut(row) {
            *slot = Some(measure);
        }
        self.cut(kiosk);
    }

    fn resized(&self, kiosk: &Kiosk, height: f32) {
        self.page_height.set(height);
        self.cut(kiosk);
        // Whether two cards fit side by side may have changed as well.
        kiosk.shown.replace(None);
        kiosk.show();
    }

    fn cut(&self, kiosk: &Kiosk) {
        let measures: Option<Vec<Measure>> = self.measures.borrow().iter().copied().collect();
        let Some(measures) = measures else {
            return;
        };
        self.windows.replace(paging::cut(&measures, self.page_height.get()));
        let view = kiosk.view();
        self.apply(&kiosk.app, view.column_page);
        let pages = self.windows.borrow().len();
        if view.column_pages != pages {
            kiosk.act(Action::LaidOut { pages });
        }
    }

    fn apply(&self, app: &ui::App, page: usize) {
        let windows = self.windows.borrow();
        if let Some(window) = windows.get(page).or(windows.last()) {
            let column = app.global::<ui::Column>();
            column.set_top(window.top);
            column.set_height(window.height);
        }
    }

    fn is_heading(&self, row: usize) -> bool {
        let kind = self.rows.row_data(row).map(|row| row.kind);
        matches!(kind, Some(ui::RowKind::Heading | ui::RowKind::SubHeading))
    }

    fn place(&self, row: usize, side: usize) -> Option<usize> {
        *self.places.borrow().get(row)?.get(side)?
    }
}

/// Puts the picture or code beside the column, where the layout has room for it.
fn set_aside(kiosk: &Kiosk, view: &View, layout: Layout) {
    let page = kiosk.app.global::<ui::ColumnPage>();
    let beside = view.aside.as_ref().filter(|_| layout.beside);
    page.set_has_picture(beside.is_some());
    if let Some((image, words)) = beside.and_then(|aside| picture(kiosk, aside)) {
        page.set_picture(image);
        page.set_picture_alt(words.into());
    }
}

/// Which layout suits this screen: read from what the window measured.
fn layout(app: &ui::App, view: &View) -> Layout {
    let portrait = app.global::<ui::Theme>().get_portrait();
    let ems = app.global::<ui::Column>().get_ems();
    Layout {
        card_pairs: ems >= EMS_FOR_CARDS && !matches!(view.screen, Screen::Search(_)),
        choice_pairs: ems >= EMS_FOR_CHOICES,
        beside: !portrait && view.settings.text_size != TextSize::Largest,
    }
}

fn picture(kiosk: &Kiosk, aside: &Aside) -> Option<(Image, String)> {
    match aside {
        Aside::Picture { media, alt } => {
            let library = kiosk.library.as_ref()?;
            Some((kiosk.pictures.media(library, media), alt.clone()))
        }
        Aside::Qr(address) => pictures::qr(address).map(|image| (image, address.clone())),
    }
}

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let column = app.global::<ui::Column>();
    let index = |number: i32| usize::try_from(number).unwrap_or(usize::MAX);
    let measured = acts.clone();
    column.on_measured(move |row, top, height, pad, line| {
        measured.with(|kiosk| {
            let leads = kiosk.column.is_heading(index(row));
            kiosk.column.measured(
                kiosk,
                index(row),
                Measure {
                    top,
                    height,
                    pad,
                    line,
                    leads,
                },
            );
        });
    });
    let resized = acts.clone();
    column.on_resized(move |height| resized.with(|kiosk| kiosk.column.resized(kiosk, height)));
    let tapped = acts.clone();
    column.on_tapped(move |row, side| {
        tapped.with(|kiosk| {
            if let Some(place) = kiosk.column.place(index(row), index(side)) {
                kiosk.act(Action::Row(place));
            }
        });
    });
    let rated = acts.clone();
    column.on_rated(move |face| {
        rated.act(Action::Rate(match face {
            0 => Face::Good,
            1 => Face::Fair,
            _ => Face::Poor,
        }));
    });
}
