//! "Kênh": an officer who never saw a terminal makes leaflets and cards of the content, takes them as one file, is told what a later edition
//! changed, and makes those anew.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use commune_kiosk::content::source;
use commune_kiosk::office::publish::channels::{self, Channel, ChannelError, Wanted};
use commune_kiosk::office::publish::paper::Form;
use zip::ZipArchive;

use crate::common::browser::{Browser, Screen};
use crate::common::office::{Office, today};
use crate::content_checker::folder::{ARTICLE, Folder, GUIDE};
use crate::office_pages::{office, signs_in};

/// How long is waited for what takes a second or two.
const PATIENCE: Duration = Duration::from_mins(2);

/// A page that no other names.
const EXTRA: &str = "pages/thu-tuc/mo-dau.md";

/// The content as an edition that the office has signed, in a file.
fn packed(content: &Folder, office: &Office, edition: u64) -> PathBuf {
    let folder = office.dir.path();
    let (key, pack) = (folder.join("office.key"), folder.join(format!("{edition}.kpack")));
    fs::write(&key, office.key.to_text(Some("mật khẩu")).expect("a key")).expect("written");
    let made = Command::new(env!("CARGO_BIN_EXE_office"))
        .arg("pack")
        .arg(content.0.path())
        .arg("--output")
        .arg(&pack)
        .arg("--key")
        .arg(&key)
        .env("OFFICE_KEY_PASSWORD", "mật khẩu")
        .output()
        .expect("packed");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
    pack
}

fn uploads(browser: &Browser, pack: &Path) {
    browser.presses("Gói nội dung");
    browser.chooses("#pack", pack);
    browser.presses("Đưa lên");
    browser.presses("Kênh");
}

/// Waits as a person does: the page looks again by itself.
fn waits_until_made(browser: &Browser, office: &Office, times: usize) {
    let began = Instant::now();
    loop {
        browser.goes_to(&format!("{}/channels", office.url()));
        let text = browser.text();
        assert!(!text.contains("không xong"), "{text}");
        let made = text.matches("Tệp ZIP").count();
        if made == times && !text.contains("Đang làm") {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{text}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The names in a ZIP that the office gives whoever is signed in.
fn taken(browser: &Browser, office: &Office, number: u64) -> Vec<String> {
    let cookie = browser.cookie("office");
    let address = format!("{}/channels/{number}", office.url());
    let answer = ureq::get(&address).header("Cookie", format!("office={cookie}")).call();
    let mut answer = answer.expect("an answer");
    let name = answer.headers().get("content-disposition").expect("a name").clone();
    assert_eq!(name, format!("attachment; filename=\"kenh-{number}.zip\"").as_str());
    let file = office.dir.path().join("taken.zip");
    std::io::copy(
        &mut answer.body_mut().as_reader(),
        &mut File::create(&file).expect("a file"),
    )
    .expect("taken");
    let zip = ZipArchive::new(File::open(&file).expect("a file")).expect("a ZIP");
    let mut names: Vec<String> = zip
        .file_names()
        .map(|name| name.expect("a name").into_owned())
        .collect();
    names.sort();
    names
}

/// What a file in the ZIP that was taken last holds.
fn inside(office: &Office, name: &str) -> Vec<u8> {
    let file = File::open(office.dir.path().join("taken.zip")).expect("a file");
    let mut zip = ZipArchive::new(file).expect("a ZIP");
    let mut bytes = Vec::new();
    zip.by_name(name)
        .expect("a file")
        .read_to_end(&mut bytes)
        .expect("read");
    bytes
}

#[test]
fn an_officer_makes_leaflets_and_cards_and_is_told_what_a_new_edition_changes() {
    let (office, content) = (office(), Folder::new());
    content.write(
        EXTRA,
        fs::read_to_string(content.0.path().join(ARTICLE))
            .expect("a page")
            .replace("Giới thiệu", "Mở đầu"),
    );
    let browser = Browser::open(Screen::Desktop);
    signs_in(&browser, &office);
    browser.presses("Kênh");
    assert!(browser.text().contains("Chưa có gói nội dung nào"));
    uploads(&browser, &packed(&content, &office, 1));

    // Nothing chosen is no order.
    browser.presses("Làm");
    assert!(browser.text().contains("Mời chọn làm gì và bài nào"));
    browser.goes_to(&format!("{}/channels", office.url()));

    // A leaflet and cards of a whole section, and the web site.
    browser.ticks("Tờ rơi A4 gấp ba");
    browser.ticks("Hình gửi Zalo, Facebook");
    browser.ticks("Trang web của xã");
    browser.opens("Làm thủ tục (3)");
    browser.ticks("Cả mục này");
    browser.takes_picture("channels-chosen");
    browser.presses("Làm");
    waits_until_made(&browser, &office, 1);
    browser.takes_picture("channels");
    let names = taken(&browser, &office, 1);
    for name in [
        "doc-truoc.txt",
        "to-roi-a4-gap-ba/khai-sinh.pdf",
        "to-roi-a4-gap-ba/gioi-thieu.pdf",
        "hinh-gui-zalo/khai-sinh-1200x630.png",
        "hinh-gui-zalo/khai-sinh.txt",
        "trang-web/index.html",
        "trang-web/khai-sinh.html",
    ] {
        assert!(names.iter().any(|other| other == name), "{name}: {names:?}");
    }
    assert!(inside(&office, "to-roi-a4-gap-ba/khai-sinh.pdf").starts_with(b"%PDF"));
    let how = String::from_utf8(inside(&office, "doc-truoc.txt")).expect("UTF-8");
    assert!(
        how.contains("to-roi-a4-gap-ba/  Tờ rơi A4 gấp ba: In hai mặt, lật theo cạnh ngắn"),
        "{how}"
    );
    assert!(!how.contains("ap-phich"), "only what is in it: {how}");
    assert!(!browser.text().contains("Đã cũ"));

    // A sentence changes: its leaflet, its cards and the site are old, the other page's are not.
    content.replace("pack.toml", "edition = 1", "edition = 2");
    content.replace(
        GUIDE,
        "Ông bà kiểm tra tên trẻ rồi ký.",
        "Ông bà xem kỹ tên trẻ rồi ký.",
    );
    uploads(&browser, &packed(&content, &office, 2));
    let text = browser.text();
    assert_eq!(text.matches("thêm 1 câu, bỏ 1 câu").count(), 2, "{text}");
    assert!(
        text.contains("Trang web của xã, làm ngày") && text.contains(": ấn bản mới"),
        "{text}"
    );
    assert!(!text.contains("Giới thiệu – "), "{text}");
    browser.takes_picture("channels-old");
    browser.presses("Làm lại những bản đã cũ");
    waits_until_made(&browser, &office, 2);
    assert!(!browser.text().contains("Đã cũ"));
    let names = taken(&browser, &office, 2);
    assert!(
        names.iter().any(|name| name == "to-roi-a4-gap-ba/khai-sinh.pdf"),
        "{names:?}"
    );
    assert!(
        !names.iter().any(|name| name == "to-roi-a4-gap-ba/gioi-thieu.pdf"),
        "{names:?}"
    );

    // A page that is gone should be taken back.
    content.replace("pack.toml", "edition = 2", "edition = 3");
    content.remove(EXTRA);
    uploads(&browser, &packed(&content, &office, 3));
    assert!(
        browser.text().contains("bài không còn nữa, nên thu lại"),
        "{}",
        browser.text()
    );
}

#[test]
fn what_can_not_be_made_is_said_and_nothing_half_made_is_kept() {
    let (office, content) = (office(), Folder::new());
    content.replace(
        "commune.toml",
        "name = \"có\"",
        "site = \"https://xa.vn/trang/index.html\"\nname = \"có\"",
    );
    let browser = Browser::open(Screen::Phone);
    signs_in(&browser, &office);
    uploads(&browser, &packed(&content, &office, 1));
    browser.takes_picture("channels");
    assert!(!browser.is_too_wide());
    browser.ticks("Trang web của xã");
    browser.presses("Làm");
    let began = Instant::now();
    while !browser
        .text()
        .contains("Lần làm vừa rồi không xong: mục site của commune.toml")
    {
        assert!(began.elapsed() < PATIENCE, "{}", browser.text());
        browser.goes_to(&format!("{}/channels", office.url()));
        std::thread::sleep(Duration::from_millis(100));
    }
    let shelf = office.dir.path().join("packs/channels");
    assert_eq!(fs::read_dir(shelf).expect("a folder").count(), 0);

    // Nobody takes what was made without signing in, and a form that is not ours makes nothing.
    let answer = ureq::get(&format!("{}/channels/1", office.url()))
        .call()
        .expect("a page");
    assert!(
        answer
            .into_body()
            .read_to_string()
            .expect("a text")
            .contains("Mật khẩu")
    );
    let cookie = browser.cookie("office");
    let sent = ureq::post(&format!("{}/channels", office.url()))
        .header("Cookie", format!("office={cookie}"))
        .send_form([("token", "khác"), ("channel", "site")]);
    assert!(matches!(sent, Err(ureq::Error::StatusCode(403))), "{sent:?}");
}

#[test]
fn whoever_wants_it_no_longer_waits_for_one_thing_at_most() {
    let content = source::read(Folder::new().0.path(), today().date_naive())
        .content
        .expect("good content");
    let wanted = ["khai-sinh", "gioi-thieu"].map(|id| Wanted {
        channel: Channel::Paper(Form::Review),
        id: id.to_owned(),
    });
    let made = Cell::new(0);
    let stopped = channels::zip(
        &content,
        &wanted,
        today().date_naive(),
        Cursor::new(Vec::new()),
        |done| {
            made.set(done);
            false
        },
    );
    assert!(matches!(stopped, Err(ChannelError::Stopped)), "{stopped:?}");
    assert_eq!(made.get(), 1);
}
