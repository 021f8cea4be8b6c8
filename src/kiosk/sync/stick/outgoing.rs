//! What goes to the office on a stick, and what comes back: the folder `KIOSK`.
//!
//! The folder is looked at in bounded number; links are not followed; only a receipt that the office signed changes
//! anything on the kiosk. Begin with [`copy`].

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::bundle::{Kind, Trust};
use crate::files::{self, Files};
use crate::kiosk::device::clock::Clock;
use crate::kiosk::sync::outbox::{LARGEST_RECEIPT, Outbox, Taken};

/// The folder on the stick, which the office makes once, or which comes with a pack.
pub const FOLDER: &str = "KIOSK";

/// The most names that are looked at: a stick may serve many kiosks.
const MOST_NAMES: usize = 20_000;

/// The most receipts that are opened.
const MOST_RECEIPTS: usize = 40;

/// Whether the office prepared this stick: it has the folder, and not a link in its place.
pub fn is_prepared(root: &Path) -> bool {
    folder_of(root).is_some()
}

/// The folder, however somebody wrote its name: some file systems tell `KIOSK` from `Kiosk`, and people don't.
fn folder_of(root: &Path) -> Option<PathBuf> {
    let exact = root.join(FOLDER);
    if fs::symlink_metadata(&exact).is_ok_and(|folder| folder.is_dir()) {
        return Some(exact);
    }
    let mut entries = fs::read_dir(root).ok()?.take(MOST_NAMES).flatten();
    let ours = entries.find(|entry| {
        entry.file_name().eq_ignore_ascii_case(FOLDER) && entry.file_type().is_ok_and(|kind| kind.is_dir())
    });
    ours.map(|entry| entry.path())
}

/// Takes what receipts there are for this kiosk, in the order in which the office made them: what it lacks by a later one it has lost
/// since, and what it has by a later one it has found. What can't be read, or is for others, is passed over. When the office made
/// them, nobody knows how long ago that is: it can't be earlier now.
pub fn take_receipts(root: &Path, outbox: &Outbox, trust: &Trust, clock: &Clock) -> Taken {
    let mut receipts = Vec::new();
    for file in files_of(root, outbox, Kind::Receipt).into_iter().take(MOST_RECEIPTS) {
        let read = File::open(&file).and_then(|file| {
            let mut bytes = Vec::new();
            file.take(LARGEST_RECEIPT).read_to_end(&mut bytes).map(|_| bytes)
        });
        let opened = read
            .map_err(Into::into)
            .and_then(|bytes| outbox.open_receipt(bytes.as_slice(), trust));
        match opened {
            Ok(mut receipt) => {
                // Somebody asked for it with numbers of their own: it is no stick's.
                if !receipt.nonce.is_empty() {
                    receipt.lacking.clear();
                }
                receipts.push(receipt);
            }
            Err(error) => tracing::warn!("a receipt on the stick is passed over: {error}"),
        }
    }
    receipts.sort_by_key(|receipt| receipt.time);
    let mut sum = Taken::default();
    for receipt in &receipts {
        if let Some(time) = receipt.time {
            clock.is_at_least(time);
        }
        match outbox.take(receipt) {
            Ok(taken) => {
                sum.stored += taken.stored;
                sum.refused += taken.refused;
                sum.again += taken.again;
            }
            Err(error) => tracing::warn!("not all that a receipt says is done: {error}"),
        }
    }
    sum
}

/// Copies what waits to a stick that can be written to, and takes off it what is over. Gives how many bundles are on the
/// stick now.
///
/// # Errors
/// The stick is full, fails, or was pulled out; what was copied before that is whole.
pub fn copy(root: &Path, outbox: &Outbox) -> io::Result<usize> {
    let folder = folder_of(root).unwrap_or_else(|| root.join(FOLDER));
    if !is_prepared(root) {
        fs::create_dir(&folder)?;
    }
    let waiting = outbox.waiting().map_err(io::Error::other)?;
    let steps = Files::default();
    for there in files_of(root, outbox, Kind::Statistics) {
        let name = there.file_name().unwrap_or_default().to_string_lossy();
        match outbox.is_over(&name) {
            Ok(true) => steps.remove(&there)?,
            Ok(false) => {}
            // What the card can't tell us of stays on the stick, and holds up nothing else.
            Err(error) => tracing::warn!("a bundle on the stick is left there: {error}"),
        }
    }
    let (mut copied, mut unread) = (0, None);
    for bundle in &waiting {
        // The network's carrier may have been faster.
        let bytes = match outbox.read(bundle) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => continue,
            // One that the card can't read just now holds up no other.
            Err(error) => {
                tracing::warn!(bundle.sequence, "statistics can't be read: {error}");
                unread = unread.or(Some(error));
                continue;
            }
        };
        let target = folder.join(bundle.file.file_name().unwrap_or_default());
        // A link would lead the copy elsewhere; renaming over it does not.
        match fs::symlink_metadata(&target) {
            Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            // A stick wears out as well.
            Ok(there) if there.is_file() && there.len() == bytes.len() as u64 && fs::read(&target)? == bytes => {
                copied += 1;
                continue;
            }
            _ => {}
        }
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .open(remove_first(&steps, &target)?)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        drop(file);
        steps.rename(&files::unfinished(&target), &target)?;
        copied += 1;
    }
    // That nothing waits is not said where something does.
    match unread {
        Some(error) if copied == 0 => Err(io::Error::other(error)),
        _ => Ok(copied),
    }
}

/// The name under which a file is written first, with nothing in its place.
fn remove_first(steps: &Files, target: &Path) -> io::Result<PathBuf> {
    let unfinished = files::unfinished(target);
    steps.remove(&unfinished)?;
    Ok(unfinished)
}

/// This kiosk's files of a kind, by name.
fn files_of(root: &Path, outbox: &Outbox, kind: Kind) -> Vec<PathBuf> {
    let entries = folder_of(root)
        .into_iter()
        .filter_map(|folder| fs::read_dir(folder).ok());
    let entries = entries.flatten().take(MOST_NAMES).flatten();
    let ours = entries.filter(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with(outbox.kiosk()) && name.ends_with(&format!(".{}", kind.ending()));
        is_ours && entry.file_type().is_ok_and(|kind| kind.is_file())
    });
    let mut found: Vec<PathBuf> = ours.map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// What staff read.
pub fn for_staff(received: Taken, copied: &io::Result<usize>) -> String {
    let mut words = Vec::new();
    if received.stored > 0 {
        words.push(format!("Văn phòng đã nhận {} gói số liệu.", received.stored));
    }
    if received.refused > 0 {
        words.push(format!(
            "Văn phòng không nhận {} gói số liệu, mời hỏi văn phòng.",
            received.refused
        ));
    }
    if received.again > 0 {
        words.push(format!("Văn phòng bị mất và xin lại {} gói số liệu.", received.again));
    }
    words.push(match copied {
        Ok(0) => "Không có số liệu nào chờ gửi.".to_owned(),
        Ok(copied) => format!("Đã chép {copied} gói số liệu vào thư mục {FOLDER} của USB, mời mang về văn phòng."),
        Err(error) => {
            tracing::warn!("statistics can't be copied to the stick: {error}");
            "Không chép được số liệu vào USB. Mời kiểm tra USB có bị khoá hay đầy không.".to_owned()
        }
    });
    words.join(" ")
}
