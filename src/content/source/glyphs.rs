//! Characters that the kiosk's font has no picture for: residents would see a gap. Each is an error that says what to write instead.
//!
//! Looks at all text of a file, whatever it is for; comments, `style.toml`, `spoken.toml` and `voice.toml` are shown to nobody. Begin with [`note_file`].

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;
use crate::content::font;

/// So many lines are named for one character.
const MOST_LINES: usize = 5;

/// What to write instead of the commonest ones.
const INSTEAD: [(&str, &str); 16] = [
    ("→⇒➔➜➡►▶⟶", "Hãy viết \"rồi\" hoặc dấu >, ví dụ: Cài đặt > Ví giấy tờ."),
    ("←⇐⬅◄◀", "Hãy viết \"quay lại\"."),
    ("↑⬆▲", "Hãy viết \"lên\"."),
    ("↓⬇▼", "Hãy viết \"xuống\"."),
    ("↔⇔", "Hãy viết \"và\" hoặc dấu –."),
    ("≥⩾", "Hãy viết \"từ … trở lên\", ví dụ: từ 14 tuổi trở lên."),
    ("≤⩽", "Hãy viết \"không quá\", ví dụ: không quá 5 ngày."),
    ("≠≈≡∼", "Hãy viết bằng chữ: \"khác\", \"khoảng\", \"như\"."),
    ("✓✔☑✅🗸", "Hãy viết \"có\", \"được\" hoặc dùng danh sách có dấu \"- \"."),
    ("✗✘✕✖❌☒🗙", "Hãy viết \"không\" hoặc \"không được\"."),
    (
        "●■▪◆★☆⭐□☐○➢➤❖",
        "Đầu mỗi mục của danh sách hãy viết dấu gạch nối và một dấu cách: \"- \".",
    ),
    ("☎✆📞📱☏", "Hãy viết \"điện thoại\" hoặc \"gọi\"."),
    ("✉📧📩", "Hãy viết \"thư điện tử\" hoặc \"thư\"."),
    (
        "⚠❗❕‼🚨",
        "Hãy viết khung cảnh báo: > [!CANH-BAO], hoặc chữ \"Chú ý\".",
    ),
    ("📌📍🏠🏢⏰🕐💰", "Hãy viết bằng chữ: \"nơi\", \"giờ\", \"phí\"."),
    ("℃", "Hãy viết °C, hoặc \"độ\"."),
];

/// Notes every character of a file that can't be shown, each once, with the lines it stands on.
pub(super) fn note_file(file: &SourceFile, notes: &mut Notes) {
    if ["style.toml", "spoken.toml", "voice.toml"].contains(&file.name.as_str()) {
        return;
    }
    let mut found: BTreeMap<char, (usize, Vec<usize>)> = BTreeMap::new();
    let mut texts = texts(file).into_iter().peekable();
    let mut line = 1;
    for (at, letter) in file.text.char_indices() {
        while texts.next_if(|text| text.end <= at).is_some() {}
        if texts.peek().is_some_and(|text| text.contains(&at)) && !can_be_shown(letter) {
            let (_, lines) = found.entry(letter).or_insert((at, Vec::new()));
            if lines.last() != Some(&line) {
                lines.push(line);
            }
        }
        line += usize::from(letter == '\n');
    }
    for (letter, (place, lines)) in found {
        notes.add(fault(file, letter, place..place + letter.len_utf8(), &lines));
    }
}

/// Where a file has text that can be shown, in its order: what stands behind the front matter, and the values of TOML. All else there is
/// comments, or an error of its own.
fn texts(file: &SourceFile) -> Vec<Range<usize>> {
    let whole = 0..file.text.len();
    let is_page = matches!(file.name.rsplit_once('.'), Some((_, "md")));
    let (fields, body) = match file.front_matter() {
        _ if !is_page => (whole, None),
        Some((fields, body)) => (fields, Some(body)),
        None => return vec![whole],
    };
    let (table, _) = DeTable::parse_recoverable(&file.text[fields.clone()]);
    let mut texts = Vec::new();
    for value in table.get_ref().values() {
        push_texts(value, fields.start, &mut texts);
    }
    texts.extend(body);
    texts.sort_by_key(|text| text.start);
    texts
}

fn push_texts(value: &Spanned<DeValue<'_>>, base: usize, texts: &mut Vec<Range<usize>>) {
    match value.get_ref() {
        DeValue::Array(values) => values.iter().for_each(|value| push_texts(value, base, texts)),
        DeValue::Table(table) => table.values().for_each(|value| push_texts(value, base, texts)),
        _ => texts.push(base + value.span().start..base + value.span().end),
    }
}

/// The same for a value that was written with escapes, such as `\u2192`.
pub(super) fn note_value(file: &SourceFile, value: &str, span: &Range<usize>, notes: &mut Notes) {
    // The reader of TOML puts U+FFFD where it couldn't read an escape, and says so itself.
    let is_own = |letter: &char| *letter != '\u{fffd}' || file.text.contains('\u{fffd}');
    for letter in value.chars().filter(|letter| !can_be_shown(*letter)).filter(is_own) {
        notes.add(fault(file, letter, span.clone(), &[]));
    }
}

fn can_be_shown(letter: char) -> bool {
    !is_odd(letter) && font::covers(letter)
}

/// Characters that are none to read; among them is one that Slint gives a meaning of its own (U+E541).
fn is_odd(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\t') || matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{fffd}')
}

fn fault(file: &SourceFile, letter: char, span: Range<usize>, lines: &[usize]) -> Fault {
    let code_point = u32::from(letter);
    let also: Vec<String> = lines.iter().skip(1).take(MOST_LINES).map(usize::to_string).collect();
    let also = match (also.len(), lines.len()) {
        (0, _) => String::new(),
        (named, all) if named + 1 < all => format!(", cả ở dòng {}…", also.join(", ")),
        _ => format!(", cả ở dòng {}", also.join(", ")),
    };
    if is_odd(letter) {
        let message = format!("Có ký tự lạ U+{code_point:04X}{also}");
        return Fault::error("odd-character", file.place(span), message).help(
            "Hãy xoá ký tự đó rồi gõ lại. Nếu là dấu đầu dòng của Word, hãy viết dấu gạch nối và một dấu cách: \"- \".",
        );
    }
    let message =
        format!("Máy không có hình cho ký tự \"{letter}\" (U+{code_point:04X}){also}: người đọc sẽ thấy chỗ trống");
    Fault::error("no-glyph", file.place(span), message).help(instead_of(letter))
}

fn instead_of(letter: char) -> String {
    if let Some((_, instead)) = INSTEAD.iter().find(|(letters, _)| letters.contains(letter)) {
        return (*instead).to_owned();
    }
    match u32::from(letter) {
        code @ 0x2460..=0x2473 => format!("Hãy viết ({}) hoặc dùng danh sách đánh số.", code - 0x2460 + 1),
        code @ 0x2776..=0x277F => format!("Hãy viết ({}) hoặc dùng danh sách đánh số.", code - 0x2776 + 1),
        0x2160..=0x217F => "Hãy viết bằng chữ cái thường: I, II, III, IV, V, X.".to_owned(),
        0x2600..=0x27BF | 0x1F000..=0x1FAFF => "Hãy bỏ hình này, hoặc viết bằng chữ.".to_owned(),
        0x0300..=0x036F => "Dấu này không đi với chữ nào; hãy xoá rồi gõ lại chữ có dấu.".to_owned(),
        _ => "Máy chỉ có chữ Việt, chữ cái La-tinh, Hy Lạp, Ki-rin và các dấu câu thường dùng.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    /// What a file is told, with the line of each fault.
    fn faults(name: &str, text: &str) -> Vec<(&'static str, usize)> {
        let file = SourceFile {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        let mut notes = Notes::new(NaiveDate::default());
        note_file(&file, &mut notes);
        notes
            .faults
            .into_iter()
            .map(|fault| (fault.code, fault.place.line))
            .collect()
    }

    #[test]
    fn comments_may_hold_any_letter_and_texts_may_not() {
        let toml = [
            ("a = \"✓\"", vec![("no-glyph", 1)]),
            ("a = \"\"\"\n# ✓ một\n\"\"\"", vec![("no-glyph", 2)]),
            ("a = '''\n  # ✓\n'''", vec![("no-glyph", 2)]),
            ("a = [\n  \"một\", # ✓\n  \"→\",\n]", vec![("no-glyph", 3)]),
            ("[[a]]\nb = { c = \"→\" }", vec![("no-glyph", 2)]),
            ("# ✓\na = \"một\" # → hai\n  # ☎", vec![]),
            ("a = \"# một\"", vec![]),
        ];
        for (text, expected) in toml {
            assert_eq!(faults("quiz/a.toml", text), expected, "{text}");
            let below = |found: &[(&'static str, usize)]| -> Vec<_> {
                found.iter().map(|(code, line)| (*code, line + 1)).collect()
            };
            let page = format!("+++\n{text}\n+++\n\nMột.\n");
            assert_eq!(faults("pages/a/b.md", &page), below(&expected), "{page}");
        }
        assert_eq!(
            faults("pages/a/b.md", "+++\n# ✓\n+++\n\n## Bước →\n"),
            [("no-glyph", 5)]
        );
        assert_eq!(faults("pages/a/b.md", "# ✓ không có khai báo\n"), [("no-glyph", 1)]);
        assert_eq!(faults("style.toml", "a = \"✓\""), []);
    }
}
