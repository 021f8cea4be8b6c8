//! Rules about notices of the commune.

use std::fs;

use crate::content_checker::folder::{Folder, expect, expect_of_words, office};

const NOTICE: &str = "notices/hop-thon.md";

/// So many lines of the screen, in short sentences.
fn lines(number: usize) -> String {
    let line = "Mang theo thẻ căn cước. Đến sớm mười phút. Ai đau chân thì gọi cán bộ.";
    vec![line; number].join("\n\n")
}

#[test]
fn rules_about_the_days_of_a_notice() {
    expect_of_words(
        "wrong-value",
        "lỗi: Ngày cuối (until) đứng trước ngày đầu (from)",
        &format!("{NOTICE}:5"),
        "until = 2099-12-31",
        "until = 2026-11-19",
    );
    expect(
        "notice-past",
        "cảnh báo: Thông báo đã hết hạn (23/11/2020)",
        &format!("{NOTICE}:5"),
        |folder| {
            folder.replace(NOTICE, "from = 2026-11-20", "from = 2020-11-20");
            folder.replace(NOTICE, "until = 2099-12-31", "until = 2020-11-23");
        },
    );
    // A day is enough: what is told in the morning may be over in the evening.
    let folder = Folder::new();
    folder.replace(NOTICE, "from = 2026-11-20", "from = 2099-12-31");
    assert_eq!(office(&["check"], folder.0.path()).status.code(), Some(0));
    for key in ["from", "until", "updated", "sources", "title", "summary"] {
        let text = fs::read_to_string(Folder::new().0.path().join(NOTICE)).expect("a notice");
        let line = text
            .lines()
            .find(|line| line.starts_with(key))
            .expect("a line")
            .to_owned()
            + "\n";
        expect_of_words(
            "missing-key",
            &format!("lỗi: Thiếu mục \"{key}\""),
            &format!("{NOTICE}:1"),
            &line,
            "",
        );
    }
}

#[test]
fn a_notice_is_checked_like_a_page() {
    let at = |line: u32| format!("{NOTICE}:{line}");
    let body = "Mỗi nhà một người đến dự.";
    for (rule, message, place, from, to) in [
        (
            "missing-media",
            "lỗi: Không có tệp media/anh.svg",
            at(4),
            "from =",
            "picture = \"anh.svg\"\nfrom =",
        ),
        (
            "wrong-type",
            "lỗi: Mục \"urgent\" sai kiểu",
            at(6),
            "updated =",
            "urgent = \"có\"\nupdated =",
        ),
        (
            "unknown-key",
            "lỗi: Không có mục nào tên là \"khan\"",
            at(6),
            "updated =",
            "khan = true\nupdated =",
        ),
        (
            "broken-page-id",
            "lỗi: Không có trang nào có mã \"khai-tu\"",
            at(9),
            body,
            "[Xem](page:khai-tu)",
        ),
        (
            "no-glyph",
            "lỗi: Máy không có hình cho ký tự",
            at(9),
            body,
            "Đến dự ➜ nhà văn hoá.",
        ),
        (
            "unknown-phone",
            "cảnh báo: Số điện thoại",
            at(9),
            body,
            "Gọi số 0220 3716 999.",
        ),
        (
            "unexplained-abbreviation",
            "cảnh báo: ",
            at(3),
            "nhà văn hoá thôn",
            "nhà văn hoá, mang BHYT",
        ),
        ("outdated-term", "cảnh báo: ", at(9), body, "Mang theo sổ hộ khẩu."),
        (
            "all-capitals",
            "cảnh báo: ",
            at(2),
            "Họp thôn về đường dây điện",
            "HỌP THÔN VỀ ĐIỆN",
        ),
        (
            "long-sentence",
            "cảnh báo: Câu này dài",
            at(9),
            body,
            "Mỗi nhà cử một người lớn đến dự cho đủ để cả thôn cùng bàn về đường dây điện mới sẽ kéo qua ngõ vào tháng sau nhé.",
        ),
    ] {
        expect_of_words(rule, message, &place, from, to);
    }
    expect(
        "wrong-media",
        "lỗi: Đây là âm thanh, ở đây cần ảnh",
        &at(4),
        |folder| {
            folder.write("media/dai.mp3", b"ID3");
            folder.replace(NOTICE, "from =", "picture = \"dai.mp3\"\nfrom =");
        },
    );
    let long = "thông báo ".repeat(25);
    expect_of_words(
        "too-long",
        "lỗi: Mục \"summary\" dài",
        &at(3),
        "Bảy giờ tối thứ Bảy",
        &long.trim().replace("o t", "o. T"),
    );
}

#[test]
fn a_notice_is_short_and_there_are_few() {
    expect(
        "long-notice",
        "lỗi: Thông báo dài khoảng 16 dòng, nhiều nhất là 14 dòng",
        &format!("{NOTICE}:9"),
        |folder| folder.append(NOTICE, &format!("\n{}\n", lines(15))),
    );
    let folder = Folder::new();
    folder.append(NOTICE, &format!("\n{}\n", lines(13)));
    assert_eq!(office(&["check"], folder.0.path()).status.code(), Some(0));
    expect(
        "too-many-notices",
        "lỗi: Có 21 thông báo, nhiều nhất là 20",
        "notices/so-20.md:1",
        |folder| {
            let text = fs::read_to_string(folder.0.path().join(NOTICE)).expect("a notice");
            for number in 1..=20 {
                folder.write(&format!("notices/so-{number:02}.md"), &text);
            }
        },
    );
}

#[test]
fn a_notice_needs_no_words_beside_its_summary_and_no_picture() {
    let folder = Folder::new();
    folder.write(
        "notices/mat-nuoc.md",
        "+++\ntitle = \"Mất nước\"\nsummary = \"Sáng mai cả thôn mất nước.\"\nfrom = 2026-11-23\nuntil = 2099-01-01\n\
         urgent = true\nupdated = 2026-11-22\nsources = [\"Đơn vị cấp nước\"]\n+++\n",
    );
    let output = office(&["check"], folder.0.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0 lỗi, 0 cảnh báo\n");
    let review = office(&["check", "--review"], folder.0.path());
    let said = String::from_utf8_lossy(&review.stdout).into_owned();
    assert!(!said.contains("Mất nước"), "there is no figure in it:\n{said}");
    folder.replace("notices/mat-nuoc.md", "Sáng mai", "Sáng 24/11");
    let review = office(&["check", "--review"], folder.0.path());
    let said = String::from_utf8_lossy(&review.stdout).into_owned();
    assert!(said.contains("### Thông báo: Mất nước (mat-nuoc)"), "{said}");
}
