//! The rows of a column: what an author wrote, block by block, and what leads on from there.

use super::Picture;
use crate::content::model::SectionColor;
use crate::content::rich::Rich;

/// Words of the interface that stand in a row; some carry a number or words of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the whole meaning")]
pub enum Label {
    Who,
    Cost,
    Time,
    Place,
    Hotline,
    StaffWhere,
    StaffAddress,
    StaffHours,
    StaffPhone,
    PolicePhone,
    DigitalTeam,
    Related,
    PrepareHint,
    Prepare,
    TakeHome,
    TakeHomeHint,
    TakeHomeList,
    TakeHomeListAndAddress,
    TakeHomeListAndPage,
    TakeHomePage,
    OfficialAddress,
    CalendarCard,
    Score,
    VietnameseOnly,
    SomeInEnglish,
    WellDone,
    TryAgain,
    Review,
    StaffHint,
    PortalPhone,
    TranscriptOnly,
    Counted,
    NotCounted,
    NothingFound,
    NoPageYet,
    MentionedIn,
    AskStaffCard,
    TopicsCard,
    TopicHint,
    AskAt,
    TypeHint,
    NoEvents,
    GuideFinished,
    PrivacyCard,
    EmptySection,
    NoticesCard,
    OtherNoticesCard,
    NoNotices,
    StaffCard,
    StaffContent,
    StaffOrigin,
    StaffCounts,
    StaffMachine,
    StaffClock,
    StaffLooking,
    GoBackCard,
    TouchTestCard,
    RestartCard,
    StaffBrightness,
    BrighterCard,
    DarkerCard,
    StaffOffice,
    StaffIdentity,
    CallOfficeCard,
}

/// Words in a row: the content's, or the interface's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// From the content, plain.
    Text(String),
    /// From the interface.
    Label(Label),
    /// Where a page's facts come from: documents and offices. When they were checked stands in the bar.
    Origin(String),
    /// From the interface, with two numbers in it.
    Numbers(Label, usize, usize),
}

/// A line under a card's title that says what it asks of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// It can be read in English, as not every page can.
    InEnglish,
    /// So many questions.
    Questions(u32),
    /// A radio programme that can be heard, of so many minutes.
    Heard(u32),
}

/// A card that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// File name in `media/` of the picture that stands before the words; may be empty.
    pub picture: String,
    /// Its title.
    pub title: Words,
    /// Title and detail with the words found marked; only search has it.
    pub marked: Option<(Rich, Rich)>,
    /// A line under it; may be empty.
    pub detail: String,
    /// What it asks of the reader.
    pub extent: Option<Extent>,
    /// The colour of its section.
    pub color: SectionColor,
    /// What a tap opens.
    pub opens: Target,
}

/// What a card opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An article or guide, by id.
    Page(String),
    /// A question set, by id.
    Quiz(String),
    /// A radio programme, by id.
    Programme(String),
    /// A chapter of the programme that is open, by the number of the part of its recording.
    Chapter(usize),
    /// A section, by id.
    Section(String),
    /// A group of pages, by the ids of its section and itself.
    Group(String, String),
    /// Where to ask about a topic, by its id.
    Topic(String),
    /// What people often ask for.
    Topics,
    /// A group of that, by its title.
    TopicGroup(String),
    /// Whom to ask, where and when.
    StaffHelp,
    /// The notices of the commune.
    Notices,
    /// A notice, by id.
    Notice(String),
    /// The calendar.
    Calendar,
    /// What the kiosk counts.
    Privacy,
    /// Where staff type their PIN.
    StaffPage,
    /// The pack that was shown before.
    PackBefore,
    /// Fields to touch.
    TouchTest,
    /// Two tones of the loudspeaker.
    TestSound,
    /// Where staff type the date and the time of day.
    SetDate,
    /// The screen, brighter or darker.
    Brightness {
        /// Brighter.
        up: bool,
    },
    /// The office, now.
    CallOffice,
    /// The program, from its start.
    Restart,
    /// The machine, off; it asks to be touched a second time.
    TurnOff {
        /// And on again.
        again: bool,
    },
}

/// What of a table a row of the view is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TablePart {
    /// A row of the table.
    Row {
        /// The first, over which the header stands.
        first: bool,
    },
    /// One cell of such a row, where the letters are too large for two beside each other.
    Cell {
        /// The first of its row.
        first: bool,
        /// The last of its row.
        last: bool,
    },
}

/// A framed block of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Good to know.
    Note,
    /// Where people go wrong or are cheated.
    Warning,
    /// Whom to ask.
    Contact,
}

/// What became of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The question is still open.
    Open,
    /// This is the answer.
    Answer,
    /// This was chosen and is not the answer.
    Chosen,
    /// Neither.
    Other,
}

/// A row of the column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// The title of a screen or step.
    Heading(Words),
    /// A heading inside a text, or a question.
    SubHeading(Words),
    /// A paragraph.
    Paragraph(Rich),
    /// Words of the interface, or plain words.
    Plain(Words),
    /// Small print.
    Small(Words),
    /// An item with a dot.
    Bullet(Rich),
    /// An item with a number.
    Numbered(usize, Rich),
    /// A picture of the content.
    Picture(Picture),
    /// A row of a table.
    Table {
        /// What stands in each column.
        header: Vec<String>,
        /// A text for each column.
        cells: Vec<Rich>,
        /// What of the table it is.
        part: TablePart,
    },
    /// A frame.
    Notice(Notice, Rich),
    /// A card that leads somewhere.
    Card(Card),
    /// Something to bring.
    Check {
        /// What.
        text: String,
        /// Whether the resident has ticked it.
        ticked: bool,
    },
    /// What one asks first.
    Fact(Label, String),
    /// A choice of a question.
    Choice {
        /// A, B, C or D.
        letter: char,
        /// The choice.
        text: String,
        /// What became of it.
        outcome: Outcome,
    },
    /// What became of an answer, and why.
    Verdict {
        /// Whether it was right.
        right: bool,
        /// The letter of the answer.
        letter: char,
        /// Why, in a sentence.
        reason: String,
    },
    /// A question of the round that is over, to be read again with its answer.
    Review {
        /// Which one it was, from 1.
        number: usize,
        /// The question.
        prompt: String,
        /// The right choice.
        answer: String,
        /// Whether it was chosen.
        right: bool,
    },
    /// A meeting or class.
    Event {
        /// Date, time and place.
        when: String,
        /// What takes place.
        what: String,
        /// For whom and what about; may be empty.
        detail: String,
        /// Whether it is over.
        past: bool,
    },
    /// The three faces.
    Rating {
        /// Whether the resident has given one.
        rated: bool,
    },
}
