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
    html! {
        figure.listen {
            figcaption { (label) }
            audio controls preload="none" src=(here.media(&recording.media)) {}
        }
    }
}

/// A number that a telephone dials when it is touched.
pub(super) fn telephone(number: &str) -> Markup {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let is_number = number.chars().all(|c| c.is_ascii_digit() || " .+-".contains(c));
    html! {
        @if is_number && digits.len() >= 3 { a href=(format!("tel:{digits}")) { (number) } } @else { (number) }
    }
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
                Some(way) => a href=(way.href) hreflang=[way.language()] { (looks(spans)) },
                None => (looks(spans)),
            }
        }
    }
}

fn looks(spans: &[Span]) -> Markup {
    html! { @for span in spans { (look(span)) } }
}

fn look(span: &Span) -> Markup {
    let mut looks = html! {
        @for (at, line) in span.text.split('\n').enumerate() { @if at > 0 { br; } (line) }
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
