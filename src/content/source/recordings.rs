//! Voices that read pages aloud: `recordings/<name>.toml`, and beside each its `.opus`. Begin with [`read`].
//!
//! Both are written by `office audio add`. What was recorded of other words than are shown today stays in the folder and is left out of the
//! content: no kiosk says what is not written there.

use std::collections::BTreeMap;
use std::io::Cursor;

use super::Recorded;
use super::fields::{Fields, Located};
use super::file::SourceFile;
use super::folder::Folder;
use super::notes::Notes;
use crate::content::aloud;
use crate::content::faults::{Fault, Place, Severity};
use crate::content::model::{Content, Recording, Said};
use crate::content::sound::{Outline, SoundError};

/// The longest recording, in seconds.
const LONGEST: u64 = 60 * 60;

/// Reads all recordings; those that say what is written today go into the content with their sound. All are told of, in the order of
/// their files.
pub(super) fn read(folder: &Folder, content: &mut Content, notes: &mut Notes) -> Vec<Recorded> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut all = Vec::new();
    for file in folder.texts_in("recordings") {
        let Some((recorded, sound)) = read_one(file, folder, content, notes) else {
            continue;
        };
        if let Some(other) = first.insert(recorded.of.clone(), file.name.clone()) {
            let message = format!("Đã có bài thu khác của \"{}\"", recorded.of);
            let help = format!("Bài thu kia là {other}. Hãy giữ một bài, xoá bài còn lại (cả .toml và .opus).");
            notes.add(Fault::error("duplicate-recording", file.place(0..0), message).help(help));
            continue;
        }
        if !recorded.is_stale {
            take(&recorded, (file, sound), content, notes);
        }
        all.push(recorded);
    }
    for name in folder.recordings.keys() {
        let text = format!("recordings/{}.toml", name.trim_end_matches(".opus"));
        if !folder.texts.contains_key(&text) && !notes.half_read.contains(&text) {
            let place = Place::whole(format!("recordings/{name}"));
            let help = format!("Thiếu tệp {text}. Hãy thêm lại bằng lệnh office audio add, hoặc xoá tệp này.");
            notes.add(Fault::warning("unused-recording", place, "Bài thu này không được dùng đến").help(help));
        }
    }
    all
}

/// Puts a recording into the content.
fn take(recorded: &Recorded, (file, sound): (&SourceFile, &[u8]), content: &mut Content, notes: &mut Notes) {
    let media = format!("{}.opus", file.stem());
    if content.media.contains_key(&media) {
        let message = format!("Trong media cũng có tệp tên {media}");
        let help = "Hãy xoá tệp ấy trong media: bài thu chỉ để trong recordings.";
        notes.add(Fault::error("duplicate-recording", file.place(0..0), message).help(help));
        return;
    }
    content.media.insert(media.clone(), sound.to_vec());
    content.recordings.push(Recording {
        of: recorded.of.clone(),
        media,
        seconds: recorded.seconds,
        machine: recorded.machine,
        parts: recorded.parts.clone(),
    });
}

/// Reads one recording. What is wrong in it is noted as a fault; `None` if nobody could play it.
fn read_one<'a>(
    file: &SourceFile,
    folder: &'a Folder,
    content: &Content,
    notes: &mut Notes,
) -> Option<(Recorded, &'a [u8])> {
    let mut fields = Fields::of_file(file, notes);
    let of = fields.text("of", notes);
    let text = fields.text("text", notes);
    let hash = fields.text("sound", notes);
    let seconds = fields.number("seconds", 1..LONGEST + 1, notes);
    let voice = fields.text("voice", notes).value;
    fields.text("consent", notes);
    fields.date("recorded", notes);
    let machine = fields.optional_flag("machine", notes);
    let parts = fields.optional_numbers("parts", &(0..LONGEST + 1), notes);
    let lines = fields.optional_numbers("lines", &(0..10_000), notes);
    // For whoever wonders; nothing is made of them.
    fields.optional_text("loudness", notes);
    fields.optional_text("loudness_before", notes);
    fields.finish(notes);
    let sound = sound(file, folder, &hash, notes);
    let said = Said::parse(&of.value);
    if said.is_none() && !of.value.is_empty() {
        let message = format!("\"{}\" không chỉ ra bài nào", of.value);
        let help = "Viết một trong các dạng: page:mã, page:mã/bước, programme:mã, notice:mã, question:mã.";
        notes.add(Fault::error("wrong-value", file.place(of.span.clone()), message).help(help));
    }
    let (said, sound) = (said?, sound?);
    // What is missing, or reads otherwise, may only be half read.
    let whole = notes.faults.iter().all(|fault| fault.severity != Severity::Error);
    let is_stale = whole && is_stale(file, said, &of, &text, content, notes)?;
    let parts = if is_stale {
        Vec::new()
    } else {
        begins(file, said, (&parts, &lines), seconds, content, notes)
    };
    Some((
        Recorded {
            of: of.value,
            seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
            voice,
            machine,
            is_stale,
            parts,
        },
        sound,
    ))
}

/// When each part begins. Where the text is divided otherwise today than it was read, nothing is marked.
fn begins(
    file: &SourceFile,
    said: Said<'_>,
    (parts, lines): (&[Located<u64>], &[Located<u64>]),
    seconds: u64,
    content: &Content,
    notes: &mut Notes,
) -> Vec<u32> {
    let begins: Vec<u32> = parts.iter().filter_map(|part| u32::try_from(part.value).ok()).collect();
    let Some(first) = parts.first() else {
        return begins;
    };
    let today = aloud::parts(content, said).unwrap_or_default();
    let today: Vec<u64> = today.iter().map(|part| part.lines.len() as u64).collect();
    let is_true = begins.len() == today.len()
        && today.iter().eq(lines.iter().map(|lines| &lines.value))
        && begins.is_sorted()
        && begins.iter().all(|at| u64::from(*at) <= seconds);
    if !is_true {
        let message = "Bài nay chia đoạn khác lúc thu, nên máy phát bài thu mà không đánh dấu đoạn đang đọc";
        let help = "Muốn có dấu thì thêm lại bài thu, mỗi phần một tệp (xem office speak --parts).";
        notes.add(Fault::warning("other-parts", file.place(first.span.clone()), message).help(help));
        return Vec::new();
    }
    begins
}

/// Whether other words are written today than were read; `None` if there is nothing of that name.
fn is_stale(
    file: &SourceFile,
    said: Said<'_>,
    of: &Located<String>,
    text: &Located<String>,
    content: &Content,
    notes: &mut Notes,
) -> Option<bool> {
    let Some(lines) = aloud::said(content, said) else {
        let message = format!("Không có bài nào là \"{}\"", of.value);
        let help = "Bài đã xoá hoặc đã đổi mã thì xoá bài thu (cả .toml và .opus), hoặc sửa mã ở dòng này.";
        notes.add(Fault::error("broken-recording", file.place(of.span.clone()), message).help(help));
        return None;
    };
    let is_stale = aloud::fingerprint(&lines, &notes.pronunciations) != text.value;
    if is_stale {
        let message =
            "Bài đã sửa sau khi thu tiếng, hoặc cách đọc trong spoken.toml đã đổi, nên máy không phát bài thu này";
        let help = format!(
            "Hãy thu lại rồi chạy: office audio add {} TỆP --voice … --consent …",
            of.value
        );
        notes.add(Fault::warning("stale-recording", file.place(text.span.clone()), message).help(help));
    }
    Some(is_stale)
}

/// The sound beside it, if a kiosk can play it and it is the one that was written with it.
fn sound<'a>(file: &SourceFile, folder: &'a Folder, hash: &Located<String>, notes: &mut Notes) -> Option<&'a [u8]> {
    let name = format!("{}.opus", file.stem());
    let path = format!("recordings/{name}");
    let Some(bytes) = folder.recordings.get(&name) else {
        if !notes.is_half_read(&path) {
            let help = "Hãy thêm lại bằng lệnh office audio add, hoặc xoá tệp .toml này.";
            let fault = Fault::error("missing-media", file.place(0..0), format!("Không có tệp {path}"));
            notes.add(fault.help(help));
        }
        return None;
    };
    let help = "Hãy thêm lại từ tệp gốc bằng lệnh office audio add.";
    let wrong = match Outline::read(&mut Cursor::new(bytes)) {
        Ok(outline) if outline.channels != 1 => "Bài thu có hai kênh; máy chỉ phát một kênh",
        Ok(outline) if !outline.is_whole || outline.seconds() <= 0.0 => "Tệp bị cụt",
        Ok(_) => "",
        Err(SoundError::Unsupported(_)) => "Kiểu âm thanh này máy không phát được",
        Err(_) => "Đây không phải là Ogg Opus",
    };
    if !wrong.is_empty() {
        notes.add(Fault::error("damaged-media", Place::whole(path), wrong).help(help));
        return None;
    }
    if !hash.value.is_empty() && blake3::hash(bytes).to_hex().as_str() != hash.value {
        let message = format!("{path} không phải là tệp đã ghi cùng với tệp này");
        notes.add(Fault::error("changed-recording", file.place(hash.span.clone()), message).help(help));
        return None;
    }
    Some(bytes)
}
