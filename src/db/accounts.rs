//! Accounts, and the roles they hold.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::among::among;
use super::connection::AnyConnection;
use super::error::{DbResult, Meaning};
use super::rows::{self, CHUNK, Page, Versioned};
use super::schema::accounts;
use super::seal::Sealed;
use crate::domain::access::Role;
use crate::domain::text::Label;

const WHAT: Label = Label { zh: "账号", en: "account" };

#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = accounts, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct AccountData {
    /// Unique; in its one form ([`crate::domain::access::Login`]).
    pub login: String,
    pub display_name: String,
    /// PHC string; `None` = no password, nobody can sign in.
    pub password_hash: Option<String>,
    pub password_set_at: Option<NaiveDateTime>,
    pub must_change_password: bool,
    pub totp_cipher: Option<Sealed>,
    /// Only a confirmed secret is asked for.
    pub totp_confirmed_at: Option<NaiveDateTime>,
    pub totp_last_step: Option<i64>,
    pub disabled_at: Option<NaiveDateTime>,
}

pub type AccountRow = Versioned<AccountData>;

rows::versioned!(accounts, AccountData, WHAT);
rows::versioned_writes!(accounts, AccountData, WHAT, timed);

pub fn by_login(conn: &mut AnyConnection, login: &str) -> DbResult<Option<AccountRow>> {
    Ok(accounts::table
        .filter(accounts::login.eq(login))
        .select((accounts::id, accounts::version, AccountData::as_select()))
        .first(conn)
        .optional()?)
}

/// Id, login and display name of these accounts.
pub fn names(conn: &mut AnyConnection, ids: &[i64]) -> DbResult<Vec<(i64, String, String)>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let rows = accounts::table.filter(among(accounts::id, chunk));
        found.extend(rows.select((accounts::id, accounts::login, accounts::display_name)).load(conn)?);
    }
    Ok(found)
}

/// A page of accounts by id.
pub fn page(conn: &mut AnyConnection, page: Page) -> DbResult<Vec<AccountRow>> {
    Ok(accounts::table
        .filter(accounts::id.gt(page.after))
        .order(accounts::id)
        .limit(page.limit)
        .select((accounts::id, accounts::version, AccountData::as_select()))
        .load(conn)?)
}

/// Whether there is any account at all.
pub fn any(conn: &mut AnyConnection) -> DbResult<bool> {
    Ok(diesel::select(diesel::dsl::exists(accounts::table.select(accounts::id))).get_result(conn)?)
}

/// Takes a time step of the second factor; `false` if that step or a later one was taken before. Not a new version: the
/// owner's sign-in is no change an administrator's edit could collide with.
pub fn take_step(conn: &mut AnyConnection, id: i64, step: i64) -> DbResult<bool> {
    let unused = accounts::totp_last_step.is_null().or(accounts::totp_last_step.lt(step));
    let taken = diesel::update(accounts::table.filter(accounts::id.eq(id)).filter(unused))
        .set(accounts::totp_last_step.eq(step))
        .execute(conn)?;
    Ok(taken == 1)
}

/// Replaces the hash of the same password by a stronger one, if it is still there.
pub fn rehash(conn: &mut AnyConnection, id: i64, old: &str, new: &str) -> DbResult<()> {
    diesel::update(accounts::table.filter(accounts::id.eq(id)).filter(accounts::password_hash.eq(old)))
        .set(accounts::password_hash.eq(new))
        .execute(conn)?;
    Ok(())
}

pub mod roles {
    //! The roles of accounts: one row for each role and place.

    use super::*;
    use crate::db::schema::account_roles;

    const WHAT: Label = Label { zh: "角色", en: "role" };

    #[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
    #[diesel(table_name = account_roles, treat_none_as_default_value = false)]
    pub struct AccountRoleRow {
        pub account_id: i64,
        pub role: Role,
        pub area_id: Option<i64>,
        pub employer_id: Option<i64>,
    }

    rows::child_list!(account_roles, account_id, AccountRoleRow, WHAT);

    /// Whether an account that may sign in, other than this one, holds a role.
    pub fn held_by_another(conn: &mut AnyConnection, role: Role, account: i64) -> DbResult<bool> {
        let others = account_roles::table
            .inner_join(accounts::table)
            .filter(account_roles::role.eq(role))
            .filter(accounts::id.ne(account))
            .filter(accounts::disabled_at.is_null());
        Ok(diesel::select(diesel::dsl::exists(others)).get_result(conn)?)
    }
}
