//! One way to write the same word, tones kept.
//!
//! `hòa` and `hoà` are the same word in the old and the new tone placement; both become `hoà`. Only tone placement, case
//! and Unicode form are touched: `kỹ` and `kĩ` stay two spellings (the synonyms join them).

use unicode_normalization::UnicodeNormalization;

use super::fold::words;
use super::syllable::Spelling;

/// NFC, lower case, and each syllable's tone on the letter where the new style puts it.
///
/// What is not a Vietnamese syllable is only composed and lowered; spaces and punctuation stay.
#[must_use]
pub fn normalise(text: &str) -> String {
    // Letter by letter, for the same reason as in folding.
    let lower: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
    let mut normal = String::with_capacity(lower.len());
    let mut copied = 0;
    for word in words(&lower) {
        normal.push_str(&lower[copied..word.range.start]);
        match Spelling::of(word.text).filter(Spelling::is_syllable) {
            Some(spelling) => normal.push_str(&spelling.written()),
            None => normal.push_str(word.text),
        }
        copied = word.range.end;
    }
    normal.push_str(&lower[copied..]);
    normal
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold::fold;
    use super::super::syllable::all_syllables;
    use super::*;

    #[test]
    fn old_and_new_tone_placement_are_one() {
        let pairs = [
            ("Hòa", "hoà"),
            ("thủy", "thuỷ"),
            ("khỏe", "khoẻ"),
            ("qúy", "quý"),
            ("gỉa", "giả"),
            ("Ủy", "uỷ"),
            ("hòan", "hoàn"),
        ];
        for (old, new) in pairs {
            assert_eq!(normalise(old), new);
        }
    }

    #[test]
    fn tones_that_differ_stay_apart() {
        assert_ne!(normalise("bán"), normalise("bạn"));
        assert_eq!(normalise("Đăng ký, VNeID!"), "đăng ký, vneid!");
    }

    #[test]
    fn every_syllable_is_already_normal() {
        for spelling in all_syllables() {
            let word = spelling.written();
            assert_eq!(normalise(&word), word);
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in any::<String>()) {
            prop_assert_eq!(normalise(&normalise(&text)), normalise(&text));
        }

        #[test]
        fn normalising_changes_nothing_that_folding_keeps(text in any::<String>()) {
            prop_assert_eq!(fold(&normalise(&text)), fold(&text));
        }

        #[test]
        fn both_unicode_forms_are_one(text in any::<String>()) {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(normalise(&decomposed), normalise(&text));
        }
    }
}
