//! How many pixels a picture has, by what its file says of itself: before anybody decodes it, because a file of nine kilobytes
//! can be a picture of a gigabyte. Drawings (SVG) have none. Begin with [`Pixels::of`].

use std::fmt;

/// The most pixels of a picture that the office lets into a pack and a kiosk takes: four megapixels, several times what a screen
/// shows. A telephone's photograph has twelve and more.
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
    /// What the beginning of a PNG or JPEG file says; `None` if it says nothing, or is of another kind.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        use imagesize::ImageType::{Jpeg, Png};
        let (Ok(Png | Jpeg), Ok(size)) = (imagesize::image_type(bytes), imagesize::blob_size(bytes)) else {
            return None;
        };
        Some(Self {
            wide: size.width.try_into().ok()?,
            high: size.height.try_into().ok()?,
        })
    }

    /// How many there are in all.
    #[must_use]
    pub const fn count(self) -> u64 {
        self.wide.saturating_mul(self.high)
    }
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

    /// A JPEG that ends after its frame's head; before that stands a preview with a size of its own, as telephones write it.
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
        [&[0xff, 0xd8, 0xff, 0xe1][..], &length, &preview, &frame(wide, high)].concat()
    }

    #[test]
    fn pictures_say_how_large_they_are_before_they_are_decoded() {
        let of = |bytes: &[u8]| Pixels::of(bytes).map(|pixels| (pixels.to_string(), pixels.count()));
        assert_eq!(of(&png(20_000, 20_000)), Some(("20000x20000".to_owned(), 400_000_000)));
        assert_eq!(of(&jpeg(4000, 3000)), Some(("4000x3000".to_owned(), 12_000_000)));
        assert_eq!(
            of(&png(u32::MAX, u32::MAX)).map(|(_, n)| n),
            Some(u64::from(u32::MAX).pow(2))
        );
        for none in [
            &b""[..],
            b"<svg/>",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe1\0",
            b"GIF89a\x40\x9c\x40\x9c\0\0\0",
        ] {
            assert_eq!(of(none), None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at_without_a_panic(kind in 0..3, bytes: Vec<u8>) {
            let head: &[u8] = match kind {
                0 => b"\x89PNG\r\n\x1a\n",
                1 => b"\xff\xd8\xff",
                _ => b"",
            };
            let _ = Pixels::of(&[head, &bytes].concat());
        }
    }
}
