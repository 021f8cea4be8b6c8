//! Plays recordings: one thread that reads a piece, makes sound of it, and hands it to a card.
//!
//! It knows orders and says how far it has come; what may be heard, and when, is the session's. A recording is read out of the library
//! while it is heard, so that a long one takes no more memory than a short one. Begin with [`Player`].

pub mod card;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::content::library::{LibraryError, Stored};
use crate::content::sound::{Decoder, RATE, SoundError};
use crate::kiosk::session::sound::{Sound, Volume};
use card::{Card, Output, Wish};

/// How often it is looked whether a card came or went, while nothing plays.
const LOOK: Duration = Duration::from_secs(2);

/// How long a card that went in the middle is waited for: a plug that was touched.
const COMES_BACK: Duration = Duration::from_secs(3);

/// How long a card is kept open for another click.
const KEPT_OPEN: Duration = Duration::from_secs(20);

/// Each step of loudness is so much softer than the next: half as loud to the ear.
const STEP: f32 = 0.316;

/// What the player is told.
#[derive(Debug)]
pub enum Order {
    /// Play this from its beginning, and nothing else any more.
    Play {
        /// What it is called when something is said of it.
        number: u32,
        /// The recording.
        recording: Stored,
        /// How loud.
        volume: Volume,
    },
    /// Hold what plays.
    Pause,
    /// Go on with what is held.
    GoOn,
    /// Go on from here.
    From(Duration),
    /// Play so loud.
    Volume(Volume),
    /// Play nothing any more.
    Stop,
    /// A touch was felt: a soft click, if nothing plays.
    Click,
    /// Two tones, for staff to hear whether the loudspeaker works.
    Test(Volume),
}

/// Why something could not be heard.
#[derive(Debug, Error)]
enum Trouble {
    #[error("there is no sound card")]
    NoCard,
    #[error("the card: {0}")]
    Card(#[from] alsa::Error),
    #[error("the recording: {0}")]
    Recording(#[from] SoundError),
    #[error("the library: {0}")]
    Library(#[from] LibraryError),
}

/// How playing came to its end.
enum End {
    /// It was heard to its end.
    Heard,
    /// Somebody stopped it.
    Stopped,
    /// Something else is to be played.
    Another(Order),
}

/// The player. What it says goes to `tell`.
pub struct Player<T> {
    orders: Receiver<Order>,
    tell: T,
    wish: Wish,
    cards: PathBuf,
    has_card: bool,
    /// What plays: after a panic it is said to have failed.
    playing: Option<u32>,
    /// Open for the next click, and when the last one was: opening takes longer than a click may.
    clicks_on: Option<(Output, Instant)>,
}

impl<T: Fn(Sound)> Player<T> {
    /// A player that takes its orders from here, on a card of those in a folder ([`card::CARDS`]).
    pub const fn new(orders: Receiver<Order>, wish: Wish, cards: PathBuf, tell: T) -> Self {
        Self {
            orders,
            tell,
            wish,
            cards,
            has_card: false,
            playing: None,
            clicks_on: None,
        }
    }

    /// Plays what it is told to, until nobody is left to tell it anything.
    pub fn run(&mut self) {
        if let Some(number) = self.playing.take() {
            (self.tell)(Sound::Failed { number });
        }
        self.look();
        loop {
            let mut order = match self.orders.recv_timeout(LOOK) {
                Ok(order) => Some(order),
                Err(RecvTimeoutError::Timeout) => {
                    self.clicks_on.take_if(|(_, last)| last.elapsed() > KEPT_OPEN);
                    self.look();
                    None
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            while let Some(next) = order {
                order = self.follow(next);
            }
        }
    }

    /// Says whether a card came or went.
    fn look(&mut self) {
        let has_card = self.wish.choose(&self.cards).is_some();
        if has_card != self.has_card {
            self.has_card = has_card;
            (self.tell)(Sound::Card(has_card));
        }
    }

    /// Does what it is told; what comes instead of it comes back.
    fn follow(&mut self, order: Order) -> Option<Order> {
        if !matches!(order, Order::Click) {
            // A card is opened once at a time.
            self.clicks_on = None;
        }
        match order {
            Order::Play {
                number,
                recording,
                volume,
            } => {
                self.playing = Some(number);
                let played = self.play(number, &recording, volume);
                self.playing = None;
                match played {
                    Ok(End::Heard) => (self.tell)(Sound::Ended { number }),
                    Ok(End::Stopped) => {}
                    Ok(End::Another(order)) => return Some(order),
                    Err(trouble) => {
                        tracing::warn!("nothing can be heard: {trouble}");
                        // Before it is said that the card is gone: then nothing plays any more that could have failed.
                        (self.tell)(Sound::Failed { number });
                        self.look();
                    }
                }
            }
            Order::Click => self.click(),
            Order::Test(volume) => {
                if let Err(trouble) = self.test(volume) {
                    tracing::warn!("the loudspeaker can't be tried: {trouble}");
                }
            }
            // About what no longer plays.
            Order::Pause | Order::GoOn | Order::From(_) | Order::Volume(_) | Order::Stop => {}
        }
        None
    }

    fn card(&self) -> Result<Card, Trouble> {
        self.wish.choose(&self.cards).ok_or(Trouble::NoCard)
    }

    fn play(&self, number: u32, recording: &Stored, volume: Volume) -> Result<End, Trouble> {
        recording.read(|bytes| {
            let mut decoder = Decoder::new(bytes)?;
            let mut output = self.card()?.open()?;
            let mut gain = Gain::of(volume);
            let mut samples = Vec::new();
            let mut said = None;
            let heard = |decoder: &Decoder<_>, output: &Output| {
                Duration::from_secs_f64(decoder.seconds().max(0.0)).saturating_sub(output.on_its_way())
            };
            loop {
                match self.orders.try_recv() {
                    Ok(Order::Pause) => {
                        let at = heard(&decoder, &output);
                        output.stop();
                        decoder.seek(at.as_secs_f64())?;
                        match self.wait(&mut decoder, &mut gain)? {
                            None => said = None,
                            Some(end) => return Ok(end),
                        }
                    }
                    Ok(Order::From(at)) => {
                        output.stop();
                        decoder.seek(at.as_secs_f64())?;
                        said = None;
                    }
                    Ok(Order::Volume(volume)) => gain.wanted = Gain::of(volume).wanted,
                    Ok(Order::GoOn | Order::Click | Order::Test(_)) | Err(TryRecvError::Empty) => {}
                    Ok(Order::Stop) | Err(TryRecvError::Disconnected) => {
                        output.stop();
                        return Ok(End::Stopped);
                    }
                    Ok(order @ Order::Play { .. }) => {
                        output.stop();
                        return Ok(End::Another(order));
                    }
                }
                let at = decoder.seconds();
                samples.clear();
                if !decoder.next(&mut samples)? {
                    output.finish();
                    return Ok(End::Heard);
                }
                gain.apply(&mut samples);
                if let Err(error) = output.write(&samples) {
                    tracing::warn!("the sound card went: {error}");
                    // Closed first: most cards are opened once at a time.
                    drop(output);
                    output = self.opened_again().ok_or(error)?;
                    decoder.seek(at)?;
                }
                let at = heard(&decoder, &output);
                if said != Some(at.as_secs()) {
                    said = Some(at.as_secs());
                    (self.tell)(Sound::At { number, at });
                }
            }
        })?
    }

    /// What is held waits; `None` when it is to go on.
    fn wait<R: std::io::Read + std::io::Seek>(
        &self,
        decoder: &mut Decoder<R>,
        gain: &mut Gain,
    ) -> Result<Option<End>, Trouble> {
        loop {
            match self.orders.recv() {
                Ok(Order::GoOn) => return Ok(None),
                Ok(Order::From(at)) => decoder.seek(at.as_secs_f64())?,
                Ok(Order::Volume(volume)) => gain.wanted = Gain::of(volume).wanted,
                Ok(Order::Pause | Order::Click | Order::Test(_)) => {}
                Ok(Order::Stop) | Err(_) => return Ok(Some(End::Stopped)),
                Ok(order @ Order::Play { .. }) => return Ok(Some(End::Another(order))),
            }
        }
    }

    /// The card that came back, or another one, if one does soon.
    fn opened_again(&self) -> Option<Output> {
        let begun = Instant::now();
        while begun.elapsed() < COMES_BACK {
            std::thread::sleep(COMES_BACK / 10);
            if let Some(output) = self.card().ok().and_then(|card| card.open().ok()) {
                return Some(output);
            }
        }
        None
    }

    /// A click that can't be heard is no trouble to anybody.
    fn click(&mut self) {
        let open = self.clicks_on.take();
        let output = open.map(|(output, _)| output).or_else(|| self.card().ok()?.open().ok());
        if let Some(mut output) = output
            && output.write(&tick()).is_ok()
        {
            self.clicks_on = Some((output, Instant::now()));
        }
    }

    fn test(&self, volume: Volume) -> Result<(), Trouble> {
        let mut output = self.card()?.open()?;
        let mut samples = tones();
        Gain::of(volume).apply(&mut samples);
        output.write(&samples)?;
        output.finish();
        Ok(())
    }
}

/// How much softer than it was recorded; it changes smoothly, because a step is heard as a crack.
struct Gain {
    wanted: f32,
    now: f32,
}

impl Gain {
    fn of(volume: Volume) -> Self {
        let steps = Volume::Loud.number() - volume.number();
        let wanted = STEP.powi(steps.into());
        Self { wanted, now: wanted }
    }

    #[expect(clippy::cast_possible_truncation, reason = "softer than an i16")]
    fn apply(&mut self, samples: &mut [i16]) {
        for sample in samples {
            self.now += (self.wanted - self.now) * 0.002;
            *sample = (f32::from(*sample) * self.now) as i16;
        }
    }
}

/// Two tones, one after the other, that swell and fade.
fn tones() -> Vec<i16> {
    const LASTS: u32 = RATE / 2;
    let tone = |pitch: f32| {
        (0..LASTS).map(move |at| {
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "half a second of samples"
            )]
            let sample = {
                let (at, lasts, rate) = (at as f32, LASTS as f32, RATE as f32);
                let swell = (std::f32::consts::PI * at / lasts).sin();
                (12_000.0 * swell * (std::f32::consts::TAU * pitch * at / rate).sin()) as i16
            };
            sample
        })
    };
    tone(523.25).chain(tone(659.26)).collect()
}

/// A soft click, and silence enough for a card to begin with it.
fn tick() -> Vec<i16> {
    const LASTS: u32 = RATE / 10;
    let sample = |at: u32| {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "a tenth of a second"
        )]
        let sample = {
            let time = at as f32 / RATE as f32;
            (3_000.0 * (-400.0 * time).exp() * (std::f32::consts::TAU * 1_000.0 * time).sin()) as i16
        };
        sample
    };
    (0..LASTS).map(sample).collect()
}

#[cfg(test)]
mod tests;
