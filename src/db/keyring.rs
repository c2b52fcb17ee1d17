//! The keys: where they come from and how they are kept.
//!
//! A key file is text: `seal ID HEX` lines (ID 1..=255, the highest seals, all open) and one `index HEX` line; `#` starts a
//! comment; keys are 32 bytes in hexadecimal. `WANGJIA_KEYS` holds the same lines, separated by newlines or `;`.
//!
//! Invariant: keys come from a file only its owner can read or from the environment, never from the database; a key file
//! is never made over another and changed only by replacing it whole; no key is ever thrown away; keys are wiped from memory
//! when dropped and never printed. Cost: looking whether the file is still the same, about a microsecond a sealed value.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

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
///
/// Keys that came from a file follow it: before sealing and when a key is missing the file is looked at, and read again if it is
/// another one. So a running server seals under a key added by `wangjia keys rotate` from the moment the file has it.
#[derive(Clone)]
pub struct Keyring(Arc<Shared>);

struct Shared {
    keys: RwLock<Arc<Keys>>,
    file: Option<Followed>,
}

/// The file the keys came from, and which file it was when it was read last.
struct Followed {
    path: PathBuf,
    seen: Mutex<Option<Stamp>>,
}

/// Tells a file from the one that replaced it: device, number, length, time of change.
type Stamp = (u64, u64, u64, i64, i64);

struct Keys {
    /// By key id, ascending; never empty.
    seal: Vec<(u8, SecretKey)>,
    index: SecretKey,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring(seal {:?}, redacted)", self.seal_ids())
    }
}

impl Keyring {
    fn of(keys: Keys, file: Option<Followed>) -> Self {
        Self(Arc::new(Shared { keys: RwLock::new(Arc::new(keys)), file }))
    }

    /// New random keys, not kept anywhere yet.
    pub fn generate() -> Result<Self, SealError> {
        Ok(Self::of(Keys { seal: vec![(1, random_key()?)], index: random_key()? }, None))
    }

    /// Makes new keys and writes them to a new file that only its owner can read. The file appears complete or not at all,
    /// and is on disk when this returns. Fails if the file exists.
    pub fn create_file(path: &Path) -> Result<Self, SealError> {
        let keys = Self::generate()?;
        let io = |source: std::io::Error| SealError::KeyFile { path: path.to_owned(), source };
        // Written beside its place and then linked there: a link is made whole and never replaces a file.
        let beside = write_beside(path, &keys.keys())?;
        let linked = fs::hard_link(&beside, path);
        let removed = fs::remove_file(&beside);
        match linked {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(SealError::KeyFileExists(path.to_owned()));
            }
            other => other.and(removed).map_err(io)?,
        }
        sync_parent(path).map_err(io)?;
        Self::load(path)
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
        let (keys, stamp) = read_file(path)?;
        Ok(Self::of(keys, Some(Followed { path: path.to_owned(), seen: Mutex::new(Some(stamp)) })))
    }

    /// The keys in `WANGJIA_KEYS`; `None` if it is not set.
    pub fn from_env() -> Result<Option<Self>, SealError> {
        std::env::var(KEYS_VARIABLE).ok().map(Zeroizing::new).map(|text| Self::from_text(&text)).transpose()
    }

    /// Reads the lines of a key file.
    pub fn from_text(text: &str) -> Result<Self, SealError> {
        Ok(Self::of(Keys::from_text(text)?, None))
    }

    fn keys(&self) -> Arc<Keys> {
        // The lock is held for a copy of a pointer only; nothing can be half done.
        Arc::clone(&self.0.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the file again if it is not the one read last. What cannot be read, or would change or forget the index key, is
    /// not taken: the keys known stay in use.
    fn follow(&self) {
        let Some(file) = &self.0.file else { return };
        let Ok(now) = fs::metadata(&file.path).map(|meta| stamp(&meta)) else { return };
        let mut seen = file.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == Some(now) {
            return;
        }
        match read_file(&file.path) {
            Ok((keys, stamp)) if keys.follows(&self.keys()) => {
                *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
                *seen = Some(stamp);
            }
            Ok((_, stamp)) => {
                *seen = Some(stamp);
                tracing::error!("the key file was replaced by one with other keys; it is not used");
            }
            Err(error) => {
                tracing::error!(%error, "the key file was changed and cannot be read; the keys known stay in use")
            }
        }
    }

    /// The ids of the seal keys, ascending; the last one seals.
    #[must_use]
    pub fn seal_ids(&self) -> Vec<u8> {
        self.keys().seal.iter().map(|(id, _)| *id).collect()
    }

    /// Whether the keys came from a file, and which.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.0.file.as_ref().map(|file| file.path.as_path())
    }

    pub(super) fn newest_seal_key(&self) -> (u8, SecretKey) {
        self.follow();
        let keys = self.keys();
        // `from_text` and `generate` refuse an empty ring, so `seal` has a last entry.
        let (id, key) = &keys.seal[keys.seal.len() - 1];
        (*id, key.clone())
    }

    pub(super) fn seal_key(&self, id: u8) -> Option<SecretKey> {
        self.keys().seal_key(id).or_else(|| {
            self.follow();
            self.keys().seal_key(id)
        })
    }

    /// The index key, padded with zeros to HMAC's block as HMAC itself does.
    pub(super) fn index_block(&self) -> Zeroizing<[u8; BLOCK_LEN]> {
        let mut block = Zeroizing::new([0; BLOCK_LEN]);
        block[..KEY_LEN].copy_from_slice(&self.keys().index[..]);
        block
    }

    /// Adds a new newest seal key to the file; gives its id. The file is replaced as a whole, stays with its owner and only for
    /// him, and is on disk when this returns. Others that add or retire at the same time wait.
    ///
    /// # Errors
    /// [`SealError::NoKeyFile`] if the keys came from the environment, [`SealError::NoKeyId`] if all 255 are used.
    pub fn add_seal_key(&self) -> Result<u8, SealError> {
        self.change_file(|keys| {
            let id = keys.seal.last().map_or(1, |(id, _)| *id).checked_add(1).ok_or(SealError::NoKeyId)?;
            keys.seal.push((id, random_key()?));
            Ok(id)
        })
    }

    /// Takes a seal key out of the file into one beside it, `FILE.retired-ID`, which backups made under it still need; gives
    /// the path.
    ///
    /// # Errors
    /// As [`Keyring::add_seal_key`]; [`SealError::KeyInUse`] for the newest key or one that is not there.
    pub fn retire_seal_key(&self, id: u8) -> Result<PathBuf, SealError> {
        let path = self.file().ok_or(SealError::NoKeyFile)?;
        let mut aside = path.as_os_str().to_owned();
        aside.push(format!(".retired-{id}"));
        let aside = PathBuf::from(aside);
        self.change_file(|keys| {
            let place = keys.seal.iter().position(|(other, _)| *other == id).ok_or(SealError::KeyInUse(id))?;
            if place + 1 == keys.seal.len() {
                return Err(SealError::KeyInUse(id));
            }
            let retired = Keys { seal: vec![keys.seal.remove(place)], index: keys.index.clone() };
            let io = |source: std::io::Error| SealError::KeyFile { path: aside.clone(), source };
            let beside = write_beside(&aside, &retired)?;
            fs::rename(beside, &aside).and_then(|()| sync_parent(&aside)).map_err(io)
        })?;
        Ok(aside)
    }

    /// Replaces the file by a changed one, under its lock, and takes the new keys.
    fn change_file<T>(&self, change: impl FnOnce(&mut Keys) -> Result<T, SealError>) -> Result<T, SealError> {
        let path = self.file().ok_or(SealError::NoKeyFile)?;
        let io = |source: std::io::Error| SealError::KeyFile { path: path.to_owned(), source };
        // The lock is on the file itself; who waited for one that has been replaced since looks again.
        let locked = loop {
            let file = fs::File::open(path).map_err(io)?;
            file.lock().map_err(io)?;
            let (mine, there) = (file.metadata().map_err(io)?, fs::metadata(path).map_err(io)?);
            if (mine.dev(), mine.ino()) == (there.dev(), there.ino()) {
                break file;
            }
        };
        remove_unfinished(path).map_err(io)?;
        let (mut keys, _) = read_file(path)?;
        if !keys.follows(&self.keys()) {
            return Err(SealError::KeysReplaced(path.to_owned()));
        }
        let done = change(&mut keys)?;
        let owner = locked.metadata().map_err(io)?;
        let beside = write_beside(path, &keys)?;
        let made = fs::metadata(&beside).map_err(io)?;
        let kept = if (made.uid(), made.gid()) == (owner.uid(), owner.gid()) {
            Ok(())
        } else {
            std::os::unix::fs::chown(&beside, Some(owner.uid()), Some(owner.gid()))
        };
        if let Err(error) = kept.and_then(|()| fs::rename(&beside, path)) {
            fs::remove_file(&beside).map_err(io)?;
            return Err(io(error));
        }
        sync_parent(path).map_err(io)?;
        drop(locked);
        self.follow();
        Ok(done)
    }
}

impl Keys {
    fn seal_key(&self, id: u8) -> Option<SecretKey> {
        self.seal.iter().find(|(other, _)| *other == id).map(|(_, key)| key.clone())
    }

    /// Whether these can take the place of other keys: the same index key, and no id with another key.
    fn follows(&self, before: &Self) -> bool {
        *self.index == *before.index
            && before.seal.iter().all(|(id, key)| self.seal_key(*id).is_none_or(|now| *now == **key))
    }

    fn from_text(text: &str) -> Result<Self, SealError> {
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
            Some(index) if !seal.is_empty() => Ok(Self { seal, index }),
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
        for (id, key) in &self.seal {
            text.push_str(&format!("seal {id} {}\n", *Zeroizing::new(to_hex(&key[..]))));
        }
        text.push_str(&format!("index {}\n", *Zeroizing::new(to_hex(&self.index[..]))));
        Zeroizing::new(text)
    }
}

fn stamp(meta: &fs::Metadata) -> Stamp {
    (meta.dev(), meta.ino(), meta.len(), meta.mtime(), meta.mtime_nsec())
}

/// The keys of a file, and which file it was.
fn read_file(path: &Path) -> Result<(Keys, Stamp), SealError> {
    let io = |source: std::io::Error| SealError::KeyFile { path: path.to_owned(), source };
    let mut file = fs::File::open(path).map_err(io)?;
    let meta = file.metadata().map_err(io)?;
    if meta.permissions().mode() & 0o077 != 0 {
        return Err(SealError::KeyFileOpen(path.to_owned()));
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(io)?;
    Ok((Keys::from_text(&text)?, stamp(&meta)))
}

/// Writes keys to a new file beside a path, for its owner only, and on disk.
fn write_beside(path: &Path, keys: &Keys) -> Result<PathBuf, SealError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".new-{}-{:08x}", std::process::id(), rand::random::<u32>()));
    let beside = PathBuf::from(beside);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file| file.write_all(keys.to_text().as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|source| SealError::KeyFile { path: path.to_owned(), source })?;
    Ok(beside)
}

/// Removes what somebody left beside a path who was killed before it was put in its place: keys are not to lie about. Only for
/// who holds the lock of the file, so that nobody is writing there.
fn remove_unfinished(path: &Path) -> std::io::Result<()> {
    let (Some(name), Some(folder)) = (path.file_name(), path.parent()) else { return Ok(()) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let start = [name.as_encoded_bytes(), b".new-"].concat();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(&start) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn sync_parent(path: &Path) -> std::io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(parent).and_then(|dir| dir.sync_all())
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
