//! Reading TOML so that every fault of a file is found in one run, each with its place and in Vietnamese.
//!
//! A table is read key by key; what nobody asked for is an unknown key. (Serde would stop at the first fault and
//! speak English.) Begin with [`Fields`].

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use toml::de::{DeTable, DeValue};

use super::file::SourceFile;
use super::notes::Notes;
pub(super) use super::values::Located;
use super::values::Values;
use super::{lengths, syntax, wording};
use crate::content::faults::Fault;

/// A table that is being read. Call [`Fields::finish`] when all keys have been asked for.
pub(super) struct Fields<'a> {
    values: Values<'a>,
    /// Where the table is named, for what is missing in it.
    head: Range<usize>,
    /// What hasn't been asked for yet: place of the key, and value.
    entries: BTreeMap<String, (Range<usize>, Located<DeValue<'a>>)>,
    asked: Vec<&'static str>,
    /// A table with broken syntax has lost keys; don't report them as missing.
    broken: bool,
}

impl<'a> Fields<'a> {
    /// Reads a file that is all TOML.
    pub(super) fn of_file(file: &'a SourceFile, notes: &mut Notes) -> Self {
        let head = 0..file.text.find('\n').unwrap_or(file.text.len());
        Self::parse(file, head, 0..file.text.len(), notes)
    }

    /// Reads the part of a file that is TOML; `head` is shown for what is missing in it.
    pub(super) fn parse(file: &'a SourceFile, head: Range<usize>, range: Range<usize>, notes: &mut Notes) -> Self {
        let base = range.start;
        let (table, errors) = DeTable::parse_recoverable(&file.text[range]);
        let mut said = None;
        let mut is_headless = false;
        for error in &errors {
            let span = error.span().unwrap_or_default();
            let span = base + span.start..base + span.end;
            is_headless |= syntax::is_heading_twice(file, &span, error.message());
            // What stands under a heading that lacks brackets is taken for more of the table before it.
            if is_headless && syntax::is_twice(error.message()) {
                continue;
            }
            // A line that reads well by itself only suffers from what is open above it.
            if said.is_some() && !syntax::is_twice(error.message()) && syntax::reads_alone(file, span.start) {
                continue;
            }
            let fault = syntax::fault(file, span, error.message());
            // What comes after it in the same line comes of it.
            if said != Some(fault.place.line) {
                said = Some(fault.place.line);
                notes.add(fault);
            }
        }
        if !errors.is_empty() {
            notes.half_read.insert(file.name.clone());
        }
        let values = Values { file, base };
        Self::of_table(values, head, table.into_inner(), !errors.is_empty())
    }

    fn of_table(values: Values<'a>, head: Range<usize>, table: DeTable<'a>, broken: bool) -> Self {
        let entries = table
            .into_iter()
            .map(|(key, value)| {
                let key = values.locate(key);
                (key.value.into_owned(), (key.span, values.locate(value)))
            })
            .collect();
        Self {
            values,
            head,
            entries,
            asked: Vec::new(),
            broken,
        }
    }

    /// Where the table is named.
    pub(super) fn head(&self) -> Range<usize> {
        self.head.clone()
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, notes: &mut Notes) {
        for (key, (span, _)) in &self.entries {
            let message = format!("Không có mục nào tên là \"{key}\"");
            let help = format!("Các mục được dùng ở đây: {}.", self.asked.join(", "));
            let place = self.values.file.place(span.clone());
            notes.add(Fault::error("unknown-key", place, message).help(help));
        }
    }

    /// Text that must be there.
    pub(super) fn text(&mut self, key: &'static str, notes: &mut Notes) -> Located<String> {
        let text = self.text_that_may_be_empty(key, notes);
        // An empty span stands for a missing key, which has been reported.
        if text.value.is_empty() && !text.span.is_empty() {
            let place = self.values.file.place(text.span.clone());
            let message = format!("Mục \"{key}\" không được để trống");
            notes.add(Fault::error("empty-text", place, message));
        }
        text
    }

    /// Text that must be there, in sentences for residents.
    pub(super) fn prose(&mut self, key: &'static str, notes: &mut Notes) -> String {
        let text = self.text(key, notes);
        self.check_prose(&text, notes);
        text.value
    }

    /// Sentences for residents, or nothing.
    pub(super) fn optional_prose(&mut self, key: &'static str, notes: &mut Notes) -> String {
        let text = self.optional_text(key, notes);
        self.check_prose(&text, notes);
        text.value
    }

    /// The title of something that residents see.
    pub(super) fn title(&mut self, notes: &mut Notes) -> String {
        let title = self.text("title", notes);
        self.check_wording(&title, notes);
        lengths::check_title(self.values.file, "title", &title, notes);
        title.value
    }

    /// The same in another language, or nothing.
    pub(super) fn optional_title(&mut self, key: &'static str, notes: &mut Notes) -> String {
        let title = self.optional_text(key, notes);
        lengths::check_title(self.values.file, key, &title, notes);
        title.value
    }

    /// The line that stands under a title.
    pub(super) fn summary(&mut self, notes: &mut Notes) -> String {
        let line = self.text("summary", notes);
        self.check_prose(&line, notes);
        lengths::check_line(self.values.file, "summary", &line, notes);
        line.value
    }

    /// The same where it may be missing.
    pub(super) fn optional_summary(&mut self, notes: &mut Notes) -> String {
        let line = self.optional_text("summary", notes);
        self.check_prose(&line, notes);
        lengths::check_line(self.values.file, "summary", &line, notes);
        line.value
    }

    /// A line as short as a summary whose words nobody judges, or nothing.
    pub(super) fn optional_line(&mut self, key: &'static str, notes: &mut Notes) -> String {
        let line = self.optional_text(key, notes);
        lengths::check_line(self.values.file, key, &line, notes);
        line.value
    }

    /// A list of a few words each for residents that must be there and have at least one.
    pub(super) fn phrases(&mut self, key: &'static str, notes: &mut Notes) -> Vec<Located<String>> {
        let texts = self.texts(key, notes);
        for text in &texts {
            self.check_wording(text, notes);
        }
        texts
    }

    /// A telephone number, or nothing.
    pub(super) fn optional_phone(&mut self, key: &'static str, notes: &mut Notes) -> String {
        let text = self.optional_text(key, notes);
        let file = self.values.file;
        wording::check_phone(
            file,
            &text.value,
            |range| file.find(&text.value[range], &text.span),
            notes,
        );
        text.value
    }

    fn check_prose(&self, text: &Located<String>, notes: &mut Notes) {
        let file = self.values.file;
        let span = |range| file.find(&text.value[range], &text.span);
        wording::check_prose(file, &text.value, span, notes);
    }

    fn check_wording(&self, text: &Located<String>, notes: &mut Notes) {
        let file = self.values.file;
        wording::check(
            file,
            &text.value,
            |range| file.find(&text.value[range], &text.span),
            notes,
        );
    }

    /// Text whose key must be there.
    pub(super) fn text_that_may_be_empty(&mut self, key: &'static str, notes: &mut Notes) -> Located<String> {
        match self.required(key, notes) {
            Some(found) => self.values.text(key, found, notes),
            None => Located::default(),
        }
    }

    /// Text, or nothing.
    pub(super) fn optional_text(&mut self, key: &'static str, notes: &mut Notes) -> Located<String> {
        match self.take(key) {
            Some(found) => self.values.text(key, found, notes),
            None => Located::default(),
        }
    }

    /// A list of texts that must be there and have at least one.
    pub(super) fn texts(&mut self, key: &'static str, notes: &mut Notes) -> Vec<Located<String>> {
        let Some(found) = self.required(key, notes) else {
            return Vec::new();
        };
        let span = found.span.clone();
        let texts = self.values.texts(key, found, notes);
        if texts.as_ref().is_some_and(Vec::is_empty) {
            let place = self.values.file.place(span);
            let message = format!("Danh sách \"{key}\" không được để trống");
            notes.add(Fault::error("empty-text", place, message));
        }
        texts.unwrap_or_default()
    }

    /// A list of texts, or nothing.
    pub(super) fn optional_texts(&mut self, key: &'static str, notes: &mut Notes) -> Vec<Located<String>> {
        let found = self.take(key);
        let texts = found.and_then(|found| self.values.texts(key, found, notes));
        texts.unwrap_or_default()
    }

    /// A table from the author's own keys to texts, or nothing.
    pub(super) fn optional_table_of_texts(
        &mut self,
        key: &'static str,
        notes: &mut Notes,
    ) -> Vec<(Located<String>, Located<String>)> {
        let Some(Located { value, span }) = self.take(key) else {
            return Vec::new();
        };
        let DeValue::Table(table) = value else {
            let wanted = format!("một bảng, mở đầu bằng [{key}]");
            self.values.wrong_type(key, span, &wanted, notes);
            return Vec::new();
        };
        let entries = table.into_iter().map(|(key, value)| {
            let Located { value: key, span } = self.values.locate(key);
            (key.into_owned(), (span, self.values.locate(value)))
        });
        texts_of(self.values, entries, notes)
    }

    /// All of a table whose keys are the author's own.
    pub(super) fn into_texts(self, notes: &mut Notes) -> Vec<(Located<String>, Located<String>)> {
        texts_of(self.values, self.entries, notes)
    }

    /// A list of lists of texts that must be there.
    pub(super) fn lists_of_texts(
        &mut self,
        key: &'static str,
        notes: &mut Notes,
    ) -> Vec<Located<Vec<Located<String>>>> {
        let wanted = "một danh sách các nhóm, ví dụ [[\"a\", \"b\"]]";
        let found = self.required(key, notes);
        let lists = found.and_then(|found| self.values.array(key, found, wanted, notes));
        let read = lists.into_iter().flatten().filter_map(|list| {
            let span = list.span.clone();
            let value = self.values.texts(key, list, notes)?;
            Some(Located { value, span })
        });
        read.collect()
    }

    /// A day that must be there.
    pub(super) fn date(&mut self, key: &'static str, notes: &mut Notes) -> Option<Located<NaiveDate>> {
        let found = self.required(key, notes)?;
        self.values.date(key, found, notes)
    }

    /// A day, or nothing.
    pub(super) fn optional_date(&mut self, key: &'static str, notes: &mut Notes) -> Option<Located<NaiveDate>> {
        let found = self.take(key)?;
        self.values.date(key, found, notes)
    }

    /// A whole number of a range that must be there.
    pub(super) fn number(&mut self, key: &'static str, range: Range<u64>, notes: &mut Notes) -> u64 {
        let found = self.required(key, notes);
        let number = found.and_then(|found| self.values.number(key, found, &range, notes));
        number.unwrap_or(range.start)
    }

    /// A whole number of a range, or nothing.
    pub(super) fn optional_number(&mut self, key: &'static str, range: Range<u64>, notes: &mut Notes) -> Option<u64> {
        let found = self.take(key)?;
        self.values.number(key, found, &range, notes)
    }

    /// A list of whole numbers of a range, or nothing.
    pub(super) fn optional_numbers(
        &mut self,
        key: &'static str,
        range: &Range<u64>,
        notes: &mut Notes,
    ) -> Vec<Located<u64>> {
        let found = self.take(key);
        let list = found.and_then(|found| self.values.array(key, found, "một danh sách số, ví dụ [0, 12]", notes));
        let numbers = list.into_iter().flatten().filter_map(|found| {
            let span = found.span.clone();
            let value = self.values.number(key, found, range, notes)?;
            Some(Located { value, span })
        });
        numbers.collect()
    }

    /// Yes or no; no if it isn't there.
    pub(super) fn optional_flag(&mut self, key: &'static str, notes: &mut Notes) -> bool {
        let found = self.take(key);
        found.is_some_and(|found| self.values.flag(key, found, notes))
    }

    /// One of several words that must be there.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)], notes: &mut Notes) -> Option<T> {
        let found = self.required(key, notes)?;
        self.values.choice(key, found, choices, notes)
    }

    /// One of several words, or nothing.
    pub(super) fn optional_choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        notes: &mut Notes,
    ) -> Option<T> {
        let found = self.take(key)?;
        self.values.choice(key, found, choices, notes)
    }

    /// A table that is written as `[key]` and must be there.
    pub(super) fn table(&mut self, key: &'static str, notes: &mut Notes) -> Option<Fields<'a>> {
        let Located { value, span } = self.required(key, notes)?;
        if let DeValue::Table(table) = value {
            return Some(Self::of_table(self.values, span, table, self.broken));
        }
        let wanted = format!("một bảng, mở đầu bằng [{key}]");
        self.values.wrong_type(key, span, &wanted, notes);
        None
    }

    /// Tables that are written as `[[key]]`, in their order; at least one.
    pub(super) fn tables(&mut self, key: &'static str, notes: &mut Notes) -> Vec<Fields<'a>> {
        let found = self.required(key, notes);
        self.as_tables(key, found, notes)
    }

    /// Tables that are written as `[[key]]`, in their order, or nothing.
    pub(super) fn optional_tables(&mut self, key: &'static str, notes: &mut Notes) -> Vec<Fields<'a>> {
        let found = self.take(key);
        self.as_tables(key, found, notes)
    }

    fn as_tables(&self, key: &str, found: Option<Located<DeValue<'a>>>, notes: &mut Notes) -> Vec<Fields<'a>> {
        let wanted = format!("các bảng, mỗi bảng mở đầu bằng [[{key}]]");
        let tables = found.and_then(|found| self.values.array(key, found, &wanted, notes));
        let read = tables.into_iter().flatten().filter_map(|table| {
            let Located { value, span } = table;
            if let DeValue::Table(table) = value {
                return Some(Self::of_table(self.values, span, table, self.broken));
            }
            self.values.wrong_type(key, span, &wanted, notes);
            None
        });
        read.collect()
    }

    fn take(&mut self, key: &'static str) -> Option<Located<DeValue<'a>>> {
        self.asked.push(key);
        self.entries.remove(key).map(|(_, found)| found)
    }

    fn required(&mut self, key: &'static str, notes: &mut Notes) -> Option<Located<DeValue<'a>>> {
        let found = self.take(key);
        if found.is_none() && !self.broken {
            let place = self.values.file.place(self.head.clone());
            let message = format!("Thiếu mục \"{key}\"");
            notes.add(Fault::error("missing-key", place, message));
        }
        found
    }
}

/// Texts under the author's own keys.
fn texts_of<'a>(
    values: Values<'a>,
    entries: impl IntoIterator<Item = (String, (Range<usize>, Located<DeValue<'a>>))>,
    notes: &mut Notes,
) -> Vec<(Located<String>, Located<String>)> {
    let read = entries.into_iter().map(|(value, (span, found))| {
        let text = values.text(&value, found, notes);
        if text.value.is_empty() && !text.span.is_empty() {
            let place = values.file.place(text.span.clone());
            let message = format!("Mục \"{value}\" không được để trống");
            notes.add(Fault::error("empty-text", place, message));
        }
        (Located { value, span }, text)
    });
    read.collect()
}
