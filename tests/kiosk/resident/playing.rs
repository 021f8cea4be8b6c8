//! The quiz.

use std::time::Duration;

use commune_kiosk::content::model::Question;
use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::paging::MOST_EMPTY;
use commune_kiosk::kiosk::session::settings::TextSize;
use commune_kiosk::kiosk::session::view::{Aside, Row, Words};

use crate::common::{Hall, Setting, content_copy, each_in_its_hall};

/// Until a screen is measured and has come to rest, and no touch is taken for a trembling finger.
const SETTLE: Duration = Duration::from_millis(700);

/// What is said when most answers were right.
const PRAISE: &str = "Ông/bà trả lời rất tốt.";

/// What is said else.
const AGAIN: &str = "Ông/bà làm lại lần nữa nhé.";

const QUIZ: &str = "Chạm để bắt đầu > Đố vui có đáp án > An toàn trên mạng";

/// The question on the screen.
fn question(hall: &Hall) -> Question {
    let prompt = hall.view().rows.into_iter().find_map(|row| match row {
        Row::SubHeading(Words::Text(prompt)) => Some(prompt),
        _ => None,
    });
    let quiz = hall
        .library
        .as_ref()
        .expect("content")
        .quiz("an-toan")
        .expect("readable")
        .expect("a set");
    let found = quiz
        .questions
        .into_iter()
        .find(|question| Some(&question.prompt) == prompt.as_ref());
    found.unwrap_or_else(|| panic!("no question on the screen:\n{}", hall.words().join("\n")))
}

fn right(question: &Question) -> &str {
    &question.choices[question.answer]
}

fn wrong(question: &Question) -> &str {
    &question.choices[(question.answer + 1) % question.choices.len()]
}

/// Nobody is told that they are wrong.
fn blames_nobody(hall: &Hall) {
    for label in hall.words() {
        let mut words = label.split(|letter: char| !letter.is_alphabetic());
        assert!(!words.any(|word| word == "Sai" || word == "SAI"), "“{label}”");
    }
}

/// It helps to understand who is asked what; with larger letters the choices need its room.
#[test]
fn a_question_has_its_picture_beside_it() {
    let hall = Hall::open();
    hall.taps(QUIZ);
    let mut seen = 0;
    for at in 1..=10 {
        let question = question(&hall);
        let shown = |hall: &Hall| match hall.view().aside {
            Some(Aside::Picture(picture)) => picture.media,
            _ => String::new(),
        };
        assert_eq!(shown(&hall), question.picture);
        if !question.picture.is_empty() {
            seen += 1;
            hall.taps("Cỡ chữ > Cỡ chữ lớn > Đóng");
            assert_eq!(shown(&hall), "");
            hall.taps("Cỡ chữ > Cỡ chữ vừa > Đóng");
        }
        hall.tap(right(&question));
        assert_eq!(shown(&hall), "");
        hall.sees("Đúng rồi!");
        go_on(&hall, at);
    }
    // Eight of the set's twenty have one; the seed of a test is always the same.
    assert!(seen > 0);
}

fn go_on(hall: &Hall, at: usize) {
    hall.tap(if at < 10 { "Câu tiếp" } else { "Xem kết quả" });
}

/// Plays a round with right answers only, and says what was asked.
fn play(hall: &Hall) -> Vec<String> {
    (1..=10)
        .map(|at| {
            let question = question(hall);
            hall.tap(right(&question));
            go_on(hall, at);
            question.id
        })
        .collect()
}

#[test]
fn a_round_of_right_and_wrong_answers() {
    let hall = Hall::open();
    hall.taps(QUIZ);
    let mut to_read = Vec::new();
    for at in 1..=10 {
        hall.sees(&format!("Câu {at} trong 10"));
        let question = question(&hall);
        hall.misses("Đáp án");
        let choice = if at % 2 == 0 {
            right(&question)
        } else {
            wrong(&question)
        };
        hall.tap(choice);
        if at % 2 == 0 {
            hall.turns_to("Đúng rồi!");
        } else {
            hall.turns_to("Chưa đúng. Đáp án là ");
            to_read.extend(Some(question.read.clone()).filter(|id| !id.is_empty()));
        }
        hall.turns_to(&question.reason);
        blames_nobody(&hall);
        go_on(&hall, at);
    }
    hall.sees("Ông/bà trả lời đúng 5 trong 10 câu");
    hall.sees(AGAIN);
    blames_nobody(&hall);
    let library = hall.library.clone().expect("content");
    let cards = hall.cards();
    for id in to_read {
        let page = library.catalogue().card(&id).expect("a page to read");
        assert!(cards.contains(&page.title), "{} isn't among {cards:?}", page.title);
    }
}

#[test]
fn nobody_who_knows_everything_is_sent_to_read() {
    let hall = Hall::open();
    hall.taps(QUIZ);
    play(&hall);
    hall.sees("Ông/bà trả lời đúng 10 trong 10 câu");
    hall.sees(PRAISE);
    assert!(hall.cards().is_empty());
}

/// Plays a round with so many right answers at its beginning and wrong ones then.
fn play_with(hall: &Hall, rights: usize) {
    for at in 1..=10 {
        let question = question(hall);
        hall.tap(if at <= rights {
            right(&question)
        } else {
            wrong(&question)
        });
        go_on(hall, at);
    }
    hall.sees(&format!("Ông/bà trả lời đúng {rights} trong 10 câu"));
}

#[test]
fn who_has_nothing_right_is_not_praised_for_want_of_a_page_to_read() {
    // A set whose author named no pages.
    let content = content_copy();
    let file = content.path().join("quiz/an-toan.toml");
    let text = std::fs::read_to_string(&file).expect("a quiz");
    let lines = text.lines().filter(|line| !line.starts_with("read = "));
    std::fs::write(&file, lines.fold(String::new(), |text, line| text + line + "\n")).expect("written");
    let hall = Hall::with(Setting {
        content: Some(content.path().to_owned()),
        ..Setting::default()
    });
    hall.taps(QUIZ);
    play_with(&hall, 0);
    assert!(hall.cards().is_empty());
    hall.misses("tốt");
    hall.sees(AGAIN);
    blames_nobody(&hall);
    hall.tap("Làm lại");
    play_with(&hall, 8);
    hall.sees(PRAISE);
}

#[test]
fn who_has_nearly_everything_right_is_praised_and_may_read_on() {
    let hall = Hall::open();
    hall.taps(QUIZ);
    play_with(&hall, 8);
    hall.sees(PRAISE);
    assert!(!hall.cards().is_empty(), "the pages of the two others");
}

#[test]
fn again_draws_anew_and_nothing_twice() {
    let hall = Hall::open();
    hall.taps(QUIZ);
    let first = play(&hall);
    hall.tap("Làm lại");
    hall.sees("Câu 1 trong 10");
    let second = play(&hall);
    let library = hall.library.clone().expect("content");
    let there = library
        .quiz("an-toan")
        .expect("readable")
        .expect("a set")
        .questions
        .len();
    let mut once = [first, second].concat();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), there.min(20), "of {there} questions");
}

#[test]
fn the_answers_can_be_read_again() {
    let hall = Hall::open();
    hall.taps(QUIZ);
    let mut told = Vec::new();
    for at in 1..=10 {
        let question = question(&hall);
        hall.tap(if at == 3 { wrong(&question) } else { right(&question) });
        told.push((question.prompt.clone(), right(&question).to_owned()));
        go_on(&hall, at);
    }
    let read = hall.reads_on().join("\n");
    for (prompt, answer) in told {
        assert!(
            read.contains(&prompt) && read.contains(&format!("Đáp án: {answer}")),
            "{prompt}:\n{read}"
        );
    }
    assert!(
        read.contains("Câu 2: ông/bà đã trả lời đúng") && read.contains("Câu 3: nên xem lại"),
        "{read}"
    );
}

/// With the largest letters one answer fills half of a screen: it goes on on the next one rather than leave the rest empty.
#[test]
fn with_the_largest_letters_the_answers_fill_their_screens() {
    each_in_its_hall([(720, 1280), (1024, 600), (1280, 800)], |size| {
        let hall = Hall::sized(size);
        hall.taps(QUIZ);
        for at in 1..=10 {
            hall.tap(right(&question(&hall)));
            go_on(&hall, at);
        }
        hall.kiosk.act(Action::TextSize(TextSize::Largest));
        hall.pass(SETTLE);
        let pages = hall.view().column_pages;
        for page in 1..pages {
            let (shown, room) = hall.kiosk.filled();
            let empty = 1.0 - shown / room;
            assert!(
                empty <= MOST_EMPTY + 0.005,
                "{size:?}: screen {page} of {pages}: {empty}"
            );
            hall.kiosk.act(Action::Next);
            hall.pass(SETTLE);
        }
    });
}

#[test]
fn what_was_asked_stands_before_the_answer_and_the_answer_before_its_reason() {
    let hall = Hall::open();
    hall.taps("Chạm để bắt đầu > Cỡ chữ > Cỡ chữ rất lớn > Đóng > Đố vui có đáp án > An toàn trên mạng");
    let question = question(&hall);
    hall.tap(wrong(&question));
    assert_eq!(hall.view().column_page, 0);
    hall.sees(&question.prompt);
    let kinds = hall.view().rows.into_iter().map(|row| match row {
        Row::SubHeading(_) => "question",
        Row::Choice { .. } => "choice",
        Row::Verdict { .. } => "reason",
        _ => "other",
    });
    assert_eq!(kinds.collect::<Vec<_>>(), ["question", "choice", "choice", "reason"]);
}

#[test]
fn an_answer_stands() {
    let hall = Hall::open();
    hall.taps(QUIZ);
    let question = question(&hall);
    hall.tap(wrong(&question));
    hall.tap(right(&question));
    hall.turns_to("Chưa đúng.");
    hall.misses("Đúng rồi!");
}

#[test]
fn a_question_is_not_left_without_an_answer() {
    let hall = Hall::open();
    hall.taps(QUIZ);
    hall.misses("Câu tiếp");
    hall.misses("Xem kết quả");
}

#[test]
fn the_page_behind_an_answer_leads_back_to_the_question() {
    let hall = Hall::open();
    hall.taps(QUIZ);
    let mut asked = question(&hall);
    hall.tap(right(&asked));
    while asked.read.is_empty() {
        hall.tap("Câu tiếp");
        asked = question(&hall);
        hall.tap(right(&asked));
    }
    hall.tap("Đọc bài liên quan");
    let library = hall.library.clone().expect("content");
    let page = library.catalogue().card(&asked.read).expect("a page to read");
    hall.sees(&page.title);
    hall.turns_to("Cập nhật ngày");
    hall.turn_up();
    hall.tap("Quay lại");
    assert_eq!(question(&hall).id, asked.id);
    hall.turn_up();
    hall.turns_to("Đúng rồi!");
    hall.tap("Câu tiếp");
}

/// From 1/3/2027 a new law answers these questions otherwise.
#[test]
fn a_question_leaves_by_itself_when_its_law_ends() {
    let folder = content_copy();
    let quiz = folder.path().join("quiz/an-toan.toml");
    let ends = |day: &str| {
        format!(
            "title = \"An toàn trên mạng\"\nsummary = \"Thử\"\n\n{}",
            ["at-cu", "at-moi"]
                .map(|id| {
                    let until = if id == "at-cu" { format!("until = {day}\n") } else { String::new() };
                    format!(
                        "[[question]]\nid = \"{id}\"\nprompt = \"Câu {id} hỏi gì?\"\nchoices = [\"Một\", \"Hai\"]\nanswer = \"A\"\nreason = \"Vì thế.\"\n{until}"
                    )
                })
                .concat()
        )
    };
    // A hall each, because a thread has one screen.
    let asked = |day: &'static str| {
        std::fs::write(&quiz, ends(day)).expect("written");
        let content = folder.path().to_owned();
        let hall = std::thread::spawn(move || {
            let hall = Hall::with(Setting {
                content: Some(content),
                ..Setting::default()
            });
            hall.taps(QUIZ);
            hall.view().progress.expect("a round").of
        });
        hall.join().expect("a round")
    };
    // The hall's clock says 23 November 2026.
    assert_eq!(asked("2026-11-23"), 2, "its last day");
    assert_eq!(asked("2026-11-22"), 1, "the day after");
}
