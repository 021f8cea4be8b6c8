//! Text with marks: what a paragraph, an item or a cell of a table says, as spans.
//!
//! Made once from the author's Markdown by [`super::source`], stored as spans, and drawn from spans by the screen, by search and by
//! whatever else shows it. Plain text of the model is a `String` and never passes through here. Begin with [`Rich`].

mod markdown;

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(super) use markdown::Marks;

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
