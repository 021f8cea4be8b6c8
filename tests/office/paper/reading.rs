//! In which order paper is read, and that it says so where something goes on elsewhere.

use commune_kiosk::content::model::{Block, Body, Page};

use super::extracts::{Sides, Text, letters};
use super::{content, folder, print};

/// The words that no title parts, as the templates have them.
const TITLES: &str = include_str!("../../../src/office/publish/paper/templates/titles.typ");

/// What the kiosk says of itself, and what only leads on with a finger.
const HERE: [&str; 4] = ["Máy này", "áy tra cứu này", "Xem bài:", "Xem thêm:"];

/// Pages as paper has them: the kiosk is elsewhere, and so is the counter, for whoever takes paper home. What is approved is what is written.
pub fn printed(form: &str, pages: &[Page]) -> Vec<Page> {
    let elsewhere = |text: String| match form {
        "review" => text,
        _ => text
            .replace("Máy này", "Máy tra cứu ở sảnh")
            .replace("áy tra cứu này", "áy tra cứu ở sảnh"),
    };
    let by_hand = |text: String| match form {
        "review" | "deck" | "script" => text,
        _ => text.replace(": hỏi cán bộ tại quầy", ": ……………………"),
    };
    let pages = serde_json::to_string(pages).expect("JSON");
    serde_json::from_str(&by_hand(elsewhere(pages))).expect("pages")
}

/// What is wrong with the pages of one file.
pub fn faults(form: &str, pages: &[Page], sides: &Sides, text: &Text) -> Vec<String> {
    let mut faults = Vec::new();
    if form != "review" {
        faults.extend(
            HERE.into_iter()
                .filter(|here| text.has(here))
                .map(|here| format!("{form} says {here}")),
        );
    }
    match form {
        "leaflet" => faults.extend(order(pages, sides)),
        "deck" => {
            faults.extend(untold(pages, sides));
            faults.extend(of_nobody(pages, text));
        }
        "lesson" => faults.extend(lesson(pages, sides)),
        "script" => faults.extend(torn_sentences(pages, sides)),
        _ => {}
    }
    faults.extend(torn_pairs(form, sides));
    if matches!(form, "leaflet" | "leaflet-a5" | "poster" | "deck" | "lesson") {
        faults.extend(torn_lists(form, pages, sides));
    }
    if matches!(form, "leaflet" | "leaflet-a5" | "poster" | "deck") {
        faults.extend(torn_words(form, pages, sides));
    }
    faults
}

fn blocks_of(page: &Page) -> Vec<&Block> {
    match &page.body {
        Body::Article { blocks } => blocks.iter().collect(),
        Body::Guide(guide) => guide.steps.iter().flat_map(|step| &step.blocks).collect(),
    }
}

/// Each panel is read after the one that opens before it: three inside, then the one on the other side.
fn order(pages: &[Page], sides: &Sides) -> Vec<String> {
    let mut faults = Vec::new();
    let panels = sides.columns("leaflet");
    let mut sheets = panels.chunks(6);
    for page in pages {
        let Some(first) = sheets.next() else { break };
        let all = first.concat();
        let of = (2..40).find(|of| all.contains(&format!("Tờ1trong{of}tờ"))).unwrap_or(1);
        let more = sheets.by_ref().take(of - 1);
        let panels: Vec<&String> = std::iter::once(first).chain(more).flatten().collect();
        let mut at = 0;
        for first in blocks_of(page)
            .iter()
            .filter_map(|block| block.texts().first().map(|text| text.text()))
        {
            let first: String = letters(&first).chars().take(24).collect();
            match panels[at..].iter().position(|panel| panel.contains(&first)) {
                Some(later) => at += later,
                None => faults.push(format!("leaflet of {}: {first} is read too early", page.id)),
            }
        }
    }
    faults
}

/// A slide with the title of the one before it says so.
fn untold(pages: &[Page], sides: &Sides) -> Vec<String> {
    let titles: Vec<String> = pages
        .iter()
        .flat_map(|page| {
            let headings = blocks_of(page).into_iter().filter_map(|block| match block {
                Block::Heading { text } => Some(letters(text)),
                _ => None,
            });
            let steps = match &page.body {
                Body::Guide(guide) => guide.steps.as_slice(),
                Body::Article { .. } => &[],
            };
            let steps = (1..).zip(steps);
            let steps = steps.map(|(number, step)| letters(&format!("Bước {number} {}", step.title)));
            let opening = std::iter::once(letters(&page.title));
            headings.chain(steps).chain(opening).collect::<Vec<_>>()
        })
        .chain([letters("Cần biết trước")])
        .collect();
    let longest = |slide: &String| {
        let starts = titles.iter().filter(|title| slide.starts_with(title.as_str()));
        starts.max_by_key(|title| title.len())
    };
    let untold = sides.texts().windows(2).filter_map(|two| {
        let title = longest(&two[0]).filter(|title| longest(&two[1]) == Some(title))?;
        let told = two[1][title.len()..].starts_with("(tiếp)");
        let opens = pages.iter().any(|page| letters(&page.title) == *title);
        (!told && !opens).then(|| format!("deck: {title} goes on without a word"))
    });
    untold.collect()
}

/// Whoever reads a cheat's words sees whose they are.
fn of_nobody(pages: &[Page], text: &Text) -> Vec<String> {
    let mut faults = Vec::new();
    for page in pages.iter().filter(|page| page.title.starts_with("Lừa đảo")) {
        let blocks = blocks_of(page);
        for two in blocks.windows(2) {
            let (before, said) = match two {
                [before, Block::Paragraph { text }] => (before, text.text()),
                _ => continue,
            };
            if said.starts_with('“') && said.ends_with('”') {
                let whose = match before {
                    Block::Paragraph { text } if text.text().ends_with(':') => text.text(),
                    _ => "Kẻ gian nói:".to_owned(),
                };
                if !text.goes_on(&whose, &said) {
                    faults.push(format!("deck of {}: whose words? {said}", page.id));
                }
            }
        }
    }
    faults
}

/// No line ends within "ông/bà", "Wi-Fi" or the number of a law.
fn torn_pairs(form: &str, sides: &Sides) -> Vec<String> {
    let torn = sides.words().filter(|(word, ..)| {
        let joined = word.strip_suffix(['-', '/']).unwrap_or_default();
        joined.ends_with(char::is_alphanumeric) && joined.chars().count() <= 8
    });
    torn.map(|(word, ..)| format!("{form}: a line ends with {word}"))
        .collect()
}

/// Answers stand upside down on one page, and nothing where notes are written.
fn lesson(pages: &[Page], sides: &Sides) -> Vec<String> {
    let mut faults = Vec::new();
    let quizzes = content(&folder()).quizzes;
    for page in pages {
        let questions = quizzes.iter().flat_map(|quiz| &quiz.questions);
        let asked: Vec<_> = questions
            .filter(|it| it.read == page.id && it.is_asked_on(Some(super::today())))
            .collect();
        let upright = asked.iter().filter(|it| !sides.upside_down(&it.reason));
        faults.extend(upright.map(|it| format!("lesson: whoever is asked reads {}", it.reason)));
        let reasons: Vec<String> = asked.iter().map(|it| letters(&it.reason)).collect();
        let together = sides
            .texts()
            .iter()
            .any(|side| reasons.iter().all(|it| side.contains(it)));
        if !together {
            faults.push(format!("lesson: answers of {} on two pages", page.id));
        }
    }
    let (mm, title) = (72.0 / 25.4, 72.0);
    for (word, left, top) in sides.words() {
        let ground = left > 145.0 * mm && top > title * mm && top < 272.0 * mm;
        if ground && !["Ghi", "chú"].contains(&word) {
            faults.push(format!("lesson: {word:?} where notes are written"));
        }
    }
    faults
}

/// A page of what is read aloud ends with a sentence.
fn torn_sentences(pages: &[Page], sides: &Sides) -> Vec<String> {
    let torn = sides.texts().iter().filter_map(|side| {
        let (above, id) = side.rsplit_once("Lờiđọc:")?;
        let page = pages.iter().find(|page| letters(&page.id) == id)?;
        let title: String = page.title.chars().take(60).collect();
        let (said, _) = above.rsplit_once(&letters(&title))?;
        let whole = said.ends_with(['.', '!', '?', '…', ':', ';', '”', ')']);
        let end: Vec<char> = said.chars().rev().take(30).collect();
        (!whole).then(|| format!("script of {}: torn: {}", page.id, end.iter().rev().collect::<String>()))
    });
    torn.collect()
}

/// A list that one side or panel has room for is on one; else what goes on elsewhere says of what it is.
fn torn_lists(form: &str, pages: &[Page], sides: &Sides) -> Vec<String> {
    let mut faults = Vec::new();
    let columns = sides.columns(form);
    // Letters of which there is always room.
    let few = if form == "deck" { 260 } else { 400 };
    for page in pages {
        if form == "poster" && matches!(page.body, Body::Guide(_)) {
            continue;
        }
        for block in blocks_of(page) {
            if !matches!(block, Block::List { .. } | Block::Table { .. }) {
                continue;
            }
            // Lines of cells beside each other are read in turn, so of a cell only its first letters stand together.
            let most = if matches!(block, Block::Table { .. }) {
                6
            } else {
                usize::MAX
            };
            let texts = block.texts();
            let texts = texts.iter().map(|it| letters(&it.text()));
            let parts: Vec<String> = texts.map(|it| it.chars().take(most).collect()).collect();
            let whole = columns.iter().any(|it| parts.iter().all(|part| it.contains(part)));
            let all: usize = parts.iter().map(|it| it.chars().count()).sum();
            let says = columns
                .iter()
                .any(|it| it.contains("(tiếp") && it.contains(parts[parts.len() - 1].as_str()));
            if !whole && !says {
                faults.push(format!("{form} of {}: {} goes on without a word", page.id, parts[0]));
            } else if !whole && parts.len() <= 6 && all <= few {
                faults.push(format!("{form} of {}: {} is torn", page.id, parts[0]));
            }
        }
    }
    faults
}

/// No line of a title ends within a word of several syllables.
fn torn_words(form: &str, pages: &[Page], sides: &Sides) -> Vec<String> {
    let mut faults = Vec::new();
    let (_, list) = TITLES.split_once("\"\n").expect("a list");
    let (list, _) = list.split_once("\n  \"").expect("its end");
    let words: Vec<String> = list.split('/').map(|it| it.trim().to_lowercase()).collect();
    for page in pages {
        for line_end in sides.line_ends(&page.title) {
            let line_end = line_end.to_lowercase();
            let line_end = line_end.trim_matches(|c: char| !c.is_alphanumeric());
            if words.iter().any(|it| it == line_end) {
                faults.push(format!("{form}: {} is parted: {line_end}", page.title));
            }
        }
    }
    faults
}

#[test]
fn a_programme_on_a_wall_says_when_and_of_what() {
    let content = content(&folder());
    let out = tempfile::tempdir().expect("a folder");
    let ids: Vec<&str> = content.programmes.iter().map(|it| it.id.as_str()).collect();
    for (form, most) in [("poster", 1), ("poster-a4", 1), ("deck", 3)] {
        let file = out.path().join(form);
        print(form, &folder(), &ids, &file);
        let (text, sides) = (Text::of(&file), Sides::of(&file));
        assert!(sides.count() <= most * ids.len(), "{form}: {}", sides.count());
        sides.expect_within(form);
        for programme in &content.programmes {
            assert!(text.says(&programme.title) && text.says(&programme.summary), "{form}");
            for block in &programme.transcript {
                if let Block::Heading { text: heading } = block
                    && heading.starts_with("Phần")
                {
                    assert!(text.says(heading), "{form} lacks {heading}");
                }
            }
        }
    }
}

#[test]
fn no_fact_says_its_own_name_again() {
    for page in content(&folder()).pages {
        if let Body::Guide(guide) = &page.body {
            let facts = [
                ("Lệ phí", &guide.cost),
                ("Bao lâu", &guide.time),
                ("Làm ở đâu", &guide.place),
            ];
            for (name, fact) in facts {
                assert!(!fact.starts_with(name), "{}: {name}: {fact}", page.id);
            }
        }
    }
}
