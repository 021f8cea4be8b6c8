//! How many pixels a picture has, by what its file says of itself: before anybody decodes it, because a file of nine kilobytes
//! can be a picture of a gigabyte. Drawings (SVG) have none; one that holds a picture of pixels is refused. Begin with [`judge`].

use std::fmt;

use thiserror::Error;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

/// The most pixels of a picture that a kiosk installs or draws: four megapixels, several times what a screen shows, 16 MB decoded. The
/// office stores less. What an earlier pack has with more is shown by its words.
pub const MOST: u64 = 4_000_000;

/// The size of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pixels {
    /// From left to right.
    pub wide: u64,
    /// From top to bottom.
    pub high: u64,
}

impl Pixels {
    /// How many there are in all.
    #[must_use]
    pub const fn count(self) -> u64 {
        self.wide.saturating_mul(self.high)
    }
}

/// Why a picture is not to be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unfit {
    /// It has too many pixels.
    #[error("it has {0} pixels")]
    TooLarge(Pixels),
    /// It begins as a picture and does not say how large it is.
    #[error("it does not say how large it is")]
    Unreadable,
    /// A drawing that holds a picture of pixels, or leads to one.
    #[error("it is a drawing with a picture in it")]
    PictureInside,
}

/// Whether a file, if it is a picture, may be decoded: it has no more pixels than `most`.
///
/// # Errors
/// [`Unfit`] if not.
pub fn judge(bytes: &[u8], most: u64) -> Result<(), Unfit> {
    let size = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(bytes)
    } else if bytes.starts_with(b"\xff\xd8") {
        // The decoder that the screen draws with, so that both read the same size.
        let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
        decoder.decode_headers().ok().and_then(|()| decoder.dimensions())
    } else if is_drawing(bytes) && holds_a_picture(bytes) {
        return Err(Unfit::PictureInside);
    } else {
        return Ok(());
    };
    let size = size.and_then(|(wide, high)| {
        Some(Pixels {
            wide: wide.try_into().ok()?,
            high: high.try_into().ok()?,
        })
    });
    match size {
        None => Err(Unfit::Unreadable),
        Some(pixels) if pixels.count() > most => Err(Unfit::TooLarge(pixels)),
        Some(_) => Ok(()),
    }
}

/// The size in the first chunk, which must be this one (PNG, 5.6 and 11.2.2).
fn png(bytes: &[u8]) -> Option<(usize, usize)> {
    let size = bytes.get(8..24)?.strip_prefix(b"\0\0\0\rIHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(size.get(at..at + 4)?.try_into().ok()?) as usize);
    Some((number(0)?, number(4)?))
}

/// Whether a file can be an SVG.
fn is_drawing(bytes: &[u8]) -> bool {
    let begin = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
    let begin = &bytes[begin.unwrap_or(0)..];
    begin.starts_with(b"<") || begin.starts_with(b"\xef\xbb\xbf")
}

/// Whether an SVG has an element `image` under any prefix, or data of another file, or words of its own for such (entities).
fn holds_a_picture(bytes: &[u8]) -> bool {
    let has = |words: &[u8]| {
        bytes
            .windows(words.len())
            .any(|window| window.eq_ignore_ascii_case(words))
    };
    [&b"<image"[..], b":image", b"feImage", b"data:", b"<!ENTITY"]
        .into_iter()
        .any(has)
}

impl fmt::Display for Pixels {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}x{}", self.wide, self.high)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A PNG that ends after its head.
    fn png(wide: u32, high: u32) -> Vec<u8> {
        let head = [
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
            &wide.to_be_bytes(),
            &high.to_be_bytes(),
        ];
        [head.concat(), vec![8, 2, 0, 0, 0, 0, 0, 0, 0]].concat()
    }

    /// The head of a JPEG's scan.
    const SCAN: &[u8] = &[0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0];

    /// A JPEG that ends where its scan would begin; before its frame stands a preview with a size of its own, as telephones write it.
    fn jpeg(wide: u16, high: u16) -> Vec<u8> {
        let frame = |wide: u16, high: u16| {
            let size = [high.to_be_bytes(), wide.to_be_bytes()].concat();
            [
                &[0xff, 0xc0, 0, 17, 8][..],
                &size,
                &[3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1],
            ]
            .concat()
        };
        let preview = [&[0xff, 0xd8][..], &frame(160, 120)].concat();
        let length = u16::try_from(preview.len() + 2).unwrap().to_be_bytes();
        [
            &[0xff, 0xd8, 0xff, 0xe1][..],
            &length,
            &preview,
            &frame(wide, high),
            SCAN,
        ]
        .concat()
    }

    #[test]
    fn pictures_say_how_large_they_are_before_they_are_decoded() {
        let of = |bytes: &[u8]| judge(bytes, 0).unwrap_err().to_string();
        assert_eq!(of(&png(20_000, 20_000)), "it has 20000x20000 pixels");
        assert_eq!(of(&png(u32::MAX, u32::MAX)), "it has 4294967295x4294967295 pixels");
        assert_eq!(of(&jpeg(4000, 3000)), "it has 4000x3000 pixels");
        for cut in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff\xe1\0", &png(8, 8)[..20]] {
            assert_eq!(judge(cut, MOST), Err(Unfit::Unreadable));
        }
        for none in [&b""[..], b"<svg/>", b"ID3", b"OggS"] {
            assert_eq!(judge(none, 0), Ok(()));
        }
        assert_eq!(judge(&png(2000, 2000), MOST), Ok(()));
        assert_eq!(of(&png(2000, 2001)), "it has 2000x2001 pixels");
        assert!(judge(&png(2000, 2001), MOST).is_err());
    }

    /// As the standard allows (ITU-T T.81, B.1.1.2): a marker may have bytes FF before it.
    #[test]
    fn a_photograph_with_fill_bytes_or_a_long_preview_hides_nothing() {
        let photograph = jpeg(4000, 3000);
        let frame = photograph.len() - SCAN.len() - 19;
        let filled = [&photograph[..frame], &[0xff; 3], &photograph[frame..]].concat();
        let segment = [&[0xff, 0xe2, 0xff, 0xff][..], &vec![0; 65_533]].concat();
        let late = [&photograph[..2], &segment.repeat(12), &photograph[2..]].concat();
        for photograph in [filled, late] {
            assert_eq!(
                judge(&photograph, MOST).unwrap_err().to_string(),
                "it has 4000x3000 pixels"
            );
        }
    }

    #[test]
    fn a_drawing_with_a_picture_in_it_is_refused() {
        for inside in [
            r#"<image href="data:image/png;base64,AA"/>"#,
            r#"<svg:IMAGE x="1"/>"#,
            r#"<feImage href="x.png"/>"#,
            "<style>a{fill:url(data:x)}</style>",
        ] {
            let drawing = format!("\u{feff} <svg>{inside}</svg>");
            assert_eq!(judge(drawing.as_bytes(), MOST), Err(Unfit::PictureInside), "{inside}");
        }
        assert_eq!(judge(b"<?xml version='1.0'?><svg><path d='M0 0'/></svg>", MOST), Ok(()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at_without_a_panic(kind in 0..4_usize, bytes: Vec<u8>) {
            let head: &[u8] = [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"<svg", b""][kind];
            let _ = judge(&[head, &bytes].concat(), MOST);
        }
    }
}
