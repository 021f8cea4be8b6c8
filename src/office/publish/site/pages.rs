//! Articles and guides. Begin with [`page`].

use maud::{Markup, html};

use super::blocks::{self, Blocks};
use super::cards::cards;
use super::edition::{self, Here};
use super::frame::{self, Head};
use crate::content::model::{Block, Body, Guide, Page, Purpose, Said, Step};
use crate::content::take_home;
use crate::office::words::date;

/// A page in the language of `here`.
pub(super) fn page(here: &Here<'_>, page: &Page) -> String {
    let is_english = here.language.is_english();
    let body = match &page.english {
        Some(english) if is_english => english,
        _ => &page.body,
    };
    let section = here.edition.content.sections.iter().find(|it| it.id == page.section);
    let above = section.map(|section| {
        let way = if is_english {
            format!(
                "{}#muc-{}",
                here.to(edition::ENGLISH_HOME),
                edition::escaped(&section.id)
            )
        } else {
            here.to(&edition::section_file(&section.id))
        };
        (here.language.of(&section.title, &section.title_en), way)
    });
    let other = page.english.is_some().then(|| take_home::file(page, !is_english));
    let head = Head {
        color: here.edition.color(&page.section),
        above,
        other_language: other,
        picture: edition::picture(page),
        ..Head::of(here.title(page), here.summary(page))
    };
    let main = html! {
        article {
            h1 { (head.title) }
            p.summary { (head.summary) }
            @if let Some(purpose) = page.purpose { p.small { (purpose_of(here, purpose)) } }
            @match body {
                Body::Article { blocks } => {
                    (listen(here, Said::Page(&page.id)))
                    (Blocks::on(here, head.title).all(blocks, 2))
                }
                Body::Guide(guide) => (self::guide(here, page, guide)),
            }
            (origin(here, page))
        }
        (related(here, page))
    };
    frame::page(here, &head, &main)
}

fn purpose_of(here: &Here<'_>, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Lesson => here.words().lesson,
        Purpose::Meeting => here.words().meeting,
    }
}

/// People speak Vietnamese.
fn listen(here: &Here<'_>, said: Said<'_>) -> Markup {
    let found = here.edition.recording(said).filter(|_| !here.language.is_english());
    html! { @if let Some(found) = found { (blocks::recording(here, found)) } }
}

fn guide(here: &Here<'_>, page: &Page, guide: &Guide) -> Markup {
    let words = here.words();
    let facts = [
        (words.who, &guide.who),
        (words.cost, &guide.cost),
        (words.time, &guide.time),
        (words.place, &guide.place),
    ];
    let mut blocks = Blocks::on(here, "");
    html! {
        section aria-labelledby="truoc" {
            h2 id="truoc" { (words.before) }
            (listen(here, Said::Page(&page.id)))
            dl.facts {
                @for (name, value) in facts {
                    @if !value.is_empty() { div { dt { (name) } dd { (value) } } }
                }
                @if !guide.hotline.is_empty() { div { dt { (words.hotline) } dd { (blocks::telephone(&guide.hotline)) } } }
                @if !guide.link.is_empty() { div { dt { (words.official) } dd { a href=(guide.link) { (guide.link) } } } }
            }
        }
        @if !guide.prepare.is_empty() {
            section aria-labelledby="mang-theo" {
                h2 id="mang-theo" { (words.prepare) }
                ul.boxes { @for thing in &guide.prepare { li { (thing) } } }
            }
        }
        section aria-labelledby="cac-buoc" {
            h2 id="cac-buoc" { (words.steps) }
            ol.steps {
                @for (at, step) in guide.steps.iter().enumerate() {
                    li { (self::step(&mut blocks, at, step, &listen(here, Said::Step(&page.id, at)))) }
                }
            }
        }
    }
}

/// Its first picture stands beside the words where there is room.
fn step(blocks: &mut Blocks<'_>, at: usize, step: &Step, listen: &Markup) -> Markup {
    let is_picture = |block: &&Block| matches!(block, Block::Picture { .. });
    let beside = step.blocks.iter().position(|block| is_picture(&block));
    let words = step.blocks.iter().enumerate().filter(|(at, _)| Some(*at) != beside);
    blocks.under(&step.title);
    html! {
        h3 id=(format!("buoc-{}", at + 1)) { (step.title) }
        div.step {
            div { (listen) (blocks.all(words.map(|(_, block)| block), 4)) }
            @if let Some(beside) = beside { (blocks.all([&step.blocks[beside]], 4)) }
        }
    }
}

/// Where its facts come from, and of when they are.
fn origin(here: &Here<'_>, page: &Page) -> Markup {
    sources(
        here,
        &page.sources,
        &format!("{} {}.", here.words().updated, date(page.updated)),
    )
}

pub(super) fn sources(here: &Here<'_>, sources: &[String], updated: &str) -> Markup {
    html! {
        section.sources aria-labelledby="nguon" {
            h2 id="nguon" { (here.words().sources) }
            @if !sources.is_empty() {
                ul lang=[here.language.is_english().then_some("vi")] { @for source in sources { li { (source) } } }
            }
            p { (updated) }
        }
    }
}

fn related(here: &Here<'_>, page: &Page) -> Markup {
    let pages: Vec<&Page> = page.related.iter().filter_map(|id| here.edition.page(id)).collect();
    html! {
        @if !pages.is_empty() {
            section aria-labelledby="doc-them" {
                h2 id="doc-them" { (here.words().related) }
                (cards(here, &pages))
            }
        }
    }
}
