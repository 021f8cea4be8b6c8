//! What is noted down while files are read: faults, what was defined where, and what is referred to.
//!
//! Rules about one file are checked by its reader; rules between files are checked by [`super::check`] from these
//! notes. Begin with [`Notes`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::facts::Facts;
use super::style::Style;
use crate::content::faults::{Fault, Place};
use crate::content::rich::Link;
use crate::content::vietnamese::spoken::Pronunciations;

/// Whether Windows keeps a name for a device, whatever its ending: a site with such a file can't be copied there ("Naming Files, Paths, and Namespaces").
fn is_reserved(id: &str) -> bool {
    let numbered = |name| {
        id.strip_prefix(name)
            .is_some_and(|rest: &str| matches!(rest.as_bytes(), [b'1'..=b'9']))
    };
    matches!(id, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// Things with an id that must be unique among their kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Section,
    Page,
    Quiz,
    Programme,
    Event,
    Topic,
    Question,
    Notice,
}

/// What a reference must lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Thing(Kind),
    Picture,
    Recording,
}

impl Wanted {
    /// What a link must lead to.
    pub(super) fn of(link: &Link) -> Self {
        Self::Thing(match link {
            Link::Page(_) => Kind::Page,
            Link::Quiz(_) => Kind::Quiz,
            Link::Programme(_) => Kind::Programme,
            Link::Event(_) => Kind::Event,
            Link::Section(_) => Kind::Section,
        })
    }
}

/// A place that names something with an id, or a media file.
#[derive(Debug)]
pub(super) struct Reference {
    pub wanted: Wanted,
    pub target: String,
    pub place: Place,
}

/// Everything noted down so far.
#[derive(Debug)]
pub(super) struct Notes {
    pub today: NaiveDate,
    pub faults: Vec<Fault>,
    pub facts: Facts,
    pub style: Style,
    /// How the author has words said.
    pub pronunciations: Pronunciations,
    /// Abbreviations met on the page that is being read; `None` outside of pages, where nobody has to explain them.
    pub abbreviations_met: Option<BTreeSet<String>>,
    pub defined: BTreeMap<(Kind, String), Place>,
    pub references: Vec<Reference>,
    /// Texts of which something couldn't be read. What seems to be missing elsewhere may stand there, so that it isn't said as well: one
    /// fault for one mistake.
    pub half_read: BTreeSet<String>,
}

impl Notes {
    pub(super) fn new(today: NaiveDate) -> Self {
        Self {
            today,
            faults: Vec::new(),
            facts: Facts::default(),
            style: Style::default(),
            pronunciations: Pronunciations::default(),
            abbreviations_met: None,
            defined: BTreeMap::new(),
            references: Vec::new(),
            half_read: BTreeSet::new(),
        }
    }

    pub(super) fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Notes where an id is defined. An id that isn't made of `a-z`, `0-9` and `-`, or is taken, is a fault.
    pub(super) fn define(&mut self, kind: Kind, id: &str, place: Place) {
        if !self.check_id(id, &place) {
            return;
        }
        let key = (kind, id.to_owned());
        if let Some(first) = self.defined.get(&key) {
            let help = format!("Đã dùng ở {first}. Hãy đặt một mã khác.");
            self.add(Fault::error("duplicate-id", place, format!("Mã \"{id}\" bị trùng")).help(help));
        } else {
            self.defined.insert(key, place);
        }
    }

    /// Says whether an id has the form that every id must have.
    pub(super) fn check_id(&mut self, id: &str, place: &Place) -> bool {
        let good = !id.is_empty()
            && !id.starts_with('-')
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if good && is_reserved(id) {
            self.add(
                Fault::error("bad-id", place.clone(), format!("Mã \"{id}\" không dùng được"))
                    .help("Windows không nhận tệp mang tên này. Hãy đặt mã dài hơn, ví dụ con-cai."),
            );
            return false;
        }
        // An empty id has been reported by whoever read it.
        if !good && !id.is_empty() {
            self.add(
                Fault::error("bad-id", place.clone(), format!("Mã \"{id}\" không đúng dạng"))
                    .help("Mã chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối, ví dụ khai-sinh."),
            );
        }
        good
    }

    /// Whether something in a file or folder with this beginning couldn't be read, or a whole folder that it lies in.
    pub(super) fn is_half_read(&self, beginning: &str) -> bool {
        let mut names = self.half_read.iter();
        names.any(|name| name.starts_with(beginning) || name.ends_with('/') && beginning.starts_with(name.as_str()))
    }

    /// Whether a text that could be read names a media file.
    pub(super) fn is_named(&self, media: &str) -> bool {
        self.references.iter().any(|reference| reference.target == media)
    }

    pub(super) fn refer(&mut self, wanted: Wanted, target: &str, place: Place) {
        self.references.push(Reference {
            wanted,
            target: target.to_owned(),
            place,
        });
    }
}
