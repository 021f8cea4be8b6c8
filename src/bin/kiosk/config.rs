//! `kiosk.toml`: what a technician sets on one kiosk.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use commune_kiosk::bundle::{PublicKey, Trust};
use commune_kiosk::session::staff::{self, Pin};
use commune_kiosk::sync::network::{self, CallError};
use commune_kiosk::usage::batch::Share;
use serde::Deserialize;

use super::hardware::{Hardware, Network};

/// The settings. All of them may be absent. No `Debug`: there are secrets in them.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The PIN of the staff page as `kiosk pin` prints it; no PIN, no page.
    pub staff_pin: Option<String>,
    /// Where the office is; without it, counts leave by stick only.
    pub office: Option<Office>,
    /// How often counts are sent.
    #[serde(default)]
    pub sync: Sync,
    /// What is connected to the machine.
    #[serde(default)]
    pub hardware: Hardware,
    /// The wireless network, for the system's set-up.
    pub network: Option<Network>,
    /// Where the settings stand, for the paths in them.
    #[serde(skip)]
    folder: PathBuf,
}

/// The office.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// `https://…`; without it, counts leave by stick only.
    pub url: Option<String>,
    /// Its public keys, one or two while they are changed, beside the settings: what packs and receipts are checked with.
    #[serde(default)]
    pub keys: Vec<PathBuf>,
    /// The certificates that its server is checked with, in PEM; without it, those that browsers believe.
    pub ca: Option<PathBuf>,
}

/// The sending of counts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sync {
    /// `month` or `day`.
    #[serde(default)]
    pub period: Share,
}

impl Config {
    /// Reads the settings: from a file that must be there, or from one that may be in the data folder.
    pub fn read(file: Option<&Path>, data: Option<&Path>) -> Result<Self> {
        let in_data = data.map(|data| data.join("kiosk.toml"));
        let Some(path) = file.or(in_data.as_deref()) else {
            return Ok(Self::default());
        };
        match fs::read_to_string(path) {
            Ok(text) => {
                // Not toml's own words, which repeat the line: it may hold a password, and this goes into a log.
                let line = |error: &toml::de::Error| {
                    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
                    before.matches('\n').count() + 1
                };
                let read = toml::from_str(&text);
                let mut config: Self =
                    read.map_err(|error| anyhow!("line {} of {} can't be understood", line(&error), path.display()))?;
                if let Some(network) = &config.network {
                    network
                        .check()
                        .with_context(|| format!("{} has a [network] that can't be", path.display()))?;
                }
                path.parent().unwrap_or(Path::new("")).clone_into(&mut config.folder);
                Ok(config)
            }
            Err(error) if error.kind() == ErrorKind::NotFound && file.is_none() => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
        }
    }

    /// The keys of the office: those named on the command line, else those of the settings; `None` if there are none.
    pub fn trust(&self, named: &[PathBuf]) -> Result<Option<Trust>> {
        let of_settings = self.office.iter().flat_map(|office| &office.keys);
        let files: Vec<PathBuf> = match named {
            [] => of_settings.map(|key| self.folder.join(key)).collect(),
            named => named.to_vec(),
        };
        if files.is_empty() {
            return Ok(None);
        }
        let key = |file: &PathBuf| {
            let text = fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
            PublicKey::from_text(&text).with_context(|| format!("{} is no public key", file.display()))
        };
        let keys = files.iter().map(key).collect::<Result<_>>()?;
        Ok(Some(Trust::new(keys)?))
    }

    /// The way to the office: whose packs and receipts count, and where its server is, if there is one; or why nobody can be
    /// called, for staff.
    pub fn way(&self, named: &[PathBuf]) -> (Option<Trust>, Result<Option<network::Office>, &'static str>) {
        let trust = match self.trust(named) {
            Ok(trust) => trust,
            Err(error) => {
                tracing::error!("the office's keys can't be used: {error:#}");
                return (None, Err("Khoá của văn phòng không dùng được. Mời gọi kỹ thuật viên."));
            }
        };
        let server = match self.server() {
            Ok(Some(_)) if trust.is_none() => {
                tracing::error!("office.url is set, office.keys is not");
                Err("Chưa có khoá của văn phòng. Mời gọi kỹ thuật viên.")
            }
            Ok(server) => Ok(server),
            Err(error) => {
                tracing::error!("the office can't be called: {error:#}");
                let of_the_call = error.downcast_ref().map(CallError::for_staff);
                Err(of_the_call.unwrap_or("Tệp chứng chỉ của văn phòng không đọc được. Mời gọi kỹ thuật viên."))
            }
        };
        (trust, server)
    }

    /// The office's server, if there is one.
    fn server(&self) -> Result<Option<network::Office>> {
        let Some((url, office)) = self
            .office
            .as_ref()
            .and_then(|office| Some((office.url.as_ref()?, office)))
        else {
            return Ok(None);
        };
        let read = |file: &PathBuf| {
            let file = self.folder.join(file);
            fs::read(&file).with_context(|| format!("{} can't be read", file.display()))
        };
        let ca = office.ca.as_ref().map(read).transpose()?;
        Ok(Some(network::Office::new(url, ca.as_deref())?))
    }

    /// The PIN, ready to be tried.
    pub fn pin(&self) -> Result<Pin> {
        match &self.staff_pin {
            None => Ok(Pin::default()),
            Some(hash) => {
                Pin::of_hash(hash).map_err(|error| anyhow::anyhow!("staff_pin is not what `kiosk pin` prints: {error}"))
            }
        }
    }
}

/// Asks for a PIN twice and prints the line that sets it.
pub fn print_pin() -> Result<()> {
    let pin = rpassword::prompt_password("PIN (6 to 12 digits): ")?;
    if rpassword::prompt_password("The same again: ")? != pin {
        anyhow::bail!("these are two different PINs");
    }
    let hash = staff::hash(&pin).map_err(anyhow::Error::msg)?;
    println!("staff_pin = \"{hash}\"");
    Ok(())
}

#[cfg(test)]
mod tests {
    use commune_kiosk::bundle::Key;
    use commune_kiosk::device::gpio::Input;

    use super::*;

    /// A folder with a key of an office, and the settings in it.
    fn settings(text: &str) -> (tempfile::TempDir, Result<Config>) {
        let dir = tempfile::tempdir().expect("a folder");
        let key = Key::generate().and_then(|key| key.public()?.to_text()).expect("a key");
        fs::write(dir.path().join("office.pub"), key).expect("written");
        fs::write(dir.path().join("kiosk.toml"), text).expect("written");
        let config = Config::read(None, Some(dir.path()));
        (dir, config)
    }

    /// What the staff page says of the way to the office; whether there is one, and whether anybody's packs count.
    fn way(office: &str) -> (Option<&'static str>, bool, bool) {
        let (_dir, config) = settings(&format!("[office]\n{office}"));
        let (trust, server) = config.expect("settings").way(&[]);
        let trouble = server.as_ref().err().copied();
        (trouble, server.is_ok_and(|server| server.is_some()), trust.is_some())
    }

    #[test]
    fn keys_and_an_address_are_the_way_to_the_office() {
        assert_eq!(
            way("url = \"https://kiosk.example\"\nkeys = [\"office.pub\"]"),
            (None, true, true)
        );
        assert_eq!(way("keys = [\"office.pub\"]"), (None, false, true), "by stick only");
        assert_eq!(way(""), (None, false, false));
    }

    #[test]
    fn what_is_wrong_with_the_way_to_the_office_is_said_and_stops_nothing() {
        for (office, words, trust) in [
            ("url = \"https://kiosk.example\"", "Chưa có khoá của văn phòng", false),
            (
                "url = \"kiosk.example\"\nkeys = [\"office.pub\"]",
                "Địa chỉ máy chủ",
                true,
            ),
            (
                "url = \"https://kiosk.example\"\nkeys = [\"office.pub\"]\nca = \"nowhere.pem\"",
                "Tệp chứng chỉ của văn phòng không đọc được",
                true,
            ),
            (
                "url = \"https://kiosk.example\"\nkeys = [\"office.pub\"]\nca = \"office.pub\"",
                "Chứng chỉ của máy chủ",
                true,
            ),
            (
                "url = \"https://kiosk.example\"\nkeys = [\"nowhere.pub\"]",
                "Khoá của văn phòng",
                false,
            ),
            ("keys = [\"kiosk.toml\"]", "Khoá của văn phòng không dùng được", false),
        ] {
            let (trouble, calls, trusts) = way(office);
            assert!(
                trouble.is_some_and(|trouble| trouble.contains(words)),
                "{office}: {trouble:?}"
            );
            assert_eq!((calls, trusts), (false, trust), "{office}");
        }
    }

    #[test]
    fn hardware_and_network_are_taken_or_refused_with_the_rest() {
        let (_dir, config) =
            settings("[hardware]\npresence = \"GPIO17\"\n[network]\nwifi = \"UBND\"\npassword = \"12345678\"");
        let config = config.expect("settings");
        assert!(config.hardware.line(Input::Presence).is_some());
        assert!(
            config
                .network
                .is_some_and(|network| network.wifi.as_deref() == Some("UBND"))
        );
        for wrong in [
            "[hardware]\nsensor = \"GPIO17\"",
            "[network]\nssid = \"UBND\"",
            "[network]\npassword = \"short\"",
        ] {
            let error = settings(wrong).1.err().expect("an error");
            assert!(!format!("{error:#}").contains("short"), "{error:#}");
        }
    }

    #[test]
    fn a_line_that_is_wrong_is_named_and_not_repeated() {
        for wrong in [
            "[network]\npasword = \"mật khẩu\"",
            "[network]\npassword = [\"mật khẩu\"]",
        ] {
            let said = format!("{:#}", settings(wrong).1.err().expect("an error"));
            assert!(said.contains("line 2 of") && !said.contains("mật khẩu"), "{said}");
        }
    }

    #[test]
    fn counts_leave_each_month_or_each_day() {
        for (text, period) in [
            ("", Share::Month),
            ("[sync]", Share::Month),
            ("[sync]\nperiod = \"day\"", Share::Day),
        ] {
            assert_eq!(settings(text).1.expect("settings").sync.period, period);
        }
        for wrong in [
            "[sync]\nperiod = \"hour\"",
            "[sync]\nevery = 1",
            "[office]\naddress = \"x\"",
        ] {
            assert!(settings(wrong).1.is_err(), "{wrong}");
        }
    }
}
