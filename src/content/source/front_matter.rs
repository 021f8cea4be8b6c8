//! The two parts of a page's file: TOML between two lines of `+++`, then Markdown.

use std::ops::Range;

use super::fields::Fields;
use super::file::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;

const FENCE: &str = "+++";

/// The fields of a file's front matter, and where its body is.
pub(super) fn read<'a>(file: &'a SourceFile, notes: &mut Notes) -> Option<(Fields<'a>, Range<usize>)> {
    let Some((fields, body)) = split(&file.text) else {
        notes.add(
            Fault::error("no-front-matter", file.place(0..0), "Thiếu phần khai báo ở đầu tệp")
                .help("Dòng đầu tiên là +++, rồi đến các mục, rồi một dòng +++ nữa, sau đó mới đến nội dung."),
        );
        return None;
    };
    Some((Fields::parse(file, 0..FENCE.len(), fields, notes), body))
}

/// Where the two parts of a text are.
pub(super) fn split(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let mut at = 0;
    let mut begin = None;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        match (begin, line.trim_end() == FENCE) {
            (None, true) => begin = Some(end),
            (None, false) if line.trim().is_empty() => {}
            (None, false) => return None,
            (Some(begin), true) => return Some((begin..at, end..text.len())),
            (Some(_), false) => {}
        }
        at = end;
    }
    None
}
