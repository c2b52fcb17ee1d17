//! A long secret in a file: sealed in pieces as it is written, opened in pieces as it is read.
//!
//! `MAGIC (16) | key id (1) | nonce (19) | check (16) | pieces`; a piece is [`PIECE`] bytes, the last one less, each with its
//! tag. The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015: <https://eprint.iacr.org/2015/189>) with
//! XChaCha20-Poly1305: piece number and "this is the last" are part of the nonce, the head of what is authenticated. So a
//! file cut off, lengthened, put together from two, or with any bit flipped does not open.
//!
//! The key of a file is HMAC-SHA-256 of its head under a seal key: no key seals two files, and none seals a file and a value.
//! Invariant: bytes handed out by [`Opened`] are genuine, and its end is the true end.

use std::io::{self, Read, Write};

use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::Payload;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::keyring::Keyring;

const MAGIC: &[u8; 16] = b"WANGJIA BACKUP 1";
const NONCE_LEN: usize = 19;
const CHECK_LEN: usize = 16;
const HEAD_LEN: usize = MAGIC.len() + 1 + NONCE_LEN;
/// Plain bytes of a piece.
pub const PIECE: usize = 64 * 1024;
const TAG_LEN: usize = 16;

/// Why a file does not open.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    #[error("the file does not begin as one of ours")]
    NotOurs,
    #[error("the file needs key {0}")]
    KeyMissing(u8),
    /// The key with this number is another one, or the head was changed.
    #[error("the key does not fit the head of the file")]
    WrongKey,
    /// Changed, cut off or put together from pieces.
    #[error("the file is damaged")]
    Damaged,
    #[error("reading or writing failed")]
    Io(#[from] io::Error),
}

/// Key and check of a head.
fn derive(seal_key: &[u8; 32], head: &[u8], what: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(seal_key);
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&(*block).into());
    mac.update(what);
    mac.update(&[0]);
    mac.update(head);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

fn failed<E>(_: E) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, StreamError::Damaged)
}

/// Seals what is written to it. Without [`Sealing::finish`] the file is cut off and does not open.
pub struct Sealing<W: Write> {
    to: W,
    head: Vec<u8>,
    stream: EncryptorBE32<XChaCha20Poly1305>,
    piece: Zeroizing<Vec<u8>>,
}

impl<W: Write> Sealing<W> {
    /// Begins a file under the newest key.
    pub fn begin(keys: &Keyring, mut to: W) -> Result<Self, StreamError> {
        let (id, key) = keys.newest_seal_key();
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut head = Vec::with_capacity(HEAD_LEN);
        head.extend(MAGIC);
        head.push(id);
        head.extend(nonce);
        let file_key = derive(&key, &head, b"wangjia.backup.key");
        to.write_all(&head)?;
        to.write_all(&derive(&key, &head, b"wangjia.backup.check")[..CHECK_LEN])?;
        let stream = EncryptorBE32::new(&(*file_key).into(), &nonce.into());
        Ok(Self { to, head, stream, piece: Zeroizing::new(Vec::with_capacity(PIECE)) })
    }

    /// Writes the last piece.
    pub fn finish(mut self) -> io::Result<W> {
        let last = self.stream.encrypt_last(Payload { msg: &self.piece, aad: &self.head }).map_err(failed)?;
        self.to.write_all(&last)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece goes out only when more follows: which one is the last must be known.
        if self.piece.len() == PIECE && !bytes.is_empty() {
            let sealed = self.stream.encrypt_next(Payload { msg: &self.piece, aad: &self.head }).map_err(failed)?;
            self.to.write_all(&sealed)?;
            self.piece.clear();
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Opens what [`Sealing`] wrote.
pub struct Opened<R: Read> {
    from: R,
    head: Vec<u8>,
    /// `None` after the last piece.
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    plain: Zeroizing<Vec<u8>>,
    at: usize,
    /// Sealed bytes read ahead: one byte more than a piece tells whether it is the last.
    ahead: Vec<u8>,
}

impl<R: Read> Opened<R> {
    /// Reads the head and finds the key.
    pub fn begin(keys: &Keyring, mut from: R) -> Result<Self, StreamError> {
        let mut head = vec![0; HEAD_LEN];
        let mut check = [0; CHECK_LEN];
        let is_short = |error: io::Error| match error.kind() {
            io::ErrorKind::UnexpectedEof => StreamError::NotOurs,
            _ => StreamError::Io(error),
        };
        from.read_exact(&mut head).map_err(is_short)?;
        if &head[..MAGIC.len()] != MAGIC {
            return Err(StreamError::NotOurs);
        }
        from.read_exact(&mut check).map_err(is_short)?;
        let id = head[MAGIC.len()];
        let key = keys.seal_key(id).ok_or(StreamError::KeyMissing(id))?;
        if derive(&key, &head, b"wangjia.backup.check")[..CHECK_LEN] != check {
            return Err(StreamError::WrongKey);
        }
        let file_key = derive(&key, &head, b"wangjia.backup.key");
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&head[MAGIC.len() + 1..]);
        let stream = Some(DecryptorBE32::new(&(*file_key).into(), &nonce.into()));
        Ok(Self { from, head, stream, plain: Zeroizing::new(Vec::new()), at: 0, ahead: Vec::new() })
    }

    fn next_piece(&mut self) -> io::Result<()> {
        const SEALED: usize = PIECE + TAG_LEN;
        let Some(mut stream) = self.stream.take() else { return Ok(()) };
        let wanted = (SEALED + 1 - self.ahead.len()) as u64;
        self.from.by_ref().take(wanted).read_to_end(&mut self.ahead)?;
        self.at = 0;
        if self.ahead.len() > SEALED {
            let rest = self.ahead.split_off(SEALED);
            let payload = Payload { msg: &self.ahead, aad: &self.head };
            self.plain = Zeroizing::new(stream.decrypt_next(payload).map_err(failed)?);
            self.ahead = rest;
            self.stream = Some(stream);
        } else {
            let payload = Payload { msg: &self.ahead, aad: &self.head };
            self.plain = Zeroizing::new(stream.decrypt_last(payload).map_err(failed)?);
            self.ahead.clear();
        }
        Ok(())
    }
}

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.plain.len() && self.stream.is_some() {
            self.next_piece()?;
        }
        let given = out.len().min(self.plain.len() - self.at);
        out[..given].copy_from_slice(&self.plain[self.at..self.at + given]);
        self.at += given;
        Ok(given)
    }
}
