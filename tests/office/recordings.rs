//! Voices that read pages aloud: whatever a telephone saved goes in with `office audio add`, comes out evenly loud, and is left out of the
//! library once the page says something else.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "some seconds of sound"
)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use commune_kiosk::content::library::Library;
use commune_kiosk::content::model::Said;
use commune_kiosk::office::audio::{self, HIGHEST_PEAK, TARGET};

use crate::content_checker::folder::{ARTICLE, Folder};

/// Voices that other programs have saved: `voice.*` are four seconds of a tone that comes and goes, `film.mp4` is a second of blue.
pub fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/office/recordings")
        .join(name)
}

/// How a WAV is made: samples a second, channels, bits; 32 are floating point.
#[derive(Clone, Copy)]
struct Wav(u32, u16, u16);

impl Wav {
    fn bytes(self, samples: &[f32]) -> Vec<u8> {
        let Self(rate, channels, bits) = self;
        let width = bits / 8;
        let mut sound = Vec::new();
        for sample in samples {
            for _ in 0..channels {
                match bits {
                    8 => sound.push((sample * 127.0 + 128.0) as u8),
                    16 => sound.extend(((sample * 32_767.0) as i16).to_le_bytes()),
                    24 => sound.extend(&((sample * 8_388_607.0) as i32).to_le_bytes()[..3]),
                    _ => sound.extend(sample.to_le_bytes()),
                }
            }
        }
        let kind: u16 = if bits == 32 { 3 } else { 1 };
        let mut file = b"RIFF".to_vec();
        file.extend((sound.len() as u32 + 36).to_le_bytes());
        file.extend(b"WAVEfmt \x10\0\0\0");
        file.extend(kind.to_le_bytes());
        file.extend(channels.to_le_bytes());
        file.extend(rate.to_le_bytes());
        file.extend((rate * u32::from(channels * width)).to_le_bytes());
        file.extend((channels * width).to_le_bytes());
        file.extend(bits.to_le_bytes());
        file.extend(b"data");
        file.extend((sound.len() as u32).to_le_bytes());
        file.extend(sound);
        file
    }
}

/// A tone with overtones that comes and goes as syllables do.
fn voice(rate: u32, seconds: u32, level: f32) -> Vec<f32> {
    let sample = |number: u32| {
        let time = number as f32 / rate as f32;
        let tone = |overtone: f32| (time * 190.0 * overtone * std::f32::consts::TAU).sin() / overtone;
        level * (time * 11.0).sin().max(0.0).sqrt() * (tone(1.0) + tone(2.0) + tone(3.0)) / 2.0
    };
    (0..rate * seconds).map(sample).collect()
}

pub fn add_as(folder: &Folder, what: &str, file: &Path, more: &[&str]) -> Output {
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"));
    office.args(["audio", "add", what]).arg(file).arg(folder.0.path());
    office.args([
        "--voice",
        "Chị Lan",
        "--consent",
        "Giấy ngày 20/11/2026, lưu ở văn phòng xã",
    ]);
    office.args(more).output().expect("the office program runs")
}

/// Takes a file for the article, and what is said of it.
pub fn add(folder: &Folder, file: &Path) -> (bool, String) {
    let output = add_as(folder, "page:gioi-thieu", file, &[]);
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("UTF-8"))
}

fn office(folder: &Folder, arguments: &[&str]) -> String {
    let output = crate::content_checker::folder::office(arguments, folder.0.path());
    String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8")
}

/// The library of a folder.
pub fn library(folder: &Folder) -> Library {
    let path = folder.0.path().with_extension("db");
    let said = office(folder, &["library", "--output", &path.to_string_lossy()]);
    assert!(said.contains("0 lỗi"), "{said}");
    let library = Library::open(&path).expect("a library");
    fs::remove_file(path).expect("removed");
    library
}

#[test]
fn every_kind_of_file_comes_out_equally_loud() {
    let made = tempfile::tempdir().expect("a folder");
    let mut files: Vec<PathBuf> = ["mp3", "m4a", "aac", "ogg", "flac"]
        .map(|ending| stored(&format!("voice.{ending}")))
        .into();
    let wavs = [
        (Wav(8_000, 1, 8), 0.5),
        (Wav(16_000, 1, 16), 0.02),
        (Wav(44_100, 2, 16), 0.3),
        (Wav(48_000, 1, 24), 1.0),
        (Wav(96_000, 6, 32), 0.1),
        (Wav(22_050, 1, 16), 0.9),
    ];
    for (wav, level) in wavs {
        let path = made.path().join(format!("{}-{}-{}.wav", wav.0, wav.1, wav.2));
        fs::write(&path, wav.bytes(&voice(wav.0, 4, level))).expect("written");
        files.push(path);
    }
    for (number, file) in (0..).zip(&files) {
        let folder = Folder::new();
        let (taken, said) = add(&folder, file);
        assert!(taken, "{}: {said}", file.display());
        let opus = folder.0.path().join("recordings/page-gioi-thieu.opus");
        let heard = audio::heard(&fs::read(&opus).expect("a recording")).expect("a voice");
        println!(
            "{}: {}",
            file.file_name().expect("a name").to_string_lossy(),
            said.lines().nth(1).unwrap_or_default()
        );
        assert!((heard.loudness - TARGET).abs() < 0.5, "{}: {heard:?}", file.display());
        assert!(heard.peak <= HIGHEST_PEAK + 0.1, "{}: {heard:?}", file.display());
        if number == 0 {
            // What comes out goes in again.
            let (taken, said) = add(&folder, &opus);
            assert!(taken, "{said}");
            println!("opus: {}", said.lines().nth(1).unwrap_or_default());
        }
    }
}

#[test]
fn what_is_no_voice_is_refused_in_words() {
    let made = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = made.path().join(name);
        fs::write(&path, bytes).expect("written");
        path
    };
    let part = |name: &str, keep: usize| {
        let bytes = fs::read(stored(name)).expect("a stored file");
        write(&format!("cut-{name}"), &bytes[..bytes.len() * keep / 100])
    };
    let good = Wav(16_000, 1, 16).bytes(&voice(16_000, 4, 0.3));
    let long = |name: &str, seconds: u32, bytes: u64| {
        let mut head = Wav(8_000, 1, 8).bytes(&[]);
        head[4..8].copy_from_slice(&(8_000 * seconds + 36).to_le_bytes());
        head[40..44].copy_from_slice(&(8_000 * seconds).to_le_bytes());
        let path = write(name, &head);
        let file = File::options().write(true).open(&path).expect("a file");
        file.set_len(bytes).expect("a long file");
        path
    };
    let cases = [
        (
            write("chu.mp3", "Kính chào bà con. ".repeat(300).as_bytes()),
            "không phải là tệp âm thanh",
        ),
        (write("trong.wav", b""), "không phải là tệp âm thanh"),
        (stored("film.mp4"), "không có tiếng"),
        (write("phim.mkv", &[0x1a, 0x45, 0xdf, 0xa3, 0, 0, 0, 0]), "đây là phim"),
        (long("dai.wav", 3 * 3_600, 3 * 3_600 * 8_000 + 44), "dài quá 60 phút"),
        (long("lon.wav", 60, 210 * 1024 * 1024), "tệp lớn quá 200 MB"),
        (
            write("im.wav", &Wav(16_000, 1, 16).bytes(&vec![0.0; 64_000])),
            "im lặng",
        ),
        (write("cut.wav", &good[..good.len() / 2]), "bị cụt"),
        (part("voice.m4a", 60), "bị cụt"),
        (part("voice.ogg", 60), "bị cụt"),
        (part("voice.flac", 60), "bị cụt"),
        (part("voice.mp3", 60), "bị cụt"),
        (made.path().to_owned(), "là bài thu số mấy"),
        (made.path().join("khong-co.wav"), "không có tệp này"),
    ];
    let folder = Folder::new();
    for (file, why) in cases {
        let (taken, said) = add(&folder, &file);
        assert!(
            !taken && said.contains(why) && !said.contains("panicked"),
            "{}: {said}",
            file.display()
        );
    }
    assert!(!folder.0.path().join("recordings").exists(), "nothing was left");
}

#[test]
fn a_shout_is_taken_with_a_warning() {
    let made = tempfile::tempdir().expect("a folder");
    let shout: Vec<f32> = voice(16_000, 4, 3.0)
        .iter()
        .map(|sample| sample.clamp(-1.0, 1.0))
        .collect();
    let file = made.path().join("to.wav");
    fs::write(&file, Wav(16_000, 1, 16).bytes(&shout)).expect("written");
    let (taken, said) = add(&Folder::new(), &file);
    assert!(taken && said.contains("bị vỡ vì quá to"), "{said}");
}

#[test]
fn a_recording_is_in_the_library_until_the_page_says_something_else() {
    let folder = Folder::new();
    let voice = stored("voice.m4a");
    for what in [
        "gioi-thieu",
        "page:khai-sinh",
        "khai-sinh/1",
        "thang-11",
        "notice:hop-thon",
        "question:duong-dan",
    ] {
        let output = add_as(
            &folder,
            what,
            &voice,
            if what == "thang-11" { &["--machine"] } else { &[] },
        );
        assert!(
            output.status.success(),
            "{what}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let said = office(&folder, &["check"]);
    assert!(said.ends_with("0 lỗi, 0 cảnh báo\n"), "{said}");
    let before = library(&folder);
    let catalogue = before.catalogue();
    let recording = catalogue.recording(Said::Step("khai-sinh", 0)).expect("a recording");
    assert_eq!(
        (recording.media.as_str(), recording.seconds, recording.machine),
        ("page-khai-sinh-1.opus", 4, false)
    );
    assert!(before.media("page-khai-sinh-1.opus").expect("read").is_some());
    assert!(
        catalogue
            .recording(Said::Programme("thang-11"))
            .expect("a recording")
            .machine
    );
    for said in [
        Said::Page("gioi-thieu"),
        Said::Page("khai-sinh"),
        Said::Notice("hop-thon"),
        Said::Question("duong-dan"),
    ] {
        assert!(catalogue.recording(said).is_some(), "{said}");
    }
    let listed = office(&folder, &["audio", "list"]);
    assert!(
        listed.starts_with("Đã thu: 6 bài, 1 phút\n") && listed.contains("0:04  Chị Lan, máy đọc"),
        "{listed}"
    );

    // Mere looks change nothing of what is said; other words do.
    folder.append(ARTICLE, "\n");
    assert!(office(&folder, &["check"]).ends_with("0 lỗi, 0 cảnh báo\n"));
    folder.append(ARTICLE, "\nMở cửa 5 buổi một tuần.\n");
    let said = office(&folder, &["check"]);
    assert!(
        said.contains("[stale-recording] cảnh báo: Bài đã sửa sau khi thu tiếng"),
        "{said}"
    );
    assert!(
        said.contains("recordings/page-gioi-thieu.toml:2") && said.ends_with("0 lỗi, 1 cảnh báo\n"),
        "{said}"
    );
    let after = library(&folder);
    assert_eq!(after.catalogue().recording(Said::Page("gioi-thieu")), None);
    assert!(after.media("page-gioi-thieu.opus").expect("read").is_none());
    assert!(after.catalogue().recording(Said::Page("khai-sinh")).is_some());
    let listed = office(&folder, &["audio", "list"]);
    assert!(listed.contains("Phải thu lại, vì bài đã sửa: 1 bài"), "{listed}");

    // Read anew, it is heard again.
    assert!(add(&folder, &voice).0);
    assert!(
        library(&folder)
            .catalogue()
            .recording(Said::Page("gioi-thieu"))
            .is_some()
    );
}

#[test]
fn nothing_is_taken_for_what_is_not_there_and_ids_alone_are_enough_where_they_are_clear() {
    let folder = Folder::new();
    for (what, why) in [
        ("khong-co", "không có trang hay chương trình nào có mã \"khong-co\""),
        ("page:khong-co", "không có bài nào là \"page:khong-co\""),
        ("page:khai-sinh/9", "không có bài nào"),
        ("page:gioi-thieu/1", "không có bài nào"),
        ("quiz:an-toan", "không có bài nào"),
    ] {
        let output = add_as(&folder, what, &stored("voice.mp3"), &[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(why), "{what}: {said}");
    }
}
