//! Cargo compiles a library anew for each set of features, and everything that is built on it. The kiosk alone (`make run`), the
//! programs and their tests (`make test`) ask for the same, so that whoever begins waits once for each library.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Each library of the programs, with every set of features that it is compiled with. Without what only runs while compiling: that is
/// a build of its own wherever it stands.
fn libraries(asked: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let tree = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--prefix",
            "none",
            "--no-dedupe",
            "--format",
            "{p}|{f}",
        ])
        .args(asked)
        .output()
        .expect("cargo");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let mut libraries: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(tree.stdout).expect("UTF-8").lines() {
        // Other lines are headings: whose dependencies follow.
        let Some((library, features)) = line.split_once('|') else {
            continue;
        };
        // Ours stand in a folder, and are compiled with the features that were asked for.
        if !library.contains(" (/") {
            libraries
                .entry(library.to_owned())
                .or_default()
                .insert(features.to_owned());
        }
    }
    libraries
}

#[test]
fn whoever_runs_the_kiosk_and_tests_it_then_compiles_no_library_twice() {
    let kiosk = libraries(&[
        "--edges",
        "normal,no-proc-macro",
        "--no-default-features",
        "--features",
        "kiosk",
    ]);
    let programs = libraries(&["--edges", "normal,no-proc-macro"]);
    let tests = libraries(&["--edges", "normal,dev,no-proc-macro", "--workspace"]);
    assert!(kiosk.len() > 100 && kiosk.len() < programs.len() && programs.len() < tests.len());
    for (first, then) in [(&kiosk, &programs), (&kiosk, &tests), (&programs, &tests)] {
        for (library, features) in first {
            assert_eq!(
                Some(features),
                then.get(library),
                "{library}: name the features in Cargo.toml"
            );
        }
    }
}

/// The desk has no screen, no stick and no switch: what only the hall's machine needs would have to be installed there for nothing.
#[test]
fn the_office_alone_needs_no_service_of_the_kiosks_machine() {
    let office = libraries(&["--edges", "normal", "--no-default-features", "--features", "office"]);
    assert!(office.len() > 100);
    for name in ["slint", "zbus", "gpiocdev", "input", "drm"] {
        let needed = office.keys().find(|library| library.starts_with(&format!("{name} v")));
        assert_eq!(needed, None);
    }
}
