//! Titles as Vietnamese dictionaries order them. Begin with [`order`].

use unicode_normalization::UnicodeNormalization;

/// The Vietnamese alphabet, with the four letters of foreign words.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// A word as dictionaries put it: by its letters first, then by its tones.
pub(super) fn order(title: &str) -> (Vec<usize>, String) {
    let title = title.to_lowercase();
    let letters = title.nfc().filter_map(|c| {
        let without_tone: String = without_tone(c);
        let shape = without_tone.chars().next()?;
        let known = ALPHABET.chars().position(|letter| letter == shape);
        // Spaces before figures before letters.
        let other = match shape {
            ' ' => 0,
            figure if figure.is_ascii_digit() => 1 + usize::try_from(u32::from(figure) - u32::from('0')).ok()?,
            _ => return known.map(|at| at + 20),
        };
        Some(other)
    });
    (letters.collect(), title.clone())
}

/// A letter without its tone, with its hat, horn or bar.
fn without_tone(c: char) -> String {
    const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
    c.to_string().nfd().filter(|mark| !TONES.contains(mark)).nfc().collect()
}

/// Under which letter a title stands, and where that stands.
pub(super) fn letter(title: &str) -> (usize, String) {
    let letters = title.to_lowercase();
    let first = letters.nfc().find(|c| c.is_alphanumeric());
    let shape = first.and_then(|c| without_tone(c).chars().next());
    let at = shape.and_then(|shape| ALPHABET.chars().position(|letter| letter == shape));
    match (at, shape) {
        (Some(at), Some(shape)) => (at + 1, shape.to_uppercase().to_string()),
        _ => (0, "0–9".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_as_in_a_vietnamese_dictionary() {
        let mut titles = [
            "Đất", "đa", "Dưa", "Ô tô", "Ơn", "On", "An", "Ân", "Ăn", "Án", "2026", "Em", "Êm", "Zalo",
        ];
        titles.sort_by_cached_key(|title| order(title));
        assert_eq!(
            titles,
            [
                "2026", "An", "Án", "Ăn", "Ân", "Dưa", "đa", "Đất", "Em", "Êm", "On", "Ô tô", "Ơn", "Zalo"
            ]
        );
        let letters = ["Ánh", "“Ăn”", "Ệ", "5 bước", "Zalo"].map(|title| letter(title).1);
        assert_eq!(letters, ["A", "Ă", "Ê", "0–9", "Z"]);
    }
}
