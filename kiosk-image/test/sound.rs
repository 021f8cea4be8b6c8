//! Somebody listens: a finger on "Nghe", and what leaves the machine's loudspeaker is what was recorded. The loudspeaker is pulled out in
//! the middle, and another one goes on.
//!
//! What is recorded here is a machine's voice (Debian's `espeak-ng`), turned into a recording as the office turns people's. What the
//! loudspeakers say stands in files of this computer (QEMU, `-audiodev wav`).

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use commune_kiosk::content::model::{Recording, Said};
use commune_kiosk::content::sound::Decoder;
use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::sound::Sound;
use commune_kiosk::office::audio;

use crate::editions::{self, Press, lies_in};
use crate::machine::{Machine, Setting};
use crate::packs::{Sibling, is_answered};
use crate::resident::Resident;
use crate::sticks;

/// What is read: long enough for a loudspeaker to be pulled out in the middle.
const READ: &str = "Kính thưa bà con. Khi sinh con, cha mẹ làm giấy khai sinh cho con tại Trung tâm Phục vụ hành chính công. \
                    Mang theo giấy chứng sinh và căn cước. Làm trong vòng sáu mươi ngày. Không mất tiền. Làm xong, nhận giấy trong ngày. \
                    Có gì chưa rõ, bà con hỏi cán bộ tại quầy. Xin cảm ơn bà con đã lắng nghe.";

/// Samples a second of what is compared: enough to know a voice again.
const COMPARED: usize = 8_000;

/// How much of it is looked for.
const PIECE: usize = 2 * COMPARED;

/// So alike, at least: a loudspeaker that stands still for a moment makes no other voice of it.
const ALIKE: f64 = 0.8;

#[test]
fn what_was_recorded_is_heard_and_another_loudspeaker_goes_on() {
    if !crate::is_told() {
        return;
    }
    let (press, sibling) = (Press::new(), Sibling::new());
    let mut machine = Machine::new(Setting {
        has_loudspeakers: true,
        ..Setting::of("20-sound")
    });
    let (opus, seconds) = recording(&machine.file("voice.wav"));
    press.records(vec![(
        Recording {
            of: Said::Page("khai-sinh").to_string(),
            media: "page-khai-sinh.opus".to_owned(),
            seconds,
            machine: true,
            parts: Vec::new(),
        },
        opus.clone(),
    )]);
    press.introduces_itself(&machine, "", "");
    println!("20-sound: runs after {:?}", machine.starts());
    let library = editions::built_in(&mut machine);
    let mut resident = Resident::before(machine, library);

    // The recording comes by stick.
    let shelf = tempfile::tempdir().expect("a folder");
    let folder = shelf.path().join("fat/usb");
    lies_in(&folder, "le-loi.kpack", &press.pack(2));
    let stick = sticks::fat(resident.machine.file("fat"), &folder);
    let outcome = sibling.takes(&folder, &press);
    assert!(outcome.installed, "{outcome:?}");
    resident.machine.plugs_stick(&stick, "fat");
    resident.twin.takes_pack(press.library(2));
    resident.sees_outcome(&outcome, "fat32");
    resident.pulls("fat");
    is_answered(&stick, &folder, &outcome);

    // A finger on "Nghe".
    let cards = resident.machine.runs("cat /proc/asound/cards");
    println!("20-sound: {cards}");
    resident
        .twin
        .asks(|desk| desk.hall.kiosk.act(Action::Sound(Sound::Card(true))));
    resident.taps("Chạm để bắt đầu > Làm thủ tục > Cưới, sinh con, người mất > Làm giấy khai sinh cho trẻ > Nghe");
    let usb = resident.machine.file(Machine::USB_LOUDSPEAKER);
    let inside = resident.machine.file(Machine::OWN_LOUDSPEAKER);
    hears(&resident.machine, &usb, seconds / 3);
    resident.machine.pulls("loudspeaker");
    hears(&resident.machine, &inside, seconds / 4);

    // Heard to its end, it is counted so.
    let (begun, patience) = (Instant::now(), resident.machine.patience(Duration::from_mins(4)));
    while resident.machine.counted("sound-played", "khai-sinh") < 2 {
        assert!(
            begun.elapsed() < patience,
            "not heard to its end: {:?}",
            resident.machine.counts()
        );
        sleep(Duration::from_secs(2));
    }
    resident.machine.cut();
    let whole = decoded(&opus);
    for (loudspeaker, from) in [(&usb, 0.1), (&inside, 0.6)] {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "samples"
        )]
        let first = (whole.len() as f64 * from) as usize;
        let alike = likeness(&whole[first..first + PIECE], &written(loudspeaker));
        println!("20-sound: {} correlates by {alike:.3}", loudspeaker.display());
        assert!(alike > ALIKE, "{alike:.3} at {}", loudspeaker.display());
    }
}

/// A voice as the office takes it, and how long it is.
fn recording(file: &Path) -> (Vec<u8>, u32) {
    let mut read = Command::new("espeak-ng");
    read.args(["-v", "vi", "-s", "130", "-w"]).arg(file).arg(READ);
    assert!(read.status().expect("espeak-ng").success(), "espeak-ng reads");
    let converted = audio::convert(file).expect("a recording");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some seconds")]
    let seconds = converted.seconds.round() as u32;
    (converted.opus, seconds)
}

/// Waits until a loudspeaker has said so many seconds.
fn hears(machine: &Machine, file: &Path, seconds: u32) {
    let wanted = u64::from(seconds) * 48_000 * 2;
    let (begun, patience) = (Instant::now(), machine.patience(Duration::from_mins(3)));
    while fs::metadata(file).map_or(0, |file| file.len()) < wanted {
        assert!(begun.elapsed() < patience, "{} says nothing", file.display());
        sleep(Duration::from_millis(500));
    }
}

/// What a loudspeaker has said: a WAV file of one channel, 16 bits, 48,000 a second, whose header is only right in the end.
fn written(file: &Path) -> Vec<f32> {
    let bytes = fs::read(file).expect("a WAV file");
    let (samples, _) = bytes.get(44..).unwrap_or_default().as_chunks::<2>();
    let samples: Vec<f32> = samples.iter().map(|two| f32::from(i16::from_le_bytes(*two))).collect();
    slower(&samples)
}

fn decoded(opus: &[u8]) -> Vec<f32> {
    let mut decoder = Decoder::new(Cursor::new(opus)).expect("a recording");
    let mut samples = Vec::new();
    while decoder.next(&mut samples).expect("decoded") {}
    let samples: Vec<f32> = samples.into_iter().map(f32::from).collect();
    slower(&samples)
}

/// Means of six samples: 8,000 a second instead of 48,000.
fn slower(samples: &[f32]) -> Vec<f32> {
    let count = 48_000 / COMPARED;
    samples
        .chunks_exact(count)
        .map(|six| six.iter().sum::<f32>() / 6.0)
        .collect()
}

/// How alike a piece is to the part of the whole that is most like it: 1 if it is the same but for its loudness.
fn likeness(piece: &[f32], whole: &[f32]) -> f64 {
    let energy = |samples: &[f32]| samples.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
    let own = energy(piece);
    whole
        .windows(piece.len())
        .map(|window| {
            let both: f32 = window.iter().zip(piece).map(|(one, other)| one * other).sum();
            f64::from(both) / (own * energy(window)).sqrt().max(1.0)
        })
        .fold(0.0, f64::max)
}
