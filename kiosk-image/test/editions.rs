//! Editions of the commune's content: the one in the image, and newer ones as the office would pack them.
//!
//! Each newer edition has its tiles in other colours than the one before, so that a picture says which one is shown, and only
//! [a few pages](KEPT).

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};

use commune_kiosk::bundle::{self, Head, Key, Kind, Trust};
use commune_kiosk::content::library;
use commune_kiosk::content::model::{Block, Body, Content, Recording, SectionColor, Shows};
use commune_kiosk::content::rich::Rich;
use commune_kiosk::content::source;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::common::{content_folder, greedy, morning};
use crate::machine::Machine;

/// The edition that is built in.
pub const FIRST: u64 = 1;

/// The pages of newer editions: the guide that residents read in these stories, and one page for each other tile. Before a pack is
/// shown the machine walks through all of it; with 93 pages an emulator takes minutes for that, and the stories are about sticks, cards
/// and power, not about the walk. `tests/kiosk/rehearsal.rs` and the tests of `screen::rehearsal` tell of that.
const KEPT: [&str; 5] = [
    "khai-sinh",
    "mat-khau",
    "bao-hiem-y-te",
    "quet-ma-qr",
    "to-cong-nghe-so",
];

/// An office that makes packs.
pub struct Press {
    /// Its key.
    pub key: Key,
    folder: TempDir,
    /// What newer editions have recorded.
    recordings: RefCell<Vec<(Recording, Vec<u8>)>>,
}

impl Press {
    /// A new office.
    pub fn new() -> Self {
        Self {
            key: Key::generate().expect("a key"),
            folder: tempfile::tempdir().expect("a folder"),
            recordings: RefCell::default(),
        }
    }

    /// What kiosks check packs with.
    pub fn trust(&self) -> Trust {
        Trust::of(self.key.public().expect("a key"))
    }

    /// Introduces the office to a kiosk that is off. Other settings stand before it; `more` about the office after it.
    pub fn introduces_itself(&self, machine: &Machine, settings: &str, more: &str) {
        let key = self.key.public().and_then(|key| key.to_text()).expect("a key");
        machine.leaves("office.pub", key.as_bytes());
        let settings = format!("{settings}[office]\nkeys = [\"office.pub\"]\n{more}");
        machine.leaves("kiosk.toml", settings.as_bytes());
    }

    /// All editions that are made from now on have these recordings.
    pub fn records(&self, recordings: Vec<(Recording, Vec<u8>)>) {
        self.recordings.replace(recordings);
    }

    /// The library of an edition.
    pub fn library(&self, edition: u64) -> PathBuf {
        let file = self.folder.path().join(format!("{edition}.db"));
        if !file.exists() {
            let mut content = content(edition);
            for (recording, bytes) in self.recordings.borrow().iter() {
                content.media.insert(recording.media.clone(), bytes.clone());
                content.recordings.push(recording.clone());
            }
            library::write(&content, &file).expect("written");
        }
        file
    }

    /// The pack of an edition.
    pub fn pack(&self, edition: u64) -> Vec<u8> {
        self.packs(edition, &self.library(edition))
    }

    /// The same with so many recordings of 10 MB that nothing can be saved of.
    pub fn heavy_pack(&self, edition: u64, recordings: usize) -> Vec<u8> {
        let file = self.folder.path().join("heavy.db");
        fs::copy(self.library(edition), &file).expect("copied");
        let library = Connection::open(&file).expect("a library");
        let mut random = fastrand::Rng::with_seed(edition);
        let mut recording = vec![0; 10_000_000];
        for number in 0..recordings {
            random.fill(&mut recording);
            let named = (format!("recording-{number}.mp3"), &recording);
            library
                .execute("INSERT INTO media VALUES (?1, ?2)", named)
                .expect("inserted");
        }
        library.close().expect("closed");
        self.packs(edition, &file)
    }

    /// The pack of an edition that takes more memory than a kiosk has.
    pub fn greedy_pack(&self, edition: u64) -> Vec<u8> {
        let mut content = content(edition);
        greedy::eats_memory(&mut content);
        let file = self.folder.path().join("greedy.db");
        library::write(&content, &file).expect("written");
        self.packs(edition, &file)
    }

    fn packs(&self, edition: u64, library: &Path) -> Vec<u8> {
        let head = Head {
            kind: Kind::Pack,
            id: content(edition).pack.id,
            sequence: edition,
            created: String::new(),
        };
        let mut library = File::open(library).expect("a library");
        let mut pack = Vec::new();
        bundle::write(head, &mut library, &mut Cursor::new(Vec::new()), &self.key, &mut pack).expect("a pack");
        pack
    }
}

/// The repository's content as an edition.
fn content(edition: u64) -> Content {
    let read = source::read(&content_folder(), morning().date());
    let mut content = read.content.expect("content without errors");
    assert_eq!(content.pack.edition, FIRST, "the edition that is built in");
    content.pack.edition = edition;
    if edition > FIRST {
        shorten(&mut content);
        let colors = [
            SectionColor::Red,
            SectionColor::Green,
            SectionColor::Purple,
            SectionColor::Brown,
        ];
        let nth = usize::try_from(edition).expect("a small number") % colors.len();
        content
            .sections
            .iter_mut()
            .for_each(|section| section.color = colors[nth]);
    }
    content
}

/// Leaves the pages that are [`KEPT`], one question set and the calendar, and nothing that leads to what is gone. All pictures stay, so
/// that a card has as much to write as for a whole edition.
fn shorten(content: &mut Content) {
    let is_kept = |id: &str| KEPT.contains(&id);
    content.pages.retain(|page| is_kept(&page.id));
    assert_eq!(content.pages.len(), KEPT.len(), "pages that are there");
    for page in &mut content.pages {
        page.related.retain(|id| is_kept(id));
        for body in std::iter::once(&mut page.body).chain(&mut page.english) {
            match body {
                Body::Article { blocks } => drop_links(blocks),
                Body::Guide(guide) => guide.steps.iter_mut().for_each(|step| drop_links(&mut step.blocks)),
            }
        }
    }
    for section in &mut content.sections {
        for group in &mut section.groups {
            group.pages.retain(|id| is_kept(id));
        }
        section.groups.retain(|group| !group.pages.is_empty());
        let has_page = content.pages.iter().any(|page| page.section == section.id);
        assert!(
            has_page || section.shows != Shows::Pages,
            "{} leads to nothing",
            section.id
        );
    }
    content.quizzes.truncate(1);
    for question in content.quizzes.iter_mut().flat_map(|quiz| &mut quiz.questions) {
        question.read.clear();
    }
    content.programmes.clear();
    content.topics.clear();
}

/// In these pages only cards lead to others.
fn drop_links(blocks: &mut Vec<Block>) {
    blocks.retain(|block| !matches!(block, Block::Link { .. }));
    let has_link = |block: &Block| {
        let mut spans = block.texts().into_iter().flat_map(Rich::spans);
        spans.any(|span| span.link.is_some())
    };
    assert!(!blocks.iter().any(has_link), "words that lead to another page");
}

/// The library that is built into the image, written to a file of this machine; fails if the image has another one.
pub fn built_in(machine: &mut Machine) -> PathBuf {
    let file = machine.file("content.db");
    library::write(&content(FIRST), &file).expect("written");
    let said = machine.runs("sha256sum /usr/share/commune-kiosk/content.db");
    assert!(
        said.starts_with(&sha256(&file)),
        "the image was built from other content than this repository's: build it anew"
    );
    file
}

fn sha256(file: &Path) -> String {
    let done = std::process::Command::new("sha256sum")
        .arg(file)
        .output()
        .expect("coreutils");
    let said = String::from_utf8(done.stdout).expect("a text");
    said.split(' ').next().expect("a hash").to_owned()
}

/// Writes the bytes of something that is to lie on a stick into a folder that stands for it.
pub fn lies_in(folder: &Path, name: &str, bytes: &[u8]) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join(name), bytes).expect("written");
}
