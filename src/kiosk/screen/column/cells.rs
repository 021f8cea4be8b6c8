//! Rows of the view as rows of the screen: a plain translation, one arm a kind.

use slint::StyledText;

use super::super::{home, ui};
use crate::content::rich::Rich;
use crate::kiosk::session::view::{Card, Extent, Label, Notice, Outcome, Row, TablePart, Words};

/// A row of the view as one of the screen, with the one that stands beside it if two do.
pub(super) fn row(left: &Row, right: Option<&Row>) -> ui::Row {
    if let Row::Table { header, cells, part } = left {
        return table(header, cells, *part);
    }
    let (kind, cell) = of(left);
    ui::Row {
        kind,
        left: cell,
        paired: right.is_some(),
        right: right.map(|right| of(right).1).unwrap_or_default(),
        ..ui::Row::default()
    }
}

/// The kind and the cell.
fn of(row: &Row) -> (ui::RowKind, ui::Cell) {
    use ui::RowKind as Kind;
    match row {
        Row::Heading(title) => (Kind::Heading, words(title)),
        Row::SubHeading(title) => (Kind::SubHeading, words(title)),
        Row::Plain(plain) => (Kind::Paragraph, words(plain)),
        Row::Small(small) => (Kind::Small, words(small)),
        Row::Paragraph(text) => (Kind::Paragraph, rich(text)),
        Row::Bullet(text) => (Kind::Bullet, rich(text)),
        Row::Numbered(number, text) => {
            let number = i32::try_from(*number).unwrap_or_default();
            (Kind::Number, ui::Cell { number, ..rich(text) })
        }
        Row::Picture(picture) => {
            let cell = ui::Cell {
                text: (&picture.alt).into(),
                detail: (&picture.caption).into(),
                media: (&picture.media).into(),
                ..ui::Cell::default()
            };
            (Kind::Picture, cell)
        }
        // Three cells, see `row`.
        Row::Table { .. } => (Kind::Table, ui::Cell::default()),
        Row::Notice(notice, text) => {
            let kind = match notice {
                Notice::Note => Kind::Note,
                Notice::Warning => Kind::Warning,
                Notice::Contact => Kind::Contact,
            };
            (kind, rich(text))
        }
        Row::Card(shown) => (Kind::Card, card(shown)),
        Row::Check { text, ticked } => (
            Kind::Check,
            ui::Cell {
                on: *ticked,
                text: text.into(),
                ..ui::Cell::default()
            },
        ),
        Row::Fact(name, value) => {
            let cell = ui::Cell {
                label: label(*name),
                text: value.into(),
                ..ui::Cell::default()
            };
            (Kind::Fact, cell)
        }
        Row::Choice { letter, text, outcome } => (Kind::Choice, choice(*letter, text, *outcome)),
        Row::Verdict { right, letter, reason } => {
            let cell = ui::Cell {
                text: reason.into(),
                detail: letter.to_string().into(),
                on: *right,
                ..ui::Cell::default()
            };
            (Kind::Verdict, cell)
        }
        Row::Review {
            number,
            prompt,
            answer,
            right,
        } => {
            let cell = ui::Cell {
                text: prompt.into(),
                detail: answer.into(),
                number: i32::try_from(*number).unwrap_or_default(),
                on: *right,
                ..ui::Cell::default()
            };
            (Kind::Review, cell)
        }
        Row::Event {
            when,
            what,
            detail,
            past,
        } => {
            let cell = ui::Cell {
                text: what.into(),
                detail: when.into(),
                more: detail.into(),
                faded: *past,
                ..ui::Cell::default()
            };
            (Kind::Event, cell)
        }
        Row::Rating { rated } => (
            Kind::Rating,
            ui::Cell {
                on: *rated,
                ..ui::Cell::default()
            },
        ),
    }
}

fn card(card: &Card) -> ui::Cell {
    let mut cell = words(&card.title);
    if let Some((title, detail)) = &card.marked {
        cell.rich = styled(title);
        cell.rich_detail = styled(detail);
        cell.is_rich = true;
    }
    cell.media = (&card.picture).into();
    cell.detail = (&card.detail).into();
    cell.color = home::color(card.color);
    if let Some(extent) = card.extent {
        (cell.extent, cell.number) = self::extent(extent);
    }
    cell
}

fn choice(letter: char, text: &str, outcome: Outcome) -> ui::Cell {
    ui::Cell {
        text: text.into(),
        detail: letter.to_string().into(),
        on: outcome == Outcome::Open,
        faded: outcome == Outcome::Other,
        label: match outcome {
            Outcome::Answer => ui::Label::Answer,
            Outcome::Chosen => ui::Label::Chosen,
            Outcome::Open | Outcome::Other => ui::Label::None,
        },
        ..ui::Cell::default()
    }
}

fn words(words: &Words) -> ui::Cell {
    let small = |number: usize| i32::try_from(number).unwrap_or_default();
    match words {
        Words::Text(text) => ui::Cell {
            text: text.into(),
            ..ui::Cell::default()
        },
        Words::Label(name) => ui::Cell {
            label: label(*name),
            ..ui::Cell::default()
        },
        Words::Origin(sources) => ui::Cell {
            label: ui::Label::Origin,
            text: sources.into(),
            ..ui::Cell::default()
        },
        Words::Numbers(name, number, of) => ui::Cell {
            label: label(*name),
            number: small(*number),
            of: small(*of),
            ..ui::Cell::default()
        },
    }
}

/// Text with marks; plain text stays plain, because only plain text has the line height that the design asks for.
fn rich(text: &Rich) -> ui::Cell {
    ui::Cell {
        text: text.text().into(),
        rich: if text.is_plain() {
            StyledText::default()
        } else {
            styled(text)
        },
        is_rich: !text.is_plain(),
        ..ui::Cell::default()
    }
}

/// Spans for the screen's text element, which takes Markdown only.
fn styled(text: &Rich) -> StyledText {
    StyledText::from_markdown(&text.to_markdown()).unwrap_or_else(|error| {
        tracing::error!("text that the screen can't show: {error}");
        StyledText::from_plain_text(&text.text())
    })
}

/// A row of a table, or one of its cells: each under the name of its column.
fn table(header: &[String], cells: &[Rich], part: TablePart) -> ui::Row {
    // All in lines of one height, so that what is level stays level where the row is cut.
    let marked = !cells.iter().all(Rich::is_plain);
    let cell = |column: usize| {
        let text = cells.get(column);
        let mut cell = text.map(rich).unwrap_or_default();
        if let Some(text) = text.filter(|_| marked) {
            cell.rich = styled(text);
            cell.is_rich = true;
        }
        cell.detail = header.get(column).map(Into::into).unwrap_or_default();
        cell.on = matches!(
            part,
            TablePart::Row { first: true } | TablePart::Cell { first: true, .. }
        );
        cell
    };
    ui::Row {
        kind: ui::RowKind::Table,
        left: cell(0),
        right: cell(1),
        third: cell(2),
        paired: cells.len() > 2,
        joins_above: matches!(part, TablePart::Cell { first: false, .. }),
        joins_below: matches!(part, TablePart::Cell { last: false, .. }),
        ..ui::Row::default()
    }
}

fn extent(extent: Extent) -> (ui::Label, i32) {
    let (label, number) = match extent {
        Extent::InEnglish => (ui::Label::InEnglish, 0),
        Extent::Questions(number) => (ui::Label::Questions, number),
        Extent::Heard(number) => (ui::Label::Heard, number),
    };
    (label, i32::try_from(number).unwrap_or_default())
}

macro_rules! same_name {
    ($label:expr, $($name:ident)*) => {
        match $label {
            $(Label::$name => ui::Label::$name,)*
        }
    };
}

fn label(label: Label) -> ui::Label {
    same_name!(label,
        Who Cost Time Place Hotline StaffWhere StaffAddress StaffHours StaffPhone PolicePhone DigitalTeam StaffHint PortalPhone
        Related Prepare PrepareHint TakeHome TakeHomeHint TakeHomeList TakeHomeListAndAddress TakeHomeListAndPage TakeHomePage
        OfficialAddress CalendarCard Score VietnameseOnly SomeInEnglish WellDone TryAgain Review TranscriptOnly
        Counted NotCounted NothingFound NoPageYet MentionedIn AskStaffCard TopicsCard TopicHint AskAt TypeHint NoEvents GuideFinished PrivacyCard EmptySection NoticesCard OtherNoticesCard NoNotices
        StaffCard StaffContent StaffOrigin StaffCounts StaffMachine StaffClock StaffLooking GoBackCard TouchTestCard RestartCard
        StaffBrightness BrighterCard DarkerCard StaffOffice StaffIdentity CallOfficeCard
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_lite::Regex;

    use super::*;
    use crate::content::rich::Style;

    /// The letters that the text element draws, without spaces, which it may break lines at; escaped as in source text.
    fn drawn(text: &StyledText) -> String {
        // It tells its letters to nobody else.
        let told = format!("{text:?}");
        let paragraph = Regex::new(r#"text: "((?:[^"\\]|\\.)*)""#).expect("a pattern");
        let texts = paragraph.captures_iter(&told).map(|found| found[1].replace("\\n", ""));
        texts.collect::<String>().split_whitespace().collect()
    }

    fn any_text() -> impl Strategy<Value = Rich> {
        let signs = prop::sample::select(vec![
            "a",
            "ộ",
            "7",
            " ",
            " ",
            "  ",
            "\n",
            "*",
            "**",
            "_",
            "~",
            "~~",
            "`",
            "``",
            "\\",
            "#",
            ">",
            "-",
            "+",
            "1.",
            "[",
            "](",
            ")",
            "<b>",
            "&amp;",
            "&",
            "|",
            "\"",
            "'",
            "http://a.vn",
            "!",
            "=",
            ":",
            "    ",
        ]);
        let words = prop::collection::vec(signs, 1..6).prop_map(|signs| signs.concat());
        let style = (any::<bool>(), any::<bool>(), any::<bool>(), prop::bool::weighted(0.2)).prop_map(
            |(strong, emphasis, struck, code)| Style {
                strong,
                emphasis,
                struck,
                code,
            },
        );
        prop::collection::vec((words, style), 1..5).prop_map(|spans| {
            let mut rich = Rich::default();
            for (words, style) in spans {
                rich.push(&words, style, None);
            }
            rich
        })
    }

    proptest! {
        #[test]
        fn the_text_element_draws_every_letter(text in any_text()) {
            let plain: String = text.text().split_whitespace().collect();
            let escaped = format!("{plain:?}");
            prop_assert_eq!(drawn(&styled(&text)), &escaped[1..escaped.len() - 1], "of {:?}", text.to_markdown());
        }
    }
}
