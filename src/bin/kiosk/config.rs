//! `kiosk.toml`: what a technician sets on one kiosk.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use commune_kiosk::bundle::{PublicKey, Trust};
use commune_kiosk::session::staff::{self, Pin};
use serde::Deserialize;

/// The settings. All of them may be absent.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The PIN of the staff page as `kiosk pin` prints it; no PIN, no page.
    pub staff_pin: Option<String>,
}

impl Config {
    /// Reads the settings: from a file that must be there, or from one that may be in the data folder.
    pub fn read(file: Option<&Path>, data: Option<&Path>) -> Result<Self> {
        let in_data = data.map(|data| data.join("kiosk.toml"));
        let Some(path) = file.or(in_data.as_deref()) else {
            return Ok(Self::default());
        };
        match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("{} can't be understood", path.display())),
            Err(error) if error.kind() == ErrorKind::NotFound && file.is_none() => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
        }
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

/// The keys of the office; `None` if none were named.
pub fn trust(files: &[std::path::PathBuf]) -> Result<Option<Trust>> {
    if files.is_empty() {
        return Ok(None);
    }
    let key = |file: &std::path::PathBuf| {
        let text = fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
        PublicKey::from_text(&text).with_context(|| format!("{} is no public key", file.display()))
    };
    let keys = files.iter().map(key).collect::<Result<_>>()?;
    Ok(Some(Trust::new(keys)?))
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
