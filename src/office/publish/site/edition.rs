//! What every page of a site asks: what there is, where it lies, and how one gets there from here. Begin with [`Here`].

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::NaiveDate;

use super::base::Base;
use super::words::{Language, Words};
use crate::content::model::{Block, Body, Content, Notice, Page, Recording, Said, Section, SectionColor, Shows};
use crate::content::rich::Link;
use crate::content::take_home;

pub(super) const HOME: &str = "index.html";
pub(super) const ENGLISH_HOME: &str = "en/index.html";
pub(super) const A_TO_Z: &str = "xem/a-z.html";
pub(super) const TOPICS: &str = "xem/viec-hay-hoi.html";
pub(super) const CALENDAR: &str = "xem/lich.html";
pub(super) const NOTICES: &str = "xem/thong-bao.html";
pub(super) const STAFF: &str = "xem/hoi-can-bo.html";
pub(super) const ACCESS: &str = "xem/tro-nang.html";
/// For staff: no page leads to it.
pub(super) const PASTE: &str = "dan/index.html";

pub(super) fn quiz_file(id: &str) -> String {
    format!("do-vui/{id}.html")
}

pub(super) fn programme_file(id: &str) -> String {
    format!("dai/{id}.html")
}

pub(in crate::office::publish) fn notice_file(id: &str) -> String {
    format!("thong-bao/{id}.html")
}

pub(super) fn section_file(id: &str) -> String {
    format!("muc/{id}.html")
}

/// The content of one edition, as a site asks for it.
pub(super) struct Edition<'a> {
    pub content: &'a Content,
    pub base: Option<&'a Base>,
    pub day: NaiveDate,
    /// When something in it was last checked.
    pub checked: NaiveDate,
    pages: BTreeMap<&'a str, &'a Page>,
}

impl<'a> Edition<'a> {
    pub(super) fn of(content: &'a Content, base: Option<&'a Base>, day: NaiveDate) -> Self {
        let updated = (content.pages.iter().map(|page| page.updated))
            .chain(content.programmes.iter().map(|programme| programme.updated))
            .chain(content.notices.iter().map(|notice| notice.updated));
        Self {
            content,
            base,
            day,
            checked: updated.max().unwrap_or_default(),
            pages: content.pages.iter().map(|page| (page.id.as_str(), page)).collect(),
        }
    }

    pub(super) fn page(&self, id: &str) -> Option<&'a Page> {
        self.pages.get(id).copied()
    }

    pub(super) fn has_english(&self) -> bool {
        self.content.pages.iter().any(|page| page.english.is_some())
    }

    /// A fact of the commune, if staff have filled it in.
    pub(super) fn fact(&self, key: &str) -> Option<&'a str> {
        let value = self.content.commune.get(key).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// What the site is called.
    pub(super) fn name(&self, language: Language) -> String {
        let words = language.words();
        match self.fact("name") {
            Some(commune) => format!("{}{commune}", words.site_of),
            None => words.site.to_owned(),
        }
    }

    pub(super) fn recording(&self, said: Said<'_>) -> Option<&'a Recording> {
        let of = said.to_string();
        self.content.recordings.iter().find(|recording| recording.of == of)
    }

    pub(super) fn color(&self, section: &str) -> SectionColor {
        let found = self.content.sections.iter().find(|it| it.id == section);
        found.map_or(SectionColor::Teal, |section| section.color)
    }

    /// The section that lists things of a kind: its id, title and colour.
    pub(super) fn listed_in(&self, shows: Shows) -> Option<&'a Section> {
        self.content.sections.iter().find(|section| section.shows == shows)
    }

    /// Notices that are shown today, urgent ones first.
    pub(super) fn notices(&self) -> Vec<&'a Notice> {
        let shown = self.content.notices.iter();
        let shown = shown.filter(|notice| notice.is_shown(Some(self.day), None));
        let (urgent, others): (Vec<_>, Vec<_>) = shown.partition(|notice| notice.urgent);
        [urgent, others].concat()
    }
}

/// The first picture of a page.
pub(super) fn picture<'a>(page: &'a Page) -> Option<&'a str> {
    let of = |block: &'a Block| match block {
        Block::Picture { media, .. } => Some(media.as_str()),
        _ => None,
    };
    match &page.body {
        Body::Article { blocks } => blocks.iter().find_map(of),
        Body::Guide(guide) => guide.steps.iter().flat_map(|step| &step.blocks).find_map(of),
    }
}

/// A page of the site that is being made: links lead from here.
pub(super) struct Here<'a> {
    pub edition: &'a Edition<'a>,
    pub file: &'a str,
    pub language: Language,
}

impl<'a> Here<'a> {
    pub(super) fn at(edition: &'a Edition<'a>, file: &'a str, language: Language) -> Self {
        Self {
            edition,
            file,
            language,
        }
    }

    pub(super) fn vietnamese(edition: &'a Edition<'a>, file: &'a str) -> Self {
        Self::at(edition, file, Language::Vietnamese)
    }

    pub(super) fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// The way to another file. All letters that an address can't have are written as bytes.
    pub(super) fn to(&self, file: &str) -> String {
        let up = "../".repeat(self.file.matches('/').count());
        format!("{up}{}", escaped(file))
    }

    pub(super) fn media(&self, name: &str) -> String {
        self.to(&format!("media/{name}"))
    }

    /// The way to a page, in the language of this one if it has it.
    pub(super) fn page(&self, page: &Page) -> Way {
        let is_english = self.language.is_english() && page.english.is_some();
        let other = self.language.is_english() && !is_english;
        Way {
            href: self.to(&take_home::file(page, is_english)),
            is_vietnamese: other,
        }
    }

    /// The title of a page in the language of this one.
    pub(super) fn title<'p>(&self, page: &'p Page) -> &'p str {
        self.language.of(&page.title, &page.title_en)
    }

    pub(super) fn summary<'p>(&self, page: &'p Page) -> &'p str {
        self.language.of(&page.summary, &page.summary_en)
    }

    /// Where a link of the content leads; `None` if that isn't there.
    pub(super) fn follow(&self, link: &Link) -> Option<Way> {
        let content = self.edition.content;
        let file = match link {
            Link::Page(id) => return self.edition.page(id).map(|page| self.page(page)),
            Link::Quiz(id) => content.quizzes.iter().any(|it| it.id == *id).then(|| quiz_file(id)),
            Link::Programme(id) => content
                .programmes
                .iter()
                .any(|it| it.id == *id)
                .then(|| programme_file(id)),
            Link::Event(id) => {
                content.events.iter().find(|it| it.id == *id)?;
                let href = format!("{}#viec-{}", self.to(CALENDAR), escaped(id));
                let is_vietnamese = self.language.is_english();
                return Some(Way { href, is_vietnamese });
            }
            Link::Section(id) => content.sections.iter().any(|it| it.id == *id).then(|| section_file(id)),
        };
        Some(Way {
            href: self.to(&file?),
            is_vietnamese: self.language.is_english(),
        })
    }
}

/// Where a link leads.
pub(super) struct Way {
    pub href: String,
    /// Another language than that of the page with the link.
    pub is_vietnamese: bool,
}

impl Way {
    /// For `hreflang`, where it has to be told.
    pub(super) fn language(&self) -> Option<&'static str> {
        self.is_vietnamese.then_some("vi")
    }
}

/// A path as an address has it (RFC 3986, 2.1).
pub(super) fn escaped(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}
