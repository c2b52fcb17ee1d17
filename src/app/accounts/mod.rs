//! Accounts: people who may sign in, what they may do and where.
//!
//! Map: this file keeps accounts; [`passwords`] and [`rules`] say what a password may be; [`sign_in`] checks one,
//! [`sessions`] recognises requests, [`second_factor`] asks for more, [`first`] makes the first administrator, [`reset`]
//! replaces a lost password; [`secrets`] and [`throttle`] are their tools.
//!
//! Invariant: whatever takes something away from an account (disabling, another password, other roles) ends its sign-ins in
//! the same transaction. At least one account that can sign in stays administrator.

pub mod demo;
pub mod first;
pub mod own;
pub mod passwords;
pub mod reset;
pub mod rules;
pub mod second_factor;
pub mod secrets;
pub mod sessions;
pub mod sign_in;
pub mod throttle;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;

use super::access::Grant;
use super::error::{AppError, FieldCode, FieldError, Refusal};
use super::{Connection, Page, areas, employers};
use crate::db::accounts::roles::{self as role_rows, AccountRoleRow};
use crate::db::accounts::{self as rows, AccountData, AccountRow};
use crate::db::sessions as session_rows;
use crate::domain::access::{Login, Role, SessionKind};

/// Most roles of one account.
pub const MOST_ROLES: usize = 50;

/// An account as it is shown: no secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    pub version: i64,
    pub login: String,
    pub display_name: String,
    pub grants: Vec<Grant>,
    pub has_password: bool,
    pub must_change_password: bool,
    pub password_set_at: Option<NaiveDateTime>,
    pub second_factor: bool,
    pub disabled_at: Option<NaiveDateTime>,
}

impl Account {
    fn new(row: AccountRow, grants: Vec<Grant>) -> Self {
        let data = row.data;
        Self {
            id: row.id,
            version: row.version,
            login: data.login,
            display_name: data.display_name,
            grants,
            has_password: data.password_hash.is_some(),
            must_change_password: data.must_change_password,
            password_set_at: data.password_set_at,
            second_factor: data.totp_confirmed_at.is_some(),
            disabled_at: data.disabled_at,
        }
    }

    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }
}

/// What is said of a new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub login: Login,
    pub display_name: String,
    pub grants: Vec<Grant>,
}

/// The password an account begins with.
#[derive(Clone, Debug)]
pub struct Initial {
    pub hash: String,
    /// Somebody else knows it, so it must be replaced at the first sign-in.
    pub is_temporary: bool,
}

/// Whether anybody can sign in at all.
///
/// # Errors
/// If the database fails.
pub fn any(conn: &mut Connection) -> Result<bool, AppError> {
    Ok(rows::any(conn)?)
}

/// A page of accounts by id.
///
/// # Errors
/// If the database fails.
pub fn page(conn: &mut Connection, page: Page) -> Result<Vec<Account>, AppError> {
    let found = rows::page(conn, page)?;
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    let mut grants = role_rows::of(conn, &ids)?;
    let mut accounts = Vec::with_capacity(found.len());
    for row in found {
        let (own, rest) = grants.into_iter().partition(|grant| grant.account_id == row.id);
        grants = rest;
        accounts.push(Account::new(row, as_grants(own)));
    }
    Ok(accounts)
}

/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Connection, id: i64) -> Result<Account, AppError> {
    let row = rows::get(conn, id)?;
    let grants = grants_of(conn, id)?;
    Ok(Account::new(row, grants))
}

/// How an account is called in lists of what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub login: String,
    pub display_name: String,
}

/// The names of accounts, each id once.
///
/// # Errors
/// If the database fails.
pub fn names(conn: &mut Connection, ids: impl Iterator<Item = i64>) -> Result<BTreeMap<i64, Named>, AppError> {
    let ids: Vec<i64> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    let named = |(id, login, display_name)| (id, Named { login, display_name });
    Ok(rows::names(conn, &ids)?.into_iter().map(named).collect())
}

/// The account of a login.
///
/// # Errors
/// `NotFound`.
pub fn by_login(conn: &mut Connection, login: &Login) -> Result<Account, AppError> {
    let row = rows::by_login(conn, login.as_str())?.ok_or(AppError::NotFound)?;
    let grants = grants_of(conn, row.id)?;
    Ok(Account::new(row, grants))
}

fn grants_of(conn: &mut Connection, id: i64) -> Result<Vec<Grant>, AppError> {
    Ok(as_grants(role_rows::of(conn, &[id])?))
}

fn as_grants(rows: Vec<AccountRoleRow>) -> Vec<Grant> {
    rows.into_iter().map(|row| Grant { role: row.role, area: row.area_id, employer: row.employer_id }).collect()
}

/// Adds an account. Without a password nobody can sign in with it until it is reset.
///
/// # Errors
/// `Invalid` for roles that name no place or another's; refused if the login is taken.
pub fn create(
    conn: &mut Connection,
    new: &NewAccount,
    initial: Option<&Initial>,
    now: NaiveDateTime,
) -> Result<Account, AppError> {
    check_grants(conn, &new.grants)?;
    let data = AccountData {
        login: new.login.as_str().to_owned(),
        display_name: new.display_name.clone(),
        password_hash: initial.map(|initial| initial.hash.clone()),
        password_set_at: initial.map(|_| now),
        must_change_password: initial.is_some_and(|initial| initial.is_temporary),
        totp_cipher: None,
        totp_confirmed_at: None,
        totp_last_step: None,
        disabled_at: None,
    };
    let id = rows::insert(conn, &data, now)?;
    role_rows::insert_all(conn, &role_rows_of(id, &new.grants))?;
    get(conn, id)
}

/// # Errors
/// `NotFound`; `Stale` if the account has moved on.
pub fn rename(
    conn: &mut Connection,
    id: i64,
    version: i64,
    display_name: &str,
    now: NaiveDateTime,
) -> Result<Account, AppError> {
    let mut row = rows::get(conn, id)?;
    row.data.display_name = display_name.to_owned();
    rows::update(conn, id, version, &row.data, now)?;
    get(conn, id)
}

/// Nobody can sign in with it any more, and every sign-in and token of it ends. Doing it twice changes nothing.
///
/// # Errors
/// `NotFound`; `Stale`; refused for the last administrator.
pub fn disable(conn: &mut Connection, id: i64, version: i64, now: NaiveDateTime) -> Result<Account, AppError> {
    let mut row = rows::get(conn, id)?;
    if row.data.disabled_at.is_none() {
        check_administrator_stays(conn, id)?;
        row.data.disabled_at = Some(now);
        rows::update(conn, id, version, &row.data, now)?;
        end_all(conn, id, now)?;
    }
    get(conn, id)
}

/// # Errors
/// `NotFound`; `Stale`.
pub fn enable(conn: &mut Connection, id: i64, version: i64, now: NaiveDateTime) -> Result<Account, AppError> {
    let mut row = rows::get(conn, id)?;
    if row.data.disabled_at.is_some() {
        row.data.disabled_at = None;
        rows::update(conn, id, version, &row.data, now)?;
    }
    get(conn, id)
}

/// Makes these the roles of an account and ends its sign-ins. Its tokens stay: what they may do is read for every request.
///
/// # Errors
/// As for [`create`]; `Stale`; refused if the last administrator would go.
pub fn replace_roles(
    conn: &mut Connection,
    id: i64,
    version: i64,
    grants: &[Grant],
    now: NaiveDateTime,
) -> Result<Account, AppError> {
    check_grants(conn, grants)?;
    rows::touch(conn, id, version, now)?;
    if grants.iter().all(|grant| grant.role != Role::Administrator) {
        check_administrator_stays(conn, id)?;
    }
    role_rows::replace(conn, &[id], &role_rows_of(id, grants))?;
    session_rows::revoke_all(conn, id, &[SessionKind::Session], None, now)?;
    get(conn, id)
}

fn role_rows_of(account_id: i64, grants: &[Grant]) -> Vec<AccountRoleRow> {
    let row = |grant: &Grant| AccountRoleRow {
        account_id,
        role: grant.role,
        area_id: grant.area,
        employer_id: grant.employer,
    };
    grants.iter().map(row).collect()
}

/// Whether each role has the place it needs, and no other.
fn check_grants(conn: &mut Connection, grants: &[Grant]) -> Result<(), AppError> {
    if grants.len() > MOST_ROLES {
        return Err(FieldError::new("/roles", FieldCode::TooMany).into());
    }
    let mut seen = BTreeSet::new();
    for (place, grant) in grants.iter().enumerate() {
        let at = |field: &str, code| AppError::from(FieldError::new(format!("/roles/{place}/{field}"), code));
        // Without an area a counselor or official is in charge everywhere; HR is always of one employer.
        let takes_area = matches!(grant.role, Role::Counselor | Role::Official);
        let needs_employer = grant.role == Role::Hr;
        match (grant.area, grant.employer) {
            (Some(_), _) if !takes_area => return Err(at("area_id", FieldCode::Contradicts)),
            (_, None) if needs_employer => return Err(at("employer_id", FieldCode::Missing)),
            (_, Some(_)) if !needs_employer => return Err(at("employer_id", FieldCode::Contradicts)),
            _ => {}
        }
        if let Some(area) = grant.area {
            areas::check_exists(conn, area, &format!("/roles/{place}/area_id"))?;
        }
        if let Some(employer) = grant.employer {
            employers::check_exists(conn, employer, &format!("/roles/{place}/employer_id"))?;
        }
        if !seen.insert((grant.role, grant.area, grant.employer)) {
            return Err(at("role", FieldCode::Repeated));
        }
    }
    Ok(())
}

/// Refuses if this is the last administrator who can sign in.
fn check_administrator_stays(conn: &mut Connection, id: i64) -> Result<(), AppError> {
    let is_one = get(conn, id)?;
    let counts = is_one.holds(Role::Administrator) && is_one.disabled_at.is_none();
    if counts && !role_rows::held_by_another(conn, Role::Administrator, id)? {
        return Err(Refusal::LastAdministrator.into());
    }
    Ok(())
}

/// Ends every sign-in and token of an account.
fn end_all(conn: &mut Connection, id: i64, now: NaiveDateTime) -> Result<(), AppError> {
    session_rows::revoke_all(conn, id, SessionKind::ALL, None, now)?;
    Ok(())
}

/// The words of a person's surroundings, which no password of theirs may hold.
///
/// # Errors
/// If the database fails.
pub fn own_words(conn: &mut Connection, login: &str, name: &str, grants: &[Grant]) -> Result<Vec<String>, AppError> {
    let mut words: Vec<String> = ["旺家", "wangjia", login, name].map(str::to_owned).to_vec();
    for grant in grants {
        if let Some(area) = grant.area {
            words.extend(areas::path(conn, area)?);
        }
        if let Some(employer) = grant.employer {
            words.push(employers::get(conn, employer)?.fields.name);
        }
    }
    Ok(words)
}

/// A role somebody holds, and the place in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub grant: Grant,
    /// The employer, or the area with those it lies in: `旺家社区/第一网格`.
    pub place: Option<String>,
}

/// Roles with the names of their places.
///
/// # Errors
/// If the database fails.
pub fn held(conn: &mut Connection, grants: &[Grant]) -> Result<Vec<Held>, AppError> {
    let mut held = Vec::with_capacity(grants.len());
    for grant in grants {
        let place = match (grant.area, grant.employer) {
            (Some(area), _) => Some(areas::path(conn, area)?.join("/")),
            (None, Some(employer)) => Some(employers::get(conn, employer)?.fields.name),
            (None, None) => None,
        };
        held.push(Held { grant: grant.clone(), place });
    }
    Ok(held)
}
