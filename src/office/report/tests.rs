//! A report of a small made-up table, in its three forms.

use std::time::Duration;

use super::section::Shown;
use super::*;
use crate::office::titles::{PageTitle, QuestionTitle};
use crate::usage::signals::{Event, Face};
use crate::usage::stamp::Stamp;

fn add(table: &mut Table, span: &str, event: &Event, n: u64) {
    let cell = event.cell(Stamp::undated(Duration::ZERO));
    table.add(span.parse().unwrap(), &cell, n);
}

fn table() -> Table {
    let mut table = Table::default();
    for (span, n) in [
        ("2026-10-05", 1_200),
        ("2026-10-06", 34),
        ("2026-10", 5),
        ("2026-09-01", 1_000),
        ("undated", 9),
    ] {
        add(&mut table, span, &Event::VisitStarted, n);
    }
    for (span, event, n) in [
        ("2026-10-05", Event::page_opened("khai-sinh"), 40),
        ("2026-09-01", Event::page_opened("khai-sinh"), 50),
        ("2026-10-05", Event::page_opened("nop-phi"), 3),
        ("2026-09-01", Event::page_opened("nop-phi"), 7),
        ("2026-10-05", Event::step_reached("khai-sinh", 1), 30),
        ("2026-10-05", Event::guide_finished("khai-sinh"), 10),
        ("2026-10-05", Event::question_answered("at-otp", 1), 6),
        ("2026-10-05", Event::question_answered("at-otp", 0), 2),
        ("2026-10-05", Event::quiz_finished("an-toan", 9, 10), 8),
        ("2026-10-05", Event::rated("nop-phi", Face::Poor), 2),
        ("2026-10-05", Event::rated("nop-phi", Face::Good), 6),
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

fn report_on(table: &Table, period: Period) -> Report {
    report_of(kiosks(), table, period)
}

fn report_of(kiosks: Vec<KioskFacts>, table: &Table, period: Period) -> Report {
    Report::of(Inputs {
        period,
        scope: "các máy của xã".to_owned(),
        table,
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
    let sentences = report.sections.iter().flat_map(|section| &section.sentences);
    sentences.cloned().collect::<Vec<_>>().join("\n")
}

fn row<'a>(report: &'a Report, caption: &str, subject: &str, value: &str) -> &'a section::Row {
    let mut listings = report.sections.iter().flat_map(|section| &section.listings);
    let listing = listings.find(|listing| listing.caption == caption).unwrap();
    let mut rows = listing.rows.iter();
    rows.find(|row| row.subject == subject && row.value == value).unwrap()
}

#[test]
fn the_figures_are_told_in_sentences() {
    let told = sentences(&october());
    for sentence in [
        "Trong tháng 10 năm 2026, có 1.239 lượt sử dụng máy, tăng 239 lượt (23,9%) so với kỳ trước (1.000 lượt).",
        "Bình quân mỗi ngày có 40,0 lượt.",
        "Ngày có nhiều lượt nhất là ngày 5/10/2026 (1.200 lượt).",
        "Các trang được mở 43 lần, giảm 14 lần (24,6%) so với kỳ trước (57 lần).",
        "Có 10 lần xem đến hết bài, bằng 25,0% số lần mở.",
        "Trong 8 câu trả lời biết được đáp án, 75,0% là đúng.",
        "Người dân nhận xét các trang 8 lần, kỳ trước không ghi nhận lần nào.",
    ] {
        assert!(told.contains(sentence), "{sentence}\nis not in\n{told}");
    }
}

#[test]
fn what_is_missing_is_said() {
    let told = sentences(&october());
    for sentence in [
        "5 lượt sử dụng chỉ biết tháng",
        "9 lượt sử dụng không rõ ngày",
        "Máy k2 gửi số liệu lần cuối vào ngày 20/10/2026, trước khi hết kỳ báo cáo",
        "Máy k2 còn thiếu 2 gói số liệu chưa nhận được (số 7, 9).",
        "Máy k2 đã 1 lần bị hỏng tệp số đếm",
        "Máy k3 chưa gửi số liệu lần nào.",
    ] {
        assert!(told.contains(sentence), "{sentence}\nis not in\n{told}");
    }
    assert!(!told.contains("Máy Sảnh chờ"), "nothing is missing there");
}

#[test]
fn single_counts_under_five_are_shown_nowhere_and_sums_are_exact() {
    let report = october();
    let few = row(&report, "Số lần mở từng trang", "nop-phi", "");
    assert_eq!((&few.now, &few.before), (&Shown::Few, &Shown::Number(7)));
    assert_eq!(few.change(), None, "3 could be reckoned from it");
    assert_eq!(row(&report, "Số liệu chung", "page-opened", "").now, Shown::Number(43));
    assert_eq!(
        row(&report, "Nhận xét từng trang", "nop-phi", "Chưa hữu ích").now,
        Shown::Few
    );
    assert_eq!(
        row(&report, "Số lần chọn từng đáp án", "at-otp", "Công an").now,
        Shown::Few
    );
    assert_eq!(row(&report, "Nhận xét chung", "poor", "").now, Shown::Few);
    assert!(
        !sentences(&report).contains("số lần nhận xét là"),
        "the share would tell that two did not like it"
    );
    let html = report.html().into_string();
    assert!(html.contains("<td>&lt;5</td>"));
    assert!(report.csv().contains(",<5,7\r\n"));
}

#[test]
fn a_guide_and_a_question_are_shown_with_all_their_parts() {
    let report = october();
    let step = |value| &row(&report, "Số lần xem đến từng bước", "khai-sinh", value).now;
    assert_eq!(step("Mở hướng dẫn"), &Shown::Number(40));
    assert_eq!(step("Bước 1: Chuẩn bị giấy tờ"), &Shown::Number(30));
    assert_eq!(step("Bước 2: Nộp hồ sơ"), &Shown::Number(0));
    let right = row(
        &report,
        "Số lần chọn từng đáp án",
        "at-otp",
        "Chỉ mình tôi (đáp án đúng)",
    );
    assert_eq!(
        (right.title.as_str(), &right.now),
        ("Ai được biết mã OTP?", &Shown::Number(6))
    );
}

#[test]
fn the_page_has_the_layout_of_an_administrative_report() {
    let html = october().html().into_string();
    for part in [
        "<!DOCTYPE html>",
        "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "Độc lập - Tự do - Hạnh phúc",
        "Ủy ban nhân dân xã A",
        "Số: ......./BC-UBND",
        ", ngày ..... tháng ..... năm .......",
        "I. Lượt sử dụng máy",
        "VII. Cách đếm và bảo vệ thông tin cá nhân",
        "Nơi nhận:",
        "=HYPERLINK(&quot;x&quot;), &lt;b&gt;",
        "<td>+239</td><td>+23,9%</td>",
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
        .sections
        .iter()
        .flat_map(|section| &section.listings)
        .map(|listing| listing.rows.len());
    assert_eq!(csv.matches("\r\n").count(), 1 + rows.sum::<usize>());
    assert!(csv.starts_with("\u{feff}Mục,Bảng,Mã,Tên,Giá trị,Kỳ này,Kỳ trước\r\n"));
    assert!(csv.contains("Lượt sử dụng máy,Số liệu chung,visit-started,Lượt sử dụng máy,,1239,1000\r\n"));
    assert!(csv.contains(r#",nop-phi,"'=HYPERLINK(""x""), <b>",,<5,7"#), "{csv}");
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
        names, 16,
        "each of eight sheets stands before its data and in the directory"
    );
    assert_eq!(workbook, october().xlsx().unwrap());
}

#[test]
fn a_period_without_counts_is_reported_too() {
    let report = report_on(
        &Table::default(),
        Period::months("2026-01-01".parse().unwrap(), 6).unwrap(),
    );
    let told = sentences(&report);
    assert!(
        told.contains("Trong 6 tháng đầu năm 2026, có 0 lượt sử dụng máy, bằng kỳ trước (0 lượt)."),
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
    assert!(!told.contains("bị thiếu"), "{told}");
    let whole = sentences(&report_of(vec![kiosks().remove(0)], &Table::default(), month));
    assert!(whole.contains("Không thấy số liệu nào bị thiếu."), "{whole}");
}

#[test]
fn a_year_is_told_by_months() {
    let report = report_on(&table(), Period::months("2026-01-01".parse().unwrap(), 12).unwrap());
    assert_eq!(
        row(&report, "Lượt sử dụng theo tháng", "2026-10", "").now,
        Shown::Number(1_239)
    );
    assert_eq!(report.figures.visits.total, 2_239);
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
