//! The forms that a word has in the search tables, and how a typed word is looked up in each. Begin with [`Form`].

use std::borrow::Cow;

use super::slips::slip_form;
use crate::content::vietnamese::{fold, normalise};

/// One way to read a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// Without tones.
    pub folded: String,
    /// With the tones typed.
    pub toned: String,
}

impl Reading {
    pub fn of(word: &str) -> Self {
        Self {
            folded: fold(word),
            toned: normalise(word),
        }
    }
}

/// One typed word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueryWord {
    /// As typed, and as Telex if that makes another word.
    pub readings: Vec<Reading>,
}

impl QueryWord {
    /// A word that is meant as it stands.
    pub fn plain(word: &str) -> Self {
        Self {
            readings: vec![Reading::of(word)],
        }
    }
}

/// The forms in which words are looked up, as they stand in the column `form`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Without tones, from everywhere.
    Folded,
    /// With tones, from titles.
    Toned,
    /// As mistaken for others, from everywhere.
    Slip,
}

impl Form {
    pub fn column(self) -> &'static str {
        match self {
            Form::Folded => "folded",
            Form::Toned => "toned",
            Form::Slip => "slip",
        }
    }

    /// A typed word as it is looked up in this form.
    pub fn of(self, reading: &Reading) -> Cow<'_, str> {
        match self {
            Form::Toned => Cow::Borrowed(&reading.toned),
            Form::Folded | Form::Slip => self.of_folded(&reading.folded),
        }
    }

    /// A folded word as it is looked up in this form; with its tones it can't be any more.
    pub fn of_folded(self, folded: &str) -> Cow<'_, str> {
        match self {
            Form::Folded | Form::Toned => Cow::Borrowed(folded),
            Form::Slip => slip_form(folded),
        }
    }
}
