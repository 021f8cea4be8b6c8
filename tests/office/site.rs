//! The content as a folder of web pages: every link leads somewhere, browsers have nothing to mend, telephones and calendars can read it, and
//! what can't be written leaves nothing behind.

mod hostile;
mod look;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::NaiveDate;
use commune_kiosk::content::{source, take_home};
use commune_kiosk::office::publish::site::{Base, Site};
use scraper::Html;

use crate::common::browser::{self, Browser, Screen};
use crate::content_checker::folder::Folder;
use hostile::hostile;
use look::{files, is, is_well_formed, look_at, select, text};

const BASE: &str = "https://xa.example.vn/kiosk";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// `office site`; what it says, and whether it went well.
fn site(content: &Path, out: &Path, more: &[&str]) -> (String, bool) {
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"));
    office.arg("site").arg(content).arg("-o").arg(out).args(more);
    let output = office.output().expect("the office program runs");
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    (String::from_utf8(said).expect("UTF-8"), output.status.success())
}

#[test]
fn all_content_of_the_repository_becomes_pages_whose_links_all_lead_somewhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("trang");
    let (said, well) = site(&root().join("content"), &out, &["--base", &format!("{BASE}/")]);
    assert!(well && said.contains("Đã ghi"), "{said}");
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        1,
        "nothing beside it"
    );
    let files = files(&out);
    look_at(&files);
    assert!(files["style.css"].len() < 12 * 1024 && !text(&files, "style.css").contains("url("));

    // What codes on paper promise.
    let checked = source::read(&root().join("content"), day("2026-11-30"));
    let content = checked.content.expect("content without errors");
    let facts = BTreeMap::from([("site".to_owned(), BASE.to_owned())]);
    for page in &content.pages {
        for english in [false, true] {
            let Some(take_home::Address::Page(address)) = take_home::address(page, &facts, english) else {
                panic!("{} has an address", page.id);
            };
            let file = address.strip_prefix(&format!("{BASE}/")).expect("below the site");
            let html = text(&files, file);
            assert!(
                html.contains(&format!("<link rel=\"canonical\" href=\"{address}\">")),
                "{file}"
            );
            assert!(files.contains_key(&format!("dan/{file}")), "{file}");
        }
    }
    let birth = content
        .pages
        .iter()
        .find(|page| page.id == "khai-sinh")
        .expect("a guide");
    let sitemap = text(&files, "sitemap.xml");
    let rss = text(&files, "rss.xml");
    let in_map = sitemap.matches("<loc>").count();
    let pages = files
        .keys()
        .filter(|name| is(name, "html") && !name.starts_with("dan/"));
    assert_eq!(in_map, pages.count());
    assert!(
        sitemap.contains(&format!(
            "<loc>{BASE}/khai-sinh.html</loc><lastmod>{}</lastmod>",
            birth.updated
        )),
        "{sitemap}"
    );
    assert_eq!(rss.matches("<item>").count(), 30);
    let updated = content.pages.iter().map(|page| page.updated).max().expect("pages");
    assert!(
        rss.contains(&format!(
            "<pubDate>{} 00:00:00 +0700</pubDate>",
            updated.format("%a, %d %b %Y")
        )),
        "{rss}"
    );
    for notice in &content.notices {
        let address = format!("{BASE}/thong-bao/{}.html", notice.id);
        assert!(rss.contains(&address), "a notice is what people wait for");
        assert!(sitemap.contains(&format!("<loc>{address}</loc><lastmod>{}</lastmod>", notice.updated)));
    }
    for xml in [sitemap, rss] {
        is_well_formed(xml);
    }
}

#[test]
fn the_same_content_gives_the_same_bytes_and_no_address_gives_no_whole_links() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = ["mot", "hai"].map(|name| {
        let out = folder.path().join(name);
        let (said, well) = site(&root().join("content"), &out, &[]);
        assert!(well && said.contains("chưa có sitemap.xml"), "{said}");
        files(&out)
    });
    assert!(made[0] == made[1], "other bytes");
    look_at(&made[0]);
    for (name, bytes) in &made[0] {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains("og:url") && !text.contains("canonical") && !is(name, "xml"),
            "{name}"
        );
    }
    let clean = text(&made[0], "dan/khai-sinh.html");
    assert!(
        clean.starts_with("\u{feff}<p>") && clean.contains("<h2>Các bước</h2>"),
        "{clean}"
    );
    for never in ["class=", "style=", "id=", "<head", "<img", "href=\"../"] {
        assert!(!clean.contains(never), "{never}: {clean}");
    }
    assert_eq!(
        Html::parse_fragment(clean.trim_start_matches('\u{feff}')).errors,
        [""; 0]
    );
}

#[test]
fn what_is_recorded_can_be_heard_and_a_machine_s_voice_is_said_to_be_one() {
    let folder = Folder::new();
    for (what, more) in [
        ("page:gioi-thieu", &["--machine"][..]),
        ("page:khai-sinh/1", &[]),
        ("programme:thang-11", &[]),
    ] {
        let added = crate::recordings::add_as(&folder, what, &crate::recordings::stored("voice.m4a"), more);
        assert!(
            added.status.success(),
            "{what}: {}",
            String::from_utf8_lossy(&added.stdout)
        );
    }
    let out = tempfile::tempdir().expect("a folder");
    let (said, well) = site(folder.0.path(), &out.path().join("a"), &[]);
    assert!(well, "{said}");
    let files = files(&out.path().join("a"));
    look_at(&files);
    let heard = |name: &str| text(&files, name).matches("<audio controls preload=\"none\"").count();
    assert_eq!(
        [
            heard("gioi-thieu.html"),
            heard("khai-sinh.html"),
            heard("dai/thang-11.html")
        ],
        [1, 1, 1]
    );
    assert!(
        text(&files, "gioi-thieu.html").contains("giọng máy") && !text(&files, "khai-sinh.html").contains("giọng máy")
    );
    let sounds = files
        .iter()
        .filter(|(name, bytes)| is(name, "opus") && bytes.starts_with(b"OggS"));
    assert_eq!(sounds.count(), 3);
}

#[test]
fn a_calendar_reads_the_days_and_the_same_event_keeps_its_name() {
    let folder = Folder::new();
    let long = "Lớp dùng VNeID, cho người cao tuổi; mang theo thẻ căn cước và điện thoại";
    folder.append(
        "calendar.toml",
        &format!("\n[[event]]\ntitle = \"{long}\"\ndate = 2026-12-31\nrepeats = \"monthly\"\nuntil = 2027-12-31\ntime = \"8 giờ\"\nplace = \"Hội trường\"\n\n[[event]]\ntitle = \"Chưa chốt\"\n"),
    );
    let out = tempfile::tempdir().expect("a folder");
    let read = |name: &str| {
        let out = out.path().join(name);
        let (said, well) = site(folder.0.path(), &out, &[]);
        assert!(well, "{said}");
        fs::read_to_string(out.join("lich.ics")).expect("a calendar")
    };
    let first = read("a");
    assert!(
        first.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')),
        "{first}"
    );
    let unfolded = first.replace("\r\n ", "");
    let events: Vec<&str> = unfolded.split("BEGIN:VEVENT").skip(1).collect();
    assert_eq!(events.len(), 2, "{unfolded}");
    assert!(
        events[0].contains("DTSTART;VALUE=DATE:20261210\r\nDTEND;VALUE=DATE:20261212\r\n"),
        "{unfolded}"
    );
    let summary = format!("SUMMARY:{} (8 giờ)\r\n", long.replace(',', "\\,").replace(';', "\\;"));
    for line in [
        &summary,
        "RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;UNTIL=20271231\r\n",
        "LOCATION:Hội trường\r\n",
    ] {
        assert!(events[1].contains(line), "{line} in {unfolded}");
    }
    let uid = |ics: &str| {
        ics.lines()
            .filter(|line| line.starts_with("UID:"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    folder.replace("calendar.toml", "2026-12-31", "2027-01-31");
    folder.replace("pack.toml", "edition = 1", "edition = 2");
    let second = read("b");
    assert_eq!(uid(&second), uid(&first), "another day, the same event");
    assert!(
        first.contains("SEQUENCE:1\r\n") && second.contains("SEQUENCE:2\r\n"),
        "and newer"
    );
}

#[test]
fn what_is_wrong_is_said_in_vietnamese_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let content = Folder::new();
    let out = folder.path().join("trang");
    for (base, why) in [
        ("http://xa.vn", "không mở đầu bằng https://"),
        ("http://localhost", "không mở đầu bằng https://"),
        ("https://localhost/", "không đúng dạng"),
        ("https://xa.vn/a b", "không đúng dạng"),
        ("https://xa.vn/?k=a", "dấu ?"),
        ("", "không mở đầu bằng https://"),
    ] {
        let (said, well) = site(content.0.path(), &out, &["--base", base]);
        assert!(!well && said.contains(why), "{base}: {said}");
    }
    let kept = folder.path().join("co-tep");
    fs::create_dir(&kept).expect("a folder");
    fs::write(kept.join("thu.txt"), "của tôi").expect("a file");
    let (said, well) = site(content.0.path(), &kept, &[]);
    assert!(!well && said.contains("đã có tệp"), "{said}");
    let (said, well) = site(content.0.path(), &folder.path().join("chua-co/trang"), &[]);
    assert!(!well && said.contains("không ghi được"), "{said}");
    content.replace("sections.toml", "color = \"teal\"", "color = \"hong\"");
    let (said, well) = site(content.0.path(), &out, &[]);
    assert!(
        !well && said.contains("Nội dung còn lỗi nên chưa làm trang web.") && said.contains("1 lỗi"),
        "{said}"
    );
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    assert_eq!(fs::read_to_string(kept.join("thu.txt")).expect("a file"), "của tôi");
}

#[test]
fn an_empty_folder_is_filled_also_with_a_slash_and_a_neighbour_with_a_like_name_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let (out, content) = (folder.path().join("trang"), Folder::new());
    content.replace(
        "commune.toml",
        "name = \"có\"",
        "site = \"https://xa.vn/\"\nname = \"xã <Thử> & Nghiệm\"",
    );
    fs::create_dir(&out).expect("a folder");
    // Somebody's own, and what shells make of the name of a folder.
    fs::create_dir_all(folder.path().join("trang.part/cu")).expect("a folder");
    let (said, well) = site(content.0.path(), &folder.path().join("trang/"), &[]);
    assert!(well, "{said}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2);
    assert!(folder.path().join("trang.part/cu").is_dir());
    let mode = fs::metadata(&out).expect("a folder").permissions().mode();
    assert_eq!(mode & 0o555, 0o555, "a web server reads it");
    let files = files(&out);
    look_at(&files);
    // The commune's own site is where it will lie, if nobody says otherwise.
    assert!(text(&files, "sitemap.xml").contains("<loc>https://xa.vn/khai-sinh.html</loc>"));
    assert!(text(&files, "index.html").contains("<title>Chuyển đổi số cho bà con xã &lt;Thử&gt; &amp; Nghiệm</title>"));
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("trang");
    // No file may be larger than eight blocks of 512 bytes, and the signal of that is ignored: writing fails in the middle.
    let command = "trap '' XFSZ; ulimit -f 8; exec \"$0\" site \"$1\" -o \"$2\"";
    let output = Command::new("sh")
        .args(["-c", command, env!("CARGO_BIN_EXE_office")])
        .arg(root().join("content"))
        .arg(&out)
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("đĩa đã đầy"), "{said}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

#[test]
fn marks_of_html_twelve_steps_and_a_title_of_two_hundred_letters_come_out_as_they_were_written() {
    let content = hostile();
    let base = Base::parse(BASE).expect("an address");
    let made = Site::of(&content, Some(&base), day("2026-11-30")).expect("a site");
    let files: BTreeMap<String, Vec<u8>> = made
        .files()
        .iter()
        .map(|(name, bytes)| (name.clone(), bytes.to_vec()))
        .collect();
    look_at(&files);
    let page = Html::parse_document(text(&files, "mot.html"));
    let title = page.select(&select("h1")).next().expect("a title");
    assert_eq!(title.text().collect::<String>(), content.pages[0].title);
    assert_eq!(page.select(&select(".steps > li")).count(), 12);
    let mut taken = content.clone();
    taken.pages[0].id = "index".to_owned();
    let error = Site::of(&taken, None, day("2026-11-30")).expect_err("its address is another's");
    assert!(error.to_string().contains("trang đầu"), "{error}");
}

/// What axe-core finds on each kind of page, on a telephone of 320 pixels and on a screen of 1280.
#[test]
fn axe_finds_nothing_on_any_kind_of_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("trang");
    let (said, well) = site(&root().join("content"), &out, &["--base", BASE]);
    assert!(well, "{said}");
    let content = hostile();
    let made = Site::of(&content, None, day("2026-11-30")).expect("a site");
    made.write(&folder.path().join("khac")).expect("written");
    let browser = Browser::open(Screen::Desktop);
    let kinds = [
        "trang/index.html",
        "trang/khai-sinh.html",
        "trang/le-phi-va-mien.html",
        "trang/en/index.html",
        "trang/en/khai-sinh.html",
        "trang/muc/thu-tuc.html",
        "trang/muc/do-vui.html",
        "trang/muc/dai-lich.html",
        "trang/do-vui/an-toan.html",
        "trang/dai/2026-12-tranh-lua-dao-cuoi-nam.html",
        "trang/thong-bao/luat-ho-tich-moi.html",
        "trang/xem/a-z.html",
        "trang/xem/viec-hay-hoi.html",
        "trang/xem/lich.html",
        "trang/xem/thong-bao.html",
        "trang/xem/hoi-can-bo.html",
        "trang/xem/tro-nang.html",
        "trang/dan/index.html",
        "khac/mot.html",
        "khac/en/hai.html",
    ];
    let bad = folder.path().join("bad.html");
    fs::write(&bad, "<!DOCTYPE html><title>a</title><img src=a.png>").expect("written");
    browser.goes_to(&format!("file://{}", bad.display()));
    assert!(
        browser.asks_axe().iter().any(|wrong| wrong.starts_with("image-alt")),
        "it looks"
    );
    for width in [320, 1280] {
        browser.is_as_wide_as(width);
        for kind in kinds {
            browser.goes_to(&format!("file://{}/{kind}", folder.path().display()));
            let wrong = browser.asks_axe();
            assert_eq!(wrong, [""; 0], "{kind} at {width}");
            assert!(!browser.is_too_wide(), "{kind} at {width} has to be scrolled sideways");
        }
    }
    browser.is_as_wide_as(360);
    for kind in kinds {
        browser.goes_to(&format!("file://{}/{kind}", folder.path().display()));
        browser.has_letters_twice_as_large();
        assert!(
            !browser.is_too_wide(),
            "{kind} with letters twice as large has to be scrolled sideways"
        );
    }
    browser.goes_to(&format!("file://{}/trang/khai-sinh.html", folder.path().display()));
    let pdf = browser.prints();
    fs::create_dir_all(browser::pictures()).expect("a folder");
    fs::write(browser::pictures().join("site-guide.pdf"), pdf).expect("written");
}
