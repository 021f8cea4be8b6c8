//! The screen's brightness, where the kernel lets us set it (`/sys/class/backlight`).
//!
//! The interface is the kernel's `Documentation/ABI/stable/sysfs-class-backlight`: `brightness` between 0 and
//! `max_brightness`. Begin with [`Backlight::find`].

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
}
