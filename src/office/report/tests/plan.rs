//! What was planned and done, as the report tells it.

use super::*;

#[test]
fn what_was_done_stands_beside_what_was_planned_and_counted() {
    let report = october();
    let told = sentences(&report);
    for sentence in [
        "Trong tháng 10 năm 2026, 2 trong 10 mục của kế hoạch có việc đã làm; chưa có ở mục 2.1 (ban hành), 2.1 (phổ biến), 2.3, 2.4, 2.8 (hội nghị), 2.8 (cuộc thi), 2.9; đã đạt kế hoạch năm từ trước: mục 2.5.",
        "Đã triển khai nhưng chưa đạt kế hoạch: mục 2.7.",
    ] {
        assert!(told.contains(sentence), "{sentence}\nis not in\n{told}");
    }
    let brief = report.main[0].brief.as_ref().unwrap();
    let line = |number: &str| {
        brief.rows.iter().find(|cells| cells[0].starts_with(number)).unwrap()[1..]
            .join(" | ")
            .replace('\u{a0}', " ")
    };
    assert_eq!(
        line("2.7"),
        "3 buổi | 2 buổi, 110 người dự | 1 buổi, 75 người dự | 3 buổi, 185 người dự | 10 lần xem hết hướng dẫn"
    );
    assert_eq!(
        line("2.5"),
        "trong năm: 1 lớp | chưa có | chưa có | 1 lớp, 30 người dự | –"
    );
    assert_eq!(
        line("2.8. Hội nghị"),
        "trong năm: 4 hội nghị | chưa có | chưa có | chưa có | –"
    );
    assert_eq!(
        line("2.8. Cuộc thi"),
        "trong năm: 1 cuộc thi | chưa có | chưa có | chưa có | 10 lần làm xong bộ câu hỏi"
    );
    assert_eq!(line("2.6"), "không đặt kế hoạch | chưa có | chưa có | chưa có | –");
    assert_eq!(brief.rows.len(), 11);
    let figure = |value| row(&report, "Kế hoạch và kết quả", "2.7", value);
    assert_eq!(figure("Số người dự").now, Shown::Number(110));
    assert_eq!(figure("Máy tra cứu: số lần xem hết hướng dẫn").now, Shown::Count(10));
    // What the content calls something is text in every form.
    assert!(
        report
            .csv()
            .contains("Từng việc đã ghi,2.7,'=HYPERLINK(1),10/10/2026,\"2\u{a0}buổi, 110\u{a0}người dự\",")
    );
}

#[test]
fn contests_are_counted_apart_from_meetings_and_a_plan_that_is_issued_from_those_who_heard_of_it() {
    let noted = Noted {
        activities: vec![
            made_up(PlanRow::Issued, "2026-10-02", "Kế hoạch tuyên truyền của xã", 1, 0),
            made_up(PlanRow::Briefings, "2026-10-05", "Họp giao ban", 1, 24),
            made_up(PlanRow::Contest, "2026-10-20", "Cuộc thi", 4, 300),
        ],
        ..Noted::default()
    };
    let quarter = Period::months("2026-10-01".parse().unwrap(), 3).unwrap();
    let report = report_with(Some(noted), kiosks(), &table(), quarter);
    let brief = report.main[0].brief.as_ref().unwrap();
    let line = |named: &str| {
        let cells = brief.rows.iter().find(|cells| cells[0].starts_with(named)).unwrap();
        cells[1..3].join(" | ").replace('\u{a0}', " ")
    };
    assert_eq!(line("2.1. Xây dựng, ban hành"), "trong năm: 1 văn bản | 1 văn bản");
    assert_eq!(line("2.1. Phổ biến"), "trong năm: 1 buổi | 1 buổi, 24 người dự");
    assert_eq!(line("2.8. Hội nghị"), "1 hội nghị | chưa có");
    assert_eq!(
        line("2.8. Cuộc thi"),
        "trong năm: 1 cuộc thi | 4 cuộc thi, 300 người dự"
    );
    let told = sentences(&report);
    assert!(
        told.contains("3 trong 11 mục của kế hoạch có việc đã làm; chưa có ở mục 2.2,")
            && told.contains(", 2.8 (hội nghị), 2.9"),
        "{told}"
    );
}

#[test]
fn what_nobody_noted_is_not_said_not_to_have_been_done() {
    let august = report_on(&table(), Period::month(2026, 8).unwrap());
    let brief = august.main[0].brief.as_ref().unwrap();
    assert_eq!(brief.rows[7][2..4], ["chưa ghi", "chưa ghi"]);
    assert_eq!(brief.rows[7][4], "chưa có", "others were noted that year");
    let told = sentences(&august);
    assert!(told.contains("Trong tháng 8 năm 2026, chưa có việc nào theo kế hoạch được ghi lại; đã đạt kế hoạch năm từ trước: mục 2.5."), "{told}");
    let before = report_on(&table(), Period::month(2020, 8).unwrap());
    assert_eq!(before.main[0].brief.as_ref().unwrap().rows[7][1], "–");
    assert!(sentences(&before).contains("Trong tháng 8 năm 2020, kế hoạch chưa bắt đầu."));
    assert!(before.opening()[1].contains("Kỳ này: tháng 8 năm 2020 (1/8/2020 – 31/8/2020). "));
}

#[test]
fn a_period_that_is_not_over_is_told_as_far_as_it_has_come() {
    let mut table = table();
    add(&mut table, "2026-11-02", &Event::VisitStarted, 100);
    let mut noted = noted();
    noted
        .activities
        .push(made_up(PlanRow::Radio, "2026-11-03", "Tránh lừa đảo", 1, 0));
    let november = report_with(Some(noted), kiosks(), &table, Period::month(2026, 11).unwrap());
    let told = sentences(&november);
    for sentence in [
        "Tính đến ngày 5/11/2026, đã triển khai nhưng chưa đạt kế hoạch: mục 2.2.",
        "Bình quân mỗi ngày có 20,0 lượt.",
    ] {
        assert!(told.contains(sentence), "{sentence}\nis not in\n{told}");
    }
}

#[test]
fn a_period_over_new_year_has_what_was_done_since_new_year_and_says_its_days_once() {
    let period = Period::spanning("2025-12-15".parse().unwrap(), "2026-03-14".parse().unwrap()).unwrap();
    let report = report_on(&table(), period);
    let brief = report.main[0].brief.as_ref().unwrap();
    assert_eq!(brief.head[4], "Từ đầu năm");
    assert_eq!(brief.rows[5][4], "1\u{a0}lớp, 30\u{a0}người dự");
    let opening = report.opening()[1].clone();
    assert!(
        opening.starts_with(
            "Kỳ này: từ ngày 15/12/2025 đến ngày 14/3/2026. Kỳ trước: từ ngày 15/9/2025 đến ngày 14/12/2025. "
        ),
        "{opening}"
    );
}

#[test]
fn a_post_is_not_read_as_what_it_is_about() {
    let made_up = |row, title| made_up(row, "2026-10-10", title, 3, 0);
    let noted = Noted {
        activities: vec![
            made_up(PlanRow::Social, "Làm giấy khai sinh"),
            made_up(PlanRow::Leaflets, "Làm giấy khai sinh"),
            made_up(PlanRow::Social, "Bài đăng về chuyển đổi số"),
            made_up(PlanRow::Radio, "Tránh lừa đảo"),
        ],
        ..Noted::default()
    };
    let report = report_with(Some(noted), kiosks(), &table(), Period::month(2026, 10).unwrap());
    let each = report.appendix[0].brief.as_ref().unwrap();
    let told: Vec<String> = each
        .rows
        .iter()
        .map(|cells| format!("{} | {}", cells[0], cells[3]))
        .collect();
    assert_eq!(
        told,
        [
            "Bài đăng: Làm giấy khai sinh | 3\u{a0}bài đăng",
            "Tờ rơi: Làm giấy khai sinh | 3\u{a0}tờ",
            "Bài đăng về chuyển đổi số | 3\u{a0}bài đăng",
            "Tránh lừa đảo | 3\u{a0}lần phát",
        ]
    );
}

#[test]
fn a_year_is_not_told_twice_and_one_kiosk_has_no_plan() {
    let year = report_on(&table(), Period::months("2026-01-01".parse().unwrap(), 12).unwrap());
    let brief = year.main[0].brief.as_ref().unwrap();
    assert_eq!(
        brief.head,
        ["Nội dung", "Kế hoạch", "Kỳ này", "Kỳ trước", "Máy tra cứu đếm"]
    );
    assert!(brief.rows.iter().all(|cells| cells.len() == brief.head.len()));
    assert_eq!(brief.rows[5][1..3], ["1\u{a0}lớp", "1\u{a0}lớp, 30\u{a0}người dự"]);
    let one = report_with(None, kiosks(), &table(), Period::month(2026, 10).unwrap());
    assert!(one.sections().all(|section| section.brief.is_none()));
    assert!(!one.csv().contains("2.7"));
    assert!(one.opening()[0].contains("Kết quả theo kế hoạch là của cả xã"));
    assert_eq!(one.title(), "Kết quả sử dụng máy tra cứu tháng 10 năm 2026");
}
