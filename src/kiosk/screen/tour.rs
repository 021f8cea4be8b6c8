//! A tour through every screen by touches: pictures, frame times and memory.
//!
//! It is the demonstration, the source of the documentation's pictures and, with a fixed date, the picture test. It touches
//! what a finger would touch, by the words on it, and never calls the session directly.

mod guide;
mod upkeep;

use std::io::Write;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::NaiveDateTime;

use super::headless::{Headless, Picture};
use super::{Kiosk, Window};
use crate::content::library::{Length, Library};
use crate::content::model::Shows;
use crate::kiosk::session::settings::{Language, Settings, TextSize};
use crate::kiosk::session::view::{Button, Row, Screen, Target};
use crate::usage::recorder::Recorder;
use crate::usage::stamp::Stamp;
use guide::Guide;

/// How long a slide of the invitation stands, and in how many of them one of each kind is met.
const TURN: Duration = Duration::from_secs(15);
const TURNS: usize = 16;

/// One screen of the tour.
#[derive(Debug)]
pub struct Stop {
    /// Its name, for the file.
    pub name: String,
    /// What is seen.
    pub picture: Picture,
    /// From the touch to the painted frame.
    pub frame: Duration,
    /// Memory of the program then, in KiB.
    pub pss_kib: Option<u64>,
}

/// How the tour is taken.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Size of the screen in pixels.
    pub size: (u32, u32),
    /// What the resident of the tour sets.
    pub settings: Settings,
    /// The date on the screen.
    pub start: NaiveDateTime,
    /// Instead of each kind of screen once: every page of the content, every step of it.
    pub every_page: bool,
}

/// Takes the tour and hands over each stop as it is reached.
///
/// # Errors
/// If a screen lacks what the tour must touch, or `each` fails.
pub fn take(library: Rc<Library>, options: Options, mut each: impl FnMut(Stop) -> Result<()>) -> Result<()> {
    let (width, height) = options.size;
    let screen = Headless::install(width, height).context("no screen in memory")?;
    let time = screen.clock();
    let start = options.start;
    let now = move || Stamp {
        monotonic: time.get(),
        wall: chrono::Duration::from_std(time.get()).ok().map(|passed| start + passed),
        earliest: None,
    };
    let recorder = Recorder::start(now()).context("no thread")?;
    let window = Window::open().context("no window")?;
    let kiosk = Kiosk::new(window, Some(library.clone()), recorder, 1, Box::new(now));
    kiosk.window().show().context("no window")?;
    screen.draw();
    let mut guide = Guide {
        kiosk,
        screen,
        library,
        english: false,
        last: Duration::ZERO,
        each: &mut each,
    };
    guide.invitation(options.settings)?;
    if options.every_page {
        return guide.every_page();
    }
    guide.home()?;
    guide.errand()?;
    guide.reading()?;
    guide.quiz()?;
    guide.search()?;
    guide.radio_and_calendar()?;
    guide.staff_help_and_privacy()?;
    guide.goodbye()?;
    guide.staff()?;
    guide.stick_while_reading()?;
    guide.idle_warning()?;
    guide.slides()?;
    guide.stick()
}

/// Writes the tour's pictures into a folder as `NN-<screen>.png` and a line for each to `lines`.
///
/// # Errors
/// If the tour fails, or a file can't be written.
pub fn write(library: Rc<Library>, options: Options, out: &Path, lines: &mut dyn Write) -> Result<()> {
    std::fs::create_dir_all(out).with_context(|| format!("can't make {}", out.display()))?;
    writeln!(lines, "{:<34} {:>10} {:>10}", "screen", "frame ms", "PSS MiB")?;
    let mut number = 0;
    take(library, options, |stop| {
        number += 1;
        let name = format!("{number:02}-{}", stop.name);
        stop.picture.write(&out.join(format!("{name}.png")))?;
        let pss = stop.pss_kib.map_or_else(
            || "?".to_owned(),
            |kib| format!("{}.{}", kib / 1024, kib % 1024 * 10 / 1024),
        );
        writeln!(
            lines,
            "{name:<34} {:>10.2} {pss:>10}",
            stop.frame.as_secs_f64() * 1000.0
        )?;
        Ok(())
    })
}

impl Guide<'_> {
    fn tile(&mut self, shows: Shows, nth: usize) -> Result<String> {
        let sections = &self.library.catalogue().sections;
        let section = sections
            .iter()
            .filter(|section| section.shows == shows)
            .nth(nth)
            .context("no such section")?
            .clone();
        let english = self.english && !section.title_en.is_empty();
        self.touch_words(if english { &section.title_en } else { &section.title })?;
        Ok(section.id)
    }

    fn invitation(&mut self, settings: Settings) -> Result<()> {
        self.stop("attract")?;
        self.touch_words("Chạm để bắt đầu")?;
        if settings == Settings::default() {
            return Ok(());
        }
        self.touch_words("Cỡ chữ")?;
        match settings.text_size {
            TextSize::Normal => {}
            TextSize::Large => self.touch_words("Cỡ chữ lớn")?,
            TextSize::Largest => self.touch_words("Cỡ chữ rất lớn")?,
        }
        if settings.high_contrast {
            self.touch_words("Nền đen, chữ trắng")?;
        }
        if settings.language == Language::English {
            self.touch_words("English")?;
            self.english = true;
        }
        self.touch("Đóng", "Close")
    }

    fn home(&mut self) -> Result<()> {
        self.stop("home")?;
        for (vietnamese, english, name) in [("Cỡ chữ", "Text", "letters"), ("Trợ giúp", "Help", "help")] {
            self.touch(vietnamese, english)?;
            self.stop(name)?;
            self.touch("Đóng", "Close")?;
        }
        Ok(())
    }

    /// A guide from its card to its rating.
    fn errand(&mut self) -> Result<()> {
        self.tile(Shows::Pages, 0)?;
        self.stop("section")?;
        if self.card(|opens| matches!(opens, Target::Group(..))).is_ok() {
            self.touch_card(|opens| matches!(opens, Target::Group(..)), ("", ""))?;
            self.pages("group")?;
        }
        let library = self.library.clone();
        let is_guide = |id: &str| {
            let card = library.catalogue().card(id);
            card.is_some_and(|card| matches!(card.length, Length::Steps(_)))
        };
        self.touch_card(|opens| matches!(opens, Target::Page(id) if is_guide(id)), ("", ""))?;
        self.pages("guide")?;
        self.touch("Mang về điện thoại", "Take it home")?;
        self.pages("take-home")?;
        self.touch("Quay lại", "Back")?;
        self.turn_to_end()?;
        self.touch("Cần chuẩn bị", "What to bring")?;
        if let Some(Row::Check { text, .. }) = self
            .kiosk
            .view()
            .rows
            .into_iter()
            .find(|row| matches!(row, Row::Check { .. }))
        {
            self.turn_to(&text)?;
            self.touch_words(&text)?;
            self.turn_up()?;
        }
        self.pages("prepare")?;
        self.steps("")?;
        self.touch("Hoàn tất", "Finish")?;
        self.touch_rating()?;
        self.pages("finished")?;
        self.touch("Trang chủ", "Home")
    }

    /// From the things to bring to the last step of a guide.
    fn steps(&mut self, prefix: &str) -> Result<()> {
        self.touch("Xem các bước", "See the steps")?;
        let mut step = 1;
        loop {
            self.pages(&format!("{prefix}step-{step}"))?;
            if self.kiosk.view().next == Button::Finish {
                return Ok(());
            }
            self.touch("Bước tiếp", "Next step")?;
            step += 1;
        }
    }

    /// Every article, and every guide to its last step.
    fn every_page(&mut self) -> Result<()> {
        let library = self.library.clone();
        let sections = &library.catalogue().sections;
        let lists = sections.iter().filter(|section| section.shows == Shows::Pages);
        for (nth, section) in lists.enumerate() {
            for page in library.catalogue().pages_of(&section.id) {
                self.tile(Shows::Pages, nth)?;
                if let Some(group) = section.groups.iter().find(|group| group.pages.contains(&page.id)) {
                    let group = Target::Group(section.id.clone(), group.id.clone());
                    self.touch_card(|opens| *opens == group, ("", ""))?;
                }
                self.touch_card(|opens| *opens == Target::Page(page.id.clone()), ("", ""))?;
                self.pages(&page.id)?;
                if self.kiosk.view().next == Button::Prepare {
                    self.touch("Cần chuẩn bị", "What to bring")?;
                    self.pages(&format!("{}-prepare", page.id))?;
                }
                if self.kiosk.view().next == Button::Steps {
                    self.steps(&format!("{}-", page.id))?;
                }
                self.touch("Trang chủ", "Home")?;
            }
        }
        Ok(())
    }

    fn touch_rating(&mut self) -> Result<()> {
        self.turn_to(if self.english { "Clear" } else { "Dễ hiểu" })?;
        self.touch("Dễ hiểu", "Clear")?;
        self.turn_up()
    }

    /// An article of the second section.
    fn reading(&mut self) -> Result<()> {
        self.tile(Shows::Pages, 1)?;
        self.stop("section-articles")?;
        if self.card(|opens| matches!(opens, Target::Group(..))).is_ok() {
            self.touch_card(|opens| matches!(opens, Target::Group(..)), ("", ""))?;
        }
        self.touch_card(|opens| matches!(opens, Target::Page(_)), ("", ""))?;
        self.pages("article")?;
        self.touch("Trang chủ", "Home")
    }

    /// A whole round: the first answer as it comes, whatever it is.
    fn quiz(&mut self) -> Result<()> {
        self.tile(Shows::Quiz, 0)?;
        self.stop("quiz-sets")?;
        self.touch_card(|opens| matches!(opens, Target::Quiz(_)), ("", ""))?;
        self.pages("question")?;
        let mut asked = 0;
        while let Some(Row::Choice { text, .. }) = self
            .kiosk
            .view()
            .rows
            .into_iter()
            .find(|row| matches!(row, Row::Choice { .. }))
        {
            self.turn_to(&text)?;
            self.touch_words(&text)?;
            asked += 1;
            if asked <= 2 {
                self.pages("answer")?;
            }
            self.turn_to_end()?;
            if self.kiosk.view().next == Button::SeeResult {
                self.touch("Xem kết quả", "See the result")?;
                break;
            }
            self.touch("Câu tiếp", "Next question")?;
        }
        self.pages("quiz-result")?;
        self.touch("Trang chủ", "Home")
    }

    fn search(&mut self) -> Result<()> {
        self.touch("Tìm kiếm", "Search")?;
        self.stop("search")?;
        self.type_words("bang lai")?;
        self.stop("search-found")?;
        self.touch("Xoá hết", "Clear all")?;
        self.type_words("zzz")?;
        self.stop("search-nothing")?;
        self.touch("Ẩn bàn phím", "Hide keyboard")?;
        self.stop("search-no-keyboard")?;
        if !self.library.catalogue().topics.is_empty() {
            let list = ("Những việc bà con hay hỏi", "What people often ask for");
            self.touch_card(|opens| matches!(opens, Target::Topics), list)?;
            self.stop("topics")?;
            if self.card(|opens| matches!(opens, Target::TopicGroup(_))).is_ok() {
                self.touch_card(|opens| matches!(opens, Target::TopicGroup(_)), ("", ""))?;
                self.stop("topic-group")?;
            }
            self.touch_card(|opens| matches!(opens, Target::Topic(_)), ("", ""))?;
            self.pages("topic")?;
        }
        self.touch("Trang chủ", "Home")
    }

    fn radio_and_calendar(&mut self) -> Result<()> {
        self.tile(Shows::Radio, 0)?;
        self.stop("radio")?;
        if self.card(|opens| *opens == Target::Notices).is_ok() {
            let list = ("Thông báo của xã", "Notices of the commune");
            self.touch_card(|opens| *opens == Target::Notices, list)?;
            self.stop("notices")?;
            self.touch_card(|opens| matches!(opens, Target::Notice(_)), ("", ""))?;
            self.pages("notice")?;
            self.touch("Trang chủ", "Home")?;
            self.tile(Shows::Radio, 0)?;
        }
        self.touch_card(
            |opens| matches!(opens, Target::Calendar),
            ("Xem lịch họp, lớp học", "See meetings and classes"),
        )?;
        self.pages("calendar")?;
        self.touch("Trang chủ", "Home")?;
        self.tile(Shows::Radio, 0)?;
        self.touch_card(|opens| matches!(opens, Target::Programme(_)), ("", ""))?;
        self.stop("programme")?;
        self.touch("Trang chủ", "Home")
    }

    fn staff_help_and_privacy(&mut self) -> Result<()> {
        self.touch("Hỏi cán bộ", "Ask staff")?;
        self.pages("staff-help")?;
        self.touch_card(
            |opens| matches!(opens, Target::Privacy),
            ("Máy đếm gì, không đếm gì", "What the kiosk counts"),
        )?;
        self.pages("privacy")?;
        self.touch("Trang chủ", "Home")
    }

    fn goodbye(&mut self) -> Result<()> {
        self.touch("Tôi xong rồi", "I am done")?;
        self.stop("goodbye")?;
        // The settings went with who chose them.
        self.english = false;
        self.touch("Trang chủ", "Home")
    }

    fn idle_warning(&mut self) -> Result<()> {
        self.screen.pass(Duration::from_secs(63));
        self.stop("idle-warning")?;
        self.screen.pass(Duration::from_secs(20));
        self.stop("attract-again")
    }

    /// The invitation's slides, one of each kind.
    fn slides(&mut self) -> Result<()> {
        let mut seen = Vec::new();
        for _ in 0..TURNS {
            let Screen::Attract(slide) = self.kiosk.view().screen else {
                return Ok(());
            };
            if !seen.contains(&slide.kind) {
                seen.push(slide.kind);
                self.stop(&format!("slide-{:?}", slide.kind).to_lowercase())?;
            }
            self.rest(TURN);
        }
        Ok(())
    }
}
