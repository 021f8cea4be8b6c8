//! Wrong tries at the PIN, remembered over a start of the program: one small file with a number. What a later program says behind it is
//! passed over (docs/decisions/015).
//!
//! Whoever pulls the plug shortens no wait. A file that can't be read is no try: staff are not to be locked out by a card.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use commune_kiosk::files::Files;

/// The file in the data folder.
const FILE: &str = "pin-tries";

/// So many bytes of the file are read; ours have ten at most.
const MOST: u64 = 4096;

/// How many there were since the last right one.
pub fn read(data: &Path) -> u32 {
    let mut bytes = Vec::new();
    let read = File::open(data.join(FILE)).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    // The end may be in the middle of a letter.
    let text = String::from_utf8_lossy(&bytes);
    let first = read.ok().and_then(|_| text.split_whitespace().next());
    first.and_then(|tries| tries.parse().ok()).unwrap_or(0)
}

/// Remembers so many.
pub fn write(data: &Path, tries: u32) {
    let (files, file) = (Files::default(), data.join(FILE));
    let written = match tries {
        0 => files.remove(&file),
        tries => files.write(&file, tries.to_string().as_bytes()),
    };
    if let Err(error) = written {
        tracing::warn!("the tries at the PIN can't be written down: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn tries_are_remembered_until_a_right_one_and_what_makes_no_sense_is_none() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(read(dir.path()), 0);
        for tries in [1, 2, u32::MAX, 0] {
            write(dir.path(), tries);
            assert_eq!(read(dir.path()), tries);
        }
        assert_eq!(
            fs::read_dir(dir.path()).expect("a folder").count(),
            0,
            "nothing is left"
        );
        for damage in ["", "-1", "99999999999", "\0\0", "một"] {
            fs::write(dir.path().join(FILE), damage).expect("written");
            assert_eq!(read(dir.path()), 0, "{damage:?}");
        }
        write(Path::new("/proc/no-card"), 3);
    }

    #[test]
    fn tries_are_understood_also_if_a_later_program_says_more() {
        let form = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/forms/notes-1")
            .join(FILE);
        let form = fs::read_to_string(form).expect("a stored form");
        let dir = tempfile::tempdir().expect("a folder");
        let long = format!("{form} {}", "ộ".repeat(4096));
        for note in [&form, &format!("{form} of 5\nsince 2027-01-04\n"), &long] {
            fs::write(dir.path().join(FILE), note).expect("written");
            assert_eq!(read(dir.path()), 3, "{note}");
        }
    }
}
