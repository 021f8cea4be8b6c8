//! Question sets: each answer opens at a touch, without a script. Begin with [`page`].

use maud::{Markup, html};

use super::blocks;
use super::edition::{self, Here};
use super::frame::{self, Head};
use crate::content::model::{Question, Quiz, Said, SectionColor, Shows};
use crate::office::words::date;

/// A set with all questions whose answers are still right.
pub(super) fn page(here: &Here<'_>, quiz: &Quiz) -> String {
    let section = here.edition.listed_in(Shows::Quiz);
    let head = Head {
        color: section.map_or(SectionColor::Amber, |section| section.color),
        above: section.map(|section| (section.title.as_str(), here.to(&edition::section_file(&section.id)))),
        ..Head::of(&quiz.title, &quiz.summary)
    };
    let main = html! {
        h1 { (quiz.title) }
        p.summary { (quiz.summary) }
        p.small.screen { "Ông/bà chọn trong đầu, rồi chạm vào “Xem đáp án”." }
        ol.questions { @for question in asked(here, quiz) { li { (self::question(here, question)) } } }
    };
    frame::page(here, &head, &main)
}

fn asked<'a>(here: &'a Here<'_>, quiz: &'a Quiz) -> impl Iterator<Item = &'a Question> {
    quiz.questions
        .iter()
        .filter(|question| question.is_asked_on(Some(here.edition.day)))
}

fn question(here: &Here<'_>, question: &Question) -> Markup {
    let letter = |at: usize| ["A", "B", "C", "D"].get(at).copied().unwrap_or_default();
    let right = question
        .choices
        .get(question.answer)
        .map(String::as_str)
        .unwrap_or_default();
    html! {
        h2 { (question.prompt) }
        @if let Some(recording) = here.edition.recording(Said::Question(&question.id)) { (blocks::recording(here, recording)) }
        @if !question.picture.is_empty() { (blocks::picture(here, &question.picture, "", "")) }
        ol.choices { @for choice in &question.choices { li { (choice) } } }
        details {
            summary { "Xem đáp án" }
            p { strong { (letter(question.answer)) ". " (right) } }
            p { (question.reason) }
            @if let Some(day) = question.until { p { "Đáp án này đúng đến hết ngày " (date(day)) "." } }
            @if let Some(page) = here.edition.page(&question.read) {
                p { "Đọc thêm: " a href=(here.page(page).href) { (page.title) } }
            }
        }
    }
}

/// All sets.
pub(super) fn list(here: &Here<'_>) -> Markup {
    html! {
        ul.cards {
            @for quiz in &here.edition.content.quizzes {
                li {
                    a href=(here.to(&edition::quiz_file(&quiz.id))) {
                        span {
                            strong { (quiz.title) }
                            span.line { (quiz.summary) }
                            span.line { (asked(here, quiz).count()) " câu hỏi" }
                        }
                    }
                }
            }
        }
    }
}
