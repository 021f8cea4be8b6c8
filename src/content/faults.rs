//! What is wrong with an author's folder, and how to show it: file, line and offending words, as compilers do.
//!
//! Messages are Vietnamese, because the authors are staff of a commune. Paths are always relative to the author's
//! folder, so that a report can be passed on as it is. Begin with [`Fault`].

use std::collections::BTreeMap;
use std::ops::Range;

use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};

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
            Some(text) if fault.place.line > 0 => render_with_line(&mut shown, fault, text, colour),
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
