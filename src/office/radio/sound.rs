//! A programme as a sound: a few tones of our own, the turns with pauses, the tones again. Begin with [`Broadcast`].

use std::collections::BTreeMap;
use std::f32::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use super::Script;
use crate::content::sound::RATE;
use crate::office::audio::{AudioError, Joined, Parts, Voice, VoiceError};
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

/// What recordings of turns may end with.
const ENDINGS: [&str; 7] = ["wav", "mp3", "m4a", "aac", "ogg", "opus", "flac"];

/// Why a programme has no sound, in Vietnamese.
#[derive(Debug, Error)]
pub enum RadioError {
    /// Some turns are recorded, and others not.
    #[error("còn thiếu bài thu của lượt {}", numbers(.0))]
    Missing(Vec<usize>),
    /// Two files say they are the same turn.
    #[error("có hai bài thu của lượt {0:02}; hãy giữ một tệp")]
    Twice(usize),
    /// A file for a turn that the script has not.
    #[error("có bài thu của lượt {0:02}, nhưng lời phát thanh chỉ có {1} lượt; hãy xem lại đúng chương trình chưa")]
    TooMany(usize, usize),
    /// The folder can't be read.
    #[error("không đọc được {0} ({1})")]
    Unreadable(PathBuf, std::io::Error),
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

fn numbers(turns: &[usize]) -> String {
    let numbers: Vec<String> = turns.iter().map(|number| format!("{number:02}")).collect();
    numbers.join(", ")
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
        let unreadable = |error| RadioError::Unreadable(folder.to_owned(), error);
        if !folder.is_dir() {
            return Ok(None);
        }
        let mut turns: BTreeMap<usize, PathBuf> = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let Some(number) = number_of(&path) else { continue };
            if turns.insert(number, path).is_some() {
                return Err(RadioError::Twice(number));
            }
        }
        let all = script.turns.len();
        if turns.is_empty() {
            return Ok(None);
        }
        let missing: Vec<usize> = (1..=all).filter(|number| !turns.contains_key(number)).collect();
        let beyond = turns.keys().find(|number| !(1..=all).contains(*number));
        match beyond {
            Some(number) => Err(RadioError::TooMany(*number, all)),
            None if missing.is_empty() => Ok(Some(Self::Recorded(turns.into_values().collect()))),
            None => Err(RadioError::Missing(missing)),
        }
    }

    /// The finished programme. `tell` hears the number of each turn, and says whether to go on; `None` if not.
    ///
    /// # Errors
    /// A turn can't be said, or the whole is too long.
    pub fn of(&self, script: &Script, mut tell: impl FnMut(usize) -> bool) -> Result<Option<Joined>, RadioError> {
        let mut parts = Parts::default();
        parts.push_samples(&jingle(true))?;
        for (number, turn) in (1..).zip(&script.turns) {
            if !tell(number) {
                return Ok(None);
            }
            let begins = number == 1 || !turn.heading.is_empty();
            parts.push_silence(if begins { BEFORE_A_PART } else { BETWEEN_TURNS });
            match self {
                Self::Recorded(files) => {
                    let Some(file) = files.get(number - 1) else {
                        return Err(RadioError::Missing(vec![number]));
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

/// Which turn a file is: the number that it is called, if it is a sound.
fn number_of(path: &Path) -> Option<usize> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let stem = path.file_stem()?.to_str()?;
    let is_number = !stem.is_empty() && stem.len() <= 4 && stem.bytes().all(|byte| byte.is_ascii_digit());
    (ENDINGS.contains(&ending.as_str()) && is_number).then(|| stem.parse().ok())?
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

    #[test]
    fn turns_are_called_by_their_numbers() {
        for (name, number) in [
            ("01.wav", Some(1)),
            ("7.MP3", Some(7)),
            ("112.m4a", Some(112)),
            ("01.txt", None),
            ("a1.wav", None),
            ("-1.wav", None),
            (".wav", None),
            ("12345.wav", None),
        ] {
            assert_eq!(number_of(Path::new(name)), number, "{name}");
        }
    }
}
