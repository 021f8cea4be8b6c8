//! The globals `Column` and `ColumnPage`: rows, and the pages they are cut into once the screen has measured them.

mod arrange;
mod cells;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use slint::{ComponentHandle, Model, ModelRc, Timer, TimerMode, VecModel};

use super::{Acts, Kiosk, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::paging::{self, Measure, Window};
use crate::kiosk::session::place::{Top, page_of};
use crate::kiosk::session::view::{Aside, Code, CodeKind, View};
use crate::usage::signals::Face;
use arrange::{FIRST_COST, Layout, Place, Source, arrange, cost, layout};

/// Rows made in each frame after it.
const ROWS_A_FRAME: usize = 6;

/// A frame at 60 a second: any sooner, and the timer would fire before the first frame is painted.
const NEXT_FRAME: Duration = Duration::from_millis(17);

/// What the rows on the screen are and how they measure.
pub(super) struct ColumnAdapter {
    rows: Rc<VecModel<ui::Row>>,
    /// Where each row stands.
    tops: Rc<VecModel<f32>>,
    /// What stands in each row of the screen, also in those that are still to be made.
    places: RefCell<Vec<Place>>,
    /// Makes the rows that the first frame doesn't need, and says when new rows have had time to measure themselves.
    more: Timer,
    /// New rows stand on the measures of those before them until they report: too early to say that there are fewer pages.
    settling: Cell<bool>,
    measures: RefCell<Vec<Option<Measure>>>,
    windows: RefCell<Vec<Window>>,
    /// What stands at the top of each page.
    page_tops: RefCell<Vec<Top>>,
    page_height: Cell<f32>,
    made_from: RefCell<Option<Source>>,
}

impl ColumnAdapter {
    pub(super) fn new(app: &ui::App) -> Self {
        let rows = Rc::new(VecModel::default());
        app.global::<ui::Column>().set_rows(ModelRc::from(rows.clone()));
        let tops = Rc::new(VecModel::default());
        app.global::<ui::Column>().set_tops(ModelRc::from(tops.clone()));
        Self {
            rows,
            tops,
            places: RefCell::default(),
            more: Timer::default(),
            settling: Cell::new(false),
            measures: RefCell::default(),
            windows: RefCell::new(vec![Window::default()]),
            page_tops: RefCell::default(),
            page_height: Cell::new(0.0),
            made_from: RefCell::default(),
        }
    }

    /// What stands at the top of each page, as soon as every row has been measured.
    pub(super) fn tops(&self, place: Top) -> Option<Vec<Top>> {
        let measured = self.measures.borrow().iter().all(Option::is_some);
        let tops = self.page_tops.borrow();
        let is_reached = tops.last().is_some_and(|last| *last >= place);
        (measured && (is_reached || !self.settling.get())).then(|| tops.clone())
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
            self.set_rows(kiosk, source, view.top);
        }
        self.apply(app, view.top);
    }

    /// Shows what `made_from` says: in place where only words changed, from the first row on where rows came or went.
    fn set_rows(&self, kiosk: &Kiosk, source: Source, top: Top) {
        let places = arrange(&source);
        let same_rows = !self.is_waiting()
            && *self.places.borrow() == places
            && self
                .made_from
                .borrow()
                .as_ref()
                .is_some_and(|before| before.has_kinds_of(&source));
        self.places.replace(places);
        self.made_from.replace(Some(source));
        if same_rows {
            for (index, row) in self.make(0..self.rows.row_count()).into_iter().enumerate() {
                if self.rows.row_data(index).as_ref() != Some(&row) {
                    self.rows.set_row_data(index, row);
                }
            }
            return;
        }
        let all = self.places.borrow().len();
        // On the way back to a later page all rows are needed to find it.
        let first = if top > Top::default() { all } else { self.first_part() };
        let rows = self.make(0..first);
        // A row that measures as the one in its place before may not report again: old measures are kept until it does.
        self.measures.borrow_mut().resize(rows.len(), None);
        self.page_tops.borrow_mut().clear();
        self.rows.set_vec(rows);
        self.schedule(kiosk);
    }

    /// Whether rows are still to be made.
    fn is_waiting(&self) -> bool {
        self.rows.row_count() < self.places.borrow().len()
    }

    /// Goes on after this frame: with more rows, if any wait, else by counting the pages for good.
    fn schedule(&self, kiosk: &Kiosk) {
        self.settling.set(true);
        let acts = kiosk.acts.clone();
        self.more.start(TimerMode::SingleShot, NEXT_FRAME, move || {
            acts.with(|kiosk| kiosk.column.go_on(kiosk));
        });
    }

    fn go_on(&self, kiosk: &Kiosk) {
        if self.is_waiting() {
            self.add_rows(kiosk);
        } else {
            self.settling.set(false);
            self.cut(kiosk);
        }
    }

    fn add_rows(&self, kiosk: &Kiosk) {
        let made = self.rows.row_count();
        let part = self.places.borrow().len().min(made + ROWS_A_FRAME);
        let rows = self.make(made..part);
        self.measures.borrow_mut().resize(part, None);
        self.rows.extend(rows);
        self.schedule(kiosk);
    }

    /// How many rows the first frame gets.
    fn first_part(&self) -> usize {
        let (places, source) = (self.places.borrow(), self.made_from.borrow());
        let mut spent = 0;
        let enough = places.iter().position(|place| {
            let rows = [place.left, place.right].into_iter().flatten();
            spent += rows
                .filter_map(|row| source.as_ref()?.rows.get(row))
                .map(cost)
                .sum::<usize>();
            spent > FIRST_COST
        });
        enough.unwrap_or(places.len())
    }

    /// Makes rows of the screen.
    fn make(&self, range: Range<usize>) -> Vec<ui::Row> {
        let (places, source) = (self.places.borrow(), self.made_from.borrow());
        let Some(source) = source.as_ref() else {
            return Vec::new();
        };
        let row = |row: Option<usize>| source.rows.get(row?);
        let made = places
            .get(range)
            .unwrap_or_default()
            .iter()
            .map(|place| match row(place.left) {
                Some(left) => ui::Row {
                    is_half: place.is_half,
                    ..cells::row(left, row(place.right))
                },
                None => aside_row(source.aside.as_ref()),
            });
        made.collect()
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
        let Some(mut measures) = measures else {
            return;
        };
        let mut top = 0.0;
        for measure in &mut measures {
            measure.top = top;
            top += measure.height;
        }
        let tops = measures.iter().map(|measure| measure.top);
        if !self.tops.iter().eq(tops.clone()) {
            self.tops.set_vec(tops.collect::<Vec<f32>>());
        }
        let page = self.page_height.get();
        if page <= 0.0 {
            return;
        }
        let windows = paging::cut(&measures, page);
        self.page_tops
            .replace(windows.iter().map(|window| self.top_of(*window, &measures)).collect());
        self.windows.replace(windows);
        let Some(top) = kiosk.shown.borrow().as_ref().map(|view| view.top) else {
            return;
        };
        self.apply(&kiosk.app, top);
        kiosk.tell_pages(top);
    }

    /// The row of the view that stands at the top of a page.
    fn top_of(&self, window: Window, measures: &[Measure]) -> Top {
        let places = self.places.borrow();
        let below = |row: &Measure| row.top + row.height > window.top + 0.5;
        let at = measures.iter().position(below).unwrap_or(measures.len());
        let (Some(row), Some(place)) = (measures.get(at), places.get(at)) else {
            return Top::default();
        };
        match place.left {
            Some(number) => Top {
                row: number,
                through: ((window.top - row.top - row.space) / (row.height - row.space).max(1.0)).max(0.0),
            },
            // A picture that has no room beside the column is no row of the view: it stands behind the one above it.
            None => Top {
                row: at.checked_sub(1).and_then(|above| places.get(above)?.left).unwrap_or(0),
                through: 1.0,
            },
        }
    }

    fn apply(&self, app: &ui::App, top: Top) {
        let page = page_of(&self.page_tops.borrow(), top);
        let windows = self.windows.borrow();
        if let Some(window) = windows.get(page).or(windows.last()) {
            let column = app.global::<ui::Column>();
            column.set_page(i32::try_from(page).unwrap_or_default());
            column.set_top(window.top);
            column.set_height(window.height);
            // How many there are is said only when all rows are there.
            if !self.is_waiting() {
                column.set_pages(i32::try_from(windows.len()).unwrap_or_default());
            }
        }
    }

    /// Whether a row only makes sense with the one below it (a heading, words that end in a colon, a cell of a table's row), and
    /// whether it is plain text.
    fn manners(&self, row: usize) -> (bool, bool) {
        use ui::RowKind as Kind;
        self.rows.row_data(row).map_or((false, false), |row| match row.kind {
            Kind::Heading | Kind::SubHeading => (true, false),
            Kind::Table => (row.joins_below, false),
            Kind::Paragraph => {
                let label = row.left.label;
                let leads = row.left.text.ends_with(':')
                    || matches!(
                        label,
                        ui::Label::MentionedIn | ui::Label::TopicHint | ui::Label::OfficialAddress
                    );
                (leads, true)
            }
            Kind::Bullet | Kind::Number | Kind::Small => (false, true),
            // Of two side by side the lines may not meet.
            Kind::Fact => (false, !row.paired),
            _ => (false, false),
        })
    }

    fn place(&self, row: usize, side: usize) -> Option<usize> {
        let place = *self.places.borrow().get(row)?;
        if side == 0 { place.left } else { place.right }
    }
}

/// The row for a picture or codes that have no room beside the column.
fn aside_row(aside: Option<&Aside>) -> ui::Row {
    let (kind, left) = match aside {
        Some(Aside::Picture { media, alt, .. }) => {
            let (media, text) = (media.into(), alt.into());
            let cell = ui::Cell {
                media,
                text,
                ..ui::Cell::default()
            };
            (ui::RowKind::Picture, cell)
        }
        _ => (ui::RowKind::Codes, ui::Cell::default()),
    };
    ui::Row {
        kind,
        left,
        ..ui::Row::default()
    }
}

/// Puts the picture or codes beside the column, where the layout has room for them. Codes come to both places from here.
fn set_aside(kiosk: &Kiosk, view: &View, layout: Layout) {
    let page = kiosk.app.global::<ui::ColumnPage>();
    let picture = match &view.aside {
        Some(Aside::Picture { media, alt, .. }) if layout.beside => Some((media, alt)),
        _ => None,
    };
    page.set_has_picture(picture.is_some());
    if let Some((media, alt)) = picture {
        page.set_picture_media(media.into());
        page.set_picture_alt(alt.into());
    }
    let codes = match &view.aside {
        Some(Aside::Codes(codes)) => codes.as_slice(),
        _ => &[],
    };
    page.set_codes_beside(layout.beside && !codes.is_empty());
    let (texts, address): (Vec<&Code>, Vec<&Code>) = codes.iter().partition(|code| code.is_text());
    let shown = |code: &Code| ui::Code {
        kind: match code.kind {
            CodeKind::List => ui::CodeKind::List,
            CodeKind::FirstPart => ui::CodeKind::FirstPart,
            CodeKind::SecondPart => ui::CodeKind::SecondPart,
            CodeKind::Official => ui::CodeKind::Official,
            CodeKind::Page => ui::CodeKind::Page,
        },
        says: (&code.says).into(),
    };
    let model = |codes: Vec<&Code>| ModelRc::new(codes.into_iter().map(shown).collect::<VecModel<_>>());
    page.set_texts(model(texts));
    page.set_addresses(model(address));
}

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let column = app.global::<ui::Column>();
    let index = |number: i32| usize::try_from(number).unwrap_or(usize::MAX);
    let measured = acts.clone();
    column.on_measured(move |row, height, space, pad, line| {
        measured.with(|kiosk| {
            let (leads, flows) = kiosk.column.manners(index(row));
            kiosk.column.measured(
                kiosk,
                index(row),
                Measure {
                    top: 0.0,
                    height,
                    space,
                    pad,
                    line,
                    leads,
                    flows,
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
        rated.act(Action::Rate(self::face(face)));
    });
}

/// The three faces, from the left.
pub(super) fn face(number: i32) -> Face {
    match number {
        0 => Face::Good,
        1 => Face::Fair,
        _ => Face::Poor,
    }
}
