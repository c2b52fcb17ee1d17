//! `/account`: who am I here, my password, my second factor, where I am signed in.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::desk::{Desk, Sent};
use super::frame::Frame;
use super::sign_in::{check_again, see};
use super::words::Words;
use super::{failure, fault, links, session};
use crate::app::accounts::passwords::Password;
use crate::app::accounts::second_factor::Begun;
use crate::app::accounts::sessions::{self, Session};
use crate::app::accounts::sign_in::Ended;
use crate::app::accounts::throttle::Attempt;
use crate::app::accounts::{self, Account, Held, own, second_factor};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::domain::access::SessionKind;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    words: Words,
    frame: Frame,
    account: Account,
    held: Vec<Held>,
    sessions: Vec<Session>,
    /// The one this page was asked for with.
    current: Option<i64>,
    must_change_password: bool,
    must_set_up_second_factor: bool,
    /// A second factor being set up: its secret in groups of four, and the address for an app.
    begun: Option<(String, String)>,
}

impl AccountPage {
    fn role(&self, held: &Held) -> String {
        let name = held.grant.role.label().get(self.words.lang());
        held.place.as_ref().map_or_else(|| name.to_owned(), |place| format!("{name} · {place}"))
    }

    fn kind(&self, session: &Session) -> &'static str {
        match session.kind {
            SessionKind::Session => self.words.say("浏览器登录", "Sign-in of a browser"),
            SessionKind::ApiToken => self.words.say("接口令牌", "API token"),
        }
    }

    fn is_current(&self, session: &Session) -> bool {
        self.current == Some(session.id)
    }
}

async fn page(desk: &Desk, frame: Frame, begun: Option<Begun>) -> Result<AccountPage, AppError> {
    let (caller, now) = (desk.caller().clone(), desk.now());
    let (account, held, sessions) = desk
        .read(move |conn| {
            let id = caller.account.ok_or(AppError::NotFound)?;
            Ok((accounts::get(conn, id)?, accounts::held(conn, &caller.grants)?, sessions::list(conn, id, now)?))
        })
        .await?;
    let caller = desk.caller();
    Ok(AccountPage {
        words: desk.words.clone(),
        frame,
        must_set_up_second_factor: caller.must_set_up_second_factor && !account.second_factor,
        must_change_password: caller.must_change_password,
        account,
        held,
        sessions,
        current: caller.session,
        begun: begun.map(|begun| (groups(&begun.secret), begun.url)),
    })
}

/// A secret in groups of four, for typing.
fn groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "password" => {
            ("密码已更换，其他地方的登录已全部退出。", "The password is changed; every other sign-in has ended.")
        }
        "second_factor" => (
            "两步验证已启用，下次登录时要输入验证码。其他地方的登录已全部退出。",
            "The second factor is in use: a code is asked for at the next sign-in. Every other sign-in has ended.",
        ),
        "removed" => ("两步验证已取消。", "The second factor is removed."),
        "revoked" => ("已退出该处的登录。", "That sign-in has ended."),
        _ => return None,
    };
    Some(words.say(said.0, said.1).to_owned())
}

/// `GET /account`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    answer(&desk, StatusCode::OK, desk.frame_saying(said), None).await
}

async fn answer(desk: &Desk, status: StatusCode, frame: Frame, begun: Option<Begun>) -> HttpResponse {
    match page(desk, frame, begun).await {
        Ok(page) => desk.show_as(status, &page),
        Err(error) => desk.refuse(&error),
    }
}

/// On to the page that says what was done, or the page with why it was not.
async fn told(desk: &Desk, done: Result<(), AppError>, code: &str) -> HttpResponse {
    match done {
        Ok(()) => see(&desk.words.with_word(links::ACCOUNT, &format!("done={code}"))),
        Err(error) if fault::sentence(&error).is_none() => desk.refuse(&error),
        Err(error) => answer(desk, fault::status(&error), desk.frame_with_fault(&error), None).await,
    }
}

/// Whoever guesses a password or a code here is slowed down as at the sign-in.
fn attempt(desk: &Desk, request: &HttpRequest) -> Result<Attempt, AppError> {
    desk.pages.sign_in.admit(&desk.caller().name, session::address(request), desk.now())
}

/// `POST /account/password`
pub(super) async fn change_password(sent: Sent, request: HttpRequest) -> HttpResponse {
    let desk = &sent.desk;
    match change(&sent, &request).await {
        Ok(opened) => {
            let mut response = see(&desk.words.with_word(links::ACCOUNT, "done=password"));
            if let Err(error) = response.add_cookie(&session::cookie(opened.token.reveal())) {
                return failure(desk.lang(), &error.to_string());
            }
            response
        }
        Err(error) => told(desk, Err(error), "").await,
    }
}

async fn change(sent: &Sent, request: &HttpRequest) -> Result<sessions::Opened, AppError> {
    let (desk, form) = (&sent.desk, &sent.form);
    check_again(form.typed("new_password"), form.typed("again"))?;
    let attempt = attempt(desk, request)?;
    let (db, asks, now) = (desk.pages.db.clone(), desk.caller().clone(), desk.now());
    let (current, new) = (Password::new(form.typed("current_password")), Password::new(form.typed("new_password")));
    let checked =
        desk.pages.hash(move || own::check_new_password(&db, &asks, current.as_ref(), new.as_ref(), now)).await;
    desk.pages.sign_in.settle(attempt, Ended::of(&checked));
    let (checked, keys, asks) = (checked?, desk.keys().clone(), desk.caller().clone());
    sent.change(move |conn| own::change_password(conn, &keys, &asks, &checked, now)).await
}

/// `POST /account/second-factor`: the secret is shown once, on this answer.
pub(super) async fn begin_second_factor(sent: Sent) -> HttpResponse {
    let desk = &sent.desk;
    let (keys, asks, now) = (desk.keys().clone(), desk.caller().clone(), desk.now());
    match sent.change(move |conn| second_factor::begin(conn, &keys, &asks, now)).await {
        Ok(begun) => answer(desk, StatusCode::OK, desk.frame(), Some(begun)).await,
        Err(error) => told(desk, Err(error), "").await,
    }
}

/// `POST /account/second-factor/confirm`
pub(super) async fn confirm_second_factor(sent: Sent, request: HttpRequest) -> HttpResponse {
    let desk = &sent.desk;
    let result = async {
        let attempt = attempt(desk, &request)?;
        let (keys, asks, now) = (desk.keys().clone(), desk.caller().clone(), desk.now());
        let code = sent.form.text("code").to_owned();
        let done = sent.change(move |conn| second_factor::confirm(conn, &keys, &asks, &code, now)).await;
        desk.pages.sign_in.settle(attempt, Ended::of(&done));
        done
    };
    told(desk, result.await, "second_factor").await
}

/// `POST /account/second-factor/remove`
pub(super) async fn remove_second_factor(sent: Sent, request: HttpRequest) -> HttpResponse {
    let desk = &sent.desk;
    let result = async {
        let attempt = attempt(desk, &request)?;
        let done = remove(&sent).await;
        desk.pages.sign_in.settle(attempt, Ended::of(&done));
        done
    };
    told(desk, result.await, "removed").await
}

async fn remove(sent: &Sent) -> Result<(), AppError> {
    let (desk, form) = (&sent.desk, &sent.form);
    let (db, asks, password) = (desk.pages.db.clone(), desk.caller().clone(), Password::new(form.typed("password")));
    let hash = desk.pages.hash(move || own::confirm_password(&db, &asks, password.as_ref())).await?;
    let (keys, asks, now) = (desk.keys().clone(), desk.caller().clone(), desk.now());
    let code = form.text("code").to_owned();
    sent.change(move |conn| second_factor::remove(conn, &keys, &asks, &hash, &code, now)).await
}

/// `POST /account/sessions/revoke`
pub(super) async fn revoke_session(sent: Sent) -> HttpResponse {
    let desk = &sent.desk;
    let result = async {
        let session = sent.form.need::<i64>("session", FieldCode::NoSuchRecord)?;
        let (account, now) = (desk.account().ok_or(AppError::NotFound)?, desk.now());
        let revoked = sent.change(move |conn| sessions::revoke(conn, account, session, now)).await;
        // Another's and none at all are the same here too.
        revoked.map_err(|error| match error {
            AppError::NotFound => FieldError::new("/session", FieldCode::NoSuchRecord).into(),
            error => error,
        })
    };
    told(desk, result.await, "revoked").await
}

/// `POST /account/sign-out`
pub(super) async fn sign_out(sent: Sent) -> HttpResponse {
    let desk = &sent.desk;
    let (account, session, now) = (desk.account(), desk.caller().session, desk.now());
    let ended = sent
        .change(move |conn| {
            let (account, session) = account.zip(session).ok_or(AppError::NotFound)?;
            sessions::revoke(conn, account, session, now)
        })
        .await;
    if let Err(error) = ended {
        return failure(desk.lang(), &error.for_log());
    }
    let mut response = see(&desk.words.with_word(links::SIGN_IN, "done=out"));
    let clear = HeaderValue::from_static("\"cookies\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), clear);
    if let Err(error) = response.add_cookie(&session::no_cookie()) {
        return failure(desk.lang(), &error.to_string());
    }
    response
}
