//! One sound of several: turns that people or machines have said, each as loud as the others, with silence between them. Begin with [`Parts`].

use std::fs::File;
use std::io;
use std::path::Path;

use symphonia::core::io::MediaSource;

use super::{
    AudioError, Converted, HIGHEST_PEAK, LONGEST_SECONDS, Level, Oddity, TARGET, decode, evened, level, seconds,
};
use crate::content::sound::RATE;

/// What is left of the silence before and behind a voice; it comes and goes over that time, so that no room begins at once.
const MARGIN: usize = RATE as usize / 10;

/// Silence between two parts of a text, in milliseconds: as long as a reader takes a breath.
pub const BETWEEN_PARTS: usize = 600;

/// Silence that is put behind a turn while it is measured: "Vâng." is shorter than what is measured at once.
const TO_MEASURE: usize = RATE as usize / 2;

/// Parts of a sound, one behind another.
#[derive(Debug, Default)]
pub struct Parts {
    samples: Vec<f32>,
    /// Where the parts begin that residents are told of.
    begins: Vec<usize>,
    oddities: Vec<Oddity>,
    /// The margin of a voice that stands at the end already, of the silence that is to follow.
    margin: usize,
}

/// A sound that was put together.
#[derive(Debug)]
pub struct Joined {
    /// WAV, one channel, 16 bits, 48,000 samples a second.
    pub wav: Vec<u8>,
    /// The same as the kiosk plays it.
    pub recording: Converted,
}

impl Parts {
    /// Appends the voice of a file, trimmed and as loud as all voices are.
    ///
    /// # Errors
    /// It is no sound, nobody speaks, or the whole becomes too long.
    pub fn push_file(&mut self, file: &Path) -> Result<(), AudioError> {
        self.push_voice(Box::new(File::open(file)?))
    }

    /// The same of a file that a program has just written.
    ///
    /// # Errors
    /// As of [`Parts::push_file`].
    pub fn push_bytes(&mut self, sound: Vec<u8>) -> Result<(), AudioError> {
        self.push_voice(Box::new(io::Cursor::new(sound)))
    }

    fn push_voice(&mut self, source: Box<dyn MediaSource>) -> Result<(), AudioError> {
        let sound = decode::decode(source)?;
        let decoded = &sound.samples;
        let bare = level::bare_voice(decoded).ok_or(AudioError::Silent)?;
        let (start, end) = (
            bare.start.saturating_sub(MARGIN),
            (bare.end + MARGIN).min(decoded.len()),
        );
        // Where a file begins with the voice, silence is put before it.
        let mut voice = vec![0.0; MARGIN - (bare.start - start)];
        voice.extend_from_slice(&decoded[start..end]);
        voice.resize(voice.len() + MARGIN - (end - bare.end), 0.0);
        let length = voice.len();
        voice.resize(length + TO_MEASURE, 0.0);
        let measured = Level::of(voice.chunks(RATE as usize))?;
        for oddity in super::oddities(&sound, measured) {
            if !self.oddities.contains(&oddity) {
                self.oddities.push(oddity);
            }
        }
        let mut limiter = level::settle(&voice, measured, TARGET, HIGHEST_PEAK)?;
        let begin = self.samples.len();
        limiter.push(&voice, &mut self.samples);
        limiter.finish(&mut self.samples);
        self.samples.truncate(begin + length);
        let voice = &mut self.samples[begin..];
        for number in 0..MARGIN.min(length) {
            #[expect(clippy::cast_precision_loss, reason = "a tenth of a second")]
            let factor = number as f32 / MARGIN as f32;
            voice[number] *= factor;
            voice[length - 1 - number] *= factor;
        }
        self.margin = MARGIN;
        self.check_length()
    }

    /// Says that what comes next begins a part, after so much silence, in milliseconds.
    pub fn begin_part(&mut self, silence: usize) {
        self.push_silence(silence);
        self.begins.push(self.samples.len());
    }

    /// Appends a sound as it is.
    ///
    /// # Errors
    /// The whole becomes too long.
    pub fn push_samples(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.samples.extend_from_slice(samples);
        self.margin = 0;
        self.check_length()
    }

    /// Appends silence before the next voice, in milliseconds: what both voices bring of it is counted.
    pub fn push_silence(&mut self, milliseconds: usize) {
        let wanted = RATE as usize / 1000 * milliseconds;
        let more = wanted.saturating_sub(self.margin + MARGIN);
        self.samples.resize(self.samples.len() + more, 0.0);
        self.margin = 0;
    }

    fn check_length(&self) -> Result<(), AudioError> {
        if self.samples.len() > (LONGEST_SECONDS * RATE) as usize {
            return Err(AudioError::TooLong);
        }
        Ok(())
    }

    /// All of it, as loud as every recording.
    ///
    /// # Errors
    /// It is silent, or can't be encoded.
    pub fn join(self) -> Result<Joined, AudioError> {
        let samples = self.samples;
        let before = Level::of(samples.chunks(RATE as usize))?;
        let (opus, after) = evened(&samples, before)?;
        let mut limiter = level::settle(&samples, before, TARGET, HIGHEST_PEAK)?;
        let mut wav = header(samples.len())?;
        let mut piece = Vec::new();
        for samples in samples.chunks(RATE as usize) {
            limiter.push(samples, &mut piece);
            wav.extend(piece.drain(..).flat_map(whole));
        }
        limiter.finish(&mut piece);
        wav.extend(piece.drain(..).flat_map(whole));
        let recording = Converted {
            opus,
            seconds: seconds(samples.len()),
            before,
            after,
            oddities: self.oddities,
            parts: self.begins.into_iter().map(whole_seconds).collect(),
        };
        Ok(Joined { wav, recording })
    }
}

fn header(samples: usize) -> Result<Vec<u8>, AudioError> {
    let bytes = u32::try_from(samples * 2).map_err(|_| AudioError::TooLong)?;
    let mut header = b"RIFF".to_vec();
    header.extend((bytes + 36).to_le_bytes());
    header.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    header.extend(RATE.to_le_bytes());
    header.extend((RATE * 2).to_le_bytes());
    header.extend(b"\x02\0\x10\0data");
    header.extend(bytes.to_le_bytes());
    Ok(header)
}

/// So many samples, of an hour at most.
fn whole_seconds(samples: usize) -> u32 {
    u32::try_from(samples / RATE as usize).unwrap_or(u32::MAX)
}

fn whole(sample: f32) -> [u8; 2] {
    #[expect(clippy::cast_possible_truncation, reason = "between the ends of 16 bits")]
    let whole = (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16;
    whole.to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A WAV of a second of a tone between so much silence, in tenths of seconds.
    fn tone(before: usize, level: f32, behind: usize) -> Vec<u8> {
        let tenth = RATE as usize / 10;
        let sample = |number: usize| {
            #[expect(clippy::cast_precision_loss, reason = "a second")]
            let time = number as f32 / RATE as f32;
            level * (time * 220.0 * std::f32::consts::TAU).sin()
        };
        let quiet = |tenths: usize| vec![0.0; tenths * tenth];
        let samples = [quiet(before), (0..10 * tenth).map(sample).collect(), quiet(behind)].concat();
        let mut wav = header(samples.len()).expect("a header");
        wav.extend(samples.into_iter().flat_map(whole));
        wav
    }

    #[test]
    fn turns_become_equally_loud_and_the_silence_between_them_is_as_long_as_asked() {
        let mut parts = Parts::default();
        parts.begin_part(0);
        parts.push_bytes(tone(0, 0.02, 0)).expect("a turn");
        parts.begin_part(600);
        parts.push_bytes(tone(8, 0.7, 9)).expect("a turn");
        let loud: Vec<bool> = parts
            .samples
            .chunks(RATE as usize / 100)
            .map(|piece| piece.iter().any(|sample| sample.abs() > 0.03))
            .collect();
        let first = loud.iter().position(|loud| *loud).expect("a tone");
        let silence = loud[first..].iter().position(|loud| !loud).expect("silence") + first;
        let next = loud[silence..].iter().position(|loud| *loud).expect("another tone");
        assert!((58..=62).contains(&next), "{next} hundredths");
        let half = parts.samples.len() / 2;
        let strongest = |samples: &[f32]| samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
        let (one, other) = (strongest(&parts.samples[..half]), strongest(&parts.samples[half..]));
        assert!((one / other - 1.0).abs() < 0.05, "{one} {other}");
        let joined = parts.join().expect("a sound");
        assert_eq!(joined.recording.parts, [0, 1]);
        assert!(
            (joined.recording.after.loudness - TARGET).abs() < 0.5,
            "{:?}",
            joined.recording.after
        );
        assert!(
            (joined.recording.seconds - 2.8).abs() < 0.1,
            "{}",
            joined.recording.seconds
        );
        let heard = super::super::convert_bytes(joined.wav).expect("a WAV");
        assert!((heard.before.loudness - TARGET).abs() < 0.5, "{:?}", heard.before);
    }

    #[test]
    fn silence_is_no_turn_and_nothing_lasts_longer_than_an_hour() {
        let mut parts = Parts::default();
        assert!(matches!(parts.push_bytes(tone(0, 0.0, 0)), Err(AudioError::Silent)));
        assert!(matches!(parts.push_bytes(b"text".to_vec()), Err(AudioError::NotASound)));
        parts.push_silence(LONGEST_SECONDS as usize * 1000);
        assert!(matches!(parts.push_bytes(tone(0, 0.5, 0)), Err(AudioError::TooLong)));
    }
}
