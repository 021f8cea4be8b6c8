//! The global `Lines`: how the lines of titles end.

use slint::ComponentHandle;

use super::ui;

/// The least that a last line has, in letters: less stands there as if it were forgotten.
const LAST_LINE: usize = 8;

/// The words so that they end in a line of some length, if they take more than one: the last of them are held together, as far as a
/// line has room for so many letters.
fn together(words: &str, letters: usize) -> String {
    let mut at = words.len();
    let mut held = at;
    while let Some(space) = words[..at].rfind(' ') {
        let tail = words[space + 1..].chars().count();
        if tail > letters {
            break;
        }
        (held, at) = (space + 1, space);
        if tail >= LAST_LINE {
            break;
        }
    }
    // All of it is one line, or none can be held.
    if at == 0 || held == words.len() {
        return words.to_owned();
    }
    format!("{}{}", &words[..held], words[held..].replace(' ', "\u{a0}"))
}

pub(super) fn connect(app: &ui::App) {
    let lines = app.global::<ui::Lines>();
    lines.on_together(|words, letters| together(&words, usize::try_from(letters).unwrap_or_default()).into());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As the screen breaks lines, if all letters were of one width.
    fn broken(words: &str, letters: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in words.split(' ') {
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    fn ends(words: &str, letters: usize) -> Vec<String> {
        let lines = broken(&together(words, letters), letters).into_iter();
        lines.map(|line| line.replace('\u{a0}', " ")).collect()
    }

    #[test]
    fn the_last_line_is_no_word_left_over() {
        assert_eq!(ends("Đố vui có đáp án", 14), ["Đố vui", "có đáp án"]);
        assert_eq!(ends("An toàn trên mạng", 14), ["An toàn", "trên mạng"]);
        assert_eq!(ends("Tìm hiểu chuyển đổi số", 14), ["Tìm hiểu", "chuyển đổi số"]);
        // Where the three have no room together, two stay.
        assert_eq!(ends("Tìm hiểu chuyển đổi số", 10), ["Tìm hiểu", "chuyển", "đổi số"]);
        assert_eq!(ends("Làm thủ tục", 14), ["Làm thủ tục"]);
        assert_eq!(together("VNeID", 3), "VNeID");
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_and_no_line_too_long(words in prop::collection::vec("[a-zộ]{1,7}", 1..8), letters in 7_usize..30) {
            let words = words.join(" ");
            let lines = ends(&words, letters);
            prop_assert_eq!(lines.join(" "), words.clone());
            prop_assert!(lines.iter().all(|line| line.chars().count() <= letters), "{:?}", lines);
            // A word alone is long, or had no room beside the one before it.
            if let [.., before, last] = &lines[..] && !last.contains(' ') {
                let beside = before.rsplit(' ').next().unwrap_or_default().chars().count() + 1 + last.chars().count();
                prop_assert!(last.chars().count() >= LAST_LINE || beside > letters, "{:?}", lines);
            }
        }
    }
}
