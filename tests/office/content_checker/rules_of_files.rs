//! Rules about files, keys, ids and what one file names in another.

use std::fs;

use crate::content_checker::folder::{ARTICLE, Folder, expect, expect_of_words, office};

/// As much of a PNG as says how large it is.
fn png(wide: u32, high: u32) -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice();
    [head, &wide.to_be_bytes(), &high.to_be_bytes(), &[8, 2, 0, 0, 0]].concat()
}

#[test]
fn rules_about_files() {
    expect("missing-file", "lỗi: Thiếu tệp này", "pack.toml", |folder| {
        folder.remove("pack.toml");
    });
    expect(
        "not-utf8",
        "lỗi: Tệp không dùng bảng mã UTF-8",
        "synonyms.toml",
        |folder| {
            folder.write("synonyms.toml", b"groups = [[\"\xd0\", \"d\"]]");
        },
    );
    expect(
        "too-large",
        "lỗi: Tệp lớn hơn 384 KB",
        "calendar.toml",
        |folder| {
            folder.write("calendar.toml", "#".repeat(384 * 1024 + 1));
        },
    );
    expect(
        "odd-character",
        "lỗi: Có ký tự lạ U+E541",
        "pages/thu-tuc/gioi-thieu.md:10",
        |folder| {
            folder.replace(ARTICLE, "Trang này", "Trang \u{e541}này");
        },
    );
    expect(
        "unexpected-file",
        "cảnh báo: Tệp này không được dùng đến",
        "pages/thu-tuc/nhap.txt",
        |folder| {
            folder.write("pages/thu-tuc/nhap.txt", "nháp");
        },
    );
    expect(
        "media-kind",
        "lỗi: Kiểu tệp này không dùng được",
        "media/anh.bmp",
        |folder| {
            folder.write("media/anh.bmp", "BM");
        },
    );
    expect(
        "damaged-media",
        "lỗi: Ảnh bị hỏng hoặc bị cắt dở",
        "media/icon.svg",
        |folder| {
            folder.write("media/icon.svg", "<html>");
        },
    );
    expect(
        "unused-media",
        "cảnh báo: Không có trang nào dùng tệp này",
        "media/thua.svg",
        |folder| {
            folder.write(
                "media/thua.svg",
                fs::read(folder.0.path().join("media/pic.svg")).unwrap(),
            );
        },
    );
    expect(
        "large-picture",
        "lỗi: Ảnh quá lớn: 12000x9000",
        "media/mot-mau.png",
        |folder| {
            folder.write("media/mot-mau.png", png(12_000, 9_000));
            folder.append(ARTICLE, "\n\n![Lời tả](mot-mau.png)\n");
        },
    );
    expect(
        "drawing-needs",
        "lỗi: Hình vẽ SVG này có ảnh khác ở bên trong",
        "media/quay.svg",
        |folder| {
            folder.write("media/quay.svg", "<svg><image href=\"quay-3.png\"/></svg>");
            folder.append(ARTICLE, "\n\n![Lời tả](quay.svg)\n");
        },
    );
    expect(
        "damaged-media",
        "lỗi: Ảnh bị hỏng hoặc bị cắt dở",
        "media/cut.png",
        |folder| {
            folder.write("media/cut.png", &png(1280, 800)[..12]);
            folder.append(ARTICLE, "\n\n![Lời tả](cut.png)\n");
        },
    );
    expect(
        "missing-folder",
        "lỗi: Không có thư mục nội dung này",
        ".",
        |folder| {
            fs::remove_dir_all(folder.0.path()).expect("a folder to remove");
        },
    );
}

#[cfg(unix)]
#[test]
fn links_to_other_files_are_not_followed() {
    expect(
        "symlink",
        "lỗi: Đây là lối tắt",
        "media/mat-khau.svg",
        |folder| {
            std::os::unix::fs::symlink("/etc/passwd", folder.0.path().join("media/mat-khau.svg")).expect("a link");
        },
    );
}

#[test]
fn notes_of_systems_and_editors_are_passed_over() {
    let folder = Folder::new();
    folder.write("media/Thumbs.db", "");
    folder.write("media/thumbs.db", "");
    folder.write("pages/Desktop.ini", "");
    folder.write("pages/.DS_Store", "");
    folder.write("README.md", "Hướng dẫn");
    // Notepad's mark at the beginning of a file, its ends of lines, and letters in pieces.
    let text = fs::read_to_string(folder.0.path().join("pack.toml")).unwrap();
    folder.write("pack.toml", format!("\u{feff}{}", text.replace('\n', "\r\n")));
    folder.replace(ARTICLE, "Trang này", "Tra\u{0302}ng này");
    let output = office(&["check"], folder.0.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0 lỗi, 0 cảnh báo\n");
}

/// The keys under it are no second ones.
#[test]
fn a_heading_that_lacks_brackets_is_one_mistake_said_once() {
    expect_of_words(
        "wrong-type",
        "lỗi: Mục \"section\" sai kiểu",
        "sections.toml:8",
        "[[section]]\nid = \"do-vui\"",
        "[section]\nid = \"do-vui\"",
    );
}

#[test]
fn rules_about_keys() {
    let article = "pages/thu-tuc/gioi-thieu.md";
    let of = |line: u32| format!("{article}:{line}");
    expect_of_words(
        "unknown-key",
        "lỗi: Không có mục nào tên là \"tilte\"",
        &of(4),
        "summary =",
        "tilte = \"a\"\nsummary =",
    );
    expect_of_words(
        "missing-key",
        "lỗi: Thiếu mục \"title\"",
        &of(1),
        "title = \"Giới thiệu\"\n",
        "",
    );
    expect_of_words(
        "wrong-type",
        "lỗi: Mục \"updated\" sai kiểu",
        &of(5),
        "2026-11-22",
        "\"2026-11-22\"",
    );
    expect_of_words(
        "empty-text",
        "lỗi: Mục \"title\" không được để trống",
        &of(3),
        "Giới thiệu",
        " ",
    );
    expect_of_words(
        "wrong-value",
        "lỗi: Mục \"kind\" không thể là \"bài\"",
        &of(2),
        "article",
        "bài",
    );
    expect_of_words(
        "toml-syntax",
        "lỗi: Dòng này viết chưa đúng",
        &of(3),
        "\"Giới thiệu\"",
        "Giới thiệu",
    );
    expect_of_words(
        "duplicate-key",
        "lỗi: Mục này được viết hai lần",
        &of(4),
        "summary =",
        "title = \"a\"\nsummary =",
    );
    expect_of_words(
        "no-front-matter",
        "lỗi: Thiếu phần khai báo ở đầu tệp",
        &of(1),
        "+++",
        "++",
    );
    expect_of_words(
        "unknown-key",
        "lỗi: Không có mục nào tên là \"phone\"",
        "commune.toml:1",
        "name =",
        "phone = \"\"\nname =",
    );
    expect_of_words(
        "wrong-value",
        "lỗi: Mục \"edition\" phải từ 1",
        "pack.toml:3",
        "edition = 1",
        "edition = 0",
    );
    expect_of_words(
        "wrong-value",
        "lỗi: Ngày kết thúc đứng trước",
        "calendar.toml:4",
        "12-11",
        "12-09",
    );
    expect_of_words(
        "wrong-value",
        "lỗi: Mỗi nhóm phải có ít nhất hai từ",
        "synonyms.toml:1",
        ", \"cccd\"",
        "",
    );
    expect_of_words(
        "wrong-value",
        "lỗi: Tháng không đúng dạng",
        "programmes/thang-11.md:4",
        "2026-11\"",
        "11/2026\"",
    );
    expect_of_words(
        "bad-link",
        "lỗi: Địa chỉ web không đúng dạng",
        "pages/thu-tuc/khai-sinh.md:13",
        "https://",
        "",
    );
}

#[test]
fn rules_about_what_pages_name() {
    expect_of_words(
        "missing-media",
        "lỗi: Không có tệp media/anh.svg",
        "pages/thu-tuc/gioi-thieu.md:12",
        "- Một",
        "![Em bé](anh.svg)\n\n- Một",
    );
    expect_of_words(
        "missing-media",
        "lỗi: Không có tệp media/Icon.svg",
        "sections.toml:5",
        "icon.svg",
        "Icon.svg",
    );
    expect(
        "wrong-media",
        "lỗi: Đây là âm thanh, ở đây cần ảnh",
        "sections.toml:5",
        |folder| {
            folder.write("media/dai.mp3", b"ID3");
            folder.replace("sections.toml", "icon.svg", "dai.mp3");
        },
    );
    expect_of_words(
        "broken-page-id",
        "lỗi: Không có trang nào có mã \"khai-tu\"",
        "pages/thu-tuc/gioi-thieu.md:8",
        "[\"khai-sinh\"]",
        "[\"khai-tu\"]",
    );
    expect_of_words(
        "broken-page-id",
        "lỗi: Không có trang nào có mã \"khai-tu\"",
        "pages/thu-tuc/gioi-thieu.md:15",
        "page:khai-sinh",
        "page:khai-tu",
    );
    expect_of_words(
        "broken-page-id",
        "lỗi: Không có trang nào có mã \"khai-tu\"",
        "quiz/an-toan.toml:10",
        "read = \"gioi-thieu\"",
        "read = \"khai-tu\"",
    );
}

#[test]
fn rules_about_ids() {
    expect(
        "duplicate-id",
        "lỗi: Mã \"khai-sinh\" bị trùng",
        "pages/thu-tuc/khai-sinh.md:1",
        |folder| {
            let text = fs::read_to_string(folder.0.path().join(ARTICLE)).unwrap();
            let text = text.replace("title = \"Giới thiệu\"", "title = \"Khác\"");
            folder.write(
                "pages/khac/khai-sinh.md",
                text.replace("related = [\"khai-sinh\"]\n", ""),
            );
            folder.replace("sections.toml", "[[section]]", "[[section]]\nid = \"khac\"\ntitle = \"a\"\nsummary = \"b\"\nicon = \"icon.svg\"\ncolor = \"red\"\n\n[[section]]");
        },
    );
    expect_of_words(
        "duplicate-id",
        "lỗi: Mã \"ma-otp\" bị trùng",
        "quiz/an-toan.toml:14",
        "duong-dan",
        "ma-otp",
    );
    expect(
        "bad-id",
        "lỗi: Mã \"con\" không dùng được",
        "pages/thu-tuc/con.md:1",
        |folder| {
            let text = fs::read_to_string(folder.0.path().join(ARTICLE)).unwrap();
            let text = text.replace("title = \"Giới thiệu\"", "title = \"Khác\"");
            folder.write("pages/thu-tuc/con.md", text);
        },
    );
    expect(
        "bad-id",
        "lỗi: Mã \"Thẻ mới\" không đúng dạng",
        "pages/thu-tuc/Thẻ mới.md:1",
        |folder| {
            let text = fs::read_to_string(folder.0.path().join(ARTICLE)).unwrap();
            let text = text.replace("title = \"Giới thiệu\"", "title = \"Khác\"");
            folder.write("pages/thu-tuc/Thẻ mới.md", text);
        },
    );
}
