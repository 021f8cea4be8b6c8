//! Recordings come out of the card as they went in: ALSA writes into a file what a loudspeaker would say.

use std::fs;
use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use ogg::writing::{PacketWriteEndInfo, PacketWriter};
use opus_rs::{Application, OpusEncoder};
use tempfile::TempDir;

use super::*;

/// How long anything may take, by a real clock.
const PATIENCE: Duration = Duration::from_mins(1);

/// A recording of a tone that swells and fades twice a second.
fn recording(seconds: u16, pitch: f32) -> Stored {
    const PIECE: usize = RATE as usize / 50;
    let mut encoder = OpusEncoder::new(48_000, 1, Application::Audio).expect("an encoder");
    encoder.bitrate_bps = 32_000;
    let mut bytes = Vec::new();
    let mut file = PacketWriter::new(&mut bytes);
    // Version 1, one channel, nothing to skip, 48,000 Hz, as loud as it is, no table (RFC 7845, 5.1).
    let head = b"OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00".to_vec();
    let tags = b"OpusTags\x04\x00\x00\x00test\x00\x00\x00\x00".to_vec();
    file.write_packet(head, 1, PacketWriteEndInfo::EndPage, 0)
        .expect("written");
    file.write_packet(tags, 1, PacketWriteEndInfo::EndPage, 0)
        .expect("written");
    let pieces = usize::from(seconds) * 50;
    for piece in 0..pieces {
        let samples: Vec<f32> = (piece * PIECE..(piece + 1) * PIECE)
            .map(|at| sample(at, pitch))
            .collect();
        let mut packet = vec![0; 4000];
        let length = encoder.encode(&samples, PIECE, &mut packet).expect("encoded");
        packet.truncate(length);
        let end = if piece + 1 == pieces {
            PacketWriteEndInfo::EndStream
        } else {
            PacketWriteEndInfo::EndPage
        };
        let granule = ((piece + 1) * PIECE) as u64;
        file.write_packet(packet, 1, end, granule).expect("written");
    }
    drop(file);
    Stored::Bytes(bytes)
}

#[expect(clippy::cast_precision_loss, reason = "some seconds of samples")]
fn sample(at: usize, pitch: f32) -> f32 {
    let time = at as f32 / RATE as f32;
    let swell = (std::f32::consts::TAU * time).sin().abs();
    0.4 * swell * (std::f32::consts::TAU * pitch * time).sin()
}

/// A player on a card that is a file.
struct Played {
    orders: Sender<Order>,
    said: Receiver<Sound>,
    file: std::path::PathBuf,
    player: JoinHandle<()>,
    _folder: TempDir,
}

impl Played {
    fn begin() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("heard.raw");
        let (orders, taken) = mpsc::channel();
        let (says, said) = mpsc::channel();
        let wish = Wish(Some(format!("file:{}", file.display())));
        let player = thread::spawn(move || {
            // Whoever has heard enough is told nothing more.
            let tell = move |sound| {
                let _ = says.send(sound);
            };
            Player::new(taken, wish, card::CARDS.into(), tell).run();
        });
        let begun = Self {
            orders,
            said,
            file,
            player,
            _folder: folder,
        };
        assert_eq!(begun.says(), Sound::Card(true));
        begun
    }

    fn told(&self, order: Order) {
        self.orders.send(order).expect("a player");
    }

    fn plays(&self, number: u32, recording: Stored) {
        self.told(Order::Play {
            number,
            recording,
            volume: Volume::Loud,
        });
    }

    fn says(&self) -> Sound {
        self.said.recv_timeout(PATIENCE).expect("something is said")
    }

    /// Waits until it has come so far.
    fn waits_for(&self, seconds: u64) {
        while !matches!(self.says(), Sound::At { at, .. } if at.as_secs() >= seconds) {}
    }

    /// Ends it; gives what was heard.
    fn heard(self) -> Vec<i16> {
        drop(self.orders);
        self.player.join().expect("a player that ended in order");
        samples(&self.file)
    }
}

fn samples(file: &Path) -> Vec<i16> {
    let bytes = fs::read(file).expect("a file");
    let (samples, _) = bytes.as_chunks::<2>();
    samples.iter().map(|two| i16::from_le_bytes(*two)).collect()
}

/// How alike two pieces of sound are: 1 if one is the other, only softer or louder.
fn correlation(one: &[i16], other: impl Iterator<Item = f32>) -> f64 {
    let (mut both, mut ones, mut others) = (0.0, 0.0, 0.0);
    for (one, other) in one.iter().map(|one| f64::from(*one)).zip(other.map(f64::from)) {
        both += one * other;
        ones += one * one;
        others += other * other;
    }
    both / (ones * others).sqrt().max(f64::MIN_POSITIVE)
}

#[test]
fn what_was_recorded_is_heard_and_each_second_is_said() {
    let played = Played::begin();
    played.plays(7, recording(3, 440.0));
    for second in 0..3 {
        match played.says() {
            Sound::At { number: 7, at } => assert_eq!(at.as_secs(), second),
            other => panic!("{other:?} at {second}"),
        }
    }
    assert_eq!(played.says(), Sound::Ended { number: 7 });
    let heard = played.heard();
    assert!(heard.len() >= 2 * RATE as usize, "{} samples", heard.len());
    // The encoder's delay is found by trying.
    let best = (0..2000)
        .map(|late| {
            let heard = heard.get(late..late + RATE as usize).unwrap_or_default();
            correlation(heard, (0..).map(|at| sample(at, 440.0)))
        })
        .fold(0.0, f64::max);
    println!("correlation {best:.4}");
    assert!(best > 0.98, "{best}");
}

#[test]
fn it_is_held_goes_on_where_it_was_and_goes_back() {
    let played = Played::begin();
    played.plays(1, recording(4, 440.0));
    played.waits_for(1);
    played.told(Order::Pause);
    // On a busy machine it hears that late; one that went on would come to its end.
    let mut held = 1;
    while let Ok(sound) = played.said.recv_timeout(Duration::from_millis(1_500)) {
        let Sound::At { at, .. } = sound else {
            panic!("what is held says {sound:?}");
        };
        held = at.as_secs();
    }
    played.told(Order::GoOn);
    assert!(matches!(played.says(), Sound::At { at, .. } if (held..=held + 1).contains(&at.as_secs())));
    played.told(Order::From(Duration::ZERO));
    while !matches!(played.says(), Sound::At { at, .. } if at.as_secs() == 0) {}
    played.waits_for(3);
    assert_eq!(played.says(), Sound::Ended { number: 1 });
}

#[test]
fn what_is_stopped_or_displaced_says_nothing_more() {
    let played = Played::begin();
    played.plays(1, recording(20, 440.0));
    played.waits_for(0);
    played.plays(2, recording(1, 880.0));
    loop {
        match played.says() {
            Sound::At { number: 1, .. } => {}
            Sound::At { number: 2, .. } => break,
            other => panic!("{other:?}"),
        }
    }
    while played.says() != (Sound::Ended { number: 2 }) {}
    played.plays(3, recording(20, 440.0));
    played.waits_for(0);
    played.told(Order::Stop);
    played.told(Order::Pause);
    played.told(Order::GoOn);
    thread::sleep(Duration::from_millis(500));
    while let Ok(sound) = played.said.try_recv() {
        assert!(matches!(sound, Sound::At { number: 3, .. }), "{sound:?}");
    }
    // One that is held ends with the program too.
    played.plays(4, recording(20, 440.0));
    played.waits_for(0);
    played.told(Order::Pause);
    played.heard();
}

#[test]
fn three_steps_are_three_loudnesses() {
    let peak = |volume| {
        let played = Played::begin();
        played.told(Order::Play {
            number: 1,
            recording: recording(1, 440.0),
            volume,
        });
        while played.says() != (Sound::Ended { number: 1 }) {}
        let heard = played.heard();
        f64::from(heard.iter().map(|sample| sample.unsigned_abs()).max().expect("samples"))
    };
    let [soft, medium, loud] = Volume::ALL.map(peak);
    for (softer, louder) in [(soft, medium), (medium, loud)] {
        let decibels = 20.0 * (louder / softer).log10();
        assert!((9.0..11.0).contains(&decibels), "{decibels:.1} dB");
    }
}

#[test]
fn what_is_no_recording_fails_and_the_next_is_heard() {
    let played = Played::begin();
    for bytes in [Vec::new(), b"OggS".to_vec(), vec![0x55; 100_000]] {
        played.plays(1, Stored::Bytes(bytes));
        assert_eq!(played.says(), Sound::Failed { number: 1 });
    }
    let Stored::Bytes(mut cut) = recording(2, 440.0) else {
        panic!("in memory");
    };
    cut.truncate(cut.len() / 2);
    played.plays(2, Stored::Bytes(cut));
    while !matches!(played.says(), Sound::Ended { number: 2 } | Sound::Failed { number: 2 }) {}
    played.plays(3, recording(1, 440.0));
    while played.says() != (Sound::Ended { number: 3 }) {}
}

/// A card that is not there: nothing is offered, and what is wished all the same fails.
#[test]
fn without_a_card_nothing_is_heard() {
    let folder = tempfile::tempdir().expect("a folder");
    let (orders, taken) = mpsc::channel();
    let (says, said) = mpsc::channel();
    let cards = folder.path().to_owned();
    let player = thread::spawn(move || {
        let tell = move |sound| {
            let _ = says.send(sound);
        };
        Player::new(taken, Wish(None), cards, tell).run();
    });
    let play = Order::Play {
        number: 1,
        recording: recording(1, 440.0),
        volume: Volume::Loud,
    };
    orders.send(play).expect("a player");
    assert_eq!(said.recv_timeout(PATIENCE), Ok(Sound::Failed { number: 1 }));
    // Somebody plugs one in, and out again. Nobody can open it, and it is there all the same.
    let list = folder.path().join("cards");
    fs::create_dir(folder.path().join("card0")).expect("a folder");
    fs::write(folder.path().join("card0/pcm0p"), "").expect("written");
    fs::write(&list, " 0 [Device ]: USB-Audio - USB Audio Device\n").expect("written");
    assert_eq!(said.recv_timeout(PATIENCE), Ok(Sound::Card(true)));
    fs::remove_file(&list).expect("removed");
    assert_eq!(said.recv_timeout(PATIENCE), Ok(Sound::Card(false)));
    drop(orders);
    player.join().expect("a player that ended in order");
}

#[test]
fn touches_click_softly_and_not_into_what_is_heard() {
    let played = Played::begin();
    played.told(Order::Click);
    played.told(Order::Click);
    played.plays(1, recording(1, 440.0));
    played.told(Order::Click);
    while played.says() != (Sound::Ended { number: 1 }) {}
    played.told(Order::Click);
    let heard = played.heard();
    // The file is written anew with each opening: what stands there now is the last click.
    let loudest = heard.iter().map(|sample| sample.unsigned_abs()).max();
    assert!(matches!(loudest, Some(500..4_000)), "{loudest:?}");
    assert!(heard.len() < RATE as usize / 2, "{} samples", heard.len());
}

#[test]
fn the_tones_for_staff_are_heard_and_end_softly() {
    let played = Played::begin();
    played.told(Order::Test(Volume::Loud));
    let heard = played.heard();
    let loudest = heard.iter().map(|sample| sample.unsigned_abs()).max();
    assert!(loudest > Some(10_000), "{loudest:?}");
    assert!(heard.first().is_some_and(|sample| *sample == 0));
    assert!(heard.last().is_some_and(|sample| sample.unsigned_abs() < 200));
}
