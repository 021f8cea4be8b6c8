//! The content as a folder of web pages: no script, one style sheet, relative links, so that it works on any web server and from a stick.
//!
//! Addresses stay for ever, because they are printed as QR codes: `ID.html` and `en/ID.html` for pages ([`take_home::file`]). Whatever
//! else there is lies in folders, where no page's id can meet it. Asks no clock: the same content gives the same bytes on the same day,
//! and on another day only what is over moves. Begin with [`Site`].

mod alphabet;
mod base;
mod blocks;
mod calendar;
mod cards;
mod edition;
mod feeds;
mod frame;
mod home;
mod ics;
mod lists;
mod notices;
mod output;
mod pages;
mod paste;
mod quiz;
mod radio;
mod statement;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use thiserror::Error;

use crate::content::model::Content;
use crate::content::take_home;
use edition::{Edition, Here};
use words::Language;

pub use base::{Base, NotABase};
#[cfg(feature = "print")]
pub(super) use edition::notice_file;
pub use output::OutputError;

const STYLE: &str = include_str!("style.css");

/// Why there is no site of this content, in Vietnamese.
#[derive(Debug, Error)]
pub enum SiteError {
    /// A page has the address of the first page.
    #[error("không có trang nào được mang mã \"{0}\": đó là địa chỉ của trang đầu; hãy đổi tên tệp của trang ấy")]
    Taken(&'static str),
}

/// All files of a site, by their names below its folder.
#[derive(Debug)]
pub struct Site<'a> {
    files: BTreeMap<String, Cow<'a, [u8]>>,
}

impl<'a> Site<'a> {
    /// The site of this content. `base` is where it will lie, if that is known: what needs whole addresses is made only then. `day` is today.
    ///
    /// # Errors
    /// [`SiteError`] if two things would have one address.
    pub fn of(content: &'a Content, base: Option<&Base>, day: NaiveDate) -> Result<Self, SiteError> {
        const FIRST: &str = "index";
        if content.pages.iter().any(|page| page.id == FIRST) {
            return Err(SiteError::Taken(FIRST));
        }
        let edition = Edition::of(content, base, day);
        let mut site = Self { files: BTreeMap::new() };
        site.add("style.css", STYLE);
        site.add("lich.ics", ics::file(&edition));
        for (name, bytes) in &content.media {
            site.files.insert(format!("media/{name}"), Cow::Borrowed(bytes));
        }
        site.add_pages(&edition);
        site.add_lists(&edition);
        if let Some(base) = base {
            let pages = site.files.keys().filter(|file| is_page(file)).map(String::as_str);
            let sitemap = feeds::sitemap(&edition, base, pages);
            site.add("sitemap.xml", sitemap);
            site.add("rss.xml", feeds::rss(&edition, base));
        }
        Ok(site)
    }

    /// Every file, by its name with `/`.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Cow<'a, [u8]>> {
        &self.files
    }

    fn add(&mut self, file: &str, text: impl Into<String>) {
        self.files.insert(file.to_owned(), Cow::Owned(text.into().into_bytes()));
    }

    /// What has pages of its own.
    fn add_pages(&mut self, edition: &Edition<'_>) {
        for page in &edition.content.pages {
            let languages = [Language::Vietnamese, Language::English];
            let has = |language: &Language| *language == Language::Vietnamese || page.english.is_some();
            for language in languages.into_iter().filter(has) {
                let file = take_home::file(page, language.is_english());
                let here = Here::at(edition, &file, language);
                self.add(&file, pages::page(&here, page));
                let file = format!("dan/{file}");
                self.add(&file, paste::page(edition, page, language));
            }
        }
        for quiz in &edition.content.quizzes {
            let file = edition::quiz_file(&quiz.id);
            self.add(&file, quiz::page(&Here::vietnamese(edition, &file), quiz));
        }
        for programme in &edition.content.programmes {
            let file = edition::programme_file(&programme.id);
            self.add(&file, radio::page(&Here::vietnamese(edition, &file), programme));
            let file = format!("dan/{file}");
            self.add(&file, paste::programme(edition, programme));
        }
        for notice in &edition.content.notices {
            let file = edition::notice_file(&notice.id);
            self.add(&file, notices::page(&Here::vietnamese(edition, &file), notice));
            let file = format!("dan/{file}");
            self.add(&file, paste::notice(edition, notice));
        }
        for section in &edition.content.sections {
            let file = edition::section_file(&section.id);
            self.add(&file, lists::section(&Here::vietnamese(edition, &file), section));
        }
    }

    /// The first page, and what stands where a search would.
    fn add_lists(&mut self, edition: &Edition<'_>) {
        type Page = fn(&Here<'_>) -> String;
        let pages: [(&str, Page); 8] = [
            (edition::HOME, home::page),
            (edition::A_TO_Z, lists::a_to_z),
            (edition::TOPICS, lists::topics),
            (edition::CALENDAR, calendar::page),
            (edition::NOTICES, notices::list),
            (edition::STAFF, statement::staff),
            (edition::ACCESS, statement::accessibility),
            (edition::PASTE, paste::list),
        ];
        for (file, page) in pages {
            let text = page(&Here::vietnamese(edition, file));
            self.add(file, text);
        }
        if edition.has_english() {
            let text = home::english(&Here::at(edition, edition::ENGLISH_HOME, Language::English));
            self.add(edition::ENGLISH_HOME, text);
        }
    }
}

/// Whether a file is a page that people are led to; the clean ones are for staff.
fn is_page(file: &str) -> bool {
    let ending = Path::new(file).extension();
    ending.is_some_and(|ending| ending == "html") && !file.starts_with("dan/")
}
