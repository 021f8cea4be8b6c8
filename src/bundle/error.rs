//! Why a bundle was not accepted, in English for logs and in Vietnamese for whoever brought it.

use std::io;

use thiserror::Error;

use super::kind::Kind;

/// Why a bundle was not accepted. Nothing of it may be used then.
#[derive(Debug, Error)]
pub enum BundleError {
    /// Something else under the name of a bundle; bring another file.
    #[error("not a bundle: {0}")]
    NotABundle(&'static str),
    /// The file ends too early; copy it again.
    #[error("the bundle is cut off in {0}")]
    CutOff(&'static str),
    /// What is read is not what was signed; copy it again.
    #[error("the bundle is damaged: {0}")]
    Damaged(&'static str),
    /// A part is larger than it may be; nobody honest makes such a file.
    #[error("{0} is too large")]
    TooLarge(&'static str),
    /// Signed by a key that isn't trusted; ask whose file this is.
    #[error("signed by {0}, which is not trusted")]
    UnknownSigner(String),
    /// The signature doesn't fit the manifest: damaged, or changed by somebody.
    #[error("the signature does not fit")]
    BadSignature,
    /// Made for a newer program; update the kiosk.
    #[error("the bundle has format {found}, this program reads format {known}")]
    OtherFormat {
        /// The format that the manifest names.
        found: u64,
        /// The only format that this program reads.
        known: u64,
    },
    /// Rightly signed, and still not a manifest; the office's program is at fault.
    #[error("the manifest makes no sense: {0}")]
    BadManifest(String),
    /// A bundle of another kind, such as statistics in the place of a pack.
    #[error("this is a bundle of kind {found}, not {wanted}")]
    WrongKind {
        /// What it is.
        found: Kind,
        /// What was wanted.
        wanted: Kind,
    },
    /// It can't be read from where it is: the stick was pulled out, or fails.
    #[error("the bundle can't be read: {0}")]
    Source(#[source] io::Error),
    /// It can't be written to where it goes: the disk is full, or fails.
    #[error("the payload can't be written: {0}")]
    Target(#[source] io::Error),
}

impl BundleError {
    /// What staff read: what is wrong and what to do, in a sentence or two.
    #[must_use]
    pub fn for_staff(&self) -> String {
        match self {
            Self::NotABundle(_) | Self::WrongKind { wanted: Kind::Pack, .. } => {
                "Tệp này không phải là gói nội dung. Mời chép đúng tệp có đuôi .kpack vào USB."
            }
            Self::CutOff(_) => {
                "Tệp chép vào USB bị thiếu phần cuối. Mời chép lại và đợi chép xong hẳn rồi mới rút USB."
            }
            Self::Damaged(_) => "Tệp trên USB bị hỏng. Mời chép lại từ máy văn phòng, hoặc đổi USB khác.",
            Self::TooLarge(_) => "Tệp này lớn quá mức cho phép nên máy không nhận. Mời hỏi nơi gửi tệp.",
            Self::UnknownSigner(_) => {
                "Tệp này không do văn phòng của máy làm ra nên máy không nhận. Mời hỏi nơi gửi tệp."
            }
            Self::BadSignature => "Tệp này đã bị sửa hoặc bị hỏng nên máy không nhận. Mời chép lại từ máy văn phòng.",
            Self::OtherFormat { .. } => "Tệp này cần chương trình mới hơn. Mời gọi kỹ thuật viên cập nhật máy.",
            Self::BadManifest(_) => "Tệp này làm ra bị lỗi. Mời văn phòng đóng gói lại.",
            Self::WrongKind { .. } => "Tệp này không đúng loại. Mời chọn tệp khác.",
            Self::Source(_) => "Máy không đọc được USB. Mời cắm lại, hoặc đổi USB khác.",
            Self::Target(error) if error.kind() == io::ErrorKind::StorageFull => {
                "Bộ nhớ của máy đã đầy. Mời gọi kỹ thuật viên."
            }
            Self::Target(_) => "Bộ nhớ của máy bị lỗi. Mời gọi kỹ thuật viên.",
        }
        .to_owned()
    }
}
