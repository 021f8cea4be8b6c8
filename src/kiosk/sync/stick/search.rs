//! Looking for a pack on a stick: in its root and one folder deep, among so many names of each, for so long.
//!
//! Begin with [`newest_pack`].

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Came;
use crate::bundle::{BundleError, Kind, Reader, Trust};
use crate::kiosk::slots::{InstallError, Slots};

/// The most names of a folder that are looked at, and the most folders; somebody's holiday pictures are not.
const MOST_NAMES: usize = 1000;
const MOST_FOLDERS: usize = 100;

/// The most packs that are opened: those of years, on a stick that nobody tidied up.
const MOST_PACKS: usize = 200;

/// How long looking may take. A slow stick with many files is searched as far as that goes.
const LONGEST: Duration = Duration::from_secs(2);

/// Why there is nothing to install.
#[derive(Debug)]
pub(super) enum Nothing {
    /// The stick can't be read.
    Unreadable,
    /// No file ends in `.kpack`.
    NoPack,
    /// Among what was looked at no file does, and there is more.
    TooMuch,
    /// There are packs, and none is right; this is what is wrong with the best of them.
    Refused {
        error: InstallError,
        /// Whether there is more than was looked at.
        is_cut_off: bool,
    },
}

/// What is told where not everything was looked at.
const LESS: &str = "Mời xoá bớt tệp trong USB, hoặc dùng USB khác ít tệp hơn.";

impl Nothing {
    /// What that is for whoever brought the stick.
    pub fn came(&self) -> Came {
        match self {
            Self::NoPack => Came::NoPack,
            Self::Refused {
                error: InstallError::SameEdition(_),
                is_cut_off: false,
            } => Came::HereAlready,
            Self::Unreadable | Self::TooMuch | Self::Refused { .. } => Came::NotInstalled,
        }
    }

    /// Whether there is a pack at all, whoever made it.
    pub fn has_pack(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    /// Whether there is a pack that the office signed, though it can't be installed.
    pub fn is_of_the_office(&self) -> bool {
        match self {
            Self::Refused { error, .. } => !matches!(error, InstallError::Bundle(_)),
            Self::Unreadable | Self::NoPack | Self::TooMuch => false,
        }
    }

    pub fn for_staff(&self) -> String {
        match self {
            Self::Unreadable => "Máy không đọc được USB. Mời cắm lại, hoặc đổi USB khác.".to_owned(),
            Self::NoPack => {
                "Không thấy gói nội dung trong USB. Mời chép tệp có đuôi .kpack vào USB, không để trong nhiều lớp thư mục."
                    .to_owned()
            }
            Self::TooMuch => {
                format!("Trong USB có quá nhiều tệp nên máy chưa xem hết, và chưa thấy gói nội dung. {LESS}")
            }
            Self::Refused {
                error,
                is_cut_off: false,
            } => error.for_staff(),
            Self::Refused { error, .. } => {
                format!("{} Trong USB còn tệp mà máy chưa xem hết. {LESS}", error.for_staff())
            }
        }
    }
}

/// The pack with the highest sequence number among those that a trusted key signed for this kiosk.
pub(super) fn newest_pack(root: &Path, trust: &Trust, slots: &Slots) -> Result<PathBuf, Nothing> {
    let mut search = Search {
        is_cut_off: false,
        until: Instant::now() + LONGEST,
        packs: Vec::new(),
    };
    let folders = search.look_into(root).map_err(|_| Nothing::Unreadable)?;
    search.is_cut_off |= folders.len() > MOST_FOLDERS;
    for folder in folders.into_iter().take(MOST_FOLDERS) {
        // A folder that can't be read holds nothing for us.
        let _ = search.look_into(&folder);
    }
    let mut newest: Option<(u64, PathBuf)> = None;
    let mut refused: Option<InstallError> = None;
    let mut is_cut_off = search.is_cut_off;
    for pack in search.packs {
        if Instant::now() > search.until {
            is_cut_off = true;
            break;
        }
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
        (None, Some(error)) => Err(Nothing::Refused { error, is_cut_off }),
        (None, None) if is_cut_off => Err(Nothing::TooMuch),
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
    /// Whether there is more than was looked at.
    is_cut_off: bool,
    until: Instant,
    packs: Vec<PathBuf>,
}

impl Search {
    /// Notes the packs of a folder, and gives its folders. Links are not followed, not even to look.
    fn look_into(&mut self, dir: &Path) -> std::io::Result<Vec<PathBuf>> {
        let mut folders = Vec::new();
        for (names, entry) in fs::read_dir(dir)?.enumerate() {
            if names >= MOST_NAMES || Instant::now() > self.until || self.packs.len() >= MOST_PACKS {
                self.is_cut_off = true;
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::bundle::{self, Head, Key};

    /// A stick with a pack in a folder, as far as it is looked at here: its manifest.
    fn stick_with_pack(folder: &str) -> (tempfile::TempDir, Trust, Slots) {
        let stick = tempfile::tempdir().expect("a folder");
        let key = Key::generate().expect("a key");
        let head = Head {
            kind: Kind::Pack,
            id: "le-loi".to_owned(),
            sequence: 1,
            created: String::new(),
        };
        let mut pack = Vec::new();
        let payload = b"a library".as_slice();
        bundle::write(head, &mut &*payload, &mut Cursor::new(Vec::new()), &key, &mut pack).expect("a pack");
        let folder = stick.path().join(folder);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("le-loi-1.kpack"), pack).expect("written");
        let slots = Slots::open(stick.path(), None);
        (
            stick,
            Trust::new(vec![key.public().expect("a key")]).expect("a key"),
            slots,
        )
    }

    fn photographs(folder: &Path, number: usize) {
        fs::create_dir_all(folder).expect("a folder");
        (0..number).for_each(|n| fs::write(folder.join(format!("IMG_{n:04}.JPG")), "").expect("written"));
    }

    #[test]
    fn somebodys_photographs_hide_no_pack_in_the_folder_beside_them() {
        let (stick, trust, slots) = stick_with_pack("Noi dung kiosk");
        photographs(&stick.path().join("DCIM"), 1200);
        let found = newest_pack(stick.path(), &trust, &slots).expect("a pack");
        assert!(found.ends_with("Noi dung kiosk/le-loi-1.kpack"), "{found:?}");
    }

    #[test]
    fn where_not_everything_is_looked_at_staff_are_told_so() {
        let (stick, trust, slots) = stick_with_pack("a/too/deep");
        let nothing = newest_pack(stick.path(), &trust, &slots).expect_err("too deep");
        assert!(
            nothing.for_staff().starts_with("Không thấy gói nội dung"),
            "{nothing:?}"
        );
        photographs(stick.path(), MOST_NAMES + 1);
        let nothing = newest_pack(stick.path(), &trust, &slots).expect_err("too deep");
        assert!(!nothing.is_of_the_office());
        let also_beside_counts = Came::NotInstalled;
        assert_eq!(nothing.came(), also_beside_counts);
        assert!(nothing.for_staff().contains("chưa xem hết"), "{nothing:?}");
    }

    #[test]
    fn where_a_newer_pack_may_lie_further_on_nobody_is_told_that_there_is_nothing_to_do() {
        let (stick, trust, slots) = stick_with_pack("KIOSK");
        let theirs = Trust::new(vec![Key::generate().expect("a key").public().expect("a key")]).expect("a key");
        let refused = newest_pack(stick.path(), &theirs, &slots).expect_err("somebody else's");
        assert!(!refused.for_staff().contains("chưa xem hết"), "{refused:?}");
        photographs(stick.path(), MOST_NAMES + 1);
        let refused = newest_pack(stick.path(), &theirs, &slots).expect_err("somebody else's");
        assert!(refused.for_staff().contains("chưa xem hết"), "{refused:?}");
        assert!(newest_pack(stick.path(), &trust, &slots).is_ok());
    }
}
