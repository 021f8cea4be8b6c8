//! The files beside the pages: `pack.toml`, `sections.toml`, `synonyms.toml`, `calendar.toml`, `topics.toml` and `style.toml`.

use super::fields::{Fields, Located};
use super::file::SourceFile;
use super::notes::{Kind, Notes, Wanted};
use super::style::{Outdated, Style};
use super::{links, phones, wording};
use crate::content::faults::Fault;
use crate::content::model::{Event, Group, Pack, Repeats, Section, SectionColor, Shows, Topic};

/// So many events nobody looks through; the kiosk shows no more than 200 screens of them (docs/decisions/016).
const MOST_EVENTS: usize = 500;

/// Reads `pack.toml`.
pub(super) fn pack(file: &SourceFile, notes: &mut Notes) -> Pack {
    let mut fields = Fields::of_file(file, notes);
    let id = fields.text("id", notes);
    notes.check_id(&id.value, &file.place(id.span));
    let pack = Pack {
        id: id.value,
        title: fields.text("title", notes).value,
        // SQLite and most JSON readers are sure of integers up to here only.
        edition: fields.number("edition", 1..1 << 53, notes),
        languages: fields
            .texts("languages", notes)
            .into_iter()
            .map(|language| language.value)
            .collect(),
        publisher: fields.text("publisher", notes).value,
    };
    fields.finish(notes);
    pack
}

/// Reads `sections.toml`.
pub(super) fn sections(file: &SourceFile, notes: &mut Notes) -> Vec<Section> {
    let mut fields = Fields::of_file(file, notes);
    let sections = fields.tables("section", notes);
    fields.finish(notes);
    sections
        .into_iter()
        .map(|fields| section(file, fields, notes))
        .collect()
}

fn section(file: &SourceFile, mut fields: Fields<'_>, notes: &mut Notes) -> Section {
    let colors = [
        ("teal", SectionColor::Teal),
        ("red", SectionColor::Red),
        ("blue", SectionColor::Blue),
        ("green", SectionColor::Green),
        ("amber", SectionColor::Amber),
        ("purple", SectionColor::Purple),
        ("brown", SectionColor::Brown),
        ("slate", SectionColor::Slate),
    ];
    let shows = [("pages", Shows::Pages), ("quiz", Shows::Quiz), ("radio", Shows::Radio)];
    let id = fields.text("id", notes);
    if !id.value.is_empty() {
        notes.define(Kind::Section, &id.value, file.place(id.span));
    }
    let title = fields.title(notes);
    let summary = fields.summary(notes);
    let title_en = fields.optional_title("title_en", notes);
    let summary_en = fields.optional_line("summary_en", notes);
    let icon = fields.text("icon", notes);
    if !icon.value.is_empty() {
        notes.refer(Wanted::Picture, &icon.value, file.place(icon.span));
    }
    let picture = fields.optional_text("picture", notes);
    if !picture.value.is_empty() {
        notes.refer(Wanted::Picture, &picture.value, file.place(picture.span));
    }
    let color = fields.choice("color", &colors, notes).unwrap_or(SectionColor::Slate);
    let shows = fields.optional_choice("shows", &shows, notes).unwrap_or_default();
    let groups = fields.optional_tables("group", notes);
    let groups = groups.into_iter().map(|fields| group(file, fields, notes)).collect();
    fields.finish(notes);
    Section {
        id: id.value,
        title,
        summary,
        title_en,
        summary_en,
        icon: icon.value,
        picture: picture.value,
        color,
        shows,
        groups,
    }
}

/// A group without its pages: they name it.
fn group(file: &SourceFile, mut fields: Fields<'_>, notes: &mut Notes) -> Group {
    let id = fields.text("id", notes);
    notes.check_id(&id.value, &file.place(id.span));
    let title = fields.title(notes);
    let summary = fields.summary(notes);
    let title_en = fields.optional_title("title_en", notes);
    let summary_en = fields.optional_line("summary_en", notes);
    fields.finish(notes);
    Group {
        id: id.value,
        title,
        summary,
        title_en,
        summary_en,
        pages: Vec::new(),
    }
}

/// Reads `synonyms.toml`.
pub(super) fn synonyms(file: &SourceFile, notes: &mut Notes) -> Vec<Vec<String>> {
    let mut fields = Fields::of_file(file, notes);
    let groups = fields.lists_of_texts("groups", notes);
    fields.finish(notes);
    for Located { value: group, span } in &groups {
        if group.len() < 2 {
            let message = "Mỗi nhóm phải có ít nhất hai từ cùng nghĩa";
            notes.add(Fault::error("wrong-value", file.place(span.clone()), message));
        }
    }
    groups
        .into_iter()
        .map(|group| group.value.into_iter().map(|word| word.value).collect())
        .collect()
}

/// Reads `topics.toml`.
pub(super) fn topics(file: &SourceFile, notes: &mut Notes) -> Vec<Topic> {
    let mut fields = Fields::of_file(file, notes);
    let groups = fields.optional_tables("group", notes);
    let alone = fields.optional_tables("topic", notes);
    fields.finish(notes);
    let mut topics = Vec::new();
    let mut titles: Vec<String> = Vec::new();
    for mut fields in groups {
        let head = fields.head();
        let title = fields.title(notes);
        let inside = fields.tables("topic", notes);
        fields.finish(notes);
        if titles.contains(&title) {
            let help = "Hãy đưa các việc vào nhóm ấy, hoặc đặt tên khác.";
            let message = format!("Nhóm \"{title}\" đã có ở trên");
            notes.add(Fault::error("same-title", file.place(head), message).help(help));
        }
        topics.extend(inside.into_iter().map(|fields| topic(file, &title, fields, notes)));
        titles.push(title);
    }
    topics.extend(alone.into_iter().map(|fields| topic(file, "", fields, notes)));
    topics
}

fn topic(file: &SourceFile, group: &str, mut fields: Fields<'_>, notes: &mut Notes) -> Topic {
    let head = fields.head();
    let id = fields.text("id", notes);
    if !id.value.is_empty() {
        notes.define(Kind::Topic, &id.value, file.place(id.span));
    }
    let title = fields.title(notes);
    let words = fields.texts("words", notes);
    let page = fields.optional_text("page", notes);
    if !page.value.is_empty() {
        notes.refer(Wanted::Thing(Kind::Page), &page.value, file.place(page.span));
    }
    let office = fields.optional_prose("office", notes);
    let phone = fields.optional_phone("phone", notes);
    let address = links::read(file, &mut fields, "address", notes);
    fields.finish(notes);
    let more = !phone.is_empty() || !address.is_empty();
    // With a page, where to ask is told nowhere.
    let has_one = page.value.is_empty() != office.is_empty() && (page.value.is_empty() || !more);
    if !has_one && !notes.half_read.contains(&file.name) {
        let message = "Việc này cần hoặc page (bài trả lời), hoặc office (hỏi ở đâu)";
        let help = "Có bài rồi thì ghi page và bỏ office, phone, address; chưa có bài thì ghi office.";
        notes.add(Fault::error("topic-answer", file.place(head), message).help(help));
    }
    Topic {
        id: id.value,
        title,
        group: group.to_owned(),
        words: words.into_iter().map(|word| word.value).collect(),
        page: page.value,
        office,
        phone,
        address,
    }
}

/// Reads `calendar.toml`.
pub(super) fn calendar(file: &SourceFile, notes: &mut Notes) -> Vec<Event> {
    let mut fields = Fields::of_file(file, notes);
    let events = fields.optional_tables("event", notes);
    fields.finish(notes);
    if let Some(first_too_many) = events.get(MOST_EVENTS) {
        let message = format!("Lịch có {} việc, nhiều nhất là {MOST_EVENTS}", events.len());
        let help = "Hãy xoá những việc đã qua; việc lặp lại thì ghi một lần, thêm repeats = \"monthly\", \"quarterly\" hoặc \"yearly\".";
        let place = file.place(first_too_many.head());
        notes.add(Fault::error("too-many-events", place, message).help(help));
    }
    events.into_iter().map(|fields| event(file, fields, notes)).collect()
}

fn event(file: &SourceFile, mut fields: Fields<'_>, notes: &mut Notes) -> Event {
    let id = fields.optional_text("id", notes);
    if !id.value.is_empty() {
        notes.define(Kind::Event, &id.value, file.place(id.span));
    }
    let title = fields.title(notes);
    // Without a day it is shown as not settled yet.
    let date = fields.optional_date("date", notes).map(|date| date.value);
    let intervals = [
        ("monthly", Repeats::Monthly),
        ("quarterly", Repeats::Quarterly),
        ("yearly", Repeats::Yearly),
    ];
    let repeats = fields.optional_choice("repeats", &intervals, notes);
    let until = fields.optional_date("until", notes).map(|until| {
        if date.is_none() && !notes.half_read.contains(&file.name) {
            let message = "Có ngày cuối (until) mà không có ngày đầu (date)";
            notes.add(Fault::error("wrong-value", file.place(until.span.clone()), message));
        }
        if date.is_some_and(|date| until.value < date) {
            let message = "Ngày kết thúc đứng trước ngày bắt đầu";
            notes.add(Fault::error("wrong-value", file.place(until.span), message));
        }
        until.value
    });
    let time = fields.optional_line("time", notes);
    let place = fields.optional_line("place", notes);
    let summary = fields.optional_summary(notes);
    fields.finish(notes);
    Event {
        id: id.value,
        title,
        date,
        until,
        repeats,
        time,
        place,
        summary,
    }
}

/// Reads `style.toml`.
pub(super) fn style(file: &SourceFile, notes: &mut Notes) {
    let mut fields = Fields::of_file(file, notes);
    let mut style = Style::default();
    for (key, full) in fields.optional_table_of_texts("abbreviations", notes) {
        check_abbreviation(file, &key, notes);
        style.abbreviations.insert(key.value, full.value);
    }
    for plain in fields.optional_texts("plain_abbreviations", notes) {
        check_abbreviation(file, &plain, notes);
        style.plain_abbreviations.insert(plain.value);
    }
    for mut outdated in fields.optional_tables("outdated", notes) {
        let term = outdated.text("term", notes).value;
        let instead = outdated.text("instead", notes).value;
        outdated.finish(notes);
        if !term.is_empty() {
            style.outdated.push(Outdated { term, instead });
        }
    }
    for phone in fields.optional_texts("phones", notes) {
        let digits = phones::digits(&phone.value);
        if digits.len() < 3 && !phone.value.is_empty() {
            let message = format!("\"{}\" không phải là số điện thoại", phone.value);
            notes.add(Fault::error("wrong-value", file.place(phone.span), message));
        }
        style.phones.insert(digits);
    }
    fields.finish(notes);
    // With half of its lists, half of the texts would be warned of.
    if !notes.half_read.contains(&file.name) {
        notes.style = style;
    }
}

/// An entry that no text could match would do nothing in silence.
fn check_abbreviation(file: &SourceFile, entry: &Located<String>, notes: &mut Notes) {
    if !wording::is_capitals(&entry.value) && !entry.value.is_empty() {
        let message = format!("\"{}\" không phải là chữ viết tắt", entry.value);
        let fault = Fault::error("wrong-value", file.place(entry.span.clone()), message);
        notes.add(fault.help("Chữ viết tắt gồm từ hai chữ cái viết hoa trở lên, ví dụ BHYT."));
    }
}
