//! `/sign-in` and `/reset`: forms for people who are not signed in, and the first administrator's form while there are no
//! accounts. They work without JavaScript and answer in words.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::form::{Asked, Posted};
use super::words::Words;
use super::{Language, Pages, answer, failure, fault, links, session};
use crate::app::Connection;
use crate::app::access::Act;
use crate::app::accounts::passwords::Password;
use crate::app::accounts::sessions::{self, Opened};
use crate::app::accounts::sign_in::{self as door, Ended, Typed};
use crate::app::accounts::{self, first, reset};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::domain::access::Login;
use crate::domain::text::{Lang, Text};

/// What stands above a form.
#[derive(Clone, Debug, Default)]
struct Note {
    said: Option<String>,
    is_fault: bool,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    words: Words,
    note: Note,
    login: String,
}

#[derive(Template)]
#[template(path = "first.html")]
struct FirstPage {
    words: Words,
    note: Note,
    login: String,
    display_name: String,
}

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetPage {
    words: Words,
    note: Note,
}

/// `?done=…` after a form led back here.
fn done(request: &HttpRequest, lang: Lang) -> Note {
    let say = |zh: &str, en: &str| Some(Text::new(zh, en).get(lang).to_owned());
    let said = match request.query_string().split('&').find_map(|pair| pair.strip_prefix("done=")) {
        Some("first") => say("管理员账号已建立，请登录。", "The administrator's account is made. Please sign in."),
        Some("reset") => say("新密码已设好，请登录。", "The new password is set. Please sign in."),
        Some("out") => say("已退出登录。", "You are signed out."),
        _ => None,
    };
    Note { said, is_fault: false }
}

fn page(lang: Lang, status: StatusCode, html: askama::Result<String>) -> HttpResponse {
    match html {
        Ok(html) => answer(status, lang, html),
        Err(error) => failure(lang, &error.to_string()),
    }
}

/// A refusal above its form, or the page for faults of ours.
fn refused(error: &AppError, lang: Lang, form: impl FnOnce(Note) -> askama::Result<String>) -> HttpResponse {
    let status = fault::status(error);
    match fault::sentence(error) {
        Some(text) => page(lang, status, form(Note { said: Some(text.get(lang).to_owned()), is_fault: true })),
        None => failure(lang, &error.for_log()),
    }
}

/// On to another page: the browser asks for it with GET.
pub(super) fn see(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).finish()
}

/// `GET /sign-in`
pub(super) async fn show(request: HttpRequest, pages: web::Data<Pages>, language: Language) -> HttpResponse {
    let (lang, note) = (language.0, done(&request, language.0));
    let words = Words::new(lang, links::SIGN_IN);
    match pages.read(accounts::any).await {
        Ok(true) => page(lang, StatusCode::OK, SignInPage { words, note, login: String::new() }.render()),
        Ok(false) => {
            let form = FirstPage { words, note, login: String::new(), display_name: String::new() };
            page(lang, StatusCode::OK, form.render())
        }
        Err(error) => failure(lang, &error.for_log()),
    }
}

/// The fields of the sign-in form.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct SignInForm {
    login: String,
    password: String,
    code: String,
}

/// `POST /sign-in`
pub(super) async fn sign_in(
    request: HttpRequest,
    pages: web::Data<Pages>,
    language: Language,
    act: Asked,
    form: Posted<SignInForm>,
) -> HttpResponse {
    let lang = language.0;
    let words = Words::new(lang, links::SIGN_IN);
    let login = form.0.login.clone();
    match open(&request, &pages, act.0, form.0).await {
        Ok((opened, is_ready)) => {
            let to = words.to(if is_ready { links::HOME } else { links::ACCOUNT });
            let mut response = see(&to);
            // A cookie of ours always fits into a header.
            if let Err(error) = response.add_cookie(&session::cookie(opened.token.reveal())) {
                return failure(lang, &error.to_string());
            }
            response
        }
        Err(error) => refused(&error, lang, |note| SignInPage { words, note, login }.render()),
    }
}

/// Signs somebody in; says whether nothing has to be set up first.
async fn open(request: &HttpRequest, pages: &Pages, act: Act, form: SignInForm) -> Result<(Opened, bool), AppError> {
    let now = (pages.now)();
    let attempt = pages.sign_in.admit(&form.login, session::address(request), now)?;
    let code = Some(form.code).filter(|code| !code.trim().is_empty());
    let typed = Typed { login: form.login, password: Password::new(&form.password), code };
    let (came_with, label) = (session::sent_token(request), session::browser(request));
    let work = async {
        let db = pages.db.clone();
        let checked = pages.hash(move || door::check(&db, &typed, now)).await?;
        let keys = pages.db.keys().clone();
        pages
            .write(act, move |conn, act| {
                let opened = door::open(conn, &keys, &checked, came_with.as_deref(), &label, now)?;
                act.turns_out_to_be(opened.account);
                let caller = sessions::authenticate(conn, &keys, opened.token.reveal(), now)?;
                let waits = |caller: &crate::app::access::Caller| {
                    caller.must_change_password || caller.must_set_up_second_factor
                };
                Ok((opened, !caller.is_some_and(|caller| waits(&caller))))
            })
            .await
    };
    let opened = work.await;
    pages.sign_in.settle(attempt, Ended::of(&opened));
    opened
}

/// The fields of the first administrator's form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct FirstForm {
    secret: String,
    login: String,
    display_name: String,
    password: String,
    again: String,
}

/// `POST /first-administrator`
pub(super) async fn make_first(
    pages: web::Data<Pages>,
    language: Language,
    act: Asked,
    form: Posted<FirstForm>,
) -> HttpResponse {
    let (lang, form) = (language.0, form.0);
    let words = Words::new(lang, links::SIGN_IN);
    let (login, display_name) = (form.login.clone(), form.display_name.clone());
    match first(&pages, act.0, form).await {
        Ok(()) => see(&words.with_word(links::SIGN_IN, "done=first")),
        Err(error) => refused(&error, lang, |note| FirstPage { words, note, login, display_name }.render()),
    }
}

async fn first(pages: &Pages, act: Act, form: FirstForm) -> Result<(), AppError> {
    let now = (pages.now)();
    let login = Login::parse(&form.login).ok_or_else(|| FieldError::new("/login", FieldCode::BadLogin))?;
    let name = form.display_name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
        let say = Text::new("请填写姓名，不超过 60 个字。", "Please give a name of at most 60 characters.");
        return Err(FieldError::with_text("/display_name", FieldCode::BadText, say).into());
    }
    check_again(&form.password, &form.again)?;
    let (db, new) = (pages.db.clone(), first::First { login, display_name: name });
    let hash = {
        let (new, secret, password) = (new.clone(), form.secret.clone(), Password::new(&form.password));
        pages.hash(move || first::check(&db, &secret, &new, password.as_ref(), now)).await?
    };
    let keys = pages.db.keys().clone();
    let make = move |conn: &mut Connection, act: &mut Act| {
        act.turns_out_to_be(first::make(conn, &keys, &form.secret, &new, &hash, now)?.id);
        Ok(())
    };
    pages.write(act, make).await
}

/// Whether a new password was typed twice alike.
pub(super) fn check_again(password: &str, again: &str) -> Result<(), AppError> {
    if password == again {
        return Ok(());
    }
    let say = Text::new("两次输入的新密码不一样。", "The new password was typed differently the second time.");
    Err(FieldError::with_text("/again", FieldCode::Contradicts, say).into())
}

/// `GET /reset`
pub(super) async fn show_reset(language: Language) -> HttpResponse {
    let words = Words::new(language.0, links::RESET);
    page(language.0, StatusCode::OK, ResetPage { words, note: Note::default() }.render())
}

/// The fields of the reset form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ResetForm {
    secret: String,
    password: String,
    again: String,
}

/// `POST /reset`
pub(super) async fn reset(
    pages: web::Data<Pages>,
    language: Language,
    act: Asked,
    form: Posted<ResetForm>,
) -> HttpResponse {
    let lang = language.0;
    let words = Words::new(lang, links::RESET);
    match finish(&pages, act.0, form.0).await {
        Ok(()) => see(&words.with_word(links::SIGN_IN, "done=reset")),
        Err(error) => refused(&error, lang, |note| ResetPage { words, note }.render()),
    }
}

async fn finish(pages: &Pages, act: Act, form: ResetForm) -> Result<(), AppError> {
    let (now, db) = ((pages.now)(), pages.db.clone());
    check_again(&form.password, &form.again)?;
    let hash = {
        let (secret, password) = (form.secret.clone(), Password::new(&form.password));
        pages.hash(move || reset::check(&db, &secret, password.as_ref(), now)).await?
    };
    let keys = pages.db.keys().clone();
    let finish = move |conn: &mut Connection, act: &mut Act| {
        act.turns_out_to_be(reset::finish(conn, &keys, &form.secret, &hash, now)?);
        Ok(())
    };
    pages.write(act, finish).await
}
