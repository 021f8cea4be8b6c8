//! The words that this commune's texts should and shouldn't use (`style.toml`).
//!
//! Only data: [`super::tables`] reads it, the rules that ask for it are in [`super::wording`], and without the file they are silent. Nothing of it
//! goes into the pack. Begin with [`Style`].

use std::collections::{BTreeMap, BTreeSet};

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
