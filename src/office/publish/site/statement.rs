//! Whom to ask, and what the site does for people who see, hear or move in other ways. Begin with [`staff`].

use maud::html;

use super::blocks;
use super::edition::{self, Here};
use super::frame::{self, Head};

/// Who helps, where and when, as far as staff have filled it in.
pub(super) fn staff(here: &Here<'_>) -> String {
    let facts = [
        ("Nơi giúp ông/bà", "center_name"),
        ("Địa chỉ", "center_address"),
        ("Giờ tiếp dân", "center_hours"),
        ("Điện thoại", "center_phone"),
        ("Công an xã", "police_phone"),
        ("Tổ công nghệ số cộng đồng", "digital_team_contacts"),
        ("Tổng đài Cổng Dịch vụ công quốc gia (miễn phí)", "portal_phone"),
    ];
    let known = facts.map(|(name, key)| here.edition.fact(key).map(|value| (name, value)));
    let head = Head::of("Hỏi cán bộ", "Cần giúp gì, mời ông/bà đến quầy gặp cán bộ.");
    let main = html! {
        h1 { (head.title) }
        p.summary { (head.summary) }
        dl.facts { @for (name, value) in known.into_iter().flatten() { div { dt { (name) } dd { (blocks::telephone(value)) } } } }
        @if here.edition.fact("center_phone").is_none() { p { "Giờ tiếp dân và số điện thoại: xem bảng thông báo ở trụ sở xã." } }
        @if !here.edition.content.topics.is_empty() {
            p.onward { a href=(here.to(edition::TOPICS)) { "Việc gì hỏi ở đâu: những việc bà con hay hỏi" } }
        }
    };
    frame::page(here, &head, &main)
}

/// What was done, what is known to be missing, and where to say so.
pub(super) fn accessibility(here: &Here<'_>) -> String {
    let head = Head::of(
        "Trợ năng của trang này",
        "Trang làm cho mọi người đọc được: mắt kém, tay run, dùng bàn phím hay máy đọc màn hình.",
    );
    let main = html! {
        h1 { (head.title) }
        p.summary { (head.summary) }
        h2 { "Đã làm" }
        ul {
            li { "Chữ to từ 18 điểm ảnh, phóng to đến 400% vẫn đọc hết, không phải kéo ngang. Riêng bảng rộng thì kéo ngang trong khung của bảng." }
            li { "Chữ và nền tương phản rõ. Không dùng màu thay cho lời." }
            li { "Đi khắp trang bằng bàn phím; chỗ đang đứng có khung rõ; có lối đến thẳng nội dung." }
            li { "Hình có lời tả. Bảng có tên và đầu cột. Đầu đề theo thứ bậc, để máy đọc màn hình đi theo." }
            li { "Bài nghe nào cũng có lời bài để đọc." }
            li { "Không có gì tự chạy, tự phát, tự đổi. Không cần JavaScript. In ra giấy đọc được." }
        }
        p { "Chúng tôi làm theo WCAG 2.2 mức AA (hướng dẫn quốc tế về trợ năng), và mỗi lần đổi chương trình đều chạy công cụ axe-core để dò lỗi." }
        h2 { "Chưa làm được" }
        ul {
            li { "Chưa có người dùng máy đọc màn hình thử cả trang." }
            li { "Phần lớn bài chưa có bài thu, chưa có ngôn ngữ ký hiệu." }
            li { "Trang tiếng Anh chưa đủ mọi bài." }
        }
        h2 { "Gặp chỗ khó đọc" }
        p {
            "Ông/bà nói với cán bộ tại quầy"
            @if let Some(phone) = here.edition.fact("center_phone") { ", hoặc gọi " (blocks::telephone(phone)) }
            ". " a href=(here.to(edition::STAFF)) { "Nơi và giờ gặp cán bộ" } "."
        }
        h2 { "Riêng tư" }
        p { "Trang này không có mã theo dõi, không đặt cookie, không gọi trang nào khác, không đếm người xem." }
    };
    frame::page(here, &head, &main)
}
