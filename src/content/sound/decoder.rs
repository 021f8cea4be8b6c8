//! From the bytes of a recording to samples, a packet at a time. Begin with [`Decoder::new`].

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};

use ogg::{OggReadError, PacketReader};
use opus_rs::OpusDecoder;

use super::{Outline, RATE, SoundError};

/// The most that a packet holds: 120 ms.
const LONGEST_PACKET: usize = RATE as usize * 120 / 1000;

/// So many samples before the one that is sought the decoder begins, to be in tune when it comes there: 80 ms (RFC 7845, 4.6).
const WARMING_UP: u64 = RATE as u64 * 80 / 1000;

/// What stands before the sound: `OpusHead` and `OpusTags`.
const HEADERS: u8 = 2;

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread is the decoder's: it is caught, and costs the recording alone.
#[must_use]
pub fn is_decoding() -> bool {
    DECODING.get()
}

/// Plays a file of Ogg Opus: one channel, 48,000 samples a second, whatever was recorded.
pub struct Decoder<R: Read + Seek> {
    outline: Outline,
    packets: PacketReader<R>,
    opus: OpusDecoder,
    /// Packets that are passed over before the next sound.
    headers: u8,
    /// The sample with which the next packet begins, and the one before which nothing is heard.
    at: u64,
    from: u64,
    loudness: f32,
    decoded: Vec<f32>,
}

impl<R: Read + Seek> Decoder<R> {
    /// Looks the file over and stands at its beginning.
    ///
    /// # Errors
    /// It isn't Ogg Opus in one or two channels, or it can't be read.
    pub fn new(mut reader: R) -> Result<Self, SoundError> {
        let outline = Outline::read(&mut reader)?;
        reader.seek(SeekFrom::Start(0))?;
        Ok(Self {
            packets: PacketReader::new(reader),
            opus: fresh()?,
            headers: HEADERS,
            at: 0,
            from: outline.pre_skip.into(),
            loudness: 10_f32.powf(f32::from(outline.gain) / (20.0 * 256.0)),
            decoded: vec![0.0; LONGEST_PACKET],
            outline,
        })
    }

    /// What the file says of itself.
    #[must_use]
    pub fn outline(&self) -> &Outline {
        &self.outline
    }

    /// How long the whole lasts, in seconds.
    #[must_use]
    pub fn seconds_total(&self) -> f64 {
        self.outline.seconds()
    }

    /// Where it stands: seconds from the beginning of the sound to what [`Decoder::next`] gives.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "nobody listens for thousands of years")]
    pub fn seconds(&self) -> f64 {
        let samples = self.at.max(self.from).saturating_sub(self.outline.pre_skip.into());
        samples as f64 / f64::from(RATE)
    }

    /// Appends what the next packet says: 20 ms of what the office has written (of the first and the last packet less), up to 120 ms of
    /// others' files. `false` at the end; then nothing was appended.
    ///
    /// # Errors
    /// The file is damaged here or can't be read; there is no sense in going on but after [`Decoder::seek`].
    pub fn next(&mut self, out: &mut Vec<i16>) -> Result<bool, SoundError> {
        let samples = self.next_samples()?;
        out.extend(samples.iter().map(|sample| whole(*sample)));
        Ok(!samples.is_empty())
    }

    /// The same as numbers of which 1 is full scale; what is louder is not cut.
    ///
    /// # Errors
    /// As of [`Decoder::next`].
    pub fn next_uncut(&mut self, out: &mut Vec<f32>) -> Result<bool, SoundError> {
        let samples = self.next_samples()?;
        out.extend_from_slice(samples);
        Ok(!samples.is_empty())
    }

    /// What the next packet says; empty at the end.
    fn next_samples(&mut self) -> Result<&[f32], SoundError> {
        while self.at < self.outline.end {
            let Some(packet) = self.packets.read_packet().map_err(of_ogg)? else {
                break;
            };
            if packet.stream_serial() != self.outline.serial || packet.data.is_empty() {
                continue;
            }
            if self.headers > 0 {
                self.headers -= 1;
                continue;
            }
            let count = self.decode(&packet.data)?;
            let (begin, end) = (self.at, self.at + count as u64);
            self.at = end;
            let place = |sample: u64| usize::try_from(sample.clamp(begin, end) - begin).unwrap_or(count);
            let heard = place(self.from)..place(self.outline.end);
            if !heard.is_empty() {
                let samples = &mut self.decoded[heard];
                for sample in &mut *samples {
                    *sample *= self.loudness;
                }
                return Ok(samples);
            }
        }
        Ok(&[])
    }

    /// Goes to a moment, in seconds from the beginning of the sound; before the beginning is the beginning, after the end the end.
    ///
    /// # Errors
    /// The file can't be read.
    pub fn seek(&mut self, seconds: f64) -> Result<(), SoundError> {
        let sound = u64::from(self.outline.pre_skip);
        let wanted = seconds.clamp(0.0, self.outline.seconds()) * f64::from(RATE);
        // Of what is no number at all this makes the beginning.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the recording"
        )]
        let wanted = sound + wanted as u64;
        let warm = wanted.saturating_sub(WARMING_UP);
        let before = self.outline.places.partition_point(|(time, _)| *time <= warm);
        let place = before.checked_sub(1).and_then(|place| self.outline.places.get(place));
        let (at, offset) = place.copied().unwrap_or_default();
        self.packets.seek_bytes(SeekFrom::Start(offset))?;
        self.opus = fresh()?;
        self.headers = if offset == 0 { HEADERS } else { 0 };
        self.at = at;
        self.from = wanted;
        Ok(())
    }

    /// How many samples the packet has; they stand at the beginning of `decoded`.
    fn decode(&mut self, packet: &[u8]) -> Result<usize, SoundError> {
        let decoded = &mut self.decoded;
        let opus = &mut self.opus;
        DECODING.set(true);
        // The library promises an error for every packet that makes no sense; whoever listens must not depend on it.
        let count = panic::catch_unwind(AssertUnwindSafe(|| opus.decode(packet, LONGEST_PACKET, decoded)));
        DECODING.set(false);
        match count {
            Ok(Ok(count)) if count <= LONGEST_PACKET => Ok(count),
            Ok(_) => Err(SoundError::Damaged("a packet of Opus makes no sense")),
            Err(_) => {
                self.opus = fresh()?;
                Err(SoundError::Damaged("a packet of Opus can't be decoded"))
            }
        }
    }
}

fn fresh() -> Result<OpusDecoder, SoundError> {
    let rate = i32::try_from(RATE).map_err(|_| SoundError::Unsupported("the rate"))?;
    OpusDecoder::new(rate, 1).map_err(SoundError::Unsupported)
}

/// A sample as sound cards take it. What is no number is silent.
#[expect(clippy::cast_possible_truncation, reason = "clamped to what fits")]
fn whole(sample: f32) -> i16 {
    (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16
}

fn of_ogg(error: OggReadError) -> SoundError {
    match error {
        // The last page is cut off.
        OggReadError::ReadError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            SoundError::Damaged("a page of Ogg is cut off")
        }
        OggReadError::ReadError(error) => SoundError::Io(error),
        _ => SoundError::Damaged("a page of Ogg makes no sense"),
    }
}
