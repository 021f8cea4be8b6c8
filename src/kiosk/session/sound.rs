//! How sound may be used in a hall, how loud it is, and what a player says of it.
//!
//! Plain data, for the session and for whoever plays. Begin with [`Rules`].

use std::time::Duration;

use chrono::Timelike;

use crate::usage::stamp::Stamp;

/// How loud: one of three steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volume {
    /// For an ear at the loudspeaker.
    Soft,
    /// For who stands before the screen.
    Medium,
    /// For a few around it.
    Loud,
}

impl Volume {
    /// All, the softest first.
    pub const ALL: [Self; 3] = [Self::Soft, Self::Medium, Self::Loud];

    /// Which one it is, from 1.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The one of this number, from 1.
    #[must_use]
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|volume| volume.number() == number)
    }
}

/// How sound may be used in this hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How loud each visit begins.
    pub begins: Volume,
    /// The loudest that residents can choose.
    pub most: Volume,
    /// Hours in which nothing can be heard, in minutes of the local day: from the first on, up to the second; over midnight if the second is
    /// less. Where nobody knows what time it is, all can be heard.
    pub quiet: Vec<(u32, u32)>,
    /// Whether a touch is heard.
    pub clicks: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            begins: Volume::Medium,
            most: Volume::Loud,
            quiet: Vec::new(),
            clicks: true,
        }
    }
}

impl Rules {
    /// Whether nothing can be heard now.
    #[must_use]
    pub fn is_quiet(&self, now: Stamp) -> bool {
        let Some(wall) = now.wall else {
            return false;
        };
        let minute = wall.hour() * 60 + wall.minute();
        self.quiet.iter().any(|&(from, until)| {
            if from <= until {
                (from..until).contains(&minute)
            } else {
                minute >= from || minute < until
            }
        })
    }
}

/// What a player says; `number` is that of the [`super::Effect::Play`] that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// There is a card to be heard on, or there is none any more.
    Card(bool),
    /// It plays, and has come so far.
    At {
        /// Of what.
        number: u32,
        /// From the beginning of the recording.
        at: Duration,
    },
    /// It has been heard to its end.
    Ended {
        /// What.
        number: u32,
    },
    /// It can't be heard: the file is damaged, or the card is gone.
    Failed {
        /// What.
        number: u32,
    },
}
