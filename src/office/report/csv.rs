//! A report as one flat table of comma-separated values (RFC 4180), for whoever reckons on. Begin with [`text`].

use super::section::{Section, Shown};

/// Spreadsheets take a file for UTF-8 by this mark only.
const BYTE_ORDER_MARK: char = '\u{feff}';

const HEADER: [&str; 7] = ["Mục", "Bảng", "Mã", "Tên", "Giá trị", "Kỳ này", "Kỳ trước"];

/// All rows of all sections.
pub(super) fn text<'a>(sections: impl Iterator<Item = &'a Section>) -> String {
    let mut text = String::from(BYTE_ORDER_MARK);
    line(&mut text, &HEADER.map(str::to_owned));
    for section in sections {
        for listing in &section.listings {
            for row in &listing.rows {
                let words = [section.heading, listing.caption, &row.subject, &row.title, &row.value];
                let mut fields = words.map(harmless).to_vec();
                fields.extend([figure(&row.now), figure(&row.before)]);
                line(&mut text, &fields);
            }
        }
    }
    text
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

fn line(text: &mut String, fields: &[String]) {
    let quoted = fields.iter().map(|field| {
        if field.contains([',', '"', '\r', '\n']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.clone()
        }
    });
    text.push_str(&quoted.collect::<Vec<_>>().join(","));
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_formulas_are_text() {
        let mut text = String::new();
        line(&mut text, &["a,b", "c\"d", "=1+1", "-2"].map(harmless));
        assert_eq!(text, "\"a,b\",\"c\"\"d\",'=1+1,'-2\r\n");
    }
}
