//! Passwords: what may be one, and what is kept of it.
//!
//! Kept is an Argon2id hash (19 MiB, two passes, one lane: OWASP's second choice, half the memory of the first, because a
//! small server checks several at once) as a PHC string with its own salt and parameters, so the parameters can be raised
//! later; a weaker hash is replaced at the next sign-in. A password is normalised to NFC first, so that two keyboards that
//! compose 'é' differently agree, and is never cut.
//!
//! Cost: about 25 ms of a core and 19 MiB for a hash or a check. Callers take turns ([`super::sign_in::SignIn::turn`]).

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::rules::{AccessRules, PasswordPolicy};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::domain::text::Text;

/// Longest password, characters.
pub const LONGEST: usize = 128;
/// Characters the estimate looks at: its work grows faster than the square, and what begins well stays good.
const LOOKED_AT: usize = 32;
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The hash that stands in where there is no account or no password: no password fits it, and checking one takes as long.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$d2FuZ2ppYXdhbmdqaWF3YQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password as it was typed, in NFC. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// `None` if it is longer than any password here; then its length is all that was looked at.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        if typed.len() > LONGEST * 4 {
            return None;
        }
        let normal = Zeroizing::new(typed.nfc().collect::<String>());
        (normal.chars().count() <= LONGEST).then_some(Self(normal))
    }

    fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// Memory that earlier hashes worked in. Without it every thread of the server that ever hashed keeps 19 MiB for itself, which
/// at 64 sign-ins at once was 400 MiB; with it there is as much as turns are given at once.
static SPARE: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

fn spare() -> MutexGuard<'static, Vec<Vec<Block>>> {
    // A list of buffers is right whatever panicked while it was locked.
    SPARE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The hash of a password under any parameters.
fn derive(argon2: &Argon2<'_>, password: &Password, salt: &[u8], length: usize) -> Result<Output, AppError> {
    let mut memory = spare().pop().unwrap_or_default();
    memory.resize(argon2.params().block_count(), Block::default());
    let mut out = Zeroizing::new(vec![0; length]);
    let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut out, &mut memory[..]);
    if memory.len() == argon2_of_today()?.params().block_count() {
        spare().push(memory);
    }
    done.map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    Ok(Output::new(&out).map_err(|error| anyhow::anyhow!("argon2: {error}"))?)
}

fn argon2_of_today() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string to keep.
///
/// # Errors
/// If there is no memory.
pub fn hash(password: &Password) -> Result<String, AppError> {
    let argon2 = argon2_of_today()?;
    let salt = Salt::new(&rand::random::<[u8; 16]>()).map_err(|error| anyhow::anyhow!("salt: {error}"))?;
    let output = derive(&argon2, password, &salt, Params::DEFAULT_OUTPUT_LEN)?;
    let params = ParamsString::try_from(argon2.params()).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    let kept = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params,
        salt: Some(salt),
        hash: Some(output),
    };
    Ok(kept.to_string())
}

/// Whether it is the password of this hash. Without one the answer is no, after the same work.
#[must_use]
pub fn fits(password: &Password, kept: Option<&str>) -> bool {
    match compare(password, kept.unwrap_or(NOBODYS)) {
        Ok(same) => same && kept.is_some(),
        Err(error) => {
            tracing::error!(error = error.for_log(), "a stored password hash cannot be used");
            false
        }
    }
}

/// Hashes with the parameters of the hash kept and compares; `Output` compares in constant time.
fn compare(password: &Password, kept: &str) -> Result<bool, AppError> {
    let unusable = |what: &str| AppError::from(anyhow::anyhow!("password hash without {what}"));
    let kept = PasswordHash::new(kept).map_err(|_| unusable("form"))?;
    let (salt, expected) = kept.salt.zip(kept.hash).ok_or_else(|| unusable("salt or hash"))?;
    let params = Params::try_from(&kept).map_err(|_| unusable("parameters"))?;
    let algorithm = Algorithm::try_from(kept.algorithm.as_str()).map_err(|_| unusable("algorithm"))?;
    let version = kept.version.map_or(Ok(Version::V0x13), Version::try_from).map_err(|_| unusable("version"))?;
    Ok(derive(&Argon2::new(algorithm, version, params), password, &salt, expected.len())? == expected)
}

/// Whether a hash was made with less work than one made now.
#[must_use]
pub fn is_weak(kept: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(kept) else { return true };
    let Ok(params) = Params::try_from(&parsed) else { return true };
    parsed.algorithm.as_str() != Algorithm::Argon2id.as_str()
        || params.m_cost() < MEMORY_KIB
        || params.t_cost() < PASSES
}

/// Whether somebody may take this password. `own` are the words of the person's surroundings.
///
/// # Errors
/// `Invalid` at `pointer` with the reason.
pub fn check(rules: &AccessRules, password: &Password, own: &[String], pointer: &str) -> Result<(), AppError> {
    let text = password.0.as_str();
    if text.chars().count() < rules.min_length {
        let least = rules.min_length;
        let say = Text::new(
            format!("密码至少 {least} 个字符。建议用一句不相干的话。"),
            format!("The password needs at least {least} characters. A sentence nobody would guess works well."),
        );
        return Err(FieldError::with_text(pointer, FieldCode::PasswordShort, say).into());
    }
    if rules.policy == PasswordPolicy::Mlps && kinds(text) < 3 {
        return Err(FieldError::new(pointer, FieldCode::PasswordPlain).into());
    }
    let folded = Zeroizing::new(fold(text));
    let own: Vec<String> = own.iter().map(|word| fold(word)).filter(|word| is_telling(word)).collect();
    if own.iter().any(|word| folded.contains(word.as_str())) {
        return Err(FieldError::new(pointer, FieldCode::PasswordOwnWords).into());
    }
    // zxcvbn estimates guesses by the lists of common passwords, with letters for digits, years and repetitions: score 3 is
    // 10^8 and more. Eight random characters, which the other guideline takes, are just below; common ones are below 2.
    let least = match rules.policy {
        PasswordPolicy::Asvs => zxcvbn::Score::Three,
        PasswordPolicy::Mlps => zxcvbn::Score::Two,
    };
    let beginning = Zeroizing::new(text.chars().take(LOOKED_AT).collect::<String>());
    if zxcvbn::zxcvbn(&beginning, &[]).score() < least {
        return Err(FieldError::new(pointer, FieldCode::PasswordGuessable).into());
    }
    Ok(())
}

/// Kinds of characters in a text: capital letters, small letters, digits, all others.
fn kinds(text: &str) -> usize {
    let is_other = |c: char| !c.is_uppercase() && !c.is_lowercase() && !c.is_ascii_digit();
    let tests: [&dyn Fn(char) -> bool; 4] =
        [&char::is_uppercase, &char::is_lowercase, &|c: char| c.is_ascii_digit(), &is_other];
    tests.iter().filter(|test| text.chars().any(test)).count()
}

/// Letters and digits in one form, so that neither capitals nor hyphens hide a word.
fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a word is long enough to tell: `li` stands in half of all sentences, `旺家` in none by chance.
fn is_telling(word: &str) -> bool {
    let least = if word.is_ascii() { 4 } else { 2 };
    word.chars().count() >= least
}
