//! The keys: where they come from and how they are kept.
//!
//! A key file is text: `seal ID HEX` lines (ID 1..=255, the highest seals, all open) and one `index HEX` line; `#` starts a
//! comment; keys are 32 bytes in hexadecimal. `WANGJIA_KEYS` holds the same lines, separated by newlines or `;`.
//!
//! Invariant: keys come from a file only its owner can read or from the environment, never from the database; a key file
//! is never overwritten; keys are wiped from memory when dropped and never printed.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Generate, Key};
use zeroize::Zeroizing;

use super::seal::SealError;

/// The environment variable that may hold the keys.
pub const KEYS_VARIABLE: &str = "WANGJIA_KEYS";

const KEY_LEN: usize = 32;
/// The block of SHA-256: the length HMAC pads its key to.
const BLOCK_LEN: usize = 64;

type SecretKey = Zeroizing<[u8; KEY_LEN]>;

/// All keys of one installation. Cloning shares them.
#[derive(Clone)]
pub struct Keyring(Arc<Keys>);

struct Keys {
    /// By key id, ascending; never empty.
    seal: Vec<(u8, SecretKey)>,
    index: SecretKey,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<u8> = self.0.seal.iter().map(|(id, _)| *id).collect();
        write!(f, "Keyring(seal {ids:?}, redacted)")
    }
}

impl Keyring {
    /// New random keys, not kept anywhere yet.
    pub fn generate() -> Result<Self, SealError> {
        Ok(Self(Arc::new(Keys { seal: vec![(1, random_key()?)], index: random_key()? })))
    }

    /// Makes new keys and writes them to a new file that only its owner can read. The file appears complete or not at all,
    /// and is on disk when this returns. Fails if the file exists.
    pub fn create_file(path: &Path) -> Result<Self, SealError> {
        let keys = Self::generate()?;
        let io = |source: std::io::Error| SealError::KeyFile { path: path.to_owned(), source };
        // Written beside its place and then linked there: a link is made whole and never replaces a file.
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".new-{}-{:08x}", std::process::id(), rand::random::<u32>()));
        let beside = Path::new(&beside);
        let linked = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(beside)
            .and_then(|mut file| file.write_all(keys.to_text().as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| fs::hard_link(beside, path));
        let removed = fs::remove_file(beside);
        match linked {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(SealError::KeyFileExists(path.to_owned()));
            }
            other => other.and(removed).map_err(io)?,
        }
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::File::open(parent).and_then(|dir| dir.sync_all()).map_err(io)?;
        Ok(keys)
    }

    /// The keys of this file, or new ones in a new file if there is none; says whether they are new. Several processes
    /// may call this at once: they get the same keys.
    pub fn load_or_create(path: &Path) -> Result<(Self, bool), SealError> {
        match Self::load(path) {
            Err(SealError::KeyFile { source, .. }) if source.kind() == ErrorKind::NotFound => {}
            loaded => return Ok((loaded?, false)),
        }
        match Self::create_file(path) {
            Err(SealError::KeyFileExists(_)) => Ok((Self::load(path)?, false)),
            created => Ok((created?, true)),
        }
    }

    /// Reads a key file; refused if group or others may read it.
    pub fn load(path: &Path) -> Result<Self, SealError> {
        let io = |source: std::io::Error| SealError::KeyFile { path: path.to_owned(), source };
        let mode = fs::metadata(path).map_err(io)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(SealError::KeyFileOpen(path.to_owned()));
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(io)?);
        Self::from_text(&text)
    }

    /// The keys in `WANGJIA_KEYS`; `None` if it is not set.
    pub fn from_env() -> Result<Option<Self>, SealError> {
        std::env::var(KEYS_VARIABLE).ok().map(Zeroizing::new).map(|text| Self::from_text(&text)).transpose()
    }

    /// Reads the lines of a key file.
    pub fn from_text(text: &str) -> Result<Self, SealError> {
        let mut seal: Vec<(u8, SecretKey)> = Vec::new();
        let mut index = None;
        for (number, line) in text.split(['\n', ';']).enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = line.split_whitespace().collect();
            let unknown = || SealError::KeyLine(number + 1);
            match words[..] {
                [] => {}
                ["seal", id, key] => {
                    let id = id.parse().ok().filter(|id| *id != 0).ok_or_else(unknown)?;
                    if seal.iter().any(|(other, _)| *other == id) {
                        return Err(unknown());
                    }
                    seal.push((id, parse_key(key).ok_or_else(unknown)?));
                }
                ["index", key] if index.is_none() => index = Some(parse_key(key).ok_or_else(unknown)?),
                _ => return Err(unknown()),
            }
        }
        seal.sort_by_key(|(id, _)| *id);
        match index {
            Some(index) if !seal.is_empty() => Ok(Self(Arc::new(Keys { seal, index }))),
            _ => Err(SealError::KeysIncomplete),
        }
    }

    /// The lines of a key file: the keys in the clear.
    fn to_text(&self) -> Zeroizing<String> {
        let mut text = String::from(
            "# 旺家密钥。丢失本文件，身份证号、电话等加密数据将无法恢复。请单独备份，勿与数据库放在一起。\n\
             # Keys of Wangjia. Lose this file and the encrypted data (ID numbers, phones, notes) is lost. Back it up apart\n\
             # from the database. Do not edit.\n",
        );
        for (id, key) in &self.0.seal {
            text.push_str(&format!("seal {id} {}\n", *Zeroizing::new(to_hex(&key[..]))));
        }
        text.push_str(&format!("index {}\n", *Zeroizing::new(to_hex(&self.0.index[..]))));
        Zeroizing::new(text)
    }

    pub(super) fn newest_seal_key(&self) -> (u8, &[u8; KEY_LEN]) {
        // `from_text` and `generate` refuse an empty ring, so `seal` has a last entry.
        let (id, key) = &self.0.seal[self.0.seal.len() - 1];
        (*id, key)
    }

    pub(super) fn seal_key(&self, id: u8) -> Option<&[u8; KEY_LEN]> {
        self.0.seal.iter().find(|(other, _)| *other == id).map(|(_, key)| &**key)
    }

    /// The index key, padded with zeros to HMAC's block as HMAC itself does.
    pub(super) fn index_block(&self) -> Zeroizing<[u8; BLOCK_LEN]> {
        let mut block = Zeroizing::new([0; BLOCK_LEN]);
        block[..KEY_LEN].copy_from_slice(&self.0.index[..]);
        block
    }
}

fn random_key() -> Result<SecretKey, SealError> {
    let key = Key::<XChaCha20Poly1305>::try_generate().map_err(|_| SealError::Random)?;
    Ok(Zeroizing::new(key.into()))
}

fn parse_key(hex: &str) -> Option<SecretKey> {
    let mut key = Zeroizing::new([0; KEY_LEN]);
    from_hex(hex, &mut key[..]).then_some(key)
}

/// Lower-case hexadecimal.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Fills `out` from exactly twice as many hexadecimal digits; otherwise answers `false`.
pub(super) fn from_hex(hex: &str, out: &mut [u8]) -> bool {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok())).collect();
    match digits.map(Zeroizing::new) {
        Some(digits) if digits.len() == out.len() * 2 => {
            for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
                *byte = pair[0] << 4 | pair[1];
            }
            true
        }
        _ => false,
    }
}
