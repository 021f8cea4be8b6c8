//! Which sound card is heard, and the way to it. Begin with [`Wish::choose`].
//!
//! Cards are numbered as they come, so that they are known by their names. Nobody asks a card for anything before something is to be heard:
//! what there is stands in `/proc/asound/cards` (the kernel's Documentation/sound/designs/procfile.rst).

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use alsa::mixer::{Mixer, Selem};
use alsa::pcm::{Access, Format, HwParams, PCM};
use alsa::{Direction, ValueOr};

use crate::content::sound::RATE;

/// Where the kernel says what cards there are.
pub const CARDS: &str = "/proc/asound";

/// How much is on its way to the loudspeaker: long enough for a busy machine, short enough that a touch is heard at once.
const ON_ITS_WAY: Duration = Duration::from_millis(200);

/// The card takes it in pieces of so much.
const PIECE: Duration = Duration::from_millis(20);

/// What isn't played in its own time (a file, `null`) is handed so much ahead of it.
const AHEAD: Duration = Duration::from_millis(400);

/// So loud a card's own outputs are set, of their range: what is softer than that is reckoned.
const OWN_VOLUME: f64 = 0.85;

/// The card that is wished: a part of its name (`USB`, `vc4hdmi0`), or a device as ALSA names it (`hdmi:CARD=vc4hdmi0`); `None` is the best
/// that there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish(pub Option<String>);

/// A card that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The devices by which it is opened, the best first.
    devices: Vec<String>,
    /// The mixer that its outputs are unmuted with, if it may have one.
    mixer: Option<String>,
}

impl Wish {
    /// The card to be heard on, if it is there: the one that is named, else a USB loudspeaker, else a display that has loudspeakers and is
    /// plugged in, else any other.
    #[must_use]
    pub fn choose(&self, cards: &Path) -> Option<Card> {
        if let Some(device) = self.0.as_ref().filter(|name| name.contains(':')) {
            return Some(Card {
                devices: vec![device.clone()],
                mixer: None,
            });
        }
        let list = fs::read_to_string(cards.join("cards")).unwrap_or_default();
        let mut found: Vec<Listed<'_>> = list.lines().filter_map(Listed::of_line).collect();
        if let Some(name) = &self.0 {
            let name = name.to_lowercase();
            found.retain(|card| card.is_called(&name));
        } else {
            // The program's own timer, and what only records, is no loudspeaker; a display without loudspeakers none either.
            found.retain(|card| !card.is_display() || card.has_display(cards));
            found.sort_by_key(Listed::rank);
        }
        found.first().map(Listed::card)
    }
}

/// A line of that list: ` 0 [PCH            ]: HDA-Intel - HDA Intel PCH`.
struct Listed<'a> {
    number: u32,
    id: &'a str,
    driver: &'a str,
    name: &'a str,
}

impl<'a> Listed<'a> {
    fn of_line(line: &'a str) -> Option<Self> {
        let (number, rest) = line.split_once('[')?;
        let (id, rest) = rest.split_once("]:")?;
        let (driver, name) = rest.split_once(" - ")?;
        Some(Self {
            number: number.trim().parse().ok()?,
            id: id.trim(),
            driver: driver.trim(),
            name: name.trim(),
        })
    }

    fn is_called(&self, name: &str) -> bool {
        [self.id, self.driver, self.name]
            .iter()
            .any(|own| own.to_lowercase().contains(name))
    }

    /// A display of a Raspberry Pi is a card of its own.
    fn is_display(&self) -> bool {
        self.driver.starts_with("vc4-hdmi")
    }

    /// Whether such a display is plugged in and can be heard (`/proc/asound/cardN/eld#0.0`).
    fn has_display(&self, cards: &Path) -> bool {
        let folder = cards.join(format!("card{}", self.number));
        let says = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        says.filter(|file| file.file_name().to_string_lossy().starts_with("eld#"))
            .filter_map(|file| fs::read_to_string(file.path()).ok())
            .any(|eld| {
                eld.lines()
                    .any(|line| line.split_whitespace().eq(["monitor_present", "1"]))
            })
    }

    fn rank(&self) -> u8 {
        match self.driver {
            "USB-Audio" => 0,
            _ if self.is_display() => 1,
            _ => 2,
        }
    }

    fn card(&self) -> Card {
        let id = self.id;
        let devices = if self.is_display() {
            // It takes one form of sound alone, which ALSA's own settings for it make (raspberrypi/linux, issue 3043).
            vec![format!("default:CARD={id}")]
        } else {
            // Not the default, which mixes what several programs say: there is one here, and mixing wants what the service forbids.
            vec![format!("plughw:CARD={id},DEV=0"), format!("hdmi:CARD={id},DEV=0")]
        };
        Card {
            devices,
            mixer: Some(format!("hw:CARD={id}")),
        }
    }
}

/// An open card.
pub struct Output {
    pcm: PCM,
    /// When the first sample was handed over since it last stood still, and how many were since.
    begun: Option<Instant>,
    handed: u64,
}

impl Card {
    /// Opens it for one channel at 48,000 samples a second, and unmutes it: outputs are muted after each start of a machine, and nothing else
    /// here sets them.
    ///
    /// # Errors
    /// It is gone, or takes nothing of the kind.
    pub fn open(&self) -> Result<Output, alsa::Error> {
        if let Some(mixer) = &self.mixer
            && let Err(error) = unmute(mixer)
        {
            tracing::warn!("the outputs of {mixer} can't be set: {error}");
        }
        let mut opened = Err(alsa::Error::unsupported("a card without a device"));
        for device in &self.devices {
            opened = open(device);
            if opened.is_ok() {
                break;
            }
        }
        Ok(Output {
            pcm: opened?,
            begun: None,
            handed: 0,
        })
    }
}

fn open(device: &str) -> Result<PCM, alsa::Error> {
    let pcm = PCM::new(device, Direction::Playback, false)?;
    {
        let wanted = HwParams::any(&pcm)?;
        wanted.set_access(Access::RWInterleaved)?;
        wanted.set_format(Format::s16())?;
        wanted.set_channels(1)?;
        wanted.set_rate(RATE, ValueOr::Nearest)?;
        let micros = |time: Duration| u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
        wanted.set_period_time_near(micros(PIECE), ValueOr::Nearest)?;
        wanted.set_buffer_time_near(micros(ON_ITS_WAY), ValueOr::Nearest)?;
        pcm.hw_params(&wanted)?;
        let starts = pcm.sw_params_current()?;
        // Two pieces: at once, and not so early that it stands still again.
        starts.set_start_threshold(2 * frames(PIECE))?;
        pcm.sw_params(&starts)?;
    }
    Ok(pcm)
}

fn frames(time: Duration) -> alsa::pcm::Frames {
    let frames = u128::from(RATE) * time.as_micros() / 1_000_000;
    alsa::pcm::Frames::try_from(frames).unwrap_or(alsa::pcm::Frames::MAX)
}

fn unmute(mixer: &str) -> Result<(), alsa::Error> {
    let mixer = Mixer::new(mixer, false)?;
    for output in mixer.iter().filter_map(Selem::new) {
        if output.has_playback_switch() {
            output.set_playback_switch_all(1)?;
        }
        if output.has_playback_volume() {
            let (least, most) = output.get_playback_volume_range();
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "some hundred steps"
            )]
            let wanted = least + ((most - least) as f64 * OWN_VOLUME) as i64;
            output.set_playback_volume_all(wanted)?;
        }
    }
    Ok(())
}

impl Output {
    /// Hands samples over; waits until there is room for them.
    ///
    /// # Errors
    /// The card is gone.
    pub fn write(&mut self, mut samples: &[i16]) -> Result<(), alsa::Error> {
        let begun = *self.begun.get_or_insert_with(Instant::now);
        let io = self.pcm.io_i16()?;
        while !samples.is_empty() {
            match io.writei(samples) {
                Ok(count) => {
                    self.handed += count as u64;
                    samples = samples.get(count..).unwrap_or_default();
                }
                // It had nothing to say for a while, or slept.
                Err(error) => self.pcm.try_recover(error, true)?,
            }
        }
        let ahead = played(self.handed).saturating_sub(begun.elapsed());
        thread::sleep(ahead.saturating_sub(AHEAD));
        Ok(())
    }

    /// How much of what was handed over is still to be heard.
    #[must_use]
    pub fn on_its_way(&self) -> Duration {
        let by_clock = self.begun.map_or(Duration::ZERO, |begun| {
            played(self.handed).saturating_sub(begun.elapsed())
        });
        let said = self.pcm.delay().ok().and_then(|frames| u64::try_from(frames).ok());
        said.map_or(by_clock, |frames| played(frames).max(by_clock))
    }

    /// Stands still at once; what was on its way is lost. The next samples set it going again.
    ///
    /// # Errors
    /// The card is gone.
    pub fn stop(&mut self) -> Result<(), alsa::Error> {
        self.begun = None;
        self.handed = 0;
        self.pcm.drop()?;
        self.pcm.prepare()
    }

    /// Waits until all has been heard.
    pub fn finish(&mut self) {
        thread::sleep(self.on_its_way());
        // All that it had is out.
        let _ = self.pcm.drop();
    }
}

fn played(samples: u64) -> Duration {
    Duration::from_micros(samples.saturating_mul(1_000_000) / u64::from(RATE))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kernel says of a mini PC with a loudspeaker at its USB, and of a Raspberry Pi 4.
    const PC: &str = " 0 [PCH            ]: HDA-Intel - HDA Intel PCH
                      HDA Intel PCH at 0xb1210000 irq 131
 1 [Device         ]: USB-Audio - USB Audio Device
                      C-Media Electronics Inc. USB Audio Device at usb-0000:00:14.0-4, full speed\n";
    const PI: &str = " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
 1 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones
                      bcm2835 Headphones
 2 [vc4hdmi1       ]: vc4-hdmi - vc4-hdmi-1
                      vc4-hdmi-1\n";

    fn first(cards: &Path, wish: Option<&str>) -> Option<String> {
        let card = Wish(wish.map(str::to_owned)).choose(cards)?;
        card.devices.first().cloned()
    }

    #[test]
    fn the_best_card_is_chosen_and_a_name_finds_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(first(folder.path(), None), None, "a machine without cards");
        fs::write(folder.path().join("cards"), "--- no soundcards ---\n").expect("written");
        assert_eq!(first(folder.path(), None), None);
        fs::write(folder.path().join("cards"), PC).expect("written");
        let device = Some("plughw:CARD=Device,DEV=0".to_owned());
        assert_eq!(first(folder.path(), None), device);
        assert_eq!(first(folder.path(), Some("usb")), device);
        assert_eq!(
            first(folder.path(), Some("PCH")),
            Some("plughw:CARD=PCH,DEV=0".to_owned())
        );
        assert_eq!(first(folder.path(), Some("Jabra")), None, "no other is taken for it");
        fs::write(folder.path().join("cards"), PI).expect("written");
        let jack = Some("plughw:CARD=Headphones,DEV=0".to_owned());
        assert_eq!(first(folder.path(), None), jack, "no display is plugged in");
        let display = folder.path().join("card2");
        fs::create_dir(&display).expect("a folder");
        fs::write(display.join("eld#0.0"), "monitor_present\t\t1\neld_valid\t\t1\n").expect("written");
        assert_eq!(first(folder.path(), None), Some("default:CARD=vc4hdmi1".to_owned()));
        assert_eq!(first(folder.path(), Some("headphones")), jack);
        let named = "hdmi:CARD=vc4hdmi0,DEV=0";
        assert_eq!(
            first(folder.path(), Some(named)),
            Some(named.to_owned()),
            "as ALSA names it"
        );
    }
}
