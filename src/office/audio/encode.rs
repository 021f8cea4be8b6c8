//! Ogg Opus (RFC 7845) as the kiosk plays it: one channel, packets of 20 ms, a page a second. Begin with [`Encoder`].

use ogg::PacketWriter;
use ogg::writing::PacketWriteEndInfo;
use opus_rs::{Application, OpusEncoder};

use super::AudioError;
use crate::content::sound::RATE;

// `Application::Voip`, because the library then codes a voice as libopus does (its lower half by SILK). With `Audio` it never does, and at
// this rate the spectrum is off by a third more.

/// Samples of a packet: 20 ms.
const FRAME: usize = RATE as usize / 50;

/// Packets of a page: a second.
const PAGE: u64 = 50;

/// Bits a second: a voice is whole, and a programme of ten minutes is two megabytes.
const BITS: i32 = 28_000;

/// What the encoder puts before the first sample; players leave it out again.
const PRE_SKIP: u16 = 312;

/// Number of the stream. There is only one in a file, and the same recording gives the same file.
const SERIAL: u32 = 1;

/// Writes a recording into memory.
pub(super) struct Encoder {
    opus: OpusEncoder,
    file: PacketWriter<'static, Vec<u8>>,
    /// What isn't a packet yet.
    held: Vec<f32>,
    /// Samples that came in, and packets that went out.
    came: u64,
    packets: u64,
    /// A packet that waits to be known for the last one or not.
    waiting: Option<Vec<u8>>,
}

impl Encoder {
    pub(super) fn new() -> Result<Self, AudioError> {
        let rate = i32::try_from(RATE).map_err(|_| AudioError::Unencoded)?;
        let mut opus = OpusEncoder::new(rate, 1, Application::Voip).map_err(|_| AudioError::Unencoded)?;
        opus.bitrate_bps = BITS;
        opus.complexity = 10;
        let mut file = PacketWriter::new(Vec::new());
        for header in [head(), tags()] {
            file.write_packet(header, SERIAL, PacketWriteEndInfo::EndPage, 0)?;
        }
        Ok(Self {
            opus,
            file,
            held: Vec::new(),
            came: 0,
            packets: 0,
            waiting: None,
        })
    }

    /// Takes samples.
    pub(super) fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.came += samples.len() as u64;
        self.held.extend_from_slice(samples);
        self.packets_of_held()
    }

    /// Ends the recording; the file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, AudioError> {
        let end = self.came + u64::from(PRE_SKIP);
        // What the encoder still holds comes out behind silence.
        let frames = end.div_ceil(FRAME as u64);
        let silent = usize::try_from(frames * FRAME as u64 - self.came).map_err(|_| AudioError::Unencoded)?;
        self.held.extend(std::iter::repeat_n(0.0, silent));
        self.packets_of_held()?;
        if let Some(last) = self.waiting.take() {
            self.file
                .write_packet(last, SERIAL, PacketWriteEndInfo::EndStream, end)?;
        }
        Ok(self.file.into_inner())
    }

    fn packets_of_held(&mut self) -> Result<(), AudioError> {
        let held = std::mem::take(&mut self.held);
        let mut frames = held.chunks_exact(FRAME);
        for frame in frames.by_ref() {
            let mut packet = vec![0; 1276];
            let encoded = self.opus.encode(frame, FRAME, &mut packet);
            packet.truncate(encoded.map_err(|_| AudioError::Unencoded)?);
            self.write_waiting()?;
            self.waiting = Some(packet);
        }
        self.held = frames.remainder().to_vec();
        Ok(())
    }

    /// Writes the packet before this one: it was not the last.
    fn write_waiting(&mut self) -> Result<(), AudioError> {
        if let Some(packet) = self.waiting.take() {
            self.packets += 1;
            let end = if self.packets.is_multiple_of(PAGE) {
                PacketWriteEndInfo::EndPage
            } else {
                PacketWriteEndInfo::NormalPacket
            };
            let time = self.packets * FRAME as u64;
            self.file.write_packet(packet, SERIAL, end, time)?;
        }
        Ok(())
    }
}

/// `OpusHead`: one channel, played as loud as it is.
fn head() -> Vec<u8> {
    let mut head = b"OpusHead\x01\x01".to_vec();
    head.extend(PRE_SKIP.to_le_bytes());
    head.extend(RATE.to_le_bytes());
    head.extend([0, 0, 0]);
    head
}

/// `OpusTags`: who wrote it, and nothing of who speaks.
fn tags() -> Vec<u8> {
    let vendor = b"commune-kiosk";
    let mut tags = b"OpusTags".to_vec();
    tags.extend(u32::try_from(vendor.len()).unwrap_or_default().to_le_bytes());
    tags.extend(vendor);
    tags.extend([0; 4]);
    tags
}
