//! Facts of the commune (`commune.toml`), and the places where texts insert them as `{{commune.key}}`.
//!
//! Staff fill the file in; until they do, residents read "hỏi cán bộ tại quầy" where the fact would stand. Begin with
//! [`Facts`].

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::fields::Fields;
use super::folder::SourceFile;
use super::notes::Notes;
use crate::content::faults::{Fault, Place};

/// What residents read in the place of a fact that nobody has filled in.
const ASK_AT_THE_DESK: &str = "hỏi cán bộ tại quầy";

/// The same in an English text.
const ASK_AT_THE_DESK_EN: &str = "ask the staff at the counter";

/// Every fact there is. A closed list, so that a misspelt key is a fault and not a silently missing telephone number.
const KEYS: [&str; 17] = [
    "name",
    "center_name",
    "center_address",
    "center_hours",
    "center_phone",
    "police_phone",
    "police_address",
    "health_station_phone",
    "hospital_phone",
    "radio_station_phone",
    "digital_team_contacts",
    "electricity_office_phone",
    "water_supplier_phone",
    "post_office_phone",
    "school_phone",
    "complaint_phone",
    "online_fee_note",
];

/// The facts, and which of them texts have asked for.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub values: BTreeMap<String, String>,
    places: BTreeMap<String, Place>,
    used: BTreeSet<String>,
    /// Whether the text that is being read is English.
    pub in_english: bool,
}

/// Reads `commune.toml`.
pub(super) fn read(file: &SourceFile, notes: &mut Notes) {
    let mut fields = Fields::of_file(file, notes);
    let mut facts = Facts::default();
    for key in KEYS {
        let value = fields.text_that_may_be_empty(key, notes);
        facts.places.insert(key.to_owned(), file.place(value.span));
        facts.values.insert(key.to_owned(), value.value);
    }
    fields.finish(notes);
    notes.facts = facts;
}

impl Facts {
    /// Replaces every insertion in a text. Broken ones stay as they are: [`note_insertions`] reported them.
    pub(super) fn fill(&self, text: &str) -> String {
        let unknown = if self.in_english {
            ASK_AT_THE_DESK_EN
        } else {
            ASK_AT_THE_DESK
        };
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let Some(length) = rest[start..].find("}}") else {
                break;
            };
            let end = start + length + 2;
            filled.push_str(&rest[..start]);
            match key(&rest[start..end]).and_then(|key| self.values.get(key)) {
                Some(value) if value.is_empty() => filled.push_str(unknown),
                Some(value) => filled.push_str(value),
                None => filled.push_str(&rest[start..end]),
            }
            rest = &rest[end..];
        }
        filled + rest
    }

    /// One warning for each empty fact that a text asks for, where staff would fill it in.
    pub(super) fn empty_but_used(&self) -> impl Iterator<Item = Fault> {
        let empty = self
            .used
            .iter()
            .filter(|key| self.values.get(*key).is_some_and(String::is_empty));
        empty
            .filter_map(|key| self.places.get(key).map(|place| (key, place)))
            .map(|(key, place)| {
                let message = format!("\"{key}\" còn trống mà có trang dùng đến");
                Fault::warning("empty-fact", place.clone(), message).help(format!(
                    "Chừng nào chưa điền, người dân sẽ đọc thấy \"{ASK_AT_THE_DESK}\"."
                ))
            })
    }
}

/// Reports insertions that name no fact, and remembers the others as used.
pub(super) fn note_insertions(file: &SourceFile, range: Range<usize>, notes: &mut Notes) {
    let mut at = range.start;
    while let Some(start) = file.text[at..range.end].find("{{").map(|found| at + found) {
        let line_end = file.text[start..range.end]
            .find('\n')
            .map_or(range.end, |found| start + found);
        let end = file.text[start..line_end].find("}}").map(|found| start + found + 2);
        let span = start..end.unwrap_or(line_end);
        at = span.end;
        match end.and_then(|end| key(&file.text[start..end])) {
            Some(key) if notes.facts.values.contains_key(key) => {
                notes.facts.used.insert(key.to_owned());
            }
            Some(key) => notes.add(
                Fault::error(
                    "unknown-fact",
                    file.place(span),
                    format!("commune.toml không có mục \"{key}\""),
                )
                .help(format!("Các mục có thể dùng: {}.", KEYS.join(", "))),
            ),
            None => notes.add(
                Fault::error(
                    "unknown-fact",
                    file.place(span),
                    "Chỗ chèn thông tin của xã viết chưa đúng",
                )
                .help("Hãy viết như {{commune.police_phone}}, không có dấu cách."),
            ),
        }
    }
}

/// The key in `{{commune.key}}`.
fn key(insertion: &str) -> Option<&str> {
    insertion.strip_prefix("{{commune.")?.strip_suffix("}}")
}
