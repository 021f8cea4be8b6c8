//! What somebody has read aloud, so that it can be heard as well as read.
//!
//! Begin with [`Recording`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// A recording of something that residents read (`recordings/`). A library holds only such as say what is written there: the office
/// leaves out what was recorded of other words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// What it reads, as [`Said`] is written.
    pub of: String,
    /// File name in `media/`: Ogg Opus (RFC 7845), one channel.
    pub media: String,
    /// How long it lasts, in seconds, rounded.
    pub seconds: u32,
    /// Whether a machine speaks, which residents are told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub machine: bool,
    /// When each of its parts begins, in seconds, in the order of [`super::super::aloud::parts`]; empty if it was recorded in one piece.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<u32>,
}

/// What a recording reads. Written as `page:ID`, `page:ID/STEP`, `programme:ID`, `notice:ID` or `question:ID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    /// An article, or of a guide what comes before its steps.
    Page(&'a str),
    /// A step of a guide, from 0 (written from 1, as residents count).
    Step(&'a str, usize),
    /// A radio programme.
    Programme(&'a str),
    /// A notice of the commune.
    Notice(&'a str),
    /// A question with its choices, without the answer.
    Question(&'a str),
}

impl<'a> Said<'a> {
    /// Reads what [`Said`] is written as; `None` if it is nothing of the kind.
    #[must_use]
    pub fn parse(written: &'a str) -> Option<Self> {
        let (kind, id) = written.split_once(':')?;
        let said = match (kind, id.split_once('/')) {
            ("page", Some((id, step))) => Self::Step(id, step.parse::<usize>().ok()?.checked_sub(1)?),
            ("page", None) => Self::Page(id),
            ("programme", None) => Self::Programme(id),
            ("notice", None) => Self::Notice(id),
            ("question", None) => Self::Question(id),
            _ => return None,
        };
        // Nothing is written in two ways.
        (!id.is_empty() && said.to_string() == written).then_some(said)
    }

    /// What its files are called, without their endings: `page-khai-sinh-3`.
    #[must_use]
    pub fn stem(&self) -> String {
        self.to_string().replace([':', '/'], "-")
    }
}

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(id) => write!(f, "page:{id}"),
            Self::Step(id, step) => write!(f, "page:{id}/{}", step + 1),
            Self::Programme(id) => write!(f, "programme:{id}"),
            Self::Notice(id) => write!(f, "notice:{id}"),
            Self::Question(id) => write!(f, "question:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        for written in [
            "page:khai-sinh",
            "page:khai-sinh/3",
            "programme:11",
            "notice:a",
            "question:b",
        ] {
            let said = Said::parse(written).expect("something that can be read");
            assert_eq!(said.to_string(), written);
        }
        assert_eq!(Said::Step("khai-sinh", 2).stem(), "page-khai-sinh-3");
        for odd in [
            "",
            "page:",
            "page:a/0",
            "page:a/03",
            "page:a/+3",
            "page:a/",
            "khai-sinh",
            "quiz:a",
            "notice:a/1",
        ] {
            assert_eq!(Said::parse(odd), None, "{odd}");
        }
    }
}
