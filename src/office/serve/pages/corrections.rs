//! What an officer puts right on a kiosk's page: bundles taken out of the sums and put back, gaps closed, a kiosk that was accepted by
//! mistake forgotten; and what was, by whom and why.
//! Begin with [`section`].

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::deeds::About;
use super::parts::{moment, table};
use super::session::{Officer, Posted};
use super::{App, PageError};
use crate::office::receive;
use crate::office::store::{By, Correction, LONGEST_WHY, What, reason};

/// How many gaps, voided bundles and corrections one page shows.
const MOST: usize = 20;

/// Which numbers, and why. Numbers are read here, because a form has nothing but texts.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    first: String,
    last: Option<String>,
    why: Option<String>,
}

impl Wanted {
    fn first(&self) -> Result<u64, PageError> {
        number(&self.first)
    }

    fn why(&self) -> Result<&str, PageError> {
        written(self.why.as_deref())
    }
}

/// Why a kiosk is forgotten.
#[derive(Debug, Deserialize)]
pub struct Reason {
    why: Option<String>,
}

fn written(why: Option<&str>) -> Result<&str, PageError> {
    reason(why.unwrap_or_default())
        .ok_or_else(|| PageError::Wrong(format!("Lý do có từ 1 đến {LONGEST_WHY} chữ, trên một dòng.")))
}

fn number(text: &str) -> Result<u64, PageError> {
    let wrong = |_| PageError::Wrong("Số của gói là một con số.".to_owned());
    text.trim().parse().map_err(wrong)
}

fn by<'a>(app: &App, officer: &'a Officer, why: &'a str) -> By<'a> {
    By {
        whom: &officer.name,
        why,
        at: app.seconds(),
    }
}

fn range((first, last): (u64, u64)) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first} đến {last}")
    }
}

/// What is lacking of a kiosk, and a way to say that it won't come.
pub async fn gaps(app: &App, officer: &Officer, id: &str) -> Result<Markup, PageError> {
    let gaps = app.store.gaps(id).await?;
    let names = gaps.iter().map(|gap| range(*gap)).collect::<Vec<_>>().join(", ");
    Ok(html! {
        @if !gaps.is_empty() {
            p.trouble {
                "Còn thiếu gói số " (names) ". Khi gọi về qua mạng, máy tự gửi lại những gói còn giữ. Nếu máy không có mạng: mời tải biên nhận dưới đây, chép vào thư mục KIOSK của USB, cắm vào máy, rồi mang USB về."
            }
            @if officer.runs() { details {
                summary { "Gói không còn ở máy nữa?" }
                @for (first, last) in gaps.iter().take(MOST) {
                    form.line method="post" action=(format!("/kiosks/{id}/close")) {
                        (officer.token())
                        input type="hidden" name="first" value=(first);
                        input type="hidden" name="last" value=(last);
                        label for=(format!("why-{first}")) { "Vì sao gói số " (range((*first, *last))) " sẽ không đến" }
                        input id=(format!("why-{first}")) name="why" required maxlength=(LONGEST_WHY);
                        button.quiet type="submit" { "Không chờ nữa" }
                    }
                }
            } }
        }
    })
}

/// Bundles that are in no sum, a way to take another out, and everything that was put right.
pub async fn section(app: &App, officer: &Officer, id: &str) -> Result<Markup, PageError> {
    let (voided, corrections) = (app.store.voided(id).await?, app.store.corrections(id).await?);
    let rows: Vec<Vec<String>> = corrections.iter().take(MOST).map(row).collect();
    let has_something = officer.runs() || !voided.is_empty() || !rows.is_empty();
    Ok(html! { @if has_something {
        section {
            h2 { "Sửa số liệu" }
            @for number in voided.iter().take(MOST) {
                @if !officer.runs() { p { "Gói số " (number) " đang ở ngoài số tổng." } } @else { form.line method="post" action=(format!("/kiosks/{id}/restore")) {
                    (officer.token())
                    input type="hidden" name="first" value=(number);
                    span { "Gói số " (number) " đang ở ngoài số tổng." }
                    button.quiet type="submit" { "Đưa gói số " (number) " trở lại" }
                } }
            }
            @if officer.runs() { details {
                summary { "Bỏ một gói ra khỏi số tổng" }
                form.line method="post" action=(format!("/kiosks/{id}/void")) {
                    (officer.token())
                    label for="void-number" { "Gói số" }
                    input id="void-number" name="first" required inputmode="numeric" pattern="[0-9]+" maxlength="19";
                    label for="void-why" { "Vì sao" }
                    input id="void-why" name="why" required maxlength=(LONGEST_WHY);
                    button.quiet type="submit" { "Bỏ gói này" }
                    span.hint { "Gói vẫn được giữ, có thể đưa trở lại." }
                }
            } }
            @if officer.runs() { details {
                summary { "Xoá máy duyệt nhầm khỏi sổ" }
                form.line method="post" action=(format!("/kiosks/{id}/forget")) {
                    (officer.token())
                    label for="forget-why" { "Vì sao" }
                    input id="forget-why" name="why" required maxlength=(LONGEST_WHY);
                    button.quiet type="submit" { "Xoá hẳn máy này" }
                    span.hint { "Mọi số liệu của máy ra khỏi số tổng, không lấy lại được. Máy đã dùng thật thì chọn “Ngừng máy này”." }
                }
            } }
            @if !rows.is_empty() {
                div.words { (table("Đã sửa", &["Việc", "Vì sao", "Ai", "Lúc"], &rows)) }
            }
        }
    } })
}

fn row(one: &Correction) -> Vec<String> {
    let numbers = range((one.first, one.last));
    let what = match one.what {
        What::Void => format!("Bỏ gói số {numbers}"),
        What::Restore => format!("Đưa gói số {numbers} trở lại"),
        What::Close => format!("Không chờ gói số {numbers}"),
        What::Forget => "Xoá máy khỏi sổ".to_owned(),
    };
    vec![what, one.why.clone(), one.whom.clone(), moment(one.at)]
}

pub async fn void(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Posted(officer, wanted): Posted<Wanted>,
) -> Result<Response, PageError> {
    let (number, by) = (wanted.first()?, by(&app, &officer, wanted.why()?));
    if !app.store.void(&id, number, by, receive::counts).await? {
        return Err(PageError::Wrong(format!(
            "Số tổng không có gói số {number} của máy này: gói chưa đến, hoặc đã bỏ ra rồi. Không có gì thay đổi."
        )));
    }
    tracing::info!(
        kiosk = id,
        number,
        by = officer.name,
        "a bundle was taken out of the sums"
    );
    Ok(back(&id, &number.to_string()))
}

pub async fn restore(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Posted(officer, wanted): Posted<Wanted>,
) -> Result<Response, PageError> {
    let number = wanted.first()?;
    let by = by(&app, &officer, "");
    if !app.store.restore(&id, number, by, receive::counts).await? {
        return Err(PageError::Wrong(format!(
            "Gói số {number} không ở ngoài số tổng. Không có gì thay đổi."
        )));
    }
    tracing::info!(
        kiosk = id,
        number,
        by = officer.name,
        "a bundle was put back into the sums"
    );
    Ok(back(&id, &number.to_string()))
}

pub async fn close(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Posted(officer, wanted): Posted<Wanted>,
) -> Result<Response, PageError> {
    let first = wanted.first()?;
    let last = wanted.last.as_deref().map_or(Ok(first), number)?;
    let by = by(&app, &officer, wanted.why()?);
    if !app.store.close_gap(&id, (first, last), by).await? {
        return Err(PageError::Wrong("Máy này không thiếu các gói đó.".to_owned()));
    }
    tracing::info!(kiosk = id, first, last, by = officer.name, "a gap was closed");
    Ok(back(&id, &range((first, last))))
}

pub async fn forget(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Posted(officer, wanted): Posted<Reason>,
) -> Result<Response, PageError> {
    let by = by(&app, &officer, written(wanted.why.as_deref())?);
    if !app.store.forget(&id, by).await? {
        return Err(PageError::NotFound);
    }
    tracing::info!(kiosk = id, by = officer.name, "a kiosk was forgotten");
    Ok((Extension(About(id)), Redirect::to("/kiosks")).into_response())
}

/// Back to the kiosk's page, after something was done about these of its bundles.
fn back(id: &str, numbers: &str) -> Response {
    let about = Extension(About(format!("{id}, gói {numbers}")));
    (about, Redirect::to(&format!("/kiosks/{id}"))).into_response()
}
