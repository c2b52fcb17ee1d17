//! `/admin/accounts/{id}`: what one account may do and where it is signed in, and taking that away.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::accounts::LONGEST_NAME;
use super::places::{self, Places};
use super::typed::Typed;
use crate::app::Connection;
use crate::app::access::Grant;
use crate::app::accounts::sessions::{self, Session};
use crate::app::accounts::{self, Account, Held, reset};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::domain::access::SessionKind;
use crate::pages::desk::{Desk, Sent};
use crate::pages::fault;
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::sign_in::see;
use crate::pages::words::Words;

/// A secret shown this once.
pub(super) struct Begun {
    pub secret: String,
    pub expires_at: NaiveDateTime,
}

#[derive(Template)]
#[template(path = "admin/account.html")]
struct AccountPage {
    words: Words,
    frame: Frame,
    account: Account,
    held: Vec<Held>,
    sessions: Vec<Session>,
    places: Places,
    begun: Option<Begun>,
    typed: Typed,
}

impl AccountPage {
    fn state(&self) -> (&'static str, &'static str) {
        state(&self.account, &self.words)
    }

    fn held(&self, one: &Held) -> String {
        held(one, &self.words)
    }

    fn kind(&self, session: &Session) -> &'static str {
        match session.kind {
            SessionKind::Session => self.words.say("浏览器", "browser"),
            SessionKind::ApiToken => self.words.say("接口令牌", "API token"),
        }
    }
}

/// Whether somebody can sign in with an account: class and words.
pub(super) const fn state(account: &Account, words: &Words) -> (&'static str, &'static str) {
    match (account.disabled_at.is_some(), account.has_password) {
        (true, _) => ("bad", words.say("已停用", "disabled")),
        (false, false) => ("warn", words.say("等本人设密码", "waits for its owner's password")),
        (false, true) => ("good", words.say("可以登录", "can sign in")),
    }
}

/// A role with its place.
pub(super) fn held(held: &Held, words: &Words) -> String {
    let role = words.label(held.grant.role.label());
    match &held.place {
        Some(place) => format!("{role} · {place}"),
        None if held.grant.is_everywhere() => format!("{role} · {}", words.say("全部社区", "every community")),
        None => role.to_owned(),
    }
}

/// What a form names a role by.
pub(super) fn key(grant: &Grant) -> String {
    let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    format!("{}:{}:{}", grant.role.code(), id(grant.area), id(grant.employer))
}

/// The account an address leads to.
pub(super) fn id_in(address: &str) -> Option<i64> {
    address.strip_prefix("/admin/accounts/")?.split('?').next()?.parse().ok()
}

async fn page(
    desk: Desk,
    id: i64,
    frame: Frame,
    begun: Option<Begun>,
    typed: Typed,
    status: StatusCode,
) -> HttpResponse {
    let now = desk.now();
    let read = move |conn: &mut Connection| {
        let account = accounts::get(conn, id)?;
        let held = accounts::held(conn, &account.grants)?;
        Ok((account, held, sessions::list(conn, id, now)?, Places::load(conn)?))
    };
    match desk.read(read).await {
        Ok((account, held, sessions, places)) => {
            let words = desk.words.clone();
            desk.show_as(status, &AccountPage { words, frame, account, held, sessions, places, begun, typed })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// The page with a secret made just now.
pub(super) async fn shown(desk: Desk, id: i64, begun: Option<Begun>) -> HttpResponse {
    let frame = desk.frame();
    page(desk, id, frame, begun, Typed::default(), StatusCode::OK).await
}

fn said(code: &str, words: &Words) -> Option<String> {
    let said = match code {
        "made" => words.say(
            "这个账号已经建好。一次性密钥只在建好时显示过一次；没抄下的话，点「重设密码」再要一个。",
            "The account is there. Its one-time secret was shown once, when it was made; reset the password to get another.",
        ),
        "name" => words.say("姓名已改。", "The name is changed."),
        "roles" => words.say("角色已改，这个账号的登录已全部退出。", "The roles are changed, and every sign-in of the account has ended."),
        "disabled" => words.say("已停用，登录和接口令牌已全部失效。", "Disabled: every sign-in and token has ended."),
        "enabled" => words.say("已启用，本人可以登录。", "Enabled: its owner can sign in."),
        "reset" => words.say(
            "密码已重设。一次性密钥只显示过一次；没抄下的话请再重设一次。",
            "The password is reset. The one-time secret was shown once; reset again to get another.",
        ),
        "ended" => words.say("登录和接口令牌已全部退出。", "Every sign-in and token has ended."),
        _ => return None,
    };
    Some(said.to_owned())
}

/// `GET /admin/accounts/{id}`
pub(super) async fn show(desk: Desk, path: web::Path<i64>) -> HttpResponse {
    let frame = desk.frame_saying(said);
    page(desk, path.into_inner(), frame, None, Typed::default(), StatusCode::OK).await
}

/// A form whose refusal is shown on the page it came from.
async fn on_page<F>(sent: Sent, id: i64, done: &str, work: F) -> HttpResponse
where
    F: Fn(&mut Connection, &Desk, &Form) -> Result<(), AppError> + Send + 'static,
{
    let to = format!("/admin/accounts/{id}?done={done}");
    let (desk, form) = (sent.desk.clone(), sent.form.clone());
    let outcome = sent.once(move |conn| {
        work(conn, &desk, &form)?;
        Ok((None, to.clone()))
    });
    let outcome = outcome.await;
    let desk = sent.desk;
    match outcome {
        Ok(to) => see(&desk.words.to(&to)),
        Err(error) => {
            let (frame, status) = (desk.frame_with_fault(&error), fault::status(&error));
            let typed = Typed::new(sent.form, &error, desk.lang());
            page(desk, id, frame, None, typed, status).await
        }
    }
}

/// The account a form was about, if nobody changed it since.
fn seen(conn: &mut Connection, id: i64, form: &Form) -> Result<Account, AppError> {
    let account = accounts::get(conn, id)?;
    let version: Option<i64> = form.parse("version", FieldCode::WrongType)?;
    if version == Some(account.version) { Ok(account) } else { Err(AppError::Stale) }
}

/// `POST /admin/accounts/{id}/name`
pub(super) async fn rename(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    on_page(sent, id, "name", move |conn, desk, form| {
        let account = seen(conn, id, form)?;
        let name = form.paragraph("display_name", LONGEST_NAME)?.filter(|name| !name.contains('\n'));
        let name = name.ok_or_else(|| FieldError::new("/display_name", FieldCode::Missing))?;
        accounts::rename(conn, id, account.version, &name, desk.now()).map(|_| ())
    })
    .await
}

/// `POST /admin/accounts/{id}/roles`
pub(super) async fn add_role(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    on_page(sent, id, "roles", move |conn, desk, form| {
        let account = seen(conn, id, form)?;
        let grant = places::grant(form)?;
        places::refer(desk, conn, &grant)?;
        if account.grants.contains(&grant) {
            return Err(FieldError::new("/role", FieldCode::Repeated).into());
        }
        let grants = [account.grants, vec![grant]].concat();
        accounts::replace_roles(conn, id, account.version, &grants, desk.now()).map(|_| ())
    })
    .await
}

/// `POST /admin/accounts/{id}/roles/remove`
pub(super) async fn remove_role(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    on_page(sent, id, "roles", move |conn, desk, form| {
        let account = seen(conn, id, form)?;
        let named = form.text("grant");
        let (gone, kept): (Vec<_>, Vec<_>) = account.grants.into_iter().partition(|grant| key(grant) == named);
        if gone.is_empty() {
            return Err(AppError::Stale);
        }
        accounts::replace_roles(conn, id, account.version, &kept, desk.now()).map(|_| ())
    })
    .await
}

/// `POST /admin/accounts/{id}/disable`
pub(super) async fn disable(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    on_page(sent, id, "disabled", move |conn, desk, form| {
        let account = seen(conn, id, form)?;
        accounts::disable(conn, id, account.version, desk.now()).map(|_| ())
    })
    .await
}

/// `POST /admin/accounts/{id}/enable`
pub(super) async fn enable(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    on_page(sent, id, "enabled", move |conn, desk, form| {
        let account = seen(conn, id, form)?;
        accounts::enable(conn, id, account.version, desk.now()).map(|_| ())
    })
    .await
}

/// `POST /admin/accounts/{id}/sessions/end`
pub(super) async fn end_sessions(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    on_page(sent, id, "ended", move |conn, desk, _| sessions::revoke_all(conn, id, desk.now()).map(|_| ())).await
}

/// `POST /admin/accounts/{id}/reset`: the secret is in this answer and nowhere else.
pub(super) async fn reset_password(sent: Sent, path: web::Path<i64>) -> HttpResponse {
    let id = path.into_inner();
    let made: Arc<Mutex<Option<Begun>>> = Arc::default();
    let (desk, slot) = (sent.desk.clone(), Arc::clone(&made));
    let second_factor = sent.form.has("second_factor", "yes");
    let outcome = sent.once(move |conn| {
        let begun = reset::begin(conn, desk.keys(), id, second_factor, desk.now())?;
        let begun = Begun { secret: begun.secret.reveal().to_owned(), expires_at: begun.expires_at };
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(begun);
        Ok((None, format!("/admin/accounts/{id}?done=reset")))
    });
    let outcome = outcome.await;
    let desk = sent.desk;
    let begun = made.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (outcome, begun) {
        (Ok(_), Some(begun)) => shown(desk, id, Some(begun)).await,
        (Ok(to), None) => see(&desk.words.to(&to)),
        (Err(error), _) => {
            let (frame, status) = (desk.frame_with_fault(&error), fault::status(&error));
            page(desk, id, frame, None, Typed::default(), status).await
        }
    }
}
