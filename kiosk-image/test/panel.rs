//! The panel: how large it is, what somebody sees who stands before it, and where a finger touches it, however it is mounted.

use commune_kiosk::kiosk::screen::headless::Picture;

use crate::machine::{Graphics, Setting};
use crate::twin::Place;

/// Width and height in pixels of the panel that machines have.
pub const SIZE: (u32, u32) = (1280, 800);

/// What the firmware sets up where nobody tells it better.
const FIRMWARE: (u32, u32) = (800, 600);

/// How a machine's panel is used.
#[derive(Debug, Clone, Copy)]
pub struct Panel {
    /// Width and height in pixels, as the machine knows them.
    size: (u32, u32),
    /// `rotation` of `kiosk.toml`: so many degrees clockwise is the picture turned on the panel.
    turned: u16,
}

impl Panel {
    /// The panel of a machine.
    pub fn of(setting: &Setting) -> Self {
        Self {
            size: if setting.graphics == Graphics::Firmware {
                FIRMWARE
            } else {
                SIZE
            },
            turned: setting.turned,
        }
    }

    /// Width and height of the picture that somebody sees.
    pub fn seen_size(self) -> (u32, u32) {
        let (width, height) = self.size;
        if self.turned.is_multiple_of(180) {
            (width, height)
        } else {
            (height, width)
        }
    }

    /// The picture as somebody sees it, of the panel's own.
    pub fn seen(self, picture: Picture) -> Picture {
        if self.turned == 0 || (picture.width, picture.height) != self.size {
            return picture;
        }
        let (width, height) = self.seen_size();
        let mut rgb = Vec::with_capacity(picture.rgb.len());
        for y in 0..height {
            for x in 0..width {
                let (across, down) = match self.turned {
                    90 => (self.size.0 - 1 - y, x),
                    180 => (self.size.0 - 1 - x, self.size.1 - 1 - y),
                    _ => (y, self.size.1 - 1 - x),
                };
                let at = 3 * (down * self.size.0 + across) as usize;
                rgb.extend_from_slice(&picture.rgb[at..at + 3]);
            }
        }
        Picture { width, height, rgb }
    }

    /// Where on the panel, each way from 0 to 1, a finger is that touches this place of the picture.
    #[expect(clippy::cast_precision_loss, reason = "a screen has some thousand pixels")]
    pub fn touched(self, (x, y): Place) -> (f32, f32) {
        let (width, height) = self.seen_size();
        let (x, y) = (x / width as f32, y / height as f32);
        match self.turned {
            90 => (1.0 - y, x),
            180 => (1.0 - x, 1.0 - y),
            270 => (y, 1.0 - x),
            _ => (x, y),
        }
    }
}
