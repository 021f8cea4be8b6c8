//! Official addresses: what a telephone opens when it reads the code on the screen.
//!
//! Only `https` and only names that the rest of the world knows; no network is asked. Begin with [`read`].

use url::Url;

use super::fields::Fields;
use super::file::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;

/// The longest address that a telephone reads off the screen at arm's length: as a QR code (ISO/IEC 18004, level M) it has 73 modules a
/// side, of five pixels each.
const LONGEST_LINK: usize = 300;

/// Reads an official address, or nothing.
pub(super) fn read(file: &SourceFile, fields: &mut Fields<'_>, key: &'static str, notes: &mut Notes) -> String {
    let link = fields.optional_text(key, notes);
    if link.value.is_empty() {
        return link.value;
    }
    let mut refuse = |code, message: String, help: &str| {
        notes.add(Fault::error(code, file.place(link.span.clone()), message).help(help));
    };
    let address = link.value.as_str();
    let read = Url::parse(address).ok().filter(|url| url.scheme() == "https");
    let host = read.as_ref().and_then(|url| url.host_str()).unwrap_or_default();
    let is_ascii = address.chars().all(|letter| letter.is_ascii_graphic());
    let has_names = read
        .as_ref()
        .is_some_and(|url| !url.username().is_empty() || url.password().is_some());
    // No network is asked: a name with a point in it, and not numbers only.
    let is_name = host.split('.').count() > 1
        && host.split('.').all(|part| !part.is_empty())
        && host
            .rsplit('.')
            .next()
            .is_some_and(|last| last.chars().all(|c| c.is_ascii_alphabetic()));
    if read.is_none() || !is_ascii || !is_name || has_names {
        refuse(
            "bad-link",
            "Địa chỉ web không đúng dạng".to_owned(),
            "Địa chỉ phải bắt đầu bằng https://, không có dấu cách và chữ có dấu, ví dụ https://dichvucong.gov.vn.",
        );
    } else if address.ends_with(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '"', '>']) {
        refuse(
            "bad-link",
            "Địa chỉ web có dấu câu ở cuối".to_owned(),
            "Hãy bỏ dấu câu ở cuối địa chỉ: điện thoại sẽ mở sai trang.",
        );
    } else if address.len() > LONGEST_LINK {
        refuse(
            "long-link",
            format!(
                "Địa chỉ web dài {} chữ, mã QR chỉ đọc được đến {LONGEST_LINK} chữ",
                address.len()
            ),
            "Hãy dùng địa chỉ ngắn hơn của cùng trang ấy.",
        );
    }
    link.value
}
