//! Files that somebody brings on a stick: bundles of statistics in, receipts to carry back.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::sync::Arc;

use axum::extract::multipart::Field;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::layout::{Tab, layout};
use super::session::{Officer, Posted, TOKEN, is_foreign};
use super::{App, PageError, page};
use crate::bundle::{BundleError, Kind};
use crate::office::receive::{Answer, LARGEST_BUNDLE, ReceiveError};

/// The most files at a time.
const MOST_FILES: usize = 2_000;

/// The most bytes of receipts in one file, which is made in memory.
const MOST_RECEIPTS: usize = 32 * 1024 * 1024;

/// Why a delivery stops. Whoever sends everything once more does no harm.
const BUSY: &str = "Máy chủ đang bận nên chưa nhận hết. Mời thử lại sau ít phút: cứ gửi lại tất cả các tệp, tệp đã nhận không bị tính hai lần.";
const FULL: &str = "Ổ đĩa của máy chủ đã đầy nên chưa nhận hết. Mời gọi kỹ thuật viên, rồi gửi lại tất cả các tệp: tệp đã nhận không bị tính hai lần.";
const BROKEN_OFF: &str = "Tệp gửi lên bị đứt giữa chừng hoặc quá nhiều. Mời gửi lại tất cả các tệp, hoặc gửi làm nhiều lần: tệp đã nhận không bị tính hai lần.";
const NOT_ALLOWED: &str = "Tài khoản này không còn được nhận số liệu. Các tệp đã nhận vẫn được giữ.";
const TOO_MANY: &str = "Mỗi lần gửi nhiều nhất 2.000 tệp. Các tệp dưới đây đã được xem; mời gửi các tệp còn lại.";

/// The longest file name that is shown, in letters.
const LONGEST_FILE_NAME: usize = 80;

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
    let mut delivery = Delivery::default();
    loop {
        match form_data.next_field().await {
            Ok(None) => break,
            Ok(Some(field)) => delivery.take(&app, &officer, field).await,
            // What came before it was taken, and that must be said.
            Err(error) => {
                let broken = broken_off(error);
                if delivery.all.is_empty() {
                    return Err(broken);
                }
                delivery.stopped = Some(BROKEN_OFF);
                break;
            }
        }
    }
    if delivery.stopped == Some(NOT_ALLOWED) && delivery.all.len() == 1 {
        // The first was taken no more.
        return Err(PageError::NotAllowed);
    }
    let body = html! {
        @if let Some(why) = delivery.stopped { p.trouble role="alert" { (why) } }
        (results(&delivery.all))
        @if delivery.left > 0 { p.trouble { "Còn " (delivery.left) " tệp chưa được xem đến." } }
        @if !delivery.kiosks.is_empty() { (receipts(&officer, &delivery.kiosks)) }
        section { h2 { "Gửi thêm tệp" } (form(&officer)) }
    };
    Ok(page(layout(&officer, Tab::Deliveries, "Nhận số liệu từ USB", &body)))
}

/// What became of the files so far: each is taken by itself, and a failure takes back none of those before it.
#[derive(Default)]
struct Delivery {
    all: Vec<Taken>,
    /// Ids and names of the kiosks for which there are receipts.
    kiosks: BTreeSet<(String, String)>,
    /// Why nothing more is taken.
    stopped: Option<&'static str>,
    /// How many files were not looked at.
    left: usize,
}

impl Delivery {
    async fn take(&mut self, app: &App, officer: &Officer, field: Field<'_>) {
        let file = short(field.file_name().unwrap_or_default());
        // Read in any case: a browser that is cut off while it sends shows no page.
        let read = read(field).await;
        if self.stopped.is_some() || self.all.len() == MOST_FILES {
            self.stopped.get_or_insert(TOO_MANY);
            self.left += 1;
            return;
        }
        let unanswered = (BUSY, "Chưa nhận: cơ sở dữ liệu chưa trả lời.");
        let taken = match (read, officer.still(app).await) {
            (Err(_), _) => Err((BROKEN_OFF, "Chưa nhận: tệp không trọn vẹn.")),
            (_, Err(PageError::NotAllowed)) => Err((NOT_ALLOWED, "Chưa nhận.")),
            (_, Err(_)) => Err(unanswered),
            (Ok(None), _) => Ok(Taken::badly(file.clone(), "Tệp quá lớn, không phải tệp số liệu.")),
            (Ok(Some(bytes)), _) => {
                let taken = take_one(app, file.clone(), bytes, &mut self.kiosks).await;
                taken.map_err(|error| {
                    tracing::error!("a delivery stops at {file}: {error}");
                    match &error {
                        ReceiveError::Database(error) if error.is_full() => {
                            (FULL, "Chưa nhận: ổ đĩa của máy chủ đã đầy.")
                        }
                        _ => unanswered,
                    }
                })
            }
        };
        self.all.push(taken.unwrap_or_else(|(why, words)| {
            self.stopped = Some(why);
            Taken::badly(file, words)
        }));
    }
}

/// The receipts of a delivery: each by itself, and as one file, because a stick may have served a hundred kiosks.
fn receipts(officer: &Officer, kiosks: &BTreeSet<(String, String)>) -> Markup {
    let ids: Vec<&str> = kiosks.iter().map(|(id, _)| id.as_str()).collect();
    html! {
        section {
            h2 { "Biên nhận" }
            @if ids.len() > 1 {
                form.lines method="post" action="/deliveries/receipts" {
                    (officer.token())
                    input type="hidden" name="kiosks" value=(ids.join(" "));
                    p { "Mời tải một tệp .zip có đủ biên nhận của " (ids.len()) " máy, rồi giải nén vào thư mục KIOSK của USB." }
                    button type="submit" { "Tải tất cả biên nhận" }
                }
            }
            p { "Mời tải về và chép vào thư mục KIOSK của USB." }
            ul.receipts {
                @for (id, name) in kiosks {
                    li { a href=(format!("/kiosks/{id}/receipt")) download { "Biên nhận của " (name) } }
                }
            }
        }
    }
}

#[derive(Deserialize)]
pub struct Kiosks {
    /// Ids, with spaces between.
    kiosks: String,
}

/// Receipts as one file.
pub async fn receipts_of(
    State(app): State<Arc<App>>,
    Posted(_, Kiosks { kiosks }): Posted<Kiosks>,
) -> Result<Response, PageError> {
    let failed = |error: ZipError| PageError::Failed(format!("a file of receipts: {error}"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let (mut bytes, now) = (0, (app.now)());
    // Each is packed already.
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for id in kiosks.split_whitespace().take(MOST_FILES).collect::<BTreeSet<_>>() {
        app.store.kiosk(id).await?.ok_or(PageError::NotFound)?;
        let receipt = app.receiver.receipt(&app.store, id, now).await?;
        bytes += receipt.len();
        if bytes > MOST_RECEIPTS {
            return Err(PageError::Wrong(
                "Biên nhận nhiều quá, không vừa một tệp. Mời tải biên nhận của từng máy.".to_owned(),
            ));
        }
        zip.start_file(format!("{id}.{}", Kind::Receipt.ending()), stored)
            .map_err(failed)?;
        zip.write_all(&receipt).map_err(|error| failed(error.into()))?;
    }
    let file = zip.finish().map_err(failed)?.into_inner();
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"bien-nhan.zip\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, file).into_response())
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
) -> Result<Taken, ReceiveError> {
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
        && let Some(kiosk) = app.store.kiosk(&id).await.map_err(Arc::new)?
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
fn no_bundle(file: String, error: ReceiveError) -> Result<Taken, ReceiveError> {
    let ReceiveError::Bundle(error) = error else {
        return Err(error);
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
        if bytes.len() + piece.len() > LARGEST_BUNDLE {
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
    plain.take(LONGEST_FILE_NAME).collect()
}
