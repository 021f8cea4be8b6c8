//! Rules about recordings, and about what they read.

use std::fs;

use crate::content_checker::folder::{ARTICLE, Folder, expect};
use crate::recordings::{add, add_as, stored};

/// A change to a folder with one recording.
fn expect_of_recording(rule: &str, message: &str, place: &str, change: impl FnOnce(&Folder)) {
    expect(rule, message, place, |folder| {
        assert!(add(folder, &stored("voice.ogg")).0);
        change(folder);
    });
}

const NOTE: &str = "recordings/page-gioi-thieu.toml";
const SOUND: &str = "recordings/page-gioi-thieu.opus";

#[test]
fn what_is_wrong_with_a_recording_is_told_with_its_line() {
    let of = "of = \"page:gioi-thieu\"";
    let line = format!("{NOTE}:1");
    expect_of_recording(
        "wrong-value",
        "lỗi: \"gioi-thieu\" không chỉ ra bài nào",
        &line,
        |folder| {
            folder.replace(NOTE, of, "of = \"gioi-thieu\"");
        },
    );
    expect_of_recording(
        "broken-recording",
        "lỗi: Không có bài nào là \"page:x\"",
        &line,
        |folder| {
            folder.replace(NOTE, of, "of = \"page:x\"");
        },
    );
    expect_of_recording("missing-key", "lỗi: Thiếu mục \"consent\"", &line, |folder| {
        folder.replace(NOTE, "consent", "# consent");
    });
    expect_of_recording(
        "missing-media",
        &format!("lỗi: Không có tệp {SOUND}"),
        &line,
        |folder| {
            folder.remove(SOUND);
        },
    );
    expect_of_recording(
        "unused-recording",
        "cảnh báo: Bài thu này không được dùng đến",
        SOUND,
        |folder| {
            folder.remove(NOTE);
        },
    );
    expect_of_recording(
        "damaged-media",
        "lỗi: Đây không phải là Ogg Opus",
        SOUND,
        |folder| {
            folder.write(SOUND, b"ID3");
        },
    );
    expect_of_recording("damaged-media", "lỗi: Tệp bị cụt", SOUND, |folder| {
        let bytes = fs::read(folder.0.path().join(SOUND)).expect("a recording");
        folder.write(SOUND, &bytes[..bytes.len() - 10]);
    });
    let other = format!("lỗi: {SOUND} không phải là tệp đã ghi cùng với tệp này");
    expect_of_recording("changed-recording", &other, &format!("{NOTE}:3"), |folder| {
        assert!(add_as(folder, "khai-sinh", &stored("voice.mp3"), &[]).status.success());
        let from = folder.0.path().join("recordings/page-khai-sinh.opus");
        fs::copy(from, folder.0.path().join(SOUND)).expect("copied");
    });
    expect_of_recording(
        "duplicate-recording",
        "lỗi: Đã có bài thu khác",
        "recordings/page-khai-sinh.toml:1",
        |folder| {
            for ending in ["toml", "opus"] {
                let from = folder.0.path().join(format!("recordings/page-gioi-thieu.{ending}"));
                fs::copy(
                    from,
                    folder.0.path().join(format!("recordings/page-khai-sinh.{ending}")),
                )
                .expect("copied");
            }
        },
    );
    expect_of_recording(
        "unexpected-file",
        "cảnh báo: Tệp này không được dùng đến",
        "recordings/voice.mp3",
        |folder| {
            fs::copy(stored("voice.mp3"), folder.0.path().join("recordings/voice.mp3")).expect("copied");
        },
    );
}

#[test]
fn the_old_key_of_programmes_says_what_to_do_instead() {
    let programme = "programmes/thang-11.md";
    expect(
        "old-audio",
        "cảnh báo: Máy không phát tệp ghi ở mục audio",
        &format!("{programme}:5"),
        |folder| {
            folder.replace(
                programme,
                "month = \"2026-11\"\n",
                "month = \"2026-11\"\naudio = \"dai.mp3\"\n",
            );
            folder.write("media/dai.mp3", b"ID3");
        },
    );
}

#[test]
fn a_faulty_page_brings_no_second_fault_of_its_recording() {
    expect_of_recording(
        "missing-key",
        "lỗi: Thiếu mục \"summary\"",
        &format!("{ARTICLE}:1"),
        |folder| {
            folder.replace(ARTICLE, "summary =", "# summary =");
        },
    );
}
