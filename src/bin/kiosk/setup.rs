//! `kiosk set-up`: brings the machine in line with `kiosk.toml`, as root, at each start of the image before anything else.
//!
//! All that it writes lies under `/run` and is gone at power off: what the settings say is the only truth. It starts nothing;
//! the image's units read what lies there. Of a table that is not there, or is wrong, nothing is written, and that part of the
//! machine starts as it is.

use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::config::Config;
use super::hardware::Rotation;

/// What `kiosk.service` is started with.
const ENVIRONMENT: &str = "run/commune-kiosk/environment";
/// How touches are turned with the picture.
const TOUCH: &str = "run/udev/rules.d/71-kiosk-touch.rules";
/// The output that `look-at-screens` switches on also where nothing says that a screen is there.
const OUTPUT: &str = "run/commune-kiosk/output";
/// What `kiosk-wifi@.service` connects to.
const WIFI: &str = "run/commune-kiosk/wpa_supplicant.conf";
/// Whose certificates are believed there.
const WIFI_AUTHORITY: &str = "run/commune-kiosk/wifi-ca.pem";
/// Drop-ins for the image's own files of systemd-networkd: the addresses of a cable and of Wi-Fi.
const CABLE_ADDRESS: &str = "run/systemd/network/80-cable.network.d/kiosk.conf";
const WIFI_ADDRESS: &str = "run/systemd/network/81-wifi.network.d/kiosk.conf";

/// For what may be a password: root's alone.
const SECRET: u32 = 0o600;
/// systemd-networkd reads its files as a user of its own.
const PUBLIC: u32 = 0o644;

/// Writes below `root` what the settings ask for.
pub fn apply(config: &Config, root: &Path) -> Result<ExitCode> {
    let Rotation(degrees) = config.hardware.rotation;
    // Slint's variable; anything else that it reads from its surroundings is not to be set from here.
    put(root, ENVIRONMENT, &format!("SLINT_KMS_ROTATION={degrees}\n"), SECRET)?;
    if let Some(rule) = touch_rule(config.hardware.rotation) {
        put(root, TOUCH, &rule, SECRET)?;
    }
    if let Some(output) = &config.screen.output {
        put(root, OUTPUT, &format!("{output}\n"), PUBLIC)?;
    }
    if let Some(wifi) = &config.wifi {
        if let Some(authority) = wifi.authority() {
            put(root, WIFI_AUTHORITY, authority, SECRET)?;
        }
        if let Some(settings) = wifi.wpa_supplicant(&Path::new("/").join(WIFI_AUTHORITY)) {
            put(root, WIFI, &settings, SECRET)?;
        }
    }
    let by_air = config
        .wifi
        .as_ref()
        .map(|wifi| wifi.address.clone())
        .unwrap_or_default();
    for (name, address) in [(CABLE_ADDRESS, &config.cable), (WIFI_ADDRESS, &by_air)] {
        if let Some(drop_in) = address.drop_in(&config.time) {
            put(root, name, &drop_in, PUBLIC)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn put(root: &Path, name: &str, text: &str, mode: u32) -> Result<()> {
    let path = root.join(name);
    let written = || {
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(mode).open(&path)?;
        std::io::Write::write_all(&mut file, text.as_bytes())
    };
    written().with_context(|| format!("{} can't be written", path.display()))
}

/// The udev rule that turns touches as Slint turns the picture: clockwise.
///
/// The matrix is libinput's (`LIBINPUT_CALIBRATION_MATRIX`): the first two rows of what makes of a place on the panel, from 0 to 1
/// each way, a place on the picture.
fn touch_rule(rotation: Rotation) -> Option<String> {
    let matrix = match rotation.0 {
        90 => "0 1 0 -1 0 1",
        180 => "-1 0 1 0 -1 1",
        270 => "0 -1 1 1 0 0",
        _ => return None,
    };
    Some(format!(
        "ACTION!=\"remove\", SUBSYSTEM==\"input\", KERNEL==\"event[0-9]*\", ENV{{ID_INPUT_TOUCHSCREEN}}==\"1\", \
         ENV{{LIBINPUT_CALIBRATION_MATRIX}}=\"{matrix}\"\n"
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// What is written for these settings, by name.
    fn set_up(settings: &str) -> Vec<(&'static str, String)> {
        let root = tempfile::tempdir().expect("a folder");
        let file = root.path().join("kiosk.toml");
        fs::write(&file, settings).expect("written");
        let config = Config::read(Some(&file), None).expect("settings");
        apply(&config, root.path()).expect("set up");
        let read = |name: &'static str| Some((name, fs::read_to_string(root.path().join(name)).ok()?));
        let names = [
            ENVIRONMENT,
            TOUCH,
            OUTPUT,
            WIFI,
            WIFI_AUTHORITY,
            CABLE_ADDRESS,
            WIFI_ADDRESS,
        ];
        let written: Vec<_> = names.into_iter().filter_map(read).collect();
        for (name, _) in &written {
            let mode = fs::metadata(root.path().join(name))
                .expect("a file")
                .permissions()
                .mode();
            let expected = if name.contains("systemd") || *name == OUTPUT {
                0o644
            } else {
                0o600
            };
            assert_eq!(mode & 0o777, expected, "{name}");
        }
        written
    }

    #[test]
    fn without_settings_the_picture_is_as_it_is() {
        assert_eq!(set_up(""), [(ENVIRONMENT, "SLINT_KMS_ROTATION=0\n".to_owned())]);
    }

    #[test]
    fn touches_turn_with_the_picture() {
        let written = set_up("[hardware]\nrotation = 90");
        assert_eq!(written[0].1, "SLINT_KMS_ROTATION=90\n");
        assert!(written[1].1.contains("MATRIX}=\"0 1 0 -1 0 1\""), "{written:?}");
    }

    #[test]
    fn the_output_that_is_named_is_left_for_who_switches_it_on() {
        let written = set_up("[screen]\noutput = \"HDMI-A-1\"\nsize = \"1920x1080\"");
        assert_eq!(written[1], (OUTPUT, "HDMI-A-1\n".to_owned()));
        assert_eq!(set_up("[screen]\nsize = \"1920x1080\"").len(), 1);
    }

    /// Where a finger on the panel is on the picture, both from 0 to 1.
    fn turned(degrees: u16, (x, y): (f64, f64)) -> (f64, f64) {
        let rule = touch_rule(Rotation(degrees)).expect("a rule");
        let matrix: Vec<f64> = rule
            .rsplit('"')
            .nth(1)
            .expect("a matrix")
            .split(' ')
            .map(|n| n.parse().expect("a number"))
            .collect();
        let row = |m: &[f64]| m[0] * x + m[1] * y + m[2];
        (row(&matrix[..3]), row(&matrix[3..]))
    }

    #[test]
    fn a_finger_hits_what_it_sees() {
        // Slint puts the top left corner of the picture at the panel's top right for 90, bottom right for 180, bottom left for
        // 270 degrees.
        for (degrees, corner, below) in [
            (90, (1.0, 0.0), (0.0, 0.0)),
            (180, (1.0, 1.0), (1.0, 0.0)),
            (270, (0.0, 1.0), (1.0, 1.0)),
        ] {
            assert_eq!(turned(degrees, corner), (0.0, 0.0), "{degrees}");
            assert_eq!(turned(degrees, below), (0.0, 1.0), "the bottom left corner, {degrees}");
        }
        assert!(touch_rule(Rotation(0)).is_none());
    }

    #[test]
    fn each_part_of_the_network_has_its_own_file() {
        assert_eq!(set_up("[network]").len(), 1, "no name, no network");
        let names = |settings: &str| -> Vec<&str> { set_up(settings).iter().map(|(name, _)| *name).skip(1).collect() };
        assert_eq!(names("[network]\nwifi = \"x\""), [WIFI]);
        assert_eq!(names("[cable]\naddress = \"10.0.0.5/24\""), [CABLE_ADDRESS]);
        assert_eq!(
            names("[network]\nwifi = \"x\"\naddress = \"10.0.0.5/24\""),
            [WIFI, WIFI_ADDRESS]
        );
        assert_eq!(names("[time]\nntp = \"10.0.0.1\""), [CABLE_ADDRESS, WIFI_ADDRESS]);
        let slip = "[network]\nwifi = \"\"\n[cable]\naddress = \"10.0.0.5/24\"\n[time]\nntp = \"a b\"";
        assert_eq!(names(slip), [CABLE_ADDRESS]);
    }
}
