//! The globals `Column` and `ColumnPage`: rows, and the pages they are cut into once the screen has measured them.

mod arrange;
mod cells;
mod plan;
mod reckon;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use slint::{ComponentHandle, Model, ModelRc, Timer, TimerMode, VecModel};

use super::{Acts, Kiosk, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::bookmark;
use crate::kiosk::session::paging::{self, Measure, Window};
use crate::kiosk::session::place::{Top, page_of};
use crate::kiosk::session::view::{Aside, Code, CodeKind, View};
use crate::usage::signals::Face;
use arrange::{FIRST_COST, arrange, cost, layout};
use plan::{Layout, Place, Source, Stands};
use reckon::{Growth, reckon};

/// Rows made in each frame after it.
const ROWS_A_FRAME: usize = 6;

/// A frame at 60 a second: any sooner, and the timer would fire before the first frame is painted.
pub(super) const NEXT_FRAME: Duration = Duration::from_millis(17);

/// What the rows on the screen are and how they measure.
pub(super) struct ColumnAdapter {
    rows: Rc<VecModel<ui::Row>>,
    /// Where each row stands.
    tops: Rc<VecModel<f32>>,
    /// What each picture gives of its height.
    given: Rc<VecModel<f32>>,
    /// What is read aloud of each row: 1 its left, 2 its right.
    marked: Rc<VecModel<i32>>,
    /// What stands in each row of the screen, also in those that are still to be made.
    places: RefCell<Vec<Place>>,
    /// Makes the rows that the first frame doesn't need, and says when new rows have had time to measure themselves.
    more: Timer,
    /// Of every row in `places`: reckoned, until the screen has measured it.
    measures: RefCell<Vec<Measured>>,
    growth: Cell<Growth>,
    windows: RefCell<Vec<Window>>,
    /// What stands at the top of each page.
    page_tops: RefCell<Vec<Top>>,
    page_height: Cell<f32>,
    made_from: RefCell<Option<Source>>,
}

/// How a row measures.
#[derive(Debug, Clone, Copy)]
struct Measured {
    measure: Measure,
    /// As the screen laid it out.
    known: bool,
}

impl ColumnAdapter {
    pub(super) fn new(app: &ui::App) -> Self {
        let rows = Rc::new(VecModel::default());
        app.global::<ui::Column>().set_rows(ModelRc::from(rows.clone()));
        let tops = Rc::new(VecModel::default());
        app.global::<ui::Column>().set_tops(ModelRc::from(tops.clone()));
        let given = Rc::new(VecModel::default());
        app.global::<ui::Column>().set_given(ModelRc::from(given.clone()));
        let marked = Rc::new(VecModel::default());
        app.global::<ui::Column>().set_marked(ModelRc::from(marked.clone()));
        Self {
            rows,
            tops,
            given,
            marked,
            places: RefCell::default(),
            more: Timer::default(),
            measures: RefCell::default(),
            growth: Cell::new(Growth::NONE),
            windows: RefCell::new(vec![Window::default()]),
            page_tops: RefCell::default(),
            page_height: Cell::new(0.0),
            made_from: RefCell::default(),
        }
    }

    /// What stands at the top of each page, as soon as every row has been measured; before, as far as that is certain to be enough.
    pub(super) fn tops(&self, place: Top) -> Option<Vec<Top>> {
        let tops = self.page_tops.borrow();
        let is_reached = tops.last().is_some_and(|last| *last >= place);
        (self.is_measured() && (is_reached || !self.is_waiting())).then(|| tops.clone())
    }

    /// Whether all rows that are made have been measured.
    fn is_measured(&self) -> bool {
        let made = self.rows.row_count();
        self.measures.borrow().iter().take(made).all(|row| row.known)
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
        // On a low screen all choices of a question must stand below it: there is no room for its picture.
        let is_question = view.progress.is_some_and(|progress| progress.questions);
        let has_room = !(is_question && app.global::<ui::Theme>().get_low());
        let aside = view.aside.as_ref().filter(|_| has_room).cloned();
        let source = Source {
            rows: view.rows.clone(),
            aside: aside.clone(),
            layout,
            grows: view.grows,
        };
        if self.made_from.borrow().as_ref() != Some(&source) {
            app.global::<ui::Column>().set_is_read(view.grows);
            set_aside(kiosk, aside.as_ref(), layout);
            self.set_rows(kiosk, source, view.top);
        }
        let is_marked = |row: Option<usize>| row.is_some_and(|row| view.marked.contains(&row));
        let places = self.places.borrow();
        let sides = |place: &Place| match (is_marked(place.left), is_marked(place.right)) {
            (true, _) => 1,
            (false, true) => 2,
            (false, false) => 0,
        };
        set(&self.marked, places.iter().map(sides).collect());
        drop(places);
        self.apply(app, view.top);
    }

    /// Shows what `made_from` says: in place where only words changed, from the first row on where rows came or went.
    fn set_rows(&self, kiosk: &Kiosk, source: Source, top: Top) {
        let places = arrange(&source);
        let page_height = self.page_height.get();
        self.set_growth(&kiosk.app, reckon::growth(&source, &places, page_height));
        let same_rows = !self.is_waiting()
            && *self.places.borrow() == places
            && self
                .made_from
                .borrow()
                .as_ref()
                .is_some_and(|before| before.has_kinds_of(&source));
        self.places.replace(places);
        self.made_from.replace(Some(source));
        self.measure_anew(&kiosk.app);
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
        self.page_tops.borrow_mut().clear();
        self.rows.set_vec(rows);
        self.schedule(kiosk);
    }

    fn set_growth(&self, app: &ui::App, growth: Growth) {
        self.growth.set(growth);
        app.global::<ui::Theme>().set_growth(growth.by);
    }

    /// Forgets how the rows measured: other words stand in them, or words of another size. Each of them reports again.
    fn measure_anew(&self, app: &ui::App) {
        let (places, source) = (self.places.borrow(), self.made_from.borrow());
        let Some(source) = source.as_ref() else {
            return;
        };
        let measure = |index| Measured {
            measure: reckon(source, &places, index, self.growth.get().by),
            known: false,
        };
        self.measures.replace((0..places.len()).map(measure).collect());
        let column = app.global::<ui::Column>();
        column.set_edition(column.get_edition().wrapping_add(1));
    }

    /// Whether rows are still to be made.
    fn is_waiting(&self) -> bool {
        self.rows.row_count() < self.places.borrow().len()
    }

    /// Goes on after this frame with more rows, if any wait.
    fn schedule(&self, kiosk: &Kiosk) {
        if !self.is_waiting() {
            return;
        }
        let acts = kiosk.acts.clone();
        self.more.start(TimerMode::SingleShot, NEXT_FRAME, move || {
            acts.with(|kiosk| kiosk.column.add_rows(kiosk));
        });
    }

    fn add_rows(&self, kiosk: &Kiosk) {
        let made = self.rows.row_count();
        let part = self.places.borrow().len().min(made + ROWS_A_FRAME);
        self.rows.extend(self.make(made..part));
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
        let made = places.get(range).unwrap_or_default().iter().map(|place| {
            let made = row(place.left).map(|left| cells::row(left, row(place.right)));
            ui::Row {
                beside: matches!(place.stands, Stands::Beside(_)),
                narrow: place.stands == Stands::Narrow,
                is_half: place.is_half,
                ..made.unwrap_or_else(|| aside_row(source.aside.as_ref()))
            }
        });
        made.collect()
    }

    /// Takes what the screen measured of a row; what becomes of the row is known.
    fn measured(&self, kiosk: &Kiosk, row: usize, laid_out: Measure) {
        if let Some(measured) = self.measures.borrow_mut().get_mut(row) {
            let reckoned = measured.measure;
            measured.known = true;
            measured.measure = Measure {
                leads: reckoned.leads,
                linked: reckoned.linked,
                cut: reckoned.cut,
                beside: reckoned.beside,
                gives: reckoned.gives,
                ..laid_out
            };
        }
        self.cut(kiosk);
    }

    fn resized(&self, kiosk: &Kiosk, height: f32) {
        self.page_height.set(height);
        let growth = (self.made_from.borrow().as_ref())
            .map(|source| reckon::growth(source, &self.places.borrow(), height))
            .filter(|growth| *growth != self.growth.get());
        if let Some(growth) = growth {
            self.grow(kiosk, growth);
        }
        self.cut(kiosk);
        // Whether two cards fit side by side may have changed as well.
        kiosk.shown.replace(None);
        kiosk.show();
    }

    fn grow(&self, kiosk: &Kiosk, growth: Growth) {
        let by = self.growth.get().by;
        self.set_growth(&kiosk.app, growth);
        #[expect(clippy::float_cmp, reason = "one of a few constants")]
        if by != growth.by {
            self.measure_anew(&kiosk.app);
        }
    }

    fn cut(&self, kiosk: &Kiosk) {
        let page = self.page_height.get();
        if !self.is_measured() || page <= 0.0 {
            return;
        }
        let measures: Vec<Measure> = self.measures.borrow().iter().map(|row| row.measure).collect();
        let layout = paging::lay_out(&measures, page);
        let growth = self.growth.get();
        if growth.by > 1.0 && !self.is_waiting() && layout.windows.len() > growth.pages {
            // A reckoning that was a line out.
            return self.grow(kiosk, growth.less());
        }
        let tops = layout
            .windows
            .iter()
            .map(|window| self.top_of(*window, &layout, &measures));
        self.page_tops.replace(tops.collect());
        set(&self.tops, layout.tops);
        set(&self.given, layout.given);
        self.windows.replace(layout.windows);
        let Some(top) = kiosk.shown.borrow().as_ref().map(|view| view.top) else {
            return;
        };
        self.apply(&kiosk.app, top);
        kiosk.tell_pages(top);
    }

    /// What stands at the top of a page, by the view's rows.
    fn top_of(&self, window: Window, layout: &paging::Layout, measures: &[Measure]) -> Top {
        let (places, source) = (self.places.borrow(), self.made_from.borrow());
        let top = |at: usize| layout.tops.get(at).copied().unwrap_or_default();
        let reaches = |(at, row): (usize, &Measure)| {
            // Words beside a picture say better where they are.
            let begins = row.beside == 0 || top(at) + 0.5 > window.top;
            begins && top(at) + row.height > window.top + 0.5
        };
        let at = measures.iter().enumerate().position(reaches).unwrap_or(measures.len());
        let (Some(row), Some(place), Some(source)) = (measures.get(at), places.get(at), source.as_ref()) else {
            return Top::default();
        };
        if let Some(number) = place.left {
            let through = ((window.top - top(at) - row.space) / (row.height - row.space).max(1.0)).max(0.0);
            bookmark::of(&source.rows, number, through)
        } else {
            // A picture that has no room beside the column is no row of the view: it stands behind the one above it.
            let above = at.checked_sub(1).and_then(|above| places.get(above)?.left);
            above.map_or_else(Top::default, |row| bookmark::of(&source.rows, row, 1.0))
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

    /// How high the part of the column is that is shown, and how high it could be.
    pub(super) fn filled(&self, page: usize) -> (f32, f32) {
        let windows = self.windows.borrow();
        let shown = windows.get(page).or(windows.last()).map_or(0.0, |window| window.height);
        (shown, self.page_height.get())
    }

    fn place(&self, row: usize, side: usize) -> Option<usize> {
        let place = *self.places.borrow().get(row)?;
        if side == 0 { place.left } else { place.right }
    }
}

/// Sets what has changed.
fn set<T: Clone + PartialEq + 'static>(model: &VecModel<T>, values: Vec<T>) {
    if !model.iter().eq(values.iter().cloned()) {
        model.set_vec(values);
    }
}

/// The row for a picture or codes that have no room beside the column.
fn aside_row(aside: Option<&Aside>) -> ui::Row {
    let (kind, left) = match aside {
        Some(Aside::Picture(picture)) => {
            let cell = ui::Cell {
                media: (&picture.media).into(),
                text: (&picture.alt).into(),
                detail: (&picture.caption).into(),
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
fn set_aside(kiosk: &Kiosk, aside: Option<&Aside>, layout: Layout) {
    let page = kiosk.app.global::<ui::ColumnPage>();
    let picture = match aside {
        Some(Aside::Picture(picture)) if layout.beside => Some(picture),
        _ => None,
    };
    page.set_has_picture(picture.is_some());
    page.set_picture_side(layout.aside_side);
    kiosk.app.global::<ui::Column>().set_picture_side(layout.picture_side);
    if let Some(picture) = picture {
        page.set_picture_media((&picture.media).into());
        page.set_picture_alt((&picture.alt).into());
        page.set_picture_caption((&picture.caption).into());
    }
    let codes = match aside {
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
    column.on_measured(move |row, height, space, pad, foot, line| {
        measured.with(|kiosk| {
            let laid_out = Measure {
                height,
                space,
                pad,
                foot,
                line,
                ..Measure::default()
            };
            kiosk.column.measured(kiosk, index(row), laid_out);
        });
    });
    let resized = acts.clone();
    column.on_resized(move |height| resized.with(|kiosk| kiosk.column.resized(kiosk, height)));
    let tapped = acts.clone();
    column.on_tapped(move |row, side| {
        tapped.with(|kiosk| {
            match kiosk.column.place(index(row), index(side)) {
                Some(place) => kiosk.act(Action::Row(place)),
                // Only the picture that has no room beside the column is no row of the view.
                None => kiosk.act(Action::Aside),
            }
        });
    });
    let enlarged = acts.clone();
    app.global::<ui::ColumnPage>()
        .on_enlarge(move || enlarged.act(Action::Aside));
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
