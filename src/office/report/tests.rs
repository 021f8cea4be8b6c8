//! A report of a small made-up table, in its three forms.

mod plan;

use std::time::Duration;

use proptest::prelude::*;

use super::section::Shown;
use super::*;
use crate::office::plan::{Goals, Plans, Row as PlanRow, made_up};
use crate::office::rounding::Secret;
use crate::office::titles::{PageTitle, QuestionTitle};
use crate::usage::signals::{Event, Face};
use crate::usage::stamp::Stamp;
use crate::usage::statistics::Table;

fn add(table: &mut Table, span: &str, event: &Event, n: u64) {
    let cell = event.cell(Stamp::undated(Duration::ZERO));
    table.add(span.parse().unwrap(), &cell, n);
}

fn table() -> Table {
    let mut table = Table::default();
    for (span, n) in [
        ("2026-10-05", 1_200),
        ("2026-10-06", 35),
        ("2026-10", 5),
        ("2026-09-01", 1_000),
        ("undated", 10),
    ] {
        add(&mut table, span, &Event::VisitStarted, n);
    }
    for (span, event, n) in [
        ("2026-10-05", Event::page_opened("khai-sinh"), 40),
        ("2026-09-01", Event::page_opened("khai-sinh"), 50),
        ("2026-10-05", Event::page_opened("nop-phi"), 5),
        ("2026-09-01", Event::page_opened("nop-phi"), 10),
        ("2026-10-05", Event::step_reached("khai-sinh", 1), 30),
        ("2026-10-05", Event::guide_finished("khai-sinh"), 10),
        ("2026-10-05", Event::question_answered("at-otp", 1, true), 15),
        ("2026-10-05", Event::question_answered("at-otp", 0, false), 5),
        ("2026-10-05", Event::quiz_finished("an-toan", 9, 10), 10),
        ("2026-10-05", Event::rated("nop-phi", Face::Poor), 5),
        ("2026-10-05", Event::rated("nop-phi", Face::Good), 15),
    ] {
        add(&mut table, span, &event, n);
    }
    table
}

fn titles() -> Titles {
    let mut titles = Titles::default();
    let steps = vec!["Chuẩn bị giấy tờ".to_owned(), "Nộp hồ sơ".to_owned()];
    let title = "Làm giấy khai sinh".to_owned();
    titles.add_page("khai-sinh", PageTitle { title, steps });
    let title = "=HYPERLINK(\"x\"), <b>".to_owned();
    titles.add_page(
        "nop-phi",
        PageTitle {
            title,
            steps: Vec::new(),
        },
    );
    let question = QuestionTitle {
        prompt: "Ai được biết mã OTP?".to_owned(),
        choices: vec!["Công an".to_owned(), "Chỉ mình tôi".to_owned()],
        answer: 1,
    };
    titles.add_question("at-otp", question);
    titles
}

fn kiosks() -> Vec<KioskFacts> {
    let whole = KioskFacts {
        id: "k1".to_owned(),
        name: "Sảnh chờ".to_owned(),
        newest_bundle: "2026-11-01".parse().ok(),
        ..KioskFacts::default()
    };
    let silent = KioskFacts {
        id: "k2".to_owned(),
        newest_bundle: "2026-10-20".parse().ok(),
        missing: vec![7, 9],
        losses: 1,
        ..KioskFacts::default()
    };
    let new = KioskFacts {
        id: "k3".to_owned(),
        ..KioskFacts::default()
    };
    vec![whole, silent, new]
}

/// What is counted in fives is shown as it is, whatever the secret.
fn secret() -> Secret {
    "5".repeat(64).parse().unwrap()
}

fn report_on(table: &Table, period: Period) -> Report {
    report_of(kiosks(), table, period)
}

fn report_of(kiosks: Vec<KioskFacts>, table: &Table, period: Period) -> Report {
    report_with(Some(noted()), kiosks, table, period)
}

/// A year's beginning, September and October.
fn noted() -> Noted {
    let activities = [
        made_up(PlanRow::Officers, "2026-03-03", "Lớp tập huấn cho cán bộ", 1, 30),
        made_up(PlanRow::Residents, "2026-09-10", "Lớp kỹ năng số", 1, 75),
        made_up(PlanRow::Residents, "2026-10-10", "=HYPERLINK(1)", 2, 110),
        made_up(PlanRow::Radio, "2026-10-31", "Tránh lừa đảo", 3, 0),
    ];
    let mut goals = Goals::default();
    goals.set(PlanRow::Residents, 36);
    goals.set(PlanRow::Groups, 0);
    Noted {
        plans: Plans::new([(2026, goals)].into(), Goals::default()),
        activities: activities.to_vec(),
    }
}

fn report_with(plan: Option<Noted>, kiosks: Vec<KioskFacts>, table: &Table, period: Period) -> Report {
    Report::of(Inputs {
        plan,
        period,
        scope: "các máy của xã".to_owned(),
        counts: &Rounded::of(table, "*", &secret()),
        kiosks,
        titles: &titles(),
        issuer: Issuer {
            body: "Ủy ban nhân dân xã A".to_owned(),
            abbreviation: "UBND".to_owned(),
            ..Issuer::default()
        },
        made_on: "2026-11-05".parse().unwrap(),
    })
}

fn october() -> Report {
    report_on(&table(), Period::month(2026, 10).unwrap())
}

fn sentences(report: &Report) -> String {
    let sentences = report.sections().flat_map(|section| &section.sentences);
    sentences.cloned().collect::<Vec<_>>().join("\n")
}

fn row<'a>(report: &'a Report, caption: &str, subject: &str, value: &str) -> &'a section::Row {
    let mut listings = report.sections().flat_map(|section| &section.listings);
    let listing = listings.find(|listing| listing.caption == caption).unwrap();
    let mut rows = listing.rows.iter();
    rows.find(|row| row.subject == subject && row.value == value).unwrap()
}

#[test]
fn the_figures_are_told_in_sentences() {
    let told = sentences(&october());
    for sentence in [
        "Trong tháng 10 năm 2026, có 1.240 lượt sử dụng máy, tăng 240 lượt (24,0%) so với kỳ trước (1.000 lượt).",
        "Bình quân mỗi ngày có 40,0 lượt.",
        "Ngày có nhiều lượt nhất là ngày 5/10/2026 (1.200 lượt).",
        "Các trang được mở 45 lần, giảm 15 lần (25,0%) so với kỳ trước (60 lần).",
        "Có 10 lần xem đến hết bài, bằng 25,0% số lần mở.",
        "Trong 20 câu trả lời biết được đáp án, 75,0% là đúng.",
        "Người dân nhận xét các trang 20 lần, kỳ trước có <5 lần.",
        "75,0% số lần nhận xét là “Hữu ích”.",
    ] {
        assert!(told.contains(sentence), "{sentence}\nis not in\n{told}");
    }
}

#[test]
fn what_is_missing_is_said() {
    let told = sentences(&october());
    for sentence in [
        "5 lượt sử dụng chỉ biết tháng",
        "10 lượt sử dụng không rõ ngày",
        "Máy k2 gửi số liệu lần cuối vào ngày 20/10/2026, trước khi hết kỳ báo cáo",
        "Máy k2 còn thiếu 2 gói số liệu chưa nhận được (số 7, 9).",
        "Máy k2 đã 1 lần bị hỏng tệp số đếm",
        "Máy k3 chưa gửi số liệu lần nào.",
        "2 trong 3 máy có số liệu có thể chưa đủ: k2, k3.",
        "10 lượt sử dụng không rõ ngày, hoặc cộng chung",
    ] {
        assert!(told.contains(sentence), "{sentence}\nis not in\n{told}");
    }
    assert!(!told.contains("Máy Sảnh chờ"), "nothing is missing there");
}

#[test]
fn what_was_rounded_to_nothing_is_not_said_to_be_nothing() {
    let report = october();
    let poor = row(&report, "Nhận xét từng trang", "nop-phi", "Bình thường");
    assert_eq!((&poor.now, poor.now.text().as_str()), (&Shown::Count(0), "<5"));
    assert!(report.html().into_string().contains("<td>&lt;5</td>"));
    assert!(report.csv().contains(",<5,<5\r\n"));
}

proptest! {
    /// Whoever holds reports of a month, of its first days and of its last ones, and has all of them as files, may add and subtract as they
    /// like: the same three reports are made of counts of which no page, rating or answer was counted one to four times on any day. What
    /// they reckon of few people is true of those no less.
    #[test]
    fn whoever_subtracts_can_not_tell_small_counts_from_none(
        counts in prop::collection::vec((1_u32..=31, 0_usize..6, 1_u64..7), 0..60),
        visits in prop::collection::btree_map(1_u32..=31, 5_u64..40, 0..20),
    ) {
        let events = [
            Event::page_opened("khai-sinh"), Event::page_opened("nop-phi"), Event::rated("nop-phi", Face::Good),
            Event::rated("nop-phi", Face::Poor), Event::question_answered("at-otp", 1, true), Event::question_answered("at-otp", 0, false),
        ];
        let mut table = Table::default();
        for (day, event, n) in counts {
            add(&mut table, &format!("2026-10-{day:02}"), &events[event], n);
        }
        let mut other = Rounded::of(&table, "*", &secret()).counts().clone();
        for (_, _, n) in other.iter() {
            prop_assert!(n >= 5);
        }
        for (day, n) in visits {
            for table in [&mut table, &mut other] {
                add(table, &format!("2026-10-{day:02}"), &Event::VisitStarted, n);
            }
        }
        for (from, to) in [("2026-10-01", "2026-10-31"), ("2026-10-01", "2026-10-05"), ("2026-10-06", "2026-10-31")] {
            let period = Period::spanning(from.parse().unwrap(), to.parse().unwrap()).unwrap();
            prop_assert_eq!(report_on(&table, period).csv(), report_on(&other, period).csv());
            prop_assert_eq!(sentences(&report_on(&table, period)), sentences(&report_on(&other, period)));
        }
    }
}

/// Counts in fives are often level; then none of them is the most.
#[test]
fn what_is_level_at_the_top_is_named_together() {
    let mut table = Table::default();
    let said = |table: &Table| sentences(&report_on(table, Period::month(2026, 10).unwrap()));
    for day in ["2026-10-05", "2026-10-07"] {
        add(&mut table, day, &Event::VisitStarted, 30);
    }
    add(&mut table, "2026-10-05", &Event::page_opened("khai-sinh"), 10);
    let alone = said(&table);
    assert!(
        alone.contains("Trang được mở nhiều nhất là “Làm giấy khai sinh” (10 lần)."),
        "{alone}"
    );
    add(&mut table, "2026-10-05", &Event::page_opened("ly-hon"), 10);
    let both = said(&table);
    for sentence in [
        "Trang được mở nhiều nhất là “Làm giấy khai sinh” và “ly-hon” (cùng 10 lần).",
        "Các trang được mở 20 lần, nhiều nhất là “Làm giấy khai sinh” và “ly-hon” (cùng 10 lần).",
        "Ngày có nhiều lượt nhất là ngày 5/10/2026 và ngày 7/10/2026 (cùng 30 lượt).",
    ] {
        assert!(both.contains(sentence), "no “{sentence}” in:\n{both}");
    }
    for page in ["a", "b", "c"] {
        add(&mut table, "2026-10-06", &Event::page_opened(page), 10);
    }
    let many = said(&table);
    assert!(
        many.contains("nhiều nhất là “a”, “b”, “c” và 2 trang khác (cùng 10 lần)."),
        "{many}"
    );
    // A page more is the most alone, and less than five of one is no most.
    add(&mut table, "2026-10-06", &Event::page_opened("c"), 5);
    assert!(said(&table).contains("nhiều nhất là “c” (15 lần)."));
    let mut few = Table::default();
    add(&mut few, "2026-10-05", &Event::VisitStarted, 30);
    add(&mut few, "2026-10-05", &Event::page_opened("a"), 1);
    assert!(!said(&few).contains("nhiều nhất là “"), "{}", said(&few));
}

#[test]
fn a_guide_and_a_question_are_shown_with_all_their_parts() {
    let report = october();
    let step = |value| &row(&report, "Số lần xem đến từng bước", "khai-sinh", value).now;
    assert_eq!(step("Mở hướng dẫn"), &Shown::Count(40));
    assert_eq!(step("Bước 1: Chuẩn bị giấy tờ"), &Shown::Count(30));
    assert_eq!(step("Bước 2: Nộp hồ sơ"), &Shown::Count(0));
    let right = row(
        &report,
        "Số lần chọn từng đáp án",
        "at-otp",
        "Chỉ mình tôi (đáp án đúng)",
    );
    assert_eq!(
        (right.title.as_str(), &right.now),
        ("Ai được biết mã OTP?", &Shown::Count(15))
    );
}

#[test]
fn the_page_has_the_layout_of_an_administrative_report() {
    let html = october().html().into_string();
    for part in [
        "<!DOCTYPE html>",
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Độc lập - Tự do - Hạnh phúc",
        "Ủy ban nhân dân xã\u{a0}A",
        "Số: ......./BC-UBND",
        ", ngày ..... tháng ..... năm .......",
        "I. Kết quả thực hiện kế hoạch",
        "III. Mức độ đầy đủ của số liệu",
        "1. Các việc đã làm theo kế hoạch",
        "8. Cách đếm và bảo vệ thông tin cá nhân",
        "Nơi nhận:",
        "=HYPERLINK(&quot;x&quot;), &lt;b&gt;",
        "<td>+240</td><td>+24,0%</td>",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(
        !html.contains("<script") && !html.contains(" style="),
        "a strict page must show it"
    );
}

#[test]
fn the_flat_table_has_every_row_and_no_formula() {
    let report = october();
    let csv = report.csv();
    let rows = report
        .sections()
        .flat_map(|section| &section.listings)
        .map(|listing| listing.rows.len());
    assert_eq!(csv.matches("\r\n").count(), 1 + rows.sum::<usize>());
    assert!(csv.starts_with("\u{feff}Mục,Bảng,Mã,Tên,Giá trị,Kỳ này,Kỳ trước\r\n"));
    assert!(csv.contains("Lượt sử dụng máy,Số liệu chung,visit-started,Lượt sử dụng máy,,1240,1000\r\n"));
    assert!(csv.contains(r#",nop-phi,"'=HYPERLINK(""x""), <b>",,5,10"#), "{csv}");
}

#[test]
fn the_workbook_is_a_zip_and_the_same_each_time() {
    let workbook = october().xlsx().unwrap();
    assert!(workbook.starts_with(b"PK\x03\x04"));
    let names = workbook
        .windows(24)
        .filter(|bytes| bytes.starts_with(b"xl/worksheets/sheet"))
        .count();
    assert_eq!(
        names, 20,
        "each of ten sheets stands before its data and in the directory"
    );
    assert_eq!(workbook, october().xlsx().unwrap());
    // The second sheet has each activity with a column of its own for its numbers: 110 people of two classes on a day that Excel counts as 46305.
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut parts.by_name("xl/worksheets/sheet2.xml").unwrap(), &mut sheet).unwrap();
    for cell in [("B2", "46305"), ("D2", "2"), ("F2", "110"), ("D3", "3")] {
        let (place, value) = cell;
        let has = sheet
            .split("<c ")
            .any(|it| it.contains(&format!("r=\"{place}\"")) && it.contains(&format!("<v>{value}</v>")));
        assert!(has, "{cell:?}: {sheet}");
    }
}

#[test]
fn a_period_without_counts_is_reported_too() {
    let report = report_on(
        &Table::default(),
        Period::months("2026-01-01".parse().unwrap(), 6).unwrap(),
    );
    let told = sentences(&report);
    assert!(
        told.contains("Trong 6 tháng đầu năm 2026, có <5 lượt sử dụng máy, kỳ trước có <5 lượt."),
        "{told}"
    );
    assert!(!report.html().into_string().contains("NaN"));
    assert!(report.xlsx().is_ok());
}

#[test]
fn where_no_kiosk_is_accepted_it_is_not_said_that_nothing_is_missing() {
    let month = Period::month(2026, 10).unwrap();
    let told = sentences(&report_of(Vec::new(), &Table::default(), month));
    assert!(told.contains("Văn phòng chưa duyệt máy nào"), "{told}");
    assert!(
        told.contains("Trong tháng 10 năm 2026, xã chưa có máy tra cứu nào được duyệt"),
        "{told}"
    );
    assert!(!told.contains("lượt sử dụng máy,"), "{told}");
    let without = report_of(Vec::new(), &Table::default(), month);
    let brief = without.main[0].brief.as_ref().unwrap();
    assert!(brief.rows.iter().all(|cells| cells.last().unwrap() == "–"));
    assert!(!told.contains("bị thiếu"), "{told}");
    let whole = sentences(&report_of(vec![kiosks().remove(0)], &Table::default(), month));
    assert!(whole.contains("Không thấy số liệu nào bị thiếu."), "{whole}");
}

#[test]
fn a_year_is_told_by_months() {
    let report = report_on(&table(), Period::months("2026-01-01".parse().unwrap(), 12).unwrap());
    assert_eq!(
        row(&report, "Lượt sử dụng theo tháng", "2026-10", "").now,
        Shown::Count(1_240)
    );
    assert_eq!(report.figures.visits.total, 2_240);
    assert!(
        sentences(&report).contains("khi kỳ báo cáo chưa kết thúc"),
        "made in November"
    );
    assert!(!sentences(&october()).contains("chưa kết thúc"));
    assert_eq!(report.file_name(), "bao-cao-2026-01-01-2026-12-31");
}

#[test]
fn a_retired_kiosk_is_said_to_be_retired_and_not_to_be_silent() {
    let retired = |day: &str| {
        let kiosk = KioskFacts {
            retired: day.parse().ok(),
            ..kiosks().swap_remove(1)
        };
        sentences(&report_of(vec![kiosk], &table(), Period::month(2026, 10).unwrap()))
    };
    let said = retired("2026-10-21");
    assert!(said.contains("Máy k2 đã ngừng sử dụng từ ngày 21/10/2026."), "{said}");
    assert!(!said.contains("gửi số liệu lần cuối"), "{said}");
    let later = retired("2026-11-02");
    assert!(
        !later.contains("đã ngừng") && later.contains("gửi số liệu lần cuối"),
        "{later}"
    );
}
