//! What authors put in front of an item of a list that Markdown doesn't know: Word's bullets, numbers and letters as old documents write
//! them, and what telephones have.
//!
//! Knows one line at a time; whether it stands alone is for [`super::lookalikes`] to see. Begin with [`Marker`].

/// What Word, Excel and telephones draw in front of an item.
const BULLETS: [char; 16] = [
    '•', '◦', '▪', '▫', '●', '○', '■', '□', '‣', '⁃', '·', '∙', '➢', '➤', '☐', '☑',
];

/// Dashes that may stand in front of an item, or of what somebody says.
const DASHES: [char; 7] = ['–', '—', '−', '―', '‐', '‑', '‒'];

/// What Word's bullets become when its fonts for symbols are lost, beside "o" and "§".
const LOST_BULLETS: [char; 11] = ['Ø', 'ü', 'v', 'q', 'n', 'l', 'w', 'à', 'è', 'đ', 'Ÿ'];

/// Signs that open what they stand before, or are Markdown's own: no bullets.
const OPENING: [char; 19] = [
    '"', '\'', '“', '‘', '«', '(', '[', '{', '<', '>', '`', '~', '*', '_', '-', '+', '#', '|', '\\',
];

/// What stands between the number of an item and its words, in any number up to three: "1.", "a)", "I/", "1.-", "2°/".
const SEPARATORS: [char; 11] = ['.', ')', '/', ',', ':', ';', '-', '–', '—', '°', 'º'];

/// How sure it is that a line was meant as an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// Nothing else begins so.
    Sure,
    /// It may be something else in the first line of a paragraph: a dash of speech, a year.
    Perhaps,
    /// Prose that was broken into lines may begin one so, by chance, but hardly two.
    Beside,
}

impl Marker {
    /// How a line begins, without the spaces before it.
    pub(super) fn of(line: &str) -> Option<Self> {
        // "**1.** Một"
        if let Some(bold) = line.strip_prefix("**") {
            return Self::of(&bold.replacen("**", "", 1));
        }
        let mut letters = line.chars();
        let first = letters.next()?;
        let second = letters.next().unwrap_or(' ');
        let rest = &line[first.len_utf8()..];
        // The first are the bullets of Word's own fonts for symbols.
        if matches!(first, '\u{e000}'..='\u{f8ff}') || BULLETS.contains(&first) {
            return Some(Self::Sure);
        }
        if matches!(first, '-' | '+') && second.is_alphabetic() {
            return Some(Self::Sure);
        }
        if first == '-' && second == '-' {
            let words = rest.trim_start_matches('-');
            // More of them draw a line: "-----o0o-----".
            if rest.len() - words.len() < 3 && words.starts_with(|c: char| c.is_alphabetic() || c.is_whitespace()) {
                return Some(Self::Sure);
            }
        }
        if DASHES.contains(&first) {
            // "Trạm Y tế" / "– nơi bà mẹ sinh con", "7 giờ 30" / "– 11 giờ 30" are broken prose.
            let is_start = rest.trim_start().starts_with(char::is_uppercase);
            return Some(if is_start { Self::Perhaps } else { Self::Beside });
        }
        if matches!(first, 'o' | '§') && second.is_whitespace() {
            return Some(Self::Perhaps);
        }
        let is_step = line
            .strip_prefix("Bước ")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if is_step {
            return Some(Self::Perhaps);
        }
        // "*Một" whose star nothing closes, and "\- Một", which Markdown is told to leave.
        let unclosed = matches!(first, '*' | '_') && second.is_alphabetic() && !rest.contains(first);
        let blank = first == '_' && second.is_whitespace();
        let escaped = first == '\\' && rest.strip_prefix(['-', '+', '*']).is_some_and(begins_words);
        // "-01 tờ khai", but also "-5 độ".
        let counted_after_dash = matches!(first, '-' | '+') && second.is_ascii_digit();
        let arrow = matches!(first, '-' | '=' | '~') && rest.trim_start_matches(first).starts_with('>');
        let sign = !first.is_alphanumeric() && !OPENING.contains(&first) && begins_words(rest);
        let lost = LOST_BULLETS.contains(&first) && second.is_whitespace();
        if unclosed
            || blank
            || escaped
            || counted_after_dash
            || arrow
            || sign
            || lost
            || in_brackets(line)
            || counted(line)
        {
            return Some(Self::Beside);
        }
        numbered(line)
    }
}

/// What an item is counted with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    /// "1", "01"
    Digits,
    /// "1.2", "1.2.3"
    Levels,
    /// "a", "đ"
    Letter,
    /// "A", "IV", "ii"
    Other,
}

impl Number {
    /// The number at the beginning of a text, and its length.
    fn at_start(text: &str) -> Option<(Self, usize)> {
        let first = text.chars().next()?;
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        if first.is_ascii_digit() {
            let mut length = digits(text);
            // "2026" is a year.
            let mut number = (length < 3).then_some(Self::Digits)?;
            // "1.000" is a sum.
            while let Some(more) = text[length..].strip_prefix('.').map(digits)
                && (1..3).contains(&more)
            {
                number = Self::Levels;
                length += 1 + more;
            }
            return Some((number, length));
        }
        let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
        let word = &text[..length];
        if word.len() == first.len_utf8() {
            // Others are words: "ô.", "ạ."
            let counts = first.is_ascii() || matches!(first, 'đ' | 'Đ');
            let number = if first.is_lowercase() {
                Self::Letter
            } else {
                Self::Other
            };
            return counts.then_some((number, length));
        }
        let roman = |letters: &str| (2..7).contains(&length) && word.chars().all(|c| letters.contains(c));
        (roman("IVXLC") || roman("ivx")).then_some((Self::Other, length))
    }
}

/// Whether what comes after a sign or a number are words of their own, and not the rest of a sum, a time or a name.
fn begins_words(text: &str) -> bool {
    text.is_empty() || text.starts_with(|c: char| c.is_whitespace() || c.is_uppercase())
}

/// "1.Một", "a) Một", "I/ Một", "1 - Một", "1, Một", "1.1 Một"
fn numbered(line: &str) -> Option<Marker> {
    let (number, length) = Number::at_start(line)?;
    let rest = &line[length..];
    // "1\. Một" is shown as it would be without the backslash.
    let rest = rest.strip_prefix('\\').unwrap_or(rest);
    let behind = rest.trim_start();
    let words = behind.trim_start_matches(SEPARATORS);
    let separators = &behind[..behind.len() - words.len()];
    let next = words.chars().next().unwrap_or(' ');
    if behind.len() < rest.len() || separators.chars().count() != 1 {
        let many = (1..=3).contains(&separators.chars().count());
        let bare = number == Number::Levels && separators.is_empty() && next.is_uppercase();
        return (many && begins_words(words) || bare).then_some(Marker::Beside);
    }
    match (number, separators) {
        (Number::Digits, "." | ")") if next.is_alphabetic() => Some(Marker::Sure),
        (Number::Digits | Number::Levels | Number::Letter, "." | ")") if next.is_whitespace() => Some(Marker::Perhaps),
        (Number::Digits, "/") if next.is_whitespace() || next.is_alphabetic() => Some(Marker::Perhaps),
        (Number::Letter, ")") => Some(Marker::Perhaps),
        _ => begins_words(words).then_some(Marker::Beside),
    }
}

/// "(1) Một", "(a) Một", "[2] Hai", "(-) Ba"
fn in_brackets(line: &str) -> bool {
    let Some((inside, words)) = line
        .strip_prefix(['(', '[', '{'])
        .and_then(|rest| rest.split_once([')', ']', '}']))
    else {
        return false;
    };
    let inside = inside.trim();
    let is_sign = ["-", "+", "*", "–", "•"].contains(&inside);
    let is_number = Number::at_start(inside).is_some_and(|(_, length)| length == inside.len());
    let next = words.chars().next().unwrap_or(' ');
    (is_sign || is_number) && (next.is_whitespace() || next.is_alphabetic())
}

/// "Điều 1. Một", "Khoản 2: Hai", "Câu hỏi 3) Ba", "Phần I - Một"
fn counted(line: &str) -> bool {
    let mut rest = line;
    if !rest.starts_with(char::is_uppercase) {
        return false;
    }
    for _ in 0..2 {
        let Some((word, behind)) = rest.split_once(' ') else {
            return false;
        };
        if !word.chars().all(char::is_alphabetic) {
            return false;
        }
        rest = behind;
        let Some((_, length)) = Number::at_start(rest) else {
            continue;
        };
        let behind = rest[length..].trim_start();
        let words = behind.trim_start_matches(['.', ':', ')', '/', '-', '–', '—']);
        return words.len() < behind.len() && begins_words(words);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_told_however_they_are_counted() {
        for line in [
            "A. Một",
            "I. Một",
            "IV. Bốn",
            "ii. Hai",
            "I/ Một",
            "(1) Một",
            "(a) Một",
            "(iv) Bốn",
            "( 2 ) Hai",
            "[1] Một",
            "(-) Một",
            "a/ Một",
            "a, Một",
            "1, Một",
            "1- Một",
            "1-Một",
            "1 - Một",
            "1 – Một",
            "1 . Một",
            "1: Một",
            "1.- Một",
            "1.) Một",
            "2°/ Hai",
            "1.1 Một",
            "*Một",
            "_Một",
            "_ Một",
            "» Một",
            "»Một",
            "= Một",
            "=> Một",
            "--> Một",
            "✓ Một",
            "✔Một",
            "→ Một",
            "⇒ Một",
            ". Một",
            "Ø Một",
            "ü\tMột",
            "v Một",
            "– nơi bà mẹ sinh con",
            "– 11 giờ 30",
            "\\- Một",
            "-01 tờ khai",
            "**A.** Một",
            "**(1)** Một",
            "\\* Một",
            "Điều 1. Một",
            "Khoản 2: Hai",
            "Câu hỏi 3) Ba",
            "Phần I - Một",
            "Phụ lục II.",
            "Câu 1 : Một",
        ] {
            assert_eq!(Marker::of(line), Some(Marker::Beside), "{line}");
        }
        for line in [
            "-- Một",
            "--Một",
            "--- Một",
            "\u{f0b7} Một",
            "\u{f0a7}\tMột",
            "\u{f0fc}Một",
        ] {
            assert_eq!(Marker::of(line), Some(Marker::Sure), "{line}");
        }
        for line in ["1.1.1. Một", "1.1) Một", "**2.** Hai", "1\\. Một", "‑ Một", "đ) Một"] {
            assert_eq!(Marker::of(line), Some(Marker::Perhaps), "{line}");
        }
    }

    #[test]
    fn words_sums_days_and_marks_are_no_items() {
        for line in [
            "Ông A đến",
            "A Lưới",
            "Y tế xã",
            "ạ. Cháu",
            "ô.",
            "ý, nghĩa",
            "vi phạm",
            "X-quang phổi",
            "e-mail của xã",
            "7 giờ 30",
            "7:30 họp",
            "5-7 ngày",
            "1,5 triệu đồng",
            "v.v. và",
            "*Lưu ý:* nhớ",
            "**Lưu ý:** nhớ",
            "_TK01_ nhé",
            "(cũ) của xã",
            "(khoảng 5 ngày)",
            "[Xem](page:a)",
            "“Chào bác”",
            "\"Chào bác\"",
            "Nghị định 30/2020",
            "Khoản 2, Điều 3",
            "Điều 5 Nghị định",
            "Số 1.000 đồng",
            "Thôn 2 họp",
            "{{commune.name}}",
            "\\*098\\*3#",
            "- một",
            "* một",
            "-----o0o-----",
        ] {
            assert_eq!(Marker::of(line), None, "{line}");
        }
    }
}
