//! How long titles and the lines under them may be: at the largest type they fill a third of a screen, and no screen cuts them into pages.

use super::file::SourceFile;
use super::notes::Notes;
use super::values::Located;
use crate::content::faults::Fault;

/// The longest title, in letters.
const LONGEST_TITLE: usize = 100;
/// The longest line under a title, in letters.
const LONGEST_LINE: usize = 200;

/// A title that fills the screen hides what it is the title of.
pub(super) fn check_title(file: &SourceFile, key: &str, title: &Located<String>, notes: &mut Notes) {
    check(file, key, title, LONGEST_TITLE, notes);
}

/// The same for the line below a title.
pub(super) fn check_line(file: &SourceFile, key: &str, line: &Located<String>, notes: &mut Notes) {
    check(file, key, line, LONGEST_LINE, notes);
}

fn check(file: &SourceFile, key: &str, text: &Located<String>, longest: usize, notes: &mut Notes) {
    let length = text.value.chars().count();
    if length > longest {
        let message = format!("Mục \"{key}\" dài {length} chữ cái, nhiều nhất là {longest}");
        let help = "Hãy viết gọn lại; tên đầy đủ của văn bản thì ghi trong bài.";
        notes.add(Fault::error("too-long", file.place(text.span.clone()), message).help(help));
    }
}
