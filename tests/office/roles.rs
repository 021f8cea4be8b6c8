//! Who may do what in the office's pages, and who did what.

use crate::common::browser::{Browser, Screen};
use crate::common::office::Office;
use chrono::Local;
use commune_kiosk::bundle::Key;
use commune_kiosk::office::password;
use commune_kiosk::office::store::Role;

use crate::answers::{Maker, Way};
use crate::server::{introduction, post};

const PASSWORD: &str = "mùa lúa chín rộ";
const OTHERS: &str = "con trâu đi trước";

fn signs_in(browser: &Browser, office: &Office, name: &str, password: &str) {
    browser.goes_to(&format!("{}/sign-in", office.url()));
    browser.types("#name", name);
    browser.types("#password", password);
    browser.presses("Đăng nhập");
}

#[test]
fn whoever_only_reads_is_shown_no_buttons_and_refused_what_they_would_do() {
    let office = Office::open();
    let hash = password::hash(PASSWORD).expect("a password");
    office.asks(async |store| store.set_password("lan", &hash, None).await.expect("an account"));
    assert_eq!(
        post(&office.url(), &introduction(&Key::generate().expect("a key"))).status,
        202
    );
    let kiosk = office.unknown()[0].id.clone();
    let known = Maker::accepted(&office, Way::Hand).id();

    // Who has the accounts makes one for a leader, who reads.
    let browser = Browser::open(Screen::Desktop);
    signs_in(&browser, &office, "lan", PASSWORD);
    browser.presses("Tài khoản");
    browser.types("#name", "mai");
    browser.types("#password", OTHERS);
    browser.types("#again", OTHERS);
    browser.presses("Lưu");
    assert!(browser.text().contains("mai, Chỉ xem"), "{}", browser.text());
    browser.takes_picture("accounts-roles");
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.presses("Đăng xuất");

    signs_in(&browser, &office, "mai", OTHERS);
    let of_one = format!("kiosks/{known}");
    for page in ["", "content", "kiosks", of_one.as_str(), "reports", "packs"] {
        browser.goes_to(&format!("{}/{page}", office.url()));
        let text = browser.text();
        for not_theirs in [
            "Nhận từ USB",
            "Kênh",
            "Tài khoản",
            "Nhật ký",
            "Duyệt máy này",
            "Duyệt bằng sáu chữ",
            "Đổi tên",
            "Sửa số liệu",
            "Đưa gói mới lên",
            "Cơ quan báo cáo",
            "Đưa lên",
            "Lưu",
        ] {
            assert!(!text.contains(not_theirs), "{not_theirs} on /{page}: {text}");
        }
        assert!(text.contains("Tổng quan") && text.contains("Đăng xuất"), "{text}");
        assert_eq!(browser.asks_axe(), [""; 0], "/{page}");
        if page == "kiosks" {
            browser.takes_picture("kiosks-read");
        }
    }
    for page in ["accounts", "deeds", "deliveries", "channels"] {
        browser.goes_to(&format!("{}/{page}", office.url()));
        let text = browser.text();
        assert!(text.contains("không làm được việc đó"), "/{page}: {text}");
    }
    // A form that she makes herself, with a token of hers.
    let cookie = format!("office={}", browser.cookie("office"));
    let mut page = ureq::get(format!("{}/", office.url()))
        .header("Cookie", &cookie)
        .call()
        .expect("a page");
    let page = page.body_mut().read_to_string().expect("a page");
    let token = page
        .split("name=\"token\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let refused = ureq::post(format!("{}/kiosks/{kiosk}/accept", office.url()))
        .config()
        .http_status_as_error(false)
        .build()
        .header("Cookie", cookie)
        .send_form([("token", token.expect("a token")), ("name", "Sảnh")])
        .expect("an answer");
    assert_eq!(refused.status(), 403);
    let words = refused.into_body().read_to_string().expect("a page");
    assert!(words.contains("không làm được việc đó"), "{words}");
    assert_eq!(office.unknown().len(), 1, "nobody has accepted it");

    // Her own password she may change, if she knows it.
    browser.goes_to(&format!("{}/password", office.url()));
    let changes = |before: &str| {
        browser.types("#before", before);
        browser.types("#password", "mưa thuận gió hoà");
        browser.types("#again", "mưa thuận gió hoà");
        browser.presses("Đổi mật khẩu");
    };
    changes(PASSWORD);
    assert!(
        browser.text().contains("Mật khẩu đang dùng không đúng."),
        "{}",
        browser.text()
    );
    browser.goes_to(&format!("{}/password", office.url()));
    browser.takes_picture("password");
    changes(OTHERS);
    assert!(browser.text().contains("Đăng nhập"), "{}", browser.text());
    signs_in(&browser, &office, "mai", "mưa thuận gió hoà");
    assert!(browser.text().contains("Tổng quan"), "{}", browser.text());
}

#[test]
fn who_did_what_is_written_down_and_who_only_looked_is_not() {
    let mut office = Office::open();
    // Its clock goes, so that what is done later is later.
    office.now = Local::now;
    office.crash();
    office.start();
    let hash = password::hash(PASSWORD).expect("a password");
    office.asks(async |store| {
        store.set_password("lan", &hash, None).await.expect("an account");
        store
            .set_password("hoa", &hash, Some(Role::Runs))
            .await
            .expect("an account");
    });
    assert_eq!(
        post(&office.url(), &introduction(&Key::generate().expect("a key"))).status,
        202
    );
    let kiosk = office.unknown()[0].id.clone();
    let browser = Browser::open(Screen::Desktop);
    signs_in(&browser, &office, "hoa", PASSWORD);
    browser.presses("Máy");
    browser.types("form.line input[name=name]", "Sảnh chờ");
    browser.presses("Duyệt máy này");
    browser.goes_to(&format!("{}/reports/html?from=2026-11-01&to=2026-11-30", office.url()));
    browser.goes_to(&format!("{}/reports/csv?from=2026-11-01&to=2026-11-30", office.url()));
    // Not done, so not written down.
    browser.goes_to(&format!("{}/reports/issuer", office.url()));
    browser.goes_to(&office.url());
    browser.presses("Đăng xuất");

    signs_in(&browser, &office, "lan", PASSWORD);
    browser.presses("Nhật ký");
    let deeds = browser.table("Việc đã làm, mới nhất trước");
    let told: Vec<[&str; 3]> = deeds
        .iter()
        .map(|row| [row[1].as_str(), row[2].as_str(), row[3].as_str()])
        .collect();
    assert_eq!(
        told,
        [
            ["hoa", "Tải báo cáo", ""],
            ["hoa", "Duyệt, đặt tên hoặc dùng lại máy", kiosk.as_str()]
        ]
    );
    browser.takes_picture("deeds");
    assert_eq!(browser.asks_axe(), [""; 0]);
}
