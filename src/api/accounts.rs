//! `/accounts`: who may sign in, what they may do and where.

use actix_web::{HttpResponse, get, patch, post, put};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Revoked, SessionEntry};
use super::error::ApiError;
use super::extract::{ById, IfMatch, Json, NoBody, NoQuery, Path, Query, check_count, shown};
use super::json::merge_patch;
use super::once::{Once, Outcome};
use super::page::{Items, Page, page, window};
use super::scalars::{Cursor, Id, Limit, LoginName, Name, code_of};
use super::state::State;
use crate::app::access::Grant;
use crate::app::accounts::{self as app, NewAccount, reset, sessions};
use crate::app::error::{AppError, FieldCode};
use crate::domain::access::{Login, Role, SessionKind};

code_of! {
    RoleCode(Role) = "A role.", ["counselor", "hr", "official", "administrator", "auditor"];
    SessionKindCode(SessionKind) = "A sign-in of a person or a token of a program.", ["session", "api_token"];
}

impl Serialize for RoleCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

impl Serialize for SessionKindCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code())
    }
}

/// A role and where it is held.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleGrant {
    pub role: RoleCode,
    /// Counselors and officials: a community, grid or building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_id: Option<Id>,
    /// HR: the employer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer_id: Option<Id>,
}

impl From<Grant> for RoleGrant {
    fn from(grant: Grant) -> Self {
        Self { role: RoleCode(grant.role), area_id: grant.area.map(Id), employer_id: grant.employer.map(Id) }
    }
}

fn grants(roles: &[RoleGrant]) -> Result<Vec<Grant>, ApiError> {
    check_count(roles.len(), 0..=app::MOST_ROLES, "/roles")?;
    let grant = |role: &RoleGrant| Grant {
        role: role.role.0,
        area: role.area_id.map(|id| id.0),
        employer: role.employer_id.map(|id| id.0),
    };
    Ok(roles.iter().map(grant).collect())
}

/// A new account. Nobody can sign in with it until a reset has given its owner a secret.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountWrite {
    /// Unique.
    pub login: LoginName,
    pub display_name: Name,
    /// At most 50.
    pub roles: Vec<RoleGrant>,
}

/// What of an account can be changed by itself.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    pub display_name: Name,
}

merge_patch!(AccountPatch, AccountChange);

/// The roles of an account, all of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolesWrite {
    /// At most 50.
    pub roles: Vec<RoleGrant>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    pub id: Id,
    pub login: LoginName,
    pub display_name: Name,
    pub roles: Vec<RoleGrant>,
    /// Whether there is a password to sign in with.
    #[schema(example = true)]
    pub has_password: bool,
    /// The password was given by somebody else and must be replaced.
    #[schema(example = false)]
    pub must_change_password: bool,
    pub password_set_at: Option<DateTime<Utc>>,
    /// Whether a second factor is in use.
    #[schema(example = true)]
    pub second_factor: bool,
    /// Since when nobody can sign in with it.
    pub disabled_at: Option<DateTime<Utc>>,
}

impl From<app::Account> for Account {
    fn from(account: app::Account) -> Self {
        Self {
            id: Id(account.id),
            login: LoginName(account.login),
            display_name: Name(account.display_name),
            roles: account.grants.into_iter().map(RoleGrant::from).collect(),
            has_password: account.has_password,
            must_change_password: account.must_change_password,
            password_set_at: account.password_set_at.map(|at| at.and_utc()),
            second_factor: account.second_factor,
            disabled_at: account.disabled_at.map(|at| at.and_utc()),
        }
    }
}

/// Part of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountQuery {
    pub limit: Option<Limit>,
    pub cursor: Option<Cursor>,
}

/// List accounts
#[utoipa::path(operation_id = "list_accounts", tag = "accounts", params(AccountQuery), responses((status = 200, description = "A page of accounts.", body = Page<Account>)))]
#[get("/accounts")]
pub async fn list_accounts(service: State, query: Query<AccountQuery>) -> Result<HttpResponse, ApiError> {
    let rows = window(&service, "accounts", query.0.limit, query.0.cursor.as_ref())?;
    let found = service.read(move |conn| app::page(conn, rows)).await?;
    Ok(HttpResponse::Ok().json(page(&service, "accounts", rows, found, |row| row.id, Account::from)))
}

/// Read an account
#[utoipa::path(operation_id = "get_account", tag = "accounts", params(ById), responses((status = 200, description = "The account.", body = Account)))]
#[get("/accounts/{id}")]
pub async fn get_account(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let account = service.read(move |conn| app::get(conn, path.0.id.0)).await?;
    Ok(shown(account.version, &Account::from(account)))
}

/// Add an account
#[utoipa::path(operation_id = "create_account", tag = "accounts", request_body = AccountWrite, responses((status = 201, description = "The new account.", body = Account)))]
#[post("/accounts")]
pub async fn create_account(
    service: State,
    once: Once,
    _: NoQuery,
    body: Json<AccountWrite>,
) -> Result<HttpResponse, ApiError> {
    let (write, now) = (body.value, service.now());
    let login = Login::parse(&write.login.0).ok_or_else(|| ApiError::field("/login", FieldCode::BadLogin))?;
    let new = NewAccount { login, display_name: write.display_name.0, grants: grants(&write.roles)? };
    once.run(&service, &body.raw, move |conn| {
        let account = app::create(conn, &new, None, now)?;
        Outcome::created(format!("/api/v1/accounts/{}", account.id), Some(account.version), &Account::from(account))
    })
    .await
}

/// Rename an account
#[utoipa::path(operation_id = "update_account", tag = "accounts", params(ById), request_body = AccountPatch, responses((status = 200, description = "The account.", body = Account)))]
#[patch("/accounts/{id}")]
pub async fn update_account(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<AccountPatch>,
) -> Result<HttpResponse, ApiError> {
    let now = service.now();
    let account = service
        .write(move |conn| {
            let old = app::get(conn, path.0.id.0)?;
            seen.0.check(old.version)?;
            if body.value.0.is_empty() {
                return Ok(old);
            }
            let change = body.value.0.apply(&AccountChange { display_name: Name(old.display_name) })?;
            app::rename(conn, old.id, old.version, &change.display_name.0, now)
        })
        .await?;
    Ok(shown(account.version, &Account::from(account)))
}

/// Disable an account
///
/// Every sign-in and token of it ends. The last administrator cannot be disabled.
#[utoipa::path(operation_id = "disable_account", tag = "accounts", params(ById, ("If-Match" = String, Header)), responses((status = 200, description = "The account.", body = Account)))]
#[post("/accounts/{id}/disable")]
pub async fn disable_account(
    service: State,
    path: Path<ById>,
    once: Once,
    seen: IfMatch,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    set_disabled(&service, path.0.id, once, seen, true).await
}

/// Enable an account
#[utoipa::path(operation_id = "enable_account", tag = "accounts", params(ById, ("If-Match" = String, Header)), responses((status = 200, description = "The account.", body = Account)))]
#[post("/accounts/{id}/enable")]
pub async fn enable_account(
    service: State,
    path: Path<ById>,
    once: Once,
    seen: IfMatch,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    set_disabled(&service, path.0.id, once, seen, false).await
}

async fn set_disabled(
    service: &State,
    id: Id,
    once: Once,
    seen: IfMatch,
    disable: bool,
) -> Result<HttpResponse, ApiError> {
    let now = service.now();
    once.run(service, &[], move |conn| {
        let old = app::get(conn, id.0)?;
        seen.0.check(old.version)?;
        let set = if disable { app::disable } else { app::enable };
        let account = set(conn, id.0, old.version, now)?;
        Outcome::ok(Some(account.version), &Account::from(account))
    })
    .await
}

/// Replace the roles of an account
///
/// Its sign-ins end; its tokens go on with the new roles. The last administrator stays one.
#[utoipa::path(operation_id = "replace_account_roles", tag = "accounts", params(ById), request_body = RolesWrite, responses((status = 200, description = "The account.", body = Account)))]
#[put("/accounts/{id}/roles")]
pub async fn replace_account_roles(
    service: State,
    path: Path<ById>,
    seen: IfMatch,
    _: NoQuery,
    body: Json<RolesWrite>,
) -> Result<HttpResponse, ApiError> {
    let (now, grants) = (service.now(), grants(&body.value.roles)?);
    let account = service
        .write(move |conn| {
            let old = app::get(conn, path.0.id.0)?;
            seen.0.check(old.version)?;
            app::replace_roles(conn, old.id, old.version, &grants, now)
        })
        .await?;
    Ok(shown(account.version, &Account::from(account)))
}

/// What a reset takes away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetWrite {
    /// Whether the second factor goes too: the phone is lost as well.
    #[serde(default)]
    #[schema(example = false)]
    pub second_factor: bool,
}

/// A secret that sets a new password, shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResetSecret {
    /// For the owner, who uses it at `POST /auth/reset` or on the sign-in page.
    #[schema(example = "7d2k-9xq4-mm3e-0b8w-55tz-kq1c-n6hp")]
    pub secret: String,
    pub expires_at: DateTime<Utc>,
}

/// Reset an account
///
/// Its password, sign-ins and tokens end; the answer holds a secret with which the owner sets a new password.
#[utoipa::path(operation_id = "reset_account", tag = "accounts", params(ById), request_body = ResetWrite, responses((status = 200, description = "The secret for the owner.", body = ResetSecret)))]
#[post("/accounts/{id}/reset")]
pub async fn reset_account(
    service: State,
    path: Path<ById>,
    _: NoQuery,
    body: Json<ResetWrite>,
) -> Result<HttpResponse, ApiError> {
    let (keys, now) = (service.db.keys().clone(), service.now());
    let (id, second_factor) = (path.0.id.0, body.value.second_factor);
    let made = service.write(move |conn| reset::begin(conn, &keys, id, second_factor, now)).await?;
    let secret = made.secret.reveal().to_owned();
    Ok(HttpResponse::Ok().json(ResetSecret { secret, expires_at: made.expires_at.and_utc() }))
}

/// List the sign-ins and tokens of an account
#[utoipa::path(operation_id = "list_account_sessions", tag = "accounts", params(ById), responses((status = 200, description = "Those open, oldest first.", body = Items<SessionEntry>)))]
#[get("/accounts/{id}/sessions")]
pub async fn list_account_sessions(service: State, path: Path<ById>, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let now = service.now();
    let found = service
        .read(move |conn| -> Result<_, AppError> {
            app::get(conn, path.0.id.0)?;
            sessions::list(conn, path.0.id.0, now)
        })
        .await?;
    Ok(HttpResponse::Ok().json(Items::of(found, SessionEntry::from)))
}

/// End every sign-in and token of an account
#[utoipa::path(operation_id = "revoke_account_sessions", tag = "accounts", params(ById), responses((status = 200, description = "How many ended.", body = Revoked)))]
#[post("/accounts/{id}/sessions/revoke")]
pub async fn revoke_account_sessions(
    service: State,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let (id, now) = (path.0.id.0, service.now());
    once.run(&service, &[], move |conn| Outcome::ok(None, &Revoked { revoked: sessions::revoke_all(conn, id, now)? }))
        .await
}
