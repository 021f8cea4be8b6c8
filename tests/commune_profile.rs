//! The commune's own facts: the repository's pages read well while nobody has filled them in, and when all are filled in.

#[path = "common/folders.rs"]
mod folders;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use commune_kiosk::content::model::Content;
use commune_kiosk::content::source::{self, Checked};
use folders::copy;

/// What residents read in the place of an empty fact, in a Vietnamese and in an English text.
const UNKNOWN: [&str; 2] = ["hỏi cán bộ tại quầy", "ask the staff at the counter"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn check(folder: &Path) -> Checked {
    source::read(folder, NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day"))
}

/// Everything that residents read.
fn words(content: &Content) -> String {
    let pages = serde_json::to_string(&content.pages).expect("JSON");
    let quizzes = serde_json::to_string(&content.quizzes).expect("JSON");
    let programmes = serde_json::to_string(&content.programmes).expect("JSON");
    let events = serde_json::to_string(&content.events).expect("JSON");
    [pages, quizzes, programmes, events].join("\n")
}

#[test]
fn empty_facts_send_residents_to_the_desk() {
    let checked = check(&root().join("content"));
    let others: Vec<_> = checked
        .faults
        .iter()
        .filter(|fault| fault.code != "empty-fact")
        .collect();
    assert!(others.is_empty(), "{others:?}");
    let content = checked.content.expect("content without errors");
    assert!(
        content.commune.values().all(String::is_empty),
        "the repository knows no commune's facts"
    );
    let words = words(&content);
    assert!(!words.contains("{{"), "an insertion was left");
    for unknown in UNKNOWN {
        assert!(words.contains(unknown), "nothing says “{unknown}”");
    }
}

#[test]
fn facts_that_are_filled_in_are_read_and_nothing_grows_too_long() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&root().join("content"), folder.path());
    let profile = root().join("tests/commune_profile/commune.toml");
    fs::copy(profile, folder.path().join("commune.toml")).expect("a profile");
    let checked = check(folder.path());
    // No sentence is too long now, no step too crowded, no telephone number unknown.
    assert!(checked.faults.is_empty(), "{}", checked.report(false));
    let content = checked.content.expect("content without errors");
    let words = words(&content);
    // "Hỏi cán bộ" shows it, no page does.
    let elsewhere = ["center_name"];
    for (key, value) in &content.commune {
        assert!(!value.is_empty(), "the profile leaves {key} empty");
        assert!(
            words.contains(value.as_str()) || elsewhere.contains(&key.as_str()),
            "no page shows {key}"
        );
    }
    for unknown in UNKNOWN {
        assert!(
            !words.contains(&format!(": {unknown}")),
            "something still says “{unknown}” in place of a fact"
        );
    }
}
