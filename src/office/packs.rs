//! Packs that somebody brings to the office: looked over as a kiosk would, then kept in a folder.
//!
//! Where several hosts share a database, the files lie in it too, and the folder of each is what it has fetched from there.
//! Signed by the office's key or not taken. What kiosks are told of a pack is what lies there: of an edition the first file stays, because
//! kiosks may be fetching it. Begin with [`bring`].

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use thiserror::Error;
use tokio::sync::Mutex;
use tokio::task::block_in_place;

use super::store::{DatabaseError, Pack, Seconds, Store};
use super::titles::Titles;
use crate::bundle::{BundleError, Kind, Manifest, Reader, Trust};
use crate::content::library::{self, Library, LibraryError};
use crate::files::{self, Files};

const DISK: &str = "Ổ đĩa của máy chủ bị lỗi hoặc đã đầy. Mời gọi kỹ thuật viên.";

/// Why a pack is not taken. Nothing was changed.
#[derive(Debug, Error)]
pub enum PackError {
    /// Not a pack, damaged, or signed by somebody else.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Rightly signed, but kiosks could not show it.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The library inside is of another id or edition than the manifest says: no kiosk would install it.
    #[error("the pack's manifest and its library are of different ids or editions")]
    Contradiction,
    /// There is another file of the same id and edition; raise the edition.
    #[error("another file is edition {sequence} of {id} already")]
    OtherFile {
        /// The pack's id.
        id: String,
        /// Its edition.
        sequence: u64,
    },
    /// Somebody has removed its file; bring it again.
    #[error("the file of the pack was removed")]
    Removed,
    /// Kiosks are told of it; offer it no longer first.
    #[error("the pack is offered")]
    Offered,
    /// The disk fails or is full.
    #[error("the folder of packs: {0}")]
    Disk(#[from] io::Error),
    /// The database fails; come back.
    #[error(transparent)]
    Database(DatabaseError),
}

impl From<DatabaseError> for PackError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::File(error) => Self::Disk(error),
            error => Self::Database(error),
        }
    }
}

impl PackError {
    /// What officers read.
    #[must_use]
    pub fn for_staff(&self) -> String {
        match self {
            Self::Bundle(error) => no_pack(error).to_owned(),
            Self::Library(_) | Self::Contradiction => "Gói nội dung bị lỗi bên trong. Mời đóng gói lại.".to_owned(),
            Self::OtherFile { id, sequence } => format!(
                "Văn phòng đã có một tệp khác mang ấn bản {sequence} của {id}, và máy có thể đang tải tệp đó. Mời nâng số ấn bản (edition) trong pack.toml rồi đóng gói lại."
            ),
            Self::Removed => "Tệp của gói này đã bị xoá. Mời đưa tệp lên lại.".to_owned(),
            Self::Offered => {
                "Gói này đang phát hành. Mời bấm Thôi ở trang Gói nội dung trước, rồi mới xoá tệp.".to_owned()
            }
            Self::Database(_) => "Cơ sở dữ liệu chưa trả lời. Mời thử lại sau ít phút.".to_owned(),
            Self::Disk(_) => DISK.to_owned(),
        }
    }
}

/// Why a file is no pack, for whoever brings it to the office. [`BundleError::for_staff`] is for those who stand before a kiosk with a stick.
const fn no_pack(error: &BundleError) -> &'static str {
    match error {
        BundleError::NotABundle(_) | BundleError::WrongKind { .. } => {
            "Tệp này không phải là gói nội dung. Mời chọn đúng tệp có đuôi .kpack."
        }
        BundleError::CutOff(_) => {
            "Tệp này bị thiếu phần cuối. Mời chép lại tệp từ nơi đóng gói, đợi chép xong hẳn, rồi đưa lên lại."
        }
        BundleError::Damaged(_) | BundleError::BadSignature => {
            "Tệp này bị hỏng hoặc đã bị sửa. Mời chép lại tệp từ nơi đóng gói rồi đưa lên lại."
        }
        BundleError::TooLarge(_) => "Tệp này lớn quá mức cho phép. Mời bớt ảnh, âm thanh rồi đóng gói lại.",
        BundleError::UnknownSigner(_) => {
            "Tệp này ký bằng khoá khác, không phải khoá của văn phòng này. Mời đóng gói lại bằng khoá của văn phòng."
        }
        BundleError::OtherFormat { .. } => {
            "Tệp này cần chương trình văn phòng mới hơn. Mời gọi kỹ thuật viên cập nhật máy chủ."
        }
        BundleError::BadManifest(_) => "Tệp này làm ra bị lỗi. Mời đóng gói lại.",
        BundleError::Source(_) | BundleError::Target(_) => DISK,
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

/// Unpacks a pack whose file is in the folder, into a file beside the packs that is gone when its name is dropped.
///
/// # Errors
/// [`PackError`].
pub fn unpack(folder: &Path, trust: &Trust, pack: &Pack) -> Result<(Library, TempPath), PackError> {
    let file = File::open(path(folder, &pack.id, pack.sequence)).map_err(|error| match error.kind() {
        ErrorKind::NotFound => PackError::Removed,
        _ => error.into(),
    })?;
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

/// Whether a pack's file is there: somebody may have removed it. Where hosts share a database, what is stored there is what counts.
///
/// # Errors
/// The disk or the database fails.
pub async fn is_there(store: &Store, folder: &Path, pack: &Pack) -> Result<bool, PackError> {
    let lies_here = || path(folder, &pack.id, pack.sequence).try_exists();
    if !store.is_shared() && block_in_place(lies_here)? {
        return Ok(true);
    }
    Ok(store.has_file((&pack.id, pack.sequence)).await?)
}

/// All packs, newest first, and whether the file of each is there. Where the disk doesn't answer, nothing is said to be lost.
///
/// # Errors
/// [`DatabaseError`].
pub async fn list(store: &Store, folder: &Path) -> Result<Vec<(Pack, bool)>, DatabaseError> {
    let mut packs = store.packs_and_files().await?;
    if !store.is_shared() {
        block_in_place(|| {
            for (pack, is_there) in &mut packs {
                *is_there |= path(folder, &pack.id, pack.sequence).try_exists().unwrap_or(true);
            }
        });
    }
    Ok(packs)
}

/// Files are fetched one at a time: of all kiosks that ask for a new pack at once, the first has it fetched for the others.
static FETCHING: Mutex<()> = Mutex::const_new(());

/// Gives the place of a pack's file in the folder; what another host took in is fetched from the database first.
///
/// # Errors
/// [`PackError::Removed`] if it is nowhere; the disk or the database fails.
pub async fn fetched(store: &Store, folder: &Path, pack: &Pack) -> Result<PathBuf, PackError> {
    let file = path(folder, &pack.id, pack.sequence);
    if block_in_place(|| file.try_exists())? {
        return Ok(file);
    }
    let _one = FETCHING.lock().await;
    let which = (pack.id.as_str(), pack.sequence);
    if block_in_place(|| file.try_exists())? {
        return Ok(file);
    }
    if !store.has_file(which).await? {
        return Err(PackError::Removed);
    }
    let mut fetched = block_in_place(|| {
        let mut named = tempfile::Builder::new();
        named.prefix(UNFINISHED[0]).suffix(".kpack").tempfile_in(folder)
    })?;
    store.write_file(which, fetched.as_file_mut()).await?;
    if block_in_place(|| files::hash(fetched.path()))? != pack.blake3 {
        // Else each kiosk that asks would have all of it fetched again. Staff see that the file is gone, and bring it.
        store.drop_file(which).await?;
        let why = format!("edition {} of {} was damaged in the database", pack.sequence, pack.id);
        return Err(io::Error::new(ErrorKind::InvalidData, why).into());
    }
    block_in_place(|| Files::default().put_in_place(fetched.path(), &file))?;
    Ok(file)
}

/// Stores what lies in the folder and of which the database knows nothing, before the server begins, where hosts share a database: files of
/// the only host there was, or of an older program.
///
/// # Errors
/// The disk or the database fails.
pub async fn share(store: &Store, folder: &Path) -> Result<(), PackError> {
    if !store.is_shared() {
        return Ok(());
    }
    for pack in store.packs().await? {
        let (file, which) = (path(folder, &pack.id, pack.sequence), (pack.id.as_str(), pack.sequence));
        if !block_in_place(|| file.try_exists())? || !store.lacks_file(which).await? {
            continue;
        }
        if block_in_place(|| files::hash(&file))? == pack.blake3 {
            store.keep_file(which, &file).await?;
        } else {
            tracing::error!("{} is damaged, and is not given to other hosts", file.display());
        }
    }
    Ok(())
}

/// Tells kiosks of a pack, or no longer. Says whether there is such a pack.
///
/// # Errors
/// [`PackError::Removed`] if its file is not there; the disk or the database fails.
pub async fn offer(
    store: &Store,
    folder: &Path,
    (id, sequence): (&str, u64),
    offered: bool,
) -> Result<bool, PackError> {
    let Some(pack) = store.pack(id, sequence).await? else {
        return Ok(false);
    };
    if offered && !is_there(store, folder, &pack).await? {
        return Err(PackError::Removed);
    }
    store.offer(id, sequence, offered).await?;
    Ok(true)
}

/// Removes a pack's file, which may have 500 MB. What its ids are called stays known, and the same file can be brought again. Says
/// whether there is such a pack.
///
/// # Errors
/// [`PackError::Offered`]; the disk or the database fails.
pub async fn remove(store: &Store, folder: &Path, (id, sequence): (&str, u64)) -> Result<bool, PackError> {
    match store.pack(id, sequence).await? {
        None => Ok(false),
        Some(pack) if pack.offered => Err(PackError::Offered),
        Some(pack) => {
            if store.is_shared() {
                store.remove_file((id, sequence)).await?;
            } else {
                // A server that was copied into a file has left it there.
                store.drop_file((id, sequence)).await?;
            }
            block_in_place(|| Files::default().remove(&path(folder, &pack.id, pack.sequence)))?;
            Ok(true)
        }
    }
}

/// What became of a file that somebody brought.
#[derive(Debug)]
pub enum Brought {
    /// It is a pack of the office's now; or it lies there again, where it was lost or damaged.
    Taken(Pack),
    /// The office has this very file. Nothing was changed.
    There(Pack),
}

/// Looks over an uploaded file that lies in the folder of packs, notes it as a pack, and gives it its name there.
///
/// # Errors
/// [`PackError`]; then the file lies where it was.
pub async fn bring(
    store: &Store,
    uploaded: &Path,
    folder: &Path,
    trust: &Trust,
    now: Seconds,
) -> Result<Brought, PackError> {
    let (pack, titles) = block_in_place(|| look_over(uploaded, folder, trust, now))?;
    let target = path(folder, &pack.id, pack.sequence);
    let lies_there = block_in_place(|| target.try_exists()?.then(|| files::hash(&target)).transpose())?;
    let is_same = lies_there.as_ref() == Some(&pack.blake3);
    let other = || PackError::OtherFile {
        id: pack.id.clone(),
        sequence: pack.sequence,
    };
    let known = store.pack(&pack.id, pack.sequence).await?;
    if known.is_none() && lies_there.is_some() && !is_same {
        return Err(other());
    }
    // Of two who bring one edition at the same moment, one finds that the other was first.
    let known = match known {
        None if store.add_pack(&pack, &titles).await? => None,
        None => store.pack(&pack.id, pack.sequence).await?,
        known => known,
    };
    if known.as_ref().is_some_and(|known| known.blake3 != pack.blake3) {
        return Err(other());
    }
    let is_stored = !store.is_shared() || store.has_file((&pack.id, pack.sequence)).await?;
    match known {
        Some(known) if is_same && is_stored => return Ok(Brought::There(known)),
        _ if is_same => {}
        _ => block_in_place(|| Files::default().put_in_place(uploaded, &target))?,
    }
    if store.is_shared() {
        // Also if one is stored: whoever brings a pack again may have found it damaged.
        store.keep_file((&pack.id, pack.sequence), &target).await?;
    } else {
        store.drop_file((&pack.id, pack.sequence)).await?;
    }
    Ok(Brought::Taken(pack))
}

/// Looks at a pack as a kiosk would.
fn look_over(uploaded: &Path, folder: &Path, trust: &Trust, now: Seconds) -> Result<(Pack, Titles), PackError> {
    let reader = Reader::open(BufReader::new(File::open(uploaded)?), Kind::Pack, trust)?;
    let (manifest, file) = unpacked(reader, folder)?;
    let library = library::verify(&file)?;
    let inside = &library.catalogue().pack;
    if (&inside.id, inside.edition) != (&manifest.id, manifest.sequence) {
        return Err(PackError::Contradiction);
    }
    let pack = Pack {
        title: inside.title.clone(),
        bytes: fs::metadata(uploaded)?.len(),
        blake3: files::hash(uploaded)?,
        uploaded_at: now,
        offered: false,
        id: manifest.id,
        sequence: manifest.sequence,
    };
    Ok((pack, Titles::of(&library)?))
}
