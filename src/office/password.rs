//! Passwords of the office's accounts: what they must be, and their argon2 hashes.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// The fewest letters of a password; length is all that is asked for.
const FEWEST_LETTERS: usize = 10;

/// More nobody types; hashing has to end.
const MOST_LETTERS: usize = 200;

/// The longest name of an account.
const LONGEST_NAME: usize = 40;

/// Makes the hash of a new password.
///
/// # Errors
/// It is too short or too long, or the system gives no random numbers; in Vietnamese, for whoever chose it.
pub fn hash(password: &str) -> Result<String, String> {
    let letters = password.chars().count();
    if !(FEWEST_LETTERS..=MOST_LETTERS).contains(&letters) {
        return Err(format!(
            "Mật khẩu phải có từ {FEWEST_LETTERS} đến {MOST_LETTERS} ký tự."
        ));
    }
    let hash = Argon2::default().hash_password(password.as_bytes());
    Ok(hash.map_err(|error| error.to_string())?.to_string())
}

/// Whether a password is the one of this hash. Takes some 20 ms and 19 MiB, as it should.
#[must_use]
pub fn fits(password: &str, hash: &str) -> bool {
    let fits = |hash: &PasswordHash| Argon2::default().verify_password(password.as_bytes(), hash).is_ok();
    password.chars().count() <= MOST_LETTERS && PasswordHash::new(hash).is_ok_and(|hash| fits(&hash))
}

/// The name of an account as it is stored.
///
/// # Errors
/// It can't be one; in Vietnamese, for whoever chose it.
pub fn account_name(name: &str) -> Result<&str, String> {
    let name = name.trim();
    let good = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-._@".contains(letter);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(good) {
        return Err(
            "Tên đăng nhập chỉ gồm chữ thường không dấu, chữ số và các dấu - . _ @, nhiều nhất 40 ký tự.".to_owned(),
        );
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_fits() {
        let stored = hash("mùa lúa chín rộ").unwrap();
        assert!(fits("mùa lúa chín rộ", &stored));
        assert!(!fits("mùa lúa chín", &stored));
        assert!(!fits("", &stored));
        assert!(!fits("mùa lúa chín rộ", "no hash"));
        assert!(hash("ngắn quá").is_err());
        assert!(hash(&"a".repeat(201)).is_err());
    }

    #[test]
    fn names_are_plain() {
        assert_eq!(account_name(" van.hoa "), Ok("van.hoa"));
        for name in ["", "Bà Ba", "a/b", &"a".repeat(41)] {
            assert!(account_name(name).is_err(), "{name}");
        }
    }
}
