//! A question, its answer, and the result of a round.

use super::super::Session;
use super::super::quiz::{Asked, Round};
use super::super::settings::TextSize;
use super::super::view::{Aside, Label, Outcome, Picture, Row, Words};
use super::{lists, text};

pub(super) fn rows(session: &Session) -> Vec<Row> {
    match &session.memory.quiz {
        Some(round) => match round.current() {
            Some(asked) => question(asked),
            None => result(session, round),
        },
        None => Vec::new(),
    }
}

/// The picture beside a question, until it is answered: then the reason needs its room, and with larger letters the choices do.
pub(super) fn picture(session: &Session) -> Option<Aside> {
    let asked = session.memory.quiz.as_ref()?.current()?;
    let question = &asked.question;
    let has_room = asked.chosen.is_none() && session.memory.settings.text_size == TextSize::Normal;
    let is_shown = has_room && !question.picture.is_empty();
    is_shown.then(|| {
        Aside::Picture(Picture {
            media: question.picture.clone(),
            alt: question.prompt.clone(),
            caption: String::new(),
        })
    })
}

fn question(asked: &Asked) -> Vec<Row> {
    let right = asked.right_place();
    let choices = ('A'..='Z')
        .zip(&asked.order)
        .enumerate()
        .map(|(place, (letter, &choice))| Row::Choice {
            letter,
            text: asked.question.choices.get(choice).cloned().unwrap_or_default(),
            outcome: match asked.chosen {
                None => Outcome::Open,
                Some(_) if place == right => Outcome::Answer,
                Some(chosen) if place == chosen => Outcome::Chosen,
                Some(_) => Outcome::Other,
            },
        });
    let mut rows = vec![Row::SubHeading(text(&asked.question.prompt))];
    if asked.chosen.is_none() {
        rows.extend(choices);
        return rows;
    }
    let verdict = Row::Verdict {
        right: asked.is_right(),
        letter: ('A'..='Z').nth(right).unwrap_or('A'),
        reason: asked.question.reason.clone(),
    };
    // What was asked, what was right, and why: on one screen where letters are small enough, because the choices that no longer matter go.
    rows.extend(choices.filter(|row| {
        !matches!(
            row,
            Row::Choice {
                outcome: Outcome::Other,
                ..
            }
        )
    }));
    rows.push(verdict);
    rows
}

fn result(session: &Session, round: &Round) -> Vec<Row> {
    let verdict = if round.went_well() {
        Label::WellDone
    } else {
        Label::TryAgain
    };
    let mut rows = vec![
        Row::Heading(Words::Numbers(Label::Score, round.score(), round.asked.len())),
        Row::Plain(Words::Label(verdict)),
    ];
    let mut to_read: Vec<String> = Vec::new();
    for asked in round.asked.iter().filter(|asked| !asked.is_right()) {
        if !to_read.contains(&asked.question.read) {
            to_read.push(asked.question.read.clone());
        }
    }
    let cards = lists::page_cards(session, &to_read);
    if !cards.is_empty() {
        rows.push(Row::SubHeading(Words::Label(Label::Related)));
        rows.extend(cards);
    }
    rows.push(Row::SubHeading(Words::Label(Label::Review)));
    rows.extend((1..).zip(&round.asked).map(|(number, asked)| {
        Row::Review {
            number,
            prompt: asked.question.prompt.clone(),
            answer: asked
                .question
                .choices
                .get(asked.question.answer)
                .cloned()
                .unwrap_or_default(),
            right: asked.is_right(),
        }
    }));
    rows
}
