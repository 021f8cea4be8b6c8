//! Folders in the place of sticks. Begin with [`Folders`].

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Change, MOST, StickError, StickId};

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// The subfolders of a folder.
#[derive(Debug)]
pub struct Folders {
    dir: PathBuf,
    known: BTreeSet<StickId>,
}

impl Folders {
    pub(super) fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            known: BTreeSet::new(),
        }
    }

    pub(super) fn wait(&mut self, timeout: Duration) -> Result<Vec<Change>, StickError> {
        let until = Instant::now() + timeout;
        loop {
            let there = self.look()?;
            let removed = self.known.difference(&there).cloned().map(Change::Removed);
            let inserted = there.difference(&self.known).cloned().map(Change::Inserted);
            let changes: Vec<Change> = removed.chain(inserted).collect();
            self.known = there;
            let left = until.saturating_duration_since(Instant::now());
            if !changes.is_empty() || left.is_zero() {
                return Ok(changes);
            }
            std::thread::sleep(left.min(LOOK));
        }
    }

    pub(super) fn mount(&self, stick: &StickId) -> Result<PathBuf, StickError> {
        let path = self.dir.join(&stick.0);
        if path.is_dir() { Ok(path) } else { Err(StickError::Gone) }
    }

    fn look(&self) -> Result<BTreeSet<StickId>, StickError> {
        let folders = fs::read_dir(&self.dir)?
            .flatten()
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        Ok(folders
            .filter_map(|entry| entry.file_name().into_string().ok())
            .take(MOST)
            .map(StickId)
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_and_go_like_sticks() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a")).unwrap();
        fs::write(dir.path().join("no-folder"), "").unwrap();
        let mut sticks = Folders::new(dir.path());
        let a = StickId("a".to_owned());
        assert_eq!(sticks.wait(Duration::ZERO).unwrap(), [Change::Inserted(a.clone())]);
        assert_eq!(sticks.wait(Duration::ZERO).unwrap(), []);
        assert!(sticks.mount(&a).unwrap().is_dir());
        fs::remove_dir(dir.path().join("a")).unwrap();
        assert_eq!(
            sticks.wait(Duration::from_secs(1)).unwrap(),
            [Change::Removed(a.clone())]
        );
        assert!(matches!(sticks.mount(&a), Err(StickError::Gone)));
    }
}
