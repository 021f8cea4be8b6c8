//! Words that only ask: "ở đâu", "cần gì", "thủ tục". They decide nothing (docs/decisions/016). Begin with [`fillers`].

use super::form::QueryWord;

/// A word with its tones and without.
type Word = (&'static str, &'static str);

/// Words with which people begin to ask, and which say nothing about what they ask for.
const FIRST: [Word; 8] = [
    ("cách", "cach"),
    ("giúp", "giup"),
    ("hỏi", "hoi"),
    ("làm", "lam"),
    ("muốn", "muon"),
    ("tìm", "tim"),
    ("về", "ve"),
    ("xin", "xin"),
];

/// Those with which they end.
const LAST: [Word; 3] = [("đâu", "dau"), ("làm", "lam"), ("nào", "nao")];

/// Those that stand anywhere.
const ANYWHERE: [Word; 11] = [
    ("bị", "bi"),
    ("cho", "cho"),
    ("của", "cua"),
    ("để", "de"),
    ("được", "duoc"),
    ("gì", "gi"),
    ("là", "la"),
    ("ở", "o"),
    ("phải", "phai"),
    ("thì", "thi"),
    ("tôi", "toi"),
];

/// Several words that ask together, while each of them alone may be what somebody asks for: "bao hiem", "thu nhap". Longer ones first.
const PHRASES: [&[Word]; 29] = [
    &[("cần", "can"), ("giấy", "giay"), ("tờ", "to"), ("gì", "gi")],
    &[("hết", "het"), ("bao", "bao"), ("nhiêu", "nhieu"), ("tiền", "tien")],
    &[("mất", "mat"), ("bao", "bao"), ("nhiêu", "nhieu"), ("tiền", "tien")],
    &[("bao", "bao"), ("nhiêu", "nhieu"), ("tiền", "tien")],
    &[("cần", "can"), ("những", "nhung"), ("gì", "gi")],
    &[("cần", "can"), ("mang", "mang"), ("gì", "gi")],
    &[("hết", "het"), ("bao", "bao"), ("nhiêu", "nhieu")],
    &[("mất", "mat"), ("bao", "bao"), ("nhiêu", "nhieu")],
    &[("như", "nhu"), ("thế", "the"), ("nào", "nao")],
    &[("bao", "bao"), ("giờ", "gio")],
    &[("bao", "bao"), ("lâu", "lau")],
    &[("bao", "bao"), ("nhiêu", "nhieu")],
    &[("cần", "can"), ("gì", "gi")],
    &[("đi", "di"), ("đâu", "dau")],
    &[("hỏi", "hoi"), ("ai", "ai")],
    &[("hướng", "huong"), ("dẫn", "dan")],
    &[("khi", "khi"), ("nào", "nao")],
    &[("làm", "lam"), ("sao", "sao")],
    &[("làm", "lam"), ("thế", "the")],
    &[("như", "nhu"), ("thế", "the")],
    &[("ở", "o"), ("đâu", "dau")],
    &[("ở", "o"), ("xã", "xa")],
    &[("ra", "ra"), ("sao", "sao")],
    &[("tại", "tai"), ("sao", "sao")],
    &[("tại", "tai"), ("xã", "xa")],
    &[("thế", "the"), ("nào", "nao")],
    &[("thì", "thi"), ("sao", "sao")],
    &[("thủ", "thu"), ("tục", "tuc")],
    &[("vì", "vi"), ("sao", "sao")],
];

/// Which of these words only ask. If all would, those are left that stand in no phrase; and if that leaves none, all are asked for.
pub(super) fn fillers(words: &[QueryWord]) -> Vec<bool> {
    let mut in_phrases = vec![false; words.len()];
    for start in 0..words.len() {
        let phrase = PHRASES.iter().find(|phrase| {
            let end = start + phrase.len();
            // "nhà ở xã hội" is asked for.
            let goes_on =
                phrase.ends_with(&[("xã", "xa")]) && words.get(end).is_some_and(|word| is(word, ("hội", "hoi")));
            let is_typed = |typed: &[QueryWord]| typed.iter().zip(**phrase).all(|(word, filler)| is(word, *filler));
            !goes_on && words.get(start..end).is_some_and(is_typed)
        });
        if let Some(phrase) = phrase {
            in_phrases[start..start + phrase.len()].fill(true);
        }
    }
    let mut found = in_phrases.clone();
    for (word, found) in words.iter().zip(&mut found) {
        *found |= is_one_of(word, &ANYWHERE);
    }
    for (word, found) in words.iter().zip(&mut found) {
        *found |= is_one_of(word, &FIRST);
        if !*found {
            break;
        }
    }
    for (word, found) in words.iter().zip(&mut found).rev() {
        *found |= is_one_of(word, &LAST);
        if !*found {
            break;
        }
    }
    let all = |found: &[bool]| found.iter().all(|filler| *filler);
    if !all(&found) {
        found
    } else if !all(&in_phrases) {
        in_phrases
    } else {
        vec![false; words.len()]
    }
}

fn is_one_of(word: &QueryWord, fillers: &[Word]) -> bool {
    fillers.iter().any(|filler| is(word, *filler))
}

fn is(word: &QueryWord, (toned, folded): Word) -> bool {
    word.readings.iter().any(|reading| {
        // A word typed with a tone is another than one of the same letters with another tone: "thẻ" asks for nothing. Without one it may be
        // any of them, because some type tones only where they must.
        if reading.toned == reading.folded {
            reading.folded == folded
        } else {
            reading.toned == toned
        }
    })
}
