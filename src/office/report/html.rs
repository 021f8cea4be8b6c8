//! A report as a page to read or print, in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I.
//!
//! Number, day, recipients and signer are dots for officers to fill in; the appendix comes after the signature. Begin with [`page`].

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::section::{Brief, Group, Listing, Section};
use super::{Issuer, Report};

const STYLE: &str = include_str!("html.css");

const DOTS: &str = "..........";

const NUMERALS: [&str; 3] = ["I", "II", "III"];

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
                    @for (numeral, part) in NUMERALS.iter().zip(&report.main) { (section(numeral, part)) }
                    (foot())
                    (appendix(report))
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

fn section(number: &str, section: &Section) -> Markup {
    html! {
        section {
            h2 { (number) ". " (section.heading) }
            @for sentence in &section.sentences { p { (sentence) } }
            @if let Some(brief) = &section.brief { (in_brief(brief)) }
            @for chart in &section.charts { figure { (chart) } }
            @for listing in section.listings.iter().filter(|listing| listing.printed > 0) { (table(listing)) }
        }
    }
}

fn in_brief(brief: &Brief) -> Markup {
    html! {
        table.brief {
            caption { (brief.caption) }
            thead { tr { @for name in &brief.head { th scope="col" { (name) } } } }
            tbody {
                @for row in &brief.rows {
                    tr {
                        @for (place, words) in row.iter().enumerate() {
                            @if place == 0 { th scope="row" { (words) } } @else { td { (words) } }
                        }
                    }
                }
            }
        }
        @if !brief.note.is_empty() { p.more { (brief.note) } }
    }
}

fn appendix(report: &Report) -> Markup {
    html! {
        div.appendix {
            h1 { "Phụ lục" }
            p.abstract { "Số liệu đầy đủ " (report.period.name()) }
            p.attached {
                "(Kèm theo Báo cáo số ......./BC-" (or_dots(&report.issuer.abbreviation)) " ngày ..... tháng ..... năm ....... của "
                (or_dots(&report.issuer.body)) ")"
            }
            @for (number, part) in (1..).zip(&report.appendix) { (section(&number.to_string(), part)) }
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
