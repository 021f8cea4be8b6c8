//! By which a form tells whose page it stood on, when the session it was made in is long over. Begin with [`Marks`].
//!
//! A mark opens nothing: what it decides is only whether somebody is shown again what they have typed. It is made of the office's secret, so
//! that no other site can write one, and is the same on every host of the office and after each start.

use crate::office::rounding::Secret;

/// Makes marks and knows them again.
pub struct Marks(Secret);

impl Marks {
    /// Of an office with this secret. Nobody learns anything of it from marks.
    pub fn new(secret: Secret) -> Self {
        Self(secret)
    }

    /// The mark of an account.
    pub fn of(&self, account: &str) -> blake3::Hash {
        let mut mark = blake3::Hasher::new_derive_key("commune-kiosk office form account");
        mark.update(self.0.to_string().as_bytes());
        mark.update(account.as_bytes());
        mark.finalize()
    }

    /// Whether this is the mark of an account, as text. Hashes are compared in constant time.
    pub fn is_of(&self, mark: &str, account: &str) -> bool {
        blake3::Hash::from_hex(mark).is_ok_and(|mark| mark == self.of(account))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_of_one_account_of_one_office() {
        let [here, elsewhere] = [0; 2].map(|_| Marks::new(Secret::new().unwrap()));
        let mark = here.of("lan").to_hex();
        assert!(here.is_of(&mark, "lan"));
        assert!(!here.is_of(&mark, "mai") && !elsewhere.is_of(&mark, "lan"));
        assert!(!here.is_of("", "lan") && !here.is_of("lan", "lan"));
    }
}
