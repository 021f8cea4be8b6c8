//! What the tone keys and letter keys of the on-screen keyboard do.
//!
//! The tone belongs to the syllable being typed, not to a letter: a key may be touched at any moment, and the tone moves
//! to its letter as more letters come. Begin with [`put_tone()`].

use unicode_normalization::char::is_combining_mark;

use super::syllable::{Spelling, Tone};

/// Sets the tone of the last syllable; the same tone again removes it, another replaces it.
///
/// [`Tone::Ngang`] removes any tone. A text that ends in no letter, or in a word without a vowel, stays as it is.
#[must_use]
pub fn put_tone(text: &str, tone: Tone) -> String {
    let (before, word) = last_word(text);
    match Spelling::of(word).filter(Spelling::has_vowel) {
        Some(spelling) => {
            let tone = if spelling.tone == tone { Tone::Ngang } else { tone };
            format!("{before}{}", Spelling { tone, ..spelling }.written())
        }
        None => text.to_owned(),
    }
}

/// Appends a letter and moves the tone of the syllable to where it now belongs: `gí` and `a` make `giá`.
#[must_use]
pub fn add_letter(text: &str, letter: char) -> String {
    let longer = format!("{text}{letter}");
    let (before, word) = last_word(&longer);
    match Spelling::of(word).filter(Spelling::is_beginning) {
        Some(spelling) => format!("{before}{}", spelling.written()),
        None => longer,
    }
}

/// Splits off the letters at the end of a text.
fn last_word(text: &str) -> (&str, &str) {
    let start = text
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_alphabetic() || is_combining_mark(c))
        .last()
        .map_or(text.len(), |(index, _)| index);
    text.split_at(start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::super::syllable::all_syllables;
    use super::*;

    #[test]
    fn the_tone_goes_to_the_letter_of_the_new_style() {
        let keys = [
            ("hoa", Tone::Huyen, "hoà"),
            ("thuy", Tone::Hoi, "thuỷ"),
            ("khoe", Tone::Hoi, "khoẻ"),
            ("toan", Tone::Huyen, "toàn"),
            ("quy", Tone::Sac, "quý"),
            ("giư", Tone::Nga, "giữ"),
            ("gi", Tone::Huyen, "gì"),
            ("Đăng ky", Tone::Sac, "Đăng ký"),
            ("BĂNG", Tone::Huyen, "BẰNG"),
        ];
        for (typed, tone, expected) in keys {
            assert_eq!(put_tone(typed, tone), expected);
        }
    }

    #[test]
    fn a_second_touch_removes_and_another_tone_replaces() {
        assert_eq!(put_tone("bằng", Tone::Huyen), "băng");
        assert_eq!(put_tone("bằng", Tone::Nang), "bặng");
        assert_eq!(put_tone("bằng", Tone::Ngang), "băng");
    }

    #[test]
    fn where_there_is_no_syllable_nothing_happens() {
        for typed in ["", "bằng ", "qr", "mức 2", "Привет"] {
            assert_eq!(put_tone(typed, Tone::Sac), typed);
        }
    }

    #[test]
    fn the_tone_moves_as_letters_follow() {
        assert_eq!(add_letter("gí", 'a'), "giá");
        assert_eq!(add_letter("thủ", 'y'), "thuỷ");
        assert_eq!(add_letter("hoà ", 'n'), "hoà n");
        assert_eq!(add_letter("wì", 'f'), "wìf", "a foreign word is left alone");
    }

    #[test]
    fn every_syllable_can_be_typed_with_tone_keys() {
        for spelling in all_syllables() {
            let toneless = Spelling {
                tone: Tone::Ngang,
                ..spelling.clone()
            }
            .written();
            assert_eq!(put_tone(&toneless, spelling.tone), spelling.written());
            assert_eq!(put_tone(&spelling.written(), spelling.tone), toneless);
        }
    }

    #[test]
    fn every_syllable_can_be_typed_with_the_tone_at_any_moment() {
        for spelling in all_syllables() {
            let letters: Vec<char> = spelling.letters.iter().map(|letter| letter.shape).collect();
            for moment in 1..=letters.len() {
                let start: String = letters[..moment].iter().collect();
                let Some(true) = Spelling::of(&start).map(|start| start.has_vowel()) else {
                    continue;
                };
                let typed = letters[moment..]
                    .iter()
                    .fold(put_tone(&start, spelling.tone), |text, &c| add_letter(&text, c));
                assert_eq!(typed, spelling.written());
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_takes_a_tone_and_hardly_grows(text in any::<String>(), which in 0..5_usize) {
            let composed: String = text.nfc().collect();
            let toned = put_tone(&composed, Tone::MARKED[which]);
            prop_assert!(toned.chars().count() <= composed.chars().count());
            prop_assert!(toned.len() <= composed.len() + 2);
        }

        #[test]
        fn any_text_takes_a_letter(text in any::<String>(), letter in any::<char>()) {
            prop_assert!(add_letter(&text, letter).len() <= text.len() + letter.len_utf8() + 2);
        }
    }
}
