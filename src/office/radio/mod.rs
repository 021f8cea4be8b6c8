//! The programme of a month for a broadcasting station: a script to print, its words to paste, and its sound.
//!
//! What is said comes from [`crate::content::aloud`], in words. `html` prints it, `sound` puts the turns together. Reads no clock. Begin with
//! [`Script`].

mod html;
mod sound;

use std::fmt::Write;

use chrono::NaiveDate;

use crate::content::aloud;
use crate::content::model::Programme;
use crate::content::vietnamese::spoken::{Pronunciations, SYLLABLES_A_MINUTE};

pub use self::sound::{Broadcast, RadioError, jingle, mp3};

/// A programme as an announcer reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The programme's id.
    pub id: String,
    /// Its title, as it is written.
    pub title: String,
    /// First day of its month.
    pub month: NaiveDate,
    /// Documents and offices that its facts come from.
    pub sources: Vec<String>,
    /// What is said, in its order.
    pub turns: Vec<Turn>,
    /// How long the whole takes, in seconds.
    pub seconds: usize,
}

/// What one voice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The heading that stands before it, as it is written; empty within a part. Not read.
    pub heading: String,
    /// Who reads it; empty if that doesn't matter. Not read.
    pub voice: String,
    /// What is read, in words.
    pub said: String,
    /// When it begins, in seconds from the beginning.
    pub at: usize,
}

impl Script {
    /// The script of a programme. Times are reckoned from the syllables that are read.
    #[must_use]
    pub fn of(programme: &Programme, pronunciations: &Pronunciations) -> Self {
        let (turns, seconds) = timed(aloud::turns(&programme.transcript), pronunciations);
        Self {
            id: programme.id.clone(),
            title: programme.title.clone(),
            month: programme.month,
            sources: programme.sources.clone(),
            turns,
            seconds,
        }
    }

    /// To be printed: one page that needs nothing else. `printed` is the day that stands on it.
    #[must_use]
    pub fn html(&self, printed: NaiveDate) -> String {
        html::page(self, printed).into_string()
    }

    /// To be pasted: a line a turn, with the reader's name before it where there is one.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for Turn { voice, said, .. } in &self.turns {
            let colon = if voice.is_empty() { "" } else { ": " };
            // Writing to a string can't fail.
            let _ = writeln!(text, "{voice}{colon}{}", said.replace('\n', " "));
        }
        text
    }
}

/// What is read, in words, with the time at which each turn begins, and how long the whole takes in seconds.
#[must_use]
pub fn timed(lines: Vec<aloud::Turn>, pronunciations: &Pronunciations) -> (Vec<Turn>, usize) {
    let mut syllables = 0;
    let mut turns = Vec::new();
    for aloud::Turn { heading, line } in lines {
        let said = pronunciations.spoken(&line.text);
        if said.is_empty() {
            continue;
        }
        turns.push(Turn {
            heading,
            voice: line.voice,
            said,
            at: seconds(syllables),
        });
        syllables += pronunciations.syllables(&line.text);
    }
    (turns, seconds(syllables))
}

fn seconds(syllables: usize) -> usize {
    syllables * 60 / SYLLABLES_A_MINUTE
}

/// Minutes and seconds, both with two figures: `03:20`.
#[must_use]
pub fn clock(seconds: usize) -> String {
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::model::Block;
    use crate::content::rich::Rich;

    fn programme(transcript: Vec<Block>) -> Programme {
        Programme {
            id: "2026-12-thu".to_owned(),
            title: "Thử <tiếng>".to_owned(),
            summary: String::new(),
            month: NaiveDate::from_ymd_opt(2026, 12, 1).expect("a day"),
            minutes: 1,
            audio: String::new(),
            updated: NaiveDate::default(),
            sources: vec!["Luật 116/2025/QH15".to_owned()],
            transcript,
        }
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph {
            text: Rich::plain(text),
        }
    }

    #[test]
    fn a_script_says_who_speaks_when_and_has_headings_that_nobody_reads() {
        let heading = Block::Heading {
            text: "Phần 1".to_owned(),
        };
        let script = Script::of(
            &programme(vec![
                heading,
                paragraph("Bà con gọi 113."),
                paragraph("Xin chào VNeID."),
            ]),
            &Pronunciations::new([("VNeID".to_owned(), "vi-en-ai-đi".to_owned())]),
        );
        let turns: Vec<_> = script
            .turns
            .iter()
            .map(|turn| (turn.heading.as_str(), turn.said.as_str(), turn.at))
            .collect();
        assert_eq!(
            turns,
            [
                ("Phần 1", "Bà con gọi một một ba.", 0),
                ("", "Xin chào vi-en-ai-đi.", 2)
            ]
        );
        assert_eq!(script.seconds, 4);
        assert_eq!(script.text(), "Bà con gọi một một ba.\nXin chào vi-en-ai-đi.\n");
        let html = script.html(NaiveDate::from_ymd_opt(2026, 11, 30).expect("a day"));
        for part in [
            "Thử &lt;tiếng&gt;",
            "Tháng 12/2026",
            "Phần 1",
            "00:02",
            "00:04",
            "30/11/2026",
            "Luật 116/2025/QH15",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("<script") && !html.contains("http"), "{html}");
        assert_eq!(clock(754), "12:34");
    }
}
