//! A kiosk says that it was there when the office told it the time, and nothing else. Begin with [`Contact`].
//!
//! The time is the office's own word, which a kiosk takes only as the answer to its question. So whoever says the same again later says
//! nothing new (docs/decisions/033).

use super::error::BundleError;
use super::keys::{self, Key, Trust};
use super::kind::Kind;

/// The longest signature, in bytes; they have about 350.
pub const LONGEST_CONTACT: usize = 1024;

/// Which kiosk was there, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The kiosk's id, which is made of its key.
    pub kiosk: String,
    /// The office's time, in seconds since 1970, UTC.
    pub time: i64,
}

impl Contact {
    /// What is signed. No manifest of a bundle begins so.
    fn words(&self) -> String {
        format!("a kiosk was there\n{}\n{}\n", self.kiosk, self.time)
    }

    /// Signs it with the kiosk's key, as minisign does.
    ///
    /// # Errors
    /// [`BundleError::BadManifest`] if the key is damaged inside.
    pub fn sign(&self, key: &Key) -> Result<String, BundleError> {
        let signed = key
            .public()
            .and_then(|public| key.sign(self.words().as_bytes(), &keys::comment("contact", &public)));
        signed.map_err(|error| BundleError::BadManifest(error.to_string()))
    }

    /// Whether the kiosk itself signed it: the signature names its key.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn check(&self, signature: &[u8]) -> Result<(), BundleError> {
        if signature.len() > LONGEST_CONTACT {
            return Err(BundleError::TooLarge("the signature"));
        }
        let key = keys::introduced(signature)?;
        if key.kiosk_id() != self.kiosk {
            return Err(BundleError::UnknownSigner(key.id()));
        }
        let words = self.words();
        Trust::of(key)
            .verify(Kind::Statistics, words.as_bytes(), signature)
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_of_one_kiosk_at_one_time() {
        let [key, other] = [0; 2].map(|_| Key::generate().unwrap());
        let kiosk = |key: &Key| key.public().unwrap().kiosk_id();
        let contact = Contact {
            kiosk: kiosk(&key),
            time: 1_790_000_000,
        };
        let signature = contact.sign(&key).unwrap();
        assert!(signature.len() < LONGEST_CONTACT / 2, "{}", signature.len());
        contact.check(signature.as_bytes()).unwrap();
        for (kiosk, time) in [(kiosk(&key), contact.time + 1), (kiosk(&other), contact.time)] {
            assert!(Contact { kiosk, time }.check(signature.as_bytes()).is_err());
        }
        assert!(contact.check(contact.sign(&other).unwrap().as_bytes()).is_err());
        let long = "x".repeat(LONGEST_CONTACT + 1);
        for nonsense in ["", "a\nb\nc by d\ne\n", &long] {
            assert!(contact.check(nonsense.as_bytes()).is_err());
        }
    }
}
