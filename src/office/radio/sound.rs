//! A programme as a sound: a few tones of our own, the turns with pauses, the tones again. Begin with [`Broadcast`].

use std::f32::consts::TAU;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use super::Script;
use crate::content::sound::RATE;
use crate::office::audio::{AudioError, Joined, NumberedError, Parts, Voice, VoiceError, numbered};
use crate::office::programs::{Program, ProgramError};

/// Silence between two turns, before a turn that begins a part, and between tones and words, in milliseconds.
const BETWEEN_TURNS: usize = 600;
const BEFORE_A_PART: usize = 1200;

/// The tones, in hertz: up at the beginning, down at the end.
const TONES: [f32; 4] = [392.0, 493.88, 587.33, 783.99];

/// From one tone to the next, and how long the last one lasts, in samples.
const STEP: usize = RATE as usize * 3 / 10;
const LAST: usize = RATE as usize * 16 / 10;

/// How loud a tone is, of full scale: softer than a voice.
const SOFT: f32 = 0.09;

/// Why a programme has no sound, in Vietnamese.
#[derive(Debug, Error)]
pub enum RadioError {
    /// The recordings don't fit the turns.
    #[error(transparent)]
    Numbered(#[from] NumberedError),
    /// A recording can't be used.
    #[error("không dùng được bài thu {0}: {1}")]
    Recording(PathBuf, AudioError),
    /// The machine's voice fails.
    #[error("giọng máy không đọc được lượt {0:02}: {1}")]
    Voice(usize, VoiceError),
    /// The whole can't be put together.
    #[error(transparent)]
    Audio(#[from] AudioError),
}

/// Who says the turns.
#[derive(Debug)]
pub enum Broadcast {
    /// People, in a file a turn.
    Recorded(Vec<PathBuf>),
    /// A machine.
    Machine(Voice),
}

impl Broadcast {
    /// What people have recorded in a folder: `01.wav`, `02.m4a` …; `None` if there is nothing.
    ///
    /// # Errors
    /// Some turns are missing, or files don't fit the script.
    pub fn recorded(folder: &Path, script: &Script) -> Result<Option<Self>, RadioError> {
        if !folder.is_dir() {
            return Ok(None);
        }
        let turns = numbered(folder, script.turns.len())?;
        Ok(Some(turns).filter(|turns| !turns.is_empty()).map(Self::Recorded))
    }

    /// The finished programme. `tell` hears the number of each turn, and says whether to go on; `None` if not.
    ///
    /// # Errors
    /// A turn can't be said, or the whole is too long.
    pub fn of(&self, script: &Script, mut tell: impl FnMut(usize) -> bool) -> Result<Option<Joined>, RadioError> {
        let mut parts = Parts::default();
        // The tones belong to the first chapter.
        parts.begin_part(0);
        parts.push_samples(&jingle(true))?;
        for (number, turn) in (1..).zip(&script.turns) {
            if !tell(number) {
                return Ok(None);
            }
            let begins = number == 1 || !turn.heading.is_empty();
            if number > 1 && begins {
                parts.begin_part(BEFORE_A_PART);
            } else {
                parts.push_silence(if begins { BEFORE_A_PART } else { BETWEEN_TURNS });
            }
            match self {
                Self::Recorded(files) => {
                    let Some(file) = files.get(number - 1) else {
                        return Err(NumberedError::Missing(vec![number]).into());
                    };
                    let pushed = parts.push_file(file);
                    pushed.map_err(|error| RadioError::Recording(file.clone(), error))?;
                }
                Self::Machine(voice) => {
                    let said = voice.say(std::slice::from_ref(&turn.said)).map_err(VoiceError::from);
                    let pushed = said.and_then(|sound| Ok(parts.push_bytes(sound)?));
                    pushed.map_err(|error| RadioError::Voice(number, error))?;
                }
            }
        }
        parts.push_silence(BEFORE_A_PART);
        parts.push_samples(&jingle(false))?;
        Ok(Some(parts.join()?))
    }
}

/// Soft tones, one after another: 2.5 seconds of 48,000 samples.
#[must_use]
pub fn jingle(is_beginning: bool) -> Vec<f32> {
    let mut tones = TONES;
    if !is_beginning {
        tones.reverse();
    }
    let mut samples = vec![0.0; STEP * (tones.len() - 1) + LAST];
    let all = samples.len();
    for (number, tone) in tones.into_iter().enumerate() {
        let begin = number * STEP;
        for (at, sample) in samples[begin..].iter_mut().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a few seconds")]
            let (time, left) = (at as f32 / RATE as f32, (all - begin - at) as f32 / RATE as f32);
            // It swells in 15 ms, fades like a bell, and is gone at the end.
            let swell = (time / 0.015).min(1.0) * (left / 0.3).min(1.0);
            let bell = (-2.8 * time).exp() * ((TAU * tone * time).sin() + 0.25 * (TAU * 2.0 * tone * time).sin());
            *sample += SOFT * swell * bell;
        }
    }
    samples
}

/// The same as MP3, by `lame` if it is installed.
///
/// # Errors
/// It isn't, or it fails.
pub fn mp3(wav: Vec<u8>) -> Result<Vec<u8>, ProgramError> {
    let command = ["lame", "--quiet", "-m", "m", "-b", "96", "-", "-"];
    let lame = Program {
        command: command.map(str::to_owned).to_vec(),
        most_time: Duration::from_mins(5),
        most_bytes: 200 * 1024 * 1024,
    };
    lame.run(wav)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tones_are_short_soft_and_end_in_silence() {
        for is_beginning in [true, false] {
            let samples = jingle(is_beginning);
            assert!(samples.len() < 3 * RATE as usize);
            let strongest = samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!((0.05..0.4).contains(&strongest), "{strongest}");
            assert!(samples[0].abs() < 0.001 && samples[samples.len() - 1].abs() < 0.001);
        }
    }
}
