//! Text with marks: what a paragraph, an item or a cell of a table says, as spans.
//!
//! Made once from the author's Markdown by [`super::source`], stored as spans, and drawn from spans by the screen, by search and by
//! whatever else shows it. Plain text of the model is a `String` and never passes through here. Markdown is read back in one place only:
//! in libraries of the second form, which stored it ([`Rich::from_markdown`]). Begin with [`Rich`].

use std::fmt;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How a span looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each mark is there or not, whatever the others"
)]
pub struct Style {
    /// Bold.
    #[serde(skip_serializing_if = "is_false")]
    pub strong: bool,
    /// Slanted.
    #[serde(skip_serializing_if = "is_false")]
    pub emphasis: bool,
    /// Struck through.
    #[serde(skip_serializing_if = "is_false")]
    pub struck: bool,
    /// Letter for letter, such as what is to be typed.
    #[serde(skip_serializing_if = "is_false")]
    pub code: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over like this")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Something of the same pack that words lead to, by its id. Written as `page:khai-sinh`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Link {
    /// An article or guide.
    Page(String),
    /// A question set.
    Quiz(String),
    /// A radio programme.
    Programme(String),
    /// A day of the calendar.
    Event(String),
    /// A tile of the home screen.
    Section(String),
}

impl Link {
    /// Reads an address as authors write it; `None` if it leads to nothing in a pack.
    #[must_use]
    pub fn read(address: &str) -> Option<Self> {
        let (kind, id) = address.split_once(':')?;
        let id = id.to_owned();
        match kind {
            "page" => Some(Self::Page(id)),
            "quiz" => Some(Self::Quiz(id)),
            "programme" => Some(Self::Programme(id)),
            "event" => Some(Self::Event(id)),
            "section" => Some(Self::Section(id)),
            _ => None,
        }
    }

    /// The id of what it leads to.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Page(id) | Self::Quiz(id) | Self::Programme(id) | Self::Event(id) | Self::Section(id) => id,
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Page(_) => "page",
            Self::Quiz(_) => "quiz",
            Self::Programme(_) => "programme",
            Self::Event(_) => "event",
            Self::Section(_) => "section",
        };
        write!(f, "{kind}:{}", self.id())
    }
}

impl From<Link> for String {
    fn from(link: Link) -> Self {
        link.to_string()
    }
}

impl TryFrom<String> for Link {
    type Error = String;

    /// A bare id is a page's: the second form of libraries knew no other links.
    fn try_from(address: String) -> Result<Self, String> {
        if !address.contains(':') {
            return Ok(Self::Page(address));
        }
        Self::read(&address).ok_or_else(|| format!("a link to nothing known: {address}"))
    }
}

/// A run of letters of one look. A line break is a `\n` in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Shown letter for letter.
    pub text: String,
    /// How it looks.
    pub style: Style,
    /// Where the words lead, if they do.
    pub link: Option<Link>,
}

impl Span {
    fn is_plain(&self) -> bool {
        self.style == Style::default() && self.link.is_none()
    }
}

/// Text with marks. Neighbouring spans never look alike, and none is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rich(Vec<Span>);

impl Rich {
    /// Text without any mark, shown letter for letter.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let mut rich = Self::default();
        rich.push(text, Style::default(), None);
        rich
    }

    /// Text all in bold.
    #[must_use]
    pub fn strong(text: &str) -> Self {
        let strong = Style {
            strong: true,
            ..Style::default()
        };
        let mut rich = Self::default();
        rich.push(text, strong, None);
        rich
    }

    /// Plain text with some ranges of bytes in bold; they must be in order and lie between letters, or are left out.
    #[must_use]
    pub fn marked(text: &str, bold: &[Range<usize>]) -> Self {
        let strong = Style {
            strong: true,
            ..Style::default()
        };
        let (mut rich, mut at) = (Self::default(), 0);
        for range in bold {
            let (Some(before), Some(word)) = (text.get(at..range.start), text.get(range.clone())) else {
                continue;
            };
            rich.push(before, Style::default(), None);
            rich.push(word, strong, None);
            at = range.end;
        }
        rich.push(text.get(at..).unwrap_or_default(), Style::default(), None);
        rich
    }

    /// Adds letters at the end.
    pub fn push(&mut self, text: &str, style: Style, link: Option<&Link>) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.style == style && last.link.as_ref() == link => last.text.push_str(text),
            _ => self.0.push(Span {
                text: text.to_owned(),
                style,
                link: link.cloned(),
            }),
        }
    }

    /// The same with one space where there are several, none at the ends of lines, and no empty line.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let mut tidy = Self::default();
        // What stands between the last letter and the next one, and the span that it comes from.
        let mut gap: Option<(char, &Span)> = None;
        for span in &self.0 {
            for letter in span.text.chars() {
                if letter.is_whitespace() {
                    let is_break = letter == '\n' || gap.is_some_and(|(gap, _)| gap == '\n');
                    let of = gap.map_or(span, |(_, of)| of);
                    gap = Some((if is_break { '\n' } else { ' ' }, of));
                    continue;
                }
                if let Some((gap, of)) = gap.take().filter(|_| !tidy.is_empty()) {
                    tidy.push(gap.encode_utf8(&mut [0; 4]), of.style, of.link.as_ref());
                }
                tidy.push(letter.encode_utf8(&mut [0; 4]), span.style, span.link.as_ref());
            }
        }
        tidy
    }

    /// The spans, in reading order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// All letters without their looks.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether no word looks different from the others.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.iter().all(Span::is_plain)
    }

    /// Where its words lead, each place once, in reading order.
    #[must_use]
    pub fn links(&self) -> Vec<&Link> {
        let mut links = Vec::new();
        for link in self.0.iter().filter_map(|span| span.link.as_ref()) {
            if !links.contains(&link) {
                links.push(link);
            }
        }
        links
    }

    /// As Markdown, for those who take nothing else: the screen's text element, and libraries of the second form. Words with a link are
    /// bold. No letter is lost or added; marks that Markdown can't say, as in the middle of a word, are left out.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let lines = self.lines();
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
pub(super) struct Marks {
    strong: u32,
    emphasis: u32,
    struck: u32,
}

impl Marks {
    /// Opens or closes a mark; `false` if the event is none.
    pub(super) fn take(&mut self, event: &Event<'_>) -> bool {
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
    pub(super) fn style(&self) -> Style {
        Style {
            strong: self.strong > 0,
            emphasis: self.emphasis > 0,
            struck: self.struck > 0,
            code: false,
        }
    }

    /// The same for code.
    pub(super) fn code(&self) -> Style {
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

/// A span as it is stored: a string if nothing marks it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored<'a> {
    Plain(std::borrow::Cow<'a, str>),
    Marked {
        text: std::borrow::Cow<'a, str>,
        #[serde(flatten)]
        style: Style,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<Link>,
    },
}

impl Serialize for Rich {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|span| {
            let text = span.text.as_str().into();
            if span.is_plain() {
                return Stored::Plain(text);
            }
            Stored::Marked {
                text,
                style: span.style,
                link: span.link.clone(),
            }
        }))
    }
}

impl<'de> Deserialize<'de> for Rich {
    /// From spans, or from the Markdown of the second form.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum AnyForm {
            Markdown(String),
            Spans(Vec<Stored<'static>>),
        }
        Ok(match AnyForm::deserialize(deserializer)? {
            AnyForm::Markdown(markdown) => Self::from_markdown(&markdown),
            AnyForm::Spans(spans) => {
                let mut rich = Self::default();
                for span in spans {
                    match span {
                        Stored::Plain(text) => rich.push(&text, Style::default(), None),
                        Stored::Marked { text, style, link } => rich.push(&text, style, link.as_ref()),
                    }
                }
                rich
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Text as authors write it: tidied.
    pub(crate) fn any_rich() -> impl Strategy<Value = Rich> {
        let letters = "[-#>+*_~`\\[\\]()<&!|=.:;\\\\a-z0-9Độ \n]{1,12}";
        let link = prop_oneof![4 => Just(None), 1 => "[a-z]{1,5}".prop_map(|id| Some(Link::Page(id)))];
        let span = (letters, any::<[bool; 3]>(), prop::bool::weighted(0.1), link);
        prop::collection::vec(span, 1..6).prop_map(|spans| {
            let mut rich = Rich::default();
            for (text, [strong, emphasis, struck], code, link) in spans {
                let style = Style {
                    strong,
                    emphasis,
                    struck,
                    code,
                };
                rich.push(&text, style, link.as_ref());
            }
            rich.tidied()
        })
    }

    proptest! {
        #[test]
        fn markdown_says_every_letter(rich in any_rich()) {
            prop_assert_eq!(Rich::from_markdown(&rich.to_markdown()).text(), rich.text());
        }

        #[test]
        fn what_is_stored_comes_back(rich in any_rich()) {
            let stored = serde_json::to_string(&rich).expect("stored");
            prop_assert_eq!(serde_json::from_str::<Rich>(&stored).expect("read"), rich);
        }

        #[test]
        fn tidy_text_has_no_space_to_spare(rich in any_rich()) {
            let text = rich.text();
            for line in text.split('\n').filter(|_| !text.is_empty()) {
                prop_assert!(!line.is_empty() && line.trim() == line && !line.contains("  "), "{text:?}");
            }
            prop_assert_eq!(rich.tidied(), rich);
        }
    }

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
    }

    #[test]
    fn what_the_second_form_stored_is_understood() {
        let read = |json: &str| serde_json::from_str::<Rich>(json).expect("text");
        assert_eq!(read("\"Gọi \\\\*101\\\\# **113**\"").text(), "Gọi *101# 113");
        assert_eq!(
            read("[\"Gọi \", {\"text\": \"113\", \"strong\": true, \"new\": 1}]"),
            Rich::marked("Gọi 113", std::slice::from_ref(&("Gọi ".len().."Gọi 113".len())))
        );
        assert_eq!(
            Link::try_from("khai-sinh".to_owned()),
            Ok(Link::Page("khai-sinh".to_owned()))
        );
        assert!(Link::try_from("tel:113".to_owned()).is_err());
    }
}
