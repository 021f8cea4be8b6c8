//! The global `Frame`, and the settings in `Theme`: bars, titles, clock, text size, contrast, language.

use chrono::{Datelike, Timelike};
use slint::ComponentHandle;

use super::{Acts, ui};
use crate::kiosk::session::Action;
use crate::kiosk::session::settings::{Language, TextSize};
use crate::kiosk::session::view::{Button, Screen, ScreenName, Title, View};
use crate::usage::stamp::Stamp;

pub(super) fn connect(app: &ui::App, acts: &Acts) {
    let frame = app.global::<ui::Frame>();
    let on = |action| {
        let acts = acts.clone();
        move || acts.act(action)
    };
    frame.on_home(on(Action::Home));
    frame.on_back(on(Action::Back));
    frame.on_previous(on(Action::Previous));
    frame.on_next(on(Action::Next));
    frame.on_prepare(on(Action::Prepare));
    frame.on_take_home(on(Action::TakeHome));
    frame.on_read(on(Action::Read));
    frame.on_search(on(Action::Search));
    frame.on_staff_help(on(Action::StaffHelp));
    frame.on_staff_page(on(Action::StaffPage));
    frame.on_toggle_contrast(on(Action::ToggleContrast));
    frame.on_toggle_language(on(Action::ToggleLanguage));
    let acts = acts.clone();
    frame.on_set_text_size(move |size| {
        acts.act(Action::TextSize(match size {
            ui::TextSize::Normal => TextSize::Normal,
            ui::TextSize::Large => TextSize::Large,
            ui::TextSize::Largest => TextSize::Largest,
        }));
    });
}

pub(super) fn show(app: &ui::App, view: &View) {
    let theme = app.global::<ui::Theme>();
    theme.set_text_size(match view.settings.text_size {
        TextSize::Normal => ui::TextSize::Normal,
        TextSize::Large => ui::TextSize::Large,
        TextSize::Largest => ui::TextSize::Largest,
    });
    theme.set_high_contrast(view.settings.high_contrast);
    let frame = app.global::<ui::Frame>();
    let english = view.settings.language == Language::English;
    if frame.get_english() != english {
        frame.set_english(english);
        // Vietnamese is the language of the sources: no translation at all.
        let language = if english { "en" } else { "" };
        if let Err(error) = slint::select_bundled_translation(language) {
            tracing::error!("no translation: {error}");
        }
    }
    frame.set_screen(match view.screen {
        Screen::Attract(_) | Screen::Rest => ui::Screen::Attract,
        Screen::Home => ui::Screen::Home,
        Screen::Column => ui::Screen::Column,
        Screen::Search(_) => ui::Screen::Search,
        Screen::Pin(_) => ui::Screen::Pin,
        Screen::Date(_) => ui::Screen::Date,
        Screen::TouchTest => ui::Screen::TouchTest,
        Screen::Goodbye { .. } => ui::Screen::Goodbye,
        Screen::Sorry => ui::Screen::Sorry,
    });
    match &view.title {
        Title::Text(title) => {
            frame.set_title(title.into());
            frame.set_name(ui::ScreenName::None);
        }
        Title::Name(name) => frame.set_name(match name {
            ScreenName::StaffHelp => ui::ScreenName::StaffHelp,
            ScreenName::Topics => ui::ScreenName::Topics,
            ScreenName::Privacy => ui::ScreenName::Privacy,
            ScreenName::Calendar => ui::ScreenName::Calendar,
            ScreenName::Notices => ui::ScreenName::Notices,
            ScreenName::QuizResult => ui::ScreenName::QuizResult,
            ScreenName::Staff => ui::ScreenName::Staff,
        }),
    }
    frame.set_crumb((&view.crumb).into());
    frame.set_updated(view.updated.as_deref().unwrap_or_default().into());
    frame.set_failed(view.failed);
    frame.set_back_button(view.back);
    frame.set_previous_button(button(view.previous));
    frame.set_next_button(button(view.next));
    frame.set_prepare_button(view.prepare);
    frame.set_take_home_button(view.take_home);
    frame.set_read_button(view.read);
    frame.set_staff_button(view.staff_page);
}

/// Sets the clock on the screen; an untrusted clock is not shown at all.
pub(super) fn set_clock(app: &ui::App, now: Stamp) {
    let frame = app.global::<ui::Frame>();
    frame.set_clock_known(now.wall.is_some());
    if let Some(wall) = now.wall {
        let small = |number: u32| i32::try_from(number).unwrap_or_default();
        frame.set_weekday(small(wall.weekday().num_days_from_sunday()));
        frame.set_date(wall.format("%-d/%-m/%Y").to_string().into());
        frame.set_hour(small(wall.hour()));
        frame.set_minute(wall.format("%M").to_string().into());
    }
}

fn button(button: Button) -> ui::Button {
    match button {
        Button::None => ui::Button::None,
        Button::PageBack => ui::Button::PageBack,
        Button::PartBack => ui::Button::PartBack,
        Button::StepBack => ui::Button::StepBack,
        Button::PageNext => ui::Button::PageNext,
        Button::StepNext => ui::Button::StepNext,
        Button::Prepare => ui::Button::Prepare,
        Button::Steps => ui::Button::Steps,
        Button::Finish => ui::Button::Finish,
        Button::NextQuestion => ui::Button::NextQuestion,
        Button::SeeResult => ui::Button::SeeResult,
        Button::Again => ui::Button::Again,
        Button::Done => ui::Button::Done,
    }
}
