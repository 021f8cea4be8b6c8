//! The machine: whether its clock can be trusted, how much memory the program takes, which
//! sticks are plugged in, how bright the screen is.
//!
//! Each part asks the kernel and is simply absent where the kernel has no answer.

pub mod backlight;
pub mod clock;
pub mod memory;
pub mod sticks;
