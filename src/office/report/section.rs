//! What a report says, before it becomes HTML, PDF, XLSX or CSV. Begin with [`Section`].

use serde::Serialize;

use crate::office::chart::Chart;
use crate::office::words;

/// A numbered section.
#[derive(Debug, Default)]
pub struct Section {
    /// Its heading, without a number.
    pub heading: &'static str,
    /// The figures in sentences, one a paragraph.
    pub sentences: Vec<String>,
    /// What a leader reads at a glance, in words; on the page only, its figures stand in a listing.
    pub brief: Option<Brief>,
    /// Pictures of them, on the page only.
    pub charts: Vec<Chart>,
    /// The figures in full.
    pub listings: Vec<Listing>,
}

/// A small table of words: the first column names its rows.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Brief {
    /// What it shows.
    pub caption: &'static str,
    /// What stands above its columns.
    pub head: Vec<&'static str>,
    /// As many words in each as there are columns.
    pub rows: Vec<Vec<String>>,
    /// What must be known to read it; may be empty.
    pub note: String,
}

/// The sheets of the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the whole meaning")]
pub enum Sheet {
    Plan,
    Activities,
    Summary,
    Days,
    Hours,
    Pages,
    Guides,
    Questions,
    Ratings,
    Kiosks,
}

impl Sheet {
    /// In the order of the workbook.
    pub const ALL: [Self; 10] = [
        Self::Plan,
        Self::Activities,
        Self::Summary,
        Self::Days,
        Self::Hours,
        Self::Pages,
        Self::Guides,
        Self::Questions,
        Self::Ratings,
        Self::Kiosks,
    ];

    /// What stands on its tab.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plan => "Kế hoạch",
            Self::Activities => "Việc đã ghi",
            Self::Summary => "Tổng hợp",
            Self::Days => "Theo ngày",
            Self::Hours => "Theo giờ",
            Self::Pages => "Trang",
            Self::Guides => "Hướng dẫn",
            Self::Questions => "Câu hỏi",
            Self::Ratings => "Đánh giá",
            Self::Kiosks => "Máy",
        }
    }
}

/// A table of the report; all have the same columns.
#[derive(Debug, PartialEq, Eq)]
pub struct Listing {
    /// What it lists.
    pub caption: &'static str,
    /// The sheet it stands on.
    pub sheet: Sheet,
    /// How many subjects the page shows; workbook and CSV show all.
    pub printed: usize,
    /// Rows of the same subject stand together.
    pub rows: Vec<Row>,
}

/// One figure, beside that of the period before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The id of what it is about; may be empty.
    pub subject: String,
    /// What that is called.
    pub title: String,
    /// What of it: a step, a choice, a group; empty if the title says all.
    pub value: String,
    /// In the period.
    pub now: Shown,
    /// In the period before.
    pub before: Shown,
}

/// The rows of one subject as a page shows them.
#[derive(Debug, Serialize)]
pub struct Group<'a> {
    /// What they are about, if their own words don't say it.
    pub subject: Option<&'a str>,
    /// What each is, then now, before, the difference, and that as a share.
    pub rows: Vec<(&'a str, [String; 4])>,
}

/// A figure as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// What is known exactly, of machines and files.
    Number(u64),
    /// What people did: in fives.
    Count(u64),
    /// No number at all.
    Words(String),
    /// Nothing to be said.
    Nothing,
}

impl Shown {
    /// As it is read on a page.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Number(n) => words::number(*n),
            Self::Count(n) => words::count(*n),
            Self::Words(words) => words.clone(),
            Self::Nothing => "–".to_owned(),
        }
    }
}

/// By how much a figure grew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Now, less before.
    pub difference: i64,
    /// In tenths of a percent of what it was before; `None` if that was nothing.
    pub permille: Option<i64>,
}

impl Change {
    /// From one count to another.
    #[must_use]
    pub fn of(now: u64, before: u64) -> Self {
        let signed = |n: u64| {
            let n = i64::try_from(n).unwrap_or(i64::MAX);
            if now < before { -n } else { n }
        };
        let difference = now.abs_diff(before);
        Self {
            difference: signed(difference),
            permille: words::permille(difference, before).map(signed),
        }
    }

    /// The difference with its sign.
    #[must_use]
    pub fn difference_text(self) -> String {
        format!(
            "{}{}",
            sign(self.difference),
            words::number(self.difference.unsigned_abs())
        )
    }

    /// The percentage with its sign; nothing if there is none.
    #[must_use]
    pub fn percent_text(self) -> String {
        let text = |n: i64| format!("{}{}%", sign(n), words::tenths(n.unsigned_abs()));
        self.permille.map_or_else(|| "–".to_owned(), text)
    }
}

fn sign(n: i64) -> &'static str {
    match n {
        0 => "",
        1.. => "+",
        _ => "-",
    }
}

impl Row {
    /// The change, if both figures are numbers; what was rounded to nothing is none.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        match (&self.now, &self.before) {
            (Shown::Number(now), Shown::Number(before)) | (Shown::Count(now @ 1..), Shown::Count(before @ 1..)) => {
                Some(Change::of(*now, *before))
            }
            _ => None,
        }
    }
}

impl Listing {
    /// Its rows by subject.
    pub fn subjects(&self) -> impl Iterator<Item = &[Row]> {
        self.rows
            .chunk_by(|a, b| !a.value.is_empty() && (&a.subject, &a.title) == (&b.subject, &b.title))
    }

    /// As much of it as a page shows.
    #[must_use]
    pub fn on_page(&self) -> Vec<Group<'_>> {
        self.subjects().take(self.printed).map(Group::of).collect()
    }

    /// How many subjects that leaves to the workbook.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.subjects().count().saturating_sub(self.printed)
    }
}

impl<'a> Group<'a> {
    fn of(rows: &'a [Row]) -> Self {
        let subject = rows.first().filter(|row| !row.value.is_empty());
        let cells = |row: &Row| {
            let change = row.change();
            let or_nothing = |text: fn(Change) -> String| change.map_or_else(|| Shown::Nothing.text(), text);
            [
                row.now.text(),
                row.before.text(),
                or_nothing(Change::difference_text),
                or_nothing(Change::percent_text),
            ]
        };
        let named = |row: &'a Row| if subject.is_some() { &row.value } else { &row.title };
        Self {
            subject: subject.map(|row| row.title.as_str()),
            rows: rows.iter().map(|row| (named(row).as_str(), cells(row))).collect(),
        }
    }
}
