//! "Kênh": leaflets, posters, slides, cards and the web site of the content, made at the press of a button and taken as one ZIP.
//!
//! For officers who never saw a terminal. What was made and is out of date by now stands first. Begin with [`show`].

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Form, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Datelike, Months, NaiveDate};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::task::spawn_blocking;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::layout::{Tab, layout};
use super::parts::size;
use super::session::{Officer, TOKEN, is_foreign};
use super::{App, PageError, page};
use crate::content::model::Content;
use crate::office::packs::PackError;
use crate::office::publish::channels::{Channel, Edition, KEPT, Outdated, Wanted, outdated};
use crate::office::serve::workshop::{self, Job, Media, Workshop};
use crate::office::store::Pack;
use crate::office::words::date;

/// The most things that are made at one time: all of a large commune's content in nine forms.
const MOST: usize = 2_000;

/// The largest pack of which the site is made here: all its recordings are in memory for that.
const LARGEST_SITE: u64 = 256 * 1024 * 1024;

/// How many changed sentences of a page are listed.
const MOST_CHANGES: usize = 12;

/// Before a section's id: all of its pages.
const WHOLE: &str = "muc:";

#[derive(Deserialize)]
pub struct Which {
    /// The pack's id; the one that was uploaded last if none is named.
    pack: Option<String>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    officer: Officer,
    Query(Which { pack }): Query<Which>,
) -> Result<Response, PageError> {
    let packs = newest(app.store.packs().await?);
    let job = app.workshop.job();
    let body = match chosen(&packs, pack.as_deref()) {
        None => html! {
            p.nothing { "Chưa có gói nội dung nào. Mời đưa gói lên ở trang " a href="/packs" { "Gói nội dung" } "." }
        },
        Some(pack) => {
            let today = (app.now)().date_naive();
            let Read { content, editions, old } = read(&app, pack.clone(), today).await?;
            html! {
                (progress(&officer, &job))
                (packs_to_choose(&packs, pack))
                @match &content {
                    Ok(content) => {
                        (outdated_ones(&officer, pack, &old))
                        (form(&officer, pack, content, today))
                    },
                    Err(error) => p.trouble role="alert" { (error.for_staff()) },
                }
                (made(&editions))
            }
        }
    };
    let mut response = page(layout(&officer, Tab::Channels, "Kênh", &body));
    if matches!(job, Job::Making(..)) {
        // The page looks again by itself, without a script.
        let headers = response.headers_mut();
        headers.insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// The newest edition of each pack, the last that came first.
fn newest(packs: Vec<Pack>) -> Vec<Pack> {
    let mut newest: Vec<Pack> = Vec::new();
    for pack in packs {
        match newest.iter_mut().find(|known| known.id == pack.id) {
            Some(known) if known.sequence < pack.sequence => *known = pack,
            Some(_) => {}
            None => newest.push(pack),
        }
    }
    newest
}

fn chosen<'a>(packs: &'a [Pack], id: Option<&str>) -> Option<&'a Pack> {
    match id {
        Some(id) => packs.iter().find(|pack| pack.id == id),
        None => packs.first(),
    }
}

/// What the page is made of.
struct Read {
    /// The pack's words, or why there are none.
    content: Result<Content, PackError>,
    /// What was made before.
    editions: Vec<Edition>,
    /// What of that is out of date.
    old: Vec<Outdated>,
}

/// Reads it all beside the answers: there may be years of it.
async fn read(app: &Arc<App>, pack: Pack, today: NaiveDate) -> Result<Read, PageError> {
    let app = app.clone();
    let read = spawn_blocking(move || {
        let content = workshop::content(&app, &pack, Media::None);
        if let Err(error) = &content {
            tracing::error!("the pack {}-{}: {error}", pack.id, pack.sequence);
        }
        let editions = app.workshop.shelf().editions();
        let editions = editions.map_err(|error| PageError::Failed(format!("the shelf of channels: {error}")))?;
        let old = content.as_ref().map(|content| outdated(content, &editions, today));
        let old = old.unwrap_or_default();
        Ok(Read { content, editions, old })
    });
    read.await.map_err(|error| PageError::Failed(error.to_string()))?
}

fn progress(officer: &Officer, job: &Job) -> Markup {
    html! {
        @match job {
            Job::Nothing => {},
            Job::Making(done, of) => {
                p.notice role="status" { "Đang làm: xong " (done) " trong " (of) ". Trang này tự xem lại sau hai giây." }
                form.line method="post" action="/channels" {
                    (officer.token())
                    button.quiet type="submit" name="stop" value="1" { "Thôi, không làm nữa" }
                }
            },
            Job::Failed(words) => p.trouble role="alert" { "Lần làm vừa rồi không xong: " (words) },
        }
    }
}

fn packs_to_choose(packs: &[Pack], shown: &Pack) -> Markup {
    html! {
        @if packs.len() > 1 {
            p.links {
                @for pack in packs {
                    @let is_shown = pack.id == shown.id;
                    a href=(format!("/channels?pack={}", pack.id)) aria-current=[is_shown.then_some("page")] { (pack.title) }
                }
            }
        }
        p.hint { "Làm từ gói “" (shown.title) "”, ấn bản " (shown.sequence) ". Sửa nội dung rồi đưa gói mới lên thì làm lại ở đây." }
    }
}

fn outdated_ones(officer: &Officer, pack: &Pack, old: &[Outdated]) -> Markup {
    let again = old.iter().any(|old| old.wanted.is_some());
    html! {
        @if !old.is_empty() {
            section {
                h2 { "Đã cũ: nội dung sửa từ lần làm trước" }
                @for old in old {
                    details.change {
                        summary { strong { (old.title) } " – " (old.channel) ", làm ngày " (date(old.made_on)) (said_of(old)) }
                        (sentences("Câu thêm vào:", &old.added))
                        (sentences("Câu bỏ đi:", &old.removed))
                    }
                }
                @if again {
                    form.line method="post" action="/channels" {
                        (officer.token())
                        input type="hidden" name="pack" value=(pack.id);
                        button type="submit" name="again" value="1" { "Làm lại những bản đã cũ" }
                    }
                }
            }
        }
    }
}

fn said_of(old: &Outdated) -> String {
    match (&old.wanted, old.added.len(), old.removed.len()) {
        (None, ..) => ": bài không còn nữa, nên thu lại".to_owned(),
        (Some(_), 0, 0) => ": ấn bản mới".to_owned(),
        (Some(_), added, removed) => format!(": thêm {added} câu, bỏ {removed} câu"),
    }
}

fn sentences(name: &str, sentences: &[String]) -> Markup {
    html! {
        @if !sentences.is_empty() {
            p { (name) }
            ul {
                @for sentence in sentences.iter().take(MOST_CHANGES) { li { (sentence) } }
                @if sentences.len() > MOST_CHANGES { li { "và " (sentences.len() - MOST_CHANGES) " câu khác" } }
            }
        }
    }
}

fn form(officer: &Officer, pack: &Pack, content: &Content, today: NaiveDate) -> Markup {
    html! {
        section {
            h2 { "Làm bản mới" }
            form.channels method="post" action="/channels" {
                (officer.token())
                input type="hidden" name="pack" value=(pack.id);
                fieldset {
                    legend { "1. Làm gì?" }
                    @for channel in Channel::all() {
                        label.choice {
                            input type="checkbox" name="channel" value=(channel.name());
                            span { strong { (channel.title()) } br; span.hint { (channel.how()) } }
                        }
                    }
                }
                fieldset {
                    legend { "2. Bài nào?" }
                    p.hint { "Trang web luôn có đủ mọi bài. Việc trong lịch chỉ làm được hình gửi Zalo." }
                    @for section in &content.sections {
                        @let pages: Vec<_> = content.pages.iter().filter(|page| page.section == section.id).collect();
                        @if !pages.is_empty() {
                            (items(&section.title, Some(&section.id), pages.iter().map(|page| (page.id.as_str(), page.title.clone()))))
                        }
                    }
                    (items("Thông báo", None, content.notices.iter().map(|it| (it.id.as_str(), it.title.clone()))))
                    (items("Bài phát thanh", None, content.programmes.iter().map(|it| (it.id.as_str(), it.title.clone()))))
                    (calendar(content, today))
                }
                button type="submit" { "Làm" }
            }
        }
    }
}

/// What can be chosen together, closed until somebody opens it.
fn items<'a>(title: &str, section: Option<&str>, items: impl Iterator<Item = (&'a str, String)>) -> Markup {
    let items: Vec<_> = items.collect();
    html! {
        @if !items.is_empty() {
            details {
                summary { (title) " (" (items.len()) ")" }
                @if let Some(section) = section { (item(&format!("{WHOLE}{section}"), "Cả mục này")) }
                @for (id, title) in &items { (item(id, title)) }
            }
        }
    }
}

fn item(id: &str, title: &str) -> Markup {
    html! { label.choice { input type="checkbox" name="item" value=(id); span { (title) } } }
}

fn calendar(content: &Content, today: NaiveDate) -> Markup {
    let named = content.events.iter().filter(|event| !event.id.is_empty());
    let months: Vec<(String, String)> = (0..2)
        .map(|later| today + Months::new(later))
        .map(|day| {
            (
                day.format("%Y-%m").to_string(),
                format!("Lịch tháng {}/{}", day.month(), day.year()),
            )
        })
        .collect();
    let months = months.iter().map(|(id, title)| (id.as_str(), title.clone()));
    items(
        "Lịch của xã",
        None,
        months.chain(named.map(|it| (it.id.as_str(), it.title.clone()))),
    )
}

fn made(editions: &[Edition]) -> Markup {
    html! {
        @if editions.iter().any(|edition| edition.is_there) {
            section {
                h2 { "Những bản đã làm" }
                div.words {
                    table {
                        caption { "Chỉ giữ " (KEPT) " lần gần nhất của mỗi gói nội dung" }
                        thead { tr { th scope="col" { "Ngày" } th scope="col" { "Có gì" } th scope="col" { "Ấn bản" } th scope="col" { "Người làm" } th scope="col" { "Tải về" } } }
                        tbody {
                            @for edition in editions.iter().filter(|edition| edition.is_there) {
                                tr {
                                    th scope="row" { (date(edition.made_on)) }
                                    td { (contents(edition)) }
                                    td { (edition.sequence) }
                                    td { (edition.by) }
                                    td { a href=(format!("/channels/{}", edition.number)) { "Tệp ZIP, " (size(edition.bytes)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Each channel with what it was made of: a few by name, many by their number.
fn contents(edition: &Edition) -> String {
    let parts = Channel::all().into_iter().filter_map(|channel| {
        let made: Vec<&str> = edition
            .made
            .iter()
            .filter(|made| made.channel == channel.name())
            .map(|made| made.title.as_str())
            .collect();
        match made.as_slice() {
            [] => None,
            _ if channel == Channel::Site => Some(channel.title().to_owned()),
            [one] => Some(format!("{}: {one}", channel.title())),
            many => Some(format!("{}: {} bài", channel.title(), many.len())),
        }
    });
    parts.collect::<Vec<_>>().join("; ")
}

pub async fn make(
    State(app): State<Arc<App>>,
    officer: Officer,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let all = |name: &'static str| {
        fields
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    if is_foreign(&headers) {
        return Err(PageError::Stale);
    }
    officer.sent(all(TOKEN).next().unwrap_or_default())?;
    if all("stop").next().is_some() {
        tracing::info!(by = officer.name, "channels are no longer made");
        app.workshop.stop();
        return Ok(Redirect::to("/channels").into_response());
    }
    let packs = newest(app.store.packs().await?);
    let pack = chosen(&packs, all("pack").next()).ok_or(PageError::NotFound)?;
    let today = (app.now)().date_naive();
    let Read { content, old, .. } = read(&app, pack.clone(), today).await?;
    let content = content.map_err(|error| PageError::Wrong(error.for_staff()))?;
    let wanted = if all("again").next().is_some() {
        old.into_iter().filter_map(|old| old.wanted).collect()
    } else {
        // Each once, however often it was sent.
        let mut channels = Channel::all();
        channels.retain(|channel| all("channel").any(|name| name == channel.name()));
        chosen_things(&content, &channels, all("item"))
    };
    let wrong = |words: &str| Err(PageError::Wrong(words.to_owned()));
    if wanted.is_empty() && all("again").next().is_some() {
        return wrong("Không có bản nào cũ.");
    }
    if wanted.is_empty() {
        return wrong("Mời chọn làm gì và bài nào. Việc trong lịch chỉ làm được hình gửi Zalo: mời chọn cả mục ấy.");
    }
    if wanted.len() > MOST {
        return wrong("Chọn nhiều quá. Mời làm từng phần.");
    }
    if pack.bytes > LARGEST_SITE && wanted.iter().any(|wanted| wanted.channel == Channel::Site) {
        return wrong(
            "Gói nội dung có nhiều bài thu quá, máy chủ không làm trang web được. Mời làm bằng lệnh office site trên máy soạn nội dung.",
        );
    }
    tracing::info!(
        pack = pack.id,
        things = wanted.len(),
        by = officer.name,
        "channels are made"
    );
    let by = officer.name.clone();
    if !Workshop::begin(&app, pack.clone(), wanted, by) {
        return wrong("Văn phòng đang làm một bộ khác. Mời đợi xong rồi làm tiếp.");
    }
    Ok(Redirect::to(&format!("/channels?pack={}", pack.id)).into_response())
}

/// Every chosen thing in every chosen form that there is of it, each once; no more than one above the most.
fn chosen_things<'a>(content: &'a Content, channels: &[Channel], items: impl Iterator<Item = &'a str>) -> Vec<Wanted> {
    let mut ids: Vec<&str> = Vec::new();
    for item in items {
        match item.strip_prefix(WHOLE) {
            Some(section) => {
                let pages = content.pages.iter().filter(|page| page.section == section);
                ids.extend(pages.map(|page| page.id.as_str()));
            }
            None => ids.push(item),
        }
    }
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(*id));
    ids.truncate(MOST + 1);
    let is_text = |id: &str| {
        content.pages.iter().any(|it| it.id == id)
            || content.notices.iter().any(|it| it.id == id)
            || content.programmes.iter().any(|it| it.id == id)
    };
    let of = |channel: Channel| -> Vec<&str> {
        match channel {
            Channel::Site => vec![""],
            Channel::Cards => ids.clone(),
            Channel::Paper(_) => ids.iter().copied().filter(|id| is_text(id)).collect(),
        }
    };
    let wanted = channels.iter().flat_map(|channel| {
        of(*channel).into_iter().map(|id| Wanted {
            channel: *channel,
            id: id.to_owned(),
        })
    });
    wanted.take(MOST + 1).collect()
}

/// A ZIP that was made.
pub async fn take(
    State(app): State<Arc<App>>,
    _officer: Officer,
    Path(number): Path<u64>,
    request: Request,
) -> Result<Response, PageError> {
    let file = app.workshop.shelf().zip(number);
    if !tokio::fs::try_exists(&file).await.unwrap_or(false) {
        return Err(PageError::NotFound);
    }
    let served = ServeFile::new(file).oneshot(request).await;
    let mut response = served.map_or_else(|error| match error {}, |response| response.map(Body::new));
    let name = format!("attachment; filename=\"kenh-{number}.zip\"");
    let name = HeaderValue::from_str(&name).map_err(|error| PageError::Failed(error.to_string()))?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
