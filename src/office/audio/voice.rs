//! A voice by a machine: a program that the office's staff have set, which reads a text and says it as a WAV. Begin with [`Voice`].

use std::time::Duration;

use thiserror::Error;

use super::AudioError;
use crate::office::programs::{Program, ProgramError};

/// The longest that a program may take for a text.
pub const MOST_SECONDS: u64 = 5 * 60;

/// Why a machine said nothing, in Vietnamese.
#[derive(Debug, Error)]
pub enum VoiceError {
    /// The program is at fault.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// What it said can't be used.
    #[error("tiếng do chương trình đưa ra không dùng được: {0}")]
    Sound(AudioError),
}

// By hand, because its words are in the sentence already and would be said twice as its source.
impl From<AudioError> for VoiceError {
    fn from(error: AudioError) -> Self {
        Self::Sound(error)
    }
}

/// A program that speaks: the text goes in, a WAV comes out.
#[derive(Debug, Clone)]
pub struct Voice(Program);

impl Voice {
    /// A voice by its command; a text may take so long.
    #[must_use]
    pub fn new(command: Vec<String>, most_time: Duration) -> Self {
        Self(Program {
            command,
            most_time: most_time.min(Duration::from_secs(MOST_SECONDS)),
            most_bytes: super::MOST_BYTES,
        })
    }

    /// Says paragraphs that are in words already; a WAV.
    ///
    /// # Errors
    /// The program fails or gives nothing.
    pub fn say(&self, paragraphs: &[String]) -> Result<Vec<u8>, ProgramError> {
        let mut sound = self.0.run(one_line(paragraphs).into_bytes())?;
        settle_length(&mut sound);
        Ok(sound)
    }
}

/// In one line, because some programs take each line for a text of its own; each paragraph with an end, where the voice takes a breath.
fn one_line(paragraphs: &[String]) -> String {
    let mut line = String::new();
    for paragraph in paragraphs {
        let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        line.push_str(&words);
        let ends = words
            .trim_end_matches(['”', '"', ')'])
            .ends_with(['.', '!', '?', '…', ':', ';', ',']);
        line.push_str(if ends { " " } else { ". " });
    }
    let mut line = line.trim_end().to_owned();
    line.push('\n');
    line
}

/// Whoever writes a WAV into a pipe can't go back to say how long it became. The program ended well, so it is as long as it is.
fn settle_length(wav: &mut [u8]) {
    if !(wav.starts_with(b"RIFF") && wav.get(8..12) == Some(b"WAVE")) {
        return;
    }
    let mut at = 12;
    while let Some(head) = wav.get(at..at + 8) {
        let is_sound = head.starts_with(b"data");
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let left = wav.len() - at - 8;
        if is_sound {
            if length == 0 || length > left {
                let lengths = [(at + 4, left), (4, wav.len() - 8)];
                for (place, length) in lengths {
                    let length = u32::try_from(length).unwrap_or(u32::MAX);
                    wav[place..place + 4].copy_from_slice(&length.to_le_bytes());
                }
            }
            return;
        }
        at += 8 + length + length % 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_one_line_with_an_end_each() {
        let paragraphs = ["Tên bài", "Có  gì\nmới?", "“Vâng.”"].map(str::to_owned);
        assert_eq!(one_line(&paragraphs), "Tên bài. Có gì mới? “Vâng.”\n");
    }

    #[test]
    fn a_length_that_nobody_knew_becomes_what_it_is_and_a_known_one_stays() {
        let wav = |length: u32, more: &[u8]| {
            let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
            wav.extend([0; 16]);
            wav.extend(b"data");
            wav.extend(length.to_le_bytes());
            wav.extend(more);
            wav
        };
        for unknown in [0, 0x7fff_f000, u32::MAX] {
            let mut sound = wav(unknown, &[1, 2, 3, 4]);
            settle_length(&mut sound);
            assert_eq!(sound[40..44], 4_u32.to_le_bytes());
            assert_eq!(sound[4..8], 40_u32.to_le_bytes());
        }
        let mut known = wav(2, &[1, 2, 3, 4]);
        let before = known.clone();
        settle_length(&mut known);
        assert_eq!(known, before);
        for mut odd in [
            Vec::new(),
            b"RIFF".to_vec(),
            vec![0xff; 100],
            wav(9, &[])[..20].to_vec(),
        ] {
            settle_length(&mut odd);
        }
    }
}
