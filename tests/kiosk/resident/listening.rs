//! Residents who listen: what can be heard, how it is held and ended, what is counted of it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use chrono::NaiveDate;
use commune_kiosk::content::model::{Content, Recording, Said};
use commune_kiosk::content::{library, source};
use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::sound::{Rules, Sound, Volume};
use commune_kiosk::kiosk::session::view::Screen;
use commune_kiosk::kiosk::sound::Order;
use tempfile::TempDir;

use crate::common::{Hall, Setting, USUAL, content_folder, each_in_its_hall};

pub const ARTICLE: &str = "lay-ma-otp";
const GUIDE: &str = "khai-sinh";

/// The commune's content, read aloud: an article of two minutes and a half, a guide and its first step, a question.
fn recorded(folder: &Path) -> PathBuf {
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let mut content = source::read(&content_folder(), today)
        .content
        .expect("content without errors");
    let question = content.quizzes[0].questions[0].id.clone();
    let all = [
        (Said::Page(ARTICLE), 150, false),
        (Said::Page(GUIDE), 40, true),
        (Said::Step(GUIDE, 0), 20, true),
        (Said::Question(&question), 15, false),
    ];
    content.recordings = all
        .map(|(said, seconds, machine)| Recording {
            of: said.to_string(),
            media: format!("{seconds}.opus"),
            seconds,
            machine,
            parts: Vec::new(),
        })
        .to_vec();
    written(content, folder)
}

/// A library of this content. Nobody decodes its recordings: the tests say what a player would.
pub fn written(mut content: Content, folder: &Path) -> PathBuf {
    for recording in &content.recordings {
        content.media.insert(recording.media.clone(), b"OggS".to_vec());
    }
    let path = folder.join("content.db");
    library::write(&content, &path).expect("written");
    path
}

/// Where pictures are kept.
pub fn looked_at() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A hall with a loudspeaker, and what its player is told.
pub struct Heard {
    pub hall: Hall,
    orders: Receiver<Order>,
    _folder: TempDir,
}

impl Heard {
    fn open(size: (u32, u32), rules: Rules) -> Self {
        Self::with(size, rules, recorded)
    }

    /// With what this writes into a folder.
    pub fn with(size: (u32, u32), rules: Rules, content: fn(&Path) -> PathBuf) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let hall = Hall::with(Setting {
            size,
            content: Some(content(folder.path())),
            ..Setting::default()
        });
        let (player, orders) = mpsc::channel();
        hall.kiosk.play_on(player, rules);
        hall.kiosk.act(Action::Sound(Sound::Card(true)));
        Self {
            hall,
            orders,
            _folder: folder,
        }
    }

    fn at_the_article() -> Self {
        let heard = Self::open(USUAL, Rules::default());
        heard.hall.tap("Chạm để bắt đầu");
        heard.hall.goes_to(ARTICLE);
        heard
    }

    /// What the player was told since it was last asked, in short.
    pub fn told(&self) -> Vec<String> {
        let short = |order| match order {
            Order::Play { number, volume, .. } => format!("play {number} at {}", volume.number()),
            Order::Click => "click".to_owned(),
            Order::Pause => "pause".to_owned(),
            Order::GoOn => "go on".to_owned(),
            Order::From(at) => format!("from {}", at.as_secs()),
            Order::Volume(volume) => format!("volume {}", volume.number()),
            Order::Stop => "stop".to_owned(),
            Order::Test(_) => "test".to_owned(),
        };
        let told = self.orders.try_iter().map(short);
        told.filter(|order| order != "click").collect()
    }

    /// The player plays for so long, and says each second how far it has come.
    pub fn plays(&self, number: u32, seconds: std::ops::Range<u64>) {
        for second in seconds {
            self.hall.wait(1);
            let at = Duration::from_secs(second + 1);
            self.hall.kiosk.act(Action::Sound(Sound::At { number, at }));
        }
    }

    pub fn counted(&self) -> Vec<String> {
        let lines = self.hall.counted().into_iter();
        lines.filter(|line| line.contains("sound-played")).collect()
    }
}

#[test]
fn a_page_is_heard_held_and_heard_again_and_counted() {
    let heard = Heard::at_the_article();
    let hall = &heard.hall;
    hall.sees("khoảng 3 phút");
    hall.misses("giọng máy");
    hall.misses("15 giây trước");
    hall.tap("Nghe");
    assert_eq!(heard.told(), ["play 1 at 2"]);
    heard.plays(1, 0..42);
    hall.sees("0:42 / 2:30");
    hall.tap("Tạm dừng");
    hall.tap("Nghe tiếp");
    hall.tap("15 giây trước");
    assert_eq!(heard.told(), ["pause", "go on", "from 27"]);
    hall.sees("0:27 / 2:30");
    // Its pages can be turned meanwhile.
    hall.turn_down();
    heard.plays(1, 27..150);
    hall.kiosk.act(Action::Sound(Sound::Ended { number: 1 }));
    assert_eq!(heard.told(), Vec::<String>::new());
    hall.sees("khoảng 3 phút");
    hall.tap("Nghe");
    assert_eq!(heard.told(), ["play 2 at 2"], "once more, from its beginning");
    hall.leave();
    assert_eq!(
        heard.counted(),
        [
            "2026-11-23 sound-played lay-ma-otp/started 2",
            "2026-11-23 sound-played lay-ma-otp/to-the-end 1"
        ]
    );
}

#[test]
fn it_is_as_loud_as_one_likes_up_to_what_staff_allow() {
    let rules = Rules {
        begins: Volume::Soft,
        most: Volume::Medium,
        ..Rules::default()
    };
    let heard = Heard::open(USUAL, rules);
    let hall = &heard.hall;
    hall.tap("Chạm để bắt đầu");
    hall.goes_to(ARTICLE);
    hall.taps("Nghe > Nhỏ hơn > To hơn > To hơn");
    assert_eq!(heard.told(), ["play 1 at 1", "volume 2"]);
    hall.sees("Âm lượng 2 trong 2");
    hall.leave();
    hall.tap("Chạm để bắt đầu");
    hall.goes_to(ARTICLE);
    heard.told();
    hall.tap("Nghe");
    assert_eq!(heard.told(), ["play 2 at 1"], "the next one begins as the hall does");
}

#[test]
fn leaving_ends_it() {
    each_in_its_hall(["Quay lại", "Trang chủ", "Trợ giúp > Tôi xong rồi"], |way| {
        let heard = Heard::at_the_article();
        heard.hall.tap("Nghe");
        heard.plays(1, 0..3);
        heard.told();
        heard.hall.taps(way);
        assert_eq!(heard.told(), ["stop"], "{way}");
        // What it said last may come late.
        heard.hall.kiosk.act(Action::Sound(Sound::Ended { number: 1 }));
        heard.hall.leave();
        assert_eq!(heard.counted(), ["2026-11-23 sound-played lay-ma-otp/started 1"]);
    });
}

#[test]
fn each_step_of_a_guide_is_heard_by_itself() {
    let heard = Heard::open(USUAL, Rules::default());
    let hall = &heard.hall;
    hall.tap("Chạm để bắt đầu");
    hall.goes_to(GUIDE);
    hall.sees("giọng máy");
    hall.tap("Nghe");
    hall.tap("Cần chuẩn bị");
    assert_eq!(heard.told(), ["play 1 at 2"], "what to bring belongs to it");
    hall.tap("Xem các bước");
    assert_eq!(heard.told(), ["stop"]);
    hall.tap("Nghe");
    assert_eq!(heard.told(), ["play 2 at 2"]);
    hall.tap("Bước tiếp");
    assert_eq!(heard.told(), ["stop"]);
    assert_eq!(hall.view().listen, None, "nobody has read the second step aloud");
}

/// Who listens touches nothing for long; who has gone is noticed all the same once all is heard.
#[test]
fn nobody_is_asked_while_something_plays() {
    let heard = Heard::at_the_article();
    let hall = &heard.hall;
    hall.tap("Nghe");
    heard.plays(1, 0..150);
    assert_eq!(hall.view().idle_warning, None);
    hall.kiosk.act(Action::Sound(Sound::Ended { number: 1 }));
    hall.wait(119);
    assert_eq!(hall.view().idle_warning, None);
    hall.wait(4);
    assert!(hall.view().idle_warning.is_some());
    hall.wait(25);
    assert!(matches!(hall.view().screen, Screen::Attract(_)));
}

/// A player that was killed, a recording that is held: the place is not held for ever.
#[test]
fn silence_and_what_is_held_hold_no_place() {
    each_in_its_hall([false, true], |held| {
        let heard = Heard::at_the_article();
        heard.hall.tap("Nghe");
        heard.plays(1, 0..3);
        if held {
            heard.hall.tap("Tạm dừng");
        }
        heard.told();
        heard.hall.leave();
        assert_eq!(heard.told(), ["stop"]);
    });
}

#[test]
fn without_a_loudspeaker_and_in_english_nothing_is_offered() {
    let heard = Heard::at_the_article();
    let hall = &heard.hall;
    hall.sees("khoảng 3 phút");
    hall.kiosk.act(Action::Sound(Sound::Card(false)));
    hall.misses("khoảng 3 phút");
    hall.kiosk.act(Action::Sound(Sound::Card(true)));
    hall.taps("Cỡ chữ > English");
    assert_eq!(
        hall.view().listen,
        None,
        "what is read in English is recorded in Vietnamese"
    );
}

/// The hall's clock shows the morning.
#[test]
fn in_quiet_hours_nothing_is_offered() {
    let hours = [
        (vec![(0, 24 * 60)], false),
        (vec![(22 * 60, 21 * 60)], false),
        (vec![(0, 60), (22 * 60, 60)], true),
    ];
    each_in_its_hall(hours, |(quiet, offered)| {
        let rules = Rules {
            quiet,
            ..Rules::default()
        };
        let heard = Heard::open(USUAL, rules.clone());
        heard.hall.tap("Chạm để bắt đầu");
        heard.hall.goes_to(ARTICLE);
        assert_eq!(heard.hall.view().listen.is_some(), offered, "{rules:?}");
    });
}

/// A touch is heard where it does something; not by who listens, and not twice of a trembling finger.
#[test]
fn a_touch_clicks() {
    let heard = Heard::open(USUAL, Rules::default());
    let hall = &heard.hall;
    let clicks = || {
        heard
            .orders
            .try_iter()
            .filter(|order| matches!(order, Order::Click))
            .count()
    };
    hall.tap("Chạm để bắt đầu");
    assert_eq!(clicks(), 1);
    hall.double_tap("An toàn trên mạng");
    assert_eq!(clicks(), 1);
    hall.tap("Trang chủ");
    hall.goes_to(ARTICLE);
    clicks();
    hall.tap("Nghe");
    clicks();
    hall.turn_down();
    assert_eq!(clicks(), 0);
}

#[test]
fn what_can_not_be_heard_says_so() {
    let heard = Heard::at_the_article();
    heard.hall.tap("Nghe");
    heard.hall.kiosk.act(Action::Sound(Sound::Failed { number: 1 }));
    assert!(heard.hall.view().failed);
    assert_eq!(heard.hall.view().listen.and_then(|listen| listen.at), None);
    // It can be tried again.
    heard.hall.tap("Nghe");
    assert_eq!(heard.told(), ["play 1 at 2", "play 2 at 2"]);
}

#[test]
fn the_bar_fits_every_screen_at_every_size() {
    let sizes = [(1280, 800), (1920, 1080), (1024, 600), (720, 1280), (1080, 1920)];
    let texts = ["Cỡ chữ vừa", "Cỡ chữ lớn", "Cỡ chữ rất lớn"];
    let all = sizes.into_iter().flat_map(|size| texts.map(|text| (size, text)));
    each_in_its_hall(all, |(size, text)| {
        let heard = Heard::open(size, Rules::default());
        let hall = &heard.hall;
        hall.taps(&format!("Chạm để bắt đầu > Cỡ chữ > {text} > Đóng"));
        hall.goes_to(ARTICLE);
        hall.tap("Nghe");
        heard.plays(1, 0..75);
        for button in ["Tạm dừng", "15 giây trước", "Nhỏ hơn", "To hơn"] {
            hall.tap(button);
        }
        // For a person to look at.
        let name = format!("listening-{}x{}-{}.png", size.0, size.1, text.replace(' ', "-"));
        hall.picture().write(&looked_at().join(name)).expect("written");
        assert_eq!(
            heard.told(),
            ["play 1 at 2", "pause", "from 60", "volume 1", "volume 2"]
        );
    });
}
