//! The text of one paragraph: from what the author wrote to Markdown that the screen's text element takes.
//!
//! Strong, emphasis, strikethrough and code stay; every other character that Markdown could take for a mark is
//! escaped, above all those that come from `commune.toml`. Begin with [`read`].

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::file::SourceFile;
use super::notes::Notes;
use super::pieces::{Piece, element};
use super::refusal::refuse;
use super::wording;
use crate::content::faults::Fault;

/// A paragraph's text in both forms, on one line.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Inline {
    pub markdown: String,
    pub plain: String,
}

/// Reads the pieces inside one paragraph. What stands before `from` (a byte in the file) is left out.
pub(super) fn read(file: &SourceFile, pieces: &[Piece<'_>], from: usize, notes: &mut Notes) -> Inline {
    let mut reader = Reader {
        file,
        notes,
        from,
        inline: Inline::default(),
        written: Written::default(),
        pending: String::new(),
        pending_at: 0,
    };
    let mut at = 0;
    while at < pieces.len() {
        let (event, span) = &pieces[at];
        if reader.take(event, span) {
            at += 1;
        } else {
            refuse(file, event, span.clone(), reader.notes);
            at += element(&pieces[at..]).len();
        }
    }
    reader.finish()
}

/// The text without marks as the author wrote it, and where each part of it stands: for rules about the wording.
#[derive(Default)]
struct Written {
    text: String,
    /// Begin of each part in `text` and in the file.
    parts: Vec<(usize, usize)>,
}

impl Written {
    fn push(&mut self, text: &str, in_file: usize) {
        self.parts.push((self.text.len(), in_file));
        self.text.push_str(text);
    }

    /// Exact as long as the author used no escapes and entities, and close by then.
    fn in_file(&self, range: Range<usize>) -> Range<usize> {
        let find = |at: usize| {
            let part = self.parts.partition_point(|(text, _)| *text <= at).saturating_sub(1);
            self.parts.get(part).map_or(0, |(text, in_file)| in_file + (at - text))
        };
        let last = self.text[range.clone()].chars().next_back().map_or(0, char::len_utf8);
        find(range.start)..find(range.end - last) + last
    }
}

struct Reader<'a> {
    file: &'a SourceFile,
    notes: &'a mut Notes,
    from: usize,
    inline: Inline,
    written: Written,
    /// Text since the last mark, not yet filled in and escaped: the parser may cut an insertion into several events.
    pending: String,
    /// Where it begins in `written`.
    pending_at: usize,
}

impl Reader<'_> {
    /// Takes one piece; `false` if the screen can't show it.
    fn take(&mut self, event: &Event<'_>, span: &Range<usize>) -> bool {
        match event {
            Event::Text(_) | Event::SoftBreak | Event::HardBreak if span.end <= self.from => {}
            Event::Text(text) => {
                let text = &text[self.from.saturating_sub(span.start).min(text.len())..];
                self.written.push(text, span.start.max(self.from));
                self.pending.push_str(text);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.written.push(" ", span.start);
                self.pending.push(' ');
            }
            Event::Code(code) => {
                self.flush();
                self.written.push(code, span.start + 1);
                let code = self.notes.facts.fill(code);
                self.inline.markdown.push_str(&fenced(&code));
                self.inline.plain.push_str(&code);
                self.pending_at = self.written.text.len();
            }
            Event::Start(Tag::Strong | Tag::Emphasis | Tag::Strikethrough)
            | Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough) => {
                self.flush();
                self.inline
                    .markdown
                    .push_str(mark(event, &self.file.text[span.clone()]));
            }
            _ => return false,
        }
        true
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.pending);
        for mark in ["**", "~~"] {
            if let Some(found) = text.find(mark) {
                let at = self.pending_at + found;
                let place = self.file.place(self.written.in_file(at..at + mark.len()));
                let message = format!("Dấu {mark} này không có tác dụng, người đọc sẽ thấy nguyên dấu");
                let help = "Dấu mở và dấu đóng phải dính liền với chữ bên trong: **như thế này**.";
                self.notes.add(Fault::warning("stray-mark", place, message).help(help));
            }
        }
        self.pending_at = self.written.text.len();
        let text = self.notes.facts.fill(&text);
        push_escaped(&mut self.inline.markdown, &text);
        self.inline.plain.push_str(&text);
    }

    fn finish(mut self) -> Inline {
        self.flush();
        let written = self.written;
        wording::check_prose(
            self.file,
            &written.text,
            |sentence| written.in_file(sentence),
            self.notes,
        );
        Inline {
            markdown: protect_start(&one_line(&self.inline.markdown)),
            plain: one_line(&self.inline.plain),
        }
    }
}

/// A mark as the author wrote it: `_a_**b**` doesn't mean the same as `*a***b**`.
fn mark<'a>(event: &Event<'_>, element: &'a str) -> &'a str {
    let wide = match event {
        Event::Start(Tag::Strong) | Event::End(TagEnd::Strong) => true,
        Event::Start(Tag::Strikethrough) | Event::End(TagEnd::Strikethrough) => element.starts_with("~~"),
        _ => false,
    };
    &element[..if wide { 2 } else { 1 }]
}

/// Code between more backticks than it holds in a row.
fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if code.starts_with('`') || code.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{code}{space}{fence}")
}

fn push_escaped(markdown: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '~') {
            markdown.push('\\');
        }
        markdown.push(c);
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Escapes what means something at the beginning of a line only: headings, quotes, lists.
fn protect_start(markdown: &str) -> String {
    let digits = markdown.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && markdown[digits..].starts_with(['.', ')']);
    if numbered {
        format!("{}\\{}", &markdown[..digits], &markdown[digits..])
    } else if markdown.starts_with(['#', '>', '+', '-']) {
        format!("\\{markdown}")
    } else {
        markdown.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Options, Parser};

    use super::*;

    /// What the screen's text element makes of it; it has the same parser with the same option.
    fn shown(markdown: &str) -> Vec<Event<'_>> {
        Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH).collect()
    }

    proptest! {
        #[test]
        fn whatever_staff_fill_in_is_shown_as_they_wrote_it(text in "[-#>+*_~`\\[\\]()<&!|=.:;\\\\a-z0-9Độ ]{1,40}") {
            let text = one_line(&text);
            prop_assume!(!text.is_empty());
            let mut markdown = String::new();
            push_escaped(&mut markdown, &text);
            let markdown = protect_start(&markdown);
            let mut plain = String::new();
            for event in shown(&markdown) {
                match event {
                    Event::Text(part) => plain.push_str(&part),
                    Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                    other => prop_assert!(false, "{other:?} in {markdown}"),
                }
            }
            prop_assert_eq!(plain, text);
        }

        #[test]
        fn code_is_shown_as_written(code in "[a-z`*. ]{0,10}[a-z]") {
            let code = one_line(&code);
            let markdown = fenced(&code);
            let shown = shown(&markdown);
            prop_assert_eq!(shown.get(1), Some(&Event::Code(code.into())));
        }
    }
}
