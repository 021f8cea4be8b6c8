//! A script as a page to print: large letters, times in the margin. Begin with [`page`].

use chrono::{Datelike, NaiveDate};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Script, Turn, clock};
use crate::office::words::date;

const STYLE: &str = include_str!("html.css");

pub(super) fn page(script: &Script, printed: NaiveDate) -> Markup {
    html! {
        (DOCTYPE)
        html lang="vi" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Lời phát thanh: " (script.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    p.month { "Lời phát thanh – Tháng " (script.month.month()) "/" (script.month.year()) }
                    h1 { (script.title) }
                    p.length { "Đọc hết khoảng " strong { (clock(script.seconds)) } " (phút:giây)" }
                    ol {
                        @for (number, turn) in (1..).zip(&script.turns) { (self::turn(number, turn)) }
                    }
                    p.end { "Hết " span { (clock(script.seconds)) } }
                    footer {
                        h2 { "Nguồn" }
                        ul { @for source in &script.sources { li { (source) } } }
                        p { "In ngày " (date(printed)) "." }
                    }
                }
            }
        }
    }
}

/// Its number is that of the file in which somebody records it.
fn turn(number: usize, turn: &Turn) -> Markup {
    html! {
        @if !turn.heading.is_empty() { li.heading { h2 { (turn.heading) } } }
        li.turn {
            p.time { (clock(turn.at)) span { "lượt " (format!("{number:02}")) } }
            div.said {
                @if !turn.voice.is_empty() { p.voice { (turn.voice) } }
                p { (turn.said) }
            }
        }
    }
}
