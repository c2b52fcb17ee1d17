//! Who comes in: every request is recognised, asked about at the one policy, and written down.
//!
//! Invariant: no handler of an operation runs before the policy allowed it; a request that matches no line of
//! [`super::operations`] reaches no handler with an [`Access`](super::access::Access). The answer to what is not the caller's
//! is the answer to what does not exist. A reading of people's data whose entry cannot be written is not shown.
//!
//! Cost: one short read transaction a request (session, roles, place of the object), and for people's data one write.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Path, ResourceDef, ServiceRequest, ServiceResponse, Url};
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse, web};
use chrono::NaiveDateTime;
use tracing_actix_web::RequestId;
use utoipa::openapi::OpenApi;

use super::access::Doing;
use super::docs;
use super::error::{ApiError, ErrorCode};
use super::operations::Operation;
use super::page_doors;
use super::rates::Rates;
use super::state::Service;
use crate::app::access::{self, Act, Action, Ask, Caller, Object, ObjectKind, Verdict, authorise};
use crate::app::accounts::sessions::{self, Recognised, csrf_ok};
use crate::app::audit::{self, Acting};
use crate::app::error::{AppError, FieldCode};
use crate::app::{Connection, Keyring};
use crate::domain::text::Lang;
use crate::pages::session::{COOKIE, CSRF_HEADER, ClientAddress};
use crate::pages::{self, given_reason};

/// The header in which an official says why.
pub const REASON_NAME: &str = "X-Access-Reason";
const REASON_HEADER: HeaderName = HeaderName::from_static("x-access-reason");

/// The operations by method and path pattern.
pub struct Doors(HashMap<(String, String), Door>);

#[derive(Clone)]
struct Door {
    operation: &'static Operation,
    pattern: ResourceDef,
    /// People are led to the sign-in; programs are told.
    is_page: bool,
}

impl Doors {
    /// Those of the document. An operation without a line in the table stays shut.
    #[must_use]
    pub fn new(document: &OpenApi) -> Self {
        let mut doors = HashMap::new();
        for (path, method, id) in docs::operation_ids(document) {
            if let Some(operation) = Operation::find(&id) {
                let door = Door { operation, pattern: ResourceDef::new(path.as_str()), is_page: false };
                doors.insert((method.to_owned(), path), door);
            }
        }
        for (method, path, operation) in page_doors::all() {
            let door = Door { operation, pattern: ResourceDef::new(*path), is_page: true };
            doors.insert(((*method).to_owned(), (*path).to_owned()), door);
        }
        Self(doors)
    }

    fn find(&self, req: &ServiceRequest) -> Option<&Door> {
        self.0.get(&(req.method().as_str().to_owned(), req.match_pattern()?))
    }
}

impl Door {
    /// The record `{id}` names; `None` if the path names none, `Some(None)` if what stands there can be no id.
    fn target(&self, req: &ServiceRequest) -> Option<Option<(ObjectKind, i64)>> {
        let kind = self.operation.target?;
        // The router's own machinery, so that this id is the handler's.
        let mut path = Path::new(Url::new(req.uri().clone()));
        self.pattern.capture_match_info(&mut path);
        let id = path.get("id").and_then(|id| id.parse().ok());
        Some(id.map(|id| (kind, id)))
    }
}

/// The middleware, for `actix_web::middleware::from_fn`. It lies inside the guard, which renders its refusals.
///
/// # Errors
/// 401 without sign-in, 403 for what no role of the caller may do, 404 for what is not the caller's.
pub async fn admit<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let (Some(service), Some(doors)) =
        (req.app_data::<web::Data<Service>>().cloned(), req.app_data::<web::Data<Doors>>().cloned())
    else {
        return Err(ApiError::from(ErrorCode::Internal).into());
    };
    let rates = req.app_data::<web::Data<Rates>>().cloned();
    let address = req.extensions().get::<ClientAddress>().map(|address| address.0);
    if let Some((rates, address)) = rates.as_ref().zip(address) {
        rates.admit_address(address)?;
    }
    let Some(door) = doors.find(&req).cloned() else {
        return Ok(next.call(req).await?.map_into_left_body());
    };
    let doing = match enter(&req, &door, &service).await {
        Ok(doing) => Arc::new(doing),
        Err(refusal) if door.is_page => {
            let answer = match instead_of_page(&refusal, &req) {
                Some(place) => HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish(),
                None => {
                    pages::refused(refusal.code.status(), &refusal.code.text().into(), page_lang(req.query_string()))
                }
            };
            return Ok(req.into_response(answer).map_into_right_body());
        }
        Err(refusal) => return Err(refusal.into()),
    };
    if let Some((rates, account)) = rates.zip(doing.act.caller.account) {
        rates.admit_account(account)?;
    }
    req.extensions_mut().insert(doing.act.clone());
    req.extensions_mut().insert(doing.allowed.reach.clone());
    req.extensions_mut().insert(doing.acting());
    req.extensions_mut().insert(Arc::clone(&doing));
    let is_change = !req.method().is_safe();
    let answer = next.call(req).await?;
    let status = answer.status();
    // A page writes down its changes itself, with the change.
    let outcome = match door.is_page && is_change {
        true => (status == StatusCode::UNAUTHORIZED).then_some(ErrorCode::SignInRefused.code()),
        false => (status.is_success() && (doing.operation.reads_people || is_change)).then_some(audit::DONE),
    };
    if let Some(outcome) = outcome.filter(|_| !doing.is_audited()) {
        let (db, now) = (service.db.clone(), service.now());
        service.run(move || db.write_in_turn(|conn| doing.record(conn, &db, outcome, now))).await?;
    }
    Ok(answer.map_into_left_body())
}

/// Where a person is led instead of being refused a page.
fn instead_of_page(refusal: &ApiError, req: &ServiceRequest) -> Option<String> {
    let in_language = |path: &str| match page_lang(req.query_string()) {
        Lang::En => format!("{path}?lang=en"),
        Lang::Zh => path.to_owned(),
    };
    match refusal.code {
        ErrorCode::NotSignedIn => Some(in_language("/sign-in")),
        ErrorCode::PasswordChangeRequired | ErrorCode::SecondFactorRequired => Some(in_language("/account")),
        ErrorCode::ReasonRequired if req.method() == Method::GET => {
            Some(given_reason::ask(req.path(), req.query_string()))
        }
        _ => None,
    }
}

/// The language of a page: its address says it.
pub(super) fn page_lang(query: &str) -> Lang {
    let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang="));
    asked.map(Lang::from_tag).unwrap_or_default()
}

/// What one look at the database told.
struct Found {
    recognised: Option<Recognised>,
    verdict: Verdict,
    /// A change that a browser sends without the page's token: not meant by the person.
    forged: bool,
}

/// Asks the policy.
async fn enter(req: &ServiceRequest, door: &Door, service: &web::Data<Service>) -> Result<Doing, ApiError> {
    let operation = door.operation;
    let request_id = req.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let credential = Credential::of(req);
    let reason = match (reason(req.headers())?, &credential) {
        (None, Credential::Cookie(token)) if door.is_page => given_reason::of(req.request(), service.db.keys(), token),
        (reason, _) => reason,
    };
    let shown = req.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // Forms of pages bear their token in the body, and the page looks at it.
    let needs_csrf = !req.method().is_safe() && !door.is_page;
    let target = door.target(req);
    let (db, now) = (service.db.clone(), service.now());
    let asked = reason.clone();
    let needs_no_database = (operation.object, operation.action) == (ObjectKind::Service, Action::Read);
    let found = service
        .run(move || {
            let ask =
                |target| Ask { object: operation.object, action: operation.action, target, reason: asked.as_deref() };
            if needs_no_database {
                return Ok(Found { recognised: None, verdict: Verdict::Allowed(Box::default()), forged: false });
            }
            db.read(|conn| {
                let recognised = credential.recognise(conn, db.keys(), now)?;
                let forged = recognised.is_some() && needs_csrf && !credential.is_meant(db.keys(), shown.as_deref());
                let anonymous = Caller::anonymous();
                let caller = recognised.as_ref().map_or(&anonymous, |recognised| &recognised.caller);
                // What can be no id is asked about like an id nobody has.
                let ask = ask(target.map(|target| target.unwrap_or((operation.object, 0))));
                let verdict = authorise(conn, caller, &ask)?;
                Ok::<_, AppError>(Found { recognised, verdict, forged })
            })
        })
        .await?;
    let touch_due = found.recognised.as_ref().is_some_and(|recognised| recognised.touch_due);
    let caller = found.recognised.map_or_else(Caller::anonymous, |recognised| recognised.caller);
    // One's own password and second factor are the way out; a token made before would outlast it.
    if operation.object != ObjectKind::Session {
        if caller.must_change_password {
            return Err(ErrorCode::PasswordChangeRequired.into());
        }
        if caller.must_set_up_second_factor {
            return Err(ErrorCode::SecondFactorRequired.into());
        }
    }
    if found.forged {
        return Err(ErrorCode::CsrfTokenRequired.into());
    }
    if let Some(session) = caller.session.filter(|_| touch_due) {
        let db = service.db.clone();
        // An unnoted use at most ends the session a minute early.
        if let Err(error) = service.run(move || sessions::touch(&db, session, now)).await {
            tracing::warn!(%error, "the use of a session was not noted");
        }
    }
    let allowed = match found.verdict {
        Verdict::Allowed(allowed) => *allowed,
        Verdict::Hidden => return Err(ErrorCode::NotFound.into()),
        Verdict::Never => return Err(ErrorCode::NotAllowed.into()),
        Verdict::SignIn => return Err(ErrorCode::NotSignedIn.into()),
        Verdict::ReasonMissing => return Err(ErrorCode::ReasonRequired.into()),
    };
    let target = target.flatten();
    let object = Object { kind: operation.object, id: target.map(|(_, id)| id) };
    let act = Act { reason, request_id, ..Act::of(caller, &allowed, operation.action, object, operation.id) };
    Ok(Doing::new(operation, Arc::new(Acting::new((act, operation.action), allowed, target))))
}

/// What a request says it may come in with.
enum Credential {
    Nothing,
    /// Sent by a program on purpose.
    Bearer(String),
    /// Sent by a browser whatever page made it.
    Cookie(String),
}

impl Credential {
    /// An API token of the header `Authorization`, or the sign-in of the cookie.
    fn of(req: &ServiceRequest) -> Self {
        let bearer = req.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
            return Self::Bearer(token.trim().to_owned());
        }
        req.cookie(COOKIE).map_or(Self::Nothing, |cookie| Self::Cookie(cookie.value().to_owned()))
    }

    fn recognise(
        &self,
        conn: &mut Connection,
        keys: &Keyring,
        now: NaiveDateTime,
    ) -> Result<Option<Recognised>, AppError> {
        match self {
            Self::Nothing => Ok(None),
            Self::Bearer(token) | Self::Cookie(token) => sessions::recognise(conn, keys, token, now),
        }
    }

    /// Whether a change is what the person meant: a foreign page can make a browser send the cookie, not the token.
    fn is_meant(&self, keys: &Keyring, shown: Option<&str>) -> bool {
        match self {
            Self::Nothing | Self::Bearer(_) => true,
            Self::Cookie(token) => shown.is_some_and(|shown| csrf_ok(keys, token, shown)),
        }
    }
}

/// The reason an official typed: percent-encoded UTF-8, because a header holds ASCII.
fn reason(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(REASON_HEADER) else { return Ok(None) };
    let bad = || ApiError::field(format!("#{REASON_NAME}"), FieldCode::BadText);
    let text = percent_encoding::percent_decode(value.as_bytes()).decode_utf8().map_err(|_| bad())?;
    access::reason(&text).map(Some).map_err(|code| ApiError::field(format!("#{REASON_NAME}"), code))
}
