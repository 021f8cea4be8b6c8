//! A new pack walked through from its first screen to its last before it is shown, in memory and by a process of its own.
//!
//! Nothing is judged here but whether it can be done: what the content says, the office has checked. It follows every card that leads
//! to content, turns every page and walks every guide to its end; then it opens everything once more in the largest text and in
//! English, and reads to its end what has English. A question set draws its questions by chance, so one round is played. The work
//! grows with the number of pages and not faster: what lies nearest to the home screen is opened first, so the way to it is short.
//! Begin with [`walk`].

use std::cell::Cell;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use thiserror::Error;

use super::headless::Headless;
use super::{Kiosk, Window};
use crate::content::library::Library;
use crate::kiosk::session::Action;
use crate::kiosk::session::settings::TextSize;
use crate::kiosk::session::view::{Button, Row, Target};
use crate::usage::recorder::Recorder;
use crate::usage::stamp::Stamp;

/// The size of the screen in pixels: that of most.
const SIZE: (u32, u32) = (1280, 800);

/// Between two touches, so that none is taken for a trembling finger.
const PAUSE: Duration = Duration::from_secs(1);

/// More screens than this no page, guide or question set has.
const MOST_SCREENS: usize = 10_000;

/// Something has no end to its screens.
#[derive(Debug, Error)]
#[error("there is no end to its screens")]
pub struct NoEnd;

/// Walks through all of a library, and calls `before_a_screen` before each touch; gives the number of screens that were drawn.
///
/// # Errors
/// [`NoEnd`] if the walk finds none; or there is no screen in memory, no thread.
pub fn walk(library: &Rc<Library>, before_a_screen: Box<dyn Fn()>) -> Result<usize> {
    let (width, height) = SIZE;
    let screen = Headless::install(width, height).context("no screen in memory")?;
    let time = screen.clock();
    let now = move || Stamp::undated(time.get());
    let recorder = Recorder::start(now()).context("no thread")?;
    let sections = library.catalogue().sections.len();
    let has_english = |page: &str| library.catalogue().card(page).is_some_and(|card| card.english);
    let kiosk = Kiosk::new(
        Window::open().context("no window")?,
        Some(library.clone()),
        recorder,
        1,
        Box::new(now),
    );
    kiosk.window().show().context("no window")?;
    let mut walk = Walk {
        kiosk,
        time: screen.clock(),
        screen,
        before_a_screen,
        seen: BTreeSet::new(),
        screens: 0,
    };
    walk.draw();
    let mut gone = Vec::new();
    let tiles = (0..sections).map(|tile| (vec![Action::Home, Action::Tile(tile)], None));
    let mut ahead: VecDeque<(Vec<Action>, Option<Target>)> = tiles.collect();
    while let Some((way, opens)) = ahead.pop_front() {
        walk.go(&way);
        for (row, opens) in walk.new_cards() {
            ahead.push_back(([&way[..], &[Action::Row(row)]].concat(), Some(opens)));
        }
        walk.finish()?;
        gone.push((way, opens));
    }
    for action in [
        Action::Home,
        Action::ToggleLanguage,
        Action::TextSize(TextSize::Largest),
    ] {
        walk.act(action);
    }
    for (way, opens) in gone {
        walk.go(&way);
        if matches!(opens, Some(Target::Page(page)) if has_english(&page)) {
            walk.finish()?;
        }
    }
    Ok(walk.screens)
}

struct Walk {
    kiosk: Rc<Kiosk>,
    screen: Headless,
    time: Rc<Cell<Duration>>,
    before_a_screen: Box<dyn Fn()>,
    /// What was followed already.
    seen: BTreeSet<String>,
    screens: usize,
}

impl Walk {
    /// Goes this way from wherever it is. What lies on it was drawn when it was the end of a way itself.
    fn go(&mut self, way: &[Action]) {
        for action in way {
            self.touch(*action);
        }
        self.draw();
    }

    /// The cards that lead to content nobody has followed yet: their rows, and what they open.
    fn new_cards(&mut self) -> Vec<(usize, Target)> {
        let rows = self.kiosk.view().rows;
        let leads_on = |row: Row| match row {
            Row::Card(card) => matches!(
                card.opens,
                Target::Page(_)
                    | Target::Quiz(_)
                    | Target::Programme(_)
                    | Target::Notice(_)
                    | Target::Notices
                    | Target::Section(_)
                    | Target::Group(..)
                    | Target::Topic(_)
                    | Target::Topics
                    | Target::TopicGroup(_)
            )
            .then_some(card.opens),
            _ => None,
        };
        let cards = rows.into_iter().enumerate();
        let cards = cards.filter_map(|(row, card)| Some((row, leads_on(card)?)));
        cards
            .filter(|(_, opens)| self.seen.insert(format!("{opens:?}")))
            .collect()
    }

    /// Turns pages, takes steps, answers questions, until there is nothing more to come.
    fn finish(&mut self) -> Result<(), NoEnd> {
        for _ in 0..MOST_SCREENS {
            let view = self.kiosk.view();
            let choice = view.rows.iter().position(|row| matches!(row, Row::Choice { .. }));
            match (view.next, choice) {
                (
                    Button::PageNext
                    | Button::StepNext
                    | Button::Prepare
                    | Button::Steps
                    | Button::Finish
                    | Button::NextQuestion
                    | Button::SeeResult,
                    _,
                ) => self.act(Action::Next),
                (Button::None, Some(choice)) => {
                    self.act(Action::Row(choice));
                    if self.kiosk.view().next == Button::None {
                        return Ok(());
                    }
                }
                _ => return Ok(()),
            }
        }
        Err(NoEnd)
    }

    fn act(&mut self, action: Action) {
        self.touch(action);
        self.draw();
    }

    fn touch(&self, action: Action) {
        (self.before_a_screen)();
        self.time.set(self.time.get() + PAUSE);
        self.kiosk.act(action);
    }

    fn draw(&mut self) {
        self.screen.draw();
        while self.kiosk.settle() {
            self.screen.draw();
        }
        self.screens += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::NaiveDate;

    use super::*;
    use crate::content;

    /// Every page, step and list of our own content.
    #[test]
    fn the_whole_content_is_walked_through() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        let library = content::open(&folder, NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day")).expect("content");
        let pages = library.catalogue().pages.len();
        let screens = walk(&Rc::new(library), Box::new(|| {})).expect("an end");
        assert!(screens > 4 * pages, "{screens} screens of {pages} pages");
        println!("{screens} screens");
    }
}
