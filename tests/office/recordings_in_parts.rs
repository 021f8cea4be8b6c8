//! Recordings that know where each of their parts begins: by a machine, by people who record part for part, and programmes with chapters.

use std::fs;

use commune_kiosk::content::model::{Recording, Said};

use crate::content_checker::folder::Folder;
use crate::radio::{ESPEAK, VOICE, expect_no_fault, radio, run, with_programme};
use crate::recordings::{add_as, library, stored};

/// What the library has of it.
fn recording(folder: &Folder, of: Said<'_>) -> Recording {
    let library = library(folder);
    library.catalogue().recording(of).cloned().expect("a recording")
}

/// How many parts `office speak` counts.
fn parts(folder: &Folder, of: &str) -> usize {
    let content = folder.0.path().to_string_lossy().into_owned();
    let mut office = std::process::Command::new(env!("CARGO_BIN_EXE_office"));
    let output = office.args(["speak", of, "--parts", "--content", &content]).output();
    let said = String::from_utf8(output.expect("the office program runs").stdout).expect("UTF-8");
    said.lines().filter(|line| line.len() == 2).count()
}

fn is_in_order(recording: &Recording) -> bool {
    let parts = &recording.parts;
    parts[0] == 0 && parts.is_sorted() && parts.iter().all(|begins| *begins <= recording.seconds)
}

#[test]
fn a_machine_says_where_each_part_begins() {
    let folder = Folder::new();
    folder.write("voice.toml", VOICE);
    let (said, well) = run(&["audio", "voice"], folder.0.path());
    assert!(well, "{said}");
    let article = recording(&folder, Said::Page("gioi-thieu"));
    assert!(article.parts.len() > 1 && is_in_order(&article), "{article:?}");
    assert_eq!(article.parts.len(), parts(&folder, "page:gioi-thieu"));
    let question = recording(&folder, Said::Question("duong-dan"));
    assert!(question.parts.is_empty(), "one piece needs no marks");
}

#[test]
fn people_record_part_for_part() {
    let folder = Folder::new();
    let all = parts(&folder, "page:gioi-thieu");
    let files = tempfile::tempdir().expect("a folder");
    let add = || {
        let output = add_as(&folder, "page:gioi-thieu", files.path(), &[]);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
        (output.status.success(), said)
    };
    for number in 1..all {
        fs::copy(stored("voice.m4a"), files.path().join(format!("{number:02}.m4a"))).expect("copied");
    }
    let (taken, said) = add();
    assert!(
        !taken && said.contains(&format!("còn thiếu bài thu số {all:02}")),
        "{said}"
    );
    fs::copy(stored("voice.mp3"), files.path().join(format!("{all:02}.mp3"))).expect("copied");
    let (taken, said) = add();
    assert!(taken, "{said}");
    let article = recording(&folder, Said::Page("gioi-thieu"));
    assert!(
        article.parts.len() == all && is_in_order(&article) && !article.machine,
        "{article:?}"
    );
    assert!(article.parts.windows(2).all(|two| two[0] < two[1]), "{article:?}");

    // Where the text is divided otherwise than it was read, it is heard without marks.
    let note = folder.0.path().join("recordings/page-gioi-thieu.toml");
    let written = fs::read_to_string(&note).expect("a note");
    let changed = |key: &str, value: &str| {
        let begins = written.find(&format!("{key} = [")).expect("what was written");
        let ends = begins + written[begins..].find('\n').expect("a line");
        format!("{}{key} = {value}{}", &written[..begins], &written[ends..])
    };
    for (key, value) in [
        ("parts", "[0, 1]"),
        ("parts", "[9, 0]"),
        ("lines", "[1, 1]"),
        ("lines", "[]"),
    ] {
        fs::write(&note, changed(key, value)).expect("written");
        let (said, well) = run(&["check"], folder.0.path());
        assert!(well && said.contains("other-parts"), "{key} {value}: {said}");
        let heard = recording(&folder, Said::Page("gioi-thieu"));
        assert_eq!(
            (heard.parts.len(), heard.seconds),
            (0, article.seconds),
            "{key} {value}"
        );
    }
    for odd in ["[0, -1]", "\"0\"", "[0, 4000]"] {
        fs::write(&note, changed("parts", odd)).expect("written");
        let (said, well) = run(&["check"], folder.0.path());
        assert!(!well && said.contains("parts"), "{odd}: {said}");
    }
    fs::write(&note, &written).expect("written");
    // A newer recording that nobody can place is not passed over.
    fs::copy(stored("voice.m4a"), files.path().join("02 (1).m4a")).expect("copied");
    fs::write(files.path().join("._01.m4a"), "x").expect("written");
    let (taken, said) = add();
    assert!(
        !taken && said.contains("không rõ \"02 (1).m4a\" là bài thu số mấy"),
        "{said}"
    );
    // Recorded in one piece again, nothing is marked.
    fs::write(&note, written).expect("written");
    let one = add_as(&folder, "page:gioi-thieu", &stored("voice.m4a"), &[]);
    assert!(one.status.success());
    assert_eq!(recording(&folder, Said::Page("gioi-thieu")).parts, [0; 0]);
}

#[test]
fn a_programme_has_chapters_whoever_reads_it() {
    let folder = with_programme();
    let out = tempfile::tempdir().expect("a folder");
    let (said, well) = radio(&folder, out.path(), &["--voice", "--command", ESPEAK, "--on-kiosk"]);
    assert!(well, "{said}");
    let machine = recording(&folder, Said::Programme("thang-12"));
    assert!(machine.parts.len() == 2 && is_in_order(&machine), "{machine:?}");

    let turns = out.path().join("turns");
    fs::create_dir(&turns).expect("a folder");
    for number in 1..=3 {
        fs::copy(stored("voice.m4a"), turns.join(format!("{number:02}.m4a"))).expect("copied");
    }
    let paper = "Giấy ngày 20/11/2026";
    let (said, well) = radio(
        &folder,
        out.path(),
        &["--on-kiosk", "--speakers", " ", "--consent", paper],
    );
    assert!(!well && said.contains("--speakers không được để trống"), "{said}");
    let (said, well) = radio(
        &folder,
        out.path(),
        &["--on-kiosk", "--speakers", "Chị Lan", "--consent", paper],
    );
    assert!(well && said.contains("programme-thang-12.opus"), "{said}");
    let people = recording(&folder, Said::Programme("thang-12"));
    assert!(
        people.parts.len() == 2 && is_in_order(&people) && !people.machine,
        "{people:?}"
    );
    let note = fs::read_to_string(folder.0.path().join("recordings/programme-thang-12.toml")).expect("a note");
    assert!(note.contains("voice = \"Chị Lan\"") && note.contains(paper), "{note}");
    expect_no_fault(&folder);
}
