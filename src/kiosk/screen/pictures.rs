//! The global `Media`: pictures of the content, icons and QR codes, drawn once at the size they are shown, and kept.
//!
//! A picture of the content takes longer than a frame, and so does a code: another thread draws it, and it is shown as soon as it is
//! there. In the place of what can't be drawn the screen shows words; the log says why.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::panic;
use std::rc::Rc;

use image::{RgbImage, RgbaImage};
use qrcode::bits::Bits;
use qrcode::types::QrError;
use qrcode::{EcLevel, QrCode, QrResult, Version};
use slint::{ComponentHandle, Image, Rgb8Pixel, Rgba8Pixel, SharedPixelBuffer, Timer, TimerMode};

use super::column::NEXT_FRAME;
use super::{Acts, Kiosk, attract, ui};
use crate::content::library::Library;
use crate::content::media;

/// How many bytes of drawn pictures are kept: some three of the largest frames of a screen of 1280 x 800. Memory on the Pi is short.
const MOST_KEPT: usize = 3 * 1024 * 1024 / 2;

/// The pictures shown lately.
#[derive(Default)]
pub struct Pictures {
    library: RefCell<Option<Rc<Library>>>,
    kept: RefCell<Kept>,
    /// What another thread is to draw. One is read and drawn at a time: memory on the Pi is short.
    waiting: RefCell<VecDeque<Late>>,
    /// What is being drawn.
    drawing: RefCell<Option<Late>>,
    /// Begins it once the frame that asked for it is painted: a thread of its own would still slow that frame down.
    soon: Timer,
    /// Counts libraries: what is drawn for another one is not kept.
    edition: Cell<u32>,
}

/// What was drawn.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Late(Late),
    Icon(Icon),
}

/// What another thread draws.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Late {
    Picture(Framed),
    /// A QR code, by what it says and its side.
    Code(String, u32),
}

/// A picture of the content in a frame of so many pixels.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Framed {
    /// File name.
    name: String,
    width: u32,
    height: u32,
}

/// What is drawn at once, and in the colour of the words beside it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Icon {
    /// A section's, by file name and side.
    Section(String, u32),
    /// The interface's own, by name and side.
    Sign(String, u32),
}

/// Pictures as drawn, and how many bytes they have.
#[derive(Default)]
struct Kept {
    images: BTreeMap<Key, Image>,
    bytes: usize,
}

impl Kept {
    /// Keeps one more. Icons are few and small, and on every screen.
    fn keep(&mut self, key: Key, image: Image, bytes: usize) {
        if !matches!(key, Key::Icon(Icon::Sign(..))) {
            self.bytes += bytes;
        }
        self.images.insert(key, image);
    }

    /// Forgets all pictures but those of these files if they are more than is to be kept. Not while a screen gets its pictures: it would
    /// ask for those that were forgotten, for ever.
    fn make_room(&mut self, wanted: &[&str]) {
        if self.bytes <= MOST_KEPT {
            return;
        }
        let mut bytes = 0;
        self.images.retain(|key, image| match key {
            Key::Late(Late::Picture(Framed { name, .. })) if wanted.contains(&name.as_str()) => {
                // Red, green and blue.
                bytes += usize::try_from(image.size().area()).unwrap_or_default() * 3;
                true
            }
            Key::Icon(Icon::Sign(..)) => true,
            Key::Late(_) | Key::Icon(Icon::Section(..)) => false,
        });
        self.bytes = bytes;
    }

    fn forget_pictures(&mut self) {
        self.images.retain(|key, _| matches!(key, Key::Icon(Icon::Sign(..))));
        self.bytes = 0;
    }
}

impl Pictures {
    /// Takes pictures from this library from now on, and forgets all others: they may have the same names.
    pub fn set_library(&self, app: &ui::App, library: Option<Rc<Library>>) {
        *self.library.borrow_mut() = library;
        self.kept.borrow_mut().forget_pictures();
        self.waiting.take();
        self.edition.set(self.edition.get().wrapping_add(1));
        let global = app.global::<ui::Media>();
        global.set_edition(global.get_edition().wrapping_add(1));
    }

    /// Something else is shown from now on: what is on the screen keeps itself, and these files are wanted next.
    pub(super) fn make_room(&self, wanted: Option<[&str; 2]>) {
        self.kept
            .borrow_mut()
            .make_room(wanted.as_ref().map_or(&[][..], |wanted| &wanted[..]));
    }

    fn icon(&self, icon: &Icon) -> Image {
        let key = Key::Icon(icon.clone());
        if let Some(image) = self.kept.borrow().images.get(&key) {
            return image.clone();
        }
        let drawn = self.draw_icon(icon);
        let (image, bytes) = drawn.unwrap_or_else(|why| no_picture(icon.name(), &why));
        self.kept.borrow_mut().keep(key, image.clone(), bytes);
        image
    }

    fn draw_icon(&self, icon: &Icon) -> Result<(Image, usize), String> {
        let drawn = match icon {
            Icon::Section(name, side) => media::draw_icon(&self.read(name)?, *side, *side),
            Icon::Sign(name, side) => {
                let (_, svg) = SIGNS.iter().find(|(known, _)| known == name).ok_or("no such icon")?;
                media::draw_icon(svg, *side, *side)
            }
        };
        drawn.map(|drawn| shape(&drawn).image()).map_err(|why| why.to_string())
    }

    /// A picture or code, if it is drawn; else nothing, and it will be.
    fn late(&self, acts: &Acts, wanted: Late) -> Image {
        if let Some(image) = self.kept.borrow().images.get(&Key::Late(wanted.clone())) {
            return image.clone();
        }
        let is_waiting = self.waiting.borrow().contains(&wanted);
        if !is_waiting && self.drawing.borrow().as_ref() != Some(&wanted) {
            self.waiting.borrow_mut().push_back(wanted);
        }
        if !self.soon.running() {
            let acts = acts.clone();
            self.soon.start(TimerMode::SingleShot, NEXT_FRAME, move || {
                acts.with(Kiosk::draw_pictures);
            });
        }
        Image::default()
    }

    fn keep(&self, wanted: Late, drawn: Result<Pixels, String>) {
        let (image, bytes) = drawn.map_or_else(|why| no_picture(wanted.name(), &why), Pixels::image);
        self.kept.borrow_mut().keep(Key::Late(wanted), image, bytes);
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let library = self.library.borrow();
        let library = library.as_ref().ok_or("there is no library")?;
        let bytes = library.media(name).map_err(|error| error.to_string())?;
        bytes.ok_or_else(|| "not in the library".to_owned())
    }
}

impl Late {
    fn name(&self) -> &str {
        match self {
            Self::Picture(framed) => &framed.name,
            Self::Code(..) => "QR",
        }
    }
}

impl Icon {
    fn name(&self) -> &str {
        match self {
            Self::Section(name, _) | Self::Sign(name, _) => name,
        }
    }
}

/// What stands for a picture that can't be drawn: one point, in whose place the screen shows words.
fn no_picture(name: &str, why: &str) -> (Image, usize) {
    tracing::error!("picture {name}: {why}");
    (Image::from_rgb8(SharedPixelBuffer::new(1, 1)), 0)
}

impl Kiosk {
    /// Has the next picture drawn, unless one is being drawn.
    pub(super) fn draw_pictures(&self) {
        let pictures = &self.pictures;
        if pictures.drawing.borrow().is_some() {
            return;
        }
        let Some(wanted) = pictures.waiting.borrow_mut().pop_front() else {
            return;
        };
        let bytes = match &wanted {
            Late::Picture(framed) => pictures.read(&framed.name),
            Late::Code(..) => Ok(Vec::new()),
        };
        pictures.drawing.replace(Some(wanted.clone()));
        let edition = pictures.edition.get();
        let asked = self.ask(move || {
            // A picture that makes a library panic is one that can't be drawn.
            let drawn = bytes.and_then(|bytes| {
                let drawn = panic::catch_unwind(|| wanted.draw(&bytes));
                drawn.unwrap_or_else(|_| Err("a panic".to_owned()))
            });
            Box::new(move |kiosk| kiosk.take_picture(edition, wanted, drawn))
        });
        if !asked && let Some(wanted) = pictures.drawing.take() {
            pictures.keep(wanted, Err("there is no thread for it".to_owned()));
        }
    }

    fn take_picture(&self, edition: u32, wanted: Late, drawn: Result<Pixels, String>) {
        let pictures = &self.pictures;
        pictures.drawing.take();
        let name = wanted.name().to_owned();
        if edition == pictures.edition.get() {
            pictures.keep(wanted, drawn);
        }
        let global = self.app.global::<ui::Media>();
        global.set_drawn(global.get_drawn().wrapping_add(1));
        attract::show_picture(self, Some(&name));
        self.draw_pictures();
    }
}

impl Late {
    /// Draws it, a picture from the bytes of its file; says why it can't be drawn.
    fn draw(&self, bytes: &[u8]) -> Result<Pixels, String> {
        match self {
            Self::Picture(Framed { width, height, .. }) => {
                let drawn = media::draw(bytes, *width, *height);
                drawn.map(|drawn| opaque(&drawn)).map_err(|why| why.to_string())
            }
            Self::Code(says, side) => qr(says, *side),
        }
    }
}

/// Answers the screen's questions for pictures.
pub(super) fn connect(app: &ui::App, acts: &Acts, pictures: &Rc<Pictures>) {
    let media = app.global::<ui::Media>();
    let weak = app.as_weak();
    let pixels = move |length: f32| {
        let scale = weak.upgrade().map_or(1.0, |app| app.window().scale_factor());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
        let pixels = (length * scale).round().clamp(0.0, 4096.0) as u32;
        pixels
    };
    let (drawn, side, to_draw) = (pictures.clone(), pixels.clone(), acts.clone());
    media.on_picture(move |_, _, name, width, height| match (side(width), side(height)) {
        // Not laid out yet.
        (0, _) | (_, 0) => Image::default(),
        (width, height) => {
            let name = name.into();
            drawn.late(&to_draw, Late::Picture(Framed { name, width, height }))
        }
    });
    let (drawn, side) = (pictures.clone(), pixels.clone());
    media.on_section_icon(move |_, name, length| match (side(length), name.is_empty()) {
        (0, _) | (_, true) => Image::default(),
        (side, _) => drawn.icon(&Icon::Section(name.into(), side)),
    });
    let (drawn, side, to_draw) = (pictures.clone(), pixels.clone(), acts.clone());
    media.on_code(move |_, says, length| match side(length) {
        0 => Image::default(),
        side => drawn.late(&to_draw, Late::Code(says.into(), side)),
    });
    let drawn = pictures.clone();
    media.on_sign(move |name, length| match (pixels(length), name.is_empty()) {
        (0, _) | (_, true) => Image::default(),
        (side, _) => drawn.icon(&Icon::Sign(name.into(), side)),
    });
}

/// A picture as it was drawn: unlike an image of Slint's, it may come from another thread.
enum Pixels {
    /// Without transparency nothing has to be mixed when it is painted.
    Opaque(SharedPixelBuffer<Rgb8Pixel>),
    /// Only the shape: the screen gives it its colour, or what is under it.
    Shape(SharedPixelBuffer<Rgba8Pixel>),
}

impl Pixels {
    /// The picture for the screen, and its bytes.
    fn image(self) -> (Image, usize) {
        match self {
            Self::Opaque(pixels) => (Image::from_rgb8(pixels.clone()), pixels.as_bytes().len()),
            Self::Shape(pixels) => (Image::from_rgba8(pixels.clone()), pixels.as_bytes().len()),
        }
    }
}

fn opaque(drawn: &RgbImage) -> Pixels {
    Pixels::Opaque(SharedPixelBuffer::clone_from_slice(
        drawn.as_raw(),
        drawn.width(),
        drawn.height(),
    ))
}

fn shape(drawn: &RgbaImage) -> Pixels {
    Pixels::Shape(SharedPixelBuffer::clone_from_slice(
        drawn.as_raw(),
        drawn.width(),
        drawn.height(),
    ))
}

macro_rules! signs {
    ($($name:literal)*) => {
        [$(($name, include_bytes!(concat!("../../../ui/icons/", $name, ".svg")).as_slice()),)*]
    };
}

/// The icons of the interface.
const SIGNS: [(&str, &[u8]); 37] = signs!(
    "again" "back" "box-checked" "box-empty" "calendar" "check" "clock" "close" "coin" "contact" "contrast" "delete" "down" "enlarge" "face-happy"
    "face-neutral" "face-sad" "home" "keyboard" "letters" "list" "listen" "louder" "next" "note" "pause" "people" "phone" "place" "play" "qr" "quiz"
    "search" "softer" "staff" "up" "warning"
);

/// The white border that the standard asks for (ISO/IEC 18004, 6.3.8), in modules.
const QUIET: u32 = 4;

/// A QR code in a square of so many pixels, in its middle: black, and nothing where it is white. Every module has as many pixels as
/// every other, so that no reader has to guess. Says why there is none.
fn qr(says: &str, side: u32) -> Result<Pixels, String> {
    let code = encode(says).map_err(|why| why.to_string())?;
    let modules = u32::try_from(code.width()).map_err(|why| why.to_string())?;
    let module = (side / (modules + 2 * QUIET)).max(1);
    let dark = code.to_colors();
    let mut pixels = SharedPixelBuffer::<Rgba8Pixel>::new(side, side);
    let margin = (side.saturating_sub(modules * module)) / 2;
    for (place, pixel) in (0_u32..).zip(pixels.make_mut_slice()) {
        let at = |along: u32| Some(along.checked_sub(margin)? / module).filter(|at| *at < modules);
        let is_dark = at(place % side).zip(at(place / side)).is_some_and(|(x, y)| {
            let index = usize::try_from(y * modules + x).unwrap_or(usize::MAX);
            dark.get(index) == Some(&qrcode::Color::Dark)
        });
        pixel.a = if is_dark { 255 } else { 0 };
    }
    Ok(Pixels::Shape(pixels))
}

/// The smallest code that holds it, at level L (see [`crate::content::take_home`]), or at the best level that needs no larger one.
///
/// All is one piece of bytes, in UTF-8 without a designator (ECI), which some telephones show as text. The encoder's own way would be
/// shorter and worse: it takes some letters of Vietnamese for Japanese ones in Shift JIS, and so would a telephone.
fn encode(says: &str) -> QrResult<QrCode> {
    let packed = |version: i16, level: EcLevel| {
        let mut bits = Bits::new(Version::Normal(version));
        let fits = bits.push_byte_data(says.as_bytes()).is_ok() && bits.push_terminator(level).is_ok();
        fits.then_some((bits, level))
    };
    // Looked for before anything is made: making one takes a millisecond or two.
    let best = (1..=40).find_map(|version| {
        let levels = [EcLevel::H, EcLevel::Q, EcLevel::M, EcLevel::L];
        levels.into_iter().find_map(|level| packed(version, level))
    });
    let (bits, level) = best.ok_or(QrError::DataTooLong)?;
    QrCode::with_bits(bits, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::take_home;

    #[test]
    fn every_icon_of_the_interface_can_be_drawn() {
        let pictures = Pictures::default();
        for (name, _) in SIGNS {
            let (image, bytes) = pictures.draw_icon(&Icon::Sign(name.to_owned(), 40)).expect(name);
            assert!(image.size().width == 40 && bytes == 40 * 40 * 4, "{name}");
        }
    }

    #[test]
    fn a_text_is_one_piece_of_bytes() {
        // ISO/IEC 18004, table 7: what level L holds. Fewer modules would mean that letters were taken for something else.
        for (bytes, modules) in [
            (17, 21),
            (18, 25),
            (271, 57),
            (272, 61),
            (586, 81),
            (587, 85),
            (644, 85),
        ] {
            // Two bytes of each are a letter of Shift JIS.
            let says: String = "ộạ"
                .chars()
                .cycle()
                .take(bytes / 3)
                .chain("aaa".chars().take(bytes % 3))
                .collect();
            assert!(
                says.len() == bytes && encode(&says).expect("a code").width() == modules,
                "{bytes}"
            );
        }
        assert!(
            encode(&"a".repeat(2954)).is_err(),
            "one more than the largest code holds"
        );
        let boosted = encode("https://a.vn").expect("a code");
        assert!(boosted.width() == 21 && boosted.error_correction_level() == EcLevel::M);
    }

    #[test]
    fn all_modules_of_a_code_are_of_one_size_and_it_has_its_border() {
        let says = "a".repeat(take_home::MOST_BYTES);
        for (side, module) in [(372, 4), (371, 3), (93, 1), (464, 4), (465, 5)] {
            let (image, _) = qr(&says, side).expect("a code").image();
            let pixels = image.to_rgba8().expect("pixels");
            let dark = |x: u32, y: u32| pixels.as_slice()[(y * side + x) as usize].a == 255;
            let margin = (0..side)
                .position(|at| (0..side).any(|y| dark(at, y)))
                .expect("modules");
            let margin = u32::try_from(margin).expect("few");
            assert!(margin >= QUIET * module, "{side}");
            // The finder's upper edge has seven.
            assert!(
                (0..7 * module).all(|x| dark(margin + x, margin)) && !dark(margin + 7 * module, margin),
                "{side}"
            );
        }
    }

    #[test]
    fn what_is_kept_has_a_budget_in_bytes() {
        let mut kept = Kept::default();
        for side in 0..100 {
            let framed = Framed {
                name: String::new(),
                width: side,
                height: side,
            };
            let sign = || Key::Icon(Icon::Sign("home".to_owned(), 40));
            kept.keep(Key::Late(Late::Picture(framed)), Image::default(), MOST_KEPT / 10);
            kept.keep(sign(), Image::default(), 6400);
            // A screen may have more pictures than are kept after it.
            assert!(kept.bytes <= 2 * MOST_KEPT && kept.images.len() <= 21);
            if side % 10 == 9 {
                kept.make_room(&[]);
                assert!(kept.bytes <= MOST_KEPT && kept.images.len() <= 11);
            }
            assert!(kept.images.contains_key(&sign()));
        }
    }

    #[test]
    fn what_comes_next_is_not_forgotten_to_make_room() {
        let mut kept = Kept::default();
        let key = |name: &str| {
            Key::Late(Late::Picture(Framed {
                name: name.to_owned(),
                width: 2,
                height: 2,
            }))
        };
        let image = || Image::from_rgb8(SharedPixelBuffer::new(2, 2));
        for name in ["shown", "next", "past"] {
            kept.keep(key(name), image(), MOST_KEPT);
        }
        kept.make_room(&["shown", "next"]);
        assert_eq!(kept.images.keys().cloned().collect::<Vec<_>>().len(), 2);
        assert!(!kept.images.contains_key(&key("past")));
        assert_eq!(kept.bytes, 2 * 12);
    }
}
