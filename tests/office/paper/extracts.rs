//! What stands in a PDF, read again with `pdftotext`. Begin with [`Text`] and [`Sides`].

use std::path::Path;
use std::process::Command;

/// All letters of a document in their order, without the spaces between them.
pub struct Text(String);

/// A word on a side, in points from its upper left corner.
struct Word {
    text: String,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// The sides of a document: how wide and high each is, and its words.
pub struct Sides(Vec<(f64, f64, Vec<Word>)>);

fn pdftotext(options: &[&str], file: &Path) -> String {
    let output = Command::new("pdftotext").args(options).arg(file).arg("-").output();
    let output = output.expect("pdftotext of poppler-utils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn letters(text: &str) -> String {
    let all = text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{200b}');
    all.collect()
}

impl Text {
    pub fn of(file: &Path) -> Self {
        Self(letters(&pdftotext(&["-raw"], file)))
    }

    /// Whether a text stands there letter for letter; a page may end within it once.
    pub fn says(&self, text: &str) -> bool {
        let text = letters(text);
        let mut ends = text.char_indices().map(|(at, _)| at).skip(1);
        self.0.contains(&text)
            || ends
                .any(|at| at > 3 && text.len() - at > 3 && self.0.contains(&text[..at]) && self.0.contains(&text[at..]))
    }
}

impl Sides {
    pub fn of(file: &Path) -> Self {
        let mut sides = Vec::new();
        for line in pdftotext(&["-bbox"], file).lines() {
            let value = |name: &str| -> f64 {
                let rest = line.split_once(&format!("{name}=\"")).expect("a value").1;
                rest.split('"').next().expect("a value").parse().expect("a number")
            };
            if line.contains("<page ") {
                sides.push((value("width"), value("height"), Vec::new()));
            } else if line.contains("<word ") {
                let text = line
                    .split_once('>')
                    .expect("a word")
                    .1
                    .trim_end_matches("</word>")
                    .to_owned();
                let word = Word {
                    text,
                    left: value("xMin"),
                    top: value("yMin"),
                    right: value("xMax"),
                    bottom: value("yMax"),
                };
                sides.last_mut().expect("a page").2.push(word);
            }
        }
        Self(sides)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// No word stands nearer to an edge than printers can print, and none crosses a fold or the knife's way.
    pub fn expect_within(&self, form: &str) {
        let mm = 72.0 / 25.4;
        for (number, (width, height, words)) in (1..).zip(&self.0) {
            let folds = match form {
                "leaflet" if number % 2 == 1 => vec![97.0 * mm, 197.0 * mm],
                "leaflet" => vec![100.0 * mm, 200.0 * mm],
                "leaflet-a5x2" => vec![148.5 * mm],
                _ => Vec::new(),
            };
            assert!(!words.is_empty(), "{form}: side {number} is empty");
            for word in words {
                let margin = 6.0 * mm;
                let inside = word.left >= margin
                    && word.right <= width - margin
                    && word.top >= margin
                    && word.bottom <= height - margin;
                assert!(inside, "{form}: {:?} leaves side {number}", word.text);
                let crossed = folds
                    .iter()
                    .any(|fold| word.left < fold + 5.0 && word.right > fold - 5.0);
                assert!(!crossed, "{form}: {:?} crosses a fold of side {number}", word.text);
            }
        }
    }
}
