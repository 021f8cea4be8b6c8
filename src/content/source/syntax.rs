//! What an author is told of a line that is no TOML: the reader of TOML speaks English and of tokens. Begin with [`fault`].

use std::ops::Range;

use toml::de::DeTable;

use super::file::SourceFile;
use crate::content::faults::Fault;

/// Whether the reader found something for the second time.
pub(super) fn is_twice(message: &str) -> bool {
    message.starts_with("duplicate key")
}

/// Whether that is a heading: one of `[name]` where there are several of `[[name]]`. Whoever asks for the tables says so, once.
pub(super) fn is_heading_twice(file: &SourceFile, span: &Range<usize>, message: &str) -> bool {
    is_twice(message) && file.text.get(..span.start).is_some_and(|before| before.ends_with('['))
}

/// Whether the line at this byte is TOML when nothing stands before it: a key and its value, a heading, or an item of a list.
pub(super) fn reads_alone(file: &SourceFile, at: usize) -> bool {
    let text = &file.text;
    let start = text[..at.min(text.len())].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or_default().trim();
    let item = line.trim_end_matches([']', ',']);
    [line.to_owned(), format!("a = [{item}]")]
        .iter()
        .any(|alone| DeTable::parse(alone).is_ok())
}

/// The fault for what the reader of TOML can't make sense of; `message` is its own, in English.
pub(super) fn fault(file: &SourceFile, span: Range<usize>, message: &str) -> Fault {
    if is_twice(message) {
        let message = "Mục này được viết hai lần";
        return Fault::error("duplicate-key", file.place(span), message);
    }
    let start = file.text[..span.start.min(file.text.len())]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let line = file.text[start..].lines().next().unwrap_or_default();
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    let looks_like_a_date =
        value.starts_with(|c: char| c.is_ascii_digit()) && value.matches(['/', '-', '.']).count() == 2;
    // A single one may stand inside of words as well: "Côte d’Ivoire".
    let around = |text: &str| text.starts_with(['‘', '’', '‚', '‛']) || text.ends_with(['‘', '’', '‛']);
    let texts = line.split(['=', '[', ',', ']']);
    let is_curly = line.contains(['“', '”', '„', '‟', '″', '＂']) || texts.map(str::trim).any(around);
    let (message, help) = if is_curly {
        (
            "Dòng này dùng dấu nháy cong “ ” hoặc ‘ ’ của Word",
            "Hãy xoá rồi gõ lại dấu nháy thẳng \" ở hai đầu của chữ.",
        )
    } else if looks_like_a_date {
        (
            "Ngày này viết chưa đúng, hoặc không có trong lịch",
            "Viết năm, tháng, ngày, không có dấu ngoặc kép, ví dụ 2026-11-23.",
        )
    } else {
        (
            "Dòng này viết chưa đúng",
            "Mỗi dòng có dạng mục = \"chữ\"; hãy xem lại dấu bằng, dấu ngoặc kép, dấu phẩy và dấu ngoặc vuông.",
        )
    };
    Fault::error("toml-syntax", file.place(span), message).help(help)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::fields::Fields;
    use super::super::notes::Notes;
    use super::*;

    /// Codes and words of what is wrong with some TOML.
    fn faults(text: &str) -> Vec<(&'static str, String)> {
        let file = SourceFile {
            name: "pack.toml".to_owned(),
            text: text.to_owned(),
        };
        let mut notes = Notes::new(NaiveDate::default());
        Fields::of_file(&file, &mut notes);
        notes
            .faults
            .into_iter()
            .map(|fault| (fault.code, fault.message))
            .collect()
    }

    #[test]
    fn what_is_open_is_said_once() {
        let open = "title = \"Một\"\nwords = [\n  \"một\",\n  \"hai\"\nsection = \"a\"\nid = \"b\"\n\n[[question]]\nprompt = \"Gì?\"\nchoices = [\"a\", \"b\"]\n";
        assert_eq!(faults(open).len(), 1, "{:?}", faults(open));
        let two = "title = “Một”\nid = \"a\"\nsummary = “Hai”\n";
        assert_eq!(faults(two).len(), 2, "{:?}", faults(two));
        assert_eq!(faults("title = \"C:\\Users\"\n").len(), 1);
    }

    #[test]
    fn curly_quotes_around_a_value_are_told_as_such() {
        for curly in [
            "title = “Một”",
            "title = ‘Một’",
            "title=‘Một’",
            "title = ’Một’",
            "title = ‘Một'",
            "words = [\"một\", ‘hai’]",
            "words = [\n  ‘một’,\n]",
        ] {
            let faults = faults(curly);
            let told = faults
                .iter()
                .all(|(code, message)| *code == "toml-syntax" && message.contains("nháy cong"));
            assert!(told && !faults.is_empty(), "{curly}: {faults:?}");
        }
        for other in ["title = \"Côte d’Ivoire", "title = Một"] {
            let faults = faults(other);
            let told = faults.iter().any(|(_, message)| message.contains("nháy cong"));
            assert!(!told && !faults.is_empty(), "{other}: {faults:?}");
        }
        for fine in ["title = \"‘Một’\"", "title = 'Một ’ hai'"] {
            assert_eq!(faults(fine), []);
        }
    }
}
