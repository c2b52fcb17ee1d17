//! `/reason`: an official says why before people's data is shown (PIPL art. 6: a stated purpose, no more than it needs).
//!
//! Invariant: the reason is typed by the person who is signed in and holds for that sign-in alone: the cookie that carries it
//! is bound to the session's token, ends after half an hour, and never stands in an address. Every reading it opens is audited
//! with it.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::desk::{Desk, Sent};
use super::frame::Frame;
use super::links;
use super::sign_in::see;
use super::words::Words;
use crate::app::Keyring;
use crate::app::access;
use crate::app::accounts::sessions;
use crate::app::error::FieldError;

const COOKIE: &str = "__Host-wangjia-reason";
/// How long one reason opens data.
const LASTS: Duration = Duration::minutes(30);
/// As much of the session's CSRF token as binds a reason to it: 64 bits.
const MARK: usize = 16;

fn mark(keys: &Keyring, token: &str) -> Option<String> {
    sessions::csrf_token(keys, token).and_then(|csrf| csrf.get(..MARK).map(str::to_owned))
}

/// The reason given in this sign-in, if one holds.
#[must_use]
pub fn of(request: &HttpRequest, keys: &Keyring, token: &str) -> Option<String> {
    let cookie = request.cookie(COOKIE)?;
    let (bound, encoded) = cookie.value().split_once('.')?;
    if mark(keys, token)? != bound {
        return None;
    }
    access::reason(&percent_decode_str(encoded).decode_utf8().ok()?).ok()
}

/// Where somebody is led who must say why first.
#[must_use]
pub fn ask(path: &str, query: &str) -> String {
    let then = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    let lang = if query.split('&').any(|pair| pair == "lang=en") { "&lang=en" } else { "" };
    format!("{}?then={}{lang}", links::REASON, utf8_percent_encode(&then, NON_ALPHANUMERIC))
}

/// An address of ours to go on to; the start page for anything else.
fn onward(then: &str) -> &str {
    let is_ours = then.starts_with('/') && !then.starts_with("//") && !then.contains(['\\', '\r', '\n']);
    if is_ours { then } else { links::HOME }
}

fn carried(value: &str, lasts: Duration) -> Cookie<'static> {
    Cookie::build(COOKIE, value.to_owned())
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(lasts)
        .finish()
}

#[derive(Template)]
#[template(path = "reason.html")]
struct ReasonPage {
    words: Words,
    frame: Frame,
    then: String,
    typed: String,
    fault: Option<String>,
}

/// `GET /reason?then=…`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let then = desk.query("then").unwrap_or_default();
    let (words, frame) = (desk.words.clone(), desk.frame());
    desk.show(&ReasonPage { words, frame, then, typed: String::new(), fault: None })
}

/// `POST /reason`
pub(super) async fn give(sent: Sent) -> HttpResponse {
    let Sent { desk, form } = sent;
    let typed = form.text("reason").to_owned();
    let reason = match access::reason(&typed) {
        Ok(reason) => reason,
        Err(code) => {
            let fault = Some(FieldError::new("/reason", code).text.get(desk.lang()).to_owned());
            let then = form.text("then").to_owned();
            let (words, frame) = (desk.words.clone(), desk.frame());
            return desk.show(&ReasonPage { words, frame, then, typed, fault });
        }
    };
    let Some(mark) = mark(desk.keys(), desk.token()) else { return see(links::SIGN_IN) };
    // The purpose is written down with every reading it opens; giving it changes nothing yet.
    let mut response = see(onward(form.text("then")));
    let value = format!("{mark}.{}", utf8_percent_encode(&reason, NON_ALPHANUMERIC));
    match response.add_cookie(&carried(&value, LASTS)) {
        Ok(()) => response,
        Err(error) => super::failure(desk.lang(), &error.to_string()),
    }
}

/// `POST /reason/end`: the purpose is served; people's data is closed again.
pub(super) async fn end(sent: Sent) -> HttpResponse {
    let mut response = see(&sent.desk.words.to(links::HOME));
    match response.add_cookie(&carried("", Duration::ZERO)) {
        Ok(()) => response,
        Err(error) => super::failure(sent.desk.lang(), &error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_host() {
        assert_eq!(onward("/coverage/households?state=uncovered"), "/coverage/households?state=uncovered");
        for foreign in ["//evil.example/", "https://evil.example", "/\\evil.example", "", "/a\r\nb"] {
            assert_eq!(onward(foreign), "/", "{foreign:?}");
        }
        assert_eq!(ask("/a b", "x=1&lang=en"), "/reason?then=%2Fa%20b%3Fx%3D1%26lang%3Den&lang=en");
    }
}
