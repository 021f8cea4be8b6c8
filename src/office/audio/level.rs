//! How loud a voice is (EBU R 128), where it begins and ends, and all voices made equally loud. Begin with [`Level::of`].

use std::collections::VecDeque;
use std::ops::Range;

use ebur128::{EbuR128, Mode};

use super::AudioError;
use crate::content::sound::RATE;

/// How loud every recording is made: what phones and speakers of halls play well, and quiet voices reach without hissing.
pub const TARGET: f64 = -18.0;

/// What its peaks stay under, between samples too, once it is decoded.
pub const HIGHEST_PEAK: f64 = -1.0;

/// Coding moves peaks a little: before it they are so much lower.
pub(super) const ROOM_FOR_CODING: f64 = 1.0;

/// More than this is no voice any more but the room.
const MOST_GAIN: f64 = 36.0;

/// What is left of the silence before and behind the voice.
const MARGIN: usize = RATE as usize * 3 / 10;

/// The pieces in which silence is looked for: 20 ms.
const PIECE: usize = RATE as usize / 50;

/// How far ahead the limiter looks: 5 ms.
const AHEAD: usize = RATE as usize / 200;

/// What is measured of a recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Integrated loudness, in LUFS.
    pub loudness: f64,
    /// The highest true peak, in dBTP.
    pub peak: f64,
}

impl Level {
    /// Measures one channel of 48,000 samples a second that comes in pieces.
    ///
    /// # Errors
    /// It is silent, or too short to be measured.
    pub(super) fn of<'a>(pieces: impl Iterator<Item = &'a [f32]>) -> Result<Self, AudioError> {
        let mut meter = Meter::new()?;
        for piece in pieces {
            meter.hear(piece)?;
        }
        meter.level()
    }
}

/// Measures what it hears.
pub(super) struct Meter(EbuR128);

impl Meter {
    pub(super) fn new() -> Result<Self, AudioError> {
        let meter = EbuR128::new(1, RATE, Mode::I | Mode::TRUE_PEAK);
        Ok(Self(meter.map_err(|_| AudioError::Unmeasured)?))
    }

    pub(super) fn hear(&mut self, piece: &[f32]) -> Result<(), AudioError> {
        self.0.add_frames_f32(piece).map_err(|_| AudioError::Unmeasured)
    }

    pub(super) fn level(&self) -> Result<Level, AudioError> {
        let loudness = self.0.loudness_global().map_err(|_| AudioError::Unmeasured)?;
        let peak = self.0.true_peak(0).map_err(|_| AudioError::Unmeasured)?;
        if !loudness.is_finite() || peak <= 0.0 {
            return Err(AudioError::Silent);
        }
        Ok(Level {
            loudness,
            peak: decibels(peak),
        })
    }
}

/// Where the voice is, with a little silence on both sides; `None` if nobody speaks.
pub(super) fn voice(samples: &[f32]) -> Option<Range<usize>> {
    let Range { start, end } = bare_voice(samples)?;
    Some(start.saturating_sub(MARGIN)..(end + MARGIN).min(samples.len()))
}

/// Where the voice is, to 20 ms.
pub(super) fn bare_voice(samples: &[f32]) -> Option<Range<usize>> {
    let loudness: Vec<f32> = samples.chunks(PIECE).map(strength).collect();
    let mut sorted = loudness.clone();
    sorted.sort_by(f32::total_cmp);
    // The loudest pieces but one in fifty: not a door that falls shut.
    let loudest = *sorted.get((sorted.len() * 49 / 50).min(sorted.len().checked_sub(1)?))?;
    if loudest < 0.0005 {
        return None;
    }
    let room = *sorted.get(sorted.len() / 10)?;
    // A voice is 40 dB over silence, or twice as loud as its room; a room as loud as that is taken for a part of it.
    let threshold = (loudest * 0.01).max((room * 2.0).min(loudest * 0.05));
    let first = loudness.iter().position(|piece| *piece >= threshold)?;
    let last = loudness.iter().rposition(|piece| *piece >= threshold)?;
    Some(first * PIECE..((last + 1) * PIECE).min(samples.len()))
}

/// The gain and the limit that bring a recording to a loudness and under a peak.
///
/// # Errors
/// It is silent, or too short to be measured.
pub(super) fn settle(samples: &[f32], measured: Level, target: f64, highest: f64) -> Result<Limiter, AudioError> {
    let mut gain = (target - measured.loudness).min(MOST_GAIN);
    let mut limit = highest;
    if measured.peak + gain <= highest {
        return Ok(Limiter::new(gain, limit));
    }
    // What the limiter takes away is given back; what lies between the samples is seen only when it is measured.
    for _ in 0..4 {
        let mut limiter = Limiter::new(gain, limit);
        let mut meter = Meter::new()?;
        let mut piece = Vec::new();
        for samples in samples.chunks(RATE as usize) {
            piece.clear();
            limiter.push(samples, &mut piece);
            meter.hear(&piece)?;
        }
        let reached = meter.level()?;
        let (lacks, over) = (target - reached.loudness, reached.peak - highest);
        if lacks < 0.1 && over <= 0.0 {
            break;
        }
        gain = (gain + lacks.clamp(0.0, 3.0)).min(MOST_GAIN);
        limit -= over.max(0.0);
    }
    Ok(Limiter::new(gain, limit))
}

/// Makes louder, and softer for a moment what would be too loud: it looks ahead, so that no sample is cut.
#[derive(Debug, Clone)]
pub(super) struct Limiter {
    gain: f32,
    limit: f32,
    /// What came in and has not gone out.
    held: VecDeque<f32>,
    came: u64,
    /// The softest that is asked for by what is held: number of the sample, factor; ever louder.
    asked: VecDeque<(u64, f32)>,
    /// Where the factor has come back to, and its last values, which are averaged.
    factor: f32,
    last: VecDeque<f32>,
    sum: f64,
}

impl Limiter {
    pub(super) fn new(gain: f64, limit: f64) -> Self {
        Self {
            gain: factor(gain),
            limit: factor(limit),
            held: VecDeque::with_capacity(AHEAD + 1),
            came: 0,
            asked: VecDeque::new(),
            factor: 1.0,
            last: std::iter::repeat_n(1.0, AHEAD + 1).collect(),
            sum: f64::from(u32::try_from(AHEAD + 1).unwrap_or(u32::MAX)),
        }
    }

    /// Takes what comes in, and appends what can go out.
    pub(super) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        for sample in samples {
            self.take(sample * self.gain, out);
        }
    }

    /// Appends what is held.
    pub(super) fn finish(mut self, out: &mut Vec<f32>) {
        let end = out.len() + self.held.len();
        for _ in 0..AHEAD {
            self.take(0.0, out);
        }
        out.truncate(end);
    }

    fn take(&mut self, sample: f32, out: &mut Vec<f32>) {
        let asks = if sample.abs() > self.limit {
            self.limit / sample.abs()
        } else {
            1.0
        };
        while self.asked.back().is_some_and(|(_, softer)| *softer >= asks) {
            self.asked.pop_back();
        }
        self.asked.push_back((self.came, asks));
        self.came += 1;
        self.held.push_back(sample);
        if self.held.len() <= AHEAD {
            return;
        }
        let leaves = self.came - 1 - AHEAD as u64;
        let softest = self.asked.front().map_or(1.0, |(_, factor)| *factor);
        // Down at once, and back in a tenth of a second.
        self.factor = softest.min(self.factor + (1.0 - self.factor) * 0.0002);
        if self.asked.front().is_some_and(|(number, _)| *number == leaves) {
            self.asked.pop_front();
        }
        self.last.push_back(self.factor);
        self.sum += f64::from(self.factor) - f64::from(self.last.pop_front().unwrap_or(1.0));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "an average of factors up to one"
        )]
        let average = (self.sum / (AHEAD + 1) as f64) as f32;
        let leaving = self.held.pop_front();
        // Only what peaks within the first five milliseconds is cut.
        out.extend(leaving.map(|sample| (sample * average).clamp(-self.limit, self.limit)));
    }
}

/// The root of the mean square.
fn strength(samples: &[f32]) -> f32 {
    let sum: f32 = samples.iter().map(|sample| sample * sample).sum();
    #[expect(clippy::cast_precision_loss, reason = "a thousand")]
    let mean = sum / samples.len().max(1) as f32;
    mean.sqrt()
}

fn decibels(factor: f64) -> f64 {
    20.0 * factor.log10()
}

#[expect(clippy::cast_possible_truncation, reason = "samples have no more digits")]
fn factor(decibels: f64) -> f32 {
    10_f64.powf(decibels / 20.0) as f32
}
