//! A recording is put into the author's folder: what `office audio add`, `office audio voice` and `office radio --on-kiosk` share.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{Local, NaiveDate};
use commune_kiosk::content::aloud::{self, Line, Part};
use commune_kiosk::content::model::{Body, Content, Said};
use commune_kiosk::content::vietnamese::spoken::Pronunciations;
use commune_kiosk::files::Files;
use commune_kiosk::office::audio::{Converted, Level};

/// Who speaks.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    pub voice: &'a str,
    /// Where the paper lies by which they agreed.
    pub consent: &'a str,
    pub machine: bool,
}

/// A machine, which nobody has to ask.
pub const MACHINE: Speaker<'static> = Speaker {
    voice: "Giọng máy",
    consent: "Giọng máy, không cần giấy đồng ý",
    machine: true,
};

/// Writes a recording and what stands beside it; where the sound is.
///
/// # Errors
/// The folder can't be written to.
pub fn take(
    dir: &Path,
    (said, parts): (Said<'_>, &[Part]),
    pronunciations: &Pronunciations,
    converted: &Converted,
    speaker: Speaker<'_>,
) -> Result<PathBuf> {
    let folder = dir.join("recordings");
    fs::create_dir_all(&folder).with_context(|| format!("không tạo được thư mục {}", folder.display()))?;
    let stem = stem(&folder, said);
    let lines: Vec<Line> = parts.iter().flat_map(|part| part.lines.clone()).collect();
    let mut note = note(said, &aloud::fingerprint(&lines, pronunciations), converted, speaker);
    if !converted.parts.is_empty() {
        let begins: Vec<String> = converted.parts.iter().map(u32::to_string).collect();
        let lines: Vec<String> = parts.iter().map(|part| part.lines.len().to_string()).collect();
        // How the text was divided tells whether it still is.
        let _ = writeln!(note, "parts = [{}]\nlines = [{}]", begins.join(", "), lines.join(", "));
    }
    for (ending, bytes) in [("opus", converted.opus.as_slice()), ("toml", note.as_bytes())] {
        let path = folder.join(format!("{stem}.{ending}"));
        let written = Files::default().write(&path, bytes);
        written.with_context(|| format!("không ghi được {}", path.display()))?;
    }
    Ok(folder.join(format!("{stem}.opus")))
}

/// The name of its files. A page may be called as a step of another: `page:a-3` and `page:a/3`.
fn stem(folder: &Path, said: Said<'_>) -> String {
    let stem = said.stem();
    let of = format!("of = \"{said}\"\n");
    let note = fs::read_to_string(folder.join(format!("{stem}.toml")));
    match note {
        Ok(note) if !note.starts_with(&of) => format!("{stem}-b"),
        _ => stem,
    }
}

/// What stands beside the sound.
fn note(said: Said<'_>, fingerprint: &str, converted: &Converted, speaker: Speaker<'_>) -> String {
    let today: NaiveDate = Local::now().date_naive();
    let quoted = |words: &str| words.replace('\\', "\\\\").replace('"', "\\\"");
    let mut note = format!(
        "of = \"{said}\"\ntext = \"{fingerprint}\"\nsound = \"{}\"\nseconds = {}\nvoice = \"{}\"\nconsent = \"{}\"\nrecorded = {today}\n",
        blake3::hash(&converted.opus).to_hex(),
        whole_seconds(converted),
        quoted(speaker.voice),
        quoted(speaker.consent),
    );
    if speaker.machine {
        note.push_str("machine = true\n");
    }
    // Writing to a string can't fail.
    let _ = write!(
        note,
        "loudness = \"{}\"\nloudness_before = \"{}\"\n",
        level(converted.after),
        level(converted.before)
    );
    note
}

/// Everything that can be read aloud: pages with their steps and programmes first.
pub fn everything(content: &Content) -> Vec<Said<'_>> {
    let mut all = Vec::new();
    for page in &content.pages {
        all.push(Said::Page(&page.id));
        if let Body::Guide(guide) = &page.body {
            all.extend((0..guide.steps.len()).map(|step| Said::Step(&page.id, step)));
        }
    }
    all.extend(content.programmes.iter().map(|it| Said::Programme(&it.id)));
    all.extend(content.notices.iter().map(|it| Said::Notice(&it.id)));
    let questions = content.quizzes.iter().flat_map(|quiz| &quiz.questions);
    all.extend(questions.map(|it| Said::Question(&it.id)));
    all
}

/// How long it lasts, as it is shown.
pub fn whole_seconds(converted: &Converted) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an hour at most")]
    let seconds = converted.seconds.round().max(1.0) as u32;
    seconds
}

/// How loud, in words.
pub fn level(level: Level) -> String {
    format!("{:.1} LUFS, đỉnh {:.1} dBTP", level.loudness, level.peak).replace('.', ",")
}

/// Minutes and seconds, as players show them.
pub fn clock(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
