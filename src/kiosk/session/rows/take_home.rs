//! What of a page a telephone takes home: the codes, and beside them the same in words.

use super::super::Session;
use super::super::view::{Code, CodeKind, Label, Row, Words};
use crate::content::rich::Rich;
use crate::content::take_home::{self, Address};
use crate::kiosk::session::settings::Language;

/// The codes of the open page: the text of a guide, then the address. An article has none as long as the commune has no site.
pub(in crate::kiosk::session) fn codes(session: &Session) -> Vec<Code> {
    let (Some(page), Some(library)) = (&session.page, &session.library) else {
        return Vec::new();
    };
    let facts = &library.catalogue().commune;
    let english = session.memory.settings.language == Language::English;
    let texts = take_home::texts(page, facts, english);
    let kinds: &[CodeKind] = match texts.len() {
        1 => &[CodeKind::List],
        _ => &[CodeKind::FirstPart, CodeKind::SecondPart],
    };
    let texts = kinds.iter().zip(texts).map(|(kind, says)| Code { kind: *kind, says });
    let address = take_home::address(page, facts, english).map(|address| match address {
        Address::Official(says) => Code {
            kind: CodeKind::Official,
            says,
        },
        Address::Page(says) => Code {
            kind: CodeKind::Page,
            says,
        },
    });
    texts.chain(address).collect()
}

/// What they are, the address to copy by hand, and the list to read.
pub(super) fn rows(session: &Session) -> Vec<Row> {
    let codes = codes(session);
    let of_address = codes
        .last()
        .filter(|code| matches!(code.kind, CodeKind::Official | CodeKind::Page));
    let mut rows = vec![Row::Heading(Words::Label(Label::TakeHome))];
    let hint = |label| Row::Plain(Words::Label(label));
    let Some(guide) = session.guide() else {
        rows.push(hint(Label::TakeHomePage));
        rows.extend(of_address.map(|code| Row::Paragraph(Rich::strong(&code.says))));
        return rows;
    };
    match of_address.map(|code| code.kind) {
        Some(CodeKind::Official) => rows.push(hint(Label::TakeHomeListAndAddress)),
        Some(_) => {
            rows.push(hint(Label::TakeHomeListAndPage));
            rows.extend((!guide.link.is_empty()).then(|| hint(Label::OfficialAddress)));
        }
        None => rows.push(hint(Label::TakeHomeList)),
    }
    if !guide.link.is_empty() {
        rows.push(Row::Paragraph(Rich::strong(&guide.link)));
    }
    if !guide.prepare.is_empty() {
        rows.push(Row::SubHeading(Words::Label(Label::Prepare)));
        rows.extend(guide.prepare.iter().map(|thing| Row::Bullet(Rich::plain(thing))));
    }
    rows
}
