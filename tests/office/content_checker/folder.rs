//! A content folder without a fault (`good/`), copied for each test and then changed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::common::folders::copy;

pub const GUIDE: &str = "pages/thu-tuc/khai-sinh.md";
pub const ARTICLE: &str = "pages/thu-tuc/gioi-thieu.md";
pub const QUIZ: &str = "quiz/an-toan.toml";

/// A content folder as an author could have written it.
pub struct Folder(pub TempDir);

impl Folder {
    /// A copy of the good folder.
    pub fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
        copy(&good, folder.0.path());
        folder
    }

    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        let path = self.0.path().join(file);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn replace(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.0.path().join(file)).expect("a text");
        assert!(text.contains(from), "{file} has no {from:?}");
        self.write(file, text.replacen(from, to, 1));
    }

    pub fn append(&self, file: &str, more: &str) {
        let text = fs::read_to_string(self.0.path().join(file)).expect("a text");
        self.write(file, text + more);
    }

    pub fn remove(&self, file: &str) {
        fs::remove_file(self.0.path().join(file)).expect("a file to remove");
    }
}

/// Runs the office program on a folder.
pub fn office(arguments: &[&str], folder: &Path) -> Output {
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"));
    office
        .args(arguments)
        .arg(folder)
        .output()
        .expect("the office program runs")
}

/// Makes one change to a good folder, and expects one fault: `[rule] severity: message` at `place`.
pub fn expect(rule: &str, message: &str, place: &str, change: impl FnOnce(&Folder)) {
    let folder = Folder::new();
    change(&folder);
    let output = office(&["check"], folder.0.path());
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let (severity, _) = message.split_once(':').expect("a severity and a message");
    let place = if place.contains(':') {
        format!("[ {place}:")
    } else {
        format!("[ {place} ]")
    };
    assert!(
        said.contains(&format!("[{rule}] {message}")),
        "no [{rule}] {message} in:\n{said}"
    );
    assert!(said.contains(&place), "no {place} in:\n{said}");
    let (last, code) = if severity == "lỗi" {
        ("1 lỗi, 0 cảnh báo", 1)
    } else {
        ("0 lỗi, 1 cảnh báo", 0)
    };
    assert_eq!(said.lines().last(), Some(last), "{said}");
    assert_eq!(output.status.code(), Some(code));
    let path = folder.0.path().to_string_lossy().into_owned();
    assert!(
        !said.contains(&path) && !said.contains('\u{1b}'),
        "a path of this computer, or colours, in:\n{said}"
    );
}

/// As [`expect`] for a change of a few words.
pub fn expect_of_words(rule: &str, message: &str, place: &str, from: &str, to: &str) {
    let (file, _) = place.split_once(':').expect("a file and a line");
    expect(rule, message, place, |folder| {
        folder.replace(file, from, to);
    });
}
