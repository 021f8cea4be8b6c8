//! What kind of place a commune is: how many come, how the power and the network are. Begin with [`Plan::draw`].

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use commune_kiosk::usage::batch::Share;
use fastrand::Rng;

use crate::calendar::{self, Hours, Market};

/// Kiosks that may stay on at night: each keeps its database open, which takes files of the process.
const MOST_ON_AT_NIGHT: u32 = 100;

/// What is fixed about a commune for the whole time.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What the office calls its kiosk. Made up, and looks it.
    pub name: String,
    /// The day on which the kiosk was set up.
    pub opens: NaiveDate,
    /// Visits of a usual day.
    pub visits: u32,
    /// Whether the office opens on Saturday mornings.
    pub saturday: bool,
    /// When people come to the market.
    pub market: Option<Market>,
    /// How often the kiosk sends.
    pub share: Share,
    /// How its bundles travel.
    pub road: Road,
    /// Whether its clock goes on without power.
    pub has_battery: bool,
    /// Power cuts in a thousand working days.
    pub cuts: u32,
    /// Whether nobody switches it off in the evening.
    pub stays_on: bool,
}

/// How bundles travel to the office.
#[derive(Debug, Clone)]
pub enum Road {
    /// By network.
    Network {
        /// On how many of a hundred days there is one.
        good_days: u32,
        /// From this day until before that there is none.
        outage: Option<(NaiveDate, NaiveDate)>,
    },
    /// By stick, every so many months.
    Stick(u32),
    /// Not at all: the network was promised, and nobody has thought of a stick.
    Nothing,
}

impl Plan {
    /// Draws the commune with this number, for so many months from the first day on.
    pub fn draw(number: u32, first: NaiveDate, months: u32, rng: &mut Rng) -> Self {
        // One in four kiosks comes in the first third of the time, the others are there from the beginning.
        let late = if rng.u32(..4) == 0 { months * 10 } else { 0 };
        let visits = match rng.u32(..100) {
            0..10 => rng.u32(2..6),
            10..70 => rng.u32(8..24),
            70..95 => rng.u32(24..45),
            _ => rng.u32(45..85),
        };
        let market = match rng.u32(..10) {
            0..5 => Some(Market::EveryFifth(rng.u64(..5))),
            5..7 => Some(Market::Weekly(
                rng.choice([Weekday::Tue, Weekday::Thu]).unwrap_or(Weekday::Thu),
            )),
            _ => None,
        };
        Self {
            name: format!("Xã mô phỏng {number:04}"),
            opens: first + Days::new(rng.u32(..=late).into()),
            visits,
            saturday: rng.u32(..10) < 3,
            market,
            share: if rng.u32(..10) < 1 { Share::Day } else { Share::Month },
            road: Road::draw(first, months, rng),
            has_battery: rng.u32(..10) < 7,
            cuts: if rng.u32(..5) == 0 { 60 } else { 10 },
            stays_on: rng.u32(..10) < 3 && number <= MOST_ON_AT_NIGHT,
        }
    }

    /// The hours in which residents come on a day.
    pub fn hours(&self, day: NaiveDate) -> &'static [Hours] {
        if day < self.opens {
            return &[];
        }
        calendar::hours(day, self.saturday)
    }

    /// How many come on a day that the office is open all day.
    pub fn visits(&self, day: NaiveDate, rng: &mut Rng) -> u32 {
        let month = match day.month() {
            // Before and after the lunar New Year people have other things to do.
            1 | 2 => 80,
            // Schools take pupils.
            6..=8 => 115,
            _ => 100,
        };
        let weekday = match day.weekday() {
            Weekday::Mon => 125,
            Weekday::Fri => 90,
            _ => 100,
        };
        let market = if self.market.is_some_and(|market| market.is_on(day)) {
            190
        } else {
            100
        };
        // Whatever is new is looked at.
        let novelty = if day < self.opens + Days::new(30) { 135 } else { 100 };
        let luck = rng.u32(60..=140);
        let shares = [month, weekday, market, novelty, luck];
        let hundredths = shares.into_iter().fold(u64::from(self.visits) * 100, |visits, share| {
            visits * u64::from(share) / 100
        });
        // So that small communes have days with none.
        u32::try_from((hundredths + rng.u64(..100)) / 100).unwrap_or(u32::MAX)
    }
}

impl Road {
    fn draw(first: NaiveDate, months: u32, rng: &mut Rng) -> Self {
        match rng.u32(..100) {
            0..2 => Self::Nothing,
            2..16 => Self::Stick(rng.u32(1..=3)),
            16..38 => {
                let from = first + Months::new(rng.u32(..months));
                let outage = Some((from, from + Months::new(rng.u32(1..=4))));
                Self::Network { good_days: 98, outage }
            }
            38..50 => Self::Network {
                good_days: 40,
                outage: None,
            },
            _ => Self::Network {
                good_days: 99,
                outage: None,
            },
        }
    }

    /// Whether there is a network on a day.
    pub fn has_network(&self, day: NaiveDate, rng: &mut Rng) -> bool {
        match self {
            Self::Network { good_days, outage } => {
                let out = outage.is_some_and(|(from, until)| (from..until).contains(&day));
                rng.u32(..100) < *good_days && !out
            }
            Self::Stick(_) | Self::Nothing => false,
        }
    }
}
