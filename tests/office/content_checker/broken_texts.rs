//! Whatever stands in a file, the checker answers with faults that can be shown.

use chrono::NaiveDate;
use commune_kiosk::content::faults;
use commune_kiosk::content::source;
use proptest::prelude::*;

use crate::content_checker::folder::{ARTICLE, Folder, GUIDE, QUIZ};

/// Pieces that mean something to TOML, to Markdown or to us, and letters of more than one byte.
const PIECES: [&str; 28] = [
    "+++",
    "\"",
    "\"\"\"",
    "[[",
    "]]",
    "=",
    "\n",
    "\n\n",
    "{{",
    "}}",
    "{{commune.name}}",
    "**",
    "~~",
    "`",
    "```",
    "> ",
    "[!CANH-BAO]",
    "![](",
    "](page:",
    "<",
    "&amp;",
    "## ",
    "- ",
    "1. ",
    "|a|\n|-|",
    "\\",
    "đ",
    "ề́\u{200b}",
];

fn any_change() -> impl Strategy<Value = (&'static str, f64, usize, String)> {
    let file = prop::sample::select(vec![
        GUIDE,
        ARTICLE,
        QUIZ,
        "sections.toml",
        "commune.toml",
        "calendar.toml",
        "style.toml",
    ]);
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..4);
    (file, 0.0..1.0, 0..6_usize, pieces.prop_map(|pieces| pieces.concat()))
}

/// Replaces a few letters somewhere in a text.
fn change(text: &str, at: f64, letters: usize, by: &str) -> String {
    let count = text.chars().count();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let at = (at * count as f64) as usize;
    let before: String = text.chars().take(at).collect();
    before + by + &text.chars().skip(at + letters).collect::<String>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn any_text_gives_faults_that_can_be_shown(changes in prop::collection::vec(any_change(), 1..4)) {
        let folder = Folder::new();
        for (file, at, letters, by) in changes {
            let path = folder.0.path().join(file);
            let text = std::fs::read_to_string(path).expect("a text");
            folder.write(file, change(&text, at, letters, &by));
        }
        let checked = source::read(folder.0.path(), NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day"));
        for fault in &checked.faults {
            let place = &fault.place;
            if let Some(text) = checked.texts.get(&place.file).filter(|_| place.line > 0) {
                prop_assert!(text.get(place.span.clone()).is_some(), "{fault:?} in {text:?}");
            }
        }
        let (errors, _) = faults::count(&checked.faults);
        prop_assert_eq!(checked.content.is_some(), errors == 0);
        prop_assert_eq!(checked.report(false).matches("╭─[").count(), checked.faults.len());
    }
}
