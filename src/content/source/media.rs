//! Which media files the kiosk can show or play, and pictures made ready to be stored.

use super::notes::{Notes, Reference};
use crate::content::faults::{Fault, Place};
use crate::content::media::{self, LONGEST_SIDE, MOST_PIXELS, Need, Unfit, Use};
use crate::content::model::{Content, Section};

/// What a media file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Svg,
    Png,
    Jpeg,
    Webp,
    Opus,
    Mp3,
}

impl Kind {
    /// By the ending of a file's name, in capitals or not.
    pub(super) fn of(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            // Windows saves pictures of web pages as the last one.
            "jpg" | "jpeg" | "jfif" => Some(Self::Jpeg),
            "webp" => Some(Self::Webp),
            "opus" => Some(Self::Opus),
            "mp3" => Some(Self::Mp3),
            _ => None,
        }
    }

    pub(super) fn is_picture(self) -> bool {
        !matches!(self, Self::Opus | Self::Mp3)
    }

    /// Whether a file begins as its ending says.
    pub(super) fn matches(self, bytes: &[u8]) -> bool {
        match self {
            Self::Svg => media::is_drawing(bytes),
            Self::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Jpeg => bytes.starts_with(&[0xff, 0xd8, 0xff]),
            Self::Webp => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
            Self::Opus => bytes.starts_with(b"OggS"),
            // With a tag, or at once with a frame (eleven set bits).
            Self::Mp3 => bytes.starts_with(b"ID3") || matches!(bytes, [0xff, second, ..] if second & 0xe0 == 0xe0),
        }
    }
}

/// Makes every picture ready to be stored; those that can't be shown are faults. One that no text names keeps nobody from packing: what it
/// is for isn't known, an icon for dark ground is white. It stays behind; if a text couldn't be read that may name it, without a word.
pub(super) fn make_ready(content: &mut Content, notes: &mut Notes) {
    let sections = &content.sections;
    content
        .media
        .retain(|name, bytes| make_one_ready(name, bytes, sections, notes));
}

/// Whether it goes into the pack, faults aside.
fn make_one_ready(name: &str, bytes: &mut Vec<u8>, sections: &[Section], notes: &mut Notes) -> bool {
    if !Kind::of(name).is_some_and(|kind| kind.is_picture() && kind.matches(bytes)) {
        return true;
    }
    let is_icon = sections.iter().any(|section| section.icon == *name);
    let purpose = if is_icon { Use::Icon } else { Use::Picture };
    let place = Place::whole(format!("media/{name}"));
    match media::prepare(bytes, purpose) {
        Ok(ready) => *bytes = ready,
        Err(why) => {
            let (code, message, help) = words(&why);
            let named = notes.is_named(name);
            if named {
                notes.add(Fault::error(code, place, message).help(help));
            } else if notes.half_read.is_empty() {
                let help = "Không có trang nào dùng tệp này nên nó không vào gói. Hãy xoá tệp, hoặc sửa rồi hãy dùng.";
                notes.add(Fault::warning(code, place, message).help(help));
            }
            return named;
        }
    }
    // A sign in white is seen on the colour of its section, and not on the paper of a page.
    let shown = |reference: &Reference| reference.target == name && !reference.place.file.ends_with("sections.toml");
    if is_icon && notes.references.iter().any(shown) && media::prepare(bytes, Use::Picture) == Err(Unfit::Blank) {
        let (code, message, help) = words(&Unfit::Blank);
        notes.add(Fault::error(code, place.clone(), message).help(help));
    }
    if is_icon && media::can_be_tinted(bytes) != Ok(true) {
        let message = "Biểu tượng của mục lớn phải là hình một màu trên nền trong suốt";
        let help = "Máy tô lại biểu tượng theo màu của mục, nên ảnh chụp, hình nhiều màu hay hình tô kín cả ô sẽ thành một ô đặc. Hãy dùng hình svg một màu, chỉ vẽ nét, không có nền.";
        notes.add(Fault::error("icon-colour", place, message).help(help));
    }
    true
}

fn words(why: &Unfit) -> (&'static str, String, String) {
    let as_picture = "Hãy xuất hình ra png rồi dùng tệp ấy.";
    match why {
        Unfit::TooLarge(pixels) => (
            "large-picture",
            format!(
                "Ảnh quá lớn: {pixels} điểm ảnh, nhiều nhất là {} triệu",
                MOST_PIXELS / 1_000_000
            ),
            format!(
                "Mở ảnh trên máy tính, đổi kích cỡ (Resize) còn khoảng {LONGEST_SIDE} điểm ảnh ở cạnh dài, rồi lưu lại vào media."
            ),
        ),
        Unfit::Damaged => (
            "damaged-media",
            "Ảnh bị hỏng hoặc bị cắt dở, máy không hiện được".to_owned(),
            "Hãy chép lại ảnh từ nơi lấy, mở thử trên máy tính trước khi đưa vào media.".to_owned(),
        ),
        Unfit::NoSize => (
            "drawing-size",
            "Hình vẽ SVG này không có kích thước".to_owned(),
            format!("Phần tử svg phải có width, height lớn hơn 0, hoặc viewBox. {as_picture}"),
        ),
        Unfit::Blank => (
            "drawing-blank",
            "Hình này trống: trên giấy trắng không nhìn thấy nét nào".to_owned(),
            "Có thể hình chỉ có một màu, các nét có màu trắng, hoặc nằm ngoài khung. Hãy mở hình trên nền trắng để xem, rồi xuất lại.".to_owned(),
        ),
        Unfit::TooMuchWork => (
            "heavy-drawing",
            "Hình vẽ SVG này có quá nhiều nét, máy vẽ lâu".to_owned(),
            as_picture.to_owned(),
        ),
        Unfit::NoGlyph(letter) => (
            "no-glyph",
            format!(
                "Máy không có hình cho ký tự \"{letter}\" (U+{:04X}) trong hình vẽ này",
                u32::from(*letter)
            ),
            "Hãy bỏ ký tự ấy, hoặc vẽ nó thành nét.".to_owned(),
        ),
        Unfit::Needs(need) => {
            let what = match need {
                Need::PictureInside => "ảnh khác ở bên trong".to_owned(),
                Need::Filter => "hiệu ứng (filter) như bóng đổ, làm mờ".to_owned(),
                Need::ForeignObject => "chữ kiểu trang web (foreignObject), thường do draw.io xuất ra".to_owned(),
                Need::FlowingText => "chữ tự xuống dòng (flowRoot, inline-size), thường do Inkscape".to_owned(),
                Need::PatternOrMarker => "hoạ tiết lặp hoặc dấu đầu mũi tên (pattern, marker)".to_owned(),
                Need::Script => "chương trình (script)".to_owned(),
                Need::Movement => "hình chuyển động".to_owned(),
                Need::SoundOrFilm => "âm thanh hoặc phim".to_owned(),
                Need::OtherFile => "phần lấy từ tệp khác nằm ngoài hình".to_owned(),
                Need::Element(name) => format!("phần tử \"{name}\""),
                Need::Value(name, value) => format!("\"{name}\" ghi là \"{value}\""),
                Need::Style(piece) => format!("đoạn kiểu (style) \"{piece}\""),
                Need::Nowhere(id) => format!("chỗ dẫn tới \"#{id}\" mà trong hình không có, hoặc có hai"),
            };
            (
                "drawing-needs",
                format!("Hình vẽ SVG này có {what}, máy không vẽ được"),
                "Hãy xuất lại hình thành SVG thường (Plain SVG), hoặc lưu thành png rồi dùng tệp ấy.".to_owned(),
            )
        }
    }
}
