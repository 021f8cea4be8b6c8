//! Paper: docs/performance.md allows 0.3 s for a leaflet. The reference in the same run is a headless Chromium that prints the same words.
//!
//! Then how long each form takes for all pages of the repository, set twenty at a time.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use commune_kiosk::content::{aloud, source};
use commune_kiosk::office::publish::paper::{self, Form};

const ROUNDS: usize = 9;

fn main() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 30).expect("a day");
    let checked = source::read(Path::new("content"), day);
    let content = checked.content.as_ref().expect("content without errors");
    let print = |form, ids: &[String]| {
        let began = Instant::now();
        let pdf = paper::pdf(content, &checked.pronunciations, form, ids, day).expect("a document");
        (began.elapsed(), pdf.len())
    };
    println!("paper, {} pages", content.pages.len());
    // Each another page: what is remembered of one helps no other.
    let ids: Vec<String> = content.pages.iter().map(|page| page.id.clone()).collect();
    let mut leaflets: Vec<Duration> = ids
        .iter()
        .take(ROUNDS)
        .map(|id| print(Form::Leaflet, std::slice::from_ref(id)).0)
        .collect();
    println!(
        "  a leaflet (budget 300 ms)            median {:.0} ms, slowest {:.0} ms",
        median(&mut leaflets),
        leaflets.last().copied().map_or(0.0, ms)
    );
    let folder = tempfile::tempdir().expect("a folder");
    let mut html = String::from(
        "<meta charset=utf-8><style>@page{size:A4 landscape;margin:1cm}body{columns:3;font:13pt Noto Sans}</style>",
    );
    for line in aloud::page(&content.pages[0]) {
        let _ = write!(html, "<p>{}", line.text);
    }
    std::fs::write(folder.path().join("a.html"), html).expect("a file");
    match browser(folder.path()) {
        Some(took) => println!("  the same words by headless Chromium  median {took:.0} ms"),
        None => println!("  no Chromium here"),
    }
    for form in Form::ALL {
        let (mut took, mut bytes) = (Duration::ZERO, 0);
        for some in ids.chunks(20) {
            let (time, size) = print(form, some);
            took += time;
            bytes += size;
        }
        println!(
            "  all pages as {:<13}           {:.1} s, {} KB",
            form.name(),
            took.as_secs_f64(),
            bytes / 1000
        );
    }
}

/// How many milliseconds Chromium takes to print `a.html`, in the middle of five times.
fn browser(folder: &Path) -> Option<f64> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let status = Command::new("chromium")
            .args(["--headless", "--no-sandbox", "--disable-gpu"])
            .arg(format!("--print-to-pdf={}", folder.join("a.pdf").display()))
            .arg(folder.join("a.html"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.ok().filter(std::process::ExitStatus::success)?;
        times.push(began.elapsed());
    }
    Some(median(&mut times))
}

/// Sorts, and says in milliseconds what stands in the middle.
fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    ms(times[times.len() / 2])
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
