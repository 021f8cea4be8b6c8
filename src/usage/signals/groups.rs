//! The small parts an event is made of: ids from the content, and coarse groups in place of exact figures.
//!
//! Whatever comes in, what comes out is one of few short labels. That bounds both what can be known about a visit and how
//! large `usage.db` can grow. Read [`Label`] first.

use std::time::Duration;

use smol_str::{SmolStr, format_smolstr};

/// A stored word: at most 64 characters of `a-z`, `0-9` and `-`. Ids of pages, questions and sets are of this form.
///
/// Anything else, so anything that looks like words a resident typed, becomes [`Label::OTHER`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(SmolStr);

impl Label {
    /// What an id that breaks the rule becomes.
    pub const OTHER: Self = Self(SmolStr::new_static("other"));
    /// For what is about nothing in particular.
    pub const NONE: Self = Self(SmolStr::new_static(""));
    /// The longest label, in characters.
    pub const LONGEST: usize = 64;

    /// Takes an id, or makes it [`Label::OTHER`].
    #[must_use]
    pub fn new(id: &str) -> Self {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=Self::LONGEST).contains(&id.len()) && id.bytes().all(allowed) {
            Self(SmolStr::new(id))
        } else {
            Self::OTHER
        }
    }

    /// An hour of the day, `00` to `23`.
    #[must_use]
    pub fn hour(hour: u32) -> Self {
        Self(format_smolstr!("{:02}", hour.min(23)))
    }

    /// Text already stored: as [`Label::new`], but nothing stays nothing.
    pub(in crate::usage) fn stored(text: &str) -> Self {
        if text.is_empty() { Self::NONE } else { Self::new(text) }
    }

    /// A label written in this program.
    pub(super) const fn fixed(text: &'static str) -> Self {
        Self(SmolStr::new_static(text))
    }

    /// The label as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How much of a recording was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Heard {
    /// It was begun.
    Started,
    /// It was heard to its end.
    ToTheEnd,
}

impl Heard {
    pub(super) const fn label(self) -> Label {
        Label::fixed(match self {
            Self::Started => "started",
            Self::ToTheEnd => "to-the-end",
        })
    }
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Nobody touched the screen until the idle time ran out.
    Left,
    /// The resident had gone back to the home screen and left from there.
    Finished,
    /// The program stopped in the middle of the visit.
    Stopped,
}

impl Ending {
    pub(super) const fn label(self) -> Label {
        Label::fixed(match self {
            Self::Left => "left",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
        })
    }
}

/// One of the three faces under a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Face {
    /// It helped.
    Good,
    /// So-so.
    Fair,
    /// It didn't help.
    Poor,
}

impl Face {
    pub(super) const fn label(self) -> Label {
        Label::fixed(match self {
            Self::Good => "good",
            Self::Fair => "fair",
            Self::Poor => "poor",
        })
    }
}

/// How somebody came to a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// It was found for what they typed.
    Search,
    /// They chose it from the list.
    List,
    /// They said that they had not found what they came for, and chose it then.
    Missed,
}

impl Origin {
    pub(super) const fn label(self) -> Label {
        Label::fixed(match self {
            Self::Search => "search",
            Self::List => "list",
            Self::Missed => "missed",
        })
    }
}

/// How long a visit lasted: under 30 seconds, 2, 5 or 10 minutes, or longer. The exact length is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Length(&'static str);

impl From<Duration> for Length {
    fn from(length: Duration) -> Self {
        Self(match length.as_secs() {
            0..30 => "under-30s",
            30..120 => "under-2min",
            120..300 => "under-5min",
            300..600 => "under-10min",
            _ => "10min-or-more",
        })
    }
}

impl Length {
    pub(super) const fn label(self) -> Label {
        Label::fixed(self.0)
    }
}

/// How many pages a visit opened: 0, 1, 2-3, 4-7, 8 or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PageCount(&'static str);

impl From<usize> for PageCount {
    fn from(pages: usize) -> Self {
        Self(match pages {
            0 => "0",
            1 => "1",
            2..=3 => "2-3",
            4..=7 => "4-7",
            _ => "8-or-more",
        })
    }
}

impl PageCount {
    pub(super) const fn label(self) -> Label {
        Label::fixed(self.0)
    }
}

/// A score in tenths: 0-3, 4-6, 7-8, 9-10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Score(&'static str);

impl Score {
    /// The group of `right` answers out of `asked`. Tenths are rounded down, so that 9-10 is earned.
    #[must_use]
    pub const fn new(right: usize, asked: usize) -> Self {
        let tenths = match right.saturating_mul(10).checked_div(asked) {
            Some(tenths) => tenths,
            None => 0,
        };
        Self(match tenths {
            0..=3 => "0-3",
            4..=6 => "4-6",
            7..=8 => "7-8",
            _ => "9-10",
        })
    }

    pub(super) const fn label(self) -> Label {
        Label::fixed(self.0)
    }
}

/// A number from 0 to 9; a larger one counts as 9. A guide has at most 9 steps, and a question fewer choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digit(&'static str);

impl From<usize> for Digit {
    fn from(number: usize) -> Self {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        Self(DIGITS[number.min(9)])
    }
}

impl Digit {
    pub(super) const fn label(self) -> Label {
        Label::fixed(self.0)
    }
}

/// A choice of a question, and whether it was right: `right-1`, `wrong-0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Judged {
    choice: Digit,
    is_right: bool,
}

impl Judged {
    /// A choice in the author's order; the first is 0.
    #[must_use]
    pub fn new(choice: usize, is_right: bool) -> Self {
        let choice = choice.into();
        Self { choice, is_right }
    }

    pub(super) fn label(self) -> Label {
        let judged = if self.is_right { "right" } else { "wrong" };
        Label(format_smolstr!("{judged}-{}", self.choice.0))
    }

    /// What a label says: the choice, and whether it was right.
    #[must_use]
    pub fn from_label(label: &str) -> Option<(usize, bool)> {
        let (judged, choice) = label.split_once('-')?;
        let is_right = match judged {
            "right" => true,
            "wrong" => false,
            _ => return None,
        };
        Some((choice.parse().ok()?, is_right))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn length(seconds: u64) -> &'static str {
        Length::from(Duration::from_secs(seconds)).0
    }

    #[test]
    fn a_visit_is_as_long_as_its_group() {
        assert_eq!(["under-30s", "under-30s", "under-2min"], [0, 29, 30].map(length));
        assert_eq!(["under-2min", "under-5min", "under-5min"], [119, 120, 299].map(length));
        assert_eq!(
            ["under-10min", "under-10min", "10min-or-more"],
            [300, 599, 600].map(length)
        );
    }

    #[test]
    fn pages_of_a_visit_are_grouped() {
        let groups = [0, 1, 2, 3, 4, 7, 8, 500].map(|pages| PageCount::from(pages).0);
        assert_eq!(["0", "1", "2-3", "2-3", "4-7", "4-7", "8-or-more", "8-or-more"], groups);
    }

    #[test]
    fn a_score_is_scaled_to_tenths_whatever_the_number_of_questions() {
        let groups = [(0, 0), (3, 10), (2, 5), (13, 20), (7, 10), (8, 9), (9, 10), (5, 5)]
            .map(|(right, asked)| Score::new(right, asked).0);
        assert_eq!(["0-3", "0-3", "4-6", "4-6", "7-8", "7-8", "9-10", "9-10"], groups);
    }

    #[test]
    fn a_judged_choice_is_read_as_it_is_written() {
        for (choice, is_right) in [(0, true), (3, false), (9, true)] {
            let label = Judged::new(choice, is_right).label();
            assert_eq!(Judged::from_label(label.as_str()), Some((choice, is_right)));
        }
        for other in ["", "1", "right", "right-", "wrong-x", "perhaps-1"] {
            assert_eq!(Judged::from_label(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_a_resident_types_is_not_an_id() {
        for typed in [
            "Nguyễn Văn A",
            "căn cước",
            "xin chao",
            "a_b",
            "ABC",
            "",
            "a/b",
            "12.5",
            &"x".repeat(65),
        ] {
            assert_eq!(Label::OTHER, Label::new(typed), "{typed:?}");
        }
        assert_eq!("dinh-danh-2", Label::new("dinh-danh-2").as_str());
    }

    proptest! {
        #[test]
        fn whatever_comes_in_a_label_keeps_the_rule(text in ".*") {
            let label = Label::new(&text);
            prop_assert!((1..=Label::LONGEST).contains(&label.as_str().len()));
            prop_assert!(label.as_str().bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')));
        }
    }
}
