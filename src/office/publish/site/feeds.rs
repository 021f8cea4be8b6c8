//! What other programs read: RSS 2.0 of what is new, and a map of the site (sitemaps.org, 0.9). Both need whole addresses. Begin with
//! [`rss`].

use std::collections::BTreeMap;

use chrono::{FixedOffset, NaiveDate, NaiveTime};
use maud::{PreEscaped, html};

use super::base::Base;
use super::edition::{self, Edition};
use super::words::Language;
use crate::content::take_home;

/// How many of the newest there are in it.
const ITEMS: usize = 30;

const XML: PreEscaped<&str> = PreEscaped("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

/// In Vietnam, in seconds.
const EAST: i32 = 7 * 60 * 60;

/// All notices, because they are what people wait for, and of pages and programmes those that were changed last: one day of review changes
/// more of these than a feed has room for.
pub(super) fn rss(edition: &Edition<'_>, base: &Base) -> String {
    let content = edition.content;
    let pages = content.pages.iter();
    let pages = pages.map(|it| (it.updated, &it.title, &it.summary, take_home::file(it, false)));
    let programmes = content.programmes.iter();
    let programmes = programmes.map(|it| (it.updated, &it.title, &it.summary, edition::programme_file(&it.id)));
    let notices = edition.notices().into_iter();
    let notices = notices.map(|it| (it.updated, &it.title, &it.summary, edition::notice_file(&it.id)));
    let mut items: Vec<_> = notices.collect();
    let mut others: Vec<_> = pages.chain(programmes).collect();
    others.sort_by_key(|(updated, ..)| std::cmp::Reverse(*updated));
    items.extend(others.into_iter().take(ITEMS.saturating_sub(items.len())));
    items.sort_by_key(|(updated, ..)| std::cmp::Reverse(*updated));
    let name = edition.name(Language::Vietnamese);
    let feed = html! {
        (XML)
        rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" {
            channel {
                atom:link href=(base.of("rss.xml")) rel="self" type="application/rss+xml" {}
                title { (name) }
                (element("link", &base.to_string()))
                description { "Bài, thông báo, chương trình mới: " (name) }
                language { "vi" }
                lastBuildDate { (written(edition.checked)) }
                @for (updated, title, summary, file) in items {
                    item {
                        title { (title) }
                        (element("link", &base.of(&file)))
                        guid { (base.of(&file)) }
                        pubDate { (written(updated)) }
                        description { (summary) }
                    }
                }
            }
        }
    };
    feed.into_string()
}

/// Every page; those of the content with the day on which they were last checked.
pub(super) fn sitemap<'a>(edition: &Edition<'_>, base: &Base, files: impl Iterator<Item = &'a str>) -> String {
    let content = edition.content;
    let programmes = content.programmes.iter();
    let programmes = programmes.map(|it| (edition::programme_file(&it.id), it.updated));
    let notices = content.notices.iter();
    let notices = notices.map(|it| (edition::notice_file(&it.id), it.updated));
    let days: BTreeMap<String, NaiveDate> = programmes.chain(notices).collect();
    let day = |file: &str| {
        let id = file.strip_prefix("en/").unwrap_or(file).strip_suffix(".html")?;
        let page = edition.page(id).map(|page| page.updated);
        page.or_else(|| days.get(file).copied())
    };
    let map = html! {
        (XML)
        urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {
            @for file in files {
                url {
                    loc { (base.of(file)) }
                    @if let Some(day) = day(file) { lastmod { (day) } }
                }
            }
        }
    };
    map.into_string()
}

/// An element whose name HTML writes without an end.
fn element(name: &str, text: &str) -> PreEscaped<String> {
    PreEscaped(format!("<{name}>{}</{name}>", html! { (text) }.into_string()))
}

/// The beginning of a day, as mail writes it (RFC 822).
fn written(day: NaiveDate) -> String {
    let moment =
        FixedOffset::east_opt(EAST).and_then(|zone| day.and_time(NaiveTime::MIN).and_local_timezone(zone).single());
    moment.map_or_else(String::new, |moment| moment.to_rfc2822())
}
