//! What goes into a session and what comes out besides its view.

use std::time::Duration;

use chrono::NaiveDateTime;

use crate::usage::signals::{Event, Face, Label};

use super::settings::TextSize;
use super::sound::{Sound, Volume};
use super::staff::Check;
use super::typing::Tone;
use super::view::Panel;

/// Something that happened at the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action {
    /// Time passed; sent once a second.
    Tick,
    /// "Trang chủ", or "Vào xem các mục" of the invitation.
    Home,
    /// What the invitation shows.
    OpenSlide,
    /// The strip of the home screen that says what can't wait.
    OpenUrgent,
    /// A tile of the home screen, from 0.
    Tile(usize),
    /// One of the pages that are asked for most, from 0.
    Often(usize),
    /// "Quay lại": leaves the place, wherever in it one is.
    Back,
    /// The button beside the one to the right: a page or a part of a guide back.
    Previous,
    /// The button to the right of the bottom bar.
    Next,
    /// "Cỡ chữ" and "Trợ giúp".
    OpenPanel(Panel),
    /// "Đóng" of these.
    ClosePanel,
    /// "Tôi xong rồi".
    Finish,
    /// A face of the rating of the visit.
    RateVisit(Face),
    /// "Tôi không thấy điều cần tìm".
    Missed,
    /// "Cần chuẩn bị" of a guide.
    Prepare,
    /// "Mang về điện thoại" of a page.
    TakeHome,
    /// "Đọc bài liên quan" of a question.
    Read,
    /// "Hỏi cán bộ".
    StaffHelp,
    /// "Những việc bà con hay hỏi".
    Topics,
    /// The search field.
    Search,
    /// A card, tick or choice: its place in [`super::view::View::rows`].
    Row(usize),
    /// The picture beside the words.
    Aside,
    /// The picture that lies over everything.
    ClosePicture,
    /// A face of the rating.
    Rate(Face),
    /// "Nghe", "Tạm dừng" and "Nghe tiếp".
    Listen,
    /// "15 giây trước" of what plays.
    HearAgain,
    /// "To hơn", or "Nhỏ hơn".
    Louder(bool),
    /// What the player says.
    Sound(Sound),
    /// A letter, digit or space of the keyboard.
    Type(char),
    /// A tone key.
    Tone(Tone),
    /// The key that takes one letter back.
    Erase,
    /// "Xoá hết".
    Clear,
    /// "Ẩn bàn phím" and "Gõ tiếp".
    ToggleKeyboard,
    /// "123" and "abc".
    ToggleDigits,
    /// One of the three letters A.
    TextSize(TextSize),
    /// "Tương phản".
    ToggleContrast,
    /// "English" and "Tiếng Việt".
    ToggleLanguage,
    /// "Tôi vẫn dùng".
    Stay,
    /// The screen was touched while it rested.
    Wake,
    /// The sensor sees somebody, or nobody any more.
    Presence(bool),
    /// The staff's key switch was turned: on, or back.
    StaffKey(bool),
    /// "Dành cho cán bộ" of the Sorry screen.
    StaffPage,
    /// A digit of the PIN.
    Digit(char),
    /// The key that takes one digit back.
    EraseDigit,
    /// "Vào" under the PIN.
    TryPin,
    /// The PIN that was tried has been checked ([`Effect::CheckPin`]).
    PinChecked {
        /// Which check it was.
        number: u32,
        /// It is the right one.
        right: bool,
    },
    /// "Đặt" under the date.
    SetDate,
    /// The strip that says that a stick is in.
    OpenStick,
    /// "Đóng" under what became of a stick.
    CloseStick,
}

impl Action {
    /// Whether a resident's finger caused it: such actions begin a visit and keep it alive. What concerns a stick is staff's.
    #[must_use]
    pub const fn is_touch(self) -> bool {
        !matches!(
            self,
            Self::Tick
                | Self::Sound(_)
                | Self::OpenStick
                | Self::CloseStick
                | Self::Wake
                | Self::Presence(_)
                | Self::StaffKey(_)
                | Self::PinChecked { .. }
        )
    }

    /// Whether doing it twice at once is what the finger wanted: "nn" is typed so, "next, next" is a trembling hand.
    #[must_use]
    pub const fn may_repeat(self) -> bool {
        matches!(
            self,
            Self::Tick
                | Self::Sound(_)
                | Self::Wake
                | Self::Presence(_)
                | Self::StaffKey(_)
                | Self::PinChecked { .. }
                | Self::Type(_)
                | Self::Tone(_)
                | Self::Erase
                | Self::Digit(_)
                | Self::EraseDigit
        )
    }
}

/// What the session asks of the program around it.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Count this.
    Count(Event),
    /// A page was opened for the first time in this visit: count it for the list of what is asked for most.
    Asked(Label),
    /// The visit is over: a good moment to write the counts down.
    VisitOver,
    /// Play a recording from its beginning, and nothing else any more.
    Play {
        /// What the player calls it when it says something ([`Sound`]).
        number: u32,
        /// File name in `media/`.
        media: String,
        /// How loud.
        volume: Volume,
    },
    /// Hold what plays.
    Pause,
    /// Go on with what is held.
    GoOn,
    /// Go on from here, counted from the beginning.
    PlayFrom(Duration),
    /// Play so loud.
    Volume(Volume),
    /// Play nothing any more.
    Silence,
    /// Let a touch be heard.
    Click,
    /// Play two tones, for staff to hear whether the loudspeaker works.
    TestSound(Volume),
    /// Another library is shown now: that of [`super::Session::content`].
    NewContent,
    /// A PIN was typed: check it, and say so by [`Action::PinChecked`].
    CheckPin(Check),
    /// So many wrong tries at the PIN since the last right one: remember them over a start of the program.
    PinTries(u32),
    /// Staff opened their page: tell the session what the machine is like.
    StaffPageOpened,
    /// Staff want the pack that was shown before the one of this edition, which they see.
    RollBack(Option<u64>),
    /// Staff want the screen brighter or darker.
    Brightness {
        /// Brighter.
        up: bool,
    },
    /// Staff want the office to be called now.
    CallOffice,
    /// Staff say what time it is.
    SetDate(NaiveDateTime),
    /// Staff want the program to start again.
    Restart,
    /// Staff want the machine off, and touched that twice.
    TurnOff {
        /// And on again.
        again: bool,
    },
    /// The library could not be read; a line for the log. The resident stays where they are.
    Trouble(String),
}
