//! What every page has around its words: head, ways to the other pages, where it comes from. Begin with [`page`].

use maud::{DOCTYPE, Markup, html};

use super::edition::{self, Here};
use crate::content::model::SectionColor;
use crate::office::words::date;

/// What a page says of itself.
pub(super) struct Head<'a> {
    pub title: &'a str,
    /// For lists of other sites; may be empty.
    pub summary: &'a str,
    pub color: SectionColor,
    /// What stands above it: its title, and the way to it.
    pub above: Option<(&'a str, String)>,
    /// The same page in the other language.
    pub other_language: Option<String>,
    /// File name of a picture that telephones show beside a link.
    pub picture: Option<&'a str>,
}

impl<'a> Head<'a> {
    /// A page that stands by itself.
    pub(super) fn of(title: &'a str, summary: &'a str) -> Self {
        Self {
            title,
            summary,
            color: SectionColor::Teal,
            above: None,
            other_language: None,
            picture: None,
        }
    }
}

/// A whole page; `main` has its only `h1`.
pub(super) fn page(here: &Here<'_>, head: &Head<'_>, main: &Markup) -> String {
    let words = here.words();
    let whole = html! {
        (DOCTYPE)
        html lang=(here.language.code()) {
            (head_of(here, head))
            body class=(color(head.color)) {
                a.skip href="#noi-dung" { (words.skip) }
                (header(here, head))
                main id="noi-dung" tabindex="-1" { (main) }
                (footer(here))
            }
        }
    };
    whole.into_string()
}

fn head_of(here: &Here<'_>, head: &Head<'_>) -> Markup {
    let name = here.edition.name(here.language);
    let is_home = [edition::HOME, edition::ENGLISH_HOME].contains(&here.file);
    let base = here.edition.base;
    // Telephones show no drawings (SVG) there.
    let picture = head.picture.filter(|name| !name.to_ascii_lowercase().ends_with(".svg"));
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (head.title) @if !is_home { " – " (name) } }
            @if !head.summary.is_empty() { meta name="description" content=(head.summary); }
            meta property="og:title" content=(head.title);
            @if !head.summary.is_empty() { meta property="og:description" content=(head.summary); }
            meta property="og:type" content=(if is_home { "website" } else { "article" });
            meta property="og:site_name" content=(name);
            meta property="og:locale" content=(here.words().locale);
            @if let Some(base) = base {
                meta property="og:url" content=(base.of(here.file));
                link rel="canonical" href=(base.of(here.file));
                @if let Some(other) = &head.other_language {
                    // Whole addresses, and itself among them, or searching programs pass over it.
                    @let other_code = if here.language.is_english() { "vi" } else { "en" };
                    link rel="alternate" hreflang=(here.language.code()) href=(base.of(here.file));
                    link rel="alternate" hreflang=(other_code) href=(base.of(other));
                }
                @if here.file.starts_with("dan/") { meta name="robots" content="noindex"; }
                link rel="alternate" type="application/rss+xml" title=(name) href=(here.to("rss.xml"));
                @if let Some(picture) = picture {
                    meta property="og:image" content=(base.of(&edition::escaped(&format!("media/{picture}"))));
                }
            }
            link rel="stylesheet" href=(here.to("style.css"));
        }
    }
}

fn header(here: &Here<'_>, head: &Head<'_>) -> Markup {
    let words = here.words();
    let home = if here.language.is_english() {
        edition::ENGLISH_HOME
    } else {
        edition::HOME
    };
    let lists = [
        (words.a_to_z, edition::A_TO_Z),
        (words.topics, edition::TOPICS),
        (words.calendar, edition::CALENDAR),
        (words.staff, edition::STAFF),
    ];
    let without = |file: &str| file == edition::TOPICS && here.edition.content.topics.is_empty();
    let current = |file: &str| (here.file == file).then_some("page");
    let hreflang = here.language.is_english().then_some("vi");
    html! {
        header {
            div.inside {
                a.site href=(here.to(home)) aria-current=[current(home)] { (here.edition.name(here.language)) }
                nav aria-label=(words.menu) {
                    ul {
                        @if here.language.is_english() { li.small { "In Vietnamese:" } }
                        @for (title, file) in lists {
                            @if !without(file) {
                                li { a href=(here.to(file)) aria-current=[current(file)] hreflang=[hreflang] { (title) } }
                            }
                        }
                        @if let Some(other) = &head.other_language {
                            @let (code, title) = if here.language.is_english() { ("vi", "Tiếng Việt") } else { ("en", "English") };
                            li { a href=(here.to(other)) hreflang=(code) lang=(code) { (title) } }
                        } @else if !here.language.is_english() && here.edition.has_english() {
                            li { a href=(here.to(edition::ENGLISH_HOME)) hreflang="en" lang="en" { "English" } }
                        }
                    }
                }
            }
        }
        @if let Some((title, way)) = &head.above {
            nav.above aria-label=(words.you_are_here) {
                p { a href=(here.to(home)) { (words.home) } " › " a href=(way) { (title) } }
            }
        }
    }
}

fn footer(here: &Here<'_>) -> Markup {
    let (words, pack) = (here.words(), &here.edition.content.pack);
    html! {
        footer {
            div.inside {
                p {
                    (words.edition) " " (pack.edition) ", " (words.checked) " " (date(here.edition.checked)) ". "
                    (words.publisher) " " span lang=[here.language.is_english().then_some("vi")] { (pack.publisher) } "."
                }
                p { (words.nothing_counted) }
                p.ways {
                    a href=(here.to(edition::ACCESS)) { (words.accessibility) }
                    @if here.edition.base.is_some() { " " a href=(here.to("rss.xml")) { "RSS" } }
                }
                @if let Some(base) = here.edition.base { p.printed { (words.printed_from) " " (base.of(here.file)) } }
            }
        }
    }
}

/// What the style sheet calls a colour.
pub(super) const fn color(color: SectionColor) -> &'static str {
    match color {
        SectionColor::Teal => "teal",
        SectionColor::Red => "red",
        SectionColor::Blue => "blue",
        SectionColor::Green => "green",
        SectionColor::Amber => "amber",
        SectionColor::Purple => "purple",
        SectionColor::Brown => "brown",
        SectionColor::Slate => "slate",
    }
}
