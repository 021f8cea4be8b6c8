//! A site on the disk: whole, or not at all. Begin with [`Site::write`].

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Site;
use crate::files::Files;

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
    /// A stick itself, not a folder on it.
    #[error("{0} là cả chiếc USB hay cả ổ đĩa; hãy ghi vào một thư mục mới trong đó, ví dụ -o {0}/trang-web")]
    WholeDisk(PathBuf),
    /// The switch of the stick, or a disc.
    #[error("{0} nằm trên USB hay ổ đĩa đang khoá, chỉ đọc được")]
    ReadOnly(PathBuf),
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
        let absolute = std::path::absolute(folder).map_err(|error| OutputError::Io(folder.to_owned(), error))?;
        // Without the slash that shells put behind the name of a folder.
        let target: PathBuf = absolute.components().collect();
        if target.file_name().is_none() {
            return Err(OutputError::NoName(folder.to_owned()));
        }
        if fs::read_dir(&target).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(OutputError::NotEmpty(folder.to_owned()));
        }
        self.place(&target).map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                OutputError::Full(folder.to_owned())
            }
            io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices => OutputError::WholeDisk(target.clone()),
            io::ErrorKind::ReadOnlyFilesystem => OutputError::ReadOnly(folder.to_owned()),
            _ => OutputError::Io(folder.to_owned(), error),
        })
    }

    /// Under a name that nobody has, then under its own. Whatever goes wrong, the unfinished folder goes.
    fn place(&self, target: &Path) -> io::Result<()> {
        let unfinished = tempfile::Builder::new()
            .prefix(".trang-web-")
            .permissions(Permissions::from_mode(0o755))
            .tempdir_in(target.parent().unwrap_or(Path::new("/")))?;
        self.write_into(unfinished.path())?;
        Files::default().rename(unfinished.path(), target)?;
        let _now_elsewhere = unfinished.keep();
        Ok(())
    }

    fn write_into(&self, folder: &Path) -> io::Result<()> {
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
