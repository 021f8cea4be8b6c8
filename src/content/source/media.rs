//! Which media files the kiosk can show or play.

/// What a media file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Svg,
    Png,
    Jpeg,
    Opus,
    Mp3,
}

impl Kind {
    /// By the ending of a file's name.
    pub(super) fn of(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            "jpg" => Some(Self::Jpeg),
            "opus" => Some(Self::Opus),
            "mp3" => Some(Self::Mp3),
            _ => None,
        }
    }

    pub(super) fn is_picture(self) -> bool {
        matches!(self, Self::Svg | Self::Png | Self::Jpeg)
    }

    /// Whether a file begins as its ending says: a renamed file would show as nothing on the kiosk.
    pub(super) fn matches(self, bytes: &[u8]) -> bool {
        match self {
            Self::Svg => bytes.windows(4).take(4096).any(|window| window == b"<svg"),
            Self::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Jpeg => bytes.starts_with(&[0xff, 0xd8, 0xff]),
            Self::Opus => bytes.starts_with(b"OggS"),
            // With a tag, or at once with a frame (eleven set bits).
            Self::Mp3 => bytes.starts_with(b"ID3") || matches!(bytes, [0xff, second, ..] if second & 0xe0 == 0xe0),
        }
    }
}
