//! Who a key is, for programs and for people: an id made from the key, and six words to compare.
//!
//! The id is the key's hash, so nobody can sign statistics in another kiosk's name, and no list has to give out names. Begin
//! with [`PublicKey::kiosk_id`].

use unicode_normalization::UnicodeNormalization;

use super::keys::PublicKey;

/// First letters of a Vietnamese syllable, for 4 bits. None changes its spelling before the endings below.
const ONSETS: [&str; 16] = [
    "b", "ch", "d", "gi", "h", "kh", "l", "m", "n", "nh", "ph", "s", "t", "th", "v", "x",
];

/// Endings in four tones, for 4 and 2 bits.
const RHYMES: [[&str; 4]; 16] = [
    ["a", "à", "á", "ạ"],
    ["ai", "ài", "ái", "ại"],
    ["am", "àm", "ám", "ạm"],
    ["an", "àn", "án", "ạn"],
    ["ang", "àng", "áng", "ạng"],
    ["anh", "ành", "ánh", "ạnh"],
    ["ao", "ào", "áo", "ạo"],
    ["ay", "ày", "áy", "ạy"],
    ["ân", "ần", "ấn", "ận"],
    ["âu", "ầu", "ấu", "ậu"],
    ["ây", "ầy", "ấy", "ậy"],
    ["ong", "òng", "óng", "ọng"],
    ["ông", "ồng", "ống", "ộng"],
    ["ơi", "ời", "ới", "ợi"],
    ["ơn", "ờn", "ớn", "ợn"],
    ["ương", "ường", "ướng", "ượng"],
];

/// How many words a fingerprint has: 60 bits.
const WORDS: usize = 6;

/// What stands before the digits of an id, and how many these are.
const ID: (&str, usize) = ("kiosk-", 16);

/// The id or the six words of a kiosk in their one way of writing, of what somebody typed; `None` if it is neither.
#[must_use]
pub fn kiosk_named(typed: &str) -> Option<String> {
    let typed: String = typed.nfc().collect::<String>().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let is_ours = |word: &&str| {
        let ending = |onset: &&str| word.strip_prefix(*onset).is_some_and(is_rhyme);
        ONSETS.iter().any(ending)
    };
    match &words[..] {
        [id] => {
            let digits = id.strip_prefix(ID.0)?;
            (digits.len() == ID.1 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then(|| (*id).to_owned())
        }
        words if words.len() == WORDS && words.iter().all(is_ours) => Some(words.join(" ")),
        _ => None,
    }
}

fn is_rhyme(ending: &str) -> bool {
    RHYMES.iter().flatten().any(|rhyme| *rhyme == ending)
}

impl PublicKey {
    /// The id of the kiosk whose key this is: `kiosk-` and 16 hexadecimal digits of the key's BLAKE3.
    #[must_use]
    pub fn kiosk_id(&self) -> String {
        let (begin, digits) = ID;
        format!("{begin}{}", &self.hash().to_hex()[..digits])
    }

    /// Six Vietnamese syllables that two people can compare by telephone before they trust a key.
    ///
    /// They are made of other bytes of the hash than the id.
    #[must_use]
    pub fn words(&self) -> String {
        let hash = self.hash();
        let pairs = hash.as_bytes()[16..].chunks_exact(2).take(WORDS);
        let words = pairs.map(|pair| {
            let rhyme = RHYMES[usize::from(pair[0] & 15)][usize::from(pair[1] & 3)];
            format!("{}{rhyme}", ONSETS[usize::from(pair[0] >> 4)])
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn hash(&self) -> blake3::Hash {
        blake3::hash(&self.to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::bundle::Key;

    #[test]
    fn an_id_or_six_words_are_known_however_they_are_typed() {
        let key = Key::generate().unwrap().public().unwrap();
        let (id, words) = (key.kiosk_id(), key.words());
        assert_eq!(kiosk_named(&id.to_uppercase()).as_ref(), Some(&id));
        let typed: String = words.to_uppercase().replace(' ', " \n ").nfd().collect();
        assert_eq!(kiosk_named(&typed).as_ref(), Some(&words));
        for neither in [
            "",
            "kiosk-0",
            "kiosk-0123456789abcdeg",
            "ba ba ba ba ba",
            "ba ba ba ba ba bả",
            "ba ba ba ba ba ba ba",
        ] {
            assert_eq!(kiosk_named(neither), None, "{neither}");
        }
    }

    #[test]
    fn every_key_has_its_own_id_and_words() {
        let keys: Vec<_> = (0..50).map(|_| Key::generate().unwrap().public().unwrap()).collect();
        let ids: BTreeSet<_> = keys.iter().map(PublicKey::kiosk_id).collect();
        let words: BTreeSet<_> = keys.iter().map(PublicKey::words).collect();
        assert_eq!((ids.len(), words.len()), (50, 50));
        let key = &keys[0];
        assert_eq!(PublicKey::from_base64(&key.to_base64()).unwrap().words(), key.words());
        assert_eq!(key.words().split(' ').count(), WORDS);
    }

    #[test]
    fn no_two_syllables_are_spelled_alike() {
        let all = ONSETS
            .iter()
            .flat_map(|onset| RHYMES.iter().flatten().map(move |rhyme| format!("{onset}{rhyme}")));
        assert_eq!(all.collect::<BTreeSet<_>>().len(), 1024);
    }
}
