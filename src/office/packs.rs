//! Packs that somebody brings to the office: looked over as a kiosk would, then kept in a folder.
//!
//! Signed by the office's key or not taken. Begin with [`take`].

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use thiserror::Error;

use super::store::{Pack, Seconds};
use super::titles::Titles;
use crate::bundle::{BundleError, Kind, Manifest, Reader, Trust};
use crate::content::library::{self, Library, LibraryError};
use crate::files::Files;

/// Why a pack is not taken. Nothing was changed.
#[derive(Debug, Error)]
pub enum PackError {
    /// Not a pack, damaged, or signed by somebody else.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Rightly signed, but kiosks could not show it.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The disk fails or is full.
    #[error("the folder of packs: {0}")]
    Disk(#[from] io::Error),
}

impl PackError {
    /// What officers read.
    #[must_use]
    pub fn for_staff(&self) -> String {
        match self {
            Self::Bundle(error) => error.for_staff(),
            Self::Library(_) => "Gói nội dung bị lỗi bên trong. Mời đóng gói lại.".to_owned(),
            Self::Disk(_) => "Ổ đĩa của máy chủ bị lỗi hoặc đã đầy. Mời gọi kỹ thuật viên.".to_owned(),
        }
    }
}

/// Where a pack lies in the folder. Ids of packs have no dots or slashes.
#[must_use]
pub fn path(folder: &Path, id: &str, sequence: u64) -> PathBuf {
    folder.join(format!("{id}-{sequence}.{}", Kind::Pack.ending()))
}

/// How the names of files begin that are on their way.
const UNFINISHED: [&str; 2] = [".looking-", ".upload-"];

/// Removes what a power cut left of packs on their way. Nobody else works in the folder yet.
///
/// # Errors
/// The disk fails.
pub fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if UNFINISHED
            .iter()
            .any(|beginning| name.to_string_lossy().starts_with(beginning))
        {
            Files::default().remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Unpacks a pack that was taken, into a file beside the packs that is gone when its name is dropped.
///
/// # Errors
/// [`PackError`].
pub fn unpack(folder: &Path, trust: &Trust, pack: &Pack) -> Result<(Library, TempPath), PackError> {
    let file = File::open(path(folder, &pack.id, pack.sequence))?;
    let reader = Reader::open(BufReader::new(file), Kind::Pack, trust)?;
    let (_, file) = unpacked(reader, folder)?;
    Ok((Library::open(&file)?, file))
}

fn unpacked(reader: Reader<BufReader<File>>, folder: &Path) -> Result<(Manifest, TempPath), PackError> {
    let file = tempfile::Builder::new()
        .prefix(".looking-")
        .suffix(".db")
        .tempfile_in(folder)?;
    let manifest = reader.unpack(&mut file.as_file(), |_| {})?;
    Ok((manifest, file.into_temp_path()))
}

/// Looks over an uploaded file that lies in the folder of packs, and gives it its name there.
///
/// # Errors
/// [`PackError`]; then the file lies where it was.
pub fn take(uploaded: &Path, folder: &Path, trust: &Trust, now: Seconds) -> Result<(Pack, Titles), PackError> {
    let reader = Reader::open(BufReader::new(File::open(uploaded)?), Kind::Pack, trust)?;
    let (manifest, file) = unpacked(reader, folder)?;
    let library = library::verify(&file)?;
    let titles = Titles::of(&library)?;
    let pack = Pack {
        title: library.catalogue().pack.title.clone(),
        bytes: fs::metadata(uploaded)?.len(),
        blake3: hash(uploaded)?,
        uploaded_at: now,
        offered: false,
        id: manifest.id,
        sequence: manifest.sequence,
    };
    let target = path(folder, &pack.id, pack.sequence);
    // Of two files with the same edition the first stays: kiosks may be fetching it.
    if !target.try_exists()? {
        Files::default().put_in_place(uploaded, &target)?;
    }
    Ok((pack, titles))
}

fn hash(file: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(file)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}
