//! What an author writes is what a resident reads, letter by letter, at every size of the text.
//!
//! The texts are made here together with what they must say, so that nothing is read with the program's own reader: blocks of words and
//! signs, some of them marked, some escaped, some not. Whatever passes the check must stand in the rows that are drawn.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use commune_kiosk::content::{font, source};
use commune_kiosk::kiosk::session::view::Button;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use slint::fontique_011::{fontique::GenericFamily, shared_collection};

use crate::common::folders::copy;
use crate::common::{Hall, Setting, each_in_its_hall};

/// Signs with a meaning of their own in Markdown or on the screen, and letters of one to three bytes.
const PIECES: [&str; 44] = [
    "a",
    "ộ",
    "Đ",
    "7",
    "30",
    "3*4",
    "*098*1#",
    "_TK01_",
    "5~6",
    "~",
    "*",
    "_",
    "`",
    "\\",
    "#",
    "##",
    ">",
    "+",
    "-",
    "–",
    "|",
    "[",
    "]",
    "(",
    ")",
    "!",
    "<",
    "&",
    "&amp;",
    "=",
    ":",
    ";",
    ".",
    ",",
    "1.",
    "2)",
    "a)",
    "{",
    "}",
    "%",
    "“ờ”",
    "http://a.vn",
    "[!",
    "![",
];

/// A run of letters as the author means it, and how it is marked.
#[derive(Debug, Clone)]
struct Run {
    meant: String,
    mark: Mark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    /// What stands on both sides.
    Around(&'static str),
    /// In Markdown's code, where nothing else has a meaning.
    Code,
    /// A link to another page.
    Link,
}

impl Run {
    /// As an author writes it who takes care to escape what has a meaning, or as one who doesn't. In a link everybody must: a bracket in it
    /// is another link's.
    fn written(&self, careful: bool) -> String {
        let mut written = String::new();
        for letter in self.meant.chars() {
            let escaped = careful && self.mark != Mark::Code || self.mark == Mark::Link;
            if escaped && letter.is_ascii_punctuation() {
                written.push('\\');
            }
            written.push(letter);
        }
        match self.mark {
            Mark::None => written,
            Mark::Around(mark) => format!("{mark}{written}{mark}"),
            Mark::Code => format!("`{written}`"),
            Mark::Link => format!("[{written}](page:gioi-thieu)"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// What stands before the words of a paragraph, an item, a frame, a heading.
    After(&'static str),
    /// Each run in a line of its own.
    Lines,
    /// Each run in a cell of a table.
    Table,
}

#[derive(Debug, Clone)]
struct Passage {
    kind: Kind,
    /// Whether the author took care to escape what has a meaning.
    careful: bool,
    runs: Vec<Run>,
}

impl Passage {
    fn written(&self) -> String {
        let runs: Vec<String> = self.runs.iter().map(|run| run.written(self.careful)).collect();
        match self.kind {
            Kind::After(begin) => format!("{begin}{}", runs.join(" ")),
            Kind::Lines => runs.join("\\\n"),
            Kind::Table => {
                let cells = |text: &str| vec![text; runs.len()].join(" | ");
                format!("| {} |\n| {} |\n| {} |", cells("Cột"), cells("---"), runs.join(" | "))
            }
        }
    }

    /// What must be read one letter after the other, without spaces, which the screen may break lines at.
    fn meant(&self) -> Vec<String> {
        let runs = self.runs.iter().map(|run| self.letters(&run.meant));
        if self.kind == Kind::Table {
            runs.collect()
        } else {
            vec![runs.collect()]
        }
    }

    /// The letters of a text that can be compared: all, if the author took care. Without, signs may have become marks, and `&amp;` is the
    /// sign & to every reader of Markdown.
    fn letters(&self, text: &str) -> String {
        let letters = text.chars().filter(|letter| !letter.is_whitespace());
        if self.careful {
            return letters.collect();
        }
        let letters: String = letters.filter(|letter| !"*_~`\\".contains(*letter)).collect();
        letters.replace("&amp;", "&")
    }
}

fn any_run() -> impl Strategy<Value = Run> {
    let words = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 1..5);
    let around = ["**", "*", "~~"].map(Mark::Around);
    let mark = prop::sample::select(
        [
            &[Mark::None, Mark::None, Mark::None, Mark::Code, Mark::Link],
            &around[..],
        ]
        .concat(),
    );
    (words, mark).prop_map(|(words, mark)| {
        let meant = words.join(" ");
        // Code can't hold its own mark, nor end with the sign that escapes it in a table.
        let meant = if mark == Mark::Code {
            meant.replace(['`', '\\', '|'], "x")
        } else {
            meant
        };
        Run { meant, mark }
    })
}

/// What pages are made of. Each page begins with the next of them.
const KINDS: [Kind; 7] = [
    Kind::After(""),
    Kind::After("- "),
    Kind::After("1. "),
    Kind::After("> [!GHI-CHU]\n> "),
    Kind::After("## "),
    Kind::Lines,
    Kind::Table,
];

fn any_passage(kind: impl Strategy<Value = Kind>) -> impl Strategy<Value = Passage> {
    (kind, prop::bool::weighted(0.7), prop::collection::vec(any_run(), 1..4)).prop_map(|(kind, careful, mut runs)| {
        // A sign of the table in a cell would be a cell more, one of a list at the beginning of a line an item.
        let careful = careful || matches!(kind, Kind::Lines | Kind::Table);
        if kind == Kind::Table && runs.len() == 1 {
            runs.push(runs[0].clone());
        }
        // Signs at the beginning of a block say what it is, if nobody takes care.
        if let Some(first) = runs.first_mut().filter(|_| !careful) {
            first.meant.insert_str(0, "Ở ");
        }
        Passage { kind, careful, runs }
    })
}

/// How many pages are shown at each size.
const PAGES: usize = 12;

/// What the fields of a guide say plainly.
#[derive(Debug)]
struct Written {
    passages: Vec<Passage>,
    to_bring: String,
}

/// A small folder of content with so many generated articles and guides that pass the check, and what they must say.
fn write_pages(folder: &Path, runner: &mut TestRunner) -> Vec<Written> {
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good"),
        folder,
    );
    let to_bring = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 1..4).prop_map(|words| words.join(" "));
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let mut all = Vec::new();
    for tried in 0.. {
        assert!(tried < 50 * PAGES, "only {} of {tried} pass the check", all.len());
        let number = all.len();
        let first = any_passage(Just(KINDS[number % KINDS.len()]));
        let others = prop::collection::vec(any_passage(prop::sample::select(KINDS.to_vec())), 0..4);
        let strategy = (first, others, &to_bring);
        let (first, mut passages, to_bring) = strategy.new_tree(runner).expect("a value").current();
        passages.insert(0, first);
        let files = [
            (format!("bai-{number}.md"), article(number, &passages)),
            (format!("viec-{number}.md"), guide(number, &to_bring)),
        ];
        for (name, text) in &files {
            fs::write(folder.join("pages/thu-tuc").join(name), text).expect("written");
        }
        // What does not pass is said to the author, and shown to nobody.
        if source::read(folder, day).content.is_some() {
            all.push(Written { passages, to_bring });
            if all.len() == PAGES {
                break;
            }
        }
    }
    all
}

fn head(kind: &str, title: &str) -> String {
    format!(
        "kind = \"{kind}\"\ntitle = \"{title}\"\nsummary = \"Thử.\"\nupdated = 2026-11-01\nreview_by = 2099-01-01\nsources = [\"Luật\"]\n"
    )
}

fn article(number: usize, passages: &[Passage]) -> String {
    let body: Vec<String> = passages.iter().map(Passage::written).collect();
    format!(
        "+++\n{}+++\n\n{}\n",
        head("article", &format!("Đọc số {number}.")),
        body.join("\n\n")
    )
}

fn guide(number: usize, words: &str) -> String {
    let facts = format!("who = '{words}'\nprepare = ['{words}']\ncost = '{words}'\ntime = 'Nhanh'\nplace = 'Xã'\n");
    let head = head("guide", &format!("Làm số {number}."));
    format!("+++\n{head}{facts}+++\n\n## Bước một\n\nLàm.\n")
}

/// Code too, which Slint would draw in whatever the machine has for it. And no other font is even listed: each text that is laid out
/// lists what is asked for anew, so that a tap would take longer the more fonts a machine has.
#[test]
fn everything_is_drawn_in_the_programs_own_font() {
    let hall = Hall::open();
    hall.tap("Chạm để bắt đầu");
    let mut collection = shared_collection();
    for generic in [
        GenericFamily::SansSerif,
        GenericFamily::SystemUi,
        GenericFamily::UiSansSerif,
        GenericFamily::Monospace,
    ] {
        let families: Vec<_> = collection.generic_families(generic).collect();
        assert_eq!(families.len(), 1, "{generic:?}");
        assert_eq!(collection.family_name(families[0]), Some(font::FAMILY), "{generic:?}");
    }
    let known: Vec<&str> = collection.family_names().collect();
    assert_eq!(known, [font::FAMILY]);
}

#[test]
fn whatever_passes_the_check_is_on_the_screen_letter_by_letter() {
    each_in_its_hall(
        ["", "Cỡ chữ > Cỡ chữ lớn > Đóng", "Cỡ chữ > Cỡ chữ rất lớn > Đóng"],
        |size| {
            let folder = tempfile::tempdir().expect("a folder");
            let all = write_pages(folder.path(), &mut TestRunner::default());
            let hall = Hall::with(Setting {
                content: Some(folder.path().to_owned()),
                ..Setting::default()
            });
            hall.tap("Chạm để bắt đầu");
            if !size.is_empty() {
                hall.taps(size);
            }
            for (number, written) in all.iter().enumerate() {
                hall.taps(&format!("Làm thủ tục > Đọc số {number}."));
                let read = hall.reads_on().concat();
                for passage in &written.passages {
                    let read = passage.letters(&read);
                    for meant in passage.meant() {
                        assert!(read.contains(&meant), "“{meant}” of {passage:?} is not in {read}");
                    }
                }
                // Plain text has no marks at all: who, what it costs, what to bring.
                let plain: String = written.to_bring.split_whitespace().collect();
                let times = |words: Vec<String>| {
                    words
                        .concat()
                        .split_whitespace()
                        .collect::<String>()
                        .matches(&plain)
                        .count()
                };
                hall.taps(&format!("Trang chủ > Làm thủ tục > Làm số {number}."));
                assert!(times(hall.reads_on()) >= 2, "{written:?}");
                hall.tap("Cần chuẩn bị");
                assert!(times(hall.reads_on()) >= 1, "{written:?}");
                hall.tap("Trang chủ");
            }
        },
    );
}

/// Trials long-words and long-url-in-box: on ae84bbd the ends of lines were cut off in boxes, facts, choices and in the bar.
#[test]
fn long_words_break_where_the_box_ends() {
    each_in_its_hall([(1280, 800), (720, 1280)], |size| {
        let word = "trắc".repeat(35);
        let address = format!(
            "https://dichvucong.gov.vn/p/home/dvc-trang-chu.html?ma={}",
            "0123456789".repeat(8)
        );
        let folder = tempfile::tempdir().expect("a folder");
        let good = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/office/content_checker/good");
        copy(&good, folder.path());
        let pages = folder.path().join("pages/thu-tuc");
        let head = head("guide", "Làm thử.");
        let facts =
            format!("who = '{word}'\nprepare = ['{word}']\ncost = '{address}'\ntime = '{word}'\nplace = '{address}'\n");
        let steps = format!(
            "## Bước {word}\n\n- {word}\n\n> [!CANH-BAO]\n> {address} {word}\n\n| Loại | Phí |\n| - | - |\n| {word} | {address} |\n"
        );
        fs::write(pages.join("thu.md"), format!("+++\n{head}{facts}+++\n\n{steps}")).expect("written");
        let quiz = folder.path().join("quiz/an-toan.toml");
        let questions =
            fs::read_to_string(&quiz)
                .expect("a quiz")
                .replacen("choices = [\"", &format!("choices = [\"{word} "), 1);
        fs::write(&quiz, questions).expect("written");
        let hall = Hall::with(Setting {
            size,
            content: Some(folder.path().to_owned()),
            ..Setting::default()
        });
        hall.tap("Chạm để bắt đầu");
        for size in ["Cỡ chữ > Cỡ chữ vừa > Đóng", "Cỡ chữ > Cỡ chữ rất lớn > Đóng"] {
            hall.taps(size);
            for way in [
                "Làm thủ tục > Làm thử.",
                "Cần chuẩn bị",
                "Xem các bước",
                "Trang chủ > Đố vui > An toàn",
            ] {
                hall.taps(way);
                let (width, _) = hall.size();
                loop {
                    // What stands far aside belongs to other pages.
                    for element in hall.kiosk.elements().iter().filter(|element| element.middle.x > 0.0) {
                        let right = element.middle.x + element.width / 2.0;
                        assert!(
                            right <= width + 0.5,
                            "{way}: “{}” ends at {right} of {width}",
                            element.label
                        );
                    }
                    if hall.view().next != Button::PageNext {
                        break;
                    }
                    hall.turn_down();
                }
            }
            hall.tap("Trang chủ");
        }
    });
}
