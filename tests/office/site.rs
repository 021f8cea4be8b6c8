//! The content as a folder of web pages: every link leads somewhere, browsers have nothing to mend, telephones and calendars can read it, and
//! what can't be written leaves nothing behind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::NaiveDate;
use commune_kiosk::content::model::{Block, Body, Content, Guide, Pack, Page, Step};
use commune_kiosk::content::rich::Rich;
use commune_kiosk::content::{source, take_home};
use commune_kiosk::office::publish::site::{Base, Site};
use scraper::{Html, Selector};

use crate::common::browser::{self, Browser, Screen};
use crate::content_checker::folder::Folder;

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

/// Every file below a folder, by its name there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(inside).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_str().expect("UTF-8");
                found.insert(name.to_owned(), fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

fn text<'a>(files: &'a BTreeMap<String, Vec<u8>>, name: &str) -> &'a str {
    let bytes = files.get(name).unwrap_or_else(|| panic!("no {name}"));
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn select(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

/// The file and the place in it to which a link leads from a file.
fn target(from: &str, href: &str) -> (String, String) {
    let here = url::Url::parse(&format!("https://site.test/{from}")).expect("an address");
    let url = here.join(href).expect("a link");
    let bytes: Vec<u8> = decoded(url.path().trim_start_matches('/'));
    let place = decoded(url.fragment().unwrap_or_default());
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (text(bytes), text(place))
}

fn decoded(path: &str) -> Vec<u8> {
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).expect("two digits"));
        bytes.extend(part[2..].bytes());
    }
    bytes
}

/// Looks at every page of a site as a browser and as a reader do.
fn look_at(files: &BTreeMap<String, Vec<u8>>) {
    let pages: BTreeMap<&str, Html> = files
        .keys()
        .filter(|name| name.ends_with(".html") && (!name.starts_with("dan/") || *name == "dan/index.html"))
        .map(|name| (name.as_str(), Html::parse_document(text(files, name))))
        .collect();
    let ids: BTreeMap<&str, BTreeSet<String>> = pages.iter().map(|(name, page)| (*name, ids_of(name, page))).collect();
    for (name, page) in &pages {
        assert_eq!(page.errors, [""; 0], "{name}: a browser would have to mend it");
        assert!(
            files[*name].len() < 50 * 1024,
            "{name} has {} bytes",
            files[*name].len()
        );
        let source = text(files, name).to_ascii_lowercase();
        for never in ["<script", "<iframe", "<style", " style=", " onclick", "javascript:"] {
            assert!(!source.contains(never), "{name}: {never}");
        }
        for link in page.select(&select("a[href]")) {
            let href = link.attr("href").expect("a link");
            if href.starts_with("https://") || href.starts_with("tel:") {
                continue;
            }
            let (file, place) = target(name, href);
            assert!(files.contains_key(&file), "{name}: {href} leads nowhere");
            assert!(
                place.is_empty() || ids[file.as_str()].contains(&place),
                "{name}: {href}: no such place"
            );
            assert!(
                !link.text().collect::<String>().trim().is_empty(),
                "{name}: {href} has no words"
            );
        }
        for (css, attribute) in [("[src]", "src"), ("link[rel=stylesheet], link[type]", "href")] {
            for loaded in page.select(&select(css)) {
                let href = loaded.attr(attribute).expect("a file");
                assert!(!href.contains(':') && !href.starts_with('/'), "{name} loads {href}");
                assert!(files.contains_key(&target(name, href).0), "{name}: {href} is not there");
            }
        }
        let lang = page.root_element().attr("lang");
        assert_eq!(lang, Some(if name.starts_with("en/") { "en" } else { "vi" }), "{name}");
        assert!(page.select(&select("img:not([alt])")).next().is_none(), "{name}");
        let mut above = 0;
        for heading in page.select(&select("h1, h2, h3, h4")) {
            let level: u8 = heading.value().name()[1..].parse().expect("a level");
            assert!(level <= above + 1, "{name}: h{level} below h{above}");
            assert!(level > 1 || above == 0, "{name}: two titles");
            above = level;
        }
        assert!(above > 0, "{name} has no title");
        for table in page.select(&select("table")) {
            assert!(
                table.select(&select("caption")).count() == 1 && table.select(&select("th[scope]")).count() > 0,
                "{name}"
            );
        }
    }
}

fn ids_of(name: &str, page: &Html) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for element in page.select(&select("[id]")) {
        let id = element.attr("id").expect("an id");
        assert!(ids.insert(id.to_owned()), "{name} has “{id}” twice");
    }
    ids
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
    assert!(files["style.css"].len() < 10 * 1024 && !text(&files, "style.css").contains("url("));

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
    let sitemap = text(&files, "sitemap.xml");
    let rss = text(&files, "rss.xml");
    let in_map = sitemap.matches("<loc>").count();
    let pages = files
        .keys()
        .filter(|name| name.ends_with(".html") && !name.starts_with("dan/"));
    assert_eq!(in_map, pages.count());
    assert!(
        sitemap.contains(&format!(
            "<loc>{BASE}/khai-sinh.html</loc><lastmod>2026-11-28</lastmod>"
        )),
        "{sitemap}"
    );
    assert_eq!(rss.matches("<item>").count(), 30);
    assert!(
        rss.contains("<pubDate>Sat, 28 Nov 2026 00:00:00 +0700</pubDate>"),
        "{rss}"
    );
    for xml in [sitemap, rss] {
        is_well_formed(xml);
    }
}

/// Whether tags of an XML file open and close in order.
fn is_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in xml.split('<').skip(1).filter(|tag| !tag.starts_with('?')) {
        let inside = tag.split('>').next().expect("a tag");
        match inside.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None => open.push(inside.split(' ').next().expect("a name")),
        }
    }
    assert!(open.is_empty());
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
            !text.contains("og:url") && !text.contains("canonical") && !name.ends_with(".xml"),
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
        .filter(|(name, bytes)| name.ends_with(".opus") && bytes.starts_with(b"OggS"));
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
    assert_eq!(uid(&read("b")), uid(&first), "another day, the same event");
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
fn an_empty_folder_is_filled_and_what_an_earlier_run_left_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let (out, content) = (folder.path().join("trang"), Folder::new());
    content.replace(
        "commune.toml",
        "name = \"có\"",
        "site = \"https://xa.vn/\"\nname = \"xã <Thử> & Nghiệm\"",
    );
    fs::create_dir(&out).expect("a folder");
    fs::create_dir_all(folder.path().join("trang.part/cu")).expect("a folder");
    let (said, well) = site(content.0.path(), &out, &[]);
    assert!(well, "{said}");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
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

/// A guide as no checker would let it pass.
fn hostile() -> Content {
    let odd = "<script>alert(\"1\")</script> & 'x' 🎉 ";
    let title: String = odd.chars().cycle().take(200).collect();
    let step = |number: usize| Step {
        title: format!("{odd}{number}"),
        blocks: vec![
            Block::Paragraph {
                text: Rich::strong(odd),
            },
            Block::Table {
                header: vec![
                    String::new(),
                    "Một đầu cột rất dài không thể ngắn hơn".repeat(3),
                    odd.to_owned(),
                ],
                rows: vec![vec![Rich::plain(odd), Rich::plain(&"chữ".repeat(90)), Rich::default()]],
            },
            Block::Warning {
                paragraphs: vec![Rich::plain(odd)],
            },
        ],
    };
    let page = |id: &str, body: Body| Page {
        id: id.to_owned(),
        section: "khong-co".to_owned(),
        title: title.clone(),
        summary: odd.to_owned(),
        title_en: odd.to_owned(),
        summary_en: String::new(),
        updated: day("2026-11-01"),
        review_by: day("2027-11-01"),
        sources: vec![odd.to_owned()],
        related: vec!["khong-co".to_owned(), "hai".to_owned()],
        keywords: Vec::new(),
        purpose: None,
        body: body.clone(),
        english: Some(body),
    };
    let guide = Body::Guide(Guide {
        who: odd.to_owned(),
        prepare: vec![odd.to_owned(); 12],
        cost: String::new(),
        time: odd.to_owned(),
        place: String::new(),
        link: "https://xa.vn/?a=1&b=2".to_owned(),
        hotline: "gọi \"113\"".to_owned(),
        steps: (1..=12).map(step).collect(),
    });
    Content {
        pack: Pack {
            id: "thu".to_owned(),
            publisher: odd.to_owned(),
            ..Pack::default()
        },
        pages: vec![
            page("mot", guide),
            page("hai", Body::Article { blocks: step(1).blocks }),
        ],
        media: BTreeMap::from([("Ảnh của #1?.svg".to_owned(), b"<svg/>".to_vec())]),
        ..Content::default()
    }
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
    browser.goes_to(&format!("file://{}/trang/khai-sinh.html", folder.path().display()));
    let pdf = browser.prints();
    fs::create_dir_all(browser::pictures()).expect("a folder");
    fs::write(browser::pictures().join("site-guide.pdf"), pdf).expect("written");
}
