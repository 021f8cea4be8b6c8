//! From a TOML value to the type that a key wants; what has another type is a fault with its place.
//!
//! Begin with [`Values`].

use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::DeValue;

use super::file::SourceFile;
use super::notes::Notes;
use super::{folder, glyphs, insertions, lookalikes};
use crate::content::faults::Fault;

/// A value and where it stands in its file.
#[derive(Debug, Clone, Default)]
pub(super) struct Located<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// Reads values of one piece of TOML.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub file: &'a SourceFile,
    /// Where the TOML begins in the file.
    pub base: usize,
}

impl<'a> Values<'a> {
    /// A parsed value with its place in the whole file.
    pub(super) fn locate<T>(self, value: Spanned<T>) -> Located<T> {
        let span = value.span();
        Located {
            span: self.base + span.start..self.base + span.end,
            value: value.into_inner(),
        }
    }

    pub(super) fn text(self, key: &str, found: Located<DeValue<'a>>, notes: &mut Notes) -> Located<String> {
        let Located { value, span } = found;
        let DeValue::String(text) = value else {
            self.wrong_type(key, span, "chữ trong dấu ngoặc kép, ví dụ \"abc\"", notes);
            return Located::default();
        };
        insertions::note_insertions(self.file, span.clone(), notes);
        let written = &self.file.text[span.clone()];
        let quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| written.starts_with(quotes));
        let inside = quotes.and_then(|quotes| written[quotes.len()..].strip_suffix(quotes));
        if let Some(inside) = inside {
            let start = span.start + 3;
            lookalikes::note_value(self.file, start..start + inside.len(), notes);
        }
        // These can only come of an escape, or of a table that was pasted.
        let is_control = |letter: char| {
            matches!(
                letter,
                '\t' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
            )
        };
        let ends = |text: &str| text.matches('\n').count();
        // Right behind the quotes, TOML leaves one out.
        let written_ends = inside.map_or(0, |inside| ends(inside.strip_prefix('\n').unwrap_or(inside)));
        if text.lines().any(|line| line.trim().contains(is_control)) || ends(&text) > written_ends {
            let message = format!("Mục \"{key}\" có dấu tab hoặc dấu xuống dòng, máy sẽ thay bằng một dấu cách");
            let place = self.file.place(span.clone());
            let help = "Hãy bỏ \\t, \\n và dấu tab trong dấu ngoặc kép, rồi viết thành câu.";
            notes.add(Fault::error("odd-character", place, message).help(help));
        }
        // One line of text, however it was broken into lines.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = if written.contains('\\') {
            // Escapes may say what the file itself can't hold.
            let text = text.replace(folder::is_invisible, "");
            glyphs::note_value(self.file, &text, &span, notes);
            text
        } else {
            text
        };
        Located {
            value: notes.facts.fill(&text),
            span,
        }
    }

    pub(super) fn texts(
        self,
        key: &str,
        found: Located<DeValue<'a>>,
        notes: &mut Notes,
    ) -> Option<Vec<Located<String>>> {
        let wanted = "một danh sách, ví dụ [\"a\", \"b\"]";
        let mut read = Vec::new();
        for text in self.array(key, found, wanted, notes)? {
            let text = self.text(key, text, notes);
            if text.value.is_empty() && !text.span.is_empty() {
                let place = self.file.place(text.span.clone());
                let message = format!("Danh sách \"{key}\" có một mục trống");
                notes.add(Fault::error("empty-text", place, message));
            }
            read.push(text);
        }
        Some(read)
    }

    pub(super) fn array(
        self,
        key: &str,
        found: Located<DeValue<'a>>,
        wanted: &str,
        notes: &mut Notes,
    ) -> Option<Vec<Located<DeValue<'a>>>> {
        if let DeValue::Array(values) = found.value {
            return Some(values.into_iter().map(|value| self.locate(value)).collect());
        }
        self.wrong_type(key, found.span, wanted, notes);
        None
    }

    pub(super) fn date(self, key: &str, found: Located<DeValue<'a>>, notes: &mut Notes) -> Option<Located<NaiveDate>> {
        let Located { value, span } = found;
        let date = value.as_datetime().and_then(|datetime| datetime.date);
        let date = date.and_then(|date| NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()));
        if date.is_none() {
            let wanted = "một ngày không có dấu ngoặc kép, ví dụ 2026-11-22";
            self.wrong_type(key, span.clone(), wanted, notes);
        }
        date.map(|value| Located { value, span })
    }

    pub(super) fn number(
        self,
        key: &str,
        found: Located<DeValue<'a>>,
        range: &Range<u64>,
        notes: &mut Notes,
    ) -> Option<u64> {
        let Located { value, span } = found;
        let Some(number) = value.as_integer().filter(|number| number.radix() == 10) else {
            self.wrong_type(key, span, "một số không có dấu ngoặc kép", notes);
            return None;
        };
        let number = number.as_str().parse().ok();
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let (first, last) = (range.start, range.end - 1);
            let message = format!("Mục \"{key}\" phải từ {first} đến {last}");
            notes.add(Fault::error("wrong-value", self.file.place(span), message));
        }
        number
    }

    pub(super) fn flag(self, key: &str, found: Located<DeValue<'a>>, notes: &mut Notes) -> bool {
        if let DeValue::Boolean(flag) = found.value {
            return flag;
        }
        self.wrong_type(
            key,
            found.span,
            "true (có) hoặc false (không), không có dấu ngoặc kép",
            notes,
        );
        false
    }

    pub(super) fn choice<T: Copy>(
        self,
        key: &str,
        found: Located<DeValue<'a>>,
        choices: &[(&str, T)],
        notes: &mut Notes,
    ) -> Option<T> {
        let text = self.text(key, found, notes);
        let found = choices.iter().find(|(name, _)| *name == text.value);
        if found.is_none() && !text.span.is_empty() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let message = format!("Mục \"{key}\" không thể là \"{}\"", text.value);
            let help = format!("Chọn một trong các giá trị: {}.", names.join(", "));
            let place = self.file.place(text.span);
            notes.add(Fault::error("wrong-value", place, message).help(help));
        }
        found.map(|(_, value)| *value)
    }

    pub(super) fn wrong_type(self, key: &str, span: Range<usize>, wanted: &str, notes: &mut Notes) {
        notes.half_read.insert(self.file.name.clone());
        let message = format!("Mục \"{key}\" sai kiểu");
        let fault = Fault::error("wrong-type", self.file.place(span), message);
        // What is left of a line that can't be read has a type by chance.
        let is_broken = |other: &Fault| {
            other.code == "toml-syntax" && other.place.file == fault.place.file && other.place.line == fault.place.line
        };
        if notes.faults.iter().any(is_broken) {
            return;
        }
        notes.add(fault.help(format!("Ở đây cần {wanted}.")));
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::fields::Fields;
    use super::*;

    /// What is wrong with a summary that is written so.
    fn codes(written: &str) -> Vec<&'static str> {
        let file = SourceFile {
            name: "pack.toml".to_owned(),
            text: format!("summary = {written}\n"),
        };
        let mut notes = Notes::new(NaiveDate::default());
        let mut fields = Fields::of_file(&file, &mut notes);
        fields.optional_text("summary", &mut notes);
        fields.finish(&mut notes);
        notes.faults.into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn lines_of_a_value_that_were_meant_as_lines_are_not_run_together() {
        for list in [
            "\"\"\"\n- Tờ khai\n- Giấy chứng sinh\n\"\"\"",
            "\"\"\"\n1. Tờ khai\n2. Giấy chứng sinh\"\"\"",
            "'''\nSáng: 7 giờ 30\nChiều: 13 giờ 30\n'''",
            "\"\"\"• Tờ khai\n• Giấy chứng sinh\"\"\"",
            "\"\"\"\nSáng: 7 giờ 30  \nChiều: 13 giờ 30\n\"\"\"",
            "\"\"\"\nSáng: 7 giờ 30 \\\nChiều: 13 giờ 30\n\"\"\"",
            "\"\"\"\n1. Tờ khai  \n2. Giấy chứng sinh\n\"\"\"",
        ] {
            assert_eq!(codes(list), ["lines-run-together"], "{list}");
        }
        for prose in [
            "\"\"\"\nMang theo tờ khai,\n  giấy chứng sinh.\n\"\"\"",
            "\"\"\"Một \\\n  Hai\"\"\"",
            "\"\"\"\"\"\"",
            "\"\"\"Một\"\"\"",
        ] {
            assert_eq!(codes(prose), [""; 0], "{prose}");
        }
    }

    #[test]
    fn a_value_holds_no_tabs_and_no_ends_of_lines() {
        for odd in [
            "\"Tên\\tPhí\"",
            "\"Tên\tPhí\"",
            "'Tên\tPhí'",
            "\"Sáng\\nChiều\"",
            "\"Sáng\\r\\nChiều\"",
            "\"Sáng\\u000bChiều\"",
            "\"Sáng\\fChiều\"",
            "\"Sáng\\u2028Chiều\"",
            "\"\"\"\nTên\tPhí\n\"\"\"",
            "\"\"\"Sáng\\nChiều\"\"\"",
            "\"\"\"\nSáng\\nChiều\n\"\"\"",
            "\"Sáng\\bChiều\"",
            "\"Sáng\\u001bChiều\"",
        ] {
            assert_eq!(codes(odd), ["odd-character"], "{odd}");
        }
        for fine in [
            "\"\"\"\n\tMang theo tờ khai.\n\"\"\"",
            "\"Một \\\"hai\\\"\"",
            "\"Một\\u0020hai\"",
        ] {
            assert_eq!(codes(fine), [""; 0], "{fine}");
        }
    }
}
