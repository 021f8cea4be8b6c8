//! A screen without a display: the real program drawn into memory, with a clock that we turn and fingers that we move.
//!
//! The tour, the tests with tap scripts, the picture tests and the frame benchmark share this one piece.

use std::cell::{Cell, RefCell};
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use i_slint_backend_testing::ElementQuery;
use slint::platform::software_renderer::{MinimalSoftwareWindow, PremultipliedRgbaColor, RepaintBufferType};
use slint::platform::{Platform, PointerEventButton, WindowAdapter, WindowEvent};
use slint::{LogicalPosition, PhysicalSize, PlatformError};

use super::Kiosk;

/// One frame of the clock while time passes: as often as a real screen would draw.
const FRAME: Duration = Duration::from_millis(16);

/// A screen in memory.
pub struct Headless {
    window: Rc<MinimalSoftwareWindow>,
    time: Rc<Cell<Duration>>,
    pixels: RefCell<Vec<PremultipliedRgbaColor>>,
    size: PhysicalSize,
    frames: Cell<usize>,
}

struct MemoryPlatform {
    window: Rc<MinimalSoftwareWindow>,
    time: Rc<Cell<Duration>>,
}

impl Platform for MemoryPlatform {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(self.window.clone())
    }

    fn duration_since_start(&self) -> Duration {
        self.time.get()
    }
}

impl Headless {
    /// Makes this thread's Slint draw into memory, at this size in pixels.
    ///
    /// # Errors
    /// If this thread has a platform already.
    pub fn install(width: u32, height: u32) -> Result<Self, PlatformError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
        let time = Rc::new(Cell::new(Duration::ZERO));
        slint::platform::set_platform(Box::new(MemoryPlatform {
            window: window.clone(),
            time: time.clone(),
        }))
        .map_err(|error| PlatformError::Other(error.to_string()))?;
        let size = PhysicalSize::new(width, height);
        window.set_size(size);
        let pixels = vec![PremultipliedRgbaColor::default(); (width * height) as usize];
        Ok(Self {
            window,
            time,
            pixels: RefCell::new(pixels),
            size,
            frames: Cell::new(0),
        })
    }

    /// Time since the start, for the kiosk's clock.
    #[must_use]
    pub fn clock(&self) -> Rc<Cell<Duration>> {
        self.time.clone()
    }

    /// How many frames have been drawn.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames.get()
    }

    /// Lets time pass and draws what changes on the way.
    pub fn pass(&self, time: Duration) {
        let end = self.time.get() + time;
        while self.time.get() < end {
            // While nothing moves there is nothing to see between two ticks.
            let step = if self.window.has_active_animations() {
                FRAME
            } else {
                slint::platform::duration_until_next_timer_update()
                    .unwrap_or(time)
                    .max(FRAME)
            };
            self.time.set((self.time.get() + step).min(end));
            self.draw();
        }
    }

    /// Runs what is due and draws what has changed; returns how long that took if anything was drawn.
    pub fn draw(&self) -> Option<Duration> {
        let began = Instant::now();
        slint::platform::update_timers_and_animations();
        let mut pixels = self.pixels.borrow_mut();
        let stride = self.size.width as usize;
        let drawn = self.window.draw_if_needed(|renderer| {
            renderer.render(&mut pixels, stride);
        });
        drawn.then(|| {
            self.frames.set(self.frames.get() + 1);
            began.elapsed()
        })
    }

    /// Paints the whole screen anew, changed or not; returns how long that took.
    pub fn repaint(&self) -> Duration {
        self.window.request_redraw();
        let began = Instant::now();
        let mut pixels = self.pixels.borrow_mut();
        let stride = self.size.width as usize;
        self.window.draw_if_needed(|renderer| {
            renderer.set_repaint_buffer_type(RepaintBufferType::NewBuffer);
            renderer.render(&mut pixels, stride);
            renderer.set_repaint_buffer_type(RepaintBufferType::ReusedBuffer);
        });
        began.elapsed()
    }

    /// A finger touches and leaves at once; returns how long it took until the new frame was painted.
    pub fn tap(&self, position: LogicalPosition) -> Duration {
        let began = Instant::now();
        let button = PointerEventButton::Left;
        for event in [
            WindowEvent::PointerPressed { position, button },
            WindowEvent::PointerReleased { position, button },
            WindowEvent::PointerExited,
        ] {
            // A finger beside every element is not an error.
            let _ = self.window.dispatch_event_with_result(event);
        }
        self.draw();
        began.elapsed()
    }

    /// A finger comes down and stays.
    pub fn press(&self, position: LogicalPosition) {
        let button = PointerEventButton::Left;
        let _ = self
            .window
            .dispatch_event_with_result(WindowEvent::PointerPressed { position, button });
        self.draw();
    }

    /// The finger slides off and leaves: nothing was touched.
    pub fn slide_off(&self) {
        let _ = self.window.dispatch_event_with_result(WindowEvent::PointerExited);
        self.draw();
    }

    /// The picture as rows of red, green and blue bytes.
    #[must_use]
    pub fn picture(&self) -> Picture {
        let pixels = self.pixels.borrow();
        Picture {
            width: self.size.width,
            height: self.size.height,
            rgb: pixels
                .iter()
                .flat_map(|pixel| [pixel.red, pixel.green, pixel.blue])
                .collect(),
        }
    }
}

/// A picture of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Three bytes a pixel, row by row.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// Writes a PNG file.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let file = io::BufWriter::new(std::fs::File::create(path)?);
        let mut encoder = png::Encoder::new(file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&self.rgb)?;
        Ok(())
    }

    /// Reads a PNG file that [`Picture::write`] wrote.
    ///
    /// # Errors
    /// If there is no such file, or it isn't an eight-bit RGB picture.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut reader = png::Decoder::new(io::BufReader::new(std::fs::File::open(path)?)).read_info()?;
        let size = reader.output_buffer_size().ok_or(io::ErrorKind::InvalidData)?;
        let mut rgb = vec![0; size];
        let info = reader.next_frame(&mut rgb)?;
        if info.color_type != png::ColorType::Rgb || info.bit_depth != png::BitDepth::Eight {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self {
            width: info.width,
            height: info.height,
            rgb,
        })
    }

    /// The share of pixels, from 0 to 1, in which a colour differs by more than an eighth of its range; 1 for another size.
    #[must_use]
    pub fn difference(&self, other: &Self) -> f64 {
        if (self.width, self.height) != (other.width, other.height) || self.rgb.is_empty() {
            return 1.0;
        }
        let differing = self
            .rgb
            .chunks_exact(3)
            .zip(other.rgb.chunks_exact(3))
            .filter(|(a, b)| a.iter().zip(b.iter()).any(|(a, b)| a.abs_diff(*b) > 32))
            .count();
        #[expect(clippy::cast_precision_loss, reason = "counts of pixels are far below 2^52")]
        let share = differing as f64 / (self.rgb.len() / 3) as f64;
        share
    }
}

/// Something on the screen that has a label.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// What a screen reader would say.
    pub label: String,
    /// The middle, where a finger would aim.
    pub middle: LogicalPosition,
    /// Logical pixels.
    pub width: f32,
    /// Logical pixels.
    pub height: f32,
    /// Whether a tap does something.
    pub is_button: bool,
    /// Whether it lies over what comes before it.
    pub is_sheet: bool,
}

impl Kiosk {
    /// What stands on the screen with a label, from the root of the window to its leaves.
    #[must_use]
    pub fn elements(&self) -> Vec<Element> {
        use i_slint_backend_testing::AccessibleRole as Role;
        let found = ElementQuery::from_root(&self.app).find_all();
        let elements: Vec<Element> = found
            .into_iter()
            .filter_map(|element| {
                let label = element.accessible_label().filter(|label| !label.is_empty())?;
                let (corner, size) = (element.absolute_position(), element.size());
                let role = element.accessible_role();
                Some(Element {
                    label: label.into(),
                    middle: LogicalPosition::new(corner.x + size.width / 2.0, corner.y + size.height / 2.0),
                    width: size.width,
                    height: size.height,
                    is_button: matches!(role, Some(Role::Button | Role::Checkbox)),
                    is_sheet: role == Some(Role::Groupbox),
                })
            })
            .collect();
        let Some(at) = elements.iter().position(|element| element.is_sheet) else {
            return elements;
        };
        // What stands under a sheet is not seen, and what stands beside it only closes it.
        let (page, sheet) = elements.split_at(at);
        let is_covered = |element: &Element| (sheet[0].middle.y - element.middle.y).abs() < sheet[0].height / 2.0;
        let beside = page.iter().filter(|element| !is_covered(element)).cloned();
        let beside = beside.map(|element| Element {
            is_button: false,
            ..element
        });
        beside.chain(sheet.iter().cloned()).collect()
    }

    /// How high the part of the column is that is on the screen, and how high it could be, in logical pixels.
    #[must_use]
    pub fn filled(&self) -> (f32, f32) {
        self.column.filled(self.view().column_page)
    }

    /// Where to touch the button of this label; `None` if it isn't on the part of the column that is shown.
    #[must_use]
    pub fn button(&self, label: &str) -> Option<LogicalPosition> {
        let size = self.window().size().to_logical(self.window().scale_factor());
        self.elements()
            .into_iter()
            .find(|element| {
                let on_screen =
                    (0.0..size.width).contains(&element.middle.x) && (0.0..size.height).contains(&element.middle.y);
                element.is_button && element.label == label && on_screen
            })
            .map(|element| element.middle)
    }
}
