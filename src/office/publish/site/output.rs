//! A site on the disk: whole, or not at all. Begin with [`Site::write`].

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Site;
use crate::files::{self, Files};

/// Why a site was not written, in Vietnamese. Then there is nothing of it.
#[derive(Debug, Error)]
pub enum OutputError {
    /// Somebody's files are there.
    #[error("thư mục {0} đã có tệp; hãy chọn thư mục mới, hoặc xoá thư mục ấy đi")]
    NotEmpty(PathBuf),
    /// It is the root, or the name of no folder.
    #[error("{0} không phải tên của một thư mục mới; hãy ghi ví dụ -o trang-web")]
    NoName(PathBuf),
    /// The disk is full.
    #[error("đĩa đã đầy, chưa ghi gì vào {0}; hãy dọn bớt rồi chạy lại")]
    Full(PathBuf),
    /// A name is a file's, or the folder above is missing or closed.
    #[error("không ghi được {0} ({1}); thư mục ở trên có chưa, có quyền ghi không?")]
    Io(PathBuf, io::Error),
}

impl Site<'_> {
    /// Writes it into a folder that is not there yet, or is empty: first beside it, under another name.
    ///
    /// # Errors
    /// [`OutputError`]; then the folder is as it was.
    pub fn write(&self, folder: &Path) -> Result<(), OutputError> {
        let target = std::path::absolute(folder).map_err(|error| OutputError::Io(folder.to_owned(), error))?;
        if target.file_name().is_none() {
            return Err(OutputError::NoName(folder.to_owned()));
        }
        if fs::read_dir(&target).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(OutputError::NotEmpty(folder.to_owned()));
        }
        let unfinished = Unfinished(files::unfinished(&target));
        let written = self.write_into(&unfinished.0);
        let placed = written.and_then(|()| Files::default().rename(&unfinished.0, &target));
        placed.map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                OutputError::Full(folder.to_owned())
            }
            _ => OutputError::Io(folder.to_owned(), error),
        })
    }

    fn write_into(&self, folder: &Path) -> io::Result<()> {
        // What an earlier run left.
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::create_dir(folder)?;
        for (name, bytes) in self.files() {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, bytes)?;
        }
        // Once for all of them: hundreds of files, each waited for, take seconds on a stick.
        rustix::fs::syncfs(File::open(folder)?)?;
        Ok(())
    }
}

/// A folder on its way. Whatever is there at the end goes; once it has its name, nothing is.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Ignored: the next run removes it, and what led here says more than this would.
        let _ = fs::remove_dir_all(&self.0);
    }
}
