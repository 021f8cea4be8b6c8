//! Articles and guides: `pages/<section>/<id>.md`. Begin with [`read`].

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;

use super::fields::{Fields, Located};
use super::file::SourceFile;
use super::front_matter;
use super::markdown::{self, LocatedBlock};
use super::notes::{Kind, Notes, Wanted};
use super::{links, screenful};
use crate::content::faults::{Fault, Place};
use crate::content::model::{Block, Body, Guide, Page, Purpose, Step};
use crate::content::take_home;

/// More steps than these nobody keeps in mind, and the screen has no room for their numbers.
const MOST_STEPS: usize = 9;

/// The place of pages that name none: after all others.
const LAST: u64 = 10_000;

/// A page and its place among those of its section.
pub(super) struct Ordered {
    pub page: Page,
    pub order: u64,
    /// The group it names, and where it does.
    pub group: Option<(String, Place)>,
    /// The first line of its file, for what is missing in it.
    pub head: Place,
}

/// Reads one page. What is missing in it is noted as a fault, and left empty.
pub(super) fn read(file: &SourceFile, notes: &mut Notes) -> Option<Ordered> {
    let id = file.stem().to_owned();
    notes.define(Kind::Page, &id, file.place(0..0));
    let (mut fields, body) = front_matter::read(file, notes)?;
    let guide = fields.choice("kind", &[("guide", true), ("article", false)], notes);
    notes.abbreviations_met = Some(BTreeSet::new());
    let title = fields.title(notes);
    let summary = fields.summary(notes);
    let title_en = fields.optional_title("title_en", notes);
    let summary_en = fields.optional_line("summary_en", notes);
    let updated = read_updated(file, &mut fields, notes);
    let review_by = read_review_by(file, &mut fields, updated, notes);
    let sources = fields
        .texts("sources", notes)
        .into_iter()
        .map(|source| source.value)
        .collect();
    let related = fields.optional_texts("related", notes).into_iter().map(|page| {
        if page.value == id {
            let message = "Trang này dẫn lại chính nó";
            notes.add(Fault::error(
                "related-to-itself",
                file.place(page.span.clone()),
                message,
            ));
        }
        notes.refer(Wanted::Thing(Kind::Page), &page.value, file.place(page.span));
        page.value
    });
    let related = related.collect();
    let keywords = fields.optional_texts("keywords", notes);
    let keywords = keywords.into_iter().map(|keyword| keyword.value).collect();
    let order = fields.optional_number("order", 0..LAST, notes).unwrap_or(LAST);
    let group = fields.optional_text("group", notes);
    let group = (!group.value.is_empty()).then(|| (group.value, file.place(group.span)));
    let purposes = [("lesson", Purpose::Lesson), ("meeting", Purpose::Meeting)];
    let mut purpose = None;
    let body = if guide == Some(true) {
        let mut guide = guide_without_steps(file, false, &mut fields, notes);
        guide.link = links::read(file, &mut fields, "link", notes);
        guide.hotline = fields.optional_phone("hotline", notes);
        guide.steps = steps(file, markdown::read(file, body, notes), notes);
        Body::Guide(guide)
    } else {
        purpose = fields.optional_choice("use", &purposes, notes);
        article(file, body, notes)
    };
    notes.abbreviations_met = None;
    // Without a kind it isn't known which keys are right.
    if guide.is_some() {
        fields.finish(notes);
    }
    let section = file.name.split('/').nth(1).unwrap_or_default().to_owned();
    let page = Page {
        id,
        section,
        title,
        summary,
        title_en,
        summary_en,
        updated,
        review_by,
        sources,
        related,
        keywords,
        purpose,
        body,
        english: None,
    };
    let head = file.place(0..0);
    Some(Ordered {
        page,
        order,
        group,
        head,
    })
}

/// The day on which the facts were last checked.
pub(super) fn read_updated(file: &SourceFile, fields: &mut Fields<'_>, notes: &mut Notes) -> NaiveDate {
    let Located { value, span } = fields.date("updated", notes).unwrap_or_default();
    // Only a warning, because it may be the clock of this computer that is wrong.
    if value > notes.today {
        let message = format!("Ngày cập nhật {} chưa đến", value.format("%d/%m/%Y"));
        let help = "Hãy ghi ngày đã xem lại nội dung, hoặc xem lại ngày giờ của máy tính này.";
        notes.add(Fault::warning("updated-ahead", file.place(span), message).help(help));
    }
    value
}

fn read_review_by(file: &SourceFile, fields: &mut Fields<'_>, updated: NaiveDate, notes: &mut Notes) -> NaiveDate {
    let Some(Located { value, span }) = fields.date("review_by", notes) else {
        return NaiveDate::default();
    };
    if value < updated {
        let message = "Hạn xem lại (review_by) đứng trước ngày cập nhật (updated)";
        notes.add(Fault::error("review-before-update", file.place(span.clone()), message));
    }
    if value < notes.today {
        let message = format!("Đã quá hạn xem lại ({})", value.format("%d/%m/%Y"));
        notes.add(
            Fault::warning("review-past", file.place(span), message)
                .help("Hãy xem lại nội dung theo nguồn, rồi sửa updated và review_by."),
        );
    }
    value
}

/// What a guide says before its steps, in one language.
pub(super) fn guide_without_steps(
    file: &SourceFile,
    english: bool,
    fields: &mut Fields<'_>,
    notes: &mut Notes,
) -> Guide {
    Guide {
        who: fields.prose("who", notes),
        prepare: prepare(file, english, fields, notes),
        cost: fields.prose("cost", notes),
        time: fields.prose("time", notes),
        place: fields.prose("place", notes),
        link: String::new(),
        hotline: String::new(),
        steps: Vec::new(),
    }
}

/// What to bring. A list that no two codes hold is shown whole, but taken home in part.
fn prepare(file: &SourceFile, english: bool, fields: &mut Fields<'_>, notes: &mut Notes) -> Vec<String> {
    let things = fields.phrases("prepare", notes);
    let spans: Vec<_> = things.iter().map(|thing| thing.span.clone()).collect();
    let things: Vec<_> = things.into_iter().map(|thing| thing.value).collect();
    let held = take_home::holds(&things, english);
    if let Some(span) = spans.get(held) {
        let message = format!("Hai mã QR chỉ chứa được {held} trong {} thứ cần chuẩn bị", things.len());
        notes.add(
            Fault::warning("long-list", file.place(span.clone()), message)
                .help("Hãy viết gọn lại, để người dân mang đủ danh sách về điện thoại. Từ dòng này trở đi chỉ đọc được trên màn hình."),
        );
    }
    things
}

/// The body of an article.
pub(super) fn article(file: &SourceFile, body: Range<usize>, notes: &mut Notes) -> Body {
    let before = notes.faults.len();
    let blocks = markdown::read(file, body, notes);
    // If all of it has been refused, that is said already.
    if blocks.is_empty() && notes.faults.len() == before {
        notes.add(Fault::error("empty-text", file.place(0..0), "Trang chưa có nội dung"));
    }
    Body::Article {
        blocks: blocks.into_iter().map(|(block, _)| block).collect(),
    }
}

/// The steps of a guide, one a heading.
pub(super) fn steps(file: &SourceFile, blocks: Vec<LocatedBlock>, notes: &mut Notes) -> Vec<Step> {
    let mut steps: Vec<(Step, Range<usize>)> = Vec::new();
    for (block, span) in blocks {
        match (block, steps.last_mut()) {
            (Block::Heading { text: title }, _) => steps.push((
                Step {
                    title,
                    blocks: Vec::new(),
                },
                span,
            )),
            (block, Some((step, _))) => step.blocks.push(block),
            (_, None) => notes.add(
                Fault::error(
                    "text-before-step",
                    file.place(span),
                    "Có nội dung đứng trước bước đầu tiên",
                )
                .help("Mỗi bước mở đầu bằng một dòng \"## Tên bước\"."),
            ),
        }
    }
    if steps.is_empty() {
        notes.add(
            Fault::error("no-steps", file.place(0..0), "Bài hướng dẫn chưa có bước nào")
                .help("Mỗi bước mở đầu bằng một dòng \"## Tên bước\"."),
        );
    }
    if let Some((_, span)) = steps.get(MOST_STEPS) {
        let message = format!("Bài có {} bước, nhiều nhất là {MOST_STEPS}", steps.len());
        let help = "Hãy gộp các bước ngắn, hoặc tách thành hai bài.";
        notes.add(Fault::error("too-many-steps", file.place(span.clone()), message).help(help));
    }
    for (step, span) in &steps {
        check_step(file, step, span, notes);
    }
    steps.into_iter().map(|(step, _)| step).collect()
}

fn check_step(file: &SourceFile, step: &Step, span: &Range<usize>, notes: &mut Notes) {
    let pictures = step
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Picture { .. }))
        .count();
    if pictures > 1 {
        let message = format!("Bước này có {pictures} ảnh, màn hình chỉ có chỗ cho một ảnh");
        notes.add(Fault::error("too-many-pictures", file.place(span.clone()), message));
    }
    if step
        .blocks
        .iter()
        .all(|block| matches!(block, Block::Picture { .. } | Block::Link { .. }))
    {
        notes.add(
            Fault::error("step-without-text", file.place(span.clone()), "Bước này chưa có lời")
                .help("Hãy viết ít nhất một câu nói rõ phải làm gì."),
        );
    }
    let lines = screenful::lines(&step.blocks);
    if lines > screenful::MOST_LINES {
        let most = screenful::MOST_LINES;
        let message = format!("Bước này dài khoảng {lines} dòng, một màn hình chỉ vừa {most} dòng");
        notes.add(
            Fault::warning("crowded-step", file.place(span.clone()), message)
                .help("Hãy viết gọn lại hoặc tách thành hai bước, để người đọc khỏi phải lật trang giữa bước."),
        );
    }
}
