//! Notices of the commune: `notices/<id>.md`. Begin with [`read`].

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::fields::Fields;
use super::file::SourceFile;
use super::notes::{Kind, Notes, Wanted};
use super::{front_matter, markdown, pages, screenful};
use crate::content::faults::Fault;
use crate::content::model::Notice;

/// So many notices nobody waits for: each stands a quarter of a minute on the invitation.
const MOST_NOTICES: usize = 20;

/// What is longer is a page: two screens at normal size.
const MOST_LINES: usize = 2 * screenful::MOST_LINES;

/// Reads all notices, those that begin last first.
pub(super) fn read_all<'a>(files: impl Iterator<Item = &'a SourceFile>, notes: &mut Notes) -> Vec<Notice> {
    let files: Vec<_> = files.collect();
    if let Some(first_too_many) = files.get(MOST_NOTICES) {
        let message = format!("Có {} thông báo, nhiều nhất là {MOST_NOTICES}", files.len());
        let help = "Hãy xoá những thông báo đã qua; ít thông báo thì bà con mới kịp đọc.";
        notes.add(Fault::error("too-many-notices", first_too_many.place(0..0), message).help(help));
    }
    let mut notices: Vec<_> = files.into_iter().filter_map(|file| read(file, notes)).collect();
    notices.sort_by(|one, other| other.from.cmp(&one.from).then_with(|| one.id.cmp(&other.id)));
    notices
}

/// Reads one notice. What is missing in it is noted as a fault, and left empty.
fn read(file: &SourceFile, notes: &mut Notes) -> Option<Notice> {
    let id = file.stem().to_owned();
    notes.define(Kind::Notice, &id, file.place(0..0));
    let (mut fields, body) = front_matter::read(file, notes)?;
    notes.abbreviations_met = Some(BTreeSet::new());
    let title = fields.title(notes);
    let summary = fields.summary(notes);
    let title_en = fields.optional_title("title_en", notes);
    let summary_en = fields.optional_line("summary_en", notes);
    let picture = fields.optional_text("picture", notes);
    if !picture.value.is_empty() {
        notes.refer(Wanted::Picture, &picture.value, file.place(picture.span));
    }
    let (from, until) = read_days(file, &mut fields, notes);
    let urgent = fields.optional_flag("urgent", notes);
    let updated = pages::read_updated(file, &mut fields, notes);
    let sources = fields.texts("sources", notes);
    let sources = sources.into_iter().map(|source| source.value).collect();
    fields.finish(notes);
    let blocks: Vec<_> = markdown::read(file, body.clone(), notes)
        .into_iter()
        .map(|(block, _)| block)
        .collect();
    notes.abbreviations_met = None;
    let lines = screenful::lines(&blocks);
    if lines > MOST_LINES {
        let message = format!("Thông báo dài khoảng {lines} dòng, nhiều nhất là {MOST_LINES} dòng");
        let help = "Hãy viết gọn lại: việc gì, khi nào, ở đâu, mang gì. Cần dài hơn thì viết thành bài đọc, rồi dẫn đến bài ấy: [chữ](page:mã).";
        notes.add(Fault::error("long-notice", file.place(body), message).help(help));
    }
    Some(Notice {
        id,
        title,
        summary,
        title_en,
        summary_en,
        picture: picture.value,
        from,
        until,
        urgent,
        updated,
        sources,
        blocks,
    })
}

/// The first and the last day on which it is shown.
fn read_days(file: &SourceFile, fields: &mut Fields<'_>, notes: &mut Notes) -> (NaiveDate, NaiveDate) {
    let from = fields.date("from", notes).map(|from| from.value);
    let until = fields.date("until", notes);
    if let Some(until) = &until {
        let place = file.place(until.span.clone());
        if from.is_some_and(|from| until.value < from) {
            let message = "Ngày cuối (until) đứng trước ngày đầu (from)";
            notes.add(Fault::error("wrong-value", place, message));
        } else if until.value < notes.today {
            let message = format!(
                "Thông báo đã hết hạn ({}): máy không hiện nữa",
                until.value.format("%d/%m/%Y")
            );
            let help = "Hãy xoá tệp này, hoặc sửa until nếu thông báo còn đúng.";
            notes.add(Fault::warning("notice-past", place, message).help(help));
        }
    }
    (
        from.unwrap_or_default(),
        until.map(|until| until.value).unwrap_or_default(),
    )
}
