//! One text file of the author, in memory, and where something stands in it. Begin with [`SourceFile`].

use std::ops::Range;

use crate::content::faults::Place;

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

    /// The file's name without folders and ending: the id of what it holds.
    pub(super) fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}
