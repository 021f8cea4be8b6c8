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

impl Word {
    /// Whether a third of one of them lies on the other. Lines share a little of what marks need.
    fn covers(&self, other: &Self) -> bool {
        let area = |it: &Self| (it.right - it.left) * (it.bottom - it.top);
        let wide = self.right.min(other.right) - self.left.max(other.left);
        let high = self.bottom.min(other.bottom) - self.top.max(other.top);
        wide > 0.0 && high > 0.0 && wide * high > area(self).min(area(other)) / 3.0
    }
}

/// The sides of a document: how wide and high each is, and its words; and the letters of each in the order in which they were set.
pub struct Sides(Vec<(f64, f64, Vec<Word>)>, Vec<String>);

fn pdftotext(options: &[&str], file: &Path) -> String {
    let output = Command::new("pdftotext").args(options).arg(file).arg("-").output();
    let output = output.expect("pdftotext of poppler-utils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The letters of a text without its spaces.
pub fn letters(text: &str) -> String {
    let all = text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(*c, '\u{200b}' | '\u{2060}'));
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

    /// Whether these letters stand anywhere.
    pub fn has(&self, text: &str) -> bool {
        self.0.contains(&letters(text))
    }

    /// Whether one text stands directly after another, but for its sign: a number, a dot, the name of a box.
    pub fn goes_on(&self, before: &str, after: &str) -> bool {
        const LONGEST_SIGN: usize = 30;
        let (before, after) = (letters(before), letters(after));
        self.0.match_indices(&before).any(|(at, _)| {
            let rest = &self.0[at + before.len()..];
            rest.find(&after).is_some_and(|at| at <= LONGEST_SIGN)
        })
    }

    /// Whether a box stands directly after its words, or says of which part it is.
    pub fn keeps(&self, before: &str, name: &str, said: &str, part: &str) -> bool {
        let after = self.0.contains(&letters(&format!("{before} {name} {said}")));
        after || self.0.contains(&letters(&format!("{name} (tiếp {part}) {said}")))
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
                    .replace('\u{2060}', "");
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
        let texts = pdftotext(&["-raw"], file);
        let texts: Vec<String> = texts.split('\u{c}').map(letters).take(sides.len()).collect();
        Self(sides, texts)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The letters of each side, in the order in which they were set.
    pub fn texts(&self) -> &[String] {
        &self.1
    }

    /// The letters of each side, of a leaflet of each panel, in the order in which people read: the three inside, then those on the other side.
    pub fn columns(&self, form: &str) -> Vec<String> {
        let number = if form == "leaflet" { 3 } else { 1 };
        let columns = |(width, _, words): &(f64, f64, Vec<Word>)| -> Vec<String> {
            let edges = (0..number).map(|column| {
                let at = |column: i32| f64::from(column) * width / f64::from(number);
                at(column)..at(column + 1)
            });
            let within = |edges: std::ops::Range<f64>| {
                let words = words.iter().filter(move |it| edges.contains(&it.left));
                letters(&words.map(|it| it.text.as_str()).collect::<String>())
            };
            edges.map(within).collect()
        };
        if form == "leaflet" {
            let sheets = self.0.chunks(2);
            sheets
                .flat_map(|sheet| [columns(&sheet[1]), columns(&sheet[0])].concat())
                .collect()
        } else {
            self.0.iter().flat_map(columns).collect()
        }
    }

    /// All words, and how far from the left and from the top they stand, in points.
    pub fn words(&self) -> impl Iterator<Item = (&str, f64, f64)> {
        let words = self.0.iter().flat_map(|(_, _, words)| words);
        words.map(|it| (it.text.as_str(), it.left, it.top))
    }

    /// Whether the first two words of a text stand upside down somewhere: the second left of the first.
    pub fn upside_down(&self, text: &str) -> bool {
        let mut first = text.split_whitespace();
        let (one, other) = (first.next().expect("a word"), first.next().expect("two words"));
        let mut pairs = self.0.iter().flat_map(|(_, _, words)| words.windows(2));
        pairs.any(|two| two[0].text == one && two[1].text == other && two[1].right <= two[0].left)
    }

    /// The words that stand before and after each end of a line within a title, where it is printed largest.
    pub fn line_ends(&self, title: &str) -> Vec<String> {
        let words: Vec<&str> = title.split_whitespace().collect();
        let sides = self.0.iter().map(|(_, _, words)| words);
        let printed = sides.flat_map(|side| side.windows(words.len()));
        let printed = printed.filter(|some| some.iter().zip(&words).all(|(printed, word)| printed.text == **word));
        let high = |it: &[Word]| it[0].bottom - it[0].top;
        let Some(largest) = printed.max_by(|a, b| high(a).total_cmp(&high(b))) else {
            return Vec::new();
        };
        let ends = largest
            .windows(2)
            .filter(|two| two[1].top > two[0].bottom - 1.0 || two[1].left < two[0].left);
        ends.map(|two| format!("{} {}", two[0].text, two[1].text)).collect()
    }

    /// The sides on which somebody signs, and the sentences' numbers above: words in the table's first column.
    pub fn signed(&self) -> Vec<(&str, Vec<usize>)> {
        let column = 18.0 * 72.0 / 25.4..28.0 * 72.0 / 25.4;
        let sides = self.0.iter().zip(&self.1);
        let signed = sides.filter(|(_, text)| text.contains("(ký,ghirõhọtên)"));
        let numbers = |words: &[Word]| {
            let first = words
                .iter()
                .filter(|it| it.left >= column.start && it.right < column.end);
            first.filter_map(|it| it.text.parse().ok()).collect()
        };
        signed
            .map(|((_, _, words), text)| (text.as_str(), numbers(words)))
            .collect()
    }

    /// No word lies on another, and on a slide none is lower than its room.
    fn expect_apart(&self, form: &str) {
        for (number, (_, height, words)) in (1..).zip(&self.0) {
            // Of a lesson, words may lie on the ground where notes are written.
            let ground = |it: &Word| form == "lesson" && matches!(it.text.as_str(), "Ghi" | "chú");
            let words: Vec<&Word> = words.iter().filter(|it| !ground(it)).collect();
            for (at, one) in words.iter().enumerate() {
                let covered = words[at + 1..].iter().find(|other| one.covers(other));
                if let Some(other) = covered {
                    panic!("{form}: {:?} lies on {:?} on side {number}", one.text, other.text);
                }
            }
            let (room, foot) = (height * 172.0 / 190.0, height * 175.0 / 190.0);
            let low = words.iter().find(|it| it.bottom > room && it.top < foot);
            if let Some(word) = low.filter(|_| form == "deck") {
                panic!("{form}: {:?} leaves its room on side {number}", word.text);
            }
        }
    }

    /// No word stands nearer to an edge than printers can print, and none crosses a fold or the knife's way.
    pub fn expect_within(&self, form: &str) {
        self.expect_apart(form);
        let mm = 72.0 / 25.4;
        for (number, (width, height, words)) in (1..).zip(&self.0) {
            let folds = match form {
                "leaflet" => vec![99.0 * mm, 198.0 * mm],
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
