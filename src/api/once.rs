//! Idempotent POSTs: the first answer to an `Idempotency-Key` is kept and replayed for at least 24 hours.
//!
//! The key, the effect and the answer are committed in one transaction, so a crash between effect and answer cannot happen:
//! either all three are there or none is. Keys and requests are kept as keyed hashes, answers sealed. A second request that
//! arrives while the first still runs in this process gets 409; across processes the database orders the two and the second
//! replays. Refusals are kept as well (they had no effect), server errors are not: those may be tried again.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::{Ready, ready};
use serde::{Deserialize, Serialize};

use super::access::Access;
use super::error::{ApiError, ErrorCode};
use super::extract::etag;
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::idempotency::{self, Answer, Found, Request};
use crate::app::{Connection, Db};
use crate::domain::text::Text;

/// What a POST answers with when it did its work.
pub struct Outcome {
    status: StatusCode,
    location: Option<String>,
    version: Option<i64>,
    body: Vec<u8>,
}

impl Outcome {
    /// 201 with the new thing and where it is.
    ///
    /// # Errors
    /// If the body cannot be written as JSON.
    pub fn created(location: String, version: Option<i64>, body: &impl Serialize) -> Result<Self, AppError> {
        Ok(Self { status: StatusCode::CREATED, location: Some(location), version, body: json(body)? })
    }

    /// 200 with what is now so.
    ///
    /// # Errors
    /// If the body cannot be written as JSON.
    pub fn ok(version: Option<i64>, body: &impl Serialize) -> Result<Self, AppError> {
        Ok(Self { status: StatusCode::OK, location: None, version, body: json(body)? })
    }

    /// 202 with the job and where to follow it.
    ///
    /// # Errors
    /// If the body cannot be written as JSON.
    pub fn accepted(location: String, body: &impl Serialize) -> Result<Self, AppError> {
        Ok(Self { status: StatusCode::ACCEPTED, location: Some(location), version: None, body: json(body)? })
    }

    /// The id of what is new, as its address ends with it.
    fn created_id(&self) -> Option<i64> {
        let location = self.location.as_deref().filter(|_| self.status == StatusCode::CREATED)?;
        location.rsplit('/').next()?.parse().ok()
    }

    fn answer(&self) -> Answer {
        Answer {
            status: self.status.as_u16(),
            location: self.location.clone(),
            version: self.version,
            body: self.body.clone(),
        }
    }
}

fn json(body: &impl Serialize) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(body).map_err(|error| AppError::Internal(error.into()))
}

/// The `Idempotency-Key` of a POST, if it has one, and what the request is.
pub struct Once {
    key: Option<String>,
    method_and_path: String,
}

impl FromRequest for Once {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = req.headers().get_all("idempotency-key");
        let key = match (values.next(), values.next()) {
            (None, _) => None,
            (Some(value), None) => match value.to_str() {
                Ok(key) if (1..=200).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) => {
                    Some(key.to_owned())
                }
                _ => return ready(Err(ApiError::field("#Idempotency-Key", FieldCode::BadKey))),
            },
            (Some(_), Some(_)) => return ready(Err(ApiError::field("#Idempotency-Key", FieldCode::Repeated))),
        };
        let method_and_path = format!("{} {}", req.method(), req.uri());
        ready(Ok(Self { key, method_and_path }))
    }
}

impl Once {
    /// Does `work` in one write transaction unless the key was used before; then replays. `body` is what the request said.
    ///
    /// # Errors
    /// 409 while the first request runs, 422 for the same key with another request, else those of `work`.
    pub async fn run<F>(self, service: &Access, body: &[u8], mut work: F) -> Result<HttpResponse, ApiError>
    where
        F: FnMut(&mut Connection) -> Result<Outcome, AppError> + Send + 'static,
    {
        self.perform(service, body, || Ok(()), move |conn, ()| work(conn)).await
    }

    /// [`Self::run`] with work that keeps a core busy before the transaction, and not at all if the answer is kept already.
    ///
    /// # Errors
    /// Those of [`Self::run`] and of `compute`; 503 when every core is taken.
    pub async fn run_computed<T, C, F>(
        self,
        service: &Access,
        body: &[u8],
        compute: C,
        work: F,
    ) -> Result<HttpResponse, ApiError>
    where
        C: FnOnce() -> Result<T, AppError> + Send + 'static,
        F: FnMut(&mut Connection, &T) -> Result<Outcome, AppError> + Send + 'static,
    {
        let permit = service.permit()?;
        let access = service.clone();
        let compute = move || {
            // Nothing is computed about what is not the caller's.
            let computed = access.db.read(|conn| access.check_body(conn)).and_then(|()| compute());
            drop(permit);
            computed
        };
        self.perform(service, body, compute, work).await
    }

    async fn perform<T, C, F>(
        self,
        service: &Access,
        body: &[u8],
        compute: C,
        mut work: F,
    ) -> Result<HttpResponse, ApiError>
    where
        C: FnOnce() -> Result<T, AppError> + Send + 'static,
        F: FnMut(&mut Connection, &T) -> Result<Outcome, AppError> + Send + 'static,
    {
        let (db, now) = (service.db.clone(), service.now());
        // A reading has no effect to repeat, and what it showed may be the caller's no more: it is done anew.
        let Some(key) = self.key.filter(|_| !service.is_reading()) else {
            let access = service.clone();
            let work = move || {
                let computed = compute()?;
                db.write_in_turn(|conn| access.change(conn, now, |conn| work(conn, &computed), Outcome::created_id))
            };
            let outcome = service.run(work).await?;
            return Ok(respond(&outcome.answer(), false));
        };
        // A key is its account's: another's answer is never replayed.
        let key = format!("{}:{key}", service.account().unwrap_or_default());
        let request = Request::new(service.db.keys(), &key, &self.method_and_path, body);
        let access = service.clone();
        let _running = Running::start(request.key.as_bytes()).ok_or(ErrorCode::KeyRunning)?;
        let done = service.run(move || {
            if let Some(kept) = db.read(|conn| kept(conn, &db, &request))? {
                return Ok(kept);
            }
            let fresh = compute().and_then(|computed| {
                db.write_in_turn(|conn| {
                    if let Some(kept) = kept(conn, &db, &request)? {
                        return Ok(kept);
                    }
                    let done = access.change(conn, now, |conn| work(conn, &computed), Outcome::created_id)?;
                    let answer = done.answer();
                    idempotency::keep(conn, db.keys(), &request, &answer, now)?;
                    Ok(Done::Fresh(answer))
                })
            });
            // Another process committed the same key first: its answer is the answer.
            let result = match fresh {
                Err(AppError::KeyTaken) => {
                    db.read(|conn| kept(conn, &db, &request)).map(|kept| kept.unwrap_or(Done::OtherRequest))
                }
                fresh => fresh,
            };
            result.or_else(|error| {
                let refusal = ApiError::from(error);
                if refusal.code.status().is_client_error() {
                    let answer = kept_refusal(&refusal);
                    if let Err(error) = db.write(|conn| idempotency::keep(conn, db.keys(), &request, &answer, now)) {
                        // The request had no effect, so trying it again is harmless: the refusal need not be kept.
                        tracing::warn!(%error, "a refusal was not kept");
                    }
                }
                Ok(Done::Refused(refusal))
            })
        });
        match done.await? {
            Done::Fresh(answer) => Ok(respond(&answer, false)),
            Done::Replayed(answer) if answer.status >= 400 => Err(refusal(&answer)),
            Done::Replayed(answer) => Ok(respond(&answer, true)),
            Done::OtherRequest => Err(ErrorCode::KeyReused.into()),
            Done::Refused(error) => Err(error),
        }
    }
}

/// What the key was used for before; `None` = for nothing.
fn kept(conn: &mut Connection, db: &Db, request: &Request) -> Result<Option<Done>, AppError> {
    Ok(match idempotency::find(conn, db.keys(), request)? {
        Found::Answer(answer) => Some(Done::Replayed(answer)),
        Found::OtherRequest => Some(Done::OtherRequest),
        Found::Nothing => None,
    })
}

enum Done {
    Fresh(Answer),
    Replayed(Answer),
    OtherRequest,
    Refused(ApiError),
}

/// A refusal as it is kept: its code and fields in both languages, so that a replay speaks the caller's.
#[derive(Serialize, Deserialize)]
struct KeptRefusal {
    code: String,
    /// What stands in the way, in Chinese and in English.
    #[serde(default)]
    detail: Option<(String, String)>,
    errors: Vec<(String, String, String, String)>,
}

fn kept_refusal(error: &ApiError) -> Answer {
    let field = |e: &FieldError| (e.pointer.clone(), e.code.to_string(), e.text.zh.clone(), e.text.en.clone());
    let kept = KeptRefusal {
        code: error.code.code().to_owned(),
        detail: error.detail.as_ref().map(|text| (text.zh.clone(), text.en.clone())),
        errors: error.errors.iter().map(field).collect(),
    };
    // Strings always serialise.
    let body = serde_json::to_vec(&kept).unwrap_or_default();
    Answer { status: error.code.status().as_u16(), location: None, version: None, body }
}

fn refusal(answer: &Answer) -> ApiError {
    let Ok(kept) = serde_json::from_slice::<KeptRefusal>(&answer.body) else { return ErrorCode::Malformed.into() };
    let code = ErrorCode::all().find(|code| code.code() == kept.code).unwrap_or(ErrorCode::Malformed);
    let field = |(pointer, code, zh, en): (String, String, String, String)| FieldError {
        pointer,
        code: code.into(),
        text: Text::new(zh, en),
    };
    let detail = kept.detail.map(|(zh, en)| Text::new(zh, en));
    ApiError { detail, errors: kept.errors.into_iter().map(field).collect(), ..code.into() }
}

fn respond(answer: &Answer, replayed: bool) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    if let Some(location) = &answer.location {
        response.insert_header((header::LOCATION, location.as_str()));
    }
    if let Some(version) = answer.version {
        response.insert_header((header::ETAG, etag(version)));
    }
    if replayed {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    response.content_type("application/json").body(answer.body.clone())
}

/// Keys whose first request runs in this process.
static RUNNING: Mutex<Option<HashSet<Vec<u8>>>> = Mutex::new(None);

struct Running(Vec<u8>);

impl Running {
    /// `None` if a request with this key runs already.
    fn start(key: &[u8]) -> Option<Self> {
        // A set of keys is whole whatever panicked while it was locked.
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.get_or_insert_default().insert(key.to_vec()).then(|| Self(key.to_vec()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(running) = &mut *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) {
            running.remove(&self.0);
        }
    }
}
