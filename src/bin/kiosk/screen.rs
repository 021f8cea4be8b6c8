//! The screen of a machine without a desktop: the table `[screen]`, what Slint is told of it, and what happens when the screen goes,
//! comes late, or is another one. Begin with [`Screen`].

use std::env;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::device::displays::{self, Choice, Watch, Wish};
use commune_kiosk::kiosk::screen::{Kiosk, bare};

use super::tables::{Table, Wrong};
use super::{event_loop, threads};

/// What Slint reads: the name of an output, and the number of one of its modes.
const OUTPUT: &str = "SLINT_DRM_OUTPUT";
const MODE: &str = "SLINT_DRM_MODE";

/// Says that the two were set here and not by somebody who tries something by hand.
const OURS: &str = "KIOSK_SCREEN";

/// The longest name of an output: the kernel's are shorter.
const LONGEST: usize = 32;

/// The screens there are, in inches from corner to corner.
const INCHES: std::ops::RangeInclusive<f64> = 5.0..=100.0;

/// Reads the table.
pub fn read(table: &mut Table) -> Result<Wish, Wrong> {
    let output: Option<String> = table.take("output")?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if output
        .as_ref()
        .is_some_and(|name| !(1..=LONGEST).contains(&name.len()) || !name.bytes().all(is_letter))
    {
        return Err("an output is named as \"HDMI-A-1\"".into());
    }
    let size: Option<String> = table.take("size")?;
    let size = size.map(|size| {
        let (width, height) = size.split_once('x')?;
        let size = (width.trim().parse().ok()?, height.trim().parse().ok()?);
        (size.0 > 0 && size.1 > 0).then_some(size)
    });
    let inches: Option<f64> = table.take("inches")?;
    if inches.is_some_and(|inches| !INCHES.contains(&inches)) {
        return Err("inches is the screen from corner to corner, as 10.1".into());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a screen's size")]
    let diagonal = inches.map(|inches| (inches * 25.4).round() as u32);
    match size {
        Some(None) => Err("a size is written as \"1920x1080\"".into()),
        size => Ok(Wish {
            output,
            size: size.flatten(),
            diagonal,
        }),
    }
}

/// The screen that is used. Other programs draw on a desktop's; there it does nothing.
pub struct Screen {
    wish: Wish,
    clock: Clock,
    watch: Option<Watch>,
    /// What the display says of its size.
    diagonal: Option<u32>,
}

impl Screen {
    /// The screen that is wished.
    pub fn new(wish: Wish) -> Self {
        Self {
            wish,
            clock: Clock::default(),
            watch: None,
            diagonal: None,
        }
    }

    /// From corner to corner in millimetres, if anybody knows.
    pub fn diagonal(&self) -> Option<u32> {
        self.wish.diagonal.or(self.diagonal)
    }

    /// Chooses it, as often as it is tried. Does not come back if Slint must be told something: a program can't safely change its own
    /// surroundings, so it starts itself anew with others, as the same process.
    pub fn choose(&mut self) {
        if !bare::is_wanted() {
            return;
        }
        let choice = self.wish.choose(&displays::connected(Path::new(displays::DEVICES)));
        self.watch_over(choice.as_ref());
        let Some(choice) = choice else {
            return;
        };
        self.diagonal = choice.display.diagonal;
        let told = told(&self.wish, &choice, env::var_os(OURS).is_some());
        if told.iter().all(|(name, value)| env::var(name).ok() == *value) {
            return;
        }
        if !self.wish.is_met_by(&choice) {
            tracing::warn!(
                "the screen is not used as [screen] says: {} in its own size",
                choice.display.output
            );
        }
        let mut again = Command::new("/proc/self/exe");
        let mut arguments = env::args_os();
        if let Some(own) = arguments.next() {
            again.arg0(own);
        }
        again.args(arguments);
        for (name, value) in told {
            match value {
                Some(value) => again.env(name, value),
                None => again.env_remove(name),
            };
        }
        // Then the screen is used as it comes.
        let error = again.exec();
        tracing::error!("the program can't start itself with another screen: {error}");
    }

    fn watch_over(&mut self, choice: Option<&Choice>) {
        let now = self.clock.now().monotonic;
        self.watch = choice.map(|choice| Watch::of(choice, &self.wish, Path::new(displays::CLASS), now));
    }

    /// Watches the screen on a thread of its own; ends the program in order when there is another picture to be had, to be started
    /// again.
    pub fn watch(mut self) -> Result<()> {
        if !bare::is_wanted() {
            return Ok(());
        }
        // It may have come between the choice and the window.
        if self.watch.is_none() {
            let choice = self.wish.choose(&displays::connected(Path::new(displays::DEVICES)));
            self.watch_over(choice.as_ref());
        }
        let clock = self.clock;
        // Without any the backend draws on what the machine's firmware set up.
        let mut watch = self.watch.unwrap_or_else(|| Watch::of_none(clock.now().monotonic));
        threads::keep("displays", move || {
            loop {
                std::thread::sleep(displays::EVERY);
                if watch.look(Path::new(displays::CLASS), clock.now().monotonic) {
                    tracing::warn!("the screen is another one, or was gone: the program starts again");
                    event_loop::invoke(Kiosk::restart);
                }
            }
        })
    }
}

/// What Slint is to find in its surroundings: nothing where it would choose the same, and no longer what was `ours` before.
fn told(wish: &Wish, choice: &Choice, ours: bool) -> [(&'static str, Option<String>); 3] {
    if wish.output.is_none() && wish.size.is_none() && choice.mode.is_none() {
        // Somebody who tries something by hand is not contradicted.
        let as_it_is = |name| env::var(name).ok().filter(|_| !ours);
        return [(OUTPUT, as_it_is(OUTPUT)), (MODE, as_it_is(MODE)), (OURS, None)];
    }
    [
        (OUTPUT, Some(choice.display.output.clone())),
        (MODE, choice.mode.map(|mode| mode.to_string())),
        (OURS, Some("1".to_owned())),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(text: &str) -> Result<Wish, Wrong> {
        read(&mut Table::parse(text).expect("TOML"))
    }

    #[test]
    fn an_output_and_a_size_are_read_and_slips_are_said() {
        let screen = wish("output = \"HDMI-A-1\"\nsize = \"1920x1080\"").expect("settings");
        assert_eq!(
            (screen.output.as_deref(), screen.size),
            (Some("HDMI-A-1"), Some((1920, 1080)))
        );
        assert_eq!(wish("").expect("settings"), Wish::default());
        assert_eq!(wish("inches = 10.1").expect("settings").diagonal, Some(257));
        for (wrong, words) in [
            ("size = \"1920\"", "1920x1080"),
            ("size = \"0x1080\"", "1920x1080"),
            ("size = \"99999x1080\"", "1920x1080"),
            ("size = 1920", ""),
            ("inches = 0.0", "10.1"),
            ("inches = 1010.0", "10.1"),
            ("inches = \"10\"", ""),
            ("output = \"\"", "HDMI-A-1"),
            ("output = \"card0/HDMI\"", "HDMI-A-1"),
            ("output = \"HDMI-A-1\\nX=1\"", "HDMI-A-1"),
        ] {
            let said = format!("{:?}", wish(wrong).expect_err(wrong));
            assert!(said.contains(words), "{wrong}: {said}");
        }
    }

    #[test]
    fn slint_is_told_only_what_it_would_not_choose_itself() {
        let display = displays::Display {
            folder: "card0-HDMI-A-1".to_owned(),
            output: "HDMI-A-1".to_owned(),
            modes: Vec::new(),
            diagonal: None,
        };
        let choice = |mode| Choice {
            display: display.clone(),
            mode,
        };
        let values = |wish: &Wish, mode, ours| told(wish, &choice(mode), ours).map(|(_, value)| value);
        let by_hand = [OUTPUT, MODE].map(|name| env::var(name).ok());
        let [output, mode, ours] = values(&Wish::default(), None, false);
        assert_eq!(([output, mode], ours), (by_hand, None));
        let (output, ours) = (Some("HDMI-A-1".to_owned()), Some("1".to_owned()));
        assert_eq!(
            values(&Wish::default(), Some(7), false),
            [output.clone(), Some("7".to_owned()), ours.clone()],
            "a panel that is too large"
        );
        // That panel is gone, and another one came that needs nothing: what was told of the first is taken back.
        assert_eq!(values(&Wish::default(), None, true), [None, None, None]);
        let sized = wish("size = \"1x1\"").expect("settings");
        assert_eq!(values(&sized, None, false), [output, None, ours]);
    }
}
