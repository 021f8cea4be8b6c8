//! Question sets: `quiz/<id>.toml`. Begin with [`read`].

use super::fields::{Fields, Located};
use super::file::SourceFile;
use super::notes::{Kind, Notes, Wanted};
use crate::content::faults::Fault;
use crate::content::model::{Question, Quiz};

/// How many choices fit on the screen, and with how few a question is one.
const CHOICES: std::ops::RangeInclusive<usize> = 2..=4;

/// Reads one question set. What is missing in it is noted as a fault, and left empty.
pub(super) fn read(file: &SourceFile, notes: &mut Notes) -> Quiz {
    let mut fields = Fields::of_file(file, notes);
    let id = file.stem().to_owned();
    notes.define(Kind::Quiz, &id, file.place(0..0));
    let title = fields.title(notes);
    let summary = fields.summary(notes);
    let questions = fields.tables("question", notes);
    fields.finish(notes);
    let questions: Vec<Question> = questions
        .into_iter()
        .map(|fields| question(file, fields, notes))
        .collect();
    // One day the round would be empty.
    if !questions.is_empty() && questions.iter().all(|question| question.until.is_some()) {
        let message = "Câu nào của bộ này cũng có ngày thôi hỏi (until): sau ngày cuối, bộ câu hỏi sẽ trống";
        let help = "Hãy thêm một câu không có until, hoặc gộp bộ này vào bộ khác.";
        notes.add(Fault::error("quiz-ends", file.place(0..0), message).help(help));
    }
    Quiz {
        id,
        title,
        summary,
        questions,
    }
}

fn question(file: &SourceFile, mut fields: Fields<'_>, notes: &mut Notes) -> Question {
    let id = fields.text("id", notes);
    if !id.value.is_empty() {
        notes.define(Kind::Question, &id.value, file.place(id.span));
    }
    let prompt = fields.prose("prompt", notes);
    let picture = fields.optional_text("picture", notes);
    if !picture.value.is_empty() {
        notes.refer(Wanted::Picture, &picture.value, file.place(picture.span));
    }
    let head = fields.head();
    let choices = fields.texts("choices", notes);
    check_choices(file, head, &choices, notes);
    let answer = fields.text("answer", notes);
    let answer = answer_index(file, &answer, choices.len(), notes);
    let reason = fields.prose("reason", notes);
    let read = fields.optional_text("read", notes);
    if !read.value.is_empty() {
        notes.refer(Wanted::Thing(Kind::Page), &read.value, file.place(read.span));
    }
    // For whoever puts a contest together from these files; the kiosk doesn't ask for it.
    fields.optional_number("level", 1..4, notes);
    let until = fields.optional_date("until", notes).map(|until| {
        if until.value < notes.today {
            let message = "Đã qua ngày cuối (until): máy không hỏi câu này nữa";
            let help = "Hãy sửa câu hỏi theo quy định mới và bỏ until, hoặc xoá câu này.";
            notes.add(Fault::warning("until-past", file.place(until.span), message).help(help));
        }
        until.value
    });
    fields.finish(notes);
    let choices = choices.into_iter().map(|choice| choice.value).collect();
    Question {
        id: id.value,
        prompt,
        choices,
        answer,
        reason,
        read: read.value,
        until,
        picture: picture.value,
    }
}

fn check_choices(file: &SourceFile, head: std::ops::Range<usize>, choices: &[Located<String>], notes: &mut Notes) {
    // No choices at all have been reported as such.
    if !choices.is_empty() && !CHOICES.contains(&choices.len()) {
        let message = format!("Câu hỏi có {} lựa chọn, cần từ 2 đến 4", choices.len());
        let span = choices.first().map_or(head, |first| first.span.clone());
        notes.add(Fault::error("number-of-choices", file.place(span), message));
    }
    let folded: Vec<String> = choices.iter().map(|choice| choice.value.to_lowercase()).collect();
    for (at, choice) in choices.iter().enumerate() {
        if !choice.value.is_empty() && folded[..at].contains(&folded[at]) {
            let message = "Hai lựa chọn giống hệt nhau";
            notes.add(Fault::error("equal-choices", file.place(choice.span.clone()), message));
        }
    }
}

/// Choices are lettered from A.
fn answer_index(file: &SourceFile, answer: &Located<String>, choices: usize, notes: &mut Notes) -> usize {
    let index = match answer.value.as_bytes() {
        [letter @ b'A'..=b'Z'] => usize::from(letter - b'A'),
        _ => usize::MAX,
    };
    if index < choices {
        return index;
    }
    if !answer.value.is_empty() && choices > 0 {
        let last = ["A", "B", "C", "D"].get(choices - 1).unwrap_or(&"D");
        let message = format!("Đáp án \"{}\" không có trong các lựa chọn", answer.value);
        notes.add(
            Fault::error("answer-out-of-range", file.place(answer.span.clone()), message)
                .help(format!("Đáp án là một chữ cái từ A đến {last}.")),
        );
    }
    0
}
