//! `/account`: who am I here, my password, my second factor, where I am signed in.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::form::{Posted, Visitor};
use super::frame::Frame;
use super::sign_in::{check_again, see};
use super::words::Words;
use super::{Language, Pages, answer, failure, fault, links, session};
use crate::app::Connection;
use crate::app::access::Act;
use crate::app::accounts::passwords::Password;
use crate::app::accounts::second_factor::Begun;
use crate::app::accounts::sessions::{self, Session};
use crate::app::accounts::sign_in::Ended;
use crate::app::accounts::{self, Account, Held, own, second_factor};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::domain::access::SessionKind;
use crate::domain::text::{Lang, Text};

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
    csrf: String,
    fault: Option<String>,
    done: Option<String>,
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

/// What happened before the page is shown.
#[derive(Default)]
struct Before {
    fault: Option<AppError>,
    done: Option<Text>,
    begun: Option<Begun>,
}

async fn page(pages: &Pages, visitor: Visitor, lang: Lang, before: Before) -> HttpResponse {
    let (now, caller) = ((pages.now)(), visitor.act.caller.clone());
    let found = pages
        .read(move |conn| {
            let id = caller.account.ok_or(AppError::NotFound)?;
            Ok((accounts::get(conn, id)?, accounts::held(conn, &caller.grants)?, sessions::list(conn, id, now)?))
        })
        .await;
    let (account, held, sessions) = match found {
        Ok(found) => found,
        Err(error) => return failure(lang, &error.for_log()),
    };
    let fault = match before.fault.as_ref().map(fault::sentence) {
        Some(None) => return failure(lang, &before.fault.map(|error| error.for_log()).unwrap_or_default()),
        Some(Some(text)) => Some(text.get(lang).to_owned()),
        None => None,
    };
    let status = match &before.fault {
        None => StatusCode::OK,
        Some(AppError::TooManyAttempts) => StatusCode::TOO_MANY_REQUESTS,
        Some(AppError::Busy | AppError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let words = Words::new(lang, links::ACCOUNT);
    let csrf = visitor.csrf(pages.db.keys());
    let mut frame = Frame::new(&words, &visitor.act.caller, None, links::ACCOUNT, account.display_name.clone());
    frame.csrf.clone_from(&csrf);
    let page = AccountPage {
        words,
        frame,
        must_set_up_second_factor: visitor.act.caller.must_set_up_second_factor && !account.second_factor,
        must_change_password: visitor.act.caller.must_change_password,
        account,
        held,
        sessions,
        current: visitor.act.caller.session,
        csrf,
        fault,
        done: before.done.map(|text| text.get(lang).to_owned()),
        begun: before.begun.map(|begun| (groups(&begun.secret), begun.url)),
    };
    match page.render() {
        Ok(html) => answer(status, lang, html),
        Err(error) => failure(lang, &error.to_string()),
    }
}

/// A secret in groups of four, for typing.
fn groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// `GET /account`
pub(super) async fn show(request: HttpRequest, pages: web::Data<Pages>, language: Language) -> HttpResponse {
    let lang = language.0;
    let Some(visitor) = Visitor::of(&request) else {
        return see(&Words::new(lang, links::ACCOUNT).to(links::SIGN_IN));
    };
    let is_new = request.query_string().split('&').any(|pair| pair == "done=password");
    let done = is_new.then(|| {
        Text::new("密码已更换，其他地方的登录已全部退出。", "The password is changed; every other sign-in has ended.")
    });
    page(&pages, visitor, lang, Before { done, ..Before::default() }).await
}

/// The fields of every form of the page; each form fills its own.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Form {
    csrf: String,
    current_password: String,
    new_password: String,
    again: String,
    password: String,
    code: String,
    session: String,
}

/// The visitor of a form that was sent from a page of the same session.
///
/// # Errors
/// Where to send the browser instead.
fn sender(request: &HttpRequest, pages: &Pages, form: &Form, lang: Lang) -> Result<Visitor, String> {
    let words = Words::new(lang, links::ACCOUNT);
    let visitor = Visitor::of(request).ok_or_else(|| words.to(links::SIGN_IN))?;
    // A page left open over a new sign-in: the person sees the page anew and tries again.
    if visitor.sent(pages.db.keys(), &form.csrf) { Ok(visitor) } else { Err(words.here()) }
}

/// `POST /account/password`
pub(super) async fn change_password(
    request: HttpRequest,
    pages: web::Data<Pages>,
    language: Language,
    form: Posted<Form>,
) -> HttpResponse {
    let (lang, form) = (language.0, form.0);
    let visitor = match sender(&request, &pages, &form, lang) {
        Ok(visitor) => visitor,
        Err(away) => return see(&away),
    };
    match change(&request, &pages, &visitor, form).await {
        Ok(opened) => {
            let mut response = see(&Words::new(lang, links::ACCOUNT).with_word(links::ACCOUNT, "done=password"));
            if let Err(error) = response.add_cookie(&session::cookie(opened.token.reveal())) {
                return failure(lang, &error.to_string());
            }
            response
        }
        Err(fault) => page(&pages, visitor, lang, Before { fault: Some(fault), ..Before::default() }).await,
    }
}

async fn change(
    request: &HttpRequest,
    pages: &Pages,
    visitor: &Visitor,
    form: Form,
) -> Result<sessions::Opened, AppError> {
    check_again(&form.new_password, &form.again)?;
    let now = (pages.now)();
    let attempt = pages.sign_in.admit(&visitor.act.caller.name, session::address(request), now)?;
    let (db, asks) = (pages.db.clone(), visitor.act.caller.clone());
    let (current, new) = (Password::new(&form.current_password), Password::new(&form.new_password));
    let checked = pages.hash(move || own::check_new_password(&db, &asks, current.as_ref(), new.as_ref(), now)).await;
    pages.sign_in.settle(attempt, Ended::of(&checked));
    let (checked, keys) = (checked?, pages.db.keys().clone());
    pages
        .write(visitor.act.clone(), move |conn, act| own::change_password(conn, &keys, &act.caller, &checked, now))
        .await
}

/// `POST /account/second-factor`
pub(super) async fn begin_second_factor(
    request: HttpRequest,
    pages: web::Data<Pages>,
    language: Language,
    form: Posted<Form>,
) -> HttpResponse {
    let visitor = match sender(&request, &pages, &form.0, language.0) {
        Ok(visitor) => visitor,
        Err(away) => return see(&away),
    };
    let (keys, now) = (pages.db.keys().clone(), (pages.now)());
    let begin = move |conn: &mut Connection, act: &mut Act| second_factor::begin(conn, &keys, &act.caller, now);
    let before = match pages.write(visitor.act.clone(), begin).await {
        Ok(begun) => Before { begun: Some(begun), ..Before::default() },
        Err(fault) => Before { fault: Some(fault), ..Before::default() },
    };
    page(&pages, visitor, language.0, before).await
}

/// `POST /account/second-factor/confirm`
pub(super) async fn confirm_second_factor(
    request: HttpRequest,
    pages: web::Data<Pages>,
    language: Language,
    form: Posted<Form>,
) -> HttpResponse {
    let (lang, form) = (language.0, form.0);
    let visitor = match sender(&request, &pages, &form, lang) {
        Ok(visitor) => visitor,
        Err(away) => return see(&away),
    };
    let now = (pages.now)();
    let result = async {
        let attempt = pages.sign_in.admit(&visitor.act.caller.name, session::address(&request), now)?;
        let keys = pages.db.keys().clone();
        let confirm = move |conn: &mut Connection, act: &mut Act| {
            second_factor::confirm(conn, &keys, &act.caller, &form.code, now)
        };
        let done = pages.write(visitor.act.clone(), confirm).await;
        pages.sign_in.settle(attempt, Ended::of(&done));
        done
    };
    let said = Text::new(
        "两步验证已启用，下次登录时要输入验证码。其他地方的登录已全部退出。",
        "The second factor is in use: a code is asked for at the next sign-in. Every other sign-in has ended.",
    );
    let before = before(result.await, said);
    page(&pages, visitor, lang, before).await
}

/// `POST /account/second-factor/remove`
pub(super) async fn remove_second_factor(
    request: HttpRequest,
    pages: web::Data<Pages>,
    language: Language,
    form: Posted<Form>,
) -> HttpResponse {
    let (lang, form) = (language.0, form.0);
    let visitor = match sender(&request, &pages, &form, lang) {
        Ok(visitor) => visitor,
        Err(away) => return see(&away),
    };
    let now = (pages.now)();
    let result = async {
        let attempt = pages.sign_in.admit(&visitor.act.caller.name, session::address(&request), now)?;
        let (db, asks, password) = (pages.db.clone(), visitor.act.caller.clone(), Password::new(&form.password));
        let done = async {
            let hash = pages.hash(move || own::confirm_password(&db, &asks, password.as_ref())).await?;
            let keys = pages.db.keys().clone();
            let remove = move |conn: &mut Connection, act: &mut Act| {
                second_factor::remove(conn, &keys, &act.caller, &hash, &form.code, now)
            };
            pages.write(visitor.act.clone(), remove).await
        };
        let done = done.await;
        pages.sign_in.settle(attempt, Ended::of(&done));
        done
    };
    let said = Text::new("两步验证已取消。", "The second factor is removed.");
    let before = before(result.await, said);
    page(&pages, visitor, lang, before).await
}

/// `POST /account/sessions/revoke`
pub(super) async fn revoke_session(
    request: HttpRequest,
    pages: web::Data<Pages>,
    language: Language,
    form: Posted<Form>,
) -> HttpResponse {
    let (lang, form) = (language.0, form.0);
    let visitor = match sender(&request, &pages, &form, lang) {
        Ok(visitor) => visitor,
        Err(away) => return see(&away),
    };
    let now = (pages.now)();
    let result = async {
        let session = form.session.parse::<i64>().map_err(|_| FieldError::new("/session", FieldCode::NoSuchRecord))?;
        let account = visitor.act.caller.account.ok_or(AppError::NotFound)?;
        let revoke = move |conn: &mut Connection, _: &mut Act| sessions::revoke(conn, account, session, now);
        let revoked = pages.write(visitor.act.clone(), revoke).await;
        // Another's and none at all are the same here too.
        revoked.map_err(|error| match error {
            AppError::NotFound => FieldError::new("/session", FieldCode::NoSuchRecord).into(),
            error => error,
        })
    };
    let before = before(result.await, Text::new("已退出该处的登录。", "That sign-in has ended."));
    page(&pages, visitor, lang, before).await
}

/// `POST /account/sign-out`
pub(super) async fn sign_out(
    request: HttpRequest,
    pages: web::Data<Pages>,
    language: Language,
    form: Posted<Form>,
) -> HttpResponse {
    let lang = language.0;
    let visitor = match sender(&request, &pages, &form.0, lang) {
        Ok(visitor) => visitor,
        Err(away) => return see(&away),
    };
    let now = (pages.now)();
    let ended = pages
        .write(visitor.act, move |conn, act| {
            let (account, session) = (act.caller.account, act.caller.session);
            let (account, session) = account.zip(session).ok_or(AppError::NotFound)?;
            sessions::revoke(conn, account, session, now)
        })
        .await;
    if let Err(error) = ended {
        return failure(lang, &error.for_log());
    }
    let mut response = see(&Words::new(lang, links::ACCOUNT).with_word(links::SIGN_IN, "done=out"));
    let clear = HeaderValue::from_static("\"cookies\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), clear);
    if let Err(error) = response.add_cookie(&session::no_cookie()) {
        return failure(lang, &error.to_string());
    }
    response
}

fn before(result: Result<(), AppError>, said: Text) -> Before {
    match result {
        Ok(()) => Before { done: Some(said), ..Before::default() },
        Err(fault) => Before { fault: Some(fault), ..Before::default() },
    }
}
