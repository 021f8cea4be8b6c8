//! The rooms of the house and the doors between them: which room may name which, and what no room may name.

use std::fs;
use std::path::{Path, PathBuf};

/// A room, and the rooms it may know. A new room is entered here first.
const ROOMS: [(&str, &[&str]); 10] = [
    ("files", &[]),
    ("bundle", &[]),
    ("content", &["files"]),
    ("slots", &["files", "content", "bundle"]),
    ("usage", &["files"]),
    ("device", &["usage"]),
    ("sync", &["files", "bundle", "slots", "usage", "device"]),
    ("session", &["content", "usage"]),
    ("office", &["files", "bundle", "content", "usage"]),
    ("screen", &["content", "usage", "device", "slots", "sync", "session"]),
];

/// Rooms into which time comes as an argument.
const WITHOUT_A_CLOCK: [&str; 4] = ["bundle", "content", "usage", "session"];

/// What would be a clock, or a way around waiting for one.
const CLOCKS: [&str; 5] = ["SystemTime", "Instant::now", "Local::now", "Utc::now", "tokio"];

/// What only the screen knows.
const SLINT: [&str; 4] = ["slint::", "slint_", "use slint", "commune_kiosk_ui"];

/// A source file, without comments and tests.
struct Source {
    path: PathBuf,
    lines: Vec<(usize, String)>,
}

impl Source {
    fn read(path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("a source file");
        let all: Vec<&str> = text.lines().collect();
        let tests = all
            .windows(2)
            .position(|two| two[0].trim() == "#[cfg(test)]" && two[1].trim_start().starts_with("mod "));
        let code = all[..tests.unwrap_or(all.len())].iter().enumerate();
        let lines = code
            .map(|(number, line)| (number + 1, line.split("//").next().unwrap_or_default().to_owned()))
            .collect();
        Self { path, lines }
    }

    /// The room it belongs to: the first name under `src/`.
    fn room(&self) -> &str {
        let inside = self.path.strip_prefix(sources()).expect("under src/");
        let first = inside.iter().next().and_then(|name| name.to_str()).expect("a name");
        first.trim_end_matches(".rs")
    }

    /// Where it names one of these, as `src/usage/log.rs:12: Instant::now`.
    fn naming(&self, words: &[&str]) -> Vec<String> {
        let found = self.lines.iter().flat_map(|(number, line)| {
            let named = words.iter().filter(|word| line.contains(**word));
            named.map(move |word| format!("{}:{number}: {word}", self.path.display()))
        });
        found.collect()
    }

    /// The rooms it names, with the line: `crate::usage::…` and `use crate::{usage, …}`.
    fn rooms_named(&self) -> Vec<(usize, String)> {
        let mut named = Vec::new();
        for (number, line) in &self.lines {
            for path in line.split("crate::").skip(1) {
                let end = path.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
                match path.strip_prefix('{') {
                    Some(group) => {
                        let group = group.split(['}', ';']).next().unwrap_or_default().split(',');
                        named.extend(group.map(|name| (*number, first_name(name))));
                    }
                    None => named.push((*number, path[..end.unwrap_or(path.len())].to_owned())),
                }
            }
        }
        named
    }
}

fn first_name(path: &str) -> String {
    path.trim().split("::").next().unwrap_or_default().to_owned()
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn all() -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![sources()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test(&path) {
                found.push(Source::read(path));
            }
        }
    }
    assert!(found.len() > 40, "only {} files under src/", found.len());
    found
}

fn is_test(path: &Path) -> bool {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    name == "tests" || name.ends_with("_tests")
}

/// The files of these rooms.
fn of(rooms: &[&str]) -> Vec<Source> {
    let mut sources = all();
    sources.retain(|source| rooms.contains(&source.room()));
    assert!(!sources.is_empty(), "no files in {rooms:?}");
    sources
}

#[test]
fn every_room_is_in_the_plan() {
    for source in all() {
        let room = source.room();
        let known = room == "lib" || room == "bin" || ROOMS.iter().any(|(name, _)| *name == room);
        assert!(known, "{}: which rooms may {room} know?", source.path.display());
    }
}

#[test]
fn doors_lead_down_only() {
    let mut faults = Vec::new();
    for (room, may_know) in ROOMS {
        for source in of(&[room]) {
            for (line, named) in source.rooms_named() {
                let is_room = ROOMS.iter().any(|(name, _)| *name == named);
                if is_room && named != room && !may_know.contains(&named.as_str()) {
                    faults.push(format!("{}:{line}: {room} knows {named}", source.path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_screen_knows_slint() {
    let mut sources = all();
    sources.retain(|source| !["screen", "bin"].contains(&source.room()));
    let faults: Vec<String> = sources.iter().flat_map(|source| source.naming(&SLINT)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn time_comes_in_as_an_argument() {
    let faults: Vec<String> = of(&WITHOUT_A_CLOCK)
        .iter()
        .flat_map(|source| source.naming(&CLOCKS))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_session_touches_no_file() {
    let files = ["std::fs", "fs::", "File::", "std::net", "std::process"];
    let faults: Vec<String> = of(&["session"])
        .iter()
        .flat_map(|source| source.naming(&files))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_search_for_doors_sees_them_all() {
    let source = Source {
        path: sources().join("session/mod.rs"),
        lines: vec![
            (1, "use crate::content::model::Page;".into()),
            (2, "use crate::{screen, usage::stamp};".into()),
            (3, "fn f() -> crate::device::clock::Clock {".into()),
        ],
    };
    let named: Vec<String> = source.rooms_named().into_iter().map(|(_, name)| name).collect();
    assert_eq!(named, ["content", "screen", "usage", "device"]);
}
