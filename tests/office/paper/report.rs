//! The report on paper: what a leader reads and signs is two sides, however much there is to say; then come the tables.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use chrono::NaiveDate;
use commune_kiosk::content::library::Library;
use commune_kiosk::office::plan::{Activity, Row};
use commune_kiosk::office::publish::paper::report::{docx, pdf};
use commune_kiosk::office::report::section::Listing;
use commune_kiosk::office::report::{Inputs, Issuer, KioskFacts, Noted, Period, Report};
use commune_kiosk::office::rounding::{Rounded, Secret};
use commune_kiosk::office::titles::Titles;
use commune_kiosk::usage::signals::{Event, Face, Origin};
use commune_kiosk::usage::stamp::Stamp;
use commune_kiosk::usage::statistics::Table;

use super::extracts::{Sides, Text};
use super::{content, folder};
use crate::common::browser::pictures;

/// Sides of the main part.
const MAIN: usize = 2;

/// How many kiosks a large commune has.
const KIOSKS: u64 = 12;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A month and the one before, in which nearly everything was used.
fn table(content: &commune_kiosk::content::model::Content) -> Table {
    let mut table = Table::default();
    let mut add = |span: &str, event: &Event, n: u64| {
        let cell = event.cell(Stamp::undated(std::time::Duration::ZERO));
        table.add(span.parse().expect("a span"), &cell, n);
    };
    for month in ["2026-10", "2026-11"] {
        for day in 1..=30 {
            let visits = 120 + day * 7 % 50;
            add(&format!("{month}-{day:02}"), &Event::VisitStarted, visits);
        }
        let first = format!("{month}-05");
        for (place, page) in (0_u64..).zip(&content.pages) {
            let id = page.id.as_str();
            for (event, n) in [
                (Event::page_opened(id), 3_000 / (place + 1)),
                (Event::step_reached(id, 1), 900 / (place + 1)),
                (Event::guide_finished(id), 400 / (place + 1)),
                (Event::qr_shown(id), 300 / (place + 1)),
                (Event::rated(id, Face::Good), 200 / (place + 1)),
                (Event::rated(id, Face::Poor), 40 / (place + 1)),
            ] {
                add(&first, &event, n);
            }
        }
        for quiz in &content.quizzes {
            add(&first, &Event::quiz_finished(&quiz.id, 9, 10), 45);
            for question in &quiz.questions {
                add(
                    &first,
                    &Event::question_answered(&question.id, 0, question.answer == 0),
                    30,
                );
                add(
                    &first,
                    &Event::question_answered(&question.id, 1, question.answer == 1),
                    25,
                );
            }
        }
        for topic in content.topics.iter().take(40) {
            add(&first, &Event::topic_asked(&topic.id, Origin::Missed), 15);
        }
        for (event, n) in [(Event::SearchFound, 700), (Event::SearchNotFound, 120)] {
            add(&first, &event, n);
        }
        for programme in &content.programmes {
            add(&first, &Event::listened(&programme.id), 60);
        }
        for notice in &content.notices {
            add(&first, &Event::notice_opened(&notice.id), 80);
        }
        add(month, &Event::VisitStarted, 15);
    }
    add("2026", &Event::VisitStarted, 25);
    add("undated", &Event::VisitStarted, 35);
    table
}

/// Kiosks with long names, of which many lack something.
fn kiosks() -> Vec<KioskFacts> {
    let kiosk = |number: u64| KioskFacts {
        id: format!("kiosk-{number:016}"),
        name: format!("Sảnh chờ Trung tâm Phục vụ hành chính công xã, cơ sở {number}"),
        visits: 300 + number,
        visits_before: 290,
        newest_bundle: Some(day(if number.is_multiple_of(2) {
            "2026-12-01"
        } else {
            "2026-11-20"
        })),
        missing: if number.is_multiple_of(3) {
            vec![7, 9, 10]
        } else {
            Vec::new()
        },
        losses: number % 2,
        edition: 5,
        version: "1.0.0".to_owned(),
        ..KioskFacts::default()
    };
    (1..=KIOSKS).map(kiosk).collect()
}

/// Each row of the plan, with numbers as large as they are believed.
fn noted(content: &commune_kiosk::content::model::Content) -> Noted {
    let months = ["2026-11", "2026-10", "2026-03"];
    let done = |(place, month, row): (usize, &str, Row)| Activity {
        id: format!("{place}"),
        row,
        day: day(&format!("{month}-{:02}", place % 28 + 1)),
        subject: content.pages[place].id.clone(),
        title: content.pages[place].title.clone(),
        times: row.most_times(),
        people: if row.has_people() { 9_999 } else { 0 },
        by: "lan".to_owned(),
        at: 0,
    };
    let each = months
        .into_iter()
        .flat_map(|month| Row::ALL.into_iter().map(move |row| (month, row)));
    let twice = each.clone().chain(each);
    Noted {
        activities: twice
            .enumerate()
            .map(|(place, (month, row))| done((place, month, row)))
            .collect(),
        ..Noted::default()
    }
}

fn report(plan: bool) -> Report {
    named(plan, "Ủy ban nhân dân xã Lê Lợi", kiosks())
}

fn named(plan: bool, body: &str, kiosks: Vec<KioskFacts>) -> Report {
    let content = content(&folder());
    let titles = Titles::of(&Library::in_memory(&content).expect("a library")).expect("titles");
    let secret: Secret = "5".repeat(64).parse().expect("a secret");
    let counts = Rounded::of(&table(&content), "*", &secret);
    Report::of(Inputs {
        period: Period::month(2026, 11).expect("a month"),
        scope: format!("{KIOSKS} máy đã được văn phòng duyệt"),
        counts: &counts,
        kiosks,
        plan: plan.then(|| noted(&content)),
        titles: &titles,
        issuer: Issuer {
            superior: "Ủy ban nhân dân thành phố Hải Phòng".to_owned(),
            body: body.to_owned(),
            abbreviation: "UBND".to_owned(),
            place: "Lê Lợi".to_owned(),
        },
        made_on: day("2026-11-29"),
    })
}

#[test]
fn a_leader_reads_two_pages_of_a_month_of_twelve_kiosks_and_the_tables_follow() {
    fs::create_dir_all(pictures()).expect("a folder");
    for (name, plan) in [("plan", true), ("kiosks", false)] {
        let file = pictures().join(format!("report-{name}.pdf"));
        fs::write(&file, pdf(&report(plan)).expect("a PDF")).expect("written");
        let sides = Sides::of(&file);
        sides.expect_within("report");
        let texts = sides.texts();
        let appendix = texts
            .iter()
            .position(|text| text.contains("PHỤLỤC"))
            .expect("an appendix");
        assert!(appendix <= MAIN, "{name}: the main part has {appendix} pages");
        let signed = texts
            .iter()
            .position(|text| text.contains("Nơinhận:"))
            .expect("a signature");
        assert_eq!(signed + 1, appendix, "{name}: signed at the end of the main part");
        println!(
            "{name}: {appendix} pages, and {} of the appendix",
            sides.count() - appendix
        );
        let text = Text::of(&file);
        for words in [
            "máy có số liệu có thể chưa đủ",
            "“<5” là từ 0 đến 4",
            "Số lần mở từng trang",
            "Ngày lập gói số liệu mới nhất",
            "Cách đếm và bảo vệ thông tin cá nhân",
        ] {
            assert!(text.says(words), "{name}: {words}");
        }
        assert_eq!(text.says("2.7. Phổ biến, tập huấn cho người dân"), plan);
        assert_eq!(text.says("Kết quả theo kế hoạch là của cả xã"), !plan);
    }
}

#[test]
fn the_word_file_is_signed_before_its_appendix_too() {
    let file = docx(&report(true)).expect("a file");
    let mut parts = zip::ZipArchive::new(Cursor::new(file)).expect("a ZIP");
    let mut words = String::new();
    let mut document = parts.by_name("word/document.xml").expect("its words");
    document.read_to_string(&mut words).expect("UTF-8");
    let places = [
        "I. KẾT QUẢ THỰC HIỆN KẾ HOẠCH",
        "2.2. Chuyên mục trên đài truyền thanh xã",
        "III. MỨC ĐỘ ĐẦY ĐỦ CỦA SỐ LIỆU",
        "Nơi nhận:",
        "PHỤ LỤC",
        "1. Các việc đã làm theo kế hoạch",
        "8. Cách đếm và bảo vệ thông tin cá nhân",
    ]
    .map(|part| words.find(part).unwrap_or_else(|| panic!("{part}")));
    assert!(places.is_sorted(), "{places:?}");
}

/// Officers write names as they like; one letter that our fonts don't have is no reason for there being no report.
#[test]
fn a_name_with_letters_that_no_font_has_is_printed_all_the_same() {
    let dir = tempfile::tempdir().expect("a folder");
    for (place, odd) in [
        "✔",
        "★😀",
        "人民委员会",
        "ประชา",
        "\u{f0b7}",
        "\u{feff}\u{fffe}\u{ffff}\u{1}",
    ]
    .into_iter()
    .enumerate()
    {
        let kiosks = vec![KioskFacts {
            id: "k1".to_owned(),
            name: format!("Sảnh {odd} chờ"),
            ..KioskFacts::default()
        }];
        let report = named(false, &format!("UBND {odd}"), kiosks);
        let [paper, word] = ["pdf", "docx"].map(|ending| dir.path().join(format!("odd-{place}.{ending}")));
        fs::write(&paper, pdf(&report).unwrap_or_else(|error| panic!("{odd}: {error}"))).expect("written");
        assert!(Text::of(&paper).says("UBND"), "{odd}");
        fs::write(&word, docx(&report).expect("a file")).expect("written");
        let profile = format!("-env:UserInstallation=file://{}", dir.path().join("profile").display());
        let opened = Command::new("soffice")
            .args([
                profile.as_str(),
                "--headless",
                "--convert-to",
                "pdf:writer_pdf_Export",
                "--outdir",
            ])
            .args([&dir.path().join("opened"), &word])
            .output()
            .expect("soffice of libreoffice-writer-nogui");
        let opened_as = dir.path().join("opened").join(format!("odd-{place}.pdf"));
        assert!(opened_as.exists(), "{odd}: {}", String::from_utf8_lossy(&opened.stderr));
        assert!(Text::of(&opened_as).says("UBND"), "{odd}");
    }
}

/// Opened by another program, and printed by it: every word of the PDF, in the same order of parts, on paper of the same size.
#[test]
fn the_word_file_opens_in_another_program_and_says_what_the_pdf_says() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(pictures()).expect("a folder");
    let (word, paper) = (pictures().join("report-word.docx"), dir.path().join("typeset.pdf"));
    let report = report(true);
    fs::write(&word, docx(&report).expect("a file")).expect("written");
    fs::write(&paper, pdf(&report).expect("a PDF")).expect("written");
    let opened = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            dir.path().join("profile").display()
        ))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .args([&pictures(), &word])
        .output()
        .expect("soffice of libreoffice-writer-nogui");
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stderr));
    let opened = pictures().join("report-word.pdf");
    let (printed, typeset) = (Text::of(&opened), Text::of(&paper));
    let mut said = 0;
    let cells = |listing: &Listing| -> Vec<String> {
        let groups = listing.on_page();
        let rows = groups.iter().flat_map(|group| group.rows.iter());
        rows.flat_map(|(label, numbers)| std::iter::once((*label).to_owned()).chain(numbers.clone()))
            .collect()
    };
    for section in report.sections() {
        let heading = [section.heading.to_uppercase(), section.heading.to_owned()];
        assert!(heading.iter().any(|heading| printed.says(heading)), "{heading:?}");
        let mut words = section.sentences.clone();
        if let Some(brief) = &section.brief {
            words.extend(brief.rows.iter().flatten().cloned());
        }
        for listing in section.listings.iter().filter(|listing| listing.printed > 0) {
            words.push(listing.caption.to_owned());
            words.extend(cells(listing));
        }
        for words in words {
            assert!(printed.says(&words), "Word: {words}");
            assert!(typeset.says(&words), "PDF: {words}");
            said += 1;
        }
    }
    assert!(said > 300, "{said}");
    let size = |file: &Path| {
        let said = Command::new("pdfinfo")
            .arg(file)
            .output()
            .expect("pdfinfo of poppler-utils");
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let line = said.lines().find(|line| line.starts_with("Page size"));
        line.map(|line| line.contains("A4")).expect("a size")
    };
    assert!(size(&opened) && size(&paper), "A4");
    let sides = Sides::of(&opened);
    let texts = sides.texts();
    let appendix = texts
        .iter()
        .position(|text| text.contains("PHỤLỤC"))
        .expect("an appendix");
    assert!(texts[appendix - 1].contains("Nơinhận:"), "signed before the appendix");
    assert_eq!(appendix, MAIN, "pages of the main part, in that program's letters");
    println!("{appendix} pages, and {} of the appendix", texts.len() - appendix);
}
