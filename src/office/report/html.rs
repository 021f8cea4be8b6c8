//! A report as a page to read or print, in the layout of Nghị định 30/2020/NĐ-CP, Phụ lục I.
//!
//! Number, day, recipients and signer are dots for officers to fill in. Begin with [`page`].

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::section::{Change, Listing, Row, Section, Shown};
use super::{Issuer, Report};
use crate::office::words::date;

const STYLE: &str = include_str!("html.css");

const DOTS: &str = "..........";

const NUMERALS: [&str; 10] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];

pub(super) fn page(report: &Report) -> Markup {
    let title = title(report);
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
                    (opening(report))
                    @for (numeral, part) in NUMERALS.iter().zip(&report.sections) { (section(numeral, part)) }
                    (foot())
                }
            }
        }
    }
}

fn title(report: &Report) -> String {
    format!("Kết quả sử dụng máy tra cứu {}", report.period.name())
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

fn opening(report: &Report) -> Markup {
    let (period, before) = (report.period, report.period.before());
    html! {
        @if !report.scope.is_empty() { p { "Phạm vi: " (report.scope) "." } }
        p {
            "Kỳ này: " (period.name()) " (" (date(period.from())) " – " (date(period.to())) "). "
            "Kỳ trước: " (before.name()) " (" (date(before.from())) " – " (date(before.to())) "). "
            "Số liệu do máy tự đếm, tổng hợp đến ngày " (date(report.made_on)) "."
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
    let subjects: Vec<&[Row]> = listing.subjects().collect();
    let left_out = subjects.len().saturating_sub(listing.printed);
    html! {
        table {
            caption { (listing.caption) }
            thead {
                tr { th scope="col" { "Nội dung" } th { "Kỳ này" } th { "Kỳ trước" } th { "Tăng, giảm" } th { "Tỷ lệ" } }
            }
            @for rows in subjects.iter().take(listing.printed) { (body(rows)) }
        }
        @if left_out > 0 {
            p.more { "Còn " (left_out) " mục khác, xem tệp bảng tính kèm theo." }
        }
    }
}

fn body(rows: &[Row]) -> Markup {
    let title = rows.first().filter(|row| !row.value.is_empty()).map(|row| &row.title);
    html! {
        tbody {
            @if let Some(title) = title {
                tr { th.subject colspan="5" scope="rowgroup" { (title) } }
            }
            @for row in rows {
                @let change = row.change();
                tr {
                    th.part[title.is_some()] scope="row" { (if title.is_some() { &row.value } else { &row.title }) }
                    td { (row.now.text()) }
                    td { (row.before.text()) }
                    td { (change.map_or_else(|| Shown::Nothing.text(), Change::difference_text)) }
                    td { (change.map_or_else(|| Shown::Nothing.text(), Change::percent_text)) }
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
