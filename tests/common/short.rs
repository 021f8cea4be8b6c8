//! Temporary folders for sockets. Begin with [`folder`].
//!
//! The name of a socket may have 107 bytes (`unix(7)`), and whoever runs the tests may have a `TMPDIR` that is longer, or that
//! another user can't enter.

use std::env;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

/// A new folder whose name has at most so many bytes and that suits: below `TMPDIR` if there it does, else where it does.
pub fn folder(longest: usize, suits: impl Fn(&Path) -> bool) -> TempDir {
    let places = ["/tmp", "/var/tmp", "/run", "/dev/shm"].map(PathBuf::from);
    let made = std::iter::once(env::temp_dir()).chain(places).filter_map(|place| {
        let place = std::path::absolute(place).ok()?;
        Builder::new().prefix("commune-kiosk-").tempdir_in(place).ok()
    });
    let mut fitting = made.filter(|folder| folder.path().as_os_str().len() <= longest && suits(folder.path()));
    fitting
        .next()
        .expect("a folder for sockets below TMPDIR, /tmp, /var/tmp, /run or /dev/shm")
}
