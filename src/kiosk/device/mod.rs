//! The machine: whether its clock can be trusted, how much memory the program takes, which sticks are plugged in, which
//! displays there are and what drives them, how bright the screen is, how its card and its power are, who stands before it, and how it is turned off.
//!
//! Each part asks the kernel or a service of the system and is simply absent where nobody answers; nothing here is ever an
//! error for residents. [`health`] is what the statistics and the staff page take from it.

pub mod backlight;
pub mod clock;
#[cfg(feature = "kiosk")]
pub mod displays;
pub mod drivers;
#[cfg(feature = "kiosk")]
pub mod gpio;
pub mod hardware_watchdog;
pub mod health;
#[cfg(feature = "kiosk")]
pub mod login;
pub mod memory;
pub mod power;
pub mod sticks;
pub mod storage;
