//! Looking for a pack on a stick: in its root and one folder deep, among so many names, for so long.
//!
//! Begin with [`newest_pack`].

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::bundle::{BundleError, Kind, Reader, Trust};
use crate::kiosk::slots::{InstallError, Slots};

/// The most names that are looked at; somebody's holiday pictures are not.
const MOST_NAMES: usize = 1000;

/// The most packs that are opened.
const MOST_PACKS: usize = 20;

/// How long looking may take. A slow stick with many files is searched as far as that goes.
const LONGEST: Duration = Duration::from_secs(2);

/// Why there is nothing to install.
#[derive(Debug)]
pub(super) enum Nothing {
    /// The stick can't be read.
    Unreadable,
    /// No file ends in `.kpack`.
    NoPack,
    /// There are packs, and none is right; this is what is wrong with the best of them.
    Refused(InstallError),
}

impl Nothing {
    /// Whether there is simply no pack.
    pub fn is_no_pack(&self) -> bool {
        matches!(self, Self::NoPack)
    }

    /// Whether there is a pack that the office signed, though it can't be installed.
    pub fn is_of_the_office(&self) -> bool {
        match self {
            Self::Refused(error) => !matches!(error, InstallError::Bundle(_)),
            Self::Unreadable | Self::NoPack => false,
        }
    }

    pub fn for_staff(&self) -> String {
        match self {
            Self::Unreadable => "Máy không đọc được USB. Mời cắm lại, hoặc đổi USB khác.".to_owned(),
            Self::NoPack => {
                "Không thấy gói nội dung trong USB. Mời chép tệp có đuôi .kpack vào USB, không để trong nhiều lớp thư mục."
                    .to_owned()
            }
            Self::Refused(error) => error.for_staff(),
        }
    }
}

/// The pack with the highest sequence number among those that a trusted key signed for this kiosk.
pub(super) fn newest_pack(root: &Path, trust: &Trust, slots: &Slots) -> Result<PathBuf, Nothing> {
    let mut search = Search {
        names: 0,
        until: Instant::now() + LONGEST,
        packs: Vec::new(),
    };
    let folders = search.look_into(root).map_err(|_| Nothing::Unreadable)?;
    for folder in folders {
        // A folder that can't be read holds nothing for us.
        let _ = search.look_into(&folder);
    }
    let mut newest: Option<(u64, PathBuf)> = None;
    let mut refused: Option<InstallError> = None;
    for pack in search.packs {
        match open(&pack, trust, slots) {
            Ok(sequence) if newest.as_ref().is_none_or(|(best, _)| sequence > *best) => newest = Some((sequence, pack)),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!("a pack on the stick is refused: {error}");
                // What is wrong with a pack of the office says more than "somebody else's".
                if refused.as_ref().is_none_or(|before| telling(&error) > telling(before)) {
                    refused = Some(error);
                }
            }
        }
    }
    match (newest, refused) {
        (Some((_, pack)), _) => Ok(pack),
        (None, Some(error)) => Err(Nothing::Refused(error)),
        (None, None) => Err(Nothing::NoPack),
    }
}

/// How much it tells staff that a pack is refused for this: nothing while nobody knows whose it is, most if they have it already.
fn telling(error: &InstallError) -> u8 {
    match error {
        InstallError::Bundle(_) => 0,
        InstallError::SameEdition(_) => 2,
        _ => 1,
    }
}

fn open(pack: &Path, trust: &Trust, slots: &Slots) -> Result<u64, InstallError> {
    let file = File::open(pack).map_err(BundleError::Source)?;
    let reader = Reader::open(BufReader::new(file), Kind::Pack, trust)?;
    slots.check(reader.manifest())?;
    Ok(reader.manifest().sequence)
}

struct Search {
    names: usize,
    until: Instant,
    packs: Vec<PathBuf>,
}

impl Search {
    /// Notes the packs of a folder, and gives its folders. Links are not followed, not even to look.
    fn look_into(&mut self, dir: &Path) -> std::io::Result<Vec<PathBuf>> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(dir)? {
            self.names += 1;
            if self.names > MOST_NAMES || Instant::now() > self.until || self.packs.len() >= MOST_PACKS {
                break;
            }
            let Ok((entry, kind)) = entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind))) else {
                continue;
            };
            let path = entry.path();
            let is_pack = path
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case(Kind::Pack.ending()));
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && is_pack && !hidden(&path) {
                self.packs.push(path);
            }
        }
        folders.sort();
        Ok(folders)
    }
}

/// macOS leaves a shadow of each file on sticks: `._le-loi.kpack`.
fn hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}
