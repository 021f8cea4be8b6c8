//! Turning the machine off and on again through login1, systemd's service for that.
//!
//! Its D-Bus interface is described in org.freedesktop.login1(5). On the image the kiosk's user needs polkit's leave for
//! `org.freedesktop.login1.power-off` and `reboot`. Nobody is ever asked for a password: where leave would have to be asked
//! for, there is no way to turn off. Begin with [`Login::of_the_machine`].

use std::time::Duration;

use thiserror::Error;
use zbus::blocking::{Connection, Proxy, connection};

const SERVICE: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Off, until somebody presses a button or plugs it in again.
    Off,
    /// Off and on again.
    OffAndOn,
}

impl Turn {
    const fn method(self) -> &'static str {
        match self {
            Self::Off => "PowerOff",
            Self::OffAndOn => "Reboot",
        }
    }

    /// The method that says whether the other one may be called.
    const fn question(self) -> &'static str {
        match self {
            Self::Off => "CanPowerOff",
            Self::OffAndOn => "CanReboot",
        }
    }
}

/// Why the machine can't be turned off by the program. It stays on; somebody can still press its button.
#[derive(Debug, Error)]
pub enum LoginError {
    /// There is no bus, or nobody on it who turns machines off.
    #[error("there is no login1: {0}")]
    NoService(String),
    /// The kiosk's user may not do it.
    #[error("login1 answers {what} with “{answer}”")]
    MayNot {
        /// What was asked.
        what: &'static str,
        /// `no`, `challenge` or `na`.
        answer: String,
    },
    /// The service refused or failed, or took too long.
    #[error("login1 did not do {what}: {why}")]
    Refused {
        /// The method that was called.
        what: &'static str,
        /// What the service says.
        why: String,
    },
}

/// A connection to login1 that may turn the machine off and on.
#[derive(Debug, Clone)]
pub struct Login {
    bus: Connection,
}

impl Login {
    /// The machine's own login1, if this program may turn the machine off through it.
    ///
    /// # Errors
    /// [`LoginError`].
    pub fn of_the_machine() -> Result<Self, LoginError> {
        Self::connect(connection::Builder::system(), PATIENCE)
    }

    /// The same on another bus, by its address, where calls may take so long; for tests.
    ///
    /// # Errors
    /// As [`Login::of_the_machine`].
    pub fn on_bus(address: &str, patience: Duration) -> Result<Self, LoginError> {
        Self::connect(connection::Builder::address(address), patience)
    }

    fn connect(builder: zbus::Result<connection::Builder<'static>>, patience: Duration) -> Result<Self, LoginError> {
        let no_service = |error: zbus::Error| LoginError::NoService(error.to_string());
        let bus = builder.and_then(|builder| builder.method_timeout(patience).build());
        let login = Self {
            bus: bus.map_err(no_service)?,
        };
        for turn in [Turn::Off, Turn::OffAndOn] {
            let manager = login.manager().map_err(no_service)?;
            let answer: String = manager.call(turn.question(), &()).map_err(no_service)?;
            if answer != "yes" {
                return Err(LoginError::MayNot {
                    what: turn.question(),
                    answer,
                });
            }
        }
        Ok(login)
    }

    /// Turns the machine off, or off and on. Returns once login1 has begun; programs are then told to end.
    ///
    /// # Errors
    /// [`LoginError::Refused`]; the machine stays on.
    pub fn turn(&self, turn: Turn) -> Result<(), LoginError> {
        let what = turn.method();
        let refused = |error: zbus::Error| LoginError::Refused {
            what,
            why: error.to_string(),
        };
        // `false`: ask nobody for a password.
        let manager = self.manager().map_err(refused)?;
        manager.call(what, &(false,)).map_err(refused)
    }

    fn manager(&self) -> zbus::Result<Proxy<'_>> {
        Proxy::new(&self.bus, SERVICE, PATH, MANAGER)
    }
}
