//! Reading the author's folder into memory: which files count, how long they may be, and how their text is cleaned.
//!
//! Follows no links and reads nothing whole whose size isn't bounded first. Knows nothing of what files say. Begin
//! with [`read`].

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::file::SourceFile;
use super::notes::Notes;
use super::{glyphs, media, old_code};
use crate::content::faults::{Fault, Place};

/// Files and folders that a content folder may hold.
const MOST_FILES: usize = 20_000;
/// Folders inside folders; `pages/<section>/` needs two.
const DEEPEST: usize = 8;
/// Longest text of a page, in bytes: six times the longest of the repository. As it is stored, each of its shortest list items takes ten times as
/// much, and no document may be longer than a MiB.
const LONGEST_PAGE: u64 = 96 * 1024;
/// Longest list of questions, topics, events or settings, in bytes.
const LONGEST_LIST: u64 = 384 * 1024;
/// Longest picture or recording, in bytes.
const LONGEST_MEDIA: u64 = 64 * 1024 * 1024;
/// Longest voice that reads a page, in bytes: an hour has 13 MB.
const LONGEST_RECORDING: u64 = 20 * 1024 * 1024;
/// All pictures and recordings together, in bytes: they are held in memory until the pack is written.
const LONGEST_MEDIA_TOGETHER: u64 = 2 * 1024 * 1024 * 1024;

/// What the folder holds.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// By path below the folder.
    pub texts: BTreeMap<String, SourceFile>,
    /// By file name.
    pub media: BTreeMap<String, Vec<u8>>,
    /// Voices that read pages, by file name.
    pub recordings: BTreeMap<String, Vec<u8>>,
}

impl Folder {
    /// Text files directly in a folder, in the order of their names.
    pub(super) fn texts_in<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a SourceFile> {
        self.texts.values().filter(move |file| {
            file.name
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|rest| !rest.contains('/'))
        })
    }
}

/// Reads everything that counts; what can't be read is a fault. `None` if there is no folder at all.
pub(super) fn read(dir: &Path, notes: &mut Notes) -> Option<Folder> {
    if !dir.is_dir() {
        notes.add(Fault::error(
            "missing-folder",
            Place::whole("."),
            "Không có thư mục nội dung này",
        ));
        return None;
    }
    let mut reading = Reading {
        notes,
        folder: Folder::default(),
        files: 0,
        media_bytes: 0,
    };
    reading.walk(dir, "", 0);
    Some(reading.folder)
}

struct Reading<'a> {
    notes: &'a mut Notes,
    folder: Folder,
    files: usize,
    media_bytes: u64,
}

impl Reading<'_> {
    fn fault(&mut self, code: &'static str, name: &str, message: impl Into<String>) {
        self.notes.add(Fault::error(code, Place::whole(name), message));
    }

    fn walk(&mut self, dir: &Path, name: &str, depth: usize) {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) => {
                return self.fault("unreadable", name, format!("Không mở được thư mục ({error})"));
            }
        };
        for entry in entries {
            self.files += 1;
            if self.files > MOST_FILES {
                if self.files == MOST_FILES + 1 {
                    self.fault("too-many-files", ".", format!("Thư mục có hơn {MOST_FILES} tệp"));
                }
                return;
            }
            match entry.and_then(|entry| Ok((entry.path(), entry.file_name(), entry.file_type()?))) {
                Ok((path, file_name, kind)) => {
                    // Composed, because some systems store names decomposed.
                    let file_name: String = file_name.to_string_lossy().nfc().collect();
                    let name = if name.is_empty() {
                        file_name
                    } else {
                        format!("{name}/{file_name}")
                    };
                    self.entry(&path, &name, kind, depth);
                }
                Err(error) => self.fault("unreadable", name, format!("Không đọc được thư mục ({error})")),
            }
        }
    }

    fn entry(&mut self, path: &Path, name: &str, kind: fs::FileType, depth: usize) {
        if is_left_by_a_system(name) {
            return;
        }
        if kind.is_symlink() {
            let name_in_rules = name.to_lowercase();
            self.notes.half_read.insert(format!("{name_in_rules}/"));
            self.notes.half_read.insert(name_in_rules);
            self.fault("symlink", name, "Đây là lối tắt; hãy chép chính tệp đó vào");
        } else if kind.is_dir() {
            if depth < DEEPEST {
                self.walk(path, name, depth + 1);
            } else {
                self.fault("too-deep", name, "Thư mục lồng quá sâu");
            }
        } else if kind.is_file() {
            self.file(path, name);
        } else {
            self.fault("unreadable", name, "Đây không phải là tệp thường");
        }
    }

    fn file(&mut self, path: &Path, name: &str) {
        let parts: Vec<&str> = name.split('/').collect();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        match (parts.as_slice(), ending) {
            (
                [
                    "pack.toml" | "commune.toml" | "sections.toml" | "synonyms.toml" | "calendar.toml" | "topics.toml"
                    | "style.toml" | "spoken.toml" | "voice.toml",
                ],
                _,
            )
            | (["pages", _, _] | ["programmes" | "notices", _], "md")
            | (["quiz" | "recordings", _], "toml") => self.text(path, name),
            (["recordings", file], "opus") => self.recording(path, name, file),
            (["media", file], _) => self.media(path, name, file),
            ([.., file], _) if file.eq_ignore_ascii_case("README.md") => {}
            _ => self.unexpected(name),
        }
    }

    /// A page under another ending, or in another folder, would be missing without a word; other files only take up room.
    fn unexpected(&mut self, name: &str) {
        let (folder, file) = name.split_at(name.rfind('/').map_or(0, |slash| slash + 1));
        let meant = meant(file);
        if let Some(meant) = &meant {
            // As the rules ask for it: what is wrong may be a capital letter.
            self.notes.half_read.insert(format!("{folder}{meant}").to_lowercase());
        }
        self.notes.add(match meant {
            Some(meant) if meant == file => Fault::error("unexpected-file", Place::whole(name), "Tệp này sẽ bị bỏ qua vì không đúng chỗ hoặc không đúng tên")
                .help("Bài ở pages/<mục>/<mã>.md, câu hỏi ở quiz/<mã>.toml, lời phát thanh ở programmes/<mã>.md, thông báo ở notices/<mã>.md, bài thu ở recordings; các tệp .toml khác có tên sẵn, viết chữ thường."),
            Some(meant) => Fault::error("unexpected-file", Place::whole(name), "Tệp này sẽ bị bỏ qua vì đuôi tệp không đúng").help(format!(
                "Hãy đổi tên thành {meant}. Trong Notepad: Lưu thành (Save as), ở ô Kiểu (Save as type) chọn Tất cả (All files)."
            )),
            None => Fault::warning("unexpected-file", Place::whole(name), "Tệp này không được dùng đến")
                .help("Hãy xoá tệp, hoặc chuyển về đúng thư mục và đúng đuôi tệp."),
        });
    }

    fn text(&mut self, path: &Path, name: &str) {
        let is_page = Path::new(name).extension().is_some_and(|ending| ending == "md");
        let Some(bytes) = self.bytes(path, name, if is_page { LONGEST_PAGE } else { LONGEST_LIST }) else {
            self.notes.half_read.insert(name.to_owned());
            return;
        };
        let Ok(text) = String::from_utf8(bytes) else {
            self.notes.half_read.insert(name.to_owned());
            self.notes.add(
                Fault::error("not-utf8", Place::whole(name), "Tệp không dùng bảng mã UTF-8")
                    .help("Trong Notepad: chọn Lưu thành (Save as), ở ô Bảng mã (Encoding) chọn UTF-8."),
            );
            return;
        };
        let file = SourceFile {
            name: name.to_owned(),
            text: clean(&text),
        };
        glyphs::note_file(&file, self.notes);
        old_code::note_file(&file, self.notes);
        self.folder.texts.insert(name.to_owned(), file);
    }

    fn media(&mut self, path: &Path, name: &str, file: &str) {
        let Some(kind) = media::Kind::of(file) else {
            self.notes.add(
                Fault::error("media-kind", Place::whole(name), "Kiểu tệp này không dùng được")
                    .help("Ảnh phải là svg, png, jpg hoặc webp; âm thanh phải là opus hoặc mp3."),
            );
            return;
        };
        let Some(bytes) = self.bytes(path, name, LONGEST_MEDIA) else {
            return;
        };
        self.media_bytes += bytes.len() as u64;
        if self.media_bytes > LONGEST_MEDIA_TOGETHER {
            self.fault("too-large", "media", "Ảnh và âm thanh cộng lại quá lớn");
            return;
        }
        if !kind.matches(&bytes) {
            let message = "Nội dung tệp không đúng với đuôi tệp, hoặc tệp bị hỏng";
            self.fault("damaged-media", name, message);
        }
        self.folder.media.insert(file.to_owned(), bytes);
    }

    fn recording(&mut self, path: &Path, name: &str, file: &str) {
        match self.bytes(path, name, LONGEST_RECORDING) {
            Some(bytes) => {
                self.media_bytes += bytes.len() as u64;
                if self.media_bytes <= LONGEST_MEDIA_TOGETHER {
                    self.folder.recordings.insert(file.to_owned(), bytes);
                } else {
                    self.fault("too-large", "recordings", "Ảnh và âm thanh cộng lại quá lớn");
                }
            }
            // Said already; that it is missing needn't be.
            None => _ = self.notes.half_read.insert(name.to_owned()),
        }
    }

    fn bytes(&mut self, path: &Path, name: &str, most: u64) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        match File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)) {
            Err(error) => {
                self.fault("unreadable", name, format!("Không đọc được tệp ({error})"));
                None
            }
            Ok(_) if bytes.len() as u64 > most => {
                self.fault("too-large", name, format!("Tệp lớn hơn {}", size(most)));
                None
            }
            Ok(_) => Some(bytes),
        }
    }
}

/// As staff see sizes of files.
fn size(bytes: u64) -> String {
    match bytes / 1024 {
        kib @ 0..1024 => format!("{kib} KB"),
        kib => format!("{} MB", kib / 1024),
    }
}

/// What a file of texts should be called that editors have saved as `sao-y.MD`, `sao-y.markdown` or `sao-y.md.txt`.
fn meant(file: &str) -> Option<String> {
    let lower = file.to_ascii_lowercase();
    let (stem, ending) = lower.strip_suffix(".txt").unwrap_or(&lower).rsplit_once('.')?;
    let ending = match ending {
        "md" | "markdown" | "mdown" | "mkd" | "mdx" | "text" => "md",
        "toml" => "toml",
        _ => return None,
    };
    Some(format!("{}.{ending}", &file[..stem.len()]))
}

/// Files that Windows, Word and macOS drop into every folder.
fn is_left_by_a_system(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.starts_with('.')
        || file.starts_with("~$")
        || ["Thumbs.db", "desktop.ini"]
            .iter()
            .any(|left| file.eq_ignore_ascii_case(left))
}

/// One form for all texts: composed letters, `\n` between lines, and nothing invisible that editors, telephones and Word put in.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .nfc()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| match letter {
            '\u{a0}' => ' ',
            // Letters of other languages that look the same: nobody would find them.
            '\u{d0}' | '\u{189}' => 'Đ',
            '\u{f0}' | '\u{256}' => 'đ',
            // What Word and others call a line: a vertical tab, a form feed, and Unicode's own two.
            '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            _ => letter,
        })
        .collect()
}

/// Characters without width or picture. They come along with numbers and addresses copied from a telephone, break words for search and
/// addresses for the telephones that read them, and mean nothing in the writing of Vietnamese.
pub(super) fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{feff}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
    )
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::content::faults::Severity;

    /// What a folder is told that holds one file of this name.
    fn faults(name: &str) -> Vec<Fault> {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "Một.").expect("a file");
        let mut notes = Notes::new(NaiveDate::default());
        read(dir.path(), &mut notes).expect("a folder");
        notes.faults
    }

    #[test]
    fn a_text_under_another_ending_is_an_error_that_says_how_to_call_it() {
        for (name, meant) in [
            ("pages/thu-tuc/sao-y.MD", "sao-y.md"),
            ("pages/thu-tuc/sao-y.Md", "sao-y.md"),
            ("pages/thu-tuc/sao-y.markdown", "sao-y.md"),
            ("pages/thu-tuc/sao-y.text", "sao-y.md"),
            ("pages/thu-tuc/sao-y.md.txt", "sao-y.md"),
            ("pages/thu-tuc/sao-y.MD.TXT", "sao-y.md"),
            ("pages/thu-tuc/sao-y.en.MD", "sao-y.en.md"),
            ("programmes/thang-11.markdown", "thang-11.md"),
            ("notices/chi-tra.MD", "chi-tra.md"),
            ("quiz/an-toan.TOML", "an-toan.toml"),
            ("topics.toml.txt", "topics.toml"),
            ("topics.Toml", "topics.toml"),
        ] {
            let faults = faults(name);
            let [fault] = faults.as_slice() else {
                panic!("{name}: {faults:?}");
            };
            let help = fault.help.as_deref().unwrap_or_default();
            assert_eq!(
                (fault.code, fault.severity),
                ("unexpected-file", Severity::Error),
                "{name}"
            );
            assert!(help.contains(&format!("đổi tên thành {meant}.")), "{name}: {help}");
        }
    }

    #[test]
    fn a_text_in_a_folder_that_nobody_reads_is_an_error() {
        for name in [
            "sao-y.md",
            "pages/sao-y.md",
            "pages/thu-tuc/moi/sao-y.md",
            "Pages/thu-tuc/sao-y.md",
            "trang/sao-y.md",
            "quiz/an-toan.md",
            "pages/thu-tuc/an-toan.toml",
            "notices/2026/chi-tra.md",
            "notice/chi-tra.md",
            "section.toml",
            "Topics.toml",
        ] {
            let faults = faults(name);
            let found: Vec<_> = faults.iter().map(|fault| (fault.code, fault.severity)).collect();
            assert_eq!(found, [("unexpected-file", Severity::Error)], "{name}");
        }
        for name in ["nhap.txt", "pages/thu-tuc/nhap.docx", "LICENSE"] {
            let faults = faults(name);
            let found: Vec<_> = faults.iter().map(|fault| (fault.code, fault.severity)).collect();
            assert_eq!(found, [("unexpected-file", Severity::Warning)], "{name}");
        }
        assert_eq!(faults("README.md"), []);
        assert_eq!(faults("ReadMe.md"), []);
    }
}
