//! Keys in minisign's file format (<https://jedisct1.github.io/minisign/>): who signs, and whose signatures count.
//!
//! The files can be made and used with the stock program as well. Begin with [`Trust`].

use std::sync::Arc;

use blake2::{Blake2b512, Digest};
use ct_codecs::{Base64, Decoder, Encoder};
use minisign::{KeyPair, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBones, SignatureBox};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use thiserror::Error;

use super::error::BundleError;
use super::kind::Kind;

/// The longest key file, in bytes; minisign's have about 250.
const LONGEST_FILE: usize = 1024;

/// Two at a time, so that a new key can be introduced before the old one is retired.
const MOST_TRUSTED: usize = 2;

/// The length of a signature of 64 bytes in base64.
const SIGNATURE_LETTERS: usize = 88;

/// Where in a key's or a signature's bytes minisign's format keeps what.
mod layout {
    use std::ops::{Range, RangeFrom};

    /// `Sc` for scrypt, zeros for no protection.
    pub const ALGORITHM: Range<usize> = 2..4;
    pub const SALT: Range<usize> = 6..38;
    pub const OPERATIONS: Range<usize> = 38..46;
    pub const MEMORY: Range<usize> = 46..54;
    /// Key id, key and checksum: what the password's stream is laid over.
    pub const PROTECTED: Range<usize> = 54..158;
    /// What Ed25519 makes the key of, and the key that others check with.
    pub const SEED: Range<usize> = 62..94;
    pub const PUBLIC: Range<usize> = 94..126;

    /// Behind algorithm and number: the key that others check with, or what was signed.
    pub const BEHIND_NUMBER: RangeFrom<usize> = 10..;
}

/// scrypt's limits as they stand in a key file: 32 MiB of memory.
const OPERATIONS: u64 = 1_048_576;
const MEMORY: u64 = 33_554_432;

/// What minisign makes of these limits: 2^15 rounds, blocks of 8, one lane.
const SCRYPT: (u8, u32, u32) = (15, 8, 1);

/// Why a key can't be used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// Not a key file of minisign's; choose another.
    #[error("not a key in minisign's format")]
    NotAKey,
    /// The password is wrong, or there should be one; ask again.
    #[error("the password does not fit the key")]
    WrongPassword,
    /// No key, or more than two, were named as trusted.
    #[error("one or two keys can be trusted, not {0}")]
    NumberOfTrusted(usize),
    /// The password can't be made into protection; the program is at fault.
    #[error("no protection can be made: {0}")]
    Protection(String),
    /// The system gives no random numbers.
    #[error("no key can be made: {0}")]
    NoRandomness(String),
}

/// What a signature begins with that was made of the hash of what is signed, as all are today.
const OF_HASH: &[u8] = b"ED";

/// A key that signs.
///
/// Its arithmetic is ring's, as that of [`Trust`]: minisign's own took half of all that the office did with a bundle.
#[derive(Clone)]
pub struct Key {
    secret: SecretKey,
    pair: Arc<Ed25519KeyPair>,
}

impl Key {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`]; [`KeyError::NotAKey`] if the library made one whose halves don't fit.
    pub fn generate() -> Result<Self, KeyError> {
        let pair = KeyPair::generate_unencrypted_keypair();
        Self::of(pair.map_err(|error| KeyError::NoRandomness(error.to_string()))?.sk)
    }

    fn of(secret: SecretKey) -> Result<Self, KeyError> {
        let bytes = secret.to_bytes();
        let pair = Ed25519KeyPair::from_seed_and_public_key(&bytes[layout::SEED], &bytes[layout::PUBLIC]);
        Ok(Self {
            secret,
            pair: Arc::new(pair.map_err(|_| KeyError::NotAKey)?),
        })
    }

    /// Reads a key file; `password` is `None` for a key without one.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`], [`KeyError::WrongPassword`].
    pub fn from_text(text: &str, password: Option<&str>) -> Result<Self, KeyError> {
        if text.len() > LONGEST_FILE {
            return Err(KeyError::NotAKey);
        }
        let secret = SecretKeyBox::from_string(text).map_err(|_| KeyError::NotAKey)?;
        let read = match password {
            Some(password) => secret.into_secret_key(Some(password.to_owned())),
            None => secret.into_unencrypted_secret_key(),
        };
        let secret = read.map_err(|error| match error.kind() {
            minisign::ErrorKind::Verify => KeyError::WrongPassword,
            _ => KeyError::NotAKey,
        })?;
        Self::of(secret)
    }

    /// The key as a file, protected by a password if there is one.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`], [`KeyError::Protection`].
    pub fn to_text(&self, password: Option<&str>) -> Result<String, KeyError> {
        let no_randomness = |error: &dyn std::fmt::Display| KeyError::NoRandomness(error.to_string());
        let mut bytes = self.secret.to_bytes();
        bytes[layout::ALGORITHM].fill(0);
        if let Some(password) = password {
            bytes[layout::ALGORITHM].copy_from_slice(b"Sc");
            let mut salt = [0; 32];
            getrandom::fill(&mut salt).map_err(|error| no_randomness(&error))?;
            bytes[layout::SALT].copy_from_slice(&salt);
            bytes[layout::OPERATIONS].copy_from_slice(&OPERATIONS.to_le_bytes());
            bytes[layout::MEMORY].copy_from_slice(&MEMORY.to_le_bytes());
            let mut stream = [0; layout::PROTECTED.end - layout::PROTECTED.start];
            let (rounds, block, lanes) = SCRYPT;
            let parameters = scrypt::Params::new(rounds, block, lanes, scrypt::Params::RECOMMENDED_LEN)
                .map_err(|error| KeyError::Protection(error.to_string()))?;
            scrypt::scrypt(password.as_bytes(), &salt, &parameters, &mut stream)
                .map_err(|error| KeyError::Protection(error.to_string()))?;
            for (byte, mask) in bytes[layout::PROTECTED].iter_mut().zip(stream) {
                *byte ^= mask;
            }
        }
        let protected = SecretKey::from_bytes(&bytes).map_err(|error| no_randomness(&error))?;
        let text = protected.to_box(Some("commune kiosk secret key"));
        Ok(text.map_err(|error| no_randomness(&error))?.into_string())
    }

    /// The key that others check with.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`] if the key is damaged inside.
    pub fn public(&self) -> Result<PublicKey, KeyError> {
        let public = minisign::PublicKey::from_secret_key(&self.secret);
        public.map(PublicKey).map_err(|_| KeyError::NotAKey)
    }

    /// Signs; `comment` is signed too. Gives a signature file in minisign's format.
    pub(super) fn sign(&self, bytes: &[u8], comment: &str) -> Result<String, KeyError> {
        let first = self.pair.sign(&Blake2b512::digest(bytes));
        let second = self.pair.sign(&[first.as_ref(), comment.as_bytes()].concat());
        let first = [OF_HASH, self.secret.keynum(), first.as_ref()].concat();
        let base64 = |bytes: &[u8]| Base64::encode_to_string(bytes).map_err(|_| KeyError::NotAKey);
        let (first, second) = (base64(&first)?, base64(second.as_ref())?);
        Ok(format!(
            "untrusted comment: commune kiosk\n{first}\ntrusted comment: {comment}\n{second}\n"
        ))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// A key that checks signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(minisign::PublicKey);

impl PublicKey {
    /// Reads a `.pub` file.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`].
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        if text.len() > LONGEST_FILE {
            return Err(KeyError::NotAKey);
        }
        let key = PublicKeyBox::from_string(text).and_then(PublicKeyBox::into_public_key);
        Self::of(key.map_err(|_| KeyError::NotAKey)?)
    }

    fn of(key: minisign::PublicKey) -> Result<Self, KeyError> {
        if is_of_small_order(&key.to_bytes()[layout::BEHIND_NUMBER]) {
            return Err(KeyError::NotAKey);
        }
        Ok(Self(key))
    }

    /// The key as a file.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`] if the key is damaged inside.
    pub fn to_text(&self) -> Result<String, KeyError> {
        let text = self.0.to_box().map_err(|_| KeyError::NotAKey)?;
        Ok(text.into_string())
    }

    /// Reads the base64 line of a `.pub` file.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`].
    pub fn from_base64(text: &str) -> Result<Self, KeyError> {
        if text.len() > LONGEST_FILE {
            return Err(KeyError::NotAKey);
        }
        Self::of(minisign::PublicKey::from_base64(text).map_err(|_| KeyError::NotAKey)?)
    }

    /// The base64 line of its `.pub` file.
    #[must_use]
    pub fn to_base64(&self) -> String {
        self.0.to_base64()
    }

    /// Its bytes, as they stand in the file.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// The id that manifests name, 16 hexadecimal digits, as minisign prints it.
    #[must_use]
    pub fn id(&self) -> String {
        id(self.0.keynum())
    }
}

/// Whether a point of Ed25519's curve (RFC 8032, 5.1) comes to the neutral one when it is doubled three times. There are eight, and for a key
/// that is one of them anybody can make signatures, which ring takes. They lie at five heights, of which two can be written in another way
/// as well (IACR 2020/1244, table 1); the last bit only says on which side.
fn is_of_small_order(point: &[u8]) -> bool {
    const PRIME: [u8; 32] = number(0xed, 0xff);
    const HEIGHTS: [[u8; 32]; 7] = [
        number(0, 0),
        number(1, 0),
        number(PRIME[0] - 1, 0xff),
        PRIME,
        number(PRIME[0] + 1, 0xff),
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
            0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
            0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
        ],
    ];
    let Some((last, others)) = point.split_last() else {
        return false;
    };
    HEIGHTS
        .iter()
        .any(|height| others == &height[..31] && last & 0x7f == height[31])
}

/// A number of 255 bits by its lowest byte and all others, the lowest first.
const fn number(lowest: u8, others: u8) -> [u8; 32] {
    let mut bytes = [others; 32];
    bytes[0] = lowest;
    bytes[31] = others & 0x7f;
    bytes
}

fn id(number: &[u8]) -> String {
    let number = number
        .iter()
        .rev()
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:016X}")
}

/// What stands before the key of whoever signed, in the signed comment of a signature.
const SIGNED_BY: &str = " by ";

/// The comment that is signed along: what a bundle is, and the key to check it with.
pub(super) fn comment(what: &str, signer: &PublicKey) -> String {
    format!("{what}{SIGNED_BY}{}", signer.to_base64())
}

/// The key that a signature file says it was made with. Whether that is true, only [`Trust::verify`] says.
pub(super) fn introduced(signature: &[u8]) -> Result<PublicKey, BundleError> {
    let text = std::str::from_utf8(signature).map_err(|_| BundleError::Damaged("the signature"))?;
    let named = text.lines().nth(2).and_then(|comment| comment.rsplit_once(SIGNED_BY));
    let key = named.and_then(|(_, key)| PublicKey::from_base64(key).ok());
    key.ok_or(BundleError::NotABundle("it does not say who signed it"))
}

/// Whose signatures count: on content, and on what a server answers. One key may do both (docs/decisions/031).
#[derive(Debug, Clone)]
pub struct Trust {
    content: Vec<PublicKey>,
    server: Vec<PublicKey>,
}

impl Trust {
    /// Trusts these keys with everything.
    ///
    /// # Errors
    /// [`KeyError::NumberOfTrusted`] unless they are one or two.
    pub fn new(keys: Vec<PublicKey>) -> Result<Self, KeyError> {
        Self::apart(keys.clone(), keys)
    }

    /// Trusts some keys with content alone, others with receipts and the time alone.
    ///
    /// # Errors
    /// [`KeyError::NumberOfTrusted`] unless both are one or two.
    pub fn apart(content: Vec<PublicKey>, server: Vec<PublicKey>) -> Result<Self, KeyError> {
        for keys in [&content, &server] {
            if keys.is_empty() || keys.len() > MOST_TRUSTED {
                return Err(KeyError::NumberOfTrusted(keys.len()));
            }
        }
        Ok(Self { content, server })
    }

    /// Trusts one key with everything.
    #[must_use]
    pub fn of(key: PublicKey) -> Self {
        Self {
            content: vec![key.clone()],
            server: vec![key],
        }
    }

    /// Checks the signature file of a bundle of this kind against bytes; gives the id of the key that made it.
    pub(super) fn verify(&self, kind: Kind, bytes: &[u8], signature: &[u8]) -> Result<String, BundleError> {
        let keys = match kind {
            Kind::Pack => &self.content,
            Kind::Receipt | Kind::Statistics => &self.server,
        };
        let damaged = BundleError::Damaged("the signature");
        let Ok(text) = std::str::from_utf8(signature) else {
            return Err(damaged);
        };
        // The library takes for granted that the second signature has all its bytes.
        let fourth = text.lines().nth(3).unwrap_or_default();
        if text.lines().count() != 4 || fourth.trim().len() != SIGNATURE_LETTERS {
            return Err(damaged);
        }
        // In one way of writing only: base64 has several for the same bytes.
        let read = SignatureBox::from_string(text).ok();
        let Some(signature) =
            read.filter(|signature| signature.to_string().trim_end() == text.strip_suffix('\n').unwrap_or(text))
        else {
            return Err(damaged);
        };
        let signer = id(signature.keynum());
        // Two keys may have the same number, if somebody wants them to.
        let mut named = keys.iter().filter(|key| key.id() == signer).peekable();
        if named.peek().is_none() {
            return Err(BundleError::UnknownSigner(signer));
        }
        let (Ok(comment), Ok(second)) = (signature.trusted_comment(), Base64::decode_to_vec(fourth.trim(), None))
        else {
            return Err(damaged);
        };
        let what = if signature.is_prehashed() {
            Blake2b512::digest(bytes).to_vec()
        } else {
            bytes.to_owned()
        };
        let first = &SignatureBones::from(signature).to_bytes()[layout::BEHIND_NUMBER];
        let commented = [first, comment.as_bytes()].concat();
        let fits = |key: &PublicKey| {
            let bytes = key.to_bytes();
            let key = UnparsedPublicKey::new(&ED25519, &bytes[layout::BEHIND_NUMBER]);
            key.verify(&what, first).is_ok() && key.verify(&commented, &second).is_ok()
        };
        if named.any(fits) {
            Ok(signer)
        } else {
            Err(BundleError::BadSignature)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A signature of all the world: the neutral point, and zero.
    fn anybodys() -> [u8; 64] {
        let mut signature = [0; 64];
        signature[0] = 1;
        signature
    }

    #[test]
    fn a_key_that_anybody_can_sign_for_is_none() {
        // The heights 0, 1, −1, and 0 and 1 once more, written with the prime added; and those two of which the points have order 8.
        let heights = [
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "7P///////////////////////////////////////38=",
            "7f///////////////////////////////////////38=",
            "7v///////////////////////////////////////38=",
            "JuiVj8KyJ7BFw/SJ8u+Y8NXfrAXTxjM5sTgCiG1T/AU=",
            "xxdqcD1N2E+6PAt2DRBnDyogU/osOczGTsf9d5KsA3o=",
        ];
        let points = heights.iter().flat_map(|height| {
            let height: [u8; 32] = Base64::decode_to_vec(height, None).unwrap().try_into().unwrap();
            [0, 0x80].map(|side| {
                let mut point = height;
                point[31] |= side;
                point
            })
        });
        for point in points {
            // It is worth refusing: of a few messages one is signed, though nobody has the secret.
            let key = UnparsedPublicKey::new(&ED25519, point);
            let is_signed = |message: u8| key.verify(&[message], &anybodys()).is_ok();
            assert!((0..=u8::MAX).any(is_signed), "{point:x?}");
            let line = Base64::encode_to_string([b"Ed12345678".as_slice(), &point].concat()).unwrap();
            assert!(PublicKey::from_base64(&line).is_err(), "{point:x?}");
            let file = format!("untrusted comment: minisign public key\n{line}\n");
            assert!(PublicKey::from_text(&file).is_err(), "{point:x?}");
        }
        let good = Key::generate().unwrap().public().unwrap();
        assert_eq!(PublicKey::from_base64(&good.to_base64()).unwrap(), good);
        assert_eq!(PublicKey::from_text(&good.to_text().unwrap()).unwrap(), good);
    }
}
