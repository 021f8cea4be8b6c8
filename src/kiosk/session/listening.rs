//! Listening to what is on the screen: what can be heard there, what plays, how loud.
//!
//! Nothing plays unasked, and nothing plays on where its words are no longer on the screen. Who listens is there: as long as something
//! plays nobody is asked. Begin with [`Session::listen`].

use std::ops::RangeInclusive;
use std::time::Duration;

use super::action::Effect;
use super::place::page_of;
use super::route::{Part, Route};
use super::settings::Language;
use super::sound::{Rules, Sound, Volume};
use super::view::Listen;
use super::{Session, bookmark};
use crate::content::library::ProgrammeInfo;
use crate::content::model::{Recording, Said};
use crate::usage::signals::{Event, Heard};

/// A recording that lasts so much longer than it is said to holds nobody's place.
const LATE: Duration = Duration::from_secs(10);

/// How far "15 giây trước" goes back.
const BACK: Duration = Duration::from_secs(15);

/// What plays, or is held.
#[derive(Debug)]
pub(super) struct Playing {
    number: u32,
    recording: Recording,
    at: Duration,
    paused: bool,
    /// Something of it was passed over: its end is not the end of all of it.
    skipped: bool,
    /// The resident looks at what is read: the page turns with it.
    followed: bool,
}

impl Playing {
    /// Which part is heard, by its number; `None` if it was recorded in one piece.
    fn part(&self) -> Option<usize> {
        let begun = |begins: &u32| u64::from(*begins) <= self.at.as_secs();
        self.recording.parts.iter().rposition(begun)
    }
}

/// What the session knows of sound, from one visit to the next.
#[derive(Debug, Default)]
pub(super) struct Listening {
    rules: Rules,
    has_card: bool,
    playing: Option<Playing>,
    /// The number of the newest [`Effect::Play`].
    number: u32,
}

impl Session {
    /// Says how sound may be used here.
    pub fn set_sound_rules(&mut self, rules: Rules) {
        self.listening.rules = rules;
    }

    /// "Nghe", "Tạm dừng" and "Nghe tiếp": plays what reads the place, holds it, goes on.
    pub(super) fn listen(&mut self, effects: &mut Vec<Effect>) {
        if let Some(playing) = &mut self.listening.playing {
            playing.paused = !playing.paused;
            effects.push(if playing.paused { Effect::Pause } else { Effect::GoOn });
            return;
        }
        let Some(recording) = self.offered().cloned() else {
            return;
        };
        self.listening.number = self.listening.number.wrapping_add(1);
        let number = self.listening.number;
        effects.push(Effect::Play {
            number,
            media: recording.media.clone(),
            volume: self.volume(),
        });
        effects.push(Effect::Count(Event::sound_played(id_of(&recording), Heard::Started)));
        self.listening.playing = Some(Playing {
            number,
            recording,
            at: Duration::ZERO,
            paused: false,
            skipped: false,
            followed: true,
        });
    }

    /// A chapter that was touched: it is heard from its beginning.
    pub(super) fn listen_to(&mut self, part: usize, effects: &mut Vec<Effect>) {
        if self.listening.playing.is_none() {
            self.listen(effects);
        }
        let Some(playing) = &mut self.listening.playing else {
            return;
        };
        let Some(begins) = playing.recording.parts.get(part) else {
            return;
        };
        let begins = Duration::from_secs(u64::from(*begins));
        playing.skipped |= begins > playing.at;
        playing.at = begins;
        effects.push(Effect::PlayFrom(begins));
        if std::mem::take(&mut playing.paused) {
            effects.push(Effect::GoOn);
        }
    }

    /// The number of the part that is heard now, of a recording that knows its parts.
    pub(super) fn part_heard(&self) -> Option<usize> {
        self.listening.playing.as_ref()?.part()
    }

    /// "15 giây trước".
    pub(super) fn hear_again(&mut self, effects: &mut Vec<Effect>) {
        if let Some(playing) = &mut self.listening.playing {
            playing.at = playing.at.saturating_sub(BACK);
            effects.push(Effect::PlayFrom(playing.at));
            self.read_on();
        }
    }

    /// "To hơn" and "Nhỏ hơn".
    pub(super) fn change_volume(&mut self, louder: bool, effects: &mut Vec<Effect>) {
        let number = self.volume().number();
        let wanted = if louder { number + 1 } else { number - 1 };
        if let Some(volume) = Volume::of_number(wanted).filter(|volume| *volume <= self.listening.rules.most) {
            self.memory.volume = Some(volume);
            effects.push(Effect::Volume(volume));
        }
    }

    /// The player has said something.
    pub(super) fn hear(&mut self, sound: Sound, effects: &mut Vec<Effect>) {
        let listening = &mut self.listening;
        let current = listening.playing.as_ref().map(|playing| playing.number);
        match sound {
            Sound::Card(there) => {
                listening.has_card = there;
            }
            Sound::At { number, at } if current == Some(number) => {
                let before = self.part_heard();
                if let Some(playing) = &mut self.listening.playing {
                    playing.at = at;
                    let lasts = Duration::from_secs(playing.recording.seconds.into());
                    let is_life = !playing.paused && at <= lasts + LATE;
                    self.memory.heard = is_life.then_some(self.now).or(self.memory.heard);
                }
                if self.part_heard() != before {
                    self.read_on();
                }
            }
            Sound::Ended { number } if current == Some(number) => {
                if let Some(playing) = listening.playing.take().filter(|playing| !playing.skipped) {
                    effects.push(Effect::Count(Event::sound_played(
                        id_of(&playing.recording),
                        Heard::ToTheEnd,
                    )));
                }
                self.memory.heard = Some(self.now);
            }
            Sound::Failed { number } if current == Some(number) => {
                listening.playing = None;
                self.memory.failed = Some(self.now);
            }
            Sound::At { .. } | Sound::Ended { .. } | Sound::Failed { .. } => {}
        }
    }

    /// The pages on which what is read stands, from the first to the last.
    fn pages_read(&self) -> Option<RangeInclusive<usize>> {
        let view = self.view();
        let page = |row: &usize| page_of(&self.tops, bookmark::of(&view.rows, *row, 0.0));
        Some(page(view.marked.first()?)..=page(view.marked.last()?))
    }

    /// Turns to the page of what is read, for who reads along. A programme is heard, not read along: its words are fifty pages.
    fn read_on(&mut self) {
        let followed = self.listening.playing.as_ref().is_some_and(|playing| playing.followed);
        if !followed || matches!(self.place.route, Route::Programme(_)) {
            return;
        }
        if let Some(pages) = self.pages_read()
            && !pages.contains(&self.column_page())
            && let Some(top) = self.tops.get(*pages.start())
        {
            self.place.top = *top;
        }
    }

    /// The resident has turned a page: from now on pages turn by themselves only if what is read stands on it.
    pub(super) fn turned_by_hand(&mut self) {
        let is_there = self
            .pages_read()
            .is_none_or(|pages| pages.contains(&self.column_page()));
        if let Some(playing) = &mut self.listening.playing {
            playing.followed = is_there;
        }
    }

    /// A touch was felt, and is heard: softly, and not into what somebody listens to.
    pub(super) fn click(&self, effects: &mut Vec<Effect>) {
        let listening = &self.listening;
        let is_heard = listening.has_card && listening.rules.clicks && !listening.rules.is_quiet(self.now);
        if is_heard && listening.playing.is_none() {
            effects.push(Effect::Click);
        }
    }

    /// After each action: nothing plays on where it does not belong.
    pub(super) fn settle_sound(&mut self, effects: &mut Vec<Effect>) {
        let playing = self.listening.playing.as_ref();
        let belongs = playing.is_none_or(|playing| self.offered() == Some(&playing.recording));
        if !belongs {
            self.listening.playing = None;
            effects.push(Effect::Silence);
        }
    }

    /// How long nobody has touched the screen or listened. A player that says nothing any more holds nobody's place.
    pub(super) fn silence(&self) -> Duration {
        let touched = self.now.since(&self.last_touch);
        let heard = self.memory.heard.map(|heard| self.now.since(&heard));
        heard.map_or(touched, |heard| heard.min(touched))
    }

    /// What the bar of sound shows, where something can be heard.
    pub(super) fn listen_view(&self) -> Option<Listen> {
        let recording = self.offered()?;
        let playing = self.listening.playing.as_ref();
        let whole_seconds = |at: Duration| u32::try_from(at.as_secs()).unwrap_or(u32::MAX);
        Some(Listen {
            seconds: recording.seconds,
            machine: recording.machine,
            at: playing.map(|playing| whole_seconds(playing.at).min(recording.seconds)),
            paused: playing.is_some_and(|playing| playing.paused),
            volume: self.volume(),
            most: self.listening.rules.most,
        })
    }

    /// How loud it is now.
    pub(super) fn volume(&self) -> Volume {
        let rules = &self.listening.rules;
        self.memory.volume.unwrap_or(rules.begins).min(rules.most)
    }

    /// Whether there is a card.
    pub(super) const fn can_be_heard(&self) -> bool {
        self.listening.has_card
    }

    /// Whether what is recorded may be heard now. What is read in English is recorded in Vietnamese.
    fn may_be_heard(&self) -> bool {
        let listening = &self.listening;
        let is_vietnamese = self.memory.settings.language == Language::Vietnamese;
        listening.has_card && is_vietnamese && !listening.rules.is_quiet(self.now)
    }

    /// How many minutes a programme can be heard, if it can.
    pub(super) fn minutes_heard(&self, programme: &str) -> Option<u32> {
        if !self.may_be_heard() {
            return None;
        }
        let recording = self
            .library
            .as_deref()?
            .catalogue()
            .recording(Said::Programme(programme));
        recording.map(|recording| (recording.seconds.saturating_add(30) / 60).max(1))
    }

    /// Tells the invitation what can be heard.
    pub(super) fn offer_programme(&mut self) {
        let heard = self.programme_heard().map(|programme| programme.id.clone());
        self.invitation.offer(heard);
    }

    /// The newest programme that has been on the air and can be heard.
    pub(super) fn programme_heard(&self) -> Option<&ProgrammeInfo> {
        // Without a clock it is at least that day.
        let today = self.now.wall.map(|wall| wall.date()).or(self.now.earliest)?;
        let mut programmes = self.library.as_deref()?.catalogue().programmes.iter();
        programmes.find(|programme| programme.month <= today && self.minutes_heard(&programme.id).is_some())
    }

    /// The recording of what is on the screen, if it may be heard.
    pub(super) fn offered(&self) -> Option<&Recording> {
        if !self.may_be_heard() || self.memory.visit.is_none() {
            return None;
        }
        self.library.as_deref()?.catalogue().recording(self.said()?)
    }

    /// What would be read aloud here.
    fn said(&self) -> Option<Said<'_>> {
        match &self.place.route {
            Route::Article(id) | Route::Guide(id, Part::Overview | Part::Prepare) => Some(Said::Page(id)),
            Route::Guide(id, Part::Step(step)) => Some(Said::Step(id, *step)),
            Route::Programme(id) => Some(Said::Programme(id)),
            Route::Notice(id) => Some(Said::Notice(id)),
            Route::Quiz => {
                let asked = self.memory.quiz.as_ref()?.current()?;
                asked.chosen.is_none().then(|| Said::Question(&asked.question.id))
            }
            _ => None,
        }
    }
}

/// The id of what a recording reads, without its kind and its step.
fn id_of(recording: &Recording) -> &str {
    let id = recording.of.split_once(':').map_or("", |(_, id)| id);
    id.split_once('/').map_or(id, |(id, _)| id)
}
