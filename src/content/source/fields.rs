//! Reading TOML so that every fault of a file is found in one run, each with its place and in Vietnamese.
//!
//! A table is read key by key; what nobody asked for is an unknown key. (Serde would stop at the first fault and
//! speak English.) Begin with [`Fields`].

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::commune;
use super::folder::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;

/// A value and where it stands in its file.
#[derive(Debug, Clone, Default)]
pub(super) struct Located<T> {
    pub value: T,
    pub span: Range<usize>,
}

struct Entry<'a> {
    key: Range<usize>,
    value: DeValue<'a>,
    span: Range<usize>,
}

/// A table that is being read. Call [`Fields::finish`] when all keys have been asked for.
pub(super) struct Fields<'a> {
    file: &'a SourceFile,
    /// Where the TOML begins in the file.
    base: usize,
    /// Where the table is named, for what is missing in it.
    head: Range<usize>,
    entries: BTreeMap<String, Entry<'a>>,
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
    pub(super) fn parse(
        file: &'a SourceFile,
        head: Range<usize>,
        range: Range<usize>,
        notes: &mut Notes,
    ) -> Self {
        let (table, errors) = DeTable::parse_recoverable(&file.text[range.clone()]);
        for error in &errors {
            let span = error.span().unwrap_or_default();
            notes.add(syntax_fault(
                file,
                range.start + span.start..range.start + span.end,
                error.message(),
            ));
        }
        let mut fields = Self::of_table(file, range.start, head, table.into_inner());
        fields.broken = !errors.is_empty();
        fields
    }

    fn of_table(file: &'a SourceFile, base: usize, head: Range<usize>, table: DeTable<'a>) -> Self {
        let entries = table
            .into_iter()
            .map(|(key, value)| {
                let entry = Entry {
                    key: shift(base, key.span()),
                    span: shift(base, value.span()),
                    value: value.into_inner(),
                };
                (key.into_inner().into_owned(), entry)
            })
            .collect();
        Self {
            file,
            base,
            head,
            entries,
            asked: Vec::new(),
            broken: false,
        }
    }

    /// Where the table is named.
    pub(super) fn head(&self) -> Range<usize> {
        self.head.clone()
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, notes: &mut Notes) {
        for (key, entry) in &self.entries {
            let message = format!("Không có mục nào tên là \"{key}\"");
            notes.add(
                Fault::error("unknown-key", self.file.place(entry.key.clone()), message).help(
                    format!("Các mục được dùng ở đây: {}.", self.asked.join(", ")),
                ),
            );
        }
    }

    /// Text that must be there.
    pub(super) fn text(&mut self, key: &'static str, notes: &mut Notes) -> Located<String> {
        let text = self.text_that_may_be_empty(key, notes);
        // An empty span stands for a missing key, which has been reported.
        if text.value.is_empty() && !text.span.is_empty() {
            let place = self.file.place(text.span.clone());
            notes.add(Fault::error(
                "empty-text",
                place,
                format!("Mục \"{key}\" không được để trống"),
            ));
        }
        text
    }

    /// Text that must be there, in sentences for residents.
    pub(super) fn prose(&mut self, key: &'static str, notes: &mut Notes) -> String {
        let text = self.text(key, notes);
        notes.check_sentences(self.file, &text.value, |_| text.span.clone());
        text.value
    }

    /// Text whose key must be there.
    pub(super) fn text_that_may_be_empty(
        &mut self,
        key: &'static str,
        notes: &mut Notes,
    ) -> Located<String> {
        match self.required(key, notes) {
            Some(entry) => self.as_text(key, entry, notes),
            None => Located::default(),
        }
    }

    /// Text, or nothing.
    pub(super) fn optional_text(
        &mut self,
        key: &'static str,
        notes: &mut Notes,
    ) -> Located<String> {
        match self.take(key) {
            Some(entry) => self.as_text(key, entry, notes),
            None => Located::default(),
        }
    }

    /// A list of texts that must be there and have at least one.
    pub(super) fn texts(&mut self, key: &'static str, notes: &mut Notes) -> Vec<Located<String>> {
        let Some(entry) = self.required(key, notes) else {
            return Vec::new();
        };
        let span = entry.span.clone();
        let texts = self.as_texts(key, entry, notes);
        if texts.as_ref().is_some_and(Vec::is_empty) {
            let place = self.file.place(span);
            notes.add(Fault::error(
                "empty-text",
                place,
                format!("Danh sách \"{key}\" không được để trống"),
            ));
        }
        texts.unwrap_or_default()
    }

    /// A list of texts, or nothing.
    pub(super) fn optional_texts(
        &mut self,
        key: &'static str,
        notes: &mut Notes,
    ) -> Vec<Located<String>> {
        self.take(key)
            .and_then(|entry| self.as_texts(key, entry, notes))
            .unwrap_or_default()
    }

    /// A list of lists of texts that must be there.
    pub(super) fn lists_of_texts(
        &mut self,
        key: &'static str,
        notes: &mut Notes,
    ) -> Vec<Located<Vec<Located<String>>>> {
        let Some(entry) = self.required(key, notes) else {
            return Vec::new();
        };
        let DeValue::Array(lists) = entry.value else {
            self.wrong_type(
                key,
                entry.span,
                "một danh sách các nhóm, ví dụ [[\"a\", \"b\"]]",
                notes,
            );
            return Vec::new();
        };
        lists
            .into_iter()
            .filter_map(|list| {
                let entry = self.element(list);
                let span = entry.span.clone();
                self.as_texts(key, entry, notes)
                    .map(|value| Located { value, span })
            })
            .collect()
    }

    /// A day that must be there.
    pub(super) fn date(
        &mut self,
        key: &'static str,
        notes: &mut Notes,
    ) -> Option<Located<NaiveDate>> {
        self.required(key, notes)
            .and_then(|entry| self.as_date(key, entry, notes))
    }

    /// A day, or nothing.
    pub(super) fn optional_date(
        &mut self,
        key: &'static str,
        notes: &mut Notes,
    ) -> Option<Located<NaiveDate>> {
        self.take(key)
            .and_then(|entry| self.as_date(key, entry, notes))
    }

    /// A whole number of a range that must be there.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        range: Range<u64>,
        notes: &mut Notes,
    ) -> u64 {
        let Some(entry) = self.required(key, notes) else {
            return range.start;
        };
        self.as_number(key, &entry, &range, notes)
            .unwrap_or(range.start)
    }

    /// A whole number of a range, or nothing.
    pub(super) fn optional_number(
        &mut self,
        key: &'static str,
        range: Range<u64>,
        notes: &mut Notes,
    ) -> Option<u64> {
        self.take(key)
            .and_then(|entry| self.as_number(key, &entry, &range, notes))
    }

    /// One of several words that must be there.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        notes: &mut Notes,
    ) -> Option<T> {
        self.required(key, notes)
            .and_then(|entry| self.as_choice(key, entry, choices, notes))
    }

    /// One of several words, or nothing.
    pub(super) fn optional_choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        notes: &mut Notes,
    ) -> Option<T> {
        self.take(key)
            .and_then(|entry| self.as_choice(key, entry, choices, notes))
    }

    /// Tables that are written as `[[key]]`, in their order; at least one.
    pub(super) fn tables(&mut self, key: &'static str, notes: &mut Notes) -> Vec<Fields<'a>> {
        self.required(key, notes)
            .map(|entry| self.as_tables(key, entry, notes))
            .unwrap_or_default()
    }

    /// Tables that are written as `[[key]]`, in their order, or nothing.
    pub(super) fn optional_tables(
        &mut self,
        key: &'static str,
        notes: &mut Notes,
    ) -> Vec<Fields<'a>> {
        self.take(key)
            .map(|entry| self.as_tables(key, entry, notes))
            .unwrap_or_default()
    }

    fn take(&mut self, key: &'static str) -> Option<Entry<'a>> {
        self.asked.push(key);
        self.entries.remove(key)
    }

    fn required(&mut self, key: &'static str, notes: &mut Notes) -> Option<Entry<'a>> {
        let entry = self.take(key);
        if entry.is_none() && !self.broken {
            let place = self.file.place(self.head.clone());
            notes.add(Fault::error(
                "missing-key",
                place,
                format!("Thiếu mục \"{key}\""),
            ));
        }
        entry
    }

    fn element(&self, value: Spanned<DeValue<'a>>) -> Entry<'a> {
        let span = shift(self.base, value.span());
        Entry {
            key: span.clone(),
            span,
            value: value.into_inner(),
        }
    }

    fn as_text(&self, key: &str, entry: Entry<'a>, notes: &mut Notes) -> Located<String> {
        let DeValue::String(text) = entry.value else {
            self.wrong_type(
                key,
                entry.span,
                "chữ trong dấu ngoặc kép, ví dụ \"abc\"",
                notes,
            );
            return Located::default();
        };
        commune::note_insertions(self.file, entry.span.clone(), notes);
        // One line of text, however it was broken into lines.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Located {
            value: notes.facts.fill(&text),
            span: entry.span,
        }
    }

    fn as_texts(
        &self,
        key: &str,
        entry: Entry<'a>,
        notes: &mut Notes,
    ) -> Option<Vec<Located<String>>> {
        let DeValue::Array(texts) = entry.value else {
            self.wrong_type(
                key,
                entry.span,
                "một danh sách, ví dụ [\"a\", \"b\"]",
                notes,
            );
            return None;
        };
        let mut read = Vec::new();
        for text in texts {
            let text = self.as_text(key, self.element(text), notes);
            if text.value.is_empty() && !text.span.is_empty() {
                let place = self.file.place(text.span.clone());
                notes.add(Fault::error(
                    "empty-text",
                    place,
                    format!("Danh sách \"{key}\" có một mục trống"),
                ));
            }
            read.push(text);
        }
        Some(read)
    }

    fn as_date(
        &self,
        key: &str,
        entry: Entry<'a>,
        notes: &mut Notes,
    ) -> Option<Located<NaiveDate>> {
        let date = entry
            .value
            .as_datetime()
            .and_then(|datetime| datetime.date)
            .and_then(|date| {
                NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
            });
        if date.is_none() {
            self.wrong_type(
                key,
                entry.span.clone(),
                "một ngày không có dấu ngoặc kép, ví dụ 2026-11-22",
                notes,
            );
        }
        date.map(|value| Located {
            value,
            span: entry.span,
        })
    }

    fn as_number(
        &self,
        key: &str,
        entry: &Entry<'a>,
        range: &Range<u64>,
        notes: &mut Notes,
    ) -> Option<u64> {
        let number = entry
            .value
            .as_integer()
            .filter(|number| number.radix() == 10);
        let Some(number) = number else {
            self.wrong_type(
                key,
                entry.span.clone(),
                "một số không có dấu ngoặc kép",
                notes,
            );
            return None;
        };
        let number = number
            .as_str()
            .parse()
            .ok()
            .filter(|number| range.contains(number));
        if number.is_none() {
            let message = format!(
                "Mục \"{key}\" phải từ {} đến {}",
                range.start,
                range.end - 1
            );
            notes.add(Fault::error(
                "wrong-value",
                self.file.place(entry.span.clone()),
                message,
            ));
        }
        number
    }

    fn as_tables(&self, key: &str, entry: Entry<'a>, notes: &mut Notes) -> Vec<Fields<'a>> {
        let DeValue::Array(tables) = entry.value else {
            self.wrong_type(
                key,
                entry.span,
                &format!("các bảng, mỗi bảng mở đầu bằng [[{key}]]"),
                notes,
            );
            return Vec::new();
        };
        let mut read = Vec::new();
        for table in tables {
            let Entry { value, span, .. } = self.element(table);
            if let DeValue::Table(table) = value {
                let mut fields = Self::of_table(self.file, self.base, span, table);
                fields.broken = self.broken;
                read.push(fields);
            } else {
                self.wrong_type(key, span, "một bảng", notes);
            }
        }
        read
    }

    fn as_choice<T: Copy>(
        &self,
        key: &str,
        entry: Entry<'a>,
        choices: &[(&str, T)],
        notes: &mut Notes,
    ) -> Option<T> {
        let text = self.as_text(key, entry, notes);
        let found = choices.iter().find(|(name, _)| *name == text.value);
        if found.is_none() && !text.span.is_empty() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let message = format!("Mục \"{key}\" không thể là \"{}\"", text.value);
            notes.add(
                Fault::error("wrong-value", self.file.place(text.span), message)
                    .help(format!("Chọn một trong các giá trị: {}.", names.join(", "))),
            );
        }
        found.map(|(_, value)| *value)
    }

    fn wrong_type(&self, key: &str, span: Range<usize>, wanted: &str, notes: &mut Notes) {
        let message = format!("Mục \"{key}\" sai kiểu");
        notes.add(
            Fault::error("wrong-type", self.file.place(span), message)
                .help(format!("Ở đây cần {wanted}.")),
        );
    }
}

fn shift(base: usize, span: Range<usize>) -> Range<usize> {
    base + span.start..base + span.end
}

fn syntax_fault(file: &SourceFile, span: Range<usize>, message: &str) -> Fault {
    let fault = |code, text| Fault::error(code, file.place(span.clone()), text);
    if message.starts_with("duplicate key") {
        return fault("duplicate-key", "Mục này được viết hai lần");
    }
    fault("toml-syntax", "Dòng này viết chưa đúng").help(format!(
        "Mỗi dòng có dạng mục = \"chữ\"; hãy xem lại dấu bằng, dấu ngoặc kép, dấu phẩy và dấu ngoặc vuông. ({message})"
    ))
}
