//! What was done for the commune's plan: noted in three touches, numbers only, and reported beside what was planned.

mod listed;

use std::path::Path;

use commune_kiosk::office::password;
use commune_kiosk::office::plan::{Activity, Row};
use commune_kiosk::office::store::Role;

use crate::common::browser::{Browser, Screen};
use crate::common::office::Office;
use crate::common::postgres;
use crate::desk::Desk;
use crate::office_pages::pack;

const PASSWORD: &str = "mùa lúa chín rộ";

/// The days of a report on December, in which the stories take place.
const DECEMBER: &str = "from=2026-12-01&to=2026-12-31";

fn signs_in(browser: &Browser, office: &Office, name: &str) {
    browser.goes_to(&format!("{}/sign-in", office.url()));
    browser.types("#name", name);
    browser.types("#password", PASSWORD);
    browser.presses("Đăng nhập");
}

fn account(office: &Office, name: &str, role: Option<Role>) {
    let hash = password::hash(PASSWORD).expect("a password");
    office.asks(async |store| store.set_password(name, &hash, role).await.expect("an account"));
}

fn noted(office: &Office) -> Vec<Activity> {
    let day = |text: &str| text.parse().expect("a day");
    office.asks(async |store| {
        let found = store.activities(day("2021-01-01"), day("2030-12-31"));
        found.await.expect("activities")
    })
}

fn brings_the_pack(browser: &Browser, office: &Office, folder: &Path) {
    browser.presses("Gói nội dung");
    browser.chooses("#pack", &pack(folder, office));
    browser.presses("Đưa lên");
    assert!(browser.text().contains("le-loi"));
}

/// What the page says of a row of the plan: planned, this month, this year.
fn says(browser: &Browser, row: Row) -> Vec<String> {
    let rows = browser.table("Tính đến ngày 1/12/2026");
    let found = rows.into_iter().find(|cells| cells[0] == row.named());
    // A number and its unit stay on one line.
    let cells = found.expect("the row")[1..].to_vec();
    cells.iter().map(|cell| cell.replace('\u{a0}', " ")).collect()
}

#[test]
fn an_officer_notes_what_was_done_in_three_touches_and_takes_a_mistake_back() {
    let (office, folder) = (Office::open(), tempfile::tempdir().expect("a folder"));
    account(&office, "lan", None);
    let browser = Browser::open(Screen::Desktop);
    signs_in(&browser, &office, "lan");

    // Before there is any content a row has its own word.
    browser.presses("Hoạt động");
    assert_eq!(
        says(&browser, Row::Radio),
        ["12 chương trình, 36 lần phát", "chưa ghi", "chưa ghi"]
    );
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.presses("2.9. Tài liệu, tờ rơi tuyên truyền");
    assert!(
        browser.text().contains("Chưa đọc được gói nội dung nào"),
        "{}",
        browser.text()
    );
    browser.presses("Tờ rơi tuyên truyền");
    browser.presses("Lưu");
    assert_eq!(says(&browser, Row::Leaflets)[1], "1 loại tài liệu, 100 tờ");

    brings_the_pack(&browser, &office, folder.path());
    // December's programme is offered first, with the three times of the plan and today.
    browser.presses("Hoạt động");
    browser.presses("2.2. Chuyên mục trên đài truyền thanh xã");
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.takes_picture("activities-choose");
    browser.presses("Tránh lừa đảo dịp cuối năm");
    assert_eq!(
        (browser.value("#day"), browser.value("#times")),
        ("2026-12-01".to_owned(), "3".to_owned())
    );
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.presses("Lưu");
    let text = browser.text().replace('\u{a0}', " ");
    assert!(
        text.contains("Đã ghi: 2.2 Tránh lừa đảo dịp cuối năm, ngày 1/12/2026, 3 lần phát."),
        "{text}"
    );

    // How many came is touched, or typed; it is never made up.
    browser.presses("2.7. Phổ biến, tập huấn cho người dân");
    browser.presses("Lớp kỹ năng số cho phụ nữ");
    browser.takes_picture("activities-numbers");
    browser.presses("75 người");
    browser.presses("2.7. Phổ biến, tập huấn cho người dân");
    browser.opens(&other_things(&browser));
    browser.presses("Hội nghị hỏi đáp về chuyển đổi số");
    // A comma is not dropped, and a dot is one between thousands.
    for (typed, is_accepted) in [("", false), ("12,5", false), ("12.5", false), ("1.500", true)] {
        browser.types("#people", typed);
        assert_eq!(browser.accepts("#people"), is_accepted, "{typed}");
    }
    browser.goes_to(&format!("{}/activities/2.7?what=own:1", office.url()));
    browser.types("#people", "43");
    browser.presses("Lưu");
    assert_eq!(
        says(&browser, Row::Residents),
        ["1 buổi", "2 buổi, 118 người dự", "2 buổi, 118 người dự"]
    );
    browser.takes_picture("activities");
    assert_eq!(browser.asks_axe(), [""; 0]);
    let kept = noted(&office);
    let class = kept.iter().find(|it| it.people == 75).expect("the class");
    assert_eq!(
        (class.row, class.title.as_str()),
        (Row::Residents, "Lớp kỹ năng số cho phụ nữ")
    );

    the_report_says_so(&browser, &office);

    // A programme of an earlier month was not broadcast today.
    browser.goes_to(&format!("{}/activities/2.2", office.url()));
    browser.presses("Giấy tờ trên điện thoại");
    assert_eq!(browser.value("#day"), "");
    assert!(browser.text().contains("là của tháng 11/2026: mời chọn ngày đã phát"));

    // One was wrong.
    browser.goes_to(&format!("{}/activities", office.url()));
    browser.opens("Xoá");
    assert_eq!(noted(&office).len(), 4, "only a question");
    assert!(browser.text().contains("Xoá hẳn “"), "{}", browser.text());
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.takes_picture("activities-remove");
    browser.presses("Xoá hẳn");
    assert!(browser.text().contains("Đã xoá việc ghi nhầm."), "{}", browser.text());
    assert_eq!(noted(&office).len(), 3);
    browser.presses("Nhật ký");
    let deeds = browser.table("Việc đã làm, mới nhất trước");
    let told = deeds.iter().map(|row| row[2].as_str()).collect::<Vec<_>>().join("; ");
    assert!(
        told.contains("Xoá việc đã ghi") && told.contains("Ghi việc đã làm theo kế hoạch"),
        "{told}"
    );
    assert!(
        deeds
            .iter()
            .any(|row| row[3].starts_with("2.7 Lớp kỹ năng số cho phụ nữ, ngày 1/12/2026")),
        "{deeds:?}"
    );
}

/// It stands in the report, beside what was planned.
fn the_report_says_so(browser: &Browser, office: &Office) {
    browser.goes_to(&format!("{}/reports/html?{DECEMBER}", office.url()));
    let rows = browser.table("Kế hoạch và kết quả theo từng nội dung");
    let plain = |cells: &[String]| -> Vec<String> { cells.iter().map(|cell| cell.replace('\u{a0}', " ")).collect() };
    assert_eq!(
        plain(&rows[2][..5]),
        [
            "2.2. Chuyên mục trên đài truyền thanh xã",
            "1 chương trình, 3 lần phát",
            "1 chương trình, 3 lần phát",
            "chưa ghi",
            "1 chương trình, 3 lần phát"
        ]
    );
    assert_eq!(plain(&rows[8][1..3]), ["trong năm: 4 hội nghị", "chưa có"]);
    assert_eq!(plain(&rows[9][1..3]), ["trong năm: 1 cuộc thi", "chưa có"]);
    let text = browser.text();
    assert!(text.contains("3 trong 11 mục của kế hoạch có việc đã làm"), "{text}");
    let each = browser.table("Từng việc đã ghi");
    let each: Vec<Vec<String>> = each.iter().map(|cells| plain(cells)).collect();
    assert!(
        each.contains(
            &["Buổi phổ biến ở thôn", "2.7", "1/12/2026", "1 buổi, 43 người dự"]
                .map(str::to_owned)
                .to_vec()
        ),
        "{each:?}"
    );
    assert_eq!(browser.asks_axe(), [""; 0]);
}

/// What is written above the less likely things.
fn other_things(browser: &Browser) -> String {
    let text = browser.text();
    let line = text
        .lines()
        .find(|line| line.contains("Việc khác ("))
        .expect("other things");
    line.trim().to_owned()
}

/// The plan asks in 2.1 for a plan and for briefings, in 2.8 for meetings and for a contest.
#[test]
fn the_plan_is_issued_and_the_contest_held_in_three_touches_each() {
    let office = Office::open();
    account(&office, "lan", None);
    let browser = Browser::open(Screen::Phone);
    signs_in(&browser, &office, "lan");
    browser.presses("Hoạt động");
    browser.presses("2.1. Xây dựng, ban hành kế hoạch tuyên truyền");
    browser.presses("Kế hoạch tuyên truyền của xã");
    browser.presses("Lưu");
    assert_eq!(says(&browser, Row::Issued), ["1 văn bản"; 3]);
    assert_eq!(says(&browser, Row::Briefings), ["1 buổi", "chưa có", "chưa có"]);
    browser.presses("2.1. Phổ biến trong họp giao ban");
    browser.presses("Họp giao ban");
    browser.presses("30 người");
    assert_eq!(says(&browser, Row::Briefings)[1], "1 buổi, 30 người dự");
    browser.presses("2.8. Cuộc thi tìm hiểu về chuyển đổi số");
    browser.presses("Cuộc thi tìm hiểu chuyển đổi số");
    browser.presses("150 người");
    assert_eq!(
        says(&browser, Row::Contest),
        ["1 cuộc thi", "1 cuộc thi, 150 người dự", "1 cuộc thi, 150 người dự"]
    );
    assert_eq!(says(&browser, Row::Questions), ["4 hội nghị", "chưa có", "chưa có"]);
    assert!(!browser.is_too_wide() && !browser.sticks_out("table.plan"));
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.takes_picture("activities-told-apart");
}

#[test]
fn whoever_only_reads_sees_what_was_done_and_notes_nothing() {
    let office = Office::open();
    account(&office, "lan", None);
    account(&office, "mai", Some(Role::Reads));
    let desk = Desk::at(&office);
    assert_eq!(
        desk.sends("/activities/2.5", &class("2026-11-30", "30", "1")).status,
        303
    );
    let browser = Browser::open(Screen::Phone);
    signs_in(&browser, &office, "mai");
    browser.presses("Hoạt động");
    assert_eq!(
        says(&browser, Row::Officers),
        ["1 lớp", "chưa ghi", "1 lớp, 30 người dự"]
    );
    let text = browser.text();
    for not_theirs in ["Xoá", "Số kế hoạch trong năm", "bấm vào dòng"] {
        assert!(!text.contains(not_theirs), "{not_theirs}: {text}");
    }
    assert!(!browser.is_too_wide());
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.takes_picture("activities-read");
    browser.goes_to(&format!("{}/activities/2.5", office.url()));
    assert!(browser.text().contains("không làm được việc đó"), "{}", browser.text());
    let cookie = format!("office={}", browser.cookie("office"));
    let form = [
        ("token", ""),
        ("id", "0"),
        ("what", "own:0"),
        ("day", "2026-12-01"),
        ("times", "1"),
    ];
    let refused = ureq::post(format!("{}/activities/2.5", office.url()))
        .config()
        .http_status_as_error(false)
        .build()
        .header("Cookie", cookie)
        .send_form(form);
    assert_eq!(refused.expect("an answer").status(), 403);
    assert_eq!(noted(&office).len(), 1);
}

/// The fields of a class for officers.
fn class<'a>(day: &'a str, people: &'a str, times: &'a str) -> [(&'a str, &'a str); 5] {
    let id = "00000000000000000000000000000001";
    [
        ("id", id),
        ("what", "own:0"),
        ("day", day),
        ("people", people),
        ("times", times),
    ]
}

/// Another office, on a server's database.
async fn in_postgres() -> Office {
    let database = postgres::fresh_database().await;
    tokio::task::block_in_place(|| {
        let mut office = Office::open();
        office.crash();
        office.db = database;
        office.start();
        office
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_in_words_and_what_comes_twice_is_noted_once() {
    let server = in_postgres().await;
    tokio::task::block_in_place(|| {
        for office in [Office::open(), server] {
            is_noted_once_or_refused(&office);
        }
    });
}

fn is_noted_once_or_refused(office: &Office) {
    let desk = Desk::at(office);
    let good = class("2026-12-01", "30", "1");
    let with = |name: &str, value: &'static str| good.map(|(key, was)| (key, if key == name { value } else { was }));
    for (row, fields, status, words) in [
        ("2.5", with("day", "2026-12-02"), 400, "Ngày ấy chưa đến."),
        ("2.5", with("day", "1/12/2026"), 400, "Ngày thực hiện không đúng."),
        ("2.5", with("day", "2020-12-31"), 400, "bắt đầu từ năm 2021"),
        ("2.5", with("times", "0"), 400, "Số lớp là từ 1 đến 200."),
        ("2.5", with("times", "201"), 400, "Số lớp là từ 1 đến 200."),
        ("2.5", with("times", "-1"), 400, "Chỉ ghi bằng chữ số"),
        ("2.5", with("people", "Nguyễn Văn A"), 400, "Chỉ ghi bằng chữ số"),
        ("2.5", with("day", ""), 400, "Mời chọn ngày thực hiện."),
        ("2.5", with("people", "12,5"), 400, "Chỉ ghi bằng chữ số"),
        ("2.5", with("people", "12.5"), 400, "Chỉ ghi bằng chữ số"),
        (
            "2.5",
            with("people", "10.001"),
            400,
            "Tổng số người dự là từ 1 đến 10.000",
        ),
        (
            "2.5",
            with("people", "10001"),
            400,
            "Tổng số người dự là từ 1 đến 10.000",
        ),
        ("2.5", with("people", ""), 400, "Mời ghi tổng số người dự"),
        ("2.5", with("what", "page:khong-co"), 400, "không có trong nội dung"),
        ("2.5", with("what", "Nguyễn Văn A"), 400, "không có trong nội dung"),
        ("2.5", with("id", "x"), 403, "Trang đã cũ"),
        ("2.10", good, 404, "Không có trang này"),
        ("3.1", good, 404, "Không có trang này"),
    ] {
        let answer = desk.sends(&format!("/activities/{row}"), &fields);
        let said = answer.text();
        assert!(
            answer.status == status && said.contains(words),
            "{row} {fields:?}: {} {said}",
            answer.status
        );
    }
    assert_eq!(noted(office), []);
    let back = desk.sends("/activities/2.5", &with("people", "12,5")).text();
    assert!(back.contains("href=\"/activities/2.5?what=own%3A0\""), "{back}");
    for _ in 0..2 {
        let answer = desk.sends("/activities/2.5", &good);
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
    let id = good[0].1;
    let known = desk.sees(&format!("/activities?known={id}"));
    assert!(
        known.contains("Việc này đã ghi từ trước, không ghi thêm: 2.5 "),
        "{known}"
    );
    assert!(
        known.matches(&format!("/activities/{id}/remove")).count() == 2,
        "beside the notice too: {known}"
    );
    let other = desk.sends("/activities/2.5", &with("people", "31"));
    assert!(
        other.status == 400 && other.text().contains("đã ghi một việc rồi"),
        "{}",
        other.text()
    );
    assert_eq!(noted(office).len(), 1);
    assert_eq!(desk.sends("/activities/khong-co/remove", &[]).status, 404);
    goals_are_of_their_year(&desk);
}

/// What the commune means to do in a year.
fn goals_are_of_their_year(desk: &Desk) {
    let goals: Vec<(&str, &str)> = Row::ALL.map(|row| (row.key(), "6")).to_vec();
    assert_eq!(
        desk.sends("/activities/plan", &goals[1..]).status,
        400,
        "each has its number"
    );
    assert_eq!(
        desk.sends("/activities/plan", &[&goals[1..], &[("2.1-ban-hanh", "1001")]].concat())
            .status,
        400
    );
    assert_eq!(desk.sends("/activities/plan", &goals).status, 303);
    let page = desk.sees("/activities?done=planned").replace('\u{a0}', " ");
    assert!(page.contains("Đã lưu số kế hoạch."), "{page}");
    assert!(
        page.contains("6 chương trình, 18 lần phát") && page.contains("6 loại tài liệu"),
        "{page}"
    );
    let deeds = desk.sees("/deeds");
    assert!(deeds.contains("năm 2026: 2.1-ban-hanh=6, 2.1=6, 2.2=6"), "{deeds}");
    // What is planned now is not what was planned in a year whose report is signed.
    let earlier = desk
        .sees("/reports/csv?from=2025-01-01&to=2025-12-31")
        .replace('\u{a0}', " ");
    assert!(
        earlier.contains("2.5. Tập huấn cho cán bộ,Kế hoạch,1 lớp,"),
        "{earlier}"
    );
    let report = desk
        .sees("/reports/csv?from=2026-11-01&to=2026-12-31")
        .replace('\u{a0}', " ");
    let line = "Các việc đã làm theo kế hoạch,Kế hoạch và kết quả,2.5,2.5. Tập huấn cho cán bộ";
    for figures in ["Kế hoạch,1 lớp,1 lớp", "Đã làm (lớp),1,0", "Số người dự,30,0"] {
        assert!(report.contains(&format!("{line},{figures}\r\n")), "{figures}: {report}");
    }
    assert!(desk.gets("/reports/xlsx?from=2026-11-01&to=2026-12-31").status == 200);
}
