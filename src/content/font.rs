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

static PARSED: LazyLock<Vec<Face<'static>>> =
    LazyLock::new(|| FACES.iter().filter_map(|face| Face::parse(face, 0).ok()).collect());

/// Where Vietnamese ends: letters up to here have their widths in a table.
const LAST_LETTER: u32 = 0x2040;

/// How wide a letter is in upright text, bold or not, as a share of the size of the font.
#[must_use]
pub fn advance(letter: char, bold: bool) -> f32 {
    static WIDTHS: LazyLock<[Vec<f32>; 2]> = LazyLock::new(|| {
        let all = |face: usize| {
            let letters = (0..LAST_LETTER).map(|code| char::from_u32(code).map_or(0.0, |letter| width(letter, face)));
            letters.collect()
        };
        [all(0), all(1)]
    });
    let known = WIDTHS[usize::from(bold)].get(letter as usize);
    known.copied().unwrap_or_else(|| width(letter, usize::from(bold)))
}

fn width(letter: char, face: usize) -> f32 {
    let advance = PARSED.get(face).and_then(|face| {
        let advance = face.glyph_hor_advance(face.glyph_index(letter)?)?;
        Some(f32::from(advance) / f32::from(face.units_per_em()))
    });
    advance.unwrap_or_default()
}

/// Whether every face has a picture for a character; spaces and line breaks need none.
#[must_use]
pub fn covers(letter: char) -> bool {
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
