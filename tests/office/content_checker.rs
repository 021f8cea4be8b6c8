//! `office check` and `office library`, as an author meets them. Each rule has its test in the files beside this one.

mod broken_texts;
pub mod folder;
mod rules_of_files;
mod rules_of_notices;
mod rules_of_pages;
mod rules_of_recordings;
mod rules_of_wording;
mod trials;

use std::path::Path;

use folder::{Folder, QUIZ, office};

#[test]
fn a_good_folder_has_no_faults() {
    let output = office(&["check"], Folder::new().0.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0 lỗi, 0 cảnh báo\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_content_of_this_commune_has_no_errors() {
    let output = office(&["check"], &Path::new(env!("CARGO_MANIFEST_DIR")).join("content"));
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let folder = Folder::new();
    folder.replace(QUIZ, "answer = \"B\"", "answer = \"D\"");
    folder.replace(QUIZ, "id = \"duong-dan\"\n", "");
    folder.replace(QUIZ, "title =", "titel =");
    let output = office(&["check"], folder.0.path());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for rule in ["answer-out-of-range", "missing-key", "unknown-key"] {
        assert!(said.contains(&format!("[{rule}]")), "{said}");
    }
    assert_eq!(said.lines().last(), Some("4 lỗi, 0 cảnh báo"));
}

#[test]
fn a_fault_shows_its_line_as_compilers_do() {
    let folder = Folder::new();
    folder.replace(QUIZ, "answer = \"B\"", "answer = \"C\"");
    let output = office(&["check"], folder.0.path());
    let expected = "\
[answer-out-of-range] lỗi: Đáp án \"C\" không có trong các lựa chọn
   ╭─[ quiz/an-toan.toml:8:10 ]
   │
 8 │ answer = \"C\"
   │          ─┬─  
   │           ╰─── Đáp án là một chữ cái từ A đến B.
───╯

1 lỗi, 0 cảnh báo
";
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn content_with_errors_is_not_packed() {
    let folder = Folder::new();
    folder.remove("pack.toml");
    let target = folder.0.path().join("content.db");
    let output = office(&["library", "-o", &target.to_string_lossy()], folder.0.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(!target.exists());
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("1 lỗi, 0 cảnh báo\n"));
}

#[test]
fn a_packed_folder_opens_as_a_library() {
    use commune_kiosk::content::library::{Length, Library};
    let folder = Folder::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("content.db");
    let output = office(&["library", "-o", &target.to_string_lossy()], folder.0.path());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.starts_with("Phiên bản 1 của Xã Mẫu\n2 trang, 2 câu hỏi, 2 tệp ảnh và âm thanh, "),
        "{said}"
    );
    let library = Library::open(&target).unwrap();
    assert_eq!(
        library.catalogue().card("khai-sinh").map(|card| card.length),
        Some(Length::Steps(2))
    );
    assert!(library.media("pic.svg").unwrap().is_some());
}
