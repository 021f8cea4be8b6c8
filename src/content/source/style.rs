//! The words that this commune's texts should and shouldn't use (`style.toml`).
//!
//! Only data: the rules that ask for it are in [`super::wording`], and without the file they are silent. Nothing of it
//! goes into the pack. Begin with [`Style`].

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Fields, Located};
use super::folder::SourceFile;
use super::notes::Notes;
use super::{phones, wording};
use crate::content::faults::Fault;

/// What `style.toml` says. An empty list says nothing, so that its rule is silent.
#[derive(Debug, Default)]
pub(super) struct Style {
    /// Full words by abbreviation.
    pub abbreviations: BTreeMap<String, String>,
    /// Abbreviations that everybody knows.
    pub plain_abbreviations: BTreeSet<String>,
    pub outdated: Vec<Outdated>,
    /// Digits only.
    pub phones: BTreeSet<String>,
}

/// A term that was right once.
#[derive(Debug)]
pub(super) struct Outdated {
    pub term: String,
    pub instead: String,
}

impl Style {
    /// Whether an abbreviation stands in one of the lists.
    pub(super) fn lists(&self, abbreviation: &str) -> bool {
        self.abbreviations.contains_key(abbreviation) || self.plain_abbreviations.contains(abbreviation)
    }
}

/// Reads `style.toml`.
pub(super) fn read(file: &SourceFile, notes: &mut Notes) {
    let mut fields = Fields::of_file(file, notes);
    let mut style = Style::default();
    for (key, full) in fields.optional_table_of_texts("abbreviations", notes) {
        check_abbreviation(file, &key, notes);
        style.abbreviations.insert(key.value, full.value);
    }
    for plain in fields.optional_texts("plain_abbreviations", notes) {
        check_abbreviation(file, &plain, notes);
        style.plain_abbreviations.insert(plain.value);
    }
    for mut outdated in fields.optional_tables("outdated", notes) {
        let term = outdated.text("term", notes).value;
        let instead = outdated.text("instead", notes).value;
        outdated.finish(notes);
        if !term.is_empty() {
            style.outdated.push(Outdated { term, instead });
        }
    }
    for phone in fields.optional_texts("phones", notes) {
        let digits = phones::digits(&phone.value);
        if digits.len() < 3 && !phone.value.is_empty() {
            let message = format!("\"{}\" không phải là số điện thoại", phone.value);
            notes.add(Fault::error("wrong-value", file.place(phone.span), message));
        }
        style.phones.insert(digits);
    }
    fields.finish(notes);
    notes.style = style;
}

/// An entry that no text could match would do nothing in silence.
fn check_abbreviation(file: &SourceFile, entry: &Located<String>, notes: &mut Notes) {
    if !wording::is_capitals(&entry.value) && !entry.value.is_empty() {
        let message = format!("\"{}\" không phải là chữ viết tắt", entry.value);
        let fault = Fault::error("wrong-value", file.place(entry.span.clone()), message);
        notes.add(fault.help("Chữ viết tắt gồm từ hai chữ cái viết hoa trở lên, ví dụ BHYT."));
    }
}
