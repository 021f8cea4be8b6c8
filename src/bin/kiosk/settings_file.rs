//! The text of `kiosk.toml`, whatever editor wrote it. Refuses what is far too long. Begin with [`read()`].

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a file of settings that are read: a hundred times what they need.
const MOST_BYTES: u64 = 256 * 1024;

/// What TOML allows nowhere: it costs the table in which it stands, and the log names the line.
const SPOILED: char = '\u{1}';

/// Reads it.
///
/// # Errors
/// It can't be read, or is far too long to be what it should.
pub fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(text_of(&bytes))
}

/// The text of a file that any editor may have written: UTF-8, or UTF-16 as Notepad writes it, with any ends of lines. A letter in an
/// older way of writing is passed over in a remark; elsewhere nobody knows what is meant, and the line is spoiled.
fn text_of(bytes: &[u8]) -> String {
    let wide = |of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].as_chunks().0.iter().map(|pair| of(*pair)).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines = text
        .split('\n')
        .map(|line| match line.find(char::REPLACEMENT_CHARACTER) {
            Some(at) if !is_remark(&line[..at]) => line.replace(char::REPLACEMENT_CHARACTER, &SPOILED.to_string()),
            _ => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether what follows this beginning of a line is a remark: a "#" stands outside of quotes.
fn is_remark(beginning: &str) -> bool {
    let mut quote = None;
    for letter in beginning.chars() {
        match (quote, letter) {
            (None, '#') => return true,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn written(bytes: &[u8]) -> io::Result<String> {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("kiosk.toml");
        fs::write(&file, bytes).expect("written");
        read(&file)
    }

    /// Notepad, an old Mac.
    #[test]
    fn a_file_of_any_editor_is_the_same_text() {
        let text = "# Sảnh\nstaff_pin = \"hash\"\n";
        let wide = |of: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(of).collect::<Vec<u8>>();
        for bytes in [
            text.as_bytes().to_vec(),
            [&[0xff, 0xfe][..], &wide(u16::to_le_bytes)].concat(),
            [&[0xfe, 0xff][..], &wide(u16::to_be_bytes)].concat(),
            text.replace('\n', "\r").into_bytes(),
            text.replace('\n', "\r\n").into_bytes(),
        ] {
            assert_eq!(written(&bytes).expect("read"), text, "{bytes:?}");
        }
    }

    /// A remark of an old editor is nobody's setting; of a password with a letter that nobody can read nothing is left to guess.
    #[test]
    fn a_letter_in_an_older_way_of_writing_spoils_its_line_but_no_remark() {
        for (line, is_spoiled) in [
            (&b"# S\xe3nh"[..], false),
            (b"staff_pin = \"hash\" # S\xe3nh", false),
            (b"password = 'it''s' # \xe3", false),
            (b"password = \"m\xe3t # kh\xe2u\"", true),
            (b"password = \"# m\xe3t\"", true),
            (b"S\xe3nh = 1", true),
        ] {
            let text = written(line).expect("read");
            assert_eq!(text.contains(SPOILED), is_spoiled, "{text:?}");
        }
    }

    #[test]
    fn a_file_that_is_far_too_long_is_not_read() {
        assert!(written("#".repeat(300 * 1024).as_bytes()).is_err());
    }
}
