//! The rooms of the house and the doors between them: which room may name which, and what no room may name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room, and the rooms it may know. A new room is entered here first. The two wings have rooms of their own.
const ROOMS: [(&str, &[&str]); 27] = [
    ("files", &[]),
    ("bundle", &[]),
    ("content", &["files"]),
    ("usage", &["files"]),
    ("kiosk::slots", &["files", "content", "bundle"]),
    ("kiosk::device", &["files", "usage"]),
    (
        "kiosk::sync",
        &["files", "bundle", "usage", "kiosk::slots", "kiosk::device"],
    ),
    ("kiosk::session", &["content", "usage"]),
    ("kiosk::sound", &["content", "kiosk::session"]),
    (
        "kiosk::screen",
        &[
            "content",
            "usage",
            "kiosk::device",
            "kiosk::slots",
            "kiosk::sync",
            "kiosk::session",
            "kiosk::sound",
        ],
    ),
    ("office::programs", &[]),
    ("office::audio", &["content", "office::programs"]),
    (
        "office::radio",
        &["content", "office::audio", "office::programs", "office::words"],
    ),
    (
        "office::publish",
        &["files", "content", "office::radio", "office::report", "office::words"],
    ),
    ("office::rounding", &["usage"]),
    ("office::words", &["usage", "office::rounding"]),
    ("office::figures", &["usage", "office::rounding"]),
    ("office::password", &[]),
    ("office::titles", &["content"]),
    ("office::plan", &["content", "office::words"]),
    (
        "office::chart",
        &["usage", "office::figures", "office::titles", "office::words"],
    ),
    (
        "office::store",
        &["files", "usage", "office::plan", "office::rounding", "office::titles"],
    ),
    (
        "office::receive",
        &["bundle", "usage", "office::store", "office::words"],
    ),
    (
        "office::packs",
        &["files", "bundle", "content", "office::store", "office::titles"],
    ),
    (
        "office::report",
        &[
            "usage",
            "office::chart",
            "office::figures",
            "office::plan",
            "office::rounding",
            "office::titles",
            "office::words",
        ],
    ),
    (
        "office::reporting",
        &[
            "usage",
            "office::figures",
            "office::plan",
            "office::report",
            "office::rounding",
            "office::store",
            "office::titles",
        ],
    ),
    (
        "office::serve",
        &[
            "bundle",
            "content",
            "usage",
            "office::chart",
            "office::figures",
            "office::packs",
            "office::password",
            "office::plan",
            "office::publish",
            "office::receive",
            "office::report",
            "office::reporting",
            "office::rounding",
            "office::store",
            "office::titles",
            "office::words",
        ],
    ),
];

/// The folders that have rooms of their own.
const WINGS: [&str; 2] = ["kiosk", "office"];

/// Rooms into which time comes as an argument.
const WITHOUT_A_CLOCK: [&str; 4] = ["bundle", "content", "usage", "kiosk::session"];

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

    /// The names of the modules that lead to it.
    fn path_of_module(&self) -> Vec<String> {
        let inside = self
            .path
            .strip_prefix(sources())
            .expect("under src/")
            .with_extension("");
        let names = inside.iter().map(|name| name.to_str().expect("a name").to_owned());
        let mut names: Vec<String> = names.collect();
        names.pop_if(|name| name == "mod");
        names
    }

    /// The room it belongs to; a wing's own `mod.rs` is none.
    fn room(&self) -> String {
        room_of(&self.path_of_module())
    }

    /// Where it names one of these, as `src/usage/log.rs:12: Instant::now`.
    fn naming(&self, words: &[&str]) -> Vec<String> {
        let found = self.lines.iter().flat_map(|(number, line)| {
            let named = words.iter().filter(|word| line.contains(**word));
            named.map(move |word| format!("{}:{number}: {word}", self.path.display()))
        });
        found.collect()
    }

    /// The rooms it names.
    fn rooms_named(&self) -> BTreeSet<String> {
        self.paths_named().iter().map(|path| room_of(path)).collect()
    }

    /// What it names of the house, each from the ground floor on: by `crate::usage::…`, `super::store::…`, `use crate::{usage, …}`.
    fn paths_named(&self) -> Vec<Vec<String>> {
        let own = self.path_of_module();
        let lines: Vec<&str> = self.lines.iter().map(|(_, line)| line.as_str()).collect();
        let text = lines.join("\n");
        let mut named = Vec::new();
        let starts = |word| text.match_indices(word).map(|(start, _)| start);
        for start in starts("crate::").chain(starts("super::")) {
            let before = text[..start].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let mut path = &text[start..];
            let mut from = if path.starts_with("crate::") {
                path = &path["crate::".len()..];
                Vec::new()
            } else {
                let mut from = own.clone();
                while let Some(rest) = path.strip_prefix("super::") {
                    from.pop();
                    path = rest;
                }
                from
            };
            // A room's name has two parts at most; a group stands behind them or in their place.
            while let Some((name, rest)) = first_name(path) {
                from.push(name.to_owned());
                path = rest;
            }
            let group = path.strip_prefix('{').and_then(|group| group.split('}').next());
            let grouped = group
                .unwrap_or_default()
                .split(',')
                .filter_map(|name| first_name(&format!("{}::", name.trim())).map(|(name, _)| name.to_owned()));
            let in_group: Vec<Vec<String>> = grouped.map(|name| [from.clone(), vec![name]].concat()).collect();
            // What stands before a group is a folder; else the last name may be a function or a type of it.
            if in_group.is_empty() {
                let end = path
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(path.len());
                from.push(path[..end].to_owned());
                named.push(from);
            } else {
                named.extend(in_group);
            }
        }
        named
    }
}

/// The first name of a path with more behind it, and the rest.
fn first_name(path: &str) -> Option<(&str, &str)> {
    let (name, rest) = path.split_once("::")?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then_some((name, rest))
}

/// The room of a module: its first name, or in a wing its first two.
fn room_of(path: &[String]) -> String {
    let names = if path.first().is_some_and(|name| WINGS.contains(&name.as_str())) {
        2
    } else {
        1
    };
    path[..names.min(path.len())].join("::")
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
    sources.retain(|source| rooms.contains(&source.room().as_str()));
    assert!(!sources.is_empty(), "no files in {rooms:?}");
    sources
}

#[test]
fn every_room_is_in_the_plan() {
    for source in all() {
        let room = source.room();
        let is_door = room == "lib" || room == "bin" || WINGS.contains(&room.as_str());
        let known = is_door || ROOMS.iter().any(|(name, _)| *name == room);
        assert!(known, "{}: which rooms may {room} know?", source.path.display());
    }
}

#[test]
fn doors_lead_down_only() {
    let mut faults = Vec::new();
    for (room, may_know) in ROOMS {
        for source in of(&[room]) {
            for named in source.rooms_named() {
                let is_room = ROOMS.iter().any(|(name, _)| *name == named);
                if is_room && named != room && !may_know.contains(&named.as_str()) {
                    faults.push(format!("{}: {room} knows {named}", source.path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whoever reads a file reads those that it imports first; in a circle there is no first. A folder's own file names those inside of it, and
/// they may name it: they are one.
#[test]
fn no_files_import_each_other() {
    let sources = all();
    let files: BTreeSet<Vec<String>> = sources.iter().map(Source::path_of_module).collect();
    let mut imports: Vec<(Vec<String>, BTreeSet<Vec<String>>)> = Vec::new();
    for source in sources.iter().filter(|source| source.room() != "bin") {
        let own = source.path_of_module();
        let file_of = |path: &Vec<String>| {
            let mut lengths = (1..=path.len()).rev();
            lengths.find_map(|length| files.get(&path[..length]).cloned())
        };
        let mut named: BTreeSet<Vec<String>> = source.paths_named().iter().filter_map(file_of).collect();
        named.retain(|other| !own.starts_with(other) && !other.starts_with(&own));
        imports.push((own, named));
    }
    // Whoever imports none of those left, or is imported by none of them, stands in no circle.
    loop {
        let left: BTreeSet<Vec<String>> = imports.iter().map(|(file, _)| file.clone()).collect();
        let imported: BTreeSet<Vec<String>> = imports.iter().flat_map(|(_, named)| named.clone()).collect();
        imports.retain(|(file, named)| imported.contains(file) && !named.is_disjoint(&left));
        if imports.len() == left.len() {
            break;
        }
    }
    let circle: Vec<String> = imports.iter().map(|(file, _)| file.join("::")).collect();
    assert!(circle.is_empty(), "these import each other: {}", circle.join(", "));
}

#[test]
fn no_wing_knows_the_other() {
    for (room, may_know) in ROOMS {
        let wing = WINGS.into_iter().find(|wing| room.starts_with(wing));
        let others: Vec<&str> = WINGS.into_iter().filter(|other| Some(*other) != wing).collect();
        let strangers = may_know
            .iter()
            .filter(|known| others.iter().any(|other| known.starts_with(other)));
        assert_eq!(strangers.count(), 0, "{room}");
    }
}

#[test]
fn only_the_screen_knows_slint() {
    let mut sources = all();
    sources.retain(|source| !["kiosk::screen", "bin"].contains(&source.room().as_str()));
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
    let faults: Vec<String> = of(&["kiosk::session"])
        .iter()
        .flat_map(|source| source.naming(&files))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_search_for_doors_sees_them_all() {
    let named = |file: &str, lines: &[&str]| {
        let lines = lines.iter().map(|line| (1, (*line).to_owned())).collect();
        let path = sources().join(file);
        let named = Source { path, lines }.rooms_named();
        named.into_iter().collect::<Vec<_>>().join(" ")
    };
    let session = [
        "use crate::content::model::Page;",
        "use crate::{kiosk, usage::stamp};",
        "use super::super::device::clock;",
        "fn f() -> crate::kiosk::slots::Slots {",
        "use crate::kiosk::{",
        "    screen::ui,",
        "    sync,",
        "};",
    ];
    assert_eq!(
        named("kiosk/session/rows.rs", &session),
        "content kiosk kiosk::device kiosk::screen kiosk::slots kiosk::sync usage"
    );
    let office = [
        "use super::database::Value;",
        "use super::super::figures;",
        "use super::super::{chart, words};",
    ];
    assert_eq!(
        named("office/store/bundles.rs", &office),
        "office::chart office::figures office::store office::words"
    );
    assert_eq!(
        named("office/receive.rs", &["use super::store::{Store, Kept};"]),
        "office::store"
    );
    assert_eq!(
        named(
            "office/serve/mod.rs",
            &["use super::receive::Receiver;", "use crate::files;"]
        ),
        "files office::receive"
    );
}
