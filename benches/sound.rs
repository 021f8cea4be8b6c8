//! Hearing: docs/performance.md allows 100 ms from the order to the first sound, 2 MiB of memory while it plays, and frames within 8 ms.
//!
//! A programme of twelve minutes is made of noise that swells like speech, as the office makes recordings, and played out of a library file
//! on ALSA's `null`, as fast as a card would play it. The reference in the same run is the same tour in silence.

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use commune_kiosk::content::library::{self, Library};
use commune_kiosk::content::model::{Recording, Said};
use commune_kiosk::content::source;
use commune_kiosk::kiosk::device::memory;
use commune_kiosk::kiosk::screen::tour;
use commune_kiosk::kiosk::session::sound::{Sound, Volume};
use commune_kiosk::kiosk::sound::card::{CARDS, Wish};
use commune_kiosk::kiosk::sound::{Order, Player};
use commune_kiosk::office::audio;

const MINUTES: usize = 12;

const ROUNDS: usize = 40;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = recorded(folder.path());
    let library = Library::open(&path).expect("a library");
    let before = pss();
    let (orders, said) = player();
    let mut starts: Vec<Duration> = (1..=ROUNDS)
        .map(|round| start(&library, &orders, &said, u32::try_from(round).expect("a small number")))
        .collect();
    println!("sound, {MINUTES} minutes of it in a library");
    println!(
        "  from the order to the first samples on the card (budget 100 ms)   median {:.1} ms, p95 {:.1} ms",
        common::ms(common::percentile(&mut starts, 0.5)),
        common::ms(common::percentile(&mut starts, 0.95))
    );
    play(&library, &orders, 1_000);
    thread::sleep(Duration::from_secs(3));
    let (worked, began) = (processor(), Instant::now());
    thread::sleep(Duration::from_secs(10));
    let share = processor().saturating_sub(worked).as_secs_f64() / began.elapsed().as_secs_f64();
    println!(
        "  memory while it plays (budget 2 MiB more)                          {:.1} MiB more than before",
        pss() - before
    );
    println!(
        "  the processor meanwhile                                            {:.1} % of a core",
        share * 100.0
    );
    let mut heard = frames(&path);
    orders.send(Order::Stop).expect("a player");
    let mut silent = frames(&path);
    for (what, frames) in [("while it plays", &mut heard), ("in silence", &mut silent)] {
        println!(
            "  tap to painted frame {what:<15} (budget 8 ms at p95)         median {:.2} ms, p95 {:.2} ms",
            common::ms(common::percentile(frames, 0.5)),
            common::ms(common::percentile(frames, 0.95))
        );
    }
}

/// A player on no card.
fn player() -> (Sender<Order>, Receiver<Sound>) {
    let (orders, taken) = mpsc::channel();
    let (says, said) = mpsc::channel();
    let wish = Wish(Some("plug:null".to_owned()));
    thread::spawn(move || {
        let tell = move |sound| {
            // The end of the benchmark hears nothing more.
            let _ = says.send(sound);
        };
        Player::new(taken, wish, CARDS.into(), tell).run();
    });
    assert_eq!(said.recv(), Ok(Sound::Card(true)));
    (orders, said)
}

fn play(library: &Library, orders: &Sender<Order>, number: u32) {
    let recording = library.stored("programme.opus").expect("a recording");
    let volume = Volume::Loud;
    let order = Order::Play {
        number,
        recording,
        volume,
    };
    orders.send(order).expect("a player");
}

/// It says where it is as soon as the first samples are on the card.
fn start(library: &Library, orders: &Sender<Order>, said: &Receiver<Sound>, number: u32) -> Duration {
    let began = Instant::now();
    play(library, orders, number);
    while !matches!(said.recv().expect("a player"), Sound::At { number: at, .. } if at == number) {}
    let took = began.elapsed();
    orders.send(Order::Stop).expect("a player");
    took
}

fn frames(path: &Path) -> Vec<Duration> {
    let mut frames = Vec::new();
    for _ in 0..5 {
        let path = path.to_owned();
        let round = thread::spawn(move || {
            let mut frames = Vec::new();
            tour::take(common::open(&path), common::options(), |stop| {
                frames.push(stop.frame);
                Ok(())
            })
            .expect("a tour");
            frames
        });
        frames.extend(round.join().expect("a round"));
    }
    frames.retain(|frame| !frame.is_zero());
    frames
}

/// The repository's content with a programme that is recorded.
fn recorded(folder: &Path) -> PathBuf {
    let checked = source::read(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("content"),
        common::morning().date(),
    );
    let mut content = checked.content.expect("the repository's content has no errors");
    let file = folder.join("programme.wav");
    fs::write(&file, noise()).expect("written");
    let converted = audio::convert(&file).expect("a recording");
    content.recordings.push(Recording {
        of: Said::Programme(&content.programmes[0].id).to_string(),
        media: "programme.opus".to_owned(),
        seconds: u32::try_from(60 * MINUTES).expect("a quarter of an hour"),
        machine: true,
        parts: Vec::new(),
    });
    content.media.insert("programme.opus".to_owned(), converted.opus);
    let path = folder.join("content.db");
    library::write(&content, &path).expect("a library");
    path
}

/// A WAV file: 16 bits, one channel, 16,000 a second.
fn noise() -> Vec<u8> {
    const RATE: u32 = 16_000;
    let samples = RATE * 60 * u32::try_from(MINUTES).expect("some minutes");
    let mut random = fastrand::Rng::with_seed(1);
    let mut file = Vec::new();
    let length = 2 * samples;
    let head: [&[u8]; 9] = [
        b"RIFF",
        &(36 + length).to_le_bytes(),
        b"WAVEfmt \x10\0\0\0\x01\0\x01\0",
        &RATE.to_le_bytes(),
        &(2 * RATE).to_le_bytes(),
        b"\x02\0\x10\0",
        b"data",
        &length.to_le_bytes(),
        b"",
    ];
    for part in head {
        file.write_all(part).expect("in memory");
    }
    let mut last = 0.0_f64;
    for at in 0..samples {
        let swell = (f64::from(at) / f64::from(RATE) * 9.0).sin().abs();
        last = 0.8 * last + 0.2 * (random.f64() - 0.5);
        #[expect(clippy::cast_possible_truncation, reason = "softer than an i16")]
        let sample = (last * swell * 20_000.0) as i16;
        file.extend(sample.to_le_bytes());
    }
    file
}

fn pss() -> f64 {
    memory::pss_kib().map_or(f64::NAN, |kib| {
        f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1024.0
    })
}

/// What the processor has done for this process.
fn processor() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("a line");
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let mut fields = after_name.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    // A hundred ticks a second on every Linux that runs this (sysconf(_SC_CLK_TCK)).
    Duration::from_millis(10 * (ticks() + ticks()))
}
