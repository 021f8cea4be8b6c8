//! The screen's brightness, where the kernel lets us set it (`/sys/class/backlight`).
//!
//! The interface is the kernel's `Documentation/ABI/stable/sysfs-class-backlight`: `brightness` between 0 and
//! `max_brightness`, and `bl_power`, which is 0 while it is lit. Begin with [`Backlight::find`]; [`Dimmer`] is for a hall
//! where nobody is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where the kernel shows backlights.
pub const CLASS: &str = "/sys/class/backlight";

/// Darker than this, in percent, nobody finds the way back.
const DARKEST: u32 = 10;

/// A backlight.
#[derive(Debug, Clone)]
pub struct Backlight {
    dir: PathBuf,
    most: u32,
}

impl Backlight {
    /// The first backlight of a folder such as [`CLASS`]; `None` if there is none that can be set.
    #[must_use]
    pub fn find(class: &Path) -> Option<Self> {
        let mut lights: Vec<PathBuf> = fs::read_dir(class).ok()?.flatten().map(|entry| entry.path()).collect();
        lights.sort();
        lights.into_iter().find_map(|dir| {
            let most = number(&dir.join("max_brightness")).ok().filter(|most| *most > 0)?;
            Some(Self { dir, most })
        })
    }

    /// How bright it is, in percent.
    ///
    /// # Errors
    /// The kernel doesn't say.
    pub fn percent(&self) -> io::Result<u32> {
        let now = number(&self.dir.join("brightness"))?.min(self.most);
        Ok(u32::try_from(u64::from(now) * 100 / u64::from(self.most)).unwrap_or(100))
    }

    /// Makes it so bright, in percent; never quite dark.
    ///
    /// # Errors
    /// The kernel refuses, for example because the program may not.
    pub fn set_percent(&self, percent: u32) -> io::Result<()> {
        let percent = u64::from(percent.clamp(DARKEST, 100));
        let steps = (percent * u64::from(self.most)).div_ceil(100);
        fs::write(self.dir.join("brightness"), steps.to_string())
    }

    /// What [`Backlight::percent`] says after the darkest was set: steps are whole.
    fn darkest(&self) -> u32 {
        let steps = (u64::from(DARKEST) * u64::from(self.most)).div_ceil(100);
        u32::try_from(steps * 100 / u64::from(self.most)).unwrap_or(DARKEST)
    }

    fn can_be_off(&self) -> bool {
        self.dir.join("bl_power").exists()
    }

    fn set_power(&self, power: &str) -> io::Result<()> {
        fs::write(self.dir.join("bl_power"), power)
    }
}

/// `bl_power` of a light that is lit, and of one that is off (`FB_BLANK_UNBLANK`, `FB_BLANK_POWERDOWN` of `linux/fb.h`).
const LIT: &str = "0";
const OFF: &str = "4";

/// Darkens the screen while nobody is there, and gives it back its brightness.
#[derive(Debug)]
pub struct Dimmer {
    light: Backlight,
    /// How bright it was, in percent, while it is dark.
    before: Option<u32>,
}

impl Dimmer {
    /// A dimmer of a backlight. A light that a program left dark when it ended, whoever cut its power, is lit again.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn new(light: Backlight) -> io::Result<Self> {
        if light.can_be_off() {
            light.set_power(LIT)?;
        }
        // Nobody reads by a screen at its darkest; how bright it was before is not known any more.
        if light.percent()? <= light.darkest() {
            light.set_percent(100)?;
        }
        Ok(Self { light, before: None })
    }

    /// Puts the light out where that can be done, else makes it as dark as it may be. Twice is once.
    ///
    /// # Errors
    /// The kernel refuses; it stays as bright as it was.
    pub fn dim(&mut self) -> io::Result<()> {
        if self.before.is_some() {
            return Ok(());
        }
        let before = self.light.percent()?;
        if self.light.can_be_off() {
            self.light.set_power(OFF)?;
        } else {
            self.light.set_percent(0)?;
        }
        self.before = Some(before);
        Ok(())
    }

    /// Makes it as bright as it was before it was dimmed.
    ///
    /// # Errors
    /// The kernel refuses; call it again.
    pub fn wake(&mut self) -> io::Result<()> {
        let Some(before) = self.before else {
            return Ok(());
        };
        if self.light.can_be_off() {
            self.light.set_power(LIT)?;
        } else {
            self.light.set_percent(before)?;
        }
        self.before = None;
        Ok(())
    }
}

fn number(file: &Path) -> io::Result<u32> {
    let text = fs::read_to_string(file)?;
    text.trim().parse().map_err(|_| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlight_is_found_set_and_never_put_out() {
        let class = tempfile::tempdir().unwrap();
        assert!(Backlight::find(class.path()).is_none());
        assert!(Backlight::find(Path::new("/nowhere")).is_none());
        let dir = class.path().join("panel");
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("max_brightness"), "31\n").unwrap();
        fs::write(dir.join("brightness"), "31\n").unwrap();
        let light = Backlight::find(class.path()).unwrap();
        assert_eq!(light.percent().unwrap(), 100);
        for (wanted, got) in [(50, 51), (100, 100), (0, 12), (1000, 100)] {
            light.set_percent(wanted).unwrap();
            assert_eq!(light.percent().unwrap(), got, "{wanted}");
        }
        fs::write(dir.join("brightness"), "bright").unwrap();
        assert!(light.percent().is_err());
    }

    fn light(class: &Path, brightness: &str) -> Backlight {
        let dir = class.join("panel");
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("max_brightness"), "255").unwrap();
        fs::write(dir.join("brightness"), brightness).unwrap();
        Backlight::find(class).unwrap()
    }

    #[test]
    fn a_hall_where_nobody_is_gets_dark_and_is_lit_as_before() {
        let class = tempfile::tempdir().unwrap();
        let light = light(class.path(), "204");
        let mut dimmer = Dimmer::new(light.clone()).unwrap();
        dimmer.wake().unwrap();
        assert_eq!(light.percent().unwrap(), 80, "it was never dark");
        for _ in 0..2 {
            dimmer.dim().unwrap();
            dimmer.dim().unwrap();
            assert_eq!(light.percent().unwrap(), 10);
            dimmer.wake().unwrap();
            assert_eq!(light.percent().unwrap(), 80);
        }
    }

    #[test]
    fn where_the_light_can_be_put_out_its_brightness_is_left_alone() {
        let class = tempfile::tempdir().unwrap();
        let light = light(class.path(), "128");
        let power = class.path().join("panel/bl_power");
        fs::write(&power, "4").unwrap();
        let mut dimmer = Dimmer::new(light.clone()).unwrap();
        assert_eq!(
            fs::read_to_string(&power).unwrap(),
            "0",
            "a program ended while it was dark"
        );
        dimmer.dim().unwrap();
        assert_eq!(fs::read_to_string(&power).unwrap(), "4");
        assert_eq!(light.percent().unwrap(), 50);
        dimmer.wake().unwrap();
        assert_eq!(fs::read_to_string(&power).unwrap(), "0");
    }

    #[test]
    fn a_light_that_was_left_at_its_darkest_is_lit() {
        let class = tempfile::tempdir().unwrap();
        let light = light(class.path(), "255");
        Dimmer::new(light.clone()).unwrap().dim().unwrap();
        assert_eq!(light.percent().unwrap(), 10);
        drop(Dimmer::new(light.clone()).unwrap());
        assert_eq!(light.percent().unwrap(), 100);
    }
}
