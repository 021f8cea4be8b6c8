//! Power and heat, where the kernel measures them: too little voltage, and how warm the processor is.
//!
//! Nothing here cools or slows anything. The kernel's driver for a Raspberry Pi asks the firmware every two seconds, so a dip
//! shorter than the time between two looks may be missed. Begin with [`look`].

use std::fs;
use std::path::{Path, PathBuf};

/// The hwmon driver of a Raspberry Pi's firmware (Linux' `drivers/hwmon/raspberrypi-hwmon.c`).
const VOLTAGE: &str = "rpi_volt";

/// Thermal zones of processors, most trusted first: a Raspberry Pi, Intel, and whatever a PC's firmware offers.
const ZONES: [&str; 4] = ["cpu-thermal", "cpu_thermal", "x86_pkg_temp", "acpitz"];

/// AMD's processors are no thermal zone but an hwmon.
const AMD: &str = "k10temp";

/// Colder or hotter than this, in thousandths of a degree, no processor says anything: the sensor is wrong.
const BELIEVED: std::ops::RangeInclusive<i64> = -40_000..=150_000;

/// What is known. What nobody measures is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Power {
    /// Whether the voltage is too low just now.
    pub under_voltage: Option<bool>,
    /// How hot the processor is, in °C.
    pub temperature: Option<i64>,
}

/// Looks at a machine whose `/sys` is under `root`.
#[must_use]
pub fn look(root: &Path) -> Power {
    Power {
        under_voltage: under_voltage(root),
        temperature: temperature(root),
    }
}

fn under_voltage(root: &Path) -> Option<bool> {
    let sensor = named(&root.join("sys/class/hwmon"), "name", VOLTAGE)?;
    match number(&sensor.join("in0_lcrit_alarm"))? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// That of the most trusted zone, or else the hottest of all.
fn temperature(root: &Path) -> Option<i64> {
    let zones = root.join("sys/class/thermal");
    let of_zone = |zone: &PathBuf| number(&zone.join("temp")).filter(|degrees| BELIEVED.contains(degrees));
    let of_processor = ZONES
        .iter()
        .find_map(|kind| of_zone(&named(&zones, "type", kind)?))
        .or_else(|| {
            let sensor = named(&root.join("sys/class/hwmon"), "name", AMD)?;
            number(&sensor.join("temp1_input")).filter(|degrees| BELIEVED.contains(degrees))
        });
    let hottest = || folders(&zones).iter().filter_map(of_zone).max();
    of_processor.or_else(hottest).map(|degrees| degrees.div_euclid(1000))
}

/// The first folder of a class whose file `label` says `wanted`.
fn named(class: &Path, label: &str, wanted: &str) -> Option<PathBuf> {
    let says = |folder: &PathBuf| fs::read_to_string(folder.join(label)).is_ok_and(|text| text.trim() == wanted);
    folders(class).into_iter().find(says)
}

fn folders(class: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(class).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

fn number(file: &Path) -> Option<i64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let file = root.path().join("sys/class").join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, format!("{text}\n")).unwrap();
        }
        root
    }

    fn degrees(files: &[(&str, &str)]) -> Option<i64> {
        look(machine(files).path()).temperature
    }

    #[test]
    fn a_machine_that_measures_nothing_has_nothing_to_say() {
        assert_eq!(look(Path::new("/nowhere")), Power::default());
        assert_eq!(look(machine(&[]).path()), Power::default());
    }

    #[test]
    fn a_weak_supply_is_seen_whatever_else_is_measured() {
        let with = |alarm| {
            let files = [
                ("hwmon/hwmon0/name", "cpu_thermal"),
                ("hwmon/hwmon0/in0_lcrit_alarm", "1"),
                ("hwmon/hwmon1/name", "rpi_volt"),
                ("hwmon/hwmon1/in0_lcrit_alarm", alarm),
            ];
            look(machine(&files).path()).under_voltage
        };
        assert_eq!(with("1"), Some(true));
        assert_eq!(with("0"), Some(false));
        assert_eq!(with("perhaps"), None);
        let other = [("hwmon/hwmon0/name", "nvme"), ("hwmon/hwmon0/in0_lcrit_alarm", "1")];
        assert_eq!(look(machine(&other).path()).under_voltage, None);
    }

    #[test]
    fn the_processors_own_zone_is_preferred() {
        let pc = [
            ("thermal/thermal_zone0/type", "acpitz"),
            ("thermal/thermal_zone0/temp", "27800"),
            ("thermal/thermal_zone1/type", "x86_pkg_temp"),
            ("thermal/thermal_zone1/temp", "61000"),
            ("thermal/thermal_zone2/type", "iwlwifi_1"),
            ("thermal/thermal_zone2/temp", "70000"),
        ];
        assert_eq!(degrees(&pc), Some(61));
        assert_eq!(degrees(&pc[..2]), Some(27));
        assert_eq!(
            degrees(&[
                ("thermal/thermal_zone0/type", "cpu-thermal"),
                ("thermal/thermal_zone0/temp", "84713")
            ]),
            Some(84)
        );
    }

    #[test]
    fn without_one_amds_sensor_counts_and_else_the_hottest() {
        let zones = [
            ("thermal/thermal_zone0/type", "gpu-thermal"),
            ("thermal/thermal_zone0/temp", "50500"),
            ("thermal/thermal_zone1/type", "ddr-thermal"),
            ("thermal/thermal_zone1/temp", "58200"),
            ("thermal/thermal_zone2/type", "broken"),
            ("thermal/thermal_zone2/temp", "-273200"),
            ("thermal/cooling_device0/type", "Processor"),
        ];
        assert_eq!(degrees(&zones), Some(58));
        let amd = [("hwmon/hwmon3/name", "k10temp"), ("hwmon/hwmon3/temp1_input", "44875")];
        assert_eq!(degrees(&[&zones[..], &amd].concat()), Some(44));
    }
}
