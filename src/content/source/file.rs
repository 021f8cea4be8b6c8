//! One text file of the author, in memory, and where something stands in it. Begin with [`SourceFile`].

use std::ops::Range;

use crate::content::faults::Place;

/// The line before and behind what a page's file says of the page.
pub(super) const FENCE: &str = "+++";

/// A text file of the author. Spans everywhere are bytes of this `text`, which is the cleaned one.
#[derive(Debug)]
pub(super) struct SourceFile {
    pub name: String,
    pub text: String,
}

impl SourceFile {
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(span.start);
        let line = self.text[..start].matches('\n').count() + 1;
        Place {
            file: self.name.clone(),
            line,
            span,
        }
    }

    /// Where words of a TOML value stand; all of the value if they can't be found as they are, because the author broke
    /// the line in them or inserted a fact.
    pub(super) fn find(&self, words: &str, value: &Range<usize>) -> Range<usize> {
        match self.text[value.clone()].find(words) {
            Some(at) => value.start + at..value.start + at + words.len(),
            None => value.clone(),
        }
    }

    /// Where the two parts of a page's file are: TOML between two lines of [`FENCE`], and what follows.
    pub(super) fn front_matter(&self) -> Option<(Range<usize>, Range<usize>)> {
        let mut at = 0;
        let mut begin = None;
        for line in self.text.split_inclusive('\n') {
            let end = at + line.len();
            match (begin, line.trim_end() == FENCE) {
                (None, true) => begin = Some(end),
                (None, false) if line.trim().is_empty() => {}
                (None, false) => return None,
                (Some(begin), true) => return Some((begin..at, end..self.text.len())),
                (Some(_), false) => {}
            }
            at = end;
        }
        None
    }

    /// The file's name without folders and ending: the id of what it holds.
    pub(super) fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}
