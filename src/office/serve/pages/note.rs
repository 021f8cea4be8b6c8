//! Noting what was done: a row of the plan was touched, now what it was, then its numbers. Nothing but numbers and a day can be written.
//!
//! Begin with [`choose`].

use std::sync::Arc;

use axum::extract::{Extension, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::activities::{ONLY_DIGITS, WHOLE, said, wrong};
use super::deeds::About;
use super::layout::{Tab, layout};
use super::session::{Officer, Posted, percent_encoded};
use super::{App, PageError, page};
use crate::content::model::Content;
use crate::office::plan::{self, Activity, Offer, Offers, Row, offers};
use crate::office::serve::contents::content;
use crate::office::store::{Note, Pack};
use crate::office::words::{month, read_number};

/// How many came, as it is known mostly: who knows it exactly types it.
const CAME: [u64; 8] = [10, 20, 30, 40, 50, 75, 100, 150];

/// How long the id of an activity is, in hexadecimal digits.
const ID: usize = 32;

#[derive(Deserialize)]
pub struct Wanted {
    /// What it was, by the key of an offer.
    what: Option<String>,
}

pub async fn choose(
    State(app): State<Arc<App>>,
    officer: Officer,
    Path(row): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    if !officer.runs() {
        return Err(PageError::NotAllowed);
    }
    let row = Row::from_key(&row).ok_or(PageError::NotFound)?;
    let (offers, has_content) = offered(&app, row).await?;
    let (title, body) = match &wanted.what {
        None => (row.named(), what_was_it(row, &offers, has_content)),
        Some(key) => {
            let offer = offers.find(key).ok_or_else(not_offered)?;
            (offer.title.clone(), numbers(&app, &officer, row, offer)?)
        }
    };
    Ok(page(layout(&officer, Tab::Activities, &title, &body)))
}

fn not_offered() -> PageError {
    PageError::Wrong("Việc này không có trong nội dung của văn phòng. Mời chọn lại từ trang Hoạt động.".to_owned())
}

/// What the newest pack offers for a row, and whether there is one that can be read.
async fn offered(app: &Arc<App>, row: Row) -> Result<(Offers, bool), PageError> {
    let today = (app.now)().date_naive();
    let packs = app.store.packs().await?;
    let newest = packs
        .into_iter()
        .max_by_key(|pack| (pack.offered, pack.uploaded_at, pack.sequence));
    let content = match newest {
        Some(pack) => read(app, pack).await?,
        None => None,
    };
    Ok((offers(row, content.as_ref(), today), content.is_some()))
}

/// A pack whose file is gone or damaged offers nothing; the page says so.
async fn read(app: &Arc<App>, pack: Pack) -> Result<Option<Content>, PageError> {
    let app = app.clone();
    let read = spawn_blocking(move || {
        let content = content(&app, &pack, |_, _| false);
        content.inspect_err(|error| tracing::error!("the pack {}-{}: {error}", pack.id, pack.sequence))
    });
    let read = read.await.map_err(|error| PageError::Failed(error.to_string()))?;
    Ok(read.ok())
}

fn what_was_it(row: Row, offers: &Offers, has_content: bool) -> Markup {
    html! {
        section {
            h2 { "Đã làm việc nào?" }
            (links(row, &offers.likely))
            @if !offers.others.is_empty() {
                details {
                    summary { "Việc khác (" (offers.others.len()) ")" }
                    (links(row, &offers.others))
                }
            }
            @if !has_content {
                p.hint { "Chưa đọc được gói nội dung nào, nên ở đây chỉ có tên chung. Đưa gói lên ở trang " a href="/packs" { "Gói nội dung" } " thì chọn được theo lịch và theo bài." }
            }
        }
        p { a href="/activities" { "Về trang Hoạt động" } }
    }
}

fn links(row: Row, offers: &[Offer]) -> Markup {
    html! {
        ul.offers {
            @for offer in offers {
                li {
                    // A form with its field, so that any words of a title come back as they are.
                    form method="get" action=(format!("/activities/{}", row.key())) {
                        button.quiet type="submit" name="what" value=(offer.key) { (offer.title) }
                    }
                }
            }
        }
    }
}

fn numbers(app: &App, officer: &Officer, row: Row, offer: &Offer) -> Result<Markup, PageError> {
    let today = (app.now)().date_naive();
    let id = new_id()?;
    // A programme of an earlier month was hardly broadcast today: whoever knows the day chooses it.
    let day = offer.earlier.is_none().then(|| offer.day.unwrap_or(today));
    Ok(html! {
        section {
            h2 { "Con số" }
            p.hint { "Nội dung " (row.named()) "." }
            form.lines method="post" action=(format!("/activities/{}", row.key())) {
                (officer.token())
                input type="hidden" name="id" value=(id);
                input type="hidden" name="what" value=(offer.key);
                label for="day" { "Ngày thực hiện" }
                input id="day" type="date" name="day" value=[day] max=(today) required;
                @if let Some(earlier) = offer.earlier { p.hint { "Chương trình này là của tháng " (month(earlier)) ": mời chọn ngày đã phát." } }
                label for="times" { "Số " (row.times_of()) }
                input id="times" type="text" name="times" inputmode="numeric" pattern=(WHOLE) title=(ONLY_DIGITS) value=(row.usual_times()) required;
                @if row.has_people() {
                    label for="people" { "Tổng số người dự" }
                    input id="people" type="text" name="people" inputmode="numeric" pattern=(WHOLE) title=(ONLY_DIGITS) required;
                }
                button type="submit" { "Lưu" }
                @if row.has_people() {
                    p.hint { "Hoặc bấm tổng số người dự gần đúng: bấm là lưu luôn." }
                    div.came {
                        @for n in CAME { button.quiet type="submit" name="came" value=(n) formnovalidate { (n) " người" } }
                    }
                }
            }
        }
        p { a href=(format!("/activities/{}", row.key())) { "Chọn việc khác" } }
    })
}

/// A number of its own for each form, so that one that is sent twice is noted once.
fn new_id() -> Result<String, PageError> {
    let mut random = [0; ID / 2];
    getrandom::fill(&mut random).map_err(|error| PageError::Failed(error.to_string()))?;
    Ok(format!("{:0ID$x}", u128::from_le_bytes(random)))
}

/// A form as it was sent; numbers are read here, because it has nothing but texts.
#[derive(Debug, Deserialize)]
pub struct Sent {
    id: String,
    what: String,
    day: String,
    times: String,
    people: Option<String>,
    came: Option<String>,
}

impl Sent {
    /// What was done, or what is wrong with the form in words.
    fn activity(&self, row: Row, offer: &Offer, officer: &Officer) -> Result<Activity, String> {
        let day = self.day.trim();
        if day.is_empty() {
            return Err("Mời chọn ngày thực hiện.".to_owned());
        }
        Ok(Activity {
            id: self.id.clone(),
            row,
            day: day.parse().map_err(|_| "Ngày thực hiện không đúng.".to_owned())?,
            subject: offer.subject.clone(),
            title: offer.title.clone(),
            times: number(&self.times)?,
            people: self.people(row)?,
            by: officer.name.clone(),
            at: 0,
        })
    }

    fn people(&self, row: Row) -> Result<u64, String> {
        if !row.has_people() {
            return Ok(0);
        }
        let typed = self.people.as_deref().filter(|typed| !typed.trim().is_empty());
        let Some(people) = self.came.as_deref().or(typed) else {
            return Err("Mời ghi tổng số người dự, hoặc bấm một số gần đúng.".to_owned());
        };
        number(people)
    }
}

fn number(text: &str) -> Result<u64, String> {
    read_number(text).ok_or_else(|| ONLY_DIGITS.to_owned())
}

pub async fn note(
    State(app): State<Arc<App>>,
    Path(row): Path<String>,
    Posted(officer, sent): Posted<Sent>,
) -> Result<Response, PageError> {
    let row = Row::from_key(&row).ok_or(PageError::NotFound)?;
    let is_id = sent.id.len() == ID && sent.id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_id {
        return Err(PageError::Stale);
    }
    let (offers, _) = offered(&app, row).await?;
    let offer = offers.find(&sent.what).ok_or_else(not_offered)?;
    let back = format!(
        "/activities/{row}?what={}",
        percent_encoded(&offer.key),
        row = row.key()
    );
    let activity = match sent.activity(row, offer, &officer) {
        Ok(activity) => Activity {
            at: app.seconds(),
            ..activity
        },
        Err(words) => return Ok(wrong(&officer, &words, &back)),
    };
    if let Some(fault) = plan::fault(&activity, (app.now)().date_naive()) {
        return Ok(wrong(&officer, &fault, &back));
    }
    let became = match app.store.note_activity(&activity).await? {
        Note::New => "noted",
        Note::Known => "known",
        Note::Other => {
            let words = "Trang này đã ghi một việc rồi. Muốn ghi việc nữa, mời bắt đầu lại từ trang Hoạt động.";
            return Ok(wrong(&officer, words, "/activities"));
        }
        Note::TooMany => {
            let words = "Năm ấy đã ghi nhiều việc quá. Mời gộp lại: một dòng ghi được nhiều lần, nhiều bài.";
            return Ok(wrong(&officer, words, "/activities"));
        }
    };
    let about = Extension(About(said(&activity)));
    Ok((about, Redirect::to(&format!("/activities?{became}={}", activity.id))).into_response())
}
