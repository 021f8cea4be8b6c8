//! The office's pages as officers use them, in a real browser: sign in, take what a stick brings, accept a kiosk, read the
//! figures, print the report. The pictures that are taken lie in `target/office-pages` for a person to look at.

use crate::common::browser;
use crate::common::machine;
use crate::common::office;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::browser::{Browser, Screen};
use crate::common::machine::Machine;
use crate::common::office::Office;
#[cfg(feature = "print")]
use crate::paper::extracts::{Sides, Text};
use commune_kiosk::office::password;
use commune_kiosk::usage::signals::{Event, Face, Origin, Signal};

const PASSWORD: &str = "mùa lúa chín rộ";

/// An office where somebody may sign in.
pub fn office() -> Office {
    let office = Office::open();
    let hash = password::hash(PASSWORD).expect("a password");
    office.asks(async |store| store.set_password("van-hoa", &hash, None).await.expect("an account"));
    office
}

pub fn signs_in(browser: &Browser, office: &Office) {
    signs_in_at(browser, &office.url());
}

fn signs_in_at(browser: &Browser, address: &str) {
    browser.goes_to(address);
    browser.types("#name", "van-hoa");
    browser.types("#password", PASSWORD);
    browser.presses("Đăng nhập");
    let text = browser.text();
    assert!(text.contains("Tổng quan"), "{text}");
}

/// A kiosk after a November with some visitors, and its stick. What is counted in fives is shown as it is; the visits of the 4th and 5th
/// are not.
fn a_kiosk_in_november(folder: &Path) -> (Machine, PathBuf) {
    let mut kiosk = Machine::start(&folder.join("data"), "2026-11-03T08:00:00");
    for (day, visits) in [(3, 30), (4, 12), (5, 8)] {
        kiosk.is_visited(visits, &format!("2026-11-{day:02}T08:30:00"));
    }
    let now = machine::at("2026-11-05T09:00:00");
    for (event, times) in [
        (Event::step_reached("khai-sinh", 2), 20),
        (Event::rated("khai-sinh", Face::Good), 20),
        (Event::rated("khai-sinh", Face::Poor), 5),
        (Event::question_answered("at-otp", 0, false), 10),
        (Event::question_answered("at-otp", 1, true), 5),
        (Event::quiz_finished("an-toan", 9, 10), 5),
        (Event::SearchFound, 25),
        (Event::SearchAnswered, 20),
        (Event::SearchMentioned, 5),
        (Event::SearchNotFound, 5),
        (Event::topic_asked("ly-hon", Origin::Search), 10),
        (Event::topic_asked("ly-hon", Origin::List), 5),
        (Event::topic_asked("huu-tri-xa-hoi", Origin::List), 5),
        (Event::page_opened("bao-hiem-y-te"), 5),
        (Event::notice_opened("luat-ho-tich-moi"), 10),
    ] {
        (0..times).for_each(|_| kiosk.log.count(&event, now));
    }
    kiosk.log.flush(now);
    kiosk.closes("2026-12-01T08:00:00");
    let stick = folder.join("sticks/usb/KIOSK");
    fs::create_dir_all(&stick).expect("a stick");
    (kiosk, stick)
}

fn files_with(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(folder)
        .expect("a folder")
        .map(|file| file.expect("a file").path());
    let mut found: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|other| other == ending))
        .collect();
    found.sort();
    found
}

/// Chooses files and sends them to the office.
fn sends(browser: &Browser, files: &[PathBuf]) {
    for file in files {
        browser.chooses("#files", file);
    }
    browser.presses("Gửi lên");
}

#[test]
fn an_officer_takes_a_stick_accepts_its_kiosk_and_prints_the_report() {
    let (office, folder) = (office(), tempfile::tempdir().expect("a folder"));
    let (kiosk, stick) = a_kiosk_in_november(folder.path());
    let words = kiosk.takes_stick(&folder.path().join("sticks"), &office.trust()).words;
    assert!(words.contains("Đã chép"), "{words}");
    let browser = Browser::open(Screen::Desktop);
    signs_in(&browser, &office);

    // The office knows no content yet: its pack gives ids their titles.
    browser.presses("Gói nội dung");
    let pack = pack(folder.path(), &office);
    browser.chooses("#pack", &pack);
    browser.presses("Đưa lên");
    assert!(browser.text().contains("le-loi"));
    browser.presses("Phát hành");
    assert!(browser.text().contains("Đang phát hành"));
    browser.takes_picture("packs");

    // The stick's files: the kiosk is unknown, so they wait.
    browser.presses("Nhận từ USB");
    browser.takes_picture("deliveries");
    let bundles = files_with(&stick, "kstat");
    assert!(!bundles.is_empty());
    sends(&browser, &bundles);
    assert!(browser.text().contains("chưa được duyệt"));

    // Six words on the kiosk and here; the officer accepts it under a name.
    browser.presses("Máy");
    let words = commune_kiosk::bundle::PublicKey::from_base64(&office.unknown()[0].public_key)
        .expect("a key")
        .words();
    assert!(browser.text().contains(&words), "the fingerprint is shown");
    browser.takes_picture("approval");
    browser.types("form.line input[name=name]", "Sảnh UBND xã Lê Lợi");
    browser.presses("Duyệt máy này");
    let facts = browser.table("Máy, theo gói số liệu mới nhất");
    assert!(
        facts
            .iter()
            .any(|row| row[0] == "Gói đã nhận" && row[1] == format!("{0} trong {0}", bundles.len())),
        "{facts:?}"
    );
    browser.takes_picture("kiosk");

    // The same files once more: nothing doubles, and there is a receipt to carry back.
    browser.presses("Nhận từ USB");
    sends(&browser, &bundles);
    assert!(browser.text().contains("Biên nhận của Sảnh UBND xã Lê Lợi"));
    assert_eq!(office.total(Signal::VisitStarted), 50);
    office.takes_files(&stick);
    kiosk.takes_stick(&folder.path().join("sticks"), &office.trust());
    assert_eq!(kiosk.waiting(), 0, "the receipt emptied the outbox");

    // November, in the tables beside the charts.
    browser.presses("Tổng quan");
    let days = browser.table("Lượt sử dụng");
    assert_eq!(days.len(), 30);
    assert_eq!(
        days[2..5],
        [["3/11/2026", "30"], ["4/11/2026", "10"], ["5/11/2026", "10"]],
        "12 and 8"
    );
    let pages = browser.table("Số lần mở");
    assert_eq!(pages[0], ["Làm giấy khai sinh cho trẻ", "50"]);
    assert_eq!(pages[1][1], "5");
    let ratings = browser.table("Nhận xét");
    assert_eq!(ratings[0], ["Tất cả các trang", "20", "<5", "5"]);
    browser.takes_picture("overview");

    browser.presses("Nội dung");
    let steps = browser.table("Số lần");
    assert_eq!(steps[0], ["Mở hướng dẫn", "50", "100,0%"]);
    let missed = browser.table("Sai nhiều nhất trước; chỉ những câu có từ 5 lần trả lời sai");
    assert_eq!(missed[0][1], "15");
    let searches = browser.table("Số lần tìm kiếm");
    assert_eq!(searches[2], ["Trong đó: chỉ có bài nhắc đến", "5", "16,7%"]);
    assert_eq!(searches[3], ["Không có kết quả", "5", "16,7%"]);
    // One of the two topics has a page.
    let wanted = browser.table("Bà con tìm mà máy chưa có bài");
    assert_eq!(wanted, [["Ly hôn", "10", "5", "<5"]]);
    let opened = browser.table("Số lần mở từng thông báo");
    assert_eq!(opened, [["Từ ngày 1/3/2027: Luật Hộ tịch mới", "10"]]);
    browser.takes_picture("content");

    // The report: who issues it, then on paper.
    browser.presses("Báo cáo");
    browser.types("#body", "Ủy ban nhân dân xã Lê Lợi");
    browser.types("#abbreviation", "UBND");
    browser.types("#place", "Lê Lợi");
    browser.presses("Lưu");
    browser.takes_picture("reports");
    #[cfg(feature = "print")]
    the_report_is_a_pdf(&browser, &office);
    browser.presses("Xem trên màn hình");
    let report = browser.text().to_uppercase().replace('\u{a0}', " ");
    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "ỦY BAN NHÂN DÂN XÃ LÊ LỢI",
        "THÁNG 11 NĂM 2026",
        "NƠI NHẬN",
    ] {
        assert!(report.contains(words), "{words}\n{report}");
    }
    let pdf = browser.prints();
    assert!(pdf.starts_with(b"%PDF"));
    fs::write(browser::pictures().join("report.pdf"), pdf).expect("written");

    browser.goes_to(&format!("{}/accounts", office.url()));
    browser.takes_picture("accounts");
    browser.presses("Đăng xuất");
    assert!(browser.text().contains("Mật khẩu"));
    browser.takes_picture("sign-in");
    browser.goes_to(&office.url());
    assert!(browser.text().contains("Mật khẩu"), "signed out");
}

/// The report that is printed and signed: tagged, whole, in the letters that the decree wants.
#[cfg(feature = "print")]
fn the_report_is_a_pdf(browser: &Browser, office: &Office) {
    let address = format!("{}/reports/pdf?from=2026-11-01&to=2026-11-30", office.url());
    let cookie = format!("office={}", browser.cookie("office"));
    let mut answer = ureq::get(&address).header("Cookie", cookie).call().expect("an answer");
    let pdf = answer.body_mut().read_to_vec().expect("a PDF");
    fs::create_dir_all(browser::pictures()).expect("a folder");
    let file = browser::pictures().join("report-typeset.pdf");
    fs::write(&file, &pdf).expect("written");
    let text = Text::of(&file);
    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "ỦY BAN NHÂN DÂN XÃ LÊ LỢI",
        "Số: ......./BC-UBND",
        "Kết quả truyền thông về chuyển đổi số tháng 11 năm 2026",
        "Làm giấy khai sinh cho trẻ",
        "Nơi nhận:",
    ] {
        assert!(text.says(words), "{words}");
    }
    assert!(String::from_utf8_lossy(&pdf).contains("pdfuaid:part"), "tagged");
    let fonts = Command::new("pdffonts")
        .arg(&file)
        .output()
        .expect("pdffonts of poppler-utils");
    let fonts = String::from_utf8_lossy(&fonts.stdout).into_owned();
    assert!(
        fonts.contains("TeXGyreTermes-Regular") && fonts.contains("TeXGyreTermes-Bold"),
        "{fonts}"
    );
    Sides::of(&file).expect_within("report");
}

/// A signed pack of the commune's content.
pub fn pack(folder: &Path, office: &Office) -> PathBuf {
    let (key, pack) = (folder.join("office.key"), folder.join("le-loi.kpack"));
    fs::write(&key, office.key.to_text(Some("mật khẩu")).expect("a key")).expect("written");
    let packed = Command::new(env!("CARGO_BIN_EXE_office"))
        .args(["pack", "content", "--output"])
        .arg(&pack)
        .arg("--key")
        .arg(&key)
        .env("OFFICE_KEY_PASSWORD", "mật khẩu")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("packed");
    assert!(packed.status.success(), "{}", String::from_utf8_lossy(&packed.stderr));
    pack
}

#[test]
fn on_a_telephone_no_page_is_wider_than_the_screen() {
    let (office, folder) = (office(), tempfile::tempdir().expect("a folder"));
    let (kiosk, _) = a_kiosk_in_november(folder.path());
    let (called, _) = kiosk.calls(&office.url(), &office.trust());
    assert!(called.is_err(), "nobody has accepted it");
    let browser = Browser::open(Screen::Phone);
    browser.goes_to(&office.url());
    browser.takes_picture("sign-in");
    signs_in(&browser, &office);
    for round in ["waiting", "accepted"] {
        for page in [
            "",
            "content",
            "activities",
            "activities/2.7",
            "kiosks",
            "deliveries",
            "reports",
            "packs",
            "accounts",
            "reports/html",
        ] {
            browser.goes_to(&format!("{}/{page}", office.url()));
            assert!(!browser.is_too_wide(), "/{page}");
            if round == "accepted" || page == "kiosks" {
                let name = if page.is_empty() {
                    "overview".to_owned()
                } else {
                    page.replace('/', "-")
                };
                browser.takes_picture(&format!("{name}-{round}"));
            }
        }
        if round == "waiting" {
            let id = office.unknown()[0].id.clone();
            office.accepts(&id, "Sảnh UBND xã Lê Lợi");
            browser.goes_to(&format!("{}/kiosks/{id}", office.url()));
            assert!(!browser.is_too_wide(), "the page of a kiosk");
            browser.takes_picture("kiosk");
        }
    }
}

#[test]
fn a_browser_signs_in_over_tls() {
    let (mut office, folder) = (office(), tempfile::tempdir().expect("a folder"));
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    fs::write(&certificate, made.cert.pem()).expect("written");
    fs::write(&key, made.signing_key.serialize_pem()).expect("written");
    office.crash();
    office.start_with(Some((certificate, key)), office::generous());
    let browser = Browser::open(Screen::Desktop);
    signs_in_at(&browser, &format!("https://{}", office.address()));
}

#[test]
fn whoever_guesses_passwords_has_to_wait_and_learns_nothing() {
    let office = office();
    let browser = Browser::open(Screen::Desktop);
    browser.goes_to(&format!("{}/kiosks", office.url()));
    for _ in 0..4 {
        browser.types("#name", "van-hoa");
        browser.types("#password", "mùa lúa chín vàng");
        browser.presses("Đăng nhập");
        assert!(browser.text().contains("Tên đăng nhập hoặc mật khẩu không đúng."));
    }
    // Not even the right password is looked at now.
    browser.types("#password", PASSWORD);
    browser.presses("Đăng nhập");
    assert!(browser.text().contains("Mời chờ 5 giây"), "{}", browser.text());
    browser.goes_to(&office.url());
    browser.types("#name", "khong-co");
    browser.types("#password", PASSWORD);
    browser.presses("Đăng nhập");
    assert!(browser.text().contains("Tên đăng nhập hoặc mật khẩu không đúng."));
}

#[test]
fn a_form_of_another_page_changes_nothing() {
    let office = office();
    let folder = tempfile::tempdir().expect("a folder");
    let (kiosk, _) = a_kiosk_in_november(folder.path());
    assert!(
        kiosk.calls(&office.url(), &office.trust()).0.is_err(),
        "nobody has accepted it"
    );
    let id = office.unknown()[0].id.clone();
    let browser = Browser::open(Screen::Desktop);
    signs_in(&browser, &office);
    let cookie = browser.cookie("office");
    let accept = |token: &str, origin: Option<&str>| {
        let form = [("name", "Của kẻ lạ"), ("token", token)];
        let mut request = ureq::post(format!("{}/kiosks/{id}/accept", office.url()))
            .config()
            .http_status_as_error(false)
            .build();
        request = request.header("cookie", format!("office={cookie}"));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        request.send_form(form).expect("an answer").status().as_u16()
    };
    browser.goes_to(&format!("{}/kiosks", office.url()));
    let token = browser.value("input[name=token]");
    assert_eq!(accept("", None), 403);
    assert_eq!(accept(&"0".repeat(64), None), 403);
    assert_eq!(accept(&token, Some("https://elsewhere.example")), 403);
    assert_eq!(office.unknown().len(), 1, "still waiting");
    // The same with the page's own token is what the page does; ureq follows to the kiosk's page.
    assert_eq!(accept(&token, Some(&office.url())), 200);
    assert!(office.unknown().is_empty());
}
