//! Two switches on the machine's pins: a sensor that sees whether somebody stands before it, and the staff's key.
//!
//! The kernel's character device is asked (docs/decisions/013), which names pins, debounces them, and wakes a thread when one
//! changes: nothing is polled. Both are inputs; nothing is ever put out on a pin. Begin with [`watch`].

use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gpiocdev::chip::{self, Chip};
use gpiocdev::line::{Bias, EdgeDetection, EdgeEvent, EdgeKind, Offset};
use gpiocdev::request::{Config, Request};
use thiserror::Error;

/// How long a contact may bounce before its new level counts.
const DEBOUNCE: Duration = Duration::from_millis(50);

/// Who the kernel says uses a line.
const CONSUMER: &str = "commune-kiosk";

/// What is on a pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// Somebody stands before the kiosk.
    Presence,
    /// The staff's key is turned.
    StaffKey,
}

/// Where a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// By the name that the board gives it, as `GPIO17` on a Raspberry Pi.
    Named(String),
    /// By its place on a chip.
    Numbered {
        /// The chip's name (`gpiochip0`), label (`pinctrl-rp1`) or path.
        chip: String,
        /// The line's offset.
        line: u32,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => out.write_str(name),
            Self::Numbered { chip, line } => write!(out, "{chip}:{line}"),
        }
    }
}

/// A line and how it is wired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it is.
    pub place: Place,
    /// Whether low means yes.
    pub active_low: bool,
    /// Whether the chip pulls it up while nothing is connected.
    pub pull_up: bool,
}

impl Line {
    /// A line wired as its input usually is: a sensor drives its line high, a key connects its line with ground.
    #[must_use]
    pub fn of(input: Input, place: Place, active_low: Option<bool>) -> Self {
        let is_key = input == Input::StaffKey;
        Self {
            place,
            active_low: active_low.unwrap_or(is_key),
            pull_up: is_key,
        }
    }
}

/// Why a line can't be had. The kiosk goes on without it.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum GpioError {
    /// There is no such chip, or the program may not open it.
    #[error("there is no chip {0} that this program may open")]
    NoChip(String),
    /// No chip has a line of this name.
    #[error("no chip has a line named {0}")]
    NoLine(String),
    /// Two inputs can't be the same line.
    #[error("the line is used for something else already")]
    Twice,
    /// The kernel refuses, for example because another program has the line.
    #[error("{0}")]
    Refused(#[from] gpiocdev::Error),
}

/// A line that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    input: Input,
    chip: PathBuf,
    offset: Offset,
    active_low: bool,
    pull_up: bool,
}

/// Tells the present level of each line, and then every change, from a thread that sleeps in between: one for each chip, so one
/// on nearly every machine. Gives the inputs that are watched; why another is not is said in the log.
pub fn watch(wanted: &[(Input, Line)], tell: impl FnMut(Input, bool) + Send + 'static) -> Vec<Input> {
    let tell = Arc::new(Mutex::new(tell));
    let mut watched = Vec::new();
    for lines in by_chip(find_all(wanted)) {
        for (request, lines) in requests(lines) {
            let (names, tell): (Vec<Input>, _) = (lines.iter().map(|line| line.input).collect(), tell.clone());
            let thread = std::thread::Builder::new().name("gpio".to_owned());
            let started = thread.spawn(move || {
                let mut tell = |input, level| tell.lock().unwrap_or_else(PoisonError::into_inner)(input, level);
                // After a panic it goes on.
                loop {
                    match panic::catch_unwind(AssertUnwindSafe(|| follow(&request, &lines, &mut tell))) {
                        Ok(Ok(())) => return,
                        Ok(Err(error)) => {
                            tracing::error!("the GPIO lines are watched no more: {error}");
                            return;
                        }
                        Err(_) => std::thread::sleep(DEBOUNCE),
                    }
                }
            });
            match started {
                Ok(_) => watched.extend(names),
                Err(error) => tracing::error!("no thread for GPIO lines: {error}"),
            }
        }
    }
    watched
}

/// The level of a line now; only while nobody watches it.
///
/// # Errors
/// [`GpioError`]; a running kiosk has its lines for itself.
pub fn level(input: Input, line: &Line) -> Result<bool, GpioError> {
    let found = find(input, line)?;
    let request = request(std::slice::from_ref(&found))?;
    Ok(request.value(found.offset)?.into())
}

/// Tells the levels, then waits for edges for ever.
fn follow(request: &Request, lines: &[Found], tell: &mut dyn FnMut(Input, bool)) -> Result<(), gpiocdev::Error> {
    for line in lines {
        tell(line.input, request.value(line.offset)?.into());
    }
    for edge in request.edge_events() {
        if let Some((input, level)) = message(&edge?, lines) {
            tell(input, level);
        }
    }
    Ok(())
}

/// What an edge says. The kernel has turned the levels of lines that are active when low.
fn message(edge: &EdgeEvent, lines: &[Found]) -> Option<(Input, bool)> {
    let line = lines.iter().find(|line| line.offset == edge.offset)?;
    Some((line.input, edge.kind == EdgeKind::Rising))
}

/// The lines that are there, each once.
fn find_all(wanted: &[(Input, Line)]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for (input, line) in wanted {
        match find(*input, line).and_then(|found| new_among(&all, found)) {
            Ok(found) => all.push(found),
            Err(error) => absent(*input, &line.place, &error),
        }
    }
    all
}

fn new_among(all: &[Found], found: Found) -> Result<Found, GpioError> {
    let same = |other: &Found| (&other.chip, other.offset) == (&found.chip, found.offset);
    if all.iter().any(same) {
        return Err(GpioError::Twice);
    }
    Ok(found)
}

fn absent(input: Input, place: &dyn fmt::Display, error: &GpioError) {
    tracing::warn!("{input:?} on {place} is not watched: {error}");
}

fn find(input: Input, line: &Line) -> Result<Found, GpioError> {
    let (chip, offset) = match &line.place {
        Place::Named(name) => {
            let found = gpiocdev::find_named_line(name).ok_or_else(|| GpioError::NoLine(name.clone()))?;
            (found.chip, found.info.offset)
        }
        Place::Numbered { chip, line } => (find_chip(chip)?, *line),
    };
    Ok(Found {
        input,
        chip,
        offset,
        active_low: line.active_low,
        pull_up: line.pull_up,
    })
}

/// A chip by its path, its name or its label.
fn find_chip(wanted: &str) -> Result<PathBuf, GpioError> {
    let no_chip = || GpioError::NoChip(wanted.to_owned());
    let path = Path::new("/dev").join(wanted);
    if let Ok(chip) = Chip::from_path(path) {
        return Ok(chip.path().to_owned());
    }
    let has_label = |path: &PathBuf| {
        let info = Chip::from_path(path).and_then(|chip| chip.info());
        info.is_ok_and(|info| info.label == wanted)
    };
    let chips = chip::chips().map_err(|_| no_chip())?;
    chips.into_iter().find(has_label).ok_or_else(no_chip)
}

fn by_chip(mut lines: Vec<Found>) -> Vec<Vec<Found>> {
    lines.sort_by(|one, other| (&one.chip, one.input).cmp(&(&other.chip, other.input)));
    let chips = lines.chunk_by(|one, other| one.chip == other.chip);
    chips.map(<[Found]>::to_vec).collect()
}

/// One request for all lines of a chip; one for each where the kernel refuses all together, so that a line that another program
/// has does not take the others with it.
fn requests(lines: Vec<Found>) -> Vec<(Request, Vec<Found>)> {
    if let Ok(request) = request(&lines) {
        return vec![(request, lines)];
    }
    let alone = lines.into_iter().filter_map(|line| {
        let lines = vec![line];
        match request(&lines) {
            Ok(request) => Some((request, lines)),
            Err(error) => {
                let place = format!("{}:{}", lines[0].chip.display(), lines[0].offset);
                absent(lines[0].input, &place, &error.into());
                None
            }
        }
    });
    alone.collect()
}

fn request(lines: &[Found]) -> Result<Request, gpiocdev::Error> {
    Request::from_config(config(lines)).with_consumer(CONSUMER).request()
}

/// What is asked of the kernel for lines of one chip.
fn config(lines: &[Found]) -> Config {
    let mut config = Config::default();
    for line in lines {
        config.on_chip(&line.chip).with_line(line.offset).as_input();
        config.with_edge_detection(EdgeDetection::BothEdges);
        config.with_debounce_period(DEBOUNCE);
        if line.active_low {
            config.as_active_low();
        }
        if line.pull_up {
            config.with_bias(Bias::PullUp);
        }
    }
    config
}

#[cfg(test)]
mod tests {
    use gpiocdev::line::Direction;

    use super::*;

    fn found(input: Input, chip: &str, offset: Offset) -> Found {
        let place = Place::Named(String::new());
        let line = Line::of(input, place, None);
        Found {
            input,
            chip: PathBuf::from(chip),
            offset,
            active_low: line.active_low,
            pull_up: line.pull_up,
        }
    }

    #[test]
    fn a_sensor_drives_its_line_and_a_key_closes_to_ground() {
        let place = || Place::Named("GPIO17".to_owned());
        let sensor = Line::of(Input::Presence, place(), None);
        assert_eq!((sensor.active_low, sensor.pull_up), (false, false));
        let key = Line::of(Input::StaffKey, place(), None);
        assert_eq!((key.active_low, key.pull_up), (true, true));
        assert!(Line::of(Input::Presence, place(), Some(true)).active_low);
        assert!(!Line::of(Input::StaffKey, place(), Some(false)).active_low);
    }

    #[test]
    fn both_lines_of_a_chip_are_one_request_with_settings_of_their_own() {
        let lines = [
            found(Input::StaffKey, "/dev/gpiochip1", 4),
            found(Input::Presence, "/dev/gpiochip0", 17),
            found(Input::StaffKey, "/dev/gpiochip0", 27),
        ];
        let chips = by_chip(lines.to_vec());
        assert_eq!(chips.len(), 2);
        let config = config(&chips[0]);
        assert_eq!(config.chip(), Path::new("/dev/gpiochip0"));
        assert_eq!(config.lines(), &[17, 27]);
        for (offset, active_low, bias) in [(17, false, None), (27, true, Some(Bias::PullUp))] {
            let line = config.line_config(offset).unwrap();
            assert_eq!(line.direction, Some(Direction::Input));
            assert_eq!((line.active_low, line.bias), (active_low, bias), "{offset}");
            assert_eq!(line.edge_detection, Some(EdgeDetection::BothEdges));
            assert_eq!(line.debounce_period, Some(Duration::from_millis(50)));
        }
    }

    #[test]
    fn edges_say_what_is_where() {
        let lines = [
            found(Input::Presence, "/dev/gpiochip0", 17),
            found(Input::StaffKey, "/dev/gpiochip0", 27),
        ];
        let edge = |offset, kind| EdgeEvent {
            timestamp_ns: 0,
            kind,
            offset,
            seqno: 1,
            line_seqno: 1,
        };
        assert_eq!(
            message(&edge(17, EdgeKind::Rising), &lines),
            Some((Input::Presence, true))
        );
        assert_eq!(
            message(&edge(17, EdgeKind::Falling), &lines),
            Some((Input::Presence, false))
        );
        assert_eq!(
            message(&edge(27, EdgeKind::Rising), &lines),
            Some((Input::StaffKey, true))
        );
        assert_eq!(message(&edge(5, EdgeKind::Rising), &lines), None);
    }

    #[test]
    fn a_line_is_not_two_inputs() {
        let all = [found(Input::Presence, "/dev/gpiochip0", 17)];
        let twice = new_among(&all, found(Input::StaffKey, "/dev/gpiochip0", 17));
        assert_eq!(twice, Err(GpioError::Twice));
        assert!(new_among(&all, found(Input::StaffKey, "/dev/gpiochip1", 17)).is_ok());
    }

    #[test]
    fn lines_that_are_not_there_are_absent_and_stop_nothing() {
        let nowhere = |chip: &str| Place::Numbered {
            chip: chip.to_owned(),
            line: 3,
        };
        let named = Place::Named("no line is called this".to_owned());
        let wanted = [
            (Input::Presence, Line::of(Input::Presence, named, None)),
            (
                Input::StaffKey,
                Line::of(Input::StaffKey, nowhere("no chip is called this"), None),
            ),
            // A path, and no chip.
            (Input::StaffKey, Line::of(Input::StaffKey, nowhere("/dev/null"), None)),
        ];
        assert_eq!(watch(&wanted, |_, _| panic!("nothing is watched")), []);
        let errors = wanted.map(|(input, line)| level(input, &line).unwrap_err());
        let text = |text: &str| text.to_owned();
        assert_eq!(
            errors,
            [
                GpioError::NoLine(text("no line is called this")),
                GpioError::NoChip(text("no chip is called this")),
                GpioError::NoChip(text("/dev/null")),
            ]
        );
    }
}
