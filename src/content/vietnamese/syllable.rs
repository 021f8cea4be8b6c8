//! How a Vietnamese syllable is spelled: onset, rime, tone.
//!
//! One table answers three questions: can these letters be a syllable ([`Spelling::is_syllable`]), can they become one
//! ([`Spelling::is_beginning`]), and which letter carries the tone (new style: `hoà`, `thuỷ`, `khoẻ`, but `toàn`, `quý`,
//! `giữ`). The table is a little wider than the dictionary, because names and loan words are typed too.
//! Begin with [`Spelling`].

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, decompose_canonical};

/// The tone of a syllable, by its Vietnamese name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    /// Level, unmarked.
    #[default]
    Ngang,
    /// Acute: á.
    Sac,
    /// Grave: à.
    Huyen,
    /// Hook: ả.
    Hoi,
    /// Tilde: ã.
    Nga,
    /// Dot below: ạ.
    Nang,
}

impl Tone {
    /// The five tones that have a mark, in the order taught at school.
    pub const MARKED: [Tone; 5] = [Tone::Sac, Tone::Huyen, Tone::Hoi, Tone::Nga, Tone::Nang];

    /// The combining character of this tone.
    fn mark(self) -> Option<char> {
        match self {
            Tone::Ngang => None,
            Tone::Sac => Some('\u{301}'),
            Tone::Huyen => Some('\u{300}'),
            Tone::Hoi => Some('\u{309}'),
            Tone::Nga => Some('\u{303}'),
            Tone::Nang => Some('\u{323}'),
        }
    }

    fn of_mark(mark: char) -> Option<Tone> {
        Tone::MARKED.into_iter().find(|tone| tone.mark() == Some(mark))
    }
}

/// Consonants a syllable can begin with; `q` and `g` take their `u` and `i` along.
const ONSETS: [&str; 28] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "qu",
    "r", "s", "t", "th", "tr", "v", "x",
];

/// What can follow the onset, without tone.
const RIMES: &[&str] = &[
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "ăc", "ăm", "ăn", "ăng", "ăp",
    "ăt", "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây", "e", "ec", "em", "en", "eng", "eo", "ep", "et", "ê", "êch",
    "êm", "ên", "ênh", "êp", "êt", "êu", "i", "ia", "ich", "im", "in", "inh", "ip", "it", "iu", "iêc", "iêm", "iên",
    "iêng", "iêp", "iêt", "iêu", "o", "oa", "oac", "oach", "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat",
    "oay", "oc", "oe", "oem", "oen", "oeo", "oet", "oi", "om", "on", "ong", "ooc", "oong", "op", "ot", "oăc", "oăm",
    "oăn", "oăng", "oăt", "ô", "ôc", "ôi", "ôm", "ôn", "ông", "ôp", "ôt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt", "u", "ua",
    "uc", "ui", "um", "un", "ung", "up", "ut", "uân", "uâng", "uât", "uây", "uê", "uêch", "uênh", "uôc", "uôi", "uôm",
    "uôn", "uông", "uôt", "uơ", "uy", "uya", "uych", "uynh", "uyp", "uyt", "uyu", "uyên", "uyêt", "ư", "ưa", "ưc",
    "ưi", "ưm", "ưn", "ưng", "ưt", "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu", "y", "ych", "ynh",
    "yt", "yêm", "yên", "yêng", "yêt", "yêu",
];

/// Whether Vietnamese spelling lets this rime follow this onset.
fn goes_together(onset: &str, rime: &str) -> bool {
    let front = rime.starts_with(['e', 'ê', 'i', 'y']);
    match rime {
        "y" if !matches!(onset, "" | "h" | "k" | "l" | "m" | "n" | "qu" | "s" | "t" | "th" | "v") => {
            return false;
        }
        "ych" | "ynh" | "yt" if onset != "qu" => return false,
        "yêm" | "yên" | "yêng" | "yêt" | "yêu" if !onset.is_empty() && onset != "qu" => {
            return false;
        }
        _ => {}
    }
    match onset {
        // An initial iê is written yê.
        "" => !rime.starts_with("iê"),
        "c" | "ng" => !front,
        "k" => front,
        "gh" | "ngh" => front && !rime.starts_with('y'),
        // gì, gìn, giêng: the i belongs to both the onset and the rime.
        "g" => !rime.starts_with(['e', 'ê', 'y']),
        "gi" => !rime.starts_with(['i', 'y']),
        "qu" => !rime.starts_with(['o', 'u', 'ư']) && (!rime.starts_with('ô') || rime == "ôc"),
        _ => true,
    }
}

/// A letter without its tone, in lower case, and whether it was a capital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// `a`, `ă`, `â`, …: with its shape, without its tone.
    pub shape: char,
    /// Written as a capital.
    pub capital: bool,
}

/// A word taken apart: its letters without tone, and the tone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spelling {
    /// In the order written.
    pub letters: Vec<Letter>,
    /// The tone of the whole.
    pub tone: Tone,
}

impl Spelling {
    /// Takes a word apart. `None` if it holds anything but Latin and Vietnamese letters, or two tones.
    #[must_use]
    pub fn of(word: &str) -> Option<Spelling> {
        let mut spelling = Spelling::default();
        for c in word.nfc() {
            let (letter, tone) = take_apart(c)?;
            if tone != Tone::Ngang {
                if spelling.tone != Tone::Ngang {
                    return None;
                }
                spelling.tone = tone;
            }
            spelling.letters.push(letter);
        }
        Some(spelling)
    }

    /// The word again, with the tone on the letter that new-style spelling gives it.
    ///
    /// Without any vowel there is no such letter, and the tone is lost.
    #[must_use]
    pub fn written(&self) -> String {
        let carrier = self.tone_carrier();
        let letters = self.letters.iter().enumerate().map(|(index, letter)| {
            let mark = self.tone.mark().filter(|_| carrier == Some(index));
            // Through NFC and not letter plus mark: ệ is composed of ẹ, not of ê.
            let written = [letter.shape]
                .into_iter()
                .chain(mark)
                .nfc()
                .next()
                .unwrap_or(letter.shape);
            if letter.capital {
                written.to_uppercase().next().unwrap_or(written)
            } else {
                written
            }
        });
        letters.collect()
    }

    /// Whether the letters and the tone can be a whole syllable.
    ///
    /// A missing tone on a final c, ch, p, t passes: people leave tones out.
    #[must_use]
    pub fn is_syllable(&self) -> bool {
        self.tone_fits() && self.fits(|rime, rest| rime == rest)
    }

    /// Whether more letters could make a syllable of it; a whole syllable counts as well.
    #[must_use]
    pub fn is_beginning(&self) -> bool {
        let word = self.toneless();
        self.tone_fits()
            && (ONSETS.iter().any(|onset| onset.starts_with(&word)) || self.fits(|rime, rest| rime.starts_with(rest)))
    }

    /// Whether there is a letter that could carry a tone.
    #[must_use]
    pub fn has_vowel(&self) -> bool {
        self.letters.iter().any(|letter| is_vowel(letter.shape))
    }

    /// The index of the letter that carries the tone.
    #[must_use]
    pub fn tone_carrier(&self) -> Option<usize> {
        let shape = |index: usize| self.letters.get(index).map(|letter| letter.shape);
        let vowel = |index: usize| shape(index).is_some_and(is_vowel);
        let first = self.letters.iter().position(|letter| is_vowel(letter.shape))?;
        // The u of qu and the i of gi belong to the onset when another vowel follows.
        let in_onset = matches!(
            (first.checked_sub(1).and_then(shape), shape(first)),
            (Some('q'), Some('u')) | (Some('g'), Some('i'))
        );
        let first = if in_onset && first == 1 && vowel(2) { 2 } else { first };
        let end = (first..self.letters.len())
            .find(|&index| !vowel(index))
            .unwrap_or(self.letters.len());
        if let Some(shaped) = (first..end)
            .rev()
            .find(|&index| !shape(index).is_some_and(|c| c.is_ascii()))
        {
            return Some(shaped);
        }
        let closed = end < self.letters.len();
        let glide = matches!(
            (shape(first), shape(first + 1)),
            (Some('o'), Some('a' | 'e')) | (Some('u'), Some('y'))
        );
        Some(match end - first {
            1 => first,
            2 if !closed && !glide => first,
            _ => first + 1,
        })
    }

    fn toneless(&self) -> String {
        self.letters.iter().map(|letter| letter.shape).collect()
    }

    /// A syllable that ends in a stop has the tone sắc or nặng.
    fn tone_fits(&self) -> bool {
        let word = self.toneless();
        !word.ends_with(['c', 'p', 't']) && !word.ends_with("ch")
            || !matches!(self.tone, Tone::Huyen | Tone::Hoi | Tone::Nga)
    }

    /// Whether `test(rime, rest)` holds for some onset and rime that go together, `rest` being what follows the onset.
    fn fits(&self, test: impl Fn(&str, &str) -> bool) -> bool {
        let word = self.toneless();
        ONSETS.iter().any(|onset| {
            word.strip_prefix(onset)
                .is_some_and(|rest| RIMES.iter().any(|rime| test(rime, rest) && goes_together(onset, rime)))
        })
    }
}

/// Whether a toneless lower-case letter is a vowel.
#[must_use]
pub fn is_vowel(shape: char) -> bool {
    matches!(
        shape,
        'a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'o' | 'ô' | 'ơ' | 'u' | 'ư' | 'y'
    )
}

/// A precomposed letter as its shape and its tone.
fn take_apart(c: char) -> Option<(Letter, Tone)> {
    let mut shape = None;
    let mut tone = Tone::Ngang;
    let mut foreign = false;
    decompose_canonical(c, |part| match (shape, Tone::of_mark(part)) {
        (None, _) => shape = Some(part),
        (Some(_), Some(mark)) => tone = mark,
        (Some(base), None) => {
            shape = compose(base, part);
            foreign |= shape.is_none();
        }
    });
    let shape = shape.filter(|_| !foreign)?;
    let lower = shape.to_lowercase().next()?;
    let known = lower.is_ascii_lowercase() || is_vowel(lower) || lower == 'đ';
    let tone_fits = tone == Tone::Ngang || is_vowel(lower);
    (known && tone_fits).then_some((
        Letter {
            shape: lower,
            capital: shape != lower,
        },
        tone,
    ))
}

/// Every syllable of the table with every tone it can have, for tests.
#[cfg(test)]
pub(crate) fn all_syllables() -> impl Iterator<Item = Spelling> {
    let spelled = ONSETS.iter().flat_map(|onset| {
        RIMES
            .iter()
            .filter(|rime| goes_together(onset, rime))
            .map(move |rime| format!("{onset}{rime}"))
    });
    spelled.flat_map(|toneless| {
        [Tone::Ngang].into_iter().chain(Tone::MARKED).filter_map(move |tone| {
            let spelling = Spelling {
                tone,
                ..Spelling::of(&toneless).expect("the table holds Vietnamese letters only")
            };
            spelling.is_syllable().then_some(spelling)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling(word: &str) -> Spelling {
        Spelling::of(word).unwrap_or_else(|| panic!("{word} has foreign letters"))
    }

    #[test]
    fn ordinary_words_are_syllables_and_come_back_as_written() {
        let text = "đăng ký thường trú tạm trú đổi giấy phép lái xe bằng căn cước chuyển số nghĩa gì giữ giêng giết gìn quý quốc \
                    quyền quỳnh quả hoà khoẻ thuỷ toàn thuở huơ khuya khuỷu ngoáo khoèo người hươu rượu yêu ý ướt uỷ nghiêng \
                    ghế kỹ già giỏi mía mùa mưa của cửa thuế huệ xoong quạ oanh hoặc tuần khuây chuếnh quờ giường";
        for word in text.split_whitespace() {
            assert!(spelling(word).is_syllable(), "{word} is a syllable");
            assert_eq!(spelling(word).written(), word);
        }
    }

    #[test]
    fn foreign_words_are_not_syllables() {
        for word in [
            "vneid", "qr", "otp", "zalo", "wifi", "facebook", "email", "google", "cccd", "app",
        ] {
            assert!(!spelling(word).is_syllable(), "{word} is not a syllable");
        }
        assert_eq!(Spelling::of("straße"), None);
        assert_eq!(Spelling::of("ñ"), None, "a tone needs a vowel");
        assert_eq!(Spelling::of("2a"), None);
    }

    #[test]
    fn stops_take_two_tones_only() {
        assert!(spelling("mát").is_syllable() && spelling("mạt").is_syllable() && !spelling("mãt").is_syllable());
    }

    #[test]
    fn the_table_is_as_wide_as_the_language() {
        let count = all_syllables().count();
        assert!((10_000..20_000).contains(&count), "{count} syllables");
    }
}
