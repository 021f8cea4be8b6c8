//! The two parts of a page's file: TOML between two lines of `+++`, then Markdown.

use std::ops::Range;

use super::fields::Fields;
use super::file::{FENCE, SourceFile};
use super::notes::Notes;
use crate::content::faults::Fault;

/// The fields of a file's front matter, and where its body is.
pub(super) fn read<'a>(file: &'a SourceFile, notes: &mut Notes) -> Option<(Fields<'a>, Range<usize>)> {
    let Some((fields, body)) = file.front_matter() else {
        notes.half_read.insert(file.name.clone());
        notes.add(
            Fault::error("no-front-matter", file.place(0..0), "Thiếu phần khai báo ở đầu tệp")
                .help("Dòng đầu tiên là +++, rồi đến các mục, rồi một dòng +++ nữa, sau đó mới đến nội dung."),
        );
        return None;
    };
    Some((Fields::parse(file, 0..FENCE.len(), fields, notes), body))
}
