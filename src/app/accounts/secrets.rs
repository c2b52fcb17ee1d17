//! Random secrets: session tokens, API tokens, one-time secrets, temporary passwords.
//!
//! Invariant: what leaves here is from the system-seeded generator and is never stored; the database gets a keyed hash. A
//! stolen database therefore opens no session, and a stolen backup without the key file tells nothing of the secrets.

use std::fmt;

use zeroize::Zeroizing;

use crate::app::Keyring;
use crate::db::seal::{BlindIndex, IndexField};
use crate::domain::access::SessionKind;

/// Something its owner is shown once. `Debug` does not show it.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text, to be shown.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

const TOKEN_BYTES: usize = 32;

const fn prefix(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Session => "wjs_",
        SessionKind::ApiToken => "wjt_",
    }
}

/// A new token: 256 random bits in hexadecimal behind a prefix by which leaked ones are found.
pub(super) fn token(kind: SessionKind) -> Secret {
    let bytes = Zeroizing::new(rand::random::<[u8; TOKEN_BYTES]>());
    let mut text = Zeroizing::new(prefix(kind).to_owned());
    for byte in bytes.iter() {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    Secret(text)
}

/// The keyed hash of a token; `None` if the text is not one, so that nothing longer is hashed or looked up.
pub(super) fn token_index(keys: &Keyring, token: &str) -> Option<BlindIndex> {
    let digits =
        [SessionKind::Session, SessionKind::ApiToken].iter().find_map(|kind| token.strip_prefix(prefix(*kind)))?;
    let is_hex = digits.len() == TOKEN_BYTES * 2 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    is_hex.then(|| keys.index(IndexField::SessionToken, token.as_bytes()))
}

/// Digits and letters nobody confuses (Crockford's): 32 of them, five bits each.
const LETTERS: [u8; 32] = *b"0123456789abcdefghjkmnpqrstvwxyz";

/// Letters in groups of four, for reading aloud and typing.
fn letters(groups: usize) -> Secret {
    let mut text = Zeroizing::new(String::new());
    for place in 0..groups * 4 {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[usize::from(rand::random::<u8>() % 32)]));
    }
    Secret(text)
}

/// A new secret that works once: 140 bits.
pub(super) fn one_time() -> Secret {
    letters(7)
}

/// A password somebody is given and must replace: 80 bits, which no throttled guessing finds.
#[must_use]
pub fn temporary_password() -> Secret {
    letters(4)
}

/// The keyed hash of a one-time secret, however it was typed.
pub(super) fn one_time_index(keys: &Keyring, typed: &str) -> Option<BlindIndex> {
    if typed.len() > 100 {
        return None;
    }
    let folded: String = typed.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
    Some(keys.index(IndexField::OneTimeSecret, folded.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_different_and_never_printed() {
        let (a, b) = (token(SessionKind::Session), token(SessionKind::Session));
        assert_eq!(a.reveal().len(), 4 + 64);
        assert_ne!(a.reveal(), b.reveal());
        assert_eq!(format!("{a:?}"), "Secret(..)");
        assert_eq!(one_time().reveal().len(), 7 * 4 + 6);
        assert_eq!(temporary_password().reveal().len(), 19);
    }

    #[test]
    fn a_one_time_secret_may_be_typed_in_any_manner_and_a_token_may_not() {
        let keys = Keyring::generate().unwrap();
        let index = |typed| one_time_index(&keys, typed);
        assert_eq!(index("ab12-cd34"), index("AB12 CD34"));
        assert_ne!(index("ab12-cd34"), index("ab12-cd35"));
        assert_eq!(index(&"a".repeat(1_000_000)), None);
        let token = token(SessionKind::ApiToken);
        assert!(token_index(&keys, token.reveal()).is_some());
        assert_eq!(token_index(&keys, &token.reveal().to_uppercase()), None);
        assert_eq!(token_index(&keys, &format!("{}0", token.reveal())), None);
        assert_eq!(token_index(&keys, "wjs_"), None);
    }
}
