//! One commune, day by day: residents come, the power fails, what was counted goes to the office. Begin with
//! [`Commune::live`].

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use fastrand::Rng;

use crate::calendar::{Hours, clock};
use crate::hall::Hall;
use crate::machine::Machine;
use crate::office::Office;
use crate::plan::{Plan, Road};
use crate::visit::Visit;

/// Between two visits somebody gets up and somebody comes.
const BETWEEN: TimeDelta = TimeDelta::seconds(20);

/// The day of the month from which on the clerk comes with the stick.
const STICK_DAY: u32 = 4;

/// Of a hundred kiosks that start without a date and without a network, how many get it from staff the same morning.
const CAREFUL_STAFF: u32 = 70;

/// A commune and its kiosk.
pub struct Commune {
    /// What kind of place it is.
    pub plan: Plan,
    /// Its kiosk.
    pub machine: Machine,
    /// How many have come.
    pub visits: u64,
    rng: Rng,
    /// The month in which the clerk came last.
    carried: Option<u32>,
}

impl Commune {
    /// Sets up the kiosk of a commune in a folder.
    pub fn set_up(plan: Plan, data: &Path, edition: u64, office: &Office, rng: Rng) -> Result<Self> {
        Ok(Self {
            machine: Machine::set_up(data, plan.share, edition, office)?,
            plan,
            visits: 0,
            rng,
            carried: None,
        })
    }

    /// Lives a day. `months` is how many have passed.
    pub fn live(&mut self, day: NaiveDate, months: u32, hall: &Hall, office: &Office) -> Result<()> {
        let hours = self.plan.hours(day);
        let (Some((opens, _)), Some((_, closes))) = (hours.first(), hours.last()) else {
            return Ok(());
        };
        let network = self.plan.road.has_network(day, &mut self.rng);
        let early = self.rng.u32(..1500);
        self.begin(day.and_time(clock(opens * 60 - early)), network)?;
        let mut visits = self.plan.visits(day, &mut self.rng);
        if hours.len() == 1 {
            visits /= 2;
        }
        let cut = (self.rng.u32(..1000) < self.plan.cuts && visits > 0).then(|| self.rng.u32(..visits));
        let come = self.arrivals(hours, visits);
        let mut free = day.and_time(clock(opens * 60));
        for (number, second) in (0..).zip(come) {
            let at = day.and_time(clock(second)).max(free);
            if at >= day.and_time(clock(closes * 60)) {
                break;
            }
            let visit = hall.visit(&mut self.rng);
            free = if cut == Some(number) {
                self.lose_power(at, &visit, network)?
            } else {
                self.receive(at, &visit)? + BETWEEN
            };
        }
        let evening = free.max(day.and_time(clock(closes * 60 + 600)));
        self.machine.close(evening)?;
        self.send(day, months, network, office)?;
        self.rest(evening)
    }

    /// The morning after the last day: what is over is closed and sent, before anybody comes.
    pub fn close(&mut self, day: NaiveDate, months: u32, office: &Office) -> Result<()> {
        let network = self.plan.road.has_network(day, &mut self.rng);
        let morning = day.and_time(clock(7 * 3600));
        self.begin(morning, network)?;
        // Long enough for staff to have set the clock.
        let noon = morning + TimeDelta::hours(4);
        self.machine.close(noon)?;
        self.send(day, months, network, office)?;
        self.rest(noon)
    }

    /// When residents come, in seconds after midnight, one after the other.
    fn arrivals(&mut self, hours: &[Hours], visits: u32) -> Vec<u32> {
        let mut arrivals = Vec::new();
        for _ in 0..visits {
            if let Some((from, until)) = self.rng.choice(hours) {
                // More come early.
                let [one, other] = [(); 2].map(|()| self.rng.u32(from * 60..until * 60));
                arrivals.push(one.min(other));
            }
        }
        arrivals.sort_unstable();
        arrivals
    }

    /// Starts the kiosk if it is off.
    fn begin(&mut self, at: NaiveDateTime, network: bool) -> Result<()> {
        if self.machine.is_on() {
            if network && !self.machine.knows_the_date() {
                self.machine.hear_the_time(at);
            }
            return self.machine.close(at);
        }
        let learns = if self.plan.has_battery {
            Some(at)
        } else if network {
            Some(at + TimeDelta::seconds(self.rng.i64(20..3600)))
        } else if self.rng.u32(..100) < CAREFUL_STAFF {
            Some(at + TimeDelta::seconds(self.rng.i64(600..3 * 3600)))
        } else {
            None
        };
        self.machine.start(at, learns)
    }

    /// Nobody comes any more; most switch the kiosk off then.
    fn rest(&mut self, at: NaiveDateTime) -> Result<()> {
        if self.plan.stays_on {
            self.machine.rest(at)
        } else {
            self.machine.switch_off(at)
        }
    }

    /// A visit from beginning to end; gives its end.
    fn receive(&mut self, at: NaiveDateTime, visit: &Visit) -> Result<NaiveDateTime> {
        for (after, event) in visit {
            self.machine.count(event, at + *after)?;
        }
        self.visits += 1;
        let (length, _) = visit.last().context("nobody came")?;
        Ok(at + *length)
    }

    /// The power goes in the middle of a visit. Earlier ones were written when they ended, and of this one what was counted
    /// before the last writing. Gives when the kiosk is there again.
    fn lose_power(&mut self, at: NaiveDateTime, visit: &Visit, network: bool) -> Result<NaiveDateTime> {
        self.machine.flush(at)?;
        let (written, counted) = (self.rng.usize(..visit.len()), self.rng.usize(..=visit.len()));
        for (number, (after, event)) in visit.iter().enumerate().take(counted) {
            self.machine.count(event, at + *after)?;
            if number == written {
                self.machine.flush(at + *after)?;
            }
        }
        let (length, _) = visit.last().context("nobody came")?;
        self.machine.lose_power();
        let back = at + *length + TimeDelta::seconds(self.rng.i64(300..4 * 3600));
        self.begin(back, network)?;
        Ok(back)
    }

    fn send(&mut self, day: NaiveDate, months: u32, network: bool, office: &Office) -> Result<()> {
        if network && self.machine.has_mail()? {
            return self.machine.call();
        }
        // On the first day too: the office must hear of it.
        let is_time = |every: u32| match self.carried {
            None => true,
            Some(last) => months >= last + every && day.day() >= STICK_DAY,
        };
        if let Road::Stick(every) = self.plan.road
            && is_time(every)
        {
            self.machine.give_to_clerk(office)?;
            self.carried = Some(months);
        }
        Ok(())
    }
}
