//! The machine while the kiosk runs: looked at once a minute on a thread of its own, and turned off for staff.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use commune_kiosk::kiosk::device::clock::Clock;
use commune_kiosk::kiosk::device::health::{EVERY, Health, Monitor};
use commune_kiosk::kiosk::device::login::{Login, LoginError, Turn};
use commune_kiosk::kiosk::sync::stick::News;
use commune_kiosk::usage::statistics::{self, Card};

use super::event_loop::tell_screen;
use super::threads;

/// From here on, in °C, a Raspberry Pi slows itself down, and other processors are not far from it.
const HOT: i64 = 80;

/// Statistics say how hot it was in steps of so many °C.
const STEP: u64 = 5;

/// What staff read after a panic behind the screen.
const FAULTS: &str = "Chương trình đã gặp lỗi và tự chạy tiếp. Mời báo văn phòng.";

/// What staff read when the machine stays on.
const STAYS_ON: &str = "Máy không tắt được bằng nút trên màn hình. Mời gọi kỹ thuật viên.";

/// How the machine is. Copies share what they know.
#[derive(Clone, Default)]
pub struct Machine(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// `None` until the first look is over.
    health: Option<Health>,
    /// The way to turn it off, where there is one.
    login: Option<Login>,
    stays_on: bool,
    /// By how many hours the battery's clock is ahead, because it is set to local time.
    local_clock: Option<i32>,
}

impl Machine {
    /// Starts the thread that looks after the machine whose data are in a folder, and remembers what time it is.
    pub fn watch(data: &Path, clock: Clock) -> Result<Self> {
        let machine = Self::default();
        let (watched, data) = (machine.clone(), data.to_owned());
        threads::keep("machine", move || {
            let mut monitor = Monitor::new(&data, Path::new("/"));
            let mut said = false;
            loop {
                let health = monitor.refresh(clock.now().monotonic);
                watched.take(health);
                watched.state().local_clock = clock.battery_is_local();
                if let Err(error) = clock.remember() {
                    tracing::warn!("what time it is can't be remembered: {error}");
                }
                // It may start later than the kiosk.
                if watched.state().login.is_none() {
                    watched.take_login(Login::of_the_machine(), &mut said);
                }
                std::thread::sleep(EVERY);
            }
        })?;
        Ok(machine)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was seen; into the log only what changed for the worse.
    fn take(&self, health: Health) {
        let mut state = self.state();
        let before = state.health.take().unwrap_or_default();
        if let Some(card) = health
            .card()
            .filter(|card| *card != Card::Fine && Some(*card) != before.card())
        {
            tracing::error!("the card is {}: {:?}", card.name(), health.storage);
        }
        if health.under_voltage_seen == Some(true) && before.under_voltage_seen != Some(true) {
            tracing::error!("the voltage is too low");
        }
        state.health = Some(health);
    }

    fn take_login(&self, login: Result<Login, LoginError>, said: &mut bool) {
        match login {
            Ok(login) => self.state().login = Some(login),
            Err(error) if !*said => {
                tracing::info!("staff can't turn the machine off: {error}");
                *said = true;
            }
            Err(_) => {}
        }
    }

    /// Whether it was looked at yet: a bundle that is made before tells the office nothing of the machine for a month.
    pub fn was_looked_at(&self) -> bool {
        self.state().health.is_some()
    }

    /// For the statistics.
    pub fn for_office(&self) -> statistics::Health {
        self.state().health.as_ref().map(for_office).unwrap_or_default()
    }

    /// What is wrong, for the staff page, each with what to do.
    pub fn troubles(&self) -> Vec<String> {
        let state = self.state();
        let stays_on = state.stays_on.then(|| STAYS_ON.to_owned());
        let local_clock = state.local_clock.map(|hours| {
            format!(
                "Đồng hồ trong máy được đặt theo giờ Việt Nam, lệch {hours} giờ so với giờ quốc tế, nên sau khi tắt máy có lúc sai giờ. Mời kỹ thuật viên đặt đồng hồ ấy (trong BIOS) theo giờ quốc tế UTC."
            )
        });
        let faults = (threads::how_many_faults() > 0).then(|| FAULTS.to_owned());
        let troubles = state.health.iter().flat_map(troubles);
        troubles.chain(local_clock).chain(faults).chain(stays_on).collect()
    }

    /// Whether staff can turn it off from the screen.
    pub fn can_turn_off(&self) -> bool {
        self.state().login.is_some()
    }

    /// Turns it off, or off and on again; on a thread of its own, because the service may take its time. This program is then
    /// told to end like any other, and writes its counts.
    pub fn turn_off(&self, again: bool) {
        let mut state = self.state();
        let Some(login) = state.login.clone() else {
            return;
        };
        state.stays_on = false;
        let machine = self.clone();
        std::thread::spawn(move || {
            let turn = if again { Turn::OffAndOn } else { Turn::Off };
            if let Err(error) = login.turn(turn) {
                tracing::error!("{error}");
                let mut state = machine.state();
                state.stays_on = true;
                // Asked for anew within a minute: the service may have started again, or may refuse from now on.
                state.login = None;
                drop(state);
                tell_screen(News::StaysOn);
            }
        });
    }
}

fn for_office(health: &Health) -> statistics::Health {
    let coarse = |degrees: i64| u64::try_from(degrees).unwrap_or(0) / STEP * STEP;
    statistics::Health {
        card: health.card(),
        card_errors: health.storage.errors,
        under_voltage: health.under_voltage_seen,
        temperature: health.hottest.map(coarse),
        ..statistics::Health::default()
    }
}

fn troubles(health: &Health) -> Vec<String> {
    let card = health.card().and_then(Card::for_staff);
    let weak = "Nguồn điện của máy yếu. Mời kiểm tra bộ nguồn và dây nguồn; vẫn vậy thì gọi kỹ thuật viên.";
    let weak = (health.under_voltage_seen == Some(true)).then_some(weak);
    let hot = health.power.temperature.filter(|degrees| *degrees >= HOT);
    let hot = hot.map(|degrees| {
        format!(
            "Máy đang nóng {degrees} °C. Mời xem quạt và khe thoát khí có bị che không; vẫn vậy thì gọi kỹ thuật viên."
        )
    });
    [card, weak]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .chain(hot)
        .collect()
}

#[cfg(test)]
mod tests {
    use commune_kiosk::kiosk::device::power::Power;
    use commune_kiosk::kiosk::device::storage::{Canary, Look};

    use super::*;

    fn with(canary: Canary) -> Health {
        Health {
            storage: Look {
                canary: Some(canary),
                ..Look::default()
            },
            ..Health::default()
        }
    }

    #[test]
    fn staff_are_told_what_is_wrong_and_what_to_do() {
        for (canary, words) in [
            (Canary::Failing, "sắp hỏng. Mời gọi kỹ thuật viên thay thẻ"),
            (Canary::Full, "đã đầy, không phải bị hỏng. Mời gọi kỹ thuật viên dọn"),
            (Canary::ReadOnly, "không ghi được vào thẻ nhớ"),
        ] {
            let said = troubles(&with(canary));
            assert!(said.len() == 1 && said[0].contains(words), "{said:?}");
        }
        assert_eq!(troubles(&with(Canary::Fine)), Vec::<String>::new());
        assert_eq!(
            troubles(&Health::default()),
            Vec::<String>::new(),
            "nobody knows anything"
        );
    }

    #[test]
    fn weak_power_and_heat_are_told() {
        let health = |degrees| Health {
            power: Power {
                under_voltage: Some(false),
                temperature: Some(degrees),
            },
            under_voltage_seen: Some(true),
            ..with(Canary::Fine)
        };
        let said = troubles(&health(80));
        assert!(said[0].contains("bộ nguồn") && said[1].contains("80 °C"), "{said:?}");
        assert_eq!(troubles(&health(79)).len(), 1);
    }

    #[test]
    fn nothing_is_said_of_a_machine_before_it_was_looked_at() {
        let machine = Machine::default();
        assert!(!machine.was_looked_at() && machine.troubles().is_empty() && !machine.can_turn_off());
        assert_eq!(machine.for_office(), statistics::Health::default());
        machine.take(with(Canary::Failing));
        assert!(machine.was_looked_at() && machine.troubles()[0].contains("sắp hỏng"));
        assert_eq!(machine.for_office().card, Some(Card::Failing));
    }

    #[test]
    fn a_machine_in_use_is_looked_at_by_itself() {
        let data = tempfile::tempdir().expect("a folder");
        let machine = Machine::watch(data.path(), Clock::default()).expect("a thread");
        let begun = std::time::Instant::now();
        while !machine.was_looked_at() && begun.elapsed() < EVERY {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        assert!(machine.for_office().card.is_some());
    }

    #[test]
    fn the_office_learns_what_was_seen_since_the_start() {
        let mut health = with(Canary::Full);
        health.storage.errors = Some(0);
        health.under_voltage_seen = Some(true);
        health.hottest = Some(84);
        let expected = statistics::Health {
            card: Some(Card::Full),
            card_errors: Some(0),
            under_voltage: Some(true),
            temperature: Some(80),
            ..statistics::Health::default()
        };
        assert_eq!(for_office(&health), expected);
        health.hottest = Some(-7);
        assert_eq!(for_office(&health).temperature, Some(0));
        assert_eq!(for_office(&Health::default()), statistics::Health::default());
    }
}
