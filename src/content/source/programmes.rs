//! Radio programmes with their transcripts: `programmes/<id>.md`. Begin with [`read`].

use chrono::NaiveDate;

use super::facts::Instead;
use super::file::SourceFile;
use super::notes::{Kind, Notes, Wanted};
use super::{front_matter, markdown, pages};
use crate::content::aloud;
use crate::content::faults::Fault;
use crate::content::model::{Block, Programme};
use crate::content::vietnamese::spoken::{Pronunciations, SYLLABLES_A_MINUTE};

/// Reads one programme. What is missing in it is noted as a fault, and left empty.
pub(super) fn read(file: &SourceFile, notes: &mut Notes) -> Option<Programme> {
    let id = file.stem().to_owned();
    notes.define(Kind::Programme, &id, file.place(0..0));
    let (mut fields, body) = front_matter::read(file, notes)?;
    let title = fields.title(notes);
    let summary = fields.summary(notes);
    let month = fields.text("month", notes);
    let first_day = NaiveDate::parse_from_str(&format!("{}-01", month.value), "%Y-%m-%d");
    if first_day.is_err() && !month.value.is_empty() {
        notes.add(
            Fault::error("wrong-value", file.place(month.span), "Tháng không đúng dạng")
                .help("Hãy viết năm rồi đến tháng, ví dụ \"2026-11\"."),
        );
    }
    if fields.optional_number("minutes", 1..121, notes).is_some() {
        let message = "Máy tự tính thời lượng theo số tiếng phải đọc, không dùng số này";
        let place = file.place(file.find("minutes", &(0..file.text.len())));
        notes.add(Fault::warning("counted-minutes", place, message).help("Hãy bỏ dòng minutes."));
    }
    let audio = fields.optional_text("audio", notes);
    if !audio.value.is_empty() {
        let message = "Máy không phát tệp ghi ở mục audio, chỉ phát bài thu trong thư mục recordings";
        let help = format!("Hãy bỏ dòng này, rồi chạy: office audio add programme:{id} TỆP --voice … --consent …");
        notes.add(Fault::warning("old-audio", file.place(audio.span.clone()), message).help(help));
        notes.refer(Wanted::Recording, &audio.value, file.place(audio.span));
    }
    let updated = pages::read_updated(file, &mut fields, notes);
    let sources = fields
        .texts("sources", notes)
        .into_iter()
        .map(|source| source.value)
        .collect();
    fields.finish(notes);
    notes.facts.instead = Instead::OnAir;
    let transcript: Vec<_> = markdown::read(file, body, notes)
        .into_iter()
        .map(|(block, _)| block)
        .collect();
    notes.facts.instead = Instead::OnScreen;
    if transcript.is_empty() {
        notes.add(Fault::error("empty-text", file.place(0..0), "Chương trình chưa có lời"));
    }
    Some(Programme {
        id,
        title,
        summary,
        month: first_day.unwrap_or_default(),
        minutes: minutes(&transcript, &notes.pronunciations),
        audio: audio.value,
        updated,
        sources,
        transcript,
    })
}

/// To the nearest minute, at least one.
fn minutes(transcript: &[Block], pronunciations: &Pronunciations) -> u32 {
    let syllables: usize = aloud::transcript(transcript)
        .iter()
        .map(|line| pronunciations.syllables(&line.text))
        .sum();
    let minutes = (syllables + SYLLABLES_A_MINUTE / 2) / SYLLABLES_A_MINUTE;
    u32::try_from(minutes.max(1)).unwrap_or(u32::MAX)
}
