//! The table `[hardware]` of `kiosk.toml`.

use commune_kiosk::kiosk::device::gpio::{Input, Line, Place};
use serde::Deserialize;

use super::tables::{Table, Wrong};

/// What is connected to the machine. All of it may be absent.
#[derive(Debug)]
pub struct Hardware {
    /// The line of a sensor that sees whether somebody is there.
    presence: Option<Pin>,
    /// The line of the staff's key switch.
    staff_key: Option<Pin>,
    /// After how many seconds without anybody the screen gets dark; 0 for never.
    pub dim_after_seconds: u64,
    /// By how many degrees the picture is turned, clockwise.
    pub rotation: Rotation,
}

impl Default for Hardware {
    fn default() -> Self {
        Self {
            presence: None,
            staff_key: None,
            dim_after_seconds: 600,
            rotation: Rotation::default(),
        }
    }
}

impl Hardware {
    /// Reads the table.
    pub fn read(table: &mut Table) -> Result<Self, Wrong> {
        let usual = Self::default();
        Ok(Self {
            presence: Pin::read(table, "presence")?,
            staff_key: Pin::read(table, "staff_key")?,
            dim_after_seconds: table.take("dim_after_seconds")?.unwrap_or(usual.dim_after_seconds),
            rotation: table.take("rotation")?.unwrap_or(usual.rotation),
        })
    }

    /// The line of an input, if there is one.
    pub fn line(&self, input: Input) -> Option<Line> {
        let pin = match input {
            Input::Presence => &self.presence,
            Input::StaffKey => &self.staff_key,
        };
        let Pin { place, active_low } = pin.clone()?;
        Some(Line::of(input, place, active_low))
    }
}

/// A line: `"GPIO17"`, or a table where it is not wired as usual or has no name.
#[derive(Debug, Clone)]
struct Pin {
    place: Place,
    active_low: Option<bool>,
}

impl Pin {
    fn read(table: &mut Table, key: &str) -> Result<Option<Self>, Wrong> {
        let wired = table.take_table(key, |line| {
            let place = match (line.take("name")?, line.take("chip")?, line.take("line")?) {
                (Some(name), None, None) => Place::Named(name),
                (None, Some(chip), Some(line)) => Place::Numbered { chip, line },
                _ => return Err("a line is { name = \"GPIO17\" } or { chip = \"gpiochip0\", line = 17 }".into()),
            };
            Ok(Self {
                place,
                active_low: line.take("active_low")?,
            })
        })?;
        Ok(match wired {
            Some(wired) => Some(wired),
            None => table.take(key)?.map(|name| Self {
                place: Place::Named(name),
                active_low: None,
            }),
        })
    }
}

/// Degrees by which the picture is turned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u16")]
pub struct Rotation(pub u16);

impl TryFrom<u16> for Rotation {
    type Error = &'static str;

    fn try_from(degrees: u16) -> Result<Self, Self::Error> {
        match degrees {
            0 | 90 | 180 | 270 => Ok(Self(degrees)),
            _ => Err("rotation is 0, 90, 180 or 270"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hardware(text: &str) -> Result<Hardware, Wrong> {
        Hardware::read(&mut Table::parse(text).expect("TOML"))
    }

    #[test]
    fn without_settings_nothing_is_connected() {
        let hardware = hardware("").expect("settings");
        assert_eq!(hardware.line(Input::Presence), None);
        assert_eq!(hardware.line(Input::StaffKey), None);
        assert_eq!((hardware.dim_after_seconds, hardware.rotation), (600, Rotation(0)));
    }

    #[test]
    fn lines_are_named_or_numbered() {
        let hardware = hardware(
            "presence = { chip = \"gpiochip0\", line = 17, active_low = true }\nstaff_key = \"GPIO27\"\n\
             dim_after_seconds = 0\nrotation = 270",
        )
        .expect("settings");
        let presence = hardware.line(Input::Presence).expect("a line");
        let numbered = Place::Numbered {
            chip: "gpiochip0".to_owned(),
            line: 17,
        };
        assert_eq!(
            (presence.place, presence.active_low, presence.pull_up),
            (numbered, true, false)
        );
        let key = hardware.line(Input::StaffKey).expect("a line");
        let named = Place::Named("GPIO27".to_owned());
        assert_eq!((key.place, key.active_low, key.pull_up), (named, true, true));
        assert_eq!((hardware.dim_after_seconds, hardware.rotation), (0, Rotation(270)));
    }

    #[test]
    fn a_named_line_can_be_wired_the_other_way() {
        let hardware = hardware("staff_key = { name = \"GPIO27\", active_low = false }").expect("settings");
        assert!(!hardware.line(Input::StaffKey).expect("a line").active_low);
    }

    #[test]
    fn a_value_that_can_not_be_is_refused() {
        for wrong in [
            "presence = 17",
            "presence = { chip = \"gpiochip0\" }",
            "presence = { chip = \"gpiochip0\", line = -1 }",
            "presence = { name = \"GPIO17\", line = 17 }",
            "rotation = 45",
            "dim_after_seconds = -1",
        ] {
            assert!(hardware(wrong).is_err(), "{wrong}");
        }
    }
}
