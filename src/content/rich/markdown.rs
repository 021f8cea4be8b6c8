//! Text with marks as Markdown and back: for the screen's text element, which takes nothing else, and for libraries of the second form.
//!
//! No letter is lost on the way; a mark that Markdown can't say is. Begin with [`Rich::to_markdown`].

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Rich, Style};

impl Rich {
    /// As Markdown, for those who take nothing else: the screen's text element, and libraries of the second form. Words with a link are
    /// bold. No letter is lost or added; marks that Markdown can't say, as in the middle of a word, are left out.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        // Four spaces at the beginning of a line would make it a piece of a program, backslashes and all.
        let lines = self.tidied().lines();
        let said = lines.iter().map(|line| {
            let marked = line.markdown(true);
            if Self::from_markdown(&marked).letters() == line.bold_links().letters() {
                marked
            } else {
                line.markdown(false)
            }
        });
        said.collect::<Vec<_>>().join("\\\n")
    }

    /// Every letter with its look; what a space looks like nobody sees.
    fn letters(&self) -> Vec<(char, Style)> {
        let letters = self
            .0
            .iter()
            .flat_map(|span| span.text.chars().map(|letter| (letter, span.style)));
        letters
            .map(|(letter, style)| (letter, if letter == ' ' { Style::default() } else { style }))
            .collect()
    }

    fn lines(&self) -> Vec<Self> {
        let mut lines = vec![Self::default()];
        for span in &self.0 {
            for (number, text) in span.text.split('\n').enumerate() {
                if number > 0 {
                    lines.push(Self::default());
                }
                if let Some(line) = lines.last_mut() {
                    line.push(text, span.style, span.link.as_ref());
                }
            }
        }
        lines
    }

    fn bold_links(&self) -> Self {
        let mut bold = Self::default();
        for span in &self.0 {
            let strong = span.style.strong || span.link.is_some();
            bold.push(&span.text, Style { strong, ..span.style }, None);
        }
        bold
    }

    /// One line as Markdown, with its marks or without.
    fn markdown(&self, with_marks: bool) -> String {
        let mut markdown = String::new();
        for span in self.bold_links().0 {
            // Marks must touch the words that they stand for.
            let words = span.text.trim();
            let start = span.text.len() - span.text.trim_start().len();
            let (before, after) = (&span.text[..start], &span.text[start + words.len()..]);
            let style = if with_marks { span.style } else { Style::default() };
            let marks = [(style.strong, "**"), (style.emphasis, "_"), (style.struck, "~~")];
            let marks = || {
                marks
                    .iter()
                    .filter(|(on, _)| *on && !words.is_empty())
                    .map(|(_, mark)| *mark)
            };
            markdown.push_str(before);
            markdown.extend(marks());
            if style.code {
                push_code(words, &mut markdown);
            } else {
                push_escaped(words, &mut markdown);
            }
            markdown.extend(marks().collect::<Vec<_>>().into_iter().rev());
            markdown.push_str(after);
        }
        markdown
    }

    /// Reads one paragraph as libraries of the second form stored it. What is more than strong, emphasis, strikethrough and code comes
    /// as its letters.
    #[must_use]
    pub fn from_markdown(markdown: &str) -> Self {
        let mut rich = Self::default();
        let mut marks = Marks::default();
        for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
            match &event {
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => rich.push(text, marks.style(), None),
                Event::Code(code) => rich.push(code, marks.code(), None),
                Event::SoftBreak => rich.push(" ", marks.style(), None),
                Event::HardBreak => rich.push("\n", marks.style(), None),
                other => {
                    marks.take(other);
                }
            }
        }
        rich
    }
}

/// The marks that are open while Markdown is read.
#[derive(Debug, Default)]
pub(in crate::content) struct Marks {
    strong: u32,
    emphasis: u32,
    struck: u32,
}

impl Marks {
    /// Opens or closes a mark; `false` if the event is none.
    pub(in crate::content) fn take(&mut self, event: &Event<'_>) -> bool {
        match event {
            Event::Start(Tag::Strong) => self.strong += 1,
            Event::Start(Tag::Emphasis) => self.emphasis += 1,
            Event::Start(Tag::Strikethrough) => self.struck += 1,
            Event::End(TagEnd::Strong) => self.strong = self.strong.saturating_sub(1),
            Event::End(TagEnd::Emphasis) => self.emphasis = self.emphasis.saturating_sub(1),
            Event::End(TagEnd::Strikethrough) => self.struck = self.struck.saturating_sub(1),
            _ => return false,
        }
        true
    }

    /// How text looks under the marks that are open.
    pub(in crate::content) fn style(&self) -> Style {
        Style {
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            struck: self.struck > 0,
            code: false,
        }
    }

    /// The same for code.
    pub(in crate::content) fn code(&self) -> Style {
        Style {
            code: true,
            ..self.style()
        }
    }
}

fn push_escaped(text: &str, markdown: &mut String) {
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            markdown.push('\\');
        }
        markdown.push(letter);
    }
}

/// Code between more backticks than it holds in a row.
fn push_code(code: &str, markdown: &mut String) {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if code.starts_with('`') || code.ends_with('`') {
        " "
    } else {
        ""
    };
    for part in [fence.as_str(), space, code, space, fence.as_str()] {
        markdown.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::rich::Link;

    #[test]
    fn whole_words_keep_their_marks_on_the_way_through_markdown() {
        let strong = Style {
            strong: true,
            ..Style::default()
        };
        let mut rich = Rich::plain("Gọi ");
        rich.push("113", strong, None);
        rich.push(", gõ ", Style::default(), None);
        rich.push(
            "`a*b",
            Style {
                code: true,
                ..Style::default()
            },
            None,
        );
        rich.push(" rồi\n1. đọc ", Style::default(), None);
        rich.push("bài này", Style::default(), Some(&Link::Page("khai-sinh".to_owned())));
        assert_eq!(
            rich.to_markdown(),
            "Gọi **113**\\, gõ `` `a*b `` rồi\\\n1\\. đọc **bài này**"
        );
        assert_eq!(Rich::from_markdown(&rich.to_markdown()), rich.bold_links());
    }

    #[test]
    fn a_mark_inside_a_mark_stays() {
        let rich = Rich::from_markdown("**không đọc mã *OTP* cho ai**");
        assert_eq!(rich.to_markdown(), "**không đọc mã** **_OTP_** **cho ai**");
    }

    #[test]
    fn marks_of_parts_of_words_are_left_out_where_markdown_has_none() {
        let rich = Rich::marked("a(b)c", std::slice::from_ref(&(1..4)));
        assert_eq!(rich.to_markdown(), "a\\(b\\)c");
        assert_eq!(Rich::from_markdown(&Rich::plain("    A\"").to_markdown()).text(), "A\"");
    }
}
