//! Recordings whose bytes are right, cut off, mixed up and made up.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "some seconds of sound"
)]

use std::f32::consts::TAU;
use std::io::Cursor;

use ogg::PacketWriter;
use ogg::writing::PacketWriteEndInfo;
use opus_rs::{Application, OpusEncoder};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const FRAME: usize = 960;
const PRE_SKIP: u16 = 312;

/// A file of these packets, a page of ten.
fn file(packets: &[Vec<u8>], head: &[u8], end: u64) -> Vec<u8> {
    let mut file = PacketWriter::new(Vec::new());
    let mut write = |packet: Vec<u8>, end, time| file.write_packet(packet, 7, end, time).expect("written");
    write(head.to_vec(), PacketWriteEndInfo::EndPage, 0);
    write(b"OpusTags\0\0\0\0\0\0\0\0".to_vec(), PacketWriteEndInfo::EndPage, 0);
    for (number, packet) in (1..).zip(packets) {
        let (place, time) = match number {
            number if number == packets.len() => (PacketWriteEndInfo::EndStream, end),
            number if number % 10 == 0 => (PacketWriteEndInfo::EndPage, (number * FRAME) as u64),
            number => (PacketWriteEndInfo::NormalPacket, (number * FRAME) as u64),
        };
        write(packet.clone(), place, time);
    }
    file.into_inner()
}

fn head(channels: u8, gain: i16) -> Vec<u8> {
    let mut head = vec![b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', 1, channels];
    head.extend(PRE_SKIP.to_le_bytes());
    head.extend(RATE.to_le_bytes());
    head.extend(gain.to_le_bytes());
    head.push(0);
    head
}

/// Four seconds that become ever higher, so that every moment sounds like itself.
fn packets() -> Vec<Vec<u8>> {
    let mut encoder = OpusEncoder::new(48_000, 1, Application::Audio).expect("an encoder");
    encoder.bitrate_bps = 64_000;
    let mut phase = 0.0_f32;
    let mut packets = Vec::new();
    for frame in 0..200_u16 {
        let tone = 200.0 + f32::from(frame) * 5.0;
        let samples: Vec<f32> = (0..FRAME)
            .map(|_| {
                phase = (phase + tone * TAU / 48_000.0) % TAU;
                phase.sin() * 0.3
            })
            .collect();
        let mut packet = vec![0; 1276];
        let length = encoder.encode(&samples, FRAME, &mut packet).expect("a packet");
        packet.truncate(length);
        packets.push(packet);
    }
    packets
}

/// The end that `packets` are trimmed to.
const END: u64 = 200 * FRAME as u64 - 500;

fn recording() -> Vec<u8> {
    file(&packets(), &head(1, 0), END)
}

fn all(bytes: &[u8]) -> Result<Vec<i16>, SoundError> {
    let mut decoder = Decoder::new(Cursor::new(bytes))?;
    let mut samples = Vec::new();
    while decoder.next(&mut samples)? {}
    Ok(samples)
}

#[test]
fn a_recording_is_as_long_as_it_says() {
    let bytes = recording();
    let samples = all(&bytes).expect("samples");
    let wanted = END - u64::from(PRE_SKIP);
    assert_eq!(samples.len() as u64, wanted);
    let decoder = Decoder::new(Cursor::new(&bytes)).expect("a recording");
    assert!((decoder.seconds_total() - wanted as f64 / 48_000.0).abs() < 1e-9);
    assert!(decoder.outline().is_whole && decoder.outline().channels == 1);
    let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max();
    assert!((8_000..13_000).contains(&loudest.expect("a sample")), "{loudest:?}");
}

#[test]
fn sought_it_goes_on_as_if_it_had_been_played() {
    let bytes = recording();
    let played = all(&bytes).expect("samples");
    let mut decoder = Decoder::new(Cursor::new(&bytes)).expect("a recording");
    for seconds in [2.5, 0.0, 3.9, 1.003, 0.05, 100.0, -1.0, f64::NAN] {
        decoder.seek(seconds).expect("sought");
        let at = decoder.seconds();
        let mut samples = Vec::new();
        while decoder.next(&mut samples).expect("samples") {}
        let from = (at * 48_000.0).round() as usize;
        assert_eq!(samples.len(), played.len() - from, "{seconds}");
        let wanted = if seconds.is_nan() {
            0.0
        } else {
            seconds.clamp(0.0, decoder.seconds_total())
        };
        assert!((at - wanted).abs() < 0.001, "{seconds}: {at}");
        // The decoder was warmed up, so what it says is nearly what it said.
        let worst = samples
            .iter()
            .zip(&played[from..])
            .map(|(one, other)| one.abs_diff(*other))
            .max();
        assert!(worst.unwrap_or_default() < 500, "{seconds}: {worst:?}");
    }
}

#[test]
fn a_gain_of_the_file_is_heard() {
    let soft = all(&file(&packets(), &head(1, -20 * 256), END)).expect("samples");
    let loudest = soft
        .iter()
        .map(|sample| sample.unsigned_abs())
        .max()
        .unwrap_or_default();
    assert!((800..1_300).contains(&loudest), "{loudest}");
}

#[test]
fn what_is_no_recording_is_refused() {
    for bytes in [&b""[..], b"OggS", b"ID3", &[0; 4096], b"OggS\0\x02"] {
        assert!(matches!(all(bytes), Err(SoundError::NotOpus(_))));
    }
    let surround = file(&packets(), &head(6, 0), END);
    assert!(matches!(all(&surround), Err(SoundError::Unsupported(_))));
}

#[test]
fn what_is_cut_off_says_what_there_was_and_is_not_whole() {
    let bytes = recording();
    let cut = &bytes[..bytes.len() / 2];
    let decoder = Decoder::new(Cursor::new(cut)).expect("a recording");
    assert!(!decoder.outline().is_whole);
    let seconds = decoder.seconds_total();
    assert!((1.0..3.0).contains(&seconds), "{seconds}");
    assert!(!has_an_end(&mut Cursor::new(cut)).expect("read") && has_an_end(&mut Cursor::new(&bytes)).expect("read"));
}

/// Whoever plays it does so on a thread of its own.
#[test]
fn a_decoder_goes_to_another_thread() {
    let decoder = Decoder::new(Cursor::new(recording())).expect("a recording");
    let seconds = std::thread::spawn(move || decoder.seconds_total()).join();
    assert!(seconds.is_ok());
}

/// What the library could not even refuse.
fn has_panicked(result: &Result<Vec<i16>, SoundError>) -> bool {
    matches!(result, Err(SoundError::Damaged(why)) if why.contains("can't be decoded"))
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..2_000)) {
        prop_assert!(!has_panicked(&all(&bytes)));
        let mut begun = recording();
        begun.truncate(150);
        begun.extend(bytes);
        prop_assert!(!has_panicked(&all(&begun)));
    }

    #[test]
    fn no_packets_make_it_panic(packets in vec(vec(any::<u8>(), 0..200), 1..30), end in any::<u64>()) {
        prop_assert!(!has_panicked(&all(&file(&packets, &head(1, 0), end))));
    }

    #[test]
    fn no_mistake_in_a_packet_makes_it_panic(places in vec((0_usize..200, 0_usize..300, any::<u8>()), 1..60), seconds in -1.0..5.0) {
        let mut packets = packets();
        for (packet, at, byte) in places {
            let packet = &mut packets[packet];
            let at = at % packet.len();
            packet[at] = byte;
        }
        let bytes = file(&packets, &head(1, 0), END);
        prop_assert!(!has_panicked(&all(&bytes)));
        let mut decoder = Decoder::new(Cursor::new(&bytes)).expect("a recording");
        decoder.seek(seconds).expect("sought");
        let _ = decoder.next(&mut Vec::new());
    }

    #[test]
    fn no_mistake_in_the_file_makes_it_panic(places in vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = recording();
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = all(&bytes);
    }
}
