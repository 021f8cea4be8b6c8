//! What graphics and Wi-Fi run with, and which files of firmware the kernel asked for in vain: without these a screen stays black or a
//! network is not found, and only the kernel's log says why.
//!
//! Begin with [`missing_firmware`].

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What the kernel said of firmware since its start. Its log is root's alone, so who asks as root lays this there.
pub const LOG: &str = "run/commune-kiosk/firmware";

/// The files that the kernel did not find, each after its driver, by the kernel's log; `None` if nobody laid that there.
#[must_use]
pub fn missing_firmware(root: &Path) -> Option<Vec<String>> {
    Some(missing(&fs::read_to_string(root.join(LOG)).ok()?))
}

/// The same, of a log. Wi-Fi of Intel asks for several versions of a file, the newest first: one that it finds is enough.
fn missing(log: &str) -> Vec<String> {
    let mut missing = BTreeSet::new();
    for line in log.lines() {
        let line = without_time(line);
        let (driver, device) = match line.split_once(": ") {
            Some((who, _)) => who.split_once(' ').unwrap_or((who, "")),
            None => continue,
        };
        let after = |words: &str| line.split_once(words)?.1.split_whitespace().next();
        if let Some(file) = after("Direct firmware load for ").or_else(|| after("firmware: failed to load ")) {
            missing.insert((driver, device, file));
        } else if line.contains("loaded firmware version") {
            missing.retain(|(_, its, _)| *its != device);
        }
    }
    let named = missing.into_iter().map(|(driver, _, file)| format!("{driver} {file}"));
    named.collect()
}

/// A line without the kernel's `[   12.345678] `.
fn without_time(line: &str) -> &str {
    match line.strip_prefix('[').and_then(|line| line.split_once("] ")) {
        Some((_, said)) => said,
        None => line,
    }
}

/// The drivers of the graphics cards that screens can be plugged into; `framebuffer` if there is nothing but what the firmware set up;
/// `None` if there is neither.
#[must_use]
pub fn graphics(root: &Path) -> Option<String> {
    let drivers: BTreeSet<String> = names(&root.join("sys/class/drm"))
        .filter_map(|output| Some(output.split_once('-')?.0.to_owned()))
        .filter(|card| card.starts_with("card"))
        .filter_map(|card| {
            let driver = fs::read_link(root.join("sys/class/drm").join(card).join("device/driver")).ok()?;
            Some(driver.file_name()?.to_string_lossy().into_owned())
        })
        .collect();
    if drivers.is_empty() {
        let firmware = root.join("sys/class/graphics/fb0").exists();
        return firmware.then(|| "framebuffer".to_owned());
    }
    Some(drivers.into_iter().collect::<Vec<_>>().join(" "))
}

/// Whether a radio is connected; `None` if there is no radio that a driver runs.
#[must_use]
pub fn wifi(root: &Path) -> Option<&'static str> {
    let links = root.join("sys/class/net");
    let radios: Vec<String> = names(&links)
        .filter(|link| links.join(link).join("phy80211").exists())
        .collect();
    let is_up = |link: &String| {
        let state = fs::read_to_string(links.join(link).join("operstate"));
        state.is_ok_and(|state| state.trim() == "up")
    };
    if radios.iter().any(is_up) {
        return Some("connected");
    }
    (!radios.is_empty()).then_some("not connected")
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_file_that_no_driver_found_is_named_with_its_driver() {
        let log = "\
[    3.100000] amdgpu 0000:03:00.0: amdgpu: initializing kernel modesetting\n\
[    3.120000] amdgpu 0000:03:00.0: Direct firmware load for amdgpu/psp_14_0_4_toc.bin failed with error -2\n\
[    3.130000] amdgpu 0000:03:00.0: amdgpu: Fatal error during GPU init\n\
[    9.000000] mt7921e 0000:02:00.0: firmware: failed to load mediatek/WIFI_RAM_CODE_MT7961_1.bin (-2)\n";
        assert_eq!(
            missing(log),
            [
                "amdgpu amdgpu/psp_14_0_4_toc.bin",
                "mt7921e mediatek/WIFI_RAM_CODE_MT7961_1.bin"
            ]
        );
        assert!(missing("").is_empty() && missing("nonsense\n[ 1.0] \n").is_empty());
    }

    #[test]
    fn an_older_version_that_was_found_is_enough() {
        let newest = "[    8.1] iwlwifi 0000:00:14.3: Direct firmware load for iwlwifi-so-a0-gf-a0-89.ucode failed with error -2\n";
        assert_eq!(missing(newest), ["iwlwifi iwlwifi-so-a0-gf-a0-89.ucode"]);
        let found = "[    8.2] iwlwifi 0000:00:14.3: loaded firmware version 86.fb5c9aeb.0 so-a0-gf-a0-86.ucode op_mode iwlmvm\n";
        assert!(missing(&format!("{newest}{found}")).is_empty());
        let another = found.replace("0000:00:14.3", "0000:01:00.0");
        assert_eq!(missing(&format!("{newest}{another}")).len(), 1, "another device's");
    }

    #[test]
    fn graphics_and_wifi_are_what_the_kernel_has() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        assert_eq!((graphics(root), wifi(root), missing_firmware(root)), (None, None, None));
        fs::create_dir_all(root.join("sys/class/graphics/fb0")).expect("made");
        assert_eq!(graphics(root).as_deref(), Some("framebuffer"));

        // A Raspberry Pi has a second card, without any socket.
        for (card, driver) in [("card0", "v3d"), ("card1", "vc4-drm")] {
            let device = root.join("sys/class/drm").join(card).join("device");
            fs::create_dir_all(&device).expect("made");
            symlink(format!("../../bus/{driver}"), device.join("driver")).expect("made");
        }
        for output in ["card1-HDMI-A-1", "card1-HDMI-A-2"] {
            fs::create_dir(root.join("sys/class/drm").join(output)).expect("made");
        }
        assert_eq!(graphics(root).as_deref(), Some("vc4-drm"));

        let link = |name: &str, state: &str| {
            let link = root.join("sys/class/net").join(name);
            fs::create_dir_all(&link).expect("made");
            fs::write(link.join("operstate"), state).expect("written");
            link
        };
        link("eth0", "up\n");
        assert_eq!(wifi(root), None, "a cable is no radio");
        fs::create_dir(link("wlan0", "down\n").join("phy80211")).expect("made");
        assert_eq!(wifi(root), Some("not connected"));
        link("wlan0", "up\n");
        assert_eq!(wifi(root), Some("connected"));

        fs::create_dir_all(root.join("run/commune-kiosk")).expect("made");
        fs::write(root.join(LOG), "").expect("written");
        assert_eq!(missing_firmware(root), Some(Vec::new()));
    }
}
