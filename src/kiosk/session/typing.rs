//! The words in the search field: letters come in one at a time, tone keys change the last word.
//!
//! The text lives in memory for the length of the visit and goes nowhere else.

pub use crate::content::vietnamese::Tone;
use crate::content::vietnamese::{add_letter, put_tone};

/// The longest text that is taken, in characters; search looks at no more.
pub const LONGEST: usize = 64;

/// What has been typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed(String);

impl Typed {
    /// Adds a letter, digit or space; two spaces in a row, a space at the start and letters past [`LONGEST`] are dropped.
    pub fn push(&mut self, letter: char) {
        let idle_space = letter == ' ' && (self.0.is_empty() || self.0.ends_with(' '));
        if !idle_space && !letter.is_control() && self.0.chars().count() < LONGEST {
            self.0 = add_letter(&self.0, letter);
        }
    }

    /// Puts a tone on the last word, replaces the one it has, or takes it away again.
    pub fn tone(&mut self, tone: Tone) {
        self.0 = put_tone(&self.0, tone);
    }

    /// Takes the last letter back.
    pub fn erase(&mut self) {
        self.0.pop();
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The text as it stands.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Typed {
        let mut typed = Typed::default();
        keys.chars().for_each(|key| typed.push(key));
        typed
    }

    #[test]
    fn a_tone_key_changes_the_last_word_only() {
        let mut text = typed("bang lai");
        text.tone(Tone::Sac);
        assert_eq!(text.as_str(), "bang lái");
    }

    #[test]
    fn a_tone_typed_early_moves_to_its_place_as_the_word_grows() {
        let mut text = typed("hoa");
        text.tone(Tone::Sac);
        text.push('n');
        assert_eq!(text.as_str(), "hoán");
    }

    #[test]
    fn spaces_in_a_row_and_endless_typing_are_dropped() {
        assert_eq!(typed("  a  b ").as_str(), "a b ");
        assert_eq!(typed(&"a".repeat(1_000)).as_str().len(), LONGEST);
    }

    #[test]
    fn a_tone_key_with_nothing_typed_does_nothing() {
        let mut text = typed("");
        text.tone(Tone::Sac);
        text.erase();
        assert_eq!(text.as_str(), "");
    }
}
