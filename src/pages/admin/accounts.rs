//! `/admin/accounts`: who may sign in, and a new account with the secret its owner begins with.
//!
//! Invariant: nobody but the owner ever knows a password: a new account has none, and the secret that sets one is in the answer to
//! the form and nowhere else. The form sent again leads to the account, without the secret.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::account::{self, Begun};
use super::places::{self, Places};
use super::typed::Typed;
use crate::app::accounts::{self, Account, Held, NewAccount, reset};
use crate::app::error::{AppError, FieldCode, FieldError};
use crate::app::{Connection, Page};
use crate::domain::access::Login;
use crate::domain::text::Text;
use crate::pages::desk::{Desk, Sent};
use crate::pages::fault;
use crate::pages::form::Form;
use crate::pages::frame::Frame;
use crate::pages::sign_in::see;
use crate::pages::words::Words;

/// Accounts on a page.
const ROWS: i64 = 50;
/// Longest name of a person.
pub(super) const LONGEST_NAME: usize = 60;

/// An account of the list.
struct Line {
    account: Account,
    held: Vec<Held>,
}

#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct AccountsPage {
    words: Words,
    frame: Frame,
    lines: Vec<Line>,
    /// The last account of a page that is not the last.
    more: Option<i64>,
    places: Places,
    typed: Typed,
}

impl AccountsPage {
    fn state(&self, account: &Account) -> (&'static str, &'static str) {
        account::state(account, &self.words)
    }

    fn held(&self, held: &Held) -> String {
        account::held(held, &self.words)
    }
}

fn page(conn: &mut Connection, after: i64) -> Result<(Vec<Line>, Option<i64>, Places), AppError> {
    let mut found = accounts::page(conn, Page { after, limit: ROWS + 1 })?;
    let is_more = found.len() > usize::try_from(ROWS).unwrap_or_default();
    found.truncate(usize::try_from(ROWS).unwrap_or_default());
    let more = found.last().filter(|_| is_more).map(|account| account.id);
    let mut lines = Vec::with_capacity(found.len());
    for account in found {
        lines.push(Line { held: accounts::held(conn, &account.grants)?, account });
    }
    Ok((lines, more, Places::load(conn)?))
}

async fn shown(desk: Desk, frame: Frame, typed: Typed, status: StatusCode) -> HttpResponse {
    let after = desk.query("after").and_then(|after| after.parse().ok()).unwrap_or_default();
    match desk.read(move |conn| page(conn, after)).await {
        Ok((lines, more, places)) => {
            let words = desk.words.clone();
            desk.show_as(status, &AccountsPage { words, frame, lines, more, places, typed })
        }
        Err(error) => desk.refuse(&error),
    }
}

/// `GET /admin/accounts`
pub(super) async fn show(desk: Desk) -> HttpResponse {
    let frame = desk.frame();
    shown(desk, frame, Typed::default(), StatusCode::OK).await
}

/// What was typed, as an account.
fn new_account(form: &Form) -> Result<NewAccount, AppError> {
    let mut faults = crate::app::error::Faults::default();
    let mut keep = |error: FieldError| faults.push(error);
    let login = Login::parse(form.text("login"));
    if login.is_none() {
        keep(FieldError::new(
            "/login",
            if form.given("login").is_none() { FieldCode::Missing } else { FieldCode::BadLogin },
        ));
    }
    let name = match form.paragraph("display_name", LONGEST_NAME) {
        Ok(Some(name)) if !name.contains('\n') => Some(name),
        Ok(Some(_)) => {
            keep(FieldError::new("/display_name", FieldCode::BadText));
            None
        }
        Ok(None) => {
            keep(FieldError::new("/display_name", FieldCode::Missing));
            None
        }
        Err(error) => {
            keep(error);
            None
        }
    };
    let grant = places::grant(form).map_err(keep).ok();
    faults.done()?;
    match (login, name, grant) {
        (Some(login), Some(display_name), Some(grant)) => Ok(NewAccount { login, display_name, grants: vec![grant] }),
        _ => Err(FieldError::new("/login", FieldCode::Missing).into()),
    }
}

/// `POST /admin/accounts`
pub(super) async fn create(sent: Sent) -> HttpResponse {
    let made: Arc<Mutex<Option<Begun>>> = Arc::default();
    let done = match new_account(&sent.form) {
        Ok(new) => {
            let (desk, slot) = (sent.desk.clone(), Arc::clone(&made));
            sent.once(move |conn| {
                let (now, keys) = (desk.now(), desk.keys());
                for grant in &new.grants {
                    places::refer(&desk, conn, grant)?;
                }
                if accounts::by_login(conn, &new.login).is_ok() {
                    return Err(taken());
                }
                let account = accounts::create(conn, &new, None, now)?;
                let begun = reset::begin(conn, keys, account.id, false, now)?;
                let begun = Begun { secret: begun.secret.reveal().to_owned(), expires_at: begun.expires_at };
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(begun);
                Ok((Some(account.id), format!("/admin/accounts/{}?done=made", account.id)))
            })
            .await
        }
        Err(error) => Err(error),
    };
    let desk = sent.desk;
    match done {
        Ok(to) => {
            let begun = made.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (begun, account::id_in(&to)) {
                (Some(begun), Some(id)) => account::shown(desk, id, Some(begun)).await,
                _ => see(&desk.words.to(&to)),
            }
        }
        Err(error) => {
            let (frame, status) = (desk.frame_with_fault(&error), fault::status(&error));
            let typed = Typed::new(sent.form, &error, desk.lang());
            shown(desk, frame, typed, status).await
        }
    }
}

fn taken() -> AppError {
    let text = Text::new(
        "这个登录名已经有人用了。请换一个，或到列表里找那个账号。",
        "Somebody has this login already. Please choose another, or look for that account in the list.",
    );
    FieldError::with_text("/login", FieldCode::Repeated, text).into()
}
