//! Voices that read pages aloud, made ready for the kiosk: whatever a telephone saved becomes Ogg Opus, trimmed and as loud as all others.
//!
//! `decode` reads the file, `resample` brings it to 48,000 samples a second, `level` measures it and evens it out, `encode` writes it.
//! `joined` makes one sound of several, and `voice` has a program speak.
//! Files come from anybody: each is bounded before it is believed, and what can't be used is refused in words that staff understand.
//! Begin with [`convert`].

mod decode;
mod encode;
mod joined;
mod level;
mod numbered;
mod resample;
#[cfg(test)]
mod tests;
mod voice;

use std::fs::File;
use std::io;
use std::path::Path;

use symphonia::core::io::MediaSource;
use thiserror::Error;

use self::encode::Encoder;
pub use self::joined::{BETWEEN_PARTS, Joined, Parts};
pub use self::level::{HIGHEST_PEAK, Level, TARGET};
use self::level::{Limiter, Meter};
pub use self::numbered::{NumberedError, numbered};
pub use self::voice::{MOST_SECONDS, Voice, VoiceError};
use crate::content::sound::{Decoder, RATE, SoundError};

/// The largest file that is looked at, in bytes.
pub const MOST_BYTES: u64 = 200 * 1024 * 1024;

/// The longest recording, in seconds.
pub const LONGEST_SECONDS: u32 = 60 * 60;

/// The shortest, in seconds: less is a slip of the finger.
const SHORTEST_SECONDS: f64 = 1.0;

/// So often a voice is encoded anew until it is as loud as it should be, and how near is near enough, in LU.
const MOST_TRIES: u32 = 4;
const NEAR_ENOUGH: f64 = 0.3;

/// What is softer than this, in LUFS, was recorded too far from the mouth.
const FAINT: f64 = -45.0;

/// Why a recording is not taken, in Vietnamese for whoever brought it.
#[derive(Debug, Error)]
pub enum AudioError {
    /// There is no file of that name.
    #[error("không có tệp này")]
    NotThere,
    /// Something else under whatever name.
    #[error("tệp này không phải là tệp âm thanh")]
    NotASound,
    /// A container for films.
    #[error("đây là phim; hãy dùng tệp chỉ có tiếng (wav, mp3, m4a)")]
    Film,
    /// A film without a sound track, or pictures only.
    #[error("tệp này không có tiếng, chỉ có hình")]
    NoAudio,
    /// A sound that nothing here reads.
    #[error("kiểu âm thanh này không đọc được; hãy lưu thành wav, mp3 hoặc m4a rồi thử lại")]
    UnknownKind,
    /// More bytes than are looked at.
    #[error("tệp lớn quá {} MB; hãy lưu thành mp3 hoặc m4a, hoặc chia thành từng phần", MOST_BYTES / 1024 / 1024)]
    TooLarge,
    /// More minutes than anybody listens to.
    #[error("bài thu dài quá {} phút; hãy chia thành từng phần", LONGEST_SECONDS / 60)]
    TooLong,
    /// A second at least.
    #[error("bài thu ngắn quá, chưa được một giây tiếng nói")]
    TooShort,
    /// The end is missing.
    #[error("tệp bị cụt, thiếu đoạn cuối; hãy chép lại từ máy thu, hoặc thu lại")]
    CutOff,
    /// Something in it makes no sense.
    #[error("tệp bị hỏng ở giữa; hãy chép lại từ máy thu, hoặc thu lại")]
    Damaged,
    /// Nobody speaks.
    #[error("không nghe thấy tiếng nói, cả bài đều im lặng; hãy xem lại micrô rồi thu lại")]
    Silent,
    /// It can't be measured.
    #[error("không đo được độ to của bài thu")]
    Unmeasured,
    /// It can't be encoded.
    #[error("không nén được bài thu")]
    Unencoded,
    /// The file can't be read.
    #[error("không đọc được tệp")]
    Io(#[from] io::Error),
}

impl AudioError {
    fn of_sound(error: SoundError) -> Self {
        match error {
            SoundError::NotOpus(_) => Self::NotASound,
            SoundError::Unsupported(_) => Self::UnknownKind,
            SoundError::Damaged(_) => Self::Damaged,
            SoundError::Io(error) => Self::Io(error),
        }
    }
}

/// What is odd about a recording that is taken all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// The microphone was shouted at: waves are cut off at full scale.
    Clipped,
    /// The microphone was far away: the room becomes as loud as the voice.
    Faint,
}

/// A recording as the kiosk plays it.
#[derive(Debug)]
pub struct Converted {
    /// Ogg Opus, one channel.
    pub opus: Vec<u8>,
    /// How long it lasts.
    pub seconds: f64,
    /// How loud the voice was in the file that came in.
    pub before: Level,
    /// How loud it is when it is played.
    pub after: Level,
    /// What whoever records should know.
    pub oddities: Vec<Oddity>,
    /// When each part begins that was put into it by itself, in whole seconds; empty if it came in one piece.
    pub parts: Vec<u32>,
}

/// Makes a recording of a file.
///
/// # Errors
/// It is no sound, or none that residents could listen to.
pub fn convert(file: &Path) -> Result<Converted, AudioError> {
    let file = File::open(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => AudioError::NotThere,
        _ => AudioError::Io(error),
    })?;
    // Of a folder or a device nobody knows how long it is.
    if !file.metadata()?.is_file() {
        return Err(AudioError::NotASound);
    }
    convert_source(Box::new(file))
}

/// Makes a recording of a file that a program has just written.
///
/// # Errors
/// As of [`convert`].
pub fn convert_bytes(sound: Vec<u8>) -> Result<Converted, AudioError> {
    convert_source(Box::new(io::Cursor::new(sound)))
}

fn convert_source(source: Box<dyn MediaSource>) -> Result<Converted, AudioError> {
    let decoded = decode::decode(source)?;
    let voice = level::voice(&decoded.samples).ok_or(AudioError::Silent)?;
    let samples = &decoded.samples[voice];
    let seconds = seconds(samples.len());
    if seconds < SHORTEST_SECONDS {
        return Err(AudioError::TooShort);
    }
    let before = Level::of(samples.chunks(RATE as usize))?;
    let (opus, after) = evened(samples, before)?;
    let oddities = oddities(&decoded, before);
    Ok(Converted {
        opus,
        seconds,
        before,
        after,
        oddities,
        parts: Vec::new(),
    })
}

fn oddities(decoded: &decode::Decoded, before: Level) -> Vec<Oddity> {
    // One sample in ten thousand: some a second.
    let is_clipped = decoded.clipped * 10_000 > decoded.all;
    let found = [(Oddity::Clipped, is_clipped), (Oddity::Faint, before.loudness < FAINT)];
    found
        .into_iter()
        .filter_map(|(oddity, is_there)| is_there.then_some(oddity))
        .collect()
}

/// Encodes a voice as loud as all others. What the coding does to its peaks is known only when it is heard; then it is done again.
fn evened(samples: &[f32], before: Level) -> Result<(Vec<u8>, Level), AudioError> {
    let (mut target, mut highest) = (TARGET, HIGHEST_PEAK - level::ROOM_FOR_CODING);
    let mut tries = 0..MOST_TRIES;
    loop {
        let limiter = level::settle(samples, before, target, highest)?;
        let opus = encode(samples, limiter)?;
        let after = heard(&opus)?;
        let (lacks, over) = (TARGET - after.loudness, after.peak - HIGHEST_PEAK);
        if tries.next().is_none() || over <= 0.0 && lacks.abs() < NEAR_ENOUGH {
            return Ok((opus, after));
        }
        target += lacks.clamp(-1.0, 1.0);
        if over > 0.0 {
            highest -= over * 1.5 + 0.2;
        }
    }
}

fn encode(samples: &[f32], mut limiter: Limiter) -> Result<Vec<u8>, AudioError> {
    let mut encoder = Encoder::new()?;
    let mut piece = Vec::new();
    for samples in samples.chunks(RATE as usize) {
        limiter.push(samples, &mut piece);
        encoder.push(&piece)?;
        piece.clear();
    }
    limiter.finish(&mut piece);
    encoder.push(&piece)?;
    encoder.finish()
}

/// How loud a recording is as the kiosk plays it.
///
/// # Errors
/// It can't be decoded, or nobody speaks.
pub fn heard(opus: &[u8]) -> Result<Level, AudioError> {
    let mut decoder = Decoder::new(io::Cursor::new(opus)).map_err(AudioError::of_sound)?;
    let mut meter = Meter::new()?;
    let mut piece = Vec::new();
    while decoder.next_uncut(&mut piece).map_err(AudioError::of_sound)? {
        meter.hear(&piece)?;
        piece.clear();
    }
    meter.level()
}

#[expect(clippy::cast_precision_loss, reason = "an hour")]
fn seconds(samples: usize) -> f64 {
    samples as f64 / f64::from(RATE)
}
