//! Folding: the form in which text is compared when tones don't count.
//!
//! `Đổi giấy phép` and `doi giay phep` fold to the same. Begin with [`fold()`]; [`words()`] finds the same words with
//! their places in the original, so that a hit can be marked where it stands.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Lower case, no marks, `d` for `đ`, and words parted by single spaces with no punctuation left.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in words(text) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        fold_word_onto(word.text, &mut folded);
    }
    folded
}

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// As it is written in the original.
    pub text: &'a str,
    /// Its bytes in the original.
    pub range: Range<usize>,
}

/// The words of a text: unbroken letters and digits, with any marks that belong to them.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut position = 0;
    std::iter::from_fn(move || {
        let start = position + text[position..].find(begins_word)?;
        let length = text[start..].find(|c| !continues_word(c)).unwrap_or(text.len() - start);
        position = start + length;
        Some(Word {
            text: &text[start..position],
            range: start..position,
        })
    })
}

/// Appends the folded form of one word of [`words()`].
fn fold_word_onto(word: &str, folded: &mut String) {
    let start = folded.len();
    for c in word.chars() {
        let Some(base) = vietnamese_base(c) else {
            // Something else stands in this word; the long way gives the same for everything above.
            folded.truncate(start);
            return fold_any_word_onto(word, folded);
        };
        folded.push(base);
    }
}

/// The folded form of the precomposed letters and the digits of Vietnamese: a hundred times faster than asking Unicode,
/// and search folds the words of every hit between two keys.
fn vietnamese_base(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' | 'a'..='z' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        'À'..='Ã' | 'à'..='ã' | 'Ă' | 'ă' | 'Ạ'..='ặ' => 'a',
        'Đ' | 'đ' => 'd',
        'È'..='Ê' | 'è'..='ê' | 'Ẹ'..='ệ' => 'e',
        'Ì' | 'Í' | 'ì' | 'í' | 'Ĩ' | 'ĩ' | 'Ỉ'..='ị' => 'i',
        'Ò'..='Õ' | 'ò'..='õ' | 'Ơ' | 'ơ' | 'Ọ'..='ợ' => 'o',
        'Ù' | 'Ú' | 'ù' | 'ú' | 'Ũ' | 'ũ' | 'Ư' | 'ư' | 'Ụ'..='ự' => 'u',
        'Ý' | 'ý' | 'Ỳ'..='ỹ' => 'y',
        _ => return None,
    })
}

fn fold_any_word_onto(word: &str, folded: &mut String) {
    // Each letter is lowered by itself: `str::to_lowercase` looks at neighbours (Greek final sigma), and neighbours differ
    // between the composed and the decomposed form.
    for lower in word.nfc().flat_map(char::to_lowercase) {
        decompose_canonical(lower, |part| {
            if !is_combining_mark(part) {
                // Đ has no decomposition, so it has to be named.
                folded.push(if part == 'đ' { 'd' } else { part });
            }
        });
    }
}

fn begins_word(c: char) -> bool {
    vietnamese_base(c).is_some() || (!c.is_ascii() && c.is_alphanumeric() && !is_combining_mark(c))
}

fn continues_word(c: char) -> bool {
    vietnamese_base(c).is_some() || (!c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::syllable::all_syllables;
    use super::*;

    #[test]
    fn marks_case_and_punctuation_disappear() {
        assert_eq!(fold("Đổi giấy phép lái xe (bằng lái)"), "doi giay phep lai xe bang lai");
        assert_eq!(fold("  THƯỜNG  TRÚ, tạm trú! "), "thuong tru tam tru");
        assert_eq!(fold("QĐ 749/QĐ-TTg"), "qd 749 qd ttg");
        assert_eq!(fold("…"), "");
    }

    #[test]
    fn decomposed_letters_fold_like_composed_ones() {
        assert_eq!(fold("ba\u{306}\u{300}ng"), fold("bằng"));
        assert_eq!(fold("\u{301}"), "", "a mark on nothing is nothing");
    }

    #[test]
    fn the_short_way_and_the_long_way_agree() {
        for c in ('\0'..='\u{2fff}').filter(|&c| vietnamese_base(c).is_some()) {
            let mut long_way = String::new();
            fold_any_word_onto(&c.to_string(), &mut long_way);
            assert_eq!(vietnamese_base(c).map(String::from), Some(long_way), "{c}");
        }
        for spelling in all_syllables() {
            for letter in spelling.written().chars() {
                assert!(vietnamese_base(letter).is_some(), "{letter} takes the short way");
            }
        }
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "Sổ đỏ (đất)";
        let found: Vec<_> = words(text).map(|word| &text[word.range]).collect();
        assert_eq!(found, ["Sổ", "đỏ", "đất"]);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn both_unicode_forms_fold_alike(text in any::<String>()) {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&composed), fold(&decomposed));
        }

        #[test]
        fn folding_never_grows_without_bound(text in any::<String>()) {
            prop_assert!(fold(&text).len() <= 4 * text.len());
        }

        #[test]
        fn words_and_folding_agree(text in any::<String>()) {
            let one_by_one: Vec<_> = words(&text).map(|word| fold(word.text)).collect();
            prop_assert_eq!(one_by_one.join(" "), fold(&text));
        }

        #[test]
        fn ranges_cut_out_the_word(text in "[a-zđưởậ .,\u{301}]{0,40}") {
            for word in words(&text) {
                prop_assert_eq!(&text[word.range.clone()], word.text);
            }
        }
    }
}
