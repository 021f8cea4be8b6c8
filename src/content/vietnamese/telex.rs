//! Telex: Vietnamese typed with Latin keys only (`tieengs Vieetj` is `tiếng Việt`).
//!
//! Keys: s sắc, f huyền, r hỏi, x ngã, j nặng, z no tone; aa â, ee ê, oo ô, aw ă, ow ơ, uw ư, dd đ; the same key once more
//! undoes. It refuses to guess: a word is decoded only if a Vietnamese syllable comes out, so `zalo`, `otp` and `VNeID`
//! survive. Begin with [`telex()`].

use unicode_normalization::UnicodeNormalization;

use super::fold::words;
use super::syllable::{Letter, Spelling, Tone};

/// Decodes a whole typed text; words that are not Telex stay as they are. The result is NFC.
///
/// The last word may be unfinished, if letters that are still to come can make a syllable of it (`thuow`).
#[must_use]
pub fn telex(text: &str) -> String {
    let text: String = text.nfc().collect();
    let mut decoded = String::with_capacity(text.len());
    let mut copied = 0;
    for word in words(&text) {
        decoded.push_str(&text[copied..word.range.start]);
        let unfinished = word.range.end == text.len();
        match decode_word(word.text, unfinished) {
            Some(vietnamese) => decoded.push_str(&vietnamese),
            None => decoded.push_str(word.text),
        }
        copied = word.range.end;
    }
    decoded.push_str(&text[copied..]);
    decoded
}

/// The word that the keys make, or `None` if they hold no Telex or make no syllable.
fn decode_word(keys: &str, unfinished: bool) -> Option<String> {
    // Letters that came with their marks, from the Vietnamese keys of the keyboard, may be followed by Telex keys.
    let keys = Spelling::of(keys)?;
    let mut typing = Typing::default();
    typing.word.tone = keys.tone;
    for key in keys.letters {
        typing.press(key);
    }
    typing.join_horns(true);
    let possible = typing.word.is_syllable() || unfinished && typing.word.is_beginning();
    (typing.undone_last || typing.changed && possible).then(|| typing.word.written())
}

/// A word while its keys come in.
#[derive(Default)]
struct Typing {
    word: Spelling,
    /// Some key was more than its letter.
    changed: bool,
    /// A key took back the one before it; from there on every key is only its letter.
    undone: bool,
    /// The key that took back was the last one, and what it took back was Vietnamese (`ass`, but not `class`).
    undone_last: bool,
}

impl Typing {
    fn press(&mut self, key: Letter) {
        self.undone_last = false;
        let taken = !self.undone
            && match key.shape {
                's' => self.tone(Tone::Sac),
                'f' => self.tone(Tone::Huyen),
                'r' => self.tone(Tone::Hoi),
                'x' => self.tone(Tone::Nga),
                'j' => self.tone(Tone::Nang),
                'z' => self.no_tone(),
                'd' => self.stroke(),
                'a' | 'e' | 'o' => self.circumflex(key.shape),
                'w' => self.horn(key.capital),
                _ => false,
            };
        if taken {
            self.changed = true;
        } else {
            self.word.letters.push(key);
        }
        self.join_horns(false);
    }

    fn shape(&self, index: usize) -> Option<char> {
        self.word.letters.get(index).map(|letter| letter.shape)
    }

    fn reshape(&mut self, index: usize, shape: char) -> bool {
        self.word.letters[index].shape = shape;
        true
    }

    /// Takes back what the key did before; the key then stands for its letter, which is why this is always false.
    fn undo(&mut self, take_back: impl FnOnce(&mut Spelling)) -> bool {
        self.undone_last = self.word.is_beginning();
        self.undone = true;
        take_back(&mut self.word);
        false
    }

    fn tone(&mut self, tone: Tone) -> bool {
        if !self.word.has_vowel() {
            return false;
        }
        if self.word.tone == tone {
            return self.undo(|word| word.tone = Tone::Ngang);
        }
        self.word.tone = tone;
        true
    }

    fn no_tone(&mut self) -> bool {
        std::mem::take(&mut self.word.tone) != Tone::Ngang
    }

    /// `dd`, or `d` at the end of a word that began with one (`dangd`).
    fn stroke(&mut self) -> bool {
        match (self.shape(0), self.word.letters.len()) {
            (Some('d'), 1) => self.reshape(0, 'đ'),
            (Some('đ'), 1) => self.undo(|word| word.letters[0].shape = 'd'),
            (Some('d'), _) => self.try_reshape(0, 'đ'),
            _ => false,
        }
    }

    /// `aa`, or `a` later in a word that needs the mark (`tienge`).
    fn circumflex(&mut self, key: char) -> bool {
        let (marked, other) = match key {
            'a' => ('â', 'ă'),
            'e' => ('ê', 'ê'),
            _ => ('ô', 'ơ'),
        };
        let Some(last) = self.word.letters.len().checked_sub(1) else {
            return false;
        };
        match self.word.letters[last].shape {
            shape if shape == marked => self.undo(|word| word.letters[last].shape = key),
            shape if shape == key || shape == other => self.reshape(last, marked),
            // `momo` and `data` are words of their own: `mom` and `dat` need no mark to be syllables.
            _ if self.word.is_syllable() => false,
            _ => match self.word.letters.iter().rposition(|letter| letter.shape == key) {
                Some(earlier) => self.try_reshape(earlier, marked),
                None => false,
            },
        }
    }

    /// `aw`, `ow`, `uw`; one `w` serves both letters of `uo`; alone after an onset it is `ư` (`tw`).
    fn horn(&mut self, capital: bool) -> bool {
        let letters = &self.word.letters;
        let Some(last) = letters.iter().rposition(|letter| "aăâoôơuư".contains(letter.shape)) else {
            let onset_only = !letters.is_empty() && !self.word.has_vowel();
            if onset_only {
                self.word.letters.push(Letter { shape: 'ư', capital });
            }
            return onset_only;
        };
        let before = last.checked_sub(1).filter(|_| letters[0].shape != 'q');
        match (before.and_then(|before| self.shape(before)), letters[last].shape) {
            (Some('ư'), 'ơ') => self.undo(|word| {
                word.letters[last - 1].shape = 'u';
                word.letters[last].shape = 'o';
            }),
            // Mưa, lưu: the horn belongs to the first of the two.
            (Some('u'), 'a' | 'u') => self.reshape(last - 1, 'ư'),
            // `thuow` may become thuở or thương; `join_horns` decides when more letters come.
            (_, 'o' | 'ô') => self.reshape(last, 'ơ'),
            (_, 'a' | 'â') => self.reshape(last, 'ă'),
            (_, 'u') => self.reshape(last, 'ư'),
            (_, 'ơ') => self.undo(|word| word.letters[last].shape = 'o'),
            (_, 'ă') => self.undo(|word| word.letters[last].shape = 'a'),
            _ => self.undo(|word| word.letters[last].shape = 'u'),
        }
    }

    /// Changes a letter that is not the last one, if the word can still be Vietnamese with it.
    fn try_reshape(&mut self, index: usize, shape: char) -> bool {
        let before = self.word.letters[index].shape;
        self.word.letters[index].shape = shape;
        let possible = self.word.is_beginning();
        if !possible {
            self.word.letters[index].shape = before;
        }
        possible
    }

    /// `uơ` and `ưo` before another letter can only mean `ươ`; so does `ưo` when no more keys come.
    fn join_horns(&mut self, whole: bool) {
        if !self.changed || self.undone || self.shape(0) == Some('q') {
            return;
        }
        for second in 1..self.word.letters.len() {
            let more = second + 1 < self.word.letters.len();
            match (self.shape(second - 1), self.shape(second)) {
                (Some('u'), Some('ơ')) if more => self.word.letters[second - 1].shape = 'ư',
                (Some('ư'), Some('o')) if more || whole => self.word.letters[second].shape = 'ơ',
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::syllable::all_syllables;
    use super::*;

    fn check(keys: &str, expected: &str) {
        assert_eq!(telex(keys), expected, "typed {keys}");
    }

    #[test]
    fn whole_sentences_are_decoded() {
        check("tieengs Vieetj", "tiếng Việt");
        check("ddawng kys thuowngf trus", "đăng ký thường trú");
        check(
            "DDOOIR GIAAYS PHEPS LAIS XE (bawngf lais)",
            "ĐỔI GIẤY PHÉP LÁI XE (bằng lái)",
        );
        check("ddinhj danh muwcs 2", "định danh mức 2");
    }

    #[test]
    fn habits_of_different_people_give_the_same_word() {
        for keys in [
            "dduwowngf",
            "dduowngf",
            "dduongwf",
            "dduwongf",
            "duongwfd",
            "ddwowngf",
            "đươngf",
            "đuowngf",
        ] {
            check(keys, "đường");
        }
        for keys in ["tieengs", "tieesng", "tiesnge", "tiengse"] {
            check(keys, "tiếng");
        }
        check("thuowr", "thuở");
        check("quowf", "quờ");
        check("muaw", "mưa");
        check("luuw", "lưu");
        check("giuwx", "giữ");
        check("hoaf", "hoà");
    }

    #[test]
    fn keys_can_be_taken_back() {
        check("tooo", "too");
        check("ass", "as");
        check("ddd", "dd");
        check("aww", "aw");
        check("basz", "ba");
        check("bangfs", "báng");
        check("xooong", "xoong");
    }

    #[test]
    fn words_that_are_not_vietnamese_survive() {
        let text = "VNeID qr otp zalo wifi facebook google email app sms evn cccd bhxh lltp momo data class password windows \
                    online website express fax free vssid https youtube tiktok shopee lazada android iphone 4G www.gov.vn mp3";
        check(text, text);
    }

    #[test]
    fn what_is_vietnamese_already_survives() {
        for text in ["Đăng ký thường trú", "hòa", "khỏe", "bằng lái", "", "…", "2026"] {
            check(text, text);
        }
    }

    #[test]
    fn the_last_word_may_be_unfinished() {
        check("thuow", "thuơ");
        check("dd", "đ");
        check("ddaw", "đă");
        check("khai tw", "khai tư");
        check("ddaw ", "ddaw ");
    }

    /// The Telex keys of a letter without its tone; a double letter must be typed three times, or it would be a mark.
    fn keys_of(shape: char, before: Option<char>) -> String {
        match shape {
            'ă' => "aw".into(),
            'â' => "aa".into(),
            'ê' => "ee".into(),
            'ô' => "oo".into(),
            'ơ' => "ow".into(),
            'ư' => "uw".into(),
            'đ' => "dd".into(),
            'o' if before == Some('o') => "oo".into(),
            plain => plain.into(),
        }
    }

    fn key_of(tone: Tone) -> &'static str {
        match tone {
            Tone::Ngang => "",
            Tone::Sac => "s",
            Tone::Huyen => "f",
            Tone::Hoi => "r",
            Tone::Nga => "x",
            Tone::Nang => "j",
        }
    }

    /// Types a syllable with the tone key after the letter at `moment`.
    fn type_syllable(spelling: &Spelling, moment: usize) -> String {
        let mut keys = String::new();
        let mut before = None;
        for (index, letter) in spelling.letters.iter().enumerate() {
            keys += &keys_of(letter.shape, before);
            before = Some(letter.shape);
            if index == moment {
                keys += key_of(spelling.tone);
            }
        }
        keys
    }

    #[test]
    fn every_syllable_can_be_typed_with_the_tone_at_the_end() {
        for spelling in all_syllables().filter(|spelling| !takes_back(spelling) || spelling.tone == Tone::Ngang) {
            check(
                &type_syllable(&spelling, spelling.letters.len() - 1),
                &spelling.written(),
            );
        }
    }

    #[test]
    fn every_syllable_can_be_typed_with_the_tone_after_its_vowel() {
        for spelling in all_syllables().filter(|spelling| !takes_back(spelling)) {
            let toneless: Vec<char> = spelling.letters.iter().map(|letter| letter.shape).collect();
            let marked: Vec<char> = spelling.written().chars().collect();
            let carrier = (0..marked.len())
                .find(|&index| marked[index] != toneless[index])
                .unwrap_or(0);
            check(&type_syllable(&spelling, carrier), &spelling.written());
        }
    }

    /// After `ooo` every key is only its letter, a tone key too.
    fn takes_back(spelling: &Spelling) -> bool {
        spelling
            .letters
            .windows(2)
            .any(|pair| pair[0].shape == 'o' && pair[1].shape == 'o')
    }

    proptest! {
        #[test]
        fn any_text_can_be_decoded_and_never_grows(text in any::<String>()) {
            let composed: String = text.nfc().collect();
            let decoded = telex(&text);
            prop_assert!(decoded.chars().count() <= composed.chars().count());
            prop_assert!(decoded.len() <= 3 * composed.len());
        }

        #[test]
        fn any_keys_can_be_decoded(text in "[a-zA-ZđăưửƠ ]{0,30}") {
            prop_assert!(telex(&text).chars().count() <= text.chars().count());
        }

        #[test]
        fn sentences_are_decoded_word_by_word(picks in prop::collection::vec(any::<prop::sample::Index>(), 1..8)) {
            let syllables: Vec<_> = all_syllables().filter(|spelling| !takes_back(spelling)).collect();
            let sentence: Vec<_> = picks.iter().map(|pick| pick.get(&syllables)).collect();
            let keys: Vec<_> = sentence.iter().map(|spelling| type_syllable(spelling, spelling.letters.len() - 1)).collect();
            let written: Vec<_> = sentence.iter().map(|spelling| spelling.written()).collect();
            prop_assert_eq!(telex(&keys.join(" ")), written.join(" "));
        }
    }
}
