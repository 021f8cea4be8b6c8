//! A form that was sent when the sign-in had run out, or from a page of an earlier one: what was typed is kept for whoever typed it until they
//! are signed in and press once more, but no password.

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
        page.contains("name=\"kept\" value=\"superior=&amp;body=%3CUBND%3E") && page.contains("name=\"by\""),
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

/// The day's first sign-in ran out; in another tab they have signed in again.
#[test]
fn a_page_of_before_is_sent_by_one_more_press() {
    let office = office();
    let browser = Browser::open(Screen::Phone);
    signs_in(&browser, &office);
    browser.goes_to(&format!("{}/reports", office.url()));
    browser.types("#body", "UBND xã Gia Phúc & \"Lê Lợi\"");
    time_is_over(&office, "van-hoa");
    browser.in_another_tab(|browser| signs_in(browser, &office));
    browser.presses("Lưu");
    let text = browser.text();
    assert!(
        text.contains("từ trước lần đăng nhập này") && text.contains("Sửa nơi ban hành báo cáo"),
        "{text}"
    );
    assert!(!browser.is_too_wide());
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.takes_picture("signed-in-again");
    let said = || office.asks(async |store| store.setting("issuer").await.expect("an answer"));
    assert_eq!(said(), None, "nothing is done yet");
    browser.presses("Gửi lại");
    assert_eq!(browser.value("#body"), "UBND xã Gia Phúc & \"Lê Lợi\"");
    assert!(said().is_some_and(|said| said.contains("Gia Phúc")));
}

#[test]
fn what_one_has_typed_is_shown_to_nobody_else_and_a_made_up_form_to_nobody_at_all() {
    const FIELDS: [(&str, &str); 4] = [
        ("superior", ""),
        ("body", "<UBND>"),
        ("abbreviation", ""),
        ("place", "Gia Phúc"),
    ];
    let office = Office::open();
    let mut desk = Desk::at(&office);
    for name in ["lan", "mai"] {
        time_is_over(&office, name);
    }
    desk.signs_in_again_as("lan");
    // Their own is shown with a new token, and done when they press.
    let again = desk.sends("/reports/issuer", &FIELDS);
    let page = again.text();
    assert_eq!(again.status, 403, "{page}");
    assert!(page.contains("name=\"body\" value=\"&lt;UBND&gt;\""), "{page}");
    let before = desk.sees("/deeds");
    assert!(!before.contains("Sửa nơi ban hành"), "nothing is done: {before}");
    // No password, nothing large; and what has no field is only said.
    for (path, fields) in [
        (
            "/password",
            vec![("before", "bí mật 1"), ("password", "bí mật 2"), ("again", "bí mật 2")],
        ),
        (
            "/accounts",
            vec![
                ("name", "hoa"),
                ("password", "bí mật 2"),
                ("again", "bí mật 2"),
                ("role", "reads"),
            ],
        ),
        ("/kiosks/accept", vec![("who", "x"), ("name", &"ă".repeat(600))]),
        ("/sign-out", vec![]),
    ] {
        let answer = desk.sends(path, &fields);
        let page = answer.text();
        assert!(answer.status == 403 && page.contains("Trang đã cũ"), "{path}: {page}");
        assert!(
            !page.contains("bí mật") && !page.contains("m%E1%BA%ADt"),
            "{path}: {page}"
        );
    }
    // The same form from another site, or with no token of a page of ours.
    let foreign = desk.sends_from("https://elsewhere.example", "/reports/issuer", &FIELDS);
    assert!(foreign.status == 403 && !foreign.text().contains("UBND"));
    let old = page.clone();
    for made_up in [
        "name=\"token\" value=\"x\"",
        "name=\"token\" value=\".\"",
        "name=\"token\" value=\"\"",
    ] {
        desk.takes_the_token_of(made_up);
        let answer = desk.sends("/reports/issuer", &FIELDS);
        assert!(
            answer.status == 403 && !answer.text().contains("UBND&gt;"),
            "{made_up}: {}",
            answer.text()
        );
    }
    // One more press does it, and is in the list of deeds.
    desk.takes_the_token_of(&old);
    assert_eq!(desk.sends("/reports/issuer", &FIELDS).status, 303);
    assert!(desk.sees("/deeds").contains("Sửa nơi ban hành"));
    // Somebody else has signed in on the same machine since.
    desk.signs_in_again_as("mai");
    let other = desk.sends("/reports/issuer", &FIELDS);
    let page = other.text();
    assert!(other.status == 403 && page.contains("Trang đã cũ"), "{page}");
    assert!(!page.contains("UBND") && !page.contains("Gia Phúc"), "{page}");
}

/// The same where the sign-in ran out and somebody else is the next to sign in.
#[test]
fn whoever_signs_in_next_is_not_shown_what_somebody_else_had_typed() {
    let office = office();
    let browser = Browser::open(Screen::Desktop);
    signs_in(&browser, &office);
    browser.presses("Báo cáo");
    browser.types("#body", "UBND xã Gia Phúc");
    for name in ["van-hoa", "mai"] {
        time_is_over(&office, name);
    }
    browser.presses("Lưu");
    browser.types("#name", "mai");
    browser.types("#password", PASSWORD);
    browser.presses("Đăng nhập");
    let text = browser.text();
    assert!(text.contains("của tài khoản khác nên không hiện ra"), "{text}");
    assert_eq!(browser.asks_axe(), [""; 0]);
    browser.presses("Về trang tổng quan");
    assert!(browser.text().contains("Tổng quan"), "{}", browser.text());
}
