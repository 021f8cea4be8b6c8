//! What is around every page: its head, the way to the others, who is signed in. Begin with [`layout`].

use std::sync::LazyLock;

use maud::{DOCTYPE, Markup, html};

use super::session::Officer;

/// How pages look; and its address, which is another when it is, so that no browser shows a new page in an old look.
pub const STYLE: &str = include_str!("style.css");
static STYLE_ADDRESS: LazyLock<String> =
    LazyLock::new(|| format!("/style.css?{}", &blake3::hash(STYLE.as_bytes()).to_hex()[..8]));

/// The pages, as they are named in their head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Overview,
    Content,
    Activities,
    Kiosks,
    Deliveries,
    Reports,
    Packs,
    #[cfg(feature = "print")]
    Channels,
    Accounts,
    Deeds,
    /// None of them: the page of one's own password.
    Own,
}

impl Tab {
    const ALL: &[Self] = &[
        Self::Overview,
        Self::Content,
        Self::Activities,
        Self::Kiosks,
        Self::Deliveries,
        Self::Reports,
        Self::Packs,
        #[cfg(feature = "print")]
        Self::Channels,
        Self::Accounts,
        Self::Deeds,
    ];

    const fn address(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Content => "/content",
            Self::Activities => "/activities",
            Self::Kiosks => "/kiosks",
            Self::Deliveries => "/deliveries",
            Self::Reports => "/reports",
            Self::Packs => "/packs",
            #[cfg(feature = "print")]
            Self::Channels => "/channels",
            Self::Accounts => "/accounts",
            Self::Deeds => "/deeds",
            Self::Own => "/password",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Tổng quan",
            Self::Content => "Nội dung",
            Self::Activities => "Hoạt động",
            Self::Kiosks => "Máy",
            Self::Deliveries => "Nhận từ USB",
            Self::Reports => "Báo cáo",
            Self::Packs => "Gói nội dung",
            #[cfg(feature = "print")]
            Self::Channels => "Kênh",
            Self::Accounts => "Tài khoản",
            Self::Deeds => "Nhật ký",
            Self::Own => "Mật khẩu",
        }
    }
}

/// What is read only where the style is not to be had.
const WITHOUT_STYLE: &str = "Nếu đọc được dòng này thì trang đang thiếu kiểu chữ. Nếu địa chỉ trang có thêm đường dẫn sau tên miền, như https://xa.vn/van-phong/, thì văn phòng không chạy được như vậy: mời báo kỹ thuật viên cho văn phòng một tên miền riêng, như https://van-phong.xa.vn/.";

/// A page for somebody who is signed in.
pub fn layout(officer: &Officer, tab: Tab, title: &str, body: &Markup) -> Markup {
    let head = html! {
        header.top {
            p.office { "Văn phòng máy tra cứu" }
            nav aria-label="Các trang" {
                ul {
                    @for &other in Tab::ALL.iter().filter(|other| officer.may_see(other.address())) {
                        li { a href=(other.address()) aria-current=[(other == tab).then_some("page")] { (other.name()) } }
                    }
                }
            }
            form.sign-out method="post" action="/sign-out" {
                (officer.token())
                a href=(Tab::Own.address()) title="Đổi mật khẩu" { (officer.name) }
                button type="submit" { "Đăng xuất" }
            }
        }
    };
    document(title, &head, body)
}

/// A page for anybody.
pub fn document(title: &str, head: &Markup, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="vi" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – Văn phòng máy tra cứu" }
                link rel="stylesheet" href=(*STYLE_ADDRESS);
                link rel="icon" href="data:,";
            }
            body {
                // Below a path of somebody else's pages nothing is found, the style either: it hides this.
                p.without-style { (WITHOUT_STYLE) }
                (head)
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}

/// A page that only says something.
pub fn message(title: &str, words: &str) -> Markup {
    let body = html! {
        p { (words) }
        p { a href="/" { "Về trang tổng quan" } }
    };
    document(title, &html! {}, &body)
}
