//! Blocks of the content and text with marks as HTML. Begin with [`Blocks`].

use maud::{Markup, html};

use super::edition::{Here, Way};
use crate::content::model::{Block, Recording};
use crate::content::rich::{Link, Rich, Span};

/// What is written on one page, block by block: tables are numbered through it.
pub(super) struct Blocks<'a> {
    here: &'a Here<'a>,
    /// What tables that follow are about.
    heading: String,
    tables: usize,
}

impl<'a> Blocks<'a> {
    pub(super) fn on(here: &'a Here<'a>, title: &str) -> Self {
        Self {
            here,
            heading: title.to_owned(),
            tables: 0,
        }
    }

    /// The blocks, in their order; headings in them are of this level, 2 to 4.
    pub(super) fn all<'b>(&mut self, blocks: impl IntoIterator<Item = &'b Block>, level: u8) -> Markup {
        html! { @for block in blocks { (self.block(block, level)) } }
    }

    /// A heading that stands before what follows, and isn't written here.
    pub(super) fn under(&mut self, heading: &str) {
        heading.clone_into(&mut self.heading);
    }

    fn block(&mut self, block: &Block, level: u8) -> Markup {
        let (here, words) = (self.here, self.here.words());
        match block {
            Block::Heading { text } => {
                self.under(text);
                html! {
                    @match level {
                        2 => h2 { (text) },
                        3 => h3 { (text) },
                        _ => h4 { (text) },
                    }
                }
            }
            Block::Paragraph { text } => html! { p { (rich(here, text)) } },
            Block::List { ordered: true, items } => html! { ol { (list(here, items)) } },
            Block::List { ordered: false, items } => html! { ul { (list(here, items)) } },
            Block::Picture { media, alt, caption } => picture(here, media, alt, caption),
            Block::Table { header, rows } => self.table(header, rows),
            Block::Note { paragraphs } => notice(here, "note", words.note, paragraphs),
            Block::Warning { paragraphs } => notice(here, "warning", words.warning, paragraphs),
            Block::Contact { paragraphs } => notice(here, "contact", words.contact, paragraphs),
            Block::Link { to, text } => html! {
                @if let Some(way) = here.follow(to) {
                    p.onward { a href=(way.href) hreflang=[way.language()] { (text) @if way.is_vietnamese { (words.in_vietnamese) } } }
                } @else {
                    p { (text) }
                }
            },
        }
    }

    /// Wider than a telephone, it scrolls in a box of its own, which the keyboard reaches too.
    fn table(&mut self, header: &[String], rows: &[Vec<Rich>]) -> Markup {
        self.tables += 1;
        let here = self.here;
        let id = format!("bang-{}", self.tables);
        html! {
            div.wide role="region" aria-labelledby=(id) tabindex="0" {
                table {
                    caption id=(id) { (here.words().table) " " (self.tables) ". " (self.heading) }
                    thead {
                        tr { @for cell in header { @if cell.is_empty() { td {} } @else { th scope="col" { (cell) } } } }
                    }
                    tbody {
                        @for cells in rows {
                            tr {
                                @for (at, cell) in cells.iter().enumerate() {
                                    @if at == 0 && !cell.is_empty() { th scope="row" { (rich(here, cell)) } }
                                    @else { td { (rich(here, cell)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn list(here: &Here<'_>, items: &[Rich]) -> Markup {
    html! { @for item in items { li { (rich(here, item)) } } }
}

fn notice(here: &Here<'_>, kind: &str, label: &str, paragraphs: &[Rich]) -> Markup {
    html! {
        div class=(kind) role="note" {
            p.label { (label) }
            @for paragraph in paragraphs { p { (rich(here, paragraph)) } }
        }
    }
}

pub(super) fn picture(here: &Here<'_>, media: &str, alt: &str, caption: &str) -> Markup {
    html! {
        figure {
            img src=(here.media(media)) alt=(alt) loading="lazy";
            @if !caption.is_empty() { figcaption { (caption) } }
        }
    }
}

/// Something to listen to; nothing is loaded before somebody does.
pub(super) fn recording(here: &Here<'_>, recording: &Recording) -> Markup {
    let minutes = recording.seconds.div_ceil(60).max(1);
    let machine = if recording.machine { ", giọng máy" } else { "" };
    let label = format!("Nghe khoảng {minutes} phút{machine}");
    player(here, &recording.media, &label)
}

/// What plays a file. Telephones that can't play Opus say nothing: whoever has one takes the file along.
pub(super) fn player(here: &Here<'_>, media: &str, label: &str) -> Markup {
    let file = here.media(media);
    html! {
        figure.listen {
            figcaption { (label) }
            audio controls preload="none" aria-label=(label) { source src=(file) type="audio/ogg; codecs=opus"; }
            p { a href=(file) download { "Tải bài nghe về máy" } }
        }
    }
}

/// A number that a telephone dials when it is touched.
pub(super) fn telephone(number: &str) -> Markup {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_number = number.chars().all(|c| c.is_ascii_digit() || " .+-".contains(c));
    html! {
        @if is_number && digits >= 3 { a.number href=(tel(number)) { (number) } } @else { (dialled(number)) }
    }
}

/// Words in which telephones dial what is touched, if it is a number of a telephone.
fn dialled(text: &str) -> Markup {
    let mut parts: Vec<(&str, bool)> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let run = &rest[at..];
        let end = run.find(|c: char| !c.is_ascii_digit() && c != ' ' && c != '.');
        let run = run[..end.unwrap_or(run.len())].trim_end_matches([' ', '.']);
        let (before, after) = (&rest[..at], &rest[at + run.len()..]);
        let alone = !before.ends_with(|c: char| c.is_alphanumeric() || "/-,.".contains(c))
            && !after.starts_with(|c: char| c.is_alphanumeric() || "/-%".contains(c));
        parts.push((before, false));
        parts.push((run, alone && is_telephone(before, run)));
        rest = after;
    }
    parts.push((rest, false));
    html! {
        @for (words, is_number) in parts {
            @if is_number { a.number href=(tel(words)) { (words) } } @else { (words) }
        }
    }
}

/// Numbers as they are written in Viet Nam: with the area or of a mobile, free or paid service lines, and the short ones that somebody is told to call.
fn is_telephone(before: &str, run: &str) -> bool {
    let digits = run.chars().filter(char::is_ascii_digit).count();
    let service = run.starts_with("1800") || run.starts_with("1900");
    let short = matches!(run, "111" | "113" | "114" | "115") && before.to_lowercase().ends_with("gọi ");
    short || service && (8..=10).contains(&digits) || run.starts_with('0') && (10..=11).contains(&digits)
}

fn tel(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    format!("tel:{digits}")
}

/// Text with its marks.
pub(super) fn rich(here: &Here<'_>, text: &Rich) -> Markup {
    marked(text, &|link| here.follow(link))
}

/// Text with its marks; `lead` says where a link leads.
pub(super) fn marked(text: &Rich, lead: &dyn Fn(&Link) -> Option<Way>) -> Markup {
    // Words that lead to one place are one link, however many looks they have.
    let links = text.spans().chunk_by(|one, other| one.link == other.link);
    html! {
        @for spans in links {
            @match spans[0].link.as_ref().and_then(lead) {
                Some(way) => a href=(way.href) hreflang=[way.language()] { (looks(spans, &|text| html! { (text) })) },
                None => (looks(spans, &dialled)),
            }
        }
    }
}

fn looks(spans: &[Span], words: &dyn Fn(&str) -> Markup) -> Markup {
    html! { @for span in spans { (look(span, words)) } }
}

fn look(span: &Span, words: &dyn Fn(&str) -> Markup) -> Markup {
    let mut looks = html! {
        @for (at, line) in span.text.split('\n').enumerate() { @if at > 0 { br; } (words(line)) }
    };
    if span.style.code {
        looks = html! { code { (looks) } };
    }
    if span.style.struck {
        looks = html! { s { (looks) } };
    }
    if span.style.emphasis {
        looks = html! { em { (looks) } };
    }
    if span.style.strong {
        looks = html! { strong { (looks) } };
    }
    looks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_telephones_are_dialled_and_no_others() {
        for (text, numbers) in [
            ("Gọi 113 ngay, hoặc 0225 3812 345.", vec!["113", "0225 3812 345"]),
            (
                "ông An, 0912 345 678; bà Bình, 0912.345.679",
                vec!["0912 345 678", "0912.345.679"],
            ),
            ("Tổng đài 1800 1096 miễn phí, 19001009", vec!["1800 1096", "19001009"]),
            ("Điều 113, năm 2026, 15.000 đồng, 1/3/2027, 0.5 %", vec![]),
            ("số định danh 012345678901, 0912345678/2026", vec![]),
            ("", vec![]),
        ] {
            let written = dialled(text).into_string();
            let dialled: Vec<&str> = written
                .split("</a>")
                .filter_map(|part| Some(part.rsplit_once("\">")?.1))
                .collect();
            assert_eq!(dialled, numbers, "{written}");
        }
    }
}
