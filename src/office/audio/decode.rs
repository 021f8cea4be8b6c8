//! From a file that a telephone or a recorder saved to one channel of 48,000 samples a second.
//!
//! Nothing is believed: not the ending of the name, not the length that a file says it has. What is decoded is bounded in bytes and in
//! time, and a library that panics at some bytes is an error like others. Begin with [`decode`].

use std::io::{Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};

use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::default::{get_codecs, get_probe};

use super::resample::Resampler;
use super::{AudioError, LONGEST_SECONDS, MOST_BYTES};
use crate::content::sound::{self, Decoder, RATE};

/// The longest that is held.
const MOST_SAMPLES: usize = (LONGEST_SECONDS * RATE) as usize;

/// Packets at the beginning that may make no sense: an MP3 that was cut out of a longer one leans on what is gone.
const ODD_AT_FIRST: usize = 3;

/// What is lost of a file's end without anybody hearing it, in seconds: half a packet of any kind.
const UNHEARD: f64 = 0.25;

/// From here on a sample is taken for one at full scale.
const FULL: f32 = 0.999;

/// So many samples at full scale one after another are a wave that was cut off.
const CUT: usize = 3;

/// What was in a file.
pub(super) struct Decoded {
    pub samples: Vec<f32>,
    /// Of its samples so many were cut off at full scale, of all.
    pub clipped: u64,
    pub all: u64,
}

/// Decodes a file, whatever it is.
///
/// # Errors
/// It is no sound, one that can't be read, too large, too long or damaged.
pub(super) fn decode(source: Box<dyn MediaSource>) -> Result<Decoded, AudioError> {
    if source.byte_len().is_none_or(|bytes| bytes > MOST_BYTES) {
        return Err(AudioError::TooLarge);
    }
    panic::catch_unwind(AssertUnwindSafe(|| decode_any(source))).unwrap_or(Err(AudioError::Damaged))
}

fn decode_any(mut source: Box<dyn MediaSource>) -> Result<Decoded, AudioError> {
    let mut beginning = Vec::new();
    source.by_ref().take(256 * 1024).read_to_end(&mut beginning)?;
    source.seek(SeekFrom::Start(0))?;
    let is_ogg = beginning.starts_with(b"OggS");
    if is_ogg && beginning.get(28..36) == Some(b"OpusHead") {
        return opus(source);
    }
    if is_ogg {
        if !sound::has_an_end(&mut source)? {
            return Err(AudioError::CutOff);
        }
        source.seek(SeekFrom::Start(0))?;
    }
    let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
    let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
    let format = get_probe().probe(&Hint::new(), stream, format, metadata);
    let mut format = format.map_err(|_| unknown(&beginning))?;
    let Some(track) = format.default_track(TrackType::Audio) else {
        return Err(AudioError::NoAudio);
    };
    let (id, length) = (track.id, Length::of(track, &beginning));
    if length.says_too_long() {
        return Err(AudioError::TooLong);
    }
    let parameters = parameters(track).ok_or(AudioError::UnknownKind)?;
    let decoder = get_codecs().make_audio_decoder(parameters, &AudioDecoderOptions::default());
    let mut decoder = decoder.map_err(|_| AudioError::UnknownKind)?;
    let mut taking = Taking::default();
    let ends_well = taking.all(format.as_mut(), id, decoder.as_mut())?;
    taking.finish(ends_well, &length)
}

fn parameters(track: &Track) -> Option<&AudioCodecParameters> {
    track.codec_params.as_ref()?.audio()
}

/// Ogg Opus, as some telephones send it, by the decoder of the kiosk.
fn opus(source: Box<dyn MediaSource>) -> Result<Decoded, AudioError> {
    let mut decoder = Decoder::new(source).map_err(AudioError::of_sound)?;
    if !decoder.outline().is_whole {
        return Err(AudioError::CutOff);
    }
    if decoder.seconds_total() > f64::from(LONGEST_SECONDS) {
        return Err(AudioError::TooLong);
    }
    let mut taking = Taking::default();
    let mut piece = Vec::new();
    while decoder.next_uncut(&mut piece).map_err(AudioError::of_sound)? {
        taking.take(&piece, 1, RATE)?;
        piece.clear();
    }
    let length = Length {
        seconds: Some(decoder.seconds_total()),
        is_exact: true,
    };
    taking.finish(true, &length)
}

/// What a file says of its length.
struct Length {
    seconds: Option<f64>,
    /// It was written down, not reckoned from the first packets.
    is_exact: bool,
}

impl Length {
    #[expect(clippy::cast_precision_loss, reason = "compared with an hour")]
    fn of(track: &Track, beginning: &[u8]) -> Self {
        let rate = parameters(track).and_then(|parameters| parameters.sample_rate);
        let by_frames = track.num_frames.zip(rate.filter(|rate| *rate > 0));
        let by_frames = by_frames.map(|(frames, rate)| frames as f64 / f64::from(rate));
        let by_time = track.time_base.zip(track.duration);
        let by_time = by_time.and_then(|(base, duration)| base.calc_duration(duration));
        let by_time = by_time.map(|time| time.as_secs_f64());
        let known = [&b"RIFF"[..], b"fLaC", b"OggS"];
        let says = |word: &[u8]| beginning.windows(word.len()).any(|bytes| bytes == word);
        Self {
            seconds: by_frames.or(by_time),
            is_exact: known.iter().any(|kind| beginning.starts_with(kind))
                || beginning.get(4..8) == Some(b"ftyp")
                // What encoders write into the first frame of an MP3.
                || [&b"Xing"[..], b"Info", b"VBRI"].into_iter().any(says),
        }
    }

    fn says_too_long(&self) -> bool {
        let most = f64::from(LONGEST_SECONDS) * if self.is_exact { 1.0 } else { 2.0 };
        self.seconds.is_some_and(|seconds| seconds > most)
    }
}

/// Gathers what is decoded.
#[derive(Default)]
struct Taking {
    resampler: Option<(u32, Resampler)>,
    samples: Vec<f32>,
    mixed: Vec<f32>,
    /// Frames that came in, of the file's own rate.
    frames: u64,
    runs: Vec<usize>,
    clipped: u64,
    all: u64,
}

impl Taking {
    /// Decodes packet after packet; `false` if the file ends where it shouldn't.
    fn all(
        &mut self,
        format: &mut dyn FormatReader,
        track: u32,
        decoder: &mut dyn AudioDecoder,
    ) -> Result<bool, AudioError> {
        let mut odd = 0;
        let mut interleaved: Vec<f32> = Vec::new();
        loop {
            let packet = match format.next_packet() {
                Ok(Some(packet)) => packet,
                // Another recording may follow in a file of Ogg; this one is over.
                Ok(None) | Err(Error::ResetRequired) => return Ok(true),
                Err(Error::IoError(error)) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
                    return Err(error.into());
                }
                Err(_) => return Ok(false),
            };
            if packet.track_id != track {
                continue;
            }
            let Ok(sound) = decoder.decode(&packet) else {
                odd += 1;
                if self.frames > 0 || odd > ODD_AT_FIRST {
                    return Err(AudioError::Damaged);
                }
                continue;
            };
            let (channels, rate) = (sound.spec().channels().count(), sound.spec().rate());
            interleaved.clear();
            sound.copy_to_vec_interleaved(&mut interleaved);
            self.take(&interleaved, channels, rate)?;
        }
    }

    /// Takes frames of so many channels: the mean of all is one.
    fn take(&mut self, interleaved: &[f32], channels: usize, rate: u32) -> Result<(), AudioError> {
        if channels == 0 || !(4_000..=384_000).contains(&rate) {
            return Err(AudioError::UnknownKind);
        }
        self.count_clipped(interleaved, channels);
        self.mixed.clear();
        self.mixed.extend(interleaved.chunks_exact(channels).map(|frame| {
            let sum: f32 = frame.iter().copied().filter(|sample| sample.is_finite()).sum();
            #[expect(clippy::cast_precision_loss, reason = "a few channels")]
            let mean = sum / channels as f32;
            mean.clamp(-4.0, 4.0)
        }));
        self.frames += self.mixed.len() as u64;
        let (known, resampler) = self.resampler.get_or_insert_with(|| (rate, Resampler::new(rate)));
        if *known != rate {
            return Err(AudioError::Damaged);
        }
        resampler.push(&self.mixed, &mut self.samples);
        if self.samples.len() > MOST_SAMPLES {
            return Err(AudioError::TooLong);
        }
        Ok(())
    }

    fn count_clipped(&mut self, interleaved: &[f32], channels: usize) {
        self.runs.resize(channels, 0);
        for frame in interleaved.chunks_exact(channels) {
            for (sample, run) in frame.iter().zip(&mut self.runs) {
                *run = if sample.abs() >= FULL { *run + 1 } else { 0 };
                self.clipped += u64::from(*run >= CUT);
            }
        }
        self.all += interleaved.len() as u64;
    }

    fn finish(mut self, ends_well: bool, length: &Length) -> Result<Decoded, AudioError> {
        let Some((rate, resampler)) = self.resampler.take() else {
            return Err(if ends_well {
                AudioError::Silent
            } else {
                AudioError::CutOff
            });
        };
        #[expect(clippy::cast_precision_loss, reason = "an hour")]
        let came = self.frames as f64 / f64::from(rate);
        let lacks = length
            .seconds
            .filter(|_| length.is_exact)
            .map_or(0.0, |says| says - came);
        if lacks > UNHEARD || !ends_well && !length.is_exact {
            return Err(AudioError::CutOff);
        }
        resampler.finish(&mut self.samples);
        self.samples.truncate(MOST_SAMPLES);
        Ok(Decoded {
            samples: self.samples,
            clipped: self.clipped,
            all: self.all,
        })
    }
}

/// Why nothing here reads a file: what it begins with says what it is.
fn unknown(beginning: &[u8]) -> AudioError {
    let at = |from: usize, word: &[u8]| beginning.get(from..).is_some_and(|rest| rest.starts_with(word));
    if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) || at(0, b"RIFF") && at(8, b"AVI ") || at(0, b"FLV") {
        AudioError::Film
    } else if at(0, b"#!AMR") || at(0, &[0x30, 0x26, 0xb2, 0x75]) || at(0, b"caff") || at(0, b"FORM") {
        AudioError::UnknownKind
    } else if at(0, b"RIFF") || at(0, b"fLaC") || at(0, b"OggS") || at(0, b"ID3") {
        AudioError::Damaged
    } else if at(4, b"ftyp") {
        // A telephone writes last where everything is.
        AudioError::CutOff
    } else {
        AudioError::NotASound
    }
}
