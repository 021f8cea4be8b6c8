//! Official addresses: what a telephone opens when it reads the code on the screen.
//!
//! Only `https` and only names that the rest of the world knows; no network is asked. What browsers would repair is refused as well,
//! because a telephone that reads a code off a screen may not. Begin with [`read`].

use url::{Host, Position, Url};

use super::fields::{Fields, Located};
use super::file::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;

/// The longest address that a telephone reads off the screen at arm's length: as a QR code (ISO/IEC 18004, level M) it has 73 modules a
/// side, of five pixels each.
const LONGEST_LINK: usize = 300;

/// The longest address of a commune's site: `/en/`, the name of a page and `.html` come behind it, and what comes of it is a code of no
/// more than 57 modules, which stands beside the larger ones of the list of papers.
const LONGEST_SITE: usize = 100;

/// The longest part of a name, and the longest name (RFC 1035, 2.3.4).
const LONGEST_LABEL: usize = 63;
const LONGEST_HOST: usize = 253;

/// Ends of names that lead nowhere, or to another machine in each house (RFC 2606, 6761, 6762, 8375; `internal`: ICANN, 29/7/2024; `lan` and `home`
/// as routers give them).
const NOWHERE: [&str; 11] = [
    "arpa",
    "corp",
    "example",
    "home",
    "internal",
    "invalid",
    "lan",
    "local",
    "localhost",
    "onion",
    "test",
];

/// Reads an official address, or nothing.
pub(super) fn read(file: &SourceFile, fields: &mut Fields<'_>, key: &'static str, notes: &mut Notes) -> String {
    let link = fields.optional_text(key, notes);
    if !link.value.is_empty() {
        check(file, &link, LONGEST_LINK, notes);
    }
    link.value
}

/// Checks the address of the commune's own site, behind which the names of pages are put; it may be empty.
pub(super) fn check_site(file: &SourceFile, site: &Located<String>, notes: &mut Notes) {
    if site.value.is_empty() {
        return;
    }
    if site.value.contains(['?', '#']) {
        notes.add(
            Fault::error("bad-link", file.place(site.span.clone()), "Địa chỉ trang web của xã có dấu ? hoặc #")
                .help("Chỉ ghi địa chỉ của thư mục có các bài, ví dụ https://xa.haiphong.gov.vn/kiosk: máy tự thêm tên bài ở sau."),
        );
        return;
    }
    check(file, site, LONGEST_SITE, notes);
}

/// Checks an address of at most so many letters.
fn check(file: &SourceFile, link: &Located<String>, longest: usize, notes: &mut Notes) {
    let mut refuse = |code, message: String, help: &str| {
        notes.add(Fault::error(code, file.place(link.span.clone()), message).help(help));
    };
    let address = link.value.as_str();
    if !is_official(address) {
        refuse(
            "bad-link",
            "Địa chỉ web không đúng dạng".to_owned(),
            "Địa chỉ phải bắt đầu bằng https:// rồi đến tên trang, không có dấu cách, chữ có dấu, tên đăng nhập hay số cổng, ví dụ https://dichvucong.gov.vn.",
        );
    } else if address.ends_with(['.', ',', ';', ':', '!', '?', '*', ')', ']', '\'', '"', '>']) {
        refuse(
            "bad-link",
            "Địa chỉ web có dấu câu ở cuối".to_owned(),
            "Hãy bỏ dấu câu ở cuối địa chỉ: điện thoại sẽ mở sai trang.",
        );
    } else if address.len() > longest {
        refuse(
            "long-link",
            format!(
                "Địa chỉ web dài {} chữ, mã QR chỉ đọc được đến {longest} chữ",
                address.len()
            ),
            "Hãy dùng địa chỉ ngắn hơn của cùng trang ấy.",
        );
    }
}

/// Whether an address is `https://`, a name as the world knows it, and what stands on that host: nothing a browser would have to mend.
#[must_use]
pub fn is_official(address: &str) -> bool {
    let Some(written) = address.strip_prefix("https://") else {
        return false;
    };
    let is_ascii = address.chars().all(|letter| letter.is_ascii_graphic());
    let Some(url) = Url::parse(address).ok().filter(|_| is_ascii) else {
        return false;
    };
    let Some(Host::Domain(host)) = url.host() else {
        return false;
    };
    let Some((name, behind)) = written.split_at_checked(host.len()) else {
        return false;
    };
    let behind = behind.strip_prefix(":443").unwrap_or(behind);
    let opened = &url[Position::BeforePath..];
    name.eq_ignore_ascii_case(host)
        && is_name(host)
        && is_encoded(behind)
        && (behind == opened || opened.strip_prefix('/') == Some(behind))
}

/// Whether a host is a name below another one, in the letters that names of the Internet have (RFC 1123, 2.1).
fn is_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let top = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && host.len() <= LONGEST_HOST
        && host.split('.').all(is_label)
        && top.len() > 1
        && top.chars().all(|c| c.is_ascii_alphabetic())
        && !NOWHERE.iter().any(|end| top.eq_ignore_ascii_case(end))
}

/// Whether each `%` begins a letter that is written as two digits of sixteen (RFC 3986, 2.1).
fn is_encoded(address: &str) -> bool {
    let is_digits = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|digit| digit.is_ascii_hexdigit());
    address.split('%').skip(1).all(is_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_they_are_written_or_not_at_all() {
        for good in [
            "https://dichvucong.gov.vn",
            "https://dichvucong.gov.vn/",
            "https://DichVuCong.gov.vn/Home",
            "https://a.vn:443/b",
            "https://a.vn?b=1",
            "https://a.vn#b",
            "https://3d.vn/p/home/dvc-trang-chu.html?a=b&c=%C4%91#d",
            // "dịchvụcông.vn" as registers of names write it; the letters themselves are not ASCII.
            "https://xn--dchvcng-x0a0689dsha.vn",
            &format!("https://{}.vn", "a".repeat(63)),
        ] {
            assert!(is_official(good), "{good}");
        }
        for wrong in [
            "",
            "https",
            "https://",
            "https:a.vn",
            "https:/a.vn",
            "https:/\\a.vn",
            "https:///a.vn",
            "https:\\\\a.vn",
            "HTTPS://a.vn",
            "http://a.vn",
            "ftp://a.vn",
            "https://a,b.vn",
            "https://a_b.vn",
            "https://a*b.vn",
            "https://-a.vn",
            "https://a-.vn",
            "https://a..vn",
            "https://.a.vn",
            "https://a.vn.",
            "https://a.vn./b",
            "https://vn",
            "https://localhost",
            "https://a.v",
            "https://a.v1",
            "https://a.vn:",
            "https://a.vn:80",
            "https://a.vn:8443/b",
            "https://a.vn:4433/b",
            "https://a.vn:0443/b",
            "https://an@a.vn",
            "https://an:mat@a.vn",
            "https://@a.vn",
            "https://a.vn@b.vn",
            "https://10.0.0.1",
            "https://0x7f.1",
            "https://2130706433",
            "https://0177.0.0.1/a",
            "https://127.1",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]",
            "https://a.vn\\b",
            "https://a.vn/b\\c",
            "https://a.vn/b/../c",
            "https://a.vn/<b>",
            "https://a.vn/%zz",
            "https://a.vn/b%4",
            "https://xa.local",
            "https://xa.LAN/kiosk",
            "https://xa.test",
            "https://xa.invalid",
            "https://a%2evn",
            "https://%61.vn",
            "https://a.vn/thủ-tục",
            "https://dịchvụcông.vn",
            "https://a。vn",
            "https://xn--a.vn",
            "https://xn--p1b.xn--p1ai",
            &format!("https://{}.vn", "a".repeat(64)),
            &format!("https://{}vn", "abcdefg.".repeat(32)),
        ] {
            assert!(!is_official(wrong), "{wrong}");
        }
    }
}
