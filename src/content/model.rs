//! What residents read, as plain data: the form between the author's folder and the library file.
//!
//! Nothing here checks anything: [`super::source`] builds these from the author's files and refuses what is wrong,
//! [`super::library`] reads them back from `content.db`. Begin with [`Content`].

mod event;
mod notice;
mod recording;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rich::{Link, Rich};
pub use event::{Event, Repeats};
pub use notice::Notice;
pub use recording::{Recording, Said};

/// A whole pack: everything that one edition of the content holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// Who made it and which edition it is.
    pub pack: Pack,
    /// Facts of the commune by key (`name`, `center_phone`, …); an empty value means that staff have not filled it in.
    pub commune: BTreeMap<String, String>,
    /// The tiles of the home screen, in their order.
    pub sections: Vec<Section>,
    /// Articles and guides, in the order of their sections, then of their `order`, then of their titles.
    pub pages: Vec<Page>,
    /// Question sets, in the order of their file names.
    pub quizzes: Vec<Quiz>,
    /// Meetings, classes and contests, in the author's order.
    pub events: Vec<Event>,
    /// Radio programmes, the newest month first.
    pub programmes: Vec<Programme>,
    /// Notices of the commune, those that begin last first.
    pub notices: Vec<Notice>,
    /// What can be heard, in the order of what it reads.
    pub recordings: Vec<Recording>,
    /// What people ask for in their own words.
    pub topics: Vec<Topic>,
    /// Groups of words that mean the same to a person who searches.
    pub synonyms: Vec<Vec<String>>,
    /// Pictures and recordings by file name.
    pub media: BTreeMap<String, Vec<u8>>,
}

/// The identity of a pack (`pack.toml`).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Short name that never changes, such as `le-loi`.
    pub id: String,
    /// Shown to staff.
    pub title: String,
    /// A number that only grows.
    pub edition: u64,
    /// Languages of the content; the first is the main one.
    pub languages: Vec<String>,
    /// Who answers for the content.
    pub publisher: String,
}

/// A tile of the home screen (`sections.toml`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// The folder of its pages under `pages/`.
    pub id: String,
    /// At most four words.
    pub title: String,
    /// One line under the title.
    pub summary: String,
    /// English title, where there is one.
    #[serde(default)]
    pub title_en: String,
    /// English line, where there is one.
    #[serde(default)]
    pub summary_en: String,
    /// File name in `media/`.
    pub icon: String,
    /// File name in `media/` of the picture on its tile; empty where the icon stands there. The library keeps it apart, because
    /// programs that knew none refuse a section with more than they know.
    #[serde(skip)]
    pub picture: String,
    /// A colour of the theme, by name.
    pub color: SectionColor,
    /// What a tap on the tile opens.
    #[serde(default)]
    pub shows: Shows,
    /// Its pages sorted by need, if there are too many for one list; then every page is in one group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
}

/// Pages of a section that belong together, such as those about land.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Unique in its section.
    pub id: String,
    /// As residents call it.
    pub title: String,
    /// One line that names some of its pages.
    pub summary: String,
    /// English title, where there is one.
    #[serde(default)]
    pub title_en: String,
    /// English line, where there is one.
    #[serde(default)]
    pub summary_en: String,
    /// Ids of its pages, in their order.
    pub pages: Vec<String>,
}

/// The colours a section can have; the theme holds their values for both contrasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the whole meaning")]
pub enum SectionColor {
    Teal,
    Red,
    Blue,
    Green,
    Amber,
    Purple,
    Brown,
    Slate,
}

/// What a section lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shows {
    /// The pages of its folder.
    #[default]
    Pages,
    /// The question sets.
    Quiz,
    /// The radio programmes and the calendar.
    Radio,
}

/// A need in people's own words, and where to turn with it (`topics.toml`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Topic {
    /// Unique in the pack; what is counted.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The title of the group that lists it; empty if it stands by itself.
    pub group: String,
    /// What people call it.
    pub words: Vec<String>,
    /// Id of the page that answers; empty if there is none yet.
    pub page: String,
    /// Where to ask as long as there is no page.
    pub office: String,
    /// Telephone number to ask; may be empty.
    pub phone: String,
    /// Official address (`https://…`); may be empty.
    pub address: String,
}

/// An article or a guide (`pages/<section>/<id>.md`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The file's name without its ending; unique in the pack.
    pub id: String,
    /// The section that lists it.
    pub section: String,
    /// Title as residents see it.
    pub title: String,
    /// One line that says what it is good for.
    pub summary: String,
    /// English title, where there is one.
    pub title_en: String,
    /// English line, where there is one.
    pub summary_en: String,
    /// The day its facts were last checked.
    pub updated: NaiveDate,
    /// The day by which its facts must be checked again.
    pub review_by: NaiveDate,
    /// Documents and offices that its facts come from.
    pub sources: Vec<String>,
    /// Ids of pages to read next.
    pub related: Vec<String>,
    /// Words and phrases by which residents look for it, beside those of its title.
    pub keywords: Vec<String>,
    /// What else than reading it is written for.
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// What a reader does with it.
    pub body: Body,
    /// The same in English, where somebody wrote it: of the same kind, with as many steps and things to bring.
    pub english: Option<Body>,
}

/// What an article is used for beside being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Somebody teaches a class from it.
    Lesson,
    /// Its questions and answers are gone through in a meeting.
    Meeting,
}

/// The two kinds of page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Body {
    /// Something to read.
    Article {
        /// In reading order.
        blocks: Vec<Block>,
    },
    /// Something to do, step by step.
    Guide(Guide),
}

/// A guide: what to know before, and the steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// Who can do it.
    pub who: String,
    /// What to bring, one thing an item.
    pub prepare: Vec<String>,
    /// What it costs.
    pub cost: String,
    /// How long it takes.
    pub time: String,
    /// Where it is done.
    pub place: String,
    /// Official address (`https://…`), shown as a QR code; empty if there is none.
    pub link: String,
    /// Telephone number to ask; empty if there is none.
    pub hotline: String,
    /// One to nine steps.
    pub steps: Vec<Step>,
}

/// One step of a guide, one screen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What to do, in a few words.
    pub title: String,
    /// How to do it; a picture in it stands beside the text.
    pub blocks: Vec<Block>,
}

/// A piece of a page that the screen shows as one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "lowercase")]
pub enum Block {
    /// A heading inside an article.
    Heading {
        /// Plain text.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// What it says.
        text: Rich,
    },
    /// A list.
    List {
        /// Numbered, or with dots.
        ordered: bool,
        /// One text an item.
        items: Vec<Rich>,
    },
    /// A picture.
    Picture {
        /// File name in `media/`.
        media: String,
        /// What it shows, in words, for who can't see it.
        alt: String,
        /// Words under it; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        caption: String,
    },
    /// Two or three columns, such as fees by case.
    Table {
        /// What stands in each column, in plain text.
        header: Vec<String>,
        /// One to eight rows; each has a cell for every column, which may be empty.
        rows: Vec<Vec<Rich>>,
    },
    /// Good to know (`> [!GHI-CHU]`).
    Note {
        /// One text a paragraph.
        paragraphs: Vec<Rich>,
    },
    /// Where people go wrong or are cheated (`> [!CANH-BAO]`).
    Warning {
        /// One text a paragraph.
        paragraphs: Vec<Rich>,
    },
    /// Whom to ask (`> [!LIEN-HE]`).
    Contact {
        /// One text a paragraph.
        paragraphs: Vec<Rich>,
    },
    /// A card that leads elsewhere: `[words](page:id)` alone in a paragraph.
    Link {
        /// Where to.
        #[serde(alias = "page")]
        to: Link,
        /// Plain text.
        text: String,
    },
}

impl Block {
    /// The texts with marks in it, in reading order.
    #[must_use]
    pub fn texts(&self) -> Vec<&Rich> {
        match self {
            Self::Heading { .. } | Self::Picture { .. } | Self::Link { .. } => Vec::new(),
            Self::Paragraph { text } => vec![text],
            Self::List { items: texts, .. }
            | Self::Note { paragraphs: texts }
            | Self::Warning { paragraphs: texts }
            | Self::Contact { paragraphs: texts } => texts.iter().collect(),
            Self::Table { rows, .. } => rows.iter().flatten().collect(),
        }
    }
}

/// A question set (`quiz/<id>.toml`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quiz {
    /// The file's name without its ending.
    pub id: String,
    /// Title of the set.
    pub title: String,
    /// One line under it.
    pub summary: String,
    /// At least ten make a full round; fewer are all asked.
    pub questions: Vec<Question>,
}

/// One question with two to four choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Unique in the pack.
    pub id: String,
    /// The question.
    pub prompt: String,
    /// In the author's order; the screen shuffles them.
    pub choices: Vec<String>,
    /// Index into `choices`, from 0.
    pub answer: usize,
    /// Why, in a sentence.
    pub reason: String,
    /// Id of the page to read; empty if there is none.
    pub read: String,
    /// The last day on which the answer is right; after it nobody is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// File name in `media/` of a picture beside it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub picture: String,
}

impl Question {
    /// Whether it may be asked on this day; who doesn't know the day asks everything.
    #[must_use]
    pub fn is_asked_on(&self, today: Option<NaiveDate>) -> bool {
        today.is_none_or(|today| self.until.is_none_or(|until| today <= until))
    }
}

/// A radio programme with its transcript (`programmes/<id>.md`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// The file's name without its ending.
    pub id: String,
    /// Title of the programme.
    pub title: String,
    /// One line under it.
    pub summary: String,
    /// First day of its month.
    pub month: NaiveDate,
    /// How long it lasts when read aloud, reckoned from what is said.
    pub minutes: u32,
    /// File name in `media/`; empty as long as nobody has recorded it.
    pub audio: String,
    /// The day its facts were last checked.
    pub updated: NaiveDate,
    /// Documents and offices that its facts come from.
    pub sources: Vec<String>,
    /// What is said.
    pub transcript: Vec<Block>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_asked_until_its_last_day_and_always_without_a_clock() {
        let question = Question {
            id: String::new(),
            prompt: String::new(),
            choices: Vec::new(),
            answer: 0,
            reason: String::new(),
            read: String::new(),
            until: Some(day("2027-02-28")),
            picture: String::new(),
        };
        assert!(question.is_asked_on(Some(day("2027-02-28"))) && question.is_asked_on(None));
        assert!(!question.is_asked_on(Some(day("2027-03-01"))));
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }
}
