//! Slips of tongue and finger: what people mean when nothing matches what they typed.
//!
//! Onsets that sound alike in the Red River delta (l/n, s/x, ch/tr, d/gi/r), and spellings of one sound (g/gh, k/c, i/y).
//! Begin with [`slip_form`].

use std::borrow::Cow;

/// Folded vowels.
pub(super) const VOWELS: [char; 6] = ['a', 'e', 'i', 'o', 'u', 'y'];

/// Onsets that are taken for each other; the first that fits a word decides.
const ONSETS: [(&str, &str); 10] = [
    // Before `k`, which would take it apart.
    ("kh", "kh"),
    ("ngh", "ng"),
    ("gh", "g"),
    ("gi", "d"),
    ("r", "d"),
    ("tr", "ch"),
    ("s", "x"),
    ("l", "n"),
    ("k", "c"),
    ("f", "ph"),
];

/// The form that a folded word shares with the words it is mistaken for.
pub(super) fn slip_form(folded: &str) -> Cow<'_, str> {
    let onset = ONSETS
        .iter()
        .find_map(|(onset, heard)| Some((*heard, folded.strip_prefix(onset)?)));
    let heard = match onset {
        None => Cow::Borrowed(folded),
        // The i of `gì` and `gìn` is a vowel, the one of `giá` only a part of the onset.
        Some(("d", rest)) if folded.starts_with("gi") && !rest.starts_with(VOWELS) => Cow::Owned(format!("di{rest}")),
        Some((onset, rest)) => Cow::Owned(format!("{onset}{rest}")),
    };
    // Kỹ and kĩ, but not thuỷ and thui.
    match heard.strip_suffix('y') {
        Some(stem) if !stem.is_empty() && !stem.ends_with(VOWELS) => Cow::Owned(format!("{stem}i")),
        _ => heard,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_sound_alike_share_a_form() {
        let pairs = [
            ("lai", "nai"),
            ("sinh", "xinh"),
            ("tru", "chu"),
            ("gia", "da"),
            ("ra", "gia"),
            ("nghe", "nge"),
            ("ky", "ki"),
            ("gi", "di"),
            ("gin", "rin"),
        ];
        for (one, other) in pairs {
            assert_eq!(slip_form(one), slip_form(other), "{one} and {other}");
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for (one, other) in [
            ("thuy", "thui"),
            ("khai", "cai"),
            ("bang", "pang"),
            ("may", "mai"),
            ("y", "i"),
        ] {
            assert_ne!(slip_form(one), slip_form(other), "{one} and {other}");
        }
    }
}
