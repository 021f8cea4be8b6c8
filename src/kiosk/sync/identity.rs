//! Who this kiosk is: a key of its own, made at the first start, that signs what leaves the kiosk.
//!
//! The key stands outside the database of counts, so that a damaged database doesn't make the kiosk a stranger. Begin with
//! [`Identity::open`].

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use thiserror::Error;

use crate::bundle::{Key, KeyError, PublicKey};
use crate::files::Files;

/// The name of the key in the data folder.
pub const FILE: &str = "identity.key";

/// Why the kiosk has no identity.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The data folder can't be read or written.
    #[error("the kiosk's key can't be read or written: {0}")]
    Disk(#[from] io::Error),
    /// The file is damaged. It is left as it is: a technician may have a copy, and a new key must be approved anew.
    #[error("the kiosk's key can't be used: {0}")]
    Key(#[from] KeyError),
}

/// The key of this kiosk.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Signs.
    pub key: Key,
    /// What the office checks with.
    pub public: PublicKey,
    /// The kiosk's id, made from the key.
    pub id: String,
}

impl Identity {
    /// Reads the key of a data folder; makes it if there is none. Only its owner may read it.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn open(data: &Path, files: &Files) -> Result<Self, IdentityError> {
        let file = data.join(FILE);
        let key = match fs::read_to_string(&file) {
            Ok(text) => Key::from_text(&text, None)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let key = Key::generate()?;
                files.write_secret(&file, key.to_text(None)?.as_bytes())?;
                key
            }
            Err(error) => return Err(error.into()),
        };
        let public = key.public()?;
        Ok(Self {
            id: public.kiosk_id(),
            public,
            key,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::files::faults;

    #[test]
    fn the_key_is_made_once_and_is_nobody_elses() {
        let data = tempfile::tempdir().unwrap();
        let first = Identity::open(data.path(), &Files::default()).unwrap();
        let again = Identity::open(data.path(), &Files::default()).unwrap();
        assert_eq!(first.id, again.id);
        assert_eq!(first.public, again.public);
        let mode = fs::metadata(data.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_not_replaced() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join(FILE), "half a k").unwrap();
        assert!(matches!(
            Identity::open(data.path(), &Files::default()),
            Err(IdentityError::Key(_))
        ));
        assert_eq!(fs::read_to_string(data.path().join(FILE)).unwrap(), "half a k");
    }

    #[test]
    fn cut_off_at_any_step_there_is_one_key_or_none() {
        for n in 1.. {
            let data = tempfile::tempdir().unwrap();
            let made = Identity::open(data.path(), &faults::failing_at(n, true).0).map(|identity| identity.id);
            let found = Identity::open(data.path(), &Files::default()).unwrap().id;
            if let Ok(id) = made {
                assert_eq!(id, found);
                return;
            }
        }
    }
}
