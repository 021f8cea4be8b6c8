//! A report as a page to read or print, in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I.
//!
//! Number, day, recipients and signer are dots for officers to fill in. Begin with [`page`].

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::section::{Group, Listing, Section};
use super::{Issuer, Report};

const STYLE: &str = include_str!("html.css");

const DOTS: &str = "..........";

const NUMERALS: [&str; 10] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];

pub(super) fn page(report: &Report) -> Markup {
    let title = report.title();
    html! {
        (DOCTYPE)
        html lang="vi" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Báo cáo: " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    (head(&report.issuer))
                    h1 { "Báo cáo" }
                    p.abstract { (title) }
                    @for words in report.opening() { p { (words) } }
                    @for (numeral, part) in NUMERALS.iter().zip(&report.sections) { (section(numeral, part)) }
                    (foot())
                }
            }
        }
    }
}

fn or_dots(words: &str) -> &str {
    if words.is_empty() { DOTS } else { words }
}

fn head(issuer: &Issuer) -> Markup {
    html! {
        header {
            div.issuer {
                @if !issuer.superior.is_empty() { p.superior { (issuer.superior) } }
                p.body { (or_dots(&issuer.body)) }
                hr;
                p.number { "Số: ......./BC-" (or_dots(&issuer.abbreviation)) }
            }
            div.nation {
                p.country { "Cộng hòa xã hội chủ nghĩa Việt Nam" }
                p.motto { "Độc lập - Tự do - Hạnh phúc" }
                p.place { (or_dots(&issuer.place)) ", ngày ..... tháng ..... năm ......." }
            }
        }
    }
}

fn section(numeral: &str, section: &Section) -> Markup {
    html! {
        section {
            h2 { (numeral) ". " (section.heading) }
            @for sentence in &section.sentences { p { (sentence) } }
            @for chart in &section.charts { figure { (chart) } }
            @for listing in section.listings.iter().filter(|listing| listing.printed > 0) { (table(listing)) }
        }
    }
}

fn table(listing: &Listing) -> Markup {
    let left_out = listing.left_out();
    html! {
        table {
            caption { (listing.caption) }
            thead {
                tr { th scope="col" { "Nội dung" } th { "Kỳ này" } th { "Kỳ trước" } th { "Tăng, giảm" } th { "Tỷ lệ" } }
            }
            @for group in listing.on_page() { (body(&group)) }
        }
        @if left_out > 0 {
            p.more { "Còn " (left_out) " mục khác, xem tệp bảng tính kèm theo." }
        }
    }
}

fn body(group: &Group<'_>) -> Markup {
    html! {
        tbody {
            @if let Some(subject) = group.subject {
                tr { th.subject colspan="5" scope="rowgroup" { (subject) } }
            }
            @for (label, cells) in &group.rows {
                tr {
                    th.part[group.subject.is_some()] scope="row" { (label) }
                    @for cell in cells { td { (cell) } }
                }
            }
        }
    }
}

fn foot() -> Markup {
    html! {
        footer {
            div.recipients {
                p.label { "Nơi nhận:" }
                ul {
                    li { "- " (DOTS) (DOTS) ";" }
                    li { "- " (DOTS) (DOTS) ";" }
                    li { "- Lưu: VT, " (DOTS) }
                }
            }
            div.signature {
                p.office { "Quyền hạn, chức vụ của người ký" }
                p.hint { "(Chữ ký của người có thẩm quyền, dấu của cơ quan, tổ chức)" }
                p.name { (DOTS) (DOTS) }
            }
        }
    }
}
