//! Facts of the commune, and how they come into texts that ask for them as `{{commune.key}}`.
//!
//! Until staff fill a fact in, something else is said where it would stand: see [`Instead`]. Begin with [`Facts`].

use std::collections::{BTreeMap, BTreeSet};

use crate::content::faults::{Fault, Place};

/// What stands in the place of a fact that nobody has filled in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instead {
    /// Residents read it beside the counter.
    #[default]
    OnScreen,
    /// The same in an English text.
    InEnglish,
    /// People hear it in their fields.
    OnAir,
}

impl Instead {
    fn words(self) -> &'static str {
        match self {
            Self::OnScreen => "hỏi cán bộ tại quầy",
            Self::InEnglish => "ask the staff at the counter",
            Self::OnAir => "xem bảng thông báo ở trụ sở xã",
        }
    }
}

/// Every fact there is. A closed list, so that a misspelt key is a fault and not a silently missing telephone number.
pub(super) const KEYS: [&str; 26] = [
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
    "tax_phone",
    "insurance_phone",
    "economy_phone",
    "land_office_phone",
    "licence_place",
    "helper_today",
    "reception_phone",
    "portal_phone",
    "site",
];

/// The first seventeen: a commune whose file is older than the others is not told that they are missing.
pub(super) const ALWAYS: usize = 17;

/// The facts, and which of them texts have asked for.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub values: BTreeMap<String, String>,
    pub places: BTreeMap<String, Place>,
    pub used: BTreeSet<String>,
    /// What the text that is being read says for a fact that isn't there.
    pub instead: Instead,
}

impl Facts {
    /// Replaces every insertion in a text. Broken ones stay as they are: [`note_insertions`] reported them.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let Some(length) = rest[start..].find("}}") else {
                break;
            };
            let end = start + length + 2;
            filled.push_str(&rest[..start]);
            match key(&rest[start..end]).and_then(|key| self.values.get(key)) {
                Some(value) if value.is_empty() => filled.push_str(self.instead.words()),
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
                // One that came later than the commune's file has no line there yet.
                let message = if place.span.is_empty() {
                    format!("Chưa có mục \"{key}\" mà có trang dùng đến: hãy thêm dòng {key} = \"\"")
                } else {
                    format!("\"{key}\" còn trống mà có trang dùng đến")
                };
                Fault::warning("empty-fact", place.clone(), message).help(format!(
                    "Chừng nào chưa điền, người dân sẽ đọc thấy \"{}\".",
                    Instead::OnScreen.words()
                ))
            })
    }
}

/// The key in `{{commune.key}}`.
pub(super) fn key(insertion: &str) -> Option<&str> {
    insertion.strip_prefix("{{commune.")?.strip_suffix("}}")
}
