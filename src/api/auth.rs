//! `/auth`: signing in and out, and what somebody does with their own account.
//!
//! Invariant: a secret (session token, API token, one-time secret) is answered once, to the request that made it. These POSTs
//! therefore take no `Idempotency-Key`, whose answers are kept; sent twice, they make two sessions or tokens, each of which
//! its owner sees and can end.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::accounts::{RoleCode, SessionKindCode};
use super::error::{ApiError, ErrorCode};
use super::extract::{ById, Json, NoBody, NoQuery, Path};
use super::once::{Once, Outcome};
use super::page::Items;
use super::scalars::{Code, Id, Line, LoginName, Name, PasswordText, TokenDays};
use super::signed::{Origin, Signed};
use super::state::{Service, State};
use crate::app::Connection;
use crate::app::access::Caller;
use crate::app::accounts::sessions::{self, Opened, Session};
use crate::app::accounts::sign_in::{self as door, Ended, Typed};
use crate::app::accounts::{self, first, own, reset, second_factor};
use crate::app::error::{AppError, FieldCode};
use crate::domain::access::Login;
use crate::pages::session;

/// Who is to be the first administrator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAdministrator {
    /// The secret the server printed when it started without accounts.
    pub secret: Line,
    pub login: LoginName,
    pub display_name: Name,
    pub password: PasswordText,
}

/// Make the first administrator
///
/// Works once, while there is no account, with the secret the server printed at its last start.
#[utoipa::path(operation_id = "create_first_administrator", tag = "auth", request_body = FirstAdministrator, responses((status = 201, description = "The account. Sign in with it.", body = super::accounts::Account)))]
#[post("/auth/first-administrator")]
pub async fn create_first_administrator(
    service: State,
    _: NoQuery,
    body: Json<FirstAdministrator>,
) -> Result<HttpResponse, ApiError> {
    let (write, now, db) = (body.value, service.now(), service.db.clone());
    let login = Login::parse(&write.login.0).ok_or_else(|| ApiError::field("/login", FieldCode::BadLogin))?;
    let new = first::First { login, display_name: write.display_name.0 };
    let (secret, password) = (write.secret.0, write.password.0);
    let hash = {
        let (new, secret) = (new.clone(), secret.clone());
        service.hash(move || first::check(&db, &secret, &new, Some(&password), now)).await?
    };
    let keys = service.db.keys().clone();
    let access = service.clone();
    let make = move |conn: &mut Connection| {
        let account = first::make(conn, &keys, &secret, &new, &hash, now)?;
        access.turns_out_to_be(account.id);
        Ok(account)
    };
    let account = service.write(make).await?;
    Ok(HttpResponse::Created().json(super::accounts::Account::from(account)))
}

/// What somebody types to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// Capital and full-width letters are taken as small ones.
    #[schema(example = "zhang.wei")]
    pub login: Line,
    pub password: PasswordText,
    /// Six digits of the second factor, if one is set up.
    #[serde(default)]
    #[schema(example = "123456")]
    pub code: Option<Code>,
}

/// Somebody is signed in; the token is in the cookie.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    /// To be shown as `X-CSRF-Token` with every request that changes something.
    #[schema(example = "5f0c")]
    pub csrf_token: String,
    /// The latest end of this sign-in; unused it ends earlier.
    pub expires_at: DateTime<Utc>,
}

/// A session's answer: the cookie with the token, the body without.
fn signed_in(service: &Service, opened: &Opened) -> Result<HttpResponse, ApiError> {
    let csrf = sessions::csrf_token(service.db.keys(), opened.token.reveal()).ok_or(ErrorCode::Internal)?;
    let body = SignedIn { csrf_token: csrf, expires_at: opened.expires_at.and_utc() };
    Ok(HttpResponse::Ok().cookie(session::cookie(opened.token.reveal())).json(body))
}

/// How an attempt ended, for whoever counts failures.
fn ended<T>(result: &Result<T, ApiError>) -> Ended {
    match result {
        Ok(_) => Ended::Succeeded,
        Err(error) if matches!(error.code, ErrorCode::SignInRefused | ErrorCode::Invalid) => Ended::Failed,
        Err(_) => Ended::NotLookedAt,
    }
}

/// Sign in
///
/// Unknown login, wrong password, wrong or missing code and disabled account are answered alike. The session the browser
/// held before ends.
#[utoipa::path(operation_id = "sign_in", tag = "auth", request_body = SignInRequest, responses((status = 200, description = "Signed in. The cookie carries the session.", body = SignedIn)))]
#[post("/auth/sign-in")]
pub async fn sign_in(
    service: State,
    origin: Origin,
    _: NoQuery,
    body: Json<SignInRequest>,
) -> Result<HttpResponse, ApiError> {
    let (write, now) = (body.value, service.now());
    let typed = Typed { login: write.login.0, password: Some(write.password.0), code: write.code.map(|code| code.0) };
    let attempt = service.sign_in.admit(&typed.login, origin.address, now)?;
    let opened = open(&service, typed, origin).await;
    service.sign_in.settle(attempt, ended(&opened));
    if let Err(error) = &opened
        && error.code == ErrorCode::SignInRefused
    {
        service.record_refusal(error.code.code()).await?;
    }
    signed_in(&service, &opened?)
}

async fn open(service: &State, typed: Typed, origin: Origin) -> Result<Opened, ApiError> {
    let (now, db) = (service.now(), service.db.clone());
    let checked = service.hash(move || door::check(&db, &typed, now)).await?;
    let keys = service.db.keys().clone();
    let access = service.clone();
    let work = move |conn: &mut Connection| {
        let opened = door::open(conn, &keys, &checked, origin.came_with.as_deref(), &origin.browser, now)?;
        access.turns_out_to_be(opened.account);
        Ok(opened)
    };
    service.write(work).await
}

/// Sign out
///
/// Ends this sign-in, or the API token the request came with.
#[utoipa::path(operation_id = "sign_out", tag = "auth", responses((status = 204, description = "Signed out.")))]
#[post("/auth/sign-out")]
pub async fn sign_out(service: State, caller: Signed, _: NoQuery, _: NoBody) -> Result<HttpResponse, ApiError> {
    let (account, session, now) = (id_of(&caller.0)?, caller.0.session.ok_or(ErrorCode::NotSignedIn)?, service.now());
    service.write(move |conn| sessions::revoke(conn, account, session, now)).await?;
    let clear = (HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cookies\", \"storage\""));
    Ok(HttpResponse::NoContent().cookie(session::no_cookie()).insert_header(clear).finish())
}

fn id_of(caller: &Caller) -> Result<i64, ApiError> {
    Ok(caller.account.ok_or(ErrorCode::NotSignedIn)?)
}

/// The person signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    pub id: Id,
    pub login: LoginName,
    pub display_name: Name,
    pub roles: Vec<MyRole>,
    /// Whether a second factor is set up.
    #[schema(example = true)]
    pub second_factor: bool,
    /// Whether it was shown at this sign-in.
    #[schema(example = true)]
    pub second_factor_shown: bool,
    /// Nothing else is allowed before `POST /auth/password`.
    #[schema(example = false)]
    pub must_change_password: bool,
    /// Nothing else is allowed before `POST /auth/second-factor` and its confirmation.
    #[schema(example = false)]
    pub must_set_up_second_factor: bool,
    /// To be shown as `X-CSRF-Token`.
    #[schema(example = "5f0c")]
    pub csrf_token: String,
}

/// A role and where it is held.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyRole {
    pub role: RoleCode,
    pub area_id: Option<Id>,
    pub employer_id: Option<Id>,
    /// Name of the employer, or of the area with those it lies in.
    #[schema(example = "旺家社区/第一网格")]
    pub place: Option<String>,
}

/// Who am I
#[utoipa::path(operation_id = "get_me", tag = "auth", responses((status = 200, description = "The person signed in.", body = Me)))]
#[get("/auth/me")]
pub async fn get_me(service: State, caller: Signed, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (caller, keys) = (caller.0, service.db.keys().clone());
    let id = id_of(&caller)?;
    let shown = (caller.second_factor, caller.must_change_password, caller.must_set_up_second_factor);
    let (account, held, csrf_token) = service
        .read(move |conn| {
            let account = accounts::get(conn, id)?;
            let held = accounts::held(conn, &caller.grants)?;
            Ok((account, held, sessions::csrf_token_of(conn, &keys, &caller)?))
        })
        .await?;
    let role = |held: accounts::Held| MyRole {
        role: RoleCode(held.grant.role),
        area_id: held.grant.area.map(Id),
        employer_id: held.grant.employer.map(Id),
        place: held.place,
    };
    Ok(HttpResponse::Ok().json(Me {
        id: Id(account.id),
        login: LoginName(account.login),
        display_name: Name(account.display_name),
        roles: held.into_iter().map(role).collect(),
        second_factor: account.second_factor,
        second_factor_shown: shown.0,
        must_change_password: shown.1,
        must_set_up_second_factor: shown.2,
        csrf_token,
    }))
}

/// The present password and the new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    pub current_password: PasswordText,
    pub new_password: PasswordText,
}

/// Change one's password
///
/// Every sign-in of the account ends; the answer begins a new one.
#[utoipa::path(operation_id = "change_password", tag = "auth", request_body = PasswordChange, responses((status = 200, description = "Changed. The cookie carries the new session.", body = SignedIn)))]
#[post("/auth/password")]
pub async fn change_password(
    service: State,
    caller: Signed,
    origin: Origin,
    _: NoQuery,
    body: Json<PasswordChange>,
) -> Result<HttpResponse, ApiError> {
    let (caller, write, now) = (caller.0, body.value, service.now());
    let attempt = service.sign_in.admit(&caller.name, origin.address, now)?;
    let (db, asks) = (service.db.clone(), caller.clone());
    let (current, new) = (write.current_password.0, write.new_password.0);
    let checked = service.hash(move || own::check_new_password(&db, &asks, Some(&current), Some(&new), now)).await;
    service.sign_in.settle(attempt, ended(&checked));
    let (checked, keys) = (checked?, service.db.keys().clone());
    let opened = service.write(move |conn| own::change_password(conn, &keys, &caller, &checked, now)).await?;
    signed_in(&service, &opened)
}

/// A one-time secret and the password it is to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// From an administrator; capitals, blanks and hyphens do not matter.
    pub secret: Line,
    pub password: PasswordText,
}

/// Set a new password with a one-time secret
///
/// Nobody is signed in by it.
#[utoipa::path(operation_id = "reset_password", tag = "auth", request_body = PasswordReset, responses((status = 204, description = "Set. Sign in with it.")))]
#[post("/auth/reset")]
pub async fn reset_password(service: State, _: NoQuery, body: Json<PasswordReset>) -> Result<HttpResponse, ApiError> {
    let (write, now, db) = (body.value, service.now(), service.db.clone());
    let (secret, password) = (write.secret.0, write.password.0);
    let hash = {
        let secret = secret.clone();
        service.hash(move || reset::check(&db, &secret, Some(&password), now)).await?
    };
    let keys = service.db.keys().clone();
    let access = service.clone();
    let finish = move |conn: &mut Connection| {
        access.turns_out_to_be(reset::finish(conn, &keys, &secret, &hash, now)?);
        Ok(())
    };
    service.write(finish).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What an authenticator app is given.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorBegun {
    /// Base32, for typing.
    #[schema(example = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")]
    pub secret: String,
    /// For a QR code.
    #[schema(example = "otpauth://totp/Wangjia:zhang.wei?secret=JBSWY3DPEHPK3PXP&issuer=Wangjia")]
    pub url: String,
}

/// Begin setting up a second factor
///
/// The secret is shown once. It is asked for at sign-in after a code of it was confirmed.
#[utoipa::path(operation_id = "begin_second_factor", tag = "auth", responses((status = 200, description = "The secret for the app.", body = SecondFactorBegun)))]
#[post("/auth/second-factor")]
pub async fn begin_second_factor(
    service: State,
    caller: Signed,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let (keys, now) = (service.db.keys().clone(), service.now());
    let begun = service.write(move |conn| second_factor::begin(conn, &keys, &caller.0, now)).await?;
    Ok(HttpResponse::Ok().json(SecondFactorBegun { secret: begun.secret, url: begun.url }))
}

/// A code of the app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorCode {
    /// Six digits.
    #[schema(example = "123456")]
    pub code: Code,
}

/// Put the second factor into use
///
/// Other sign-ins of the account end.
#[utoipa::path(operation_id = "confirm_second_factor", tag = "auth", request_body = SecondFactorCode, responses((status = 204, description = "In use from now on.")))]
#[post("/auth/second-factor/confirm")]
pub async fn confirm_second_factor(
    service: State,
    caller: Signed,
    origin: Origin,
    _: NoQuery,
    body: Json<SecondFactorCode>,
) -> Result<HttpResponse, ApiError> {
    let (caller, code) = (caller.0, body.value.code.0);
    let (keys, now) = (service.db.keys().clone(), service.now());
    let attempt = service.sign_in.admit(&caller.name, origin.address, now)?;
    let done = service.write(move |conn| second_factor::confirm(conn, &keys, &caller, &code, now)).await;
    service.sign_in.settle(attempt, ended(&done));
    done?;
    Ok(HttpResponse::NoContent().finish())
}

/// What removes a second factor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorRemoval {
    pub password: PasswordText,
    /// Six digits.
    #[schema(example = "123456")]
    pub code: Code,
}

/// Remove the second factor
///
/// Who lost the phone asks an administrator for a reset instead.
#[utoipa::path(operation_id = "remove_second_factor", tag = "auth", request_body = SecondFactorRemoval, responses((status = 204, description = "Removed.")))]
#[post("/auth/second-factor/remove")]
pub async fn remove_second_factor(
    service: State,
    caller: Signed,
    origin: Origin,
    _: NoQuery,
    body: Json<SecondFactorRemoval>,
) -> Result<HttpResponse, ApiError> {
    let (caller, write, now) = (caller.0, body.value, service.now());
    let attempt = service.sign_in.admit(&caller.name, origin.address, now)?;
    let done = remove(&service, caller, write).await;
    service.sign_in.settle(attempt, ended(&done));
    done?;
    Ok(HttpResponse::NoContent().finish())
}

async fn remove(service: &State, caller: Caller, write: SecondFactorRemoval) -> Result<(), ApiError> {
    let (db, asks, now) = (service.db.clone(), caller.clone(), service.now());
    let hash = service.hash(move || own::confirm_password(&db, &asks, Some(&write.password.0))).await?;
    let (keys, code) = (service.db.keys().clone(), write.code.0);
    service.write(move |conn| second_factor::remove(conn, &keys, &caller, &hash, &code, now)).await
}

/// A sign-in or an API token.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionEntry {
    pub id: Id,
    pub kind: SessionKindCode,
    /// The browser's name, or what the owner calls the token.
    #[schema(example = "Firefox")]
    pub label: String,
    /// Whether the second factor was shown.
    #[schema(example = true)]
    pub second_factor: bool,
    pub created_at: DateTime<Utc>,
    /// To the minute.
    pub last_used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl From<Session> for SessionEntry {
    fn from(session: Session) -> Self {
        Self {
            id: Id(session.id),
            kind: SessionKindCode(session.kind),
            label: session.label,
            second_factor: session.second_factor,
            created_at: session.created_at.and_utc(),
            last_used_at: session.last_used_at.and_utc(),
            expires_at: session.expires_at.and_utc(),
        }
    }
}

/// List one's sign-ins and tokens
#[utoipa::path(operation_id = "list_own_sessions", tag = "auth", responses((status = 200, description = "Those open, oldest first.", body = Items<SessionEntry>)))]
#[get("/auth/sessions")]
pub async fn list_own_sessions(service: State, caller: Signed, _: NoQuery) -> Result<HttpResponse, ApiError> {
    let (account, now) = (id_of(&caller.0)?, service.now());
    let found = service.read(move |conn| sessions::list(conn, account, now)).await?;
    Ok(HttpResponse::Ok().json(Items::of(found, SessionEntry::from)))
}

/// How many ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revoked {
    #[schema(example = 2)]
    pub revoked: usize,
}

/// End a sign-in or token of one's own
#[utoipa::path(operation_id = "revoke_own_session", tag = "auth", params(ById), responses((status = 200, description = "Ended.", body = Revoked)))]
#[post("/auth/sessions/{id}/revoke")]
pub async fn revoke_own_session(
    service: State,
    caller: Signed,
    path: Path<ById>,
    once: Once,
    _: NoQuery,
    _: NoBody,
) -> Result<HttpResponse, ApiError> {
    let (account, session, now) = (id_of(&caller.0)?, path.0.id.0, service.now());
    once.run(&service, &[], move |conn| {
        sessions::revoke(conn, account, session, now)?;
        Outcome::ok(None, &Revoked { revoked: 1 })
    })
    .await
}

/// What a token is for and how long it lasts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenWrite {
    /// What the owner calls it.
    #[schema(example = "每晚导出")]
    pub label: Line,
    pub days: TokenDays,
}

/// A token, shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenMade {
    pub id: Id,
    /// To be sent as `Authorization: Bearer …`.
    #[schema(example = "wjt_…")]
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// Make an API token
///
/// It may do what its owner may, and is shown once.
#[utoipa::path(operation_id = "create_token", tag = "auth", request_body = TokenWrite, responses((status = 200, description = "The token.", body = TokenMade)))]
#[post("/auth/tokens")]
pub async fn create_token(
    service: State,
    caller: Signed,
    _: NoQuery,
    body: Json<TokenWrite>,
) -> Result<HttpResponse, ApiError> {
    let (keys, now, write) = (service.db.keys().clone(), service.now(), body.value);
    let make = move |conn: &mut Connection| -> Result<Opened, AppError> {
        sessions::make_token(conn, &keys, &caller.0, &write.label.0, write.days.0, now)
    };
    let made = service.write(make).await?;
    let token = made.token.reveal().to_owned();
    Ok(HttpResponse::Ok().json(TokenMade { id: Id(made.id), token, expires_at: made.expires_at.and_utc() }))
}
