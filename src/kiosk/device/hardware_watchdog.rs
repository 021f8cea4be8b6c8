//! The hardware watchdog, which starts a machine again that has frozen: whether there is one and who feeds it.
//!
//! systemd feeds it (`RuntimeWatchdogSec`); this only reads what the kernel says of it
//! (`Documentation/ABI/testing/sysfs-class-watchdog`). Begin with [`look`].

use std::fs;
use std::path::Path;

/// The first watchdog.
const FIRST: &str = "sys/class/watchdog/watchdog0";

/// What the kernel says of a watchdog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watchdog {
    /// The driver's name for it.
    pub identity: String,
    /// `active` while somebody feeds it.
    pub state: Option<String>,
    /// Seconds without food until it starts the machine again.
    pub timeout: Option<u64>,
}

/// The first watchdog of a machine whose `/sys` is under `root`; `None` if there is none.
#[must_use]
pub fn look(root: &Path) -> Option<Watchdog> {
    let text = |name: &str| {
        let text = fs::read_to_string(root.join(FIRST).join(name)).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    Some(Watchdog {
        identity: text("identity")?,
        state: text("state"),
        timeout: text("timeout").and_then(|seconds| seconds.parse().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watchdog_is_read_and_one_that_is_not_there_is_absent() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(look(root.path()), None);
        let folder = root.path().join(FIRST);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("identity"), "Broadcom BCM2835 Watchdog timer\n").unwrap();
        let bare = look(root.path()).unwrap();
        assert_eq!((bare.state, bare.timeout), (None, None));
        fs::write(folder.join("state"), "active\n").unwrap();
        fs::write(folder.join("timeout"), "15\n").unwrap();
        let expected = Watchdog {
            identity: "Broadcom BCM2835 Watchdog timer".to_owned(),
            state: Some("active".to_owned()),
            timeout: Some(15),
        };
        assert_eq!(look(root.path()), Some(expected));
    }
}
