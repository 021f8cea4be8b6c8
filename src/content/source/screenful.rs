//! How many lines a step takes on its screen.
//!
//! An estimate without any font: the kiosk measures text itself and cuts what doesn't fit into more screens, and this
//! only tells the author that it will. Begin with [`lines`].

use crate::content::model::Block;
use crate::content::rich::Rich;

/// So many lines of a step stand on one screen of 1280 x 800 at normal size, under its title and above its buttons.
pub(super) const MOST_LINES: usize = 7;

/// Characters on a line over the whole width. An estimate: body text is 30 px of Noto Sans, of which Vietnamese takes
/// about 16 px a character, spaces included; 1280 px without the two margins are 1216 px.
const ACROSS: usize = 75;

/// Characters on a line beside a picture: its 400 px and their gap leave 796 px, the frame of a box and the unevenness
/// of lines that end with a word take about a seventh of that.
const BESIDE_A_PICTURE: usize = 42;

/// What the dot or the number of a list takes, in characters.
const LIST_MARK: usize = 3;

/// An estimate of the lines of text, without headings, pictures and the labels of boxes.
pub(super) fn lines(blocks: &[Block]) -> usize {
    let has_picture = blocks.iter().any(|block| matches!(block, Block::Picture { .. }));
    let width = if has_picture { BESIDE_A_PICTURE } else { ACROSS };
    let all = |block: &Block, width: usize| block.texts().iter().map(|text| lines_of(&text.text(), width)).sum();
    blocks
        .iter()
        .map(|block| match block {
            Block::Heading { .. } => 0,
            Block::Picture { caption, .. } => lines_of(caption, width),
            Block::Link { text, .. } => lines_of(text, width),
            Block::List { .. } => all(block, width - LIST_MARK),
            Block::Table { header, rows } => {
                let width = width / header.len().max(1);
                let highest = |cells: &Vec<Rich>| cells.iter().map(|cell| lines_of(&cell.text(), width)).max();
                1 + rows.iter().filter_map(highest).sum::<usize>()
            }
            _ => all(block, width),
        })
        .sum()
}

/// Fills lines word by word, as the screen does.
fn lines_of(text: &str, width: usize) -> usize {
    let (mut lines, mut left) = (0, 0);
    for line in text.lines() {
        // Each line of the author's begins one.
        let mut begins = true;
        for word in line.split_whitespace() {
            let length = word.chars().count();
            if !begins && length < left {
                left -= length + 1;
            } else {
                lines += 1;
                left = width.saturating_sub(length);
            }
            begins = false;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Block {
        Block::Paragraph {
            text: Rich::plain(text),
        }
    }

    #[test]
    fn lines_end_between_words() {
        assert_eq!(lines_of("", 10), 0);
        assert_eq!(lines_of("Mười chữ ạ", 10), 1);
        assert_eq!(lines_of("Mười\nchữ ạ", 10), 2);
        assert_eq!(lines_of("Mười chữ hết", 10), 2);
        assert_eq!(lines_of("dichvucong.gov.vn ở", 10), 2);
    }

    #[test]
    fn a_picture_takes_room_and_headings_are_not_counted() {
        let text = paragraph(&"chữ ".repeat(20));
        let heading = Block::Heading {
            text: "Đầu đề".to_owned(),
        };
        assert_eq!(lines(&[heading, text.clone()]), 2);
        let picture = Block::Picture {
            media: "a.svg".to_owned(),
            alt: "Ảnh".to_owned(),
            caption: String::new(),
        };
        let list = Block::List {
            ordered: true,
            items: vec![Rich::plain("Một"), Rich::plain("Hai")],
        };
        assert_eq!(lines(&[picture, text, list]), 4);
    }
}
