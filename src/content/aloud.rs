//! What is said when a page or a programme is read aloud, line by line, still as it is written.
//!
//! What the eye sees by its place or its frame is said: what a fact is about, which step it is, that a box warns. Pictures are not
//! read. How numbers and abbreviations sound is the business of [`mod@super::vietnamese::spoken`].
//! Begin with [`Line`].

use super::model::{Block, Body, Content, Notice, Page, Programme, Question, Said, Step};
use super::rich::Rich;
use super::vietnamese::spoken::{Pronunciations, spoken};

/// A paragraph as somebody reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who reads it, as the script names them; empty if that doesn't matter. Not read itself.
    pub voice: String,
    /// What is read.
    pub text: String,
}

impl Line {
    fn plain(text: &str) -> Self {
        Self {
            voice: String::new(),
            text: text.to_owned(),
        }
    }

    /// A script names the voice in bold before the words: `**Giọng nữ:** Kính chào bà con.`
    fn of_script(text: &Rich) -> Self {
        match text.spans() {
            [first, ..] if first.style.strong && first.text.trim_end().ends_with(':') => Self {
                voice: first.text.trim_end().trim_end_matches(':').to_owned(),
                text: text.text()[first.text.len()..].trim_start().to_owned(),
            },
            _ => Self::plain(&text.text()),
        }
    }
}

/// What can be recorded by itself, so that it is marked while it is heard: a block of a text, a chapter of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which block of the text it is, or with which one it begins, from 0; `None` for what is said before all blocks.
    pub block: Option<usize>,
    /// What is said.
    pub lines: Vec<Line>,
}

impl Part {
    fn first(lines: Vec<Line>) -> Self {
        Self { block: None, lines }
    }
}

/// What a recording reads, all of it; `None` if there is no such thing.
#[must_use]
pub fn said(content: &Content, of: Said<'_>) -> Option<Vec<Line>> {
    parts(content, of).map(all)
}

/// The same in its parts. None is silent.
#[must_use]
pub fn parts(content: &Content, of: Said<'_>) -> Option<Vec<Part>> {
    match of {
        Said::Page(id) => content.pages.iter().find(|page| page.id == id).map(parts_of_page),
        Said::Step(id, number) => match &content.pages.iter().find(|page| page.id == id)?.body {
            Body::Guide(guide) => guide.steps.get(number).map(|step| parts_of_step(number, step)),
            Body::Article { .. } => None,
        },
        Said::Programme(id) => content.programmes.iter().find(|it| it.id == id).map(parts_of_programme),
        Said::Notice(id) => content.notices.iter().find(|it| it.id == id).map(parts_of_notice),
        Said::Question(id) => {
            let mut questions = content.quizzes.iter().flat_map(|quiz| &quiz.questions);
            questions
                .find(|it| it.id == id)
                .map(|it| vec![Part::first(question(it))])
        }
    }
}

/// An article: title and summary, then each block. Of a guide what comes before its steps, in one piece.
#[must_use]
pub fn parts_of_page(page: &Page) -> Vec<Part> {
    match &page.body {
        Body::Article { blocks } => with_blocks(head(page), blocks),
        Body::Guide(_) => vec![Part::first(opening(page))],
    }
}

/// A step of a guide, by its number from 0: its title, then each block.
#[must_use]
pub fn parts_of_step(number: usize, step: &Step) -> Vec<Part> {
    let title = sentence(&step.title);
    let title = Line::plain(&format!("Bước {}: {title}", in_words(number + 1)));
    with_blocks(vec![title], &step.blocks)
}

/// A notice: its title and what everybody must know of it, then each block.
#[must_use]
pub fn parts_of_notice(notice: &Notice) -> Vec<Part> {
    let head = vec![Line::plain(&notice.title), Line::plain(&notice.summary)];
    with_blocks(head, &notice.blocks)
}

/// A programme: its chapters, which begin with the blocks that are headings.
#[must_use]
pub fn parts_of_programme(programme: &Programme) -> Vec<Part> {
    let blocks = &programme.transcript;
    let is_heading = |block: &Block| matches!(block, Block::Heading { .. });
    let mut begins: Vec<usize> = (0..blocks.len()).filter(|at| is_heading(&blocks[*at])).collect();
    begins.push(blocks.len());
    let before = Part::first(transcript(&blocks[..begins[0]]));
    let chapters = begins.windows(2).map(|two| Part {
        block: Some(two[0]),
        lines: transcript(&blocks[two[0]..two[1]]),
    });
    heard(std::iter::once(before).chain(chapters))
}

fn with_blocks(head: Vec<Line>, blocks: &[Block]) -> Vec<Part> {
    let parts = blocks.iter().enumerate().map(|(at, block)| Part {
        block: Some(at),
        lines: self::block(block),
    });
    heard(std::iter::once(Part::first(head)).chain(parts))
}

/// Those that can be heard. A line of dots can't be: it belongs to the part before it.
fn heard(parts: impl Iterator<Item = Part>) -> Vec<Part> {
    let mut heard: Vec<Part> = Vec::new();
    for part in parts.filter(|part| !part.lines.is_empty()) {
        let has_words = part.lines.iter().any(|line| line.text.contains(char::is_alphanumeric));
        match heard.last_mut() {
            Some(before) if !has_words => before.lines.extend(part.lines),
            _ => heard.push(part),
        }
    }
    heard
}

fn all(parts: Vec<Part>) -> Vec<Line> {
    parts.into_iter().flat_map(|part| part.lines).collect()
}

/// A fingerprint of what is heard: it changes with the words and with how they are said, and not with how they look.
#[must_use]
pub fn fingerprint(lines: &[Line], pronunciations: &Pronunciations) -> String {
    let mut hasher = blake3::Hasher::new();
    for line in lines {
        hasher.update(pronunciations.spoken(&line.text).as_bytes());
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}

/// A page: title, what is to be known before, and its text in order.
#[must_use]
pub fn page(page: &Page) -> Vec<Line> {
    let mut lines = opening(page);
    if let Body::Guide(guide) = &page.body {
        let steps = guide.steps.iter().enumerate();
        lines.extend(steps.flat_map(|(number, step)| all(parts_of_step(number, step))));
    }
    lines
}

fn head(page: &Page) -> Vec<Line> {
    vec![Line::plain(&page.title), Line::plain(&page.summary)]
}

/// An article, or of a guide what comes before its steps.
fn opening(page: &Page) -> Vec<Line> {
    let mut lines = head(page);
    match &page.body {
        Body::Article { blocks } => lines.extend(blocks.iter().flat_map(block)),
        Body::Guide(guide) => {
            let prepare = guide.prepare.join("; ");
            let facts = [
                ("Ai làm được", &guide.who),
                ("Cần chuẩn bị", &prepare),
                ("Lệ phí", &guide.cost),
                ("Bao lâu", &guide.time),
                ("Làm ở đâu", &guide.place),
                ("Số điện thoại hỏi", &guide.hotline),
            ];
            let known = facts.into_iter().filter(|(_, fact)| !fact.is_empty());
            lines.extend(known.map(|(name, fact)| Line::plain(&format!("{name}: {}", sentence(fact)))));
        }
    }
    lines
}

/// A question and what there is to choose from, without the answer. Letters are not read: the screen deals them anew each time.
#[must_use]
pub fn question(question: &Question) -> Vec<Line> {
    let choices = question.choices.iter().map(|choice| Line::plain(&sentence(choice)));
    std::iter::once(Line::plain(&question.prompt)).chain(choices).collect()
}

/// A notice: its title, what everybody must know of it, and the rest.
#[must_use]
pub fn notice(notice: &Notice) -> Vec<Line> {
    all(parts_of_notice(notice))
}

/// A programme: what is said, without its headings, which only part the script.
#[must_use]
pub fn programme(programme: &Programme) -> Vec<Line> {
    transcript(&programme.transcript)
}

/// The same of a transcript alone.
#[must_use]
pub fn transcript(blocks: &[Block]) -> Vec<Line> {
    turns(blocks).into_iter().map(|turn| turn.line).collect()
}

/// What one voice says until another goes on, or it takes a breath.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The heading that stands before it; empty within a part. Not read.
    pub heading: String,
    /// Who says what.
    pub line: Line,
}

/// The same with the headings that part it.
#[must_use]
pub fn turns(blocks: &[Block]) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut heading = String::new();
    for block in blocks {
        let lines = match block {
            Block::Heading { text } => {
                heading.clone_from(text);
                continue;
            }
            Block::Paragraph { text } => vec![Line::of_script(text)],
            _ => self::block(block),
        };
        for line in lines {
            let heading = std::mem::take(&mut heading);
            turns.push(Turn { heading, line });
        }
    }
    turns
}

fn block(block: &Block) -> Vec<Line> {
    let texts = |texts: &[Rich]| texts.iter().map(|text| Line::plain(&text.text())).collect();
    match block {
        Block::Heading { text } => vec![Line::plain(text)],
        Block::Picture { .. } => Vec::new(),
        Block::Link { text, .. } if text.starts_with("Xem") => vec![Line::plain(&sentence(text))],
        Block::Link { text, .. } => vec![Line::plain(&format!("Xem thêm: {}", sentence(text)))],
        Block::Paragraph { text } => vec![Line::plain(&text.text())],
        Block::List { ordered: true, items } => (1..)
            .zip(items)
            .map(|(number, item)| Line::plain(&format!("Thứ {}: {}", in_order(number), item.text())))
            .collect(),
        Block::List { ordered: false, items } => texts(items),
        Block::Note { paragraphs } => called("Nên biết", texts(paragraphs)),
        Block::Warning { paragraphs } => called("Chú ý", texts(paragraphs)),
        Block::Contact { paragraphs } => called("Hỏi ai", texts(paragraphs)),
        Block::Table { header, rows } => table(header, rows),
    }
}

/// A box: its name stands before its first paragraph.
fn called(name: &str, mut lines: Vec<Line>) -> Vec<Line> {
    if let Some(first) = lines.first_mut() {
        first.text = format!("{name}: {}", first.text);
    }
    lines
}

/// Of two columns the names are said once, in a sentence, and then "Đăng ký tạm trú: 15.000 đồng." More are named each time.
fn table(header: &[String], rows: &[Vec<Rich>]) -> Vec<Line> {
    if let [first, second] = header {
        let names = format!("Sau đây đọc từng dòng: trước là “{first}”, sau là “{second}”.");
        let names = Line::plain(&names);
        let row = |row: &Vec<Rich>| {
            let cells: Vec<String> = row.iter().map(Rich::text).filter(|cell| !cell.is_empty()).collect();
            Line::plain(&sentence(&cells.join(": ")))
        };
        return std::iter::once(names).chain(rows.iter().map(row)).collect();
    }
    let row = |row: &Vec<Rich>| {
        let cells = header.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
        let cells: Vec<String> = cells.map(|(name, cell)| format!("{name}: {}", cell.text())).collect();
        Line::plain(&sentence(&cells.join("; ")))
    };
    rows.iter().map(row).collect()
}

fn in_words(number: usize) -> String {
    spoken(&number.to_string())
}

/// "nhất", "hai", "ba", "tư".
fn in_order(number: usize) -> String {
    match number {
        1 => "nhất".to_owned(),
        4 => "tư".to_owned(),
        _ => in_words(number),
    }
}

/// The words with a full stop, if they have no end of their own: whoever reads takes a breath there.
fn sentence(words: &str) -> String {
    let ends = words.trim_end().ends_with(['.', '!', '?', '…', ':']);
    format!("{words}{}", if ends { "" } else { "." })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Line> {
        texts.iter().map(|text| Line::plain(text)).collect()
    }

    #[test]
    fn a_fingerprint_is_of_what_is_heard() {
        let usual = Pronunciations::default();
        let written = fingerprint(&lines(&["Lệ phí 15.000 đồng.", "Mở cửa 8h30."]), &usual);
        // The same words, otherwise written.
        assert_eq!(
            written,
            fingerprint(&lines(&["Lệ phí  15000 đồng.", "Mở cửa tám giờ ba mươi."]), &usual)
        );
        let voiced = |voice: &str| {
            let text = "Kính chào bà con.".to_owned();
            fingerprint(
                &[Line {
                    voice: voice.to_owned(),
                    text,
                }],
                &usual,
            )
        };
        assert_eq!(voiced(""), voiced("Giọng nữ"), "who reads it is not read");
        for other in [
            &["Lệ phí 16.000 đồng.", "Mở cửa 8h30."][..],
            &["Lệ phí 15.000 đồng."],
            &["Mở cửa 8h30.", "Lệ phí 15.000 đồng."],
            &["Lệ phí 15.000 đồng. Mở cửa 8h30."],
        ] {
            assert_ne!(written, fingerprint(&lines(other), &usual), "{other:?}");
        }
    }

    #[test]
    fn a_programme_has_chapters_and_what_is_silent_is_no_part() {
        let heading = |text: &str| Block::Heading { text: text.to_owned() };
        let paragraph = |text: &str| Block::Paragraph {
            text: Rich::plain(text),
        };
        let transcript = vec![
            paragraph("Kính chào."),
            heading("Một"),
            paragraph("A."),
            paragraph("B."),
            heading("Chưa có gì"),
            heading("Hai"),
            paragraph("C."),
        ];
        let programme = Programme {
            id: "a".to_owned(),
            title: String::new(),
            summary: String::new(),
            month: chrono::NaiveDate::default(),
            minutes: 1,
            audio: String::new(),
            updated: chrono::NaiveDate::default(),
            sources: Vec::new(),
            transcript,
        };
        let part = |block, texts: &[&str]| Part {
            block,
            lines: lines(texts),
        };
        let parts = [
            part(None, &["Kính chào."]),
            part(Some(1), &["A.", "B."]),
            part(Some(5), &["C."]),
        ];
        assert_eq!(parts_of_programme(&programme), parts);
        let blocks = [
            paragraph("A."),
            Block::Picture {
                media: "a.svg".to_owned(),
                alt: "Hình".to_owned(),
                caption: String::new(),
            },
            paragraph("B."),
            paragraph("…"),
        ];
        let parts = [
            part(None, &["Tên."]),
            part(Some(0), &["A."]),
            part(Some(2), &["B.", "…"]),
        ];
        assert_eq!(with_blocks(lines(&["Tên."]), &blocks), parts);
    }

    #[test]
    fn a_question_is_read_without_letters_and_without_its_answer() {
        let question = Question {
            id: "a".to_owned(),
            prompt: "Có nên đọc mã cho ai không?".to_owned(),
            choices: vec!["Có".to_owned(), "Không".to_owned()],
            answer: 1,
            reason: "Mã mở được tiền.".to_owned(),
            read: String::new(),
            until: None,
            picture: String::new(),
        };
        assert_eq!(
            super::question(&question),
            lines(&["Có nên đọc mã cho ai không?", "Có.", "Không."])
        );
    }
}
