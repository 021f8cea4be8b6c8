//! What Markdown has and the screen hasn't: the words in which an author is told, and what to write instead.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::file::SourceFile;
use super::notes::Notes;
use crate::content::faults::Fault;

/// Reports an element that can't be shown.
pub(super) fn refuse(file: &SourceFile, event: &Event<'_>, span: Range<usize>, notes: &mut Notes) {
    let (code, message, help) = match event {
        Event::Start(tag) => refused_tag(tag),
        Event::Html(_) | Event::InlineHtml(_) => html(),
        Event::Rule => (
            "unsupported-markdown",
            "Màn hình không hiện được đường kẻ ngang",
            "Hãy bỏ dòng này.",
        ),
        _ => unknown(),
    };
    notes.add(Fault::error(code, file.place(span), message).help(help));
}

/// Reports something in a list item that isn't its first paragraph.
pub(super) fn refuse_in_list(file: &SourceFile, event: &Event<'_>, span: Range<usize>, notes: &mut Notes) {
    if matches!(event, Event::Start(Tag::Paragraph)) {
        let message = "Mỗi mục của danh sách chỉ có một đoạn";
        let help = "Hãy nối đoạn này vào đoạn trên, hoặc viết ra ngoài danh sách.";
        notes.add(Fault::error("unsupported-markdown", file.place(span), message).help(help));
    } else {
        refuse(file, event, span, notes);
    }
}

/// Reports something in a block quote that isn't a paragraph.
pub(super) fn refuse_in_quote(file: &SourceFile, event: &Event<'_>, span: Range<usize>, notes: &mut Notes) {
    if matches!(
        event,
        Event::Start(Tag::List(_) | Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::Table(_))
    ) {
        let message = "Trong khối cảnh báo, ghi chú, liên hệ chỉ có đoạn văn";
        let help = "Hãy viết mỗi ý thành một đoạn, cách nhau bằng một dòng chỉ có dấu >.";
        notes.add(Fault::error("unsupported-markdown", file.place(span), message).help(help));
    } else {
        refuse(file, event, span, notes);
    }
}

type Words = (&'static str, &'static str, &'static str);

fn refused_tag(tag: &Tag<'_>) -> Words {
    match tag {
        Tag::Heading { .. } => (
            "heading-level",
            "Chỉ dùng được đầu đề viết bằng hai dấu thăng",
            "Viết \"## Đầu đề\" trên một dòng. Nếu đây không phải đầu đề, hãy bỏ dòng --- ở dưới.",
        ),
        Tag::Link { dest_url, .. } if dest_url.is_empty() => (
            "broken-link",
            "Liên kết này không dẫn đến đâu: giữa hai dấu ngoặc tròn chưa có gì",
            "Hãy viết mã của trang: [chữ](page:ma-trang), hoặc bỏ các dấu ngoặc.",
        ),
        Tag::Link { .. } => (
            "web-link",
            "Người dân không mở được địa chỉ web trên máy này",
            "Trong bài hướng dẫn, ghi địa chỉ vào mục link ở đầu trang để hiện thành mã QR; nơi khác thì viết như chữ thường. Muốn dẫn sang bài khác trong máy, viết [chữ](page:mã-trang).",
        ),
        Tag::Image { .. } => (
            "inline-picture",
            "Ảnh phải đứng riêng một đoạn",
            "Hãy để một dòng trống ở trước và ở sau ảnh.",
        ),
        Tag::List(_) => (
            "nested-list",
            "Không dùng được danh sách trong danh sách",
            "Hãy viết thành một danh sách, hoặc tách thành hai bước.",
        ),
        Tag::CodeBlock(_) => (
            "unsupported-markdown",
            "Màn hình không hiện được khối mã",
            "Hãy bỏ các dấu cách ở đầu dòng, hoặc bỏ dòng ``` ở trên và ở dưới.",
        ),
        Tag::HtmlBlock => html(),
        _ => unknown(),
    }
}

fn html() -> Words {
    (
        "unsupported-markdown",
        "Màn hình không hiện được HTML",
        "Hãy bỏ phần trong dấu < >. Nếu cần chính dấu <, hãy viết \\<.",
    )
}

fn unknown() -> Words {
    (
        "unsupported-markdown",
        "Màn hình không hiện được phần này",
        "Hãy viết lại bằng đoạn văn hoặc danh sách.",
    )
}
