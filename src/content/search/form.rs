//! The forms that a word has in the search tables, and how a typed word is looked up in each. Begin with [`Form`].

use std::borrow::Cow;

use super::slips::slip_form;
use crate::content::vietnamese::syllable::{Letter, Spelling, is_vowel};
use crate::content::vietnamese::{Tone, fold, normalise};

/// One way to read a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// Without tones.
    pub folded: String,
    /// With the tones typed.
    pub toned: String,
    /// Taken apart, if any marks were typed: only these can say that another word was meant.
    marks: Option<Spelling>,
}

impl Reading {
    pub fn of(word: &str) -> Self {
        let marks = Spelling::of(word).filter(|spelling| {
            spelling.tone != Tone::Ngang || spelling.letters.iter().any(|letter| !letter.shape.is_ascii())
        });
        Self {
            folded: fold(word),
            toned: normalise(word),
            marks,
        }
    }

    /// The same of a word in Telex: who sees letters instead of marks doesn't see either when a mark is wrong, so they say nothing.
    pub fn in_telex(word: &str) -> Self {
        Self {
            marks: None,
            ..Self::of(word)
        }
    }

    /// Whether a whole syllable was typed, with marks: more letters may follow, but it says something as it stands.
    pub fn is_marked_syllable(&self) -> bool {
        self.marks.as_ref().is_some_and(Spelling::is_syllable)
    }

    /// Whether the marks that were typed can be those of a word of the content that has the same letters, or sounds alike.
    ///
    /// People leave marks out, so a letter without any stands for those with, and a word without a tone for those with one. What was typed has
    /// to be there. Only hỏi and ngã are one, and ă and â, because many say them alike.
    pub fn agrees(&self, written: &str) -> bool {
        let Some(typed) = &self.marks else {
            return true;
        };
        let Some(written) = Spelling::of(written) else {
            return true;
        };
        let toned = typed.tone != Tone::Ngang;
        let as_heard = |tone| if tone == Tone::Nga { Tone::Hoi } else { tone };
        if toned && as_heard(typed.tone) != as_heard(written.tone) {
            return false;
        }
        // Onsets are compared by their forms; of them, only đ is a mark.
        let has_bar = |spelling: &Spelling| spelling.letters.first().is_some_and(|letter| letter.shape == 'đ');
        if has_bar(typed) && !has_bar(&written) {
            return false;
        }
        let start = rime_start(&typed.letters);
        // The letter under a typed tone isn't one without mark: "trọ" is not "trợ". But áu and áy are often written for ấu and ấy.
        let carrier = typed.tone_carrier().filter(|carrier| {
            let next = typed.letters.get(carrier + 1).map(|letter| letter.shape);
            toned && !(typed.letters[*carrier].shape == 'a' && matches!(next, Some('u' | 'y')))
        });
        let pairs = typed.letters[start..]
            .iter()
            .zip(&written.letters[rime_start(&written.letters)..]);
        pairs.enumerate().all(|(index, (typed, written))| {
            let is_plain = typed.shape.is_ascii() && carrier != Some(start + index);
            let as_heard = |shape| if shape == 'ă' { 'â' } else { shape };
            is_plain || as_heard(typed.shape) == as_heard(written.shape)
        })
    }
}

/// Where the letters behind the onset begin; the i of `giá` belongs to that.
fn rime_start(letters: &[Letter]) -> usize {
    let vowel_at = |index: usize| letters.get(index).is_some_and(|letter| is_vowel(letter.shape));
    match letters {
        [g, i, ..] if g.shape == 'g' && i.shape == 'i' && vowel_at(2) => 2,
        _ => (0..letters.len())
            .find(|&index| vowel_at(index))
            .unwrap_or(letters.len()),
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

    /// Whether it was typed with marks, which may say that another word was meant.
    pub fn has_marks(&self) -> bool {
        self.readings.iter().any(|reading| reading.marks.is_some())
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
