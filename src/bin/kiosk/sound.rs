//! The table `[sound]` of `kiosk.toml`, and the thread that plays.

use std::sync::mpsc;

use anyhow::Result;
use commune_kiosk::kiosk::screen::Kiosk;
use commune_kiosk::kiosk::session::Action;
use commune_kiosk::kiosk::session::sound::{Rules, Volume};
use commune_kiosk::kiosk::sound::Player;
use commune_kiosk::kiosk::sound::card::{self, Wish};

use super::tables::{Table, Wrong};
use super::{event_loop, threads};

/// The longest name of a card or a device.
const LONGEST: usize = 64;

/// More quiet hours a day nobody keeps.
const MOST_QUIET: usize = 8;

/// How sound is used.
#[derive(Debug, Default)]
pub struct Settings {
    card: Wish,
    rules: Rules,
}

impl Settings {
    /// Reads the table.
    pub fn read(table: &mut Table) -> Result<Self, Wrong> {
        let card: Option<String> = table.take("card")?;
        if card.as_ref().is_some_and(|card| !(1..=LONGEST).contains(&card.len())) {
            return Err("a card is named by a part of its name, as \"USB\"".into());
        }
        let mut rules = Rules::default();
        let volume = |number: Option<u8>, usual: Volume| match number {
            None => Ok(usual),
            Some(number) => Volume::of_number(number).ok_or("a volume is 1, 2 or 3"),
        };
        rules.most = volume(table.take("most")?, rules.most)?;
        rules.begins = volume(table.take("volume")?, rules.begins)?;
        rules.clicks = table.take("clicks")?.unwrap_or(rules.clicks);
        let quiet: Vec<String> = table.take("quiet")?.unwrap_or_default();
        if quiet.len() > MOST_QUIET {
            return Err("more than eight quiet hours".into());
        }
        for hours in quiet {
            let span = hours
                .split_once('-')
                .and_then(|(from, until)| Some((minute(from)?, minute(until)?)));
            rules
                .quiet
                .push(span.ok_or("quiet hours are written as \"11:30-13:00\"")?);
        }
        Ok(Self {
            card: Wish(card),
            rules,
        })
    }
}

/// The minute of a day: `11:30`; `24:00` is its end.
fn minute(time: &str) -> Option<u32> {
    let (hour, minute) = time.trim().split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let whole = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && whole <= 24 * 60).then_some(whole)
}

/// Starts the thread that plays. Without it the kiosk is silent, and all else goes on.
pub fn start(kiosk: &Kiosk, settings: Settings) -> Result<()> {
    let (orders, taken) = mpsc::channel();
    let tell = |sound| event_loop::invoke(move |kiosk| kiosk.act(Action::Sound(sound)));
    let mut player = Player::new(taken, settings.card, card::CARDS.into(), tell);
    threads::keep("sound", move || player.run())?;
    kiosk.play_on(orders, settings.rules);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tables::Tables;
    use super::*;

    fn read(text: &str) -> Option<Settings> {
        let whole = format!("[sound]\n{text}");
        let mut tables = Tables::of(&whole, Vec::new());
        let settings = tables.read("sound", Settings::read);
        assert_eq!(settings.is_none(), !tables.finish().is_empty(), "{text}");
        settings
    }

    #[test]
    fn card_loudness_and_quiet_hours_are_read() {
        let settings =
            read("clicks = false\ncard = \"USB\"\nvolume = 1\nmost = 2\nquiet = [\"11:30-13:00\", \"21:00-5:45\"]")
                .expect("read");
        assert_eq!(settings.card, Wish(Some("USB".to_owned())));
        assert_eq!(
            (settings.rules.begins, settings.rules.most),
            (Volume::Soft, Volume::Medium)
        );
        assert!(!settings.rules.clicks);
        assert_eq!(settings.rules.quiet, [(690, 780), (1260, 345)]);
        let usual = read("").expect("read");
        assert_eq!((usual.card, usual.rules), (Wish(None), Rules::default()));
    }

    #[test]
    fn what_makes_no_sense_costs_the_table() {
        for text in [
            "volume = 0",
            "most = 4",
            "quiet = [\"noon\"]",
            "quiet = [\"25:00-26:00\"]",
            "quiet = [\"11:60-12:00\"]",
            "quiet = \"11:30-13:00\"",
            "card = \"\"",
            "quiet = [\"99999999:00-1:00\"]",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
