//! What the office needs to speak: `spoken.toml`, how words are said, and `voice.toml`, the program that says them.
//!
//! Nothing of either goes into the pack. Begin with [`pronunciations`].

use super::fields::{Fields, Located};
use super::file::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;
use crate::content::vietnamese::spoken::Pronunciations;

/// So many words nobody looks after.
const MOST_WORDS: usize = 500;

/// The longest word, and the longest that is said for it, in letters.
const LONGEST: usize = 100;

/// So many parts a command has at most.
const MOST_PARTS: usize = 50;

/// Reads `spoken.toml`.
pub(super) fn pronunciations(file: &SourceFile, notes: &mut Notes) -> Pronunciations {
    let mut pairs = Fields::of_file(file, notes).into_texts(notes);
    pairs.sort_by_key(|(written, _)| written.span.start);
    if let Some((first_too_many, _)) = pairs.get(MOST_WORDS) {
        let message = format!("Tệp có {} từ, nhiều nhất là {MOST_WORDS}", pairs.len());
        let place = file.place(first_too_many.span.clone());
        notes.add(Fault::error("too-many-words", place, message).help("Hãy xoá những từ không còn dùng trong bài."));
        pairs.truncate(MOST_WORDS);
    }
    pairs.retain(|(written, said)| check(file, written, said, notes));
    let pairs = pairs.into_iter().map(|(written, said)| (written.value, said.value));
    Pronunciations::new(pairs)
}

/// Whether a pair can be said. What is missing has been reported.
fn check(file: &SourceFile, written: &Located<String>, said: &Located<String>, notes: &mut Notes) -> bool {
    let mut fault = |code, located: &Located<String>, message: String, help: &str| {
        notes.add(Fault::error(code, file.place(located.span.clone()), message).help(help));
        false
    };
    let long = [written, said]
        .into_iter()
        .find(|text| text.value.chars().count() > LONGEST);
    if let Some(long) = long {
        let message = format!("Dài {} chữ cái, nhiều nhất là {LONGEST}", long.value.chars().count());
        return fault("too-long", long, message, "Tệp này chỉ ghi từng từ, không ghi cả câu.");
    }
    if !written.value.contains(char::is_alphanumeric) {
        let message = format!("\"{}\" không phải là từ", written.value);
        return fault(
            "wrong-value",
            written,
            message,
            "Bên trái ghi từ như trong bài, ví dụ \"VNeID\".",
        );
    }
    let is_sayable = |letter: char| letter.is_alphabetic() || matches!(letter, ' ' | '-' | ',');
    let is_in_words = said.value.contains(char::is_alphabetic) && said.value.chars().all(is_sayable);
    if !(is_in_words || said.value.is_empty()) {
        let message = format!("Cách đọc của \"{}\" phải viết bằng chữ", written.value);
        let help = "Viết đúng như nghe, số cũng viết thành chữ, ví dụ \"VNeID\" = \"vi-en-ai-đi\".";
        return fault("wrong-value", said, message, help);
    }
    !said.value.is_empty()
}

/// Reads `voice.toml`: the program, then what it is started with.
pub(super) fn voice(file: &SourceFile, notes: &mut Notes) -> Vec<String> {
    let mut fields = Fields::of_file(file, notes);
    let mut command = Vec::new();
    if let Some(mut voice) = fields.table("voice", notes) {
        command = voice.texts("command", notes);
        voice.finish(notes);
    }
    fields.finish(notes);
    if let Some(first_too_many) = command.get(MOST_PARTS) {
        let message = format!("Lệnh có {} phần, nhiều nhất là {MOST_PARTS}", command.len());
        notes.add(Fault::error(
            "wrong-value",
            file.place(first_too_many.span.clone()),
            message,
        ));
        return Vec::new();
    }
    command.into_iter().map(|part| part.value).collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    /// What is read of a file, and what is wrong with it.
    fn read<T>(text: &str, read: impl Fn(&SourceFile, &mut Notes) -> T) -> (T, Vec<(&'static str, usize)>) {
        let file = SourceFile {
            name: "spoken.toml".to_owned(),
            text: text.to_owned(),
        };
        let mut notes = Notes::new(NaiveDate::default());
        let read = read(&file, &mut notes);
        let faults = notes.faults.iter().map(|fault| (fault.code, fault.place.line));
        (read, faults.collect())
    }

    #[test]
    fn words_are_read_and_faults_are_told_with_their_lines() {
        let (table, faults) = read("\"VNeID\" = \"vi-en-ai-đi\"\nOCOP = \"ô cốp\"\n", pronunciations);
        assert_eq!(
            (table.spoken("OCOP, VNeID").as_str(), faults),
            ("ô cốp, vi-en-ai-đi", vec![])
        );
        let long = format!("\"a\" = \"{}\"", "a ".repeat(60));
        for (text, code) in [
            ("# không có gì", None),
            ("\"a\" = \"\"", Some("empty-text")),
            ("\"a\" = 5", Some("wrong-type")),
            ("\"a\" = \"5 đồng\"", Some("wrong-value")),
            ("\"a\" = \"-\"", Some("wrong-value")),
            ("\"…\" = \"ba chấm\"", Some("wrong-value")),
            ("a = \"b\"\na = \"c\"", Some("duplicate-key")),
            ("[tu]\na = \"b\"", Some("wrong-type")),
            (long.as_str(), Some("too-long")),
        ] {
            let found: Vec<_> = read(text, pronunciations).1.into_iter().map(|(code, _)| code).collect();
            assert_eq!(found, code.into_iter().collect::<Vec<_>>(), "{text}");
        }
        let many: Vec<String> = (0..502).map(|number| format!("\"w{number}\" = \"a\"\n")).collect();
        assert_eq!(read(&many.concat(), pronunciations).1, [("too-many-words", 501)]);
    }

    #[test]
    fn a_voice_is_a_command_in_parts() {
        let (command, faults) = read("[voice]\ncommand = [\"espeak-ng\", \"-v\", \"vi\"]\n", voice);
        assert_eq!((command.join(" ").as_str(), faults), ("espeak-ng -v vi", vec![]));
        for (text, code) in [
            ("", "missing-key"),
            ("[voice]", "missing-key"),
            ("[voice]\ncommand = []", "empty-text"),
            ("[voice]\ncommand = \"espeak-ng\"", "wrong-type"),
            ("voice = \"espeak-ng\"", "wrong-type"),
            ("[voice]\ncommand = [\"a\"]\nspeed = 2", "unknown-key"),
        ] {
            let found: Vec<_> = read(text, voice).1.into_iter().map(|(code, _)| code).collect();
            assert_eq!(found, [code], "{text}");
        }
    }
}
