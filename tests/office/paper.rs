//! The content on paper: every page in every form says all its words within its margins, whatever an author writes.
//!
//! What is printed is read again with Debian's `poppler-utils`. `UPDATE_PICTURES=1` takes the pictures anew; look at each.

pub mod extracts;
mod keeping;
mod looks;
mod oddities;
mod reading;
mod report;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chrono::{Local, NaiveDate};
use commune_kiosk::content::model::{Block, Body, Content, Page};
use commune_kiosk::content::source;

use extracts::{Sides, Text};

const FORMS: [&str; 9] = [
    "leaflet",
    "leaflet-a5",
    "leaflet-a5x2",
    "poster",
    "poster-a4",
    "deck",
    "lesson",
    "script",
    "review",
];

/// Pages that are printed into one file: typesetting remembers some fifteen megabytes a page until it is written.
const TOGETHER: usize = 20;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content")
}

fn today() -> NaiveDate {
    Local::now().date_naive()
}

fn content(folder: &Path) -> Content {
    source::read(folder, today()).content.expect("content without errors")
}

fn office(arguments: &[&str]) -> Command {
    let mut office = Command::new(env!("CARGO_BIN_EXE_office"));
    office.args(arguments);
    office
}

fn said(output: &Output) -> (String, bool) {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    (String::from_utf8(said).expect("UTF-8"), output.status.success())
}

/// `office print`, which must go well and have nothing to warn of.
fn print(form: &str, folder: &Path, ids: &[&str], out: &Path) {
    let output = office(&["print", form])
        .arg(folder)
        .args(ids)
        .arg("-o")
        .arg(out)
        .output();
    let (said, well) = self::said(&output.expect("the office program runs"));
    assert!(well && said == format!("Đã ghi {}\n", out.display()), "{form}: {said}");
}

/// What every form but the poster says of a page's blocks.
fn texts_of(blocks: &[Block]) -> Vec<String> {
    let mut texts = Vec::new();
    for block in blocks {
        texts.extend(block.texts().into_iter().map(commune_kiosk::content::rich::Rich::text));
        match block {
            Block::Heading { text } | Block::Link { text, .. } => texts.push(text.clone()),
            Block::Table { header, .. } => texts.extend(header.clone()),
            Block::Picture { caption, .. } => texts.push(caption.clone()),
            _ => {}
        }
    }
    texts
}

/// The same of a page, with what stands before its steps.
fn words_of(body: &Body) -> Vec<String> {
    match body {
        Body::Article { blocks } => texts_of(blocks),
        Body::Guide(guide) => {
            let facts = [&guide.who, &guide.cost, &guide.time, &guide.place, &guide.hotline];
            let mut texts: Vec<String> = facts.into_iter().cloned().chain(guide.prepare.clone()).collect();
            for step in &guide.steps {
                texts.push(step.title.clone());
                texts.extend(texts_of(&step.blocks));
            }
            texts
        }
    }
}

/// Of a poster: what to know before and the steps' titles; of an article all but pictures and links that nothing announces.
fn words_of_poster(body: &Body) -> Vec<String> {
    match body {
        Body::Article { blocks } => {
            let mut announced = false;
            let kept = blocks.iter().filter(|it| {
                let link = matches!(it, Block::Link { .. });
                if !matches!(it, Block::Picture { .. }) {
                    announced = keeping::announces(it) || (announced && link);
                }
                !matches!(it, Block::Picture { .. }) && (!link || announced)
            });
            texts_of(&kept.cloned().collect::<Vec<_>>())
        }
        Body::Guide(guide) => {
            let facts = [&guide.who, &guide.cost, &guide.time, &guide.place, &guide.hotline];
            let steps = guide.steps.iter().map(|step| step.title.clone());
            facts
                .into_iter()
                .cloned()
                .chain(guide.prepare.clone())
                .chain(steps)
                .collect()
        }
    }
}

/// Prints all pages in a form and compares what stands there with what was written.
fn all_words_are_there(form: &str) {
    words_are_there(form, &content(&folder()).pages);
}

fn words_are_there(form: &str, pages: &[Page]) {
    let out = tempfile::tempdir().expect("a folder");
    let mut faults = Vec::new();
    for (number, pages) in pages.chunks(TOGETHER).enumerate() {
        let file = out.path().join(format!("{number}.pdf"));
        let ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
        print(form, &folder(), &ids, &file);
        let text = Text::of(&file);
        let pages = &reading::printed(form, pages);
        for page in pages {
            expect_words(form, page, &text);
            keeping::expect_kept(form, &page.body, &text);
        }
        let sides = Sides::of(&file);
        sides.expect_within(form);
        keeping::expect_whole_sheets(form, pages, &sides);
        faults.extend(reading::faults(form, pages, &sides, &text));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What this form says of a page stands in the text, letter for letter.
fn expect_words(form: &str, page: &Page, text: &Text) {
    let mut expected = vec![page.title.clone()];
    match form {
        "poster" | "poster-a4" => expected.extend(words_of_poster(&page.body)),
        // It says the page as it is read aloud; `radio` tests these words.
        "script" => {}
        "review" => {
            let texts = commune_kiosk::content::review::texts(page).into_iter();
            // Of a number that nobody has given there is nothing to approve.
            expected.extend(texts.filter(|text| text != "Số điện thoại hỏi: "));
        }
        _ => expected.extend(words_of(&page.body)),
    }
    if form != "script" {
        expected.push(page.summary.clone());
    }
    expected.extend(page.sources.clone());
    for words in expected {
        assert!(text.says(&words), "{form} of {} lacks: {words}", page.id);
    }
}

#[test]
fn every_leaflet_says_all_and_crosses_no_fold() {
    all_words_are_there("leaflet");
}

#[test]
fn every_deck_says_all_on_its_slides() {
    all_words_are_there("deck");
}

#[test]
fn every_poster_says_what_to_bring_and_the_steps() {
    all_words_are_there("poster");
}

#[test]
fn every_sheet_to_approve_has_all_sentences() {
    all_words_are_there("review");
}

/// The other forms, which share what the four above are made with: `make test-all`.
#[test]
#[ignore = "takes minutes"]
fn every_page_in_the_other_forms_too() {
    for form in ["leaflet-a5", "leaflet-a5x2", "poster-a4", "lesson", "script"] {
        all_words_are_there(form);
    }
}

#[test]
fn notices_and_programmes_are_printed_in_every_form() {
    let content = content(&folder());
    let out = tempfile::tempdir().expect("a folder");
    let notice = &content.notices[0];
    let programme = &content.programmes[0];
    for form in FORMS {
        let file = out.path().join(format!("{form}.pdf"));
        print(form, &folder(), &[&notice.id, &programme.id], &file);
        let text = Text::of(&file);
        assert!(text.says(&notice.title) && text.says(&programme.title), "{form}");
        if !form.starts_with("poster") && form != "script" {
            // Slides say of a programme when it is on the air, and its chapters.
            let spoken = if form == "deck" {
                Vec::new()
            } else {
                texts_of(&programme.transcript)
            };
            for words in texts_of(&notice.blocks).into_iter().chain(spoken) {
                // A voice's name stands apart from what it says on the sheet to approve.
                let words = words.split_once(": ").map_or(words.as_str(), |(_, said)| said);
                assert!(text.says(words), "{form} lacks: {words}");
            }
        }
        Sides::of(&file).expect_within(form);
    }
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    let out = tempfile::tempdir().expect("a folder");
    let bytes = ["a.pdf", "b.pdf"].map(|name| {
        let file = out.path().join(name);
        print("leaflet", &folder(), &["khai-sinh"], &file);
        std::fs::read(file).expect("a file")
    });
    assert!(bytes[0] == bytes[1]);
    // What validators look for: tagged, of Vietnamese, and said to be so.
    let text = String::from_utf8_lossy(&bytes[0]);
    assert!(text.contains("pdfuaid:part") && text.contains("/Lang(vi") || text.contains("/Lang (vi"));
}

#[test]
fn what_cannot_be_written_is_said_and_leaves_nothing_half() {
    let out = tempfile::tempdir().expect("a folder");
    let file = out.path().join("to-roi.pdf");
    let run = |ids: &[&str], file: &Path| {
        let output = office(&["print", "leaflet"])
            .arg(folder())
            .args(ids)
            .arg("-o")
            .arg(file)
            .output();
        said(&output.expect("the office program runs"))
    };
    let (said, well) = run(&["khai-sinh", "khong-co"], &file);
    assert!(
        !well && said.contains("không có trang, thông báo hay chương trình nào mang mã \"khong-co\""),
        "{said}"
    );
    assert!(!file.exists());
    print("leaflet", &folder(), &["khai-sinh"], &file);
    let (said, well) = run(&["khai-sinh"], &file);
    assert!(well && said == format!("Đã ghi đè {}\n", file.display()), "{said}");
    // A full disk: `ulimit -f` lets no file grow beyond a block.
    let before = std::fs::read(&file).expect("a file");
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "trap '' XFSZ; ulimit -f 1; exec \"$@\"",
        "sh",
        env!("CARGO_BIN_EXE_office"),
        "print",
        "poster",
    ]);
    let output = shell
        .arg(folder())
        .arg("ket-hon")
        .arg("-o")
        .arg(&file)
        .output()
        .expect("a shell");
    let (said, well) = self::said(&output);
    assert!(!well && said.contains("không ghi được"), "{said}");
    assert!(std::fs::read(&file).expect("a file") == before);
    let left: Vec<_> = std::fs::read_dir(out.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let nowhere = out.path().join("khong-co/to-roi.pdf");
    let (said, well) = run(&["khai-sinh"], &nowhere);
    assert!(!well && said.contains("không ghi được"), "{said}");
}
