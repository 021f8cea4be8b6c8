//! What only the environment can say before the program begins: in which zone its days are, and how much free memory its library keeps. So it
//! starts itself anew, once, as the same process. Begin with [`start`].

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

/// The zone of every commune. A server in a container, or one that nobody has told where it stands, takes its days from London, and the first of a
/// month begins at seven in the morning.
pub const ZONE: &str = "Asia/Ho_Chi_Minh";

/// The same as POSIX writes it, which needs no list of zones on the machine; nobody there changes clocks in summer.
const WRITTEN: &str = "<+07>-7";

/// Where machines have their list of zones.
const ZONES: &str = "/usr/share/zoneinfo";

/// How many stocks of free memory the system's library keeps.
///
/// By itself it keeps eight for each processor and gives little of them back, so that a flood of bundles on many threads holds 290 MiB where
/// 60 do. It can only be told so before the program starts (`mallopt(3)`).
const STOCKS: (&str, &str) = ("MALLOC_ARENA_MAX", "2");

/// Says that the program was started anew already: some systems take the other words out of the environment of programs with rights of their own.
const AGAIN: &str = "OFFICE_STARTED_ANEW";

/// Starts the program anew in this zone, with few stocks of memory if it `serves`; nothing is changed of what somebody has said in the
/// environment, but for a zone that is asked for. Where that can't be, it goes on as it is, and says so.
///
/// # Errors
/// The machine doesn't know the zone.
pub fn start(zone: Option<&str>, serves: bool) -> Result<()> {
    let is_asked_for = zone.is_some();
    let zone = match zone {
        None | Some(ZONE) => WRITTEN,
        Some(zone) if is_known(zone) => zone,
        Some(zone) => bail!("máy này không biết múi giờ “{zone}”; ví dụ viết đúng: --zone {ZONE}"),
    };
    if std::env::var_os(AGAIN).is_some() {
        return Ok(());
    }
    let is_unset = |name: &str| std::env::var_os(name).is_none();
    let mut words = Vec::new();
    if is_asked_for || is_unset("TZ") {
        words.push(("TZ", zone));
    }
    if serves && is_unset(STOCKS.0) {
        words.push(STOCKS);
    }
    if words.is_empty() {
        return Ok(());
    }
    let started = std::env::current_exe().map(|program| {
        let mut again = Command::new(program);
        let mut arguments = std::env::args_os();
        if let Some(name) = arguments.next() {
            again.arg0(name);
        }
        again.args(arguments).envs(words).env(AGAIN, "1").exec()
    });
    let (Ok(error) | Err(error)) = started;
    tracing::warn!("the program can't be started anew, and goes by the machine's own zone: {error}");
    Ok(())
}

fn is_known(zone: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte);
    zone.bytes().all(is_name) && !zone.starts_with('/') && Path::new(ZONES).join(zone).is_file()
}
