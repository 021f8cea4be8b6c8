//! The address at which a site lies. Begin with [`Base::parse`].

use std::fmt;

use thiserror::Error;

use crate::content::source::is_official;

/// The address of the folder in which the first page lies, with a `/` at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

/// How the names of pages end.
const PAGES: [&str; 5] = [".html", ".htm", ".php", ".aspx", ".jsp"];

/// Why something is no address of a site, in Vietnamese.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotABase {
    /// It begins in another way.
    #[error("địa chỉ \"{0}\" không mở đầu bằng https://")]
    NotHttps(String),
    /// Something stands behind the folder.
    #[error("địa chỉ \"{0}\" có dấu ? hoặc #: chỉ ghi địa chỉ của thư mục, ví dụ https://xa.haiphong.gov.vn/kiosk")]
    Query(String),
    /// A page's address, as browsers show it, or an empty folder's.
    #[error("địa chỉ \"{0}\" là của một trang: chỉ ghi địa chỉ của thư mục, ví dụ https://xa.haiphong.gov.vn/kiosk")]
    Page(String),
    /// A telephone would mend it, or not find it.
    #[error(
        "địa chỉ \"{0}\" không đúng dạng: không có dấu cách, chữ có dấu, tên đăng nhập hay số cổng, ví dụ https://xa.haiphong.gov.vn/kiosk"
    )]
    Odd(String),
}

impl Base {
    /// Reads an address as the commune's `site` may be written: `https`, a name that the world knows, a folder.
    ///
    /// # Errors
    /// [`NotABase`] if it is no such address.
    pub fn parse(written: &str) -> Result<Self, NotABase> {
        let address = written.trim_end_matches('/');
        if !address.starts_with("https://") {
            return Err(NotABase::NotHttps(written.to_owned()));
        }
        if address.contains(['?', '#']) {
            return Err(NotABase::Query(written.to_owned()));
        }
        if !is_official(address) {
            return Err(NotABase::Odd(written.to_owned()));
        }
        let mut parts = address["https://".len()..].split('/').skip(1);
        if parts.any(|part| part.is_empty() || PAGES.iter().any(|ending| part.ends_with(ending))) {
            return Err(NotABase::Page(written.to_owned()));
        }
        Ok(Self(format!("{address}/")))
    }

    /// The address of a file of the site.
    #[must_use]
    pub fn of(&self, file: &str) -> String {
        format!("{self}{}", file.strip_suffix("index.html").unwrap_or(file))
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_every_telephone_opens_is_an_address() {
        for well in ["https://xa.vn", "https://xa.vn/", "https://xa.haiphong.gov.vn/a/b//"] {
            let base = Base::parse(well).expect("an address");
            assert_eq!(
                base.of("en/a.html"),
                format!("{}/en/a.html", well.trim_end_matches('/'))
            );
            assert_eq!(base.of("en/index.html"), format!("{}/en/", well.trim_end_matches('/')));
        }
        for (odd, why) in [
            ("", "https://"),
            ("http://xa.vn", "https://"),
            ("http://localhost:8080", "https://"),
            ("ftp://xa.vn", "https://"),
            ("xa.vn", "https://"),
            ("https:///", "https://"),
            ("https://localhost", "không đúng dạng"),
            ("https://127.0.0.1", "không đúng dạng"),
            ("https://xa.vn:8443", "không đúng dạng"),
            ("https://a:b@xa.vn", "không đúng dạng"),
            ("https://xa .vn", "không đúng dạng"),
            ("https://xa.vn/a b", "không đúng dạng"),
            ("https://xã.vn", "không đúng dạng"),
            ("https://xa.vn/?a", "dấu ?"),
            ("https://xa.vn/#a", "dấu ?"),
            ("https://xa.vn/kiosk/index.html", "của một trang"),
            ("https://xa.vn/kiosk/khai-sinh.html/", "của một trang"),
            ("https://xa.vn/a//b", "của một trang"),
        ] {
            let error = Base::parse(odd).expect_err(odd);
            assert!(error.to_string().contains(why), "{odd}: {error}");
        }
    }
}
