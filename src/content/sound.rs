//! Recordings as they are kept and heard: Ogg Opus (RFC 7845), read without believing a byte of it.
//!
//! [`Outline`] looks at a file without decoding it: what it says of itself, how long it is, where its pages are. [`Decoder`] makes
//! sound of it, and is there in both wings: the kiosk plays with it, the office hears what it has written. Nothing here panics, whatever
//! the bytes. Begin with [`Decoder`].

#[cfg(any(feature = "kiosk", feature = "office"))]
mod decoder;
mod outline;
#[cfg(all(test, any(feature = "kiosk", feature = "office")))]
mod tests;

use std::io;

use thiserror::Error;

#[cfg(any(feature = "kiosk", feature = "office"))]
pub use decoder::{Decoder, is_decoding};
pub use outline::{Outline, has_an_end};

/// Samples a second of everything that is decoded here: Opus knows no other rate.
pub const RATE: u32 = 48_000;

/// Why there is nothing to hear, or no more of it.
#[derive(Debug, Error)]
pub enum SoundError {
    /// Something else than Ogg Opus.
    #[error("not Ogg Opus: {0}")]
    NotOpus(&'static str),
    /// Ogg Opus of a kind that nobody here plays, such as surround sound.
    #[error("not played: {0}")]
    Unsupported(&'static str),
    /// From here on the file makes no sense. What was heard before it was right.
    #[error("the recording is damaged: {0}")]
    Damaged(&'static str),
    /// The file can't be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}
