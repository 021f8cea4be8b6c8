//! What a report's words become before they are set: a name may have letters for which there is no picture, and a tagged file with such a letter is refused whole.
//!
//! Names come from a kiosk's page and from the fields of whoever reports, so that nobody can say beforehand which letters they have. Begin
//! with [`printable`].

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::{PaperError, world};

/// What stands for a letter without a picture, as Unicode has it.
const UNKNOWN: char = '\u{fffd}';

/// A text as our fonts can show it: what is invisible anyway is left out, any other letter without a picture is replaced by a mark that there was one.
pub(super) fn printable(text: &str) -> String {
    let shown = text.nfc().filter_map(|letter| match letter {
        '\n' => Some('\n'),
        _ if is_invisible(letter) => None,
        _ if letter.is_whitespace() => {
            let is_space = !letter.is_control() && world::covers(letter);
            Some(if is_space { letter } else { ' ' })
        }
        _ if !is_allowed(letter) => None,
        // Headings are set in capitals.
        _ if world::covers(letter) && letter.to_uppercase().all(world::covers) => Some(letter),
        _ => Some(UNKNOWN),
    });
    shown.collect()
}

/// What a template is given, every text of it changed: [`printable`], [`elsewhere`] or [`by_hand`].
pub(super) fn changed_json(job: &impl Serialize, change: fn(&str) -> String) -> Result<Vec<u8>, PaperError> {
    let error = |error: serde_json::Error| PaperError::Typeset(error.to_string());
    let mut job = serde_json::to_value(job).map_err(error)?;
    change_all(&mut job, change);
    serde_json::to_vec(&job).map_err(error)
}

fn change_all(value: &mut Value, change: fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(values) => values.iter_mut().for_each(|value| change_all(value, change)),
        Value::Object(fields) => fields.values_mut().for_each(|value| change_all(value, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What pages say of the kiosk to whoever stands before it, for those who read or hear it elsewhere.
pub(super) fn elsewhere(text: &str) -> String {
    const OTHERWISE: [(&str, &str); 4] = [
        ("Máy tra cứu này", "Máy tra cứu ở sảnh"),
        ("máy tra cứu này", "máy tra cứu ở sảnh"),
        ("Máy này", "Máy tra cứu ở sảnh"),
        ("Xem thêm:", "Đọc thêm ở máy tra cứu:"),
    ];
    let said = OTHERWISE.iter();
    said.fold(text.to_owned(), |text, (here, there)| text.replace(here, there))
}

/// Room to write what nobody has filled in.
pub(super) const BLANK: &str = "……………………";

/// The same of what is handed out: who reads it at home can't ask at the counter, so staff write there what their commune's facts don't say yet.
/// What comes after it stands on a line of its own.
pub(super) fn by_hand(text: &str) -> String {
    let text = elsewhere(text).replace(": hỏi cán bộ tại quầy. ", &format!(": {BLANK}.\n"));
    text.replace(": hỏi cán bộ tại quầy", &format!(": {BLANK}"))
}

/// A text without what no XML may have: programs refuse the whole file for one such letter. Pictures are the reader's program's affair.
pub(super) fn writable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|letter| is_allowed(*letter)).collect())
    }
}

/// Whether a letter is one, and no command to a machine of long ago nor a place that Unicode keeps empty for ever.
fn is_allowed(letter: char) -> bool {
    let code = u32::from(letter);
    let is_empty = code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code);
    matches!(letter, '\n' | '\t') || !letter.is_control() && !is_empty
}

/// Letters without width or picture of their own: they join, part or choose between others.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn letters_without_a_picture_are_marked_and_invisible_ones_go() {
        assert!(world::covers(UNKNOWN));
        for (written, shown) in [
            ("Ủy ban nhân dân xã Lê Lợi", "Ủy ban nhân dân xã Lê Lợi"),
            ("U\u{309}y ban", "Ủy ban"),
            ("UBND ✔", "UBND \u{fffd}"),
            ("UBND ★😀", "UBND \u{fffd}\u{fffd}"),
            (
                "人民 ประชา \u{f0b7}",
                "\u{fffd}\u{fffd} \u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd} \u{fffd}",
            ),
            ("\u{feff}Lê\u{200d} Lợi\u{fe0f}", "Lê Lợi"),
            ("Lê\u{0}\u{1b}\u{fffe}\u{ffff} Lợi\r\nHai\tba", "Lê Lợi \nHai ba"),
            ("“<5” – 24,0% ½ ≥ …", "“<5” – 24,0% ½ ≥ …"),
        ] {
            assert_eq!(printable(written), shown, "{written:?}");
        }
        assert_eq!(writable("Lê ✔\u{fffe}\u{1} 😀\tLợi"), "Lê ✔ 😀\tLợi");
    }

    /// Every letter that is let through can be set, alone and in capitals, and with a mark above or below it.
    #[test]
    fn whatever_is_let_through_is_set() {
        let every = ('\u{1}'..='\u{2ffff}').filter(|letter| !letter.is_whitespace());
        let letters: Vec<char> = every
            .filter(|letter| printable(&letter.to_string()) == letter.to_string())
            .collect();
        assert!(letters.len() > 2_000, "{}", letters.len());
        let lines: Vec<String> = letters
            .chunks(40)
            .map(|letters| {
                letters
                    .iter()
                    .flat_map(|letter| [*letter, '\u{323}', ' ', *letter, '\u{302}', ' '])
                    .collect()
            })
            .map(|line: String| printable(&line))
            .collect();
        let issuer = crate::office::report::Issuer::default();
        let job = serde_json::json!({
            "issuer": issuer, "title": "Mọi chữ", "opening": lines, "period": "", "appendix": [],
            "main": [{ "heading": "", "sentences": lines, "brief": null, "charts": [], "tables": [] }],
        });
        let files = BTreeMap::from([("job.json".to_owned(), changed_json(&job, printable).unwrap())]);
        let document = super::super::set("report.typ", files, chrono::NaiveDate::default()).unwrap();
        super::super::written(&document, "letters").unwrap();
    }
}
