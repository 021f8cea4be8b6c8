//! The commune's own facts: the repository's pages read well while nobody has filled them in, and when all are filled in.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::folders::copy;
use chrono::NaiveDate;
use commune_kiosk::content::model::Content;
use commune_kiosk::content::source::{self, Checked};

/// What residents read in the place of an empty fact, in a Vietnamese and in an English text.
const UNKNOWN: [&str; 2] = ["hỏi cán bộ tại quầy", "ask the staff at the counter"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn check(folder: &Path) -> Checked {
    source::read(folder, NaiveDate::from_ymd_opt(2026, 11, 28).expect("a day"))
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
        content
            .commune
            .iter()
            .all(|(key, value)| value.is_empty() || key == "portal_phone"),
        "the repository knows no commune's facts, only the country's number"
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
    // "Hỏi cán bộ" and the codes that go home show them, no page does.
    let elsewhere = ["center_name", "portal_phone", "site"];
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

/// Claims that cost residents of Hải Phòng money or a journey, and what stands in their place. Each is in docs/content-review.md.
#[test]
fn no_page_costs_a_resident_money_or_a_journey() {
    let content = check(&root().join("content")).content.expect("content without errors");
    let words = words(&content);
    let page = |id: &str| {
        let page = content.pages.iter().find(|page| page.id == id).expect("a page");
        serde_json::to_string(page).expect("JSON")
    };
    for wrong in [
        "Mức chung: 500.000",
        "Mức chung là 500.000",
        "không lương hưu hoặc lương hưu thấp",
        "hạng A1, A, B1",
        "Hạng A1, A, B1",
        "Người cao tuổi, người không có điện thoại thông minh",
        "Những người này vẫn được dùng",
        "These people may still use one",
        "hoặc thẻ bảo hiểm y tế giấy",
        "te-the-giay",
        "Doạ khoá số sau vài giờ",
        "(dự kiến)",
        "\"place\":\"Hội trường xã",
    ] {
        assert!(!words.contains(wrong), "“{wrong}” stands somewhere");
    }
    for (id, right) in [
        ("huu-tri-xa-hoi", "700.000 đồng một tháng"),
        ("huu-tri-xa-hoi", "Có mà thấp hơn trợ cấp này thì vẫn được."),
        ("an-sinh-xa-hoi", "huu-tri-xa-hoi"),
        ("bang-lai-xe", "Trên bằng cấp trước năm 2025, hạng B1 là ô tô."),
        ("bao-hiem-y-te", "Thẻ giấy nay chỉ cấp cho người thiếu cả hai thứ"),
        (
            "bao-hiem-y-te",
            "A paper card is now given only to people who lack both of these",
        ),
        ("khai-sinh", "Trung tâm nào trong thành phố cũng nhận, nên hỏi trước."),
        ("khai-sinh", "Any centre in the city takes the file; ask first."),
        ("sim-chinh-chu", "nhà mạng có thể khoá chiều gọi đi"),
        ("khoa-sim", "nhà mạng có thể khoá chiều gọi đi thật"),
    ] {
        assert!(page(id).contains(right), "{id} does not say “{right}”");
    }
    let radio = serde_json::to_string(&content.programmes).expect("JSON");
    assert!(radio.contains("Ở Hải Phòng, người từ đủ bảy mươi lăm tuổi được bảy trăm nghìn đồng một tháng."));
    // A number in a picture is a statement too.
    let drawn = String::from_utf8_lossy(&content.media["pic-an-sinh-xa-hoi.svg"]);
    assert!(!drawn.contains("500"), "an amount is drawn");
}
