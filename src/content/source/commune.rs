//! Reads the facts of the commune (`commune.toml`). Begin with [`read`].

use super::facts::{ALWAYS, Facts, KEYS};
use super::fields::Fields;
use super::file::SourceFile;
use super::links;
use super::notes::Notes;

/// Reads `commune.toml`.
pub(super) fn read(file: &SourceFile, notes: &mut Notes) {
    let mut fields = Fields::of_file(file, notes);
    let mut facts = Facts::default();
    for (at, key) in KEYS.into_iter().enumerate() {
        let value = if at < ALWAYS {
            fields.text_that_may_be_empty(key, notes)
        } else {
            fields.optional_text(key, notes)
        };
        if key == "site" {
            links::check_site(file, &value, notes);
        }
        facts.places.insert(key.to_owned(), file.place(value.span));
        facts.values.insert(key.to_owned(), value.value);
    }
    fields.finish(notes);
    notes.facts = facts;
}
