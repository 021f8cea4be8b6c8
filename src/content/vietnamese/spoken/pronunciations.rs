//! How an author has words said that the rules say otherwise or don't know. Begin with [`Pronunciations`].

use unicode_normalization::UnicodeNormalization;

use super::spoken;

/// A table of words and how they are said, by an author (`spoken.toml`). An empty one changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pronunciations {
    /// Longer words first, so that "Zalo OA" is found before "Zalo".
    pairs: Vec<(String, String)>,
}

impl Pronunciations {
    /// A table of pairs: as it is written, and as it is said.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let pairs = pairs.into_iter().map(|(written, said)| (form(&written), form(&said)));
        let mut pairs: Vec<_> = pairs.filter(|(written, _)| !written.is_empty()).collect();
        pairs.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        Self { pairs }
    }

    /// The text as it is read aloud: the author's words first, then the rules.
    #[must_use]
    pub fn spoken(&self, text: &str) -> String {
        if self.pairs.is_empty() {
            return spoken(text);
        }
        let lines: Vec<String> = text.lines().map(|line| self.said(&form(line))).collect();
        spoken(&lines.join("\n"))
    }

    /// How many syllables somebody says who reads this aloud.
    #[must_use]
    pub fn syllables(&self, text: &str) -> usize {
        super::count(&self.spoken(text))
    }

    /// One pass from the left: what was put in is not looked at again.
    fn said(&self, line: &str) -> String {
        let mut said = String::with_capacity(line.len());
        let mut rest = line;
        while let Some(letter) = rest.chars().next() {
            let before = &line[..line.len() - rest.len()];
            let found = self.pairs.iter().find(|(written, _)| {
                let behind = rest.strip_prefix(written.as_str());
                behind.is_some_and(|behind| !goes_on_before(before) && !goes_on_behind(behind))
            });
            if let Some((written, instead)) = found {
                said.push_str(instead);
                rest = &rest[written.len()..];
            } else {
                said.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
        said
    }
}

/// The form in which both the table and the text are compared: that of the rules, with single spaces.
fn form(text: &str) -> String {
    let text: String = text.nfkc().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Signs that join what stands on both sides to one: an address, the number of a decree.
fn joins(sign: char) -> bool {
    matches!(sign, '.' | '-' | '@' | '_')
}

/// Whether the text before a word belongs to the same word.
fn goes_on_before(before: &str) -> bool {
    let mut letters = before.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(last), _) if last.is_alphanumeric() => true,
        // "356/2025/NĐ-CP" is one, "OTP/PIN" are two.
        (Some('/'), Some(other)) => other.is_ascii_digit(),
        (Some(sign), Some(other)) => joins(sign) && other.is_alphanumeric(),
        _ => false,
    }
}

/// The same for what follows it.
fn goes_on_behind(behind: &str) -> bool {
    let mut letters = behind.chars();
    match (letters.next(), letters.next()) {
        (Some(first), _) if first.is_alphanumeric() => true,
        (Some(sign), Some(other)) => joins(sign) && other.is_alphanumeric(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(pairs: &[(&str, &str)]) -> Pronunciations {
        let pairs = pairs
            .iter()
            .map(|(written, said)| ((*written).to_owned(), (*said).to_owned()));
        Pronunciations::new(pairs)
    }

    #[test]
    fn an_authors_words_come_before_the_rules_and_only_as_whole_words() {
        let table = table(&[
            ("VNeID", "vi-en-ai-đi"),
            ("NĐ", "nờ đê"),
            ("Zalo", "da-lô"),
            ("Zalo OA", "da-lô chính thức"),
            ("5G", "năm gi"),
            ("da", "không ai nói"),
        ]);
        for (written, said) in [
            ("Mở VNeID, gõ mã.", "Mở vi-en-ai-đi, gõ mã."),
            ("“VNeID”/Zalo.", "“vi-en-ai-đi” da-lô."),
            ("Zalo  OA của xã, Zalo", "da-lô chính thức của xã, da-lô"),
            ("mạng 5G, 4G", "mạng năm gi, bốn gờ"),
            ("dat, xda", "dat, xda"),
            (
                "Nghị định 356/2025/NĐ-CP",
                "Nghị định số ba trăm năm mươi sáu năm hai nghìn không trăm hai mươi lăm của Chính phủ",
            ),
        ] {
            assert_eq!(table.spoken(written), said, "“{written}”");
        }
        assert_eq!(table.syllables("VNeID"), 4);
        // An address stays one.
        assert_eq!(table.spoken("da.gov.vn"), spoken("da.gov.vn"));
    }

    #[test]
    fn an_empty_table_changes_nothing_and_no_figure_is_left_whatever_a_table_says() {
        let text = "Gọi 18001096 trước ngày 1/6/2025, mang CCCD.";
        assert_eq!(Pronunciations::default().spoken(text), spoken(text));
        let odd = table(&[("", "gì"), ("CCCD", "căn cước 12 số"), ("Gọi", "")]);
        assert!(!odd.spoken(text).contains(char::is_numeric), "{}", odd.spoken(text));
        assert!(odd.spoken(text).ends_with("mang căn cước mười hai số."));
    }
}
