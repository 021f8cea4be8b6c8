//! Kiosks that were accepted: a list, and a page for each.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::layout::{Tab, layout};
use super::newcomers;
use super::parts::{self, Asked, asked_first, moment, table};
use super::session::{Empty, Officer, Posted};
use super::{App, PageError, corrections, overview, page};
use crate::bundle::{Kind, PublicKey};
use crate::office::receive::{self, Decision, LONGEST_NAME};
use crate::office::reporting;
use crate::office::store::{Kiosk, Seconds};
use crate::office::words::{self, count, number};
use crate::usage::statistics::Card;

/// How many kiosks one page lists.
const A_PAGE: usize = 100;

/// How many refused bundles are listed, and of those that wait.
const MOST_REFUSED: u64 = 20;
const MOST_UNDECIDED: usize = 20;

#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// `silent`, `gaps` or `ahead`: only kiosks of which that is true.
    only: Option<String>,
    /// The part of the list, from 1.
    page: Option<usize>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    officer: Officer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let (unknown, expected) = (app.store.unknown().await?, app.store.expected().await?);
    let mut kiosks = app.store.kiosks().await?;
    let now = (app.now)();
    let heading = match wanted.only.as_deref() {
        Some("silent") => {
            kiosks.retain(|kiosk| kiosk.silent_days(now).is_some());
            "Máy đã lâu không liên lạc"
        }
        Some("ahead") => {
            let ahead = app.store.ahead().await?;
            kiosks.retain(|kiosk| ahead.contains(&kiosk.id));
            "Máy có gói chờ cán bộ quyết định"
        }
        Some("gaps") => {
            kiosks.retain(|kiosk| !kiosk.retired && kiosk.missing > 0);
            "Máy còn thiếu gói số liệu"
        }
        _ => "Các máy đã duyệt",
    };
    let (period, _) = Asked::default().period(now.date_naive());
    let visits = app.store.visits(period.from(), period.to()).await?;
    let shown = wanted.page.unwrap_or(1).max(1);
    let pages = kiosks.len().div_ceil(A_PAGE);
    let rows = kiosks.iter().skip(A_PAGE.saturating_mul(shown - 1)).take(A_PAGE);
    let body = html! {
        (newcomers::waiting(&officer, &unknown, now.timestamp()))
        section {
            h2 { (heading) }
            @if wanted.only.is_some() { p { a href="/kiosks" { "Xem tất cả các máy" } } }
            @if kiosks.is_empty() {
                p.nothing { "Chưa có máy nào. Máy mới tự hiện ra ở đây khi số liệu đầu tiên của máy đến văn phòng." }
            } @else {
                div.wide { table {
                    caption { (number(u64::try_from(kiosks.len()).unwrap_or(u64::MAX))) " máy" }
                    thead {
                        tr {
                            th scope="col" { "Máy" }
                            th scope="col" { "Liên lạc lần cuối" }
                            th scope="col" { "Gói nhận được" }
                            th scope="col" { "Lượt " (period.name()) }
                            th scope="col" { "Tình trạng" }
                        }
                    }
                    tbody {
                        @for kiosk in rows {
                            tr {
                                th scope="row" { a href=(format!("/kiosks/{}", kiosk.id)) { (kiosk.name) } }
                                td { (kiosk.last_heard(now).map_or_else(|| "chưa gửi".to_owned(), moment)) }
                                td { (number(kiosk.stored)) "/" (number(kiosk.newest)) }
                                td { (count(visits.get(&kiosk.id).copied().unwrap_or(0))) }
                                td { (state(kiosk, kiosk.silent_days(now))) }
                            }
                        }
                    }
                } }
                @if pages > 1 { (other_pages(wanted.only.as_deref(), shown, pages)) }
            }
        }
        (newcomers::expected(&officer, &expected))
    };
    Ok(page(layout(&officer, Tab::Kiosks, "Máy", &body)))
}

fn other_pages(only: Option<&str>, shown: usize, pages: usize) -> Markup {
    let only = only.map_or_else(String::new, |only| format!("&only={only}"));
    html! {
        nav.pages aria-label="Các phần của danh sách" {
            ul {
                @for number in 1..=pages {
                    li {
                        a href=(format!("/kiosks?page={number}{only}")) aria-current=[(number == shown).then_some("page")] { (number) }
                    }
                }
            }
        }
    }
}

fn state(kiosk: &Kiosk, silent: Option<u64>) -> Cow<'static, str> {
    let card = kiosk.card.filter(|card| *card != Card::Fine);
    let state = if kiosk.retired {
        "Đã ngừng"
    } else if let Some(card) = card {
        words::card(card)
    } else if let Some(days) = silent {
        return format!("Không liên lạc {} ngày", number(days)).into();
    } else if kiosk.missing > 0 {
        "Thiếu gói"
    } else if kiosk.left.is_some() {
        "Nội dung mới lỗi"
    } else if kiosk.under_voltage == Some(true) {
        "Nguồn điện yếu"
    } else {
        "Tốt"
    };
    state.into()
}

pub async fn show(
    State(app): State<Arc<App>>,
    officer: Officer,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let kiosk = app.store.kiosk(&id).await?.ok_or(PageError::NotFound)?;
    let now = (app.now)();
    let today = now.date_naive();
    let (period, understood) = asked.period(today);
    let figures = reporting::figures(&app.store, period, Some(&id)).await?;
    let titles = app.titles().await?;
    let path = format!("/kiosks/{id}");
    let body = html! {
        (facts(&kiosk, kiosk.last_heard(now)))
        (troubles(&kiosk, kiosk.silent_days(now)))
        (corrections::gaps(&app, &officer, &id).await?)
        (undecided(&app, &officer, &id).await?)
        (aside(&app, &id).await?)
        p.links {
            a href=(format!("{path}/receipt")) { "Tải biên nhận để chép vào USB" }
            " " a href=(format!("/reports{}", parts::query(period, Some(&id)))) { "Làm báo cáo của máy này" }
        }
        h2 { "Số liệu" }
        (parts::periods(&path, period, understood, None, today))
        (overview::all(&figures, period, &titles))
        (corrections::section(&app, &officer, &id).await?)
        @if officer.runs() { section { h2 { "Đổi tên, ngừng máy" } (changes(&officer, &kiosk)) } }
    };
    Ok(page(layout(&officer, Tab::Kiosks, &kiosk.name, &body)))
}

fn facts(kiosk: &Kiosk, last_heard: Option<Seconds>) -> Markup {
    let known = |fact: Option<String>| fact.unwrap_or_else(|| "chưa biết".to_owned());
    let count = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok()).map(number);
    let key = PublicKey::from_base64(&kiosk.public_key).map(|key| key.words());
    let rows = [
        ("Mã số", kiosk.id.clone()),
        ("Sáu chữ của khoá", key.unwrap_or_default()),
        ("Được duyệt", moment(kiosk.accepted_at)),
        (
            "Tình trạng",
            match kiosk.retired_at {
                Some(since) => format!("đã ngừng từ {}", moment(since)),
                None => "đang dùng".to_owned(),
            },
        ),
        (
            "Liên lạc lần cuối",
            last_heard.map_or_else(|| "chưa gửi".to_owned(), moment),
        ),
        (
            "Gói số liệu mới nhất",
            format!(
                "số {}, lập ngày {}",
                kiosk.newest,
                known(kiosk.newest_made.map(words::date))
            ),
        ),
        (
            "Gói đã nhận",
            format!("{} trong {}", number(kiosk.stored), number(kiosk.newest)),
        ),
        (
            "Nội dung đang hiện",
            known(count(kiosk.edition).map(|edition| match &kiosk.pack {
                Some(pack) => format!("{pack}, ấn bản {edition}"),
                None => format!("ấn bản {edition}"),
            })),
        ),
        ("Phiên bản chương trình", known(kiosk.version.clone())),
        (
            "Chạy liên tục",
            known(count(kiosk.uptime_hours).map(|hours| format!("{hours} giờ"))),
        ),
        (
            "Chỗ trống trên thẻ nhớ",
            known(count(kiosk.free_mb).map(|mb| format!("{mb} MB"))),
        ),
        ("Số lần hỏng tệp số đếm", known(count(kiosk.losses))),
        ("Lỗi của chương trình từ lúc bật", known(count(kiosk.faults))),
        ("Thẻ nhớ", known(kiosk.card.map(|card| words::card(card).to_owned()))),
        ("Lỗi của thẻ nhớ", known(count(kiosk.card_errors))),
        (
            "Nguồn điện",
            known(
                kiosk
                    .under_voltage
                    .map(|weak| if weak { "có lúc yếu" } else { "đủ" }.to_owned()),
            ),
        ),
        (
            "Nóng nhất",
            known(count(kiosk.temperature).map(|degrees| format!("{degrees} °C"))),
        ),
    ];
    let rows: Vec<Vec<String>> = rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec();
    html! { div.facts { (table("Máy, theo gói số liệu mới nhất", &["", ""], &rows)) } }
}

/// What somebody should do about the machine.
fn troubles(kiosk: &Kiosk, silent: Option<u64>) -> Markup {
    let silent = silent.map(|days| {
        format!(
            "Máy không liên lạc {} ngày. Mời hỏi nơi đặt máy xem máy còn bật và còn mạng không; máy không có mạng thì mời lấy số liệu bằng USB.",
            number(days)
        )
    });
    let power = "Nguồn điện của máy có lúc yếu. Mời kiểm tra bộ nguồn và dây nguồn của máy.";
    let power = (kiosk.under_voltage == Some(true)).then_some(power);
    let left = kiosk.left.map(|edition| {
        format!(
            "Ấn bản {edition} làm chương trình của máy dừng nhiều lần nên máy đã tự quay về ấn bản trước và không nhận lại gói đó. Mời xem lại nội dung rồi đóng ấn bản mới."
        )
    });
    let words = [kiosk.card.and_then(Card::for_staff), power].into_iter().flatten();
    html! {
        @for words in silent.into_iter().chain(words.map(str::to_owned)).chain(left) { p.trouble { (words) } }
    }
}

/// What nobody can decide yet, so that a person learns of it, and decides where the program must not.
async fn undecided(app: &App, officer: &Officer, id: &str) -> Result<Markup, PageError> {
    let undecided = app.store.undecided(id).await?;
    let older = "Nhiều bất thường, hoặc cần chương trình văn phòng mới hơn.";
    Ok(html! {
        @if !undecided.is_empty() {
            section {
                h2 { "Gói chưa quyết định" }
                p.trouble {
                    "Có " (number(u64::try_from(undecided.len()).unwrap_or(u64::MAX))) " gói đã đến mà chưa được tính. Máy chủ đang là " (moment(app.seconds())) ". "
                    "Mời xem lại đồng hồ của máy chủ và của máy, rồi hỏi kỹ thuật viên. Máy sẽ tự gửi lại, không mất số liệu."
                }
                @for one in undecided.iter().take(MOST_UNDECIDED) {
                    article.approval {
                        p { strong { "Gói số " (one.sequence) } ", đến " (moment(one.at)) ". " (one.why.as_deref().unwrap_or(older)) }
                        @if one.ahead && officer.runs() {
                            form.line method="post" action=(format!("/kiosks/{id}/{}/undated", one.sequence)) {
                                (officer.token())
                                button type="submit" { "Đồng hồ của máy sai: tính vào phần không rõ ngày" }
                            }
                            (asked_first(
                                officer,
                                &format!("/kiosks/{id}/{}/refuse", one.sequence),
                                "Không nhận gói này",
                                "Số đếm trong gói này sẽ không được tính, và máy không gửi lại nữa.",
                                "Không nhận",
                            ))
                        }
                    }
                }
            }
        }
    })
}

/// An officer's decision of a bundle with days ahead.
pub async fn decide(
    State(app): State<Arc<App>>,
    Path((id, sequence, what)): Path<(String, u64, String)>,
    Posted(officer, _): Posted<Empty>,
) -> Result<Response, PageError> {
    let decision = match what.as_str() {
        "undated" => Decision::Undated,
        "refuse" => Decision::Refuse,
        _ => return Err(PageError::NotFound),
    };
    if !receive::decide(&app.store, (&id, sequence), decision, (app.now)(), app.built).await? {
        return Err(PageError::NotFound);
    }
    tracing::info!(kiosk = id, sequence, by = officer.name, what, "days ahead were decided");
    Ok(Redirect::to(&format!("/kiosks/{id}")).into_response())
}

async fn aside(app: &App, id: &str) -> Result<Markup, PageError> {
    let aside = app.store.aside(Some(id), MOST_REFUSED).await?;
    let rows = aside
        .iter()
        .map(|one| vec![format!("Gói số {}", one.sequence), one.why.clone(), moment(one.at)]);
    let rows: Vec<Vec<String>> = rows.collect();
    Ok(html! {
        @if !rows.is_empty() { div.words { (table("Gói không nhận, để riêng", &["Gói", "Vì sao", "Đến lúc"], &rows)) } }
    })
}

fn changes(officer: &Officer, kiosk: &Kiosk) -> Markup {
    let path = format!("/kiosks/{}", kiosk.id);
    html! {
        form.line method="post" action=(format!("{path}/accept")) {
            (officer.token())
            label for="name" { "Tên máy" }
            input id="name" name="name" value=(kiosk.name) required maxlength=(LONGEST_NAME);
            button type="submit" { @if kiosk.retired { "Dùng lại máy này" } @else { "Đổi tên" } }
        }
        @if !kiosk.retired {
            form.line method="post" action=(format!("{path}/retire")) {
                (officer.token())
                button.quiet type="submit" { "Ngừng máy này" }
                span.hint { "Từ đó văn phòng không nhận số liệu của máy. Có thể cho dùng lại." }
            }
        }
    }
}

pub async fn retire(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Posted(officer, _): Posted<Empty>,
) -> Result<Response, PageError> {
    if !app.store.retire(&id, app.seconds()).await? {
        return Err(PageError::NotFound);
    }
    tracing::info!(kiosk = id, by = officer.name, "retired");
    Ok(Redirect::to(&format!("/kiosks/{id}")).into_response())
}

/// The receipt for everything that was decided about a kiosk's bundles, as a file for its stick.
pub async fn receipt(
    State(app): State<Arc<App>>,
    _officer: Officer,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    app.store.kiosk(&id).await?.ok_or(PageError::NotFound)?;
    let receipt = app.receiver.receipt(&app.store, &id, (app.now)()).await?;
    let headers = [
        (header::CONTENT_TYPE, super::super::api::BUNDLE.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{id}.{}\"", Kind::Receipt.ending()),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, receipt).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kiosk(card: Option<Card>, under_voltage: Option<bool>) -> Kiosk {
        Kiosk {
            id: "kiosk-0123456789abcdef".to_owned(),
            public_key: String::new(),
            name: "Xã Lê Lợi".to_owned(),
            retired: false,
            last_contact: Some(0),
            called_at: None,
            newest: 2,
            stored: 2,
            missing: 0,
            accepted_at: 0,
            retired_at: None,
            newest_made: None,
            pack: None,
            left: None,
            faults: Some(2),
            edition: Some(1),
            version: None,
            uptime_hours: None,
            free_mb: None,
            losses: Some(0),
            card,
            card_errors: Some(3),
            under_voltage,
            temperature: Some(65),
        }
    }

    #[test]
    fn a_card_that_fails_is_told_apart_from_a_full_one_in_the_list_and_on_the_page() {
        for (card, in_list, to_do) in [
            (Card::Failing, "Thẻ nhớ sắp hỏng", "thay thẻ"),
            (Card::Full, "Thẻ nhớ đầy", "không phải bị hỏng"),
            (Card::ReadOnly, "Thẻ nhớ không ghi được", "không ghi được vào thẻ nhớ"),
        ] {
            let kiosk = kiosk(Some(card), Some(false));
            assert_eq!(state(&kiosk, Some(40)), in_list, "before silence: it says why");
            assert!(facts(&kiosk, None).into_string().contains(in_list));
            assert!(troubles(&kiosk, None).into_string().contains(to_do));
            let retired = Kiosk { retired: true, ..kiosk };
            assert_eq!(state(&retired, None), "Đã ngừng");
        }
    }

    #[test]
    fn a_pack_that_a_kiosk_left_is_said_with_its_edition() {
        let kiosk = Kiosk {
            left: Some(7),
            ..kiosk(None, None)
        };
        assert_eq!(state(&kiosk, None), "Nội dung mới lỗi");
        assert!(
            troubles(&kiosk, None)
                .into_string()
                .contains("Ấn bản 7 làm chương trình của máy dừng")
        );
    }

    #[test]
    fn a_weak_supply_is_said_and_a_good_machine_is_not_complained_of() {
        let weak = kiosk(Some(Card::Fine), Some(true));
        assert_eq!(state(&weak, None), "Nguồn điện yếu");
        assert!(troubles(&weak, None).into_string().contains("bộ nguồn"));
        assert!(facts(&weak, None).into_string().contains("có lúc yếu"));
        for good in [kiosk(Some(Card::Fine), Some(false)), kiosk(None, None)] {
            assert_eq!(state(&good, None), "Tốt");
            assert_eq!(troubles(&good, None).into_string(), "");
            let facts = facts(&good, None).into_string();
            assert!(facts.contains("Lỗi của chương trình từ lúc bật"), "{facts}");
            assert!(facts.contains("65 °C") && !facts.contains("có lúc yếu"), "{facts}");
        }
    }
}
