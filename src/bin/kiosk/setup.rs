//! `kiosk set-up`: brings the machine in line with `kiosk.toml`, as root, at each start of the image before anything else.
//!
//! All that it writes lies under `/run` and is gone at power off: what the settings say is the only truth. It starts nothing;
//! the image's units read what lies there. Of a table that is not there, or is wrong, nothing is written, and that part of the
//! machine starts as it is.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::config::Config;
use super::hardware::{Network, Rotation};

/// What `kiosk.service` is started with.
const ENVIRONMENT: &str = "run/commune-kiosk/environment";
/// How touches are turned with the picture.
const TOUCH: &str = "run/udev/rules.d/71-kiosk-touch.rules";
/// What `kiosk-wifi@.service` connects to.
const WIFI: &str = "run/commune-kiosk/wpa_supplicant.conf";

/// Writes below `root` what the settings ask for.
pub fn apply(config: &Config, root: &Path) -> Result<ExitCode> {
    let Rotation(degrees) = config.hardware.rotation;
    // Slint's variable; anything else that it reads from its surroundings is not to be set from here.
    put(root, ENVIRONMENT, &format!("SLINT_KMS_ROTATION={degrees}\n"))?;
    if let Some(rule) = touch_rule(config.hardware.rotation) {
        put(root, TOUCH, &rule)?;
    }
    if let Some(settings) = config.network.as_ref().and_then(wpa_supplicant) {
        put(root, WIFI, &settings)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The files may hold a password: they are root's alone.
fn put(root: &Path, name: &str, text: &str) -> Result<()> {
    let path = root.join(name);
    let written = || {
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        let mut options = fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)?;
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

/// The settings of `wpa_supplicant.conf(5)`; `None` if no network is named.
fn wpa_supplicant(network: &Network) -> Option<String> {
    let name = network.wifi.as_ref()?;
    // In hexadecimal, so that no letter of a name means anything.
    let name = name.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    // Between the first and the last quote of its line everything is the password; `Network::check` lets no line end through.
    let secret = match &network.password {
        Some(password) => format!("key_mgmt=WPA-PSK WPA-PSK-SHA256 SAE\n    ieee80211w=1\n    psk=\"{password}\""),
        None => "key_mgmt=NONE".to_owned(),
    };
    let country = &network.country;
    Some(format!(
        "country={country}\nnetwork={{\n    ssid={name}\n    scan_ssid=1\n    {secret}\n}}\n"
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
        let written: Vec<_> = [ENVIRONMENT, TOUCH, WIFI].into_iter().filter_map(read).collect();
        for (name, _) in &written {
            let mode = fs::metadata(root.path().join(name))
                .expect("a file")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
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
    fn a_wireless_network_is_written_so_that_its_name_means_nothing() {
        let written = set_up("[network]\nwifi = \"Xã Lê Lợi\"\npassword = 'a\"b#c}d\\e'");
        let expected = "country=VN\nnetwork={\n    ssid=58c3a3204cc3aa204ce1bba369\n    scan_ssid=1\n    key_mgmt=WPA-PSK \
                        WPA-PSK-SHA256 SAE\n    ieee80211w=1\n    psk=\"a\"b#c}d\\e\"\n}\n";
        assert_eq!(written[1], (WIFI, expected.to_owned()));
        let open = set_up("[network]\nwifi = \"x\"\ncountry = \"LA\"");
        assert!(open[1].1.contains("country=LA\n") && open[1].1.contains("key_mgmt=NONE"));
        assert_eq!(set_up("[network]").len(), 1, "no name, no network");
    }
}
