//! The interface speaks English too: every Vietnamese sentence of `ui/` stands in the English catalogue, and nothing
//! else does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const CATALOGUE: &str = "lang/en/LC_MESSAGES/commune-kiosk-ui.po";

#[test]
fn a_visitor_finds_every_word_of_the_screen_in_english() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut sentences = BTreeSet::new();
    collect_sentences(&ui, &mut sentences);
    assert!(sentences.contains("Trang chủ"), "only {sentences:?} was read");
    let catalogue = entries(&fs::read_to_string(ui.join(CATALOGUE)).unwrap());

    let faults = faults(&sentences, &catalogue);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn a_forgotten_a_leftover_and_a_garbled_sentence_are_named() {
    let mut sentences = BTreeSet::new();
    sentences_of(
        r#"
        // text: @tr("Ghi chú");
        text: root.shop == "http://" ? @tr("Bước {} trong {}", 1, 2) : @tr( "Lên" ) + @tr("Xuống");
        text: @tr("Mới");
        "#,
        &mut sentences,
    );
    let catalogue = entries(
        r#"
msgid ""
msgstr "Language: en\n"

# A comment.
msgid "Bước {} "
"trong {}"
msgstr "Step {}"

msgid "Lên"
msgstr ""

#, fuzzy
msgid "Xuống"
msgstr "Down"

msgid "Cũ"
msgstr "Old"

msgctxt "App"
msgid "Mới"
msgstr "New"
"#,
    );
    assert_eq!(
        faults(&sentences, &catalogue),
        [
            "“Bước {} trong {}” has 2 {}, but 1 in English: “Step {}”",
            "“Lên” has no English",
            "“Mới” has no English",
            "“Xuống” has no English",
            "“App: Mới” is in the catalogue, but nowhere on the screen",
            "“Cũ” is in the catalogue, but nowhere on the screen",
        ]
    );
}

fn faults(sentences: &BTreeSet<String>, catalogue: &BTreeMap<String, String>) -> Vec<String> {
    let holes = |text: &str| text.matches("{}").count();
    let mut faults = Vec::new();
    for sentence in sentences {
        match catalogue.get(sentence).filter(|english| !english.is_empty()) {
            None => faults.push(format!("“{sentence}” has no English")),
            Some(english) if holes(sentence) != holes(english) => faults.push(format!(
                "“{sentence}” has {} {{}}, but {} in English: “{english}”",
                holes(sentence),
                holes(english)
            )),
            Some(_) => {}
        }
    }
    let unused = catalogue.keys().filter(|sentence| !sentences.contains(*sentence));
    faults.extend(unused.map(|sentence| format!("“{sentence}” is in the catalogue, but nowhere on the screen")));
    faults
}

fn collect_sentences(folder: &Path, sentences: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_sentences(&path, sentences);
        } else if path.extension().is_some_and(|extension| extension == "slint") {
            sentences_of(&fs::read_to_string(&path).unwrap(), sentences);
        }
    }
}

/// What stands in `@tr("…")`, escapes as they are written.
fn sentences_of(source: &str, sentences: &mut BTreeSet<String>) {
    let mut rest = source;
    let mut in_tr = false;
    while let Some(at) = rest.find(['"', '/', '@']) {
        rest = &rest[at..];
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
        } else if let Some((literal, after)) = quoted(rest) {
            rest = after;
            if in_tr {
                let is_alone = rest.trim_start().starts_with([',', ')']);
                assert!(
                    is_alone,
                    "“{literal}” has a context or a plural, which this test can't read"
                );
                sentences.insert(literal.to_owned());
                in_tr = false;
            }
        } else {
            let call = rest.strip_prefix("@tr").map(str::trim_start);
            in_tr = call.is_some_and(|call| call.starts_with('('));
            rest = &rest[1..];
        }
    }
}

/// The English of each sentence of a catalogue, empty where it is only a guess ("fuzzy"). The build knows no contexts: a
/// sentence in one is kept as "context: sentence", which no screen says.
fn entries(catalogue: &str) -> BTreeMap<String, String> {
    let mut english = BTreeMap::new();
    for entry in catalogue.split("\n\n") {
        let mut parts: BTreeMap<&str, String> = BTreeMap::new();
        let mut name = "";
        let is_guess = entry
            .lines()
            .any(|line| line.starts_with("#,") && line.contains("fuzzy"));
        for line in entry.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (word, literal) = line.split_at(line.find('"').expect(line));
            if !word.is_empty() {
                name = word.trim_end();
            }
            let (literal, _) = quoted(literal).expect(line);
            parts.entry(name).or_default().push_str(literal);
        }
        let Some(mut sentence) = parts.remove("msgid").filter(|sentence| !sentence.is_empty()) else {
            continue;
        };
        if let Some(context) = parts.remove("msgctxt") {
            sentence = format!("{context}: {sentence}");
        }
        let translation = parts.remove("msgstr").filter(|_| !is_guess).unwrap_or_default();
        let before = english.insert(sentence.clone(), translation);
        assert_eq!(before, None, "“{sentence}” is in the catalogue twice");
    }
    english
}

/// The inside of the quoted text that `source` begins with, and what follows it.
fn quoted(source: &str) -> Option<(&str, &str)> {
    let inside = source.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = inside.find(|letter| {
        let ends = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends
    })?;
    Some((&inside[..end], &inside[end + 1..]))
}
