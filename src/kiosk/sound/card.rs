//! Which sound card is heard, and the way to it. Begin with [`Wish::choose`].
//!
//! Cards are numbered as they come, so that they are known by their names. Nobody asks a card for anything before something is to be heard:
//! what there is stands in `/proc/asound/cards` (the kernel's Documentation/sound/designs/procfile.rst).

use std::fs;
use std::path::{Path, PathBuf};
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
        let list = fs::read_to_string(cards.join("cards")).unwrap_or_default();
        let mut found: Vec<Listed<'_>> = list.lines().filter_map(Listed::of_line).collect();
        if let Some(device) = self.0.as_ref().filter(|name| name.contains(':')) {
            // What names no card (`null`, a file) is always there.
            let named = device
                .split_once("CARD=")
                .map(|(_, rest)| rest.split(',').next().unwrap_or(rest));
            let is_there = named.is_none_or(|id| found.iter().any(|card| card.id == id));
            return is_there.then(|| Card {
                devices: vec![device.clone()],
                mixer: None,
            });
        }
        // What only records is no loudspeaker: cameras, microphones.
        found.retain(|card| card.plays(cards));
        if let Some(name) = &self.0 {
            let name = name.to_lowercase();
            found.retain(|card| card.is_called(&name));
        } else {
            found.retain(|card| !card.is_display() || card.is_heard_there(cards));
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

    /// What the kernel tells of it: the names of files in its folder, and where they are.
    fn files(&self, cards: &Path) -> Vec<(String, PathBuf)> {
        let folder = cards.join(format!("card{}", self.number));
        let files = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        files
            .map(|file| (file.file_name().to_string_lossy().into_owned(), file.path()))
            .collect()
    }

    /// Whether it has an output (`/proc/asound/cardN/pcmMp`).
    fn plays(&self, cards: &Path) -> bool {
        let files = self.files(cards);
        files
            .iter()
            .any(|(name, _)| name.starts_with("pcm") && name.ends_with('p'))
    }

    /// Whether such a display is plugged in and has loudspeakers (`/proc/asound/cardN/eld#0.0`: without any it names no form of sound).
    fn is_heard_there(&self, cards: &Path) -> bool {
        let elds = self
            .files(cards)
            .into_iter()
            .filter(|(name, _)| name.starts_with("eld#"));
        elds.filter_map(|(_, path)| fs::read_to_string(path).ok()).any(|eld| {
            let says = |key: &str| {
                let line = eld.lines().find_map(|line| line.strip_prefix(key));
                line.map(|value| value.trim().to_owned())
            };
            says("monitor_present").as_deref() == Some("1") && says("sad_count").is_some_and(|count| count != "0")
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
        let name = output.get_id().get_name().unwrap_or_default().to_owned();
        if !is_output(&name) {
            continue;
        }
        let mut set = Ok(());
        if output.has_playback_switch() {
            set = output.set_playback_switch_all(1);
        }
        if output.has_playback_volume() {
            let (least, most) = output.get_playback_volume_range();
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "some hundred steps"
            )]
            let wanted = least + (most.saturating_sub(least) as f64 * OWN_VOLUME) as i64;
            set = set.and(output.set_playback_volume_all(wanted));
        }
        if let Err(error) = set {
            tracing::warn!("the output {name} can't be set: {error}");
        }
    }
    Ok(())
}

/// Whether a mixer's element of this name leads to a loudspeaker: what comes in (a microphone's own way to the loudspeaker, which would howl)
/// stays as it is. ALSA names them so (the kernel's Documentation/sound/designs/control-names.rst).
fn is_output(name: &str) -> bool {
    const INPUTS: [&str; 8] = ["Mic", "Line", "CD", "Aux", "Beep", "Loopback", "Capture", "Digital"];
    name == "Line Out" || !INPUTS.iter().any(|input| name.contains(input))
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

    /// Stands still at once; what was on its way is lost. The next samples set it going again; that a card is gone they find out.
    pub fn stop(&mut self) {
        self.begun = None;
        self.handed = 0;
        if let Err(error) = self.pcm.drop().and_then(|()| self.pcm.prepare()) {
            tracing::debug!("the card does not stand still: {error}");
        }
    }

    /// Waits until all has been heard.
    pub fn finish(&mut self) {
        // Drivers have said nonsense.
        thread::sleep(self.on_its_way().min(Duration::from_secs(1)));
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
    fn a_microphones_way_to_the_loudspeaker_stays_shut() {
        for output in ["Master", "Speaker", "Headphone", "PCM", "Front", "IEC958", "Line Out"] {
            assert!(is_output(output), "{output}");
        }
        for input in ["Mic", "Front Mic", "Line", "CD", "Beep", "Loopback Mixing", "Mic Boost"] {
            assert!(!is_output(input), "{input}");
        }
    }

    #[test]
    fn the_best_card_is_chosen_and_a_name_finds_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(first(folder.path(), None), None, "a machine without cards");
        fs::write(folder.path().join("cards"), "--- no soundcards ---\n").expect("written");
        assert_eq!(first(folder.path(), None), None);
        fs::write(folder.path().join("cards"), PC).expect("written");
        assert_eq!(first(folder.path(), None), None, "neither has an output");
        let has = |card: u32, file: &str, says: &str| {
            let of_card = folder.path().join(format!("card{card}"));
            fs::create_dir_all(&of_card).expect("a folder");
            fs::write(of_card.join(file), says).expect("written");
        };
        has(0, "pcm0p", "");
        has(1, "pcm0c", "");
        let inside = Some("plughw:CARD=PCH,DEV=0".to_owned());
        assert_eq!(first(folder.path(), None), inside, "the one at USB is a microphone");
        has(1, "pcm0p", "");
        let device = Some("plughw:CARD=Device,DEV=0".to_owned());
        assert_eq!(first(folder.path(), None), device);
        assert_eq!(first(folder.path(), Some("usb")), device);
        assert_eq!(first(folder.path(), Some("PCH")), inside);
        assert_eq!(first(folder.path(), Some("Jabra")), None, "no other is taken for it");
        fs::write(folder.path().join("cards"), PI).expect("written");
        has(2, "pcm0p", "");
        let jack = Some("plughw:CARD=Headphones,DEV=0".to_owned());
        assert_eq!(first(folder.path(), None), jack, "no display is plugged in");
        has(2, "eld#0.0", "monitor_present\t\t1\neld_valid\t\t1\nsad_count\t\t0\n");
        assert_eq!(first(folder.path(), None), jack, "a display without loudspeakers");
        has(2, "eld#0.0", "monitor_present\t\t1\neld_valid\t\t1\nsad_count\t\t1\n");
        assert_eq!(first(folder.path(), None), Some("default:CARD=vc4hdmi1".to_owned()));
        assert_eq!(first(folder.path(), Some("headphones")), jack);
        let named = "hdmi:CARD=vc4hdmi0,DEV=0";
        assert_eq!(
            first(folder.path(), Some(named)),
            Some(named.to_owned()),
            "as ALSA names it"
        );
        assert_eq!(first(folder.path(), Some("hdmi:CARD=vc4hdmi7")), None, "it is gone");
        assert_eq!(first(folder.path(), Some("plug:null")), Some("plug:null".to_owned()));
    }
}
