//! A form that was sent when the sign-in had run out: what was typed is kept until somebody has signed in again, but no password.

use commune_kiosk::office::password;

use crate::common::browser::{Browser, Screen};
use crate::common::office::Office;
use crate::desk::Desk;
use crate::office_pages::{office, signs_in};

const PASSWORD: &str = "mùa lúa chín rộ";

/// As after ten hours.
fn time_is_over(office: &Office, name: &str) {
    let hash = password::hash(PASSWORD).expect("a password");
    office.asks(async |store| store.set_password(name, &hash, None).await.expect("an account"));
}

#[test]
fn what_was_typed_is_sent_after_signing_in_again() {
    let office = office();
    let browser = Browser::open(Screen::Desktop);
    signs_in(&browser, &office);
    browser.presses("Báo cáo");
    browser.types("#body", "UBND xã Gia Phúc & \"Lê Lợi\"");
    browser.types("#place", "Gia Phúc");
    time_is_over(&office, "van-hoa");
    browser.presses("Lưu");
    let text = browser.text();
    assert!(
        text.contains("Đã hết giờ đăng nhập") && text.contains("Sửa nơi ban hành báo cáo"),
        "{text}"
    );
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.takes_picture("signed-out");

    // A password mistyped loses nothing either.
    for password in ["sai mật khẩu", PASSWORD] {
        browser.types("#name", "van-hoa");
        browser.types("#password", password);
        browser.presses("Đăng nhập");
    }
    assert!(browser.text().contains("Những gì đã ghi vẫn còn"), "{}", browser.text());
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.presses("Gửi lại");
    assert_eq!(browser.value("#body"), "UBND xã Gia Phúc & \"Lê Lợi\"");
    assert_eq!(browser.value("#place"), "Gia Phúc");

    // A form with passwords is not kept; whoever sent it is led back to its page.
    browser.presses("Tài khoản");
    time_is_over(&office, "van-hoa");
    browser.types("#name", "lan");
    browser.types("#password", "con trâu đi trước");
    browser.types("#again", "con trâu đi trước");
    browser.presses("Lưu");
    assert!(
        browser.text().contains("mời ghi lại hoặc bấm lại"),
        "{}",
        browser.text()
    );
    browser.types("#name", "van-hoa");
    browser.types("#password", PASSWORD);
    browser.presses("Đăng nhập");
    assert!(
        browser.text().contains("Thêm tài khoản, đổi mật khẩu"),
        "{}",
        browser.text()
    );
}

#[test]
fn no_password_is_written_back_and_nothing_of_other_sites_or_too_large() {
    let office = Office::open();
    let desk = Desk::at(&office);
    time_is_over(&office, "lan");
    let kept = |path: &str, fields: &[(&str, &str)]| {
        let answer = desk.sends(path, fields);
        assert_eq!(answer.status, 403, "{path}: {}", answer.text());
        answer.text()
    };
    let page = kept(
        "/reports/issuer",
        &[
            ("superior", ""),
            ("body", "<UBND>"),
            ("abbreviation", ""),
            ("place", ""),
        ],
    );
    assert!(
        page.contains("name=\"kept\" value=\"superior=&amp;body=%3CUBND%3E"),
        "{page}"
    );
    assert!(!page.contains("token"), "the old page's token fits no more: {page}");
    for (path, fields) in [
        (
            "/password",
            [("before", "bí mật 1"), ("password", "bí mật 2"), ("again", "bí mật 2")],
        ),
        (
            "/accounts",
            [("name", "mai"), ("password", "bí mật 2"), ("again", "bí mật 2")],
        ),
        (
            "/kiosks/accept",
            [("who", "x"), ("name", &"ă".repeat(600)), ("more", "")],
        ),
    ] {
        let page = kept(path, &fields);
        assert!(!page.contains("name=\"kept\""), "{page}");
        assert!(!page.contains("m%E1%BA%ADt") && !page.contains("bí mật"), "{page}");
        assert!(page.contains("mời ghi lại hoặc bấm lại"), "{page}");
    }
    // A form that stands on another site's page is shown nowhere.
    let answer = desk.sends_from("https://elsewhere.example", "/reports/issuer", &[("body", "UBND")]);
    assert!(!answer.text().contains("UBND"), "{}", answer.text());
}
