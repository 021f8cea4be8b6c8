//! Turning the machine off through login1, against a login1 of our own on a private bus: one that obeys, one that may not,
//! one that hangs, and none.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::common::bus::Bus;
use commune_kiosk::kiosk::device::login::{Login, LoginError, Turn};
use zbus::blocking::{Connection, connection};
use zbus::{fdo, interface};

/// Longer than any honest answer here, shorter than a test may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the service says to whoever asks whether it may be done, and how it answers then.
#[derive(Debug, Clone, Copy)]
struct Answers {
    off: &'static str,
    again: &'static str,
    hangs: bool,
    refuses: bool,
}

const WILLING: Answers = Answers {
    off: "yes",
    again: "yes",
    hangs: false,
    refuses: false,
};

/// The service, and what it has been asked to do.
struct Manager(Answers, Arc<Mutex<Vec<String>>>);

impl Manager {
    fn asked(&self, what: &str, interactive: bool) -> fdo::Result<()> {
        self.1.lock().expect("a list").push(format!("{what} {interactive}"));
        if self.0.hangs {
            std::thread::sleep(3 * PATIENCE);
        }
        if self.0.refuses {
            return Err(fdo::Error::AccessDenied("somebody else is at work".to_owned()));
        }
        Ok(())
    }
}

#[interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    fn can_power_off(&self) -> String {
        self.0.off.to_owned()
    }

    fn can_reboot(&self) -> String {
        self.0.again.to_owned()
    }

    fn power_off(&self, interactive: bool) -> fdo::Result<()> {
        self.asked("off", interactive)
    }

    fn reboot(&self, interactive: bool) -> fdo::Result<()> {
        self.asked("again", interactive)
    }
}

/// A login1 on the bus for as long as it is kept.
fn login1(bus: &Bus, answers: Answers) -> (Connection, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let service = connection::Builder::address(bus.address.as_str())
        .expect("an address")
        .serve_at("/org/freedesktop/login1", Manager(answers, asked.clone()))
        .expect("a manager")
        .name("org.freedesktop.login1")
        .expect("a name")
        .build()
        .expect("a service");
    (service, asked)
}

fn login(bus: &Bus) -> Result<Login, LoginError> {
    Login::on_bus(&bus.address, PATIENCE)
}

#[test]
fn the_machine_is_turned_off_and_on_and_nobody_is_asked_for_a_password() {
    let bus = Bus::start();
    let (_service, asked) = login1(&bus, WILLING);
    let login = login(&bus).expect("a service");
    assert!(asked.lock().expect("a list").is_empty(), "asking is not doing");
    login.turn(Turn::Off).expect("off");
    login.turn(Turn::OffAndOn).expect("off and on");
    assert_eq!(*asked.lock().expect("a list"), ["off false", "again false"]);
}

#[test]
fn whoever_would_have_to_ask_for_leave_has_no_way_to_turn_it_off() {
    let bus = Bus::start();
    for answers in [
        Answers {
            off: "challenge",
            ..WILLING
        },
        Answers { off: "no", ..WILLING },
        Answers { again: "na", ..WILLING },
    ] {
        let (service, asked) = login1(&bus, answers);
        assert!(matches!(login(&bus), Err(LoginError::MayNot { .. })), "{answers:?}");
        assert!(asked.lock().expect("a list").is_empty());
        service.close().expect("closed");
    }
}

#[test]
fn a_service_that_refuses_hangs_or_goes_away_is_an_error_in_time() {
    let bus = Bus::start();
    for answers in [
        Answers {
            refuses: true,
            ..WILLING
        },
        Answers { hangs: true, ..WILLING },
    ] {
        let (service, asked) = login1(&bus, answers);
        let login = login(&bus).expect("a service");
        let begun = Instant::now();
        let refused = login.turn(Turn::Off);
        assert!(
            matches!(refused, Err(LoginError::Refused { what: "PowerOff", .. })),
            "{refused:?}"
        );
        assert!(begun.elapsed() < 2 * PATIENCE, "{answers:?} took {:?}", begun.elapsed());
        assert_eq!(*asked.lock().expect("a list"), ["off false"], "once");
        service.close().expect("closed");
        assert!(matches!(
            login.turn(Turn::OffAndOn),
            Err(LoginError::Refused { what: "Reboot", .. })
        ));
    }
}

#[test]
fn without_the_service_or_without_a_bus_there_is_none() {
    let bus = Bus::start();
    assert!(matches!(login(&bus), Err(LoginError::NoService(_))));
    let nowhere = Login::on_bus("unix:path=/nowhere/bus", PATIENCE);
    assert!(matches!(nowhere, Err(LoginError::NoService(_))));
}
