//! The displays: which are connected, in which modes, which of them is to be used, and whether that one went, came or changed.
//!
//! The backend that draws takes the first display that it finds, in its preferred mode, once, and looks at nothing afterwards. So the
//! choice is made here before ([`Wish::choose`]), and looked after here ([`Watch`]); whoever watches starts the program anew. The kernel's
//! `Documentation/ABI` has nothing on `/sys/class/drm/card0-HDMI-A-1/{status,modes}`; they are those of `drm_sysfs.c`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::time::Duration;

use drm::control::{Device as _, ModeFlags, ModeTypeFlags, connector};

/// Where the devices of displays are.
pub const DEVICES: &str = "/dev/dri";

/// Where the kernel says what is connected.
pub const CLASS: &str = "/sys/class/drm";

/// How often [`Watch::look`] is to be called.
pub const EVERY: Duration = Duration::from_secs(1);

/// For how long displays must stay as they are before they are believed: a plug that goes in makes contact more than once.
const SETTLED: Duration = Duration::from_secs(1);

/// The most pixels that are drawn without somebody's wish: three pictures of more would not fit into what a Raspberry Pi sets aside for
/// them (64 MiB), and take longer than anybody waits.
const MOST_PIXELS: u32 = 2560 * 1600;

/// The diagonals that are believed of a display, in millimetres: 6.5 to 60 inches.
const BELIEVED: std::ops::RangeInclusive<u32> = 165..=1524;

/// The times a second that a picture is shown at if there is a choice.
const USUAL_REFRESH: u32 = 60;

/// A mode of a display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    /// Width and height in pixels.
    pub size: (u16, u16),
    /// Pictures a second.
    pub refresh: u32,
    /// Whether only every other line is drawn at a time.
    pub is_interlaced: bool,
    /// Whether the display asks for it.
    pub is_preferred: bool,
}

impl Mode {
    fn pixels(&self) -> u32 {
        u32::from(self.size.0) * u32::from(self.size.1)
    }
}

/// A display that is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    /// Its folder below [`CLASS`], as `card0-HDMI-A-1`.
    pub folder: String,
    /// The name of its output, as `HDMI-A-1`.
    pub output: String,
    /// In the kernel's order.
    pub modes: Vec<Mode>,
    /// From corner to corner in millimetres, as the display says (EDID); `None` if it says nothing that can be.
    pub diagonal: Option<u32>,
}

/// A graphics card, opened to be asked.
struct Card(File);

impl AsFd for Card {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl drm::Device for Card {}
impl drm::control::Device for Card {}

/// Every display that is connected, in the order in which the backend that draws looks for them. If nobody draws yet, the kernel looks
/// anew, also at what never says that it was plugged in.
#[must_use]
pub fn connected(devices: &Path) -> Vec<Display> {
    let names = fs::read_dir(devices).into_iter().flatten().filter_map(Result::ok);
    let cards = names.filter(|entry| entry.file_name().to_string_lossy().starts_with("card"));
    // A card that can't be asked has no display.
    cards.filter_map(|card| displays(&card.path()).ok()).flatten().collect()
}

fn displays(card: &Path) -> io::Result<Vec<Display>> {
    let name = card.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let card = Card(File::options().read(true).write(true).open(card)?);
    let mut displays = Vec::new();
    for handle in card.resource_handles()?.connectors() {
        // Who opens a card first is asked for nothing; while somebody else draws, the kernel says only what it knows already.
        let connector = card.get_connector(*handle, true)?;
        if connector.state() != connector::State::Connected {
            continue;
        }
        let output = format!("{}-{}", connector.interface().as_str(), connector.interface_id());
        let mode = |mode: &drm::control::Mode| Mode {
            size: mode.size(),
            refresh: mode.vrefresh(),
            is_interlaced: mode.flags().contains(ModeFlags::INTERLACE),
            is_preferred: mode.mode_type().contains(ModeTypeFlags::PREFERRED),
        };
        displays.push(Display {
            folder: format!("{name}-{output}"),
            output,
            modes: connector.modes().iter().map(mode).collect(),
            diagonal: connector.size().and_then(diagonal),
        });
    }
    Ok(displays)
}

/// From corner to corner, of the sides in millimetres. Displays also tell their shape here (16 and 9), or nothing, or a wall's.
fn diagonal((width, height): (u32, u32)) -> Option<u32> {
    let square = u64::from(width).pow(2).saturating_add(u64::from(height).pow(2));
    u32::try_from(square.isqrt())
        .ok()
        .filter(|side| BELIEVED.contains(side))
}

/// What a technician wishes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Which output, as `HDMI-A-1`; another one if nothing is connected there.
    pub output: Option<String>,
    /// Width and height in pixels; as usual if the display can't.
    pub size: Option<(u16, u16)>,
    /// From corner to corner in millimetres; as the display says without.
    pub diagonal: Option<u32>,
}

/// What is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The display.
    pub display: Display,
    /// Which of its modes, if it isn't the one that is taken anyway.
    pub mode: Option<usize>,
}

impl Wish {
    /// Which display is used in which mode; `None` while nothing is connected.
    #[must_use]
    pub fn choose(&self, displays: &[Display]) -> Option<Choice> {
        let wished = displays
            .iter()
            .find(|display| self.output.as_ref() == Some(&display.output));
        let display = wished.or(displays.first())?.clone();
        let of_size = self
            .size
            .and_then(|size| best(&display.modes, |mode| mode.size == size));
        let mode = of_size.or_else(|| {
            let usual = display
                .modes
                .iter()
                .max_by_key(|mode| (mode.is_preferred, mode.pixels()))?;
            (usual.pixels() > MOST_PIXELS)
                .then(|| best(&display.modes, |mode| mode.pixels() <= MOST_PIXELS))
                .flatten()
        });
        Some(Choice { display, mode })
    }

    /// Whether a display of this choice is shown as wished.
    #[must_use]
    pub fn is_met_by(&self, choice: &Choice) -> bool {
        let mode = choice.mode.and_then(|mode| choice.display.modes.get(mode));
        self.output
            .as_ref()
            .is_none_or(|output| *output == choice.display.output)
            && self.size.is_none_or(|size| mode.is_some_and(|mode| mode.size == size))
    }
}

/// The number of the largest of these modes; of those that are as large, the calmest.
fn best(modes: &[Mode], may_be: impl Fn(&Mode) -> bool) -> Option<usize> {
    let candidates = modes.iter().enumerate().filter(|(_, mode)| may_be(mode));
    // The first of equals.
    let best = candidates.rev().max_by_key(|(_, mode)| {
        let off = mode.refresh.abs_diff(USUAL_REFRESH);
        (mode.pixels(), !mode.is_interlaced, std::cmp::Reverse(off))
    });
    best.map(|(number, _)| number)
}

/// What the kernel says is connected, by folder, with its modes.
type Connected = BTreeMap<String, String>;

/// Reads it; `class` stands for [`CLASS`].
fn read(class: &Path) -> Connected {
    let mut connected = Connected::new();
    for entry in fs::read_dir(class).into_iter().flatten().filter_map(Result::ok) {
        let text = |name: &str| fs::read_to_string(entry.path().join(name));
        if text("status").is_ok_and(|status| status.trim() == "connected") {
            let name = entry.file_name().to_string_lossy().into_owned();
            connected.insert(name, text("modes").unwrap_or_default());
        }
    }
    connected
}

/// Whether the display in use has gone, come back, changed, or made way for the one that is wished.
#[derive(Debug)]
pub struct Watch {
    used: String,
    wished: Option<String>,
    /// How it was when it was chosen.
    began: Connected,
    /// Whether it is another one since, or was for a while.
    has_changed: bool,
    /// How it was last, and since when.
    last: Connected,
    since: Duration,
}

impl Watch {
    /// Begins with a choice, before anything is drawn; `now` counts from anywhere.
    #[must_use]
    pub fn of(choice: &Choice, wish: &Wish, class: &Path, now: Duration) -> Self {
        let began = read(class);
        Self {
            used: choice.display.folder.clone(),
            wished: wish.output.clone(),
            has_changed: false,
            last: began.clone(),
            since: now,
            began,
        }
    }

    /// Begins where no display is in use: any that comes is better than what the machine's firmware set up.
    #[must_use]
    pub fn of_none(now: Duration) -> Self {
        Self {
            used: String::new(),
            wished: None,
            began: Connected::new(),
            has_changed: true,
            last: Connected::new(),
            since: now,
        }
    }

    /// Looks again; says whether the program is to be started anew, because there is another picture to be had. Never says so while
    /// nothing is connected.
    pub fn look(&mut self, class: &Path, now: Duration) -> bool {
        let connected = read(class);
        if connected != self.last {
            self.last = connected;
            self.since = now;
        }
        let is_wished = |folder: &&String| self.wished.as_ref().is_some_and(|output| is_output(folder, output));
        let makes_way = !is_wished(&&self.used) && self.last.keys().any(|folder| is_wished(&folder));
        self.has_changed |= makes_way || self.last.get(&self.used) != self.began.get(&self.used);
        self.has_changed && !self.last.is_empty() && now.saturating_sub(self.since) >= SETTLED
    }
}

/// Whether `card0-HDMI-A-1` is the folder of `HDMI-A-1`.
fn is_output(folder: &str, output: &str) -> bool {
    folder.split_once('-').is_some_and(|(_, name)| name == output)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn mode(width: u16, height: u16, refresh: u32) -> Mode {
        Mode {
            size: (width, height),
            refresh,
            is_interlaced: false,
            is_preferred: false,
        }
    }

    #[test]
    fn a_size_is_believed_that_a_screen_can_have() {
        assert_eq!(diagonal((218, 136)), Some(256), "10.1 inches");
        assert_eq!(diagonal((154, 86)), Some(176), "7 inches");
        for no_size in [(0, 0), (16, 9), (160, 0), (4000, 2250), (u32::MAX, u32::MAX)] {
            assert_eq!(diagonal(no_size), None, "{no_size:?}");
        }
    }

    fn display(output: &str, modes: &[Mode]) -> Display {
        Display {
            folder: format!("card1-{output}"),
            output: output.to_owned(),
            modes: modes.to_vec(),
            diagonal: None,
        }
    }

    fn wish(output: Option<&str>, size: Option<(u16, u16)>) -> Wish {
        Wish {
            output: output.map(str::to_owned),
            size,
            diagonal: None,
        }
    }

    #[test]
    fn without_a_wish_the_first_display_is_used_as_it_asks() {
        let displays = [
            display("HDMI-A-1", &[mode(1920, 1080, 60)]),
            display("DP-1", &[mode(1280, 800, 60)]),
        ];
        let choice = Wish::default().choose(&displays).expect("a display");
        assert_eq!((choice.display.output.as_str(), choice.mode), ("HDMI-A-1", None));
        assert_eq!(Wish::default().choose(&[]), None, "nothing is connected");
    }

    #[test]
    fn an_output_and_a_size_are_taken_if_they_are_there() {
        let modes = [
            Mode {
                is_preferred: true,
                ..mode(1920, 1080, 60)
            },
            Mode {
                is_interlaced: true,
                ..mode(1280, 720, 60)
            },
            mode(1280, 720, 120),
            mode(1280, 720, 60),
            mode(1280, 720, 60),
        ];
        let displays = [display("HDMI-A-1", &modes), display("HDMI-A-2", &modes[..1])];
        let both = wish(Some("HDMI-A-1"), Some((1280, 720)));
        let choice = both.choose(&displays).expect("a display");
        assert_eq!(
            (choice.mode, both.is_met_by(&choice)),
            (Some(3), true),
            "the calmest, and the first of equals"
        );
        let second = wish(Some("HDMI-A-2"), Some((1280, 720)));
        let choice = second.choose(&displays).expect("a display");
        assert_eq!((choice.display.output.as_str(), choice.mode), ("HDMI-A-2", None));
        assert!(
            !second.is_met_by(&choice),
            "a picture of another size is better than none, and said"
        );
        let elsewhere = wish(Some("HDMI-1"), None);
        let choice = elsewhere.choose(&displays).expect("a display");
        assert_eq!(
            choice.display.output, "HDMI-A-1",
            "a misspelt output costs nobody the picture"
        );
        assert!(!elsewhere.is_met_by(&choice));
    }

    #[test]
    fn a_panel_of_more_pixels_than_can_be_drawn_is_used_with_fewer() {
        let large = Mode {
            is_preferred: true,
            ..mode(3840, 2160, 30)
        };
        let modes = [
            large,
            mode(3840, 2160, 60),
            mode(1920, 1080, 50),
            mode(1920, 1080, 60),
            mode(1280, 720, 60),
        ];
        let choose = |wish: Wish, modes: &[Mode]| wish.choose(&[display("HDMI-A-1", modes)]).expect("a display").mode;
        assert_eq!(choose(Wish::default(), &modes), Some(3));
        assert_eq!(choose(wish(None, Some((3840, 2160))), &modes), Some(1), "as wished");
        assert_eq!(choose(Wish::default(), &modes[..2]), None, "it has no other");
    }

    /// The kernel's folder of displays, made up.
    struct Sys(tempfile::TempDir);

    impl Sys {
        fn new(displays: &[(&str, &str, &str)]) -> Self {
            let sys = Self(tempfile::tempdir().expect("a folder"));
            // What is not a display at all.
            for other in ["card1", "renderD128", "version"] {
                fs::create_dir(sys.0.path().join(other)).expect("made");
            }
            for (name, status, modes) in displays {
                fs::create_dir(sys.0.path().join(name)).expect("made");
                sys.says(name, status, modes);
            }
            sys
        }

        fn says(&self, name: &str, status: &str, modes: &str) {
            let folder = self.0.path().join(name);
            fs::write(folder.join("status"), format!("{status}\n")).expect("written");
            fs::write(folder.join("modes"), modes).expect("written");
        }

        fn class(&self) -> &Path {
            self.0.path()
        }
    }

    const FIRST: &str = "card1-HDMI-A-1";
    const SECOND: &str = "card1-HDMI-A-2";
    const HD: &str = "1920x1080\n1280x720\n";
    const FALLBACK: &str = "1024x768\n800x600\n";

    /// A watch over the first of two displays that says how many seconds after which things happen the program is to start anew.
    struct Hall {
        sys: Sys,
        watch: Watch,
        now: u64,
    }

    impl Hall {
        fn with(modes: &str, wished: Option<&str>) -> Self {
            let sys = Sys::new(&[(FIRST, "connected", modes), (SECOND, "disconnected", "")]);
            let choice = Choice {
                display: display("HDMI-A-1", &[]),
                mode: None,
            };
            let watch = Watch::of(&choice, &wish(wished, None), sys.class(), Duration::ZERO);
            Self { sys, watch, now: 0 }
        }

        /// Whether it is to start anew, a second later.
        fn second(&mut self) -> bool {
            self.now += 1;
            self.watch.look(self.sys.class(), Duration::from_secs(self.now))
        }

        /// After how many seconds it is to start anew, of some.
        fn answers_in(&mut self, seconds: u64) -> Option<u64> {
            (1..=seconds).find(|_| self.second())
        }
    }

    #[test]
    fn a_display_that_stays_as_it_is_is_left_alone() {
        let mut hall = Hall::with(HD, Some("HDMI-A-1"));
        assert_eq!(hall.answers_in(60), None);
        hall.sys.says(SECOND, "connected", HD);
        assert_eq!(hall.answers_in(60), None, "nobody looks at the other one");
    }

    #[test]
    fn a_display_that_goes_is_waited_for_and_one_that_comes_is_noticed_within_three_seconds() {
        let mut hall = Hall::with(HD, None);
        hall.sys.says(FIRST, "disconnected", "");
        assert_eq!(hall.answers_in(3600), None, "nothing is connected all night");
        hall.sys.says(FIRST, "connected", HD);
        assert!(
            hall.answers_in(10).is_some_and(|seconds| seconds <= 2),
            "the same one needs its mode anew"
        );
    }

    #[test]
    fn a_plug_that_wobbles_is_waited_for() {
        let mut hall = Hall::with(HD, None);
        for _ in 0..5 {
            hall.sys.says(FIRST, "disconnected", "");
            assert!(!hall.second());
            hall.sys.says(FIRST, "connected", HD);
            assert!(!hall.second());
        }
        assert_eq!(hall.answers_in(3), Some(1));
    }

    #[test]
    fn a_display_of_another_size_and_one_that_says_late_what_it_is_are_noticed() {
        for (before, after) in [(HD, "1280x800\n"), (FALLBACK, HD), ("", HD)] {
            let mut hall = Hall::with(before, None);
            hall.sys.says(FIRST, "connected", after);
            assert_eq!(hall.answers_in(10), Some(2), "{before} {after}");
        }
    }

    #[test]
    fn a_cable_in_the_other_socket_is_followed_and_the_wished_output_is_gone_back_to() {
        let mut hall = Hall::with(HD, None);
        hall.sys.says(FIRST, "disconnected", "");
        hall.sys.says(SECOND, "connected", HD);
        assert_eq!(hall.answers_in(10), Some(2));
        let mut hall = Hall::with(HD, Some("HDMI-A-2"));
        assert_eq!(hall.answers_in(60), None, "it is not there yet");
        hall.sys.says(SECOND, "connected", HD);
        assert_eq!(hall.answers_in(10), Some(2));
    }

    #[test]
    fn whoever_has_none_takes_the_first_that_comes() {
        let mut hall = Hall::with(HD, None);
        hall.sys.says(FIRST, "disconnected", "");
        hall.watch = Watch::of_none(Duration::ZERO);
        assert_eq!(hall.answers_in(3600), None);
        hall.sys.says(SECOND, "connected", HD);
        assert_eq!(hall.answers_in(10), Some(2));
    }

    #[test]
    fn without_a_folder_of_displays_nothing_is_said() {
        let choice = Choice {
            display: display("HDMI-A-1", &[]),
            mode: None,
        };
        let nowhere = Path::new("/proc/nowhere");
        let mut watch = Watch::of(&choice, &Wish::default(), nowhere, Duration::ZERO);
        assert!(!watch.look(nowhere, Duration::from_mins(1)));
        assert_eq!(connected(nowhere), []);
    }
}
