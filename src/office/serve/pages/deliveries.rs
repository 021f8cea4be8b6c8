//! Files that somebody brings on a stick: bundles of statistics in, receipts to carry back.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::multipart::Field;
use axum::extract::{Multipart, State};
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};

use super::layout::{Tab, layout};
use super::session::{Officer, TOKEN, is_foreign};
use super::{App, PageError, page};
use crate::bundle::{BundleError, Kind};
use crate::office::receive::{Answer, LARGEST, ReceiveError};

/// The most files at a time.
const MOST_FILES: usize = 2_000;

/// The longest file name that is shown, in letters.
const LONGEST_NAME: usize = 80;

/// What became of a file.
struct Taken {
    file: String,
    good: bool,
    words: String,
}

pub async fn show(officer: Officer) -> Response {
    page(layout(
        &officer,
        Tab::Deliveries,
        "Nhận số liệu từ USB",
        &form(&officer),
    ))
}

fn form(officer: &Officer) -> Markup {
    html! {
        ol {
            li { "Cắm USB đã lấy số liệu ở máy vào máy tính này." }
            li { "Bấm nút dưới đây, mở thư mục " strong { "KIOSK" } " trong USB, chọn tất cả các tệp có đuôi " strong { "." (Kind::Statistics.ending()) } "." }
            li { "Gửi lên, rồi chép biên nhận (tệp ." (Kind::Receipt.ending()) ") trở lại thư mục KIOSK. Lần sau cắm USB vào máy, máy sẽ biết số liệu đã đến nơi." }
        }
        form.lines method="post" action="/deliveries" enctype="multipart/form-data" {
            (officer.token())
            label for="files" { "Các tệp số liệu" }
            input id="files" type="file" name="files" accept=(format!(".{}", Kind::Statistics.ending())) multiple required;
            button type="submit" { "Gửi lên" }
        }
    }
}

pub async fn take(
    State(app): State<Arc<App>>,
    officer: Officer,
    headers: HeaderMap,
    mut form_data: Multipart,
) -> Result<Response, PageError> {
    expect_token(&officer, &headers, &mut form_data).await?;
    let (mut all, mut kiosks) = (Vec::new(), BTreeSet::new());
    while let Some(field) = form_data.next_field().await.map_err(broken_off)? {
        if all.len() == MOST_FILES {
            return Err(PageError::Wrong(format!("Mỗi lần gửi nhiều nhất {MOST_FILES} tệp.")));
        }
        let file = short(field.file_name().unwrap_or_default());
        let Some(bytes) = read(field).await? else {
            all.push(Taken::badly(file, "Tệp quá lớn, không phải tệp số liệu."));
            continue;
        };
        all.push(take_one(&app, file, bytes, &mut kiosks).await?);
    }
    let body = html! {
        (results(&all))
        @if !kiosks.is_empty() {
            section {
                h2 { "Biên nhận" }
                p { "Mời tải về và chép vào thư mục KIOSK của USB." }
                ul.receipts {
                    @for (id, name) in &kiosks {
                        li { a href=(format!("/kiosks/{id}/receipt")) download { "Biên nhận của " (name) } }
                    }
                }
            }
        }
        section { h2 { "Gửi thêm tệp" } (form(&officer)) }
    };
    Ok(page(layout(&officer, Tab::Deliveries, "Nhận số liệu từ USB", &body)))
}

fn results(all: &[Taken]) -> Markup {
    html! {
        div.words {
            table {
                caption { (all.len()) " tệp" }
                thead { tr { th scope="col" { "Tệp" } th scope="col" { "Kết quả" } } }
                tbody {
                    @for taken in all {
                        tr { th scope="row" { (taken.file) } td.bad[!taken.good] { (taken.words) } }
                    }
                }
            }
        }
    }
}

async fn take_one(
    app: &App,
    file: String,
    bytes: Vec<u8>,
    kiosks: &mut BTreeSet<(String, String)>,
) -> Result<Taken, PageError> {
    let now = (app.now)();
    let introduced = match app.receiver.introduce(bytes).await {
        Ok(introduced) => introduced,
        Err(error) => return no_bundle(file, error),
    };
    let id = introduced.kiosk().to_owned();
    let sequence = introduced.sequence();
    let answer = match app.receiver.take(introduced, now).await {
        Ok(answer) => answer,
        Err(error) => return no_bundle(file, error),
    };
    if matches!(answer, Answer::Stored(_) | Answer::Refused(..))
        && let Some(kiosk) = app.store.kiosk(&id).await?
    {
        kiosks.insert((id, kiosk.name));
    }
    Ok(match answer {
        Answer::Stored(_) => Taken::well(file, &format!("Đã nhận, gói số {sequence}.")),
        Answer::Refused(why, _) => Taken::badly(file, &format!("Không nhận: {why} Tệp được để riêng.")),
        Answer::Waiting => Taken::well(file, "Đã nhận và đang chờ: máy này chưa được duyệt, mời xem trang Máy."),
        Answer::Undecided(why) => Taken::badly(file, &format!("Chưa quyết định: {why}")),
        Answer::NoRoom => Taken::badly(
            file,
            "Chưa nhận: máy này chưa được duyệt và không còn chỗ chờ, hoặc đã bị bỏ khỏi danh sách. Máy của xã thì mời duyệt bằng sáu chữ ở trang Máy.",
        ),
        Answer::Retired => Taken::badly(file, "Không nhận: máy này đã ngừng sử dụng. Tệp được để riêng."),
    })
}

/// A file that is no bundle, or a failure that is not the file's.
fn no_bundle(file: String, error: ReceiveError) -> Result<Taken, PageError> {
    let ReceiveError::Bundle(error) = error else {
        return Err(error.into());
    };
    tracing::warn!("a file that is no bundle: {error}");
    let words = match error {
        BundleError::OtherFormat { .. } => "Tệp này cần chương trình văn phòng mới hơn. Mời gọi kỹ thuật viên.",
        _ => "Tệp này không phải tệp số liệu trọn vẹn của một máy tra cứu. Mời lấy lại từ máy.",
    };
    Ok(Taken::badly(file, words))
}

impl Taken {
    fn well(file: String, words: &str) -> Self {
        let words = words.to_owned();
        Self {
            file,
            good: true,
            words,
        }
    }

    fn badly(file: String, words: &str) -> Self {
        let words = words.to_owned();
        Self {
            file,
            good: false,
            words,
        }
    }
}

/// The first field of a form with files is the token; before it nothing is read.
pub async fn expect_token(officer: &Officer, headers: &HeaderMap, form: &mut Multipart) -> Result<(), PageError> {
    let field = form.next_field().await.map_err(broken_off)?;
    let token = match field {
        Some(field) if field.name() == Some(TOKEN) && !is_foreign(headers) => read(field).await?,
        _ => None,
    };
    officer.sent(std::str::from_utf8(&token.unwrap_or_default()).unwrap_or_default())
}

/// A file of at most the size of a bundle; `None` if it is larger.
async fn read(mut field: Field<'_>) -> Result<Option<Vec<u8>>, PageError> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(broken_off)? {
        if bytes.len() + piece.len() > LARGEST {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes))
}

/// Whoever was sending stopped, or sent more than is taken.
pub fn broken_off(error: impl std::fmt::Display) -> PageError {
    tracing::warn!("an upload broke off: {error}");
    PageError::Wrong("Tệp gửi lên không trọn vẹn hoặc quá lớn. Mời gửi lại.".to_owned())
}

fn short(name: &str) -> String {
    let plain = name.chars().filter(|letter| !letter.is_control());
    plain.take(LONGEST_NAME).collect()
}
