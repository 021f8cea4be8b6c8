//! Voices of all kinds go in, made here by reckoning.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "some seconds of sound"
)]

use std::io::Cursor;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// A voice of so many seconds: a tone with overtones that comes and goes as syllables do.
fn voice(rate: u32, seconds: u32, level: f32) -> Vec<f32> {
    let sample = |number: u32| {
        let time = number as f32 / rate as f32;
        let syllable = (time * 11.0).sin().max(0.0).sqrt();
        let tone = |overtone: f32| (time * 190.0 * overtone * std::f32::consts::TAU).sin() / overtone;
        level * syllable * (tone(1.0) + tone(2.0) + tone(3.0) + tone(5.0)) / 2.0
    };
    (0..rate * seconds).map(sample).collect()
}

/// A WAV of 16 bits in one channel whose head says that it holds `says` samples.
fn wav(rate: u32, samples: &[f32], says: u32) -> Vec<u8> {
    let mut file = b"RIFF".to_vec();
    file.extend((says * 2 + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate.to_le_bytes());
    file.extend((rate * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend((says * 2).to_le_bytes());
    for sample in samples {
        file.extend(((sample * 32_767.0) as i16).to_le_bytes());
    }
    file
}

fn whole(rate: u32, samples: &[f32]) -> Vec<u8> {
    wav(rate, samples, u32::try_from(samples.len()).expect("short"))
}

fn converted(bytes: Vec<u8>) -> Result<Converted, AudioError> {
    convert_source(Box::new(Cursor::new(bytes)))
}

#[test]
fn soft_and_loud_voices_come_out_alike() {
    for level in [0.01, 0.05, 0.3, 1.0] {
        let made = converted(whole(44_100, &voice(44_100, 6, level))).expect("a recording");
        assert!(
            (made.after.loudness - TARGET).abs() < 0.5,
            "{level}: {made:?}",
            made = made.after
        );
        assert!(made.after.peak <= HIGHEST_PEAK + 0.1, "{level}: {:?}", made.after);
        assert!((made.seconds - 6.0).abs() < 0.4, "{}", made.seconds);
    }
}

#[test]
fn a_bang_is_held_down_and_the_voice_is_not() {
    let mut samples = voice(48_000, 6, 0.05);
    for (number, sample) in samples[100_000..100_200].iter_mut().enumerate() {
        *sample = if number % 20 < 10 { 0.9 } else { -0.9 };
    }
    let made = converted(whole(48_000, &samples)).expect("a recording");
    assert!(
        made.after.peak <= HIGHEST_PEAK + 0.1 && (made.after.loudness - TARGET).abs() < 0.5,
        "{:?}",
        made.after
    );
}

#[test]
fn silence_at_both_ends_is_left_out_but_for_a_breath() {
    let mut samples = vec![0.0; 48_000 * 3];
    samples.extend(voice(48_000, 4, 0.2));
    samples.extend(vec![0.0; 48_000 * 5]);
    let made = converted(whole(48_000, &samples)).expect("a recording");
    assert!((4.0..4.8).contains(&made.seconds), "{}", made.seconds);
}

#[test]
fn what_is_odd_is_said() {
    let shouted: Vec<f32> = voice(48_000, 4, 3.0)
        .iter()
        .map(|sample| sample.clamp(-1.0, 1.0))
        .collect();
    assert_eq!(
        converted(whole(48_000, &shouted)).expect("a recording").oddities,
        [Oddity::Clipped]
    );
    let whispered = voice(48_000, 4, 0.005);
    assert_eq!(
        converted(whole(48_000, &whispered)).expect("a recording").oddities,
        [Oddity::Faint]
    );
    assert_eq!(
        converted(whole(48_000, &voice(48_000, 4, 0.2)))
            .expect("a recording")
            .oddities,
        []
    );
}

#[test]
fn what_nobody_could_listen_to_is_refused() {
    let good = voice(16_000, 4, 0.3);
    let refused = |bytes| converted(bytes).expect_err("no recording").to_string();
    assert_eq!(refused(Vec::new()), AudioError::NotASound.to_string());
    assert_eq!(
        refused(b"Kinh chao ba con. ".repeat(500)),
        AudioError::NotASound.to_string()
    );
    assert_eq!(
        refused(whole(16_000, &vec![0.0; 64_000])),
        AudioError::Silent.to_string()
    );
    assert_eq!(refused(whole(16_000, &good[..6_000])), AudioError::TooShort.to_string());
    assert_eq!(refused(wav(16_000, &good, 300_000)), AudioError::CutOff.to_string());
    assert_eq!(
        refused(wav(8_000, &good, 8_000 * 60 * 61)),
        AudioError::TooLong.to_string()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..4_000), kind in 0_usize..8) {
        let beginnings: [&[u8]; 8] =
            [b"", b"RIFF\0\0\0\0WAVEfmt ", b"ID3\x04\0\0", b"\xff\xfb", b"fLaC", b"OggS\0\x02", b"\0\0\0\x18ftypM4A ", b"\xff\xf1"];
        let _ = converted([beginnings[kind], &bytes].concat());
    }

    #[test]
    fn the_limiter_lets_nothing_pass(samples in vec(-8.0_f32..8.0, 1..3_000), gain in -10.0..20.0) {
        let measured = Level { loudness: TARGET - gain, peak: 20.0 };
        let mut out = Vec::new();
        let mut limiter = Limiter::new(TARGET - measured.loudness, -2.0);
        limiter.push(&samples, &mut out);
        limiter.finish(&mut out);
        prop_assert_eq!(out.len(), samples.len());
        prop_assert!(out.iter().all(|sample| sample.abs() <= 0.7944));
    }
}
