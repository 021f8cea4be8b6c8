//! A round of the quiz: at most ten questions drawn at random, their choices shuffled, the right one kept right.

use std::collections::BTreeSet;

use crate::content::model::{Question, Quiz};

/// How many questions a round asks.
pub const QUESTIONS: usize = 10;

/// One question as it stands on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The author's question.
    pub question: Question,
    /// For each place on the screen, the index of the author's choice.
    pub order: Vec<usize>,
    /// The place that was touched.
    pub chosen: Option<usize>,
}

impl Asked {
    /// The place on the screen of the right choice.
    #[must_use]
    pub fn right_place(&self) -> usize {
        self.order
            .iter()
            .position(|&choice| choice == self.question.answer)
            .unwrap_or(0)
    }

    /// Whether the right choice was touched.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.chosen == Some(self.right_place())
    }
}

/// A round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The set's id.
    pub set: String,
    /// The set's title.
    pub title: String,
    /// Its questions.
    pub asked: Vec<Asked>,
    /// The question on the screen, from 0; equal to the number of questions when the result is shown.
    pub at: usize,
}

impl Round {
    /// Draws a round; where it has a first question, by its id, it begins with that. The same seed draws the same round. What was
    /// `asked` before comes again only when there is nothing else left, and what is drawn is added to it: so no question comes twice
    /// before every one has come once, but for the first.
    #[must_use]
    pub fn draw(quiz: Quiz, first: Option<&str>, seed: u64, asked: &mut BTreeSet<String>) -> Self {
        let is_first = |question: &Question| first == Some(question.id.as_str());
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut questions = quiz.questions;
        rng.shuffle(&mut questions);
        questions.sort_by_key(|question| (!is_first(question), asked.contains(&question.id)));
        questions.truncate(QUESTIONS);
        if questions
            .iter()
            .any(|question| asked.contains(&question.id) && !is_first(question))
        {
            asked.clear();
        }
        asked.extend(questions.iter().map(|question| question.id.clone()));
        let asked = questions
            .into_iter()
            .map(|question| {
                let mut order: Vec<usize> = (0..question.choices.len()).collect();
                rng.shuffle(&mut order);
                Asked {
                    question,
                    order,
                    chosen: None,
                }
            })
            .collect();
        Self {
            set: quiz.id,
            title: quiz.title,
            asked,
            at: 0,
        }
    }

    /// The question on the screen, or `None` when the round is over.
    #[must_use]
    pub fn current(&self) -> Option<&Asked> {
        self.asked.get(self.at)
    }

    /// Answers the question on the screen; a second answer changes nothing.
    ///
    /// Returns the question's id, the author's index of the choice and whether it is right, if it was taken.
    pub fn answer(&mut self, place: usize) -> Option<(&str, usize, bool)> {
        let asked = self.asked.get_mut(self.at)?;
        let choice = *asked.order.get(place)?;
        if asked.chosen.is_some() {
            return None;
        }
        asked.chosen = Some(place);
        Some((&asked.question.id, choice, asked.is_right()))
    }

    /// Goes on once the question is answered; true when that was the last one.
    pub fn advance(&mut self) -> bool {
        if self.current().is_some_and(|asked| asked.chosen.is_some()) {
            self.at += 1;
            return self.at == self.asked.len();
        }
        false
    }

    /// How many were answered rightly.
    #[must_use]
    pub fn score(&self) -> usize {
        self.asked.iter().filter(|asked| asked.is_right()).count()
    }

    /// Whether eight of ten were: then it can be praised and be true.
    #[must_use]
    pub fn went_well(&self) -> bool {
        self.score() * 10 >= self.asked.len() * 8
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quiz(questions: usize, choices: usize, answer: usize) -> Quiz {
        Quiz {
            id: "q".into(),
            title: "Q".into(),
            summary: String::new(),
            questions: (0..questions)
                .map(|n| Question {
                    id: format!("q{n}"),
                    prompt: String::new(),
                    choices: (0..choices).map(|c| format!("{n}-{c}")).collect(),
                    answer: answer % choices,
                    reason: String::new(),
                    read: String::new(),
                    until: None,
                    picture: String::new(),
                })
                .collect(),
        }
    }

    proptest! {
        #[test]
        fn shuffled_choices_keep_the_right_answer(seed: u64, questions in 1_usize..30, choices in 2_usize..=4, answer: usize) {
            let mut round = Round::draw(quiz(questions, choices, answer), None, seed, &mut BTreeSet::new());
            prop_assert_eq!(round.asked.len(), questions.min(QUESTIONS));
            while let Some(asked) = round.current().cloned() {
                let place = asked.right_place();
                let words = &asked.question.choices[asked.order[place]];
                prop_assert_eq!(words, &asked.question.choices[asked.question.answer]);
                let mut seen = asked.order.clone();
                seen.sort_unstable();
                prop_assert_eq!(seen, (0..choices).collect::<Vec<_>>(), "every choice is shown once");
                let taken = round.answer(place).map(|(_, choice, is_right)| (choice, is_right));
                prop_assert_eq!(taken, Some((asked.question.answer, true)));
                round.advance();
            }
            prop_assert_eq!(round.score(), round.asked.len());
        }

        #[test]
        fn no_question_is_asked_twice_and_the_first_is_the_one_that_was_wanted(
            seed: u64,
            questions in 1_usize..40,
            first in prop::option::of(0_usize..40),
        ) {
            let round = Round::draw(quiz(questions, 4, 0), first.map(|first| format!("q{first}")).as_deref(), seed, &mut BTreeSet::new());
            let mut ids: Vec<_> = round.asked.iter().map(|asked| &asked.question.id).collect();
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(ids.len(), round.asked.len());
            if let Some(first) = first.filter(|first| *first < questions) {
                prop_assert_eq!(&round.asked[0].question.id, &format!("q{first}"));
            }
        }
    }

    proptest! {
        #[test]
        fn no_question_comes_again_before_all_have_come(seed: u64, questions in 1_usize..40) {
            let mut asked = BTreeSet::new();
            let mut drawn = Vec::new();
            let rounds = questions / QUESTIONS;
            for round in 0..rounds {
                let round = Round::draw(quiz(questions, 4, 0), None, seed.wrapping_add(round as u64), &mut asked);
                drawn.extend(round.asked.into_iter().map(|asked| asked.question.id));
            }
            let all: BTreeSet<_> = drawn.iter().collect();
            prop_assert_eq!(all.len(), drawn.len());
        }
    }

    #[test]
    fn eight_of_ten_went_well() {
        for (questions, right, well) in [
            (10, 0, false),
            (10, 7, false),
            (10, 8, true),
            (3, 2, false),
            (3, 3, true),
        ] {
            let mut round = Round::draw(quiz(questions, 4, 1), None, 7, &mut BTreeSet::new());
            for at in 0..questions {
                let place = round.asked[at].right_place();
                assert!(round.answer(if at < right { place } else { (place + 1) % 4 }).is_some());
                round.advance();
            }
            assert_eq!(
                (round.score(), round.went_well()),
                (right, well),
                "{right} of {questions}"
            );
        }
    }

    #[test]
    fn a_second_answer_and_a_hasty_next_change_nothing() {
        let mut round = Round::draw(quiz(2, 4, 1), None, 7, &mut BTreeSet::new());
        assert!(!round.advance(), "an unanswered question is not left");
        let wrong = (round.asked[0].right_place() + 1) % 4;
        assert!(matches!(round.answer(wrong), Some((_, _, false))));
        assert!(round.answer(round.asked[0].right_place()).is_none());
        assert_eq!(round.score(), 0);
        assert!(!round.advance());
        assert!(round.answer(99).is_none(), "there is no such choice");
    }
}
