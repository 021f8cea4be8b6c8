//! Reads the facts of the commune (`commune.toml`). Begin with [`read`].

use super::facts::{Facts, KEYS};
use super::fields::Fields;
use super::file::SourceFile;
use super::notes::Notes;

/// Reads `commune.toml`.
pub(super) fn read(file: &SourceFile, notes: &mut Notes) {
    let mut fields = Fields::of_file(file, notes);
    let mut facts = Facts::default();
    for key in KEYS {
        let value = fields.text_that_may_be_empty(key, notes);
        facts.places.insert(key.to_owned(), file.place(value.span));
        facts.values.insert(key.to_owned(), value.value);
    }
    fields.finish(notes);
    notes.facts = facts;
}
