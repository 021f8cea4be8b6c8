//! A report as one flat table of comma-separated values (RFC 4180), for whoever reckons on. Begin with [`text`].

use std::error::Error;

use csv::{Terminator, WriterBuilder};

use super::section::{Section, Shown};

/// Spreadsheets take a file for UTF-8 by this mark only.
const BYTE_ORDER_MARK: char = '\u{feff}';

const HEADER: [&str; 7] = ["Mục", "Bảng", "Mã", "Tên", "Giá trị", "Kỳ này", "Kỳ trước"];

/// All rows of all sections.
pub(super) fn text<'a>(sections: impl Iterator<Item = &'a Section>) -> String {
    let mut rows = vec![HEADER.map(str::to_owned).to_vec()];
    for section in sections {
        for listing in &section.listings {
            for row in &listing.rows {
                let words = [section.heading, listing.caption, &row.subject, &row.title, &row.value];
                let mut fields = words.map(harmless).to_vec();
                fields.extend([figure(&row.now), figure(&row.before)]);
                rows.push(fields);
            }
        }
    }
    lines(&rows).expect("in memory, and all rows are as long")
}

fn lines(rows: &[Vec<String>]) -> Result<String, Box<dyn Error>> {
    let begun = BYTE_ORDER_MARK.to_string().into_bytes();
    let mut lines = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(begun);
    for row in rows {
        lines.write_record(row)?;
    }
    Ok(String::from_utf8(lines.into_inner()?)?)
}

fn figure(shown: &Shown) -> String {
    match shown {
        Shown::Number(n) | Shown::Count(n @ 1..) => n.to_string(),
        Shown::Count(_) => shown.text(),
        Shown::Words(words) => harmless(words),
        Shown::Nothing => String::new(),
    }
}

/// Spreadsheets take text that begins so for a formula, unless an apostrophe stands before it.
fn harmless(words: &str) -> String {
    if words.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{words}")
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_formulas_are_text() {
        let row = ["a,b", "c\"d", "=1+1", "-2", "", "x\r\ny", " # Mục"]
            .map(harmless)
            .to_vec();
        let text = lines(&[row]).unwrap();
        assert_eq!(text, "\u{feff}\"a,b\",\"c\"\"d\",'=1+1,'-2,,\"x\r\ny\", # Mục\r\n");
    }
}
