//! Rows of the view as rows of the screen: a plain translation, one arm a kind.

use slint::{Image, StyledText};

use super::super::{home, ui};
use crate::kiosk::session::view::{Card, Extent, Label, Notice, Outcome, Row, Words};

/// The kind and the cell for a row of the view; `media` finds pictures by name.
pub(super) fn of(row: &Row, media: &dyn Fn(&str) -> Image) -> (ui::RowKind, ui::Cell) {
    use ui::RowKind as Kind;
    match row {
        Row::Heading(title) => (Kind::Heading, words(title)),
        Row::SubHeading(title) => (Kind::SubHeading, words(title)),
        Row::Plain(plain) => (Kind::Paragraph, words(plain)),
        Row::Small(small) => (Kind::Small, words(small)),
        Row::Paragraph(text) => (Kind::Paragraph, markdown(text)),
        Row::Bullet(text) => (Kind::Bullet, markdown(text)),
        Row::Numbered(number, text) => {
            let number = i32::try_from(*number).unwrap_or_default();
            (
                Kind::Number,
                ui::Cell {
                    number,
                    ..markdown(text)
                },
            )
        }
        Row::Picture { media: name, alt } => {
            let cell = ui::Cell {
                text: alt.into(),
                picture: media(name),
                ..ui::Cell::default()
            };
            (Kind::Picture, cell)
        }
        Row::Notice(notice, text) => {
            let kind = match notice {
                Notice::Note => Kind::Note,
                Notice::Warning => Kind::Warning,
                Notice::Contact => Kind::Contact,
            };
            (kind, markdown(text))
        }
        Row::Card(shown) => (Kind::Card, card(shown)),
        Row::Check { text, ticked } => (
            Kind::Check,
            ui::Cell {
                on: *ticked,
                ..markdown(text)
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
        Words::Origin { updated, sources } => ui::Cell {
            label: ui::Label::Origin,
            text: updated.into(),
            more: sources.into(),
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

/// Inline Markdown; plain text stays plain, because only plain text has the line height that the design asks for.
fn markdown(text: &str) -> ui::Cell {
    let is_rich = text.contains(['*', '_', '~', '`', '\\', '&', '<']);
    ui::Cell {
        text: if is_rich { plain(text).into() } else { text.into() },
        rich: if is_rich { styled(text) } else { StyledText::default() },
        is_rich,
        ..ui::Cell::default()
    }
}

/// The words alone, for screen readers and tests.
fn plain(markdown: &str) -> String {
    let words = pulldown_cmark::Parser::new(markdown).filter_map(|event| match event {
        pulldown_cmark::Event::Text(words) | pulldown_cmark::Event::Code(words) => Some(words),
        pulldown_cmark::Event::SoftBreak | pulldown_cmark::Event::HardBreak => Some(" ".into()),
        _ => None,
    });
    words.map(|words| words.to_string()).collect()
}

fn styled(text: &str) -> StyledText {
    StyledText::from_markdown(text).unwrap_or_else(|error| {
        tracing::error!("text that the screen can't show: {error}");
        StyledText::from_plain_text(text)
    })
}

fn extent(extent: Extent) -> (ui::Label, i32) {
    let (label, number) = match extent {
        Extent::Steps(number) => (ui::Label::Steps, number),
        Extent::StepsInEnglish(number) => (ui::Label::StepsInEnglish, number),
        Extent::MinutesInEnglish(number) => (ui::Label::MinutesInEnglish, number),
        Extent::Minutes(number) => (ui::Label::Minutes, number),
        Extent::Questions(number) => (ui::Label::Questions, number),
        Extent::Programme(number) => (ui::Label::Programme, number),
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
        Related Prepare PrepareHint TakeHome TakeHomeHint CalendarCard Score VietnameseOnly SomeInEnglish WellDone TryAgain TranscriptOnly
        Counted NotCounted NothingFound TypeHint NoEvents GuideFinished PrivacyCard EmptySection
        StaffCard StaffContent StaffOrigin StaffCounts StaffMachine GoBackCard TouchTestCard RestartCard
        StaffBrightness BrighterCard DarkerCard StaffOffice StaffIdentity CallOfficeCard
    )
}
