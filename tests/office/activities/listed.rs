//! Which of what was noted is listed: all of it on the page, and in a report what belongs to its days.

use crate::answers::{Maker, Way, send};
use crate::common::office::Office;
use crate::desk::Desk;

#[test]
fn what_was_noted_by_mistake_long_ago_is_found_and_removed() {
    let office = Office::open();
    let desk = Desk::at(&office);
    for number in 0..51 {
        let (id, day) = (format!("{number:032}"), format!("2026-10-{:02}", number % 28 + 1));
        let day = if number == 0 { "2022-05-05" } else { day.as_str() };
        let fields = [("id", id.as_str()), ("what", "own:0"), ("day", day), ("times", "2")];
        assert_eq!(desk.sends("/activities/2.4", &fields).status, 303);
    }
    let (first, second) = (desk.sees("/activities"), desk.sees("/activities?page=2"));
    assert!(
        !first.contains("5/5/2022") && first.contains("?page=2#noted"),
        "{first}"
    );
    assert!(second.contains("5/5/2022") && !second.contains("?page=3"), "{second}");
    let answer = desk.sends(&format!("/activities/{:032}/remove", 0), &[]);
    assert_eq!(answer.status, 303);
    assert!(!desk.sees("/activities").contains("?page=2"));
}

#[test]
fn a_report_has_what_was_done_on_its_days_and_that_of_one_kiosk_has_none() {
    let office = Office::open();
    let desk = Desk::at(&office);
    let maker = Maker::accepted(&office, Way::Hand);
    send(&office, Way::Hand, &maker.counts(2, &[("2026-11-05", 40)]));
    for (number, day) in ["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"]
        .into_iter()
        .enumerate()
    {
        let id = format!("{number:032}");
        let fields = [("id", id.as_str()), ("what", "own:0"), ("day", day), ("times", "2")];
        assert_eq!(desk.sends("/activities/2.4", &fields).status, 303);
    }
    let csv = |query: &str| desk.sees(&format!("/reports/csv?{query}"));
    let line = "2.4. Bài đăng trên mạng xã hội";
    let november = csv("from=2026-11-01&to=2026-11-30");
    for figures in [
        "Đã làm (bài đăng),2,4",
        "Đã làm từ đầu năm (bài đăng),8,",
        "Máy tra cứu: số lần mở thông báo,<5,<5",
    ] {
        assert!(
            november.contains(&format!("{line},{figures}\r\n")),
            "{figures}: {november}"
        );
    }
    assert!(
        november.contains("\"2.3. Tin, bài trên trang thông tin điện tử\",Máy tra cứu: số lần mở trang,40,<5\r\n"),
        "{november}"
    );
    assert!(csv("from=2026-01-01&to=2026-12-31").contains(&format!("{line},Đã làm (bài đăng),8,0\r\n")));
    let one = format!("from=2026-11-01&to=2026-11-30&kiosk={}", maker.id());
    assert!(!csv(&one).contains(line));
    let page = desk.sees(&format!("/reports/html?{one}"));
    assert!(
        page.contains("Kết quả theo kế hoạch là của cả xã") && !page.contains("2.4. "),
        "{page}"
    );
}
