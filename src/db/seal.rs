//! Personal data at rest: sealed values and blind indexes.
//!
//! A sealed value is `suite (1) | key id (1) | nonce (24) | ciphertext and tag`, suite 1 = XChaCha20-Poly1305. Suite, key id
//! and the column's name are authenticated, so a value moved to another column does not open. (Values moved between rows
//! of one column do; that needs write access to the database.) The nonce is random: at 192 bits no count of rows matters.
//!
//! A blind index is HMAC-SHA-256 over field name, zero byte and value, under a key of its own: equal values are found
//! and kept unique without being stored, and 26 million candidate ID numbers cannot be tried without the key.
//!
//! Invariant: only [`Keyring`] makes these types, and the columns take nothing else.

use std::fmt;

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Binary;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::keyring::Keyring;
use crate::domain::text::Text;

const SUITE_XCHACHA20_POLY1305: u8 = 1;
const NONCE_LEN: usize = 24;
const HEAD_LEN: usize = 2 + NONCE_LEN;

/// A column that holds sealed values. Its name is part of what is authenticated, so it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SealedColumn {
    HouseholdNote,
    ResidentIdNumber,
    ResidentPhone,
    ResidentNote,
    PostingNote,
    SpellNote,
    FollowUpNote,
    TrainingNote,
    BarrierNote,
    DeclineNote,
    PlanPinReason,
    RejectedRow,
    JobInput,
    JobResult,
    IdempotentAnswer,
    AccountTotp,
    AuditDetail,
    ApprovalReason,
    ApprovalDecision,
    ReferralNote,
    ReferralOverride,
    RecognitionNote,
    ServiceNote,
    ConcernAnswer,
    ConcernText,
    EnrolmentNote,
    VisitFound,
    VisitNext,
    /// Proves at start-up that the keys fit; lives in `meta`.
    KeyCheck,
}

impl SealedColumn {
    pub const ALL: &'static [Self] = &[
        Self::HouseholdNote,
        Self::ResidentIdNumber,
        Self::ResidentPhone,
        Self::ResidentNote,
        Self::PostingNote,
        Self::SpellNote,
        Self::FollowUpNote,
        Self::TrainingNote,
        Self::BarrierNote,
        Self::DeclineNote,
        Self::PlanPinReason,
        Self::RejectedRow,
        Self::JobInput,
        Self::JobResult,
        Self::IdempotentAnswer,
        Self::AccountTotp,
        Self::AuditDetail,
        Self::ApprovalReason,
        Self::ApprovalDecision,
        Self::ReferralNote,
        Self::ReferralOverride,
        Self::RecognitionNote,
        Self::ServiceNote,
        Self::EnrolmentNote,
        Self::VisitFound,
        Self::VisitNext,
        Self::ConcernText,
        Self::ConcernAnswer,
        Self::KeyCheck,
    ];

    /// `table.column`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HouseholdNote => "households.note_cipher",
            Self::ResidentIdNumber => "residents.id_number_cipher",
            Self::ResidentPhone => "residents.phone_cipher",
            Self::ResidentNote => "residents.note_cipher",
            Self::PostingNote => "postings.note_cipher",
            Self::SpellNote => "employment_spells.note_cipher",
            Self::FollowUpNote => "follow_ups.note_cipher",
            Self::TrainingNote => "training_records.note_cipher",
            Self::BarrierNote => "barriers.note_cipher",
            Self::DeclineNote => "declines.note_cipher",
            Self::PlanPinReason => "plan_pins.reason_cipher",
            Self::RejectedRow => "import_rejected_rows.cells_cipher",
            Self::JobInput => "jobs.input_cipher",
            Self::JobResult => "jobs.result_cipher",
            Self::IdempotentAnswer => "idempotency_keys.answer_cipher",
            Self::AccountTotp => "accounts.totp_cipher",
            Self::AuditDetail => "audit_events.detail_cipher",
            Self::ApprovalReason => "approvals.reason_cipher",
            Self::ApprovalDecision => "approvals.decision_cipher",
            Self::ReferralNote => "referral_moves.note_cipher",
            Self::ReferralOverride => "referral_overrides.reason_cipher",
            Self::RecognitionNote => "recognitions.end_note_cipher",
            Self::ServiceNote => "household_services.note_cipher",
            Self::EnrolmentNote => "enrolment_moves.note_cipher",
            Self::VisitFound => "visits.found_note_cipher",
            Self::VisitNext => "visits.next_note_cipher",
            Self::ConcernText => "concerns.text_cipher",
            Self::ConcernAnswer => "concerns.answer_cipher",
            Self::KeyCheck => "meta.seal_key_check",
        }
    }
}

/// What a keyed hash is taken of. The name separates fields: equal values of two fields have unrelated hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IndexField {
    ResidentIdNumber,
    ResidentPhone,
    ImportFile,
    IdempotencyKey,
    IdempotencyRequest,
    /// Everything a recommendation run read.
    RunInput,
    /// Everything a plan was computed from.
    PlanInput,
    PlanRows,
    /// Position in a list of the API.
    Cursor,
    SessionToken,
    /// What a form or a script shows to prove that it is a page of the session.
    CsrfToken,
    OneTimeSecret,
    /// The rows of an object, before or after a change.
    AuditState,
    /// An entry of the audit, with the hash of the one before.
    AuditEntry,
    /// Where the audit's chain begins and ends.
    AuditChain,
    /// The rows of a backup.
    Backup,
    /// The facts a report was counted from.
    ReportData,
    /// A candidate as one employer knows one.
    CandidateCard,
    KeyCheck,
}

impl IndexField {
    const fn name(self) -> &'static str {
        match self {
            Self::ResidentIdNumber => "residents.id_number",
            Self::ResidentPhone => "residents.phone",
            Self::ImportFile => "import_batches.file",
            Self::IdempotencyKey => "idempotency_keys.key",
            Self::IdempotencyRequest => "idempotency_keys.request",
            Self::RunInput => "recommendation_runs.input",
            Self::PlanInput => "plans.input",
            Self::PlanRows => "plans.rows",
            Self::Cursor => "cursor",
            Self::SessionToken => "sessions.token",
            Self::CsrfToken => "sessions.csrf",
            Self::OneTimeSecret => "one_time_secrets.secret",
            Self::AuditState => "audit_events.state",
            Self::AuditEntry => "audit_events.entry",
            Self::AuditChain => "audit_chain",
            Self::Backup => "backup",
            Self::ReportData => "reports.data",
            Self::CandidateCard => "candidate_card",
            Self::KeyCheck => "meta.index_key_check",
        }
    }
}

/// A sealed value as the database keeps it. `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Sealed(Vec<u8>);

/// A keyed hash (32 bytes) as the database keeps it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct BlindIndex(Vec<u8>);

impl Sealed {
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Takes bytes that were sealed before, for example from a backup. Whether they open is found out by opening them.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl BlindIndex {
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Lower-case hexadecimal, for text columns and logs.
    #[must_use]
    pub fn to_hex(&self) -> String {
        super::keyring::to_hex(&self.0)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

impl fmt::Debug for BlindIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindIndex(..)")
    }
}

impl<DB> ToSql<Binary, DB> for Sealed
where
    DB: Backend,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB> FromSql<Binary, DB> for Sealed
where
    DB: Backend,
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Vec::from_sql(bytes).map(Self)
    }
}

impl<DB> ToSql<Binary, DB> for BlindIndex
where
    DB: Backend,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB> FromSql<Binary, DB> for BlindIndex
where
    DB: Backend,
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Vec::from_sql(bytes).map(Self)
    }
}

/// Why something could not be sealed, opened, or a key file not used.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("the system gives no random numbers")]
    Random,
    /// Wrong key, wrong column, or the bytes were changed: these cannot be told apart.
    #[error("a sealed value of {0} does not open")]
    DoesNotOpen(&'static str),
    #[error("a sealed value of {column} needs key {key_id}, which is not in the key file")]
    KeyMissing { column: &'static str, key_id: u8 },
    #[error("a sealed value of {0} is not in a known form")]
    UnknownSuite(&'static str),
    #[error("key file {path}")]
    KeyFile { path: std::path::PathBuf, source: std::io::Error },
    #[error("key file {0} exists already")]
    KeyFileExists(std::path::PathBuf),
    #[error("key file {0} can be read by others")]
    KeyFileOpen(std::path::PathBuf),
    #[error("keys cannot be read: line {0}")]
    KeyLine(usize),
    #[error("the keys came from no file")]
    NoKeyFile,
    #[error("key file {0} holds other keys than those in use")]
    KeysReplaced(std::path::PathBuf),
    #[error("every key id is used")]
    NoKeyId,
    #[error("key {0} is in use or not there")]
    KeyInUse(u8),
    #[error("keys are incomplete: one index key and at least one seal key are needed")]
    KeysIncomplete,
}

impl SealError {
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Random => "no_random_numbers",
            Self::DoesNotOpen(_) | Self::UnknownSuite(_) => "sealed_value_damaged",
            Self::KeyMissing { .. } => "key_missing",
            Self::KeyFile { .. } => "key_file",
            Self::KeyFileExists(_) => "key_file_exists",
            Self::KeyFileOpen(_) => "key_file_permissions",
            Self::NoKeyFile => "no_key_file",
            Self::KeysReplaced(_) => "keys_replaced",
            Self::NoKeyId => "no_key_id",
            Self::KeyInUse(_) => "key_in_use",
            Self::KeyLine(_) | Self::KeysIncomplete => "key_file_unreadable",
        }
    }

    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Random => Text::new(
                "系统无法提供随机数，未保存。请检查服务器。",
                "The system gives no random numbers; nothing was saved. Please check the server.",
            ),
            Self::DoesNotOpen(_) | Self::UnknownSuite(_) => Text::new(
                "一项加密数据无法解开：密钥不符或数据已损坏。请检查密钥文件，必要时从备份恢复。",
                "An encrypted value does not open: the key is wrong or the data is damaged. Check the key file; restore a \
                 backup if needed.",
            ),
            Self::KeyMissing { key_id, .. } => Text::new(
                format!("密钥文件中缺少 {key_id} 号密钥，部分加密数据无法解开。请找回该密钥。"),
                format!("The key file lacks key {key_id}; some encrypted values do not open. Please put it back."),
            ),
            Self::KeyFile { path, .. } => Text::new(
                format!("无法读写密钥文件“{}”。请检查路径和权限。", path.display()),
                format!("The key file {} cannot be read or written. Check its path and permissions.", path.display()),
            ),
            Self::KeyFileExists(path) => Text::new(
                format!("密钥文件“{}”已存在，未覆盖。覆盖会使已有数据无法解开。", path.display()),
                format!(
                    "The key file {} exists and was not overwritten: that would lose the data it seals.",
                    path.display()
                ),
            ),
            Self::KeyFileOpen(path) => Text::new(
                format!("密钥文件“{}”可被其他用户读取，已停止。请用 chmod 600 收回权限。", path.display()),
                format!(
                    "The key file {} can be read by other users and was not used. Please chmod 600 it.",
                    path.display()
                ),
            ),
            Self::NoKeyFile => Text::new(
                "密钥来自环境变量 WANGJIA_KEYS，程序不能改动它。请自行增删其中的 seal 行，并重启所有使用它的程序。",
                "The keys come from WANGJIA_KEYS, which the program cannot change. Add or remove its seal lines yourself and \
                 restart every program that uses it.",
            ),
            Self::KeysReplaced(path) => Text::new(
                format!("密钥文件“{}”已换成另一套密钥，未作改动。请核对。", path.display()),
                format!("The key file {} holds other keys now and was not changed. Please check.", path.display()),
            ),
            Self::NoKeyId => Text::new(
                "255 个密钥编号已用完。请先停用旧密钥，并整理密钥文件。",
                "All 255 key numbers are used. Retire old keys first.",
            ),
            Self::KeyInUse(id) => Text::new(
                format!("{id} 号密钥不存在，或仍在使用，未停用。"),
                format!("Key {id} is not there, or still in use, and was not retired."),
            ),
            Self::KeyLine(line) => Text::new(
                format!("密钥第 {line} 行无法识别。请使用 wangjia migrate 生成的密钥文件，不要改动内容。"),
                format!(
                    "Line {line} of the keys is not understood. Use the key file made by `wangjia migrate`, unchanged."
                ),
            ),
            Self::KeysIncomplete => Text::new(
                "密钥不完整：需要一个 index 密钥和至少一个 seal 密钥。请使用 wangjia migrate 生成的密钥文件。",
                "The keys are incomplete: one index key and at least one seal key are needed. Use the key file made by \
                 `wangjia migrate`.",
            ),
        }
    }
}

impl Keyring {
    /// Seals bytes for one column, under the newest key.
    pub fn seal(&self, column: SealedColumn, plain: &[u8]) -> Result<Sealed, SealError> {
        let (key_id, key) = self.newest_seal_key();
        let nonce = XNonce::try_generate().map_err(|_| SealError::Random)?;
        let aad = associated_data(key_id, column);
        let cipher = XChaCha20Poly1305::new(&(*key).into());
        let ciphertext = cipher
            .encrypt(&nonce, Payload { msg: plain, aad: &aad })
            .map_err(|_| SealError::DoesNotOpen(column.name()))?;
        let mut blob = Vec::with_capacity(HEAD_LEN + ciphertext.len());
        blob.extend([SUITE_XCHACHA20_POLY1305, key_id]);
        blob.extend(nonce.as_slice());
        blob.extend(ciphertext);
        Ok(Sealed(blob))
    }

    /// Seals a text for one column.
    pub fn seal_text(&self, column: SealedColumn, plain: &str) -> Result<Sealed, SealError> {
        self.seal(column, plain.as_bytes())
    }

    /// Opens a sealed value of this column; wiped from memory when dropped.
    pub fn open(&self, column: SealedColumn, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let name = column.name();
        let (head, ciphertext) = sealed.0.split_at_checked(HEAD_LEN).ok_or(SealError::UnknownSuite(name))?;
        let (suite, key_id, nonce) = (head[0], head[1], &head[2..]);
        if suite != SUITE_XCHACHA20_POLY1305 {
            return Err(SealError::UnknownSuite(name));
        }
        let key = self.seal_key(key_id).ok_or(SealError::KeyMissing { column: name, key_id })?;
        let nonce = XNonce::try_from(nonce).map_err(|_| SealError::UnknownSuite(name))?;
        let aad = associated_data(key_id, column);
        let plain = XChaCha20Poly1305::new(&(*key).into())
            .decrypt(&nonce, Payload { msg: ciphertext, aad: &aad })
            .map_err(|_| SealError::DoesNotOpen(name))?;
        Ok(Zeroizing::new(plain))
    }

    /// Opens a sealed text of this column.
    pub fn open_text(&self, column: SealedColumn, sealed: &Sealed) -> Result<Zeroizing<String>, SealError> {
        let plain = self.open(column, sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| SealError::DoesNotOpen(column.name()))?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// Keyed hash of a value, for lookup and uniqueness. Normalise the value first: only equal bytes are equal.
    #[must_use]
    pub fn index(&self, field: IndexField, value: &[u8]) -> BlindIndex {
        let mut hash = self.hasher(field);
        hash.update(value);
        hash.finish()
    }

    /// The same for a value that comes in pieces.
    #[must_use]
    pub fn hasher(&self, field: IndexField) -> KeyedHash {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&(*self.index_block()).into());
        mac.update(field.name().as_bytes());
        mac.update(&[0]);
        KeyedHash(mac)
    }
}

/// A keyed hash in the making.
pub struct KeyedHash(Hmac<Sha256>);

impl KeyedHash {
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    #[must_use]
    pub fn finish(self) -> BlindIndex {
        BlindIndex(self.0.finalize().into_bytes().to_vec())
    }
}

impl fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedHash(..)")
    }
}

fn associated_data(key_id: u8, column: SealedColumn) -> Vec<u8> {
    let mut aad = vec![SUITE_XCHACHA20_POLY1305, key_id];
    aad.extend(column.name().as_bytes());
    aad
}
