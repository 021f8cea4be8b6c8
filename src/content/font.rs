//! The one font of the program: Noto Sans in four faces, built in from Debian's package (`build.rs` says from where).
//!
//! The screen, the check and whatever is printed use these, so that an author's computer, the tests and the hall show the same letters. Begin with [`FACES`].

use std::sync::LazyLock;

use ttf_parser::Face;

/// The name of the family, for whoever asks for a font by name.
pub const FAMILY: &str = "Noto Sans";

/// Regular, bold, italic, bold italic, as TrueType files.
pub const FACES: [&[u8]; 4] = [
    include_bytes!(concat!(env!("OUT_DIR"), "/Regular.ttf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/Bold.ttf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/Italic.ttf")),
    include_bytes!(concat!(env!("OUT_DIR"), "/BoldItalic.ttf")),
];

/// Whether every face has a picture for a character; spaces and line breaks need none.
#[must_use]
pub fn covers(letter: char) -> bool {
    static PARSED: LazyLock<Vec<Face<'static>>> =
        LazyLock::new(|| FACES.iter().filter_map(|face| Face::parse(face, 0).ok()).collect());
    letter.is_whitespace()
        || PARSED.len() == FACES.len() && PARSED.iter().all(|face| face.glyph_index(letter).is_some())
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn every_vietnamese_letter_is_there_and_symbols_are_not() {
        let vowels = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY";
        let tones = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
        for vowel in vowels.chars() {
            for tone in tones {
                let written: String = [vowel, tone].into_iter().nfc().collect();
                assert!(written.chars().count() == 1 && written.chars().all(covers), "{written}");
            }
        }
        assert!("đĐ0123456789…–—“”‘’•×°²³½€\u{a0}\n".chars().all(covers));
        assert!(!"→≥✓☎①😀ខ文".chars().any(covers));
    }
}
