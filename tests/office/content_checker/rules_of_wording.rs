//! Rules about words and about how much of them a screen holds: all of them only warn.

use crate::content_checker::folder::{ARTICLE, Folder, GUIDE, expect, expect_of_words, office};

const ARTICLE_BODY: &str = "pages/thu-tuc/gioi-thieu.md:10";

/// One warning about a text that is put before the first words of an article.
fn expect_of_text(rule: &str, message: &str, text: &str) {
    let to = format!("{text} Trang này");
    expect_of_words(rule, message, ARTICLE_BODY, "Trang này", &to);
}

/// No fault at all after a change.
fn expect_nothing(change: impl FnOnce(&Folder)) {
    let folder = Folder::new();
    change(&folder);
    let output = office(&["check"], folder.0.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0 lỗi, 0 cảnh báo\n");
}

fn expect_nothing_of_text(text: &str) {
    expect_nothing(|folder| folder.replace(ARTICLE, "Trang này", &format!("{text} Trang này")));
}

#[test]
fn abbreviations_are_explained_at_their_first_use_in_a_page() {
    let rule = "unexplained-abbreviation";
    expect_of_text(
        rule,
        "cảnh báo: \"BHYT\" chưa được giải thích ở lần đầu trong bài",
        "Mang thẻ **BHYT** và BHYT.",
    );
    // One that no list knows.
    expect_of_text(rule, "cảnh báo: \"UBND\" chưa được giải thích", "Đến UBND xã.");
    expect_of_words(
        rule,
        "cảnh báo: \"BHYT\" chưa được giải thích",
        "pages/thu-tuc/khai-sinh.md:9",
        "\"Giấy chứng sinh\"",
        "\"Thẻ BHYT\"",
    );
    expect_nothing_of_text("Thẻ BHYT (bảo hiểm y tế), lại BHYT.");
    expect_nothing_of_text("Thẻ bảo hiểm y tế (BHYT), lại BHYT, SIM, mã QR, mẫu CT01.");
    expect_nothing(|folder| {
        folder.replace(ARTICLE, "- Một", "## Thẻ BHYT\n\nBHYT nghĩa là bảo hiểm y tế.\n\n- Một");
    });
}

#[test]
fn a_heading_may_explain_too() {
    expect_nothing(|folder| {
        folder.replace(ARTICLE, "- Một", "## Bảo hiểm y tế (BHYT)\n\nMang thẻ BHYT.\n\n- Một");
    });
}

#[test]
fn each_page_explains_for_itself() {
    expect(
        "unexplained-abbreviation",
        "cảnh báo: \"BHYT\" chưa được giải thích",
        "pages/thu-tuc/khai-sinh.md:17",
        |folder| {
            folder.replace(ARTICLE, "Trang này", "BHYT (bảo hiểm y tế). Trang này");
            folder.replace(GUIDE, "Ông bà mang", "Ông bà mang BHYT và");
        },
    );
}

#[test]
fn outdated_terms_are_pointed_out_where_they_are_not_history() {
    let message = "cảnh báo: \"sổ hộ khẩu\" là cách gọi không còn đúng";
    expect_of_text("outdated-term", message, "Mang Sổ hộ khẩu.");
    expect_of_words(
        "outdated-term",
        message,
        "quiz/an-toan.toml:9",
        "Mã OTP mở được",
        "Sổ hộ khẩu mở được",
    );
    expect_nothing_of_text("Trước đây phải mang sổ hộ khẩu.");
    expect_nothing_of_text("Nay xem thông tin cư trú, không cần sổ hộ khẩu.");
}

#[test]
fn sentences_are_not_written_in_capitals() {
    let message = "cảnh báo: Cả câu này viết bằng chữ hoa";
    expect_of_text("all-capitals", message, "Nhớ kỹ. KHÔNG ĐỌC MÃ CHO AI!");
    expect_of_words(
        "all-capitals",
        message,
        "pages/thu-tuc/gioi-thieu.md:3",
        "Giới thiệu",
        "GIỚI THIỆU VỀ TRUNG TÂM",
    );
    expect_nothing_of_text("XIN CHÀO! Tuyệt đối KHÔNG bấm.");
}

#[test]
fn telephone_numbers_are_known_ones() {
    let rule = "unknown-phone";
    expect_of_text(
        rule,
        "cảnh báo: Số điện thoại 1900 9069 không có trong danh sách",
        "Gọi 1900 9069.",
    );
    expect_of_text(
        rule,
        "cảnh báo: Số điện thoại 116 không có trong danh sách",
        "Gọi số 116.",
    );
    expect_of_words(
        rule,
        "cảnh báo: Số điện thoại 18001097 không có trong danh sách",
        "pages/thu-tuc/khai-sinh.md:14",
        "https://dichvucong.gov.vn\"",
        "https://dichvucong.gov.vn\"\nhotline = \"18001097\"",
    );
    expect_nothing_of_text("Gọi 113, 19009068. Nghị định số 118, hết 1.900.000 đồng.");
    // The commune's own numbers stand in commune.toml, however they are spaced.
    expect_nothing(|folder| {
        folder.replace(
            "commune.toml",
            "police_phone = \"có\"",
            "police_phone = \"0220 3716 113\"",
        );
        folder.replace(
            GUIDE,
            "Ông bà mang",
            "Gọi 02203716113, hoặc số: {{commune.police_phone}}. Ông bà mang",
        );
    });
}

#[test]
fn a_step_fits_on_one_screen() {
    let sentence = |count: usize| "Ông bà đọc lại tên của trẻ nhé. ".repeat(count);
    expect_of_words(
        "crowded-step",
        "cảnh báo: Bước này dài khoảng 8 dòng, một màn hình chỉ vừa 7 dòng",
        "pages/thu-tuc/khai-sinh.md:15",
        "Ông bà mang giấy chứng sinh đến trung tâm.",
        &sentence(10),
    );
    // Without a picture a line is longer.
    expect_nothing(|folder| {
        folder.replace(GUIDE, "Ông bà kiểm tra tên trẻ rồi ký.", &sentence(10));
    });
}

#[test]
fn a_list_of_papers_fits_two_codes() {
    let papers = |number: usize| {
        let paper = |number| format!("\n  \"Giấy tờ thứ {number}, bản chính và bản sao có chứng thực\",");
        format!("[{}\n]", (1..=number).map(paper).collect::<String>())
    };
    let list = "[\"Giấy chứng sinh\", \"Thẻ căn cước\"]";
    expect_nothing(|folder| folder.replace(GUIDE, list, &papers(16)));
    expect_of_words(
        "long-list",
        "cảnh báo: Hai mã QR chỉ chứa được 17 trong 40 thứ cần chuẩn bị",
        "pages/thu-tuc/khai-sinh.md:27",
        list,
        &papers(40),
    );
}

#[test]
fn without_the_file_nothing_is_said_about_words() {
    let folder = Folder::new();
    folder.remove("style.toml");
    folder.replace(ARTICLE, "Trang này", "Mang BHYT, sổ hộ khẩu, gọi số 116. Trang này");
    let output = office(&["check"], folder.0.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0 lỗi, 0 cảnh báo\n");
}

#[test]
fn the_file_has_these_keys_and_no_others() {
    expect_of_words(
        "unknown-key",
        "lỗi: Không có mục nào tên là \"phone\"",
        "style.toml:2",
        "phones =",
        "phone =",
    );
    expect_of_words(
        "missing-key",
        "lỗi: Thiếu mục \"instead\"",
        "style.toml:7",
        "instead = \"thông tin cư trú\"",
        "",
    );
    expect_of_words(
        "unknown-key",
        "lỗi: Không có mục nào tên là \"why\"",
        "style.toml:9",
        "instead",
        "why = \"a\"\ninstead",
    );
    expect_of_words(
        "wrong-type",
        "lỗi: Mục \"abbreviations\" sai kiểu",
        "style.toml:4",
        "[abbreviations]\nBHYT = \"bảo hiểm y tế\"",
        "[[abbreviations]]\nBHYT = \"bảo hiểm y tế\"",
    );
    expect_of_words(
        "empty-text",
        "lỗi: Mục \"BHYT\" không được để trống",
        "style.toml:5",
        "bảo hiểm y tế",
        "",
    );
    expect_of_words(
        "wrong-value",
        "lỗi: \"Sim\" không phải là chữ viết tắt",
        "style.toml:1",
        "SIM",
        "Sim",
    );
    expect_of_words(
        "wrong-value",
        "lỗi: \"13\" không phải là số điện thoại",
        "style.toml:2",
        "113",
        "13",
    );
}

#[test]
fn the_file_is_not_packed() {
    let (with, without) = (Folder::new(), Folder::new());
    without.remove("style.toml");
    let packed = [with, without].map(|folder| {
        let checked = commune_kiosk::content::source::read(folder.0.path(), chrono::NaiveDate::default());
        checked.content.expect("good content")
    });
    assert_eq!(packed[0], packed[1]);
}
