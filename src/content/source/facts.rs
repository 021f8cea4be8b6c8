//! Facts of the commune, and how they come into texts that ask for them as `{{commune.key}}`.
//!
//! Until staff fill a fact in, residents read "hỏi cán bộ tại quầy" where it would stand. Begin with [`Facts`].

use std::collections::{BTreeMap, BTreeSet};

use crate::content::faults::{Fault, Place};

/// What residents read in the place of a fact that nobody has filled in.
const ASK_AT_THE_DESK: &str = "hỏi cán bộ tại quầy";

/// The same in an English text.
const ASK_AT_THE_DESK_EN: &str = "ask the staff at the counter";

/// Every fact there is. A closed list, so that a misspelt key is a fault and not a silently missing telephone number.
pub(super) const KEYS: [&str; 17] = [
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
    pub places: BTreeMap<String, Place>,
    pub used: BTreeSet<String>,
    /// Whether the text that is being read is English.
    pub in_english: bool,
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

/// The key in `{{commune.key}}`.
pub(super) fn key(insertion: &str) -> Option<&str> {
    insertion.strip_prefix("{{commune.")?.strip_suffix("}}")
}
