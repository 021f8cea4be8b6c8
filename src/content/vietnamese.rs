//! Vietnamese text: comparing it, typing it, and how it sounds.
//!
//! Residents type as they can: with tone marks, without any, in Telex, or on the screen's own keys; and authors mix
//! precomposed and decomposed letters, old and new tone placement. Everything here brings these to one form. But for [`spoken()`], it knows
//! spelling, not words: whether a syllable exists in the dictionary is not its business.
//!
//! To compare, begin with [`fold()`] (tones ignored) and [`normalise()`] (tones kept). To type, begin with [`telex()`] and
//! [`put_tone()`]. To read aloud, [`spoken()`]. The table of spellings is in [`syllable`].

pub mod fold;
pub mod normalise;
pub mod spoken;
pub mod syllable;
pub mod telex;
pub mod tone_keys;

pub use fold::{Word, fold, words};
pub use normalise::normalise;
pub use spoken::spoken;
pub use syllable::Tone;
pub use telex::telex;
pub use tone_keys::{add_letter, put_tone};
