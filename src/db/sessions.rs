//! Sign-ins, API tokens and secrets that work once. Only keyed hashes of what their owners hold are here.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, Stored};
use super::schema::sessions;
use super::seal::BlindIndex;
use crate::domain::access::SessionKind;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "登录", en: "session" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
pub struct SessionData {
    pub account_id: i64,
    pub kind: SessionKind,
    pub token_index: BlindIndex,
    pub label: String,
    /// Whether the second factor was shown.
    pub second_factor: bool,
    pub created_at: NaiveDateTime,
    pub last_used_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub revoked_at: Option<NaiveDateTime>,
}

pub type SessionRow = Stored<SessionData>;

rows::stored!(sessions, SessionData, WHAT);

pub fn by_token(conn: &mut AnyConnection, token: &BlindIndex) -> DbResult<Option<SessionRow>> {
    Ok(sessions::table
        .filter(sessions::token_index.eq(token))
        .select((sessions::id, SessionData::as_select()))
        .first(conn)
        .optional()?)
}

/// What of an account's is neither revoked nor expired, oldest first.
pub fn live(conn: &mut AnyConnection, account: i64, now: NaiveDateTime) -> DbResult<Vec<SessionRow>> {
    Ok(sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .select((sessions::id, SessionData::as_select()))
        .order(sessions::id)
        .load(conn)?)
}

/// Ends one; nothing happens if it has ended.
pub fn revoke(conn: &mut AnyConnection, id: i64, now: NaiveDateTime) -> DbResult<()> {
    diesel::update(sessions::table.filter(sessions::id.eq(id)).filter(sessions::revoked_at.is_null()))
        .set(sessions::revoked_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// Ends all of an account's, or all of one kind, but for one; gives how many.
pub fn revoke_all(
    conn: &mut AnyConnection,
    account: i64,
    kinds: &[SessionKind],
    but: Option<i64>,
    now: NaiveDateTime,
) -> DbResult<usize> {
    Ok(diesel::update(
        sessions::table
            .filter(sessions::account_id.eq(account))
            .filter(sessions::kind.eq_any(kinds))
            .filter(sessions::id.ne(but.unwrap_or_default()))
            .filter(sessions::revoked_at.is_null()),
    )
    .set(sessions::revoked_at.eq(now))
    .execute(conn)?)
}

/// Notes a use, unless one was noted since `before`.
pub fn touch(conn: &mut AnyConnection, id: i64, before: NaiveDateTime, now: NaiveDateTime) -> DbResult<()> {
    diesel::update(sessions::table.filter(sessions::id.eq(id)).filter(sessions::last_used_at.le(before)))
        .set(sessions::last_used_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// The second factor was shown in this session.
pub fn second_factor_shown(conn: &mut AnyConnection, id: i64) -> DbResult<()> {
    diesel::update(sessions::table.find(id)).set(sessions::second_factor.eq(true)).execute(conn)?;
    Ok(())
}

pub mod secrets {
    //! Secrets that work once.

    use super::*;
    use crate::db::schema::one_time_secrets;
    use crate::domain::access::SecretKind;

    const WHAT: Label = Label { zh: "一次性密钥", en: "one-time secret" };

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = one_time_secrets, treat_none_as_default_value = false)]
    pub struct SecretData {
        pub kind: SecretKind,
        pub account_id: Option<i64>,
        pub secret_index: BlindIndex,
        pub created_at: NaiveDateTime,
        pub expires_at: NaiveDateTime,
        pub used_at: Option<NaiveDateTime>,
    }

    pub type SecretRow = Stored<SecretData>;

    rows::stored!(one_time_secrets, SecretData, WHAT);

    /// The secret of this hash, if it may still be used.
    pub fn usable(
        conn: &mut AnyConnection,
        kind: SecretKind,
        secret: &BlindIndex,
        now: NaiveDateTime,
    ) -> DbResult<Option<SecretRow>> {
        Ok(one_time_secrets::table
            .filter(one_time_secrets::secret_index.eq(secret))
            .filter(one_time_secrets::kind.eq(kind))
            .filter(one_time_secrets::used_at.is_null())
            .filter(one_time_secrets::expires_at.gt(now))
            .select((one_time_secrets::id, SecretData::as_select()))
            .first(conn)
            .optional()?)
    }

    pub fn used(conn: &mut AnyConnection, id: i64, now: NaiveDateTime) -> DbResult<()> {
        diesel::update(one_time_secrets::table.find(id)).set(one_time_secrets::used_at.eq(now)).execute(conn)?;
        Ok(())
    }

    /// Forgets the unused secrets of a kind, or of one account: a new one takes their place.
    pub fn forget(conn: &mut AnyConnection, kind: SecretKind, account: Option<i64>) -> DbResult<()> {
        let mut old = diesel::delete(one_time_secrets::table)
            .filter(one_time_secrets::kind.eq(kind))
            .filter(one_time_secrets::used_at.is_null())
            .into_boxed();
        if let Some(account) = account {
            old = old.filter(one_time_secrets::account_id.eq(account));
        }
        old.execute(conn)?;
        Ok(())
    }
}
