//! Making the search tables, once, when a library file is made.
//!
//! The same content always gives the same bytes. Begin with [`create_index`].

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::form::Form;
use super::places::{Place, Places};
use super::query::looked_at;
use super::slips::slip_form;
use super::text::{blocks_text, page_text};
use crate::content::model::{Content, Event, Page, Shows};
use crate::content::vietnamese::{fold, normalise, words};

/// Beginnings of this many letters have a row of their own; longer ones have so few words that those are looked up.
pub(super) const SHORT_BEGINNING: usize = 2;

/// The key of the row for all words that begin like this.
pub(super) fn beginning(letters: &str) -> String {
    format!("{letters}*")
}

/// Writes the search tables into a library; `events` are those that its calendar has. Call it inside the transaction that fills the library.
///
/// # Errors
/// Those of the database: tables of these names are already there, or the disk is full.
pub fn create_index(db: &Connection, content: &Content, events: &[Event]) -> rusqlite::Result<()> {
    db.execute_batch(include_str!("schema.sql"))?;
    let mut index = Index::of_synonyms(&content.synonyms);
    let mut number = 0;
    for entry in entries(content, events) {
        number += 1;
        insert_entry(db, number, &entry)?;
        index.add(number, &entry);
    }
    index.write(db)
}

/// Something that can be found.
struct Entry<'a> {
    kind: &'static str,
    target: &'a str,
    section: &'a str,
    title: &'a str,
    keywords: Vec<&'a str>,
    summary: &'a str,
    body: String,
}

/// The calendar, in the words in which people ask for it.
const CALENDAR: [&str; 8] = [
    "lịch",
    "lịch họp",
    "lịch học",
    "lớp học",
    "họp thôn",
    "họp dân",
    "hội thi",
    "sự kiện",
];

/// The same for whom to ask, where and when.
const STAFF: [&str; 20] = [
    "cán bộ",
    "gặp cán bộ",
    "giờ làm việc",
    "giờ tiếp dân",
    "mấy giờ mở cửa",
    "làm việc thứ bảy",
    "có làm việc không",
    "chủ nhật",
    "số điện thoại xã",
    "điện thoại uỷ ban",
    "số điện thoại công an xã",
    "địa chỉ xã",
    "trụ sở xã",
    "uỷ ban",
    "uỷ ban xã",
    "uỷ ban nhân dân",
    "xã ở đâu",
    "trung tâm phục vụ hành chính công",
    "tổ công nghệ số cộng đồng",
    "đường dây nóng",
];

/// Everything that can be found, pages first.
fn entries<'a>(content: &'a Content, events: &'a [Event]) -> impl Iterator<Item = Entry<'a>> {
    let section = |shows| {
        let section = content.sections.iter().find(|section| section.shows == shows);
        section.map_or("", |section| section.id.as_str())
    };
    let radio = section(Shows::Radio);
    let pages = content.pages.iter().map(|page| Entry {
        kind: "page",
        target: &page.id,
        section: &page.section,
        title: &page.title,
        keywords: words_for(content, page),
        summary: &page.summary,
        body: page_text(page),
    });
    let quizzes = content.quizzes.iter().map(move |quiz| Entry {
        kind: "quiz",
        target: &quiz.id,
        section: section(Shows::Quiz),
        title: &quiz.title,
        keywords: Vec::new(),
        summary: &quiz.summary,
        body: String::new(),
    });
    let programmes = content.programmes.iter().map(move |programme| Entry {
        kind: "programme",
        target: &programme.id,
        section: radio,
        title: &programme.title,
        keywords: Vec::new(),
        summary: &programme.summary,
        body: blocks_text(&programme.transcript).join("\n"),
    });
    // A topic with a page has lent it its words.
    let topics = content
        .topics
        .iter()
        .filter(|topic| topic.page.is_empty())
        .map(|topic| Entry {
            kind: "topic",
            target: &topic.id,
            section: "",
            title: &topic.title,
            keywords: topic.words.iter().map(String::as_str).collect(),
            summary: &topic.office,
            body: String::new(),
        });
    let sections = content.sections.iter().map(|section| Entry {
        kind: "section",
        target: &section.id,
        section: &section.id,
        title: &section.title,
        keywords: Vec::new(),
        summary: &section.summary,
        body: String::new(),
    });
    let groups = content.sections.iter().flat_map(|section| {
        section.groups.iter().map(|group| Entry {
            kind: "group",
            target: &group.id,
            section: &section.id,
            title: &group.title,
            keywords: Vec::new(),
            summary: &group.summary,
            body: String::new(),
        })
    });
    let dates = events.iter().map(move |event| Entry {
        kind: "event",
        target: &event.id,
        section: radio,
        title: &event.title,
        keywords: Vec::new(),
        summary: &event.summary,
        body: event.place.clone(),
    });
    let of_its_own = |kind, title, keywords: &'static [&str]| Entry {
        kind,
        target: "",
        section: "",
        title,
        keywords: keywords.to_vec(),
        summary: "",
        body: String::new(),
    };
    let calendar = (!events.is_empty()).then(|| of_its_own("calendar", "Lịch họp, lớp học", &CALENDAR));
    let staff = of_its_own("staff", "Hỏi cán bộ", &STAFF);
    pages
        .chain(quizzes)
        .chain(programmes)
        .chain(topics)
        .chain(sections)
        .chain(groups)
        .chain(dates)
        .chain(calendar)
        .chain([staff])
}

/// Whether the summary of such an entry says what it is about: where to ask about a topic doesn't, and what a section or a group holds is
/// in its pages.
pub(super) fn is_described(kind: &str) -> bool {
    !matches!(kind, "topic" | "section" | "group")
}

/// The words by which a page is looked for: its own, and those of the topics that it answers.
fn words_for<'a>(content: &'a Content, page: &'a Page) -> Vec<&'a str> {
    let topics = content.topics.iter().filter(|topic| topic.page == page.id);
    let lent = topics.flat_map(|topic| topic.words.iter().chain([&topic.title]));
    page.keywords.iter().chain(lent).map(String::as_str).collect()
}

fn insert_entry(db: &Connection, number: u32, entry: &Entry<'_>) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO search_entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
        .execute((
            number,
            entry.kind,
            entry.target,
            entry.section,
            entry.title,
            entry.summary,
            fold(&looked_at(entry.title)),
            entry.body.lines().map(fold).collect::<Vec<_>>().join("\n"),
            &entry.body,
        ))?;
    let mut keywords = db.prepare_cached("INSERT OR IGNORE INTO search_keywords VALUES (?1, ?2, ?3)")?;
    for keyword in &entry.keywords {
        let folded = fold(&looked_at(keyword));
        let line = |form: Form| {
            words(&folded)
                .map(|word| form.of_folded(word.text))
                .collect::<Vec<_>>()
                .join(" ")
        };
        for form in [Form::Folded, Form::Slip] {
            keywords.execute((form.column(), line(form), number))?;
        }
    }
    if !entry.keywords.is_empty() {
        keywords.execute((marked(number), entry.keywords.join("\n"), number))?;
    }
    db.prepare_cached("INSERT INTO search_text (rowid, title, summary, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute((number, fold(entry.title), fold(entry.summary), fold(&entry.body)))?;
    Ok(())
}

/// The form under which the keywords of an entry stand as they are written.
fn marked(entry: u32) -> String {
    format!("{MARKED} {entry}")
}

/// The form of a row that says that keywords and phrases stand there as they are written too.
pub(super) const MARKED: &str = "marked";

/// The form under which phrases stand as they are written, with their groups.
pub(super) const PHRASE: &str = "phrase";

/// The keywords of an entry as they are written, one a line.
pub(super) fn keywords_of(db: &Connection, entry: u32) -> rusqlite::Result<String> {
    let keywords = db
        .prepare_cached("SELECT keyword FROM search_keywords WHERE form = ?1")?
        .query_row([marked(entry)], |row| row.get(0))
        .optional()?;
    Ok(keywords.unwrap_or_default())
}

/// A phrase of a synonym group.
struct SynonymPhrase {
    folded: Vec<String>,
    marked: String,
    group: u32,
}

/// The word lists while they grow.
#[derive(Default)]
struct Index {
    words: BTreeMap<(Form, String), Places>,
    /// Phrases with their groups, by first word.
    phrases: BTreeMap<String, Vec<SynonymPhrase>>,
    synonyms: BTreeMap<u32, Places>,
}

impl Index {
    fn of_synonyms(groups: &[Vec<String>]) -> Self {
        let mut index = Self::default();
        for (group, phrases) in (1..).zip(groups) {
            for phrase in phrases {
                let folded: Vec<_> = words(phrase).map(|word| fold(word.text)).collect();
                if let Some(first) = folded.first() {
                    index.phrases.entry(first.clone()).or_default().push(SynonymPhrase {
                        folded,
                        marked: words(phrase).map(|word| word.text).collect::<Vec<_>>().join(" "),
                        group,
                    });
                }
            }
        }
        index
    }

    fn add(&mut self, number: u32, entry: &Entry<'_>) {
        let mut best: BTreeMap<(Form, String), Place> = BTreeMap::new();
        let mut best_synonyms: BTreeMap<u32, Place> = BTreeMap::new();
        // The best place first, so that a later one never replaces it.
        let title = std::iter::once((entry.title, Place::Title));
        let keywords = entry.keywords.iter().map(|keyword| (*keyword, Place::Keyword));
        let summary = if is_described(entry.kind) { entry.summary } else { "" };
        let texts = [(summary, Place::Summary), (entry.body.as_str(), Place::Body)];
        for (text, place) in title.chain(keywords).chain(texts) {
            let folded: Vec<_> = words(text).map(|word| fold(word.text)).collect();
            for word in &folded {
                for (form, word) in [(Form::Folded, word.clone()), (Form::Slip, slip_form(word).into_owned())] {
                    enter(&mut best, form, word, place);
                }
            }
            for (start, word) in folded.iter().enumerate() {
                for phrase in self.phrases.get(word).into_iter().flatten() {
                    if folded[start..].starts_with(&phrase.folded) {
                        best_synonyms.entry(phrase.group).or_insert(place);
                    }
                }
            }
        }
        for word in words(&normalise(entry.title)) {
            enter(&mut best, Form::Toned, word.text.to_owned(), Place::Title);
        }
        for (key, place) in best {
            self.words.entry(key).or_default().push(number, place);
        }
        for (group, place) in best_synonyms {
            self.synonyms.entry(group).or_default().push(number, place);
        }
    }

    fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        let mut insert = db.prepare("INSERT INTO search_words VALUES (?1, ?2, ?3)")?;
        for ((form, word), places) in &self.words {
            insert.execute((form.column(), word, places.bytes()))?;
        }
        let mut insert = db.prepare("INSERT INTO search_phrases VALUES (?1, ?2)")?;
        let mut as_written = db.prepare("INSERT OR IGNORE INTO search_keywords VALUES (?1, ?2, ?3)")?;
        as_written.execute((MARKED, "", 0))?;
        for phrase in self.phrases.values().flatten() {
            insert.execute((phrase.folded.join(" "), phrase.group))?;
            as_written.execute((PHRASE, &phrase.marked, phrase.group))?;
        }
        let mut insert = db.prepare("INSERT INTO search_synonyms VALUES (?1, ?2)")?;
        for (group, places) in &self.synonyms {
            insert.execute((group, places.bytes()))?;
        }
        Ok(())
    }
}

/// Enters a word and its short beginnings.
fn enter(best: &mut BTreeMap<(Form, String), Place>, form: Form, word: String, place: Place) {
    for (end, last) in word.char_indices().take(SHORT_BEGINNING) {
        best.entry((form, beginning(&word[..end + last.len_utf8()])))
            .or_insert(place);
    }
    best.entry((form, word)).or_insert(place);
}
