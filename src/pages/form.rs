//! What a form of a page sends: small, soon, and only from a page of the same session.
//!
//! Invariant: a form that changes something of a session bears that session's CSRF token. The forms before sign-in have no
//! session to be bound to; what other sites send is refused before it comes here (`Origin`, `Sec-Fetch-Site`).

use std::str::FromStr;
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
use crate::app::error::{FieldCode, FieldError};

/// Largest form, bytes: a posting with long texts in Chinese, percent-encoded, fits.
const LIMIT: usize = 64 * 1024;
/// How long a form may take.
const DEADLINE: Duration = Duration::from_secs(25);

/// The text of a form.
fn text(request: &HttpRequest, payload: &mut Payload) -> LocalBoxFuture<'static, Result<String, Error>> {
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
        let body = actix_web::rt::time::timeout(DEADLINE, read).await.map_err(|_| ErrorRequestTimeout("form"))??;
        String::from_utf8(body.to_vec()).map_err(|_| ErrorBadRequest("form"))
    })
}

/// The fields of a form of fixed fields. A field that is absent must have a default, so that a person is told on a page what is
/// missing.
pub(super) struct Posted<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let text = text(request, payload);
        Box::pin(async move {
            let text = text.await?;
            Ok(Self(Query::<T>::from_query(&text).map_err(|_| ErrorBadRequest("form"))?.into_inner()))
        })
    }
}

/// The fields of any form, in the order they were sent; a field may come several times (boxes that are ticked).
#[derive(Clone, Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl FromRequest for Form {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let text = text(request, payload);
        Box::pin(async move {
            let pairs = Query::<Vec<(String, String)>>::from_query(&text.await?);
            Ok(Self(pairs.map_err(|_| ErrorBadRequest("form"))?.into_inner()))
        })
    }
}

impl Form {
    pub const fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    #[cfg(test)]
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// What the form says, without what binds it to its page.
    pub fn contents(&self) -> Vec<u8> {
        let said = self.0.iter().filter(|(name, _)| name != "csrf" && name != "once");
        said.flat_map(|(name, value)| [name.as_bytes(), &[0], value.as_bytes(), &[0]].concat()).collect()
    }

    /// A form as it stands before anything is typed: what is on record.
    pub fn from_pairs(pairs: Vec<(&'static str, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// What this form does not say is as in another.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The same form with another value of a field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same form without a field.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(key, _)| key != name);
        self
    }

    /// The same form with a further value of a field.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What was typed, without the spaces around it; empty where there is no such field.
    pub fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// What was typed, with the spaces around it: they belong to a password.
    pub fn typed(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// [`Form::text`], if it is not empty.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_owned();
        self.0.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.trim())
    }

    /// Whether a box is ticked, or a choice among them taken.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|one| one == value)
    }

    /// What was typed as a value; `None` where nothing was.
    ///
    /// # Errors
    /// `code` at the field.
    pub fn parse<T: FromStr>(&self, name: &str, code: FieldCode) -> Result<Option<T>, FieldError> {
        let Some(text) = self.given(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| FieldError::new(format!("/{name}"), code))
    }

    /// A choice out of a code list; `None` where nothing was chosen.
    ///
    /// # Errors
    /// `NotInList` at the field.
    pub fn choice<T>(&self, name: &str, from_code: fn(&str) -> Option<T>) -> Result<Option<T>, FieldError> {
        let Some(text) = self.given(name) else { return Ok(None) };
        from_code(text).map(Some).ok_or_else(|| FieldError::new(format!("/{name}"), FieldCode::NotInList))
    }

    /// [`Form::parse`] of what must be there.
    ///
    /// # Errors
    /// `Missing`, or `code`, at the field.
    pub fn need<T: FromStr>(&self, name: &str, code: FieldCode) -> Result<T, FieldError> {
        self.parse(name, code)?.ok_or_else(|| FieldError::new(format!("/{name}"), FieldCode::Missing))
    }

    /// A text of at most so many characters, line breaks apart free of control characters; `None` where nothing was typed.
    ///
    /// # Errors
    /// `TooLong`, `BadText` at the field.
    pub fn paragraph(&self, name: &str, longest: usize) -> Result<Option<String>, FieldError> {
        let Some(text) = self.given(name) else { return Ok(None) };
        let fault = |code| FieldError::new(format!("/{name}"), code);
        // A browser ends lines with both.
        let text = text.replace("\r\n", "\n");
        if text.chars().count() > longest {
            return Err(fault(FieldCode::TooLong));
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(fault(FieldCode::BadText));
        }
        Ok(Some(text))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_where_it_is_wrong() {
        let form = Form::of(&[("n", " 12 "), ("x", "twelve"), ("found", "a"), ("found", "b"), ("empty", " ")]);
        assert_eq!(form.parse::<u32>("n", FieldCode::WrongType), Ok(Some(12)));
        assert_eq!(form.parse::<u32>("empty", FieldCode::WrongType), Ok(None));
        let fault = |found: Result<u32, FieldError>| found.map_err(|error| (error.pointer, error.code)).unwrap_err();
        assert_eq!(fault(form.need("x", FieldCode::WrongType)), ("/x".to_owned(), "wrong_type".into()));
        assert_eq!(fault(form.need("absent", FieldCode::WrongType)), ("/absent".to_owned(), "missing".into()));
        assert!(form.has("found", "b") && !form.has("found", "c"));
        assert_eq!(form.all("found").collect::<Vec<_>>(), ["a", "b"]);
        let text = Form::of(&[("t", "one\r\ntwo"), ("bad", "a\u{7}b")]);
        assert_eq!(text.paragraph("t", 7).unwrap().as_deref(), Some("one\ntwo"));
        assert!(text.paragraph("t", 6).is_err() && text.paragraph("bad", 9).is_err());
    }
}
