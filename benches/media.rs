//! What a picture costs on the way to the screen, and how long the most laborious drawing takes that the check lets pass.
//!
//! The reference in the same run is one coat of paint over the frame. A Raspberry Pi 4 is about three times slower than this machine
//! (docs/performance.md); 50 ms there is what a drawing may take.

mod common;

use std::io::Cursor;
use std::time::{Duration, Instant};

use commune_kiosk::content::media::{self, Use};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// The frame beside a step, in pixels of a screen of 1280 x 800.
const FRAME: u32 = 360;

const ROUNDS: usize = 30;

fn svg(inside: &str) -> Vec<u8> {
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400">{inside}</svg>"#).into_bytes()
}

/// As many of these as the check lets pass.
fn most(of: impl Fn(usize) -> String) -> Vec<u8> {
    let fits = |number: usize| {
        let drawing = svg(&(0..number).map(&of).collect::<String>());
        media::prepare(&drawing, Use::Picture).ok().map(|ready| (number, ready))
    };
    let (mut low, mut high) = (1, 10_000);
    while low + 1 < high {
        let middle = usize::midpoint(low, high);
        if fits(middle).is_some() {
            low = middle;
        } else {
            high = middle;
        }
    }
    let (number, ready) = fits(low).expect("one fits");
    print!("{number:>6} ");
    ready
}

fn report(name: &str, mut work: impl FnMut()) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let begin = Instant::now();
            work();
            begin.elapsed()
        })
        .collect();
    let median = common::percentile(&mut times, 0.5);
    let p95 = common::percentile(&mut times, 0.95);
    println!("{name:<44} {:>8.2} {:>8.2}", common::ms(median), common::ms(p95));
}

fn main() {
    println!("{:<51} {:>8} {:>8}", "", "median", "p95 ms");
    let draw = |name: &str, bytes: &[u8]| report(name, || drop(media::draw(bytes, FRAME, FRAME).expect("drawn")));
    let layer = svg(r#"<rect width="400" height="400"/>"#);
    print!("{:>6} ", 1);
    draw(
        "reference: one coat of paint",
        &media::prepare(&layer, Use::Picture).expect("ready"),
    );
    let folder = std::fs::read_dir("content/media").expect("the content");
    let drawings = folder.map(|entry| std::fs::read(entry.expect("a file").path()).expect("a file"));
    let longest = drawings
        .filter(|bytes| media::is_drawing(bytes))
        .max_by_key(Vec::len)
        .expect("a drawing");
    print!("{:>6} ", "");
    draw(
        "the longest drawing of the content",
        &media::prepare(&longest, Use::Picture).expect("ready"),
    );
    let bytes = most(|_| r#"<rect width="400" height="400" opacity="0.99" fill="red"/>"#.to_owned());
    draw("layers over all of it, half transparent", &bytes);
    let bytes = most(|n| {
        format!(
            r#"<circle cx="{}" cy="{}" r="9" stroke="blue" fill="red"/>"#,
            n * 37 % 400,
            n * 91 % 400
        )
    });
    draw("small circles with a line around them", &bytes);
    let bytes = most(|n| {
        format!(
            r#"<path d="M0 {} C99 400 200 0 400 {}" stroke="red" fill="none"/>"#,
            n % 400,
            n * 7 % 400
        )
    });
    draw("curved lines across", &bytes);
    let bytes = most(|n| {
        let points: Vec<String> = (0..200)
            .map(|at| format!("{} {}", (n * 13 + at * 29) % 400, (n * 7 + at * 31) % 400))
            .collect();
        let points = points.join(" ");
        format!(r#"<polygon points="{points}" fill="green"/>"#)
    });
    draw("polygons of two hundred corners", &bytes);
    let photograph = RgbImage::from_fn(4000, 3000, |x, y| {
        let part = |by: u32| u8::try_from((x * by + y * 3 + x * y % 17) % 256).expect("a byte");
        Rgb([part(1), part(2), part(3)])
    });
    let mut bytes = Vec::new();
    DynamicImage::from(photograph)
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg)
        .expect("written");
    let ready = media::prepare(&bytes, Use::Picture).expect("ready");
    print!("{:>6} ", "");
    draw("a photograph of a telephone, made ready", &ready);
}
