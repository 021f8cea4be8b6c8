//! Why a pack was not installed or can't be shown.

use std::io;

use thiserror::Error;

use crate::bundle::BundleError;
use crate::content::library::LibraryError;

/// Why the slots can't do what they were asked.
#[derive(Debug, Error)]
pub enum SlotError {
    /// There is no pack to go back to.
    #[error("there is no pack before this one")]
    NothingBefore,
    /// Another edition is shown than the one that was to be left.
    #[error("edition {from} was to be left, and {current} is current by now")]
    Another {
        /// The edition that was to be left.
        from: u64,
        /// The one that is current.
        current: u64,
    },
    /// The record of the packs makes no sense; the files themselves decide then.
    #[error("the record of the packs is damaged: {0}")]
    Record(String),
    /// The factory's pack can't be opened; the image is damaged.
    #[error("the factory's pack can't be opened: {0}")]
    Factory(String),
    /// A pack can't be opened.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The folder of the packs can't be read or written.
    #[error("the packs can't be read or written: {0}")]
    Io(#[from] io::Error),
}

/// Why a pack was not installed. What was shown before is still shown.
#[derive(Debug, Error)]
pub enum InstallError {
    /// The bundle itself is not right.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A pack for other kiosks.
    #[error("this pack is {found}, this kiosk shows {wanted}")]
    OtherPack {
        /// The id of the pack.
        found: String,
        /// The id that this kiosk shows.
        wanted: String,
    },
    /// The kiosk has this edition already.
    #[error("edition {0} is already here")]
    SameEdition(u64),
    /// The kiosk has a newer one.
    #[error("edition {found} is older than {newest}, which is here")]
    Older {
        /// The edition of the pack.
        found: u64,
        /// The newest edition that the kiosk has.
        newest: u64,
    },
    /// It ended the program again and again when it was here, and was left.
    #[error("edition {0} ended the program again and again when it was here")]
    Left(u64),
    /// The pack is larger than the space that is left.
    #[error("the pack needs {needed} bytes and {free} are free")]
    NoSpace {
        /// Bytes of the pack, unpacked.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// Rightly signed and whole, and not fit to be shown.
    #[error("the pack is not fit to be shown: {0}")]
    Unfit(#[source] LibraryError),
    /// Looking it over from the first page to the last ended the program that did so.
    #[error("the pack can't be shown: {0}")]
    CanNotBeShown(String),
    /// Nobody could look it over to its end.
    #[error("the pack can't be looked over: {0}")]
    NotRehearsed(String),
    /// The library says another edition or id than its manifest.
    #[error("the manifest and the content name different editions")]
    Contradiction,
    /// The kiosk's own disk fails, or its record of packs is damaged.
    #[error(transparent)]
    Slots(#[from] SlotError),
}

impl From<io::Error> for InstallError {
    fn from(error: io::Error) -> Self {
        Self::Slots(error.into())
    }
}

impl InstallError {
    /// What staff read: what is wrong and what to do, in a sentence or two.
    #[must_use]
    pub fn for_staff(&self) -> String {
        match self {
            Self::Bundle(error) => error.for_staff(),
            Self::OtherPack { .. } => {
                "Gói nội dung này dành cho nơi khác, không phải cho máy này. Mời hỏi nơi gửi tệp.".to_owned()
            }
            Self::SameEdition(edition) => {
                format!("Máy đang có sẵn nội dung lần {edition} này rồi. Không cần làm gì thêm.")
            }
            Self::Older { found, newest } => {
                format!("Gói này là lần {found}, cũ hơn nội dung lần {newest} máy đang có. Mời chép gói mới nhất.")
            }
            Self::NoSpace { .. } => "Bộ nhớ của máy không còn đủ chỗ. Mời gọi kỹ thuật viên.".to_owned(),
            Self::Unfit(LibraryError::OtherForm { .. }) => {
                "Gói này cần chương trình mới hơn. Mời gọi kỹ thuật viên cập nhật máy.".to_owned()
            }
            Self::Left(edition) => format!(
                "Nội dung lần {edition} đã làm máy dừng nhiều lần nên máy không nhận nữa. Mời báo văn phòng làm gói khác."
            ),
            Self::NotRehearsed(_) => {
                "Máy chưa xem thử được gói này, có thể máy đang bận. Mời rút USB ra và cắm lại.".to_owned()
            }
            Self::Unfit(_) | Self::CanNotBeShown(_) | Self::Contradiction => {
                "Gói này làm ra bị lỗi nên máy không dùng. Mời văn phòng đóng gói lại.".to_owned()
            }
            Self::Slots(SlotError::Io(error)) if error.kind() == io::ErrorKind::StorageFull => {
                "Bộ nhớ của máy đã đầy. Mời gọi kỹ thuật viên.".to_owned()
            }
            Self::Slots(_) => "Bộ nhớ của máy bị lỗi. Nội dung cũ vẫn dùng được. Mời gọi kỹ thuật viên.".to_owned(),
        }
    }
}
