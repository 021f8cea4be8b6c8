//! A pack that is rightly signed and sound, and that the program can't show: it is found out where nobody sees it.

use std::fs::{self, File};
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output};

use chrono::NaiveDate;
use commune_kiosk::bundle::{self, Head, Key, Kind};
use commune_kiosk::content::library;
use commune_kiosk::content::model::{Body, Content, Page};
use commune_kiosk::content::source;

use crate::common::greedy::{article, eats_memory, too_much};

fn content(edition: u64) -> Content {
    let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let mut content = source::read(&good, today).content.expect("good content");
    content.pack.edition = edition;
    content
}

fn pack(dir: &Path, name: &str, content: &Content, key: &Key) {
    let file = dir.join("content.db");
    library::write(content, &file).expect("written");
    let head = Head {
        kind: Kind::Pack,
        id: content.pack.id.clone(),
        sequence: content.pack.edition,
        created: String::new(),
    };
    let mut pack = Vec::new();
    let mut payload = File::open(file).expect("a file");
    bundle::write(head, &mut payload, &mut Cursor::new(Vec::new()), key, &mut pack).expect("a pack");
    fs::write(dir.join(name), pack).expect("written");
}

fn kiosk(dir: &Path, arguments: &[&str]) -> Output {
    let mut kiosk = Command::new(env!("CARGO_BIN_EXE_kiosk"));
    kiosk
        .current_dir(dir)
        .args(["--content", "no-factory", "--trust", "office.pub", "--data", "data"]);
    kiosk.args(arguments).output().expect("it runs")
}

#[test]
fn a_page_that_eats_all_memory_ends_only_the_rehearsal() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    let public = key.public().expect("a key").to_text().expect("a text");
    fs::write(dir.path().join("office.pub"), public).expect("written");
    pack(dir.path(), "good.kpack", &content(1), &key);
    let mut hostile = content(2);
    eats_memory(&mut hostile);
    pack(dir.path(), "hostile.kpack", &hostile, &key);
    // The same where only those get who chose English.
    let mut hidden = content(3);
    article(&mut hidden).english = Some(Body::Article {
        blocks: vec![too_much()],
    });
    pack(dir.path(), "hidden.kpack", &hidden, &key);

    let installed = kiosk(dir.path(), &["install", "good.kpack"]);
    assert!(installed.status.success(), "{installed:?}");
    for hostile in ["hostile.kpack", "hidden.kpack"] {
        let refused = kiosk(dir.path(), &["install", hostile]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            !refused.status.success() && said.contains("the pack can't be shown"),
            "{hostile}: {said}"
        );
        assert!(said.contains("Mời văn phòng đóng gói lại"), "{said}");
    }
    let slots = kiosk(dir.path(), &["slots"]);
    let shown = String::from_utf8_lossy(&slots.stdout).into_owned();
    assert_eq!(shown.lines().next(), Some("current\txa-mau\t1\t1.db"), "{shown}");
}

/// Else a large pack would be walked through for hours, and refused on a slow machine only.
#[test]
fn the_walk_grows_with_the_pages_and_not_with_the_ways_between_them() {
    let dir = tempfile::tempdir().expect("a folder");
    let screens = |pages: usize| {
        let mut content = content(1);
        let one = article(&mut content).clone();
        let id = |n: usize| format!("bai-{}", n % pages);
        content.pages.extend((0..pages).map(|n| Page {
            id: id(n),
            title: format!("Bài {n}"),
            related: [1, 2, 7, 11].map(|on| id(n + on)).to_vec(),
            ..one.clone()
        }));
        let file = dir.path().join(format!("{pages}.db"));
        library::write(&content, &file).expect("written");
        let walked = kiosk(dir.path(), &["rehearse", &file.to_string_lossy()]);
        let said = String::from_utf8_lossy(&walked.stdout).into_owned();
        let number = said.trim_end().strip_suffix(" screens").map(str::parse::<usize>);
        number.unwrap_or_else(|| panic!("{walked:?}")).expect("a number")
    };
    let (few, many) = (screens(20), screens(80));
    assert!(many > few && many < 5 * few, "{few} screens, {many} screens");
}
