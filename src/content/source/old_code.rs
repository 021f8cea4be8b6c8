//! Text of the code tables before Unicode (TCVN3 with the fonts `.VnTime`, VNI): pasted from an old file it reads "Céng hßa x· héi", and
//! the font has a picture for each of these letters. Begin with [`note_file`].

use super::file::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;

/// Letters and signs that those tables use for Vietnamese letters, and Vietnamese never has inside of a word.
const NEVER_IN_A_WORD: &str = "®µ¸¶·¹¨¾¼Æ©ÇËÎÏÑªÖØÜÞßäåæçëîïñöøûüþÿÄÅ¬";

/// So many words of a file make it sure: one may be a name, or a sign that stands close.
const ENOUGH: usize = 2;

/// Of which one must have what no name of any country has: signs of TCVN3 that are no letters, one of its capitals behind a small letter
/// (`ViÖt`), or marks of VNI behind a vowel. A dot in the middle and © are among the signs too, and stand in lists and under pictures.
const SIGNS: &str = "®µ¸¶¹¨¾¬";
const MARKED_VOWELS: [&str; 15] = [
    "oä", "aä", "eä", "oø", "aø", "eø", "uø", "aå", "oå", "eå", "aû", "oû", "eû", "uû", "öï",
];

/// Notes that a file was written in an old code table, at the first word that makes it sure.
pub(super) fn note_file(file: &SourceFile, notes: &mut Notes) {
    note_misread(file, notes);
    let old = || file.text.split_whitespace().filter(|word| is_old(word));
    let (Some(first), true) = (old().find(|word| is_sure(word)), old().nth(ENOUGH - 1).is_some()) else {
        return;
    };
    let at = first.as_ptr().addr() - file.text.as_ptr().addr();
    let first = first.trim_matches(|c: char| c.is_ascii_punctuation());
    let message = format!("Chữ như \"{first}\" là chữ của bảng mã cũ (TCVN3, VNI): người đọc sẽ không đọc được");
    let help = "Hãy chuyển sang Unicode bằng công cụ chuyển mã của UniKey, rồi dán lại.";
    notes.add(Fault::error("old-code", file.place(at..at + first.len()), message).help(help));
}

/// Notes the first word of Unicode that a program took for letters of the West: "Cá»™ng hÃ²a".
fn note_misread(file: &SourceFile, notes: &mut Notes) {
    let Some(word) = file.text.split_whitespace().find(|word| is_misread(word)) else {
        return;
    };
    let at = word.as_ptr().addr() - file.text.as_ptr().addr();
    let message = format!("Chữ như \"{word}\" đã bị đọc sai bảng mã: người đọc sẽ không đọc được");
    let help = "Hãy mở lại tệp gốc, chọn bảng mã UTF-8 (Unicode) khi mở, rồi chép lại.";
    notes.add(Fault::error("old-code", file.place(at..at + word.len()), message).help(help));
}

/// Vietnamese letters as the first of their bytes look in Windows' table of the West, before a sign that stands for the second: `Ã²` is ò, `Ä‘` đ,
/// `Æ°` ư, `á»™` ộ.
fn is_misread(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let sign = |c: char| {
        matches!(
            c,
            '\u{80}'
                ..='\u{bf}'
                    | '‘'
                    | '’'
                    | '“'
                    | '”'
                    | '•'
                    | '–'
                    | '—'
                    | '™'
                    | '€'
                    | '‚'
                    | 'ƒ'
                    | '„'
                    | '…'
                    | '†'
                    | '‡'
                    | 'ˆ'
                    | '‰'
                    | 'Š'
                    | '‹'
                    | '›'
                    | 'Œ'
                    | 'œ'
                    | 'Ž'
                    | 'ž'
                    | 'Ÿ'
                    | 'š'
                    | '˜'
        )
    };
    let two = letters.windows(2).any(|pair| {
        matches!(pair[0], 'Ã' | 'Ä' | 'Æ' | 'Å') && sign(pair[1]) && !matches!(pair[1], '“' | '”' | '’' | '…' | '»')
    });
    let three = letters
        .windows(3)
        .any(|three| three[0] == 'á' && matches!(three[1], 'º' | '»') && (sign(three[2]) || three[2].is_alphabetic()));
    two || three
}

/// Those that stand at the end of a word and are neither a letter's number nor a dot.
const AT_THE_END: &str = "µ¸¶¨äåæçëîïñöøûüþÿ";

/// What measures and shares begin with: "50µg", "¾kg".
const OF_MEASURES: [char; 3] = ['µ', '¼', '¾'];

/// Whether a sign of the old tables stands between letters, or in front of one.
fn is_old(word: &str) -> bool {
    let word = word.trim_start_matches(|c: char| c.is_ascii() && !c.is_ascii_alphabetic() || OF_MEASURES.contains(&c));
    let letters: Vec<char> = word.chars().collect();
    let within = |pair: &[char]| NEVER_IN_A_WORD.contains(pair[0]) && pair[1].is_alphabetic();
    let has_latin = letters.iter().any(char::is_ascii_alphabetic);
    // Vietnamese words end in none of these; notes and trademarks have others.
    let word = word.trim_end_matches(|c: char| c.is_ascii_punctuation());
    let at_end = word.ends_with(|c| AT_THE_END.contains(c)) && word.starts_with(|c: char| c.is_ascii_alphabetic());
    letters.windows(2).any(within) && (has_latin || word.starts_with('®')) || at_end
}

/// Whether no name looks like this.
fn is_sure(word: &str) -> bool {
    let letters = || word.chars();
    let is_capital = |letter: char| letter.is_uppercase() && NEVER_IN_A_WORD.contains(letter);
    word.contains(|letter| SIGNS.contains(letter))
        || letters()
            .zip(letters().skip(1))
            .any(|(one, next)| one.is_lowercase() && is_capital(next))
        || MARKED_VOWELS.iter().any(|marked| word.to_lowercase().contains(marked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_old_tables_are_told_from_ours() {
        for word in [
            "hîp", "®Õn", "®Ó", "t¸c", "tr¶", "trî,", "traû", "nhaø", "Coäng", "hoøa", "Vieät", "nghÜa", "nhµm",
        ] {
            assert!(is_old(word), "{word}");
        }
        for word in [
            "giấy",
            "công",
            "giấy»",
            "50m²",
            "Zalo®",
            "luật¹",
            "Hai·",
            "3×4",
            "½",
            "1½",
            "µg/m³",
            "50µm,",
            "(µg)",
            "1¾kg",
            "Êđê",
            "Đường",
            "gióp",
        ] {
            assert!(!is_old(word), "{word}");
        }
    }

    #[test]
    fn unicode_that_was_misread_is_told_from_names() {
        for word in ["Cá»™ng", "hÃ²a", "xÃ£", "ChÃ\u{ad}nh", "Ä‘áº¥t", "lÆ°u", "viá»‡c"] {
            assert!(is_misread(word), "{word}");
        }
        for word in ["«cá»", "“MÃ”", "Ærø", "Åse", "giấy»", "Ã…", "công", "São"] {
            assert!(!is_misread(word), "{word}");
        }
    }

    #[test]
    fn names_of_other_countries_are_no_old_table() {
        for name in [
            "Jürgen",
            "Müller",
            "Zürich",
            "Köln",
            "Citroën",
            "naïve",
            "garçon",
            "Noëlle",
            "Møller",
            "Åse",
            "Größe",
            "Ærø",
            "GRÖßE",
            "São",
            "Málaga",
            "VNeID",
            "Hai·Ba·Tư",
            "·Mang",
            "©Sở",
        ] {
            assert!(!is_sure(name), "{name}");
        }
        for word in ["®Õn", "t¸c", "Coäng", "hoøa", "ViÖt", "nghÜa"] {
            assert!(is_sure(word), "{word}");
        }
    }
}
