//! The panel: how large it is, what somebody sees who stands before it, and where a finger touches it, however it is mounted.
//!
//! `turned` is `rotation` of `kiosk.toml`: so many degrees clockwise is the picture turned on the panel.

use commune_kiosk::kiosk::screen::headless::Picture;

use crate::twin::Place;

/// Its width and height in pixels, as the machine knows them.
pub const SIZE: (u32, u32) = (1280, 800);

/// Width and height of the picture that somebody sees.
pub fn seen_size(turned: u16) -> (u32, u32) {
    let (width, height) = SIZE;
    if turned.is_multiple_of(180) {
        (width, height)
    } else {
        (height, width)
    }
}

/// The picture as somebody sees it, of the panel's own.
pub fn seen(picture: Picture, turned: u16) -> Picture {
    if turned == 0 || (picture.width, picture.height) != SIZE {
        return picture;
    }
    let (width, height) = seen_size(turned);
    let mut rgb = Vec::with_capacity(picture.rgb.len());
    for y in 0..height {
        for x in 0..width {
            let (across, down) = match turned {
                90 => (SIZE.0 - 1 - y, x),
                180 => (SIZE.0 - 1 - x, SIZE.1 - 1 - y),
                _ => (y, SIZE.1 - 1 - x),
            };
            let at = 3 * (down * SIZE.0 + across) as usize;
            rgb.extend_from_slice(&picture.rgb[at..at + 3]);
        }
    }
    Picture { width, height, rgb }
}

/// Where on the panel, each way from 0 to 1, a finger is that touches this place of the picture.
#[expect(clippy::cast_precision_loss, reason = "a screen has some thousand pixels")]
pub fn touched((x, y): Place, turned: u16) -> (f32, f32) {
    let (width, height) = seen_size(turned);
    let (x, y) = (x / width as f32, y / height as f32);
    match turned {
        90 => (1.0 - y, x),
        180 => (1.0 - x, 1.0 - y),
        270 => (y, 1.0 - x),
        _ => (x, y),
    }
}
