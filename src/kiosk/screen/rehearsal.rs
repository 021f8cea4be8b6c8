//! A new pack walked through from its first screen to its last before it is shown, in memory and by a process of its own.
//!
//! Nothing is judged here but whether it can be done: what the content says, the office has checked. It follows every card that leads
//! to content, turns every page and walks every guide to its end. A question set draws its questions by chance, so one round is
//! played. Begin with [`walk`].

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};

use super::headless::Headless;
use super::{Kiosk, Window};
use crate::content::library::Library;
use crate::kiosk::session::Action;
use crate::kiosk::session::view::{Button, Row, Target};
use crate::usage::recorder::Recorder;
use crate::usage::stamp::Stamp;

/// The size of the screen in pixels: that of most.
const SIZE: (u32, u32) = (1280, 800);

/// Between two touches, so that none is taken for a trembling finger.
const PAUSE: Duration = Duration::from_secs(1);

/// More screens than this no pack has: ours of a hundred pages has some 800.
const MOST_SCREENS: usize = 100_000;

/// Walks through all of a library; gives the number of screens that were drawn.
///
/// # Errors
/// There is no screen in memory, or the walk finds no end.
pub fn walk(library: Rc<Library>) -> Result<usize> {
    let (width, height) = SIZE;
    let screen = Headless::install(width, height).context("no screen in memory")?;
    let time = screen.clock();
    let now = move || Stamp::undated(time.get());
    let recorder = Recorder::start(now()).context("no thread")?;
    let sections = library.catalogue().sections.len();
    let kiosk = Kiosk::new(
        Window::open().context("no window")?,
        Some(library),
        recorder,
        1,
        Box::new(now),
    );
    kiosk.window().show().context("no window")?;
    let mut walk = Walk {
        kiosk,
        time: screen.clock(),
        screen,
        seen: BTreeSet::new(),
        screens: 0,
    };
    walk.draw()?;
    for tile in 0..sections {
        walk.from(&[Action::Home, Action::Tile(tile)])?;
    }
    Ok(walk.screens)
}

struct Walk {
    kiosk: Rc<Kiosk>,
    screen: Headless,
    time: Rc<Cell<Duration>>,
    /// What was followed already.
    seen: BTreeSet<String>,
    screens: usize,
}

impl Walk {
    /// Goes this way from wherever it is, looks at all there is, and then follows every card from there.
    fn from(&mut self, way: &[Action]) -> Result<()> {
        self.go(way)?;
        let cards: Vec<usize> = self.new_cards();
        self.finish()?;
        for row in cards {
            self.from(&[way, &[Action::Row(row)]].concat())?;
        }
        Ok(())
    }

    fn go(&mut self, way: &[Action]) -> Result<()> {
        way.iter().try_for_each(|action| self.act(*action))
    }

    /// The rows of the cards that lead to content nobody has followed yet.
    fn new_cards(&mut self) -> Vec<usize> {
        let rows = self.kiosk.view().rows;
        let leads_on = |row: &Row| match row {
            Row::Card(card) => matches!(
                card.opens,
                Target::Page(_)
                    | Target::Quiz(_)
                    | Target::Programme(_)
                    | Target::Section(_)
                    | Target::Group(..)
                    | Target::Topic(_)
                    | Target::Topics
                    | Target::TopicGroup(_)
            )
            .then(|| format!("{:?}", card.opens)),
            _ => None,
        };
        let cards = rows.iter().enumerate();
        cards
            .filter_map(|(row, card)| self.seen.insert(leads_on(card)?).then_some(row))
            .collect()
    }

    /// Turns pages, takes steps, answers questions, until there is nothing more to come.
    fn finish(&mut self) -> Result<()> {
        loop {
            let view = self.kiosk.view();
            let choice = view.rows.iter().position(|row| matches!(row, Row::Choice { .. }));
            match (view.next, choice) {
                (
                    Button::PageNext
                    | Button::StepNext
                    | Button::Begin
                    | Button::Steps
                    | Button::Finish
                    | Button::NextQuestion
                    | Button::SeeResult,
                    _,
                ) => self.act(Action::Next)?,
                (Button::None, Some(choice)) => {
                    self.act(Action::Row(choice))?;
                    if self.kiosk.view().next == Button::None {
                        return Ok(());
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    fn act(&mut self, action: Action) -> Result<()> {
        self.time.set(self.time.get() + PAUSE);
        self.kiosk.act(action);
        self.draw()
    }

    fn draw(&mut self) -> Result<()> {
        self.screen.draw();
        while self.kiosk.settle() {
            self.screen.draw();
        }
        self.screens += 1;
        anyhow::ensure!(self.screens <= MOST_SCREENS, "there is no end to its screens");
        Ok(())
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
        let screens = walk(Rc::new(library)).expect("an end");
        assert!(screens > 4 * pages, "{screens} screens of {pages} pages");
        println!("{screens} screens");
    }
}
