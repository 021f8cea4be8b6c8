//! Recordings of the parts of one text: files in a folder that are called by their numbers, `01.wav`, `02.m4a` … Begin with [`numbered`].

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// What a recording may end with.
const ENDINGS: [&str; 8] = ["wav", "mp3", "m4a", "mp4", "aac", "ogg", "opus", "flac"];

/// Why the files don't fit the parts, in Vietnamese.
#[derive(Debug, Error)]
pub enum NumberedError {
    /// Some parts are recorded, and others not.
    #[error("còn thiếu bài thu số {}", numbers(.0))]
    Missing(Vec<usize>),
    /// Two files say they are the same part.
    #[error("có hai bài thu số {0:02}; hãy giữ một tệp")]
    Twice(usize),
    /// A file for a part that the text has not.
    #[error("có bài thu số {0:02}, nhưng chỉ cần {1} bài thu; hãy xem lại có đúng bài không")]
    Beyond(usize, usize),
    /// A recording of which nobody can tell which part it is: perhaps a newer one than that which would be taken.
    #[error(
        "không rõ \"{0}\" là bài thu số mấy; hãy đặt tên bằng số (01.wav, 02.wav …), hoặc bỏ tệp ấy ra khỏi thư mục"
    )]
    Unnamed(String),
    /// The folder can't be read.
    #[error("không đọc được thư mục ({0})")]
    Io(#[from] io::Error),
}

fn numbers(parts: &[usize]) -> String {
    let numbers: Vec<String> = parts.iter().map(|number| format!("{number:02}")).collect();
    numbers.join(", ")
}

/// The recordings of so many parts, in their order; none at all if nothing in the folder is called by a number.
///
/// # Errors
/// One is missing, or there are too many.
pub fn numbered(folder: &Path, all: usize) -> Result<Vec<PathBuf>, NumberedError> {
    let mut parts: BTreeMap<usize, PathBuf> = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(number) = number_of(&path) else {
            match path.file_name().map(|name| name.to_string_lossy().into_owned()) {
                Some(name) if is_sound(&path) && !name.starts_with('.') => return Err(NumberedError::Unnamed(name)),
                _ => continue,
            }
        };
        if parts.insert(number, path).is_some() {
            return Err(NumberedError::Twice(number));
        }
    }
    if let Some(beyond) = parts.keys().find(|number| !(1..=all).contains(*number)) {
        return Err(NumberedError::Beyond(*beyond, all));
    }
    let missing: Vec<usize> = (1..=all).filter(|number| !parts.contains_key(number)).collect();
    if parts.is_empty() || missing.is_empty() {
        Ok(parts.into_values().collect())
    } else {
        Err(NumberedError::Missing(missing))
    }
}

/// Which part a file is: the number that it is called, if it is a sound.
fn number_of(path: &Path) -> Option<usize> {
    let stem = path.file_stem()?.to_str()?;
    let is_number = !stem.is_empty() && stem.len() <= 4 && stem.bytes().all(|byte| byte.is_ascii_digit());
    (is_sound(path) && is_number).then(|| stem.parse().ok())?
}

fn is_sound(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_called_by_their_numbers() {
        for (name, number) in [
            ("01.wav", Some(1)),
            ("7.MP3", Some(7)),
            ("112.m4a", Some(112)),
            ("01.txt", None),
            ("a1.wav", None),
            ("-1.wav", None),
            (".wav", None),
            ("12345.wav", None),
        ] {
            assert_eq!(number_of(Path::new(name)), number, "{name}");
        }
    }
}
