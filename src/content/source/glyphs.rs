//! Characters that the kiosk's font has no picture for: residents would see a gap. Each is an error that says what to write instead.
//!
//! Looks at whole files, because text can stand anywhere in them; comments and `style.toml` are shown to nobody. Begin with [`note_file`].

use std::collections::BTreeMap;
use std::ops::Range;

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
    if file.name == "style.toml" {
        return;
    }
    let mut found: BTreeMap<char, (usize, Vec<usize>)> = BTreeMap::new();
    let mut at = 0;
    // Front matter is TOML as well: a line of comment is one that begins with # and is no heading.
    let mut in_toml = true;
    let is_page = matches!(file.name.rsplit_once('.'), Some((_, "md")));
    for (number, line) in (1..).zip(file.text.split_inclusive('\n')) {
        if is_page && number > 1 && line.trim_end() == "+++" {
            in_toml = false;
        }
        if !(in_toml && line.trim_start().starts_with('#')) {
            for (place, letter) in line.char_indices().filter(|(_, letter)| !can_be_shown(*letter)) {
                let (_, lines) = found.entry(letter).or_insert((at + place, Vec::new()));
                if lines.last() != Some(&number) {
                    lines.push(number);
                }
            }
        }
        at += line.len();
    }
    for (letter, (place, lines)) in found {
        notes.add(fault(file, letter, place..place + letter.len_utf8(), &lines));
    }
}

/// The same for a value that was written with escapes, such as `\u2192`.
pub(super) fn note_value(file: &SourceFile, value: &str, span: &Range<usize>, notes: &mut Notes) {
    for letter in value.chars().filter(|letter| !can_be_shown(*letter)) {
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
        return Fault::error("odd-character", file.place(span), message).help("Hãy xoá ký tự đó rồi gõ lại.");
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
