//! What the commune has to tell for some days or weeks, and on which days.
//!
//! Nothing here asks for the day: it comes in. Begin with [`Notice`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Block;

/// A notice of the commune (`notices/<id>.md`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The file's name without its ending.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// What everybody must know of it: when, where, what to bring.
    pub summary: String,
    /// English title, where there is one.
    #[serde(default)]
    pub title_en: String,
    /// English line, where there is one.
    #[serde(default)]
    pub summary_en: String,
    /// File name in `media/`; empty if there is none.
    #[serde(default)]
    pub picture: String,
    /// The first day on which it is shown.
    pub from: NaiveDate,
    /// The last day on which it is shown.
    pub until: NaiveDate,
    /// Whether it can't wait: shown more often, and on the home screen too.
    #[serde(default)]
    pub urgent: bool,
    /// The day its facts were last checked.
    pub updated: NaiveDate,
    /// Documents and offices that its facts come from.
    pub sources: Vec<String>,
    /// What there is to say beside the summary; may be empty.
    pub blocks: Vec<Block>,
}

impl Notice {
    /// Whether it is shown. Who doesn't know today knows at most a day that it certainly is already: what had ended by then is not shown,
    /// all else is, because to hear of something too early costs less than not to hear of it.
    #[must_use]
    pub fn is_shown(&self, today: Option<NaiveDate>, at_least: Option<NaiveDate>) -> bool {
        match today {
            Some(today) => (self.from..=self.until).contains(&today),
            None => at_least.is_none_or(|day| day <= self.until),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_shown_from_its_first_day_to_its_last_and_until_it_has_certainly_ended() {
        let day = |text: &str| Some(text.parse::<NaiveDate>().expect("a day"));
        let notice = Notice {
            id: String::new(),
            title: String::new(),
            summary: String::new(),
            title_en: String::new(),
            summary_en: String::new(),
            picture: String::new(),
            from: day("2026-11-25").expect("a day"),
            until: day("2026-12-03").expect("a day"),
            urgent: false,
            updated: NaiveDate::default(),
            sources: Vec::new(),
            blocks: Vec::new(),
        };
        for (today, shown) in [
            ("2026-11-24", false),
            ("2026-11-25", true),
            ("2026-12-03", true),
            ("2026-12-04", false),
        ] {
            assert_eq!(notice.is_shown(day(today), None), shown, "{today}");
            // What is known holds against what is only guessed.
            assert_eq!(notice.is_shown(day(today), day("2030-01-01")), shown, "{today}");
        }
        assert!(notice.is_shown(None, None) && notice.is_shown(None, day("2026-01-01")));
        assert!(notice.is_shown(None, day("2026-12-03")) && !notice.is_shown(None, day("2026-12-04")));
    }
}
