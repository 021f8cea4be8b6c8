//! The hall: the real kiosk with the commune's own content on a screen in memory, a clock that we turn and a finger that
//! touches what is written.
//!
//! A test thread has one screen, so it has one [`Hall`] at a time.

#![allow(dead_code, reason = "each test program uses a part of it")]

pub mod bus;
pub mod folders;
pub mod greedy;
#[cfg(feature = "network")]
pub mod machine;
#[cfg(feature = "office")]
pub mod office;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use commune_kiosk::content::{self, library::Library};
use commune_kiosk::kiosk::screen::headless::{Element, Headless, Picture};
use commune_kiosk::kiosk::screen::{Kiosk, Window};
use commune_kiosk::kiosk::session::view::{Button, Row, Screen, View};
use commune_kiosk::usage::recorder::Recorder;
use commune_kiosk::usage::signals::Signal;
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::{counters, store};
use slint::LogicalPosition;
use slint::platform::{PointerEventButton, WindowEvent};
use tempfile::TempDir;

use folders::copy;

/// The screen that the design was drawn for.
pub const USUAL: (u32, u32) = (1280, 800);

/// Between two touches of a calm finger.
const PAUSE: Duration = Duration::from_millis(600);

/// How long a new screen may take until every row is made, measured and in its place.
pub const SETTLE: Duration = Duration::from_millis(200);

/// The most pages that a finger turns to find something.
const MOST_PAGES: usize = 60;

/// The content of the repository.
pub fn content_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content")
}

/// A copy of the repository's content, to be changed.
pub fn content_copy() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&content_folder(), folder.path());
    folder
}

/// Replaces words in a file that has them.
pub fn replace(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).expect("a text");
    assert!(text.contains(from), "{} has no {from:?}", file.display());
    fs::write(file, text.replacen(from, to, 1)).expect("written");
}

/// A Monday morning in November.
pub fn morning() -> NaiveDateTime {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    day.and_hms_opt(8, 15, 0).expect("a time")
}

/// What stands in the waiting hall before the first resident comes.
pub struct Setting {
    /// Size of the screen in pixels.
    pub size: (u32, u32),
    /// The folder of the content; `None` if there is no content at all.
    pub content: Option<PathBuf>,
    /// Where the counts go; `None` for a folder of the hall's own.
    pub data: Option<PathBuf>,
    /// What the clock shows; `None` while nobody can say.
    pub clock: Option<NaiveDateTime>,
    /// The day that it certainly is already.
    pub earliest: Option<NaiveDate>,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            size: USUAL,
            content: Some(content_folder()),
            data: None,
            clock: Some(morning()),
            earliest: None,
        }
    }
}

/// How long a card is held at most, by a real clock: whoever waits for it so long has waited for it.
const LONGEST_HOLD: Duration = Duration::from_mins(2);

/// A card that takes its time.
pub struct BusyCard<'a> {
    hall: &'a Hall,
    let_go: Sender<()>,
    given_up: Receiver<bool>,
}

impl BusyCard<'_> {
    /// Lets it go; says whether it was held until now.
    pub fn let_go(self) -> bool {
        drop(self.let_go);
        self.hall.card_is_busy.set(false);
        self.hall.kiosk.settle();
        self.given_up.recv() == Ok(false)
    }
}

/// A waiting hall with a kiosk in it.
pub struct Hall {
    /// The kiosk, for what no finger can find out.
    pub kiosk: Rc<Kiosk>,
    /// What it shows.
    pub library: Option<Rc<Library>>,
    screen: Headless,
    /// Whether the card is slow, so that nobody may wait for other threads.
    card_is_busy: Cell<bool>,
    /// The longest that a touch took until its frame was painted.
    slowest: Cell<Duration>,
    /// What the clock showed when the kiosk was started, as far as the kiosk can know.
    started: Rc<Cell<Option<NaiveDateTime>>>,
    data: PathBuf,
    _own: Option<TempDir>,
}

impl Hall {
    /// The hall on an ordinary morning.
    pub fn open() -> Self {
        Self::with(Setting::default())
    }

    /// The hall with a screen of this size.
    pub fn sized(size: (u32, u32)) -> Self {
        Self::with(Setting {
            size,
            ..Setting::default()
        })
    }

    /// The hall as it is set.
    pub fn with(setting: Setting) -> Self {
        let (width, height) = setting.size;
        let screen = Headless::install(width, height).expect("one hall a thread");
        let today = setting.clock.unwrap_or_else(morning).date();
        let open = |folder: &PathBuf| Rc::new(content::open(folder, today).expect("content without errors"));
        let library = setting.content.as_ref().map(open);
        let started = Rc::new(Cell::new(setting.clock));
        let (time, base) = (screen.clock(), started.clone());
        let now = move || Stamp {
            monotonic: time.get(),
            wall: base
                .get()
                .map(|start| start + TimeDelta::from_std(time.get()).expect("a short time")),
            earliest: setting.earliest,
        };
        let own = setting
            .data
            .is_none()
            .then(|| tempfile::tempdir().expect("a temporary folder"));
        let data = setting
            .data
            .or_else(|| own.as_ref().map(|folder| folder.path().to_owned()))
            .expect("one of both");
        let recorder = Recorder::start(now()).expect("a thread");
        recorder.keep_in(data.clone(), now());
        let window = Window::open().expect("a window");
        let kiosk = Kiosk::new(window, library.clone(), recorder, 1, Box::new(now));
        kiosk.window().show().expect("shown");
        screen.draw();
        Self {
            kiosk,
            library,
            screen,
            card_is_busy: Cell::new(false),
            slowest: Cell::default(),
            started,
            data,
            _own: own,
        }
    }

    /// Touches what says these words (or begins with them), after a pause; turns pages down until it is there.
    pub fn tap(&self, words: &str) {
        let place = self.find(words);
        self.press(place);
    }

    /// Touches one after the other: `"Làm thủ tục > Tra cứu hồ sơ đã nộp > Cần chuẩn bị"`.
    pub fn taps(&self, script: &str) {
        for words in script.split(" > ") {
            self.tap(words);
        }
    }

    /// From home to a page: its section's tile, its group's card if there is one, its own card.
    pub fn goes_to(&self, id: &str) {
        let library = self.library.clone().expect("content");
        let catalogue = library.catalogue();
        let page = catalogue.card(id).expect("a page");
        let section = catalogue.section(&page.section).expect("a section");
        self.tap(&section.title);
        if let Some(group) = section.groups.iter().find(|group| group.pages.contains(&page.id)) {
            self.tap(&group.title);
        }
        self.tap(&page.title);
    }

    /// A trembling finger: touches the same place again a tenth of a second later, whatever is there by then.
    pub fn double_tap(&self, words: &str) {
        let place = self.find(words);
        self.screen.tap(place);
        self.screen.pass(Duration::from_millis(100));
        self.press(place);
    }

    /// Touches a place, from the upper left corner of the screen.
    pub fn touch(&self, x: f32, y: f32) {
        self.rest();
        self.press(LogicalPosition::new(x, y));
    }

    /// Fingers that come down at once: no time passes and nothing is drawn in between.
    pub fn touch_all(&self, places: impl IntoIterator<Item = LogicalPosition>) {
        let button = PointerEventButton::Left;
        for position in places {
            for event in [
                WindowEvent::PointerPressed { position, button },
                WindowEvent::PointerReleased { position, button },
                WindowEvent::PointerExited,
            ] {
                self.kiosk.window().dispatch_event(event);
            }
        }
    }

    /// The colour of a place before a finger comes down on it, and under the finger; the finger slides off again.
    pub fn feels(&self, x: f32, y: f32) -> [[u8; 3]; 2] {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "on the screen")]
        let (column, row) = (x as u32, y as u32);
        let rest = self.color(column, row);
        self.rest();
        self.screen.press(LogicalPosition::new(x, y));
        let pressed = self.color(column, row);
        self.screen.slide_off();
        [rest, pressed]
    }

    /// Types on the keyboard of the screen, as fast as one types.
    pub fn types(&self, words: &str) {
        for letter in words.chars() {
            self.screen.pass(Duration::from_millis(130));
            let key = match letter {
                ' ' => "dấu cách".to_owned(),
                letter => letter.to_string(),
            };
            let place = self.button(&key);
            self.press(place.unwrap_or_else(|| panic!("no key “{key}”")));
        }
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: u64) {
        self.pass(Duration::from_secs(seconds));
    }

    /// Lets a few moments pass.
    pub fn nap(&self, milliseconds: u64) {
        self.pass(Duration::from_millis(milliseconds));
    }

    /// Lets so much time pass; what was counted in it is recorded then.
    pub fn pass(&self, time: Duration) {
        self.screen.pass(time);
        if !self.card_is_busy.get() {
            self.kiosk.settle();
        }
    }

    /// Waits for what other threads were asked, and draws what they answered. No time passes: how fast they are must not change what a
    /// test meets.
    fn settle(&self) {
        while !self.card_is_busy.get() && self.kiosk.settle() {
            self.screen.draw();
        }
    }

    /// From now on other threads answer when they like.
    pub fn waits_for_nobody(&self) {
        self.card_is_busy.set(true);
    }

    /// The longest that a touch took until its frame was painted.
    pub fn slowest_touch(&self) -> Duration {
        self.slowest.get()
    }

    /// Keeps the card busy until it is let go.
    pub fn holds_the_card(&self) -> BusyCard<'_> {
        // What is on its way gets there.
        self.kiosk.settle();
        let (let_go, held) = mpsc::channel();
        let (answer, given_up) = mpsc::channel();
        self.kiosk.recorder().collect_by(Box::new(move |_, _| {
            // Later on it is called again, and does nothing.
            let _ = answer.send(held.recv_timeout(LONGEST_HOLD) == Err(RecvTimeoutError::Timeout));
        }));
        self.waits_for_nobody();
        self.wait(1);
        BusyCard {
            hall: self,
            let_go,
            given_up,
        }
    }

    /// How long the kiosk has run.
    pub fn time(&self) -> Duration {
        self.screen.clock().get()
    }

    /// Touches what says these words if it is on this page.
    pub fn tap_if_there(&self, words: &str) {
        if self.button(words).is_some() {
            self.tap(words);
        }
    }

    /// Goes away, and waits until the kiosk believes it.
    pub fn leave(&self) {
        self.wait(145);
        assert!(
            matches!(self.view().screen, Screen::Attract(_)),
            "nobody is there, and yet:\n{}",
            self.words().join("\n")
        );
    }

    /// Somebody sets the clock, forwards or back.
    pub fn turn_clock(&self, by: TimeDelta) {
        self.started.set(self.started.get().map(|start| start + by));
    }

    /// The machine learns what time it is.
    pub fn learn_clock(&self, now: NaiveDateTime) {
        let passed = TimeDelta::from_std(self.screen.clock().get()).expect("a short time");
        self.started.set(Some(now - passed));
    }

    /// How many frames have been drawn.
    pub fn frames(&self) -> usize {
        self.screen.frames()
    }

    /// Draws what has changed.
    pub fn draw(&self) {
        self.screen.draw();
    }

    /// The colour of a point of the screen, as red, green and blue.
    pub fn color(&self, x: u32, y: u32) -> [u8; 3] {
        self.settle();
        let picture = self.screen.picture();
        let at = 3 * (y * picture.width + x) as usize;
        [picture.rgb[at], picture.rgb[at + 1], picture.rgb[at + 2]]
    }

    /// What can be seen on the screen.
    pub fn picture(&self) -> Picture {
        self.settle();
        self.screen.picture()
    }

    /// What the session shows.
    pub fn view(&self) -> View {
        self.settle();
        self.kiosk.view()
    }

    /// All words on the screen, once other threads have answered what they were asked.
    pub fn words(&self) -> Vec<String> {
        self.settle();
        self.kiosk
            .elements()
            .iter()
            .map(|element| element.label.clone())
            .collect()
    }

    /// Whether these words can be read on the screen now.
    pub fn reads(&self, words: &str) -> bool {
        self.words().iter().any(|label| label.contains(words))
    }

    /// Expects these words on the screen.
    pub fn sees(&self, words: &str) {
        assert!(self.reads(words), "no “{words}” in:\n{}", self.words().join("\n"));
    }

    /// Expects that these words are not on the screen.
    pub fn misses(&self, words: &str) {
        assert!(!self.reads(words), "“{words}” in:\n{}", self.words().join("\n"));
    }

    /// All words from here to the last page of the column.
    pub fn reads_on(&self) -> Vec<String> {
        let mut words = self.words();
        while self.view().next == Button::PageNext {
            self.turn_down();
            words.extend(self.words());
        }
        words
    }

    /// Expects these words on this page of the column or a later one.
    pub fn turns_to(&self, words: &str) {
        while !self.reads(words) && self.view().next == Button::PageNext {
            self.turn_down();
        }
        self.sees(words);
    }

    /// What can be touched now.
    pub fn buttons(&self) -> Vec<Element> {
        self.settle();
        let (width, height) = self.size();
        let inside = |at: LogicalPosition| (0.0..width).contains(&at.x) && (0.0..height).contains(&at.y);
        let elements = self.kiosk.elements().into_iter();
        elements
            .filter(|element| element.is_button && inside(element.middle))
            .collect()
    }

    /// Width and height of the screen.
    pub fn size(&self) -> (f32, f32) {
        let window = self.kiosk.window();
        let size = window.size().to_logical(window.scale_factor());
        (size.width, size.height)
    }

    /// The titles of the cards that the screen lists, on all pages.
    pub fn cards(&self) -> Vec<String> {
        let rows = self.view().rows.into_iter();
        rows.filter_map(|row| match row {
            Row::Card(card) => match card.title {
                commune_kiosk::kiosk::session::view::Words::Text(title) => Some(title),
                _ => None,
            },
            _ => None,
        })
        .collect()
    }

    /// What stands in the search field.
    pub fn typed(&self) -> String {
        match self.view().screen {
            Screen::Search(search) => search.typed,
            other => panic!("no search field on {other:?}"),
        }
    }

    /// Which of the things to bring are ticked.
    pub fn ticks(&self) -> Vec<bool> {
        let rows = self.view().rows.into_iter();
        rows.filter_map(|row| match row {
            Row::Check { ticked, .. } => Some(ticked),
            _ => None,
        })
        .collect()
    }

    /// The counts on disk, a line for each: `2026-11-23 page-opened khai-sinh/ 1`.
    pub fn counted(&self) -> Vec<String> {
        self.kiosk.settle();
        lines(&store::read(&self.data).expect("counts on disk").counters)
    }

    /// How often a signal is counted on disk, in all.
    pub fn counts(&self, signal: Signal) -> u64 {
        self.kiosk.settle();
        store::read(&self.data).expect("counts on disk").counters.total(signal)
    }

    /// The folder of the counts.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A touch, and the frames after it: what the first one measured is shown in the next.
    fn press(&self, place: LogicalPosition) {
        self.slowest.set(self.slowest.get().max(self.screen.tap(place)));
        self.settle();
        self.screen.pass(SETTLE);
        // What is drawn aside is asked for after the first frame.
        self.settle();
    }

    fn rest(&self) {
        self.screen.pass(PAUSE);
    }

    /// Turns to the next page of the column.
    pub fn turn_down(&self) {
        let down = self.button("Xuống").or_else(|| self.button("Down"));
        self.rest();
        let labels = || {
            self.buttons()
                .into_iter()
                .map(|button| button.label)
                .collect::<Vec<_>>()
        };
        self.press(
            down.unwrap_or_else(|| panic!("no button turns the page at {:?}, only {:?}", self.size(), labels())),
        );
    }

    /// Turns to the first page of the column.
    pub fn turn_up(&self) {
        while let Some(up) = self.button("Lên") {
            self.rest();
            self.press(up);
        }
    }

    /// Where the button of these words is, on any page of the column from here on.
    pub fn button_of(&self, words: &str) -> Option<LogicalPosition> {
        self.find_downwards(words)
    }

    fn button(&self, words: &str) -> Option<LogicalPosition> {
        let buttons = self.buttons();
        let exact = buttons.iter().find(|button| button.label == words);
        let begins = || buttons.iter().find(|button| button.label.starts_with(words));
        exact.or_else(begins).map(|button| button.middle)
    }

    fn find(&self, words: &str) -> LogicalPosition {
        let found = self.find_downwards(words).or_else(|| {
            self.turn_up();
            self.find_downwards(words)
        });
        if let Some(place) = found {
            self.rest();
            return place;
        }
        let labels: Vec<String> = self.buttons().iter().map(|button| button.label.clone()).collect();
        panic!("there is nothing to touch that says “{words}”, only {labels:?}");
    }
}

impl Hall {
    fn find_downwards(&self, words: &str) -> Option<LogicalPosition> {
        for _ in 0..MOST_PAGES {
            let place = self.button(words);
            if place.is_some() || self.view().next != Button::PageNext {
                return place;
            }
            self.turn_down();
        }
        None
    }
}

/// Counters in words.
pub fn lines(counters: &counters::Counters) -> Vec<String> {
    let rows = counters.rows();
    rows.map(|row| format!("{} {} {}/{} {}", row.period, row.signal, row.subject, row.value, row.n))
        .collect()
}

/// Runs a story in a thread of its own, which so has a screen of its own.
pub fn each_in_its_hall<T: Send + 'static>(settings: impl IntoIterator<Item = T>, story: fn(T)) {
    let threads: Vec<_> = settings
        .into_iter()
        .map(|setting| std::thread::spawn(move || story(setting)))
        .collect();
    for thread in threads {
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    }
}
