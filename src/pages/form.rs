//! What a form of a page sends: small, soon, and only from a page of the same session.
//!
//! Invariant: a form that changes something of a session bears that session's CSRF token. The forms before sign-in have no
//! session to be bound to; what other sites send is refused before it comes here (`Origin`, `Sec-Fetch-Site`).

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::{Error, ErrorBadRequest, ErrorInternalServerError, ErrorPayloadTooLarge, ErrorRequestTimeout};
use actix_web::web::{BytesMut, Query};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::{LocalBoxFuture, Ready, ready};
use serde::de::DeserializeOwned;

use super::session;
use crate::app::Keyring;
use crate::app::access::Act;
use crate::app::accounts::sessions;

/// Largest form, bytes: ten fields of the longest password, percent-encoded.
const LIMIT: usize = 16 * 1024;
/// How long a form may take.
const DEADLINE: Duration = Duration::from_secs(25);

/// The fields of a form. A field that is absent must have a default, so that a person is told on a page what is missing.
pub(super) struct Posted<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_form {
                return Err(ErrorBadRequest("not a form"));
            }
            let read = async {
                let mut body = BytesMut::new();
                while let Some(chunk) = payload.next().await {
                    let chunk = chunk?;
                    if body.len() + chunk.len() > LIMIT {
                        return Err(ErrorPayloadTooLarge("form"));
                    }
                    body.extend_from_slice(&chunk);
                }
                Ok(body)
            };
            let body =
                actix_web::rt::time::timeout(DEADLINE, read).await.map_err(|_| ErrorRequestTimeout("form"))??;
            let text = std::str::from_utf8(&body).map_err(|_| ErrorBadRequest("form"))?;
            Ok(Self(Query::<T>::from_query(text).map_err(|_| ErrorBadRequest("form"))?.into_inner()))
        })
    }
}

/// What a form asks for, as the policy allowed it: what the audit writes down with the change.
pub(super) struct Asked(pub Act);

impl FromRequest for Asked {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let act = request.extensions().get::<Act>().cloned();
        // Without the middleware nobody was let in: that is a fault of ours, never an open door.
        ready(act.map(Self).ok_or_else(|| ErrorInternalServerError("no act")))
    }
}

/// Somebody signed in with a browser: what is asked for, and the cookie's token.
#[derive(Clone)]
pub(super) struct Visitor {
    pub act: Act,
    pub token: String,
}

impl Visitor {
    /// `None` for whoever is not signed in, or came with something else than the cookie.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let act = request.extensions().get::<Act>().filter(|act| act.caller.account.is_some()).cloned()?;
        Some(Self { act, token: session::sent_token(request)? })
    }

    pub fn csrf(&self, keys: &Keyring) -> String {
        sessions::csrf_token(keys, &self.token).unwrap_or_default()
    }

    pub fn sent(&self, keys: &Keyring, csrf: &str) -> bool {
        sessions::csrf_ok(keys, &self.token, csrf)
    }
}
