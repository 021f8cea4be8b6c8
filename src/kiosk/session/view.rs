//! What a session shows: plain structs, compared with what was shown before, so that nothing is drawn without a change.

mod row;

use super::place::Top;
use super::set_date::TypedDate;
use super::settings::Settings;
use super::sound::Volume;

pub use row::{Card, Extent, Label, Notice, Outcome, Row, TablePart, Target, Words};

/// Everything on the screen but the clock.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button that is there or not")]
pub struct View {
    /// Which page of the interface.
    pub screen: Screen,
    /// What can't wait, on the home screen.
    pub urgent: Option<Urgent>,
    /// Title in the bar at the top.
    pub title: Title,
    /// What the title belongs to, such as its section; may be empty.
    pub crumb: String,
    /// The day on which the facts of the page were last checked.
    pub updated: Option<String>,
    /// Titles of the pages that are asked for most, on the home screen.
    pub often: Vec<String>,
    /// Whether a programme can be heard, on the home screen.
    pub heard: bool,
    /// Rows of the column.
    pub rows: Vec<Row>,
    /// Those of them that are read aloud now, by their numbers.
    pub marked: Vec<usize>,
    /// What stands at the top of the part of the column that is shown, or is on the page that is.
    pub top: Top,
    /// The page of the column that is shown, from 0.
    pub column_page: usize,
    /// How many pages the column has, as far as the session has been told.
    pub column_pages: usize,
    /// Whether there is "Quay lại".
    pub back: bool,
    /// A page or a part of a guide back.
    pub previous: Button,
    /// The way on: the button to the right.
    pub next: Button,
    /// Whether a guide offers "Cần chuẩn bị".
    pub prepare: bool,
    /// Whether a page offers "Mang về điện thoại".
    pub take_home: bool,
    /// Whether a question offers "Đọc bài liên quan".
    pub read: bool,
    /// Whether the Sorry screen offers "Dành cho cán bộ".
    pub staff_page: bool,
    /// Steps or questions done, of how many.
    pub progress: Option<Progress>,
    /// What stands beside the column where there is room, and under it where there is none.
    pub aside: Option<Aside>,
    /// What lies over the page until it is closed.
    pub panel: Option<Panel>,
    /// Whether the last touch could not be done.
    pub failed: bool,
    /// What can be heard here; `None` where nothing can.
    pub listen: Option<Listen>,
    /// Whether its words grow where they would leave much of the screen empty: a page is read, not chosen from.
    pub grows: bool,
    /// The picture that was touched, over everything.
    pub enlarged: Option<Picture>,
    /// A stick that is in, or was just now.
    pub stick: Option<StickNotice>,
    /// The seconds left of the idle warning.
    pub idle_warning: Option<u32>,
    /// What the resident has set.
    pub settings: Settings,
}

/// A recording of what is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listen {
    /// How long it is, in seconds.
    pub seconds: u32,
    /// Whether a machine speaks.
    pub machine: bool,
    /// How far it has come, in seconds; `None` as long as nobody listens.
    pub at: Option<u32>,
    /// Whether it is held.
    pub paused: bool,
    /// How loud it is.
    pub volume: Volume,
    /// How loud it can be made.
    pub most: Volume,
}

/// Large choices over the lower part of any page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// "Cỡ chữ": size of the text, contrast, language.
    Letters,
    /// "Trợ giúp": search, whom to ask, what people often ask for, the end of the visit.
    Help,
}

/// A page of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Screen {
    /// The invitation.
    Attract(Slide),
    /// Nobody has been there for long: the screen is dark, and a touch does nothing but wake it.
    Rest,
    /// The tiles.
    Home,
    /// A column of rows.
    Column,
    /// Search.
    Search(SearchBox),
    /// The keys of the PIN.
    Pin(PinBox),
    /// The keys of the date.
    Date(TypedDate),
    /// Fields to touch.
    TouchTest,
    /// Thanks, and three faces for the visit.
    Goodbye {
        /// Whether one has been touched.
        rated: bool,
        /// Whether there are topics for who has not found what they came for.
        has_topics: bool,
    },
    /// Nothing to show.
    #[default]
    Sorry,
}

/// What the invitation shows for a while; without anything to show, the invitation itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slide {
    /// What it is.
    pub kind: SlideKind,
    /// What it is about, or the question.
    pub title: String,
    /// What everybody must know of it; may be empty.
    pub words: String,
    /// File name of its picture; may be empty.
    pub picture: String,
    /// Instead of a picture, the day of an event.
    pub leaf: Option<Leaf>,
    /// File name of the picture that comes with the next slide; may be empty. Drawn ahead, it is there as soon as that is.
    pub next_picture: String,
}

/// A day as a calendar's leaf shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// From 1.
    pub day: u32,
    /// From 1.
    pub month: u32,
}

/// What a slide of the invitation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SlideKind {
    /// There is nothing to tell.
    #[default]
    Welcome,
    /// A notice that can't wait.
    Urgent,
    /// A notice.
    Notice,
    /// What takes place today.
    Today,
    /// What takes place tomorrow.
    Tomorrow,
    /// What takes place some day soon.
    Coming,
    /// What has begun and lasts.
    Running,
    /// What stands in the calendar, while nobody can say which day it is.
    Calendar,
    /// A programme that can be heard.
    Radio,
    /// A page worth reading.
    Tip,
    /// A question of the quiz.
    Question,
}

/// What can't wait: one notice, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urgent {
    /// The title of the first.
    pub title: String,
    /// How many there are.
    pub of: usize,
}

/// The search field and its keyboard.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchBox {
    /// What has been typed.
    pub typed: String,
    /// Whether the keyboard is open.
    pub keyboard: bool,
    /// Whether the keyboard shows digits.
    pub digits: bool,
}

/// What is seen of a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PinBox {
    /// How many digits have been typed.
    pub typed: usize,
    /// Whether they can be tried.
    pub ready: bool,
    /// Whether there was a wrong try since the page was opened.
    pub wrong: bool,
    /// Seconds until the next try is listened to.
    pub wait: u64,
}

/// How a stick is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StickNotice {
    /// What becomes of it.
    pub stick: Stick,
    /// Whether it lies over everything, or is a strip at the top that waits for a touch.
    pub is_open: bool,
    /// Whether a resident may come in meanwhile.
    pub lets_in: bool,
}

/// What becomes of a stick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stick {
    /// It is being looked at.
    Looking,
    /// A pack is being installed.
    Installing {
        /// Bytes written so far.
        done: u64,
        /// Bytes there are to write.
        total: u64,
    },
    /// It is over.
    Finished {
        /// Whether a pack was installed.
        installed: bool,
        /// Whether all went well.
        went_well: bool,
        /// A sentence or two for staff.
        words: String,
        /// "Có thể rút USB".
        can_be_pulled_out: bool,
    },
}

/// A title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Title {
    /// From the content.
    Text(String),
    /// From the interface, in its language.
    Name(ScreenName),
}

impl Default for Title {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

/// Screens whose title doesn't come from the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the whole meaning")]
pub enum ScreenName {
    StaffHelp,
    Topics,
    Privacy,
    Calendar,
    Notices,
    QuizResult,
    Staff,
}

/// A button of the bottom bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names are the whole meaning")]
pub enum Button {
    #[default]
    None,
    PageBack,
    PartBack,
    StepBack,
    PageNext,
    StepNext,
    Prepare,
    Steps,
    Finish,
    NextQuestion,
    SeeResult,
    Again,
    Done,
}

/// How far a guide or a round has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// From 1.
    pub at: usize,
    /// How many there are.
    pub of: usize,
    /// Questions rather than steps.
    pub questions: bool,
}

/// A picture of the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// File name in `media/`.
    pub media: String,
    /// What it shows, in words.
    pub alt: String,
    /// Words under it; may be empty.
    pub caption: String,
}

/// What stands beside the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aside {
    /// A picture of the content.
    Picture(Picture),
    /// QR codes: one or two of text, then one of an address; some of them, and at least one.
    Codes(Vec<Code>),
}

/// A QR code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// What the words under it say that it is.
    pub kind: CodeKind,
    /// What a telephone reads.
    pub says: String,
}

impl Code {
    /// Whether a telephone shows it as text, rather than opening an address.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        matches!(self.kind, CodeKind::List | CodeKind::FirstPart | CodeKind::SecondPart)
    }
}

/// What a QR code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// The text of a guide.
    List,
    /// Half of a text that is too long for one.
    FirstPart,
    /// The other half.
    SecondPart,
    /// An official address.
    Official,
    /// The address of the same page on the commune's site.
    Page,
}
