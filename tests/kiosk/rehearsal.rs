//! A pack that is rightly signed and sound, and that the program can't show: it is found out where nobody sees it.

use std::fs::{self, File};
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output};

use chrono::NaiveDate;
use commune_kiosk::bundle::{self, Head, Key, Kind};
use commune_kiosk::content::library;
use commune_kiosk::content::model::{Block, Body, Content};
use commune_kiosk::content::rich::Rich;
use commune_kiosk::content::source;

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

/// Two hundred thousand lines in one paragraph: no office that checks its content would sign it, and laying it out takes more memory
/// than a kiosk has.
#[test]
fn a_page_that_eats_all_memory_ends_only_the_rehearsal() {
    let dir = tempfile::tempdir().expect("a folder");
    let key = Key::generate().expect("a key");
    let public = key.public().expect("a key").to_text().expect("a text");
    fs::write(dir.path().join("office.pub"), public).expect("written");
    pack(dir.path(), "good.kpack", &content(1), &key);
    let mut hostile = content(2);
    let articles = hostile.pages.iter_mut().filter_map(|page| match &mut page.body {
        Body::Article { blocks } => Some(blocks),
        Body::Guide(_) => None,
    });
    let lines = Block::Paragraph {
        text: Rich::plain(&"a\n".repeat(200_000)),
    };
    articles.last().expect("an article").push(lines);
    pack(dir.path(), "hostile.kpack", &hostile, &key);

    let installed = kiosk(dir.path(), &["install", "good.kpack"]);
    assert!(installed.status.success(), "{installed:?}");
    let refused = kiosk(dir.path(), &["install", "hostile.kpack"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains("the pack can't be shown"),
        "{said}"
    );
    assert!(said.contains("Mời văn phòng đóng gói lại"), "{said}");
    let slots = kiosk(dir.path(), &["slots"]);
    let shown = String::from_utf8_lossy(&slots.stdout).into_owned();
    assert_eq!(shown.lines().next(), Some("current\txa-mau\t1\t1.db"), "{shown}");
}
