//! Figures as pictures: SVG without scripts or styles of its own, so that it stands in any page and prints well.
//!
//! Pictures are 420 units wide, so that their words can still be read at the width of a phone. Colours differ in lightness, for black and white. Begin with [`visits`] or
//! [`bars`].

use maud::{Markup, Render, html};

use super::figures::{Faces, Figures, Funnel};
use super::titles::Titles;
use super::words;
use crate::usage::signals::Signal;

const WIDTH: f64 = 420.0;
const MAIN: &str = "#1F5FA8";
const MIDDLE: &str = "#9DBBDB";
const LIGHT: &str = "#FFFFFF";
const LINE: &str = "#D0D7DE";

/// More days than these are drawn as months.
pub const MOST_DAYS: usize = 62;

/// The longest words that fit a line of a chart, in letters.
const LONGEST_LINE: usize = 46;

/// A picture and what it is of.
#[derive(Debug, Clone)]
pub struct Chart {
    /// What it shows, for whoever can't see it.
    pub title: String,
    /// The picture.
    pub svg: Markup,
}

impl Render for Chart {
    fn render(&self) -> Markup {
        self.svg.clone()
    }
}

/// One bar: what it says and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Under or over the bar.
    pub label: String,
    /// Its length.
    pub n: u64,
}

impl Bar {
    /// A bar.
    #[must_use]
    pub fn new(label: impl Into<String>, n: u64) -> Self {
        Self { label: label.into(), n }
    }
}

/// Visits by day, or by month if there are more than 62 days.
#[must_use]
pub fn visits(figures: &Figures) -> Chart {
    let visits = &figures.visits;
    if visits.by_day.len() > MOST_DAYS {
        let months = visits.by_month.iter();
        let bars: Vec<Bar> = months.map(|(month, n)| Bar::new(words::month(*month), *n)).collect();
        return columns("Số lượt sử dụng theo tháng", &bars);
    }
    let days = visits.by_day.iter();
    let bars: Vec<Bar> = days.map(|(day, n)| Bar::new(words::day_and_month(*day), *n)).collect();
    columns("Số lượt sử dụng theo ngày", &bars)
}

/// Visits by hour, from the first hour with any to the last.
#[must_use]
pub fn hours(figures: &Figures) -> Chart {
    let hours = &figures.visits.by_hour;
    let busy = |hour: &usize| hours[*hour] > 0;
    let first = (0..hours.len()).find(busy).unwrap_or(0);
    let last = (0..hours.len()).rfind(busy).unwrap_or(hours.len() - 1);
    let bars: Vec<Bar> = (first..=last)
        .map(|hour| Bar::new(format!("{hour} giờ"), hours[hour]))
        .collect();
    columns("Số lượt sử dụng theo giờ", &bars)
}

/// The steps of a guide, each with its share of those who opened it.
#[must_use]
pub fn funnel(guide: &Funnel, titles: &Titles) -> Chart {
    let steps = guide.steps.iter().enumerate();
    let mut stages = vec![Bar::new("Mở hướng dẫn", guide.opened)];
    stages.extend(steps.map(|(place, n)| Bar::new(step_label(titles.steps(&guide.page), place), *n)));
    stages.push(Bar::new("Xem hết", guide.finished));
    let share = |n: u64| match words::percent(n, guide.opened) {
        Some(share) if n > 0 => format!("{} ({share})", words::number(n)),
        _ => words::count(n),
    };
    lines(titles.title(&guide.page), &stages, share)
}

/// What a step is called; `place` is counted from 0.
#[must_use]
pub fn step_label(titles: &[String], place: usize) -> String {
    match titles.get(place) {
        Some(title) => format!("Bước {}: {title}", place + 1),
        None => format!("Bước {}", place + 1),
    }
}

/// Bars that lie, each under its words. For what has long names.
#[must_use]
pub fn bars(title: &str, bars: &[Bar]) -> Chart {
    lines(title, bars, words::count)
}

/// Ratings of pages as shares of good, fair and poor.
#[must_use]
pub fn ratings(title: &str, pages: &[(String, Faces)]) -> Chart {
    const LEGEND: f64 = 30.0;
    let names = ["good", "fair", "poor"].map(|face| words::group(Signal::Rated, face));
    let rows = pages.iter().enumerate().map(|(place, (label, faces))| {
        let numbers = [faces.good, faces.fair, faces.poor];
        (LEGEND + line_top(place), label, numbers)
    });
    let body = html! {
        @for (place, name) in names.iter().enumerate() {
            (part(extent(place) * 130.0, 4.0, 14.0, 14.0, place))
            text x=(extent(place) * 130.0 + 20.0) y="16" font-size="13" fill="currentColor" { (name) }
        }
        @for (top, label, numbers) in rows {
            (line_words(top, label, &numbers.map(words::count).join(" / ")))
            @for (place, (left, width)) in shares(numbers).into_iter().enumerate() {
                @if width > 0.0 { (part(left, top + 19.0, width, 14.0, place)) }
            }
        }
    };
    picture(title, LEGEND + line_top(pages.len()), &body)
}

/// Where each share of a full line begins, and how wide it is.
fn shares(numbers: [u64; 3]) -> [(f64, f64); 3] {
    let drawn = numbers.map(length);
    let whole: f64 = drawn.iter().sum::<f64>().max(1.0);
    let mut left = 0.0;
    drawn.map(|n| {
        let width = n / whole * WIDTH;
        left += width;
        (left - width, width)
    })
}

/// A part of a stacked bar. White ones need a line around them.
fn part(x: f64, y: f64, width: f64, height: f64, place: usize) -> Markup {
    let fill = [MAIN, MIDDLE, LIGHT][place.min(2)];
    html! {
        rect x=(round(x + 0.5)) y=(round(y)) width=(round((width - 1.0).max(1.0))) height=(height) fill=(fill) stroke=(MAIN) {}
    }
}

const LINE_HEIGHT: f64 = 44.0;

fn line_top(place: usize) -> f64 {
    extent(place) * LINE_HEIGHT
}

fn line_words(top: f64, label: &str, number: &str) -> Markup {
    html! {
        text x="0" y=(top + 13.0) font-size="13" fill="currentColor" { (shortened(label)) }
        text x=(WIDTH) y=(top + 13.0) font-size="13" fill="currentColor" text-anchor="end" { (number) }
    }
}

fn lines(title: &str, bars: &[Bar], written: impl Fn(u64) -> String) -> Chart {
    let most = bars.iter().map(|bar| length(bar.n)).fold(1.0, f64::max);
    let body = html! {
        @for (place, bar) in bars.iter().enumerate() {
            (line_words(line_top(place), &bar.label, &written(bar.n)))
            rect x="0" y=(line_top(place) + 19.0) width=(WIDTH) height="14" fill=(LINE) fill-opacity="0.4" {}
            rect x="0" y=(line_top(place) + 19.0) width=(round(length(bar.n) / most * WIDTH)) height="14" fill=(MAIN) {}
        }
    };
    picture(title, line_top(bars.len()), &body)
}

/// Columns over a scale. For what follows one another and has short names.
#[must_use]
pub fn columns(title: &str, bars: &[Bar]) -> Chart {
    const LEFT: f64 = 52.0;
    const HEIGHT: f64 = 180.0;
    let most = bars.iter().map(|bar| bar.n).max().unwrap_or(0);
    let (step, top) = scale(most);
    let slot = (WIDTH - LEFT - 10.0) / extent(bars.len().max(1));
    let middle = |place: usize| LEFT + slot * (extent(place) + 0.5);
    let named = every(bars, slot);
    let numbered = bars.iter().all(|bar| width(&words::count(bar.n)) < slot);
    let body = html! {
        @for mark in (0..=top / step).map(|mark| mark * step) {
            @let y = height(mark, top);
            line x1=(LEFT) y1=(y) x2=(WIDTH) y2=(y) stroke=(LINE) stroke-width="1" {}
            text x=(LEFT - 6.0) y=(y + 4.0) font-size="12" fill="currentColor" text-anchor="end" { (words::number(mark)) }
        }
        @for (place, bar) in bars.iter().enumerate() {
            @let y = height(bar.n, top);
            @if bar.n > 0 {
                rect x=(round(middle(place) - slot * 0.35)) y=(y) width=(round(slot * 0.7)) height=(round(BASE - y)) fill=(MAIN) {}
            }
            @if numbered {
                text x=(round(middle(place))) y=(y - 5.0) font-size="12" fill="currentColor" text-anchor="middle" {
                    (words::count(bar.n))
                }
            }
            @if place.is_multiple_of(named) {
                text x=(round(middle(place))) y=(BASE + 18.0) font-size="12" fill="currentColor" text-anchor="middle" {
                    (bar.label)
                }
            }
        }
    };
    picture(title, HEIGHT, &body)
}

/// The line that columns stand on.
const BASE: f64 = 155.0;

/// Where a count ends on a scale up to `top`, which reaches 20 under the upper edge.
fn height(n: u64, top: u64) -> f64 {
    round(BASE - (BASE - 20.0) * length(n) / length(top))
}

/// The step of a scale with at most five marks, and its top: 1, 2 or 5 and noughts.
fn scale(most: u64) -> (u64, u64) {
    let mut steps = (0..19).flat_map(|noughts| [1, 2, 5].map(|digit| digit * 10_u64.pow(noughts)));
    let step = steps.find(|step| most.div_ceil(*step) <= 4).unwrap_or(most);
    (step, most.div_ceil(step).max(1).saturating_mul(step))
}

/// Only each of so many columns is named, so that names don't meet.
fn every(bars: &[Bar], slot: f64) -> usize {
    let widest = bars.iter().map(|bar| width(&bar.label) + 8.0).fold(0.0, f64::max);
    (1..bars.len())
        .find(|named| extent(*named) * slot >= widest)
        .unwrap_or(bars.len().max(1))
}

/// About how wide words of size 12 are.
fn width(words: &str) -> f64 {
    extent(words.chars().count()) * 6.8
}

fn shortened(words: &str) -> String {
    if words.chars().count() <= LONGEST_LINE {
        return words.to_owned();
    }
    let short: String = words.chars().take(LONGEST_LINE - 1).collect();
    format!("{}…", short.trim_end())
}

/// To a tenth of a unit, which nobody can see, so that files stay short.
fn round(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

#[expect(clippy::cast_precision_loss, reason = "a length on paper needs four digits")]
fn length(n: u64) -> f64 {
    n as f64
}

fn extent(n: usize) -> f64 {
    length(u64::try_from(n).unwrap_or(u64::MAX))
}

/// The frame of every chart, with its title above it.
fn picture(title: &str, height: f64, body: &Markup) -> Chart {
    const TITLE: f64 = 28.0;
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {WIDTH} {}", height + TITLE)) width="100%" role="img"
            font-family="Arial, 'Noto Sans', sans-serif" {
            title { (title) }
            text x="0" y="14" font-size="14" font-weight="bold" fill="currentColor" { (shortened(title)) }
            g transform=(format!("translate(0 {TITLE})")) { (body) }
        }
    };
    Chart {
        title: title.to_owned(),
        svg,
    }
}

#[cfg(test)]
mod tests;
