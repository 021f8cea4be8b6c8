//! What is wrong with an author's folder, and how to show it: file, line and offending words, as compilers do.
//!
//! Messages are Vietnamese, because the authors are staff of a commune. Paths are always relative to the author's
//! folder, so that a report can be passed on as it is. Begin with [`Fault`].

use std::collections::BTreeMap;
use std::ops::Range;

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};

/// Longer lines are shown as an excerpt: a paragraph pasted from Word is one line.
const LONGEST_LINE: usize = 90;

/// So many letters around the fault are shown of them.
const EXCERPT: usize = 70;

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The content can't be shown; no pack is made of it.
    Error,
    /// The content can be shown, but a resident is served badly.
    Warning,
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Path below the author's folder, with `/`.
    pub file: String,
    /// Line, from 1; 0 stands for the file as a whole.
    pub line: usize,
    /// Bytes in the file's text as [`super::source`] read it.
    pub span: Range<usize>,
}

impl Place {
    /// A file or folder as a whole.
    pub fn whole(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            span: 0..0,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// How bad it is.
    pub severity: Severity,
    /// The rule, such as `unknown-key`. Never changes, so that guides and tests can name it.
    pub code: &'static str,
    /// What is wrong, for the author.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to do about it.
    pub help: Option<String>,
}

impl Fault {
    /// A fault that forbids packing.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            place,
            help: None,
        }
    }

    /// A fault that doesn't.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, place, message)
        }
    }

    /// The same fault with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Numbers of errors and of warnings.
#[must_use]
pub fn count(faults: &[Fault]) -> (usize, usize) {
    let errors = faults.iter().filter(|fault| fault.severity == Severity::Error).count();
    (errors, faults.len() - errors)
}

/// Shows faults with the lines they are on. `texts` holds the files' texts by path, `colour` is for terminals.
#[must_use]
pub fn render(faults: &[Fault], texts: &BTreeMap<String, String>, colour: bool) -> String {
    let mut shown = String::new();
    for fault in faults {
        match texts.get(&fault.place.file) {
            Some(text) if fault.place.line > 0 => match Excerpt::of(text, &fault.place.span) {
                Some(excerpt) => render_excerpt(&mut shown, fault, &excerpt),
                None => render_with_line(&mut shown, fault, text, colour),
            },
            _ => render_plainly(&mut shown, fault),
        }
        shown.push('\n');
    }
    shown
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "lỗi",
        Severity::Warning => "cảnh báo",
    }
}

/// In the form that `ariadne` gives the others.
fn render_plainly(shown: &mut String, fault: &Fault) {
    let Fault {
        severity,
        code,
        message,
        place,
        help,
    } = fault;
    let mut lines = format!("[{code}] {}: {message}\n   ╭─[ {place} ]\n", name(*severity));
    if let Some(help) = help {
        lines.push_str("   │ ");
        lines.push_str(help);
        lines.push('\n');
    }
    lines.push_str("───╯\n");
    shown.push_str(&lines);
}

/// The letters around a fault in a line that is too long to be shown whole.
struct Excerpt {
    /// With dots where something is left out.
    line: String,
    /// Letters before the fault, and of it, in `line`.
    before: usize,
    marked: usize,
    /// Where the fault begins in the whole line, from 1.
    column: usize,
}

impl Excerpt {
    /// `None` if the line is short enough.
    fn of(text: &str, span: &Range<usize>) -> Option<Self> {
        let span = first_line(text, span);
        let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[span.start..].find('\n').map_or(text.len(), |at| span.start + at);
        let line: Vec<char> = text[start..end].trim_end().chars().collect();
        if line.len() <= LONGEST_LINE {
            return None;
        }
        let first = text[start..span.start].chars().count();
        let marked = text[span.start..span.end.min(end)].chars().count().clamp(1, EXCERPT);
        let from = first
            .saturating_sub((EXCERPT - marked) / 2)
            .min(line.len().saturating_sub(EXCERPT));
        let to = line.len().min(from + EXCERPT);
        let dots = |cut: bool| if cut { "…" } else { "" };
        let shown: String = line[from..to]
            .iter()
            .map(|letter| if *letter == '\t' { ' ' } else { *letter })
            .collect();
        Some(Self {
            line: format!("{}{shown}{}", dots(from > 0), dots(to < line.len())),
            before: first - from + usize::from(from > 0),
            marked: marked.min(to - first.min(to)).max(1),
            column: first + 1,
        })
    }
}

/// In the form that `ariadne` gives the others.
fn render_excerpt(shown: &mut String, fault: &Fault, excerpt: &Excerpt) {
    let (place, kind) = (&fault.place, name(fault.severity));
    let number = place.line.to_string();
    let margin = " ".repeat(number.len() + 2);
    let arrow = format!("{}{}", " ".repeat(excerpt.before), "─".repeat(excerpt.marked));
    let mut lines = vec![
        format!("[{}] {kind}: {}", fault.code, fault.message),
        format!("{margin}╭─[ {}:{}:{} ]", place.file, place.line, excerpt.column),
        format!("{margin}│"),
        format!(" {number} │ {}", excerpt.line),
        format!("{margin}│ {arrow}"),
    ];
    lines.extend(fault.help.iter().map(|help| format!("{margin}│ {help}")));
    lines.push(format!("{}╯", "─".repeat(margin.len())));
    for line in lines {
        shown.push_str(&line);
        shown.push('\n');
    }
}

fn render_with_line(shown: &mut String, fault: &Fault, text: &str, colour: bool) {
    let paint = match fault.severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
    };
    let span = (fault.place.file.clone(), first_line(text, &fault.place.span));
    // Advice stands at the arrow, because the words that ariadne puts before notes are English.
    let advice = fault.help.as_deref().unwrap_or("ở đây");
    let report = Report::build(ReportKind::Custom(name(fault.severity), paint), span.clone())
        .with_config(Config::new().with_color(colour).with_index_type(IndexType::Byte))
        .with_code(fault.code)
        .with_message(&fault.message)
        .with_label(Label::new(span).with_color(paint).with_message(advice))
        .finish();
    let mut bytes = Vec::new();
    let file = (fault.place.file.clone(), Source::from(text));
    report.write(file, &mut bytes).expect("writing to memory can't fail");
    let written = String::from_utf8_lossy(&bytes);
    // A kind of report of one's own is coloured even without colours.
    if colour {
        shown.push_str(&written);
    } else {
        push_without_colours(shown, &written);
    }
}

fn push_without_colours(shown: &mut String, written: &str) {
    let mut parts = written.split("\u{1b}[");
    shown.push_str(parts.next().unwrap_or(""));
    for part in parts {
        shown.push_str(part.split_once('m').map_or(part, |(_, text)| text));
    }
}

/// The part of a span that is on its first line, at least one character wide where there is one: arrows over many
/// lines say no more, and hide the text.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    let end = text.floor_char_boundary(span.end.max(start));
    let line = text[start..end].lines().next().unwrap_or("").trim_end();
    if line.is_empty() {
        let next = text[start..].chars().next().map_or(0, char::len_utf8);
        start..start + next
    } else {
        start..start + line.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_line_seventy_letters_are_shown() {
        let text = format!("Một dòng.\n{}lỗi ở đây{}\n", "chữ ".repeat(80), " nữa".repeat(200));
        let start = text.find("lỗi").expect("it is there");
        let place = Place {
            file: "pages/a/b.md".to_owned(),
            line: 2,
            span: start..start + "lỗi ở đây".len(),
        };
        let fault = Fault::error("long", place, "Dòng dài").help("Viết ngắn lại.");
        let shown = render(&[fault], &[("pages/a/b.md".to_owned(), text)].into(), false);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[1], "   ╭─[ pages/a/b.md:2:321 ]");
        assert!(
            lines[3].starts_with(" 2 │ …") && lines[3].ends_with('…') && lines[3].contains("lỗi ở đây"),
            "{shown}"
        );
        assert!(lines.iter().all(|line| line.chars().count() <= EXCERPT + 10), "{shown}");
        let marked: String = lines[3]
            .chars()
            .zip(lines[4].chars())
            .filter(|(_, mark)| *mark == '─')
            .map(|(c, _)| c)
            .collect();
        assert_eq!(marked, "lỗi ở đây");
        assert_eq!(lines[5], "   │ Viết ngắn lại.");
    }
}
